"""Rows of a text table (CSV, TSV), read strictly and as a stream inside the child."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from packstation.errors import ImportFileError
from packstation.exchange.table_limits import (
    FIELD_CHARACTERS,
    HEAD_ROWS,
    MAX_ROWS,
    too_large_inside,
)
from packstation.exchange.text_encoding import TextFacts

DELIMITERS = (",", "\t", ";")
"""What may part the cells; the one under which the headings are known is taken."""
_HEAD_CHARACTERS = 1 << 18


class TextTable:
    """One text file, offered once for each delimiter; the reader chooses by the headings."""

    def __init__(self, path: Path, facts: TextFacts) -> None:
        """Open nothing yet.

        Args:
            path: The file.
            facts: Its encoding, as ``examine`` found it.
        """
        self._path = path
        self._facts = facts
        csv.field_size_limit(FIELD_CHARACTERS)

    def heads(self) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
        """Yield each delimiter with the first rows as they look under it."""
        with self._open() as stream:
            text = stream.read(_HEAD_CHARACTERS)
        said = _separator_line(text)
        for delimiter in (said,) if said else DELIMITERS:
            yield delimiter, self._head(text, delimiter)

    def _head(self, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
        rows: list[tuple[int, list[str]]] = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, 1):
                if number > HEAD_ROWS:
                    break
                rows.append((number, cells))
        except csv.Error:
            pass  # the full reading says it with the row's number
        return rows

    def records(self, delimiter: str, *, quoted: bool) -> Iterator[tuple[int, list[str]]]:
        """Yield every record with its number: the first of the file is 1, blank ones count.

        Raises:
            ImportFileError: A cell is too long, a quotation mark is left open, or too many rows.
        """
        number = 0
        with self._open() as stream:
            reader = csv.reader(
                stream,
                delimiter=delimiter,
                quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
                strict=True,
            )
            try:
                for number, cells in enumerate(reader, 1):
                    if number > MAX_ROWS:
                        raise too_large_inside(
                            self._path.name, f"it has more than {MAX_ROWS:,} rows"
                        )
                    yield number, cells
            except csv.Error as error:
                raise self._broken(str(error), number + 1) from error

    @property
    def cut_off(self) -> bool:
        """Whether the last record is not closed by a new line, as after a broken download."""
        return not self._facts.ends_with_newline

    def _open(self) -> io.TextIOWrapper:
        return self._path.open("r", encoding=self._facts.encoding, errors="strict", newline="")

    def _broken(self, what: str, row: int) -> ImportFileError:
        name = self._path.name
        if "field limit" in what:
            return ImportFileError(
                "import.cell_too_large",
                f"{name}, row {row}: a cell has more than {FIELD_CHARACTERS // 1024} K characters; "
                "a quotation mark may be left open.",
                fix="Correct this row or export the file again.",
                file=name,
                row=row,
            )
        if "unexpected end" in what:
            return ImportFileError(
                "import.unbalanced_quotes",
                f"{name}, row {row}: a quotation mark is opened and never closed; "
                "the file may have been cut off.",
                fix="Download the file again, or correct this row.",
                file=name,
                row=row,
            )
        return ImportFileError(
            "import.unbalanced_quotes",
            f"{name}, row {row}: quotation marks inside a cell are not written as CSV asks.",
            fix="Correct this row or export the file again.",
            file=name,
            row=row,
        )


def _separator_line(text: str) -> str:
    r"""Return the delimiter named by a first line such as ``sep=;``, or an empty text.

    >>> _separator_line("sep=;\r\na;b"), _separator_line("a,b")
    (';', '')
    """
    first = text[:8].split("\n", 1)[0].strip('\r\ufeff" ')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    return "\t" if first.lower() == "sep=\t" or first.lower() == "sep=" else ""
