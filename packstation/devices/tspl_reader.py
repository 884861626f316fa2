"""Reads TSPL as a printer would, but strictly: what it does not know is an error.

Independent of the encoder: it shares no code with printing/tspl.py. Used by the virtual printer
for its pictures and by tests as the judge of every byte that would go to a real one. Commands:
TSC "TSPL/TSPL2 Programming Manual".
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from packstation.devices.printed_label import LabelJob, PrintedLabel, blacken, not_understood
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap

ALLOWED = (
    "SIZE", "GAP", "BLINE", "SPEED", "DENSITY", "DIRECTION", "REFERENCE", "CLS", "BITMAP", "PRINT",
    "CUT",
)  # fmt: skip
"""Commands that a label may use; nothing that sets up, stores or flashes (faults.md A3)."""

_SIZE = re.compile(r"SIZE (\d+(?:\.\d+)?) mm,\s?(\d+(?:\.\d+)?) mm")
_GAP = re.compile(r"GAP \d+(?:\.\d+)? mm,\s?\d+(?:\.\d+)?(?: mm)?")
_BLINE = re.compile(r"BLINE [1-9]\d?(?:\.\d+)? mm,0 mm")
_SPEED = re.compile(r"SPEED (?:[1-9]|1[0-8])(?:\.\d)?")
_DENSITY = re.compile(r"DENSITY (?:\d|1[0-5])")
_DIRECTION = re.compile(r"DIRECTION [01](?:,[01])?")
_REFERENCE = re.compile(r"REFERENCE 0,\s?0")
_BITMAP = re.compile(rb"BITMAP (\d{1,5}),(\d{1,5}),(\d{1,4}),(\d{1,5}),([012]),")
_PRINT = re.compile(r"PRINT (\d{1,4})(?:,(\d{1,4}))?")


def read_tspl(payload: bytes, *, dots_per_mm: int = 8) -> LabelJob:
    """Return what a printer does with a payload.

    Raises:
        DeviceError: ``printer.not_understood`` with the offset of an unknown or wrong command,
            of a bitmap outside the paper, or of bytes left over.
    """
    return _Reader(payload, dots_per_mm).run()


class _Reader:
    def __init__(self, payload: bytes, dots_per_mm: int) -> None:
        self._payload = payload
        self._dots = dots_per_mm
        self._at = 0
        self._line_end = b""
        self._size: tuple[float, float] | None = None
        self._paper: NDArray[np.bool_] | None = None
        self._labels: list[PrintedLabel] = []
        self._commands: list[str] = []

    def run(self) -> LabelJob:
        while self._at < len(self._payload):
            self._command()
        if not self._labels:
            raise self._error("the job prints nothing")
        if self._commands[-1] not in ("PRINT", "CUT"):
            raise self._error("something follows the last PRINT")
        return LabelJob(tuple(self._labels), tuple(self._commands))

    def _error(self, problem: str) -> DeviceError:
        return not_understood("TSPL", self._at, problem)

    def _command(self) -> None:
        name = re.split(rb"[ \r\n]", self._payload[self._at : self._at + 12], maxsplit=1)[0]
        word = name.decode("ascii", errors="replace")
        if word not in ALLOWED:
            raise self._error(f"unknown command {word!a}")
        self._commands.append(word)
        if word == "BITMAP":
            self._bitmap()
            return
        line = self._line()
        match word:
            case "SIZE":
                self._set_size(line)
            case "GAP":
                self._match(_GAP, line)
            case "BLINE":
                self._match(_BLINE, line)
            case "SPEED":
                self._match(_SPEED, line)
            case "DENSITY":
                self._match(_DENSITY, line)
            case "DIRECTION":
                self._match(_DIRECTION, line)
            case "REFERENCE":
                self._match(_REFERENCE, line)
            case "CLS":
                self._clear(line)
            case "CUT":
                self._cut(line)
            case _:
                self._print(line)

    def _line(self) -> str:
        end = self._payload.find(b"\n", self._at)
        if end < 0 or end - self._at > 80:
            raise self._error("a command without its end of line")
        line = self._payload[self._at : end].removesuffix(b"\r")
        written = self._payload[self._at + len(line) : end + 1]
        self._line_end = self._line_end or written
        if written != self._line_end:
            raise self._error("line ends of two kinds")
        if not (line.isascii() and all(0x20 <= byte < 0x7F for byte in line)):
            raise self._error("a command with bytes that are no text")
        self._at = end + 1
        return line.decode("ascii")

    def _match(self, pattern: re.Pattern[str], line: str) -> re.Match[str]:
        found = pattern.fullmatch(line)
        if found is None:
            raise self._error(f"wrong parameters in {line!a}")
        return found

    def _set_size(self, line: str) -> None:
        found = self._match(_SIZE, line)
        self._size = (float(found[1]), float(found[2]))
        if not (10 <= self._size[0] <= 220 and 10 <= self._size[1] <= 500):
            raise self._error(f"no printer has paper of {line[5:]}")
        self._paper = None

    def _clear(self, line: str) -> None:
        if line != "CLS":
            raise self._error(f"wrong parameters in {line!a}")
        if self._size is None:
            raise self._error("CLS before SIZE")
        width, height = self._size
        self._paper = np.zeros(
            (round(height * self._dots), round(width * self._dots)), dtype=np.bool_
        )

    def _bitmap(self) -> None:
        found = _BITMAP.match(self._payload, self._at, self._at + 40)
        if found is None:
            raise self._error("wrong parameters in BITMAP")
        if self._paper is None:
            raise self._error("BITMAP before CLS")
        x, y, across, height, mode = (int(number) for number in found.groups())
        if mode != 0:
            raise self._error(f"BITMAP mode {mode} is not used by this program")
        start = found.end()
        end = start + across * height
        data = self._payload[start:end]
        closed = self._payload.startswith(self._line_end, end)
        if len(data) != across * height or not closed:
            raise self._error("BITMAP has more or fewer bytes than it says")
        rows = ~np.frombuffer(data, dtype=np.uint8).reshape(height, across)
        # Mode 0 overwrites what is below.
        self._paper[y : y + height, x : x + across * 8] = False
        if problem := blacken(self._paper, rows, x, y):
            raise self._error(problem)
        self._at = end + len(self._line_end)

    def _cut(self, line: str) -> None:
        if line != "CUT" or self._commands[-2:-1] != ["PRINT"]:
            raise self._error("CUT without a label before it")

    def _print(self, line: str) -> None:
        found = self._match(_PRINT, line)
        if self._paper is None or self._size is None:
            raise self._error("PRINT before CLS")
        copies = int(found[1]) * int(found[2] or 1)
        if not 1 <= copies <= 50:
            raise self._error(f"{copies} copies")
        paper = Bitmap.from_dots(self._paper)
        self._labels.append(PrintedLabel(self._size[0], self._size[1], copies, paper))
