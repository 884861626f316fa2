"""Shop files become rows in a child process with limits; this side starts, watches and hears it.

A file from outside may crash or starve whatever parses it, so nothing of it is parsed here. The
child is killed on cancel and after ``WALL_S``; the program goes on with a clear sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from packstation.errors import ImportFileError
from packstation.exchange.table_limits import CPU_S, MEMORY_BYTES, WALL_S, too_large_inside

Cell = str | int | float | bool | Mapping[str, str]
"""Text, number or truth value as the file has it, ``{"at": ISO time}`` or ``{"bad": why}``."""
TableRow = tuple[int, int, Sequence[Cell]]
"""Row number as a spreadsheet shows it, missing cells (or a mark below 0), the chosen cells."""
Progress = Callable[[int], None]
"""Told the rows read so far, from the thread that reads."""
Cancelled = Callable[[], bool]
"""Asked from another thread, several times a second, whether to give up."""

_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a file: a text under one delimiter, or one visible sheet of a workbook."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """The first rows with their numbers; the headings are among them or the file is unknown."""


class TableReader:
    """One file opened in its own limited process; use it as a context."""

    def __init__(
        self,
        path: Path,
        *,
        encoding: str = "",
        sheets: Sequence[str] = (),
        cancelled: Cancelled | None = None,
        wall_s: float = WALL_S,
    ) -> None:
        """Keep what is needed; the process starts with the context.

        Args:
            path: The file.
            encoding: The encoding a shop has chosen, or empty to find out.
            sheets: Sheet names that are read instead of all others where they are present.
            cancelled: Asked several times a second; true kills the child.
            wall_s: Longest time for the whole file.
        """
        self.path = path
        self.encoding = ""
        """Encoding of a text file once opened; empty for a workbook."""
        self.sha256 = ""
        """Of the bytes that were read, in hex."""
        self._job = {"path": os.fspath(path.absolute()), "encoding": encoding, "sheets": [*sheets]}
        self._cancelled = cancelled
        self._deadline = time.monotonic() + wall_s
        self._stopped_for = ""
        self._over = threading.Event()

    def __enter__(self) -> TableReader:
        environment = dict(os.environ)
        root = os.fspath(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (root, environment.get("PYTHONPATH", "")))
        )
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "packstation.exchange.table_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
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

    def readings(self) -> tuple[Reading, ...]:
        """Return the ways to read this file; blocks until the child has looked at all of it once.

        Raises:
            ImportFileError: The file is refused.
        """
        self._tell(self._job)
        answer = self._hear()
        self.encoding, self.sha256 = str(answer["encoding"]), str(answer["sha256"])
        return tuple(
            Reading(
                str(reading["name"]),
                tuple((int(number), tuple(cells)) for number, cells in reading["rows"]),
            )
            for reading in answer["readings"]
        )

    def rows(
        self,
        reading: str,
        *,
        after: int,
        width: int,
        columns: Sequence[int],
        quoted: bool = True,
        progress: Progress | None = None,
    ) -> Iterator[TableRow]:
        """Yield the chosen columns of every row that is not blank.

        Args:
            reading: Name of the chosen reading.
            after: Number of the headings' row; rows up to it are left out.
            width: Count of headings, to tell short and overlong rows.
            columns: Which cells to send, from 0.
            quoted: Whether quotation marks enclose cells; some files mean them literally.
            progress: Told the rows read so far.

        Raises:
            ImportFileError: The file is refused, too large inside, too slow, or was cancelled.
        """
        self._tell(
            {
                "reading": reading,
                "after": after,
                "width": width,
                "columns": [*columns],
                "quoted": quoted,
            }
        )
        count = 0
        while "done" not in (answer := self._hear()):
            rows: list[TableRow] = answer["rows"]
            count += len(rows)
            yield from rows
            if progress is not None:
                progress(count)

    def _tell(self, message: Mapping[str, object]) -> None:
        pipe = self._child.stdin
        assert pipe is not None
        with contextlib.suppress(BrokenPipeError):  # hearing the child says why it is gone
            pipe.write(json.dumps(message).encode("ascii") + b"\n")
            pipe.flush()

    def _hear(self) -> dict[str, Any]:
        pipe = self._child.stdout
        assert pipe is not None
        line = pipe.readline()
        if self._stopped_for == "cancelled":
            raise ImportFileError(
                "import.cancelled",
                f"Reading {self.path.name} was cancelled; nothing was imported.",
                file=self.path.name,
            )
        if not line.endswith(b"\n"):
            raise self._gone()
        answer: dict[str, Any] = json.loads(line)
        refused = answer.get("refused")
        if refused is not None:
            message = "".join(sign if sign.isprintable() else "?" for sign in refused["message"])
            raise ImportFileError(refused["code"], message, fix=refused["fix"], **refused["facts"])
        return answer

    def _gone(self) -> ImportFileError:
        """Return the refusal for a child that ended without a last word."""
        name = self.path.name
        if self._stopped_for == "wall":
            return ImportFileError(
                "import.too_slow",
                f"{name} took too long to read and was given up; nothing was imported.",
                fix="Export fewer orders at a time, or export them as CSV.",
                file=name,
            )
        self._child.wait()
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
