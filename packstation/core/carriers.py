"""Carriers and their tracking numbers: does a text fit, how sure is that, and which parcel is it.

The rules are data (resources/carriers/*.toml); this module only knows how to apply them. A
pattern names its places by groups: ``serial`` and ``check`` for the check digit, ``number`` for
the tracking number within a longer barcode. Which number comes next: ``number_runs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from packstation.core.check_digits import CheckDigit
from packstation.core.orders import CarrierCode, TrackingNumber


class NextRule(StrEnum):
    """How the number after a number is made."""

    INCREMENT = "increment"
    """Trailing digits plus one, zero padding and prefix kept."""
    SERIAL = "serial"
    """The serial plus one, and its check digit made anew."""
    NONE = "none"
    """No public rule: numbers must be imported as a list."""


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """One form of a carrier's numbers."""

    pattern: re.Pattern[str]
    """Matched against the whole number, upper case."""
    distinctive: bool = False
    """True when a text of this form can hardly be a product code: it has the carrier's letters."""
    check: CheckDigit | None = None
    """None = no published check digit: the number only could be one of this carrier."""
    next_rule: NextRule = NextRule.INCREMENT
    source: str = ""
    words: tuple[tuple[str, frozenset[str]], ...] = ()
    """Groups of the pattern that must hold one of some words, such as a country."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A text read as a carrier's number."""

    pattern: NumberPattern
    number: TrackingNumber
    """The parcel's number; shorter than the text where the barcode holds more."""
    doubtful: bool = False
    """An inferred check digit says otherwise: worth a warning, never a refusal."""

    @property
    def certain(self) -> bool:
        """True when a published check digit holds; else the number only could be the carrier's."""
        return self.pattern.check is not None and not self.pattern.check.inferred


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier as its data file tells."""

    code: CarrierCode
    names: tuple[str, ...]
    """The first is shown in Chinese, the second in English, the others are understood on import."""
    patterns: tuple[NumberPattern, ...]

    @property
    def name_zh(self) -> str:
        """The Chinese name."""
        return self.names[0]

    @property
    def name_en(self) -> str:
        """The English name."""
        return self.names[1] if len(self.names) > 1 else self.names[0]

    def fit(self, text: str) -> Fit | None:
        """Return the best reading of a whole text: a proved one, else the first that could be."""
        found = list(self._fits(plain(text)))
        return next((fit for fit in found if fit.certain), found[0] if found else None)

    def pattern_of(self, number: str) -> NumberPattern | None:
        """Return the pattern of the best reading, see ``fit``."""
        fit = self.fit(number)
        return fit.pattern if fit else None

    def fits(self, number: str) -> bool:
        """Tell whether a number can be one of this carrier."""
        return next(self._fits(plain(number)), None) is not None

    def canonical(self, text: str) -> str:
        """Return the parcel's number of whatever this carrier's barcodes hold.

        A longer barcode gives up its number only where its check digit proves it and no other
        reading contradicts; every other text comes back as it is, upper case and without blanks.
        """
        whole = plain(text)
        found = {fit.number for fit in self._fits(whole) if fit.certain}
        return found.pop() if len(found) == 1 else whole

    def _fits(self, text: str) -> Iterator[Fit]:
        for pattern in self.patterns:
            match = pattern.pattern.fullmatch(text)
            if match is None or any(match[group] not in words for group, words in pattern.words):
                continue
            groups, check = match.groupdict(), pattern.check
            holds = check is None or check.digit(match["serial"]) == int(match["check"])
            if holds or (check is not None and check.inferred):
                number = groups.get("number") or text
                yield Fit(pattern, TrackingNumber(number), doubtful=not holds)


def plain(text: str) -> str:
    """Return a number as it is compared: upper case, without blanks.

    >>> plain("k 150 623 562 0")
    'K1506235620'
    """
    return "".join(text.split()).upper()


def fitting(carriers: tuple[Carrier, ...], number: str) -> tuple[CarrierCode, ...]:
    """Return the codes of all carriers that a number could belong to."""
    return tuple(c.code for c in carriers if c.fits(number))


def shortened(carriers: tuple[Carrier, ...], text: str) -> tuple[tuple[CarrierCode, str], ...]:
    """Return each carrier with the shorter number that it reads out of a long barcode."""
    whole = plain(text)
    read = ((carrier.code, carrier.canonical(whole)) for carrier in carriers)
    return tuple((code, number) for code, number in read if number != whole)


def looks_like_a_waybill(carriers: tuple[Carrier, ...], text: str) -> bool:
    """Tell whether a text has the distinctive form of some carrier's number."""
    upper = text.upper()
    return any(p.distinctive and p.pattern.fullmatch(upper) for c in carriers for p in c.patterns)
