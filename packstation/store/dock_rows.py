"""Bags, handovers and manifests as rows; a manifest is never written twice and never changed."""

from __future__ import annotations

import hashlib
import json

from packstation.core import facts
from packstation.core.orders import CarrierCode, OrderKey, WhyNot
from packstation.core.parcels import Bag
from packstation.core.status import BagState, ParcelState
from packstation.errors import StoreError
from packstation.store import parcel_rows
from packstation.store.database import Database
from packstation.store.journal import Entry, at_of
from packstation.store.member_stops import HAS_STOP, stop_inside


def _conflict(message: str, **told: object) -> StoreError:
    return StoreError("store.conflict", message, fix="Nothing was written; start again.", **told)


def bag_opened(db: Database, fact: facts.BagOpened) -> None:
    """Make a bag, or take up one that is open."""
    db.run("INSERT INTO bags (code, state) VALUES (?, 'OPEN') ON CONFLICT DO NOTHING", (fact.bag,))
    _bag_state(db, fact.bag, BagState.OPEN)


def _bag_state(db: Database, bag: str, wanted: BagState) -> tuple[str | None, int]:
    row = db.row("SELECT state, carrier, parcels FROM bags WHERE code = ?", (bag,))
    if row is None or row[0] != wanted:
        found = row[0] if row else "unknown"
        raise _conflict(f"Bag {bag} is {found}, not {wanted}.", bag=bag)
    return row[1], row[2]


def bagged(db: Database, fact: facts.ParcelBagged, us: int) -> None:
    """Put a sealed parcel into an open bag of its carrier."""
    carrier, _ = _bag_state(db, fact.bag, BagState.OPEN)
    if carrier not in (None, fact.carrier):
        raise _conflict(f"Bag {fact.bag} is for {carrier}.", bag=fact.bag)
    parcel = db.row(
        "SELECT tracking_number, carrier FROM parcels WHERE order_key = ?", (fact.order,)
    )
    if parcel != (fact.tracking_number, fact.carrier):
        raise _conflict(f"The parcel of {fact.order} has another number.", order=fact.order)
    found = parcel_rows.read_parcel(db, fact.order)
    if found is not None and found.stale:
        raise _conflict(f"The parcel of {fact.order} must be opened again.", order=fact.order)
    if found is not None and found.state is ParcelState.RECALLED:
        parcel_rows.move(db, fact.order, ParcelState.SEALED, us)
    parcel_rows.move(db, fact.order, ParcelState.BAGGED, us, bag=fact.bag)
    db.run(
        "UPDATE bags SET carrier = ?, parcels = parcels + 1 WHERE code = ?",
        (fact.carrier, fact.bag),
    )


def unbagged(db: Database, fact: facts.ParcelUnbagged, us: int) -> None:
    """Take a parcel out of an open bag again."""
    _bag_state(db, fact.bag, BagState.OPEN)
    row = db.row("SELECT bag FROM parcels WHERE order_key = ?", (fact.order,))
    if row != (fact.bag,):
        raise _conflict(f"The parcel of {fact.order} is not in bag {fact.bag}.", bag=fact.bag)
    parcel_rows.move(db, fact.order, ParcelState.SEALED, us)
    db.run(
        "UPDATE bags SET parcels = parcels - 1, carrier = iif(parcels = 1, NULL, carrier)"
        " WHERE code = ?",
        (fact.bag,),
    )


def bag_sealed(db: Database, fact: facts.BagSealed, us: int) -> None:
    """Close a bag whose count agrees."""
    found = _bag_state(db, fact.bag, BagState.OPEN)
    if found != (fact.carrier, fact.parcels) or not fact.parcels:
        raise _conflict(f"Bag {fact.bag} holds {found[1]} parcels, not {fact.parcels}.")
    db.run("UPDATE bags SET state = 'SEALED', sealed_us = ? WHERE code = ?", (us, fact.bag))


def handover_opened(db: Database, fact: facts.HandoverOpened, us: int) -> None:
    """Begin to count, or go on."""
    db.run(
        "INSERT INTO handovers VALUES (?, 'OPEN', ?)"
        " ON CONFLICT (manifest) DO UPDATE SET state = 'OPEN' WHERE state = 'PAUSED'",
        (fact.manifest, us),
    )
    _counting(db, fact.manifest)


def _counting(db: Database, manifest: str) -> None:
    """Refuse to touch a handover that is closed: its manifest is final."""
    row = db.row("SELECT state FROM handovers WHERE manifest = ?", (manifest,))
    if row != ("OPEN",):
        raise _conflict(f"Handover {manifest} is not being counted.", manifest=manifest)


def handover_paused(db: Database, fact: facts.HandoverPaused) -> None:
    """Leave a handover open."""
    _counting(db, fact.manifest)
    db.run("UPDATE handovers SET state = 'PAUSED' WHERE manifest = ?", (fact.manifest,))


def bag_counted(db: Database, fact: facts.BagCounted) -> None:
    """Count a sealed bag once."""
    _counting(db, fact.manifest)
    if _bag_state(db, fact.bag, BagState.SEALED) != (fact.carrier, fact.parcels):
        raise _conflict(f"Bag {fact.bag} does not hold {fact.parcels} parcels of {fact.carrier}.")
    db.run(
        "INSERT INTO handover_bags SELECT ?1, ?2, coalesce(max(position), 0) + 1"
        " FROM handover_bags WHERE manifest = ?1",
        (fact.manifest, fact.bag),
    )


def bag_uncounted(db: Database, fact: facts.BagUncounted) -> None:
    """Take a counted bag back."""
    _counting(db, fact.manifest)
    done = db.run(
        "DELETE FROM handover_bags WHERE manifest = ? AND bag = ?", (fact.manifest, fact.bag)
    )
    if done != 1:
        raise _conflict(f"Bag {fact.bag} was not counted.", bag=fact.bag)


def read_bag(db: Database, code: str) -> Bag | None:
    """Return a bag with the first parcel inside that may not leave any more."""
    row = db.row("SELECT state, carrier, parcels, manifest FROM bags WHERE code = ?", (code,))
    if row is None:
        return None
    state, carrier, parcels, manifest = row
    stopped = None if state == BagState.HANDED_OVER else first_stopped(db, code)
    inside = stop_inside(db, stopped[0]) if stopped else None
    return Bag(
        code,
        BagState(state),
        CarrierCode(carrier) if carrier else None,
        parcels,
        manifest,
        stopped,
        inside[0] if inside else None,
    )


def first_stopped(db: Database, bag: str) -> tuple[OrderKey, WhyNot] | None:
    """Return the first parcel of a bag whose order may not leave, and why."""
    row = db.row(
        "SELECT o.order_key, o.why_not, o.held, o.hold_reason, p.stale FROM parcels AS p"
        " JOIN orders AS o ON o.order_key = p.order_key WHERE p.bag = ?"
        " AND (p.stale = 1 OR o.held = 1 OR (o.why_not IS NOT NULL AND o.why_not <> 'shipped')"
        f" OR (o.members IS NOT NULL AND {HAS_STOP})) ORDER BY p.order_key LIMIT 1",
        (bag,),
    )
    why = parcel_rows.is_stopped(*row[1:]) if row else None
    if row and why is None:
        inside = stop_inside(db, row[0])
        why = parcel_rows.is_stopped(*inside[1:], stale=0) if inside else None
    return (OrderKey(row[0]), why) if row and why else None


def counted(db: Database, manifest: str) -> list[tuple[str, int]]:
    """Return the counted bags of a handover with their parcels, in the order of counting."""
    return [
        (code, parcels)
        for code, parcels in db.rows(
            "SELECT b.code, b.parcels FROM handover_bags AS h JOIN bags AS b ON b.code = h.bag"
            " WHERE h.manifest = ? ORDER BY h.position",
            (manifest,),
        )
    ]


def handover_closed(db: Database, fact: facts.HandoverClosed, entry: Entry) -> list[OrderKey]:
    """Write the manifest and hand every parcel over; return their orders as listed.

    Raises:
        StoreError: ``store.conflict`` when a count disagrees or a parcel was stopped meanwhile.
    """
    row = db.row(
        "SELECT opened_us FROM handovers WHERE manifest = ? AND state <> 'CLOSED'",
        (fact.manifest,),
    )
    bags = counted(db, fact.manifest)
    inside = sum(parcels for _, parcels in bags)
    if row is None or [code for code, _ in bags] != list(fact.bags) or inside != fact.parcels:
        raise _conflict(f"Handover {fact.manifest} does not agree with what was counted.")
    listed: list[tuple[str, str, str]] = []
    for code, parcels in bags:
        stopped = first_stopped(db, code)
        if stopped is not None:
            raise _conflict(f"The parcel of {stopped[0]} in bag {code} was stopped.", bag=code)
        _bag_state(db, code, BagState.SEALED)
        found = db.rows(
            "SELECT order_key, tracking_number, carrier FROM parcels WHERE bag = ?"
            " ORDER BY order_key",
            (code,),
        )
        if len(found) != parcels or any(carrier != fact.carrier for _, _, carrier in found):
            raise _conflict(f"Bag {code} does not hold what its seal says.", bag=code)
        listed.extend((code, key, number) for key, number, _ in found)
    lines = [manifest_text(fact, bags, entry.utc_us), *(json.dumps(row) for row in listed)]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    db.run(
        "INSERT INTO manifests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fact.manifest,
            fact.carrier,
            len(bags),
            inside,
            row[0],
            entry.utc_us,
            entry.operator,
            entry.seq,
            entry.digest,
            digest,
        ),
    )
    db.run_many(
        "INSERT INTO manifest_parcels VALUES (?, ?, ?, ?, ?)",
        ((fact.manifest, n, *line) for n, line in enumerate(listed, 1)),
    )
    for code, key, _ in listed:
        parcel_rows.move(
            db,
            OrderKey(key),
            ParcelState.HANDED_OVER,
            entry.utc_us,
            bag=code,
            manifest=fact.manifest,
        )
    db.run_many(
        "UPDATE bags SET state = 'HANDED_OVER', manifest = ? WHERE code = ?",
        ((fact.manifest, code) for code, _ in bags),
    )
    db.run("UPDATE handovers SET state = 'CLOSED' WHERE manifest = ?", (fact.manifest,))
    return [OrderKey(key) for _, key, _ in listed]


def manifest_text(fact: facts.HandoverClosed, bags: list[tuple[str, int]], us: int) -> str:
    """Return the first line of a manifest's canonical text; one JSON line a parcel follows."""
    return json.dumps(
        [fact.manifest, fact.carrier, at_of(us).isoformat(), fact.parcels, bags],
        ensure_ascii=False,
        separators=(",", ":"),
    )
