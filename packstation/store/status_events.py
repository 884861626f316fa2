"""Which status events follow from a fact, and what they tell the shop; no people's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from packstation.core.orders import OrderKey, WhyNot
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


def addressed(db: Database, events: Iterable[StatusEvent]) -> tuple[StatusEvent, ...]:
    """Return status events as the shop knows the orders: shipments of our own making it does not.

    What happens to a merged order is told once for each order inside, what happens to a part once
    for its order, with ``part``; each says in which ``shipment``. After a shipment was taken apart
    nobody is told of it any more.
    """
    return tuple(told for event in events for told in _addressed(db, event))


def _addressed(db: Database, event: StatusEvent) -> Iterable[StatusEvent]:
    row = db.row(
        "SELECT part, parts, why_not FROM orders WHERE order_key = ? AND members IS NOT NULL",
        (event.order,),
    )
    if row is None:
        return (event,)
    part, parts, why_not = row
    if why_not == WhyNot.TAKEN_APART.value:
        return ()
    more = {"shipment": str(event.order)}
    if part is not None:
        more["part"] = f"{part}/{parts}"
    return [
        StatusEvent(
            event.kind,
            OrderKey(member),
            {**event.data, "shop": shop, "order_id": order_id, **more},
        )
        for member, shop, order_id in db.rows(
            "SELECT o.order_key, o.shop, o.order_id FROM shipment_members AS m"
            " JOIN orders AS o ON o.order_key = m.member WHERE m.shipment = ? ORDER BY m.position",
            (event.order,),
        )
    ]
