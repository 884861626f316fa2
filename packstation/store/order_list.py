"""Orders as lists: for the command line, the window and the pick list.

A question costs the same with ten thousand orders as with millions: its filters are combined as
sets (``order_filters``), only the rows of one page are read, and where a text must be compared
order by order the look is bounded and says how far back it went.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice

from packstation.core.order_query import Group, Moment, OrderFound, OrderQuery, OrderRows, SortBy
from packstation.core.orders import OrderKey
from packstation.core.reports import Board
from packstation.core.status import ParcelState
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_bits import Orders
from packstation.store.order_filters import Filters, candidates, filters_of, term
from packstation.store.order_found import found_rows
from packstation.store.order_index import behind
from packstation.store.order_terms import Attr
from packstation.store.outbox import Outbox
from packstation.store.people import PeopleVault

MOST_SORTED = 1000
"""So many orders are sorted as they are; of more the sorted index is walked."""
MOST_LOOKED_AT = 300
"""Orders that are compared one by one for a page of 50; some 4 ms."""
_AT_ONCE = 100
MOST_WALKED = 12_000
"""Steps through a sorted index for a page of 50; some 8 ms."""
MOST_ROWS = 5000
_SORTED = {
    SortBy.DUE: ("due_us", "order_index_by_due"),
    SortBy.BIN: ("walk", "order_index_by_walk"),
}
_HERE, _REST = "here", "rest"

Step = tuple[int, list[object]]
"""An order by its row id, and the cursor that goes on after it."""
Looker = Callable[[Sequence[int]], set[int]]
"""Says which of some orders fit."""


def search(
    db: Database,
    query: OrderQuery,
    *,
    moment: Moment | None = None,
    people: PeopleVault | None = None,
) -> OrderRows:
    """Return one page of the orders that a query asks for.

    Args:
        db: The store.
        query: What is asked.
        moment: What today and late mean; None = now, in UTC.
        people: Needed to find an account name.
    """
    limit = min(max(query.limit, 1), MOST_ROWS)
    filters = filters_of(db, query, moment or Moment(datetime.now(UTC)), people)
    found = candidates(db, filters)
    page = _Page(limit, looker(db, filters))
    if found:
        page.take(_steps(db, query, found, page))
    total = None if filters.loose else order_bits.total(found)
    cursor = json.dumps(page.last) if page.more else None
    if total is None and query.after is None and not page.more:
        total = len(page.ids)
    rows = found_rows(db, page.ids)
    return OrderRows(
        rows=tuple(rows),
        cursor=cursor,
        total=total,
        at_least=len(rows) if total is None else total,
        searched_to=_imported(db, page.looked_at) if page.spent else None,
        behind=behind(db),
    )


@dataclass(slots=True)
class _Page:
    """One page while it fills: bounded in rows, in looks and in steps."""

    limit: int
    fits: Looker | None
    ids: list[int] = field(default_factory=list)
    last: list[object] | None = None
    """Cursor after the last order that was looked at."""
    looked_at: int | None = None
    more: bool = False
    """There may be further orders."""
    spent: bool = False
    """The look ended before the page was full."""
    walked: int = 0
    stopped: Step | None = None
    """Where the walk through a sorted index ended before its end."""

    def take(self, steps: Iterator[Step]) -> None:
        """Fill the page from orders in their order."""
        looks = MOST_LOOKED_AT * max(1, self.limit // 50)
        while part := list(islice(steps, self.limit + 1 if self.fits is None else _AT_ONCE)):
            fitting = None if self.fits is None else self.fits([one for one, _ in part])
            for one, cursor in part:
                if len(self.ids) == self.limit:
                    self.more = True
                    return
                if looks < 0:
                    self.more = self.spent = True
                    return
                if fitting is None or one in fitting:
                    self.ids.append(one)
                self.last, self.looked_at = cursor, one
                looks -= fitting is not None
        if self.stopped is not None:
            self.looked_at, self.last = self.stopped
            self.more = self.spent = True

    def walk(self, one: int, cursor: list[object]) -> bool:
        """Count a step through a sorted index; False when there were too many."""
        self.walked += 1
        if self.walked <= MOST_WALKED * max(1, self.limit // 50):
            return True
        self.stopped = (one, cursor)
        return False


def looker(db: Database, filters: Filters) -> Looker | None:
    """Return what compares orders with what is left of a query; None = nothing is left."""
    if not filters.loose:
        return None
    columns = {"paid": "o.paid_us", "imported": "o.imported_us", "due": "i.due_us"}
    names = list(filters.bounds)
    sql = (
        f"SELECT i.id, i.terms{''.join(f', {columns[name]}' for name in names)}"
        " FROM json_each(?) AS k CROSS JOIN order_index AS i ON i.id = k.value"
        f"{' JOIN orders AS o ON o.id = i.id' if names else ''}"
    )
    bounds = [filters.bounds[name] for name in names]

    def in_time(times: Sequence[int | None]) -> bool:
        return all(
            at is not None and (start is None or at >= start) and (end is None or at < end)
            for at, (start, end) in zip(times, bounds, strict=True)
        )

    def fitting(ids: Sequence[int]) -> set[int]:
        rows = db.rows(sql, (json.dumps(ids),))
        timely = {one: terms for one, terms, *times in rows if in_time(times)}
        return set(timely) if filters.text is None else filters.text.meant(db, timely)

    return fitting


def _steps(db: Database, query: OrderQuery, found: Orders, page: _Page) -> Iterator[Step]:
    """Yield the orders of a set in the order of the query, from its cursor on."""
    after: list[object] = json.loads(query.after) if query.after else []
    if query.sort is SortBy.NEWEST:
        for one in order_bits.newest(found, _int(after[0]) if after else None):
            yield one, [one]
        return
    live = order_bits.read(db, _live(db), found)
    here = order_bits.intersect(found, live)
    if not after or after[0] == _HERE:
        yield from _sorted(db, query.sort, here, after[1:], page)
        if page.stopped is not None:
            return
        after = []
    rest = order_bits.subtract(found, here)
    for one in order_bits.newest(rest, _int(after[1]) if after else None):
        yield one, [_REST, one]


def _int(value: object) -> int:
    assert isinstance(value, int), "a cursor of our own"
    return value


def _live(db: Database) -> list[int]:
    one = term(db, Attr.FLAG, "live")
    return [] if one is None else [one]


def _sorted(
    db: Database, sort: SortBy, here: Orders, after: list[object], page: _Page
) -> Iterator[Step]:
    """Yield orders by deadline or bin: a few are sorted, of many the index is walked."""
    column, index = _SORTED[sort]
    if order_bits.total(here) <= MOST_SORTED * max(1, page.limit // 50):
        rows = db.rows(
            f"SELECT {column}, id FROM order_index WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(order_bits.newest(here))),),
        )
        for value, one in sorted(rows):
            if not after or (value, one) > tuple(after):
                yield one, [_HERE, value, one]
        return
    holds = order_bits.holder(here)
    where, values = ("", []) if not after else (f" AND ({column}, id) > (?, ?)", after)
    for value, one in db.stream(
        f"SELECT {column}, id FROM order_index INDEXED BY {index} WHERE live = 1{where}"
        f" ORDER BY {column}, id",
        values,
    ):
        if holds(one):
            yield one, [_HERE, value, one]
        elif not page.walk(one, [_HERE, value, one]):
            return


def _imported(db: Database, one: int | None) -> datetime | None:
    row = db.row("SELECT imported_us FROM orders WHERE id = ?", (one,))
    return at_of(row[0]) if row else None


def every(
    db: Database,
    query: OrderQuery,
    *,
    moment: Moment | None = None,
    people: PeopleVault | None = None,
) -> Iterator[OrderFound]:
    """Yield all orders of a query, page after page; for exports and the command line."""
    left, query = query.limit, replace(query, limit=min(query.limit, 1000))
    while left > 0:
        page = search(db, query, moment=moment, people=people)
        yield from page.rows[:left]
        left -= len(page.rows)
        if page.cursor is None:
            return
        query = replace(query, after=page.cursor)


def key_of(db: Database, text: str) -> OrderKey | None:
    """Return the order that a text names: a whole key, else an order number of any shop."""
    row = db.row("SELECT order_key FROM orders WHERE order_key = ?", (text,)) or db.row(
        "SELECT order_key FROM orders WHERE order_id = ?", (text,)
    )
    return OrderKey(row[0]) if row else None


def keys_to_pack(db: Database, limit: int = MOST_ROWS) -> tuple[OrderKey, ...]:
    """Return orders that may be packed and whose goods nobody has put together, first due first."""
    rows = every(db, OrderQuery(group=Group.TO_PACK, limit=2 * limit))
    begun = (None, ParcelState.OPEN)
    return tuple(islice((row.key for row in rows if row.parcel in begun), limit))


def board(db: Database) -> Board:
    """Return cheap figures; none of them counts rows one by one."""
    row = db.row(
        "SELECT (SELECT coalesce(max(seq), 0) FROM journal), (SELECT coalesce(max(id), 0)"
        " FROM orders), (SELECT count(*) FROM bags WHERE state = 'OPEN'), (SELECT at_us"
        " FROM imports ORDER BY id DESC LIMIT 1)"
    )
    assert row is not None
    return Board(
        outbox=Outbox(db).counts(),
        journal_entries=row[0],
        orders=row[1],
        open_bags=row[2],
        last_import_at=at_of(row[3]) if row[3] is not None else None,
    )
