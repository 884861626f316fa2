"""The sample shop's folder, and a station in it whose clock a test moves."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from packstation.app.house import House
from packstation.app.scan_feed import ScanFeed
from packstation.core.effects import Answer
from packstation.core.events import CodeScanned
from packstation.core.reports import PrintJob
from packstation.core.status import PrintOutcome, Verdict
from packstation.devices.paper_printer import StationPrinter
from packstation.devices.simulated import Fault, VirtualTransport
from packstation.runtime.engine import Engine
from packstation.runtime.rooms import Room
from tests.builders import NOW

ONE, ITEM, LABEL = "202608010000006", "2000000100036", "78600000000001"
"""An order of one unit, its code, and the number that its label gets when it is the first."""
TWO, UNITS, YTO_LABEL = (
    "202608010000004",
    ("2900000400016", "2100000200030", "2100000200030"),
    "YT0000000000001",
)
"""An order of another carrier."""
BAG, MANIFEST = "PSBAG01000001", "PSM01000001"
PACK = (ONE, ITEM, LABEL)
HAND_OVER = ("PSCMDBAG", LABEL, "PSCMDSEAL", "PSCMDHANDOVER", BAG, "PSCMDCLOSE")
PATIENCE_S = 10.0


def wait_for(seen: Callable[[], bool]) -> None:
    """Wait until something has happened in another thread."""
    until = time.monotonic() + PATIENCE_S
    while not seen():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.002)


def keep_busy(room: Room) -> threading.Event:
    """Keep a room busy until the event is set."""
    gate = threading.Event()

    def wait() -> None:
        gate.wait(PATIENCE_S)

    room.submit(wait)
    return gate


def threads() -> list[str]:
    """Return the names of this process's threads."""
    return sorted(thread.name for thread in threading.enumerate())


@contextmanager
def no_thread_left() -> Iterator[None]:
    """Fail when a thread that was started inside is still there."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before]
    for thread in left:
        thread.join(1.0)
    assert [t.name for t in left if t.is_alive()] == []


class Station:
    """A house with its engine, fed by a test."""

    def __init__(self, data: Path, *, start: bool = True) -> None:
        self.data = data
        self.house = House(data, name="test", language="en")
        self.feed = ScanFeed()
        self.engine: Engine | None = None
        self._now = NOW
        self._scans = 0
        if start:
            try:
                self.start()
            except BaseException:
                self.house.close()
                raise

    def start(self) -> None:
        self.engine = self.house.start(self.feed, wake=self.feed.awake.set, watch=self.feed.watch)
        self.settle()

    def settle(self) -> None:
        assert self.engine is not None
        self.feed.settle(self.engine)

    def post(self, text: str) -> None:
        """Scan a second later, without waiting."""
        assert self.engine is not None
        self._scans += 1
        self._now += timedelta(seconds=1)
        self.engine.post(CodeScanned(text, self._now, self._scans))

    def ask(self, text: str) -> Answer:
        """Scan, and wait for the newest answer."""
        self.feed.answer = None
        self.post(text)
        self.settle()
        return self.answer()

    def answer(self) -> Answer:
        """Return the newest answer."""
        assert self.feed.answer is not None
        return self.feed.answer

    def scan(self, *texts: str) -> list[Verdict]:
        return [self.ask(text).verdict for text in texts]

    def printer(self, key: str = "virtual") -> StationPrinter:
        """Return a printer of the station; ``virtual`` is the label printer."""
        assert self.house.outlets is not None
        printer = self.house.outlets.station(key).printer
        assert isinstance(printer, StationPrinter)
        return printer

    def printer_room(self, key: str = "virtual") -> Room:
        """Return the room that a printer lives in."""
        assert self.house.outlets is not None
        return self.house.outlets.station(key).room

    def label_fault(self, fault: Fault) -> None:
        """Let the label printer misbehave from now on."""
        self._fault("virtual", fault)

    def receipt_fault(self, fault: Fault) -> None:
        self._fault("virtual-receipt", fault)

    def _fault(self, key: str, fault: Fault) -> None:
        line = self.printer(key).transport
        assert isinstance(line, VirtualTransport)
        line.fault = fault

    def jobs(self, kind: str) -> list[PrintJob]:
        """Return the print jobs of a kind, oldest first."""
        return [job for job in self.house.call(self.house.store.ledger.jobs) if job.kind == kind]

    def outcomes(self, kind: str) -> list[PrintOutcome]:
        return [job.outcome for job in self.jobs(kind)]

    def printed(self, folder: str = "virtual-label-printer") -> list[str]:
        """Return the files that a virtual printer has kept."""
        return sorted(path.name for path in (self.data / folder).glob("job-*.bin"))

    def facts(self) -> list[str]:
        """Return the kinds of all entries of the journal."""
        db = self.house.store.db
        rows = self.house.call(lambda: db.rows("SELECT kind FROM journal ORDER BY seq"))
        return [kind for (kind,) in rows]

    def power_cut(self, folder: Path) -> Path:
        """Return a copy of the folder as a power cut would leave it now."""
        self.house.call(lambda: shutil.copytree(self.data, folder))
        return folder

    def close(self) -> None:
        self.house.close()
