"""One import from its files to the lists, beside everything else that the house does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import intake, urges
from packstation.core.events import OrderChanged
from packstation.core.imports import ImportHead, ImportReport, ImportSettings
from packstation.errors import ImportFileError, StoreError

if TYPE_CHECKING:
    from packstation.app.house import House

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told rows done and rows in all; 0 rows in all = not known yet, the files are still being read.
All rows are done when the import is published: durable, and found by every scan.
"""

_BATCH = 240
"""Orders taken over at a time."""
_LISTED = 250
"""Orders whose rows in the lists are written at a time; then a scan may go first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an import."""

    report: ImportReport
    held: int
    """Orders in it that may not be packed."""


def take_in(
    house: House,
    paths: Sequence[Path],
    chosen: ImportSettings,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    changed: Callable[[OrderChanged], None] = lambda _: None,
) -> Taken:
    """Read one export and put it into the store; blocks, and belongs into a room of its own.

    It counts for nobody until it is whole, and can be cancelled until then. On return every order
    is in the tables; ``catch_up`` brings lists up to date.

    Args:
        house: Where it goes to.
        paths: The files of one export.
        chosen: How they are read.
        progress: Told how far it is.
        cancelled: Asked several times a second, from another thread too.
        changed: Told each order that was here and is another now.

    Raises:
        ImportFileError: The files are refused as a whole, or it was cancelled.
        DataFileError: The settings, or the own format that the file would need, are wrong.
        StoreError: Nothing of it counts; or it counts and the next start brings it to its end.
    """
    from packstation.store.import_incoming import Incoming

    tell = progress or (lambda _rows, _all: None)
    with intake.opened(
        paths,
        chosen,
        house.carriers,
        progress=lambda rows: tell(rows, 0),
        cancelled=cancelled,
        data=house.data,
    ) as export:
        head, held, done = export.head, 0, 0
        _refuse_another_shops(house, head)
        incoming = Incoming(house.store.staging, head, house.call)
        try:
            orders = export.orders()
            while batch := tuple(islice(orders, _BATCH)):
                _go_on(paths, cancelled)
                incoming.take(batch)
                held += sum(one.order.why_not is not None for one in batch)
                done += len(batch)
                tell(min(head.rows * done // head.orders, head.rows - 1), head.rows)
            _go_on(paths, cancelled)
        except BaseException:
            try:
                incoming.drop()
            except StoreError as error:
                log.warning("parts of an import are left", extra={"code": error.code})
            raise
        tail = export.tail
    assert tail is not None, "every order was taken"
    return Taken(incoming.publish(tail, changed, lambda: tell(head.rows, head.rows)), held)


def _refuse_another_shops(house: House, head: ImportHead) -> None:
    """Refuse a file that came in for another shop: each order would be there, and go out, twice."""
    digests = [digest for _, digest in head.digests]
    other = house.call(lambda: house.store.imports.shop_of(digests)) if head.orders else None
    if other is not None and other != head.shop:
        names = ", ".join(name for name, _ in head.digests)
        raise ImportFileError(
            "import.of_another_shop",
            f"{names} was imported for the shop {other} already, not for {head.shop}.",
            fix="Choose that shop. If it was the wrong one, export the file again.",
            file=names,
            shop=other,
            chosen=head.shop,
        )


def _go_on(paths: Sequence[Path], cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise intake.cancelled_import([path.name for path in paths])


def catch_up(house: House, stopped: Callable[[], bool] = lambda: False) -> None:
    """Bring urge tasks, pages of labels and lists up to date after an import, in short steps.

    Raises:
        StoreError: What is left waits for the next import or start.
    """
    index = house.store.index
    house.call(lambda: urges.sweep(house.store, datetime.now(UTC)))
    while not stopped() and house.call(house.store.label_files.rebind):
        pass
    while not stopped() and house.call(lambda: index.work_off(_LISTED)):
        pass
