"""A printer on a serial line."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

import serial

from packstation.devices.printer_faults import fault, status_of, untouched
from packstation.devices.status_dialects import UNKNOWN
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterStatus

BAUD = 9600
"""Where the address names none: what most printers are delivered with."""
PIECE_S = 0.1
"""Bytes written at once take about this long, so that a job given up ends soon."""
FLOWS = ("rtscts", "xonxoff", "none")
"""How the printer says that its buffer is full: by wire (the usual), by bytes, or never."""


class SerialTransport:
    """A serial printer; what has not gone down the wire still counts as on this computer."""

    def __init__(self, path: str, *, baud: int = BAUD, flow: str = "rtscts") -> None:
        """Keep where it is.

        Args:
            path: Device such as ``/dev/ttyUSB0`` or ``COM3``.
            baud: Bits a second, start and stop bit included (8N1).
            flow: One of ``FLOWS``.
        """
        self._path = path
        self._baud = baud
        self._flow = flow
        self._piece = max(16, int(baud / 10 * PIECE_S))
        self._port: serial.Serial | None = None

    def preflight(self) -> None:
        """Return at once: opening is the only test, and belongs to the job."""

    def open(self) -> None:
        """Open the port for us alone."""
        try:
            self._port = serial.Serial(
                self._path,
                self._baud,
                rtscts=self._flow == "rtscts",
                xonxoff=self._flow == "xonxoff",
                write_timeout=0 if os.name == "posix" else 2.0,
                exclusive=True if os.name == "posix" else None,
            )
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise self._refusal(error) from error

    def _refusal(self, error: OSError | ValueError) -> DeviceError:
        number = getattr(error, "errno", None)
        if number in (errno.EACCES, errno.EPERM) or "PermissionError" in str(error):
            fix = "Add this user to the group dialout, then log in again."
            return fault("printer.access_denied", self._path, fix=fix)
        if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error):
            return fault("printer.busy", self._path, cause="another program has it open")
        return fault("printer.not_found", self._path)

    def write(self, data: bytes) -> int:
        """Write what fits into the driver's buffer; little on a slow line."""
        port, piece = self._open_port, data[: self._piece]
        if self.waiting() >= self._piece:
            return 0
        try:
            if sys.platform == "win32":
                return port.write(piece) or 0  # a time-out there may have carried some
            return os.write(port.fileno(), piece)
        except BlockingIOError:
            return 0
        except serial.SerialTimeoutException as error:
            raise fault("printer.blocked", self._path) from error
        except OSError as error:
            raise untouched("printer.gone", self._path, cause=error.strerror or "") from error

    def waiting(self) -> int:
        """Return the bytes that have not gone down the wire."""
        try:
            return self._open_port.out_waiting
        except OSError as error:
            raise fault("printer.gone", self._path, cause=error.strerror or "") from error

    def status(self) -> PrinterStatus:
        """Look whether the port can be opened; more only its language can tell."""
        if self._port is not None:
            return UNKNOWN
        try:
            self.open()
        except DeviceError as error:
            return status_of(error)
        finally:
            self.close()
        return UNKNOWN

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Send a question and return what comes back."""
        port = self._open_port
        try:
            port.reset_input_buffer()
            if self.write(question) != len(question):
                return b""
            port.timeout = timeout_s
            return bytes(port.read(most))
        except OSError as error:
            raise fault("printer.gone", self._path, cause=error.strerror or "") from error

    def finish(self) -> Ending:
        """Return at once: everything has gone down the wire."""
        return Ending.SILENT

    def close(self) -> None:
        """Close the port; what is still here is thrown away."""
        if self._port is not None:
            with contextlib.suppress(OSError, DeviceError):
                if self.waiting():
                    self._port.reset_output_buffer()
            with contextlib.suppress(OSError):
                self._port.close()
            self._port = None

    @property
    def _open_port(self) -> serial.Serial:
        assert self._port is not None
        return self._port
