"""A query as sets of orders: which terms must be there, which must not, what is left to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from packstation.core.order_query import Group, Moment, OrderQuery
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.journal import utc_us
from packstation.store.order_bits import Orders
from packstation.store.order_terms import HOUR_US, Attr, hour_spans, number_value
from packstation.store.order_text import TextFound, find_text
from packstation.store.people import PeopleVault

MOST_UNSYNCED = 20_000
"""Orders with unsent status events that are listed; beyond it the receiver is off for days."""
_TIMES = {"paid": Attr.PAID_DAY, "imported": Attr.IMPORTED_DAY, "due": Attr.DUE_DAY}
_DAY_US = 24 * HOUR_US
_MOST_PIECES = 1500
"""Pieces of sets that one search for goods may read; some 5 ms."""
_FEW_GOODS = 16
"""A search for no more than these is looked up before anything else."""
_FEW_TERMS = 48
"""Of more terms (the hours and days of a long time) nobody counts the orders first."""
_DUE_GROUPS = frozenset({Group.DUE_TODAY, Group.OVERDUE, Group.AT_RISK})


@dataclass(slots=True)
class Filters:
    """A query against the index, before anything was looked at."""

    must: list[list[int]] = field(default_factory=list)
    """Terms; of each list one at least."""
    never: list[list[int]] = field(default_factory=list)
    among: list[Orders] = field(default_factory=list)
    """Orders that were found by other ways."""
    bounds: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    """Times to compare exactly, by column name: first moment, and first moment after."""
    text: TextFound | None = None
    empty: bool = False
    """Nothing can fit: a term that no order has."""

    @property
    def loose(self) -> bool:
        """True where orders in the set must still be looked at one by one."""
        return bool(self.bounds) or self.text is not None


def term(db: Database, attr: Attr, value: str) -> int | None:
    """Return the id of a term, or None where no order has it."""
    row = db.row("SELECT id FROM order_terms WHERE attr = ? AND value = ?", (int(attr), value))
    return int(row[0]) if row else None


def due_bounds(group: Group, moment: Moment) -> tuple[int | None, int]:
    """Return the deadlines that belong to a group: from, and up to but without, in microseconds."""
    now = utc_us(moment.now)
    if group is Group.OVERDUE:
        return None, now
    if group is Group.AT_RISK:
        return now, now + moment.risk_s * 1_000_000
    tomorrow = moment.now.date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), moment.now.tzinfo)
    return now, utc_us(midnight)


def filters_of(
    db: Database, query: OrderQuery, moment: Moment, people: PeopleVault | None
) -> Filters:
    """Return what a query asks of the index."""
    found = Filters()

    def must(attr: Attr, *values: str) -> None:
        terms = [one for value in values if (one := term(db, attr, value)) is not None]
        found.empty = found.empty or not terms
        found.must.append(terms)

    def flag(name: str, wanted: bool | None) -> None:
        if wanted:
            must(Attr.FLAG, name)
        elif wanted is not None:
            one = term(db, Attr.FLAG, name)
            found.never.append([] if one is None else [one])

    _of_group(db, query.group, found, must, moment)
    if query.status is not None:
        must(Attr.STATUS, query.status)
    flag("printed", query.printed)
    flag("message", query.message)
    flag("urged", query.urged)
    if query.carriers:
        must(Attr.CARRIER, *query.carriers)
    if query.shops:
        must(Attr.SHOP, *query.shops)
    if query.sku is not None:
        _goods(db, query.sku, found)
    if query.single_sku is not None:
        must(Attr.SINGLE, query.single_sku)
    if query.bin is not None:
        must(Attr.BIN, query.bin)
    if query.kind is not None:
        must(Attr.KIND, query.kind.value)
    if query.wave is not None:
        must(Attr.WAVE, query.wave)
    _times(db, query, found)
    if query.text.strip():
        found.text = find_text(db, people, query.text)
    return found


def _of_group(
    db: Database,
    group: Group | None,
    found: Filters,
    must: Callable[[Attr, str], None],
    moment: Moment,
) -> None:
    if group is None:
        return
    if group in _DUE_GROUPS:
        must(Attr.GROUP, Group.OWED.value)
        _between(db, "due", *due_bounds(group, moment), found)
    elif group is Group.URGED:
        must(Attr.GROUP, Group.OWED.value)
        must(Attr.FLAG, "urged")
    elif group is Group.UNSYNCED:
        found.among.append(_unsynced(db))
    else:
        must(Attr.GROUP, group.value)


def _unsynced(db: Database) -> Orders:
    rows = db.rows(
        "SELECT o.id FROM (SELECT subject FROM streams WHERE pending > 0 AND parked = 0"
        " UNION ALL SELECT subject FROM streams WHERE pending > 0 AND parked = 1 LIMIT ?) AS s"
        " CROSS JOIN orders AS o ON o.order_key = s.subject",
        (MOST_UNSYNCED,),
    )
    return order_bits.of_ids(one for (one,) in rows)


def _goods(db: Database, sku: str, found: Filters) -> None:
    rows = db.rows("SELECT id FROM order_goods WHERE sku = ?", (sku,))
    found.empty = found.empty or not rows
    found.must.append([one for (one,) in rows])


def _times(db: Database, query: OrderQuery, found: Filters) -> None:
    spans = {
        "paid": (query.paid_from, query.paid_to),
        "imported": (query.imported_from, query.imported_to),
        "due": (query.due_from, query.due_to),
    }
    for name, (start, end) in spans.items():
        if start is not None or end is not None:
            first = utc_us(start) if start is not None else None
            _between(db, name, first, utc_us(end) if end is not None else None, found)
    if query.only_new:
        _between(db, "imported", exported_upto(db) + 1, None, found)


def exported_upto(db: Database) -> int:
    """Return the newest import time that an export of orders has had, in microseconds; 0 = none."""
    row = db.row("SELECT max(upto_us) FROM order_exports WHERE scope = ''")
    return int(row[0] or 0) if row else 0


def _between(db: Database, name: str, start: int | None, end: int | None, found: Filters) -> None:
    """Ask for a time: by the days and hours inside it, or by those outside where they are fewer."""
    if name == "imported":
        low, high = start or 0, 2**62 if end is None else end
        inside = _moments(db, low, high)
        outside = [*_moments(db, 0, low), *_moments(db, high, 2**62)]
    else:
        first = None if start is None else start - start % HOUR_US
        last = None if end is None else end + -end % HOUR_US
        inside = _hours(db, _TIMES[name], first, last)
        outside = [] if first is None else _hours(db, _TIMES[name], None, first)
        outside += [] if last is None else _hours(db, _TIMES[name], last, None)
        missing = term(db, Attr.FLAG, f"no_{name}")
        outside += [] if missing is None else [missing]
        if (first, last) != (start, end):
            before, after = found.bounds.get(name, (None, None))
            lows = [one for one in (before, start) if one is not None]
            highs = [one for one in (after, end) if one is not None]
            found.bounds[name] = (max(lows, default=None), min(highs, default=None))
    if len(outside) < len(inside):
        found.never.append(outside)
        return
    found.must.append(inside)
    found.empty = found.empty or not inside


def _hours(db: Database, days: Attr, start: int | None, end: int | None) -> list[int]:
    """Return the terms of a time that begins and ends with an hour."""
    terms: list[int] = []
    for whole, first, last in hour_spans(start, end)[0]:
        terms += _in_span(db, Attr(days + (not whole)), first, last)
    return terms


def _moments(db: Database, start: int, end: int) -> list[int]:
    """Return terms of import times: of whole days, and before and after by the very moments."""
    first_day, end_day = -(-start // _DAY_US), end // _DAY_US
    if first_day >= end_day:
        return _in_span(db, Attr.IMPORTED_AT, start, end - 1)
    return [
        *_in_span(db, Attr.IMPORTED_AT, start, first_day * _DAY_US - 1),
        *_in_span(db, Attr.IMPORTED_DAY, first_day, end_day - 1),
        *_in_span(db, Attr.IMPORTED_AT, end_day * _DAY_US, end - 1),
    ]


def _in_span(db: Database, attr: Attr, first: int, last: int) -> list[int]:
    rows = db.rows(
        "SELECT id FROM order_terms WHERE attr = ? AND value BETWEEN ? AND ?",
        (int(attr), number_value(first), number_value(last)),
    )
    return [one for (one,) in rows]


def candidates(db: Database, filters: Filters) -> Orders:
    """Return the orders that fit every term of a query, and its text where that can be listed.

    A text whose orders are all found here is taken out of the filters.
    """
    if filters.empty:
        return {}
    text = filters.text
    if text is not None and text.listed and len(text.goods.ids) <= _FEW_GOODS:
        goods = order_bits.read(db, sorted(text.goods.ids))
        filters.among.append(order_bits.unite(goods, text.ids))
        filters.text = text = None
    found = _all_of(db, filters)
    if found and text is not None and text.listed:
        pieces = len(found) * len(text.goods.ids)
        if pieces <= _MOST_PIECES:
            goods = order_bits.read(db, sorted(text.goods.ids), found)
            filters.text = None
            return order_bits.intersect(found, order_bits.unite(goods, text.ids))
    return found


def _all_of(db: Database, filters: Filters) -> Orders:
    found: Orders | None = None
    must = filters.must
    if not must and not filters.among:
        every = term(db, Attr.ALL, "")
        must = [[]] if every is None else [[every]]
    for orders in filters.among:
        found = orders if found is None else order_bits.intersect(found, orders)
    for terms in sorted(must, key=lambda one: _weight(db, one)):
        if found is not None and not found:
            return {}
        more = order_bits.read(db, terms, found)
        found = more if found is None else order_bits.intersect(found, more)
    for terms in filters.never:
        if found and terms:
            found = order_bits.subtract(found, order_bits.read(db, terms, found))
    return found or {}


def _weight(db: Database, terms: Sequence[int]) -> int:
    """Return about how many orders have some terms, so that few come first."""
    if len(terms) > _FEW_TERMS:
        return 10**9
    if len(terms) == 1:
        return order_bits.counted(db, terms[0])
    row = db.row(
        "SELECT sum(count) FROM order_bits WHERE term IN (SELECT value FROM json_each(?))",
        (json.dumps(list(terms)),),
    )
    return int(row[0] or 0) if row else 0
