"""Which status events follow from a fact, and what they tell the shop; no people's data."""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import OrderKey
from packstation.core.status import StatusKind
from packstation.store.database import Database


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One fact for others, before it has its number in the order's stream."""

    kind: StatusKind
    order: OrderKey
    data: dict[str, str]
    """Shop and order with what is known of the parcel."""


def status_of(db: Database, kind: StatusKind, order: OrderKey, **more: str | None) -> StatusEvent:
    """Return a status event of an order as its parcel stands now.

    Args:
        db: Read inside the transaction that writes the fact.
        kind: What happened.
        order: To whom.
        more: Bag and the like, where the parcel's row no longer says it.
    """
    shop, _, order_id = order.partition("/")
    row = db.row(
        "SELECT tracking_number, carrier, bag, manifest FROM parcels WHERE order_key = ?", (order,)
    )
    number, carrier, bag, manifest = row or (None, None, None, None)
    told = {
        "shop": shop,
        "order_id": order_id,
        "tracking_number": number,
        "carrier": carrier,
        "bag": bag,
        "manifest": manifest,
        **more,
    }
    return StatusEvent(kind, order, {name: value for name, value in told.items() if value})
