"""Tables that others give back: columns are found by their headings, never by their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packstation.errors import PackStationError
from packstation.exchange.cells import normalised, text
from packstation.exchange.table_limits import MAX_COLUMNS
from packstation.exchange.table_reader import Cell, Reading, TableReader

Headings = Mapping[str, Sequence[str]]
"""Field → the headings it may have; the first one found counts."""
Rows = list[tuple[int, Sequence[Cell]]]
"""Row number as a spreadsheet shows it, and every cell below a heading."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the headings of a table stand."""

    reading: str
    """Delimiter of a text, or name of a sheet."""
    row: int
    """Number of the row, from 1."""
    names: tuple[str, ...]
    """The headings, in the form of ``cells.normalised``."""


def columns_of(head: Head, headings: Headings) -> dict[str, int]:
    """Return field → column from 0, for the fields that a table has.

    Raises:
        PackStationError: ``sheets.heading_twice``: two columns have the heading of one field.
    """
    found: dict[str, int] = {}
    for name, words in headings.items():
        for word in map(normalised, words):
            if word in head.names:
                if head.names.count(word) > 1:
                    raise PackStationError(
                        "sheets.heading_twice",
                        f"Two columns are called {word}; which one is meant cannot be told.",
                        fix="Download the file again, or take one of the two out.",
                        column=word,
                    )
                found[name] = head.names.index(word)
                break
    return found


def best_head(readings: Sequence[Reading], headings: Headings) -> tuple[Head | None, list[str]]:
    """Return the row with the most headings that are looked for, and which fields it lacks."""
    best: Head | None = None
    best_found: set[str] = set()
    known = {name: {normalised(word) for word in words} for name, words in headings.items()}
    for reading in readings:
        for number, cells in reading.rows:
            names = tuple(normalised(text(cell) or "") for cell in cells)
            found = {name for name, words in known.items() if words & set(names)}
            if len(found) > len(best_found):
                best, best_found = Head(reading.name, number, names), found
    return best, [name for name in headings if name not in best_found]


def missing_columns(file: str, fields: Sequence[str], headings: Headings) -> PackStationError:
    """Return the error that says which column a file lacks, by the headings it might have."""
    told = "; ".join(" / ".join(headings[name][:4]) for name in fields)
    return PackStationError(
        "sheets.no_such_column",
        f"{file} lacks a column: {told}.",
        fix="Download the file again and leave its headings as they are.",
        file=file,
        missing=told,
    )


def read_table(path: Path, headings: Headings, *, needed: Sequence[str]) -> tuple[Head, Rows]:
    """Return headings and rows of a small table; it is opened in the limited child.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: ``sheets.no_such_column`` names what is missing.
    """
    with TableReader(path) as reader:
        head, missing = best_head(reader.readings(), headings)
        lacking = [name for name in needed if name in missing]
        if head is None or lacking:
            raise missing_columns(path.name, lacking or needed, headings)
        rows = rows_below(reader, head)
    return head, rows


def rows_below(reader: TableReader, head: Head) -> Rows:
    """Return every row below the headings that is not blank."""
    width = min(len(head.names), MAX_COLUMNS)
    chosen = reader.rows(head.reading, after=head.row, width=width, columns=range(width))
    return [(number, cells) for number, _, cells in chosen]
