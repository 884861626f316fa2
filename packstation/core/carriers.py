"""Carriers and their tracking numbers: does a number fit, and which number comes next.

The rules are data (resources/carriers/*.toml); this module only knows how to apply them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.errors import PackStationError


class NextRule(StrEnum):
    """How the number after a number is made."""

    INCREMENT = "increment"
    """Trailing digits plus one, zero padding and prefix kept."""
    S10 = "s10"
    """UPU S10: two letters, serial of 8, check digit, two letters."""
    SF12 = "sf12"
    """12 digits with the check digit inferred from public numbers (formats, part B2)."""
    NONE = "none"
    """No public rule: numbers must be imported as a list."""


class CheckRule(StrEnum):
    """Which check digit a pattern carries."""

    NONE = "none"
    """No published check digit: the number only could be one of this carrier."""
    S10 = "s10"
    SF12_WARN = "sf12_warn"
    """Inferred, never a reason to refuse."""


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """One form of a carrier's numbers."""

    pattern: re.Pattern[str]
    """Matched against the whole number, upper case."""
    distinctive: bool = False
    """True when a text of this form can hardly be a product code: it has the carrier's letters."""
    check: CheckRule = CheckRule.NONE
    next_rule: NextRule = NextRule.INCREMENT
    source: str = ""


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

    def pattern_of(self, number: str) -> NumberPattern | None:
        """Return the first pattern that the whole number fits, check digit included."""
        text = number.upper()
        for pattern in self.patterns:
            if pattern.pattern.fullmatch(text) and _check_holds(pattern.check, text):
                return pattern
        return None

    def fits(self, number: str) -> bool:
        """Tell whether a number can be one of this carrier."""
        return self.pattern_of(number) is not None


def fitting(carriers: tuple[Carrier, ...], number: str) -> tuple[CarrierCode, ...]:
    """Return the codes of all carriers that a number could belong to."""
    return tuple(c.code for c in carriers if c.fits(number))


def looks_like_a_waybill(carriers: tuple[Carrier, ...], text: str) -> bool:
    """Tell whether a text has the distinctive form of some carrier's number."""
    upper = text.upper()
    return any(p.distinctive and p.pattern.fullmatch(upper) for c in carriers for p in c.patterns)


def s10_check_digit(serial: str) -> int:
    """Return the check digit of an 8-digit S10 serial (UPU standard S10, weights 8 6 4 2 3 5 9 7).

    >>> s10_check_digit("12345678")
    5
    """
    total = sum(int(d) * w for d, w in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    remainder = 11 - total % 11
    return {10: 0, 11: 5}.get(remainder, remainder)


def sf12_check_digit(body: str) -> int:
    """Return the inferred last digit of a 12-digit SF number from its first eleven.

    Fitted on public numbers: digits 4 to 11 weigh 15 13 11 9 7 5 3 1; of each product its tens
    (``135`` has 13) and its ones are added.

    >>> sf12_check_digit("44400307789"), sf12_check_digit("11895490757")
    (8, 3)
    """
    weights = (15, 13, 11, 9, 7, 5, 3, 1)
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(body[3:], weights, strict=True))
    return (10 - total % 10) % 10


def _check_holds(rule: CheckRule, number: str) -> bool:
    if rule is CheckRule.S10:
        return s10_check_digit(number[2:10]) == int(number[10])
    return True


def next_number(carrier: Carrier, number: str) -> TrackingNumber:
    """Return the number after a number, by the carrier's rule.

    Raises:
        PackStationError: ``numbers.does_not_fit``, ``numbers.no_rule`` or ``numbers.run_out``.
    """
    text = number.upper()
    pattern = carrier.pattern_of(text)
    if pattern is None:
        raise PackStationError(
            "numbers.does_not_fit",
            f"{number} is not a tracking number of {carrier.code}.",
            fix="Check the carrier and the number; nothing was added.",
            number=number,
            carrier=carrier.code,
        )
    match pattern.next_rule:
        case NextRule.INCREMENT:
            result = _increment(text, carrier)
        case NextRule.S10:
            serial = int(text[2:10]) + 1
            if serial > 99_999_999:
                raise _run_out(text, carrier)
            body = f"{serial:08d}"
            result = f"{text[:2]}{body}{s10_check_digit(body)}{text[11:]}"
        case NextRule.SF12:
            if int(text[:11]) + 1 > 99_999_999_999:
                raise _run_out(text, carrier)
            body = f"{int(text[:11]) + 1:011d}"
            result = f"{body}{sf12_check_digit(body)}"
        case NextRule.NONE:
            raise PackStationError(
                "numbers.no_rule",
                f"No public rule tells which {carrier.code} number follows {number}.",
                fix="Import the carrier's list of numbers instead.",
                number=number,
                carrier=carrier.code,
            )
        case _:
            assert_never(pattern.next_rule)
    if not carrier.fits(result):
        raise _run_out(text, carrier)
    return TrackingNumber(result)


def _increment(text: str, carrier: Carrier) -> str:
    match = re.fullmatch(r"(.*?)(\d+)", text)
    if match is None:
        raise _run_out(text, carrier)
    prefix, digits = match.groups()
    following = str(int(digits) + 1).zfill(len(digits))
    if len(following) > len(digits):
        raise _run_out(text, carrier)
    return prefix + following


def _run_out(number: str, carrier: Carrier) -> PackStationError:
    return PackStationError(
        "numbers.run_out",
        f"No {carrier.code} number follows {number}: the block ends here.",
        fix="Ask the carrier for a new block.",
        number=number,
        carrier=carrier.code,
    )


def block(carrier: Carrier, first: str, count: int) -> tuple[TrackingNumber, ...]:
    """Return count numbers from the first on.

    Raises:
        PackStationError: As ``next_number``; a block of one needs no rule, only a fit.
    """
    numbers = [TrackingNumber(first.upper())]
    if not carrier.fits(first):
        next_number(carrier, first)
    while len(numbers) < count:
        numbers.append(next_number(carrier, numbers[-1]))
    return tuple(numbers)
