"""What could not be merged, split or taken apart, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

_NAME_ONCE = _("Name each order once.")
_PACK_IT = _("Nothing was changed. Pack it as it is.")
_LEAVE_OUT = _("Leave it out and pack it alone.")
_PACK_ALONE = _("Pack these orders one by one.")
_APART_FIRST = _("Take that apart first.")

ERRORS: dict[str, ErrorSay] = {
    "shipments.count": ErrorSay(
        _("Wrong number of orders"), _("One parcel takes 2 to {most} different orders."), _NAME_ONCE
    ),
    "shipments.at_bench": ErrorSay(
        _("Order is being packed"),
        _("Order {order} is open at the station."),
        _("Scan PAUSE first."),
    ),
    "shipments.begun": ErrorSay(
        _("Too late for that"),
        _("The parcel of order {order} has its label already."),
        _PACK_IT,
    ),
    "shipments.already": ErrorSay(
        _("In a shared parcel already"),
        _("Order {order} shares a parcel already or was split."),
        _APART_FIRST,
    ),
    "shipments.not_eligible": ErrorSay(
        _("Order may not be packed"),
        _("Order {order} may not be packed now."),
        _("Look at the reason in the list of orders."),
    ),
    "shipments.other_shop": ErrorSay(
        _("Another shop"),
        _("Order {order} is of another shop than {first}."),
        _("Allow orders of several shops in one parcel, or leave it out."),
    ),
    "shipments.other_carrier": ErrorSay(
        _("Another carrier"),
        _("Order {order} goes with another carrier than {first}."),
        _LEAVE_OUT,
    ),
    "shipments.other_number": ErrorSay(
        _("Label made elsewhere"),
        _("The file gives order {order} another tracking number than {first}."),
        _LEAVE_OUT,
    ),
    "shipments.other_recipient": ErrorSay(
        _("Not surely the same recipient"),
        _("Orders {order} and {first} are not surely for the same recipient."),
        _("Masked names and addresses cannot be compared. Pack these orders one by one."),
    ),
    "shipments.same_sku": ErrorSay(
        _("SKU not clear"),
        _("SKU {sku} may be another product in each of the shops."),
        _PACK_ALONE,
    ),
    "shipments.parts": ErrorSay(
        _("Wrong number of parcels"),
        _("Order {order} goes into 2 to {most} parcels, each with something inside."),
        _("Name the units of each parcel."),
    ),
    "shipments.units": ErrorSay(
        _("Units do not agree"),
        _("The parcels of order {order} do not have the units of line {line}."),
        _("Each unit goes into exactly one parcel."),
    ),
    "shipments.no_line": ErrorSay(
        _("No such line"),
        _("Order {order} has no single line {line}."),
        _("Name the line by its number in the order."),
    ),
    "shipments.not_merged": ErrorSay(
        _("Not a shared parcel"),
        _("Order {order} shares no parcel with others."),
        _("Look at the list of orders."),
    ),
    "shipments.not_split": ErrorSay(
        _("Not split"),
        _("Order {order} was not split into parcels."),
        _("Look at the list of orders."),
    ),
    "shipments.sealed": ErrorSay(
        _("Parcel is closed"),
        _("The parcel of order {order} is closed already."),
        _("A supervisor may take it apart after it came out of its bag."),
    ),
    "shipments.left": ErrorSay(
        _("Parcel has left"),
        _("The courier has the parcel of order {order} already."),
        _("Nothing can be taken apart any more."),
    ),
    "shipments.in_a_bag": ErrorSay(
        _("Parcel is in a bag"),
        _("The parcel of order {order} is in bag {bag}."),
        _("Take it out of the bag first: scan its label at the station."),
    ),
    "shipments.cancel_members": ErrorSay(
        _("Several orders"),
        _("Parcel {order} holds several orders."),
        _("Cancel the order that is meant; the parcel is taken apart."),
    ),
    "shipments.nothing_missing": ErrorSay(
        _("Nothing is missing"),
        _("It is not known what order {order} lacks."),
        _("Say which units are missing."),
    ),
    "shipments.nothing_here": ErrorSay(
        _("Nothing is there"),
        _("Nothing of order {order} is there to ship."),
        _("Leave it on hold."),
    ),
    "shipments.not_understood": ErrorSay(
        _("Not understood"),
        _("{text} does not say which line and how many units."),
        _("Write line=units, several with a comma: A-01=2,B-02=1."),
    ),
}
"""Errors of merging and splitting."""
