"""Prepaid tracking numbers: added as a block, given out lowest first, never twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from packstation.core import store_facts
from packstation.core.life_facts import LabelVoided
from packstation.core.number_facts import NumberListAdded, NumberMarked
from packstation.core.number_runs import Run
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.reports import NumberBlock
from packstation.core.status import NumberState, ParcelState
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store.database import Database
from packstation.store.journal import at_of, new_id
from packstation.store.recorder import Recorder

_AT_ONCE = 5000
_FREE = "total - used - void - spoiled - returned"
_KNOWN = """SELECT j.value, coalesce(
        (SELECT n.state FROM numbers AS n WHERE n.number = j.value AND n.carrier = ?1),
        (SELECT 'PRINTED' FROM parcels AS p WHERE p.tracking_number = j.value
            AND p.carrier = ?1 LIMIT 1),
        (SELECT 'PRINTED' FROM print_jobs AS p WHERE p.tracking_number = j.value
            AND p.carrier = ?1 LIMIT 1)) AS state
    FROM json_each(?2) AS j WHERE state IS NOT NULL"""


def lowest_free(db: Database, carrier: CarrierCode, pool: str = "") -> TrackingNumber | None:
    """Return the first free number of a carrier in a pool, in the order of adding; None = run out.

    A number that stands on any parcel or print job already is passed over: it is never given out
    again, whatever became of that label.
    """
    for (block,) in db.rows(
        f"SELECT id FROM number_blocks WHERE carrier = ? AND pool = ? AND {_FREE} > 0 ORDER BY id",
        (carrier, pool),
    ):
        row = db.row(
            "SELECT n.number FROM numbers AS n WHERE n.block = ?1 AND n.state = 'FREE'"
            " AND NOT EXISTS (SELECT 1 FROM parcels AS p WHERE p.tracking_number = n.number"
            " AND p.carrier = n.carrier) AND NOT EXISTS (SELECT 1 FROM print_jobs AS j"
            " WHERE j.tracking_number = n.number AND j.carrier = n.carrier)"
            " ORDER BY n.id LIMIT 1",
            (block,),
        )
        if row is not None:
            return TrackingNumber(row[0])
    return None


def left(db: Database, carrier: CarrierCode, pool: str = "") -> int:
    """Return how many numbers of a carrier are free in a pool."""
    row = db.row(
        f"SELECT sum({_FREE}) FROM number_blocks WHERE carrier = ? AND pool = ?", (carrier, pool)
    )
    return int(row[0] or 0) if row else 0


def is_free(db: Database, forms: tuple[str, ...]) -> bool:
    """Tell whether a code is a prepaid number that no parcel has yet."""
    return any(
        db.row("SELECT 1 FROM numbers WHERE number = ? AND order_key IS NULL", (form,))
        for form in forms
    )


def may_travel(db: Database, carrier: CarrierCode, number: TrackingNumber) -> bool:
    """Tell whether a number may be on a label: false once it is void, spoiled or returned."""
    row = db.row("SELECT state FROM numbers WHERE number = ? AND carrier = ?", (number, carrier))
    return row is None or row[0] in (NumberState.FREE, NumberState.USED)


def known(
    db: Database, carrier: CarrierCode, numbers: Sequence[str]
) -> Iterator[tuple[TrackingNumber, str]]:
    """Yield the numbers that are in a pool or were ever used, with their state or ``PRINTED``."""
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = json.dumps(numbers[start : start + _AT_ONCE])
        for number, state in db.rows(_KNOWN, (carrier, chunk)):
            yield TrackingNumber(number), state


def add_numbers(
    recorder: Recorder,
    carrier: CarrierCode,
    numbers: Sequence[TrackingNumber],
    stamp: Stamp,
    pool: str = "",
) -> str:
    """Add a block, all of it or nothing; return its id.

    Raises:
        StoreError: ``numbers.duplicate`` names the first number that is there already;
            ``numbers.none`` for an empty block.
    """
    _refuse_known(recorder.db, carrier, numbers)
    block = new_id()
    with recorder.tx():
        recorder.write((store_facts.NumbersAdded(block, carrier, tuple(numbers), pool),), stamp)
    return block


def add_list(
    recorder: Recorder,
    carrier: CarrierCode,
    numbers: Sequence[TrackingNumber],
    stamp: Stamp,
    pool: str = "",
) -> str:
    """Add a list that the carrier gave, all of it or nothing; return its id.

    Raises:
        StoreError: As ``add_numbers``.
    """
    _refuse_known(recorder.db, carrier, numbers)
    block = new_id()
    with recorder.tx():
        recorder.write((NumberListAdded(block, carrier, tuple(numbers), pool),), stamp)
    return block


def _refuse_known(db: Database, carrier: CarrierCode, numbers: Sequence[TrackingNumber]) -> None:
    if not numbers:
        raise StoreError("numbers.none", "No number was given.", fix="Give at least one number.")
    number = next((number for number, _ in known(db, carrier, numbers)), None)
    if number is None and len(set(numbers)) < len(numbers):
        number = next(one for one, count in Counter(numbers).items() if count > 1)
    if number is not None:
        raise StoreError(
            "numbers.duplicate",
            f"{carrier} number {number} is there already.",
            fix="Check the first number and the count; nothing was added.",
            number=number,
            carrier=carrier,
        )


def mark(
    recorder: Recorder,
    carrier: CarrierCode,
    numbers: Sequence[TrackingNumber],
    state: NumberState,
    reason: str,
    by: str,
    stamp: Stamp,
) -> None:
    """Take numbers out of use for good, all of them or none.

    Args:
        recorder: Writes.
        carrier: Whose numbers they are.
        numbers: In a pool of this store.
        state: VOID, SPOILED or RETURNED; nothing leads back to FREE.
        reason: In the operator's words, not empty.
        by: Id of the operator; may be empty.
        stamp: When.

    Raises:
        StoreError: ``numbers.no_reason``, ``numbers.not_ours``; ``store.illegal_move``, also for
            a number on a closed box: it travels.
    """
    if not reason.strip():
        raise StoreError(
            "numbers.no_reason",
            "A number is taken out of use with a reason.",
            fix="Say why in a few words; nothing was changed.",
        )
    for number in numbers:
        if not recorder.db.row(
            "SELECT 1 FROM numbers WHERE number = ? AND carrier = ?", (number, carrier)
        ):
            raise StoreError(
                "numbers.not_ours",
                f"{carrier} number {number} is in no pool of this station.",
                fix="Check the carrier and the number; nothing was changed.",
                number=number,
                carrier=carrier,
            )
    with recorder.tx():
        for one in numbers:
            recorder.write((NumberMarked(one, carrier, state, reason.strip(), by),), stamp)
            if state is NumberState.SPOILED:
                recorder.write(_label_of(recorder.db, one, carrier), stamp)


def _label_of(
    db: Database, number: TrackingNumber, carrier: CarrierCode
) -> tuple[LabelVoided, ...]:
    """Return the end of the label that has a number: no scan of it lets a parcel leave.

    Raises:
        StoreError: ``store.illegal_move``: it is on a closed box already.
    """
    row = db.row(
        "SELECT order_key, state FROM parcels WHERE tracking_number = ? AND carrier = ?"
        " AND state <> 'VOIDED' ORDER BY state IN ('OPEN', 'VERIFIED', 'LABELLED'),"
        " before_hold IS NULL LIMIT 1",
        (number, carrier),
    )
    if row is None:
        return ()
    order, state = OrderKey(row[0]), ParcelState(row[1])
    if state not in (ParcelState.OPEN, ParcelState.VERIFIED, ParcelState.LABELLED):
        raise StoreError(
            "store.illegal_move",
            f"{carrier} number {number} is on the parcel of order {order}, which is {state}.",
            fix="Take the order's parcel apart first; nothing was changed.",
            number=number,
            carrier=carrier,
            order=order,
            state=state.value,
            target=NumberState.SPOILED.value,
        )
    return (LabelVoided(order, number, carrier, "spoiled"),)


def known_of_run(db: Database, run: Run) -> list[tuple[TrackingNumber, str]]:
    """Return the numbers of a run that are known, in order; costs what it finds, not its length."""
    low = f"{run.prefix}{run.start:0{run.width}d}"
    high = f"{run.prefix}{run.start + run.count - 1:0{run.width}d}~"
    rows = db.rows(
        "SELECT number, state FROM numbers WHERE carrier = ?1 AND number BETWEEN ?2 AND ?3"
        " UNION ALL SELECT tracking_number, 'PRINTED' FROM parcels WHERE carrier = ?1"
        " AND tracking_number BETWEEN ?2 AND ?3 UNION ALL SELECT tracking_number, 'PRINTED'"
        " FROM print_jobs WHERE carrier = ?1 AND tracking_number BETWEEN ?2 AND ?3",
        (run.carrier, low, high),
    )
    found: dict[int, tuple[TrackingNumber, str]] = {}
    for number, state in rows:
        place = run.place(number)
        if place is not None and 0 <= place < run.count:
            found.setdefault(place, (TrackingNumber(number), state))
    return [found[place] for place in sorted(found)]


def neighbours(db: Database, run: Run) -> tuple[int | None, int | None]:
    """Return how many numbers lie between a run and the nearest known ones of its form."""
    low, high = f"{run.prefix}{'0' * run.width}", f"{run.prefix}{'9' * run.width}~"
    below = db.row(
        "SELECT number FROM numbers WHERE carrier = ? AND number >= ? AND number < ?"
        " ORDER BY number DESC LIMIT 1",
        (run.carrier, low, f"{run.prefix}{run.start:0{run.width}d}"),
    )
    above = db.row(
        "SELECT number FROM numbers WHERE carrier = ? AND number > ? AND number <= ?"
        " ORDER BY number LIMIT 1",
        (run.carrier, f"{run.prefix}{run.start + run.count - 1:0{run.width}d}~", high),
    )
    before = run.place(below[0]) if below else None
    after = run.place(above[0]) if above else None
    return (
        -before - 1 if before is not None else None,
        after - run.count if after is not None else None,
    )


def blocks(db: Database) -> list[NumberBlock]:
    """Return every block in the order of adding."""
    rows = db.rows(
        "SELECT b.carrier, b.first, b.last, b.total, b.used, b.added_us, (SELECT number"
        " FROM numbers WHERE block = b.id AND state = 'FREE' ORDER BY id LIMIT 1), b.pool,"
        " b.void + b.spoiled + b.returned FROM number_blocks AS b ORDER BY b.id"
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
            pool=pool,
            out_of_use=out,
        )
        for carrier, first, last, total, used, added, following, pool, out in rows
    ]
