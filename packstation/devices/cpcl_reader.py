"""Reads CPCL as a printer would, but strictly: only what this program sends, all else is an error.

Independent of the encoder: it shares no code with printing/cpcl.py. Commands: Zebra "CPCL
Programming Guide" (P1073699-001, 2014). In CG and EG a 1 bit is black.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from packstation.devices.printed_label import LabelJob, PrintedLabel, blacken, not_understood
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap

ALLOWED = ("!", "PAGE-WIDTH", "GAP-SENSE", "BAR-SENSE", "SPEED", "CONTRAST", "CG", "EG", "FORM",
           "PRINT")  # fmt: skip
"""Commands that a label may use; nothing that sets up, stores or flashes (faults.md A3)."""

_LINES = {
    "!": re.compile(r"! 0 200 200 ([1-9]\d{0,4}) ([1-9]\d?)"),
    "PAGE-WIDTH": re.compile(r"PAGE-WIDTH ([1-9]\d{0,3})"),
    "GAP-SENSE": re.compile(r"GAP-SENSE"),
    "BAR-SENSE": re.compile(r"BAR-SENSE"),
    "SPEED": re.compile(r"SPEED [0-5]"),
    "CONTRAST": re.compile(r"CONTRAST [0-3]"),
    "FORM": re.compile(r"FORM"),
    "PRINT": re.compile(r"PRINT"),
}
_GRAPHIC = re.compile(rb"(CG|EG) (\d{1,4}) (\d{1,5}) (\d{1,4}) (\d{1,5}) ")
_DIGITS = re.compile(rb"[0-9A-F]*")


def read_cpcl(payload: bytes, *, dots_per_mm: int = 8) -> LabelJob:
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
        self._height = self._copies = 0
        self._paper: NDArray[np.bool_] | None = None
        self._formed = False
        self._labels: list[PrintedLabel] = []
        self._commands: list[str] = []

    def run(self) -> LabelJob:
        while self._at < len(self._payload):
            self._command()
        if not self._labels or self._height:
            raise self._error("the job prints nothing, or does not end")
        return LabelJob(tuple(self._labels), tuple(self._commands))

    def _error(self, problem: str) -> DeviceError:
        return not_understood("CPCL", self._at, problem)

    def _command(self) -> None:
        name = re.split(rb"[ \r]", self._payload[self._at : self._at + 12], maxsplit=1)[0]
        word = name.decode("ascii", errors="replace")
        if word not in ALLOWED:
            raise self._error(f"unknown command {word!a}")
        if (word == "!") == bool(self._height):
            raise self._error("a command outside a label, or a label in a label")
        if self._formed and word != "PRINT":
            raise self._error("something between FORM and PRINT")
        self._commands.append(word)
        if word in ("CG", "EG"):
            self._graphic()
            return
        end = self._payload.find(b"\r\n", self._at, self._at + 60)
        if end < 0:
            raise self._error("a command without its end of line")
        line = self._payload[self._at : end].decode("ascii", errors="replace")
        found = _LINES[word].fullmatch(line)
        if found is None:
            raise self._error(f"wrong parameters in {line!a}")
        match word:
            case "!":
                self._height, self._copies = int(found[1]), int(found[2])
            case "PAGE-WIDTH":
                if self._paper is not None:
                    raise self._error("PAGE-WIDTH twice")
                self._paper = np.zeros((self._height, int(found[1])), dtype=np.bool_)
            case "FORM":
                self._formed = True
            case "PRINT":
                self._print()
            case _:
                pass
        self._at = end + 2

    def _graphic(self) -> None:
        head = _GRAPHIC.match(self._payload, self._at, self._at + 40)
        if head is None:
            raise self._error("wrong parameters in CG or EG")
        if self._paper is None:
            raise self._error("a picture before PAGE-WIDTH")
        across, height, x, y = (int(number) for number in head.groups()[1:])
        digits = 2 if head[1] == b"EG" else 1
        end = head.end() + across * height * digits
        data = self._payload[head.end() : end]
        if len(data) != across * height * digits or self._payload[end : end + 2] != b"\r\n":
            raise self._error("a picture has more or fewer bytes than it says")
        if digits == 2:
            if _DIGITS.fullmatch(data) is None:
                raise self._error("EG with bytes that are no digits")
            data = bytes.fromhex(data.decode("ascii"))
        rows = np.frombuffer(data, dtype=np.uint8).reshape(height, across)
        if problem := blacken(self._paper, rows, x, y):
            raise self._error(problem)
        self._at = end + 2

    def _print(self) -> None:
        if self._paper is None:
            raise self._error("PRINT before PAGE-WIDTH")
        paper = Bitmap.from_dots(self._paper)
        size = (paper.width / self._dots, paper.height / self._dots)
        self._labels.append(PrintedLabel(*size, self._copies, paper))
        self._height, self._paper, self._formed = 0, None, False
