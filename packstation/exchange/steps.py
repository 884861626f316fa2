"""The declared steps that rows of a shop file go through, in the order their profile writes them.

Any profile may use any step; a step knows fields, never platforms. Each takes one record and
gives none, one or several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from packstation.exchange.cells import normalised, quantity, text
from packstation.exchange.profiles import ORDER_FIELDS, FileForm, Standing, StepRule
from packstation.exchange.table_rows import Cell

_ZIP_AT_END = re.compile(r"^(.*?)[(（](\d{5,6})[)）]$", re.DOTALL)


@dataclass(slots=True)
class Record:
    """One row on its way: its number, what was wrong with its length, and its fields."""

    row: int
    missing: int
    """Cells missing at the end, or a mark below 0, see ``table_child``."""
    values: dict[str, Cell]
    first_cells: Sequence[Cell] = ()
    """The first cells of the row, whatever their headings."""
    refusal: str | None = None
    """Reason by which a step refuses the row."""
    gift: bool = False
    order_only: bool = False
    """Whether the row speaks for its order and is no line."""
    alone: Standing | None = None
    """With ``order_only``: the order's status where it has no line at all."""


Step = Callable[[Record], Sequence[Record]]


@dataclass(frozen=True, slots=True)
class OptionShape:
    """What the value of one option has to be."""

    words: str
    """The shape in words, for the message."""
    fits: Callable[[object], bool]
    needed: bool = True
    fields: bool = False
    """Whether the value names fields."""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_place(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= FIRST_CELLS


def _is_standing(value: object) -> bool:
    return isinstance(value, str) and value in set(Standing)


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_text, value.values()))


FIRST_CELLS = 2
"""How many leading cells a step may look at by place."""

_FIELD = OptionShape("a field", _is_text, fields=True)
_TEXT = OptionShape("a text", _is_text)
_TEXTS = OptionShape("a list of texts", _is_texts, needed=False)
_TRUE = OptionShape("true", lambda value: value is True, needed=False)
_CHOICE = {"starts_with": _TEXTS, "contains": _TEXTS, "is": _TEXTS, "empty": _TRUE}

STEP_OPTIONS: dict[str, dict[str, OptionShape]] = {
    "drop_rows": {
        "field": OptionShape("a field", _is_text, needed=False, fields=True),
        "cell": OptionShape(f"a number from 1 to {FIRST_CELLS}", _is_place, needed=False),
        **_CHOICE,
    },
    "order_only": {
        "field": _FIELD,
        **_CHOICE,
        "alone": OptionShape("a status", _is_standing, needed=False),
        "total": OptionShape("a field", _is_text, needed=False, fields=True),
    },
    "fill_down": {"key": _FIELD, "each": _TRUE},
    "strip_prefix": {
        "field": _FIELD,
        "prefixes": OptionShape("a list of texts", _is_texts),
    },
    "zip_from_end": {"field": _FIELD},
    "split_last": {"field": _FIELD, "by": _TEXT, "into": _FIELD},
    "split_cells": {
        "by": _TEXT,
        "when": _FIELD,
        "fields": OptionShape("a list of fields", _is_texts, fields=True),
        "total": _FIELD,
    },
    "split_items": {
        "by": _TEXT,
        "part": _TEXT,
        "pair": _TEXT,
        "keys": OptionShape("a table of field and word", _is_words, fields=True),
    },
    "add_gift_line": {},
}
"""Step → option → shape of its value.

``drop_rows`` leaves out description rows, footers and the like. ``order_only`` marks rows that tell
of an order and are no line; ``alone`` is the order's status where nothing else is in it, ``total``
the field that holds the order's units. ``fill_down`` gives a row with an empty key, or with the key
of the row above and nothing else about the order, the order columns of the row above; with ``each``
every empty order column of rows of one key. ``strip_prefix`` and ``zip_from_end`` clean one field;
``split_last`` moves the end of a field into another. ``split_cells`` makes a row of ``a;b`` cells
several, ``split_items`` one of ``name:a|quantity:2`` cells. ``add_gift_line`` makes a line of the
gift columns.
"""


def _chosen(options: Mapping[str, Any]) -> Callable[[str], bool]:
    """Return whether a cell is one of those that the options name."""
    starts = tuple(normalised(word) for word in options.get("starts_with", ()))
    inside = tuple(normalised(word) for word in options.get("contains", ()))
    equal = frozenset(normalised(word) for word in options.get("is", ()))
    known: dict[str, bool] = {}

    def judged(cell: str) -> bool:
        if (answer := known.get(cell)) is not None:
            return answer
        words = normalised(cell)
        answer = (
            (bool(options.get("empty")) and not words)
            or (bool(starts) and words.startswith(starts))
            or any(word in words for word in inside)
            or words in equal
        )
        if len(known) > 10_000:
            known.clear()
        known[cell] = answer
        return answer

    return judged


def _drop_rows(options: Mapping[str, Any]) -> Step:
    chosen = _chosen(options)
    name, place = options.get("field"), options.get("cell", 1) - 1

    def step(record: Record) -> Sequence[Record]:
        if name is not None:
            cell = record.values.get(name, "")
        else:
            cell = record.first_cells[place] if place < len(record.first_cells) else ""
        return () if isinstance(cell, str) and chosen(cell) else (record,)

    return step


def _order_only(options: Mapping[str, Any]) -> Step:
    chosen, name, total = _chosen(options), options["field"], options.get("total")
    alone = Standing(options["alone"]) if "alone" in options else None

    def step(record: Record) -> Sequence[Record]:
        if chosen(text(record.values.get(name, "")) or ""):
            record.order_only, record.alone = True, alone
            if total is not None:
                record.values["total_quantity"] = record.values.get(total, "")
        return (record,)

    return step


class _FillDown:
    """Carries the order's columns down to rows whose own are empty."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._key: str = options["key"]
        self._each = "each" in options
        self._above: dict[str, Cell] = {}
        self._row = 0

    def __call__(self, record: Record) -> Sequence[Record]:
        values, adjacent = record.values, record.row == self._row + 1
        self._row = record.row
        key = values.get(self._key)
        if key and key != self._above.get(self._key):
            self._above = values
        elif key and self._each:
            for name in ORDER_FIELDS:
                if text(values.get(name, "")) is None and (cell := self._above.get(name)):
                    values[name] = cell
        elif self._each:
            self._above = {}  # a missing number is never made up
        elif not any(text(values.get(name, "")) for name in ORDER_FIELDS) and (key or adjacent):
            told = ((name, self._above.get(name)) for name in (self._key, *ORDER_FIELDS))
            values.update((name, cell) for name, cell in told if cell)
        elif key:
            self._above = values
        else:
            self._above = {}
        return (record,)


def _strip_prefix(options: Mapping[str, Any]) -> Step:
    name, prefixes = options["field"], tuple(options["prefixes"])

    def step(record: Record) -> Sequence[Record]:
        cell = record.values.get(name)
        if isinstance(cell, str) and cell.startswith(prefixes):
            for prefix in prefixes:
                cell = cell.removeprefix(prefix)
            record.values[name] = cell
        return (record,)

    return step


def _zip_from_end(options: Mapping[str, Any]) -> Step:
    name = options["field"]

    def step(record: Record) -> Sequence[Record]:
        cell = record.values.get(name)
        if isinstance(cell, str) and (found := _ZIP_AT_END.match(cell.strip())):
            record.values[name] = found[1].strip()
            record.values.setdefault("zip_code", found[2])
        return (record,)

    return step


def _split_last(options: Mapping[str, Any]) -> Step:
    name, by, into = options["field"], options["by"], options["into"]

    def step(record: Record) -> Sequence[Record]:
        whole = text(record.values.get(name, ""))
        if whole is not None and by in whole:
            first, _, last = whole.rpartition(by)
            record.values[name] = first
            if not record.values.get(into):
                record.values[into] = last
        return (record,)

    return step


def _split_cells(options: Mapping[str, Any]) -> Step:
    by, when, fields, total = (options[key] for key in ("by", "when", "fields", "total"))

    def part(cells: list[str], number: int, count: int) -> str:
        return cells[number] if len(cells) == count else ""

    def step(record: Record) -> Sequence[Record]:
        keys = text(record.values.get(when, ""))
        if keys is None or by not in keys:
            return (record,)
        count = len(keys.split(by))
        parts = {name: (text(record.values.get(name, "")) or "").split(by) for name in fields}
        even = all(len(cells) == count or cells == [""] for cells in parts.values())
        if not even or quantity(record.values.get(total, "")) != count:
            return (replace(record, refusal="ambiguous_quantity"),)
        return [
            replace(
                record,
                values={
                    **record.values,
                    **{name: part(cells, n, count) for name, cells in parts.items()},
                    total: "1",
                },
            )
            for n in range(count)
        ]

    return step


def _split_items(options: Mapping[str, Any]) -> Step:
    by, part, pair = (options[key] for key in ("by", "part", "pair"))
    fields = {word.casefold(): name for name, word in options["keys"].items()}

    def pairs(item: str) -> list[tuple[str, str]]:
        """Return field and value of one item; a piece without a word of its own is text."""
        found: list[tuple[str, str]] = []
        for piece in item.split(part):
            word, sign, value = piece.partition(pair)
            word = word.strip().casefold()
            if sign and word.replace("_", "").isalnum():
                found.append((fields.get(word, ""), value))
            elif found:
                found[-1] = (found[-1][0], f"{found[-1][1]}{part}{piece}")
        return [(name, value.strip()) for name, value in found]

    def items(cell: str) -> list[list[tuple[str, str]]]:
        pieces: list[str] = []
        whole = True
        for piece in cell.split(by):
            if pieces and not (whole and any(name for name, _ in pairs(piece))):
                pieces[-1] += by + piece  # the sign stands inside a name
            else:
                pieces.append(piece)
            whole = any(name == "quantity" for name, _ in pairs(pieces[-1]))
        return [pairs(piece) for piece in pieces]

    def step(record: Record) -> Sequence[Record]:
        made: list[Record] = []
        for item in items(text(record.values.get("items", "")) or ""):
            told = [name for name, _ in item if name]
            values = {**record.values, **dict.fromkeys(fields.values(), "")}
            values.update((name, value) for name, value in item if name)
            twice = "ambiguous_quantity" if len(set(told)) < len(told) else None
            made.append(replace(record, values=values, refusal=twice))
        return made

    return step


def _add_gift_line(_options: Mapping[str, Any]) -> Step:
    def step(record: Record) -> Sequence[Record]:
        title = text(record.values.get("gift_title", ""))
        if title is None:
            return (record,)
        values = {
            **record.values,
            "title": unicodedata.normalize("NFC", title),
            "spec": record.values.get("gift_spec", ""),
            "quantity": record.values.get("gift_quantity", ""),
            "sku": "",
            "barcode": "",
            "line_key": "gift",
        }
        return (record, replace(record, values=values, gift=True))

    return step


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Step]] = {
    "drop_rows": _drop_rows,
    "order_only": _order_only,
    "fill_down": _FillDown,
    "strip_prefix": _strip_prefix,
    "zip_from_end": _zip_from_end,
    "split_last": _split_last,
    "split_cells": _split_cells,
    "split_items": _split_items,
    "add_gift_line": _add_gift_line,
}


def _make(rule: StepRule) -> Step:
    return _MAKERS[rule.kind](rule.options)


class Pipeline:
    """The steps of one file, made anew for each file because some remember the row above."""

    def __init__(self, form: FileForm) -> None:
        """Make the steps of a form."""
        self._steps = [_make(rule) for rule in form.steps]

    def __call__(self, record: Record) -> Sequence[Record]:
        """Return what becomes of one record."""
        records: Sequence[Record] = (record,)
        for step in self._steps:
            if len(records) == 1:
                records = step(records[0])
            else:
                records = [made for one in records for made in step(one)]
        return records
