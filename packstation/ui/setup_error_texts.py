"""What setting up printers and handling their jobs runs into, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "printer.unknown": ErrorSay(
        _("Unknown printer"),
        _("There is no printer {printer}."),
        _("Look at the list of printers."),
    ),
    "printer.bad_key": ErrorSay(
        _("Not a good key"),
        _("A printer's key is a short name without /."),
        _("Choose another key, such as labels-1."),
    ),
    "printer.address_taken": ErrorSay(
        _("Set up already"),
        _("The printer {printer} has this address already."),
        _("Change that printer, or give the other one's address."),
    ),
    "printer.has_jobs": ErrorSay(
        _("Jobs are waiting"),
        _("The printer {printer} has jobs that are not printed yet."),
        _("Wait for them, or give them up."),
    ),
    "printer.in_use": ErrorSay(
        _("Printer in use"),
        _("The printer {printer} is the usual one for some paper."),
        _("Choose another printer for it first."),
    ),
    "printer.not_started": ErrorSay(
        _("Station not open"),
        _("No printer is running here."),
        _("Open the station first."),
    ),
    "printer.closed": ErrorSay(
        _("Printer closing"),
        _("The program is being closed; the paper stays queued."),
        _("Start the program again: it is printed then."),
    ),
    "printer.unknown_test": ErrorSay(
        _("Not a test label"),
        _("This is not the code of a test label that was printed here."),
        _("Print a test label and scan its code."),
    ),
    "printer.bad_roll": ErrorSay(
        _("Not a roll"),
        _("A roll has 1 to 100,000 labels, not {labels}."),
        _("Write the number of labels on the new roll; 0 = do not count."),
    ),
    "paper.over": ErrorSay(
        _("Over already"),
        _("This print job has ended already."),
        _("Look at how it ended."),
    ),
    "paper.not_entitled": ErrorSay(
        _("Another badge is needed"),
        _("A label of a packed parcel is printed again by somebody whose badge allows it."),
        _("Scan the supervisor's badge."),
    ),
    "paper.unknown_reason": ErrorSay(
        _("No reason"),
        _("“{reason}” is no reason for another label."),
        _("Choose one of the list."),
    ),
    "print.no_printer": ErrorSay(
        _("No printer"),
        _("The printer {printer} cannot be used as it is set up."),
        _("Look at its address, model and paper on the page of printers."),
    ),
    "print.page_needs_zpl": ErrorSay(
        _("Label for a ZPL printer"),
        _("The platform wrote this label for another kind of printer than {printer}."),
        _("Choose a ZPL printer for this shop, or download the labels as PDF."),
    ),
    "print.no_picture": ErrorSay(
        _("No picture"),
        _("The platform's print component draws this label itself."),
        _("Look at it in the preview of the component."),
    ),
    "print.no_label_page": ErrorSay(
        _("No label page"),
        _("There is no page of a label file for order {order}."),
        _("Import the platform's label file."),
    ),
}
"""By error code."""
