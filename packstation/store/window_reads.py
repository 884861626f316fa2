"""Counts and lists at the window's edge, read beside the station on a connection of their own."""

from __future__ import annotations

from datetime import UTC, datetime

from packstation.core.order_query import Group, Moment, OrderQuery
from packstation.core.orders import CarrierCode, OrderKey
from packstation.core.reports import BagSummary, ParkedEvent, WorkCounts
from packstation.core.status import BagState, PrintOutcome
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_filters import candidates, due_bounds, filters_of, term
from packstation.store.order_index import behind
from packstation.store.order_terms import Attr

_LAST = 8


def work_counts(db: Database, moment: Moment | None = None) -> WorkCounts:
    """Return how much waits; costs the same with ten thousand orders as with millions.

    Args:
        db: The store.
        moment: What today and late mean; None = now, in UTC.
    """
    when = moment or Moment(datetime.now(UTC))
    packed = _counted(db, Attr.GROUP, Group.PACKED_NOT_HANDED_OVER)
    sealed = _counted(db, Attr.FLAG, "sealed")
    unsynced = db.row("SELECT orders FROM order_counts WHERE name = 'unsynced'")
    return WorkCounts(
        to_pack=_counted(db, Attr.GROUP, Group.TO_PACK),
        sealed=sealed,
        bagged=packed - sealed,
        due_today=_owed(db, Group.DUE_TODAY, when),
        overdue=_owed(db, Group.OVERDUE, when),
        at_risk=_owed(db, Group.AT_RISK, when),
        urged=_urged(db),
        held=_counted(db, Attr.GROUP, Group.HELD),
        stopped=_counted(db, Attr.GROUP, Group.STOPPED),
        unsynced=int(unsynced[0]) if unsynced else 0,
        new=_new(db),
        behind=behind(db),
        as_of=when.now,
    )


def _counted(db: Database, attr: Attr, value: str) -> int:
    one = term(db, attr, value)
    return 0 if one is None else order_bits.counted(db, one)


def _owed(db: Database, group: Group, when: Moment) -> int:
    start, end = due_bounds(group, when)
    row = db.row(
        "SELECT count(*) FROM order_index INDEXED BY order_index_owed"
        " WHERE owed = 1 AND due_us >= ? AND due_us < ?",
        (start or 0, end),
    )
    return int(row[0]) if row else 0


def _urged(db: Database) -> int:
    urged, owed = term(db, Attr.FLAG, "urged"), term(db, Attr.GROUP, Group.OWED)
    if urged is None or owed is None:
        return 0
    few = order_bits.read(db, [urged])
    return order_bits.total(order_bits.intersect(few, order_bits.read(db, [owed], few)))


def _new(db: Database) -> int:
    """Count the orders that came in since the last export."""
    found = filters_of(db, OrderQuery(only_new=True), Moment(datetime.now(UTC)), None)
    return order_bits.total(candidates(db, found))


def bags_here(db: Database) -> list[BagSummary]:
    """Return bags that have not left: open ones first, each with its last parcels."""
    rows = db.rows(
        "SELECT code, state, carrier, parcels, manifest FROM bags WHERE state <> 'HANDED_OVER'"
        " ORDER BY state, code"
    )
    return [
        BagSummary(
            code=code,
            state=BagState(state),
            carrier=CarrierCode(carrier) if carrier else None,
            parcels=parcels,
            last=tuple(
                number
                for (number,) in db.rows(
                    "SELECT tracking_number FROM parcels WHERE bag = ?"
                    " ORDER BY changed_us DESC LIMIT ?",
                    (code, _LAST),
                )
            ),
            manifest=manifest,
        )
        for code, state, carrier, parcels, manifest in rows
    ]


def parked_events(db: Database, limit: int = 200) -> list[ParkedEvent]:
    """Return, of each order that the receiver refused, the first event that waits."""
    rows = db.rows(
        "SELECT o.id, s.subject, o.type, coalesce(o.last_error, ''), o.created_us, s.pending"
        " FROM streams AS s JOIN outbox AS o ON o.subject = s.subject"
        " AND o.sequence = s.next_sequence WHERE s.pending > 0 AND s.parked = 1"
        " ORDER BY s.subject LIMIT ?",
        (limit,),
    )
    return [
        ParkedEvent(event, OrderKey(subject), kind, reason, at_of(created), pending - 1)
        for event, subject, kind, reason, created, pending in rows
    ]


def subject_of(db: Database, event: str) -> OrderKey | None:
    """Return the order that an outbox event is about."""
    row = db.row("SELECT subject FROM outbox WHERE id = ?", (event,))
    return OrderKey(row[0]) if row else None


def receipt_of(db: Database, manifest: str) -> tuple[str, PrintOutcome] | None:
    """Return the newest print job of a handover's receipt, and how it stands."""
    row = db.row(
        "SELECT job, outcome FROM print_jobs WHERE kind = 'receipt' AND key = ?"
        " ORDER BY id DESC LIMIT 1",
        (manifest,),
    )
    return (row[0], PrintOutcome(row[1])) if row else None
