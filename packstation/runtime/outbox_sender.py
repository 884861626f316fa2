"""Sends status events until the receiver has echoed them; nothing is dropped, order per order kept.

Runs in a thread of its own: packing never waits for a receiver.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from packstation.core.outbox import OutboxEvent
from packstation.ports import Outbox
from packstation.runtime.receiver_answer import CONFLICT, Judgement, Whole, judge
from packstation.runtime.receiver_client import Receiver
from packstation.runtime.rooms import Room

log = logging.getLogger(__name__)

BATCH = 20
"""Events in one request: 0.27 of the time of single ones (storage-and-sync.md)."""
MOST_CONFLICTS = 20
"""Tries after which an event that the receiver calls a conflict is parked."""
FAILURES_IN_A_ROW = 3
"""Single requests of a split batch that may fail before the receiver is left alone."""
_STORE_S = 30.0
_LOOK_S = 0.2
"""How often a waiting sender looks whether it should end."""
_CONFLICT_WORD = re.compile(r"http_409 try (\d+)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after failures: doubling, with jitter so that stations do not march."""

    first_s: float = 2.0
    longest_s: float = 900.0
    share: Callable[[], float] = random.random
    """A number from 0 to 1."""

    def wait_s(self, failures: int) -> float:
        """Return the wait after so many failures, half of it by chance.

        >>> Backoff(share=lambda: 1.0).wait_s(3)
        8.0
        """
        whole = min(self.first_s * 2.0 ** min(max(failures, 1) - 1, 30), self.longest_s)
        return whole * (0.5 + 0.5 * self.share())


@dataclass(frozen=True, slots=True)
class SendReport:
    """What one turn of the sender did."""

    claimed: int = 0
    delivered: int = 0
    postponed: int = 0
    parked: int = 0
    paused: str = ""
    """Why all sending rests from now on; empty when it does not."""
    error: str = ""
    """Why events wait, a stable word or code; empty when none does."""
    wait_s: float = 0.0
    """How long the receiver is left alone; 0 = go on at once."""


class RoomOutbox:
    """The outbox of the store, reached from the sender's thread through the store's room."""

    def __init__(self, outbox: Outbox, room: Room) -> None:
        """Keep both; each call waits for the room, 30 s at most."""
        self._outbox, self._room = outbox, room

    def claim(self, now: datetime, limit: int) -> Sequence[OutboxEvent]:
        """As the port says."""
        return self._there(lambda: self._outbox.claim(now, limit))

    def delivered(self, ids: Sequence[str], now: datetime) -> int:
        """As the port says."""
        return self._there(lambda: self._outbox.delivered(ids, now))

    def postpone(self, ids: Sequence[str], until: datetime, error: str) -> None:
        """As the port says."""
        self._there(lambda: self._outbox.postpone(ids, until, error))

    def park(self, ids: Sequence[str], reason: str) -> None:
        """As the port says."""
        self._there(lambda: self._outbox.park(ids, reason))

    def pause_all(self, reason: str) -> None:
        """As the port says."""
        self._there(lambda: self._outbox.pause_all(reason))

    def _there(self, job: Callable[[], T]) -> T:
        return self._room.call(job, timeout_s=_STORE_S)


class OutboxSender:
    """Takes due events, sends them, writes down what became of them."""

    def __init__(
        self,
        outbox: Outbox,
        receiver: Receiver,
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        poll_s: float = 5.0,
        told: Callable[[SendReport], None] | None = None,
    ) -> None:
        """Keep everything; nothing is sent yet.

        Args:
            outbox: The store's; its calls return before and after, never during a request.
            receiver: Where events go.
            backoff: Waits after failures.
            clock: Aware UTC time.
            poll_s: How often ``run`` looks without being woken.
            told: Called in the sender's thread after each turn that did something.
        """
        self._outbox, self._receiver = outbox, receiver
        self._backoff, self._clock = backoff or Backoff(), clock
        self._poll_s, self._told = poll_s, told
        self._wake = threading.Event()
        self._asked = threading.Event()
        self._failures = 0

    def nudge(self) -> None:
        """Say that there may be something to send; from any thread, returns at once."""
        self._wake.set()

    def send_now(self) -> None:
        """Send what waits for a next try too, because a person asks; from any thread, at once."""
        self._asked.set()
        self._wake.set()

    def send_once(self, now: datetime) -> SendReport:
        """Send what is due, 20 events at most; blocks for a request's time limit.

        Raises:
            StoreError: The outbox could not be read or written; what was sent comes again.
            TimeoutError: The store's room did not answer in time; as above.
        """
        events = tuple(self._outbox.claim(now, BATCH))
        if not events:
            return SendReport()
        judgement = judge(self._receiver.post(events), events, now)
        if judgement.whole is not Whole.SPLIT:
            report = self._write(judgement, events)
        else:
            report = self._one_by_one(events, now)
        if report.error or report.paused:
            log.warning("status events wait", extra={"why": report.paused or report.error})
        if report.delivered:
            log.info("status events delivered", extra={"events": report.delivered})
        return report

    def send_due(self) -> SendReport:
        """Send until nothing is due, or the receiver wants to be left alone; for ``sync --once``.

        Raises:
            StoreError: As ``send_once``.
            TimeoutError: As ``send_once``.
        """
        return self._send_until(timedelta())

    def send_waiting(self) -> SendReport:
        """Send what waits for a next try too, as when a person asks for it.

        Raises:
            StoreError: As ``send_once``.
            TimeoutError: As ``send_once``.
        """
        return self._send_until(timedelta(days=1))

    def _send_until(self, ahead: timedelta) -> SendReport:
        total = SendReport()
        while True:
            report = self.send_once(self._clock() + ahead)
            total = _sum(total, report)
            moved = report.delivered or report.parked
            if not moved or report.wait_s or report.paused:
                return total

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; the body of the thread ``outbox_sender``.

        ``stop`` is looked at between requests; ``nudge`` after setting it to end at once. While
        the receiver is left alone after a failure a nudge does not send sooner, ``send_now`` does.
        """
        while not stop.is_set():
            try:
                if self._asked.is_set():
                    self._asked.clear()
                    report = self.send_waiting()
                else:
                    report = self.send_once(self._clock())
            except Exception:  # the sender's door: packing goes on, sending is tried again
                log.exception("sending failed")
                self._failures += 1
                report = SendReport(wait_s=self._backoff.wait_s(self._failures))
            if self._told is not None and report != SendReport():
                self._told(report)
            self._rest(report, stop)

    def _rest(self, report: SendReport, stop: threading.Event) -> None:
        if report.wait_s:
            until = time.monotonic() + report.wait_s
            while not stop.is_set() and (left := until - time.monotonic()) > 0:
                if self._asked.wait(min(left, _LOOK_S)):
                    break
        elif report.claimed < BATCH and not report.delivered:
            self._wake.wait(self._poll_s)
        self._wake.clear()

    def _one_by_one(self, events: Sequence[OutboxEvent], now: datetime) -> SendReport:
        """Send each event alone, so that one that spoils its batch harms no other order."""
        total = SendReport()
        failed = 0
        for place, event in enumerate(events):
            one = (event,)
            judgement = judge(self._receiver.post(one), one, now)
            report = self._write(judgement, one)
            total = _sum(total, report)
            if report.paused:
                break
            failed = failed + 1 if judgement.whole is Whole.WAIT else 0
            if failed == FAILURES_IN_A_ROW:
                rest = Judgement(
                    Whole.WAIT,
                    later=tuple(e.id for e in events[place + 1 :]),
                    error=judgement.error,
                )
                return _sum(total, self._write(rest, events[place + 1 :]))
        # One that fails alone among others that pass is no reason to leave the receiver alone.
        if total.delivered or total.parked:
            self._failures = 0
            return _without_wait(total)
        return total

    def _write(self, judgement: Judgement, events: Sequence[OutboxEvent]) -> SendReport:
        """Write down what became of events; in an order that loses nothing if it breaks off."""
        now = self._clock()
        outbox, wait_s = self._outbox, 0.0
        if judgement.delivered:
            outbox.delivered(judgement.delivered, now)
        if judgement.whole is Whole.LOG_ON:
            outbox.pause_all(judgement.error)
            return SendReport(claimed=len(events), paused=judgement.error)
        if judgement.whole is Whole.WAIT:
            self._failures += 1
            wait_s = max(self._backoff.wait_s(self._failures), judgement.wait_s)
        elif judgement.delivered or judgement.rejected:
            self._failures = 0
        parked: dict[str, list[str]] = {}
        for found, reason in judgement.rejected.items():
            parked.setdefault(reason, []).append(found)
        later: dict[tuple[int, str], list[str]] = {}
        by_id = {event.id: event for event in events}
        for found in judgement.later:
            event, error = by_id[found], judgement.error
            if error == f"http_{CONFLICT}":
                tries = _conflicts(event) + 1
                error = f"http_{CONFLICT} try {tries}"
                if tries >= MOST_CONFLICTS:
                    parked.setdefault(error, []).append(found)
                    continue
            later.setdefault((event.attempts + 1, error), []).append(found)
        for (attempts, error), ids in later.items():
            wait = max(self._backoff.wait_s(attempts), judgement.wait_s)
            outbox.postpone(ids, now + timedelta(seconds=wait), error)
        for reason, ids in parked.items():
            outbox.park(ids, reason)
        return SendReport(
            claimed=len(events),
            delivered=len(judgement.delivered),
            postponed=sum(map(len, later.values())),
            parked=sum(map(len, parked.values())),
            error=judgement.error,
            wait_s=wait_s,
        )


def _conflicts(event: OutboxEvent) -> int:
    found = _CONFLICT_WORD.fullmatch(event.last_error or "")
    return int(found[1]) if found else 0


def _sum(one: SendReport, other: SendReport) -> SendReport:
    return SendReport(
        claimed=one.claimed + other.claimed,
        delivered=one.delivered + other.delivered,
        postponed=one.postponed + other.postponed,
        parked=one.parked + other.parked,
        paused=other.paused or one.paused,
        error=other.error or one.error,
        wait_s=max(one.wait_s, other.wait_s),
    )


def _without_wait(report: SendReport) -> SendReport:
    return SendReport(
        claimed=report.claimed,
        delivered=report.delivered,
        postponed=report.postponed,
        parked=report.parked,
        paused=report.paused,
        error=report.error,
    )
