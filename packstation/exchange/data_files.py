"""The one reader of checked TOML data files: what is wrong is told with file, key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from packstation.errors import DataFileError

_FIX = "Correct this file or put the original back."

_Choice = TypeVar("_Choice", bound=StrEnum)


class DataSource:
    """One TOML file with its lines, to name the place of a wrong key.

    ``within`` of its methods is the heading and the number of a table in an array: ``("number",
    2)`` is the second ``[[number]]``. Without it the whole file is searched.
    """

    def __init__(self, path: Path) -> None:
        """Read a file.

        Raises:
            DataFileError: ``data_file.unreadable``.
        """
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.values: dict[str, Any] = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataFileError(
                "data_file.unreadable",
                f"{path.name} is not readable as TOML: {error}.",
                fix=_FIX,
                file=path.name,
            ) from error
        self.lines = text.splitlines()

    def fail(
        self, key: str, problem: str, value: object = None, within: tuple[str, int] | None = None
    ) -> DataFileError:
        """Return the error that names file, line and key.

        Args:
            key: As written in the file, or the name of a table.
            problem: What is wrong, without a full stop.
            value: What stands there, to find the right one of several equal keys.
            within: The table that holds the key.
        """
        first, last = self._lines_of(within)
        named = re.compile(rf"\s*(?:\[+[\w.]*\b)?{re.escape(key)}\b")
        lines = [n for n in range(first, last + 1) if named.match(self.lines[n - 1])]
        exact = [n for n in lines if isinstance(value, str) and f'"{value}"' in self.lines[n - 1]]
        line = (exact or lines or [first])[0]
        return DataFileError(
            "data_file.bad_value",
            f"{self.path.name}, line {line}, key {key}: {problem}.",
            fix=_FIX,
            file=self.path.name,
            key=key,
            line=line,
        )

    def _lines_of(self, within: tuple[str, int] | None) -> tuple[int, int]:
        """Return first and last line of a table; the heading of an array ends the one before."""
        if within is None:
            return 1, max(1, len(self.lines))
        heading, number = within
        starts = [
            n
            for n, text in enumerate(self.lines, 1)
            if text.split("#")[0].strip() == f"[[{heading}]]"
        ]
        if number > len(starts):
            return 1, max(1, len(self.lines))
        first = starts[number - 1]
        inside = enumerate(self.lines[first:], first + 1)
        ends = [n for n, text in inside if text.lstrip().startswith("[[")]
        return first, ends[0] - 1 if ends else len(self.lines)

    def only(
        self,
        table: Mapping[str, Any],
        known: set[str] | tuple[str, ...],
        within: tuple[str, int] | None = None,
    ) -> None:
        """Refuse keys that are not known."""
        for key in table:
            if key not in known:
                told = f"unknown key; known are {', '.join(sorted(known))}"
                raise self.fail(key, told, within=within)

    def word(
        self,
        table: Mapping[str, Any],
        key: str,
        default: str | None = None,
        within: tuple[str, int] | None = None,
    ) -> str:
        """Return a text that is not empty."""
        value = table.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "a text is needed", within=within)
        return value

    def words(
        self, table: Mapping[str, Any], key: str, within: tuple[str, int] | None = None
    ) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fail(key, "a list of texts is needed", within=within)
        return tuple(value)

    def truth(
        self,
        table: Mapping[str, Any],
        key: str,
        *,
        default: bool,
        within: tuple[str, int] | None = None,
    ) -> bool:
        """Return a truth value."""
        value = table.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is needed", within=within)
        return value

    def whole(
        self,
        table: Mapping[str, Any],
        key: str,
        default: int | None = None,
        within: tuple[str, int] | None = None,
    ) -> int:
        """Return a whole number."""
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(key, "a whole number is needed", within=within)
        return value

    def wholes(
        self, table: Mapping[str, Any], key: str, within: tuple[str, int] | None = None
    ) -> tuple[int, ...]:
        """Return a list of whole numbers; empty where the key is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            raise self.fail(key, "a list of whole numbers is needed", within=within)
        return tuple(value)

    def choice(
        self,
        table: Mapping[str, Any],
        key: str,
        kind: type[_Choice],
        default: _Choice | None = None,
        within: tuple[str, int] | None = None,
    ) -> _Choice:
        """Return one of a closed set of words."""
        value = table.get(key, default)
        try:
            return kind(value)
        except ValueError:
            told = f"{value!r} is none of {', '.join(kind)}"
            raise self.fail(key, told, value, within) from None

    def table(
        self, table: Mapping[str, Any], key: str, within: tuple[str, int] | None = None
    ) -> dict[str, Any]:
        """Return a table; empty where the key is missing."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "a table is needed", within=within)
        return value

    def tables(self, table: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
        """Yield the tables of an array."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(key, f"write it as [[{key}]]")
        yield from value
