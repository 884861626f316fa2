"""Reads EPL2 as a printer would, but strictly: only what this program sends, all else is an error.

Independent of the encoder: it shares no code with printing/epl.py. Commands: Zebra "EPL
Programming Guide" (14245L-003, 2013-12-16). In GW a 0 bit is black.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from packstation.devices.printed_label import LabelJob, PrintedLabel, blacken, not_understood
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap

ALLOWED = ("N", "q", "Q", "S", "D", "GW", "P")
"""Commands that a label may use; nothing that sets up, stores or flashes (faults.md A3)."""

_LINES = {
    "N": re.compile(r"N"),
    "q": re.compile(r"q([1-9]\d{0,3})"),
    "Q": re.compile(r"Q([1-9]\d{0,4}),(?:0|[1-9]\d{1,2}|B[1-9]\d{1,2}\+0)"),
    "S": re.compile(r"S[1-6]"),
    "D": re.compile(r"D(?:\d|1[0-5])"),
    "P": re.compile(r"P([1-9]\d?)"),
}
_GRAPHIC = re.compile(rb"GW(\d{1,4}),(\d{1,5}),(\d{1,4}),(\d{1,5}),")


def read_epl(payload: bytes, *, dots_per_mm: int = 8) -> LabelJob:
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
        self._width = self._height = 0
        self._paper: NDArray[np.bool_] | None = None
        self._labels: list[PrintedLabel] = []
        self._commands: list[str] = []

    def run(self) -> LabelJob:
        if self._payload[:1] == b"\n":
            self._at = 1
        while self._at < len(self._payload):
            self._command()
        if not self._labels:
            raise self._error("the job prints nothing")
        if self._commands[-1] != "P":
            raise self._error("something follows the last P")
        return LabelJob(tuple(self._labels), tuple(self._commands))

    def _error(self, problem: str) -> DeviceError:
        return not_understood("EPL", self._at, problem)

    def _command(self) -> None:
        if self._payload.startswith(b"GW", self._at):
            self._commands.append("GW")
            self._graphic()
            return
        end = self._payload.find(b"\n", self._at, self._at + 40)
        if end < 0:
            raise self._error("a command without its end of line")
        line = self._payload[self._at : end].decode("ascii", errors="replace")
        pattern = _LINES.get(line[:1])
        if pattern is None:
            raise self._error(f"unknown command {line[:8]!a}")
        found = pattern.fullmatch(line)
        if found is None:
            raise self._error(f"wrong parameters in {line!a}")
        self._commands.append(line[0])
        self._do(line[0], int(found[1]) if found.groups() else 0)
        self._at = end + 1

    def _do(self, name: str, number: int) -> None:
        match name:
            case "N":
                # Forgets the picture; the sizes stay.
                self._paper = None
            case "q":
                self._width, self._paper = number, None
            case "Q":
                self._height, self._paper = number, None
            case "P":
                self._print(number)
            case _:
                pass

    def _sheet(self) -> NDArray[np.bool_]:
        if self._paper is None:
            if not self._width or not self._height:
                raise self._error("a picture before q and Q")
            self._paper = np.zeros((self._height, self._width), dtype=np.bool_)
        return self._paper

    def _graphic(self) -> None:
        head = _GRAPHIC.match(self._payload, self._at, self._at + 40)
        if head is None:
            raise self._error("wrong parameters in GW")
        x, y, across, height = (int(number) for number in head.groups())
        end = head.end() + across * height
        data = self._payload[head.end() : end]
        if len(data) != across * height or self._payload[end : end + 1] != b"\n":
            raise self._error("GW has more or fewer bytes than it says")
        rows = ~np.frombuffer(data, dtype=np.uint8).reshape(height, across)
        if problem := blacken(self._sheet(), rows, x, y):
            raise self._error(problem)
        self._at = end + 1

    def _print(self, copies: int) -> None:
        paper = Bitmap.from_dots(self._sheet())
        size = (paper.width / self._dots, paper.height / self._dots)
        self._labels.append(PrintedLabel(*size, copies, paper))
