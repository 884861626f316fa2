"""What every command does first: the language to speak, the log to write."""

from __future__ import annotations

from pathlib import Path

from packstation.app.house import SETTINGS, chosen_language
from packstation.errors import DataFileError
from packstation.i18n import Translator
from packstation.settings import Settings, load_settings


def speaking(data: Path, language: str | None) -> Translator:
    """Return the language to speak; broken settings are told later, by who needs them."""
    try:
        settings = load_settings(data / SETTINGS, warn=lambda _: None)
    except DataFileError:
        settings = Settings()
    return Translator(chosen_language(settings, language))


def set_up_logs(data: Path, name: str) -> None:
    """Write the log into the data folder, where there is one already."""
