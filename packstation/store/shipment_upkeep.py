"""What follows for a shared parcel when an order inside changes: it is taken apart at once.

A closed box is not: its goods lie together until somebody opens it. It is stopped at every gate
instead, by what the order inside says today.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from packstation.core import life_facts
from packstation.core.facts import OrderHeld
from packstation.core.life import RELEASED_BY, SUPERVISOR
from packstation.core.life_facts import LabelVoided
from packstation.core.merging import ENDED
from packstation.core.orders import CarrierCode, HoldReason, OrderKey, TrackingNumber, WhyNot
from packstation.core.shipment_facts import OrderJoined, OrdersUnmerged
from packstation.core.status import ParcelState
from packstation.core.store_facts import StoreFact
from packstation.store.database import Database
from packstation.store.member_stops import stop_inside
from packstation.store.shipment_rows import CLOSED, members_of

Following = StoreFact | OrderHeld
"""What may follow from another fact."""
_CHUNK = 5000


def parts_of(db: Database, order: OrderKey) -> tuple[OrderKey, ...]:
    """Return the parts that an order travels in now, in their order."""
    rows = db.rows(
        "SELECT o.order_key FROM shipment_members AS m JOIN orders AS o ON o.order_key = m.shipment"
        " WHERE m.member = ? AND o.part IS NOT NULL AND o.why_not IS NOT ? ORDER BY o.part",
        (order, WhyNot.TAKEN_APART.value),
    )
    return tuple(OrderKey(key) for (key,) in rows)


def state_of(db: Database, shipment: OrderKey) -> ParcelState | None:
    """Return where the parcel of a shipment stands; None = never opened."""
    row = db.row("SELECT state FROM parcels WHERE order_key = ?", (shipment,))
    return ParcelState(row[0]) if row else None


def void_label(db: Database, shipment: OrderKey, reason: str) -> Iterator[Following]:
    """Yield the fact that voids the label of a shipment, where it has one."""
    row = db.row(
        "SELECT tracking_number, carrier FROM parcels WHERE order_key = ? AND state <> 'VOIDED'"
        " AND tracking_number IS NOT NULL",
        (shipment,),
    )
    if row is not None:
        yield LabelVoided(shipment, TrackingNumber(row[0]), CarrierCode(row[1]), reason)


def unmerging(db: Database, shipment: OrderKey, reason: str) -> Iterator[Following]:
    """Yield the facts that take a merged order apart: its label is void first.

    A hold of the parcel goes on for each order that was inside.
    """
    members, held = members_of(db, shipment), hold_of(db, (shipment,))
    yield from void_label(db, shipment, "unmerged")
    yield OrdersUnmerged(shipment, members, reason)
    if held is not None:
        yield from (OrderHeld(member, held) for member in members if not _has_ended(db, member))


def joining(db: Database, order: OrderKey, reason: str) -> Iterator[Following]:
    """Yield the facts that make one parcel of a split order again.

    A hold of a part goes on for the order; where a part was cancelled somebody must say what goes.
    """
    parts = parts_of(db, order)
    held = hold_of(db, parts)
    if held is None and any(_has_ended(db, part) for part in parts):
        held = HoldReason.BUYER_ASKS
    for part in parts:
        yield from void_label(db, part, "joined")
    yield OrderJoined(order, parts, reason)
    if held is not None and not _has_ended(db, order):
        yield OrderHeld(order, held)


def hold_of(db: Database, keys: Sequence[OrderKey]) -> HoldReason | None:
    """Return why orders are held: one that only a supervisor releases goes first."""
    rows = db.rows(
        "SELECT hold_reason FROM orders WHERE held = 1"
        " AND order_key IN (SELECT value FROM json_each(?)) ORDER BY order_key",
        (json.dumps(keys),),
    )
    reasons = [HoldReason(reason) if reason else HoldReason.OPERATOR for (reason,) in rows]
    return max(reasons, key=lambda reason: RELEASED_BY[reason] == SUPERVISOR, default=None)


def _has_ended(db: Database, order: OrderKey) -> bool:
    row = db.row("SELECT why_not FROM orders WHERE order_key = ?", (order,))
    return row is not None and row[0] in (WhyNot.CANCELLED, WhyNot.REFUNDED)


def _shared(db: Database, keys: Sequence[OrderKey]) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the orders that cannot stay as they are in the parcels they travel in."""
    for start in range(0, len(keys), _CHUNK):
        yield from db.rows(
            "SELECT o.order_key, o.merged_into, o.why_not FROM json_each(?1) AS k"
            " JOIN orders AS o ON o.order_key = k.value"
            " WHERE (o.merged_into IS NOT NULL OR o.split IS NOT NULL)"
            " AND (o.why_not IS NOT NULL OR EXISTS (SELECT 1 FROM shipment_members AS m"
            "  JOIN orders AS s ON s.order_key = m.shipment WHERE m.member = o.order_key"
            "  AND s.why_not IS NOT ?2 AND m.version <> o.version))",
            (json.dumps(keys[start : start + _CHUNK]), WhyNot.TAKEN_APART.value),
        )


def after_change(db: Database, keys: Iterable[OrderKey]) -> tuple[Following, ...]:
    """Return what follows when orders were changed or have ended.

    To be written in the same transaction, so that nothing is packed in between.

    Args:
        db: As the change left it.
        keys: The orders that were changed.
    """
    ended: dict[str, bool] = {}
    split: dict[str, bool] = {}
    for key, merged_into, why_not in _shared(db, list(keys)):
        gone = why_not is not None and WhyNot(why_not) in ENDED
        found, shipment = (split, key) if merged_into is None else (ended, merged_into)
        found[shipment] = found.get(shipment, False) or gone
    facts: list[Following] = []
    for shipment, gone in ended.items():
        if state_of(db, OrderKey(shipment)) not in CLOSED:
            reason = "member_cancelled" if gone else "member_changed"
            facts.extend(unmerging(db, OrderKey(shipment), reason))
    for order, gone in split.items():
        states = [state_of(db, part) for part in parts_of(db, OrderKey(order))]
        if not any(state in CLOSED for state in states):
            reason = "order_cancelled" if gone else "order_changed"
            facts.extend(joining(db, OrderKey(order), reason))
    return tuple(facts)


def follows(db: Database, fact: object) -> tuple[Following, ...]:
    """Return what follows for shared parcels from one fact of an order's life."""
    match fact:
        case life_facts.SellerCancelled(order) | life_facts.CancellationExpired(order):
            return after_change(db, (order,))
        case life_facts.CancellationDecided(order, True):
            return after_change(db, (order,))
        case life_facts.ParcelRecalled(order):
            return _after_recall(db, order)
        case _:
            return ()


def _after_recall(db: Database, shipment: OrderKey) -> tuple[Following, ...]:
    """Open the way for the others when a parcel came out of its bag because of one inside."""
    found = stop_inside(db, shipment)
    row = db.row("SELECT part FROM orders WHERE order_key = ?", (shipment,))
    why_not = WhyNot(found[1]) if found is not None and found[1] is not None else None
    if row != (None,) or why_not not in (*ENDED, WhyNot.ORDER_CHANGED):
        return ()
    reason = "member_cancelled" if why_not in ENDED else "member_changed"
    return tuple(unmerging(db, shipment, reason))
