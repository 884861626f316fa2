"""TOML data files of paper, printers and labels, checked while they are read.

A wrong value is named with file, key and line, so that a shop can mend its own template.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from packstation.errors import DataFileError

_Choice = TypeVar("_Choice", bound=StrEnum)


class DataTable:
    """One table of a TOML file; every value asked for is checked, the rest must not exist."""

    def __init__(
        self, path: Path, lines: list[str], values: Mapping[str, object], header: str, start: int
    ) -> None:
        """Keep what is needed to name file, key and line."""
        self._path = path
        self._lines = lines
        self._values = values
        self._header = header
        self._start = start
        self._asked: set[str] = set()

    def fail(self, key: str, problem: str) -> DataFileError:
        """Return the error that names file, key and line."""
        line = self._line_of(key)
        where = f"{self._header}.{key}" if self._header else key
        return DataFileError(
            "data_file.bad_value",
            f"{self._path.name}, line {line}, key {where}: {problem}.",
            fix="Correct this file or put the original back.",
            file=self._path.name,
            key=where,
            line=line,
        )

    def _line_of(self, key: str) -> int:
        for number in range(self._start, len(self._lines)):
            text = self._lines[number].strip()
            if number > self._start and text.startswith("["):
                break
            if text.split("=", 1)[0].strip() == key:
                return number + 1
        return self._start + 1

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def word(self, key: str, default: str | None = None) -> str:
        """Return a non-empty text."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if not isinstance(value, str) or (key in self._values and not value.strip()):
            raise self.fail(key, "a text is needed")
        return value

    def number(self, key: str, *, low: float, high: float, default: float | None = None) -> float:
        """Return a number within its bounds."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(key, "a number is needed")
        if not low <= value <= high:
            raise self.fail(key, f"{value:g} is not between {low:g} and {high:g}")
        return float(value)

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within its bounds."""
        value = self.number(key, low=low, high=high, default=default)
        if value != int(value):
            raise self.fail(key, f"{value:g} is not a whole number")
        return int(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is needed")
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return one of a closed set of words."""
        text = self.word(key, default)
        try:
            return kind(text)
        except ValueError:
            words = ", ".join(kind)
            raise self.fail(key, f"{text!r} is none of {words}") from None

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of non-empty texts; empty when it is not there."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, "a list of texts is needed")
        texts = [item for item in value if isinstance(item, str) and item.strip()]
        if len(texts) != len(value):
            raise self.fail(key, "a list of texts is needed")
        return tuple(texts)

    def wholes(self, key: str, *, low: int, high: int) -> tuple[int, ...]:
        """Return a list of whole numbers within their bounds; empty when it is not there."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, "a list of whole numbers is needed")
        numbers = [item for item in value if isinstance(item, int) and not isinstance(item, bool)]
        if len(numbers) != len(value):
            raise self.fail(key, "a list of whole numbers is needed")
        for number in numbers:
            if not low <= number <= high:
                raise self.fail(key, f"{number} is not between {low} and {high}")
        return tuple(numbers)

    def tables(self, key: str) -> Iterator[DataTable]:
        """Yield the tables of an array such as ``[[text]]``, in the order of the file."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, f"write it as [[{key}]]")
        starts = [n for n, text in enumerate(self._lines) if text.strip() == f"[[{key}]]"]
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.fail(key, f"write it as [[{key}]]")
            start = starts[index] if index < len(starts) else 0
            yield DataTable(self._path, self._lines, item, f"{key}[{index}]", start)

    def finish(self) -> None:
        """Refuse keys that nothing asked for: a misspelt key must not be ignored."""
        for key in self._values:
            if key not in self._asked:
                raise self.fail(key, "unknown key")


def read_data_file(path: Path) -> DataTable:
    """Return the top table of a TOML file.

    Raises:
        DataFileError: The file cannot be read or is not TOML; the message has the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise DataFileError(
            "data_file.unreadable",
            f"The data file {path.name} cannot be read: {error.strerror}.",
            fix="Install the program again.",
            file=path.name,
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(
            "data_file.not_toml",
            f"The data file {path.name} is not valid TOML: {error}.",
            fix="Correct this file or put the original back.",
            file=path.name,
        ) from error
    return DataTable(path, text.splitlines(), values, "", 0)
