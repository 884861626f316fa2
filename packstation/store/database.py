"""One SQLite file, opened so that an acknowledged commit survives a power cut.

WAL with synchronous=FULL, read back and checked; own transactions (BEGIN IMMEDIATE); every error
of the library translated once into a StoreError with a cure. After an I/O error or a failed
commit nothing the file says can be trusted until it was opened anew: a second fsync may report
success for pages the first one lost.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.errors import StoreError

if TYPE_CHECKING:
    import sqlite3
else:
    from pysqlite3 import dbapi2 as sqlite3

DATABASE_NAME = "packstation.db"
OLDEST_SQLITE = (3, 51, 3)
"""The first release without the WAL-reset corruption race (sqlite.org, release 3.51.3)."""
LOCK_WAIT_S = 5.0
"""How long another program (backup, virus scanner) may hold the file before we give up."""

_NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "davfs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"smb2", "smb3", "smbfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone"}
)
_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
_CACHE_KIB, _BULK_CACHE_KIB = -2_000, -64_000
"""SQLite counts pages when positive, KiB when negative. 8 MB were no faster at 100,000 orders."""
_LOG_PAGES = 16_384
"""64 MB: the checkpointer is long there before; a commit does it only when that has failed."""

_ERRORS: dict[int, tuple[str, str, str]] = {
    3: ("store.no_access", "may not be used", "Check who owns the data folder and its rights."),
    5: ("store.locked", "is locked by another program", "Close the other program and try again."),
    6: ("store.locked", "is locked by another program", "Close the other program and try again."),
    7: ("store.no_memory", "needs more memory than there is", "Close other programs."),
    8: ("store.read_only", "cannot be written", "Check the rights of the data folder."),
    10: (
        "store.io_error",
        "could not be read or written: the disk reports an error",
        "Stop packing, call support, and start again on a sound disk.",
    ),
    11: ("store.corrupt", "is damaged", "Stop packing and restore the last backup."),
    13: (
        "store.disk_full",
        "cannot grow: the disk is full",
        "Stop packing, free some space, then start again.",
    ),
    14: (
        "store.no_access",
        "cannot be opened",
        "Check that the data folder exists and its rights.",
    ),
    19: ("store.conflict", "holds something that this would contradict", "Nothing was written."),
    26: ("store.corrupt", "is not a PackStation database", "Restore the last backup."),
}
_FATAL = frozenset({"store.io_error", "store.corrupt"})


def translated(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the StoreError for an error of the library."""
    number = getattr(error, "sqlite_errorcode", None)
    primary = number & 0xFF if isinstance(number, int) else -1
    code, what, fix = _ERRORS.get(primary, ("store.failed", f"failed: {error}", "Start again."))
    detail = getattr(error, "sqlite_errorname", "") or type(error).__name__
    if code == "store.conflict":
        what = f"{what} ({error})"
    return StoreError(code, f"The database {path} {what}.", fix=fix, path=str(path), detail=detail)


def file_system_of(path: Path) -> str:
    """Return the type of the file system that holds a path, or an empty text."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    real, best, kind = os.path.realpath(path), "", ""
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        fields = line.split(" ")
        point = fields[1].replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def refuse_network(folder: Path) -> None:
    """Refuse a folder whose locks and fsync a server only pretends to keep.

    Raises:
        StoreError: ``store.network_path``.
    """
    remote = str(folder).startswith(("\\\\", "//"))
    if sys.platform == "win32":
        import ctypes

        remote = remote or ctypes.windll.kernel32.GetDriveTypeW(folder.resolve().anchor) == 4
    kind = file_system_of(folder)
    if remote or kind in _NETWORK_FILE_SYSTEMS:
        raise StoreError(
            "store.network_path",
            f"The data folder {folder} is on a network drive ({kind or 'share'}).",
            fix="Choose a folder on this machine's own disk.",
            path=str(folder),
        )


class Database:
    """The open file. One thread uses it at a time; reads may stand outside a transaction."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, set it up and read every setting back.

        Args:
            path: The database file; made with mode 0600 where there is none.
            read_only: Look beside a program that writes; nothing can be changed.

        Raises:
            StoreError: ``store.old_sqlite``, ``store.network_path``, ``store.settings`` or as
                translated from the library.
        """
        self.path = path
        self.read_only = read_only
        self.unusable: str | None = None
        """Code of the error after which the file must be opened anew."""
        self._in_tx = False
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                "store.old_sqlite",
                f"SQLite {sqlite3.sqlite_version} may damage databases in WAL mode.",
                fix="Install the program again: it brings a newer one.",
                version=sqlite3.sqlite_version,
            )
        refuse_network(path.parent)
        self.connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            if self.read_only:
                uri = f"{self.path.resolve().as_uri()}?mode=ro"
            else:
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
                uri = f"{self.path.resolve().as_uri()}?mode=rw"
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, timeout=LOCK_WAIT_S, check_same_thread=False
            )
        except OSError as error:
            raise StoreError(
                "store.no_access",
                f"The database {self.path} cannot be opened: {error.strerror}.",
                fix="Check that the data folder exists and its rights.",
                path=str(self.path),
            ) from error
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        try:
            self._set_up(connection)
        except sqlite3.Error as error:
            connection.close()
            raise translated(error, self.path) from error
        except UnicodeDecodeError as error:  # the library quotes a damaged page in its message
            connection.close()
            code, what, fix = _ERRORS[11]
            raise StoreError(
                code, f"The database {self.path} {what}.", fix=fix, path=str(self.path)
            ) from error
        except StoreError:
            connection.close()
            raise
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        if self.read_only:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA foreign_keys=ON")
            return
        for name, value in _SETTINGS.items():
            connection.execute(f"PRAGMA {name}={value}")
        connection.execute("PRAGMA journal_size_limit=67108864")
        connection.execute(f"PRAGMA cache_size={_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        for name, value in _SETTINGS.items():
            (found,) = connection.execute(f"PRAGMA {name}").fetchone()
            if found != value:
                raise StoreError(
                    "store.settings",
                    f"The database {self.path} keeps {name}={found} where {value} is needed.",
                    fix="Choose a data folder on a local disk.",
                    path=str(self.path),
                    setting=name,
                )

    def _failed(self, error: sqlite3.Error) -> StoreError:
        told = translated(error, self.path)
        if told.code in _FATAL:
            self.unusable = told.code
        return told

    def _ready(self) -> None:
        if self.unusable is not None:
            raise StoreError(
                "store.unusable",
                f"The database {self.path} failed before ({self.unusable}).",
                fix="Start the program again; it looks first what was really written.",
                cause=self.unusable,
            )

    @contextmanager
    def tx(self) -> Iterator[None]:
        """Run one transaction; everything in it is durable on leaving, or nothing is.

        Raises:
            StoreError: Nothing was written.
        """
        self._ready()
        assert not self._in_tx, "transactions do not nest"
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._failed(error) from error
        self._in_tx = True
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._in_tx = False

    def _commit(self) -> None:
        self._ready()
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            told = self._failed(error)
            self.unusable = told.code
            raise told from error

    def _roll_back(self) -> None:
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.unusable = translated(error, self.path).code

    @property
    def in_tx(self) -> bool:
        """True between BEGIN and COMMIT."""
        return self._in_tx

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one writing statement inside a transaction and return how many rows it touched."""
        assert self._in_tx, "writes stand inside tx()"
        self._ready()
        try:
            return self.connection.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one writing statement for many rows inside a transaction."""
        assert self._in_tx, "writes stand inside tx()"
        self._ready()
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return every row of a question."""
        self._ready()
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def row(self, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a question, or None."""
        self._ready()
        try:
            found: tuple[Any, ...] | None = self.connection.execute(
                sql,
                values,
            ).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return found

    def stream(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a question one by one; for walks over everything."""
        self._ready()
        try:
            yield from self.connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Keep more pages in memory while much is written, then give them back."""
        self.rows(f"PRAGMA cache_size={_BULK_CACHE_KIB}")
        try:
            yield
        finally:
            if self.unusable is None:
                self.rows(f"PRAGMA cache_size={_CACHE_KIB}")
                self.rows("PRAGMA shrink_memory")

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file and empty it."""
        give_up_at = time.monotonic() + LOCK_WAIT_S
        while self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0] and time.monotonic() < give_up_at:
            time.sleep(0.01)  # the checkpointer or a reader is about to end

    def checkpoint_beside(self) -> tuple[int, int, int]:
        """Bring what can be brought into the file without stopping anybody.

        Returns:
            1 where somebody stood in the way, pages in the log, pages brought over.
        """
        busy, pages, moved = self.rows("PRAGMA wal_checkpoint(PASSIVE)")[0]
        return busy, pages, moved

    def reopen(self) -> None:
        """Close and open the file anew after an error, and look whether it is sound.

        Raises:
            StoreError: ``store.corrupt`` or whatever still stands in the way.
        """
        self.close()
        self.connection = self._open()
        self.unusable = None
        self.check()

    def check(self) -> None:
        """Look whether the file is sound; reads all of it.

        Raises:
            StoreError: ``store.corrupt``.
        """
        found = self.rows("PRAGMA quick_check(1)")
        if found != [("ok",)]:
            self.unusable = "store.corrupt"
            raise StoreError(
                "store.corrupt",
                f"The database {self.path} is damaged: {found[0][0]}.",
                fix="Stop packing and restore the last backup.",
                path=str(self.path),
            )

    def close(self) -> None:
        """Close the file; a transaction left open is rolled back."""
        try:
            self.connection.close()
        except sqlite3.Error as error:
            raise self._failed(error) from error


def version() -> str:
    """Return the version of the SQLite that is in use."""
    return str(sqlite3.sqlite_version)
