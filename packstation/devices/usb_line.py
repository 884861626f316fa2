"""A USB printer through libusb: no driver, no queue, every byte counted."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable, Iterator
from typing import Any

from usb.core import USBError

from packstation.devices.printer_faults import fault, status_of, untouched
from packstation.devices.status_dialects import UNKNOWN, error_code, read_port_status
from packstation.devices.transports import Ending
from packstation.devices.usb_backend import (
    NO_DEVICE,
    WriteError,
    counted_write,
    fresh_backend,
    read,
)
from packstation.devices.usb_ids import (
    PrinterInterface,
    UsbDevice,
    read_device_id,
    read_port_byte,
    read_text,
    usb_printers,
)
from packstation.errors import DeviceError
from packstation.ports import PrinterStatus

WRITE_MS = 150
"""Longest wait in one write: a job given up must end soon."""
SEVERAL = "Choose the printer by its socket: several of this model cannot be told apart."
NO_ANSWER_S = 600.0
"""A printer whose control endpoint does not answer is not asked again for so long."""


class UsbTransport:
    """A USB printer, known by its serial or by the socket it sits in.

    The device is looked for at each job, so that it may be plugged out and in between two jobs.
    It is never reset: that would lose labels that the printer still has in its memory.
    """

    def __init__(
        self,
        *,
        vendor: int = 0,
        product: int = 0,
        serial: str = "",
        port: str = "",
        heed_port_status: bool = False,
        backend: Callable[[], Any] = fresh_backend,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep which printer it is.

        Args:
            vendor: ``idVendor``.
            product: ``idProduct``.
            serial: Serial number; empty = any printer of these ids, if there is only one.
            port: Instead of all these, its socket, for example ``1-2.3``.
            heed_port_status: Wait before a job while the port status tells a fault; only for
                models whose port status was seen to be true.
            backend: Gives a libusb with a fresh context.
            clock: Seconds that only grow.
        """
        self._vendor, self._product, self._serial, self._port = vendor, product, serial, port
        self._heed = heed_port_status
        self._new_backend = backend
        self._clock = clock
        self._backend: Any = None
        self._handle: Any = None
        self._interface: PrinterInterface | None = None
        self._detached = False
        self._claimed = False
        self._halts = 0
        self._broken: WriteError | None = None
        self._deaf_until = 0.0

    @property
    def name(self) -> str:
        """What the printer is called in errors."""
        return self._port or f"{self._vendor:04x}:{self._product:04x} {self._serial}".strip()

    def preflight(self) -> None:
        """Return at once: claiming the printer is the test, and belongs to the job."""

    def open(self) -> None:
        """Find the printer and take its interface for us alone."""
        self.close()
        self._halts, self._broken = 0, None
        try:
            self._take()
            status = self._look()
            code = error_code(status) if self._heed else ""
            if code:
                raise fault(code, self.name)
        except BaseException:
            self.close()
            raise

    def _take(self) -> None:
        self._backend = self._new_backend()
        try:
            device = self._find()
        except USBError as error:
            raise fault("printer.not_found", self.name, cause=str(error)) from error
        try:
            if self._handle is None:
                self._handle = self._backend.open_device(device.device)
            self._interface = self._configured(device)
            self._detach()
            self._claim()
        except USBError as error:
            raise self._refusal(error, device) from error

    def _find(self) -> UsbDevice:
        """Return the device of this address; a serial is read with the device open."""
        devices = list(usb_printers(self._backend))
        if self._port:
            devices = [device for device in devices if device.port == self._port]
        else:
            ids = (self._vendor, self._product)
            devices = [one for one in devices if (one.vendor, one.product) == ids]
            if self._serial:
                return self._with_serial(devices)
        if not devices:
            raise fault("printer.not_found", self.name)
        if len(devices) > 1:
            raise fault("printer.not_found", self.name, fix=SEVERAL)
        return devices[0]

    def _with_serial(self, devices: list[UsbDevice]) -> UsbDevice:
        shut: tuple[USBError, UsbDevice] | None = None
        found: list[tuple[Any, UsbDevice]] = []
        for device in devices:
            try:
                handle = self._backend.open_device(device.device)
            except USBError as error:
                shut = error, device
                continue
            if read_text(self._backend, handle, device.serial_index) == self._serial:
                found.append((handle, device))
            else:
                self._backend.close_device(handle)
        if len(found) == 1:
            self._handle = found[0][0]
            return found[0][1]
        for handle, _ in found:
            self._backend.close_device(handle)
        if found:
            raise fault("printer.not_found", self.name, fix=SEVERAL)
        if shut is not None:
            raise self._refusal(*shut) from shut[0]
        raise fault("printer.not_found", self.name)

    def _configured(self, device: UsbDevice) -> PrinterInterface:
        """Return the best interface of the active configuration; set one only if none is."""
        active = self._backend.get_configuration(self._handle)
        if not active:
            active = device.interfaces[0].configuration
            self._backend.set_configuration(self._handle, active)
        for interface in device.interfaces:
            if interface.configuration == active:
                return interface
        raise fault("printer.not_found", self.name, cause="another configuration is active")

    def _detach(self) -> None:
        assert self._interface is not None
        number = self._interface.number
        with contextlib.suppress(NotImplementedError):  # not on Windows
            if self._backend.is_kernel_driver_active(self._handle, number):
                self._backend.detach_kernel_driver(self._handle, number)
                self._detached = True

    def _claim(self) -> None:
        assert self._interface is not None
        one = self._interface
        self._backend.claim_interface(self._handle, one.number)
        self._claimed = True
        if one.alternates > 1:
            self._backend.set_interface_altsetting(self._handle, one.number, one.alternate)

    def _refusal(self, error: USBError, device: UsbDevice) -> DeviceError:
        match error.errno:
            case errno.EACCES | errno.EPERM:
                return fault("printer.access_denied", self.name, fix=device.access_fix)
            case errno.EBUSY:
                return fault("printer.busy", self.name, cause=self._holder())
            case _:
                return fault("printer.not_found", self.name, cause=str(error))

    def _holder(self) -> str:
        if self._interface is not None:
            with contextlib.suppress(USBError, NotImplementedError):
                if self._backend.is_kernel_driver_active(self._handle, self._interface.number):
                    return "the system's driver usblp holds it"
        return "another program holds it"

    def write(self, data: bytes) -> int:
        """Write one transfer, and return what the printer took of it."""
        assert self._interface is not None
        if self._broken is not None:
            raise fault("printer.gone", self.name, cause=str(self._broken))
        one = self._interface
        try:
            taken = counted_write(self._backend, self._handle, one.out, one.number, data, WRITE_MS)
        except WriteError as error:
            return self._after(error)
        if taken:
            self._halts = 0
        return taken

    def _after(self, error: WriteError) -> int:
        """Return how many bytes a broken transfer carried, where that is known and enough."""
        assert self._interface is not None
        if error.number == errno.EPIPE and error.taken is not None:
            self._halts = 0 if error.taken else self._halts + 1
            if self._halts > 1:
                raise untouched("printer.halted", self.name) from error
            try:
                self._backend.clear_halt(self._handle, self._interface.out)
            except USBError as second:
                raise fault("printer.gone", self.name, cause=str(second)) from error
            return error.taken
        if error.taken:
            self._broken = error  # these bytes count; the next call tells
            return error.taken
        # ENODEV with nothing counted: a packet may have arrived whose receipt was lost.
        code = "printer.halted" if error.number == errno.EPIPE else "printer.gone"
        raise fault(code, self.name, cause=str(error)) from error

    def waiting(self) -> int:
        """Return 0: a byte counted is in the printer."""
        return 0

    def status(self) -> PrinterStatus:
        """Ask for the port status, which needs no bytes and answers even in a stall."""
        if self._handle is not None and self._interface is not None:
            try:
                return self._look()
            except DeviceError as error:
                return status_of(error)
        try:
            self._take()
            return self._look()
        except DeviceError as error:
            return status_of(error)
        finally:
            self.close()

    def _look(self) -> PrinterStatus:
        """Return the port status.

        Raises:
            DeviceError: ``printer.not_found``: it was just unplugged.
        """
        assert self._interface is not None
        if self._clock() < self._deaf_until:
            return UNKNOWN
        try:
            return read_port_status(read_port_byte(self._backend, self._handle, self._interface))
        except NotImplementedError:
            return UNKNOWN
        except USBError as error:
            if error.errno in NO_DEVICE:
                raise fault("printer.not_found", self.name) from error
            self._deaf_until = self._clock() + NO_ANSWER_S
            return UNKNOWN

    def ask(self, question: bytes, most: int, timeout_s: float) -> bytes:
        """Write a question and read what comes back; empty on a line without a way back."""
        one = self._interface
        assert one is not None
        if not one.back:
            return b""
        try:
            read(self._backend, self._handle, one.back, one.number, one.packet, 1)
            if self.write(question) != len(question):
                return b""
            answer, until = b"", self._clock() + timeout_s
            while len(answer) < most and (left := until - self._clock()) > 0:
                milliseconds = max(1, int(left * 1000))
                more = read(
                    self._backend, self._handle, one.back, one.number, one.packet, milliseconds
                )
                if not more:
                    break
                answer += more
        except USBError as error:
            raise fault("printer.gone", self.name, cause=str(error)) from error
        return answer[:most]

    def device_id(self) -> str:
        """Return the IEEE 1284 id of the open printer; empty when it tells none."""
        assert self._interface is not None
        return read_device_id(self._backend, self._handle, self._interface)

    def finish(self) -> Ending:
        """Return at once: the printer has every byte; the paper is another matter."""
        if self._broken is not None:
            raise fault("printer.gone", self.name, cause=str(self._broken))
        return Ending.SILENT

    def close(self) -> None:
        """Give the printer back, to the kernel's driver too if it had it."""
        for step in self._steps_back():
            with contextlib.suppress(USBError, NotImplementedError):
                step()
        self._handle = self._interface = self._backend = None
        self._claimed = self._detached = False

    def _steps_back(self) -> Iterator[Callable[[], None]]:
        backend, handle, one = self._backend, self._handle, self._interface
        if handle is None:
            return
        if one is not None and self._claimed:
            yield lambda: backend.release_interface(handle, one.number)
        if one is not None and self._detached:
            yield lambda: backend.attach_kernel_driver(handle, one.number)
        yield lambda: backend.close_device(handle)
