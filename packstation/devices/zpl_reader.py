"""Reads ZPL as a printer would, but strictly: only what this program sends, all else is an error.

Independent of the encoder: it shares no code with printing/zpl.py. Commands and codings: Zebra
"Programming Guide for ZPL II, ZBI 2, Set-Get-Do, Mirror, WML" (P1012728-008, 2013-09-20).
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import numpy as np
from numpy.typing import NDArray

from packstation.devices.printed_label import LabelJob, PrintedLabel, blacken, not_understood
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap

ALLOWED = (
    "~SD", "^XA", "^MN", "^MM", "^PW", "^LL", "^LH", "^PO", "^PR", "^FO", "^GF", "^FS", "^PQ", "^XZ"
)  # fmt: skip
"""Commands that a label may use; nothing that sets up, stores or flashes (faults.md A3)."""
MOST_DOTS = 2700 * 6000
"""More than any paper of a desktop printer."""

_SETTINGS = {
    "~SD": re.compile(r"(?:[0-2]\d|30)"),
    "^MN": re.compile(r"[YMN]"),
    "^MM": re.compile(r"[CT]"),
    "^PW": re.compile(r"[1-9]\d{0,4}"),
    "^LL": re.compile(r"[1-9]\d{0,4}"),
    "^LH": re.compile(r"0,0"),
    "^PO": re.compile(r"N"),
    "^PR": re.compile(r"[1-9]|1[0-4]"),
    "^FO": re.compile(r"\d{1,5},\d{1,5}"),
    "^PQ": re.compile(r"[1-9]\d?"),
    "^XA": re.compile(r""),
    "^XZ": re.compile(r""),
    "^FS": re.compile(r""),
}
_GRAPHIC = re.compile(rb"A,(\d{1,5}),(\d{1,5}),(\d{1,4}),")
_Z64 = re.compile(rb":Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})")
_COMPRESSED = re.compile(rb"[0-9A-FG-Zg-z,:]+")


def read_zpl(payload: bytes, *, dots_per_mm: int = 8) -> LabelJob:
    """Return what a printer does with a payload.

    Raises:
        DeviceError: ``printer.not_understood`` with the offset of an unknown or wrong command,
            of a picture outside the paper, or of bytes left over.
    """
    return _Reader(payload, dots_per_mm).run()


class _Reader:
    def __init__(self, payload: bytes, dots_per_mm: int) -> None:
        self._payload = payload
        self._dots = dots_per_mm
        self._at = 0
        self._labels: list[PrintedLabel] = []
        self._commands: list[str] = []
        self._inside = False
        self._width = self._height = self._copies = 0
        self._place: tuple[int, int] | None = None
        self._drawn = False
        self._paper: NDArray[np.bool_] | None = None

    def run(self) -> LabelJob:
        while self._at < len(self._payload):
            self._command()
        if self._inside or not self._labels:
            raise self._error("the job prints nothing, or does not end")
        if self._commands[-1] != "^XZ":
            raise self._error("something follows the last ^XZ")
        return LabelJob(tuple(self._labels), tuple(self._commands))

    def _error(self, problem: str) -> DeviceError:
        return not_understood("ZPL", self._at, problem)

    def _command(self) -> None:
        name = self._payload[self._at : self._at + 3].decode("ascii", errors="replace")
        if name not in ALLOWED:
            raise self._error(f"unknown command {name!a}")
        if name == "~SD" and self._inside:
            raise self._error("~SD inside a format")
        if name not in ("~SD", "^XA") and not self._inside:
            raise self._error(f"{name} outside a format")
        self._commands.append(name)
        if name == "^GF":
            self._graphic()
            return
        value = self._value(name)
        match name:
            case "^XA":
                self._begin()
            case "^PW":
                self._width = int(value)
            case "^LL":
                self._height = int(value)
            case "^FO":
                self._origin(value)
            case "^FS":
                self._close_field()
            case "^PQ":
                self._copies = int(value)
            case "^XZ":
                self._print()
            case _:
                pass

    def _value(self, name: str) -> str:
        """Return a command's parameters; each command but ^FO ends its line."""
        start = self._at + 3
        stop = re.compile(rb"[\n^~]").search(self._payload, start, start + 16)
        if stop is None:
            raise self._error(f"{name} without an end")
        value = self._payload[start : stop.start()].decode("ascii", errors="replace")
        if _SETTINGS[name].fullmatch(value) is None:
            raise self._error(f"wrong parameters in {name}{value!a}")
        self._at = stop.start() + (stop[0] == b"\n")
        return value

    def _begin(self) -> None:
        if self._inside:
            raise self._error("^XA in a format")
        self._inside, self._drawn, self._copies = True, False, 1
        self._width = self._height = 0
        self._place = self._paper = None

    def _origin(self, value: str) -> None:
        if self._place is not None:
            raise self._error("^FO in a field")
        x, y = (int(number) for number in value.split(","))
        self._place = (x, y)
        self._drawn = False

    def _close_field(self) -> None:
        if self._place is None or not self._drawn:
            raise self._error("^FS without a field")
        self._place = None

    def _graphic(self) -> None:
        head = _GRAPHIC.match(self._payload, self._at + 3, self._at + 30)
        if head is None:
            raise self._error("wrong parameters in ^GF")
        if self._place is None or self._drawn:
            raise self._error("^GF without ^FO")
        told, count, across = (int(number) for number in head.groups())
        if told != count or not across or count % across or not count:
            raise self._error("^GF with counts that do not fit")
        end = self._payload.find(b"^", head.end())
        body = self._payload[head.end() : end if end >= 0 else len(self._payload)]
        data = self._dots_of(body, count, across)
        if self._paper is None:
            if not self._width or not self._height or self._width * self._height > MOST_DOTS:
                raise self._error("^GF without ^PW and ^LL")
            self._paper = np.zeros((self._height, self._width), dtype=np.bool_)
        rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, across)
        if problem := blacken(self._paper, rows, *self._place):
            raise self._error(problem)
        self._drawn = True
        self._at = head.end() + len(body)

    def _dots_of(self, body: bytes, count: int, across: int) -> bytes:
        if body.startswith(b":"):
            packed = _Z64.fullmatch(body)
            if packed is None:
                # A colon in the first row repeats a row that is not there.
                raise self._error("^GF with a coding that is not known")
            return self._inflated(packed[1], packed[2], count)
        if _COMPRESSED.fullmatch(body) is None:
            raise self._error("^GF with bytes that are no digits")
        return self._expanded(body, count, across)

    def _inflated(self, packed: bytes, told: bytes, count: int) -> bytes:
        if f"{binascii.crc_hqx(packed, 0):04X}".encode("ascii") != told:
            raise self._error("Z64 with a wrong check sum")
        try:
            stream = zlib.decompressobj()
            data = stream.decompress(base64.b64decode(packed, validate=True), count + 1)
        except (ValueError, zlib.error):
            raise self._error("Z64 that cannot be unpacked") from None
        if len(data) != count or not stream.eof or stream.unused_data:
            raise self._error("Z64 has more or fewer bytes than it says")
        return data

    def _expanded(self, body: bytes, count: int, across: int) -> bytes:
        """Undo repeat counts; each row must be whole, since printers differ on others."""
        rows: list[bytes] = []
        row, repeats = bytearray(), 0
        digits = across * 2
        for letter in body:
            if 0x47 <= letter <= 0x59:  # G-Y: 1-19
                repeats += letter - 0x46
            elif 0x67 <= letter <= 0x7A:  # g-z: 20-400
                repeats += 20 * (letter - 0x66)
            elif letter in b",:":
                if repeats or (letter == 0x3A and (row or not rows)):
                    raise self._error("a repeat count without a digit, or nothing to repeat")
                rows.append(rows[-1] if letter == 0x3A else bytes(row).ljust(digits, b"0"))
                row.clear()
            elif letter == 0x5A:
                raise self._error("Z is no repeat count")
            else:
                row += bytes([letter]) * (repeats or 1)
                repeats = 0
                if len(row) > digits:
                    raise self._error("a row with more digits than it says")
                if len(row) == digits:
                    rows.append(bytes(row))
                    row.clear()
            if len(rows) * across > count:
                raise self._error("^GF has more bytes than it says")
        if row or repeats or len(rows) * across != count:
            raise self._error("^GF has fewer bytes than it says")
        return bytes.fromhex(b"".join(rows).decode("ascii"))

    def _print(self) -> None:
        if self._place is not None or self._paper is None:
            raise self._error("^XZ with nothing to print")
        self._inside = False
        paper = Bitmap.from_dots(self._paper)
        size = (paper.width / self._dots, paper.height / self._dots)
        self._labels.append(PrintedLabel(*size, self._copies, paper))
