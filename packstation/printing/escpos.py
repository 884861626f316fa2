"""Receipts as ESC/POS: python-escpos builds text, cut and drawer, our own rows of dots the rest.

Plain ASCII goes in the printer's own font; everything else as raster (GS v 0, 1 = black), since
code pages turn rare characters into question marks. Nothing a person typed can become a
command: only printable ASCII reaches the text commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap, stack
from packstation.printing.cells import CELL_HEIGHT, CELL_WIDTH, draw_cells
from packstation.printing.document import Align, Weight
from packstation.printing.safe_text import is_plain

if TYPE_CHECKING:
    from escpos.printer import Dummy

MAX_RASTER_ROWS = 240
"""Rows in one GS v 0: clones with small buffers drop more (printing.md)."""
LINE_DOTS = 32
"""Distance of two text lines."""
FEED_BEFORE_CUT = 6
"""Lines fed before the cut, from head to knife, as python-escpos feeds."""


class Drawer(Enum):
    """What happens to a drawer that hangs on the printer."""

    LEAVE = "leave"
    """Nothing."""
    OPEN = "open"
    """A pulse on pin 2."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """Printable ASCII in the printer's own font."""

    text: str
    """As it stands, spaces included; may be empty."""
    align: Align = Align.LEFT
    """Across the paper."""
    weight: Weight = Weight.NORMAL
    """Bold or normal."""
    scale: int = 1
    """1-8 times as wide and high."""


@dataclass(frozen=True, slots=True)
class DotLine:
    """Rows of dots across the paper."""

    bitmap: Bitmap
    """Not wider than the print head."""


ReceiptLine = PlainLine | DotLine
"""Whatever stands on a receipt, from top to bottom."""


def encode(lines: Sequence[ReceiptLine], *, head_dots: int, drawer: Drawer = Drawer.LEAVE) -> bytes:
    """Return the bytes of one receipt, cut at its end.

    Raises:
        ComposeError: A plain line is wider than the paper or is not printable ASCII.
    """
    printer = _printer()
    printer.hw("INIT")
    printer.line_spacing(LINE_DOTS)
    for line in lines:
        match line:
            case PlainLine():
                _check(line, head_dots)
                printer.set(
                    align="center" if line.align is Align.CENTRE else line.align.value,
                    bold=line.weight is Weight.BOLD,
                    custom_size=True,
                    width=line.scale,
                    height=line.scale,
                )
                printer.text(line.text + "\n")
            case DotLine():
                assert line.bitmap.width <= head_dots
                printer.set(align="left", bold=False, custom_size=True, width=1, height=1)
                printer._raw(_raster(line.bitmap))
    printer.cut()
    if drawer is Drawer.OPEN:
        printer.cashdraw(2)
    return bytes(printer.output)


def picture(lines: Sequence[ReceiptLine], *, head_dots: int) -> Bitmap:
    """Return what the receipt will look like, without its bytes."""
    parts: list[Bitmap] = []
    for line in lines:
        match line:
            case PlainLine():
                parts.append(_plain_picture(line, head_dots))
            case DotLine():
                parts.append(line.bitmap)
    parts.append(Bitmap.blank(head_dots, FEED_BEFORE_CUT * LINE_DOTS))
    return stack(parts, head_dots)


def _plain_picture(line: PlainLine, head_dots: int) -> Bitmap:
    height = max(LINE_DOTS, line.scale * CELL_HEIGHT)
    dots = Bitmap.blank(head_dots, height).dots()
    if line.text:
        cells = draw_cells(line.text, weight=line.weight, across=line.scale, down=line.scale)
        spare = head_dots - cells.width
        left = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[line.align]
        dots[: cells.height, left : left + cells.width] = cells.dots()
    return Bitmap.from_dots(dots)


def _check(line: PlainLine, head_dots: int) -> None:
    if is_plain(line.text) and len(line.text) * line.scale * CELL_WIDTH <= head_dots:
        return
    raise ComposeError(
        "print.bad_receipt_line",
        f"The receipt line {line.text!a} cannot be printed as plain text.",
        fix="Shorten it.",
        text=line.text,
    )


def _raster(bitmap: Bitmap) -> bytes:
    parts: list[bytes] = []
    across = bitmap.rows.shape[1]
    for top in range(0, bitmap.height, MAX_RASTER_ROWS):
        rows = bitmap.rows[top : top + MAX_RASTER_ROWS]
        payload = rows.tobytes()
        assert len(payload) == across * rows.shape[0]
        parts.append(
            b"\x1dv0\x00"
            + across.to_bytes(2, "little")
            + int(rows.shape[0]).to_bytes(2, "little")
            + payload
        )
    return b"".join(parts)


def _printer() -> Dummy:
    """Return a fresh builder of bytes; python-escpos never talks to a device here."""
    from escpos.printer import Dummy

    return Dummy()
