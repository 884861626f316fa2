"""Rows of a list, read for the orders of one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from packstation.core.order_query import OrderFound
from packstation.core.orders import (
    CarrierCode,
    OrderKey,
    OrderKind,
    ShopKey,
    Sku,
    TrackingNumber,
)
from packstation.core.status import ParcelState, Reason
from packstation.store import numbers
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_index import URGED
from packstation.store.order_rows import standing, travels
from packstation.store.order_terms import NO_DUE

_ROWS = (
    "SELECT o.order_key, o.shop, o.order_id, o.why_not, o.held, o.hold_reason, o.merged_into,"
    f" o.split, o.promised_us, o.version, o.kind, coalesce(o.urged, 0) OR {URGED},"
    " o.members, o.part, o.parts,"
    " o.imported_us, o.has_buyer_message OR o.has_seller_memo, p.state, p.bag, p.manifest,"
    " coalesce(p.tracking_number, c.number, o.tracking_number), w.wave, i.due_us, i.units,"
    " i.reason, i.carrier, i.bin, i.sku, i.pool,"
    " (SELECT count(*) FROM order_lines AS l WHERE l.order_key = o.order_key),"
    " EXISTS (SELECT 1 FROM print_jobs AS j WHERE j.kind = 'label' AND j.key = o.order_key"
    " AND j.outcome IN ('SENT', 'CONFIRMED', 'UNKNOWN'))"
    " FROM json_each(?) AS k CROSS JOIN orders AS o ON o.id = k.value"
    " JOIN order_index AS i ON i.id = o.id"
    " LEFT JOIN parcels AS p ON p.order_key = o.order_key"
    " LEFT JOIN carrier_numbers AS c ON c.order_key = o.order_key"
    " LEFT JOIN wave_orders AS w ON w.order_key = o.order_key AND w.open = 1 ORDER BY k.key"
)


def found_rows(db: Database, ids: Sequence[int]) -> list[OrderFound]:
    """Return the rows of some orders, in their order.

    Where the carrier of an order has no number left, the row says so at once: numbers come and go
    while the order stays as it is.
    """
    left: dict[tuple[str, str], bool] = {}
    return [_found(db, left, *row) for row in db.rows(_ROWS, (json.dumps(list(ids)),))]


def _found(db: Database, left: dict[tuple[str, str], bool], *row: Any) -> OrderFound:
    key, shop, order_id, why_not, held, hold_reason, merged_into, split, *more = row
    promised_us, version, kind, urged, members, part, parts, imported_us, message, *rest = more
    state, bag, manifest, number, wave, due_us, units, reason, carrier, place, sku, *last = rest
    pool, lines, printed = last
    status = reason or (state.lower() if state else "waiting")
    if pool is not None and carrier:
        if (carrier, pool) not in left:
            left[carrier, pool] = numbers.left(db, CarrierCode(carrier), pool) > 0
        reason = reason if left[carrier, pool] else Reason.NO_NUMBER_LEFT.value
    return OrderFound(
        key=OrderKey(key),
        shop=ShopKey(shop),
        order_id=order_id,
        status=status,
        why_not=standing(why_not, held, hold_reason) or travels(merged_into, split),
        parcel=ParcelState(state) if state else None,
        carrier=CarrierCode(carrier) if carrier else None,
        tracking_number=TrackingNumber(number) if number else None,
        units=units,
        lines=lines,
        promised_ship_at=at_of(promised_us) if promised_us is not None else None,
        bag=bag,
        manifest=manifest,
        version=version,
        held=bool(held),
        due_at=at_of(due_us) if due_us != NO_DUE else None,
        reason=reason,
        kind=OrderKind(kind) if kind else None,
        urged=bool(urged),
        printed=bool(printed),
        has_message=bool(message),
        hold_reason=hold_reason,
        merged_into=OrderKey(merged_into) if merged_into else None,
        members=members,
        part=part,
        parts=parts if parts is not None else split,
        first_bin=place,
        single_sku=Sku(sku) if sku else None,
        wave=wave,
        imported_at=at_of(imported_us),
    )
