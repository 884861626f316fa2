"""Orders, lines and product codes as rows; people's data is elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from packstation.core.catalog import ProductCode
from packstation.core.codes import comparable, folded
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    Order,
    OrderId,
    OrderKey,
    OrderKind,
    OrderLine,
    Recipient,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.store.database import Database
from packstation.store.journal import at_of, utc_us
from packstation.store.life_sql import OVER_IMPORT
from packstation.store.member_stops import stop_inside

_COLUMNS = (
    "order_key, shop, order_id, platform, why_not, carrier, tracking_number, promised_us,"
    " promised_offset_s, paid_us, paid_offset_s, recipient, has_buyer_message, has_seller_memo,"
    " package_id, version, content, imported_us, kind, placed_us, placed_offset_s,"
    " cancel_requested_us, arranged_us, collected_us, urged, members, part, parts, cancel_told_us,"
    " sorting, bag_place"
)
_NAMES = [name.strip() for name in _COLUMNS.split(",")]
_AGAIN = {
    **{name: f"excluded.{name}" for name in _NAMES[1:]},
    **OVER_IMPORT,
    # A number that the carrier gave for a sheet of ours stays where a file names none.
    "tracking_number": "coalesce(excluded.tracking_number,"
    " (SELECT number FROM carrier_numbers AS c WHERE c.order_key = excluded.order_key))",
}
_UPSERT = (
    f"INSERT INTO orders ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"
    " ON CONFLICT (order_key) DO UPDATE SET "
    + ", ".join(f"{name} = {value}" for name, value in _AGAIN.items())
)
_LINE = "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_READ_COLUMNS = (
    "shop, order_id, platform, why_not, held, carrier, tracking_number, promised_us,"
    " promised_offset_s, paid_us, paid_offset_s, recipient, has_buyer_message, has_seller_memo,"
    " package_id, version, hold_reason, merged_into, split, kind, placed_us, placed_offset_s,"
    " coalesce(cancel_requested_us, cancel_told_us), arranged_us, collected_us, urged, members,"
    " part, parts, sorting, bag_place"
)
_READ = f"SELECT {_READ_COLUMNS} FROM orders WHERE order_key = ?"
_READ_MANY = (
    f"SELECT {_READ_COLUMNS}, id, order_key FROM orders"
    " WHERE id IN (SELECT value FROM json_each(?))"
)
_READ_MEMBERS = "SELECT member FROM shipment_members WHERE shipment = ? ORDER BY position"
_READ_LINES = (
    "SELECT line_key, sku, title, quantity, spec, barcode, bin, gift, bundle_info"
    " FROM order_lines WHERE order_key = ? ORDER BY position"
)
_READ_MANY_LINES = (
    "SELECT line_key, sku, title, quantity, spec, barcode, bin, gift, bundle_info, l.order_key"
    " FROM orders AS o CROSS JOIN order_lines AS l ON l.order_key = o.order_key"
    " WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.id, position"
)


def _moment(at: datetime | None) -> tuple[int | None, int | None]:
    if at is None:
        return None, None
    offset = at.utcoffset()
    assert offset is not None, "times of orders are aware"
    return utc_us(at), offset // timedelta(seconds=1)


def _us(at: datetime | None) -> int | None:
    return None if at is None else utc_us(at)


def _utc(us: int | None) -> datetime | None:
    return None if us is None else at_of(us)


def _at(us: int | None, offset_s: int | None) -> datetime | None:
    if us is None or offset_s is None:
        return None
    return at_of(us).astimezone(timezone(timedelta(seconds=offset_s)))


def write_orders(db: Database, orders: Sequence[tuple[Order, str, int]]) -> None:
    """Write orders with content digest and time of import, replacing older versions."""
    db.run_many(_UPSERT, (_order_row(*item) for item in orders))
    db.run_many(
        "DELETE FROM order_lines WHERE order_key = ?",
        [(order.key,) for order, _, _ in orders if order.version > 1],
    )
    db.run_many(_LINE, (row for order, _, _ in orders for row in _line_rows(order)))
    known = {(order.shop, line.sku) for order, _, _ in orders for line in order.lines if line.sku}
    write_skus(db, known)


def _order_row(order: Order, content: str, us: int) -> tuple[object, ...]:
    # Plain str and int only: the driver adapts subclasses such as StrEnum at ten times the cost.
    return (
        order.key,
        order.shop,
        order.order_id,
        order.platform,
        order.why_not.value if order.why_not else None,
        order.carrier,
        order.tracking_number,
        *_moment(order.promised_ship_at),
        *_moment(order.paid_at),
        order.recipient.value,
        int(order.has_buyer_message),
        int(order.has_seller_memo),
        order.package_id,
        order.version,
        content,
        us,
        order.kind.value if order.kind else None,
        *_moment(order.placed_at),
        _us(order.cancel_requested_at),
        _us(order.arranged_at),
        _us(order.collected_at),
        None if order.urged is None else int(order.urged),
        len(order.members) if order.members else None,
        order.part,
        order.parts,
        us if order.why_not is WhyNot.CANCEL_REQUESTED else None,
        order.sorting,
        order.bag_place,
    )


def _line_rows(order: Order) -> Iterable[tuple[object, ...]]:
    key = order.key
    for position, line in enumerate(order.lines):
        yield (
            key,
            position,
            line.line_key,
            line.sku,
            line.title,
            line.quantity,
            line.spec,
            line.barcode,
            line.bin,
            int(line.gift),
            line.bundle_info,
        )


def write_skus(db: Database, known: Iterable[tuple[ShopKey, Sku]]) -> None:
    """Note SKUs by their own text, which is a product code where nothing else is."""
    db.run_many(
        "INSERT INTO skus VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        ((shop, sku, comparable(sku), folded(comparable(sku))) for shop, sku in sorted(known)),
    )


def write_codes(db: Database, codes: Iterable[ProductCode]) -> None:
    """Write product codes; one that is there already gets its new number of units."""
    codes = tuple(codes)
    db.run_many(
        "INSERT INTO product_codes VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (shop, code, sku) DO UPDATE SET units = excluded.units",
        ((c.shop, c.code, c.sku, c.units, folded(c.code)) for c in codes),
    )
    write_skus(db, {(c.shop, c.sku) for c in codes if c.sku})


def read_order(db: Database, key: OrderKey) -> Order | None:
    """Return an order as it stands today: a station's hold goes before the platform's word."""
    row = db.row(_READ, (key,))
    if row is None:
        return None
    lines = tuple(_line(*line) for line in db.rows(_READ_LINES, (key,)))
    return _stopped(db, _order(row, lines, _members(db, key) if row[26] else None))


def read_orders(db: Database, ids: Sequence[int]) -> dict[int, Order]:
    """Return orders by their row ids, as ``read_order`` does, with two questions for all."""
    wanted = json.dumps(list(ids))
    lines: dict[str, list[OrderLine]] = {}
    for found in db.rows(_READ_MANY_LINES, (wanted,)):
        lines.setdefault(found[9], []).append(_line(*found[:9]))
    return {
        row[31]: _stopped(
            db,
            _order(row, tuple(lines.get(row[32], ())), _members(db, row[32]) if row[26] else None),
        )
        for row in db.rows(_READ_MANY, (wanted,))
    }


def _order(
    row: Sequence[Any], lines: tuple[OrderLine, ...], members: tuple[OrderKey, ...] | None
) -> Order:
    shop, order_id, platform, why_not, held, carrier, number = row[:7]
    return Order(
        shop=ShopKey(shop),
        order_id=OrderId(order_id),
        platform=platform,
        lines=lines,
        why_not=standing(why_not, held, row[16]) or travels(row[17], row[18]),
        carrier=CarrierCode(carrier) if carrier else None,
        tracking_number=TrackingNumber(number) if number else None,
        promised_ship_at=_at(row[7], row[8]),
        paid_at=_at(row[9], row[10]),
        recipient=Recipient(row[11]),
        has_buyer_message=bool(row[12]),
        has_seller_memo=bool(row[13]),
        package_id=row[14],
        version=row[15],
        kind=OrderKind(row[19]) if row[19] else None,
        placed_at=_at(row[20], row[21]),
        cancel_requested_at=_utc(row[22]),
        arranged_at=_utc(row[23]),
        collected_at=_utc(row[24]),
        urged=None if row[25] is None else bool(row[25]),
        members=members,
        part=row[27],
        parts=row[28],
        sorting=row[29],
        bag_place=row[30],
    )


def _stopped(db: Database, order: Order) -> Order:
    """Return an order with the reason of one that travels in it, where it has none of its own."""
    if order.members is None or order.why_not is not None:
        return order
    found = stop_inside(db, order.key)
    return order if found is None else replace(order, why_not=standing(*found[1:]))


def _members(db: Database, key: OrderKey) -> tuple[OrderKey, ...]:
    return tuple(OrderKey(member) for (member,) in db.rows(_READ_MEMBERS, (key,)))


_HOLDS = {
    HoldReason.SHORT_PICK: WhyNot.SHORT_PICK,
    HoldReason.ADDRESS_CHECK: WhyNot.ADDRESS_PROBLEM,
}
"""Holds that have a word of their own among the reasons not to pack."""


def standing(why_not: str | None, held: int, reason: str | None = None) -> WhyNot | None:
    """Return why an order may not go on today: a hold goes first.

    >>> standing(None, 1), standing("cancelled", 0)
    (<WhyNot.HELD: 'held'>, <WhyNot.CANCELLED: 'cancelled'>)
    """
    if held:
        return _HOLDS.get(HoldReason(reason), WhyNot.HELD) if reason else WhyNot.HELD
    return WhyNot(why_not) if why_not else None


def travels(merged_into: str | None, split: int | None) -> WhyNot | None:
    """Return why an order is not packed under its own number: it shares a parcel or needs several.

    >>> travels("main/1+2", None)
    <WhyNot.MERGED: 'merged'>
    """
    if merged_into is not None:
        return WhyNot.MERGED
    return None if split is None else WhyNot.SPLIT


def _line(key: str, sku: str, title: str, quantity: int, *rest: Any) -> OrderLine:
    spec, barcode, place, gift, bundle = rest
    return OrderLine(
        LineKey(key), Sku(sku), title, quantity, spec, barcode, place, bool(gift), bundle
    )


def codes_of(db: Database, order: Order) -> tuple[ProductCode, ...]:
    """Return every product code that an order's goods carry, and who else claims these codes.

    Codes that differ only in case or width count as the same here: a repaired reading must see
    every product that it could mean.
    """
    skus = sorted({line.sku for line in order.lines if line.sku})
    texts = {folded(comparable(line.barcode)) for line in order.lines if line.barcode}
    texts |= {folded(comparable(sku)) for sku in skus}
    texts |= {
        row[0]
        for row in db.rows(
            "SELECT folded FROM product_codes INDEXED BY product_codes_by_sku"
            " WHERE shop = ? AND sku IN (SELECT value FROM json_each(?))",
            (order.shop, json.dumps(skus)),
        )
    }
    wanted = json.dumps(sorted(texts))
    found = [
        ProductCode(order.shop, code, Sku(sku), units)
        for code, sku, units in db.rows(
            "SELECT code, sku, units FROM product_codes INDEXED BY product_codes_by_code"
            " WHERE folded IN (SELECT value FROM json_each(?)) AND shop = ? ORDER BY code, sku",
            (wanted, order.shop),
        )
    ]
    found.extend(
        ProductCode(order.shop, code, Sku(sku))
        for code, sku in db.rows(
            "SELECT code, sku FROM skus INDEXED BY skus_by_code"
            " WHERE folded IN (SELECT value FROM json_each(?)) AND shop = ? ORDER BY sku",
            (wanted, order.shop),
        )
        if sku not in skus
    )
    return tuple(found)
