"""A look into a file of unknown headings: its first rows, and a guess what stands where."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packstation.errors import ImportFileError
from packstation.exchange.cells import normalised, text
from packstation.exchange.encoding_survey import readable_encodings
from packstation.exchange.profiles import FileForm, Profile, best_match
from packstation.exchange.table_limits import MAX_COLUMNS
from packstation.exchange.table_reader import Cell, Reading, TableReader

SHOWN_ROWS = 5
"""Rows that a person is shown."""
TRIED_ROWS = 200
"""Rows on which a mapping is tried."""
_GARBLED = re.compile(
    "\ufffd|锟斤拷|[ÃÂâåæçèéï][\u0080-\u00bf\u0152-\u2122]|[\ue000-\uf8ff]|[\x80-\x9f]"
)

WORDS: dict[str, tuple[str, ...]] = {
    "order_id": ("order number", "order no", "order", "orderid", "order #", "订单编号", "单号"),
    "sku": ("item sku", "product sku", "sku code", "item code", "货号", "编码", "商家编码"),
    "title": ("item name", "product name", "product", "item", "品名", "商品", "名称"),
    "quantity": ("qty", "item quantity", "quantity ordered", "order quantity", "件数", "数量"),
    "barcode": ("ean", "gtin", "upc", "ean13", "国际条码"),
    "spec": ("variation", "variant", "item variation", "商品规格", "规格型号"),
    "bin": ("location", "shelf", "bin location", "库位"),
    "status": ("order state", "state of order", "状态"),
    "paid_at": ("paid date", "date paid", "payment date", "支付时间"),
    "placed_at": ("order date", "date", "date created", "created", "下单日期"),
    "recipient": ("shipping name", "ship to", "full name", "customer name", "姓名"),
    "phone": ("shipping phone", "telephone", "mobile", "billing phone", "联系电话"),
    "zip_code": ("postcode", "shipping postcode", "postal code", "zip"),
    "buyer_message": ("customer note", "order note", "note", "留言"),
    "items": ("line_item_1", "line_items"),
}
"""Words that strange files use, after those of the known profiles; only ever a suggestion."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as it would be read; people's data, memory only."""

    path: Path
    sheets: tuple[str, ...] = ()
    """Visible sheets of a workbook, the chosen one first; empty for a text file."""
    header_row: int = 0
    """Number of the row taken for the headings; 0 = none."""
    headings: tuple[str, ...] = ()
    """As the file writes them; empty ones are left out with their column."""
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """Up to ``SHOWN_ROWS`` rows below, one cell for each heading."""
    encoding: str = ""
    """Of a text file; empty for a workbook."""
    encodings: tuple[str, ...] = ()
    """Encodings that read the whole file strictly, the likeliest first."""
    garbled: bool = False
    """The text looks as if it was read, or saved before, in a wrong encoding."""
    refused: ImportFileError | None = None
    """Why no row could be read; another encoding may help."""
    profile: str | None = None
    """Name of the profile that reads this file already."""
    tried: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    """Up to ``TRIED_ROWS`` rows as they were read, for ``check``."""
    readings: tuple[Reading, ...] = field(default=(), repr=False)
    """The first rows of every reading, to see which profile would take the file."""


def _known_headings(profiles: Iterable[Profile]) -> frozenset[str]:
    return frozenset(
        normalised(heading)
        for profile in profiles
        for form in profile.forms
        for column in form.columns.values()
        for heading in column.headings
    ) | frozenset(normalised(word) for words in WORDS.values() for word in words)


def _head(
    readings: Sequence[Reading], known: frozenset[str]
) -> tuple[Reading, int, tuple[str, ...]] | None:
    """Return the reading and row that look most like headings, and its cells as texts."""
    best: tuple[tuple[int, int], Reading, int, tuple[str, ...]] | None = None
    for reading in readings:
        for number, cells in reading.rows:
            words = tuple(cell.strip() if isinstance(cell, str) else "" for cell in cells)
            distinct = {normalised(word) for word in words} - {""}
            if len(distinct) < 2:
                continue
            score = (len(distinct & known), len(distinct))
            if best is None or score > best[0]:
                best = (score, reading, number, words)
    return None if best is None else best[1:]


def shown_cell(cell: Cell) -> str:
    """Return a cell as a person is shown it."""
    return "(formula)" if isinstance(cell, Mapping) and "bad" in cell else text(cell) or ""


def preview(path: Path, encoding: str = "", *, profiles: Sequence[Profile] = ()) -> Preview:
    """Look into a file; it is opened in the limited child, as every import is.

    Args:
        path: The file.
        encoding: The encoding a person has chosen, or empty to find out.
        profiles: All known profiles: they tell headings from other rows, and whether one of them
            reads the file already.

    Raises:
        ImportFileError: The file is refused for another reason than its encoding.
    """
    encodings: tuple[str, ...] = ()
    with TableReader(path, encoding=encoding) as reader:
        try:
            readings = reader.readings()
        except ImportFileError as refused:
            encodings = readable_encodings(path)
            if not encodings:
                raise
            return Preview(
                path, encoding=encoding, encodings=encodings, garbled=True, refused=refused
            )
        used = reader.encoding
        head = _head(readings, _known_headings(profiles))
        match = best_match(readings, profiles) if profiles else None
        if head is None:
            rows: tuple[tuple[Cell, ...], ...] = ()
            headings: tuple[str, ...] = ()
            number, names = 0, tuple(one.name for one in readings)
        else:
            reading, number, words = head
            names = (reading.name, *(one.name for one in readings if one is not reading))
            columns = [n for n, word in enumerate(words[:MAX_COLUMNS]) if word]
            headings = tuple(words[n] for n in columns)
            rows = tuple(_first(reader, reading, number, len(words), columns))
    if used:
        found = readable_encodings(path)
        encodings = tuple(dict.fromkeys((used, *found)))
    shown = tuple(tuple(shown_cell(cell) for cell in row) for row in rows[:SHOWN_ROWS])
    all_text = " ".join(itertools.chain(headings, *shown))
    return Preview(
        path=path,
        sheets=() if used else names,
        header_row=number,
        headings=headings,
        rows=shown,
        encoding=used,
        encodings=encodings,
        garbled=_GARBLED.search(all_text) is not None
        or (_doubtful(used, encodings) and not all_text.isascii()),
        profile=match.profile.name if match else None,
        tried=rows,
        readings=readings,
    )


def _doubtful(used: str, encodings: Sequence[str]) -> bool:
    """Whether a legacy encoding was chosen for a file that is whole UTF-8 beyond ASCII."""
    return used not in {"", "utf-8"} and "utf-8" in encodings


def _first(
    reader: TableReader, reading: Reading, after: int, width: int, columns: Sequence[int]
) -> Iterator[tuple[Cell, ...]]:
    rows = reader.rows(reading.name, after=after, width=min(width, MAX_COLUMNS), columns=columns)
    for _, _, cells in itertools.islice(rows, TRIED_ROWS):
        yield tuple(cells)


def guess(headings: Sequence[str], profiles: Sequence[Profile] = ()) -> dict[str, str]:
    """Return field → heading, as the known profile that is nearest to these headings has it.

    The profile with most headings in the file speaks first, then the others, then ``WORDS``.
    No heading is given twice.
    """
    present: dict[str, str] = {}
    for heading in headings:
        present.setdefault(normalised(heading), heading)
    found: dict[str, str] = {}
    used: set[str] = set()

    def take(name: str, words: Iterable[str]) -> None:
        for word in map(normalised, words):
            if name not in found and word in present and word not in used:
                found[name] = present[word]
                used.add(word)

    forms = [form for profile in profiles for form in profile.forms]
    forms.sort(key=lambda form: -_told(form, present))
    for form in forms:
        for name, column in form.columns.items():
            if column.joined_with is None:
                take(name, column.headings)
    for name, words in WORDS.items():
        take(name, words)
    return found


def _told(form: FileForm, present: Mapping[str, str]) -> int:
    words = {normalised(word) for column in form.columns.values() for word in column.headings}
    return len(words & set(present))


def status_values(seen: Preview, heading: str, profiles: Sequence[Profile] = ()) -> dict[str, str]:
    """Return the words of a column, with the status each has in known profiles or an empty text.

    Reads the whole column, in the limited child.

    Raises:
        ImportFileError: The file is refused, or has no such heading.
    """
    known: dict[str, set[str]] = {}
    for profile in profiles:
        for known_word, standing in profile.status_words.items():
            known.setdefault(known_word, set()).add(standing.value)
    found: dict[str, str] = {}
    for cell in column_cells(seen, heading):
        if (word := text(cell)) is not None and word not in found:
            meant = known.get(normalised(word), set())
            found[word] = meant.pop() if len(meant) == 1 else ""
            if len(found) >= TRIED_ROWS:
                break
    return found


def column_cells(seen: Preview, heading: str) -> Iterator[Cell]:
    """Yield every cell of one column of a file that was looked into."""
    with TableReader(seen.path, encoding=seen.encoding) as reader:
        head = _head(reader.readings(), frozenset(map(normalised, seen.headings)))
        if head is None or normalised(heading) not in map(normalised, head[2]):
            raise ImportFileError(
                "import.unknown_columns",
                f"{seen.path.name} has no column {heading}.",
                fix="Choose the file again.",
                file=seen.path.name,
                found=", ".join(seen.headings),
                profile="-",
                missing=heading,
            )
        reading, number, words = head
        place = [normalised(word) for word in words].index(normalised(heading))
        rows = reader.rows(
            reading.name, after=number, width=min(len(words), MAX_COLUMNS), columns=[place]
        )
        for _, _, cells in rows:
            yield cells[0]
