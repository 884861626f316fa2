"""Why a shared parcel may not go on although nothing is wrong with it: an order inside."""

from __future__ import annotations

from packstation.core.orders import OrderKey
from packstation.store.database import Database

# That the platform calls an order shipped is no reason: of a packed parcel it is the news that
# we sent, and one that is not packed is taken apart by the very import that says so.
STOPS = "(mo.held = 1 OR (mo.why_not IS NOT NULL AND mo.why_not <> 'shipped'))"
"""SQL: the order ``mo`` may not leave."""
HAS_STOP = (
    "EXISTS (SELECT 1 FROM shipment_members AS m JOIN orders AS mo ON mo.order_key = m.member"
    f" WHERE m.shipment = o.order_key AND {STOPS})"
)
"""SQL: the shipment ``o`` holds such an order."""


def stop_inside(db: Database, shipment: str) -> tuple[OrderKey, str | None, int, str | None] | None:
    """Return the first order in a shipment that may not leave: key, why not, held, why held."""
    row = db.row(
        "SELECT mo.order_key, mo.why_not, mo.held, mo.hold_reason FROM shipment_members AS m"
        f" JOIN orders AS mo ON mo.order_key = m.member WHERE m.shipment = ? AND {STOPS}"
        " ORDER BY m.position LIMIT 1",
        (shipment,),
    )
    return (OrderKey(row[0]), row[1], row[2], row[3]) if row else None
