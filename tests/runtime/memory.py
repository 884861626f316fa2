"""A station with real rooms, a house in memory, and printers that do as they are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from packstation.core.effects import Answer, CheckHandover, LoadOrder, LookUp
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    Event,
    HandoverChecked,
    LabelQueued,
    OrderLoaded,
)
from packstation.core.facts import Fact
from packstation.core.orders import OrderKey, Person, TrackingNumber
from packstation.core.station import Decision, SavedStation, Station
from packstation.core.status import PrintOutcome, Verdict
from packstation.ports import (
    BagJob,
    LabelJob,
    Outlet,
    PaperBytes,
    PaperJob,
    PrinterState,
    PrinterStatus,
    Stamp,
)
from packstation.runtime.effect_runner import EffectRunner
from packstation.runtime.engine import Engine
from packstation.runtime.rooms import Room
from tests.builders import NOW, YTO, an_order
from tests.core.house import House

PATIENCE_S = 5.0
"""Longest wait of a test for another thread."""


def wait_for(seen: Callable[[], bool]) -> None:
    """Wait until something has happened in another thread."""
    until = time.monotonic() + PATIENCE_S
    while not seen():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.001)


def keep_busy(room: Room) -> threading.Event:
    """Keep a room busy until the event is set."""
    gate = threading.Event()

    def wait() -> None:
        gate.wait(PATIENCE_S)

    room.submit(wait)
    return gate


class MemoryStore:
    """The port StationStore in memory; can be slow, and can fail."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.recorded: list[Fact] = []
        self.saved: list[SavedStation] = []
        self.record_trouble: list[Exception | None] = []
        """What the next calls of ``record`` raise; None = nothing."""
        self.ask_trouble: Exception | None = None
        self.gate = threading.Event()
        """Cleared, it keeps everything waiting."""
        self.gate.set()

    def record(
        self, facts_: Sequence[Fact], saved: SavedStation, stamp: Stamp
    ) -> tuple[Event, ...]:
        assert self.gate.wait(PATIENCE_S)
        trouble = self.record_trouble.pop(0) if self.record_trouble else None
        if trouble is not None:
            raise trouble
        self.recorded.extend(facts_)
        self.saved.append(saved)
        self.house.saved = saved
        return tuple(event for fact in facts_ for event in self.house._write(fact))

    def _ready(self) -> None:
        assert self.gate.wait(PATIENCE_S)
        if self.ask_trouble is not None:
            raise self.ask_trouble

    def find(self, effect: LookUp) -> CodeFound:
        self._ready()
        return self.house._find(effect.scan, effect.code.text, effect.code.key)

    def load_order(self, effect: LoadOrder) -> OrderLoaded:
        self._ready()
        loaded = self.house._loaded(effect.scan, effect.order)
        assert loaded is not None
        return loaded

    def check_handover(self, effect: CheckHandover) -> HandoverChecked:
        self._ready()
        stopped = next((s for s in map(self.house._stopped, effect.bags) if s), None)
        inside = [p for p in self.house.parcels.values() if p.bag in effect.bags]
        return HandoverChecked(effect.scan, effect.manifest, stopped, len(inside))

    def resume(self) -> tuple[SavedStation, OrderLoaded | None]:
        raise NotImplementedError


class MemoryLedger:
    """The port PrintLedger: what was written of every job, in order."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.waiting: list[tuple[str, str]] = []
        """Kind and job of what is queued when the program starts."""
        self.stalls: list[tuple[str, str]] = []
        self.trouble: dict[str, Exception] = {}
        """What a method raises, by its name."""

    def _ready(self, method: str) -> None:
        if method in self.trouble:
            raise self.trouble[method]

    def queued(self) -> tuple[str, ...]:
        return tuple(job for _, job in self.waiting)

    def paper(self, job: str) -> PaperJob:
        self._ready("paper")
        if job.startswith("job-"):
            number = TrackingNumber("YT1")
            return LabelJob(job, an_order(), Person(), number, YTO.code, 1, NOW)
        return BagJob(job, "PSBAG01000001", YTO.code, 1, NOW)

    def sending(self, job: str, payload: bytes, printer: str = "", sheets: int = 1) -> None:
        self._ready("sending")
        assert printer in ("labels", "receipts")
        self.waiting = [one for one in self.waiting if one[1] != job]
        self.written.append((job, "SENDING"))

    def stalled(self, job: str, detail: str) -> None:
        self._ready("stalled")
        self.stalls.append((job, detail))

    def outcome(self, job: str) -> PrintOutcome:
        self._ready("outcome")
        known = [outcome for written, outcome in self.written if written == job]
        return PrintOutcome(known[-1]) if known else PrintOutcome.QUEUED

    def ended(self, job: str, outcome: PrintOutcome, detail: str) -> None:
        self._ready("ended")
        self.written.append((job, outcome.value))

    def kind(self, job: str) -> str:
        return next(kind for kind, known in self.waiting if known == job)

    def job_of(self, kind: str, key: OrderKey | str) -> str | None:
        self._ready("job_of")
        return f"{kind}-{key}"


class Printer:
    """A printer that composes the job's name, and keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.outcome: tuple[PrintOutcome, str] = (PrintOutcome.CONFIRMED, "")
        self.compose_trouble: Exception | None = None
        self.send_trouble: Exception | None = None
        self.gate = threading.Event()
        """Cleared, the printer is stuck."""
        self.gate.set()
        self.busy = threading.Event()
        self.rooms: set[str] = set()
        self.stalls: list[str] = []
        """What it says while the next job is sent."""
        self.given_up: list[str] = []

    def compose(self, paper: PaperJob) -> PaperBytes:
        self.rooms.add(threading.current_thread().name)
        if self.compose_trouble is not None:
            raise self.compose_trouble
        return PaperBytes(paper.job.encode())

    def send(
        self, job: str, payload: bytes, stalled: Callable[[str], None]
    ) -> tuple[PrintOutcome, str]:
        self.rooms.add(threading.current_thread().name)
        while self.stalls:
            stalled(self.stalls.pop(0))
        self.busy.set()
        assert self.gate.wait(PATIENCE_S)
        if job in self.given_up:
            return PrintOutcome.UNKNOWN, "printer.no_paper"
        if self.send_trouble is not None:
            raise self.send_trouble
        self.sent.append(payload.decode())
        return self.outcome

    def give_up(self, job: str) -> bool:
        self.given_up.append(job)
        self.gate.set()
        return True

    def status(self) -> PrinterStatus:
        return PrinterStatus(PrinterState.UNKNOWN)


@dataclass
class MemoryOutlets:
    """Two printers: one for receipts, one for all else."""

    labels: Outlet
    receipts: Outlet
    trouble: Exception | None = None

    def for_paper(self, paper: PaperJob) -> Outlet:
        if self.trouble is not None:
            raise self.trouble
        return self.receipts if paper.job.startswith("receipt") else self.labels


class Memory:
    """Listener and notices that keep everything."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.durable: list[Answer] = []
        self.labels: list[LabelQueued] = []
        self.settlings = 0
        self.paper: list[tuple[str, str, PrintOutcome, str]] = []
        self.writes = 0
        self.stalls: list[tuple[str, str]] = []

    def answered(self, answer: Answer, station: Station) -> None:
        self.answers.append(answer)

    def recorded(self, answer: Answer) -> None:
        self.durable.append(answer)

    def label_queued(self, event: LabelQueued) -> None:
        self.labels.append(event)

    def settled(self, station: Station) -> None:
        self.settlings += 1

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        self.paper.append((kind, key, outcome, detail))

    def stalled(self, job: str, detail: str) -> None:
        self.stalls.append((job, detail))

    def wrote(self) -> None:
        self.writes += 1


class Table:
    """Engine, runner and rooms over a house in memory; drained by the test."""

    def __init__(self, house: House, *, patience_s: float = PATIENCE_S) -> None:
        self.house = house
        self.store, self.ledger = MemoryStore(house), MemoryLedger()
        self.label_printer, self.receipt_printer = Printer(), Printer()
        self.told = Memory()
        self.awake = threading.Event()
        self.rooms = [Room(name) for name in ("store", "label_printer", "receipt_printer")]
        self.outlets = MemoryOutlets(
            Outlet("labels", self.rooms[1], self.label_printer),
            Outlet("receipts", self.rooms[2], self.receipt_printer),
        )
        self.engine = Engine(house.rules, self.told, wake=self.awake.set, patience_s=patience_s)
        self.runner = EffectRunner(
            post=self.engine.post,
            store_room=self.rooms[0],
            store=self.store,
            ledger=self.ledger,
            outlets=self.outlets,
            notices=self.told,
        )
        self._scans = 0

    def start(self, restored: Decision | None = None) -> None:
        self.engine.start(restored or Decision(Station()), self.runner)

    def post(self, *texts: str) -> None:
        """Scan without waiting."""
        for text in texts:
            self._scans += 1
            self.engine.post(CodeScanned(text, self.house.now, self._scans))

    def scan(self, *texts: str) -> list[Verdict]:
        """Scan, wait until all is answered; return every verdict since."""
        seen = len(self.told.answers)
        self.post(*texts)
        self.settle()
        return [answer.verdict for answer in self.told.answers[seen:]]

    def settle(self) -> None:
        self.until(lambda: self.engine.idle or self.engine.station.failed is not None)

    def until(self, seen: Callable[[], bool]) -> None:
        """Drain until something was seen."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self.awake.clear()
            self.engine.drain()
            if seen():
                return
            assert time.monotonic() < until, "it did not happen"
            self.awake.wait(0.005)

    def numbers(self) -> list[int]:
        """Return the numbers of the scans that were answered, in order."""
        return [answer.scan.number for answer in self.told.answers if answer.scan is not None]

    def kinds(self) -> list[str]:
        """Return what was written, by its kinds."""
        return [type(fact).__name__ for fact in self.store.recorded]

    def close(self) -> None:
        for gate in (self.store.gate, self.label_printer.gate, self.receipt_printer.gate):
            gate.set()
        for room in reversed(self.rooms):
            assert room.close()
