"""Both outboxes that the contract is run by: one in memory, and the store's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import uuid_utils

from packstation.core.orders import OrderKey
from packstation.core.outbox import OutboxEvent
from packstation.core.status import StatusKind
from packstation.ports import Outbox
from packstation.store import outbox as store_outbox
from packstation.store.database import Database
from packstation.store.migrations import migrate
from packstation.store.status_events import StatusEvent

START = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
KINDS = tuple(StatusKind)


class Bench(Protocol):
    """An outbox under test, with what a station and a supervisor do to it."""

    @property
    def port(self) -> Outbox: ...

    def add(self, order: str, count: int = 1, at: datetime = START) -> None: ...

    def unsent(self) -> list[OutboxEvent]: ...

    def resume(self) -> None: ...

    def reopen(self) -> None:
        """The program ended without a word and was started again."""
        ...


@dataclass
class _Stream:
    events: list[OutboxEvent] = field(default_factory=list)
    due: datetime = START
    parked: bool = False
    last: int = 0


class MemoryOutbox:
    """The port in a dictionary."""

    def __init__(self) -> None:
        self.streams: dict[str, _Stream] = {}
        self.paused: str | None = None

    @property
    def port(self) -> Outbox:
        return self

    def add(self, order: str, count: int = 1, at: datetime = START) -> None:
        stream = self.streams.setdefault(order, _Stream(due=at))
        for _ in range(count):
            if not stream.events:
                stream.due = at
            stream.last += 1
            kind = KINDS[stream.last % len(KINDS)]
            data = json.dumps({"shop": "main", "order_id": order.partition("/")[2]})
            event = OutboxEvent(
                str(uuid_utils.uuid7()), OrderKey(order), stream.last, kind, data, at, 0
            )
            stream.events.append(event)

    def unsent(self) -> list[OutboxEvent]:
        return [event for stream in self.streams.values() for event in stream.events]

    def resume(self) -> None:
        self.paused = None

    def reopen(self) -> None:
        pass

    def claim(self, now: datetime, limit: int) -> list[OutboxEvent]:
        due = [s for s in self.streams.values() if s.events and not s.parked and s.due <= now]
        due.sort(key=lambda stream: stream.due)
        return [] if self.paused else [stream.events[0] for stream in due[:limit]]

    def delivered(self, ids: Sequence[str], now: datetime) -> int:
        news = 0
        for stream in self.streams.values():
            kept = [event for event in stream.events if event.id not in ids]
            if len(kept) < len(stream.events):
                news += len(stream.events) - len(kept)
                stream.events = kept
                stream.due = kept[0].created_at if kept else now
        return news

    def postpone(self, ids: Sequence[str], until: datetime, error: str) -> None:
        for stream in self.streams.values():
            for place, event in enumerate(stream.events):
                if event.id in ids:
                    stream.events[place] = replace(
                        event, attempts=event.attempts + 1, last_error=error
                    )
                    stream.due = until

    def park(self, ids: Sequence[str], reason: str) -> None:
        for stream in self.streams.values():
            if any(event.id in ids for event in stream.events):
                stream.parked = True

    def pause_all(self, reason: str) -> None:
        self.paused = reason


class StoreBench:
    """The store's outbox in a database file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "station.db"
        self._db = Database(self._path)
        migrate(self._db, folder)
        self._outbox = store_outbox.Outbox(self._db)

    @property
    def port(self) -> Outbox:
        return self._outbox

    def add(self, order: str, count: int = 1, at: datetime = START) -> None:
        shop, _, order_id = order.partition("/")
        data = {"shop": shop, "order_id": order_id}
        events = [StatusEvent(KINDS[n % len(KINDS)], OrderKey(order), data) for n in range(count)]
        with self._db.tx():
            store_outbox.add(self._db, events, int(at.timestamp() * 1_000_000))

    def unsent(self) -> list[OutboxEvent]:
        return self._outbox.unsent(100_000)

    def resume(self) -> None:
        self._outbox.resume_all()

    def reopen(self) -> None:
        self._db.close()
        self._db = Database(self._path)
        self._outbox = store_outbox.Outbox(self._db)

    def close(self) -> None:
        self._db.close()


class Clock:
    """Time that a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
