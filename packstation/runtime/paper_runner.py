"""Brings queued jobs to paper: composed, written down, sent, ended, each in the right room.

Before the first byte of a job may leave, the journal says so, durable. A job ends exactly once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from packstation.core.events import Event, LabelFinished, LabelStalled
from packstation.core.orders import OrderKey
from packstation.core.status import PrintOutcome
from packstation.errors import StoreError
from packstation.ports import LabelJob, Outlet, Outlets, PaperBytes, PaperJob, PrintLedger
from packstation.runtime.notices import Notices, note, word_of
from packstation.runtime.rooms import Room

log = logging.getLogger(__name__)

GIVEN_UP = "given_up"
"""Why a job was cancelled that a person gave up before its printer began with it."""
STORE_PATIENCE_S = 30.0
"""How long a printer room waits for the journal; a disk that is slower has failed."""

_UNDER_WAY = frozenset({PrintOutcome.SENDING, PrintOutcome.BLOCKED})
"""Of a job that is on nobody's way any more: its end was told, and is being written."""

Ended = Callable[[PrintOutcome, str], None]
"""Told how a job ended and a word why; QUEUED: it could not be begun and waits."""


@dataclass(slots=True, eq=False)
class _Way:
    """One job on its way; changed under the runner's lock."""

    end: Ended
    also: list[Ended]
    """Who else asked for it, and is told too."""
    outlet: Outlet | None = None
    order: OrderKey | None = None
    """Of a label, once it is known."""
    begun: bool = False
    """Its printer works on it."""
    stalled: str = ""
    """Why the printer takes nothing of it now."""
    over: bool = False
    """Nobody begins with it any more."""
    told: bool = False
    """Its end is told, or being told."""


class PaperRunner:
    """Prints queued jobs in the rooms of their printers."""

    def __init__(
        self,
        *,
        post: Callable[[Event], None],
        store_room: Room,
        ledger: PrintLedger,
        outlets: Outlets,
        notices: Notices,
        broken: Callable[[], str | None],
    ) -> None:
        """Keep rooms and ports.

        Args:
            post: Takes events about labels.
            store_room: Where the ledger lives.
            ledger: The print journal.
            outlets: The printers.
            notices: Told of other paper.
            broken: Why nothing can be saved any more, or None; asked in the store's room.
        """
        self._post = post
        self._store_room = store_room
        self._ledger = ledger
        self._outlets = outlets
        self._notices = notices
        self._broken = broken
        self._paper = threading.Condition()
        self._papers = 0
        self._closing = False
        self._ways: dict[str, _Way] = {}  # by job; under the condition

    def wait(self, timeout_s: float) -> bool:
        """Wait until every job that was started has ended; False when time ran out."""
        with self._paper:
            return self._paper.wait_for(lambda: self._papers == 0, timeout_s)

    def print_label(self, order: OrderKey, job: str, ended: Ended | None = None) -> None:
        """Print a queued label; LabelFinished tells how it ended, and so does ``ended``.

        Args:
            order: Whose label.
            job: Its print job.
            ended: Called once, from any room, after LabelFinished; with QUEUED where rooms close.
        """

        def finish(outcome: PrintOutcome, detail: str) -> None:
            if outcome is not PrintOutcome.QUEUED:
                self._post(LabelFinished(order, job, outcome, detail))

        self._start(job, finish, ended)

    def print_labels(self, find: Callable[[], Iterable[tuple[OrderKey, str]]]) -> None:
        """Print the queued labels that ``find`` names in the store's room, counted from now on."""

        def collect() -> None:
            for order, job in find():
                self.print_label(order, job)

        self._counted(collect)

    def print_newest(self, kind: str, key: str) -> None:
        """Print the newest job of a kind of paper about a key."""

        def find() -> None:
            try:
                job = self._ledger.job_of(kind, key)
            except StoreError as error:
                note("paper not found", error, kind=kind)
                self._notices.paper_ended(kind, key, PrintOutcome.FAILED, error.code)
                return
            if job is not None:
                self.print_paper(job, kind, key)

        self._counted(find)

    def print_queued(self) -> None:
        """Print what is queued and was not begun, labels apart: those belong to the engine."""

        def collect() -> None:
            for job in self._ledger.queued():
                self.print_paper(job, self._ledger.kind(job), job)

        self._counted(collect)

    def print_paper(self, job: str, kind: str, key: str, ended: Ended | None = None) -> None:
        """Print a queued job that is no label; the notices are told how it ended."""

        def finish(outcome: PrintOutcome, detail: str) -> None:
            if outcome is PrintOutcome.QUEUED:
                return

            def write() -> None:
                try:
                    if self._broken() is None:
                        self._ledger.ended(job, outcome, detail)
                finally:
                    self._notices.paper_ended(kind, key, outcome, detail)

            self._counted(write)

        self._start(job, finish, ended)

    def give_up(self, job: str) -> bool:
        """End a job that waits or stalls; from any thread. False where it is not on its way.

        One that its printer has not begun is CANCELLED at once; else the printer ends it.
        """
        with self._paper:
            way = self._ways.get(job)
            if way is None or way.over:
                return False
            begun, outlet = way.begun, way.outlet
            way.over = not begun
        if not begun:
            self._end(job, way, PrintOutcome.CANCELLED, GIVEN_UP)
        elif outlet is not None:
            outlet.printer.give_up(job)
        return True

    def give_up_label(self, order: OrderKey, job: str) -> None:
        """End a label's job, also one that waits in the journal alone; LabelFinished tells how."""
        if self.give_up(job):
            return

        def look() -> None:
            try:
                outcome = self._ledger.outcome(job)
            except StoreError as error:
                note("job not found", error, job=job)
                return
            with self._paper:
                taken = job in self._ways
            if taken or outcome in _UNDER_WAY or self._broken() is not None:
                return
            if outcome is not PrintOutcome.QUEUED:  # whoever still waits for it has missed its end
                self._post(LabelFinished(order, job, outcome, ""))
                return
            try:
                # Here and now: its batch, which asks the journal alone, must not begin with it
                # between this answer and the engine's own commit.
                self._ledger.ended(job, PrintOutcome.CANCELLED, GIVEN_UP)
            except StoreError as error:
                note("job not given up", error, job=job)
                return
            self._post(LabelFinished(order, job, PrintOutcome.CANCELLED, GIVEN_UP))

        self._counted(look)

    def close(self) -> None:
        """Wait for nobody's hand from now on: what stalls is given up, what waits behind it stays.

        What stays queued is printed after the next start; what can be printed still is.
        """
        with self._paper:
            self._closing = True
            stalled = {job: way for job, way in self._ways.items() if way.stalled}
        for job, way in stalled.items():
            self._leave_behind(job, way)

    def _in_room(self, way: _Way) -> list[_Way]:
        """Return the jobs of a job's room, itself among them; under the condition."""
        assert way.outlet is not None, "its room is known"
        room, ways = way.outlet.room, self._ways.values()
        return [one for one in ways if one.outlet is not None and one.outlet.room is room]

    def _stall_before(self, way: _Way) -> str:
        """Return what the printer of a job waits for; empty = nothing. Under the condition."""
        if way.outlet is None or way.over:
            return ""
        return next((one.stalled for one in self._in_room(way) if one.begun and one.stalled), "")

    def _behind(self, way: _Way) -> dict[str, _Way]:
        """Return what waits for the printer of a job; under the condition."""
        room = self._in_room(way)
        return {
            job: one
            for job, one in self._ways.items()
            if one in room and not (one.begun or one.over)
        }

    def _leave_behind(self, job: str, way: _Way) -> None:
        assert way.outlet is not None, "only a printer can stall"
        with self._paper:
            behind = self._behind(way)
            for waiting in behind.values():
                waiting.over = True
        for other, waiting in behind.items():
            self._end(other, waiting, PrintOutcome.QUEUED, way.stalled)
        way.outlet.printer.give_up(job)

    def on_its_way(self, job: str) -> str | None:
        """Return the key of the printer that has a job or waits with it; None: nobody does."""
        with self._paper:
            way = self._ways.get(job)
            return way.outlet.key if way is not None and way.outlet is not None else None

    def stalled_at(self, key: str) -> str | None:
        """Return what a printer waits for, empty while it prints; None: it has no job."""
        with self._paper:
            for way in self._ways.values():
                if way.begun and way.outlet is not None and way.outlet.key == key:
                    return way.stalled
        return None

    def waiting(self, key: str) -> int:
        """Return how many jobs a printer has or waits with; from any thread."""
        with self._paper:
            ways = self._ways.values()
            return sum(way.outlet is not None and way.outlet.key == key for way in ways)

    def _counted(self, job: Callable[[], None]) -> None:
        """Run a job in the store's room, counted as paper until it has ended."""

        def run() -> None:
            try:
                job()
            finally:
                self._count(-1)

        self._count(+1)
        if not self._store_room.submit(run):
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._paper:
            self._papers += change
            self._paper.notify_all()

    def _start(self, job: str, end: Ended, ended: Ended | None) -> None:
        """Compose, write down that bytes may leave, send, and tell how it ended.

        A job that nobody could take, because rooms are closing or nothing can be saved, stays
        queued: no byte of it has left, and the next start sends it.
        """
        with self._paper:
            asked = self._ways.get(job)
            if asked is not None:  # asked for twice, one sheet
                if ended is not None:
                    asked.also.append(ended)
                stalled = self._stall_before(asked)
            else:
                way = self._ways[job] = _Way(end, [ended] if ended is not None else [])
                self._papers += 1
        if asked is not None:
            if asked.order is not None and stalled:  # told when nobody at the table waited for it
                self._post(LabelStalled(asked.order, job, stalled))
            return
        if not self._store_room.submit(lambda: self._read(job, way)):
            self._end(job, way, PrintOutcome.QUEUED, "store.closed")

    def _end(self, job: str, way: _Way, outcome: PrintOutcome, detail: str) -> None:
        with self._paper:
            if way.told:  # given up meanwhile: a job ends once
                return
            way.over = way.told = True
        try:
            way.end(outcome, detail)
        finally:
            with self._paper:
                self._ways.pop(job, None)
                also = tuple(way.also)
            try:
                for ended in also:
                    ended(outcome, detail)
            finally:
                self._count(-1)

    def _read(self, job: str, way: _Way) -> None:
        broken = self._broken()
        if broken is not None:
            self._end(job, way, PrintOutcome.QUEUED, broken)
            return
        try:
            paper = self._ledger.paper(job)
            outlet = self._outlets.for_paper(paper)
        except Exception as error:  # noqa: BLE001 - a worker's door; no byte has left
            note("paper not made", error, job=job)
            self._end(job, way, PrintOutcome.FAILED, word_of(error))
            return
        with self._paper:
            if way.over:  # given up meanwhile
                return
            way.outlet = outlet
            way.order = paper.order.key if isinstance(paper, LabelJob) else None
            stalled = self._stall_before(way)
        if way.order is not None and stalled:
            self._post(LabelStalled(way.order, job, stalled))
        if not outlet.room.submit(lambda: self._work(job, way, outlet, paper)):
            self._end(job, way, PrintOutcome.QUEUED, "printer.closed")

    def _work(self, job: str, way: _Way, outlet: Outlet, paper: PaperJob) -> None:
        with self._paper:
            if way.over:  # given up meanwhile
                return
            way.begun = True
        try:
            made = outlet.printer.compose(paper)
            self._store_room.call(
                lambda: self._sending(job, made, outlet.key), timeout_s=STORE_PATIENCE_S
            )
        except Exception as error:  # noqa: BLE001 - a worker's door; no byte has left
            note("paper not made", error, job=job)
            self._end(job, way, PrintOutcome.FAILED, word_of(error))
            return
        try:
            outcome, detail = outlet.printer.send(
                job, made.payload, lambda detail: self._stalled(job, way, paper, detail)
            )
        except Exception as error:  # a worker's door; bytes may have left
            log.exception("printing broke off", extra={"job": job})
            outcome, detail = PrintOutcome.UNKNOWN, word_of(error)
        self._end(job, way, outcome, detail)

    def _sending(self, job: str, made: PaperBytes, printer: str) -> None:
        broken = self._broken()
        if broken is not None:
            raise StoreError(broken, "Nothing can be saved, so nothing is printed.")
        self._ledger.sending(job, made.payload, printer, made.sheets)

    def _stalled(self, job: str, way: _Way, paper: PaperJob, detail: str) -> None:
        """Write it down without keeping the printer from looking again."""
        with self._paper:
            way.stalled = detail
            leave = self._closing and bool(detail)
            behind = self._behind(way)
        if leave:
            self._leave_behind(job, way)

        def write() -> None:
            try:
                if self._broken() is None:
                    self._ledger.stalled(job, detail)
            except Exception as error:  # noqa: BLE001 - how it ends is written all the same
                note("stall not written", error, job=job)
            if isinstance(paper, LabelJob):
                self._post(LabelStalled(paper.order.key, job, detail))
            # A table whose label waits behind another's is as stuck, and must be told, too.
            for other, waiting in behind.items():
                if waiting.order is not None and not waiting.over:
                    self._post(LabelStalled(waiting.order, other, detail))
            self._notices.stalled(job, detail)

        self._store_room.submit(write)
