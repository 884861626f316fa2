"""The way of shop files into the house: settings, profiles, the limited child, the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.core.carriers import Carrier
from packstation.core.imports import MAIN_SHOP, ImportSettings, ParsedFiles
from packstation.core.orders import ShopKey
from packstation.errors import ImportFileError
from packstation.exchange.carrier_files import carrier_names, load_carriers
from packstation.paths import resources
from packstation.settings import Settings

# What reads files is imported when a file comes: the window need not carry it before.
if TYPE_CHECKING:
    from packstation.exchange.profiles import Profile

Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


class ImportHandle:
    """A running import, to be cancelled."""

    def __init__(self) -> None:
        """Start uncancelled."""
        self.cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask it to end; before it is published nothing of it is kept."""
        self.cancelled.set()


def cancelled_import(names: Sequence[str]) -> ImportFileError:
    """Return the error of an import that was cancelled after its files were read."""
    file = ", ".join(names)
    return ImportFileError(
        "import.cancelled", f"Reading {file} was cancelled; nothing was imported.", file=file
    )


def profiles() -> tuple[Profile, ...]:
    """Return every shop format that is known."""
    from packstation.exchange.profile_files import load_profiles

    return load_profiles(resources() / "shops")


def import_settings(
    settings: Settings,
    *,
    shop: str | None = None,
    zone: str | None = None,
    file: Path | None = None,
) -> ImportSettings:
    """Return how files are to be read: the shop's settings, then the file's, then the words given.

    Raises:
        DataFileError: The JSON file is wrong.
    """
    key = ShopKey(shop or next(iter(settings.shops), MAIN_SHOP))
    if file is not None:
        from packstation.exchange.explain import settings_from_json

        chosen = settings_from_json(file, shop=key)
    else:
        own = settings.shop(key)
        chosen = ImportSettings(
            shop=key,
            timezone=own.timezone,
            date_order=own.date_order,
            status_words=own.status_words,
            mapping=own.mapping,
        )
    return replace(chosen, timezone=zone) if zone else chosen


def understood(paths: Sequence[Path], chosen: ImportSettings) -> dict[str, Any]:
    """Return what an import would understand; nothing is stored."""
    from packstation.exchange.explain import explain

    names = carrier_names(load_carriers(resources() / "carriers"))
    return explain(paths, chosen, profiles=profiles(), carriers=names)


def read(
    paths: Sequence[Path],
    chosen: ImportSettings,
    carriers: tuple[Carrier, ...],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ParsedFiles:
    """Read one export; blocks, and belongs into a thread of its own beside a window.

    Raises:
        ImportFileError: The files are refused as a whole.
    """
    from packstation.exchange.order_import import read_files

    return read_files(
        paths,
        chosen,
        profiles=profiles(),
        carriers=carrier_names(carriers),
        progress=progress,
        cancelled=cancelled,
    )
