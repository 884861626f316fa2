"""Watches printers coming and going, on a thread of its own that costs next to nothing."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Hashable
from pathlib import Path

from packstation.devices.discovery import FoundLine, find_printers
from packstation.errors import DeviceError

log = logging.getLogger(__name__)

EVERY_S = 2.0
SETTLE_LOOKS = 2
"""Full looks after a change: rights on a new device are given a moment after it appears."""
FOLDERS = (Path("/sys/bus/usb/devices"), Path("/dev/usb"))
"""Their names change when a USB device comes or goes."""


class PrinterWatch:
    """Tells which printers there are, at once and whenever that changes."""

    def __init__(
        self,
        told: Callable[[tuple[FoundLine, ...]], None],
        *,
        find: Callable[[], tuple[FoundLine, ...]] = find_printers,
        glance: Callable[[], Hashable] | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        """Start watching.

        Args:
            told: Called on the watch's thread with every printer, when they are not the same as
                the last time.
            find: The full look.
            glance: The cheap look: a value that changes when a full look is needed.
            every_s: Seconds between two cheap looks.
        """
        self._told = told
        self._find = find
        self._glance = glance or cheap_look
        self._every_s = every_s
        self._wake = threading.Event()
        self._over = False
        self._asked = False
        self._thread = threading.Thread(target=self._run, name="printer watch", daemon=True)
        self._thread.start()

    def look_again(self) -> None:
        """Have a full look now; from any thread."""
        self._asked = True
        self._wake.set()

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Stop watching, and wait for the thread's end."""
        self._over = True
        self._wake.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        seen: Hashable = object()  # unlike anything a glance returns
        known: tuple[FoundLine, ...] | None = None
        looks = 1
        while not self._over:
            now = self._glance()
            if now != seen:
                seen, looks = now, SETTLE_LOOKS
            if self._asked:
                self._asked, looks = False, max(looks, 1)
            if looks:
                looks -= 1
                found = self._found(known)
                if found != known and not self._over:
                    known = found
                    self._told(found)
            self._wake.wait(self._every_s)
            self._wake.clear()

    def _found(self, known: tuple[FoundLine, ...] | None) -> tuple[FoundLine, ...]:
        try:
            return self._find()
        except (DeviceError, OSError) as error:
            log.warning("printers cannot be looked for", extra={"error": str(error)})
            return known or ()


def cheap_look(folders: tuple[Path, ...] = FOLDERS) -> Hashable:
    """Return names of what is plugged in; by the kernel's folders, else by libusb."""
    names = [_names(folder) for folder in folders]
    if any(one is not None for one in names):
        return tuple(names)
    return _by_libusb()


def _names(folder: Path) -> tuple[str, ...] | None:
    try:
        return tuple(sorted(os.listdir(folder)))
    except OSError:
        return None


def _by_libusb() -> Hashable:
    from usb.core import USBError

    from packstation.devices.usb_backend import fresh_backend

    try:
        backend = fresh_backend()
        descriptors = [backend.get_device_descriptor(one) for one in backend.enumerate_devices()]
    except (DeviceError, USBError, NotImplementedError):
        return ()
    return tuple(sorted((one.bus, one.address, one.idVendor, one.idProduct) for one in descriptors))
