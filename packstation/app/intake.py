"""The way of shop files into the house: settings, profiles, the limited child, the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.core.carriers import Carrier
from packstation.core.imports import MAIN_SHOP, ImportSettings, ParsedFiles
from packstation.core.orders import ShopKey
from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.carrier_files import carrier_names, load_carriers
from packstation.paths import resources
from packstation.settings import Settings

# What reads files is imported when a file comes: the window need not carry it before.
if TYPE_CHECKING:
    from packstation.exchange.order_import import Import
    from packstation.exchange.profiles import Profile

log = logging.getLogger(__name__)

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


OWN_SHOPS = "shops"
"""Folder inside the data folder with the formats that the shop has made."""


def profiles(data: Path | None = None) -> tuple[Profile, ...]:
    """Return every shop format that is known; the shop's own come first.

    A wrong own file stops no import: it is said in the log, and ``own_problem`` tells it.

    Args:
        data: The data folder; None = only the program's formats.
    """
    return _profiles(data)[0]


def _profiles(data: Path | None) -> tuple[tuple[Profile, ...], tuple[DataFileError, ...]]:
    from packstation.exchange.profile_files import load_own_profiles, load_profiles

    program = load_profiles(resources() / "shops")
    if data is None:
        return program, ()
    own = load_own_profiles(data / OWN_SHOPS, program)
    for problem in own.problems:
        log.warning("own_profile", extra={"file": problem.facts.get("file"), "code": problem.code})
    return (*own.profiles, *program), own.problems


def own_problems(data: Path) -> tuple[DataFileError, ...]:
    """Return what is wrong with the formats that the shop has made, one error a file."""
    return _profiles(data)[1]


@contextmanager
def _blaming(problems: Sequence[DataFileError]) -> Iterator[None]:
    """Where a file fits no format and an own one cannot be read, that one is the reason."""
    try:
        yield
    except (ImportFileError, DataFileError) as error:
        if problems and error.code in {"import.unknown_columns", "import.unknown_profile"}:
            raise problems[0] from error
        raise


def import_settings(
    settings: Settings,
    *,
    shop: str | None = None,
    zone: str | None = None,
    file: Path | None = None,
    profile: str = "",
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
        chosen = settings.import_settings(key)
    if profile:
        chosen = replace(chosen, profile=profile)
    return replace(chosen, timezone=zone) if zone else chosen


def understood(
    paths: Sequence[Path], chosen: ImportSettings, data: Path | None = None
) -> dict[str, Any]:
    """Return what an import would understand; nothing is stored."""
    from packstation.exchange.explain import explain

    names = carrier_names(load_carriers(resources() / "carriers"))
    known, problems = _profiles(data)
    with _blaming(problems):
        answer = explain(paths, chosen, profiles=known, carriers=names)
    if problems and str(answer["error"] or "").startswith("import.unknown_columns"):
        answer["error"] = f"{problems[0].code}: {problems[0]}"
    return answer


@contextmanager
def opened(
    paths: Sequence[Path],
    chosen: ImportSettings,
    carriers: tuple[Carrier, ...],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    data: Path | None = None,
) -> Iterator[Import]:
    """Read one export and give its orders one by one; otherwise as ``read``.

    Raises:
        ImportFileError: The files are refused as a whole.
        DataFileError: The settings, or the own format that the file would need, are wrong.
    """
    from packstation.exchange.order_import import open_import

    known, problems = _profiles(data)
    with (
        _blaming(problems),
        open_import(
            paths,
            chosen,
            profiles=known,
            carriers=carrier_names(carriers),
            progress=progress,
            cancelled=cancelled,
        ) as export,
    ):
        yield export


def read(
    paths: Sequence[Path],
    chosen: ImportSettings,
    carriers: tuple[Carrier, ...],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    data: Path | None = None,
) -> ParsedFiles:
    """Read one export as a whole; blocks, and belongs into a thread of its own beside a window.

    Args:
        paths: The files of one export.
        chosen: How they are read.
        carriers: Whose names files may write.
        progress: Told the rows read so far.
        cancelled: Asked several times a second, from another thread.
        data: The data folder, for the formats that the shop has made.

    Raises:
        ImportFileError: The files are refused as a whole.
        DataFileError: The settings, or the own format that the file would need, are wrong.
    """
    from packstation.exchange.order_import import read_files

    known, problems = _profiles(data)
    with _blaming(problems):
        return read_files(
            paths,
            chosen,
            profiles=known,
            carriers=carrier_names(carriers),
            progress=progress,
            cancelled=cancelled,
        )
