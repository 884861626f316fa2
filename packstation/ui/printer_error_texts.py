"""What a printer could not do: what happened, what it means for the paper, what to do now.

Placeholders are the facts of the error; an error of a job that waits has none.
"""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

CABLE = _("Check cable and power of the printer.")

ERRORS: dict[str, ErrorSay] = {
    "printer.busy": ErrorSay(
        _("Printer in use"),
        _("Another program uses the printer; the paper waits and goes on by itself."),
        _("Close the other program, or give the paper up and choose another printer."),
    ),
    "printer.blocked": ErrorSay(
        _("Printer takes no data"),
        _("The printer takes no more data; the rest waits and goes on by itself."),
        _("Check paper, cover and error light of the printer."),
    ),
    "printer.no_paper": ErrorSay(
        _("No paper"),
        _("The printer has no paper; the job waits and goes on by itself."),
        _("Put paper in and close the cover."),
    ),
    "printer.cover_open": ErrorSay(
        _("Cover open"),
        _("The cover of the printer is open; the paper waits and goes on by itself."),
        _("Close the cover."),
    ),
    "printer.head_hot": ErrorSay(
        _("Print head too hot"),
        _("The print head must cool down; the paper waits and goes on by itself."),
        _("Wait some minutes."),
    ),
    "printer.ribbon_out": ErrorSay(
        _("No ribbon"),
        _("The printer has no ribbon; the paper waits and goes on by itself."),
        _("Put a ribbon in and close the cover."),
    ),
    "printer.paused": ErrorSay(
        _("Printer paused"),
        _("The printer or its queue is paused; the paper waits and goes on by itself."),
        _("Press the printer's pause button, or let its queue go on."),
    ),
    "printer.error": ErrorSay(
        _("Printer fault"),
        _("The printer reports a fault and does not say which; the paper waits."),
        _("Check paper, cover and error light of the printer."),
    ),
    "printer.halted": ErrorSay(
        _("Printer stopped the transfer"),
        _("The printer refused the rest of the paper; a part may have come out."),
        _("Switch the printer off and on. Scan what came out, or say that there is none."),
    ),
    "printer.gone": ErrorSay(
        _("Printer broke off"),
        _("The line to the printer broke; the paper may have come out."),
        _("Check cable and power. Scan the label, or say that there is none."),
    ),
    "printer.not_found": ErrorSay(
        _("Printer not found"),
        _("The printer is not there; nothing was sent to it."),
        CABLE,
    ),
    "printer.access_denied": ErrorSay(
        _("Printer locked"),
        _("This user may not use the printer; nothing was sent to it."),
        _("Open the printers page: it shows the line that lets this user print."),
    ),
    "printer.no_usb": ErrorSay(
        _("No USB"),
        _("USB printers cannot be reached from this computer; nothing was sent."),
        _("Use the system's printer queue or a network address for this printer."),
    ),
    "printer.queue_refused": ErrorSay(
        _("Queue refused the paper"),
        _("The printer queue did not take the paper; nothing was printed."),
        _("Look at the queue in the system's printer settings."),
    ),
}
