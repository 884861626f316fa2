"""One program holds a data folder: a lock file that the system itself lets go when it dies."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packstation.errors import StoreError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = "station.lock"
_LOCK_BYTE = 1 << 20
"""Windows locks a byte range against reading too, so it lies far behind the text."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a data folder."""

    name: str
    """What it is: ``window``, ``sync`` …"""
    pid: int
    since: str
    """ISO 8601, UTC."""


class Hold:
    """The held folder; let go by ``release`` or by the end of the process."""

    def __init__(self, descriptor: int) -> None:
        """Keep the descriptor that carries the lock."""
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let the folder go; may be called twice."""
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, 0)
        if sys.platform == "win32":
            os.lseek(self._descriptor, _LOCK_BYTE, os.SEEK_SET)
            msvcrt.locking(self._descriptor, msvcrt.LK_UNLCK, 1)
        os.close(self._descriptor)
        self._descriptor = None


def holder_of(data_dir: Path) -> Holder | None:
    """Return who holds a folder by its lock file's text, or None; says nothing of a dead one."""
    try:
        text = (data_dir / LOCK_NAME).read_text(encoding="utf-8")
        found = json.loads(text)
        return Holder(str(found["name"]), int(found["pid"]), str(found["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hold(data_dir: Path, name: str) -> Hold:
    """Take a data folder for the one program that changes things.

    Args:
        data_dir: The folder; made with mode 0700 where there is none.
        name: What is taking it, told to whoever comes second.

    Raises:
        StoreError: ``store.held`` names the holder; ``store.no_access``.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        data_dir.chmod(0o700)
        descriptor = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(
            "store.no_access",
            f"The data folder {data_dir} cannot be used: {error.strerror}.",
            fix="Check its rights, or choose another folder with --data.",
            path=str(data_dir),
        ) from error
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCK_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        found = holder_of(data_dir)
        who = f"{found.name} (process {found.pid})" if found else "another program"
        raise StoreError(
            "store.held",
            f"The data folder {data_dir} is in use by {who}.",
            fix="Close that program first; one program at a time may change things.",
            path=str(data_dir),
            holder=found.name if found else "",
            pid=found.pid if found else 0,
            since=found.since if found else "",
        ) from error
    now = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"name": name, "pid": os.getpid(), "since": now}).encode()
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text)
    return Hold(descriptor)
