"""Prepaid tracking numbers in tables: lists, and what became of each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from packstation.core.number_facts import (
    NUMBER_MOVES,
    AnyNumberFact,
    NumberListAdded,
    NumberMarked,
)
from packstation.core.orders import OrderKey, TrackingNumber
from packstation.core.status import NumberState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent

DAY_US = 86_400_000_000

_COUNTERS = {
    NumberState.USED: "used",
    NumberState.VOID: "void",
    NumberState.SPOILED: "spoiled",
    NumberState.RETURNED: "returned",
}
"""Where a block counts its numbers of a state; the rest of its total is free."""


def apply(db: Database, entry: Entry, fact: AnyNumberFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means.

    Raises:
        StoreError: ``store.illegal_move`` or ``store.conflict``.
    """
    match fact:
        case NumberListAdded():
            added(db, entry, fact.block, fact.carrier, fact.numbers, fact.pool)
        case NumberMarked():
            if not _move(db, entry, fact.number, fact.carrier, fact.state, fact.reason):
                raise StoreError(
                    "store.conflict", f"{fact.carrier} number {fact.number} is in no pool."
                )
        case _:
            assert_never(fact)
    return ()


def added(
    db: Database,
    entry: Entry,
    block: str,
    carrier: str,
    numbers: Sequence[TrackingNumber],
    pool: str,
) -> None:
    """Write a new block with its numbers, all of them free."""
    db.run(
        "INSERT INTO number_blocks (block, carrier, first, last, total, added_us, pool)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (block, carrier, numbers[0], numbers[-1], len(numbers), entry.utc_us, pool),
    )
    row = db.row("SELECT id FROM number_blocks WHERE block = ?", (block,))
    assert row is not None
    db.run_many(
        "INSERT INTO numbers (block, carrier, number) VALUES (?, ?, ?)",
        ((row[0], carrier, number) for number in numbers),
    )


def take(db: Database, entry: Entry, order: OrderKey, number: TrackingNumber, carrier: str) -> None:
    """Mark a prepaid number as used, where it is one and still free."""
    row = db.row(
        "SELECT state, block FROM numbers WHERE number = ? AND carrier = ?", (number, carrier)
    )
    if row is None or row[0] != NumberState.FREE:
        return
    _move(db, entry, number, carrier, NumberState.USED, None)
    db.run(
        "UPDATE numbers SET order_key = ? WHERE number = ? AND carrier = ?",
        (order, number, carrier),
    )
    db.run(
        "INSERT INTO number_days SELECT pool, carrier, ?, 1 FROM number_blocks WHERE id = ?"
        " ON CONFLICT (pool, carrier, day) DO UPDATE SET used = used + 1",
        (entry.utc_us // DAY_US, row[1]),
    )


def spoil(db: Database, entry: Entry, number: TrackingNumber, carrier: str, reason: str) -> None:
    """Mark the number of a void label; nothing happens where it is no prepaid one or not in use.

    Doing it twice is harmless.
    """
    row = db.row("SELECT state FROM numbers WHERE number = ? AND carrier = ?", (number, carrier))
    if row == (NumberState.USED,):
        _move(db, entry, number, carrier, NumberState.SPOILED, reason)


def _move(
    db: Database, entry: Entry, number: str, carrier: str, state: NumberState, reason: str | None
) -> bool:
    """Bring a number to a state; False where it is in no pool."""
    row = db.row(
        "SELECT id, block, state FROM numbers WHERE number = ? AND carrier = ?", (number, carrier)
    )
    if row is None:
        return False
    ident, block, before = row[0], row[1], NumberState(row[2])
    if state not in NUMBER_MOVES[before]:
        raise StoreError(
            "store.illegal_move",
            f"{carrier} number {number} cannot go from {before} to {state}.",
            fix="Look at what became of this number in the list of numbers.",
            number=number,
            carrier=carrier,
        )
    db.run(
        "UPDATE numbers SET state = ?, reason = ?, changed_us = ? WHERE id = ?",
        (state.value, reason, entry.utc_us, ident),
    )
    changes = [f"{_COUNTERS[state]} = {_COUNTERS[state]} + 1"]
    if before in _COUNTERS:
        changes.append(f"{_COUNTERS[before]} = {_COUNTERS[before]} - 1")
    db.run(f"UPDATE number_blocks SET {', '.join(changes)} WHERE id = ?", (block,))
    return True
