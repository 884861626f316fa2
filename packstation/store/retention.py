"""Forgetting people's data: the key of a day goes, the orders and the journal stay."""

from __future__ import annotations

from datetime import date

from packstation.core import store_facts
from packstation.store.opening import OpenStore


def forget(store: OpenStore, day: str) -> int:
    """Delete the people's data of one day for good; return how many records there were."""
    with store.recorder.tx():
        records = store.people.purge(day)
        store.recorder.write((store_facts.PeoplePurged(day, records),), store.clock())
    store.db.checkpoint()
    return records


def forget_due(store: OpenStore, today: date) -> dict[str, int]:
    """Delete what is older than it may be; return records by day."""
    return {day: forget(store, day) for day in store.people.due(today)}
