"""The life of an order in tables: cancellations, short picks, labels that are void."""

from __future__ import annotations

from packstation.core.life_facts import AnyLifeFact
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent


def apply(db: Database, entry: Entry, fact: AnyLifeFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means."""
    raise NotImplementedError(type(fact))
