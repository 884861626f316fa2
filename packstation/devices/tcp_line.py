"""A printer on the network, mostly port 9100."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import time

from packstation.devices.printer_faults import fault, untouched
from packstation.devices.status_dialects import UNKNOWN
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterStatus

TIOCOUTQ = 0x5411
"""Linux: bytes that the peer has not acknowledged (``ioctl_list``; on a socket SIOCOUTQ)."""


class TcpTransport:
    """A printer on the network; a peer that resets after the job may lose bytes unseen.

    What the peer's network card has not acknowledged still counts as on this computer (Linux), so
    a label is not "sent" because it fits into a buffer here.
    """

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        connect_s: float = 3.0,
        write_s: float = 0.1,
        finish_s: float = 1.0,
    ) -> None:
        self._address = (host, port)
        self._connect_s = connect_s
        self._write_s = write_s
        self._finish_s = finish_s
        self._socket: socket.socket | None = None

    def preflight(self) -> None:
        """Return at once: connecting is the only test, and belongs to the job."""

    def open(self) -> None:
        """Connect."""
        try:
            self._socket = socket.create_connection(self._address, timeout=self._connect_s)
        except OSError as error:
            raise fault("printer.not_found", self._name, cause=str(error)) from error
        self._socket.settimeout(self._write_s)

    def write(self, data: bytes) -> int:
        """Send what the network takes within the time-out."""
        assert self._socket is not None
        try:
            return self._socket.send(data)
        except TimeoutError:
            return 0
        except OSError as error:
            raise untouched("printer.gone", self._name, cause=str(error)) from error

    def waiting(self) -> int:
        """Return the bytes that the printer has not acknowledged."""
        assert self._socket is not None
        waiting = _unacknowledged(self._socket)
        broken = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if broken:  # looked at after the count, which a reset sets to 0
            raise fault("printer.gone", self._name)
        return waiting

    def status(self) -> PrinterStatus:
        """Return that nothing is known: only its language can tell."""
        return UNKNOWN

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Send a question and return what comes back."""
        assert self._socket is not None
        answer, until = b"", time.monotonic() + timeout_s
        try:
            self._socket.sendall(question)
            while len(answer) < most and (left := until - time.monotonic()) > 0:
                self._socket.settimeout(left)
                more = self._socket.recv(most - len(answer))
                if not more:
                    raise fault("printer.gone", self._name)
                answer += more
        except TimeoutError:
            pass
        except OSError as error:
            raise fault("printer.gone", self._name, cause=str(error)) from error
        finally:
            self._socket.settimeout(self._write_s)
        return answer

    def finish(self) -> Ending:
        """Say that nothing more comes; a reset shows here at the earliest."""
        assert self._socket is not None
        until = time.monotonic() + self._finish_s
        try:
            self._socket.settimeout(self._finish_s)
            self._socket.shutdown(socket.SHUT_WR)
            while self._socket.recv(256):
                if time.monotonic() >= until:  # one that never stops talking holds nothing up
                    break
        except TimeoutError:
            return Ending.SILENT
        except OSError as error:
            raise fault("printer.gone", self._name, cause=str(error)) from error
        return Ending.SILENT

    def close(self) -> None:
        """Hang up; what was not acknowledged is thrown away, not delivered later."""
        if self._socket is None:
            return
        with contextlib.suppress(OSError, DeviceError):
            if _unacknowledged(self._socket):
                linger = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()
        self._socket = None

    @property
    def _name(self) -> str:
        return f"{self._address[0]}:{self._address[1]}"


def _unacknowledged(connection: socket.socket) -> int:
    if sys.platform != "linux":
        return 0
    import fcntl

    count = bytearray(4)
    try:
        fcntl.ioctl(connection.fileno(), TIOCOUTQ, count, True)
    except OSError:
        return 0
    return int.from_bytes(count, sys.byteorder)
