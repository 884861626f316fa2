"""A station with a fault put in on purpose: ``python -m tests.campaign.planted FAULT scan …``.

The campaign has to find each of them, else it proves nothing about the station without.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packstation.app.scan_feed import ScanFeed
from packstation.cli import main
from packstation.core.effects import Answer
from packstation.core.events import CodeScanned
from packstation.devices.simulated import VirtualTransport
from packstation.runtime.engine import Engine
from packstation.store.import_staging import Staging, Unfinished
from packstation.store.station_store import SqliteStationStore

SLOW_DISK_S = 0.05


def answer_before_the_commit(_: Path) -> None:
    """Say OK at once, as a station would that beeps before its disk has the scan."""
    record = SqliteStationStore.record

    def slowly(self: SqliteStationStore, *arguments: Any) -> Any:
        time.sleep(SLOW_DISK_S)
        return record(self, *arguments)

    def at_once(
        self: ScanFeed, engine: Engine, text: str, number: int, source: str = "line"
    ) -> Answer:
        self.answer, self.shown = None, []
        engine.post(CodeScanned(text, datetime.now(UTC), number, source))
        while (answer := newest(self)) is None:
            engine.drain()
            self.awake.wait(0.01)
            self.awake.clear()
        return answer

    SqliteStationStore.record = slowly  # type: ignore[method-assign, assignment]
    ScanFeed.ask = at_once  # type: ignore[method-assign]


def newest(feed: ScanFeed) -> Answer | None:
    """Return the newest answer, durable or not."""
    return feed.answer


def lose_the_last_commit(data: Path) -> None:
    """Cut the last transaction off the write-ahead log, as a disk does that lies about syncing."""
    for log in data.glob("*-wal"):
        ends = committed(log.read_bytes())
        if ends:
            os.truncate(log, ends[-2] if len(ends) > 1 else 0)
    (data / "anchor").unlink(missing_ok=True)  # its head would tell at once


def committed(log: bytes) -> list[int]:
    """Return where each transaction of a write-ahead log ends (SQLite file format, section 4.1)."""
    if len(log) < 32:
        return []
    size = struct.unpack(">I", log[8:12])[0] + 24
    salt, ends = log[16:24], []
    for start in range(32, len(log) - size + 1, size):
        if log[start + 8 : start + 16] != salt:
            break
        if struct.unpack(">I", log[start + 4 : start + 8])[0]:
            ends.append(start + size)
    return ends


def print_twice(_: Path) -> None:
    """Put every job on paper twice, as a station would that tries again when it should ask."""
    finish = VirtualTransport.finish

    def again(self: VirtualTransport) -> Any:
        taken = bytes(self._taken)
        ending = finish(self)
        self._taken += taken
        return finish(self) if taken else ending

    VirtualTransport.finish = again  # type: ignore[method-assign]


def forget_the_rest_of_an_import(_: Path) -> None:
    """Throw away at a start what an import that counts had still to bring."""

    def forget(self: Staging) -> tuple[Unfinished, ...]:
        for (number,) in self.db.rows("SELECT id FROM staged_imports"):
            while self.drop_some(number):
                pass
        return ()

    Staging.take_up = forget  # type: ignore[method-assign]


FAULTS: dict[str, Callable[[Path], None]] = {
    "answer-before-the-commit": answer_before_the_commit,
    "lose-the-last-commit": lose_the_last_commit,
    "print-twice": print_twice,
    "forget-the-rest-of-an-import": forget_the_rest_of_an_import,
}


def launch(arguments: Sequence[str]) -> int:
    """Put the fault in and run the command line."""
    fault, *command = arguments
    FAULTS[fault](Path(command[command.index("--data") + 1]))
    return main(command)


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
