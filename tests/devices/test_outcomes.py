"""Four outcomes of printing, each from the fault that causes it (faults.md 2.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import CHUNK_BYTES, Patience, SendReport, send
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus
from packstation.printing.media import load_printer
from tests.devices.transport_contract import QUICK
from tests.printing.paper import RESOURCES

PAYLOAD = bytes(5 * CHUNK_BYTES + 7)


@pytest.fixture
def virtual(tmp_path: Path) -> VirtualTransport:
    return VirtualTransport(tmp_path, load_printer(RESOURCES / "printers", "virtual-tspl"))


def sent(virtual: VirtualTransport, fault: Fault) -> SendReport:
    virtual.fault = fault
    return send(virtual, PAYLOAD, on_first_byte=lambda: None, patience=QUICK)


@pytest.mark.parametrize(
    ("fault", "outcome", "bytes_sent", "detail"),
    [
        (Fault(), PrintOutcome.CONFIRMED, len(PAYLOAD), ""),
        (Fault(Trouble.SAYS_NOTHING), PrintOutcome.SENT, len(PAYLOAD), ""),
        (Fault(Trouble.PAPER_OUT), PrintOutcome.CANCELLED, 0, "printer.no_paper"),
        (Fault(Trouble.UNPLUGGED), PrintOutcome.FAILED, 0, "printer.gone"),
        (Fault(Trouble.STUCK), PrintOutcome.CANCELLED, 0, "printer.blocked"),
        (Fault(Trouble.STUCK, 99), PrintOutcome.UNKNOWN, 99, "printer.blocked"),
        (Fault(Trouble.PRINTS_SILENTLY), PrintOutcome.UNKNOWN, len(PAYLOAD), "printer.no_answer"),
    ],
)
def test_each_trouble_has_its_outcome(
    virtual: VirtualTransport, fault: Fault, outcome: PrintOutcome, bytes_sent: int, detail: str
) -> None:
    assert sent(virtual, fault) == SendReport(outcome, bytes_sent, detail)


@pytest.mark.parametrize(
    "after", [1, 2, *(n * CHUNK_BYTES + d for n in range(1, 6) for d in (-1, 0, 1))]
)
def test_unplugged_after_the_first_byte_is_unknown(virtual: VirtualTransport, after: int) -> None:
    report = sent(virtual, Fault(Trouble.UNPLUGGED, after))
    assert report == SendReport(PrintOutcome.UNKNOWN, after, "printer.gone")
    assert virtual.jobs() == []


class Flaky:
    """Fails some opens, then takes a few bytes at a time."""

    def __init__(self, bad_opens: int, step: int = 1000, fail_at: int = -1) -> None:
        self.opens = 0
        self.taken = bytearray()
        self._bad_opens = bad_opens
        self._step = step
        self._fail_at = fail_at

    def preflight(self) -> None: ...

    def open(self) -> None:
        self.opens += 1
        if self.opens <= self._bad_opens:
            raise DeviceError("printer.not_found", "gone")

    def write(self, data: bytes) -> int:
        if 0 <= self._fail_at <= len(self.taken):
            raise DeviceError("printer.gone", "gone")
        self.taken += data[: self._step]
        return min(self._step, len(data))

    def waiting(self) -> int:
        return 0

    def status(self) -> PrinterStatus:
        return PrinterStatus(PrinterState.UNKNOWN)

    def finish(self) -> Ending:
        return Ending.SILENT

    def close(self) -> None: ...


def test_tried_again_while_no_byte_has_left() -> None:
    printer, pauses, announced = Flaky(bad_opens=2), list[float](), list[int]()
    report = send(
        printer,
        PAYLOAD,
        on_first_byte=lambda: announced.append(1),
        patience=Patience(attempts=3, between_s=0.5),
        pause=pauses.append,
    )
    assert report.outcome is PrintOutcome.SENT
    assert bytes(printer.taken) == PAYLOAD
    assert sum(pauses) == pytest.approx(1.0)
    assert max(pauses) <= 0.1
    assert announced == [1]


def test_never_tried_again_after_a_byte_has_left() -> None:
    printer = Flaky(bad_opens=0, fail_at=1000)
    report = send(printer, PAYLOAD, on_first_byte=lambda: None, pause=lambda _: None)
    assert report.outcome is PrintOutcome.UNKNOWN
    assert printer.opens == 1


def test_given_up_after_the_last_attempt() -> None:
    printer = Flaky(bad_opens=9)
    report = send(printer, PAYLOAD, on_first_byte=lambda: None, pause=lambda _: None)
    assert report == SendReport(PrintOutcome.FAILED, 0, "printer.not_found")
    assert printer.opens == 3
