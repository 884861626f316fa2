"""Ways for bytes to reach a printer: all take bytes, say how many they took, and may fail.

A transport is opened, used and closed in the room of its printer. ``write`` may take fewer bytes
than it was given; the caller goes on from there. Whatever a system call or library raises
becomes a :class:`DeviceError` here.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from packstation.ports import PrinterStatus


class Ending(Enum):
    """What a printer has to say once it has every byte of a job."""

    CONFIRMED = "confirmed"
    """It reports that the paper is out."""
    SILENT = "silent"
    """It has no way to report; the scan of the label will tell."""


class Transport(Protocol):
    """One printer's line; used by one thread. No call but ``finish`` blocks for long."""

    def preflight(self) -> None:
        """Look at the printer before a job; returns when nothing speaks against printing.

        Raises:
            DeviceError: ``printer.not_found``, ``printer.no_paper``, ``printer.cover_open`` …
        """
        ...

    def open(self) -> None:
        """Begin a job.

        Raises:
            DeviceError: Nothing was sent.
        """
        ...

    def write(self, data: bytes) -> int:
        """Hand over bytes; return how many were taken, 0 when the printer is not ready.

        Returns within 0.2 s.

        Raises:
            UntouchedError: The line broke and no byte of this call left.
            DeviceError: The line broke; bytes of this call may be with the printer.
        """
        ...

    def waiting(self) -> int:
        """Return how many of the bytes taken are still on this computer.

        ``close`` throws them away: what a person gave up must not be printed later.

        Raises:
            DeviceError: The line broke.
        """
        ...

    def status(self) -> PrinterStatus:
        """Look at the printer; UNKNOWN where it cannot say; blocks for a second at most.

        Between two jobs, and in a job that stalls; nothing is written into a job's bytes. Never
        raises.
        """
        ...

    def finish(self) -> Ending:
        """Say that the job is complete, and hear what the printer says; waits a few seconds.

        Raises:
            NothingLeftError: A queue refused the job whole.
            DeviceError: It should have answered and did not.
        """
        ...

    def close(self) -> None:
        """Let go of the printer; never raises."""
        ...


class TwoWay(Transport, Protocol):
    """A line that carries answers back."""

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Send a question on the open line and return the answer; short or empty when none comes.

        Only while no byte of a job has been written.

        Raises:
            DeviceError: The line broke.
        """
        ...
