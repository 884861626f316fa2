"""Facts of prepaid tracking numbers: lists that came in, numbers that will not be used.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.core.status import NumberState


class NumberFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NumberListAdded(NumberFact):
    """Numbers that the carrier gave as a list, without a rule that leads from one to the next."""

    block: str
    carrier: CarrierCode
    numbers: tuple[TrackingNumber, ...]
    pool: str
    """Pool that may use them; empty = the common pool."""


@dataclass(frozen=True, slots=True)
class NumberMarked(NumberFact):
    """A prepaid number changed its standing by hand."""

    number: TrackingNumber
    carrier: CarrierCode
    state: NumberState
    reason: str
    by: str


NUMBER_MOVES: dict[NumberState, frozenset[NumberState]] = {
    NumberState.FREE: frozenset({NumberState.USED, NumberState.VOID, NumberState.RETURNED}),
    NumberState.USED: frozenset({NumberState.SPOILED}),
    NumberState.VOID: frozenset(),
    NumberState.SPOILED: frozenset({NumberState.RETURNED}),
    NumberState.RETURNED: frozenset(),
}
"""Which state may follow which; nothing leads back to free, so no number is given out twice."""


AnyNumberFact = NumberListAdded | NumberMarked
"""Every fact of this module."""
