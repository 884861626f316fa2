"""Label files and their pages in tables: one fact folded in at a time."""

from __future__ import annotations

import json
import unicodedata

from packstation.core.orders import OrderKey
from packstation.core.paper_facts import (
    LabelFileFitted,
    LabelFileRemoved,
    LabelFileTaken,
    PageBound,
    PageTaken,
)
from packstation.core.status import PageState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry


def page_code(text: str) -> str:
    """Return a code as pages are found by it: plain width, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def apply(
    db: Database,
    entry: Entry,
    fact: LabelFileTaken | PageBound | LabelFileRemoved | LabelFileFitted,
) -> None:
    """Fold one fact into the tables.

    Raises:
        StoreError: ``store.conflict``: it contradicts what is there.
    """
    match fact:
        case LabelFileTaken():
            _taken(db, entry, fact)
        case PageBound():
            _make_room(db, fact.order, fact.page)
            done = db.run(
                "UPDATE label_pages SET state = 'bound', order_key = ?, tracking_number = ?,"
                " carrier = ?, why = '' WHERE page = ?",
                (fact.order, fact.tracking_number, fact.carrier, fact.page),
            )
            if done != 1:
                raise StoreError("store.conflict", f"Page {fact.page} is not known.")
        case LabelFileRemoved():
            _removed(db, entry, fact.file)
        case LabelFileFitted():
            done = db.run(
                "UPDATE label_files SET fitted = 1 WHERE file = ? AND removed_us IS NULL",
                (fact.file,),
            )
            if done != 1:
                raise StoreError("store.conflict", "The label file is not there.", file=fact.file)


def _taken(db: Database, entry: Entry, fact: LabelFileTaken) -> None:
    done = db.run(
        "INSERT INTO label_files VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0)"
        " ON CONFLICT (file) DO UPDATE SET name = excluded.name, shop = excluded.shop,"
        " format = excluded.format, pages = excluded.pages, taken_us = excluded.taken_us,"
        " operator = excluded.operator, removed_us = NULL, fitted = 0 WHERE removed_us IS NOT NULL",
        (
            fact.file,
            fact.name,
            fact.shop,
            fact.format,
            len(fact.pages),
            entry.utc_us,
            entry.operator,
        ),
    )
    if done != 1:
        raise StoreError("store.conflict", f"The label file {fact.name} is there already.")
    for page in fact.pages:
        _page(db, fact.file, page)


def _page(db: Database, file: str, page: PageTaken) -> None:
    if page.state is PageState.BOUND and page.order is not None:
        _make_room(db, page.order, page.page)
    db.run(
        "INSERT INTO label_pages (page, file, number, state, tracking_number, carrier, order_key,"
        " width_mm, height_mm, mark, why, ink_width, ink_height)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            page.page,
            file,
            page.number,
            page.state.value,
            page.tracking_number,
            page.carrier,
            page.order,
            page.width_mm,
            page.height_mm,
            json.dumps(page.mark, separators=(",", ":")),
            page.why,
            *(page.ink or (0.0, 0.0)),
        ),
    )
    db.run_many(
        "INSERT OR IGNORE INTO label_page_codes VALUES (?, ?)",
        ((page_code(code), page.page) for code in page.codes),
    )


def _make_room(db: Database, order: OrderKey, page: str) -> None:
    """Take an order's older page from it: its number was another one, and the order's changed."""
    db.run(
        "UPDATE label_pages SET state = 'duplicate', order_key = NULL"
        " WHERE order_key = ? AND state = 'bound' AND page <> ?",
        (order, page),
    )


def _removed(db: Database, entry: Entry, file: str) -> None:
    done = db.run(
        "UPDATE label_files SET removed_us = ? WHERE file = ? AND removed_us IS NULL",
        (entry.utc_us, file),
    )
    if done != 1:
        raise StoreError("store.conflict", "The label file is not there.", file=file)
    db.run(
        "DELETE FROM label_page_codes WHERE page IN (SELECT page FROM label_pages WHERE file = ?)",
        (file,),
    )
    db.run("DELETE FROM label_pages WHERE file = ?", (file,))
