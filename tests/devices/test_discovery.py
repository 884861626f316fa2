"""Printers are found once each, with an address that finds them again, and changes are told."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from packstation.devices import hotplug
from packstation.devices.addresses import parse_address
from packstation.devices.discovery import FoundLine, find_devices, find_printers, find_usb
from packstation.devices.hotplug import PrinterWatch, cheap_look
from packstation.devices.lines import open_line
from packstation.devices.usb_line import UsbTransport
from packstation.ports import PrinterState
from packstation.printing.media import Language, PrinterProfile
from tests.devices.fake_usb import IPP, SCANNER, TWO_WAY, FakePrinter, FakeUsb

PROFILE = PrinterProfile("x", "X", Language.TSPL, 8, 832, seen_on="nothing: invented")


def test_usb_printer_with_a_serial_of_its_own_has_it_in_its_address(tmp_path: Path) -> None:
    bus = FakeUsb(FakePrinter())
    (found,) = find_usb(bus)
    assert found.address == "usb://1fc9:2016/A1"
    assert (found.name, found.port) == ("Some Label 4", "1-2.3")
    assert found.device_id == "MFG:Some;MDL:Label 4;CMD:TSPL;"
    assert bus.opened == 0
    line = open_line(parse_address(found.address), PROFILE, tmp_path)
    assert isinstance(line, UsbTransport)


def test_printers_without_a_serial_or_with_the_same_one_go_by_their_socket() -> None:
    same = (FakePrinter(serial="0000"), FakePrinter(serial="0000", ports=(4,)))
    bus = FakeUsb(*same, FakePrinter(serial="", ports=(1,)), FakePrinter(ports=None, bus=2))
    found = [one.address for one in find_usb(bus)]
    assert found == ["usb-port://1-2.3", "usb-port://1-4", "usb-port://1-1", "usb://1fc9:2016/A1"]
    for address in found:
        parse_address(address)


def test_printer_that_may_not_be_opened_shows_the_rule() -> None:
    (found,) = find_usb(FakeUsb(FakePrinter(denied=True)))
    assert found.status.state is PrinterState.NO_ACCESS
    assert 'ATTR{idVendor}=="1fc9"' in found.fix
    assert found.address == "usb-port://1-2.3"


def test_looking_disturbs_no_job() -> None:
    printer = FakePrinter(held=True, driver={0}, interfaces=[SCANNER, TWO_WAY])
    find_usb(FakeUsb(printer))
    assert (printer.log, printer.claimed, bytes(printer.received)) == ([], set(), b"")


def test_scanners_are_no_printers() -> None:
    assert find_usb(FakeUsb(FakePrinter(interfaces=[SCANNER, IPP]))) == ()


@pytest.fixture
def kernel(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of printer devices, and one that says which socket they belong to."""
    devices, classes = tmp_path / "usb", tmp_path / "usbmisc"
    for name, socket in (("lp0", "1-2.3:1.0"), ("lp1", "1-9:1.0")):
        (tmp_path / socket).mkdir()
        (classes / name).mkdir(parents=True)
        (classes / name / "device").symlink_to(tmp_path / socket)
        devices.mkdir(exist_ok=True)
        (devices / name).touch()
    return devices, classes


def addresses(bus: FakeUsb, kernel: tuple[Path, Path]) -> list[str]:
    found = find_printers(backend=bus, lp_folder=kernel[0], lp_class=kernel[1])
    return [one.address for one in found if one.port]


def test_printer_seen_twice_is_one_row(kernel: tuple[Path, Path]) -> None:
    lp0, lp1 = (str(kernel[0] / name) for name in ("lp0", "lp1"))
    assert addresses(FakeUsb(), kernel) == [lp0, lp1]
    assert addresses(FakeUsb(FakePrinter()), kernel) == ["usb://1fc9:2016/A1", lp1]
    assert addresses(FakeUsb(FakePrinter(denied=True)), kernel) == [lp0, lp1]


def test_device_that_may_not_be_written_says_so(
    kernel: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    states = {one.status.state for one in find_devices(*kernel)}
    assert states == {PrinterState.NO_ACCESS}


class Told:
    """Collects what a watch tells."""

    def __init__(self) -> None:
        self.lists: list[tuple[FoundLine, ...]] = []
        self._more = threading.Condition()

    def __call__(self, found: tuple[FoundLine, ...]) -> None:
        with self._more:
            self.lists.append(found)
            self._more.notify_all()

    def wait_for(self, count: int) -> bool:
        with self._more:
            return self._more.wait_for(lambda: len(self.lists) >= count, timeout=10)


def test_coming_and_going_is_told_once_each() -> None:
    printer = FakePrinter()
    bus, told, finds = FakeUsb(), Told(), list[int]()

    def find() -> tuple[FoundLine, ...]:
        finds.append(1)
        return find_usb(bus)

    watch = PrinterWatch(told, find=find, glance=lambda: len(bus.printers), every_s=0.01)
    try:
        assert told.wait_for(1)
        bus.printers.append(printer)
        assert told.wait_for(2)
        bus.printers.clear()
        assert told.wait_for(3)
    finally:
        watch.close()
    assert [len(one) for one in told.lists] == [0, 1, 0]
    assert len(finds) <= 3 * hotplug.SETTLE_LOOKS


def test_look_again_finds_what_no_cable_tells() -> None:
    told, queues = Told(), list[FoundLine]()
    watch = PrinterWatch(told, find=lambda: tuple(queues), glance=lambda: 0, every_s=0.01)
    try:
        assert told.wait_for(1)
        queues.append(FoundLine("cups://LABELS", "LABELS"))
        watch.look_again()
        assert told.wait_for(2)
    finally:
        watch.close()


def test_failed_look_keeps_what_was_known_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    told, fails, glances = Told(), list[int](), list[int]()

    def find() -> tuple[FoundLine, ...]:
        if not fails:
            fails.append(1)
            raise OSError("the bus is busy")
        return (FoundLine("cups://LABELS", "LABELS"),)

    watch = PrinterWatch(told, find=find, glance=lambda: glances.append(1), every_s=0.01)
    try:
        assert told.wait_for(2)
    finally:
        watch.close()
    assert "printers cannot be looked for" in caplog.text


def test_cheap_look_sees_names_come_and_go(tmp_path: Path) -> None:
    before = cheap_look((tmp_path, tmp_path / "none"))
    assert cheap_look((tmp_path, tmp_path / "none")) == before
    (tmp_path / "1-2").mkdir()
    assert cheap_look((tmp_path, tmp_path / "none")) != before


def test_computer_without_these_folders_asks_libusb(tmp_path: Path) -> None:
    assert isinstance(cheap_look((tmp_path / "none",)), tuple)
