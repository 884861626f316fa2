"""Why a shared parcel may not go on although nothing is wrong with it: an order inside."""

from __future__ import annotations

from packstation.core.orders import OrderKey
from packstation.store.database import Database

# That the platform calls an order shipped is no reason: of a packed parcel it is the news that
# we sent, and one that is not packed is taken apart by the very import that says so.
_STOPS = (
    "(mo.held = 1 OR mo.version <> m.version"
    " OR (mo.why_not IS NOT NULL AND mo.why_not <> 'shipped'))"
)
_INSIDE = "shipment_members AS m JOIN orders AS mo ON mo.order_key = m.member WHERE m.shipment ="
HAS_STOP = f"EXISTS (SELECT 1 FROM {_INSIDE} o.order_key AND {_STOPS})"
"""SQL: the shipment ``o`` holds an order that may not leave, or that was changed since."""


def stop_inside(db: Database, shipment: str) -> tuple[OrderKey, str | None, int, str | None] | None:
    """Return the first order in a shipment that may not leave: key, why not, held, why held."""
    row = db.row(
        "SELECT mo.order_key, coalesce(nullif(mo.why_not, 'shipped'), iif(mo.version <> m.version,"
        f" 'order_changed', NULL)), mo.held, mo.hold_reason FROM {_INSIDE} ? AND {_STOPS}"
        " ORDER BY m.position LIMIT 1",
        (shipment,),
    )
    return (OrderKey(row[0]), row[1], row[2], row[3]) if row else None
