"""Single cells of a CSV changed in place: every other byte stays as it came.

Works on the bytes: in UTF-8, GB18030, Shift_JIS and Windows-1252 no sign of a multi-byte character
is a delimiter, a quotation mark or a line end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packstation.exchange.sheet_files import encoded

_CR, _LF, _QUOTE = 0x0D, 0x0A, 0x22


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where its cells stand in the bytes."""

    cells: tuple[tuple[int, int], ...]
    """Start and end of each, quotation marks included; none for a blank line."""
    end: int
    """Before the line end."""


def records_of(content: bytes, delimiter: str) -> list[Record]:
    r"""Return every record, as Python's csv counts them: blank lines count too.

    >>> [len(r.cells) for r in records_of(b'a,"b\n,""c"\r\n\r\nd', ",")]
    [2, 0, 1]
    """
    (mark,) = delimiter.encode("ascii")
    records: list[Record] = []
    cells: list[tuple[int, int]] = []
    start = place = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    size = len(content)
    while place < size:
        sign = content[place]
        if sign == _QUOTE and place == start:
            place = _after_quotes(content, place)
        elif sign == mark:
            cells.append((start, place))
            place += 1
            start = place
        elif sign in (_CR, _LF):
            records.append(_record(cells, start, place))
            cells = []
            place += 2 if content[place : place + 2] == b"\r\n" else 1
            start = place
        else:
            place += 1
    if start < size or cells:
        records.append(_record(cells, start, size))
    return records


def _after_quotes(content: bytes, place: int) -> int:
    place += 1
    while True:
        close = content.find(b'"', place)
        if close < 0:
            return len(content)
        if content[close + 1 : close + 2] != b'"':
            return close + 1
        place = close + 2


def _record(cells: list[tuple[int, int]], start: int, end: int) -> Record:
    blank = not cells and start == end
    return Record(() if blank else (*cells, (start, end)), end)


def with_cells(
    content: bytes,
    delimiter: str,
    encoding: str,
    edits: Mapping[tuple[int, int], str],
    *,
    width: int,
) -> bytes:
    """Return the text with cells set; rows beyond the last are added under it.

    Args:
        content: The whole file.
        delimiter: What parts its cells.
        encoding: As it was found out; without the byte-order mark, which stays.
        edits: (row from 1, column from 0) → the new text.
        width: Cells of a new row.

    Raises:
        PackStationError: ``sheets.not_in_encoding``.
    """
    records = records_of(content, delimiter)
    line_end = _line_end(content)
    parting = delimiter.encode("ascii")
    pieces: list[tuple[int, int, bytes]] = []
    fresh: dict[int, list[bytes]] = {}
    for (row, column), text in sorted(edits.items()):
        if row > len(records):
            cells = fresh.setdefault(row, [b""] * max(width, column + 1))
            cells[column] = _cell(text, delimiter, encoding, quoted=False)
            continue
        record = records[row - 1]
        if column < len(record.cells):
            start, end = record.cells[column]
            quoted = content[start : start + 1] == b'"'
            pieces.append((start, end, _cell(text, delimiter, encoding, quoted=quoted)))
        else:
            missing = column - max(len(record.cells), 1) + 1
            made = parting * missing + _cell(text, delimiter, encoding, quoted=False)
            pieces.append((record.end, record.end, made))
    result = bytearray(content)
    for start, end, made in sorted(pieces, reverse=True):
        result[start:end] = made
    if fresh and not result.endswith((b"\r", b"\n")):
        result += line_end
    for row in sorted(fresh):
        result += parting.join(fresh[row]) + line_end
    return bytes(result)


def _line_end(content: bytes) -> bytes:
    for place, sign in enumerate(content):
        if sign == _LF:
            return b"\n"
        if sign == _CR:
            return b"\r\n" if content[place + 1 : place + 2] == b"\n" else b"\r"
    return b"\r\n"


def _cell(text: str, delimiter: str, encoding: str, *, quoted: bool) -> bytes:
    if quoted or any(sign in text for sign in (delimiter, '"', "\r", "\n")):
        text = '"' + text.replace('"', '""') + '"'
    return encoded(text, encoding)
