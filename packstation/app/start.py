"""What every command does first: the language to speak, the log to write."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from packstation.app.house import SETTINGS, chosen_language
from packstation.errors import DataFileError
from packstation.i18n import Translator
from packstation.logs import LogFiles
from packstation.settings import Settings, load_settings


def speaking(data: Path, language: str | None) -> Translator:
    """Return the language to speak; broken settings are told later, by who needs them."""
    try:
        settings = load_settings(data / SETTINGS, warn=lambda _: None)
    except DataFileError:
        settings = Settings()
    return Translator(chosen_language(settings, language))


@contextmanager
def diary(data: Path, name: str) -> Iterator[None]:
    """Write the diary into the data folder, where there is one; without it, say nothing at all."""
    root = logging.getLogger()
    quiet = logging.NullHandler()
    root.addHandler(quiet)
    with ExitStack() as stack:
        stack.callback(root.removeHandler, quiet)
        # A folder that may not be written is told by the store, with its cure.
        with suppress(OSError):
            if data.is_dir():
                stack.enter_context(LogFiles(data / "logs"))
        logging.getLogger(__name__).info("started", extra={"command": name})
        yield


def set_up_logs(data: Path, name: str) -> None:
    """Write the diary until the process ends; for a program that is one command and no more."""
    stack = ExitStack()
    stack.enter_context(diary(data, name))
    atexit.register(stack.close)


def has_display() -> bool:
    """Tell whether there is a screen to open a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
