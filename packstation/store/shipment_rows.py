"""Orders that share a parcel, or need several, in tables."""

from __future__ import annotations

from packstation.core.shipment_facts import AnyShipmentFact
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent


def apply(db: Database, entry: Entry, fact: AnyShipmentFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means."""
    raise NotImplementedError(type(fact))
