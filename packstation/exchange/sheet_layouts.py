"""Reads resources/sheets/*.toml: how each platform wants to be told of shipments.

A new platform is one more file. ``any.toml`` holds for platforms without one of their own, and
its headings and words are understood beside those of every other.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from packstation.core.carriers import Carrier
from packstation.errors import PackStationError
from packstation.exchange.cells import normalised
from packstation.exchange.data_files import DataSource

ANY = "any"
"""The layout that stands in where a platform has none."""
FIELDS = (
    "order_id",
    "item_id",
    "quantity",
    "ship_date",
    "carrier_code",
    "carrier_name",
    "tracking_number",
    "empty",
)
"""What a column of an own layout may hold."""
TEMPLATE_FIELDS = ("order_id", "tracking_number", "carrier_name")
"""What must be found by its heading in a template."""
RESULT_FIELDS = ("order_id", "tracking_number", "result", "reason")


class FileKind(StrEnum):
    """Form of a file that goes out."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"


class SplitRule(StrEnum):
    """What a platform's file can say of an order that travels in several parcels."""

    REFUSE = "refuse"
    """Nothing: such orders are told in the platform's own pages."""
    LINES = "lines"
    """A row for each line of each parcel, with its units."""


@dataclass(frozen=True, slots=True)
class OwnLayout:
    """A file that we lay out ourselves."""

    kind: FileKind
    encoding: str
    before: tuple[tuple[str, ...], ...]
    """Rows above the headings."""
    columns: tuple[tuple[str, str], ...]
    """Field and heading."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One file of the folder."""

    key: str
    names: tuple[str, str]
    """Chinese and English."""
    platforms: tuple[str, ...]
    """Profile families whose orders it is for."""
    chinese: bool
    """Whether carriers are called by their Chinese names."""
    batch: int
    """Most orders of one file."""
    split: SplitRule
    own: OwnLayout | None
    """None = the platform takes only its own template, filled in."""
    headings: Mapping[str, tuple[str, ...]]
    """Of templates: field → headings, the first one found counts."""
    carriers: Mapping[str, str]
    """Carrier code → the platform's word for it."""
    other_carrier: str
    """The platform's code for any other carrier; empty = the carrier's own code."""
    results: Mapping[str, tuple[str, ...]]
    """Of result files: field → headings."""
    done: frozenset[str] = field(default_factory=frozenset)
    """Words of a result that mean yes, in the form of ``cells.normalised``."""
    failed: frozenset[str] = field(default_factory=frozenset)

    def carrier_name(self, carrier: Carrier) -> str:
        """Return the name of a carrier in the platform's words."""
        own = carrier.name_zh if self.chinese else carrier.name_en
        return self.carriers.get(carrier.code, own)

    def carrier_code(self, carrier: Carrier) -> str:
        """Return the code of a carrier in the platform's words."""
        return self.carriers.get(carrier.code, self.other_carrier or carrier.code)


_KEYS = (
    "name", "platforms", "language", "batch", "split", "source", "own", "template", "carriers",
    "other_carrier", "results",
)  # fmt: skip


def load_layouts(folder: Path) -> dict[str, Layout]:
    """Return every layout of a folder by its file name without ending.

    Raises:
        DataFileError: A file is wrong; the message names file, line and key.
    """
    base = _layout(DataSource(folder / f"{ANY}.toml"), None)
    found = {ANY: base}
    for path in sorted(folder.glob("*.toml")):
        if path.stem != ANY:
            found[path.stem] = _layout(DataSource(path), base)
    owners: dict[str, str] = {}
    for key, layout in found.items():
        for platform in layout.platforms:
            if owners.setdefault(platform, key) != key:
                raise DataSource(folder / f"{key}.toml").fail(
                    "platforms", f"{platform!r} has the layout {owners[platform]} already"
                )
    return found


def layout_for(layouts: Mapping[str, Layout], platform: str, chosen: str | None = None) -> Layout:
    """Return the layout of a platform, or the one that was chosen by name.

    Raises:
        PackStationError: ``sheets.no_such_layout``.
    """
    if chosen is not None:
        if chosen not in layouts:
            raise PackStationError(
                "sheets.no_such_layout",
                f"There is no layout {chosen}.",
                fix=f"Known are {', '.join(sorted(layouts))}.",
                layout=chosen,
            )
        return layouts[chosen]
    wanted = platform.lower()
    return next((one for one in layouts.values() if wanted in one.platforms), layouts[ANY])


def _layout(source: DataSource, base: Layout | None) -> Layout:
    values = source.values
    source.only(values, _KEYS)
    names = source.words(values, "name")
    if len(names) != 2:
        raise source.fail("name", "the Chinese and the English name are needed, in this order")
    source.word(values, "source")
    language = source.word(values, "language", "zh")
    if language not in ("zh", "en"):
        raise source.fail("language", f"{language!r} is none of zh, en", language)
    batch = source.whole(values, "batch", 500)
    if not 1 <= batch <= 10_000:
        raise source.fail("batch", "a number from 1 to 10000 is needed")
    results = source.table(values, "results")
    source.only(results, (*RESULT_FIELDS, "done", "failed"))
    words = {key: source.words(results, key) for key in results}
    known = base.results if base else {}
    own = source.table(values, "own")
    return Layout(
        key=source.path.stem,
        names=(names[0], names[1]),
        platforms=tuple(name.lower() for name in source.words(values, "platforms")),
        chinese=language == "zh",
        batch=batch,
        split=source.choice(values, "split", SplitRule, SplitRule.REFUSE),
        own=_own(source, own) if own else None,
        headings=_headings(source, source.table(values, "template"), base),
        carriers=_carriers(source, source.table(values, "carriers")),
        other_carrier=str(values.get("other_carrier", "")),
        results={name: (*words.get(name, ()), *known.get(name, ())) for name in RESULT_FIELDS},
        done=_words(words.get("done", ())) | (base.done if base else frozenset()),
        failed=_words(words.get("failed", ())) | (base.failed if base else frozenset()),
    )


def _words(given: Sequence[str]) -> frozenset[str]:
    return frozenset(normalised(word) for word in given)


def _headings(
    source: DataSource, table: Mapping[str, Any], base: Layout | None
) -> dict[str, tuple[str, ...]]:
    source.only(table, TEMPLATE_FIELDS)
    known = base.headings if base else {}
    return {name: (*source.words(table, name), *known.get(name, ())) for name in TEMPLATE_FIELDS}


def _carriers(source: DataSource, table: Mapping[str, Any]) -> dict[str, str]:
    for code, name in table.items():
        if not isinstance(name, str) or not name.strip() or code != code.upper():
            raise source.fail(code, "a carrier's code in capitals and a name are needed")
    return dict(table)


def _own(source: DataSource, table: Mapping[str, Any]) -> OwnLayout:
    source.only(table, ("file", "encoding", "before", "columns"))
    encoding = source.word(table, "encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise source.fail("encoding", f"there is no encoding {encoding!r}", encoding) from None
    columns = table.get("columns")
    if not isinstance(columns, list) or not columns or not all(map(_is_column, columns)):
        told = f"a list of [field, heading] is needed; fields are {', '.join(FIELDS)}"
        raise source.fail("columns", told)
    before = table.get("before", [])
    if not isinstance(before, list) or not all(_is_texts(row) for row in before):
        raise source.fail("before", "a list of lists of texts is needed")
    return OwnLayout(
        kind=source.choice(table, "file", FileKind),
        encoding=encoding,
        before=tuple(tuple(row) for row in before),
        columns=tuple((name, heading) for name, heading in columns),
    )


def _is_texts(row: object) -> bool:
    return isinstance(row, list) and all(isinstance(cell, str) for cell in row)


def _is_column(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and _is_texts(pair) and pair[0] in FIELDS


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Columns of a list that we make for people."""

    fields: tuple[str, ...]
    """In their order."""
    names: Mapping[str, tuple[str, str]]
    """Field → heading in Chinese and English."""
    aliases: Mapping[str, tuple[str, ...]]
    """Field → every heading that is understood when the list comes back."""

    def headings(self, *, chinese: bool) -> list[str]:
        """Return the headings in one language."""
        return [self.names[name][0 if chinese else 1] for name in self.fields]


def load_list(path: Path, known: Sequence[str]) -> ListLayout:
    """Return the columns of a file such as resources/sheets/lists/orders.toml.

    Args:
        path: The file.
        known: Fields that may stand in it.

    Raises:
        DataFileError: The file is wrong; the message names file, line and key.
    """
    source = DataSource(path)
    source.only(source.values, ("column",))
    names: dict[str, tuple[str, str]] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for number, table in enumerate(source.tables(source.values, "column"), 1):
        within = ("column", number)
        source.only(table, ("field", "heading", "known"), within)
        name = source.word(table, "field", within=within)
        if name not in known or name in names:
            told = f"{name!r} is there already or none of {', '.join(known)}"
            raise source.fail("field", told, name, within)
        heading = source.words(table, "heading", within)
        if len(heading) != 2:
            told = "the Chinese and the English heading are needed, in this order"
            raise source.fail("heading", told, within=within)
        names[name] = (heading[0], heading[1])
        aliases[name] = (*heading, *source.words(table, "known", within))
    if not names:
        raise source.fail("column", "at least one [[column]] is needed")
    return ListLayout(tuple(names), names, aliases)
