"""The life of an order in tables: cancellations, short picks, labels that are void, recalls."""

from __future__ import annotations

import json
from typing import assert_never

from packstation.core import life_facts as life
from packstation.core.difference import Difference
from packstation.core.orders import Order, OrderKey, WhyNot
from packstation.core.status import PARCEL_MOVES, BagState, ParcelState, StatusKind
from packstation.errors import StoreError
from packstation.store import order_rows, parcel_rows
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.record_codec import to_text
from packstation.store.status_events import StatusEvent, status_of

_CLOSED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED})
"""States of a closed box that is still in the house."""


def apply(db: Database, entry: Entry, fact: life.AnyLifeFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means.

    Raises:
        StoreError: ``store.conflict`` or ``store.illegal_move``; the transaction must not commit.
    """
    us = entry.utc_us
    match fact:
        case life.CancellationDecided(order, accepted):
            return _decided(db, order, accepted=accepted)
        case life.CancellationExpired(order):
            return _ended(db, order, "expired", StatusKind.ORDER_CANCELLED, reason="expired")
        case life.SellerCancelled(order, reason):
            return _ended(db, order, "seller", StatusKind.ORDER_CANCELLED, reason=reason)
        case life.ShortPicked():
            return _short(db, fact)
        case life.LabelVoided():
            return _voided(db, fact, us)
        case life.OrderDetailsChanged(order, content):
            details_changed(db, [(order, content, us)])
        case life.ParcelOutdated(order, difference):
            _outdated(db, order, difference)
        case life.ChangeTold(order):
            db.run("UPDATE parcels SET told = 1 WHERE order_key = ?", (order,))
        case life.ParcelReopened(order):
            _reopened(db, order, us)
        case life.ParcelRecalled():
            _recalled(db, fact, us)
            return (status_of(db, StatusKind.PARCEL_UNBAGGED, fact.order, bag=fact.bag),)
        case _:
            assert_never(fact)
    return ()


def _decided(db: Database, order: OrderKey, *, accepted: bool) -> tuple[StatusEvent, ...]:
    if accepted:
        return _ended(db, order, "accepted", StatusKind.ORDER_CANCEL_ACCEPTED)
    wish = WhyNot.CANCEL_REQUESTED.value
    done = db.run(
        "UPDATE orders SET waived = ?1, why_not = NULL, answered_us = cancel_requested_us"
        " WHERE order_key = ?2 AND why_not = ?1",
        (wish, order),
    )
    return (status_of(db, StatusKind.ORDER_CANCEL_REJECTED, order),) if done else ()


def _ended(
    db: Database, order: OrderKey, how: str, kind: StatusKind, **more: str
) -> tuple[StatusEvent, ...]:
    done = db.run(
        "UPDATE orders SET ended = ?, why_not = 'cancelled', waived = NULL,"
        " answered_us = cancel_requested_us WHERE order_key = ?",
        (how, order),
    )
    return (status_of(db, kind, order, **more),) if done else ()


def _short(db: Database, fact: life.ShortPicked) -> tuple[StatusEvent, ...]:
    db.run_many(
        "INSERT INTO short_picks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET units = excluded.units, place = excluded.place",
        [(fact.order, line, units, fact.where) for line, units in fact.missing],
    )
    names = dict(
        db.rows(
            "SELECT line_key, coalesce(nullif(sku, ''), barcode, '') FROM order_lines"
            " WHERE order_key = ?",
            (fact.order,),
        )
    )
    missing = json.dumps([[names.get(line, ""), units] for line, units in fact.missing])
    return (status_of(db, StatusKind.ORDER_SHORT, fact.order, missing=missing, where=fact.where),)


def _voided(db: Database, fact: life.LabelVoided, us: int) -> tuple[StatusEvent, ...]:
    news = db.run(
        "INSERT INTO voided_labels VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (fact.tracking_number, fact.carrier, fact.order, fact.reason, us),
    )
    row = db.row(
        "SELECT state FROM parcels WHERE order_key = ? AND tracking_number = ?",
        (fact.order, fact.tracking_number),
    )
    if row is not None:
        state = ParcelState(row[0])
        if fact.reason == "cancelled" and ParcelState.VOIDED in PARCEL_MOVES[state]:
            parcel_rows.move(db, fact.order, ParcelState.VOIDED, us)
        elif state not in _CLOSED and state is not ParcelState.HANDED_OVER:
            if state is ParcelState.LABELLED:
                parcel_rows.move(db, fact.order, ParcelState.VERIFIED, us)
            _forget_number(db, fact.order)
    if not news:
        return ()
    number = {"tracking_number": fact.tracking_number, "carrier": fact.carrier}
    return (status_of(db, StatusKind.LABEL_VOIDED, fact.order, reason=fact.reason, **number),)


def _forget_number(db: Database, order: OrderKey) -> None:
    db.run(
        "UPDATE parcels SET tracking_number = NULL, carrier = NULL WHERE order_key = ?", (order,)
    )


def details_changed(db: Database, orders: list[tuple[Order, str, int]]) -> None:
    """Write orders anew at the version they have, with content digest and time of import."""
    db.run_many(
        "DELETE FROM order_lines WHERE order_key = ?", [(order.key,) for order, _, _ in orders]
    )
    order_rows.write_orders(db, orders)


def _outdated(db: Database, order: OrderKey, difference: Difference) -> None:
    db.run(
        "UPDATE parcels SET change = ?, told = 0 WHERE order_key = ?", (to_text(difference), order)
    )
    if difference.on_paper:
        db.run(
            "UPDATE parcels SET stale = 1 WHERE order_key = ?"
            " AND state IN ('SEALED', 'BAGGED', 'RECALLED')",
            (order,),
        )


def _reopened(db: Database, order: OrderKey, us: int) -> None:
    parcel_rows.move(db, order, ParcelState.OPEN, us)
    _forget_number(db, order)
    db.run("UPDATE parcels SET stale = 0, told = 0 WHERE order_key = ?", (order,))
    db.run("DELETE FROM session_steps WHERE order_key = ?", (order,))
    db.run("UPDATE sessions SET steps = 0 WHERE order_key = ?", (order,))


def _recalled(db: Database, fact: life.ParcelRecalled, us: int) -> None:
    bag = db.row("SELECT state FROM bags WHERE code = ?", (fact.bag,))
    parcel = db.row("SELECT bag, tracking_number FROM parcels WHERE order_key = ?", (fact.order,))
    left = bag is None or bag[0] == BagState.HANDED_OVER
    if left or parcel != (fact.bag, fact.tracking_number):
        raise StoreError(
            "store.conflict",
            f"The parcel of {fact.order} is not in bag {fact.bag}.",
            fix="Nothing was written; start again.",
            bag=fact.bag,
        )
    parcel_rows.move(db, fact.order, ParcelState.RECALLED, us)
    db.run(
        "UPDATE bags SET state = 'OPEN', sealed_us = NULL, parcels = parcels - 1,"
        " carrier = iif(parcels = 1, NULL, carrier) WHERE code = ?",
        (fact.bag,),
    )
    db.run(
        "DELETE FROM handover_bags WHERE bag = ? AND manifest IN"
        " (SELECT manifest FROM handovers WHERE state <> 'CLOSED')",
        (fact.bag,),
    )
