"""Reads resources/carriers/*.toml: names, forms of tracking numbers and which number comes next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packstation.core.carriers import Carrier, NextRule, NumberPattern
from packstation.core.check_digits import WEIGHTLESS, CheckDigit, CheckRule
from packstation.core.orders import CarrierCode
from packstation.errors import DataFileError
from packstation.exchange.data_files import DataSource

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_LONGEST_PATTERN = 400


def _names(source: DataSource) -> tuple[str, ...]:
    value = source.values.get("names")
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        raise source.fail("names", "a list of names is needed")
    if len(value) < 2:
        raise source.fail("names", "the Chinese and the English name are needed, in this order")
    return tuple(value)


def _check(source: DataSource, table: Mapping[str, Any], at: tuple[str, int]) -> CheckDigit | None:
    if "check" not in table:
        return None
    value = source.table(table, "check", at)
    known = ("rule", "weights", "modulo", "from_right", "prefix", "inferred")
    # All of it stands in one line, so that line is the place of whatever is wrong in it.
    for key in value:
        if key not in known:
            raise source.fail(
                "check", f"unknown key {key}; known are {', '.join(known)}", within=at
            )
    words = ", ".join(CheckRule)
    if value.get("rule") not in list(CheckRule):
        raise source.fail("check", f"rule is one of {words}", within=at)
    rule = CheckRule(value["rule"])
    weights, moduli = value.get("weights", []), value.get("modulo", [])
    for key, figures, least in (("weights", weights, 0), ("modulo", moduli, 2)):
        if not isinstance(figures, list) or not all(
            type(figure) is int and figure >= least for figure in figures
        ):
            problem = f"{key} is a list of whole numbers from {least} on"
            raise source.fail("check", problem, within=at)
    if bool(weights) is (rule in WEIGHTLESS):
        raise source.fail("check", f"weights do not go with the rule {rule}", within=at)
    if bool(moduli) is not (rule is CheckRule.WEIGHTED) or (moduli and moduli[-1] > 10):
        raise source.fail("check", "modulo goes with the rule weighted and ends at 10", within=at)
    for key in ("from_right", "inferred"):
        if not isinstance(value.get(key, False), bool):
            raise source.fail("check", f"{key} is true or false", within=at)
    prefix = value.get("prefix", "")
    if not isinstance(prefix, str) or not re.fullmatch(r"[0-9A-Z]*", prefix):
        raise source.fail("check", "prefix has digits and capital letters only", within=at)
    return CheckDigit(
        rule=rule,
        weights=tuple(weights),
        moduli=tuple(moduli),
        from_right=value.get("from_right", False),
        prefix=prefix,
        inferred=value.get("inferred", False),
    )


def _pattern(source: DataSource, table: Mapping[str, Any], section: int) -> NumberPattern:
    at = ("number", section)
    source.only(table, ("pattern", "distinctive", "check", "next", "source", "words"), at)
    text = table.get("pattern")
    if not isinstance(text, str) or not text or len(text) > _LONGEST_PATTERN:
        raise source.fail("pattern", "a pattern of 1 to 400 characters is needed", within=at)
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as error:
        raise source.fail("pattern", f"no valid pattern: {error}", within=at) from error
    if pattern.fullmatch(""):
        raise source.fail("pattern", "it also fits nothing at all", within=at)
    check = _check(source, table, at)
    following = source.choice(table, "next", NextRule, NextRule.NONE, at)
    # The arithmetic takes its places from the groups: without them it cannot work.
    places = {"serial", "check"} <= set(pattern.groupindex)
    if check is not None and (not places or r"(?P<check>\d)" not in text):
        problem = r"the pattern needs the groups (?P<serial>...) and (?P<check>\d)"
        raise source.fail("check", problem, within=at)
    adjacent = re.search(r"\(\?P<serial>\\d(?:\{[\d,]+\})?\)\(\?P<check>\\d\)", text)
    if following is NextRule.SERIAL and (check is None or adjacent is None):
        problem = r"the pattern needs (?P<serial>\d{n})(?P<check>\d) and a check"
        raise source.fail("next", problem, within=at)
    words = source.table(table, "words", at)
    for group in words:
        if group not in pattern.groupindex:
            raise source.fail("words", f"the pattern has no group {group}", within=at)
    return NumberPattern(
        pattern=pattern,
        distinctive=source.truth(table, "distinctive", default=False, within=at),
        check=check,
        next_rule=following,
        source=source.word(table, "source", within=at),
        words=tuple((group, frozenset(source.words(words, group, at))) for group in words),
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
