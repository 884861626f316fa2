"""A raw job through the Windows spooler (winspool.drv).

Built from the documented interface and tested with a stand-in of the library; not proven on a
real Windows.
"""

from __future__ import annotations

import ctypes
from typing import Any

from packstation.devices.printer_faults import fault, status_of, untouched
from packstation.devices.status_dialects import UNKNOWN, error_code
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus

ERROR_ACCESS_DENIED = 5
LOCAL_AND_CONNECTED = 0x2 | 0x4
"""EnumPrinters: PRINTER_ENUM_LOCAL and PRINTER_ENUM_CONNECTIONS."""
STATUS_BITS = (
    (0x00000010, PrinterState.NO_PAPER),
    (0x00400000, PrinterState.COVER_OPEN),
    (0x00001000 | 0x00000080, PrinterState.NOT_FOUND),  # not available, off-line
    (0x00000001, PrinterState.PAUSED),
    (0x00000002 | 0x00000008 | 0x00100000, PrinterState.ERROR),  # error, jam, needs a person
)
"""PRINTER_STATUS_… of winspool.h, the cause that a hand mends first."""


class DocInfo1(ctypes.Structure):
    """DOC_INFO_1W: what a job is."""

    _fields_ = (
        ("document", ctypes.c_wchar_p),
        ("output", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
    )


class PrinterInfo4(ctypes.Structure):
    """PRINTER_INFO_4W: a printer in the list."""

    _fields_ = (
        ("printer", ctypes.c_wchar_p),
        ("server", ctypes.c_wchar_p),
        ("attributes", ctypes.c_uint32),
    )


class PrinterInfo6(ctypes.Structure):
    """PRINTER_INFO_6: a printer's status."""

    _fields_ = (("status", ctypes.c_uint32),)


def winspool() -> Any:
    """Return the spooler's library.

    Raises:
        DeviceError: ``printer.not_found``: this is not Windows.
    """
    loader = getattr(ctypes, "WinDLL", None)
    if loader is None:
        raise fault("printer.not_found", "spooler", cause="this computer has no Windows spooler")
    library = loader("winspool.drv", use_last_error=True)
    for function in (library.OpenPrinterW, library.StartDocPrinterW, library.WritePrinter):
        function.restype = ctypes.c_int
    handle = ctypes.c_void_p
    library.OpenPrinterW.argtypes = [ctypes.c_wchar_p, ctypes.POINTER(handle), ctypes.c_void_p]
    library.StartDocPrinterW.argtypes = [handle, ctypes.c_uint32, ctypes.c_void_p]
    library.WritePrinter.argtypes = [
        handle,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.POINTER(ctypes.c_uint32),
    ]
    ends = ("StartPagePrinter", "EndPagePrinter", "EndDocPrinter", "AbortPrinter", "ClosePrinter")
    for name in ends:
        getattr(library, name).argtypes = [handle]
    return library


class SpoolerTransport:
    """A printer of Windows, by its name there; SENT means that the spooler has the job.

    A job that is given up is aborted. Whether the printer has got some of it by then depends on the
    queue ("start printing immediately"), so bytes that the spooler took count as left.
    """

    def __init__(self, name: str, *, library: Any = None) -> None:
        """Keep which printer it is.

        Args:
            name: As Windows shows it.
            library: Instead of the real ``winspool.drv``.
        """
        self._name = name
        self._library = library
        self._handle: ctypes.c_void_p | None = None
        self._ended = False

    def preflight(self) -> None:
        """Ask the spooler for the printer's status.

        Raises:
            DeviceError: Not there, locked, paused, without paper …
        """
        code = error_code(self._checked())
        if code:
            raise fault(code, self._name)

    def open(self) -> None:
        """Begin a raw job."""
        self._ended = False
        self._handle = self._opened()
        info = DocInfo1("PackStation", None, "RAW")
        if not self._winspool.StartDocPrinterW(self._handle, 1, ctypes.byref(info)):
            raise self._refusal()
        if not self._winspool.StartPagePrinter(self._handle):
            raise self._refusal()

    def write(self, data: bytes) -> int:
        """Hand bytes to the spooler, which keeps them until the job is ended."""
        taken = ctypes.c_uint32()
        done = self._winspool.WritePrinter(
            self._handle, ctypes.c_char_p(data), len(data), ctypes.byref(taken)
        )
        if not done and not taken.value:
            raise untouched("printer.queue_refused", self._name, cause=_last_error())
        return taken.value

    def waiting(self) -> int:
        """Return 0: the spooler does not tell how much the printer has."""
        return 0

    def status(self) -> PrinterStatus:
        """Ask the spooler."""
        try:
            return self._checked()
        except DeviceError as error:
            return status_of(error)

    def finish(self) -> Ending:
        """End the job; the spooler has all of it."""
        self._ended = True
        page = self._winspool.EndPagePrinter(self._handle)
        if not self._winspool.EndDocPrinter(self._handle) or not page:
            raise fault("printer.no_answer", self._name)
        return Ending.SILENT

    def close(self) -> None:
        """Let go of the printer; a job that was not ended is taken back."""
        if self._handle is not None:
            if not self._ended:
                self._winspool.AbortPrinter(self._handle)
            self._winspool.ClosePrinter(self._handle)
            self._handle = None

    @property
    def _winspool(self) -> Any:
        if self._library is None:
            self._library = winspool()
        return self._library

    def _opened(self) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        if not self._winspool.OpenPrinterW(self._name, ctypes.byref(handle), None):
            raise self._refusal()
        return handle

    def _refusal(self) -> DeviceError:
        denied = _last_error_number() == ERROR_ACCESS_DENIED
        code = "printer.access_denied" if denied else "printer.not_found"
        fix = "Let this user print in the printer's security settings." if denied else ""
        return fault(code, self._name, fix=fix, cause=_last_error())

    def _checked(self) -> PrinterStatus:
        handle = self._opened()
        try:
            info, needed = PrinterInfo6(), ctypes.c_uint32()
            size = ctypes.sizeof(info)
            if not self._winspool.GetPrinterW(
                handle, 6, ctypes.byref(info), size, ctypes.byref(needed)
            ):
                return UNKNOWN
            return read_spooler_status(int(info.status))
        finally:
            self._winspool.ClosePrinter(handle)


def read_spooler_status(bits: int) -> PrinterStatus:
    """Return what PRINTER_INFO_6 says; 0 only says that the spooler knows of nothing.

    >>> read_spooler_status(0x10).state
    <PrinterState.NO_PAPER: 'no_paper'>
    """
    for mask, state in STATUS_BITS:
        if bits & mask:
            return PrinterStatus(state, f"0x{bits:08x}")
    return UNKNOWN


def spooler_printers(library: Any = None) -> tuple[str, ...]:
    """Return the names of the printers of Windows; none elsewhere."""
    try:
        winspool_ = library or winspool()
    except DeviceError:
        return ()
    needed, count = ctypes.c_uint32(), ctypes.c_uint32()
    arguments = (LOCAL_AND_CONNECTED, None, 4)
    winspool_.EnumPrintersW(*arguments, None, 0, ctypes.byref(needed), ctypes.byref(count))
    if not needed.value:
        return ()
    room = ctypes.create_string_buffer(needed.value)
    if not winspool_.EnumPrintersW(
        *arguments, room, needed.value, ctypes.byref(needed), ctypes.byref(count)
    ):
        return ()
    rows = ctypes.cast(room, ctypes.POINTER(PrinterInfo4))
    return tuple(str(rows[place].printer) for place in range(count.value))


def _last_error_number() -> int:
    return int(getattr(ctypes, "get_last_error", lambda: 0)())


def _last_error() -> str:
    return f"Windows error {_last_error_number()}"
