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
from packstation.printing.media import Media, PrinterProfile, Tuning
from packstation.printing.placing import pieces, placed
from packstation.printing.safe_text import is_plain

if TYPE_CHECKING:
    from escpos.printer import Dummy

MAX_RASTER_ROWS = 240
"""Rows in one GS v 0: clones with small buffers drop more (printing.md)."""
RESET = b"\x1b@"
"""ESC @: forget what another program has set; stores nothing."""
LINE_DOTS = 32
"""Distance of two text lines."""
FEED_BEFORE_CUT = 6
"""Lines fed before the cut, from head to knife, as python-escpos feeds."""


class Knife(Enum):
    """What happens to the paper at the end."""

    LEAVE = "leave"
    """It is fed past the edge and torn off by hand."""
    CUT = "cut"
    """It is cut; only where the printer has a cutter."""


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


def encode(
    lines: Sequence[ReceiptLine],
    *,
    head_dots: int,
    knife: Knife = Knife.LEAVE,
    drawer: Drawer = Drawer.LEAVE,
) -> bytes:
    """Return the bytes of one receipt, fed to where it is torn off.

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
    return bytes(printer.output) + _ending(knife, drawer)


def encode_picture(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> bytes:
    """Return the bytes that print one picture from a roll.

    Raises:
        ComposeError: ``print.off_paper``: ink would fall beside the paper.
    """
    tuning = tuning or Tuning()
    paper = placed(bitmap, stock, printer, tuning)
    across = min(paper.width, printer.head_dots)
    ink = Bitmap(across, paper.rows[:, : (across + 7) // 8])
    return RESET + _raster(ink, printer.max_rows) + ending(printer, tuning)


def ending(printer: PrinterProfile, tuning: Tuning) -> bytes:
    """Return what follows a receipt: the feed, and what was set up of cut and drawer."""
    return _ending(knife_of(printer, tuning), drawer_of(tuning))


def knife_of(printer: PrinterProfile, tuning: Tuning) -> Knife:
    """Return whether to cut: only where it was set and the model has a cutter."""
    return Knife.CUT if tuning.cut and printer.cutter else Knife.LEAVE


def drawer_of(tuning: Tuning) -> Drawer:
    """Return what happens to the drawer."""
    return Drawer.OPEN if tuning.drawer else Drawer.LEAVE


def _ending(knife: Knife, drawer: Drawer) -> bytes:
    printer = _printer()
    printer.line_spacing(LINE_DOTS)
    if knife is Knife.CUT:
        printer.cut()
    else:
        printer.print_and_feed(FEED_BEFORE_CUT)
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


def _raster(bitmap: Bitmap, most: int = MAX_RASTER_ROWS) -> bytes:
    parts: list[bytes] = []
    across = bitmap.rows.shape[1]
    for top, bottom in pieces(0, bitmap.height, min(most or MAX_RASTER_ROWS, MAX_RASTER_ROWS)):
        rows = bitmap.rows[top:bottom]
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
