"""Where a picture's dots fall on the paper: shifted by the offset, never cut without a word.

The shift is done here and not by the printer's own commands, so that the preview shows it, every
language does the same, and nothing is left set in a printer that other programs use too.
"""

from __future__ import annotations

import numpy as np

from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Media, PrinterProfile, Tuning


def placed(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> Bitmap:
    """Return the dots as they lie on the paper, as wide and high as the paper.

    On a roll the picture keeps its height, and the paper ends where it ends.

    Raises:
        ComposeError: ``print.off_paper``: ink would fall beside the paper or the print head.
    """
    tuning = tuning or Tuning()
    right, down = printer.dots(tuning.offset_x_mm), printer.dots(tuning.offset_y_mm)
    width = printer.dots(stock.width_mm)
    long = bitmap.height + down if stock.height_mm is None else printer.dots(stock.height_mm)
    reach = min(width, printer.head_dots)
    if (
        (right, down) == (0, 0)
        and (bitmap.width, bitmap.height) == (width, long)
        and reach == width
    ):
        return bitmap
    if not bitmap.rows.any():
        return Bitmap.blank(width, max(1, long))
    columns, rows = ink_box(bitmap)
    _refuse_lost_ink(
        {
            "left": -(columns[0] + right),
            "right": columns[1] + right - reach,
            "top": -(rows[0] + down),
            "bottom": rows[1] + down - long,
        },
        printer.dots_per_mm,
    )
    paper = np.zeros((long, width), dtype=np.bool_)
    ink = bitmap.dots()[rows[0] : rows[1], columns[0] : columns[1]]
    paper[rows[0] + down : rows[1] + down, columns[0] + right : columns[1] + right] = ink
    return Bitmap.from_dots(paper)


def pieces(top: int, bottom: int, most: int) -> list[tuple[int, int]]:
    """Return a run of rows in pieces of at most so many; 0 = any number.

    >>> pieces(0, 500, 240)
    [(0, 240), (240, 480), (480, 500)]
    """
    most = most or bottom - top
    return [(start, min(start + most, bottom)) for start in range(top, bottom, most)]


def ink_box(bitmap: Bitmap) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first dot and the dot after the last, across and down; one white dot if none."""
    rows = np.flatnonzero(bitmap.rows.any(axis=1))
    across = np.unpackbits(np.bitwise_or.reduce(bitmap.rows, axis=0), count=bitmap.width)
    columns = np.flatnonzero(across)
    if rows.size == 0 or columns.size == 0:
        return (0, 1), (0, 1)
    return (int(columns[0]), int(columns[-1]) + 1), (int(rows[0]), int(rows[-1]) + 1)


def _refuse_lost_ink(beyond: dict[str, int], dots_per_mm: int) -> None:
    """Refuse to cut: half a barcode on paper is worse than none."""
    side, dots = max(beyond.items(), key=lambda item: item[1])
    if dots <= 0:
        return
    lost = dots / dots_per_mm
    raise ComposeError(
        "print.off_paper",
        f"{lost:.1f} mm of the print would fall off the paper at the {side} edge.",
        fix="Make the offset smaller, or put in larger paper.",
        side=side,
        mm=f"{lost:.1f}",
    )
