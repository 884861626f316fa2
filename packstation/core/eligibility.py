"""May this order be packed now? One rule for list, print and scan, and it always says why."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from packstation.core.life import standing_at
from packstation.core.orders import Order, OrderKind, Recipient, WhyNot
from packstation.core.policy import Rules
from packstation.core.status import LabelSource, Reason, Verdict


def why_not_at(order: Order, rules: Rules, now: datetime | None) -> WhyNot | None:
    """Return why an order may not go on at a time, by its status alone; None = it may.

    Args:
        order: As last imported, with the holds of this house.
        rules: How long a wish to cancel may wait.
        now: Aware; None = as last written.
    """
    within = rules.answer_within(order)
    return standing_at(order.why_not, order.cancel_requested_at, within, now)


def obstacle(
    order: Order, rules: Rules, *, numbers_left: int, now: datetime | None = None
) -> tuple[Verdict, Reason] | None:
    """Return why an order may not be packed, or None.

    Args:
        order: As last imported.
        rules: The shop's label source decides what a label needs.
        numbers_left: Free numbers of the order's carrier; only a composed label needs one.
        now: Aware; tells whether a wish to cancel has run out. None = as last written.
    """
    why_not = why_not_at(order, rules, now)
    if why_not is not None:
        return rules.verdict_of(why_not), Reason(why_not.value)
    if order.kind is OrderKind.VIRTUAL:
        return Verdict.NOT_ELIGIBLE, Reason.VIRTUAL
    if not order.lines:
        return Verdict.NOT_ELIGIBLE, Reason.NO_LINES
    if any(line.quantity < 1 for line in order.lines):  # else it would be complete unseen
        return Verdict.NOT_ELIGIBLE, Reason.AMBIGUOUS_QUANTITY
    if any(not line.sku and not line.barcode for line in order.lines):
        return Verdict.NOT_ELIGIBLE, Reason.NO_CODE
    carrier = rules.carrier_of(order)
    if carrier is None:
        return Verdict.NOT_ELIGIBLE, Reason.NO_CARRIER
    if rules.carrier(carrier) is None:
        return Verdict.NOT_ELIGIBLE, Reason.UNKNOWN_CARRIER
    if rules.shop(order.shop).label_source is not LabelSource.COMPOSED:
        return None
    match order.recipient:
        case Recipient.MASKED:
            return Verdict.NOT_ELIGIBLE, Reason.MASKED_RECIPIENT
        case Recipient.MISSING:
            return Verdict.NOT_ELIGIBLE, Reason.MISSING_RECIPIENT
        case Recipient.FULL:
            pass
        case _:
            assert_never(order.recipient)
    if numbers_left < 1:
        return Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT
    return None
