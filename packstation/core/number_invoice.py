"""A carrier's invoice held against what this station did with each tracking number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from packstation.core.orders import CarrierCode


class Billed(StrEnum):
    """What one number of the invoice, or of ours, turned out to be."""

    OURS = "ours"
    """Billed once, and its parcel was handed over."""
    TWICE = "twice"
    """Stands on the invoice more than once."""
    NOT_HANDED_OVER = "not_handed_over"
    """Billed, but its parcel has not left."""
    NEVER_USED = "never_used"
    """Billed, but free, void, spoiled or returned in a pool of ours."""
    UNKNOWN = "unknown"
    """Billed, but no number of this station."""
    NOT_BILLED = "not_billed"
    """Handed over, but not on the invoice."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One row of the invoice."""

    row: int
    """As a spreadsheet shows it."""
    number: str
    """As the carrier's barcodes reduce to it."""
    amount: int | None
    """In minor units of the invoice's currency; None = none was read."""


@dataclass(frozen=True, slots=True)
class Match:
    """One number and what it turned out to be."""

    number: str
    billed: Billed
    standing: str
    """State of its parcel or of the number in its pool; empty = not known here."""
    rows: tuple[int, ...]
    amount: int | None
    """Sum of its rows in minor units; None = none was read."""


@dataclass(frozen=True, slots=True)
class InvoiceReport:
    """The whole invoice against the whole of ours."""

    carrier: CarrierCode
    lines: int
    matches: tuple[Match, ...]
    """In the order of the invoice, then what it lacks."""

    def count(self, billed: Billed) -> int:
        """Return how many numbers turned out so."""
        return sum(match.billed is billed for match in self.matches)

    def amount(self, billed: Billed) -> int:
        """Return their sum in minor units."""
        return sum(match.amount or 0 for match in self.matches if match.billed is billed)


def match_invoice(
    carrier: CarrierCode,
    lines: Sequence[InvoiceLine],
    standings: Mapping[str, str],
    handed_over: Sequence[str],
) -> InvoiceReport:
    """Hold an invoice against ours.

    Args:
        carrier: Whose invoice it is.
        lines: Its rows.
        standings: Number → ``HANDED_OVER`` or another state of its parcel, else the number's state
            in its pool; what is missing here is not known.
        handed_over: Numbers of the time that the invoice is for, in the order of leaving.
    """
    times = Counter(line.number for line in lines)
    rows: dict[str, list[InvoiceLine]] = {}
    for line in lines:
        rows.setdefault(line.number, []).append(line)
    matches = []
    for number, of_it in rows.items():
        standing = standings.get(number, "")
        amounts = [line.amount for line in of_it if line.amount is not None]
        matches.append(
            Match(
                number,
                _billed(standing, times[number]),
                standing,
                tuple(line.row for line in of_it),
                sum(amounts) if amounts else None,
            )
        )
    for number in dict.fromkeys(handed_over):
        if number not in rows:
            matches.append(Match(number, Billed.NOT_BILLED, "HANDED_OVER", (), None))
    return InvoiceReport(carrier, len(lines), tuple(matches))


def _billed(standing: str, times: int) -> Billed:
    # What was never used is the louder news, also where it stands there twice.
    if not standing:
        return Billed.UNKNOWN
    if standing in ("FREE", "VOID", "SPOILED", "RETURNED"):
        return Billed.NEVER_USED
    if times > 1:
        return Billed.TWICE
    return Billed.OURS if standing == "HANDED_OVER" else Billed.NOT_HANDED_OVER
