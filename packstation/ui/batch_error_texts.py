"""What a print batch runs into, by error code; placeholders are the facts of the error."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

LIST = _("Look at the list of print batches.")

ERRORS: dict[str, ErrorSay] = {
    "batch.unknown": ErrorSay(_("No such batch"), _("There is no print batch {batch}."), LIST),
    "batch.not_running": ErrorSay(
        _("Not running"), _("Nothing is being printed of this batch."), LIST
    ),
    "batch.not_stopped": ErrorSay(
        _("Not stopped"), _("This batch is not stopped, so it need not go on."), LIST
    ),
    "batch.ended": ErrorSay(_("Batch has ended"), _("This batch has ended already."), LIST),
    "batch.roll_short": ErrorSay(
        _("Roll too short"),
        _("{needed} labels are needed, and the roll has {left} left. Nothing was printed."),
        _("Put in a new roll and say so on the printers page, or choose fewer orders."),
    ),
    "batch.not_in_batch": ErrorSay(
        _("Not of this batch"),
        _("No label that came out in this batch says that."),
        _("Scan the last good label that came out of the printer."),
    ),
    "batch.old_copy": ErrorSay(
        _("Old label"),
        _("This label is not to be used any more."),
        _("Tear it up. Scan the last good label that came out of the printer."),
    ),
    "batch.scan_copy_code": ErrorSay(
        _("Scan the copy's code"),
        _("There are several copies of this label, and its number does not tell them apart."),
        _("Scan the code beside the mark of the copy."),
    ),
    "batch.still_printing": ErrorSay(
        _("Still printing"),
        _("A label of this batch is still being printed."),
        _("Wait until it is out, or give it up, then scan the last good label."),
    ),
    "batch.label_in_use": ErrorSay(
        _("A later label is in use"),
        _("The label of order {order} came out later, and its parcel is packed with it."),
        _("Scan the last good label; that one, where none after it is good."),
    ),
    "batch.order_open": ErrorSay(
        _("Order is at the table"),
        _("The label of order {order} lies behind it, and that order is open at the table."),
        _("Finish that order or scan PAUSE, then scan the last good label again."),
    ),
    "batch.nothing_to_print": ErrorSay(
        _("Nothing to print"),
        _("None of these orders can get a label now: {count}."),
        _("Look at why in the list of orders, and choose others."),
    ),
    "batch.not_entitled": ErrorSay(
        _("Badge needed"),
        _("Labels are printed together by somebody with a badge that allows it."),
        _("Scan the badge of a packer, a supervisor or a printing clerk."),
    ),
    "batch.which_orders": ErrorSay(
        _("Which orders?"),
        _("It is not said whose labels are meant."),
        _("Name the orders, or give --all for every order to pack that has no label yet."),
    ),
    "batch.not_confirmed": ErrorSay(
        _("Not printed"),
        _("Nothing was printed: that needs a clear yes."),
        _("Give --yes to print without being asked."),
    ),
    "batch.scan_missing": ErrorSay(
        _("Which label was the last good one?"),
        _("Labels of this batch came out, or may have."),
        _("Scan the last good one behind the batch, or give --none-good."),
    ),
}
"""Of batches at window and command line."""
