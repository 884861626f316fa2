"""Writes tables as CSV, TSV or XLSX: cell by cell safe, row by row, whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packstation.errors import PackStationError
from packstation.exchange.safe_cells import Cell, exact, safe

if TYPE_CHECKING:
    from _csv import Writer

XLSX_ROWS = 1_048_576
"""Rows of one sheet, the headings included."""
RED = "#C00000"
"""Colour of marked rows."""


class TableFile(Protocol):
    """A table that is being written into a file of its own."""

    def row(self, cells: Sequence[Cell], *, marked: bool = False) -> None:
        """Add one row; a marked one stands out where the format can."""
        ...

    def close(self) -> None:
        """End the file; it is whole on return."""
        ...


class CsvFile:
    """A CSV in UTF-8 with a byte-order mark, as spreadsheet programs want it."""

    def __init__(self, path: Path) -> None:
        """Open a new file."""
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = _csv_writer(self._stream)

    def row(self, cells: Sequence[Cell], *, marked: bool = False) -> None:
        """Add one row."""
        self._writer.writerow([safe(cell) for cell in cells])

    def close(self) -> None:
        """End the file, durable on return."""
        if not self._stream.closed:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()


def _csv_writer(stream: io.TextIOBase) -> Writer:
    # Every text in quotes: where ; parts the cells, a comma or a ; inside stays inside.
    return csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)


class XlsxFile:
    """A workbook with one sheet, written as a stream; every text is typed as text."""

    def __init__(self, target: Path | io.BytesIO, *, sheet: str = "Sheet1") -> None:
        """Start a new workbook.

        Args:
            target: Where it goes; written on closing. Of a file, rows lie in its folder until
                then, so that people's data is nowhere else; of bytes, in memory alone.
            sheet: Name of the sheet.
        """
        import xlsxwriter

        self._target = target
        options: dict[str, object] = {"in_memory": True}
        if isinstance(target, Path):
            # A row is on disk as soon as the next one begins.
            options = {"constant_memory": True, "tmpdir": str(target.parent)}
        self._book = xlsxwriter.Workbook(target, options)
        self._sheet = self._book.add_worksheet(sheet)
        self._red = self._book.add_format({"font_color": RED})
        self._next = 0
        self._closed = False

    def row(self, cells: Sequence[Cell], *, marked: bool = False) -> None:
        """Add one row; a marked one is red."""
        style = self._red if marked else None
        for column, cell in enumerate(cells):
            value = safe(cell)
            if isinstance(value, int):
                self._sheet.write_number(self._next, column, value, style)
            elif value:
                # Typed as text, whatever it begins with: never a formula.
                self._sheet.write_string(self._next, column, value, style)
        self._next += 1

    def close(self) -> None:
        """Write the workbook, durable on return."""
        if not self._closed:
            self._closed = True
            self._book.close()
            if isinstance(self._target, Path):
                with self._target.open("rb") as stream:
                    os.fsync(stream.fileno())


def table_file(path: Path, *, as_workbook: bool) -> TableFile:
    """Return a new file for a table."""
    return XlsxFile(path) if as_workbook else CsvFile(path)


def xlsx_bytes(rows: Iterable[Sequence[Cell]], *, sheet: str = "Sheet1") -> bytes:
    """Return a small workbook as bytes."""
    content = io.BytesIO()
    book = XlsxFile(content, sheet=sheet)
    for row in rows:
        book.row(row)
    book.close()
    return content.getvalue()


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a small CSV as bytes, in UTF-8 with a byte-order mark."""
    stream = io.StringIO(newline="")
    _csv_writer(stream).writerows([safe(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def tsv_bytes(rows: Iterable[Sequence[Cell]], *, encoding: str, line_end: str = "\r\n") -> bytes:
    """Return a tab-separated table as bytes; its readers know no quotation marks.

    Raises:
        PackStationError: ``sheets.looks_like_formula`` or ``sheets.not_in_encoding``.
    """
    lines = ["\t".join(exact(str(safe(cell))) for cell in row) + line_end for row in rows]
    return encoded("".join(lines), encoding)


def encoded(text: str, encoding: str) -> bytes:
    """Return a text in an encoding.

    Raises:
        PackStationError: ``sheets.not_in_encoding`` names the character.
    """
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        char = text[error.start]
        raise PackStationError(
            "sheets.not_in_encoding",
            f"The character {char} (U+{ord(char):04X}) cannot be written in {encoding}.",
            fix="Correct the number or the carrier's name, or save the template as XLSX.",
            character=char,
            encoding=encoding,
        ) from error


def cannot_write(path: Path, error: OSError) -> PackStationError:
    """Return the error of a file that cannot be written."""
    return PackStationError(
        "app.cannot_write",
        f"The file {path.name} cannot be written: {error.strerror}.",
        fix="Choose another folder.",
        file=path.name,
    )


def refuse_existing(path: Path) -> None:
    """Refuse a name that is taken, and a folder that nobody can write to.

    To be called before anything is noted.

    Raises:
        PackStationError: ``sheets.file_exists`` or ``app.cannot_write``.
    """
    if path.exists():
        raise PackStationError(
            "sheets.file_exists",
            f"There is a file {path.name} already; it is not written over.",
            fix="Choose another name.",
            file=path.name,
        )
    if not path.parent.is_dir():
        raise cannot_write(path, FileNotFoundError(2, "there is no such folder"))
    try:  # only writing tells whether a folder may be written to
        with unfinished(path.parent, path.suffix):
            pass
    except OSError as error:
        raise cannot_write(path, error) from error


@contextlib.contextmanager
def unfinished(folder: Path, suffix: str) -> Iterator[Path]:
    """Give a new file's path beside where it will stand; it is gone afterwards unless renamed."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".packstation-", suffix=suffix)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that under its name it is whole or not there; durable on return.

    Raises:
        PackStationError: ``app.cannot_write``.
    """
    try:
        with unfinished(path.parent, path.suffix) as new:
            with new.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(new, path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable; Windows does it by itself."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
