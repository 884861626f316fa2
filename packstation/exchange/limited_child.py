"""A process in which a file from outside is opened: this side starts, watches and hears it.

Such a file may crash or starve whatever parses it, so nothing of it is parsed here. The child is
killed on cancel and after a time; the program goes on with a clear sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.table_limits import CPU_S, MEMORY_BYTES, too_large_inside

Cancelled = Callable[[], bool]
"""Asked from another thread, several times a second, whether to give up."""

_LOOK_S = 0.05
_PIPE_BYTES = 1 << 16


class LimitedChild:
    """One child process that answers in JSON lines; use it as a context."""

    def __init__(
        self, module: str, name: str, *, cancelled: Cancelled | None, wall_s: float
    ) -> None:
        """Keep what is needed; the process starts with the context.

        Args:
            module: What it runs, below ``packstation.exchange``.
            name: Name of the file or files, for messages.
            cancelled: Asked several times a second; true kills the child.
            wall_s: Longest time for everything, this side's own work included.
        """
        self._module = module
        self.name = name
        self._cancelled = cancelled
        self._deadline = time.monotonic() + wall_s
        self._stopped_for = ""
        self._over = threading.Event()

    def __enter__(self) -> LimitedChild:
        environment = dict(os.environ)
        root = os.fspath(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (root, environment.get("PYTHONPATH", "")))
        )
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", f"packstation.exchange.{self._module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=_PIPE_BYTES,
            env=environment,
        )
        self._watch = threading.Thread(target=self._watch_child, name="import-watch", daemon=True)
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._child.kill()
        self._watch.join()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # words the child never read
                    pipe.close()
        self._child.wait()

    def tell(self, message: Mapping[str, object]) -> None:
        """Send one line; whether it was taken shows in what is heard."""
        pipe = self._child.stdin
        assert pipe is not None
        with contextlib.suppress(BrokenPipeError):  # hearing the child says why it is gone
            pipe.write(json.dumps(message).encode("ascii") + b"\n")
            pipe.flush()

    def line(self) -> bytes:
        """Return the next line as it came.

        Raises:
            ImportFileError: The child is gone: cancelled, too slow, or over its limits.
        """
        pipe = self._child.stdout
        assert pipe is not None
        line = pipe.readline()
        if not line.endswith(b"\n") or self._stopped_for == "cancelled":
            raise self._gone()
        return line

    def read(self, size: int) -> bytes:
        """Return so many bytes as they came, behind a line that told how many there are.

        Raises:
            ImportFileError: As ``line``.
        """
        pipe = self._child.stdout
        assert pipe is not None
        content = pipe.read(size)
        if len(content) != size or self._stopped_for == "cancelled":
            raise self._gone()
        return content

    def hear(self) -> dict[str, Any]:
        """Return the next line's message.

        Raises:
            ImportFileError: The file is refused, or the child is gone.
            DataFileError: What the shop owner has set up is wrong.
        """
        return self.understood(self.line())

    def understood(self, line: bytes) -> dict[str, Any]:
        """Return a line's message; as ``hear``."""
        answer: dict[str, Any] = json.loads(line)
        refused = answer.get("refused")
        if refused is not None:
            message = "".join(sign if sign.isprintable() else "?" for sign in refused["message"])
            kind = DataFileError if refused.get("kind") == "settings" else ImportFileError
            raise kind(refused["code"], message, fix=refused["fix"], **refused["facts"])
        return answer

    def _gone(self) -> ImportFileError:
        """Return the refusal for a child that ended without a last word."""
        if not self._stopped_for:
            self._child.wait()
        return self.refusal(self._stopped_for)

    def refusal(self, why: str) -> ImportFileError:
        """Return what is said when the child is gone.

        Args:
            why: ``cancelled``, ``wall`` (it took too long), or empty: it broke its limits.
        """
        name = self.name
        if why == "cancelled":
            return ImportFileError(
                "import.cancelled",
                f"Reading {name} was cancelled; nothing was imported.",
                file=name,
            )
        if why == "wall":
            return ImportFileError(
                "import.too_slow",
                f"{name} took too long to read and was given up; nothing was imported.",
                fix="Export fewer orders at a time, or export them as CSV.",
                file=name,
            )
        limits = f"reading it takes more than {MEMORY_BYTES >> 20} MB of memory or {CPU_S} s"
        return too_large_inside(name, limits)

    def _watch_child(self) -> None:
        while not self._over.wait(_LOOK_S):
            if self._cancelled is not None and self._cancelled():
                self._stopped_for = "cancelled"
            elif time.monotonic() > self._deadline:
                self._stopped_for = "wall"
            if self._stopped_for:
                self._child.kill()
                return
