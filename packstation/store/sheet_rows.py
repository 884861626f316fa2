"""Files that went out, and waves, in tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from packstation.core.orders import OrderKey, TrackingNumber
from packstation.core.sheet_facts import (
    AnySheetFact,
    CarrierNumbersTaken,
    CarrierSheetEnded,
    CarrierSheetWritten,
    OrdersExported,
    ShipmentResultsTaken,
    ShipmentsWritten,
    WaveEnded,
    WaveMade,
)
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry, utc_us
from packstation.store.status_events import StatusEvent


def apply(db: Database, entry: Entry, fact: AnySheetFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means.

    Raises:
        StoreError: ``store.conflict``: it would tell a platform twice, give one order two numbers
            or put it into two waves.
    """
    match fact:
        case ShipmentsWritten():
            _shipments(db, entry, fact)
        case ShipmentResultsTaken():
            _results(db, entry, fact)
        case CarrierSheetWritten():
            _carrier_sheet(db, entry, fact)
        case CarrierNumbersTaken():
            _numbers(db, entry, fact)
        case CarrierSheetEnded():
            _sheet_ended(db, fact)
        case OrdersExported():
            db.run(
                "INSERT INTO order_exports VALUES (?, ?, ?, ?, ?, ?)",
                (fact.export, fact.scope, fact.upto_us, fact.orders, fact.files, entry.utc_us),
            )
        case WaveMade():
            db.run(
                "INSERT INTO waves VALUES (?, ?, ?, NULL)",
                (fact.wave, len(fact.orders), utc_us(fact.at)),
            )
            _listed(db, "wave_orders", "wave", fact.wave, fact.orders)
        case WaveEnded():
            _wave_ended(db, entry, fact)
        case _:
            assert_never(fact)
    return ()


def _listed(db: Database, table: str, column: str, name: str, orders: Iterable[OrderKey]) -> None:
    db.run_many(
        f"INSERT INTO {table} ({column}, position, order_key) VALUES (?, ?, ?)",
        ((name, position, order) for position, order in enumerate(orders)),
    )


def _shipments(db: Database, entry: Entry, fact: ShipmentsWritten) -> None:
    db.run(
        "INSERT INTO shipment_batches VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            fact.batch,
            fact.shop,
            fact.layout,
            fact.file,
            fact.digest,
            len(fact.orders),
            entry.utc_us,
        ),
    )
    rows = zip(fact.orders, fact.numbers, fact.carriers, strict=True)
    db.run_many(
        "INSERT INTO shipment_rows VALUES (?, ?, ?, ?, ?, 'written', '', ?)",
        (
            (fact.batch, position, order, number, carrier, entry.utc_us)
            for position, (order, number, carrier) in enumerate(rows)
        ),
    )


def _results(db: Database, entry: Entry, fact: ShipmentResultsTaken) -> None:
    told = [(order, "done", "") for order in fact.done]
    told += [(order, "failed", said) for order, said in fact.failed]
    for order, state, said in told:
        # A result that came first stays: what is done is never shipped again by a later word.
        done = db.run(
            "UPDATE shipment_rows SET state = ?, said = ?, changed_us = ?"
            " WHERE batch = ? AND order_key = ? AND state = 'written'",
            (state, said, entry.utc_us, fact.batch, order),
        )
        if done != 1:
            raise StoreError(
                "store.conflict",
                f"Order {order} does not wait for a result in batch {fact.batch}.",
                order=order,
                batch=fact.batch,
            )


def _carrier_sheet(db: Database, entry: Entry, fact: CarrierSheetWritten) -> None:
    db.run(
        "INSERT INTO carrier_sheets VALUES (?, ?, ?, ?, ?, ?, 0)",
        (fact.sheet, fact.carrier, fact.file, fact.digest, len(fact.orders), entry.utc_us),
    )
    _listed(db, "carrier_sheet_rows", "sheet", fact.sheet, fact.orders)


def _numbers(db: Database, entry: Entry, fact: CarrierNumbersTaken) -> None:
    """Give orders their numbers; they are prepaid ones that are used already, so never free."""
    numbers = [number for _, number in fact.pairs]
    db.run(
        "INSERT INTO number_blocks (block, carrier, first, last, total, used, added_us)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            entry.event_id,
            fact.carrier,
            numbers[0],
            numbers[-1],
            len(numbers),
            len(numbers),
            entry.utc_us,
        ),
    )
    row = db.row("SELECT id FROM number_blocks WHERE block = ?", (entry.event_id,))
    assert row is not None
    for order, number in fact.pairs:
        done = db.run(
            "UPDATE carrier_sheet_rows SET open = 0 WHERE sheet = ? AND order_key = ? AND open = 1",
            (fact.sheet, order),
        )
        if done != 1:
            raise StoreError(
                "store.conflict",
                f"Order {order} does not wait for a number in sheet {fact.sheet}.",
                order=order,
                sheet=fact.sheet,
            )
        _take(db, row[0], entry.utc_us, fact, order, number)
    _end_when_empty(db, fact.sheet)


def _take(
    db: Database,
    block: int,
    us: int,
    fact: CarrierNumbersTaken,
    order: OrderKey,
    number: TrackingNumber,
) -> None:
    db.run(
        "INSERT INTO numbers (block, carrier, number, order_key, state, changed_us)"
        " VALUES (?, ?, ?, ?, 'USED', ?)",
        (block, fact.carrier, number, order, us),
    )
    db.run(
        "INSERT INTO carrier_numbers VALUES (?, ?, ?, ?) ON CONFLICT (order_key) DO UPDATE SET"
        " carrier = excluded.carrier, number = excluded.number, sheet = excluded.sheet",
        (order, fact.carrier, number, fact.sheet),
    )
    db.run("UPDATE orders SET tracking_number = ? WHERE order_key = ?", (number, order))


def _end_when_empty(db: Database, sheet: str) -> None:
    db.run(
        "UPDATE carrier_sheets SET ended = 1 WHERE sheet = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM carrier_sheet_rows WHERE sheet = ?1 AND open = 1)",
        (sheet,),
    )


def _sheet_ended(db: Database, fact: CarrierSheetEnded) -> None:
    if db.run("UPDATE carrier_sheets SET ended = 1 WHERE sheet = ? AND ended = 0", (fact.sheet,)):
        db.run("UPDATE carrier_sheet_rows SET open = 0 WHERE sheet = ?", (fact.sheet,))
        return
    raise StoreError("store.conflict", f"Sheet {fact.sheet} has ended already.", sheet=fact.sheet)


def _wave_ended(db: Database, entry: Entry, fact: WaveEnded) -> None:
    done = db.run(
        "UPDATE waves SET ended_us = ? WHERE wave = ? AND ended_us IS NULL",
        (entry.utc_us, fact.wave),
    )
    if done != 1:
        raise StoreError("store.conflict", f"Wave {fact.wave} has ended already.", wave=fact.wave)
    db.run("UPDATE wave_orders SET open = 0 WHERE wave = ?", (fact.wave,))
