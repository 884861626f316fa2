"""The one way to write: journal entry, projection and status events in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from packstation.core import facts, store_facts
from packstation.ports import Stamp
from packstation.store import outbox, shipment_upkeep
from packstation.store.anchor import Anchor, Head
from packstation.store.database import Database
from packstation.store.journal import Entry, Journal, new_id, utc_us
from packstation.store.order_index import OrderIndex
from packstation.store.projections import apply
from packstation.store.record_codec import AnyFact
from packstation.store.status_events import addressed

log = logging.getLogger(__name__)

CLOCK_JUMP_US = 2_000_000
"""The wall clock may drift this much against the monotonic one between two entries."""


class Recorder:
    """Writes facts with everything that follows from them; lives in the room ``store``."""

    def __init__(self, db: Database, journal: Journal, anchor: Anchor | None) -> None:
        """Keep where to write; without an anchor no head is kept outside."""
        self.db = db
        self.journal = journal
        self.index: OrderIndex | None = None
        """Told at the end of each transaction; None = nobody lists orders here."""
        self._anchor = anchor
        self._head: Head | None = None
        self._clock: tuple[int, int] | None = None

    @contextmanager
    def tx(self, *, listed: bool = True) -> Iterator[None]:
        """Run one transaction; what was written in it is durable on leaving.

        Args:
            listed: Whether lists show it at once, where it is not much; else soon after.
        """
        self._head = None
        with self.db.tx():
            yield
            if listed and self.index is not None:
                self.index.settle_few()
        self._keep_head()

    def _keep_head(self) -> None:
        if self._head is None or self._anchor is None:
            return
        try:
            self._anchor.write(self._head)
        except OSError as error:
            log.warning("anchor not written", extra={"error": error.strerror})

    def journal_only(
        self, these: Iterable[AnyFact], stamp: Stamp, bodies: Sequence[str] = ()
    ) -> list[Entry]:
        """Add entries whose projection the caller writes in bulk; bodies as for the journal."""
        entries = self.journal.append((*self._clock_change(stamp), *these), stamp, bodies)
        if entries:
            last = entries[-1]
            self._head = Head(last.seq, last.digest)
        return entries

    def write(self, these: Iterable[AnyFact], stamp: Stamp) -> None:
        """Write facts in order, with their tables, status events and the paper they call for."""
        for fact in these:
            entry = self.journal_only((fact,), stamp)[-1]
            events = addressed(self.db, apply(self.db, entry))
            outbox.add(self.db, events, entry.utc_us)
            match fact:
                case facts.BagSealed():
                    self.write((self._bag_label(fact.bag),), stamp)
                case facts.HandoverClosed():
                    row = self.db.row(
                        "SELECT digest FROM manifests WHERE manifest = ?", (fact.manifest,)
                    )
                    assert row is not None, "a closed handover has its manifest"
                    written = store_facts.ManifestWritten(fact.manifest, row[0])
                    self.write((written, _paper("receipt", fact.manifest)), stamp)
                case _:
                    self.write(shipment_upkeep.follows(self.db, fact), stamp)

    def _bag_label(self, bag: str) -> store_facts.PaperQueued:
        """Return the label of a bag just sealed: another copy where it was sealed before."""
        row = self.db.row(
            "SELECT coalesce(max(copy), 0) FROM print_jobs WHERE kind = 'bag' AND key = ?", (bag,)
        )
        assert row is not None
        again = _paper("bag", bag)
        return replace(again, copy=row[0] + 1, reason="sealed_again") if row[0] else again

    def _clock_change(self, stamp: Stamp) -> tuple[store_facts.ClockChanged, ...]:
        now, before = (utc_us(stamp.at), stamp.monotonic_us), self._clock
        self._clock = now
        if before is None:
            return ()
        jump = (now[0] - before[0]) - (now[1] - before[1])
        if abs(jump) <= CLOCK_JUMP_US:
            return ()
        log.warning("clock changed", extra={"jump_ms": jump // 1000})
        return (store_facts.ClockChanged(jump // 1000),)


def _paper(kind: str, key: str) -> store_facts.PaperQueued:
    return store_facts.PaperQueued(new_id(), kind, key, 1, "first")
