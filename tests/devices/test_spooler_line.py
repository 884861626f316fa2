"""The Windows spooler against a stand-in of its library; a real Windows was not used."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import SendReport, send
from packstation.devices.spooler_line import (
    PrinterInfo4,
    SpoolerTransport,
    read_spooler_status,
    spooler_printers,
)
from packstation.devices.transports import Transport
from packstation.ports import PrinterState
from tests.devices.transport_contract import PAYLOAD, QUICK, TransportContract


class FakeWinspool:
    """Keeps jobs as the spooler does: printed at EndDoc, forgotten at Abort."""

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.calls: list[str] = []
        self.datatype = ""
        self.most = 3000
        self.status = 0
        self.fails = ""
        self.fail_write_after = 1 << 30
        self._job = b""

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            self.calls.append(name)
            return 0 if name == self.fails else getattr(self, f"_{name}")(*arguments)

        return call

    def _OpenPrinterW(self, name: str, handle: Any, defaults: Any) -> int:
        handle._obj.value = 7
        return int(name == "Label 4")

    def _StartDocPrinterW(self, handle: Any, level: int, info: Any) -> int:
        assert level == 1
        self.datatype = info._obj.datatype
        self._job = b""
        return 1

    def _WritePrinter(self, handle: Any, data: Any, size: int, taken: Any) -> int:
        if len(self._job) >= self.fail_write_after:
            return 0
        count = min(size, self.most)
        self._job += ctypes.string_at(data, count)
        taken._obj.value = count
        return 1

    def _EndDocPrinter(self, handle: Any) -> int:
        self.printed.append(self._job)
        return 1

    def _AbortPrinter(self, handle: Any) -> int:
        self._job = b""
        return 1

    def _StartPagePrinter(self, handle: Any) -> int:
        return 1

    _EndPagePrinter = _ClosePrinter = _StartPagePrinter

    def _GetPrinterW(self, handle: Any, level: int, info: Any, size: int, needed: Any) -> int:
        assert level == 6
        info._obj.status = self.status
        return 1

    def _EnumPrintersW(
        self, flags: int, name: Any, level: int, room: Any, size: int, needed: Any, count: Any
    ) -> int:
        assert (flags, level) == (6, 4)
        names = ("Label 4", "Front desk")
        rows = (PrinterInfo4 * 2)(*(PrinterInfo4(one, None, 0) for one in names))
        needed._obj.value = ctypes.sizeof(rows)
        if room is None:
            return 0
        self.kept = rows
        ctypes.memmove(room, rows, ctypes.sizeof(rows))
        count._obj.value = 2
        return 1


@pytest.fixture
def winspool() -> FakeWinspool:
    return FakeWinspool()


class TestSpooler(TransportContract):
    @pytest.fixture
    def transport(self, winspool: FakeWinspool) -> Transport:
        self.winspool = winspool
        return SpoolerTransport("Label 4", library=winspool)

    def received(self) -> bytes:
        assert self.winspool.datatype == "RAW"
        return self.winspool.printed[-1]


def sent(winspool: FakeWinspool, **more: Any) -> SendReport:
    line = SpoolerTransport("Label 4", library=winspool)
    return send(line, PAYLOAD, on_first_byte=lambda: None, patience=QUICK, **more)


@pytest.mark.parametrize(
    ("fails", "outcome", "detail"),
    [
        ("OpenPrinterW", PrintOutcome.FAILED, "printer.not_found"),
        ("StartDocPrinterW", PrintOutcome.FAILED, "printer.not_found"),
        ("EndDocPrinter", PrintOutcome.UNKNOWN, "printer.no_answer"),
    ],
)
def test_each_call_that_fails_has_its_outcome(
    winspool: FakeWinspool, fails: str, outcome: PrintOutcome, detail: str
) -> None:
    winspool.fails = fails
    report = sent(winspool)
    assert (report.outcome, report.detail) == (outcome, detail)
    assert winspool.printed == []


def test_job_that_breaks_off_is_taken_back_and_tried_again(winspool: FakeWinspool) -> None:
    winspool.fails = "WritePrinter"
    assert sent(winspool) == SendReport(PrintOutcome.FAILED, 0, "printer.queue_refused")
    assert winspool.printed == []
    assert winspool.calls.count("AbortPrinter") == QUICK.attempts


def test_job_that_breaks_off_later_is_unknown(winspool: FakeWinspool) -> None:
    """The queue may print while it takes: some of it can be on paper."""
    winspool.fail_write_after = 3000
    assert sent(winspool) == SendReport(PrintOutcome.UNKNOWN, 3000, "printer.queue_refused")
    assert winspool.calls.count("AbortPrinter") == 1


def test_printer_without_paper_waits(winspool: FakeWinspool) -> None:
    winspool.status = 0x10
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        winspool.status = 0

    assert sent(winspool, stalled=hand).outcome is PrintOutcome.SENT
    assert told == ["printer.no_paper", ""]
    assert winspool.printed == [PAYLOAD]


@pytest.mark.parametrize(
    ("bits", "state"),
    [
        (0, PrinterState.UNKNOWN),
        (0x1, PrinterState.PAUSED),
        (0x2, PrinterState.ERROR),
        (0x8, PrinterState.ERROR),
        (0x10, PrinterState.NO_PAPER),
        (0x80, PrinterState.NOT_FOUND),
        (0x400, PrinterState.UNKNOWN),
        (0x1000, PrinterState.NOT_FOUND),
        (0x400000, PrinterState.COVER_OPEN),
        (0x400 | 0x10, PrinterState.NO_PAPER),
    ],
)
def test_status_bits(bits: int, state: PrinterState) -> None:
    assert read_spooler_status(bits).state is state


def test_printers_of_the_system_are_listed(winspool: FakeWinspool) -> None:
    assert spooler_printers(winspool) == ("Label 4", "Front desk")
    assert SpoolerTransport("Elsewhere", library=winspool).status().state is PrinterState.NOT_FOUND
