"""Reads how far one order has come, as a check list."""

from __future__ import annotations

import json

from packstation.core.order_steps import OrderSteps, steps_of, together
from packstation.core.orders import OrderKey
from packstation.core.status import ParcelState
from packstation.store.database import Database

LAST_LISTS = 500
"""Pick lists that are looked through, the newest; some ten days of a large house."""
_LISTS = (
    "SELECT EXISTS (SELECT 1 FROM (SELECT id FROM print_jobs WHERE kind = 'pick_list'"
    " AND outcome IN ('SENT', 'CONFIRMED') ORDER BY id DESC LIMIT ?) AS newest"
    " JOIN print_jobs AS j ON j.id = newest.id WHERE instr(j.terms, ?) > 0)"
)
_PARCEL = (
    "SELECT p.state, h.place, EXISTS (SELECT 1 FROM print_jobs AS j WHERE j.kind = 'label'"
    " AND j.key = k.value AND j.outcome IN ('SENT', 'CONFIRMED') AND j.spoiled = '')"
    " FROM json_each(json_array(?)) AS k LEFT JOIN parcels AS p ON p.order_key = k.value"
    " LEFT JOIN handover_places AS h ON h.manifest = p.manifest"
)


def order_steps(db: Database, order: OrderKey) -> OrderSteps:
    """Return what is done of an order; of one in several parcels, what is done with each.

    An order inside a merged one goes the way of that one.
    """
    row = db.row(
        "SELECT paid_us IS NOT NULL OR why_not IS NULL, merged_into, split IS NOT NULL"
        " FROM orders WHERE order_key = ?",
        (order,),
    )
    if row is None:
        return OrderSteps()
    paid, merged_into, split = row
    parcels = [merged_into or order]
    if split:
        shipments = db.rows(
            "SELECT shipment FROM shipment_members WHERE member = ? ORDER BY shipment", (order,)
        )
        parcels = [key for (key,) in shipments] or parcels
    picked = _picked(db, order)
    found = []
    for key in parcels:
        parcel = db.row(_PARCEL, (key,))
        assert parcel is not None, "a left join has a row"
        state, place, label = parcel
        found.append(
            steps_of(
                ParcelState(state) if state else None,
                paid=bool(paid),
                picked=picked or (key != order and _picked(db, OrderKey(key))),
                label=bool(label),
                place=place or "",
            )
        )
    return together(found)


def _picked(db: Database, order: OrderKey) -> bool:
    # As ``slip_terms.pick_terms`` writes it: whole, so that no longer number is meant.
    quoted = json.dumps(str(order), ensure_ascii=False)
    row = db.row(_LISTS, (LAST_LISTS, quoted))
    return row is not None and bool(row[0])
