"""Brings the write-ahead log into the database file beside the station's own room.

SQLite does that inside the commit that fills 1,000 pages: measured 160-210 ms, every twelve
parcels, while a packer waits for the label. A second connection does it without stopping
anybody: whoever writes goes on behind it. What a commit promises is untouched, since that is
durable in the log already.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from packstation.errors import StoreError
from packstation.store.database import Database

log = logging.getLogger(__name__)

EVERY_S = 2.0
"""How often the log is looked at; where nothing was written that is one look at the file."""
END_S = 30.0


class Checkpointer:
    """A thread with a connection of its own; opened at its first work."""

    def __init__(self, station: Database, *, every_s: float = EVERY_S) -> None:
        """Start.

        Args:
            station: The connection that writes; told when the disk fails under this one.
            every_s: See EVERY_S.
        """
        self._station = station
        self._every_s = every_s
        self._stop = threading.Event()
        self._done: tuple[int, int] | None = None
        self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """True until it was closed, or has given up."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End the thread; a pass under way is finished."""
        self._stop.set()
        self._thread.join(END_S)

    def _run(self) -> None:
        db: Database | None = None
        try:
            while not self._stop.wait(self._every_s):
                # The station stands still after an error: leave the file as it is.
                if self._station.unusable is not None:
                    return
                if self._state() == self._done:
                    continue
                db = db or Database(self._station.path)
                self._pass(db)
        except StoreError as error:
            log.warning("checkpoint failed", extra={"code": error.code})
            if db is not None and db.unusable is not None:
                self._station.unusable = db.unusable
        finally:
            if db is not None:
                db.close()

    def _pass(self, db: Database) -> None:
        before = self._state()
        busy, pages, moved = db.checkpoint_beside()
        # Less than all was moved while a reader stood in the way: look again next time.
        self._done = before if not busy and pages == moved else None

    def _state(self) -> tuple[int, int]:
        """Return size and time of the log file; something was written when they have changed."""
        try:
            found = os.stat(_log_of(self._station.path))
        except OSError:
            return 0, 0
        return found.st_size, found.st_mtime_ns


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
