"""Opens a data folder: for the one program that changes things, or to look beside it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packstation.core import store_facts
from packstation.core.policy import Rules
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import migrations
from packstation.store.anchor import Anchor, read_anchor, set_aside
from packstation.store.checkpointer import Checkpointer
from packstation.store.database import DATABASE_NAME, Database
from packstation.store.import_publish import Imports
from packstation.store.import_staging import Staging, Unfinished
from packstation.store.journal import Journal, boot_id
from packstation.store.keys import Key, KeyPlace, exists, make_key, read_key
from packstation.store.label_files import LabelFiles
from packstation.store.lock_file import Hold, hold
from packstation.store.order_index import OrderIndex
from packstation.store.outbox import Outbox
from packstation.store.people import KEEP_DAYS, PeopleVault
from packstation.store.print_batches import PrintBatches
from packstation.store.print_ledger import SqlitePrintLedger
from packstation.store.recorder import Recorder
from packstation.store.station_store import SqliteStationStore

log = logging.getLogger(__name__)

MARKER_NAME = "running"
"""There while a program has the folder open for writing: found at a start, it did not end well."""
BACKUPS_NAME = "backups"
CATCH_UP = 2000
"""Orders whose rows in the lists are caught up at a start; what is left waits for ``work_off``."""


def system_clock() -> Stamp:
    """Return the time of now."""
    return Stamp(datetime.now(UTC), time.monotonic_ns() // 1000)


@dataclass(slots=True)
class OpenStore:
    """One open data folder. Everything in it is used in the room ``store`` only."""

    data_dir: Path
    db: Database
    journal: Journal
    people: PeopleVault
    recorder: Recorder
    station: SqliteStationStore
    ledger: SqlitePrintLedger
    batches: PrintBatches
    imports: Imports
    label_files: LabelFiles
    staging: Staging
    outbox: Outbox
    index: OrderIndex
    keys: dict[str, Key]
    resumed: bool
    """True when the program before did not end in order."""
    clock: Callable[[], Stamp]
    hold: Hold | None = None
    anchor: Anchor | None = None
    checkpointer: Checkpointer | None = None
    unfinished: tuple[Unfinished, ...] = ()
    """Imports that the program before did not bring to their end."""

    def close(self) -> None:
        """Bring the log into the file, note the orderly end, let the folder go."""
        if self.hold is None:
            self.db.close()
            return
        if self.checkpointer is not None:
            self.checkpointer.close()
        try:
            if self.db.unusable is None:
                self.db.checkpoint()
        except StoreError as error:
            log.warning("closed without a checkpoint", extra={"code": error.code})
        finally:
            self.db.close()
            if self.anchor is not None:
                self.anchor.close()
            if self.db.unusable is None:
                (self.data_dir / MARKER_NAME).unlink(missing_ok=True)
            self.hold.release()


def _mark(data_dir: Path) -> bool:
    """Leave the marker of a running program; True when one was there."""
    path = data_dir / MARKER_NAME
    found = path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, f"{os.getpid()} {boot_id()}\n".encode("ascii"))
    os.close(descriptor)
    return found


def _journal_of(db: Database, key: bytes) -> Journal:
    meta = dict(db.rows("SELECT name, value FROM meta"))
    return Journal(db, key, meta["station_id"], int(meta["station_epoch"]))


def open_store(
    data_dir: Path,
    rules: Rules,
    *,
    holder: str,
    key_place: KeyPlace = KeyPlace.KEYRING,
    clock: Callable[[], Stamp] = system_clock,
    keep_days: int = KEEP_DAYS,
) -> OpenStore:
    """Open a data folder to change things; made where there is none.

    Print jobs that were being sent when the last program died are called unknown, and print
    batches wait for somebody to say which label was the last good one.

    Args:
        data_dir: The folder.
        rules: What the shop has set.
        holder: What opens it, told to whoever comes second: ``window``, ``scan`` …
        key_place: Where new keys are put.
        clock: For entries of the store's own.
        keep_days: How long people's data stays.

    Raises:
        StoreError: ``store.held`` names who has it open; or why it cannot be opened.
    """
    held = hold(data_dir, holder)
    db: Database | None = None
    try:
        db = Database(data_dir / DATABASE_NAME)
        new = migrations.check(db) == 0
        keys = {
            name: make_key(data_dir, name, key_place)
            if new and not exists(data_dir, name)
            else read_key(data_dir, name)
            for name in ("journal", "people")
        }
        migrations.migrate(db, data_dir / BACKUPS_NAME)
        _look_at_the_end(data_dir, _journal_of(db, keys["journal"].secret))
        opened = _assemble(data_dir, db, rules, keys, clock, keep_days, Anchor(data_dir))
        opened.hold = held
        opened.resumed = _mark(data_dir)
        if opened.resumed:
            db.check()
        _first_entries(opened)
        opened.index.use_rules(rules)
        opened.ledger.settle_interrupted()
        opened.batches.settle_interrupted()
        opened.unfinished = opened.staging.take_up()
        opened.index.work_off(CATCH_UP)
        opened.checkpointer = Checkpointer(db)
    except BaseException:
        if db is not None:
            db.close()
        held.release()
        raise
    return opened


def _look_at_the_end(data_dir: Path, journal: Journal) -> None:
    """Keep the proof where the journal lacks what was written before: a cut tail, an old copy."""
    anchor = read_anchor(data_dir)
    if anchor is not None and journal.digest_of(anchor.seq) != anchor.digest:
        log.error("the journal lacks its end", extra={"seq": anchor.seq})
        set_aside(data_dir)


def _first_entries(opened: OpenStore) -> None:
    first: store_facts.StoreFact
    if opened.journal.head() is None:
        first = store_facts.StoreCreated(opened.journal.station_id)
    elif opened.resumed:
        log.warning("resumed after interruption", extra={"path": str(opened.data_dir)})
        first = store_facts.StoreResumed("the program before did not end in order")
    else:
        return
    with opened.recorder.tx():
        opened.recorder.write((first,), opened.clock())


def open_reader(data_dir: Path, rules: Rules) -> OpenStore:
    """Open a data folder to look, beside the program that holds it; nothing can be changed.

    Raises:
        StoreError: ``store.no_data`` where there is none.
    """
    path = data_dir / DATABASE_NAME
    if not path.exists():
        raise StoreError(
            "store.no_data",
            f"There is nothing in the data folder {data_dir} yet.",
            fix="Import a file first, or choose another folder with --data.",
            path=str(data_dir),
        )
    db = Database(path, read_only=True)
    try:
        migrations.check(db)
        keys = {name: read_key(data_dir, name) for name in ("journal", "people")}
        return _assemble(data_dir, db, rules, keys, system_clock, KEEP_DAYS, None)
    except BaseException:
        db.close()
        raise


def _assemble(
    data_dir: Path,
    db: Database,
    rules: Rules,
    keys: dict[str, Key],
    clock: Callable[[], Stamp],
    keep_days: int,
    anchor: Anchor | None,
) -> OpenStore:
    journal = _journal_of(db, keys["journal"].secret)
    people = PeopleVault(db, keys["people"].secret)
    recorder = Recorder(db, journal, anchor)
    index = OrderIndex(db, rules)
    if anchor is not None:
        recorder.index = index
    imports = Imports(recorder, people, clock, keep_days=keep_days)
    staging = Staging(recorder, people, imports)
    station = SqliteStationStore(recorder, people, rules)
    station.arrivals = staging.pull
    return OpenStore(
        data_dir=data_dir,
        db=db,
        journal=journal,
        people=people,
        recorder=recorder,
        station=station,
        ledger=SqlitePrintLedger(recorder, people, clock),
        batches=PrintBatches(recorder, station, clock),
        imports=imports,
        label_files=LabelFiles(recorder, people, station, clock, keep_days=keep_days),
        staging=staging,
        outbox=Outbox(db),
        index=index,
        keys=keys,
        resumed=False,
        clock=clock,
        anchor=anchor,
    )
