"""The engine: one event at a time, in order, from any thread to one owner thread.

``post`` is called from anywhere; ``drain`` only by the owner (the GUI thread, or the loop of the
command line). A scan that comes while the station waits for an answer from inside the house
queues up and is answered in order; nothing is skipped.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from packstation.core.decide import decide, legal
from packstation.core.effects import Answer, Effect, Record
from packstation.core.events import CodeScanned, Event, LabelQueued, SaveFailed, WaitTimedOut
from packstation.core.policy import Rules
from packstation.core.station import Decision, SavedStation, Station

log = logging.getLogger(__name__)

UNDECIDED = "app.unexpected"
"""Why a station stops that met an event which its rules cannot decide."""
PATIENCE_S = 1.5
"""How long a scan may queue behind an answer from inside the house before it gets NOT_NOW."""


class Listener(Protocol):
    """Who is told what the engine decided; every method is called on the owner thread."""

    def answered(self, answer: Answer, station: Station) -> None:
        """A scan was answered, or a printer or an import has spoken. Not yet durable."""
        ...

    def recorded(self, answer: Answer) -> None:
        """The facts behind an answer are durable: now it may be heard."""
        ...

    def label_queued(self, event: LabelQueued) -> None:
        """A label got its number and job."""
        ...

    def settled(self, station: Station) -> None:
        """Nothing is awaited any more and no scan is queued."""
        ...


class Runner(Protocol):
    """What carries effects out; see effect_runner."""

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        """Start effects; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """Posted by the runner: the facts of one decision are durable."""

    answer: Answer | None
    """None when nobody was to be told."""


class Engine:
    """Feeds events to ``decide`` and effects to the runner."""

    def __init__(
        self,
        rules: Rules,
        listener: Listener,
        *,
        wake: Callable[[], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Make an engine at IDLE; ``start`` gives it the restored station and its runner.

        Args:
            rules: What the shops have set; replaced by ``set_rules``.
            listener: Told of every answer.
            wake: Called from any thread after a post, to have ``drain`` called soon.
            patience_s: See PATIENCE_S.
        """
        self._rules = rules
        self._listener = listener
        self._wake = wake
        self._patience_s = patience_s
        self._runner: Runner | None = None
        self._inbox: deque[Event | Recorded] = deque()
        self._queued: deque[tuple[CodeScanned, float]] = deque()
        self._unrecorded = 0
        self._owner = threading.get_ident()
        self._busy = False
        self.station = Station()
        """As the last decision left it; read on the owner thread only."""

    @property
    def idle(self) -> bool:
        """True when nothing is awaited but a label that stalls, queued or still to be written."""
        return (
            (self.station.waiting is None or self.station.stalled)
            and not self._queued
            and not self._inbox
            and not self._unrecorded
        )

    @property
    def at_rest(self) -> bool:
        """True when idle, or when only a person can make the printer go on that is awaited."""
        done = not (self._queued or self._inbox or self._unrecorded)
        return done and (self.station.waiting is None or self.station.stalled)

    @property
    def owner(self) -> int:
        """Ident of the thread that may drain it."""
        return self._owner

    @property
    def queued_scans(self) -> int:
        """Scans that wait for their turn."""
        return len(self._queued)

    @property
    def rules(self) -> Rules:
        """What the shops have set."""
        return self._rules

    def set_rules(self, rules: Rules) -> None:
        """Use other rules from the next event on."""
        self._rules = rules

    def start(self, restored: Decision, runner: Runner) -> None:
        """Take up the restored station and carry out what was left to do."""
        self._runner = runner
        self.station = restored.station
        if restored.effects:
            runner.run(restored.effects, self.station.saved, None)

    def post(self, event: Event | Recorded) -> None:
        """Hand an event over; from any thread, returns at once."""
        self._inbox.append(event)
        self._wake()

    def drain(self) -> None:
        """Decide everything that has come; on the owner thread only."""
        assert threading.get_ident() == self._owner, "the engine is drained by its owner only"
        if self._busy:  # a listener that opens a nested event loop must not reorder events
            return
        self._busy = True
        try:
            self._drain()
        finally:
            self._busy = False

    def _drain(self) -> None:
        worked = False
        while True:
            if self._inbox:
                event = self._inbox.popleft()
                if isinstance(event, CodeScanned) and (self._queued or self._must_wait()):
                    self._queued.append((event, time.monotonic()))
                    continue
                worked = True
                self._take(event)
            elif self._queued and not self._must_wait():
                worked = True
                self._take(self._queued.popleft()[0])
            elif self._queued and self._queued[0][1] + self._patience_s < time.monotonic():
                worked = True
                self._take(WaitTimedOut(self._queued.popleft()[0]))
            else:
                break
        if worked and self.idle:
            self._listener.settled(self.station)

    def _must_wait(self) -> bool:
        station = self.station
        return station.waiting is not None and not station.stalled and station.failed is None

    def _take(self, event: Event | Recorded) -> None:
        if isinstance(event, Recorded):
            self._unrecorded = max(0, self._unrecorded - 1)
            if event.answer is not None:
                self._listener.recorded(event.answer)
            return
        if isinstance(event, SaveFailed):
            self._unrecorded = 0  # what was to be written never will be
        if isinstance(event, LabelQueued):
            self._listener.label_queued(event)
        decision = self._decide(event)
        self.station = decision.station
        answer = decision.answer
        if answer is not None:
            self._listener.answered(answer, self.station)
        if decision.effects:
            assert self._runner is not None, "an engine that was not started"
            if any(isinstance(effect, Record) for effect in decision.effects):
                self._unrecorded += 1
            elif answer is not None:
                self._listener.recorded(answer)
            self._runner.run(decision.effects, self.station.saved, answer)
        elif answer is not None:
            self._listener.recorded(answer)

    def _decide(self, event: Event) -> Decision:
        """Decide; what the rules did not foresee stops the station, and is never a yes."""
        before = self.station
        try:
            decision = decide(before, event, self._rules)
            assert legal(before.phase, decision.station.phase), "a move the table does not have"
        except Exception:  # a worker's door: a scan must not stay without an answer
            log.exception("not decided", extra={"event": type(event).__name__})
        else:
            return decision
        stopped = decide(before, SaveFailed(UNDECIDED), self._rules)
        scan = getattr(event, "scan", event if isinstance(event, CodeScanned) else None)
        if scan is None or stopped.answer is None:
            return stopped
        return replace(stopped, answer=replace(stopped.answer, scan=scan))
