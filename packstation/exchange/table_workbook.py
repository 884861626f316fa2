"""Rows of a workbook (XLSX, XLS): looked through as a ZIP first, then read by calamine."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from packstation.errors import ImportFileError
from packstation.exchange.table_limits import (
    HEAD_ROWS,
    MAX_COLUMNS,
    MAX_ROWS,
    ZIP_ENTRIES,
    ZIP_ENTRY_BYTES,
    ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
    ZIP_TOTAL_BYTES,
    too_large_inside,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

WireCell = str | int | float | bool | dict[str, str]
"""A cell on its way to the parent: text, number, truth value, ``{"at": …}`` or ``{"bad": …}``."""

_CHUNK = 1 << 20
_FAR_COLUMN = re.compile(rb'r="(?:[A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d')
"""A cell beyond column GR, the 200th."""
_FAR_ROW = re.compile(rb'<row r="(?:\d{8,}|[2-9]\d{6}|1[1-9]\d{5}|10[5-9]\d{4})"')
"""A row beyond 1,050,000; a cell that lies about its row meets the memory limit instead."""
_FAR_MERGE = re.compile(rb'<mergeCell ref="[A-Z]+\d+:(?:[A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d')
_UNCOUNTED_FORMULA = re.compile(
    rb'<c r="([A-Z]+\d+)"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]* t="e"')
_SHEET_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_BAD_CELLS = 10_000


def _damaged(name: str, what: str) -> ImportFileError:
    return ImportFileError(
        "import.damaged_workbook",
        f"{name} cannot be read as a workbook: {what}.",
        fix="Download or export the file again.",
        file=name,
    )


def _not_a_table(name: str, what: str) -> ImportFileError:
    return ImportFileError(
        "import.not_a_table",
        f"{name} is {what}, not a table of orders.",
        fix="Give the CSV or XLSX file that the shop exports.",
        file=name,
    )


class _Scan:
    """What looking through the ZIP found out about cells that calamine would call empty."""

    def __init__(self) -> None:
        self.bad_cells: dict[str, dict[tuple[int, int], str]] = {}
        """Part name → (row, column), both from 0 → ``formula`` or ``error``."""


def _position(reference: bytes) -> tuple[int, int]:
    """Return row and column from 0 of a reference.

    >>> _position(b"B7")
    (6, 1)
    """
    letters = reference.rstrip(b"0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(reference[len(letters) :]) - 1, column - 1


def _scan_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, scan: _Scan) -> int:
    size, is_sheet = 0, info.filename.startswith("xl/worksheets/")
    is_xml = info.filename.endswith((".xml", ".rels"))
    tail = b""
    bad = scan.bad_cells.setdefault(info.filename, {}) if is_sheet else {}
    with archive.open(info) as part:
        while block := part.read(_CHUNK):
            size += len(block)
            if size > ZIP_ENTRY_BYTES:
                limit = ZIP_ENTRY_BYTES >> 20
                raise too_large_inside(name, f"a part of it unpacks to more than {limit} MB")
            if size > ZIP_RATIO_FROM_BYTES and size > ZIP_RATIO * max(info.compress_size, 1):
                raise too_large_inside(name, f"a part of it unpacks to {ZIP_RATIO} times its size")
            if not is_xml:
                continue
            text = tail + block
            if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
                raise _damaged(name, "it declares entities, which no spreadsheet program writes")
            if is_sheet:
                if any(far.search(text) for far in (_FAR_COLUMN, _FAR_ROW, _FAR_MERGE)):
                    raise too_large_inside(
                        name, f"a cell lies beyond column {MAX_COLUMNS} or row {MAX_ROWS:,}"
                    )
                if b"<f" in text and len(bad) < _MAX_BAD_CELLS:
                    found = _UNCOUNTED_FORMULA.finditer(text)
                    bad.update((_position(match[1]), "formula") for match in found)
                if b't="e"' in text and len(bad) < _MAX_BAD_CELLS:
                    found = _ERROR_CELL.finditer(text)
                    bad.update((_position(match[1]), "error") for match in found)
            tail = text[-512:]
    return size


def scan_zip(data: bytes, name: str) -> _Scan:
    """Look through a workbook's ZIP without keeping what it unpacks to.

    Raises:
        ImportFileError: Too large inside, cut off, damaged, or not a workbook at all.
    """
    scan, total = _Scan(), 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > ZIP_ENTRIES:
                raise too_large_inside(name, f"it has more than {ZIP_ENTRIES} parts")
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise _not_a_table(name, "a ZIP file or another kind of document")
            for part in parts:
                total += _scan_part(archive, part, name, scan)
                if total > ZIP_TOTAL_BYTES:
                    limit = ZIP_TOTAL_BYTES >> 20
                    raise too_large_inside(name, f"it unpacks to more than {limit} MB")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(name, "it is cut off or damaged") from error
    return scan


class WorkbookTable:
    """One workbook, offered once for each visible sheet; hidden sheets are never read."""

    def __init__(self, data: bytes, name: str, preferred: tuple[str, ...]) -> None:
        """Scan and open the workbook.

        Args:
            data: The whole file.
            name: File name for messages.
            preferred: Sheet names that stand for the whole workbook where they are present.

        Raises:
            ImportFileError: The workbook is refused or cannot be opened.
        """
        import python_calamine as calamine

        self._name = name
        self._bad: dict[str, dict[tuple[int, int], str]] = {}
        scan = scan_zip(data, name) if data.startswith(b"PK") else _Scan()
        if any(scan.bad_cells.values()):
            paths = sheet_paths(data)
            self._bad = {sheet: scan.bad_cells.get(path, {}) for sheet, path in paths.items()}
        try:
            self._book: CalamineWorkbook = calamine.load_workbook(io.BytesIO(data))
        except calamine.PasswordError as error:
            raise _damaged(name, "it is protected by a password") from error
        except (calamine.CalamineError, ValueError, OSError) as error:
            raise _damaged(name, "it is damaged inside") from error
        visible = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        self._sheets = [sheet for sheet in visible if sheet in preferred][:1] or visible
        self._error: type[Exception] = calamine.CalamineError
        self._last: tuple[str, CalamineSheet] | None = None

    def heads(self) -> Iterator[tuple[str, list[tuple[int, list[WireCell]]]]]:
        """Yield each visible sheet with its first rows."""
        for sheet in self._sheets:
            opened = self._open(sheet)
            rows = opened.to_python(skip_empty_area=False, nrows=HEAD_ROWS)
            yield sheet, [(n, [_wire(cell) for cell in row]) for n, row in enumerate(rows, 1)]

    def records(self, sheet: str) -> Iterator[tuple[int, list[WireCell]]]:
        """Yield every row of a sheet with the number that a spreadsheet shows."""
        opened, bad = self._open(sheet), self._bad.get(sheet, {})
        left = opened.start[1] if opened.start else 0
        bad_rows = {row for row, _ in bad}
        for number, row in enumerate(opened.iter_rows(), 1):
            cells = [cell if type(cell) is str else _wire(cell) for cell in row]
            if left:
                cells[:0] = [""] * left
            if number - 1 in bad_rows:
                for (bad_row, column), why in bad.items():
                    if bad_row == number - 1:
                        cells.extend([""] * (column + 1 - len(cells)))
                        cells[column] = {"bad": why}
            yield number, cells

    def _open(self, sheet: str) -> CalamineSheet:
        if self._last is None or self._last[0] != sheet:
            try:
                self._last = (sheet, self._book.get_sheet_by_name(sheet))
            except (self._error, ValueError, OSError) as error:
                raise _damaged(self._name, f"its sheet {sheet!r} is damaged") from error
        return self._last[1]


def _wire(cell: object) -> WireCell:
    if isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return {"at": cell.isoformat()}
    return {"at": str(cell)} if isinstance(cell, datetime.timedelta) else str(cell)


def sheet_paths(data: bytes) -> dict[str, str]:
    """Return the ZIP part of each sheet name; entities were refused before."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    paths: dict[str, str] = {}
    for sheet in book.iter(f"{_SHEET_NS}sheet"):
        target = targets.get(sheet.get(_REL_ID), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        paths[sheet.get("name", "")] = path
    return paths
