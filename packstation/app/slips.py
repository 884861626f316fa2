"""Slips that are asked for: packing slips, discrepancy slips, command sheets, cards, pick lists.

For the command line and the window alike; nothing here is for the GUI thread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from packstation.core.orders import OrderKey
from packstation.core.status import PaperKind
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House

ONES = {PaperKind.COMMAND_SHEET: "sheet", PaperKind.SCANNER_CARD: "card"}
"""Keys of papers of which there is only one kind."""
ASKED = "operator_asked"


def print_slip(house: House, kind: PaperKind, key: str = "", terms: str = "") -> str:
    """Queue a slip, durable on return, and have it printed; returns its job.

    Args:
        house: Started, where it shall be printed now; else the next start prints it.
        kind: A slip; labels, bag labels and receipts follow from parcels, bags and handovers.
        key: See ``PaperKind``; nothing for sheets and cards.
        terms: See ``devices.slip_terms``.

    Raises:
        PackStationError: The order or manifest is not known, or the terms are wrong.
    """
    ledger, key = house.store.ledger, ONES.get(kind, key)
    if kind is PaperKind.PACKING_SLIP:
        _known_order(house, OrderKey(key))
    if kind is PaperKind.DISCREPANCY_SLIP:
        terms = house.call(lambda: _with_manifest(house, key, terms))
    job = house.call(lambda: ledger.queue_slip(kind, key, terms, ASKED))
    if house.paper is not None:
        house.paper.print_paper(job, kind, key)
    return job


def print_pick_list(
    house: House,
    keys: Sequence[OrderKey] = (),
    *,
    wave: str | None = None,
    total: bool = False,
    cart: int | None = None,
) -> str:
    """Queue a pick list for roll or labels and have it printed; returns its job.

    Its key is a name and a digest of what it says: only the very same list is a reprint.

    Raises:
        PackStationError: There is nothing to pick, or no such wave.
    """
    from packstation.app import pick_lists
    from packstation.app.waves import pickable
    from packstation.devices.slip_terms import pick_terms
    from packstation.printing.goods_slips import pick_sheet

    def made() -> str:
        store = house.store
        found = pickable(store, house.rules, pick_lists.chosen_keys(store, keys, wave))
        if not found.orders:
            raise PackStationError(
                "print.nothing_to_pick",
                "There is nothing to pick: no order of these may be packed now.",
                fix="Choose other orders.",
            )
        walk = pick_lists.load_walk(house.data)
        name = wave.upper() if wave else ""
        sheet = pick_sheet(found.orders, walk, name=name, total=total, cart=cart)
        return pick_terms(sheet)

    terms = house.call(made)
    digest = blake2b(terms.encode(), digest_size=3).hexdigest()
    key = f"{wave.upper() if wave else 'orders'}-{digest}"
    return print_slip(house, PaperKind.PICK_LIST, key, terms)


def discrepancy_terms(counted: Sequence[tuple[str, int, int]], reason: str = "") -> str:
    """Return the terms of a discrepancy slip: bag code, our count, the other side's count."""
    return json.dumps({"counted": [list(one) for one in counted], "reason": reason})


def _known_order(house: House, key: OrderKey) -> None:
    from packstation.store.order_rows import read_order

    if house.call(lambda: read_order(house.store.db, key)) is None:
        raise PackStationError(
            "store.order_missing",
            f"Order {key} is not in the store.",
            fix="Import it first.",
            order=key,
        )


def _with_manifest(house: House, manifest: str, terms: str) -> str:
    """Return terms with what the manifest knows: carrier and place; our counts where none came."""
    from packstation.store import dock_reads

    db = house.store.db
    found = dock_reads.manifest(db, manifest)
    told = json.loads(terms) if terms else {}
    place = db.row("SELECT place FROM handover_places WHERE manifest = ?", (manifest,))
    theirs = {str(bag): int(count) for bag, count in told.pop("theirs", {}).items()}
    strange = sorted(set(theirs) - {code for code, _ in found.bags})
    if strange:
        raise PackStationError(
            "print.bag_not_in_manifest",
            f"Bag {strange[0]} is not in manifest {manifest}.",
            fix="Look at the bags of the handover.",
            bag=strange[0],
            manifest=manifest,
        )
    if "counted" not in told:
        told["counted"] = [[code, ours, theirs.get(code, ours)] for code, ours in found.bags]
    told.setdefault("drop_off", place[0] if place else "")
    told.setdefault("carrier", str(found.carrier))
    return json.dumps(told, ensure_ascii=False)
