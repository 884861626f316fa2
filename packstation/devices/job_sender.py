"""One job's bytes through a transport, and the truth about what became of them.

A printer that takes nothing is waited for: the line stays open and sending goes on with the very
same bytes once it can, so that one original reaches the paper at most. Nothing is ever sent again
once a byte may have left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from packstation.core.status import PrintOutcome
from packstation.devices.printer_faults import NothingLeftError, UntouchedError
from packstation.devices.status_dialects import MENDABLE, error_code
from packstation.devices.transports import Ending, Transport
from packstation.errors import DeviceError

CHUNK_BYTES = 16 * 1024
"""Written at once: after a broken line at most this much is in doubt (printing.md)."""
STEP_S = 0.1
"""Longest pause without asking whether the job was given up."""
LOOK_S = 1.0
"""Time between two looks at a printer that takes nothing."""


@dataclass(frozen=True, slots=True)
class SendReport:
    """How sending ended."""

    outcome: PrintOutcome
    """CONFIRMED, SENT, FAILED or CANCELLED (no byte left), UNKNOWN (some left, then trouble)."""
    bytes_sent: int
    """Bytes the transport took; after an error of the line some more may be with the printer."""
    detail: str
    """Error code such as ``printer.gone``; of a job given up what it waited for; empty when all
    went well."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to try; tests use short ones."""

    attempts: int = 3
    """Tries while no byte has left and the printer is not there."""
    between_s: float = 0.5
    """Pause before another try, and between two looks at a printer that needs a hand."""
    stalled_s: float = 10.0
    """Time without progress before the printer is said to be blocked."""
    poll_s: float = 0.05
    """Pause when the printer takes nothing."""
    blocked_s: float = 1800.0
    """Time that a blocked printer is waited for; then the job is given up."""


class _GivenUpError(Exception):
    """A person, or the time limit, ended the job."""


def send(
    transport: Transport,
    payload: bytes,
    *,
    on_first_byte: Callable[[], None],
    stalled: Callable[[str], None] = lambda _: None,
    given_up: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> SendReport:
    """Send one job and say what became of it; blocks until done, given up or out of patience.

    Args:
        transport: The printer's line, not opened.
        payload: All bytes of the job.
        on_first_byte: Called once, just before the first byte may leave.
        stalled: Called with an error code when the printer stops taking bytes (again when the
            cause changes), and with an empty text once it goes on.
        given_up: Asked at least every 0.2 s, from this thread, until every byte has left.
        patience: How long and how often to try.
        pause: Waits some seconds.
        clock: Seconds that only grow.
    """
    sender = _Sender(
        transport, payload, on_first_byte, stalled, given_up, patience or Patience(), pause, clock
    )
    return sender.run()


class _Sender:
    def __init__(
        self,
        transport: Transport,
        payload: bytes,
        on_first_byte: Callable[[], None],
        stalled: Callable[[str], None],
        given_up: Callable[[], bool],
        patience: Patience,
        pause: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._payload = payload
        self._on_first_byte = on_first_byte
        self._announced = False
        self._stalled = stalled
        self._given_up = given_up
        self._patience = patience
        self._pause = pause
        self._clock = clock
        self._touched = False
        self._sent = 0
        self._cause = ""
        self._blocked_at = 0.0
        self._looked_at = 0.0

    def run(self) -> SendReport:
        try:
            report = self._attempt()
            for _ in range(self._patience.attempts - 1):
                if report.outcome is not PrintOutcome.FAILED:
                    break
                self._rest(self._patience.between_s)
                report = self._attempt()
        except _GivenUpError:
            outcome = PrintOutcome.UNKNOWN if self._sent else PrintOutcome.CANCELLED
            return SendReport(outcome, self._sent, self._cause)
        return report

    def _attempt(self) -> SendReport:
        try:
            self._begin()
            self._write_all()
            ending = self._transport.finish()
        except NothingLeftError as error:
            self._sent, self._touched = 0, False
            return SendReport(PrintOutcome.FAILED, 0, error.code)
        except UntouchedError as error:
            outcome = PrintOutcome.UNKNOWN if self._sent else PrintOutcome.FAILED
            return SendReport(outcome, self._sent, error.code)
        except DeviceError as error:
            # Whatever the count says: the call that broke may have carried bytes.
            outcome = PrintOutcome.UNKNOWN if self._touched else PrintOutcome.FAILED
            return SendReport(outcome, self._sent, error.code)
        finally:
            self._transport.close()
        match ending:
            case Ending.CONFIRMED:
                return SendReport(PrintOutcome.CONFIRMED, self._sent, "")
            case Ending.SILENT:
                return SendReport(PrintOutcome.SENT, self._sent, "")

    def _begin(self) -> None:
        """Open the line, and wait while the printer needs a hand."""
        while True:
            self._check()
            try:
                self._transport.preflight()
                self._transport.open()
            except DeviceError as error:
                if error.code not in MENDABLE:
                    raise
                self._transport.close()
                self._block(error.code)
                self._rest(self._patience.between_s)
            else:
                self._go_on()
                return

    def _write_all(self) -> None:
        if not self._announced:
            self._announced = True
            self._on_first_byte()
        progress_at = self._clock()
        while self._sent < len(self._payload):
            self._check()
            chunk = self._payload[self._sent : self._sent + CHUNK_BYTES]
            untouched, self._touched = not self._touched, True
            taken = self._write(chunk, untouched)
            if taken:
                self._sent += taken
                progress_at = self._clock()
                self._go_on()
            else:
                self._idle(progress_at)
        left = self._transport.waiting()
        while left:
            self._check()
            self._idle(progress_at)
            before, left = left, self._transport.waiting()
            if left < before:
                progress_at = self._clock()
                self._go_on()

    def _write(self, chunk: bytes, untouched: bool) -> int:
        try:
            taken = self._transport.write(chunk)
        except UntouchedError:
            self._touched = not untouched
            raise
        assert 0 <= taken <= len(chunk)
        return taken

    def _idle(self, progress_at: float) -> None:
        """Wait a little; after too long without progress say what stops the printer."""
        now = self._clock()
        if now - progress_at >= self._patience.stalled_s and (
            not self._cause or now - self._looked_at >= LOOK_S
        ):
            self._looked_at = now
            self._block(error_code(self._transport.status()) or "printer.blocked")
        self._pause(self._patience.poll_s)

    def _block(self, cause: str) -> None:
        if not self._cause:
            self._blocked_at = self._clock()
        if cause != self._cause:
            self._cause = cause
            self._stalled(cause)

    def _go_on(self) -> None:
        if self._cause:
            self._cause = ""
            self._stalled("")

    def _check(self) -> None:
        blocked_s = self._clock() - self._blocked_at
        too_long = bool(self._cause) and blocked_s >= self._patience.blocked_s
        if too_long or self._given_up():
            raise _GivenUpError

    def _rest(self, seconds: float) -> None:
        """Pause in steps short enough to hear that the job was given up."""
        steps = max(1, math.ceil(seconds / STEP_S))
        for _ in range(steps):
            self._check()
            self._pause(seconds / steps)
