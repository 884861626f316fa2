"""What a table is made of once it was opened: cells, rows, and ways to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = str | int | float | bool | Mapping[str, str]
"""Text, number or truth value as the file has it, ``{"at": ISO time}`` or ``{"bad": why}``."""
TableRow = tuple[int, int, Sequence[Cell]]
"""Row number as a spreadsheet shows it, missing cells (or a mark below 0), the chosen cells."""

SHORT_AND_CUT = -2
"""Missing-cells mark of a last record that is short and not closed by a new line."""
EXTRA_CELLS = -1
"""Missing-cells mark of a record with text beyond the last heading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a file: a text under one delimiter, or one visible sheet of a workbook."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """The first rows with their numbers; the headings are among them or the file is unknown."""
