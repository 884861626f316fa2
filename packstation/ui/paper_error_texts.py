"""What reprints and the print journal run into, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "paper.order_open": ErrorSay(
        _("Open at the table"),
        _("Order {order} is open at the table."),
        _("Scan the command REPRINT there."),
    ),
    "paper.nothing_to_reprint": ErrorSay(
        _("No label to print again"),
        _("Order {order} has no packed parcel here whose label was printed."),
        _("Look where the parcel is: one that has left, or is void, gets no further label."),
    ),
    "paper.still_printing": ErrorSay(
        _("Still printing"),
        _("A label of order {order} is being printed."),
        _("Wait until it is there, or give its print job up."),
    ),
    "paper.parcel_stopped": ErrorSay(
        _("This parcel may not leave"),
        _("Order {order} is stopped, or was changed since its label was made."),
        _("Scan the order at the table: it says what is to be done."),
    ),
    "store.bag_is_open": ErrorSay(
        _("Bag open again"),
        _("The bag {bag} was opened again."),
        _("Seal the bag: then its new label is printed."),
    ),
    "store.not_unknown": ErrorSay(
        _("Known already"),
        _("It is known how this print job ended."),
        _("Look at the print journal."),
    ),
    "store.label_is_scanned": ErrorSay(
        _("Scan the label"),
        _("Whether a label came out is told by scanning it."),
        _("Scan the label; where there is none, ask for a reprint."),
    ),
}
"""Errors of reprints and of what people say about paper."""
