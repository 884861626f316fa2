"""Files that went out, and waves, in tables."""

from __future__ import annotations

from packstation.core.sheet_facts import AnySheetFact
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent


def apply(db: Database, entry: Entry, fact: AnySheetFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means."""
    raise NotImplementedError(type(fact))
