"""From an address of the settings to a line that takes bytes."""

from __future__ import annotations

from pathlib import Path

from packstation.devices.addresses import Address, Line
from packstation.devices.cups_line import CupsTransport
from packstation.devices.device_file import AppendFile, FileTransport
from packstation.devices.simulated import VirtualTransport
from packstation.devices.spoken_line import SpokenLine
from packstation.devices.spooler_line import SpoolerTransport
from packstation.devices.status_dialects import QUESTIONS
from packstation.devices.tcp_line import TcpTransport
from packstation.devices.transports import Transport, TwoWay
from packstation.errors import DataFileError
from packstation.printing.media import PrinterProfile, StatusDialect


def open_line(address: Address, profile: PrinterProfile, folder: Path) -> Transport:
    """Return the line to a printer; nothing is opened yet.

    Args:
        address: Where it is.
        profile: Its model, which says how it is asked for its status.
        folder: Where a virtual printer keeps its jobs.

    Raises:
        DataFileError: ``settings.unknown_printer``: an option of the address is wrong, or the
            address names no line of bytes (a print component).
    """
    match address.line:
        case Line.VIRTUAL:
            return VirtualTransport(folder, profile)
        case Line.USB | Line.USB_PORT:
            return _spoken(_usb(address, profile), address, profile)
        case Line.TCP:
            return _spoken(TcpTransport(address.host, address.port), address, profile)
        case Line.DEVICE:
            return _spoken(FileTransport(Path(address.path)), address, profile)
        case Line.SERIAL:
            return _spoken(_serial(address), address, profile)
        case Line.CUPS:
            return CupsTransport(address.host)
        case Line.SPOOLER:
            return SpoolerTransport(address.host)
        case Line.FILE:
            return AppendFile(Path(address.path))
        case Line.COMPONENT:
            raise _wrong(address, "is no line of bytes")


def _usb(address: Address, profile: PrinterProfile) -> TwoWay:
    from packstation.devices.usb_line import UsbTransport  # libusb costs time; many have no USB

    heed = profile.status is StatusDialect.PORT
    if address.line is Line.USB_PORT:
        return UsbTransport(port=address.host, heed_port_status=heed)
    vendor, _, product = address.host.partition(":")
    return UsbTransport(
        vendor=int(vendor, 16),
        product=int(product, 16),
        serial=address.path,
        heed_port_status=heed,
    )


def _serial(address: Address) -> TwoWay:
    from packstation.devices.serial_line import BAUD, FLOWS, SerialTransport

    baud, flow = address.option("baud", str(BAUD)), address.option("flow", FLOWS[0])
    if not baud.isdecimal() or not 300 <= int(baud) <= 4_000_000:
        raise _wrong(address, f"has a wrong baud: {baud}")
    if flow not in FLOWS:
        raise _wrong(address, f"has a wrong flow: {flow}; it is one of {', '.join(FLOWS)}")
    return SerialTransport(address.path, baud=int(baud), flow=flow)


def _spoken(line: TwoWay, address: Address, profile: PrinterProfile) -> Transport:
    if not QUESTIONS[profile.status]:
        return line
    return SpokenLine(line, profile.status, address.path or address.host)


def _wrong(address: Address, why: str) -> DataFileError:
    return DataFileError(
        "settings.unknown_printer",
        f"settings.toml: the printer address {address.line}://{address.host}{address.path} {why}.",
        fix="Correct the address of the printer.",
        key="printer",
    )
