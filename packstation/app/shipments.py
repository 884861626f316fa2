"""What people decide about shared parcels: who may, what is written, an open table stops at once.

Functions block until all is durable; beside a window they belong into a room of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from packstation.app.order_life import entitled
from packstation.core.life import SUPERVISOR
from packstation.core.merging import no
from packstation.core.splitting import line_named
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.orders import LineKey, Order, OrderKey
    from packstation.ports import Stamp
    from packstation.store.shipments import Done, Shipments

BUYER_AGREED = "buyer_agreed"
"""Why the rest of a short order is cancelled: the buyer takes what is here."""


def _written(house: House, by: str, job: Callable[[Shipments, Stamp], Done]) -> Done:
    from packstation.store.shipments import Shipments

    def work() -> Done:
        store = house.store
        ways = Shipments(store.recorder, store.people, house.rules)
        return job(ways, replace(store.clock(), operator=by))

    done = house.call(work)
    for change in done.changes:
        house.changed(change)
    return done


def merge(
    house: House, keys: Sequence[OrderKey], badge: str = "", *, across_shops: bool = False
) -> Done:
    """Put orders of one recipient into one parcel; anybody may.

    Raises:
        PackStationError: ``shipments.…``: they do not surely belong together.
    """
    by = entitled(house.settings, badge, "")
    return _written(
        house,
        by,
        lambda ways, stamp: ways.merge(keys, stamp, across_shops=across_shops, by=by),
    )


def unmerge(house: House, key: OrderKey, badge: str = "", *, closed: bool = False) -> Done:
    """Take a merged order apart.

    Args:
        house: The house.
        key: The merged order or one of its members.
        badge: Who decides.
        closed: Also a closed box that is in no bag; supervisors only.

    Raises:
        PackStationError: ``shipments.…``, ``people.not_entitled``.
    """
    by = entitled(house.settings, badge, SUPERVISOR if closed else "")
    return _written(house, by, lambda ways, stamp: ways.unmerge(key, stamp, supervisor=closed))


def join(house: House, key: OrderKey, badge: str = "", *, closed: bool = False) -> Done:
    """Make one parcel of a split order again; arguments and errors as of ``unmerge``."""
    by = entitled(house.settings, badge, SUPERVISOR if closed else "")
    return _written(house, by, lambda ways, stamp: ways.join(key, stamp, supervisor=closed))


def split(house: House, key: OrderKey, parts: Sequence[str], badge: str = "") -> Done:
    """Let one order travel in several parcels.

    Args:
        house: The house.
        key: The order.
        parts: Of each parcel ``line=units``, several with a comma; the rest makes one more.
        badge: Who decides.

    Raises:
        PackStationError: ``shipments.…``.
    """
    by = entitled(house.settings, badge, "")
    order = _order(house, key)
    shares = [units_of(order, text) for text in parts]
    return _written(house, by, lambda ways, stamp: ways.split(key, shares, stamp, by=by))


def ship_what_is_here(
    house: House,
    key: OrderKey,
    missing: str = "",
    badge: str = "",
    *,
    rest_cancelled: bool = False,
) -> Done:
    """Send what is there of a short order; the rest waits, or is cancelled for the seller.

    Args:
        house: The house.
        key: The order.
        missing: Units that are not there, as of ``split``; empty = as the short pick said.
        badge: Who decides; cancelling needs the role that the platform's rules name.
        rest_cancelled: The buyer agreed to go without the rest.

    Raises:
        PackStationError: ``shipments.…``, ``people.not_entitled``.
    """
    order = _order(house, key)
    needed = house.rules.platform(order.platform).cancel_needs if rest_cancelled else ""
    by = entitled(house.settings, badge, needed)
    lacks = units_of(order, missing) if missing else None
    agreed = BUYER_AGREED if rest_cancelled else None
    return _written(
        house,
        by,
        lambda ways, stamp: ways.ship_what_is_here(key, stamp, missing=lacks, agreed=agreed, by=by),
    )


def _order(house: House, key: OrderKey) -> Order:
    from packstation.store.order_rows import read_order

    order = house.call(lambda: read_order(house.store.db, key))
    if order is None:
        raise PackStationError(
            "orders.not_found",
            f"There is no order {key}.",
            fix="Look at the list: packstation orders",
            order=key,
        )
    return order


def units_of(order: Order, text: str) -> dict[LineKey, int]:
    """Read ``line=units``, several with a comma; a line goes by its key or its only SKU.

    Raises:
        PackStationError: ``shipments.not_understood``, ``shipments.no_line``.
    """
    found: dict[LineKey, int] = {}
    for one in text.split(","):
        name, _, units = one.strip().rpartition("=")
        if not name or not units.isdecimal() or int(units) < 1:
            raise no(
                "shipments.not_understood",
                f"{one.strip()} does not say which line and how many units.",
                "Write line=units, several with a comma: A-01=2,B-02=1.",
                text=one.strip(),
            )
        key = line_named(order, name.strip()).line_key
        found[key] = found.get(key, 0) + int(units)
    return found
