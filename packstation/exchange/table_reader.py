"""First rows of a shop file, read in a limited process: for choosing how it is to be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from packstation.exchange.limited_child import Cancelled, LimitedChild
from packstation.exchange.table_limits import WALL_S
from packstation.exchange.table_rows import Cell, Reading, TableRow

__all__ = ["Cancelled", "Cell", "Progress", "Reading", "TableReader", "TableRow"]

Progress = Callable[[int], None]
"""Told the rows read so far, from the thread that reads."""


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
        self._child = LimitedChild("table_child", path.name, cancelled=cancelled, wall_s=wall_s)

    def __enter__(self) -> TableReader:
        self._child.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.__exit__(kind, error, trace)

    def readings(self) -> tuple[Reading, ...]:
        """Return the ways to read this file; blocks until the child has looked at all of it once.

        Raises:
            ImportFileError: The file is refused.
        """
        self._child.tell(self._job)
        answer = self._child.hear()
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
        self._child.tell(
            {
                "reading": reading,
                "after": after,
                "width": width,
                "columns": [*columns],
                "quoted": quoted,
            }
        )
        count = 0
        while "done" not in (answer := self._child.hear()):
            rows: list[TableRow] = answer["rows"]
            count += len(rows)
            yield from rows
            if progress is not None:
                progress(count)
