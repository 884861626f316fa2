from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from packstation.errors import StoreError
from packstation.store import database
from packstation.store.database import Database


def a_database(tmp_path: Path) -> Database:
    db = Database(tmp_path / "a.db")
    with db.tx():
        db.run("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT) STRICT")
    return db


def test_every_setting_is_read_back(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    assert db.rows("PRAGMA journal_mode") == [("wal",)]
    assert db.rows("PRAGMA synchronous") == [(2,)]
    assert db.rows("PRAGMA foreign_keys") == [(1,)]
    assert db.rows("PRAGMA secure_delete") == [(1,)]
    db.close()


def test_a_setting_that_does_not_hold_refuses_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._SETTINGS, "journal_mode", "no_such_mode")
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "a.db")
    assert caught.value.code == "store.settings"


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "a.db")
    assert caught.value.code == "store.old_sqlite"


def test_only_its_user_may_read_the_file(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    for name in ("a.db", "a.db-wal"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    db.close()


def test_a_transaction_is_whole_or_not_at_all(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    with pytest.raises(StoreError), db.tx():
        db.run_many("INSERT INTO t VALUES (?, 'a')", [(1,), (2,), (1,)])
    assert db.rows("SELECT * FROM t") == []
    with db.tx():
        db.run("INSERT INTO t VALUES (1, 'a')")
    assert db.rows("SELECT * FROM t") == [(1, "a")]
    db.close()


def test_an_error_of_ours_rolls_back_too(tmp_path: Path) -> None:
    db = a_database(tmp_path)

    def fail() -> None:
        with db.tx():
            db.run("INSERT INTO t VALUES (1, 'a')")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert db.rows("SELECT * FROM t") == []
    assert db.unusable is None
    db.close()


def test_strict_tables_refuse_a_wrong_type(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    with pytest.raises(StoreError) as caught, db.tx():
        db.run("INSERT INTO t VALUES ('x', 'a')")
    assert caught.value.code in ("store.conflict", "store.failed")
    db.close()


def test_a_database_open_to_look_cannot_be_written(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    reader = Database(tmp_path / "a.db", read_only=True)
    with pytest.raises(StoreError) as caught, reader.tx():
        reader.run("INSERT INTO t VALUES (1, 'a')")
    assert caught.value.code == "store.read_only"
    assert reader.rows("SELECT * FROM t") == []
    reader.close()
    db.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write every file")
def test_a_file_without_rights_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"")
    path.chmod(0o000)
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.code == "store.no_access"


def test_a_folder_in_place_of_the_file_is_no_access(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "a.db")
    assert caught.value.code == "store.no_access"


def test_a_file_that_is_no_database_is_named_corrupt(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"<html>not a database</html>" * 200)
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "a.db")
    assert caught.value.code == "store.corrupt"
    assert caught.value.fix


def test_a_full_database_writes_nothing_and_says_so(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    db.rows("PRAGMA max_page_count=20")
    with pytest.raises(StoreError) as caught, db.tx():
        db.run("INSERT INTO t VALUES (1, ?)", ("x" * 200_000,))
    assert caught.value.code == "store.disk_full"
    db.rows("PRAGMA max_page_count=1000000")
    assert db.rows("SELECT count(*) FROM t") == [(0,)]
    db.close()


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from packstation.errors import StoreError
from packstation.store.database import Database

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
db = Database(Path(sys.argv[1]))
with db.tx():
    db.run("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT) STRICT")
size = (Path(sys.argv[1] + "-wal")).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, resource.RLIM_INFINITY))
done, codes = 0, []
for n in range(12):
    try:
        with db.tx():
            db.run("INSERT INTO t VALUES (?, ?)", (n, "x" * 3000))
        done += 1
    except StoreError as error:
        codes.append(error.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
db.reopen()
(count,) = db.row("SELECT count(*) FROM t")
print(done, count, *codes)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs file size limits")
def test_after_a_commit_that_failed_the_file_must_be_opened_anew(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path / "a.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    acknowledged, stored, first, *others = done.stdout.split()
    assert acknowledged == stored
    assert first in ("store.disk_full", "store.io_error")
    assert set(others) == {"store.unusable"}


def test_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "file_system_of", lambda path: "nfs4")
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "a.db")
    assert caught.value.code == "store.network_path"


def test_the_file_system_of_a_path_is_its_nearest_mount(tmp_path: Path) -> None:
    assert database.file_system_of(Path("/proc/self")) == "proc"
    assert database.file_system_of(tmp_path) not in ("", "proc")


def test_a_writer_that_stands_in_the_way_is_told_as_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.05)
    one, two = a_database(tmp_path), Database(tmp_path / "a.db")
    with one.tx():
        with pytest.raises(StoreError) as caught, two.tx():
            pass
        assert caught.value.code == "store.locked"
    with two.tx():
        two.run("INSERT INTO t VALUES (1, 'a')")
    one.close()
    two.close()
