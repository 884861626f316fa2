"""What the program looks at when it starts and when the doctor is asked: one finding a matter."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packstation.core.reports import Finding
from packstation.store import database, migrations
from packstation.store.anchor import LOST_NAME, read_anchor
from packstation.store.database import DATABASE_NAME
from packstation.store.journal import at_of
from packstation.store.keys import ALLOWED_BACKENDS, KeyPlace, backend_name, key_file
from packstation.store.lock_file import holder_of
from packstation.store.opening import OpenStore

EARLY_WARNING_BYTES = 2_000_000_000
TOO_LITTLE_BYTES = 500_000_000
BUILT_AT = datetime(2026, 8, 1, tzinfo=UTC)
"""No clock that is right says less; moved on with each release."""
_CLOCK_SLACK = timedelta(seconds=5)


def self_check(store: OpenStore, now: datetime) -> list[Finding]:
    """Look at everything; some hundred milliseconds, more where the database is large.

    Args:
        store: Open for writing or to look.
        now: Aware.
    """
    checks: tuple[Callable[[], Finding], ...] = (
        _sqlite,
        lambda: _form(store),
        lambda: free_space(store.data_dir),
        lambda: clock(store, now),
        lambda: _keys(store),
        lambda: _sound(store),
        lambda: _strict(store),
        lambda: _tail(store),
        lambda: _rights(store.data_dir),
        lambda: _holder(store),
        lambda: _resumed(store),
        lambda: _retention(store, now),
    )
    return [check() for check in checks]


def _sqlite() -> Finding:
    oldest = ".".join(map(str, database.OLDEST_SQLITE))
    return Finding("sqlite_version", "ok", f"SQLite {database.version()} (needed: {oldest}).")


def _form(store: OpenStore) -> Finding:
    form = migrations.version_of(store.db)
    mode = store.db.rows("PRAGMA journal_mode")[0][0]
    level = "ok" if mode == "wal" else "error"
    return Finding("database", level, f"Database of form {form}, journal mode {mode}.")


def free_space(folder: Path) -> Finding:
    """Tell whether the disk has room for a shift."""
    free = shutil.disk_usage(folder).free
    told = f"{free // 1_000_000} MB free where the data lies."
    if free < TOO_LITTLE_BYTES:
        return Finding("free_space", "error", told, "Free some space before packing.")
    if free < EARLY_WARNING_BYTES:
        return Finding("free_space", "warning", told, "Free some space soon.")
    return Finding("free_space", "ok", told)


def clock(store: OpenStore, now: datetime) -> Finding:
    """Tell whether the machine's date can be right: a receipt must not be dated wrongly."""
    row = store.db.row("SELECT utc_us FROM journal ORDER BY seq DESC LIMIT 1")
    last = at_of(row[0]) if row else BUILT_AT
    floor = max(last - _CLOCK_SLACK, BUILT_AT)
    if now < floor:
        return Finding(
            "clock",
            "error",
            f"The clock says {now:%Y-%m-%d %H:%M}, before {floor:%Y-%m-%d %H:%M} UTC.",
            "Set the clock right; hand nothing over before that.",
        )
    return Finding("clock", "ok", f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def _keys(store: OpenStore) -> Finding:
    if all(key.place is KeyPlace.KEYRING for key in store.keys.values()):
        return Finding("keys", "ok", "The keys lie in the system's key store.")
    backend = backend_name()
    offered = "is allowed" if backend in ALLOWED_BACKENDS else "is not allowed"
    paths = ", ".join(str(key_file(store.data_dir, name)) for name in store.keys)
    return Finding(
        "keys",
        "warning",
        f"The keys lie in files: {paths}. The key store {backend} {offered}.",
        "Whoever can read these files can read people's data.",
    )


def _sound(store: OpenStore) -> Finding:
    found = store.db.rows("PRAGMA quick_check(1)")
    if found == [("ok",)]:
        return Finding("database_sound", "ok", "The database is sound.")
    return Finding(
        "database_sound", "error", f"The database is damaged: {found[0][0]}.", "Restore a backup."
    )


def _tail(store: OpenStore) -> Finding:
    """Compare the journal's end with the head kept outside; the whole chain is for verify."""
    lost, head = read_anchor(store.data_dir, LOST_NAME), store.journal.head()
    anchor = lost or read_anchor(store.data_dir)
    if anchor is None or head is None:
        return Finding("journal", "warning", "No head of the journal is kept outside yet.")
    if store.journal.digest_of(anchor.seq) != anchor.digest:
        return Finding(
            "journal",
            "error",
            f"The journal lacks entry {anchor.seq} as it was written before.",
            "Entries were cut off, or an old copy was put in place. Call support.",
        )
    return Finding("journal", "ok", f"The journal has {head.seq} entries and its end is right.")


def _strict(store: OpenStore) -> Finding:
    import sqlite_utils  # slow to import, needed here only

    tables = sqlite_utils.Database(
        store.db.connection, execute_plugins=False, recursive_triggers=False
    )
    loose = [name for name in tables.table_names() if not tables.table(name).strict]
    if loose:
        return Finding("tables", "error", f"Tables without types: {', '.join(loose)}.")
    return Finding("tables", "ok", f"{len(tables.table_names())} tables, each with its types.")


def _rights(folder: Path) -> Finding:
    if sys.platform == "win32":
        return Finding("rights", "ok", "The data folder has the rights of its user.")
    wide = [
        path.name
        for path in (folder, folder / DATABASE_NAME, *folder.glob("*.key"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if wide:
        return Finding(
            "rights",
            "warning",
            f"Others may look at {', '.join(wide)}.",
            f"Run: chmod -R go= {folder}",
        )
    return Finding("rights", "ok", "Only its user may look into the data folder.")


def _holder(store: OpenStore) -> Finding:
    found = holder_of(store.data_dir)
    if found is None:
        return Finding("holder", "ok", "No other program has the data folder open.")
    return Finding("holder", "ok", f"Open in {found.name} (process {found.pid}).")


def _resumed(store: OpenStore) -> Finding:
    if store.resumed:
        return Finding("resumed", "warning", "Resumed after interruption; nothing to do.")
    return Finding("resumed", "ok", "The program before ended in order.")


def _retention(store: OpenStore, now: datetime) -> Finding:
    due = store.people.due(now.date())
    if due:
        return Finding(
            "people", "warning", f"People's data of {len(due)} days is due to be deleted."
        )
    return Finding("people", "ok", "No people's data is older than it may be.")
