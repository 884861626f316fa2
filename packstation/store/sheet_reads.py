"""Reads what went out in files, what is still to be told, and waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packstation.core.merging import reason_of
from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber, WhyNot
from packstation.core.sheets import (
    Batch,
    BatchRow,
    CarrierSheet,
    LeftOut,
    RowState,
    Shipment,
    Wave,
)
from packstation.core.status import ParcelState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_rows import read_order, standing
from packstation.store.parcel_rows import read_parcel

_SEALED = "('SEALED', 'BAGGED', 'HANDED_OVER')"
_TO_TELL = f"""SELECT o.order_key, p.order_key, p.tracking_number, p.carrier, o.platform,
    p.changed_us, o.why_not, o.held OR p.state = 'HELD', o.hold_reason, o.part,
    p.state <> 'HANDED_OVER' AND (p.stale = 1 OR p.order_key <> o.order_key OR o.part IS NOT NULL)
    FROM {{tables}}
    WHERE o.shop = ? AND (p.state IN {_SEALED} OR p.before_hold IN {_SEALED})
    AND {{which}} AND NOT EXISTS
    (SELECT 1 FROM shipment_rows AS s WHERE s.order_key = o.order_key
        AND s.state IN ('written', 'done'))"""
_TOLD = _TO_TELL.replace("NOT EXISTS", "EXISTS").replace(
    "AND s.state IN",
    "AND (s.tracking_number <> p.tracking_number OR s.carrier <> p.carrier) AND s.state IN",
)
"""Orders of which the platform was told another number than the parcel has now."""
_TABLES = {
    "own": (
        "parcels AS p JOIN orders AS o ON o.order_key = p.order_key",
        "(o.members IS NULL OR o.part IS NOT NULL)",
    ),
    # A member of a merged order travels in that order's parcel; a merged order itself is nothing
    # that the platform knows, nor is the row of an order that travels in parts.
    "members": (
        "shipment_members AS m JOIN orders AS o ON o.order_key = m.member"
        " JOIN parcels AS p ON p.order_key = m.shipment",
        "o.merged_into = m.shipment",
    ),
}
_OWN, _MEMBERS = (_TO_TELL.format(tables=of, which=which) for of, which in _TABLES.values())
_OWN_TOLD, _MEMBERS_TOLD = (_TOLD.format(tables=of, which=which) for of, which in _TABLES.values())
NUMBER_CHANGED = "number_changed"
"""The platform was told another number before; only a person can put that right there."""


def shipments(db: Database, shop: ShopKey) -> tuple[list[Shipment], list[LeftOut]]:
    """Return what a shop's platform is still to be told, and what must not be told now.

    Linear in the parcels: to be asked beside the station, not in its room.
    """
    found: list[Shipment] = []
    left: list[LeftOut] = []
    rows = db.rows(f"{_OWN} UNION {_MEMBERS} ORDER BY 6, 1", (shop, shop))
    for key, parcel, number, carrier, platform, us, why_not, held, reason, part, look in rows:
        why: str | None = standing(why_not, held, reason)
        if why is None and look:
            why = _stopped(db, OrderKey(parcel))
        if why is not None:
            left.append(LeftOut(OrderKey(key), str(why)))
            continue
        whole = read_order(db, OrderKey(parcel)) if part is not None else None
        found.append(
            Shipment(
                order=OrderKey(key),
                order_id=_platform_id(db, OrderKey(key), part),
                number=TrackingNumber(number),
                carrier=CarrierCode(carrier),
                platform=platform,
                sealed_at=at_of(us),
                part=part,
                lines=whole.lines if whole is not None else (),
            )
        )
    changed = db.rows(f"{_OWN_TOLD} UNION {_MEMBERS_TOLD} ORDER BY 6, 1", (shop, shop))
    left.extend(LeftOut(OrderKey(row[0]), NUMBER_CHANGED) for row in changed)
    return found, left


def _stopped(db: Database, parcel: OrderKey) -> str | None:
    """Return why a parcel that is here must be opened or may not leave; its number may be void."""
    found = read_parcel(db, parcel)
    if found is None or found.state is ParcelState.HANDED_OVER:
        return None
    if found.why_not in (None, WhyNot.SHIPPED):
        return None
    assert found.why_not is not None
    return reason_of(found.why_not, inside=found.stopped_by is not None).value


def _platform_id(db: Database, key: OrderKey, part: int | None) -> str:
    """Return the number under which the platform knows an order or the order of a part."""
    if part is not None:
        row = db.row(
            "SELECT member FROM shipment_members WHERE shipment = ? ORDER BY position LIMIT 1",
            (key,),
        )
        if row is not None:
            key = OrderKey(row[0])
    found = db.row("SELECT order_id FROM orders WHERE order_key = ?", (key,))
    return str(found[0]) if found else key.partition("/")[2]


def still_to_tell(db: Database, shop: ShopKey, told: Sequence[Shipment]) -> bool:
    """Tell whether nothing changed since shipments were read; quick, for the moment of writing."""
    for one in told:
        row = db.row(
            "SELECT o.why_not, o.held, p.tracking_number, p.carrier, p.order_key FROM orders AS o"
            " JOIN parcels AS p ON p.order_key = coalesce(o.merged_into, o.order_key)"
            f" WHERE o.order_key = ? AND o.shop = ? AND p.state IN {_SEALED}"
            " AND NOT EXISTS (SELECT 1 FROM shipment_rows AS s WHERE s.order_key = o.order_key"
            " AND s.state IN ('written', 'done'))",
            (one.order, shop),
        )
        if row is None or row[:4] != (None, 0, one.number, one.carrier):
            return False
        if _stopped(db, OrderKey(row[4])) is not None:
            return False
    return True


_BATCH = "SELECT batch, shop, layout, file, digest, written_us FROM shipment_batches"


def batch(db: Database, name: str) -> Batch:
    """Return one batch.

    Raises:
        StoreError: ``sheets.no_such_batch``.
    """
    row = db.row(f"{_BATCH} WHERE batch = ?", (name.upper(),))
    if row is None:
        raise StoreError(
            "sheets.no_such_batch",
            f"There is no batch {name}.",
            fix="Look at the list: packstation shipment-results",
            batch=name,
        )
    return _batch(db, *row)


def batches(db: Database, limit: int = 100) -> list[Batch]:
    """Return the newest batches, newest first, with their rows."""
    rows = db.rows(f"{_BATCH} ORDER BY written_us DESC, batch DESC LIMIT ?", (limit,))
    return [_batch(db, *row) for row in rows]


def _batch(
    db: Database, name: str, shop: str, layout: str, file: str, digest: str, us: int
) -> Batch:
    rows = db.rows(
        "SELECT s.order_key, s.tracking_number, s.carrier, s.state, s.said, o.part"
        " FROM shipment_rows AS s JOIN orders AS o ON o.order_key = s.order_key"
        " WHERE s.batch = ? ORDER BY s.position",
        (name,),
    )
    return Batch(
        name,
        ShopKey(shop),
        layout,
        file,
        digest,
        at_of(us),
        tuple(
            BatchRow(
                OrderKey(key),
                _platform_id(db, OrderKey(key), part),
                TrackingNumber(number),
                CarrierCode(carrier),
                RowState(state),
                said,
            )
            for key, number, carrier, state, said, part in rows
        ),
    )


def keys_without_number(db: Database, shop: ShopKey | None = None) -> Iterator[OrderKey]:
    """Yield orders to pack that have no number of their own and wait for none, oldest first."""
    rows = db.stream(
        "SELECT o.order_key FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"
        " WHERE o.why_not IS NULL AND o.held = 0 AND o.tracking_number IS NULL"
        " AND p.tracking_number IS NULL AND coalesce(p.state, 'OPEN') IN ('OPEN', 'VERIFIED')"
        " AND (?1 IS NULL OR o.shop = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM carrier_sheet_rows AS c"
        " WHERE c.order_key = o.order_key AND c.open = 1) ORDER BY o.id",
        (shop,),
    )
    return (OrderKey(key) for (key,) in rows)


def carrier_sheet(db: Database, name: str) -> CarrierSheet:
    """Return one carrier sheet.

    Raises:
        StoreError: ``sheets.no_such_sheet``.
    """
    row = db.row(
        "SELECT sheet, carrier, file, digest, ended FROM carrier_sheets WHERE sheet = ?",
        (name.upper(),),
    )
    if row is None:
        raise StoreError(
            "sheets.no_such_sheet",
            f"There is no carrier sheet {name}.",
            fix="Look at the list: packstation carrier-numbers",
            sheet=name,
        )
    sheet, carrier, file, digest, ended = row
    listed = db.rows(
        "SELECT order_key, open FROM carrier_sheet_rows WHERE sheet = ? ORDER BY position", (sheet,)
    )
    return CarrierSheet(
        sheet,
        CarrierCode(carrier),
        file,
        digest,
        tuple(OrderKey(key) for key, _ in listed),
        frozenset(OrderKey(key) for key, is_open in listed if is_open),
        bool(ended),
    )


def carrier_number(db: Database, order: OrderKey, carrier: CarrierCode) -> TrackingNumber | None:
    """Return the number that the carrier gave an order, as long as no label was made with it."""
    row = db.row(
        "SELECT number FROM carrier_numbers AS c WHERE order_key = ? AND carrier = ? AND NOT EXISTS"
        " (SELECT 1 FROM print_jobs AS j WHERE j.kind = 'label' AND j.key = c.order_key"
        " AND j.tracking_number = c.number) AND EXISTS (SELECT 1 FROM numbers AS n"
        " WHERE n.number = c.number AND n.carrier = c.carrier AND n.state = 'USED')",
        (order, carrier),
    )
    return TrackingNumber(row[0]) if row else None


def number_is_known(db: Database, number: str, carrier: CarrierCode) -> bool:
    """Tell whether a number was given out, bought or read from a file before."""
    return bool(
        db.row("SELECT 1 FROM numbers WHERE number = ? AND carrier = ?", (number, carrier))
        or db.row("SELECT 1 FROM orders WHERE tracking_number = ?", (number,))
        or db.row(
            "SELECT 1 FROM parcels WHERE tracking_number = ? AND state <> 'VOIDED'", (number,)
        )
    )


def carrier_sheets(db: Database) -> list[CarrierSheet]:
    """Return the sheets that wait for numbers, in the order of writing."""
    names = db.rows("SELECT sheet FROM carrier_sheets WHERE ended = 0 ORDER BY written_us, sheet")
    return [carrier_sheet(db, name) for (name,) in names]


def wave(db: Database, name: str) -> Wave:
    """Return one wave.

    Raises:
        StoreError: ``sheets.no_such_wave``.
    """
    row = db.row("SELECT wave, made_us, ended_us FROM waves WHERE wave = ?", (name.upper(),))
    if row is None:
        raise StoreError(
            "sheets.no_such_wave",
            f"There is no wave {name}.",
            fix="Look at the list: packstation wave list",
            wave=name,
        )
    return _wave(db, *row)


def waves(db: Database, *, ended: bool = False) -> list[Wave]:
    """Return the open waves, or all of them, in the order of making."""
    rows = db.rows(
        "SELECT wave, made_us, ended_us FROM waves WHERE ended_us IS NULL OR ?"
        " ORDER BY made_us, wave",
        (int(ended),),
    )
    return [_wave(db, *row) for row in rows]


def _wave(db: Database, name: str, made_us: int, ended_us: int | None) -> Wave:
    orders = db.rows("SELECT order_key FROM wave_orders WHERE wave = ? ORDER BY position", (name,))
    return Wave(
        name,
        tuple(OrderKey(key) for (key,) in orders),
        at_of(made_us),
        at_of(ended_us) if ended_us is not None else None,
    )


_NAMED = {
    "S": ("shipment_batches", "batch"),
    "C": ("carrier_sheets", "sheet"),
    "W": ("waves", "wave"),
}


def next_name(db: Database, letter: str, station: int) -> str:
    """Return the next name of a batch (S), a carrier sheet (C) or a wave (W).

    Two stations never make the same: the station's number is in it, then one that was never used.
    """
    table, column = _NAMED[letter]
    start = f"{letter}{station:02d}-"
    row = db.row(
        f"SELECT max(CAST(substr({column}, ?) AS INTEGER)) FROM {table} WHERE {column} GLOB ?",
        (len(start) + 1, f"{start}*"),
    )
    return f"{start}{(row[0] if row and row[0] else 0) + 1:04d}"


def wave_of(db: Database, order: OrderKey) -> str | None:
    """Return the open wave that an order is in."""
    row = db.row("SELECT wave FROM wave_orders WHERE order_key = ? AND open = 1", (order,))
    return str(row[0]) if row else None


def exported_upto(db: Database, scope: str) -> int:
    """Return up to which import time orders were exported under the same filters; 0 = never."""
    row = db.row("SELECT max(upto_us) FROM order_exports WHERE scope = ?", (scope,))
    return int(row[0]) if row and row[0] is not None else 0
