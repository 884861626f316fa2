"""Reads resources/carriers/*.toml: names, forms of tracking numbers and which number comes next."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from packstation.core.carriers import Carrier, CheckRule, NextRule, NumberPattern
from packstation.core.orders import CarrierCode
from packstation.errors import DataFileError

_Choice = TypeVar("_Choice", bound=StrEnum)

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_S10_FORM = re.compile(r"\[A-Z\]\{2\}\\d\{9\}(?:\[A-Z\]\{2\}|[A-Z]{2})")
_SF12_FORM = r"\d{12}"
_LONGEST_PATTERN = 200


class _Source:
    """One carrier file with its lines, to name the place of a wrong key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.values: dict[str, Any] = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataFileError(
                "data_file.unreadable",
                f"{path.name} is not readable as TOML: {error}.",
                fix="Correct this file or put the original back.",
                file=path.name,
            ) from error
        self.lines = text.splitlines()
        self.starts = [0] + [
            number for number, line in enumerate(self.lines) if line.strip() == "[[number]]"
        ]

    def fail(self, key: str, problem: str, *, section: int = 0) -> DataFileError:
        """Return the error that names file, line and key.

        Args:
            key: As written in the file.
            problem: What is wrong, without a full stop.
            section: 0 = the head of the file, n = the n-th ``[[number]]``.
        """
        start = self.starts[section] if section < len(self.starts) else 0
        line = start + 1
        for number in range(start, len(self.lines)):
            text = self.lines[number].strip()
            if number > start and text.startswith("["):
                break
            if text.split("=", 1)[0].strip() == key:
                line = number + 1
                break
        return DataFileError(
            "data_file.bad_value",
            f"{self.path.name}, line {line}, key {key}: {problem}.",
            fix="Correct this file or put the original back.",
            file=self.path.name,
            key=key,
            line=line,
        )

    def only(self, table: Mapping[str, Any], known: tuple[str, ...], section: int = 0) -> None:
        """Refuse keys that are not known."""
        for key in table:
            if key not in known:
                raise self.fail(key, f"unknown key; known are {', '.join(known)}", section=section)

    def choice(
        self,
        table: Mapping[str, Any],
        key: str,
        kind: type[_Choice],
        default: _Choice,
        section: int,
    ) -> _Choice:
        """Return one of a closed set of words."""
        value = table.get(key, default)
        try:
            return kind(value)
        except ValueError:
            words = ", ".join(kind)
            problem = f"{value!r} is none of {words}"
            raise self.fail(key, problem, section=section) from None


def _names(source: _Source) -> tuple[str, ...]:
    value = source.values.get("names")
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        raise source.fail("names", "a list of names is needed")
    if len(value) < 2:
        raise source.fail("names", "the Chinese and the English name are needed, in this order")
    return tuple(value)


def _pattern(source: _Source, table: Mapping[str, Any], section: int) -> NumberPattern:
    source.only(table, ("pattern", "distinctive", "check", "next", "source"), section)
    text = table.get("pattern")
    if not isinstance(text, str) or not text or len(text) > _LONGEST_PATTERN:
        raise source.fail("pattern", "a pattern of 1 to 200 characters is needed", section=section)
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as error:
        raise source.fail("pattern", f"no valid pattern: {error}", section=section) from error
    if pattern.fullmatch(""):
        raise source.fail("pattern", "it also fits nothing at all", section=section)
    distinctive = table.get("distinctive", False)
    if not isinstance(distinctive, bool):
        raise source.fail("distinctive", "true or false is needed", section=section)
    check = source.choice(table, "check", CheckRule, CheckRule.NONE, section)
    following = source.choice(table, "next", NextRule, NextRule.NONE, section)
    # The arithmetic of S10 and of 12 digits counts places: another form would break it.
    for key, rule, fits in (
        ("check", check is CheckRule.S10, _S10_FORM.fullmatch(text) is not None),
        ("next", following is NextRule.S10, _S10_FORM.fullmatch(text) is not None),
        ("check", check is CheckRule.SF12_WARN, text == _SF12_FORM),
        ("next", following is NextRule.SF12, text == _SF12_FORM),
    ):
        if rule and not fits:
            raise source.fail(key, "this rule does not go with this pattern", section=section)
    origin = table.get("source", "")
    if not isinstance(origin, str) or not origin.strip():
        raise source.fail("source", "say where the pattern is from", section=section)
    return NumberPattern(
        pattern=pattern, distinctive=distinctive, check=check, next_rule=following, source=origin
    )


def load_carrier(path: Path) -> Carrier:
    """Return the carrier of one file.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = _Source(path)
    source.only(source.values, ("code", "names", "number"))
    code = source.values.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise source.fail("code", "2 to 12 capital letters and digits are needed")
    if path.stem != code.lower():
        raise source.fail("code", f"the file of {code} must be called {code.lower()}.toml")
    tables = source.values.get("number", [])
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        raise source.fail("number", "at least one [[number]] is needed")
    return Carrier(
        code=CarrierCode(code),
        names=_names(source),
        patterns=tuple(_pattern(source, table, n) for n, table in enumerate(tables, start=1)),
    )


def load_carriers(folder: Path) -> tuple[Carrier, ...]:
    """Return every carrier of a folder, by code.

    Args:
        folder: ``resources/carriers`` or a folder like it.

    Raises:
        DataFileError: A file is wrong, there is none, or two carriers share a name.
    """
    carriers = tuple(load_carrier(path) for path in sorted(folder.glob("*.toml")))
    if not carriers:
        raise DataFileError(
            "data_file.unreadable",
            f"There is no carrier file in {folder.name}.",
            fix="Install the program again.",
            file=folder.name,
        )
    owners: dict[str, CarrierCode] = {}
    for carrier in carriers:
        for name in _spoken(carrier):
            if owners.setdefault(name, carrier.code) != carrier.code:
                raise _Source(folder / f"{carrier.code.lower()}.toml").fail(
                    "names", f"{name!r} is a name of {owners[name]} already"
                )
    return carriers


def normalised_name(text: str) -> str:
    """Return a carrier's name in the form in which names are compared.

    >>> normalised_name(" ＹＴＯ  Express ")
    'yto express'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _spoken(carrier: Carrier) -> Iterator[str]:
    yield normalised_name(carrier.code)
    for name in carrier.names:
        yield normalised_name(name)


def carrier_names(carriers: tuple[Carrier, ...]) -> dict[str, CarrierCode]:
    """Return normalised name → code for every code and name (see ``normalised_name``)."""
    return {name: carrier.code for carrier in carriers for name in _spoken(carrier)}
