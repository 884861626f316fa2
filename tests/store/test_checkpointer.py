"""The write-ahead log is brought into the file beside the station, never inside its commits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from packstation.core.policy import Rules
from packstation.errors import StoreError
from packstation.store.checkpointer import Checkpointer
from packstation.store.database import Database
from packstation.store.keys import KeyPlace
from packstation.store.opening import open_store


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.005)


def filled(path: Path, rows: int) -> Database:
    db = Database(path)
    with db.tx():
        db.run("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        db.run_many("INSERT INTO words VALUES (?)", (("x" * 500,) for _ in range(rows)))
    return db


def test_a_commit_leaves_the_log_alone_however_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    db = filled(path, 12_000)
    assert path.stat().st_size < 100_000
    db.close()


def test_what_was_written_comes_into_the_file_without_the_station(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    db = filled(path, 4_000)
    checkpointer = Checkpointer(db, every_s=0.01)
    wait_until(lambda: path.stat().st_size > 2_000_000)
    with db.tx():  # nobody is stopped
        db.run("INSERT INTO words VALUES ('one more')")
    checkpointer.close()
    assert db.rows("SELECT count(*) FROM words") == [(4_001,)]
    assert db.unusable is None
    db.close()


def test_a_disk_that_fails_under_it_stops_the_station(tmp_path: Path) -> None:
    class Failing(Checkpointer):
        def _pass(self, db: Database) -> None:
            db.unusable = "store.io_error"
            raise StoreError("store.io_error", "The disk reports an error.")

    db = filled(tmp_path / "some.db", 10)
    checkpointer = Failing(db, every_s=0.01)
    wait_until(lambda: db.unusable == "store.io_error")
    checkpointer.close()
    db.close()


def test_an_open_store_has_one_and_ends_it(tmp_path: Path) -> None:
    store = open_store(tmp_path, Rules(), holder="test", key_place=KeyPlace.FILE)
    assert store.checkpointer is not None
    store.close()
    assert not store.checkpointer.running
