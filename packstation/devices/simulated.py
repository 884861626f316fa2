"""A printer without paper: it keeps the bytes, draws what it would print, and can misbehave.

Used by the demo, for training and by tests; the faults are those of faults.md 2.3.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from packstation.devices.language_readers import read_picture
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus
from packstation.printing.media import PrinterProfile


class Trouble(Enum):
    """Ways to misbehave."""

    NONE = "none"
    """Prints and says so."""
    PAPER_OUT = "paper_out"
    """Says before the job that there is no paper (P3)."""
    UNPLUGGED = "unplugged"
    """The line breaks after so many bytes; 0 = it is not there (P1, P2)."""
    STUCK = "stuck"
    """Takes so many bytes, then none, and never says why (P3)."""
    PRINTS_SILENTLY = "prints_silently"
    """Prints, but its answer never arrives (P4)."""
    SAYS_NOTHING = "says_nothing"
    """Prints, and has no way to answer, as most printers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and when."""

    trouble: Trouble = Trouble.NONE
    """What."""
    after_bytes: int = 0
    """When, for what happens in the middle of a job."""


class VirtualTransport:
    """Keeps each job as ``job-0001.bin`` in a folder; a job half sent is kept as ``.part``.

    Pictures are made when asked for, not while printing.
    """

    def __init__(
        self, folder: Path, printer: PrinterProfile, *, most_at_once: int = 1 << 20
    ) -> None:
        """Use a folder, which is created; numbers go on from the jobs that are there."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._printer = printer
        self._most_at_once = most_at_once
        self._taken = bytearray()
        self._open = False
        self._number = max((_number(path) for path in folder.glob("job-*.bin")), default=0)
        self.fault = Fault()
        """Set it to misbehave from the next call on."""

    def preflight(self) -> None:
        """Look at the paper that is not there."""
        if self.fault.trouble is Trouble.PAPER_OUT:
            raise DeviceError(
                "printer.no_paper",
                "The printer has no paper.",
                fix="Put paper in, close the cover.",
            )
        if self.fault == Fault(Trouble.UNPLUGGED):
            raise _gone()

    def open(self) -> None:
        """Begin a job."""
        self._taken.clear()
        self._open = True

    def write(self, data: bytes) -> int:
        """Take bytes, as many as the fault allows."""
        assert self._open
        room = self._most_at_once
        if self.fault.trouble in (Trouble.UNPLUGGED, Trouble.STUCK):
            room = min(room, self.fault.after_bytes - len(self._taken))
            if room <= 0 and self.fault.trouble is Trouble.UNPLUGGED:
                raise _gone()
        taken = data[: max(0, room)]
        self._taken += taken
        return len(taken)

    def waiting(self) -> int:
        """Return 0: taken is taken."""
        return 0

    def status(self) -> PrinterStatus:
        """Say what a printer with this fault would say."""
        match self.fault.trouble:
            case Trouble.PAPER_OUT:
                return PrinterStatus(PrinterState.NO_PAPER)
            case Trouble.UNPLUGGED if not self.fault.after_bytes:
                return PrinterStatus(PrinterState.NOT_FOUND)
            case Trouble.NONE:
                return PrinterStatus(PrinterState.READY)
            case _:
                return PrinterStatus(PrinterState.UNKNOWN)

    def finish(self) -> Ending:
        """Keep the job; then answer, or not."""
        self._number += 1
        self._keep(self._folder / f"job-{self._number:04d}.bin")
        if self.fault.trouble is Trouble.PRINTS_SILENTLY:
            raise DeviceError(
                "printer.no_answer",
                "The printer did not say whether it printed.",
                fix="Scan the label, or say that there is none.",
            )
        if self.fault.trouble is Trouble.SAYS_NOTHING:
            return Ending.SILENT
        return Ending.CONFIRMED

    def close(self) -> None:
        """End a job; bytes of one that was not finished are kept for looking at."""
        if self._open and self._taken:
            self._keep(self._folder / f"job-{self._number + 1:04d}.part")
        self._open = False

    def jobs(self) -> list[Path]:
        """Return the files of complete jobs, oldest first."""
        return sorted(self._folder.glob("job-*.bin"), key=_number)

    def picture(self, job: Path) -> Path:
        """Return the PNG beside a job's file; drawn by the strict reader when it is not there.

        Raises:
            DeviceError: The bytes are not what the printer understands.
        """
        png = job.with_suffix(".png")
        if not png.exists():
            bitmap = read_picture(job.read_bytes(), self._printer)
            _replace(png, bitmap.png(dots_per_mm=self._printer.dots_per_mm))
        return png

    def _keep(self, path: Path) -> None:
        _replace(path, bytes(self._taken))
        self._taken.clear()
        self._open = False


def _gone() -> DeviceError:
    return DeviceError(
        "printer.gone", "The printer is not there.", fix="Check cable and power of the printer."
    )


def _number(path: Path) -> int:
    digits = path.stem.removeprefix("job-")
    return int(digits) if digits.isdecimal() else 0


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    draft = path.with_name(path.name + ".tmp")
    draft.write_bytes(content)
    os.replace(draft, path)
