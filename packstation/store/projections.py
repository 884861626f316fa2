"""Tables that follow from the journal: one fact folded into them at a time.

``apply`` looks at nothing but the entry and the tables, so that replaying the journal gives equal
tables. It refuses what would contradict them: an illegal move of a parcel, a full count that does
not agree.
"""

from __future__ import annotations

import json
from typing import assert_never

from packstation.core import facts, store_facts
from packstation.core.life_facts import LabelVoided, LifeFact, ParcelReopened
from packstation.core.number_facts import NumberFact
from packstation.core.orders import OrderKey
from packstation.core.paper_facts import PaperFact
from packstation.core.sheet_facts import SheetFact
from packstation.core.shipment_facts import ShipmentFact
from packstation.core.status import LabelSource, PrintOutcome, StatusKind
from packstation.core.urge_facts import UrgeFact
from packstation.errors import StoreError
from packstation.store import (
    dock_rows,
    life_rows,
    order_rows,
    paper_rows,
    parcel_rows,
    pool_rows,
    print_job_rows,
    sheet_rows,
    shipment_rows,
    urge_rows,
)
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent, status_of

_NOTHING: tuple[StatusEvent, ...] = ()


def apply(db: Database, entry: Entry) -> tuple[StatusEvent, ...]:
    """Fold one entry into the tables, inside its transaction; return the status events it means.

    Raises:
        StoreError: ``store.illegal_move`` or ``store.conflict``; the transaction must not commit.
    """
    fact = entry.fact
    match fact:
        case facts.OrderOpened():
            return _opened(db, entry, fact)
        case facts.UnitsScanned():
            return _scanned(db, fact)
        case facts.ScanUndone():
            return _undone(db, entry, fact)
        case facts.CountsDropped():
            _drop_counts(db, entry, fact.order)
            return _NOTHING
        case facts.OrderVerified():
            if not parcel_rows.verified(db, fact.order, entry.utc_us):
                return _NOTHING
            return (status_of(db, StatusKind.ORDER_VERIFIED, fact.order),)
        case facts.LabelEnded():
            return _label_ended(db, entry, fact)
        case facts.ParcelSealed():
            return _sealed(db, entry, fact)
        case facts.OrderHeld():
            if not parcel_rows.held(db, fact.order, entry.utc_us, fact.reason):
                return _NOTHING
            return (status_of(db, StatusKind.ORDER_HELD, fact.order),)
        case facts.OrderReleased():
            if not parcel_rows.released(db, fact.order, entry.utc_us, fact.waived):
                return _NOTHING
            return (status_of(db, StatusKind.ORDER_RELEASED, fact.order),)
        case facts.ParcelBagged():
            dock_rows.bagged(db, fact, entry.utc_us)
            return (status_of(db, StatusKind.PARCEL_BAGGED, fact.order),)
        case facts.ParcelUnbagged():
            dock_rows.unbagged(db, fact, entry.utc_us)
            return (status_of(db, StatusKind.PARCEL_UNBAGGED, fact.order, bag=fact.bag),)
        case facts.BagOpened():
            dock_rows.bag_opened(db, fact)
        case facts.BagSealed():
            dock_rows.bag_sealed(db, fact, entry.utc_us)
        case facts.HandoverOpened():
            dock_rows.handover_opened(db, fact, entry.utc_us)
        case facts.HandoverPaused():
            dock_rows.handover_paused(db, fact)
        case facts.BagCounted():
            dock_rows.bag_counted(db, fact)
        case facts.BagUncounted():
            dock_rows.bag_uncounted(db, fact)
        case facts.HandoverClosed():
            orders = dock_rows.handover_closed(db, fact, entry)
            return tuple(status_of(db, StatusKind.PARCEL_HANDED_OVER, key) for key in orders)
        case store_facts.LabelAssigned():
            return _assigned(db, entry, fact)
        case (
            facts.MessageAcknowledged()
            | facts.LabelRequested()
            | facts.OrderPaused()
            | facts.OrderClosed()
            | facts.ScanRefused()
            | facts.StopAcknowledged()
        ):
            pass
        case _:
            return _apply_upkeep(db, entry, fact)
    return _NOTHING


def _apply_upkeep(
    db: Database,
    entry: Entry,
    fact: store_facts.StoreFact,
) -> tuple[StatusEvent, ...]:
    match fact:
        case LifeFact():
            if isinstance(fact, LabelVoided):
                pool_rows.spoil(db, entry, fact.tracking_number, fact.carrier, fact.reason)
            if isinstance(fact, LabelVoided | ParcelReopened):
                urge_rows.not_travelling(db, entry, fact.order)
            return life_rows.apply(db, entry, fact)
        case ShipmentFact():
            return shipment_rows.apply(db, entry, fact)
        case NumberFact():
            return pool_rows.apply(db, entry, fact)
        case UrgeFact():
            return urge_rows.apply(db, entry, fact)
        case SheetFact():
            return sheet_rows.apply(db, entry, fact)
        case PaperFact():
            paper_rows.apply(db, entry, fact)
        case store_facts.OrderImported():
            order_rows.write_orders(db, [(fact.order, fact.content, entry.utc_us)])
        case store_facts.OrderStandingChanged():
            db.run(
                "UPDATE orders SET why_not = ?1, content = ?2, cancel_told_us ="
                " iif(?1 = 'cancel_requested', coalesce(cancel_told_us, ?3), NULL)"
                " WHERE order_key = ?4",
                (
                    fact.why_not.value if fact.why_not else None,
                    fact.content,
                    entry.utc_us,
                    fact.order,
                ),
            )
        case store_facts.CodesImported():
            order_rows.write_codes(db, fact.codes)
        case store_facts.NumbersAdded():
            pool_rows.added(db, entry, fact.block, fact.carrier, fact.numbers, fact.pool)
        case store_facts.PaperQueued():
            print_job_rows.queued(db, entry, fact)
        case store_facts.PaperStarted():
            print_job_rows.started(db, entry, fact)
        case store_facts.PaperEnded():
            print_job_rows.ended(db, entry, fact.job, fact.outcome, fact.detail)
        case (
            store_facts.StoreCreated()
            | store_facts.StoreResumed()
            | store_facts.ClockChanged()
            | store_facts.ImportPublished()
            | store_facts.OrdersSeeded()
            | store_facts.LabelAssigned()
            | store_facts.LabelDenied()
            | store_facts.ManifestWritten()
            | store_facts.PeoplePurged()
        ):
            pass
        case _:
            assert_never(fact)
    return _NOTHING


def _opened(db: Database, entry: Entry, fact: facts.OrderOpened) -> tuple[StatusEvent, ...]:
    parcel_rows.opened(db, fact.order, entry.utc_us)
    row = db.row("SELECT version FROM sessions WHERE order_key = ?", (fact.order,))
    if row is None:
        db.run("INSERT INTO sessions VALUES (?, ?, 0)", (fact.order, fact.version))
    elif row[0] != fact.version:
        _drop_counts(db, entry, fact.order)
        db.run("UPDATE sessions SET version = ? WHERE order_key = ?", (fact.version, fact.order))
    return _NOTHING


def _drop_counts(db: Database, entry: Entry, order: OrderKey) -> None:
    db.run("DELETE FROM session_steps WHERE order_key = ?", (order,))
    db.run("UPDATE sessions SET steps = 0 WHERE order_key = ?", (order,))
    parcel_rows.taken_back(db, order, entry.utc_us)


def _scanned(db: Database, fact: facts.UnitsScanned) -> tuple[StatusEvent, ...]:
    db.run("UPDATE sessions SET steps = steps + 1 WHERE order_key = ?", (fact.order,))
    done = db.run(
        "INSERT INTO session_steps SELECT order_key, steps, ? FROM sessions WHERE order_key = ?",
        (json.dumps(fact.units, separators=(",", ":")), fact.order),
    )
    if done != 1:
        raise StoreError("store.conflict", f"Order {fact.order} was scanned but never opened.")
    return _NOTHING


def _undone(db: Database, entry: Entry, fact: facts.ScanUndone) -> tuple[StatusEvent, ...]:
    row = db.row(
        "SELECT s.steps, t.units FROM sessions AS s JOIN session_steps AS t"
        " ON t.order_key = s.order_key AND t.position = s.steps WHERE s.order_key = ?",
        (fact.order,),
    )
    if row is None or json.loads(row[1]) != [list(pair) for pair in fact.units]:
        raise StoreError("store.conflict", f"The last scan of {fact.order} was another one.")
    db.run("DELETE FROM session_steps WHERE order_key = ? AND position = ?", (fact.order, row[0]))
    db.run("UPDATE sessions SET steps = steps - 1 WHERE order_key = ?", (fact.order,))
    parcel_rows.taken_back(db, fact.order, entry.utc_us)
    return _NOTHING


def _assigned(
    db: Database, entry: Entry, fact: store_facts.LabelAssigned
) -> tuple[StatusEvent, ...]:
    number, carrier, ahead = fact.tracking_number, fact.carrier, bool(fact.batch)
    new = parcel_rows.number_bound(db, fact.order, number, carrier, entry.utc_us, ahead=ahead)
    pool_rows.take(db, entry, fact.order, fact.tracking_number, fact.carrier)
    print_job_rows.assigned(db, entry, fact)
    return (status_of(db, StatusKind.LABEL_ASSIGNED, fact.order),) if new else _NOTHING


def _sealed(db: Database, entry: Entry, fact: facts.ParcelSealed) -> tuple[StatusEvent, ...]:
    parcel_rows.sealed(db, fact, entry.utc_us)
    if fact.source is LabelSource.EXTERNAL:
        pool_rows.take(db, entry, fact.order, fact.tracking_number, fact.carrier)
    print_job_rows.scanned_back(db, entry, fact)
    closed = urge_rows.sealed(db, entry, fact.order)
    return (status_of(db, StatusKind.PARCEL_SEALED, fact.order), *closed)


def _label_ended(db: Database, entry: Entry, fact: facts.LabelEnded) -> tuple[StatusEvent, ...]:
    ended = print_job_rows.ended(db, entry, fact.job, fact.outcome, fact.detail)
    if ended and fact.outcome in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
        row = db.row(
            "SELECT 1 FROM print_jobs AS j JOIN sessions AS s ON s.order_key = j.key"
            " WHERE j.job = ? AND j.version = s.version",
            (fact.job,),
        )
        if row is not None:
            parcel_rows.labelled(db, fact.order, entry.utc_us)
    return _NOTHING
