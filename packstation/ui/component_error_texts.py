"""What a platform's print component did not do, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

_LOOK = _("Look whether a label came out: scan it, or say that there is none.")

ERRORS: dict[str, ErrorSay] = {
    "component.not_here": ErrorSay(
        _("Component on another computer"),
        _("The print component at {host} is on another computer; nothing is sent there."),
        _("Install the component on this computer and set its address to 127.0.0.1."),
    ),
    "component.not_running": ErrorSay(
        _("Component does not run"),
        _("{component} does not answer. Nothing was printed."),
        _("Start the component, then print again."),
    ),
    "component.no_answer": ErrorSay(
        _("Component does not answer"),
        _("The print component took the label and does not answer."),
        _LOOK,
    ),
    "component.gone": ErrorSay(
        _("Component broke off"), _("The connection to the print component broke."), _LOOK
    ),
    "component.no_end": ErrorSay(
        _("No word of the label"),
        _("The print component did not say how the label ended."),
        _LOOK,
    ),
    "component.failed": ErrorSay(
        _("Component reports a failure"),
        _("The print component says that the label failed."),
        _LOOK,
    ),
    "component.refused": ErrorSay(
        _("Component refused the label"),
        _("The print component refused the label: {said}. Nothing was printed."),
        _("Look at the component's window, then print again."),
    ),
    "component.no_printer": ErrorSay(
        _("Component has no such printer"),
        _("The print component does not know the printer that is set. Nothing was printed."),
        _("Choose one of its printers on the printers page."),
    ),
    "component.printer_off": ErrorSay(
        _("Component's printer is off"),
        _("The print component says that its printer is switched off. Nothing was printed."),
        _("Switch it on in the component's window, then print again."),
    ),
    "print.no_component_paper": ErrorSay(
        _("Not for a print component"),
        _("A print component prints the platform's own labels only. Nothing was printed."),
        _("Choose a label printer for this paper on the printers page."),
    ),
    "print.bad_document": ErrorSay(
        _("Print document damaged"),
        _("The platform's print document cannot be read. Nothing was printed."),
        _("Get the print documents from the platform again."),
    ),
    "labels.bad_documents": ErrorSay(
        _("Print documents not taken"),
        _("The print documents in {file} cannot be read. Nothing was taken."),
        _("Get the print documents from the platform again."),
    ),
}
