"""Orders one after another, for files that go out: never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from packstation.core.order_query import Moment, OrderFound, OrderQuery, SortBy
from packstation.core.orders import Order
from packstation.store.database import Database
from packstation.store.journal import utc_us
from packstation.store.order_list import every
from packstation.store.order_rows import read_order
from packstation.store.people import PeopleVault

_ALL = 10**9


@dataclass(frozen=True, slots=True)
class ExportedOrder:
    """One order as it goes into an export."""

    order: Order
    found: OrderFound
    imported_us: int
    """Microseconds since 1970."""


def export_orders(
    db: Database,
    query: OrderQuery,
    moment: Moment,
    people: PeopleVault,
) -> Iterator[ExportedOrder]:
    """Yield every order that a query finds, the newest import first.

    Args:
        db: Beside the station: the walk may take seconds.
        query: Filters; its sort, limit and cursor are left aside.
        moment: What today and late mean.
        people: To look up a buyer's account name.
    """
    whole = replace(query, sort=SortBy.NEWEST, limit=_ALL, after=None)
    for found in every(db, whole, moment=moment, people=people):
        order = read_order(db, found.key)
        if order is not None and found.imported_at is not None:
            yield ExportedOrder(order, found, utc_us(found.imported_at))
