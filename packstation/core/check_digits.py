"""Check digits as data: a few small rules whose weights and moduli stand in the carrier files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle


class CheckRule(StrEnum):
    """How the check digit follows from the serial before it."""

    MOD10 = "mod10"
    """Weighted sum; the digit fills it up to the next ten."""
    DIGIT_SUMS = "digit_sums"
    """As ``mod10``, but of each product its digits are added."""
    MOD7 = "mod7"
    """Remainder of the serial, read as one number, by seven."""
    WEIGHTED = "weighted"
    """Weighted sum, reduced by each modulus in turn."""
    S10 = "s10"
    """Weighted sum; 11 less its remainder by 11, where 10 becomes 0 and 11 becomes 5 (UPU S10)."""


WEIGHTLESS = frozenset({CheckRule.MOD7})
"""Rules that need no weights; every other one does."""


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One rule with its figures."""

    rule: CheckRule
    weights: tuple[int, ...] = ()
    """One for each character from the left, begun again at their end."""
    moduli: tuple[int, ...] = ()
    """Only for ``weighted``: each 2 or more."""
    from_right: bool = False
    """The weights begin at the last character."""
    prefix: str = ""
    """Stands before the serial in the sum, though it is not printed."""
    inferred: bool = False
    """Fitted on public numbers, never published: it serves to fill in, never to refuse."""

    def digit(self, serial: str) -> int:
        """Return the check digit of a serial of digits and capital letters.

        A letter counts as the last digit of its code less three, so that A = 2 (UPS, as in
        tracking_number_data).

        >>> CheckDigit(CheckRule.S10, (8, 6, 4, 2, 3, 5, 9, 7)).digit("12345678")
        5
        >>> CheckDigit(CheckRule.MOD7).digit("331881002")
        5
        """
        values = [int(c) if c.isdigit() else (ord(c) - 3) % 10 for c in self.prefix + serial]
        if self.rule is CheckRule.MOD7:
            rest = 0
            for value in values:
                rest = (rest * 10 + value) % 7
            return rest
        if self.from_right:
            values.reverse()
        products = [value * weight for value, weight in zip(values, cycle(self.weights))]
        if self.rule is CheckRule.DIGIT_SUMS:
            products = [sum(divmod(product, 10)) for product in products]
        total = sum(products)
        if self.rule is CheckRule.WEIGHTED:
            for modulus in self.moduli:
                total %= modulus
            return total
        if self.rule is CheckRule.S10:
            rest = 11 - total % 11
            return {10: 0, 11: 5}.get(rest, rest)
        return -total % 10
