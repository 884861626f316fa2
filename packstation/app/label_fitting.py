"""Label files whose pages have another shape than the paper: found, and fitted once agreed to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packstation.app.label_intake import label_paper
from packstation.errors import ComposeError
from packstation.ports import PageContent
from packstation.settings import Settings

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.exchange.label_limits import LabelPaper
    from packstation.store.database import Database
    from packstation.store.label_file_reads import FileLine, PageShape

log = logging.getLogger(__name__)

_KEPT_AT_ONCE = 20
"""Pages kept in one transaction; then a scan may go first."""


@dataclass(frozen=True, slots=True)
class OtherShape:
    """A page that does not fit the paper; sizes are widths and heights in mm."""

    page: tuple[float, float]
    paper: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting a file came to."""

    pages: int
    """Pages that were made to fit."""
    at_risk: int
    """Of these, pages whose bars are now narrower than two dots."""
    lost: int
    """Pages whose number cannot be read any more: they are not printed."""


def other_shape(db: Database, line: FileLine, settings: Settings) -> OtherShape | None:
    """Return a page of a file that does not fit its shop's paper; None = all fit, or no paper."""
    paper = label_paper(settings, line.shop)
    if paper is None:
        return None
    found = _odd(db, line.file, paper)
    if not found:
        return None
    return OtherShape((found[0].width_mm, found[0].height_mm), _size(paper))


def fit_labels(house: House, file: str, *, cancelled: Callable[[], bool] = lambda: False) -> Fitted:
    """Draw a file's pages to fit the paper and note that a person agreed; blocks.

    Nothing is agreed to where no page would be readable.

    Args:
        house: Where the file is.
        file: Its digest.
        cancelled: Asked several times a second, from another thread too.

    Raises:
        ComposeError: ``labels.bars_lost``: no page is readable once it is fitted.
        StoreError: ``labels.no_such_file``, or ``store.people_purged``: its pages are forgotten.
    """
    from packstation.store.label_file_reads import label_file

    store = house.store
    line = house.call(lambda: label_file(store.db, file))
    paper = label_paper(house.settings, line.shop)
    done = Fitted(0, 0, 0) if paper is None else _drawn_ahead(house, file, paper, cancelled)
    # Until this is written, nobody looks at what was drawn for it.
    house.call(lambda: store.label_files.fit(file))
    counts = {"pages": done.pages, "at_risk": done.at_risk, "lost": done.lost}
    log.info("labels fitted", extra=counts)
    return done


def _drawn_ahead(
    house: House, file: str, paper: LabelPaper, cancelled: Callable[[], bool]
) -> Fitted:
    from packstation.exchange import page_drawing
    from packstation.store.label_file_reads import pages_of_shapes
    from packstation.store.label_pages import read_content

    store = house.store

    def reader(page: str) -> Callable[[], PageContent]:
        return lambda: house.call(lambda: read_content(store.db, store.people, page))

    def keep() -> None:
        some = tuple(drawn)
        drawn.clear()
        house.call(lambda: store.label_files.keep_drawn(some))

    pages = house.call(lambda: pages_of_shapes(store.db, file, set(_odd(store.db, file, paper))))
    readers = [reader(page) for page in pages]
    drawn: list[tuple[str, bytes, str]] = []
    done = risky = 0
    lost: list[ComposeError] = []
    for content, made in page_drawing.fit_pages(readers, paper, cancelled=cancelled):
        if isinstance(made, ComposeError):
            lost.append(made)
            continue
        done, risky = done + made.fitted, risky + made.at_risk
        key = paper.fitted_key if made.fitted else paper.key
        drawn.append((content.page, page_drawing.packed(made.bitmap), key))
        if len(drawn) == _KEPT_AT_ONCE:
            keep()
    if lost and not done:
        raise lost[0]
    keep()
    return Fitted(done, risky, len(lost))


def _odd(db: Database, file: str, paper: LabelPaper) -> tuple[PageShape, ...]:
    """Return the shapes among a file's pages that do not fit, the widest first."""
    from packstation.exchange.label_places import fits
    from packstation.store.label_file_reads import page_shapes

    return tuple(
        one
        for one in page_shapes(db, file)
        if not fits(
            (one.width_mm, one.height_mm), (one.ink_width_mm, one.ink_height_mm), _size(paper)
        )
    )


def _size(paper: LabelPaper) -> tuple[float, float]:
    return paper.width / paper.dots_per_mm, paper.height / paper.dots_per_mm
