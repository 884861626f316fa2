"""Words that the commands about an order take, apart from the commands, which load much."""

from __future__ import annotations

from packstation.core.orders import HoldReason

CANCEL_REASONS = ("out_of_stock", "wrong_price", "cannot_deliver", "buyer_asked", "other")
"""Stable words for why a seller cancels."""
HOLD_REASONS = tuple(
    reason.value
    for reason in HoldReason
    if reason not in (HoldReason.SHORT_PICK, HoldReason.CANCEL_REJECTED)
)
"""Stable words for why somebody holds an order; the others come about by themselves."""
