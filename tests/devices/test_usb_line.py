"""USB printers against a bus that is a program: byte by byte, fault by fault."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import CHUNK_BYTES, Patience, SendReport, send
from packstation.devices.transports import Transport
from packstation.devices.usb_ids import usb_printers
from packstation.devices.usb_line import UsbTransport
from packstation.errors import DeviceError
from packstation.ports import PrinterState
from tests.devices.fake_usb import (
    IPP,
    ONE_WAY,
    SCANNER,
    TWO_WAY,
    Alternate,
    FakePrinter,
    FakeUsb,
)
from tests.devices.transport_contract import QUICK, TransportContract

PAYLOAD = bytes(range(256)) * 200 + b"end"
LAST = len(PAYLOAD)
DONE = (PrintOutcome.SENT, PrintOutcome.CONFIRMED)


def line(printer: FakePrinter, *others: FakePrinter, **options: Any) -> UsbTransport:
    found = {"vendor": printer.vendor, "product": printer.product, "serial": printer.serial}
    return UsbTransport(backend=FakeUsb(printer, *others), **{**found, **options})


def sent(
    printer: FakePrinter, *, told: list[str] | None = None, patience: Patience = QUICK, **more: Any
) -> SendReport:
    said: list[str] = [] if told is None else told
    return send(
        more.pop("transport", None) or line(printer),
        PAYLOAD,
        on_first_byte=lambda: None,
        stalled=said.append,
        patience=patience,
        **more,
    )


def code_of(transport: UsbTransport) -> tuple[str, str]:
    with pytest.raises(DeviceError) as refusal:
        transport.open()
    return refusal.value.code, str(refusal.value)


class TestUsb(TransportContract):
    @pytest.fixture
    def transport(self) -> Transport:
        self.printer = FakePrinter(most=1000)
        return line(self.printer)

    def received(self) -> bytes:
        return bytes(self.printer.received)


OFFSETS = [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, LAST - 1]


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("most", [1 << 20, 1000, 64])
@pytest.mark.parametrize("offset", OFFSETS)
def test_unplugged_after_a_byte_is_unknown_and_never_sent_again(
    offset: int, most: int, counts: bool
) -> None:
    printer = FakePrinter(unplug_at=offset, most=most, counts=counts)
    report = sent(printer)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.gone")
    assert bytes(printer.received) == PAYLOAD[:offset]
    assert offset - report.bytes_sent in range(CHUNK_BYTES + 1)
    assert report.bytes_sent == offset or not counts


def test_unplugged_before_the_job_failed_without_a_byte() -> None:
    printer = FakePrinter(gone=True)
    assert sent(printer) == SendReport(PrintOutcome.FAILED, 0, "printer.not_found")


def test_unplugged_in_the_very_first_write_is_unknown() -> None:
    """A packet whose receipt was lost may be in the printer: nothing is tried again."""
    printer = FakePrinter(unplug_at=0)
    assert sent(printer) == SendReport(PrintOutcome.UNKNOWN, 0, "printer.gone")


@pytest.mark.parametrize("counts", [True, False])
def test_unplugged_with_the_last_byte_is_unknown(counts: bool) -> None:
    """The transfer ended with an error though the printer has all of it."""
    printer = FakePrinter(unplug_at=LAST, counts=counts)
    report = sent(printer)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.gone")
    assert bytes(printer.received) == PAYLOAD


def test_unplugged_after_the_last_byte_is_sent() -> None:
    printer = FakePrinter()
    transport = line(printer)
    transport.open()
    assert transport.write(b"all of it") == 9
    printer.unplug()
    transport.finish()
    transport.close()


@pytest.mark.parametrize("offset", [0, 1, *OFFSETS])
def test_stall_is_cleared_once_and_goes_on_at_the_very_byte(offset: int) -> None:
    printer = FakePrinter(stall_at={offset})
    assert sent(printer).outcome is PrintOutcome.SENT
    assert bytes(printer.received) == PAYLOAD
    assert printer.log.count("clear halt") == 1


def test_stall_of_unknown_length_is_unknown() -> None:
    printer = FakePrinter(stall_at={5}, counts=False)
    report = sent(printer)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.halted")
    assert bytes(printer.received) == PAYLOAD[:5]


def test_stall_that_comes_back_ends_the_job() -> None:
    printer = FakePrinter()
    bus = FakeUsb(printer)
    transport = UsbTransport(port="1-2.3", backend=bus)
    transport.open()
    printer.halted = True
    assert transport.write(b"abc") == 0
    printer.halted = True
    with pytest.raises(DeviceError) as ended:
        transport.write(b"abc")
    assert ended.value.code == "printer.halted"
    transport.close()
    assert bus.opened == 0


@pytest.mark.parametrize(
    ("status", "cause"), [(b"\x30", "no_paper"), (b"\x10", "error"), (b"\x18", "blocked")]
)
@pytest.mark.parametrize("room", [0, 1, CHUNK_BYTES, LAST - 1])
def test_paper_out_and_back_goes_on_by_itself(room: int, status: bytes, cause: str) -> None:
    printer = FakePrinter(room=room, port_status=status)
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        if code:
            printer.room, printer.port_status = 1 << 30, b"\x18"

    report = send(line(printer), PAYLOAD, on_first_byte=lambda: None, stalled=hand, patience=QUICK)
    assert report == SendReport(PrintOutcome.SENT, LAST, "")
    assert told == [f"printer.{cause}", ""]
    assert bytes(printer.received) == PAYLOAD


@pytest.mark.parametrize(
    ("room", "outcome"), [(0, PrintOutcome.CANCELLED), (1, PrintOutcome.UNKNOWN)]
)
def test_job_given_up_while_it_stalls(room: int, outcome: PrintOutcome) -> None:
    printer = FakePrinter(room=room, port_status=b"\x38")
    told: list[str] = []
    report = sent(printer, told=told, given_up=lambda: bool(told))
    assert report == SendReport(outcome, room, "printer.no_paper")
    assert told == ["printer.no_paper"]
    assert not printer.claimed


def test_model_whose_port_status_is_true_waits_before_the_first_byte() -> None:
    printer = FakePrinter(port_status=b"\x38")
    told: list[str] = []
    transport = line(printer, heed_port_status=True)
    report = sent(printer, told=told, transport=transport, given_up=lambda: bool(told))
    assert report == SendReport(PrintOutcome.CANCELLED, 0, "printer.no_paper")
    assert not printer.received


def test_port_status_of_other_models_holds_nothing_up() -> None:
    printer = FakePrinter(port_status=b"\x38")
    assert sent(printer).outcome is PrintOutcome.SENT


def test_status_that_is_never_answered_is_asked_once() -> None:
    printer = FakePrinter(port_status=None, room=0)
    transport = line(printer)
    for _ in range(3):
        assert transport.status().state is PrinterState.UNKNOWN
    assert printer.log == ["port status asked"]


def test_another_program_holds_it_until_it_lets_go() -> None:
    printer = FakePrinter(held=True)
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        printer.held = False

    report = send(line(printer), PAYLOAD, on_first_byte=lambda: None, stalled=hand, patience=QUICK)
    assert report.outcome is PrintOutcome.SENT
    assert told == ["printer.busy", ""]
    assert bytes(printer.received) == PAYLOAD


def test_busy_names_the_cause() -> None:
    code, text = code_of(line(FakePrinter(held=True)))
    assert code == "printer.busy"
    assert "another program holds it" in text
    code, text = code_of(line(FakePrinter(driver={0}, driver_stays=True)))
    assert code == "printer.busy"
    assert "usblp" in text


def test_two_programs_never_share_a_job() -> None:
    """The second one gets nothing in between: it is busy until the first has let go."""
    printer = FakePrinter()
    first = line(printer)
    first.open()
    first.write(b"first")
    printer.held = True  # how the bus answers a second program
    assert code_of(line(printer))[0] == "printer.busy"
    assert bytes(printer.received) == b"first"


def test_access_denied_shows_the_rule_with_the_real_ids() -> None:
    printer = FakePrinter(denied=True)
    code, text = code_of(line(printer))
    assert code == "printer.access_denied"
    assert 'ATTR{idVendor}=="1fc9", ATTR{idProduct}=="2016"' in text
    assert '"*:0701*:*"' in text
    status = line(printer).status()
    assert status.state is PrinterState.NO_ACCESS
    assert "1fc9" in status.fix


def test_kernel_driver_gets_its_printer_back() -> None:
    printer = FakePrinter(driver={0})
    assert sent(printer).outcome is PrintOutcome.SENT
    assert printer.log == ["detach 0", "attach 0"]
    assert printer.driver == {0}


def test_configuration_is_set_only_where_there_is_none() -> None:
    printer = FakePrinter(active=0)
    assert sent(printer).outcome is PrintOutcome.SENT
    assert printer.log == ["configuration 1"]
    printer.log.clear()
    assert sent(printer).outcome is PrintOutcome.SENT
    assert printer.log == []


def test_scanner_beside_the_printer_is_left_alone() -> None:
    printer = FakePrinter(interfaces=[SCANNER, IPP, ONE_WAY, TWO_WAY])
    transport = line(printer)
    transport.open()
    assert printer.claimed == {3}
    assert transport.device_id() == "MFG:Some;MDL:Label 4;CMD:TSPL;"
    transport.close()


def test_one_way_is_taken_where_there_is_no_other() -> None:
    printer = FakePrinter(interfaces=[IPP, ONE_WAY])
    assert sent(printer).outcome is PrintOutcome.SENT


def test_ipp_and_scanners_are_no_printers() -> None:
    bus = FakeUsb(FakePrinter(interfaces=[IPP, SCANNER]))
    assert list(usb_printers(bus)) == []


def test_alternate_setting_is_chosen_by_protocol() -> None:
    alternates = [
        Alternate((7, 1, 1), ((0x01, 2, 64),), 0),
        Alternate((7, 1, 2), ((0x02, 2, 64), (0x82, 2, 64)), 1),
        Alternate((7, 1, 4), ((0x03, 2, 64),), 2),
    ]
    printer = FakePrinter(interfaces=[alternates])
    assert sent(printer).outcome is PrintOutcome.SENT
    assert printer.log == ["alternate 0 1"]


def test_serial_tells_two_of_a_model_apart() -> None:
    one, other = FakePrinter(serial="A1"), FakePrinter(serial="B2", ports=(2, 4))
    assert sent(other, transport=line(other, one)).outcome is PrintOutcome.SENT
    assert not one.received
    assert bytes(other.received) == PAYLOAD


def test_two_with_one_serial_are_never_mixed_up() -> None:
    one, other = FakePrinter(), FakePrinter(ports=(2, 4))
    code, text = code_of(line(one, other))
    assert code == "printer.not_found"
    assert "by its socket" in text
    bus = FakeUsb(one, other)
    by_port = UsbTransport(port="1-2.4", backend=bus)
    assert sent(other, transport=by_port).outcome is PrintOutcome.SENT
    assert not one.received
    assert bus.opened == 0


@given(
    most=some.integers(1, 40_000),
    room=some.integers(0, LAST + 10),
    unplug=some.none() | some.integers(0, LAST + 10),
    stalls=some.sets(some.integers(0, LAST), max_size=3),
    counts=some.booleans(),
)
def test_whatever_happens_one_original_at_most(
    most: int, room: int, unplug: int | None, stalls: set[int], counts: bool
) -> None:
    most = max(most, 500)
    printer = FakePrinter(
        most=most, room=room, unplug_at=unplug, stall_at=set(stalls), counts=counts
    )
    patience = Patience(attempts=2, between_s=0, stalled_s=0, poll_s=0, blocked_s=0)
    report = sent(printer, patience=patience, pause=lambda _: None)
    got = bytes(printer.received)
    assert PAYLOAD.startswith(got)
    if report.outcome in DONE:
        assert got == PAYLOAD
    if report.outcome in (PrintOutcome.FAILED, PrintOutcome.CANCELLED):
        assert got == b""
