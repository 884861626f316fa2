"""Reads lists of urge tasks: any table whose headings are known, through the limited child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from packstation.core.deadline_rules import Exempt
from packstation.core.status import UrgeState
from packstation.exchange.cells import Damage, TimeReader, identifier, normalised, text
from packstation.exchange.data_files import DataSource
from packstation.exchange.table_heads import columns_of, read_table
from packstation.exchange.table_reader import Cell

_COLUMNS = ("order", "task", "opened", "state", "exempt")
_NEEDED = ("order", "opened")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class UrgeForm:
    """How lists of urge tasks are headed and what their words mean."""

    columns: Mapping[str, Sequence[str]]
    states: Mapping[str, UrgeState]
    """Normalised word → state."""
    exempt: Mapping[str, Exempt]
    """Normalised word → what it tells."""


@dataclass(frozen=True, slots=True)
class ListedTask:
    """One row of a list."""

    row: int
    order_id: str
    opened_at: datetime
    """Aware."""
    task: str | None
    state: UrgeState | None
    """None where the list has no such column."""
    flags: frozenset[Exempt]


@dataclass(frozen=True, slots=True)
class UrgeList:
    """What a file told; rows that were not taken stand in ``refused`` with a stable word."""

    tasks: tuple[ListedTask, ...] = ()
    refused: tuple[tuple[int, str], ...] = field(default=())


def load_urge_form(path: Path) -> UrgeForm:
    """Return headings and words of a data file.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = DataSource(path)
    source.only(source.values, ("columns", "states", "exempt"))
    columns = source.table(source.values, "columns")
    source.only(columns, _COLUMNS)
    for key in _NEEDED:
        if not source.words(columns, key):
            raise source.fail(key, "at least one heading is needed")
    return UrgeForm(
        {key: source.words(columns, key) for key in columns},
        _words(source, "states", UrgeState),
        _words(source, "exempt", Exempt),
    )


def _words(source: DataSource, name: str, kind: type[_Word]) -> dict[str, _Word]:
    table = source.table(source.values, name)
    found: dict[str, _Word] = {}
    for key in table:
        if key not in tuple(kind):
            raise source.fail(key, f"{key!r} is none of {', '.join(kind)}")
        for word in source.words(table, key):
            if found.setdefault(normalised(word), kind(key)) is not kind(key):
                raise source.fail(key, f"the word {word!r} stands for two things", word)
    return found


def read_urge_list(path: Path, form: UrgeForm, times: TimeReader) -> UrgeList:
    """Read a list of tasks; the file is opened in the limited child.

    Args:
        path: A CSV or XLSX file.
        form: Of ``load_urge_form``.
        times: Reads the shop's times.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: ``sheets.no_such_column`` names what is missing.
    """
    head, rows = read_table(path, form.columns, needed=_NEEDED)
    columns = columns_of(head, form.columns)
    tasks: list[ListedTask] = []
    refused: list[tuple[int, str]] = []
    for number, cells in rows:
        told = {name: _cell(cells, column) for name, column in columns.items()}
        found = _task(number, told, form, times)
        if isinstance(found, str):
            refused.append((number, found))
        else:
            tasks.append(found)
    return UrgeList(tuple(tasks), tuple(refused))


def _cell(cells: Sequence[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else ""


def _task(
    number: int, told: Mapping[str, Cell], form: UrgeForm, times: TimeReader
) -> ListedTask | str:
    order_id = identifier(told["order"])
    if isinstance(order_id, Damage):
        return order_id.value
    opened_at = times.read(told["opened"])
    if opened_at is None:
        return "bad_time"
    word = normalised(text(told.get("state", "")) or "")
    if word and word not in form.states:
        return "unknown_status"
    why = normalised(text(told.get("exempt", "")) or "")
    return ListedTask(
        row=number,
        order_id=order_id,
        opened_at=opened_at,
        task=text(told.get("task", "")) or None,
        state=form.states.get(word),
        flags=frozenset({form.exempt[why]}) if why in form.exempt else frozenset(),
    )
