"""Folders whose new files are imported by themselves; nothing in them is moved or deleted.

A look is a list of names, sizes and times, every other second. A file is taken when it has been
still for two looks and nobody has it open for writing. What was imported is known again by its
SHA-256, which the store keeps with every import; what was refused is left alone until it changes.
The halves of a pair may come one after the other.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packstation.app.import_run import Taken
from packstation.core.orders import ShopKey
from packstation.errors import DataFileError, ImportFileError, PackStationError

log = logging.getLogger(__name__)

EVERY_S = 2.0
"""Between two looks."""
STILL_LOOKS = 2
"""So many looks in a row a file must have been as it is."""
OTHER_HALF_S = 600.0
"""How long one half of a pair waits for the other."""
AGAIN_S = 600.0
"""After a failure of ours (a full disk …) a file is tried again."""
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".json", ".jsonl"})
_HALF = "import.other_file_missing"
_CHUNK = 1 << 20

State = tuple[int, int]
"""Size in bytes and time of the last change in ns."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What became of files that came by themselves."""

    shop: ShopKey
    files: tuple[str, ...]
    """Names without their folder; empty where the folder itself is the matter."""
    taken: Taken | None = None
    """None = refused."""
    error: PackStationError | None = None


@dataclass(slots=True)
class _File:
    """One file of a watched folder as it was seen last."""

    state: State
    looks: int = 0
    """Looks in a row at which it was the same."""
    settled: bool = False
    """Imported or refused; left alone until it changes."""
    half_since: float | None = None
    """Since when it waits for its other half."""
    half: ImportFileError | None = None
    not_before: float = 0.0


@dataclass(slots=True)
class _Folder:
    shop: ShopKey
    path: Path
    files: dict[str, _File] = field(default_factory=dict)
    missing: bool = False
    """Whether it was said that the folder is not there."""


class WatchFolder:
    """Looks at the folders of every shop; ``look`` is one round, ``start`` does it by itself."""

    def __init__(
        self,
        folders: Mapping[ShopKey, Path],
        *,
        take: Callable[[Sequence[Path], ShopKey], Taken],
        known: Callable[[str], bool],
        tell: Callable[[Watched], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look at nothing yet.

        Args:
            folders: Shop → its folder; of two shops with one folder the first has it.
            take: Imports files; blocks.
            known: SHA-256 in hex → whether such a file was imported before.
            tell: Told every import and every refusal, in the watcher's thread.
            clock: Seconds, monotonic.
        """
        first: dict[Path, ShopKey] = {}
        for shop, path in folders.items():
            first.setdefault(path, shop)
        self._folders = [_Folder(shop, path) for path, shop in first.items()]
        self._take = take
        self._known = known
        self._tell = tell
        self._clock = clock
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look every ``EVERY_S``, in a thread of its own, until it is closed."""
        if self._folders:
            self._thread = threading.Thread(target=self._run, name="watch_folder", daemon=True)
            self._thread.start()

    def close(self, *, timeout_s: float = 30.0) -> None:
        """End; an import under way must have been cancelled before."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.look()
            except Exception:  # the door of every worker: one bad look must not end all
                log.exception("a watched folder failed")

    def look(self) -> None:
        """Look once at every folder and take what is ready."""
        for folder in self._folders:
            if self._seen(folder):
                self._take_ready(folder)

    def _seen(self, folder: _Folder) -> bool:
        """Note names, sizes and times; False where the folder is not there."""
        found: dict[str, State] = {}
        try:
            with os.scandir(folder.path) as entries:
                for entry in entries:
                    if _is_export(entry.name) and entry.is_file(follow_symlinks=False):
                        about = entry.stat(follow_symlinks=False)
                        found[entry.name] = (about.st_size, about.st_mtime_ns)
        except OSError as error:
            if not folder.missing:
                folder.missing = True
                told = DataFileError(
                    "settings.bad_value",
                    f"The watched folder of shop {folder.shop} cannot be read: {error.strerror}.",
                    fix="Correct watch_folder in the settings, or make the folder.",
                    key=f"shops.{folder.shop}.watch_folder",
                )
                self._tell(Watched(folder.shop, (), error=told))
            return False
        folder.missing = False
        for name in folder.files.keys() - found.keys():
            del folder.files[name]
        for name, state in found.items():
            file = folder.files.get(name)
            if file is None or file.state != state:
                folder.files[name] = _File(state)
            else:
                file.looks += 1
        return True

    def _take_ready(self, folder: _Folder) -> None:
        now = self._clock()
        for name in sorted(folder.files):
            file = folder.files[name]
            if self._stop.is_set():
                return
            if file.half_since is not None:
                if now - file.half_since >= OTHER_HALF_S:
                    self._refuse(folder, (name,), file.half)
            elif not file.settled and file.looks >= STILL_LOOKS and now >= file.not_before:
                self._try(folder, name)

    def _try(self, folder: _Folder, name: str) -> None:
        path, file = folder.path / name, folder.files[name]
        if file.state[0] == 0 or being_written(path):
            return
        digest = _digest(path)
        if digest is None:
            return
        if self._known(digest):
            file.settled = True
            return
        error = self._import(folder, (name,))
        if isinstance(error, ImportFileError) and error.code == _HALF:
            self._pair(folder, name, error)
        elif error is not None:
            self._refuse(folder, (name,), error)

    def _pair(self, folder: _Folder, name: str, half: ImportFileError) -> None:
        """Try a half with every half that waits; where none fits it waits too."""
        for other in [n for n, one in folder.files.items() if one.half_since is not None]:
            error = self._import(folder, (other, name))
            if error is None:
                return
            if not isinstance(error, ImportFileError) or error.code != "import.files_do_not_belong":
                self._refuse(folder, (other, name), error)
                return
        file = folder.files[name]
        file.half_since, file.half = self._clock(), half

    def _import(self, folder: _Folder, names: tuple[str, ...]) -> PackStationError | None:
        """Import files; returns why not."""
        try:
            taken = self._take([folder.path / name for name in names], folder.shop)
        except PackStationError as error:
            return error
        for name in names:
            file = folder.files[name]
            file.settled, file.half_since = True, None
        self._tell(Watched(folder.shop, names, taken))
        return None

    def _refuse(
        self, folder: _Folder, names: tuple[str, ...], error: PackStationError | None
    ) -> None:
        if error is not None and error.code == "import.cancelled":
            return  # the program ends
        ours = not isinstance(error, ImportFileError | DataFileError)
        for name in names:
            file = folder.files[name]
            file.settled, file.half_since = not ours, None
            file.not_before = self._clock() + AGAIN_S
        self._tell(Watched(folder.shop, names, error=error))


def _is_export(name: str) -> bool:
    """Whether a name is that of a whole table, not of a lock, a part or a hidden file.

    >>> _is_export("orders.CSV"), _is_export("~$orders.xlsx"), _is_export("orders.csv.part")
    (True, False, False)
    """
    return not name.startswith((".", "~")) and os.path.splitext(name)[1].lower() in SUFFIXES


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_CHUNK):
                digest.update(block)
    except OSError:
        return None  # gone, or held: the next look tells
    return digest.hexdigest()


def being_written(path: Path) -> bool:
    """Whether some program has a file open for writing, as far as the system tells; else False."""
    if sys.platform == "linux":
        import fcntl

        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            return True
        try:
            # A read lease is granted only while nobody has the file open for writing. Whoever
            # opens it in this moment sends a signal: one that does not end the program.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return error.errno in (errno.EAGAIN, errno.EACCES)
        finally:
            os.close(descriptor)
    elif sys.platform == "win32":
        try:
            os.rename(path, path)  # refused while it is open without leave to rename
        except OSError:
            return True
    return False
