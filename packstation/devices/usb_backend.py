"""libusb below pyusb: where it comes from, how a scan sees the bus as it is, counted writes.

The backend is called directly, not through ``usb.core``: that one sets configurations and claims
interfaces by itself (for GET_DEVICE_ID it claims the wrong one, ``wIndex & 0xff``).
"""

from __future__ import annotations

import array
import ctypes
import ctypes.util
import errno
import functools
from typing import Any

import usb.backend.libusb1
from usb.core import USBError

from packstation.devices.printer_faults import fault

CONTROL_MS = 200
"""Longest wait for an answer on the control endpoint."""
NO_DEVICE = (errno.ENODEV, errno.ESHUTDOWN, errno.ENXIO)


class WriteError(Exception):
    """A transfer broke off."""

    def __init__(self, number: int, taken: int | None, message: str) -> None:
        """Keep what is known.

        Args:
            number: ``errno`` value, 0 when unknown.
            taken: Bytes the printer took before; None when the backend cannot count them.
            message: The library's word.
        """
        super().__init__(message)
        self.number = number
        self.taken = taken


def fresh_backend() -> Any:
    """Return libusb with a context of its own.

    Without udevd libusb's view of the bus goes stale, so each scan takes a fresh context.

    Raises:
        DeviceError: ``printer.no_usb``: there is no libusb, or no USB on this computer.
    """
    library = _library()
    if library is None:
        raise fault("printer.no_usb", "USB", cause="libusb is not there")
    try:
        return type(library)(library.lib)
    except (USBError, NotImplementedError, OSError) as error:
        raise fault("printer.no_usb", "USB", cause=str(error)) from error


@functools.cache
def _library() -> Any:
    """Return pyusb's libusb backend over the system's library, else the one we ship."""
    system = ctypes.util.find_library("usb-1.0")
    if system is not None:
        found = usb.backend.libusb1.get_backend(find_library=lambda _: system)
        if found is not None:
            return found
    import libusb_package

    return usb.backend.libusb1.get_backend(find_library=libusb_package.find_library)


def counted_write(
    backend: Any, handle: Any, endpoint: int, interface: int, data: bytes, timeout_ms: int
) -> int:
    """Write to a bulk endpoint; return how many bytes the printer took, 0 at a time-out.

    pyusb drops libusb's count when a transfer ends with an error; here it is kept, so that after a
    stall or a broken line it is known how much has left. No zero-length packet is sent after a
    multiple of the packet size: to a printer the endpoint is a stream, not messages.

    Raises:
        WriteError: The transfer broke off.
    """
    library = getattr(backend, "lib", None)
    if library is None:
        return _plain_write(backend, handle, endpoint, interface, data, timeout_ms)
    taken = ctypes.c_int()
    content = (ctypes.c_ubyte * len(data)).from_buffer_copy(data)
    result = library.libusb_bulk_transfer(
        handle.handle, endpoint, content, len(data), ctypes.byref(taken), timeout_ms
    )
    if result == 0 or result == usb.backend.libusb1.LIBUSB_ERROR_TIMEOUT:
        return taken.value
    number = usb.backend.libusb1._libusb_errno.get(result) or 0
    raise WriteError(number, taken.value, usb.backend.libusb1._strerror(result))


def _plain_write(
    backend: Any, handle: Any, endpoint: int, interface: int, data: bytes, timeout_ms: int
) -> int:
    try:
        taken = backend.bulk_write(handle, endpoint, interface, array.array("B", data), timeout_ms)
    except USBError as error:
        if error.errno == errno.ETIMEDOUT:
            return 0
        raise WriteError(error.errno or 0, getattr(error, "taken", None), str(error)) from error
    return int(taken)


def read(
    backend: Any, handle: Any, endpoint: int, interface: int, most: int, timeout_ms: int
) -> bytes:
    """Read from a bulk endpoint; empty at a time-out.

    Raises:
        USBError: The line broke.
    """
    answer = array.array("B", bytes(most))
    try:
        count = backend.bulk_read(handle, endpoint, interface, answer, timeout_ms)
    except USBError as error:
        if error.errno == errno.ETIMEDOUT:
            return b""
        raise
    return answer[:count].tobytes()


def control_read(
    backend: Any, handle: Any, kind: int, request: int, value: int, index: int, most: int
) -> bytes:
    """Ask on the control endpoint.

    Raises:
        USBError: No answer, or the line broke.
    """
    answer = array.array("B", bytes(most))
    count = backend.ctrl_transfer(handle, kind, request, value, index, answer, CONTROL_MS)
    return answer[:count].tobytes()
