"""Single cells of a workbook changed in place: every other byte of its parts stays as it came.

A platform's template holds lists, hidden sheets and formats that no library writes back whole, so
only the text of one sheet is touched, at the places that its parser names. The workbook was looked
through by ``table_workbook.scan_zip`` before: no entities, no bombs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

from packstation.errors import ImportFileError
from packstation.exchange.table_workbook import scan_zip, sheet_paths

if TYPE_CHECKING:
    from openpyxl import Workbook

Edits = Mapping[tuple[int, int], str]
"""(row from 1, column from 0) → the new text."""

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_CHOICES = 5000


def column_name(column: int) -> str:
    """Return the letters of a column counted from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def column_number(letters: str) -> int:
    """Return a column from 0 by its letters.

    >>> column_number("AB")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


@dataclass(slots=True)
class _Row:
    start: int
    inside: int
    """Where its first cell may stand; for ``<row/>`` the end of the tag."""
    end: int
    """Start of its end tag, or for ``<row/>`` the end of the tag."""
    empty: bool
    cells: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    """Column → start, end and the attribute of its style."""


class _SheetMap:
    """Where rows and cells of one sheet stand in its bytes."""

    def __init__(self, xml: bytes, wanted: set[int]) -> None:
        self.xml = xml
        self.rows: dict[int, _Row] = {}
        self.data_end = -1
        self.data_empty = False
        self.data_start = -1
        self.prefix = ""
        self.styles: list[tuple[int, int, str]] = []
        self.last_row = 0
        self._wanted = wanted
        self._row = self._column = 0
        self._cell: tuple[int, str] | None = None
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        parser.Parse(xml, True)

    def _tag_end(self, start: int) -> int:
        """Return the place after a start tag; ``>`` inside a value does not end it."""
        quote = 0
        for place in range(start, len(self.xml)):
            sign = self.xml[place]
            if quote:
                quote = 0 if sign == quote else quote
            elif sign in b"\"'":
                quote = sign
            elif sign == 0x3E:
                return place + 1
        raise expat.ExpatError("a tag does not end")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        here = self._parser.CurrentByteIndex
        prefix, _, local = name.rpartition(":")
        if local == "sheetData":
            self.prefix = f"{prefix}:" if prefix else ""
            self.data_start = here
        elif local == "col":
            low, high = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.styles.append((low - 1, high - 1, attributes.get("style", "")))
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
            self.last_row = max(self.last_row, self._row)
            if self._row in self._wanted:
                after = self._tag_end(here)
                empty = self.xml[after - 2] == 0x2F
                self.rows[self._row] = _Row(here, after, after, empty)
        elif local == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = column_number(found[1]) if found else self._column + 1
            if self._row in self.rows:
                self._cell = (here, attributes.get("s", ""))

    def _end(self, name: str) -> None:
        here = self._parser.CurrentByteIndex
        local = name.rpartition(":")[2]
        if local == "c" and self._cell is not None:
            start, style = self._cell
            after = self._tag_end(start)
            # Of <c/> the parser tells the end of the tag here, of </c> its beginning.
            end = after if self.xml[after - 2] == 0x2F else self._tag_end(here)
            self.rows[self._row].cells[self._column] = (start, end, style)
            self._cell = None
        elif local == "row" and self._row in self.rows:
            if not self.rows[self._row].empty:
                self.rows[self._row].end = here
        elif local == "sheetData":
            after = self._tag_end(self.data_start)
            self.data_empty = self.xml[after - 2] == 0x2F
            self.data_end = after if self.data_empty else here

    def style_of(self, column: int) -> str:
        return next((s for low, high, s in self.styles if low <= column <= high and s), "")


def filled(xml: bytes, edits: Edits) -> bytes:
    """Return the XML of a sheet with cells set to texts; cells and rows that lack are added.

    Raises:
        expat.ExpatError: It is no sheet.
    """
    wanted = {row for row, _ in edits}
    places = _SheetMap(xml, wanted)
    if places.data_end < 0:
        raise expat.ExpatError("there is no sheetData")
    pieces: list[tuple[int, int, bytes]] = []
    fresh: list[tuple[int, bytes]] = []
    for row in sorted(wanted):
        cells = {column: text for (at, column), text in edits.items() if at == row}
        known = places.rows.get(row)
        if known is None:
            inside = b"".join(_cell(places, row, c, cells[c], None) for c in sorted(cells))
            fresh.append((row, _element(places.prefix, row, inside)))
        elif known.empty:
            inside = b"".join(_cell(places, row, c, cells[c], None) for c in sorted(cells))
            tag = xml[known.start : known.end]
            closing = f"</{places.prefix}row>".encode()
            opening = tag[:-2].rstrip() + b">"
            pieces.append((known.start, known.end, opening + inside + closing))
        else:
            pieces += _pieces(places, row, known, cells)
    pieces += _added(places, fresh)
    result = bytearray(xml)
    for start, end, text in sorted(pieces, reverse=True):
        result[start:end] = text
    return _dimension(bytes(result), edits)


def _pieces(
    places: _SheetMap, row: int, known: _Row, cells: Mapping[int, str]
) -> Iterator[tuple[int, int, bytes]]:
    gaps: dict[int, list[bytes]] = {}
    for column in sorted(cells):
        there = known.cells.get(column)
        if there is not None:
            start, end, style = there
            yield start, end, _cell(places, row, column, cells[column], style)
            continue
        later = [at for at in known.cells if at > column]
        place = known.cells[min(later)][0] if later else known.end
        gaps.setdefault(place, []).append(_cell(places, row, column, cells[column], None))
    for place, made in gaps.items():
        yield place, place, b"".join(made)


def _added(places: _SheetMap, fresh: list[tuple[int, bytes]]) -> Iterator[tuple[int, int, bytes]]:
    """Yield new rows at the end; the caller adds none above rows that are there."""
    if not fresh:
        return
    made = b"".join(text for _, text in fresh)
    if places.data_empty:
        tag = f"{places.prefix}sheetData".encode()
        yield places.data_start, places.data_end, b"<" + tag + b">" + made + b"</" + tag + b">"
    else:
        yield places.data_end, places.data_end, made


def _element(prefix: str, row: int, inside: bytes) -> bytes:
    return f'<{prefix}row r="{row}">'.encode() + inside + f"</{prefix}row>".encode()


def _cell(places: _SheetMap, row: int, column: int, text: str, style: str | None) -> bytes:
    kept = places.style_of(column) if style is None else style
    own = f' s="{kept}"' if kept else ""
    p, name = places.prefix, f"{column_name(column)}{row}"
    words = escape(text)
    return (
        f'<{p}c r="{name}"{own} t="inlineStr"><{p}is><{p}t xml:space="preserve">{words}</{p}t>'
        f"</{p}is></{p}c>"
    ).encode()


_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension ref=")([A-Z]+\d+)(?::([A-Z]+\d+))?(")')


def _dimension(xml: bytes, edits: Edits) -> bytes:
    """Widen the range that a sheet says it uses; some readers look no further."""

    def wider(found: re.Match[bytes]) -> bytes:
        first, last = found[2].decode(), (found[3] or found[2]).decode()
        end = _REFERENCE.fullmatch(last)
        assert end is not None
        row = max(int(end[2]), *(at for at, _ in edits))
        column = max(column_number(end[1]), *(at for _, at in edits))
        return found[1] + f"{first}:{column_name(column)}{row}".encode() + found[4]

    return _DIMENSION.sub(wider, xml, count=1)


class TemplateWorkbook:
    """A platform's template as a workbook."""

    def __init__(self, content: bytes, name: str, sheet: str) -> None:
        """Look through the file and find the sheet.

        Raises:
            ImportFileError: It is too large inside, damaged, or no workbook.
        """
        scan_zip(content, name)
        self._content = content
        self._name = name
        self._sheet = sheet
        path = sheet_paths(content).get(sheet)
        if path is None:
            raise _damaged(name)
        self._path = path
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._xml = archive.read(path)

    def choices(self, column: int, rows: range) -> list[str] | None:
        """Return the list that a column's cells must be chosen from; None = there is none.

        A list that a formula makes up cannot be known here and counts as none.
        """
        for kind, cells, source in self._validations():
            if kind == "list" and _covers(cells, column, rows):
                found = self._listed(source)
                if found:
                    return found
        return None

    def _validations(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, cells and source of every check of cells, old form and new."""
        try:
            tree = ElementTree.fromstring(self._xml)
        except ElementTree.ParseError as error:
            raise _damaged(self._name) from error
        for one in tree.iter():
            if one.tag.rpartition("}")[2] != "dataValidation":
                continue
            cells, source = one.get("sqref", ""), ""
            for part in one.iter():
                match part.tag.rpartition("}")[2]:
                    case "sqref":
                        cells = part.text or ""
                    case "formula1" | "f" if not source:
                        source = (part.text or "").strip()
            yield one.get("type", ""), cells, source

    def _listed(self, source: str) -> list[str]:
        if source.startswith('"'):
            return [word.strip() for word in source.strip('"').split(",") if word.strip()]
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(self._content), read_only=True, data_only=True)
        try:
            named = book.defined_names.get(source)
            text = str(named.attr_text) if named is not None else source
            return _range(book, text, self._sheet)
        finally:
            book.close()

    def with_cells(self, edits: Edits) -> bytes:
        """Return the workbook with cells set; every other part has the same content.

        Raises:
            ImportFileError: The sheet cannot be parsed.
        """
        try:
            changed = filled(self._xml, edits)
        except (expat.ExpatError, ValueError) as error:
            raise _damaged(self._name) from error
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self._content)) as old,
            zipfile.ZipFile(out, "w") as new,
        ):
            for info in old.infolist():
                part = changed if info.filename == self._path else old.read(info)
                new.writestr(info, part, compress_type=info.compress_type)
        return out.getvalue()


def _covers(cells: str, column: int, rows: range) -> bool:
    for found in _REFERENCE.finditer(cells):
        first, last = column_number(found[1]), column_number(found[3] or found[1])
        top, bottom = int(found[2]), int(found[4] or found[2])
        if first <= column <= last and top < rows.stop and bottom >= rows.start:
            return True
    return False


def _range(book: Workbook, text: str, sheet: str) -> list[str]:
    where, _, cells = text.rpartition("!")
    name = where.strip("'").replace("''", "'") or sheet
    found = _REFERENCE.fullmatch(cells)
    if found is None or name not in book.sheetnames:
        return []
    top, bottom = int(found[2]), int(found[4] or found[2])
    rows = book[name].iter_rows(
        min_row=top,
        max_row=min(bottom, top + _MOST_CHOICES),
        min_col=column_number(found[1]) + 1,
        max_col=column_number(found[3] or found[1]) + 1,
        values_only=True,
    )
    told: Callable[[object], str] = lambda value: str(value).strip()  # noqa: E731
    return [told(value) for row in rows for value in row if value is not None and told(value)]


def _damaged(name: str) -> ImportFileError:
    return ImportFileError(
        "import.damaged_workbook",
        f"{name} cannot be read as a workbook: its sheet is damaged.",
        fix="Download or export the file again.",
        file=name,
    )
