"""The mark of a reprint on labels that others have drawn: 补打 n, and the copy's own code.

The code stands in the place that was found free when the label file came in. Where none was, the
mark takes a strip at the lower edge and has no code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packstation.printing.bitmap import Bitmap
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Box,
    Document,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.words import PaperWords

MARK_MM = (40.0, 9.0)
"""Place for a mark with its copy code: 154 modules of 0.25 mm are 38.5 mm, quiet zones included;
above them a line of text."""
STRIP_MM = 3.0
"""Height of the strip that is given up where no place is free."""
_TEXT_MM = 2.8
"""Of the line above a code."""
_LEFT_MM = 1.0
_ZPL_END = b"^XZ"


def free_place(dark: NDArray[np.bool_], dots_per_mm: int) -> tuple[float, ...]:
    """Return the lowest free place for the mark of a reprint, in mm; empty = there is none.

    Args:
        dark: The label as it is printed.
        dots_per_mm: Of the picture.
    """
    height, width = (side // dots_per_mm for side in dark.shape)
    wide, high = (round(side) for side in MARK_MM)
    if width < wide or height < high:
        return ()
    cut = dark[: height * dots_per_mm, : width * dots_per_mm]
    cells = cut.reshape(height, dots_per_mm, width, dots_per_mm).any(axis=(1, 3))
    sums = np.zeros((height + 1, width + 1), dtype=np.int32)
    sums[1:, 1:] = cells.cumsum(axis=0).cumsum(axis=1)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    tops, lefts = np.nonzero(inside == 0)
    if not tops.size:
        return ()
    lowest = lefts[tops == tops.max()]
    middle = lowest[np.argmin(np.abs(lowest + wide / 2 - width / 2))]
    return (float(middle), float(tops.max()), MARK_MM[0], MARK_MM[1])


def mark_copy(
    bitmap: Bitmap,
    mark: tuple[float, ...],
    copy: int,
    code: str,
    words: PaperWords,
    dots_per_mm: int,
) -> Bitmap:
    """Return a label with the mark of its copy; the original is returned as it is.

    Args:
        bitmap: The label as it is printed.
        mark: Free place on it: x, y, width, height in mm; empty = none.
        copy: 1 = the original.
        code: Code of the copy; empty = none is drawn.
        words: For the mark.
        dots_per_mm: Of the print head.

    Raises:
        ComposeError: The code cannot be drawn.
    """
    if copy < 2:
        return bitmap
    text = words.reprint.format(copy=copy)
    if code:
        if not (mark and _is_free(bitmap, mark, dots_per_mm)):
            # Drawn for other paper than it was looked at for: the copy is proved by its code, so
            # that is put somewhere in any case.
            wide, high = bitmap.width / dots_per_mm, bitmap.height / dots_per_mm
            lowest = ((wide - MARK_MM[0]) / 2, high - MARK_MM[1], *MARK_MM)
            mark = free_place(bitmap.dots(), dots_per_mm) or lowest
        x, y, width, height = mark
        return _laid(bitmap, _with_code(text, code, width, height, dots_per_mm), x, y, dots_per_mm)
    strip = _strip(text, bitmap.width / dots_per_mm, dots_per_mm)
    return _laid(bitmap, strip, 0, bitmap.height / dots_per_mm - STRIP_MM, dots_per_mm)


def mark_zpl(
    content: bytes, copy: int, words: PaperWords, dots_per_mm: int, width: int, height: int
) -> bytes:
    """Return a ZPL label with a strip at its lower edge that says which copy it is.

    Args:
        content: One label, ``^XA`` to ``^XZ``.
        copy: 1 = the original: it is returned as it is.
        words: For the mark.
        dots_per_mm: Of the print head.
        width: Of the label, in dots.
        height: Of the label, in dots.
    """
    if copy < 2:
        return content
    strip = _strip(words.reprint.format(copy=copy), width / dots_per_mm, dots_per_mm)
    top, across = max(0, height - strip.height), strip.rows.shape[1]
    size = strip.rows.size
    drawn = (
        f"^LH0,0^FO0,{top}^GB{width},{strip.height},{strip.height},W^FS"
        f"^FO0,{top}^GFA,{size},{size},{across},{strip.rows.tobytes().hex().upper()}^FS"
    )
    start, end, rest = content.rpartition(_ZPL_END)
    return start + drawn.encode("ascii") + end + rest


def _is_free(bitmap: Bitmap, mark: tuple[float, ...], dots_per_mm: int) -> bool:
    """Tell whether nothing is drawn at a place: the paper may be another than it was found on."""
    x, y, width, height = (round(side * dots_per_mm) for side in mark)
    if x + width > bitmap.width or y + height > bitmap.height:
        return False
    return not bitmap.dots()[y : y + height, x : x + width].any()


def _with_code(text: str, code: str, width: float, height: float, dots_per_mm: int) -> Bitmap:
    from packstation.printing.raster import rasterize

    words = Box(_LEFT_MM, 0, width - 2 * _LEFT_MM, _TEXT_MM)
    bars = Box(0, _TEXT_MM, width, height - _TEXT_MM)
    document = Document(
        width,
        height,
        (
            Text(
                text,
                words,
                size_mm=_TEXT_MM * 0.8,
                weight=Weight.BOLD,
                align=Align.CENTRE,
                anchor=Anchor.MIDDLE,
                name="copy",
            ),
            Barcode(Symbology.CODE128, code, bars, module_mm=0.25, min_module_mm=0.24, name="copy"),
        ),
    )
    return rasterize(document, dots_per_mm)


def _strip(text: str, width: float, dots_per_mm: int) -> Bitmap:
    from packstation.printing.raster import rasterize

    box = Box(_LEFT_MM, 0, width - 2 * _LEFT_MM, STRIP_MM)
    line = Text(
        text,
        box,
        size_mm=_TEXT_MM * 0.9,
        weight=Weight.BOLD,
        align=Align.CENTRE,
        anchor=Anchor.MIDDLE,
        name="copy",
    )
    return rasterize(Document(width, STRIP_MM, (line,)), dots_per_mm)


def _laid(bitmap: Bitmap, over: Bitmap, x_mm: float, y_mm: float, dots_per_mm: int) -> Bitmap:
    """Return a label with something put in the place of what was there."""
    dots, new = np.array(bitmap.dots()), over.dots()
    left, top = round(x_mm * dots_per_mm), max(0, round(y_mm * dots_per_mm))
    part = dots[top : top + new.shape[0], left : left + new.shape[1]]
    part[:] = new[: part.shape[0], : part.shape[1]]
    return Bitmap.from_dots(dots)
