"""Orders as lists: for the command line, the window and the pick list."""

from __future__ import annotations

from typing import Any

from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber
from packstation.core.reports import Board, OrderPage, OrderSummary
from packstation.core.status import ParcelState
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_rows import standing
from packstation.store.outbox import Outbox

_STATUS = """CASE WHEN o.held = 1 THEN 'held'
    WHEN o.why_not IS NOT NULL AND NOT (o.why_not = 'shipped'
        AND coalesce(p.state, '') IN ('SEALED', 'BAGGED', 'HANDED_OVER')) THEN o.why_not
    WHEN p.state IS NULL THEN 'waiting' ELSE lower(p.state) END"""
_SELECT = f"""SELECT o.order_key, o.shop, o.order_id, {_STATUS} AS status, o.why_not, o.held,
    p.state, coalesce(p.carrier, o.carrier), coalesce(p.tracking_number, o.tracking_number),
    (SELECT sum(quantity) FROM order_lines AS l WHERE l.order_key = o.order_key),
    (SELECT count(*) FROM order_lines AS l WHERE l.order_key = o.order_key),
    o.promised_us, p.bag, p.manifest, o.version
    FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"""


_GROUPS = {
    "to_pack": "o.why_not IS NULL AND o.held = 0"
    " AND coalesce(p.state, 'OPEN') IN ('OPEN', 'VERIFIED', 'LABELLED')",
    "stopped": "(o.held = 1 OR (o.why_not IS NOT NULL AND NOT (o.why_not = 'shipped'"
    " AND coalesce(p.state, '') IN ('SEALED', 'BAGGED', 'HANDED_OVER'))))",
    "done": "o.held = 0 AND coalesce(o.why_not, 'shipped') = 'shipped'"
    " AND p.state IN ('SEALED', 'BAGGED', 'HANDED_OVER')",
}


def list_orders(
    db: Database,
    *,
    status: str | None = None,
    search: str | None = None,
    limit: int = 1000,
) -> list[OrderSummary]:
    """Return orders in the order of their import.

    Args:
        db: The store.
        status: ``to_pack``, ``stopped`` or ``done``; or a status word: ``waiting``, a parcel's
            state in lower case, a word of ``WhyNot``.
        search: The beginning of an order or tracking number, a SKU, or a part of a title;
            titles are looked through one by one.
        limit: Most orders to return.
    """
    where, values = _where(status, search)
    sql = f"{_SELECT} WHERE {where} ORDER BY o.id LIMIT ?"
    return [_summary(*row) for row in db.rows(sql, (*values, limit))]


def find_orders(
    db: Database, *, search: str | None = None, status: str | None = None, limit: int = 1000
) -> OrderPage:
    """Return orders as ``list_orders`` does, and how many there are without the limit.

    Counting is linear in the orders: not for the room ``store``.
    """
    where, values = _where(status, search)
    row = db.row(
        "SELECT count(*) FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"
        f" WHERE {where}",
        values,
    )
    rows = list_orders(db, status=status, search=search, limit=limit)
    return OrderPage(tuple(rows), int(row[0]) if row else 0)


def _where(status: str | None, search: str | None) -> tuple[str, list[str]]:
    wanted, values = ["1"], []
    if status in _GROUPS:
        wanted.append(_GROUPS[status])
    elif status is not None:
        wanted.append(f"{_STATUS} = ?")
        values.append(status)
    if search:
        wanted.append(
            "(o.order_id GLOB ? OR o.tracking_number GLOB ? OR p.tracking_number GLOB ?"
            " OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_key = o.order_key"
            " AND (l.sku = ? OR instr(lower(l.title), lower(?)) > 0)))"
        )
        start = "".join(f"[{c}]" if c in "*?[" else c for c in search) + "*"
        values.extend([start, start, start, search, search])
    return " AND ".join(wanted), values


def _summary(
    key: str,
    shop: str,
    order_id: str,
    status: str,
    why_not: str | None,
    held: int,
    parcel: str | None,
    carrier: str | None,
    number: str | None,
    *rest: Any,
) -> OrderSummary:
    units, lines, promised_us, bag, manifest, version = rest
    return OrderSummary(
        key=OrderKey(key),
        shop=ShopKey(shop),
        order_id=order_id,
        status=status,
        why_not=standing(why_not, held),
        parcel=ParcelState(parcel) if parcel else None,
        carrier=CarrierCode(carrier) if carrier else None,
        tracking_number=TrackingNumber(number) if number else None,
        units=units or 0,
        lines=lines,
        promised_ship_at=at_of(promised_us) if promised_us is not None else None,
        bag=bag,
        manifest=manifest,
        version=version,
        held=bool(held),
    )


def key_of(db: Database, text: str) -> OrderKey | None:
    """Return the order that a text names: a whole key, else an order number of any shop."""
    row = db.row("SELECT order_key FROM orders WHERE order_key = ?", (text,)) or db.row(
        "SELECT order_key FROM orders WHERE order_id = ?", (text,)
    )
    return OrderKey(row[0]) if row else None


def keys_to_pack(db: Database, limit: int = 5000) -> tuple[OrderKey, ...]:
    """Return orders that may be packed and that nobody has finished, in the order of import."""
    rows = db.rows(
        "SELECT o.order_key FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"
        " WHERE o.why_not IS NULL AND o.held = 0 AND coalesce(p.state, 'OPEN') = 'OPEN'"
        " ORDER BY o.id LIMIT ?",
        (limit,),
    )
    return tuple(OrderKey(key) for (key,) in rows)


def board(db: Database) -> Board:
    """Return cheap figures; none of them counts rows one by one."""
    row = db.row(
        "SELECT (SELECT coalesce(max(seq), 0) FROM journal), (SELECT coalesce(max(id), 0)"
        " FROM orders), (SELECT count(*) FROM bags WHERE state = 'OPEN'), (SELECT at_us"
        " FROM imports ORDER BY id DESC LIMIT 1)"
    )
    assert row is not None
    return Board(
        outbox=Outbox(db).counts(),
        journal_entries=row[0],
        orders=row[1],
        open_bags=row[2],
        last_import_at=at_of(row[3]) if row[3] is not None else None,
    )
