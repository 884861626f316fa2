"""One job's bytes through a transport, and the truth about what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from packstation.core.status import PrintOutcome
from packstation.devices.transports import Ending, Transport
from packstation.errors import DeviceError

CHUNK_BYTES = 16 * 1024
"""Written at once: after a broken line at most this much is in doubt (printing.md)."""


@dataclass(frozen=True, slots=True)
class SendReport:
    """How sending ended."""

    outcome: PrintOutcome
    """CONFIRMED, SENT, FAILED (no byte left) or UNKNOWN (some left, then trouble)."""
    bytes_sent: int
    """Bytes the transport took."""
    detail: str
    """Error code such as ``printer.no_paper``; empty when all went well."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to try; tests use short ones."""

    attempts: int = 3
    """Tries while no byte has left."""
    between_s: float = 0.5
    """Pause before another try."""
    stalled_s: float = 10.0
    """Time without progress before giving up."""
    poll_s: float = 0.05
    """Pause when the printer takes nothing."""


def send(
    transport: Transport,
    payload: bytes,
    *,
    on_first_byte: Callable[[], None],
    patience: Patience | None = None,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> SendReport:
    """Send one job and say what became of it; blocks until done or out of patience.

    Tried again only while no byte has left: after that a second label could come out.

    Args:
        transport: The printer's line, not opened.
        payload: All bytes of the job.
        on_first_byte: Called once, just before the first byte may leave.
        patience: How long and how often to try.
        pause: Waits some seconds.
        clock: Seconds that only grow.
    """
    patience = patience or Patience()
    sender = _Sender(transport, payload, on_first_byte, patience, pause, clock)
    report = sender.attempt()
    for _ in range(patience.attempts - 1):
        if report.outcome is not PrintOutcome.FAILED:
            break
        pause(patience.between_s)
        report = sender.attempt()
    return report


class _Sender:
    def __init__(
        self,
        transport: Transport,
        payload: bytes,
        on_first_byte: Callable[[], None],
        patience: Patience,
        pause: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._payload = payload
        self._on_first_byte = on_first_byte
        self._announced = False
        self._patience = patience
        self._pause = pause
        self._clock = clock
        self._sent = 0

    def attempt(self) -> SendReport:
        try:
            self._transport.preflight()
            self._transport.open()
            self._write_all()
            ending = self._transport.finish()
        except DeviceError as error:
            outcome = PrintOutcome.UNKNOWN if self._sent else PrintOutcome.FAILED
            return SendReport(outcome, self._sent, error.code)
        finally:
            self._transport.close()
        match ending:
            case Ending.CONFIRMED:
                return SendReport(PrintOutcome.CONFIRMED, self._sent, "")
            case Ending.SILENT:
                return SendReport(PrintOutcome.SENT, self._sent, "")

    def _write_all(self) -> None:
        if not self._announced:
            self._announced = True
            self._on_first_byte()
        progress_at = self._clock()
        while self._sent < len(self._payload):
            chunk = self._payload[self._sent : self._sent + CHUNK_BYTES]
            taken = self._transport.write(chunk)
            assert 0 <= taken <= len(chunk)
            if taken:
                self._sent += taken
                progress_at = self._clock()
            elif self._clock() - progress_at >= self._patience.stalled_s:
                raise DeviceError(
                    "printer.blocked",
                    "The printer takes no more data.",
                    fix="Check paper, cover and error light.",
                )
            else:
                self._pause(self._patience.poll_s)
