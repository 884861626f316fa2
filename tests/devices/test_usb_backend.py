"""libusb below pyusb: where it comes from, and the count that comes with an error."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
from types import SimpleNamespace
from typing import Any

import pytest
from usb.backend import libusb1

from packstation.devices import usb_backend
from packstation.devices.usb_backend import WriteError, counted_write
from packstation.devices.usb_ids import device_id_text
from packstation.devices.usb_line import UsbTransport
from packstation.errors import DeviceError


class FakeLibusb:
    """Answers as libusb_bulk_transfer does: a result, and a count whatever the result."""

    def __init__(self, result: int, taken: int) -> None:
        self.lib = self
        self.data = b""
        self._result, self._taken = result, taken

    def libusb_bulk_transfer(
        self, handle: Any, endpoint: int, data: Any, length: int, taken: Any, timeout: int
    ) -> int:
        self.data = bytes(data)[:length]
        taken._obj.value = self._taken
        return self._result


def write(library: FakeLibusb) -> int:
    handle = SimpleNamespace(handle=None)
    return counted_write(library, handle, 1, 0, b"\x00abc\xff", 150)


def test_time_out_after_some_bytes_is_a_short_count() -> None:
    assert write(FakeLibusb(libusb1.LIBUSB_ERROR_TIMEOUT, 3)) == 3
    assert write(FakeLibusb(libusb1.LIBUSB_ERROR_TIMEOUT, 0)) == 0
    whole = FakeLibusb(0, 5)
    assert write(whole) == 5
    assert whole.data == b"\x00abc\xff"


@pytest.mark.parametrize(
    ("result", "number"),
    [
        (libusb1.LIBUSB_ERROR_NO_DEVICE, errno.ENODEV),
        (libusb1.LIBUSB_ERROR_PIPE, errno.EPIPE),
        (libusb1.LIBUSB_ERROR_IO, errno.EIO),
    ],
)
def test_error_keeps_the_bytes_that_went_before_it(result: int, number: int) -> None:
    with pytest.raises(WriteError) as broken:
        write(FakeLibusb(result, 4))
    assert (broken.value.number, broken.value.taken) == (number, 4)


def test_our_own_libusb_is_taken_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(libusb1, "_lib_object", None)
    usb_backend._library.cache_clear()
    try:
        library = usb_backend._library()
        assert library is not None
        assert "libusb_package" in library.lib._name
    finally:
        usb_backend._library.cache_clear()


def test_each_scan_has_a_context_of_its_own() -> None:
    try:
        one, other = usb_backend.fresh_backend(), usb_backend.fresh_backend()
    except DeviceError:
        pytest.skip("this computer has no USB that libusb can look at")
    assert one.ctx.value != other.ctx.value


def test_no_libusb_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb_backend, "_library", lambda: None)
    with pytest.raises(DeviceError) as none:
        UsbTransport(port="1-2").open()
    assert none.value.code == "printer.no_usb"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"", ""),
        (b"\x00", ""),
        (b"\x00\x02", ""),
        (b"\x00\x09MDL:TE;more", "MDL:TE;"),
        (b"\x09\x00MDL:TE;more", "MDL:TE;"),
        (b"\xff\xffMDL:TE;", "MDL:TE;"),
        (b"\x00\x0bMDL:T\x00\x1b;\r\n", "MDL:T;"),
    ],
)
def test_1284_id_is_read_whatever_stands_around_it(answer: bytes, text: str) -> None:
    assert device_id_text(answer) == text
