"""A line to a printer that is asked in its own language how it is, before each job.

No question ever stands inside a job: it would be printed, or taken for dots. And no answer is
taken as proof of paper: ``~HS`` counts are zero before a job is parsed and after it was cancelled
at the printer, and the other dialects count nothing. So no job ends as CONFIRMED here; the scan
of the label proves it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from packstation.devices.printer_faults import fault, status_of
from packstation.devices.status_dialects import QUESTIONS, UNKNOWN, error_code, read_status
from packstation.devices.transports import Ending, TwoWay
from packstation.errors import DeviceError
from packstation.ports import PrinterStatus
from packstation.printing.media import StatusDialect

NEVER_ANSWERED_S = 600.0
"""A printer that has never answered is left alone for so long: each question costs its time-out."""
SILENT_S = 5.0
"""One that has answered before (it may only be busy) is asked again after this."""


class SpokenLine:
    """A two-way line with a status dialect; satisfies ``Transport``."""

    def __init__(
        self,
        line: TwoWay,
        dialect: StatusDialect,
        name: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.line = line
        """The line below."""
        self._dialect = dialect
        self._name = name
        self._clock = clock
        self._open = False
        self._touched = False
        self._answered = False
        self._silent_until = 0.0

    def preflight(self) -> None:
        """Look at the line."""
        self.line.preflight()

    def open(self) -> None:
        """Begin a job, and ask how the printer is.

        Raises:
            DeviceError: It says that something must be mended; nothing was sent.
        """
        self.line.open()
        self._open, self._touched = True, False
        code = error_code(self._asked())
        if code:
            self.close()
            raise fault(code, self._name)

    def write(self, data: bytes) -> int:
        """Hand over bytes."""
        self._touched = True
        return self.line.write(data)

    def waiting(self) -> int:
        """Return the bytes still on this computer."""
        return self.line.waiting()

    def status(self) -> PrinterStatus:
        """Ask the printer; in a job only what needs no bytes."""
        if self._touched:
            return self.line.status()
        try:
            if self._open:
                return self._asked()
            self.line.preflight()
            self.line.open()
            return self._asked()
        except DeviceError as error:
            return status_of(error)
        finally:
            if not self._open:
                self.line.close()

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Send a question of the caller's own; only before a job's first byte."""
        assert not self._touched
        return self.line.ask(question, most, timeout_s)

    def finish(self) -> Ending:
        """Say that the job is complete."""
        return self.line.finish()

    def close(self) -> None:
        """Let go of the printer."""
        self._open = self._touched = False
        self.line.close()

    def _asked(self) -> PrinterStatus:
        if self._clock() < self._silent_until:
            return UNKNOWN
        answers = []
        for question in QUESTIONS[self._dialect]:
            answer = self.line.ask(question.ask, question.most, question.timeout_s)
            if not answer:
                wait_s = SILENT_S if self._answered else NEVER_ANSWERED_S
                self._silent_until = self._clock() + wait_s
                return UNKNOWN
            answers.append(answer)
        self._answered = True
        return read_status(self._dialect, answers)
