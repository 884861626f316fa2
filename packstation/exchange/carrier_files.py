"""Reads resources/carriers/*.toml: names, forms of tracking numbers and which number comes next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packstation.core.carriers import Carrier, CheckRule, NextRule, NumberPattern
from packstation.core.orders import CarrierCode
from packstation.errors import DataFileError
from packstation.exchange.data_files import DataSource

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_S10_FORM = re.compile(r"\[A-Z\]\{2\}\\d\{9\}(?:\[A-Z\]\{2\}|[A-Z]{2})")
_SF12_FORM = r"\d{12}"
_LONGEST_PATTERN = 200


def _names(source: DataSource) -> tuple[str, ...]:
    value = source.values.get("names")
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        raise source.fail("names", "a list of names is needed")
    if len(value) < 2:
        raise source.fail("names", "the Chinese and the English name are needed, in this order")
    return tuple(value)


def _pattern(source: DataSource, table: Mapping[str, Any], section: int) -> NumberPattern:
    at = ("number", section)
    source.only(table, ("pattern", "distinctive", "check", "next", "source"), at)
    text = table.get("pattern")
    if not isinstance(text, str) or not text or len(text) > _LONGEST_PATTERN:
        raise source.fail("pattern", "a pattern of 1 to 200 characters is needed", within=at)
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as error:
        raise source.fail("pattern", f"no valid pattern: {error}", within=at) from error
    if pattern.fullmatch(""):
        raise source.fail("pattern", "it also fits nothing at all", within=at)
    distinctive = table.get("distinctive", False)
    if not isinstance(distinctive, bool):
        raise source.fail("distinctive", "true or false is needed", within=at)
    check = source.choice(table, "check", CheckRule, CheckRule.NONE, at)
    following = source.choice(table, "next", NextRule, NextRule.NONE, at)
    # The arithmetic of S10 and of 12 digits counts places: another form would break it.
    for key, rule, fits in (
        ("check", check is CheckRule.S10, _S10_FORM.fullmatch(text) is not None),
        ("next", following is NextRule.S10, _S10_FORM.fullmatch(text) is not None),
        ("check", check is CheckRule.SF12_WARN, text == _SF12_FORM),
        ("next", following is NextRule.SF12, text == _SF12_FORM),
    ):
        if rule and not fits:
            raise source.fail(key, "this rule does not go with this pattern", within=at)
    origin = table.get("source", "")
    if not isinstance(origin, str) or not origin.strip():
        raise source.fail("source", "say where the pattern is from", within=at)
    return NumberPattern(
        pattern=pattern, distinctive=distinctive, check=check, next_rule=following, source=origin
    )


def load_carrier(path: Path) -> Carrier:
    """Return the carrier of one file.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = DataSource(path)
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
                raise DataSource(folder / f"{carrier.code.lower()}.toml").fail(
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
