"""Every printer that this computer can see, with the address for the settings.

Looking disturbs no job: no interface is claimed, no byte is written to a printer.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packstation.devices.addresses import usb_address
from packstation.devices.cups_line import cups_queues
from packstation.devices.printer_faults import fault, status_of
from packstation.devices.spooler_line import spooler_printers
from packstation.devices.status_dialects import UNKNOWN
from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus

LP_FOLDER = Path("/dev/usb")
LP_CLASS = Path("/sys/class/usbmisc")
LPIOC_GET_DEVICE_ID = 0x84005001
"""Linux usblp: ``_IOC(READ, 'P', 1, 1024)``; the answer is that of GET_DEVICE_ID."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A printer that was found."""

    address: str
    """For the settings; see ``devices.addresses``."""
    name: str
    """As a person knows it."""
    device_id: str = ""
    """IEEE 1284 id, by which its language is guessed; empty when it tells none."""
    status: PrinterStatus = UNKNOWN
    """READY is not claimed here: only NO_ACCESS and BUSY are seen without touching it."""
    fix: str = ""
    """What lets this user print, with the real ids; empty when nothing is needed."""
    port: str = ""
    """Bus and sockets of a USB printer, for example ``1-2.3``."""


def find_printers(
    *,
    backend: Callable[[], Any] | None = None,
    lp_folder: Path = LP_FOLDER,
    lp_class: Path = LP_CLASS,
) -> tuple[FoundLine, ...]:
    """Return every printer: USB, device files, serial ports, queues; blocks for a second or so.

    Args:
        backend: Gives libusb with a fresh context; None = the real one.
        lp_folder: Where the kernel's printer devices are.
        lp_class: Where the kernel says which USB socket each belongs to.
    """
    usb = find_usb(backend)
    devices = find_devices(lp_folder, lp_class)
    return (*_each_once(usb, devices), *find_serial(), *find_queues())


def _each_once(usb: tuple[FoundLine, ...], devices: tuple[FoundLine, ...]) -> tuple[FoundLine, ...]:
    """Return printers that were seen twice once: over USB where that is allowed."""
    kept = list(usb)
    for device in devices:
        twins = [one for one in kept if _same(one, device)]
        shut = [one for one in twins if one.status.state is PrinterState.NO_ACCESS]
        if not twins:
            kept.append(device)
        elif shut and device.status.state is not PrinterState.NO_ACCESS:
            kept[kept.index(shut[0])] = device
    return tuple(kept)


def _same(usb: FoundLine, device: FoundLine) -> bool:
    if device.port and usb.port:
        return device.port == usb.port
    return bool(device.device_id) and device.device_id == usb.device_id


def find_usb(backend: Callable[[], Any] | None = None) -> tuple[FoundLine, ...]:
    """Return the printers on the USB; none where there is no USB."""
    from usb.core import USBError

    from packstation.devices.usb_backend import fresh_backend
    from packstation.devices.usb_ids import read_device_id, read_text, usb_printers

    rows: list[tuple[FoundLine, int, int, str]] = []
    try:
        library = (backend or fresh_backend)()
        printers = list(usb_printers(library))
    except (DeviceError, USBError):
        return ()
    for printer in printers:
        serial = name = device_id = fix = ""
        status = UNKNOWN
        try:
            handle = library.open_device(printer.device)
        except (USBError, NotImplementedError) as error:
            denied = getattr(error, "errno", 0) in (errno.EACCES, errno.EPERM)
            fix = printer.access_fix if denied else ""
            code = "printer.access_denied" if denied else "printer.not_found"
            status = status_of(fault(code, printer.id, fix=fix))
        else:
            serial = read_text(library, handle, printer.serial_index)
            words = (read_text(library, handle, index) for index in printer.name_indexes)
            name = " ".join(word for word in words if word)
            device_id = read_device_id(library, handle, printer.interfaces[0])
            with contextlib.suppress(USBError, NotImplementedError):
                library.close_device(handle)
        line = FoundLine(
            address=f"usb-port://{printer.port}",
            name=name or name_of(device_id) or f"USB {printer.id}",
            device_id=device_id,
            status=status,
            fix=fix,
            port=printer.port,
        )
        rows.append((line, printer.vendor, printer.product, serial))
    twins = Counter(row[1:] for row in rows)
    return tuple(
        _with_address(line, usb_address(vendor, product, serial))
        if serial and twins[vendor, product, serial] == 1
        else line
        for line, vendor, product, serial in rows
    )


def _with_address(line: FoundLine, address: str) -> FoundLine:
    return FoundLine(address, line.name, line.device_id, line.status, line.fix, line.port)


def name_of(device_id: str) -> str:
    """Return maker and model out of an IEEE 1284 id.

    >>> name_of("MFG:TSC;CMD:TSPL;MDL:TE200;")
    'TSC TE200'
    """
    fields = dict(part.partition(":")[::2] for part in device_id.split(";") if ":" in part)
    maker = fields.get("MFG") or fields.get("MANUFACTURER", "")
    model = fields.get("MDL") or fields.get("MODEL", "")
    return f"{maker.strip()} {model.strip()}".strip()


def find_devices(folder: Path = LP_FOLDER, classes: Path = LP_CLASS) -> tuple[FoundLine, ...]:
    """Return the kernel's printer devices."""
    found = []
    for path in sorted(folder.glob("lp*")):
        device_id, status, fix = "", UNKNOWN, ""
        if not os.access(path, os.W_OK):
            shut = fault("printer.access_denied", path)
            status, fix = status_of(shut), shut.fix
        else:
            device_id, busy = _lp_device_id(path)
            if busy:
                status = status_of(fault("printer.busy", path))
        name = name_of(device_id) or str(path)
        port = _port_of(classes / path.name / "device")
        found.append(FoundLine(str(path), name, device_id, status, fix, port))
    return tuple(found)


def _port_of(link: Path) -> str:
    """Return the socket that the kernel names: ``…/1-2.3:1.0`` is 1-2.3."""
    if not link.exists():
        return ""
    socket, colon, _ = link.resolve().name.partition(":")
    return socket if colon else ""


def _lp_device_id(path: Path) -> tuple[str, bool]:
    """Return the id of a device, and whether another program has it open."""
    if sys.platform != "linux":
        return "", False
    import fcntl

    from packstation.devices.usb_ids import device_id_text

    try:
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        return "", error.errno == errno.EBUSY
    try:
        answer = bytearray(1024)
        fcntl.ioctl(handle, LPIOC_GET_DEVICE_ID, answer, True)
        return device_id_text(bytes(answer)).rstrip("\0"), False
    except OSError:
        return "", False
    finally:
        os.close(handle)


def find_serial() -> tuple[FoundLine, ...]:
    """Return the serial ports behind which something is known to be."""
    from serial.tools.list_ports import comports

    return tuple(
        FoundLine(f"serial://{port.device}?baud=9600", f"{port.device} {port.description}".strip())
        for port in sorted(comports())
        if port.hwid != "n/a"
    )


def find_queues() -> tuple[FoundLine, ...]:
    """Return the printer queues of the system."""
    queues = [FoundLine(f"cups://{quote(name, safe='')}", name) for name in cups_queues()]
    queues += [FoundLine(f"spooler://{quote(name, safe='')}", name) for name in spooler_printers()]
    return tuple(queues)
