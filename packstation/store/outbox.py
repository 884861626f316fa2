"""The outbox: status events kept until the receiver has acknowledged them, in order per order.

One row per order (its stream) says what is next and when, so that a claim costs the same with ten
or with a million waiting. Nothing is dropped; an unsent event cannot even be deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from packstation.core.orders import OrderKey
from packstation.core.outbox import OutboxCounts, OutboxEvent, ParkedStream
from packstation.core.status import StatusKind
from packstation.store.database import Database
from packstation.store.journal import at_of, new_id, utc_us
from packstation.store.record_codec import json_text
from packstation.store.status_events import StatusEvent

_FIRST = frozenset({StatusKind.ORDER_SHORT})
"""Kinds that go before what waits of other orders: the shop must know at once."""
_COLUMNS = "o.id, o.subject, o.sequence, o.type, o.data, o.created_us, o.attempts, o.last_error"


def add(db: Database, events: Iterable[StatusEvent], us: int) -> None:
    """Queue status events in the transaction that writes their fact."""
    for event in events:
        db.run(
            "INSERT INTO streams VALUES (?1, 1, 1, 1, 0, ?2) ON CONFLICT (subject) DO UPDATE SET"
            " last_sequence = last_sequence + 1,"
            " next_sequence = iif(pending = 0, last_sequence + 1, next_sequence),"
            " due_us = iif(pending = 0, ?2, due_us), pending = pending + 1",
            (event.order, us),
        )
        db.run(
            "INSERT INTO outbox (id, subject, sequence, type, data, created_us, state)"
            " SELECT ?1, subject, last_sequence, ?2, ?3, ?4, 'waiting' FROM streams"
            " WHERE subject = ?5",
            (new_id(), event.kind.value, json_text(event.data), us, event.order),
        )
        if event.kind in _FIRST:  # not while the receiver asked to be left alone
            db.run(
                "UPDATE streams SET due_us = 0 WHERE subject = ? AND due_us <= ?",
                (event.order, us),
            )
        db.run(
            "UPDATE outbox_totals AS t SET waiting = t.waiting + (s.parked = 0),"
            " parked = t.parked + s.parked FROM streams AS s WHERE s.subject = ?",
            (event.order,),
        )


class Outbox:
    """The sender's side; every change is one durable transaction."""

    def __init__(self, db: Database) -> None:
        """Keep the database; called in the room ``store``."""
        self._db = db

    def claim(self, now: datetime, limit: int = 20) -> list[OutboxEvent]:
        """Return events that are due, the longest waiting first, one per order at most.

        Nothing is marked: one program sends, and sending twice is harmless.
        """
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM streams AS s JOIN outbox AS o"
            " ON o.subject = s.subject AND o.sequence = s.next_sequence"
            " WHERE s.pending > 0 AND s.parked = 0 AND s.due_us <= ?"
            " AND (SELECT paused FROM outbox_totals) IS NULL"
            " ORDER BY s.due_us, s.subject LIMIT ?",
            (utc_us(now), limit),
        )
        return [_event(*row) for row in rows]

    def delivered(self, ids: Sequence[str], now: datetime) -> int:
        """Note that the receiver has echoed ids; return how many were news."""
        news = 0
        with self._db.tx():
            for found in ids:
                row = self._db.row("SELECT subject, state FROM outbox WHERE id = ?", (found,))
                if row is None or row[1] == "sent":
                    continue
                news += 1
                self._db.run(
                    "UPDATE outbox SET state = 'sent', sent_us = ? WHERE id = ?",
                    (utc_us(now), found),
                )
                self._advance(row[0])
        return news

    def _advance(self, subject: str) -> None:
        """Count one event of a stream off and point to the next; a parked one goes on again."""
        (parked,) = self._db.row("SELECT parked FROM streams WHERE subject = ?", (subject,)) or (0,)
        column = "parked" if parked else "waiting"
        self._db.run(f"UPDATE outbox_totals SET {column} = {column} - 1")
        following = self._db.row(
            "SELECT sequence, created_us, state FROM outbox WHERE subject = ? AND state <> 'sent'"
            " ORDER BY sequence LIMIT 1",
            (subject,),
        )
        if following is None:
            self._db.run("UPDATE streams SET pending = 0, parked = 0 WHERE subject = ?", (subject,))
            return
        self._db.run(
            "UPDATE streams SET pending = pending - 1, next_sequence = ?, due_us = ?"
            " WHERE subject = ?",
            (following[0], following[1], subject),
        )
        if parked and following[2] != "parked":
            self._unpark(subject)

    def postpone(self, ids: Sequence[str], until: datetime, error: str) -> None:
        """Try events again later; each counts an attempt more."""
        with self._db.tx():
            for found in ids:
                self._db.run(
                    "UPDATE outbox SET attempts = attempts + 1, last_error = ?"
                    " WHERE id = ? AND state = 'waiting'",
                    (error, found),
                )
                self._db.run(
                    "UPDATE streams SET due_us = ? WHERE subject ="
                    " (SELECT subject FROM outbox WHERE id = ? AND state = 'waiting')",
                    (utc_us(until), found),
                )

    def park(self, ids: Sequence[str], reason: str) -> None:
        """Set the streams of events aside: the receiver will never take these as they are."""
        with self._db.tx():
            for found in ids:
                row = self._db.row(
                    "SELECT s.subject, s.pending, s.parked FROM outbox AS o"
                    " JOIN streams AS s ON s.subject = o.subject"
                    " WHERE o.id = ? AND o.state = 'waiting'",
                    (found,),
                )
                if row is None:
                    continue
                self._db.run(
                    "UPDATE outbox SET state = 'parked', attempts = attempts + 1, last_error = ?"
                    " WHERE id = ?",
                    (reason, found),
                )
                if not row[2]:
                    self._db.run("UPDATE streams SET parked = 1 WHERE subject = ?", (row[0],))
                    self._move_totals(row[1])

    def _move_totals(self, events: int) -> None:
        self._db.run(
            "UPDATE outbox_totals SET waiting = waiting - ?1, parked = parked + ?1", (events,)
        )

    def _unpark(self, subject: str) -> None:
        row = self._db.row("SELECT pending FROM streams WHERE subject = ?", (subject,))
        assert row is not None
        self._db.run("UPDATE streams SET parked = 0 WHERE subject = ?", (subject,))
        self._move_totals(-row[0])

    def retry_parked(self, subject: OrderKey, now: datetime) -> bool:
        """Send a parked stream again, by hand; False where it is not parked."""
        with self._db.tx():
            row = self._db.row(
                "SELECT 1 FROM streams WHERE subject = ? AND parked = 1 AND pending > 0", (subject,)
            )
            if row is None:
                return False
            self._db.run(
                "UPDATE outbox SET state = 'waiting' WHERE subject = ? AND state = 'parked'",
                (subject,),
            )
            self._db.run("UPDATE streams SET due_us = ? WHERE subject = ?", (utc_us(now), subject))
            self._unpark(subject)
        return True

    def pause_all(self, reason: str) -> None:
        """Let all sending rest until a person has acted (log-on expired)."""
        with self._db.tx():
            self._db.run("UPDATE outbox_totals SET paused = ?", (reason,))

    def resume_all(self) -> None:
        """Send again."""
        with self._db.tx():
            self._db.run("UPDATE outbox_totals SET paused = NULL")

    def next_due(self) -> datetime | None:
        """Return when the next event may be sent, or None where none waits."""
        row = self._db.row(
            "SELECT due_us FROM streams WHERE pending > 0 AND parked = 0 ORDER BY due_us LIMIT 1"
        )
        return at_of(row[0]) if row else None

    def counts(self) -> OutboxCounts:
        """Return how the queue stands; costs the same however much waits."""
        row = self._db.row(
            "SELECT waiting, parked, paused, (SELECT created_us FROM outbox WHERE state <> 'sent'"
            " ORDER BY created_us LIMIT 1) FROM outbox_totals"
        )
        assert row is not None
        waiting, parked, paused, oldest = row
        return OutboxCounts(waiting, parked, at_of(oldest) if oldest is not None else None, paused)

    def parked(self, limit: int = 200) -> list[ParkedStream]:
        """Return the streams that wait for a person."""
        rows = self._db.rows(
            "SELECT s.subject, s.pending, o.type, coalesce(o.last_error, '') FROM streams AS s"
            " JOIN outbox AS o ON o.subject = s.subject AND o.sequence = s.next_sequence"
            " WHERE s.pending > 0 AND s.parked = 1 ORDER BY s.subject LIMIT ?",
            (limit,),
        )
        return [ParkedStream(OrderKey(r[0]), r[1], StatusKind(r[2]), r[3]) for r in rows]

    def unsent(self, limit: int = 200) -> list[OutboxEvent]:
        """Return unsent events, the oldest first; for display."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM outbox AS o WHERE o.state <> 'sent'"
            " ORDER BY o.created_us, o.subject, o.sequence LIMIT ?",
            (limit,),
        )
        return [_event(*row) for row in rows]


def _event(
    id_: str,
    subject: str,
    sequence: int,
    kind: str,
    data: str,
    created_us: int,
    attempts: int,
    error: str | None,
) -> OutboxEvent:
    return OutboxEvent(
        id_,
        OrderKey(subject),
        sequence,
        StatusKind(kind),
        data,
        at_of(created_us),
        attempts,
        error,
    )
