"""A printer that is asked before each job, in its own language and never inside a job."""

from __future__ import annotations

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import send
from packstation.devices.spoken_line import NEVER_ANSWERED_S, SILENT_S, SpokenLine
from packstation.devices.usb_line import UsbTransport
from packstation.ports import PrinterState
from packstation.printing.media import StatusDialect
from tests.devices.fake_usb import ONE_WAY, FakePrinter, FakeUsb
from tests.devices.transport_contract import PAYLOAD, QUICK, TransportContract

QUESTION = b"\x1b!?"


class Now:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += 0.05
        return self.at


def spoken(printer: FakePrinter, now: Now | None = None) -> SpokenLine:
    clock = now or Now()
    line = UsbTransport(port="1-2.3", backend=FakeUsb(printer), clock=clock)
    return SpokenLine(line, StatusDialect.TSPL, "Label 4", clock=clock)


class TestSpoken(TransportContract):
    @pytest.fixture
    def transport(self) -> SpokenLine:
        self.printer = FakePrinter(answers={QUESTION: b"\x00"})
        return spoken(self.printer)

    def received(self) -> bytes:
        return bytes(self.printer.received)


@pytest.mark.parametrize(
    ("bits", "code"), [(1, "cover_open"), (4, "no_paper"), (8, "ribbon_out"), (0x10, "paused")]
)
def test_job_waits_until_a_hand_has_mended_it(bits: int, code: str) -> None:
    printer = FakePrinter(answers={QUESTION: bytes([bits])})
    told: list[str] = []

    def hand(said: str) -> None:
        told.append(said)
        assert not printer.received
        printer.answers[QUESTION] = b"\x00"

    report = send(
        spoken(printer), PAYLOAD, on_first_byte=lambda: None, stalled=hand, patience=QUICK
    )
    assert report.outcome is PrintOutcome.SENT
    assert told == [f"printer.{code}", ""]
    assert bytes(printer.received) == PAYLOAD


def test_no_question_stands_inside_a_job() -> None:
    printer = FakePrinter(answers={QUESTION: b"\x00"}, room=1000, port_status=b"\x38")
    told: list[str] = []
    report = send(
        spoken(printer),
        PAYLOAD,
        on_first_byte=lambda: None,
        stalled=told.append,
        given_up=lambda: bool(told),
        patience=QUICK,
    )
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.no_paper")
    assert printer.log.count("asked") == 1
    assert bytes(printer.received) == PAYLOAD[:1000]


def test_one_that_never_answers_is_left_alone_for_a_while() -> None:
    printer, now = FakePrinter(answers={QUESTION: b""}), Now()
    line = spoken(printer, now)
    for _ in range(3):
        assert line.status().state is PrinterState.UNKNOWN
    assert printer.log.count("asked") == 1
    now.at += NEVER_ANSWERED_S
    line.status()
    assert printer.log.count("asked") == 2


def test_one_that_answered_before_is_asked_again_soon() -> None:
    printer, now = FakePrinter(answers={QUESTION: b"\x00"}), Now()
    line = spoken(printer, now)
    assert line.status().state is PrinterState.READY
    printer.answers[QUESTION] = b""
    assert line.status().state is PrinterState.UNKNOWN
    printer.answers[QUESTION] = b"\x04"
    now.at += SILENT_S
    assert line.status().state is PrinterState.NO_PAPER


def test_garbage_holds_nothing_up() -> None:
    printer = FakePrinter(answers={QUESTION: b"\x7f"})
    report = send(spoken(printer), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert report.outcome is PrintOutcome.SENT


def test_line_without_a_way_back_is_unknown() -> None:
    printer = FakePrinter(interfaces=[ONE_WAY], answers={QUESTION: b"\x04"})
    assert spoken(printer).status().state is PrinterState.UNKNOWN
    assert "asked" not in printer.log


def test_trouble_of_the_line_is_the_status() -> None:
    assert spoken(FakePrinter(gone=True)).status().state is PrinterState.NOT_FOUND
    assert spoken(FakePrinter(held=True)).status().state is PrinterState.BUSY
