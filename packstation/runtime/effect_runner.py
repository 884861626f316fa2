"""Carries effects out: the store first, paper only after the commit, every answer an event.

One decision's Record is durable before any other effect of the same decision starts. After a
Record that failed none is tried any more: what came later was decided on facts that are not there.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, assert_never

from packstation.core.effects import (
    Answer,
    CheckHandover,
    Effect,
    LoadOrder,
    LookUp,
    PrintBagLabel,
    PrintLabel,
    PrintReceipt,
    Record,
)
from packstation.core.events import Event, LabelFinished, SaveFailed
from packstation.core.orders import OrderKey
from packstation.core.station import SavedStation
from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError, StoreError
from packstation.ports import PaperJob, PaperPrinter, PrintLedger, Stamp, StationStore
from packstation.runtime.engine import Recorded
from packstation.runtime.rooms import Room

log = logging.getLogger(__name__)

UNEXPECTED = "app.unexpected"
"""Code of an error that nobody foresaw; the log has its class and place."""
STORE_PATIENCE_S = 30.0
"""How long a printer room waits for the journal; a disk that is slower has failed."""


class Notices(Protocol):
    """Who is told of paper that has no event of its own; called from any room."""

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        """A bag label or receipt came out, or did not."""
        ...

    def wrote(self) -> None:
        """Something was committed: counts such as the unsent ones may have changed."""
        ...


def _word(error: Exception) -> str:
    return error.code if isinstance(error, PackStationError) else UNEXPECTED


def _note(what: str, error: Exception, **facts: str) -> None:
    """Write an error down; places only of those that nobody foresaw."""
    foreseen = isinstance(error, PackStationError)
    log.error(what, exc_info=None if foreseen else error, extra={"code": _word(error), **facts})


class EffectRunner:
    """Carries effects out in the rooms that own the devices."""

    def __init__(
        self,
        *,
        post: Callable[[Event | Recorded], None],
        store_room: Room,
        store: StationStore,
        ledger: PrintLedger,
        label_room: Room,
        label_printer: PaperPrinter,
        receipt_room: Room,
        receipt_printer: PaperPrinter,
        notices: Notices,
        operator: str = "",
    ) -> None:
        """Keep the rooms and what lives in them; ports are only touched in their rooms."""
        self._post = post
        self._store_room = store_room
        self._store = store
        self._ledger = ledger
        self._label_room = label_room
        self._label_printer = label_printer
        self._receipt_room = receipt_room
        self._receipt_printer = receipt_printer
        self._notices = notices
        self._operator = operator
        self._broken: str | None = None  # only touched in the store's room
        self._paper = threading.Condition()
        self._papers = 0
        self._under_way: set[str] = set()  # print jobs; under the condition

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
        _note(what, error)
        self._broken = _word(error)
        self._post(SaveFailed(self._broken))

    def wait_for_paper(self, timeout_s: float) -> bool:
        """Wait until every job that was started has ended; False when time ran out."""
        with self._paper:
            return self._paper.wait_for(lambda: self._papers == 0, timeout_s)

    def _count_paper(self, change: int) -> None:
        with self._paper:
            self._papers += change
            self._paper.notify_all()

    def print_queued(self) -> None:
        """Send bag labels and receipts of which no byte had left when the program ended."""

        def collect() -> None:
            for job in self._ledger.queued():
                self._print(job, self._ledger.kind(job), job)

        self._counted(collect)

    def _counted(self, job: Callable[[], None]) -> None:
        """Run a job in the store's room, counted as paper until it has ended."""

        def run() -> None:
            try:
                job()
            finally:
                self._count_paper(-1)

        self._count_paper(+1)
        if not self._store_room.submit(run):
            self._count_paper(-1)

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
                    self._print_label(effect)
                case PrintBagLabel(bag):
                    self._print_newest("bag", bag)
                case PrintReceipt(manifest):
                    self._print_newest("receipt", manifest)
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

    def _print_label(self, effect: PrintLabel) -> None:
        def finish(outcome: PrintOutcome, detail: str) -> None:
            self._post(LabelFinished(effect.order, effect.job, outcome, detail))

        self._on_paper(effect.job, self._label_room, self._label_printer, finish)

    def _print_newest(self, kind: str, key: OrderKey | str) -> None:
        def find() -> None:
            try:
                job = self._ledger.job_of(kind, key)
            except StoreError as error:
                _note("paper not found", error, kind=kind)
                self._notices.paper_ended(kind, str(key), PrintOutcome.FAILED, error.code)
                return
            if job is not None:
                self._print(job, kind, str(key))

        self._counted(find)

    def _print(self, job: str, kind: str, key: str) -> None:
        receipt = kind == "receipt"
        room = self._receipt_room if receipt else self._label_room
        printer = self._receipt_printer if receipt else self._label_printer

        def finish(outcome: PrintOutcome, detail: str) -> None:
            def write() -> None:
                try:
                    if self._broken is None:
                        self._ledger.ended(job, outcome, detail)
                finally:
                    self._notices.paper_ended(kind, key, outcome, detail)

            self._counted(write)

        self._on_paper(job, room, printer, finish)

    def _on_paper(
        self,
        job: str,
        room: Room,
        printer: PaperPrinter,
        finish: Callable[[PrintOutcome, str], None],
    ) -> None:
        """Compose, write down that bytes may leave, send, and tell how it ended.

        A job that nobody could take, because rooms are closing or nothing can be saved, stays
        queued: no byte of it has left, and the next start sends it.
        """
        with self._paper:
            if job in self._under_way:  # asked for twice, one sheet
                return
            self._under_way.add(job)
            self._papers += 1

        def leave() -> None:
            with self._paper:
                self._under_way.discard(job)
                self._papers -= 1
                self._paper.notify_all()

        def end(outcome: PrintOutcome, detail: str) -> None:
            try:
                finish(outcome, detail)
            finally:
                leave()

        def read() -> None:
            if self._broken is not None:
                leave()
                return
            try:
                paper = self._ledger.paper(job)
            except Exception as error:  # noqa: BLE001 - a worker's door; no byte has left
                _note("paper not made", error, job=job)
                end(PrintOutcome.FAILED, _word(error))
                return
            if not room.submit(lambda: work(paper)):
                leave()

        def work(paper: PaperJob) -> None:
            try:
                payload = printer.compose(paper)
                self._store_room.call(
                    lambda: self._sending(job, payload), timeout_s=STORE_PATIENCE_S
                )
            except Exception as error:  # noqa: BLE001 - a worker's door; no byte has left
                _note("paper not made", error, job=job)
                end(PrintOutcome.FAILED, _word(error))
                return
            try:
                outcome, detail = printer.send(job, payload)
            except Exception as error:  # a worker's door; bytes may have left
                log.exception("printing broke off", extra={"job": job})
                outcome, detail = PrintOutcome.UNKNOWN, _word(error)
            end(outcome, detail)

        if not self._store_room.submit(read):
            leave()

    def _sending(self, job: str, payload: bytes) -> None:
        if self._broken is not None:
            raise StoreError(self._broken, "Nothing can be saved, so nothing is printed.")
        self._ledger.sending(job, payload)
