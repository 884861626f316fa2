"""Counts and lists at the window's edge, read beside the station on a connection of their own."""

from __future__ import annotations

from packstation.core.orders import CarrierCode, OrderKey
from packstation.core.reports import BagSummary, ParkedEvent, WorkCounts
from packstation.core.status import BagState, PrintOutcome
from packstation.store.database import Database
from packstation.store.journal import at_of

_LAST = 8


def work_counts(db: Database) -> WorkCounts:
    """Return how much waits; linear in the orders, so never asked in the station's own room."""
    to_pack = db.row(
        "SELECT count(*) FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"
        " WHERE o.why_not IS NULL AND o.held = 0"
        " AND (p.state IS NULL OR p.state IN ('OPEN', 'VERIFIED', 'LABELLED'))"
    )
    states = dict(
        db.rows(
            "SELECT state, count(*) FROM parcels WHERE state IN ('SEALED', 'BAGGED') GROUP BY 1"
        )
    )
    return WorkCounts(
        to_pack=int(to_pack[0]) if to_pack else 0,
        sealed=int(states.get("SEALED", 0)),
        bagged=int(states.get("BAGGED", 0)),
    )


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
