"""Backups: a copy made in one step, which counts only once it was opened and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packstation.errors import StoreError
from packstation.store import migrations
from packstation.store.database import Database
from packstation.store.journal import Journal
from packstation.store.opening import BACKUPS_NAME, OpenStore


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy that was opened again and found whole.

    The keys are not in it: they are kept apart, or the copy would tell all.
    """

    path: Path
    entries: int
    """Journal entries in it."""
    head: str
    """Hash of its last entry, hex."""


def back_up(store: OpenStore, name: str, folder: Path | None = None) -> Backup:
    """Copy the database, open the copy and compare it; blocks for as long as the file is large.

    Raises:
        StoreError: ``store.backup_bad``: the copy is of no use and was removed; or the disk's.
    """
    path = migrations.back_up(store.db, folder or store.data_dir / BACKUPS_NAME, name)
    try:
        return check(store, path)
    except StoreError:
        path.unlink(missing_ok=True)
        raise


def check(store: OpenStore, path: Path) -> Backup:
    """Open a copy and compare it with the store it was made of.

    Raises:
        StoreError: ``store.backup_bad``.
    """
    import sqlite_utils  # slow to import, needed here only

    copy = Database(path, read_only=True)
    try:
        if copy.rows("PRAGMA integrity_check(1)") != [("ok",)]:
            raise _bad(path, "it is damaged")
        report = Journal(copy, store.keys["journal"].secret, "", 1).verify()
        if not report.clean or report.head is None:
            raise _bad(path, "its journal does not hold")
        here = sqlite_utils.Database(
            store.db.connection, execute_plugins=False, recursive_triggers=False
        )
        there = sqlite_utils.Database(
            copy.connection, execute_plugins=False, recursive_triggers=False
        )
        missing = set(here.table_names()) - set(there.table_names())
        if missing:
            raise _bad(path, f"it lacks {', '.join(sorted(missing))}")
        row = store.db.row("SELECT hash FROM journal WHERE seq = ?", (report.head.seq,))
        if row is None or row[0].hex() != report.head.digest:
            raise _bad(path, "its journal is another one")
        return Backup(path, report.entries, report.head.digest)
    finally:
        copy.close()


def _bad(path: Path, why: str) -> StoreError:
    return StoreError(
        "store.backup_bad",
        f"The backup {path} is of no use: {why}.",
        fix="Make another one, on another disk if it happens again.",
        path=str(path),
        why=why,
    )
