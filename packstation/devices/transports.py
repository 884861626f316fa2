"""Ways for bytes to reach a printer: all take bytes, say how many they took, and may fail.

A transport is opened, used and closed in the room of its printer. ``write`` may take fewer bytes
than it was given; the caller goes on from there. Whatever a system call or library raises
becomes a :class:`DeviceError` here.
"""

from __future__ import annotations

import os
import socket
from enum import Enum
from pathlib import Path
from typing import Protocol

from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus

UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)
"""Of a printer that cannot be asked."""


class Ending(Enum):
    """What a printer has to say once it has every byte of a job."""

    CONFIRMED = "confirmed"
    """It reports that the paper is out."""
    SILENT = "silent"
    """It has no way to report; the scan of the label will tell."""


class UntouchedError(DeviceError):
    """The call that failed has carried no byte for certain; bytes counted before stay counted."""


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
            DeviceError: It should have answered and did not.
        """
        ...

    def close(self) -> None:
        """Let go of the printer; never raises."""
        ...


class FileTransport:
    """A device file such as ``/dev/usb/lp0``, or any file that takes bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def preflight(self) -> None:
        """Look whether the device file is there and may be written."""
        if not self._path.exists():
            raise _error("printer.not_found", f"The printer {self._path} is not there.", self._path)
        if not os.access(self._path, os.W_OK):
            raise _error(
                "printer.access_denied",
                f"The printer {self._path} may not be written.",
                self._path,
                fix="Add this user to the group lp, then log in again.",
            )

    def open(self) -> None:
        """Open the device file without waiting for it."""
        flags = (
            os.O_WRONLY | os.O_NOCTTY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        try:
            self._handle = os.open(self._path, flags)
        except OSError as error:
            message = f"The printer {self._path} cannot be opened: {error.strerror}."
            raise _error("printer.not_found", message, self._path) from error

    def write(self, data: bytes) -> int:
        """Write what the driver takes now."""
        assert self._handle is not None
        try:
            return os.write(self._handle, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            message = f"The printer {self._path} broke off: {error.strerror}."
            raise _error("printer.gone", message, self._path) from error

    def waiting(self) -> int:
        """Return 0: what the driver has taken is its own."""
        return 0

    def status(self) -> PrinterStatus:
        """Return that nothing is known."""
        return UNKNOWN

    def finish(self) -> Ending:
        """Return at once: a device file tells nothing."""
        return Ending.SILENT

    def close(self) -> None:
        """Close the device file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class TcpTransport:
    """A printer on the network, port 9100; a peer that resets late may lose bytes unseen."""

    def __init__(
        self, host: str, port: int = 9100, *, connect_s: float = 3.0, write_s: float = 0.1
    ) -> None:
        self._address = (host, port)
        self._connect_s = connect_s
        self._write_s = write_s
        self._socket: socket.socket | None = None

    def preflight(self) -> None:
        """Return at once: connecting is the only test, and belongs to the job."""

    def open(self) -> None:
        """Connect."""
        try:
            self._socket = socket.create_connection(self._address, timeout=self._connect_s)
        except OSError as error:
            message = f"The printer {self._name} does not answer: {error}."
            raise _error("printer.not_found", message, self._name) from error
        self._socket.settimeout(self._write_s)

    def write(self, data: bytes) -> int:
        """Send what the network takes within the time-out."""
        assert self._socket is not None
        try:
            return self._socket.send(data)
        except TimeoutError:
            return 0
        except OSError as error:
            message = f"The connection to the printer {self._name} broke: {error}."
            raise _error("printer.gone", message, self._name) from error

    def waiting(self) -> int:
        """Return 0: what the network has taken is its own."""
        return 0

    def status(self) -> PrinterStatus:
        """Return that nothing is known."""
        return UNKNOWN

    def finish(self) -> Ending:
        """Say that nothing more comes; a reset shows here at the earliest."""
        assert self._socket is not None
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while self._socket.recv(256):
                pass
        except TimeoutError:
            return Ending.SILENT
        except OSError as error:
            message = f"The connection to the printer {self._name} broke: {error}."
            raise _error("printer.gone", message, self._name) from error
        return Ending.SILENT

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    @property
    def _name(self) -> str:
        return f"{self._address[0]}:{self._address[1]}"


def _error(
    code: str, message: str, printer: object, *, fix: str = "Check cable and power of the printer."
) -> DeviceError:
    return DeviceError(code, message, fix=fix, printer=str(printer))
