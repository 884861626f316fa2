"""A USB bus that is a program: printers with descriptors, byte counts and every kind of trouble.

It answers as libusb does: a time-out after some bytes is a short count, and an error carries the
bytes that were taken before it as ``taken``.
"""

from __future__ import annotations

import array
import errno
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import usb.backend
from usb.core import USBError, USBTimeoutError

Endpoint = tuple[int, int, int]
"""Address, attributes, packet size."""


@dataclass
class Alternate:
    """One alternate setting of an interface."""

    kind: tuple[int, int, int] = (7, 1, 2)
    endpoints: tuple[Endpoint, ...] = ((0x81, 2, 64), (0x01, 2, 64))
    setting: int = 0


SCANNER = [Alternate((255, 255, 255), ((0x83, 3, 8), (0x84, 2, 512)))]
ONE_WAY = [Alternate((7, 1, 1), ((0x02, 2, 64),))]
TWO_WAY = [Alternate()]
IPP = [Alternate((7, 1, 4), ((0x05, 2, 512), (0x86, 2, 512)))]


@dataclass
class FakePrinter:
    """A printer on the bus; set its fields to make trouble."""

    vendor: int = 0x1FC9
    product: int = 0x2016
    serial: str = "A1"
    ports: tuple[int, ...] | None = (2, 3)
    bus: int = 1
    address: int = 5
    interfaces: list[list[Alternate]] = field(default_factory=lambda: [TWO_WAY])
    device_id: bytes = b"MFG:Some;MDL:Label 4;CMD:TSPL;"
    active: int = 1
    driver: set[int] = field(default_factory=set)
    """Interfaces that the kernel's driver holds."""
    driver_stays: bool = False
    held: bool = False
    """Another program has claimed it."""
    denied: bool = False
    port_status: bytes | None = b"\x18"
    """None = the question is never answered."""
    answers: dict[bytes, bytes] = field(default_factory=dict)
    most: int = 1 << 20
    """Bytes of one transfer at most."""
    room: int = 1 << 30
    """Bytes that it still takes; 0 = paper out, cover open, buffer full."""
    unplug_at: int | None = None
    gone: bool = False
    stall_at: set[int] = field(default_factory=set)
    counts: bool = True
    """An error tells how many bytes went before it."""
    received: bytearray = field(default_factory=bytearray)
    log: list[str] = field(default_factory=list)
    halted: bool = False
    claimed: set[int] = field(default_factory=set)
    back: bytearray = field(default_factory=bytearray)

    def unplug(self) -> None:
        self.gone = True


def error(number: int, taken: int | None = None) -> USBError:
    made = USBError(f"errno {number}", None, number)
    if taken is not None:
        made.taken = taken
    return made


class FakeUsb(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """The bus; call it to get "a fresh backend"."""

    def __init__(self, *printers: FakePrinter) -> None:
        super().__init__()
        self.printers = list(printers)
        self.opened = 0

    def __call__(self) -> FakeUsb:
        return self

    def enumerate_devices(self) -> Iterable[FakePrinter]:
        return [one for one in self.printers if not one.gone]

    def get_device_descriptor(self, dev: FakePrinter) -> Any:
        return SimpleNamespace(
            idVendor=dev.vendor,
            idProduct=dev.product,
            bNumConfigurations=1,
            iSerialNumber=3 if dev.serial else 0,
            iManufacturer=1,
            iProduct=2,
            bus=dev.bus,
            address=dev.address,
            port_numbers=dev.ports,
        )

    def get_configuration_descriptor(self, dev: FakePrinter, config: int) -> Any:
        return SimpleNamespace(bNumInterfaces=len(dev.interfaces), bConfigurationValue=1)

    def get_interface_descriptor(self, dev: FakePrinter, intf: int, alt: int, config: int) -> Any:
        one = dev.interfaces[intf][alt]
        return SimpleNamespace(
            bInterfaceNumber=intf,
            bAlternateSetting=one.setting,
            bNumEndpoints=len(one.endpoints),
            bInterfaceClass=one.kind[0],
            bInterfaceSubClass=one.kind[1],
            bInterfaceProtocol=one.kind[2],
        )

    def get_endpoint_descriptor(
        self, dev: FakePrinter, ep: int, intf: int, alt: int, config: int
    ) -> Any:
        address, attributes, packet = dev.interfaces[intf][alt].endpoints[ep]
        return SimpleNamespace(
            bEndpointAddress=address, bmAttributes=attributes, wMaxPacketSize=packet
        )

    def open_device(self, dev: FakePrinter) -> FakePrinter:
        self._there(dev)
        if dev.denied:
            raise error(errno.EACCES)
        self.opened += 1
        return dev

    def close_device(self, dev_handle: FakePrinter) -> None:
        self.opened -= 1

    def get_configuration(self, dev_handle: FakePrinter) -> int:
        self._there(dev_handle)
        return dev_handle.active

    def set_configuration(self, dev_handle: FakePrinter, config_value: int) -> None:
        dev_handle.log.append(f"configuration {config_value}")
        dev_handle.active = config_value

    def set_interface_altsetting(self, dev_handle: FakePrinter, intf: int, altsetting: int) -> None:
        dev_handle.log.append(f"alternate {intf} {altsetting}")

    def is_kernel_driver_active(self, dev_handle: FakePrinter, intf: int) -> bool:
        self._there(dev_handle)
        return intf in dev_handle.driver

    def detach_kernel_driver(self, dev_handle: FakePrinter, intf: int) -> None:
        dev_handle.log.append(f"detach {intf}")
        if not dev_handle.driver_stays:
            dev_handle.driver.discard(intf)

    def attach_kernel_driver(self, dev_handle: FakePrinter, intf: int) -> None:
        self._there(dev_handle)
        dev_handle.log.append(f"attach {intf}")
        dev_handle.driver.add(intf)

    def claim_interface(self, dev_handle: FakePrinter, intf: int) -> None:
        self._there(dev_handle)
        if dev_handle.held or intf in dev_handle.driver:
            raise error(errno.EBUSY)
        assert intf not in dev_handle.claimed
        dev_handle.claimed.add(intf)

    def release_interface(self, dev_handle: FakePrinter, intf: int) -> None:
        dev_handle.claimed.discard(intf)
        self._there(dev_handle)

    def bulk_write(
        self, dev_handle: FakePrinter, ep: int, intf: int, data: array.array[int], timeout: int
    ) -> int:
        dev = dev_handle
        self._there(dev)
        assert intf in dev.claimed
        assert ep in {one[0] for alternate in dev.interfaces[intf] for one in alternate.endpoints}
        content = data.tobytes()
        if content in dev.answers and not dev.received:
            dev.log.append("asked")
            dev.back += dev.answers[content]
            return len(content)
        if dev.halted:
            raise error(errno.EPIPE, 0 if dev.counts else None)
        start = len(dev.received)
        stop = start + min(len(content), dev.most, dev.room)
        stalls = [place for place in dev.stall_at if start <= place < start + len(content)]
        if stalls:
            stop = min(stop, min(stalls))
        if dev.unplug_at is not None and dev.unplug_at <= start + len(content):
            stop = min(stop, dev.unplug_at)
        dev.received += content[: stop - start]
        dev.room -= stop - start
        if dev.unplug_at is not None and stop == dev.unplug_at:
            dev.unplug()
            raise error(errno.ENODEV, stop - start if dev.counts else None)
        if stop in stalls:
            dev.stall_at.discard(stop)
            dev.halted = True
            raise error(errno.EPIPE, stop - start if dev.counts else None)
        if stop == start:
            raise USBTimeoutError("timed out", None, errno.ETIMEDOUT)
        return stop - start

    def bulk_read(
        self, dev_handle: FakePrinter, ep: int, intf: int, buff: array.array[int], timeout: int
    ) -> int:
        self._there(dev_handle)
        if not dev_handle.back:
            raise USBTimeoutError("timed out", None, errno.ETIMEDOUT)
        piece = bytes(dev_handle.back[: len(buff)])
        del dev_handle.back[: len(piece)]
        buff[: len(piece)] = array.array("B", piece)
        return len(piece)

    def ctrl_transfer(
        self,
        dev_handle: FakePrinter,
        bmRequestType: int,  # noqa: N803  # pyusb's names
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data: array.array[int],
        timeout: int,
    ) -> int:
        dev = dev_handle
        self._there(dev)
        match bmRequestType, bRequest:
            case 0x80, 6:
                text = {1: "Some", 2: "Label 4", 3: dev.serial}[wValue & 0xFF]
                body = text.encode("utf-16-le")
                answer = bytes([len(body) + 2, 3]) + body
            case 0xA1, 0:
                assert dev.interfaces[wIndex >> 8][0].kind[0] == 7, "not the printer's interface"
                answer = (len(dev.device_id) + 2).to_bytes(2, "big") + dev.device_id
            case 0xA1, 1:
                assert wIndex in dev.claimed
                if dev.port_status is None:
                    dev.log.append("port status asked")
                    raise USBTimeoutError("timed out", None, errno.ETIMEDOUT)
                answer = dev.port_status
            case _:
                raise AssertionError(f"{bmRequestType:#x} {bRequest}")
        answer = answer[: len(data)]
        data[: len(answer)] = array.array("B", answer)
        return len(answer)

    def clear_halt(self, dev_handle: FakePrinter, ep: int) -> None:
        self._there(dev_handle)
        dev_handle.log.append("clear halt")
        dev_handle.halted = False

    def reset_device(self, dev_handle: FakePrinter) -> None:
        raise AssertionError("a printer is never reset: its labels would be lost")

    def _there(self, dev: FakePrinter) -> None:
        if dev.gone:
            raise error(errno.ENODEV)
