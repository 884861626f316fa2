"""A display of the bench's own, and hands and an eye on it: real keys by XTEST, real pixels.

``libX11`` and ``libXtst`` are called directly (the system's ``xdotool`` brings both), so that
the time of each key is known to the microsecond and no process is started between two keys.
Nothing here touches a display that a person works at, unless Xvfb is missing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import time
from types import TracebackType
from typing import Any

from packstation.errors import PackStationError

SCREEN = (1366, 768)
"""Size for which the window is designed."""
START_S = 15.0
_SERVER_OPTIONS = ("-noreset", "-nolisten", "tcp")
_ALL_PLANES = 0xFFFFFFFF
_Z_PIXMAP = 2
_REVERT_TO_PARENT = 2
_NAMES = {"-": "minus", " ": "space", "/": "slash", ".": "period", "_": "underscore"}
"""Names of the X keys for what is no letter or digit."""


class NoDisplayError(PackStationError):
    """There is nothing to open a window on, or nobody who can type there."""


def _missing(what: str, package: str) -> NoDisplayError:
    return NoDisplayError(
        "bench.no_display",
        f"The figures of the window need {what}, which is not installed.",
        fix=f"Install it: sudo apt install {package}",
        missing=what,
    )


class Display:
    """An Xvfb of our own; ``-noreset``, for else it forgets its keyboard with the last window."""

    def __init__(self) -> None:
        """Start it and wait until it listens.

        Raises:
            NoDisplayError: Xvfb is missing and there is no DISPLAY, or it does not start.
        """
        self._server: subprocess.Popen[bytes] | None = None
        program = shutil.which("Xvfb")
        if program is None:
            self.name = os.environ.get("DISPLAY", "")
            if not self.name:
                raise _missing("a virtual display (Xvfb)", "xvfb")
            return
        reading, writing = os.pipe()
        size = f"{SCREEN[0]}x{SCREEN[1]}x24"
        self._server = subprocess.Popen(
            (program, "-displayfd", str(writing), "-screen", "0", size, *_SERVER_OPTIONS),
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            self.close()
            raise NoDisplayError("bench.no_display", "The virtual display (Xvfb) did not start.")
        self.name = f":{number.decode()}"

    def close(self) -> None:
        """End the Xvfb that was started here."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(START_S)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def __enter__(self) -> Display:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class _Image(ctypes.Structure):
    """The head of Xlib's XImage (Xlib.h), as far as it is read here."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    )


def _library(name: str, package: str) -> Any:
    path = ctypes.util.find_library(name)
    if path is None:
        raise _missing(f"lib{name}", package)
    return ctypes.CDLL(path)


class Hands:
    """One connection to a display: types as a scanner does, and looks at pixels."""

    def __init__(self, display: str) -> None:
        """Connect.

        Raises:
            NoDisplayError: The libraries are missing, or nobody listens.
        """
        self._x: Any = _library("X11", "xdotool")
        self._test: Any = _library("Xtst", "xdotool")
        x = self._x
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XOpenDisplay.argtypes = [ctypes.c_char_p]
        x.XStringToKeysym.restype = ctypes.c_ulong
        x.XStringToKeysym.argtypes = [ctypes.c_char_p]
        x.XKeysymToKeycode.restype = ctypes.c_ubyte
        x.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        for name in ("XFlush", "XCloseDisplay"):
            getattr(x, name).argtypes = [ctypes.c_void_p]
        x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        x.XSetInputFocus.argtypes = [
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.c_int,
            ctypes.c_ulong,
        ]
        x.XGetImage.restype = ctypes.POINTER(_Image)
        x.XGetImage.argtypes = [
            ctypes.c_void_p,
            ctypes.c_ulong,
            *[ctypes.c_int] * 2,
            *[ctypes.c_uint] * 2,
            ctypes.c_ulong,
            ctypes.c_int,
        ]
        x.XDestroyImage.argtypes = [ctypes.c_void_p]
        self._test.XTestFakeKeyEvent.argtypes = [
            ctypes.c_void_p,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_ulong,
        ]
        # Xlib ends the process at an error, such as one about a window that has just gone.
        self._quiet = _HANDLER(lambda _display, _event: 0)
        x.XSetErrorHandler.argtypes = [_HANDLER]
        x.XSetErrorHandler(self._quiet)
        opened = x.XOpenDisplay(display.encode())
        if not opened:
            raise NoDisplayError("bench.no_display", f"The display {display} does not answer.")
        self._display = ctypes.c_void_p(opened)
        self._codes: dict[str, int] = {}

    def close(self) -> None:
        """Disconnect."""
        self._x.XCloseDisplay(self._display)

    def focus(self, window: int) -> None:
        """Give a window the keyboard; there is no window manager that would."""
        self._x.XSetInputFocus(self._display, window, _REVERT_TO_PARENT, 0)
        self._x.XSync(self._display, 0)

    def type_scan(self, text: str, *, key_gap_ms: int = 1) -> int:
        """Type a code and Enter; return the time of Enter on ``time.monotonic_ns``.

        The gaps between the keys are kept by the X server, so that a busy driver does not tear a
        code apart as no scanner would. The time is taken before the request for Enter is written
        to the X server: whatever the server adds counts too.
        """
        for char in text:
            self._tap(char, key_gap_ms)
        if key_gap_ms:
            self._x.XSync(self._display, 0)
        at_ns = time.monotonic_ns()
        self._tap("Return", 0)
        self._x.XFlush(self._display)
        return at_ns

    def _tap(self, name: str, after_ms: int) -> None:
        shifted = len(name) == 1 and name.isupper()
        shift, code = self._code("Shift_L"), self._code(name)
        press = self._test.XTestFakeKeyEvent
        if shifted:
            press(self._display, shift, 1, 0)
        press(self._display, code, 1, after_ms)
        press(self._display, code, 0, 0)
        if shifted:
            press(self._display, shift, 0, 0)

    def _code(self, name: str) -> int:
        if name not in self._codes:
            symbol = self._x.XStringToKeysym(_NAMES.get(name, name).encode())
            self._codes[name] = int(self._x.XKeysymToKeycode(self._display, symbol))
        return self._codes[name]

    def pixels(self, window: int, box: tuple[int, int, int, int]) -> bytes:
        """Return what stands in a box (left, top, width, height) of a window on the X server."""
        left, top, wide, high = box
        image = self._x.XGetImage(
            self._display, window, left, top, wide, high, _ALL_PLANES, _Z_PIXMAP
        )
        if not image:
            raise NoDisplayError("bench.no_picture", "The display gives no picture of the window.")
        head = image.contents
        found = ctypes.string_at(head.data, head.bytes_per_line * head.height)
        self._x.XDestroyImage(image)
        return found
