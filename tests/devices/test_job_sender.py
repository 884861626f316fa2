"""Waiting, going on, giving up: what the sender promises whatever the line does."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import CHUNK_BYTES, STEP_S, Patience, SendReport, send
from packstation.devices.printer_faults import fault, nothing_left, untouched
from packstation.devices.status_dialects import MENDABLE
from packstation.devices.transports import Ending
from packstation.ports import PrinterState, PrinterStatus

PAYLOAD = bytes(range(251)) * 300


@dataclass
class Clock:
    """Time that passes only in pauses."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += max(seconds, 0.001)

    def __call__(self) -> float:
        return self.now


@dataclass
class Line:
    """Does what its script says: a count, a code to raise, or ``untouched:CODE``."""

    script: list[int | str] = field(default_factory=list)
    opens: list[str] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    """What ``waiting`` returns, one after the other, then 0."""
    ends: str = ""
    state: PrinterState = PrinterState.UNKNOWN
    received: bytearray = field(default_factory=bytearray)
    opened: int = 0
    closed: int = 0

    def preflight(self) -> None: ...

    def open(self) -> None:
        self.opened += 1
        if self.opens and (code := self.opens.pop(0)):
            raise fault(code, "p")

    def write(self, data: bytes) -> int:
        step = self.script.pop(0) if self.script else len(data)
        if isinstance(step, str):
            kind, _, code = step.rpartition(":")
            raise (untouched if kind else fault)(code, "p")
        self.received += data[:step]
        return min(step, len(data))

    def waiting(self) -> int:
        return self.kept.pop(0) if self.kept else 0

    def status(self) -> PrinterStatus:
        return PrinterStatus(self.state)

    def finish(self) -> Ending:
        if self.ends == "refused":
            raise nothing_left("printer.queue_refused", "p")
        if self.ends:
            raise fault(self.ends, "p")
        return Ending.SILENT

    def close(self) -> None:
        self.closed += 1


def sent(
    line: Line, *, told: list[str] | None = None, give_up_after: float = 1e9, **patience: float
) -> tuple[SendReport, Clock]:
    clock = Clock()
    report = send(
        line,
        PAYLOAD,
        on_first_byte=lambda: None,
        stalled=(told if told is not None else []).append,
        given_up=lambda: clock.now >= give_up_after,
        patience=Patience(**patience),  # type: ignore[arg-type]  # numbers of the tests
        pause=clock.pause,
        clock=clock,
    )
    return report, clock


def test_stall_is_told_once_after_ten_seconds_and_the_end_of_it() -> None:
    line, told = Line(script=[1000, *[0] * 400]), list[str]()
    report, clock = sent(line, told=told)
    assert report == SendReport(PrintOutcome.SENT, len(PAYLOAD), "")
    assert told == ["printer.blocked", ""]
    assert bytes(line.received) == PAYLOAD
    assert line.opened == 1
    assert clock.now == pytest.approx(20, abs=1)


def test_short_pause_is_no_stall() -> None:
    told: list[str] = []
    assert sent(Line(script=[0] * 150), told=told)[0].outcome is PrintOutcome.SENT
    assert told == []


def test_cause_is_asked_and_told_again_when_it_changes() -> None:
    line, told = Line(script=[0] * 500, state=PrinterState.NO_PAPER), list[str]()

    class Changing(list[str]):
        def append(self, code: str) -> None:
            super().append(code)
            line.state = PrinterState.COVER_OPEN

    told = Changing()
    sent(line, told=told)
    assert list(told) == ["printer.no_paper", "printer.cover_open", ""]


@pytest.mark.parametrize("code", sorted(MENDABLE))
def test_what_a_hand_mends_is_waited_for_without_end_of_attempts(code: str) -> None:
    line, told = Line(opens=[code] * 50), list[str]()
    report, clock = sent(line, told=told, attempts=1)
    assert report.outcome is PrintOutcome.SENT
    assert told == [code, ""]
    assert max(clock.pauses) <= STEP_S


@pytest.mark.parametrize("code", ["printer.not_found", "printer.access_denied", "printer.gone"])
def test_what_no_hand_mends_fails_after_the_attempts(code: str) -> None:
    line = Line(opens=[code] * 9)
    assert sent(line)[0] == SendReport(PrintOutcome.FAILED, 0, code)
    assert (line.opened, line.closed) == (3, 3)


def test_given_up_before_a_byte_is_cancelled_and_says_for_what_it_waited() -> None:
    line = Line(opens=["printer.cover_open"] * 999)
    report, clock = sent(line, give_up_after=5)
    assert report == SendReport(PrintOutcome.CANCELLED, 0, "printer.cover_open")
    assert clock.now <= 5 + 0.2


def test_given_up_after_a_byte_is_unknown() -> None:
    line = Line(script=[7, *[0] * 9999])
    report, clock = sent(line, give_up_after=15)
    assert report == SendReport(PrintOutcome.UNKNOWN, 7, "printer.blocked")
    assert clock.now <= 15 + 0.2


def test_given_up_while_the_line_is_looked_for_is_cancelled() -> None:
    report, _ = sent(Line(opens=["printer.not_found"] * 9), give_up_after=0.2)
    assert report.outcome is PrintOutcome.CANCELLED


@pytest.mark.parametrize(
    ("script", "outcome"), [([], PrintOutcome.CANCELLED), ([9], PrintOutcome.UNKNOWN)]
)
def test_blocked_for_too_long_ends_as_if_given_up(
    script: list[int | str], outcome: PrintOutcome
) -> None:
    line = Line(script=[*script, *[0] * 99_999])
    report, clock = sent(line, blocked_s=60)
    assert (report.outcome, report.detail) == (outcome, "printer.blocked")
    assert clock.now == pytest.approx(70, abs=1)


def test_line_that_breaks_in_the_first_write_is_unknown_though_nothing_is_counted() -> None:
    line = Line(script=["printer.gone"])
    assert sent(line)[0] == SendReport(PrintOutcome.UNKNOWN, 0, "printer.gone")
    assert line.opened == 1


def test_line_that_breaks_before_the_first_byte_for_certain_is_tried_again() -> None:
    line = Line(script=["untouched:printer.gone"])
    assert sent(line)[0].outcome is PrintOutcome.SENT
    assert line.opened == 2
    assert bytes(line.received) == PAYLOAD


def test_line_that_breaks_later_is_not_tried_again_however_certain() -> None:
    line = Line(script=[5, "untouched:printer.gone"])
    assert sent(line)[0] == SendReport(PrintOutcome.UNKNOWN, 5, "printer.gone")
    assert line.opened == 1


def test_bytes_that_stay_on_this_computer_hold_the_job_open() -> None:
    line, told = Line(kept=[900] * 300 + [400] * 30), list[str]()
    report, _ = sent(line, told=told)
    assert report.outcome is PrintOutcome.SENT
    assert told == ["printer.blocked", ""]


def test_bytes_that_never_leave_are_unknown_when_given_up() -> None:
    line = Line(kept=[900] * 99_999)
    report, _ = sent(line, give_up_after=20)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.blocked")


def test_queue_that_refuses_the_whole_job_is_tried_again() -> None:
    line = Line(ends="refused")
    assert sent(line)[0] == SendReport(PrintOutcome.FAILED, 0, "printer.queue_refused")
    assert line.opened == 3


def test_given_up_once_every_byte_has_left_is_too_late() -> None:
    line = Line()
    report = send(line, b"abc", on_first_byte=lambda: None, given_up=lambda: bool(line.received))
    assert report.outcome is PrintOutcome.SENT


STEPS = some.lists(
    some.integers(0, CHUNK_BYTES + 5)
    | some.sampled_from(["printer.gone", "untouched:printer.gone", "printer.halted"]),
    max_size=12,
)
OPENS = some.lists(some.sampled_from(["", "printer.not_found", "printer.no_paper"]), max_size=6)


@given(
    script=STEPS,
    opens=OPENS,
    ends=some.sampled_from(["", "printer.gone"]),
    give_up=some.floats(0, 30),
)
def test_whatever_the_line_does_one_original_at_most(
    script: list[int | str], opens: list[str], ends: str, give_up: float
) -> None:
    line = Line(script=script, opens=opens, ends=ends)
    report, _ = sent(line, give_up_after=give_up)
    got = bytes(line.received)
    assert PAYLOAD.startswith(got)
    assert report.bytes_sent == len(got)
    if report.outcome in (PrintOutcome.SENT, PrintOutcome.CONFIRMED):
        assert got == PAYLOAD
    if report.outcome in (PrintOutcome.FAILED, PrintOutcome.CANCELLED):
        assert got == b""
    assert line.opened <= line.closed
