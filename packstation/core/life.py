"""The life of an order before it leaves: clocks of cancellations, and who may let it go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from packstation.core.orders import HoldReason, WhyNot

PACKER = "packer"
SUPERVISOR = "supervisor"
"""Words of the roles that the settings give to badges."""

ANSWER_WITHIN_H = 48
"""Hours in which a wish to cancel is to be answered where no platform says otherwise."""
PRINT_BATCH = 50
"""Orders whose labels are printed in one batch where no platform says otherwise."""


class Instead(StrEnum):
    """What may be done with an order instead of cancelling it; words of the platform files."""

    HOLD = "hold"
    SHORT_PICK = "short_pick"
    ASK_PRESALE = "ask_presale"


class Consequence(StrEnum):
    """What a platform does when the seller cancels; words of the platform files."""

    STOCK_ZERO_DELISTED = "stock_zero_delisted"
    """The stock of every product of the order goes to 0 and the products are taken off sale."""


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """What one platform's profile file says about cancelling, and about printing labels."""

    answer_within_h: int = ANSWER_WITHIN_H
    """Hours to answer a buyer's wish to cancel; then the platform cancels by itself."""
    answer_within_h_in: Mapping[str, int] = field(default_factory=dict)
    """The same by region of the shop, two letters."""
    consequence: Consequence | None = None
    """Of the seller's own cancel; None = none is known."""
    cancel_needs: str = SUPERVISOR
    """Role that may cancel."""
    instead: tuple[Instead, ...] = (Instead.HOLD, Instead.SHORT_PICK)
    print_batch_limit: int = PRINT_BATCH
    """Most orders in one print batch, 1 or more."""

    def answer_within(self, region: str) -> timedelta:
        """Return the time to answer a wish to cancel in a region; empty = not known."""
        return timedelta(hours=self.answer_within_h_in.get(region, self.answer_within_h))


DEFAULT_PLATFORM = PlatformRules()
"""What holds where no profile file says anything."""

RELEASED_BY: Mapping[str, str] = {
    HoldReason.OPERATOR: PACKER,
    HoldReason.SHORT_PICK: PACKER,
    HoldReason.ADDRESS_CHECK: SUPERVISOR,
    HoldReason.BUYER_ASKS: SUPERVISOR,
    HoldReason.CANCEL_REJECTED: SUPERVISOR,
    HoldReason.QUALITY: SUPERVISOR,
    HoldReason.PAYMENT_CHECK: SUPERVISOR,
    WhyNot.PRESALE: SUPERVISOR,
    WhyNot.ADDRESS_PROBLEM: SUPERVISOR,
}
"""Who may let an order go on, by the reason that it is held for or that its file gives."""

WAIVABLE = frozenset({WhyNot.PRESALE, WhyNot.ADDRESS_PROBLEM})
"""Reasons of a file that somebody here may clear; every other one only another file clears."""


def may(role: str, needed: str) -> bool:
    """Tell whether a role may do what another one may.

    >>> may("supervisor", "packer"), may("packer", "supervisor")
    (True, False)
    """
    return role in (needed, SUPERVISOR)


def standing_at(
    why_not: WhyNot | None, asked_at: datetime | None, within: timedelta, now: datetime | None
) -> WhyNot | None:
    """Return why an order may not go on at a time: an unanswered wish to cancel runs out.

    Args:
        why_not: As last written.
        asked_at: When the buyer asked to cancel, aware; None = not known.
        within: Time to answer.
        now: Aware; None = as last written.
    """
    if why_not is not WhyNot.CANCEL_REQUESTED or asked_at is None or now is None:
        return why_not
    return WhyNot.CANCELLED if now >= asked_at + within else why_not
