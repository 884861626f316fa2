"""The way of label files into the house: paper, the limited child, the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.outlets import label_key, parts_of, setup_of
from packstation.core.orders import ShopKey
from packstation.errors import DataFileError, StoreError
from packstation.exchange import label_limits
from packstation.exchange.label_limits import LabelPaper
from packstation.paths import resources
from packstation.settings import Settings

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.exchange.label_files import LabelFile
    from packstation.store.label_file_reads import FileLine
    from packstation.store.label_files import NewPage, SealedPage

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told pages done, and pages known so far: those of the files that were opened."""

_SEALED_AT_ONCE = 20
"""Pages kept in one transaction, some 10 ms; then a scan may go first."""


def label_paper(settings: Settings, shop: ShopKey) -> LabelPaper | None:
    """Return the paper that a shop's labels are printed on; None where it is not known.

    Args:
        settings: As set up.
        shop: May have a printer of its own.
    """
    key = settings.shop(shop).printer or label_key(settings)
    try:
        _, profile, stock = parts_of(setup_of(settings, key), resources())
    except DataFileError as error:
        log.warning("labels are not drawn ahead", extra={"code": error.code})
        return None
    if stock.height_mm is None:
        return None
    return LabelPaper(
        profile.dots_per_mm, profile.dots(stock.width_mm), profile.dots(stock.height_mm)
    )


def take_labels(
    house: House,
    paths: Sequence[Path],
    shop: ShopKey,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[FileLine, ...]:
    """Read label files and bind their pages; blocks, and belongs into a room of its own.

    A file counts for nobody until it is whole. Files before one that is refused stay taken.

    Args:
        house: Where they go to.
        paths: The files.
        shop: Whose orders the labels are for.
        progress: Told how far it is.
        cancelled: Asked several times a second, from another thread too.

    Raises:
        ImportFileError: A file is refused as a whole, or it was cancelled.
        StoreError: ``labels.taken_already``, or nothing of the file was written.
    """
    from packstation.exchange.label_files import open_labels

    paper = label_paper(house.settings, shop)
    tell = progress or (lambda _done, _known: None)
    taken, done, known = [], 0, 0
    for path in paths:
        with open_labels(path, paper, cancelled=cancelled) as opened:
            digest = opened.sha256
            house.call(lambda: house.store.label_files.refuse_known(digest, path.name))  # noqa: B023
            known += opened.pages
            before = done
            tell(before, known)
            taken.append(
                _one(house, opened, path.name, shop, cancelled, lambda n: tell(before + n, known))  # noqa: B023
            )
        done = known
    return tuple(taken)


def _one(
    house: House,
    opened: LabelFile,
    name: str,
    shop: ShopKey,
    cancelled: Callable[[], bool],
    tell: Callable[[int], None],
) -> FileLine:
    from packstation.store.label_file_reads import label_file

    files = house.store.label_files
    sealed: list[SealedPage] = []
    try:
        for number, pages in _batches(opened):
            # The lambdas are done with before the next round.
            sealed += house.call(lambda: files.seal(pages))  # noqa: B023
            tell(number)
        if not sealed:
            raise label_limits.no_pages(name)
        if cancelled():
            raise label_limits.cancelled(name)
        house.call(lambda: files.take(opened.sha256, name, shop, opened.kind, sealed))
    except BaseException:
        try:
            house.call(lambda: files.drop(sealed))
        except StoreError as error:
            log.warning("pages of a refused label file are left", extra={"code": error.code})
        raise
    tell(opened.pages)
    line = house.call(lambda: label_file(house.store.db, opened.sha256))
    log.info("labels taken", extra={"pages": line.pages, "bound": line.bound})
    return line


def _batches(opened: LabelFile) -> Iterator[tuple[int, list[NewPage]]]:
    """Yield pages in small numbers, each time with the page of the file that was reached."""
    from packstation.store.label_files import NewPage

    counter, batch, reached = count(1), list[NewPage](), 0
    for reached, label in opened.labels():
        batch.append(
            NewPage(
                number=next(counter),
                kind=label.kind,
                content=label.content,
                width_mm=label.width_mm,
                height_mm=label.height_mm,
                codes=label.codes,
                mark=label.mark,
                blank=label.blank,
                dots=label.dots,
                dots_key=label.key,
                ink=label.ink,
            )
        )
        if len(batch) == _SEALED_AT_ONCE:
            yield reached, batch
            batch = []
    if batch:
        yield reached, batch


def page_picture(house: House, page: str) -> bytes:
    """Return a page as PNG: as it was drawn for the printer, else in its own size.

    Raises:
        StoreError: ``store.no_such_page``, or ``store.people_purged`` once it is forgotten.
        ComposeError: ``labels.drawn_by_printer``: it is ZPL.
    """
    from packstation.exchange import page_drawing
    from packstation.store.label_pages import read_content

    store = house.store
    found = house.call(lambda: read_content(store.db, store.people, page))
    if found.dots:
        dots = int(found.dots_key.partition(":")[0])
        return page_drawing.unpacked(found.dots, found.dots_key).png(dots_per_mm=dots)
    return page_drawing.look_at_page(found.content, found.format).png(
        dots_per_mm=page_drawing.LOOK_DOTS
    )
