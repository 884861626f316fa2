"""Lines that are files: the kernel's printer device, and a plain file that jobs are appended to."""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
import time
from pathlib import Path

from packstation.devices.printer_faults import fault, status_of, untouched
from packstation.devices.status_dialects import UNKNOWN, read_port_status
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus

LPGETSTATUS = 0x060B
"""The request that ``/dev/usb/lp*`` answers with the port status (Linux, ``linux/lp.h``)."""
NO_PRINTER = (errno.ENOENT, errno.ENODEV, errno.ENXIO)


class FileTransport:
    """A device file such as ``/dev/usb/lp0``.

    The driver takes up to 8 KiB at a time and throws away what is under way when the file is
    closed: so a job is complete only when the file can be written again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._two_way = False
        self._last = 0
        self._no_paper = False

    def preflight(self) -> None:
        """Look whether the device file is there and may be written."""
        if not self._path.exists():
            raise fault("printer.not_found", self._path)
        if not os.access(self._path, os.W_OK):
            raise fault("printer.access_denied", self._path)

    def open(self) -> None:
        """Open the device file without waiting for it."""
        self._last, self._no_paper = 0, False
        flags = os.O_NOCTTY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            device = stat.S_ISCHR(self._path.stat().st_mode)
            self._handle, self._two_way = self._opened(flags, device)
        except OSError as error:
            raise self._refusal(error) from error

    def _opened(self, flags: int, device: bool) -> tuple[int, bool]:
        if device:
            try:
                return os.open(self._path, flags | os.O_RDWR), True
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL):
                    raise
        return os.open(self._path, flags | os.O_WRONLY), False

    def _refusal(self, error: OSError) -> DeviceError:
        cause = error.strerror or ""
        match error.errno:
            case errno.EBUSY:
                return fault("printer.busy", self._path, cause="another program has it open")
            case errno.EACCES | errno.EPERM:
                return fault("printer.access_denied", self._path, cause=cause)
            case _:
                return fault("printer.not_found", self._path, cause=cause)

    def write(self, data: bytes) -> int:
        """Write what the driver takes now."""
        assert self._handle is not None
        self._no_paper = False
        try:
            self._last = os.write(self._handle, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno in (errno.EBUSY, errno.ENOSPC, errno.EINTR):
                self._no_paper = error.errno == errno.ENOSPC  # how the driver says paper out
                return 0
            broken = untouched if error.errno in (errno.EPIPE, *NO_PRINTER) else fault
            raise broken("printer.gone", self._path, cause=error.strerror or "") from error
        return self._last

    def waiting(self) -> int:
        """Return the bytes that the driver still works on."""
        assert self._handle is not None
        if sys.platform == "win32" or not self._two_way or not self._last:
            return 0
        poll = select.poll()
        poll.register(self._handle, select.POLLOUT)
        events = dict(poll.poll(0)).get(self._handle, 0)
        if events & (select.POLLHUP | select.POLLERR):
            raise fault("printer.gone", self._path)
        return 0 if events & select.POLLOUT else self._last

    def status(self) -> PrinterStatus:
        """Ask the driver for the port status."""
        if self._no_paper:
            return PrinterStatus(PrinterState.NO_PAPER)
        if self._handle is not None:
            return self._port_status()
        try:
            self.preflight()
            self.open()
            return self._port_status()
        except DeviceError as error:
            return status_of(error)
        finally:
            self.close()

    def _port_status(self) -> PrinterStatus:
        assert self._handle is not None
        if sys.platform != "linux":
            return UNKNOWN
        import fcntl

        answer = bytearray(4)
        try:
            fcntl.ioctl(self._handle, LPGETSTATUS, answer, True)
        except OSError:
            return UNKNOWN  # no printer's driver, or one without the question
        return read_port_status(bytes(answer[:1]))

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Write a question and read what comes back, where the file can be read."""
        assert self._handle is not None
        if sys.platform == "win32" or not self._two_way:
            return b""
        self._read(1 << 16)
        if self.write(question) != len(question):
            return b""
        answer, until = b"", time.monotonic() + timeout_s
        while len(answer) < most and (left := until - time.monotonic()) > 0:
            if not select.select([self._handle], [], [], left)[0]:
                break
            more = self._read(most - len(answer))
            if not more:
                break
            answer += more
        self._last = 0
        return answer

    def _read(self, most: int) -> bytes:
        assert self._handle is not None
        try:
            return os.read(self._handle, most)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise fault("printer.gone", self._path, cause=error.strerror or "") from error

    def finish(self) -> Ending:
        """Return at once: a device file tells nothing about paper."""
        return Ending.SILENT

    def close(self) -> None:
        """Close the device file; the driver drops what it has not handed over."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class AppendFile:
    """A plain file to which each job is appended; kept for looking at, or read by a program."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def preflight(self) -> None:
        """Look whether the folder is there."""
        if not self._path.parent.is_dir():
            raise fault("printer.not_found", self._path)

    def open(self) -> None:
        """Open the file behind its last job."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._handle = os.open(self._path, flags, 0o600)
        except PermissionError as error:
            raise fault("printer.access_denied", self._path) from error
        except OSError as error:
            raise fault("printer.not_found", self._path, cause=error.strerror or "") from error

    def write(self, data: bytes) -> int:
        """Append; a full disk takes nothing."""
        assert self._handle is not None
        try:
            return os.write(self._handle, data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return 0
            raise untouched("printer.gone", self._path, cause=error.strerror or "") from error

    def waiting(self) -> int:
        """Return 0: the file has them."""
        return 0

    def status(self) -> PrinterStatus:
        """Say whether the file may be written."""
        try:
            self.preflight()
        except DeviceError as error:
            return status_of(error)
        there = self._path.exists()
        if not os.access(self._path if there else self._path.parent, os.W_OK):
            return status_of(fault("printer.access_denied", self._path))
        return PrinterStatus(PrinterState.READY)

    def finish(self) -> Ending:
        """Make the job durable."""
        assert self._handle is not None
        try:
            os.fsync(self._handle)
        except OSError as error:
            raise fault("printer.gone", self._path, cause=error.strerror or "") from error
        return Ending.SILENT

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
