"""Addresses of printers, as settings write them.

====================================  ==========================================================
``virtual``                           keeps what it is sent
``usb://VVVV:PPPP/SERIAL``            USB printer class, by vendor, product and unique serial
``usb-port://BUS-PORT.PORT``          the same, by the socket it sits in (no serial, or not unique)
``tcp://HOST:PORT``                   network, mostly port 9100
``/dev/usb/lp0``                      device file of the kernel's printer driver
``serial:///dev/ttyUSB0?baud=9600``   serial line; ``serial://COM3?baud=115200`` on Windows
``cups://QUEUE``                      raw job through a CUPS queue
``spooler://NAME``                    raw job through the Windows spooler
``file:///path``                      appended to a file
``component://HOST:PORT/PRINTER?kind=KIND``   a platform's print component and a printer it knows
====================================  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from packstation.errors import DataFileError


class Line(StrEnum):
    """Kinds of line to a printer."""

    VIRTUAL = "virtual"
    USB = "usb"
    USB_PORT = "usb-port"
    TCP = "tcp"
    DEVICE = "device"
    SERIAL = "serial"
    CUPS = "cups"
    SPOOLER = "spooler"
    FILE = "file"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a printer is."""

    line: Line
    host: str = ""
    """Host, ``VVVV:PPPP``, queue or port path, by ``line``."""
    port: int = 0
    """TCP and component only."""
    path: str = ""
    """Device, file, USB serial or the component's printer, by ``line``."""
    options: tuple[tuple[str, str], ...] = field(default=())
    """What stands behind ``?``, in order."""

    def option(self, name: str, default: str = "") -> str:
        """Return one option."""
        return dict(self.options).get(name, default)


def parse_address(text: str) -> Address:
    """Return what an address of the settings means.

    >>> parse_address("tcp://10.0.0.7:9100").port
    9100
    >>> parse_address("usb://0a5f:0084/52J1").path
    '52J1'
    >>> parse_address("/dev/usb/lp0").line
    <Line.DEVICE: 'device'>

    Raises:
        DataFileError: ``settings.unknown_printer``: it names no printer.
    """
    if text == Line.VIRTUAL:
        return Address(Line.VIRTUAL)
    if text.startswith("/"):
        return Address(Line.DEVICE, path=text)
    scheme, marks, rest = text.partition("://")
    if not marks or not rest or not text.isprintable():
        raise _unknown(text)
    try:
        return _by_scheme(scheme, rest)
    except ValueError as error:
        raise _unknown(text) from error


def _by_scheme(scheme: str, rest: str) -> Address:
    parts = urlsplit(f"//{rest}", scheme="x")
    options = tuple(parse_qsl(parts.query))
    match scheme:
        case "usb":
            vendor, _, product = parts.netloc.partition(":")
            int(vendor, 16), int(product, 16)
            return Address(Line.USB, host=parts.netloc.lower(), path=unquote(parts.path[1:]))
        case "usb-port":
            if not parts.netloc.replace("-", ".").replace(".", "").isdigit():
                raise ValueError(rest)
            return Address(Line.USB_PORT, host=parts.netloc)
        case "tcp" if parts.hostname and parts.port:
            return Address(Line.TCP, host=parts.hostname, port=parts.port)
        case "component" if parts.hostname and parts.port:
            printer = unquote(parts.path[1:])
            return Address(Line.COMPONENT, parts.hostname, parts.port, printer, options)
        case "serial":
            path = parts.netloc or parts.path
            return Address(Line.SERIAL, path=path, options=options)
        case "cups":
            return Address(Line.CUPS, host=unquote(parts.netloc))
        case "spooler":
            return Address(Line.SPOOLER, host=unquote(rest))
        case "file" if parts.path.startswith("/"):
            return Address(Line.FILE, path=unquote(parts.path))
    raise ValueError(rest)


def usb_address(vendor: int, product: int, serial: str) -> str:
    """Return the address of a USB printer with a serial of its own.

    >>> usb_address(0x0A5F, 0x84, "A/1")
    'usb://0a5f:0084/A%2F1'
    """
    return f"usb://{vendor:04x}:{product:04x}/{quote(serial, safe='')}"


def _unknown(text: str) -> DataFileError:
    return DataFileError(
        "settings.unknown_printer",
        f"settings.toml: {text!r} is no printer.",
        fix="Write virtual, usb://…, tcp://address:9100, or a device file such as /dev/usb/lp0.",
        key="printer",
    )
