"""Prepaid tracking numbers in tables: lists, and what became of each number."""

from __future__ import annotations

from packstation.core.number_facts import AnyNumberFact
from packstation.store.database import Database
from packstation.store.journal import Entry
from packstation.store.status_events import StatusEvent


def apply(db: Database, entry: Entry, fact: AnyNumberFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means."""
    raise NotImplementedError(type(fact))
