"""Orders written as JSON, offered as a table whose headings are paths; runs inside the child.

The form is in resources/docs/import-json.md: one object an order, each on a line of its own, or one
object or an array of them spread over the file. Keys that are not known and values of a wrong type
refuse the file with their path; a number where a text must stand in an identifier, and a quantity
that is no whole number, refuse the row as in every other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from packstation.core.orders import OrderKind
from packstation.errors import ImportFileError
from packstation.exchange.table_limits import FIELD_CHARACTERS, MAX_ROWS, too_large_inside
from packstation.exchange.text_encoding import TextFacts

JsonCell = str | int | float | bool | dict[str, str]

_TIMES = (
    "placed_at", "paid_at", "promised_ship_at", "cancel_requested_at", "arranged_at",
    "collected_at",
)  # fmt: skip
_ORDER = (
    "order_id", "shop", "status", "kind", "carrier", "tracking_number", "package_id", "urged",
    "buyer_message", "seller_memo", "sorting", "bag_place", *_TIMES,
)  # fmt: skip
_RECIPIENT = ("name", "phone", "address", "zip_code", "nick", "platform_hash")
_LINE = (
    "line_key", "sku", "title", "spec", "quantity", "barcode", "bin", "gift", "bundle_info",
)  # fmt: skip
_IDS = frozenset({"order_id", "tracking_number", "line_key", "sku", "barcode"})
"""A number here may have lost zeros or digits: the row is refused, not the file."""
_TRUTHS = frozenset({"urged", "gift"})
HEADINGS = (
    *(f"$.{name}" for name in _ORDER),
    *(f"$.recipient.{name}" for name in _RECIPIENT),
    *(f"$.lines.{name}" for name in _LINE),
)
"""The paths that an order may have, in the order of a row's cells."""


def looks_like_json(first: bytes) -> bool:
    """Whether a file's first bytes open an object or an array of objects.

    >>> looks_like_json(b' {"order_id": "A-1"}'), looks_like_json(b"[ {"), looks_like_json(b"[a];b")
    (True, True, False)
    """
    bare = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"["):
        bare = bare[1:].lstrip()
    return bare.startswith(b"{") and bare[1:].lstrip()[:1] in {b'"', b"}", b""}


class JsonOrders:
    """One file of orders in JSON, in the shape of a text table with one reading."""

    cut_off = False
    """A file that was cut off is no JSON and refused as a whole."""

    def __init__(self, path: Path, facts: TextFacts) -> None:
        """Open nothing yet.

        Args:
            path: The file.
            facts: Its encoding, as ``examine`` found it.
        """
        self._path = path
        self._encoding = facts.encoding

    def heads(self) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
        """Yield the one reading: a row 0 of headings that the file itself does not have."""
        yield "json", [(0, [*HEADINGS])]

    def records(self, _reading: str, *, quoted: bool) -> Iterator[tuple[int, list[JsonCell]]]:
        """Yield a row for each line of each order, with the number of the order's line.

        Raises:
            ImportFileError: The file is no JSON, or holds what this form does not know.
        """
        del quoted
        rows = 0
        for number, value in self._orders():
            for cells in self._rows(number, value):
                rows += 1
                if rows > MAX_ROWS:
                    raise too_large_inside(self._path.name, f"it has more than {MAX_ROWS:,} lines")
                yield number, cells

    def _orders(self) -> Iterator[tuple[int, object]]:
        """Yield each order with its place: its line, or which it is where it has several lines."""
        with self._path.open("r", encoding=self._encoding, errors="strict") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    value = self._parsed(line, number)
                except ImportFileError:
                    break  # spread over several lines, or broken: reading it whole tells
                if isinstance(value, list):
                    break
                yield number, value
                yield from self._more(stream, number)
                return
        whole = self._parsed(self._path.read_text(encoding=self._encoding), None)
        yield from enumerate(whole if isinstance(whole, list) else [whole], 1)

    def _more(self, stream: Iterator[str], before: int) -> Iterator[tuple[int, object]]:
        for number, line in enumerate(stream, before + 1):
            if line.strip():
                yield number, self._parsed(line, number)

    def _parsed(self, text: str, line: int | None) -> object:
        def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
            made = dict(pairs)
            if len(made) < len(pairs):
                raise ValueError("a key stands twice in one object")
            return made

        def number(word: str) -> object:
            raise ValueError(f"{word} is no JSON")

        try:
            value: object = json.loads(text, object_pairs_hook=once, parse_constant=number)
        except json.JSONDecodeError as error:
            raise self._broken(line or error.lineno, error.msg) from error
        except RecursionError as error:
            raise self._broken(line or 1, "it is nested too deep") from error
        except ValueError as error:
            raise self._broken(line or 1, str(error)) from error
        return value

    def _broken(self, line: int, what: str) -> ImportFileError:
        name = self._path.name
        return ImportFileError(
            "import.json_broken",
            f"{name}, line {line}: this is not valid JSON: {what}.",
            fix="Write each order as one JSON object, one a line.",
            file=name,
            line=line,
        )

    def _bad(self, row: int, path: str, problem: str) -> ImportFileError:
        name = self._path.name
        return ImportFileError(
            "import.json_bad_value",
            f"{name}, order {row}, {path}: {problem}.",
            fix="Correct it; the form is described in the guide to JSON orders.",
            file=name,
            row=row,
            key=path,
        )

    def _object(
        self, row: int, path: str, value: object, known: tuple[str, ...]
    ) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._bad(row, path, "an object is needed")
        for key in value:
            if key not in known:
                shown = "".join(sign if sign.isprintable() else "?" for sign in key)[:60]
                raise self._bad(
                    row, f"{path}.{shown}", f"unknown key; known are {', '.join(known)}"
                )
        return value

    def _rows(self, row: int, value: object) -> Iterator[list[JsonCell]]:
        order = self._object(row, "$", value, (*_ORDER, "recipient", "lines"))
        recipient = self._object(row, "$.recipient", order.get("recipient", {}), _RECIPIENT)
        head = [self._cell(row, f"$.{name}", name, order.get(name)) for name in _ORDER]
        head += [
            self._cell(row, f"$.recipient.{name}", name, recipient.get(name)) for name in _RECIPIENT
        ]
        lines = order.get("lines", [])
        if not isinstance(lines, list):
            raise self._bad(row, "$.lines", "a list of objects is needed")
        if not lines:
            yield [*head, *([""] * len(_LINE))]  # told as a line without a quantity
        for number, line in enumerate(lines):
            path = f"$.lines[{number}]"
            told = self._object(row, path, line, _LINE)
            yield head + [self._cell(row, f"{path}.{name}", name, told.get(name)) for name in _LINE]

    def _cell(self, row: int, path: str, name: str, value: object) -> JsonCell:
        if value is None:
            return ""
        if name == "quantity":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return value if whole and isinstance(value, int) else {"bad": "no whole number"}
        if name in _TRUTHS:
            if not isinstance(value, bool):
                raise self._bad(row, path, "true or false is needed")
            return value or ""
        if not isinstance(value, str):
            if name in _IDS:
                return {"bad": "no text"}
            raise self._bad(row, path, "a text is needed")
        if len(value) > FIELD_CHARACTERS:
            raise self._bad(row, path, f"it has more than {FIELD_CHARACTERS // 1024} K characters")
        if "\ufffd" in value or "\0" in value:
            raise self._bad(row, path, "letters were lost before the file came here")
        if name == "kind" and value not in set(OrderKind):
            raise self._bad(row, path, f"one of {', '.join(OrderKind)} is needed")
        return self._moment(row, path, value) if name in _TIMES else value

    def _moment(self, row: int, path: str, value: str) -> str:
        try:
            if len(value) == len("2026-08-01"):
                return date.fromisoformat(value).isoformat()
            return datetime.fromisoformat(value).isoformat(timespec="seconds")
        except ValueError:
            problem = "a time such as 2026-08-01T18:00:00+08:00 is needed"
            raise self._bad(row, path, problem) from None
