"""May this order be packed now? One rule for list, print and scan, and it always says why."""

from __future__ import annotations

from typing import assert_never

from packstation.core.orders import Order, Recipient
from packstation.core.policy import Rules
from packstation.core.status import LabelSource, Reason, Verdict


def obstacle(order: Order, rules: Rules, *, numbers_left: int) -> tuple[Verdict, Reason] | None:
    """Return why an order may not be packed, or None.

    Args:
        order: As last imported.
        rules: The shop's label source decides what a label needs.
        numbers_left: Free numbers of the order's carrier; only a composed label needs one.
    """
    if order.why_not is not None:
        return rules.verdict_of(order.why_not), Reason(order.why_not.value)
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
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
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
