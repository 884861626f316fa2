"""Orders that share a parcel, or need several, in tables.

A merged order and a part are orders of their own; the orders as imported keep their rows. What is
taken apart stays as a row too, for its old labels and lists: it says that it may not be packed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from packstation.core.orders import Order, OrderKey, WhyNot
from packstation.core.shipment_facts import (
    AnyShipmentFact,
    OrderJoined,
    OrdersMerged,
    OrderSplit,
    OrdersUnmerged,
)
from packstation.core.status import ParcelState, StatusKind
from packstation.errors import StoreError
from packstation.store import parcel_rows
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.order_rows import write_orders
from packstation.store.status_events import StatusEvent, status_of

_OUT_OF_REACH = frozenset({ParcelState.BAGGED, ParcelState.HANDED_OVER})
CLOSED = frozenset({*_OUT_OF_REACH, ParcelState.SEALED, ParcelState.RECALLED})
"""States of a box that has been closed and not been opened again."""


def apply(db: Database, entry: Entry, fact: AnyShipmentFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means.

    Raises:
        StoreError: ``store.conflict``: an order is in another parcel already, or a parcel has gone
            too far.
    """
    match fact:
        case OrdersMerged():
            return _merged(db, entry, fact.order)
        case OrdersUnmerged():
            return _unmerged(db, entry, fact)
        case OrderSplit():
            return _split(db, entry, fact)
        case OrderJoined():
            return _joined(db, entry, fact)
        case _:
            assert_never(fact)


def _conflict(message: str, order: OrderKey) -> StoreError:
    return StoreError("store.conflict", message, fix="Nothing was written.", order=order)


def _write(db: Database, shipments: Sequence[Order], us: int) -> None:
    write_orders(db, [(one, "", us) for one in shipments])
    db.run_many(
        "INSERT INTO shipment_members SELECT ?, ?, order_key, version FROM orders"
        " WHERE order_key = ?",
        (
            (one.key, position, member)
            for one in shipments
            for position, member in enumerate(one.members or ())
        ),
    )


def _merged(db: Database, entry: Entry, order: Order) -> tuple[StatusEvent, ...]:
    members = order.members or ()
    _write(db, (order,), entry.utc_us)
    for member in members:
        done = db.run(
            "UPDATE orders SET merged_into = ? WHERE order_key = ?"
            " AND merged_into IS NULL AND split IS NULL AND members IS NULL",
            (order.key, member),
        )
        if done != 1:
            raise _conflict(f"Order {member} shares a parcel already.", member)
    return tuple(
        status_of(db, StatusKind.ORDER_MERGED, member, shipment=order.key) for member in members
    )


def _end(db: Database, shipment: OrderKey, us: int) -> None:
    """Take a shipment out of use: its label must be void, its number is nobody's any more."""
    row = db.row(
        "SELECT p.state, p.tracking_number IS NOT NULL, v.order_key FROM parcels AS p"
        " LEFT JOIN voided_labels AS v ON v.tracking_number = p.tracking_number"
        " AND v.carrier = p.carrier WHERE p.order_key = ?",
        (shipment,),
    )
    if row is not None and row[0] != ParcelState.VOIDED:
        if row[0] in _OUT_OF_REACH or (row[1] and row[2] is None):
            raise _conflict(f"The label of {shipment} is not void.", shipment)
        if row[0] in CLOSED:
            parcel_rows.move(db, shipment, ParcelState.VOIDED, us)
    db.run(
        "UPDATE orders SET why_not = ?, tracking_number = NULL WHERE order_key = ?",
        (WhyNot.TAKEN_APART.value, shipment),
    )


def _unmerged(db: Database, entry: Entry, fact: OrdersUnmerged) -> tuple[StatusEvent, ...]:
    _end(db, fact.order, entry.utc_us)
    done = db.run("UPDATE orders SET merged_into = NULL WHERE merged_into = ?", (fact.order,))
    if done != len(fact.members) or fact.members != members_of(db, fact.order):
        raise _conflict(f"Order {fact.order} does not hold these orders.", fact.order)
    return tuple(
        status_of(
            db, StatusKind.ORDER_UNMERGED, member, shipment=fact.order, unmerged_because=fact.reason
        )
        for member in fact.members
    )


def _split(db: Database, entry: Entry, fact: OrderSplit) -> tuple[StatusEvent, ...]:
    _write(db, fact.parts, entry.utc_us)
    done = db.run(
        "UPDATE orders SET split = ? WHERE order_key = ?"
        " AND merged_into IS NULL AND split IS NULL AND members IS NULL",
        (len(fact.parts), fact.order),
    )
    if done != 1:
        raise _conflict(f"Order {fact.order} shares a parcel already.", fact.order)
    parts = str(len(fact.parts))
    return (status_of(db, StatusKind.ORDER_SPLIT, fact.order, parts=parts),)


def _joined(db: Database, entry: Entry, fact: OrderJoined) -> tuple[StatusEvent, ...]:
    for part in fact.parts:
        _end(db, part, entry.utc_us)
    done = db.run(
        "UPDATE orders SET split = NULL WHERE order_key = ? AND split = ?",
        (fact.order, len(fact.parts)),
    )
    if done != 1:
        raise _conflict(f"Order {fact.order} was not split into these.", fact.order)
    return (status_of(db, StatusKind.ORDER_JOINED, fact.order, joined_because=fact.reason),)


def members_of(db: Database, shipment: OrderKey) -> tuple[OrderKey, ...]:
    """Return the orders that were ever put into a shipment, in their order."""
    rows = db.rows(
        "SELECT member FROM shipment_members WHERE shipment = ? ORDER BY position", (shipment,)
    )
    return tuple(OrderKey(member) for (member,) in rows)


def shipment_of(db: Database, order: OrderKey) -> OrderKey | None:
    """Return the parcel that an order travels in: the merged order, or the part furthest on."""
    row = db.row(
        "SELECT m.shipment FROM shipment_members AS m JOIN orders AS s ON s.order_key = m.shipment"
        " LEFT JOIN parcels AS p ON p.order_key = m.shipment"
        " WHERE m.member = ? AND s.why_not IS NOT ? ORDER BY p.state IS NULL,"
        " CASE p.state WHEN 'HANDED_OVER' THEN 0 WHEN 'BAGGED' THEN 1 WHEN 'SEALED' THEN 2"
        " WHEN 'RECALLED' THEN 3 ELSE 4 END, s.part LIMIT 1",
        (order, WhyNot.TAKEN_APART.value),
    )
    return OrderKey(row[0]) if row else None
