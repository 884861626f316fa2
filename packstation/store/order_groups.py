"""Orders put together by carrier, SKU, bin, shop or day, out of the same sets as the lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice

from packstation.core.order_query import GroupBy, Moment, OrderGroup, OrderGroups, OrderQuery
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_filters import candidates, filters_of
from packstation.store.order_list import looker
from packstation.store.order_terms import NO_DUE
from packstation.store.people import PeopleVault

MOST_GROUPED = 50_000
"""Orders that are put together at once, the newest ones."""
MOST_GROUPS = 1000
_QUARTER_US = 900_000_000
"""Every zone's midnight is at a quarter of an hour."""
_BY = {
    GroupBy.CARRIER: "i.carrier",
    GroupBy.SINGLE_SKU: "i.sku",
    GroupBy.BIN: "i.bin",
    GroupBy.SHOP: "o.shop",
    GroupBy.DUE_DAY: f"i.due_us / {_QUARTER_US}",
}


def groups(
    db: Database,
    query: OrderQuery,
    by: GroupBy,
    *,
    moment: Moment | None = None,
    people: PeopleVault | None = None,
) -> OrderGroups:
    """Return the orders of a query put together; sort, cursor and limit of it are no matter.

    Linear in the orders that are found, at most 50,000: some 0.1 s.
    """
    when = moment or Moment(datetime.now(UTC))
    filters = filters_of(db, query, when, people)
    found = candidates(db, filters)
    fits = looker(db, filters)
    ids = list(islice(order_bits.newest(found), MOST_GROUPED + 1))
    cut = len(ids) > MOST_GROUPED
    ids = ids[:MOST_GROUPED] if fits is None else sorted(fits(ids[:MOST_GROUPED]))
    rows = db.rows(
        f"SELECT coalesce({_BY[by]}, ''), count(*), sum(i.units) FROM json_each(?) AS k"
        " CROSS JOIN order_index AS i ON i.id = k.value"
        f"{' JOIN orders AS o ON o.id = i.id' if by is GroupBy.SHOP else ''} GROUP BY 1",
        (json.dumps(ids),),
    )
    if by is GroupBy.DUE_DAY:
        rows = _by_day([(int(quarter), *rest) for quarter, *rest in rows], when)
    else:
        rows.sort(key=lambda row: (-row[1], row[0]))
    cut = cut or len(rows) > MOST_GROUPS
    told = tuple(
        OrderGroup(str(key), _label(db, by, str(key)), count, units)
        for key, count, units in rows[:MOST_GROUPS]
    )
    return OrderGroups(by, told, len(ids), cut)


def _by_day(rows: list[tuple[int, ...]], moment: Moment) -> list[tuple[str, int, int]]:
    """Put quarters of an hour together to days of the shop's zone, those without a day last."""
    found: dict[str, tuple[int, int]] = {}
    for quarter, orders, units in sorted(rows):
        none = quarter == NO_DUE // _QUARTER_US
        at = None if none else at_of(quarter * _QUARTER_US).astimezone(moment.now.tzinfo)
        day = "" if at is None else at.date().isoformat()
        before = found.get(day, (0, 0))
        found[day] = (before[0] + orders, before[1] + units)
    return [(day, *counts) for day, counts in found.items()]


def _label(db: Database, by: GroupBy, key: str) -> str:
    if by is not GroupBy.SINGLE_SKU or not key:
        return key
    row = db.row("SELECT title FROM order_goods WHERE sku = ? ORDER BY id DESC LIMIT 1", (key,))
    return str(row[0]) if row else key
