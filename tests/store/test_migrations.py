from __future__ import annotations

from pathlib import Path

import pytest

from packstation.errors import StoreError
from packstation.store import migrations
from packstation.store.database import DATABASE_NAME, Database
from packstation.store.migrations import MIGRATIONS, Migration, migrate, newest, version_of
from tests.store.builders import opened, order, parsed

NEXT = Migration(4, "a column", ("ALTER TABLE bags ADD COLUMN note TEXT",))
BROKEN = Migration(4, "broken", (*NEXT.statements, "INSERT INTO nowhere VALUES (1)"))


def version_1(folder: Path) -> Path:
    """Make a database as version 1 writes it, with an order in it; for later versions' tests."""
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    store.close()
    return folder / DATABASE_NAME


def test_a_new_database_has_the_newest_form(folder: Path) -> None:
    path = version_1(folder)
    db = Database(path)
    assert version_of(db) == newest() == 3
    assert migrate(db, folder) == ()
    db.close()


def test_every_table_is_strict(folder: Path) -> None:
    db = Database(version_1(folder))
    rows = db.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    )
    assert [name for name, strict in rows if not strict and not name.startswith("sqlite_")] == []
    db.close()


def test_a_newer_database_is_refused_and_left_alone(folder: Path) -> None:
    path = version_1(folder)
    db = Database(path)
    with db.tx():
        db.run("PRAGMA user_version=4")
    db.checkpoint()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        opened(folder)
    assert caught.value.code == "store.newer_version"
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(folder: Path) -> None:
    folder.mkdir()
    db = Database(folder / DATABASE_NAME)
    with db.tx():
        db.run("CREATE TABLE theirs (a TEXT)")
        db.run("PRAGMA user_version=1")
    db.close()
    with pytest.raises(StoreError) as caught:
        opened(folder)
    assert caught.value.code in ("store.corrupt", "store.key_missing")


def test_a_step_backs_up_first_and_keeps_what_is_there(folder: Path) -> None:
    db = Database(version_1(folder))
    assert migrate(db, folder / "backups", (*MIGRATIONS, NEXT)) == ("a column",)
    assert version_of(db) == 4
    assert db.rows("SELECT count(*) FROM orders") == [(1,)]
    (backup,) = (folder / "backups").iterdir()
    old = Database(backup, read_only=True)
    assert version_of(old) == 3
    assert old.rows("SELECT count(*) FROM orders") == [(1,)]
    old.close()
    db.close()


def test_a_step_that_fails_leaves_the_old_form_whole(folder: Path) -> None:
    db = Database(version_1(folder))
    with pytest.raises(StoreError):
        migrate(db, folder / "backups", (*MIGRATIONS, BROKEN))
    assert version_of(db) == 3
    columns = [row[1] for row in db.rows("PRAGMA table_info(bags)")]
    assert "note" not in columns
    db.close()
    opened(folder).close()


def test_an_empty_file_after_a_kill_is_set_up_again(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE_NAME).touch()
    store = opened(folder)
    assert store.journal.head() is not None
    store.close()


def test_versions_are_in_order_and_never_reused() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    assert migrations.MIGRATIONS[0].name == "first"
