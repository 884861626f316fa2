"""What a printer's language and paper do not allow, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

LANGUAGE_ERRORS: dict[str, ErrorSay] = {
    "print.wrong_language": ErrorSay(
        _("Prints no pictures"),
        _("{printer} takes only the platform's own documents."),
        _("Choose a label printer."),
    ),
    "print.off_paper": ErrorSay(
        _("Print would be cut off"),
        _("{mm} mm of the print would fall off the paper."),
        _("Make the printer's offset smaller, or put in larger paper."),
    ),
    "print.other_shape": ErrorSay(
        _("Label and paper differ"),
        _("The label is {page} mm, the paper {paper} mm."),
        _("Put in paper of the label's size, or confirm that it is printed on this paper."),
    ),
    "print.unknown_stock": ErrorSay(
        _("Unknown paper"),
        _("{stock} is no paper of the list and no size that fits a printer."),
        _("Choose one of the list, or write the size in millimetres, for example 70x100."),
    ),
}
