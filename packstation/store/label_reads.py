"""The live label of an order: its newest print job, made for the order as it is today."""

from __future__ import annotations

import json

from packstation.core.orders import Order, TrackingNumber
from packstation.core.parcels import Label
from packstation.core.sealing import AT_THE_TABLE
from packstation.core.status import PrintOutcome
from packstation.store.database import Database


def is_void(db: Database, number: str, carrier: str) -> bool:
    """Tell whether the label with a number must not travel any more."""
    sql = "SELECT 1 FROM voided_labels WHERE tracking_number = ? AND carrier = ?"
    return db.row(sql, (number, carrier)) is not None


def newest_label(db: Database, order: Order) -> Label | None:
    """Return the newest label that was made for the order as it is today."""
    row = db.row(
        "SELECT job, tracking_number, copy, outcome, version, carrier, coded, spoiled <> '',"
        " NOT EXISTS (SELECT 1 FROM print_jobs AS t WHERE t.kind = 'label' AND t.key = j.key"
        " AND t.version = j.version AND t.reason IN (SELECT value FROM json_each(?)))"
        " FROM print_jobs AS j WHERE kind = 'label' AND key = ? ORDER BY id DESC LIMIT 1",
        (json.dumps(sorted(AT_THE_TABLE)), order.key),
    )
    if row is None or row[4] != order.version or is_void(db, row[1], row[5]):
        return None
    job, number, copy, outcome, _, _, coded, spoiled, ahead = row
    return Label(
        job,
        TrackingNumber(number),
        copy,
        PrintOutcome(outcome),
        coded=bool(coded),
        ahead=bool(ahead),
        spoiled=bool(spoiled),
    )
