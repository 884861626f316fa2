"""Carries effects out: the store first, paper only after the commit, every answer an event.

One decision's Record is durable before any other effect of the same decision starts. After a
Record that failed none is tried any more: what came later was decided on facts that are not there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import assert_never

from packstation.core.effects import (
    Answer,
    CheckHandover,
    Effect,
    GiveUpPrint,
    LoadOrder,
    LookUp,
    PrintBagLabel,
    PrintLabel,
    PrintReceipt,
    Record,
)
from packstation.core.events import Event, SaveFailed
from packstation.core.station import SavedStation
from packstation.ports import Outlets, PrintLedger, Stamp, StationStore
from packstation.runtime.engine import Recorded
from packstation.runtime.notices import Notices, note, word_of
from packstation.runtime.paper_runner import PaperRunner
from packstation.runtime.rooms import Room


class EffectRunner:
    """Carries effects out in the rooms that own the devices."""

    def __init__(
        self,
        *,
        post: Callable[[Event | Recorded], None],
        store_room: Room,
        store: StationStore,
        ledger: PrintLedger,
        outlets: Outlets,
        notices: Notices,
        operator: str = "",
    ) -> None:
        """Keep the rooms and what lives in them; ports are only touched in their rooms."""
        self._post = post
        self._store_room = store_room
        self._store = store
        self._notices = notices
        self._operator = operator
        self._broken: str | None = None  # only touched in the store's room
        self.paper = PaperRunner(
            post=post,
            store_room=store_room,
            ledger=ledger,
            outlets=outlets,
            notices=notices,
            broken=lambda: self._broken,
        )
        """Brings queued jobs to paper; its public methods may be called from any thread."""

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        """Start effects; returns at once. A failed Record starts none that stand behind it."""
        records = [e for e in effects if isinstance(e, Record)]
        rest = tuple(e for e in effects if not isinstance(e, Record))
        if not records:
            self._start(rest)
            return
        facts = tuple(fact for record in records for fact in record.facts)
        stamp = Stamp(datetime.now(UTC), time.monotonic_ns() // 1000, self._operator)

        def record() -> None:
            if self._broken is not None:
                self._post(SaveFailed(self._broken))
                return
            try:
                events = self._store.record(facts, saved, stamp)
            except Exception as error:  # noqa: BLE001 - a worker's door; every scan is answered
                self._fail("not saved", error)
                return
            # The answer is durable; what the store decided follows as events of its own.
            for event in events:
                self._post(event)
            self._start(rest)  # counted as paper before the engine can seem idle
            self._post(Recorded(answer))
            self._notices.wrote()

        if not self._store_room.submit(record):
            self._post(SaveFailed("store.closed"))

    def _fail(self, what: str, error: Exception) -> None:
        """Stop everything: the journal can be neither trusted nor gone on with."""
        note(what, error)
        self._broken = word_of(error)
        self._post(SaveFailed(self._broken))

    def wait_for_paper(self, timeout_s: float) -> bool:
        """Wait until every job that was started has ended; False when time ran out."""
        return self.paper.wait(timeout_s)

    def _start(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case LookUp():
                    self._ask(lambda e=effect: self._store.find(e))  # type: ignore[misc]
                case LoadOrder():
                    self._ask(lambda e=effect: self._store.load_order(e))  # type: ignore[misc]
                case CheckHandover():
                    self._ask(lambda e=effect: self._store.check_handover(e))  # type: ignore[misc]
                case PrintLabel():
                    self.paper.print_label(effect.order, effect.job)
                case GiveUpPrint():
                    self.paper.give_up_label(effect.order, effect.job)
                case PrintBagLabel(bag):
                    self.paper.print_newest("bag", bag)
                case PrintReceipt(manifest):
                    self.paper.print_newest("receipt", manifest)
                case Record():
                    raise AssertionError("records are written before anything is started")
                case _:
                    assert_never(effect)

    def _ask(self, question: Callable[[], Event]) -> None:
        def ask() -> None:
            try:
                event = question()
            except Exception as error:  # noqa: BLE001 - a worker's door, as above
                self._fail("not read", error)
            else:
                self._post(event)

        if not self._store_room.submit(ask):
            self._post(SaveFailed("store.closed"))
