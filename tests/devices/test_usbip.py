"""The same transport over USB/IP: a second path with a device and a host side not written here.

The device is a program on the loopback (PyPI ``usbip``), the host is ``pyusb-usbip-backend``. That
host hides partial writes and tells no serial, so counts and identity are tested on the fake bus.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import usbip
from usbip_backend import USBIPBackend

from packstation.core.status import PrintOutcome
from packstation.devices.discovery import find_usb
from packstation.devices.job_sender import send
from packstation.devices.transports import Transport
from packstation.devices.usb_ids import usb_printers
from packstation.devices.usb_line import UsbTransport
from packstation.ports import PrinterState
from tests.devices.transport_contract import PAYLOAD, QUICK, TransportContract

DEVICE_ID = b"MFG:Some;MDL:Label 4;CMD:ZPL;"


class PrinterClass(usbip.Interface):  # type: ignore[misc]  # usbip has no types
    """A printer class interface as the USB printer class 1.1 describes it."""

    bInterfaceClass = 7  # noqa: N815  # the library's name
    bInterfaceSubClass = 1  # noqa: N815
    bInterfaceProtocol = 2  # noqa: N815
    in_ep = usbip.In(0x81, "bulk", mps=64)
    out_ep = usbip.Out(0x01, "bulk", mps=64)

    def __init__(self) -> None:
        super().__init__()
        self.received = bytearray()
        self.port_status = 0x18
        self.stall_from = 1 << 30
        self.break_from = 1 << 30

    def on_control(self, setup: usbip.Setup, data: bytes = b"") -> bytes:
        if setup.bRequest == 0:
            return (len(DEVICE_ID) + 2).to_bytes(2, "big") + DEVICE_ID
        if setup.bRequest == 1:
            return bytes([self.port_status])
        raise usbip.Stall

    def on_out(self, ep: object, data: bytes) -> None:
        if len(self.received) >= self.stall_from:
            raise usbip.Stall
        if len(self.received) >= self.break_from:
            raise ConnectionResetError
        self.received += data


class Bus:
    """A printer, plugged into a port of the loopback, and the host's side of it."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.printer = PrinterClass()
        self._device = usbip.USBDevice(0x1FC9, 0x2016, product="Label 4", serial="A1")
        self._device.add(self.printer)
        self._device.plug(via=usbip.USBIP("127.0.0.1", self.port))
        self.hosts: list[USBIPBackend] = []

    def __call__(self) -> USBIPBackend:
        host = USBIPBackend("127.0.0.1", self.port)
        self.hosts.append(host)
        return host

    def line(self) -> UsbTransport:
        return UsbTransport(vendor=0x1FC9, product=0x2016, backend=self)

    def stop(self) -> None:
        self._device.unplug()
        for host in self.hosts:
            for connection in host._conns.values():
                connection.close()


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    yield made
    made.stop()


class TestUsbip(TransportContract):
    @pytest.fixture
    def transport(self, bus: Bus) -> Transport:
        self.bus = bus
        return bus.line()

    def received(self) -> bytes:
        return bytes(self.bus.printer.received)


def test_the_printer_is_found_by_its_class_with_its_1284_id(bus: Bus) -> None:
    (found,) = find_usb(bus)
    assert found.device_id == DEVICE_ID.decode()
    assert found.name == "Some Label 4"
    assert found.address.startswith("usb-port://")
    (device,) = usb_printers(bus())
    assert (device.id, device.interfaces[0].protocol) == ("1fc9:2016", 2)


@pytest.mark.parametrize(
    ("bits", "state"),
    [(0x18, PrinterState.READY), (0x38, PrinterState.NO_PAPER), (0x10, PrinterState.ERROR)],
)
def test_port_status_is_told(bus: Bus, bits: int, state: PrinterState) -> None:
    bus.printer.port_status = bits
    assert bus.line().status().state is state


def test_stall_in_the_middle_is_unknown_and_nothing_is_sent_twice(bus: Bus) -> None:
    bus.printer.stall_from = 20_000
    report = send(bus.line(), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.halted")
    assert PAYLOAD.startswith(bytes(bus.printer.received))
    assert 0 < len(bus.printer.received) < len(PAYLOAD)


def test_unplugged_in_the_middle_is_unknown(bus: Bus) -> None:
    bus.printer.break_from = 20_000
    report = send(bus.line(), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.gone")
    assert PAYLOAD.startswith(bytes(bus.printer.received))
    assert len(bus.printer.received) < len(PAYLOAD)


def test_not_plugged_in_is_not_found(bus: Bus) -> None:
    absent = UsbTransport(vendor=0x1FC9, product=0x9999, backend=bus)
    report = send(absent, PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert (report.outcome, report.detail) == (PrintOutcome.FAILED, "printer.not_found")
