"""USB printers by their descriptors: which interface is one, where it sits, what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from usb.core import USBError

from packstation.devices.usb_backend import control_read

PRINTER_CLASS, PRINTER_SUBCLASS = 7, 1
TWO_WAY, ONE_WAY = 2, 1
"""``bInterfaceProtocol`` of the printer class; 4 is IPP over USB, which takes no raw bytes."""
BULK = 2
IN_BIT = 0x80
GET_DEVICE_ID, GET_PORT_STATUS = 0, 1
"""Class requests of the USB printer class 1.1, 4.2."""
FROM_INTERFACE = 0xA1
"""Request type: class, interface, to the host."""
US_ENGLISH = 0x0409
CLASS_RULE = (
    'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ENV{ID_USB_INTERFACES}=="*:0701*:*", '
    'TAG+="uaccess", GROUP="lp", MODE="0660"'
)
"""udev rule for every USB printer (resources/udev holds it as a file)."""


@dataclass(frozen=True, slots=True)
class PrinterInterface:
    """How bytes reach a USB printer."""

    configuration: int
    number: int
    alternate: int
    alternates: int
    """Alternate settings that the interface has; one needs no choice."""
    protocol: int
    out: int
    """Endpoint address for data."""
    back: int
    """Endpoint address for answers; 0 = none."""
    packet: int
    """Bytes in a packet at most."""


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A USB device with a printer interface."""

    vendor: int
    product: int
    port: str
    """Bus and sockets, for example ``1-2.3``: the same as long as the plug stays."""
    interfaces: tuple[PrinterInterface, ...]
    """Best first; of every configuration."""
    serial_index: int
    name_indexes: tuple[int, int]
    device: Any = field(repr=False)
    """The backend's own."""

    @property
    def id(self) -> str:
        """``vvvv:pppp``."""
        return f"{self.vendor:04x}:{self.product:04x}"

    @property
    def rule(self) -> str:
        """The udev rule for this very device."""
        return (
            f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{self.vendor:04x}", '
            f'ATTR{{idProduct}}=="{self.product:04x}", TAG+="uaccess", GROUP="lp", MODE="0660"'
        )

    @property
    def access_fix(self) -> str:
        """What lets a user print, with the real ids."""
        return (
            "Write this line into /etc/udev/rules.d/70-packstation-printers.rules and plug the "
            f"printer in again: {self.rule} (for every USB printer: {CLASS_RULE})"
        )


def usb_printers(backend: Any) -> Iterator[UsbDevice]:
    """Yield the USB printers on the bus; opens none.

    Raises:
        USBError: The bus cannot be looked at.
    """
    for device in backend.enumerate_devices():
        try:
            descriptor = backend.get_device_descriptor(device)
            interfaces = tuple(_printer_interfaces(backend, device, descriptor))
        except (USBError, NotImplementedError, IndexError):
            continue  # unplugged while we look, or not to be read
        if interfaces:
            yield UsbDevice(
                vendor=descriptor.idVendor,
                product=descriptor.idProduct,
                port=_port(descriptor),
                interfaces=interfaces,
                serial_index=descriptor.iSerialNumber,
                name_indexes=(descriptor.iManufacturer, descriptor.iProduct),
                device=device,
            )


def _port(descriptor: Any) -> str:
    sockets = descriptor.port_numbers or ()
    if not sockets:  # no socket known: the number given at plugging in
        return f"{descriptor.bus}-0.{descriptor.address}"
    return f"{descriptor.bus}-" + ".".join(str(socket) for socket in sockets)


def _printer_interfaces(backend: Any, device: Any, descriptor: Any) -> list[PrinterInterface]:
    found = []
    for index in range(descriptor.bNumConfigurations):
        configuration = backend.get_configuration_descriptor(device, index)
        for number in range(configuration.bNumInterfaces):
            found += _alternates(backend, device, index, number, configuration)
    return sorted(
        found,
        key=lambda one: (one.protocol != TWO_WAY, one.configuration, one.number, one.alternate),
    )


def _alternates(
    backend: Any, device: Any, index: int, number: int, configuration: Any
) -> list[PrinterInterface]:
    descriptors: list[Any] = []
    while len(descriptors) < 256:
        try:
            one = backend.get_interface_descriptor(device, number, len(descriptors), index)
        except (IndexError, USBError):
            break
        descriptors.append(one)
    found = []
    for place, one in enumerate(descriptors):
        kind = (one.bInterfaceClass, one.bInterfaceSubClass)
        protocol = one.bInterfaceProtocol
        if kind != (PRINTER_CLASS, PRINTER_SUBCLASS) or protocol not in (ONE_WAY, TWO_WAY):
            continue
        out, back, packet = _endpoints(backend, device, place, number, index, one.bNumEndpoints)
        if out:
            found.append(
                PrinterInterface(
                    configuration=configuration.bConfigurationValue,
                    number=one.bInterfaceNumber,
                    alternate=one.bAlternateSetting,
                    alternates=len(descriptors),
                    protocol=protocol,
                    out=out,
                    back=back if protocol == TWO_WAY else 0,
                    packet=packet,
                )
            )
    return found


def _endpoints(
    backend: Any, device: Any, alternate: int, number: int, index: int, count: int
) -> tuple[int, int, int]:
    out = back = packet = 0
    for place in range(count):
        one = backend.get_endpoint_descriptor(device, place, number, alternate, index)
        if one.bmAttributes & 3 != BULK:
            continue
        if one.bEndpointAddress & IN_BIT:
            back = back or one.bEndpointAddress
        elif not out:
            out, packet = one.bEndpointAddress, one.wMaxPacketSize & 0x7FF
    return out, back, packet


def read_text(backend: Any, handle: Any, index: int) -> str:
    """Return a string of the device; empty when there is none or it is not told."""
    if not index:
        return ""
    try:
        answer = control_read(backend, handle, 0x80, 0x06, 0x0300 | index, US_ENGLISH, 255)
    except (USBError, NotImplementedError):
        return ""
    if len(answer) < 2 or answer[1] != 3:
        return ""
    text = answer[2 : answer[0]].decode("utf-16-le", "replace")
    return "".join(char for char in text if char.isprintable()).strip()


def read_device_id(backend: Any, handle: Any, interface: PrinterInterface) -> str:
    """Return the IEEE 1284 id, such as ``MFG:TSC;MDL:TE200;CMD:TSPL;``; empty when not told.

    wIndex holds the interface in its upper byte here, unlike in every other request.
    """
    index = interface.number << 8 | interface.alternate
    try:
        answer = control_read(backend, handle, FROM_INTERFACE, GET_DEVICE_ID, 0, index, 1024)
    except (USBError, NotImplementedError):
        return ""
    return device_id_text(answer)


def device_id_text(answer: bytes) -> str:
    """Return the text of a GET_DEVICE_ID answer; its length stands in two bytes before it.

    Some printers write the length with the low byte first; what fits better is taken.

    >>> device_id_text(bytes([0, 11]) + b"MFG:TSC;!")
    'MFG:TSC;!'
    """
    if len(answer) < 2:
        return ""
    lengths = (int.from_bytes(answer[:2], "big"), int.from_bytes(answer[:2], "little"))
    length = next((one for one in lengths if 2 < one <= len(answer)), len(answer))
    text = answer[2:length].decode("latin-1")
    return "".join(char for char in text if char.isprintable()).strip()


def read_port_byte(backend: Any, handle: Any, interface: PrinterInterface) -> bytes:
    """Return the byte of GET_PORT_STATUS.

    Raises:
        USBError: No answer, or the line broke.
    """
    return control_read(backend, handle, FROM_INTERFACE, GET_PORT_STATUS, 0, interface.number, 1)
