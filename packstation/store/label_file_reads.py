"""Lists of label files and their pages; nothing of it is people's data."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import PageState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import at_of


@dataclass(frozen=True, slots=True)
class FileLine:
    """One label file with what became of its pages."""

    file: str
    """SHA-256, hex."""
    name: str
    shop: ShopKey
    format: str
    taken_at: datetime
    pages: int
    bound: int
    unmatched: int
    duplicate: int
    unreadable: int
    printed: int
    """Pages of which a label was printed, or is to be."""
    fitted: bool = False
    """A person agreed that its pages are made smaller to fit the paper."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page of a label file."""

    page: str
    number: int
    state: PageState
    codes: tuple[str, ...]
    tracking_number: str | None
    carrier: str | None
    order: OrderKey | None
    why: str
    """Of an unreadable page; see ``PageTaken.why``."""


_FILES = """SELECT f.file, f.name, f.shop, f.format, f.taken_us, f.pages,
        sum(p.state = 'bound'), sum(p.state = 'unmatched'), sum(p.state = 'duplicate'),
        sum(p.state = 'unreadable'),
        (SELECT count(DISTINCT page) FROM print_jobs
            WHERE outcome NOT IN ('FAILED', 'CANCELLED')
            AND page IN (SELECT page FROM label_pages WHERE file = f.file)), f.fitted
    FROM label_files AS f JOIN label_pages AS p ON p.file = f.file
    WHERE f.removed_us IS NULL"""


def label_files(db: Database, limit: int) -> tuple[FileLine, ...]:
    """Return label files, newest first."""
    rows = db.rows(f"{_FILES} GROUP BY f.file ORDER BY f.taken_us DESC, f.name LIMIT ?", (limit,))
    return tuple(_line(row) for row in rows)


def label_file(db: Database, file: str) -> FileLine:
    """Return one label file, by its digest, the beginning of it, or its name.

    Raises:
        StoreError: ``labels.no_such_file``: none or several are meant.
    """
    rows = db.rows(
        f"{_FILES} AND (f.file = ?1 OR f.name = ?1 OR (length(?1) >= 6"
        " AND substr(f.file, 1, length(?1)) = ?1)) GROUP BY f.file LIMIT 2",
        (file,),
    )
    if len(rows) != 1:
        raise StoreError(
            "labels.no_such_file",
            f"No label file is {file}, or several are.",
            fix="List the label files, and give the digest of one.",
            file=file,
        )
    return _line(rows[0])


def _line(row: tuple[object, ...]) -> FileLine:
    file, name, shop, kind, taken, *counts = row
    assert isinstance(taken, int)
    pages, bound, unmatched, duplicate, unreadable, printed, fitted = (
        int(str(one)) for one in counts
    )
    return FileLine(
        file=str(file),
        name=str(name),
        shop=ShopKey(str(shop)),
        format=str(kind),
        taken_at=at_of(taken),
        pages=pages,
        bound=bound,
        unmatched=unmatched,
        duplicate=duplicate,
        unreadable=unreadable,
        printed=printed,
        fitted=bool(fitted),
    )


@dataclass(frozen=True, slots=True)
class PageShape:
    """Pages of a file that are of one size, and so is what is drawn on them."""

    width_mm: float
    height_mm: float
    ink_width_mm: float
    ink_height_mm: float


def page_shapes(db: Database, file: str) -> tuple[PageShape, ...]:
    """Return the shapes of a file's pages; not of pages that nobody prints or draws here (ZPL)."""
    rows = db.rows(
        "SELECT DISTINCT p.width_mm, p.height_mm, p.ink_width, p.ink_height FROM label_pages AS p"
        " JOIN label_files AS f ON f.file = p.file"
        " WHERE p.file = ? AND p.ink_width > 0 AND p.state <> 'unreadable'"
        " AND f.format IN ('pdf', 'png') ORDER BY p.width_mm DESC, p.height_mm DESC",
        (file,),
    )
    return tuple(PageShape(*row) for row in rows)


def pages_of_shapes(db: Database, file: str, shapes: Collection[PageShape]) -> tuple[str, ...]:
    """Return the ids of a file's pages that have one of some shapes, in its order."""
    rows = db.rows(
        "SELECT page, width_mm, height_mm, ink_width, ink_height FROM label_pages"
        " WHERE file = ? AND state <> 'unreadable' ORDER BY number",
        (file,),
    )
    return tuple(page for page, *shape in rows if PageShape(*shape) in shapes)


def label_pages(db: Database, file: str) -> tuple[PageLine, ...]:
    """Return the pages of a file, in its order."""
    rows = db.rows(
        "SELECT p.page, p.number, p.state, (SELECT json_group_array(code) FROM"
        " (SELECT code FROM label_page_codes WHERE page = p.page ORDER BY code)),"
        " p.tracking_number, p.carrier, p.order_key, p.why FROM label_pages AS p"
        " WHERE p.file = ? ORDER BY p.number",
        (file,),
    )
    return tuple(
        PageLine(
            page=page,
            number=number,
            state=PageState(state),
            codes=tuple(json.loads(codes)),
            tracking_number=tracking,
            carrier=carrier,
            order=OrderKey(order) if order else None,
            why=why,
        )
        for page, number, state, codes, tracking, carrier, order, why in rows
    )
