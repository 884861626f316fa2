"""Reads ESC/POS as a receipt printer would, but strictly: what it does not know is an error.

Independent of the encoder. Knows what this program and python-escpos send for text, raster, cut
and drawer. Commands: Epson "ESC/POS Command Reference" (ESC @, ESC !, ESC a, ESC d, ESC E,
ESC M, ESC p, ESC t, ESC 3, ESC {, ESC -, GS !, GS B, GS b, GS V, GS v 0).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap, stack
from packstation.printing.cells import CELL_HEIGHT, CELL_WIDTH, draw_cells
from packstation.printing.document import Weight

MAX_RASTER_ROWS = 240


@dataclass(frozen=True, slots=True)
class Style:
    """How the printer writes at a moment."""

    align: int = 0
    """0 left, 1 centre, 2 right."""
    bold: bool = False
    """ESC E."""
    across: int = 1
    """GS !, 1-8."""
    down: int = 1
    """GS !, 1-8."""
    line_dots: int = 30
    """ESC 3."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line the printer wrote in its own font."""

    text: str
    """Printable ASCII."""
    style: Style
    """As it stood at the end of the line."""


@dataclass(slots=True, eq=False)
class ReceiptJob:
    """Everything a payload made a printer do."""

    lines: list[TextLine] = field(default_factory=list)
    """Text in the printer's own font."""
    rasters: list[Bitmap] = field(default_factory=list)
    """Rows of dots, one for each GS v 0."""
    cuts: int = 0
    """How often the paper was cut."""
    pulses: int = 0
    """How often a drawer was opened."""
    commands: list[str] = field(default_factory=list)
    """Names of the commands, in order."""
    _parts: list[Bitmap] = field(default_factory=list)

    def bitmap(self, head_dots: int) -> Bitmap:
        """Return the whole receipt as it hangs out of the printer."""
        return stack(self._parts, head_dots)


def read_escpos(payload: bytes, *, head_dots: int = 576) -> ReceiptJob:
    """Return what a printer does with a payload.

    Raises:
        DeviceError: ``printer.not_understood`` with the offset of an unknown or wrong command.
    """
    return _Reader(payload, head_dots).run()


class _Reader:
    def __init__(self, payload: bytes, head_dots: int) -> None:
        self._payload = payload
        self._dots = head_dots
        self._at = 0
        self._style = Style()
        self._text = ""
        self._job = ReceiptJob()

    def run(self) -> ReceiptJob:
        while self._at < len(self._payload):
            byte = self._payload[self._at]
            if byte == 0x0A:
                self._at += 1
                self._end_line()
            elif byte == 0x1B:
                self._escape()
            elif byte == 0x1D:
                self._group()
            elif 0x20 <= byte < 0x7F:
                self._text += chr(byte)
                self._at += 1
            else:
                raise self._error(f"byte 0x{byte:02X} is neither text nor a command")
        if self._text:
            raise self._error("text without an end of line")
        return self._job

    def _error(self, problem: str) -> DeviceError:
        return DeviceError(
            "printer.not_understood",
            f"ESC/POS at byte {self._at}: {problem}.",
            fix="Check that the printer and its profile speak the same language.",
            offset=self._at,
        )

    def _take(self, name: str, count: int) -> bytes:
        """Return a command's parameters; the command's own two bytes are skipped."""
        start = self._at + 2
        parameters = self._payload[start : start + count]
        if len(parameters) != count:
            raise self._error(f"{name} is cut off")
        self._at = start + count
        self._job.commands.append(name)
        return parameters

    def _escape(self) -> None:
        match self._payload[self._at + 1 : self._at + 2]:
            case b"@":
                self._take("ESC @", 0)
                self._style = Style()
            case b"!":
                self._zero("ESC !")
                self._style = replace(self._style, bold=False, across=1, down=1)
            case b"a":
                align = self._number("ESC a", 2)
                self._style = replace(self._style, align=align)
            case b"E":
                self._style = replace(self._style, bold=bool(self._number("ESC E", 1)))
            case b"3":
                self._style = replace(self._style, line_dots=self._number("ESC 3", 255))
            case b"d":
                self._feed(self._number("ESC d", 255))
            case b"p":
                self._pulse()
            case b"M":
                self._zero("ESC M")
            case b"-":
                self._zero("ESC -")
            case b"{":
                self._zero("ESC {")
            case b"t":
                self._zero("ESC t")
            case other:
                raise self._error(f"unknown command ESC {other!r}")

    def _group(self) -> None:
        match self._payload[self._at + 1 : self._at + 2]:
            case b"!":
                size = self._take("GS !", 1)[0]
                self._style = replace(self._style, across=(size >> 4) + 1, down=(size & 7) + 1)
            case b"B":
                self._zero("GS B")
            case b"b":
                self._zero("GS b")
            case b"V":
                self._cut()
            case b"v":
                self._raster()
            case other:
                raise self._error(f"unknown command GS {other!r}")

    def _number(self, name: str, highest: int) -> int:
        number = self._take(name, 1)[0]
        if number > highest:
            raise self._error(f"{name} with {number}")
        return number

    def _zero(self, name: str) -> None:
        """Take a command that is only ever used to switch something off."""
        if self._number(name, 255) != 0:
            raise self._error(f"{name} is not used by this program but with 0")

    def _cut(self) -> None:
        if self._take("GS V", 1)[0] not in (0, 1):
            raise self._error("GS V with an unknown kind of cut")
        self._job.cuts += 1

    def _pulse(self) -> None:
        if self._take("ESC p", 3)[0] not in (0, 1):
            raise self._error("ESC p with an unknown pin")
        self._job.pulses += 1

    def _feed(self, lines: int) -> None:
        self._require_line_start("ESC d")
        self._job._parts.append(Bitmap.blank(self._dots, lines * self._style.line_dots))

    def _require_line_start(self, name: str) -> None:
        if self._text:
            raise self._error(f"{name} in the middle of a line")

    def _raster(self) -> None:
        self._require_line_start("GS v 0")
        head = self._take("GS v 0", 6)
        across, height = int.from_bytes(head[2:4], "little"), int.from_bytes(head[4:6], "little")
        if head[:2] != b"0\x00":
            raise self._error("GS v with an unknown mode")
        if not 1 <= height <= MAX_RASTER_ROWS or not 1 <= across <= self._dots // 8:
            raise self._error(f"GS v 0 with {across} bytes by {height} rows")
        data = self._payload[self._at : self._at + across * height]
        if len(data) != across * height:
            raise self._error("GS v 0 has fewer bytes than it says")
        self._at += len(data)
        rows = np.frombuffer(data, dtype=np.uint8).reshape(height, across)
        picture = Bitmap(across * 8, rows)
        self._job.rasters.append(picture)
        self._job._parts.append(picture)

    def _end_line(self) -> None:
        style = self._style
        height = max(style.line_dots, style.down * CELL_HEIGHT)
        width = len(self._text) * style.across * CELL_WIDTH
        if width > self._dots:
            raise self._error("a line is wider than the paper")
        paper = Bitmap.blank(self._dots, height).dots()
        if self._text:
            weight = Weight.BOLD if style.bold else Weight.NORMAL
            cells = draw_cells(self._text, weight=weight, across=style.across, down=style.down)
            left = (self._dots - width) * style.align // 2
            paper[: cells.height, left : left + width] = cells.dots()
        self._job._parts.append(Bitmap.from_dots(paper))
        self._job.lines.append(TextLine(self._text, style))
        self._text = ""
