"""Label files, print batches, rolls and proofs in tables."""

from __future__ import annotations

from packstation.core.paper_facts import AnyPaperFact
from packstation.store.database import Database
from packstation.store.journal import Entry


def apply(db: Database, entry: Entry, fact: AnyPaperFact) -> None:
    """Fold one fact into the tables.

    Raises:
        StoreError: ``store.conflict``: it contradicts what is there.
    """
    raise NotImplementedError
