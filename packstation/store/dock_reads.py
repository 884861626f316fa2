"""Closed handovers as they are shown and printed."""

from __future__ import annotations

from typing import Any

from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.reports import ManifestParcel, ManifestSummary
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.dock_rows import counted
from packstation.store.journal import at_of

_COLUMNS = "manifest, carrier, parcels, opened_us, closed_us, operator, chain_head, digest"


def manifest(db: Database, number: str) -> ManifestSummary:
    """Return one closed handover.

    Raises:
        StoreError: ``store.no_such_manifest``.
    """
    row = db.row(f"SELECT {_COLUMNS} FROM manifests WHERE manifest = ?", (number,))
    if row is None:
        raise StoreError(
            "store.no_such_manifest", f"There is no manifest {number}.", manifest=number
        )
    return _summary(db, row)


def manifests(db: Database, limit: int = 1000) -> list[ManifestSummary]:
    """Return the newest closed handovers, oldest of them first."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM manifests ORDER BY closed_us DESC LIMIT ?", (limit,))
    return [_summary(db, row) for row in reversed(rows)]


def _summary(db: Database, row: tuple[Any, ...]) -> ManifestSummary:
    number, carrier, parcels, opened, closed, operator, head, digest = row
    return ManifestSummary(
        manifest=number,
        carrier=CarrierCode(carrier),
        bags=tuple(counted(db, number)),
        parcels=parcels,
        opened_at=at_of(opened),
        closed_at=at_of(closed),
        operator=operator,
        chain_head=head,
        digest=digest,
    )


def manifest_parcels(db: Database, number: str) -> list[ManifestParcel]:
    """Return every parcel of a closed handover in the manifest's order."""
    rows = db.rows(
        "SELECT bag, order_key, tracking_number FROM manifest_parcels WHERE manifest = ?"
        " ORDER BY position",
        (number,),
    )
    return [ManifestParcel(bag, OrderKey(key), TrackingNumber(number)) for bag, key, number in rows]
