"""What a decision about an order runs into, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

LIFE_ERRORS: dict[str, ErrorSay] = {
    "orders.left_already": ErrorSay(
        _("Left already"),
        _("Order {order} was handed over already."),
        _("Ask the carrier to bring the parcel back."),
    ),
    "orders.held_already": ErrorSay(_("Held already"), _("Order {order} is held already.")),
    "orders.no_wish_to_cancel": ErrorSay(
        _("Nothing to answer"),
        _("No wish to cancel order {order} waits for an answer."),
        _("Import the shop's file of today, then look again."),
    ),
    "orders.cancelled_already": ErrorSay(
        _("Cancelled already"), _("Order {order} is cancelled already.")
    ),
    "orders.cancel_not_confirmed": ErrorSay(
        _("Not cancelled"),
        _("Order {order} was not cancelled: that needs a clear yes."),
        _("Give --yes to cancel it all the same."),
    ),
    "orders.packed_already": ErrorSay(
        _("Packed already"), _("Order {order} is packed already: nothing of it is missing.")
    ),
    "orders.no_such_line": ErrorSay(
        _("Not in the order"),
        _("Order {order} has not {units} × {sku}."),
        _("Look at the lines of the order."),
    ),
    "orders.not_in_a_bag": ErrorSay(
        _("In no bag"),
        _("The parcel of order {order} is in no bag here."),
        _("Look at the list of orders where it is."),
    ),
    "orders.several_shops": ErrorSay(
        _("More than one order"),
        _("More than one shop has an order {order}: {keys}."),
        _("Give the shop too, as shop/number."),
    ),
    "people.unknown_badge": ErrorSay(
        _("Unknown badge"),
        _("This badge belongs to nobody here."),
        _("Use another badge, or enter it in the settings."),
    ),
    "people.not_entitled": ErrorSay(
        _("Not entitled"),
        _("Only a supervisor may do this."),
        _("Let the supervisor do it with the supervisor's badge."),
    ),
}
"""Errors of holds, releases, cancellations, short picks and recalls."""
