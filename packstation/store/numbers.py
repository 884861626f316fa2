"""Prepaid tracking numbers: added as a block, given out lowest first, never twice."""

from __future__ import annotations

from collections.abc import Sequence

from packstation.core import store_facts
from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.core.reports import NumberBlock
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store.database import Database
from packstation.store.journal import at_of, new_id
from packstation.store.recorder import Recorder


def lowest_free(db: Database, carrier: CarrierCode) -> TrackingNumber | None:
    """Return the first free number of a carrier, in the order of adding; None = run out."""
    row = db.row(
        "SELECT n.number FROM numbers AS n WHERE n.carrier = ? AND n.order_key IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM parcels AS p WHERE p.tracking_number = n.number"
        " AND p.carrier = n.carrier AND p.state <> 'VOIDED') ORDER BY n.id LIMIT 1",
        (carrier,),
    )
    return TrackingNumber(row[0]) if row else None


def left(db: Database, carrier: CarrierCode) -> int:
    """Return how many numbers of a carrier are free."""
    row = db.row("SELECT sum(total - used) FROM number_blocks WHERE carrier = ?", (carrier,))
    return int(row[0] or 0) if row else 0


def is_free(db: Database, forms: tuple[str, ...]) -> bool:
    """Tell whether a code is a prepaid number that no parcel has yet."""
    return any(
        db.row("SELECT 1 FROM numbers WHERE number = ? AND order_key IS NULL", (form,))
        for form in forms
    )


def add_numbers(
    recorder: Recorder, carrier: CarrierCode, numbers: Sequence[TrackingNumber], stamp: Stamp
) -> str:
    """Add a block, all of it or nothing; return its id.

    Raises:
        StoreError: ``numbers.duplicate`` names the first number that is there already;
            ``numbers.none`` for an empty block.
    """
    if not numbers:
        raise StoreError("numbers.none", "No number was given.", fix="Give at least one number.")
    seen: set[str] = set()
    for number in numbers:
        if number in seen or _known(recorder.db, carrier, number):
            raise StoreError(
                "numbers.duplicate",
                f"{carrier} number {number} is there already.",
                fix="Check the first number and the count; nothing was added.",
                number=number,
                carrier=carrier,
            )
        seen.add(number)
    block = new_id()
    with recorder.tx():
        recorder.write((store_facts.NumbersAdded(block, carrier, tuple(numbers)),), stamp)
    return block


def _known(db: Database, carrier: str, number: str) -> bool:
    return bool(
        db.row("SELECT 1 FROM numbers WHERE number = ? AND carrier = ?", (number, carrier))
        or db.row(
            "SELECT 1 FROM parcels WHERE tracking_number = ? AND carrier = ? AND state <> 'VOIDED'",
            (number, carrier),
        )
    )


def blocks(db: Database) -> list[NumberBlock]:
    """Return every block in the order of adding."""
    rows = db.rows(
        "SELECT b.carrier, b.first, b.last, b.total, b.used, b.added_us, (SELECT number"
        " FROM numbers WHERE block = b.id AND carrier = b.carrier AND order_key IS NULL"
        " ORDER BY id LIMIT 1) FROM number_blocks AS b ORDER BY b.id"
    )
    return [
        NumberBlock(
            carrier=CarrierCode(carrier),
            first=TrackingNumber(first),
            last=TrackingNumber(last),
            following=TrackingNumber(following) if following else None,
            total=total,
            used=used,
            added_at=at_of(added),
        )
        for carrier, first, last, total, used, added, following in rows
    ]
