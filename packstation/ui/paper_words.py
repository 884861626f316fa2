"""Short words for paper: how printers are, what they are used for, pages, batches."""

from __future__ import annotations

from datetime import datetime

from packstation.core.status import BatchState, PageState
from packstation.i18n import CHINESE, Translator, _
from packstation.ports import PrinterState
from packstation.ui.backend_printing import PrinterRow, PrinterUse
from packstation.ui.names import local_time

PRINTER_STATES: dict[PrinterState, str] = {
    PrinterState.READY: _("Ready to print"),
    PrinterState.NOT_FOUND: _("Not found: check cable and power"),
    PrinterState.NO_ACCESS: _("This user may not use it"),
    PrinterState.BUSY: _("Held by another program"),
    PrinterState.NO_PAPER: _("Out of paper"),
    PrinterState.PAPER_LOW: _("Paper nearly used up"),
    PrinterState.COVER_OPEN: _("Cover open"),
    PrinterState.HEAD_HOT: _("Print head too hot"),
    PrinterState.RIBBON_OUT: _("Ribbon used up"),
    PrinterState.PAUSED: _("Paused at the printer"),
    PrinterState.ERROR: _("Reports an error"),
    PrinterState.UNKNOWN: _("Cannot say how it is"),
}
TROUBLE = frozenset(PrinterState) - {
    PrinterState.READY,
    PrinterState.PAPER_LOW,
    PrinterState.UNKNOWN,
}
"""States in which nothing is printed until somebody helps."""

USES: dict[PrinterUse, str] = {
    PrinterUse.LABEL: _("Shipping labels"),
    PrinterUse.BAG: _("Bag labels"),
    PrinterUse.RECEIPT: _("Handover receipts"),
    PrinterUse.SLIP: _("Slips and cards"),
    PrinterUse.PICK_LIST: _("Pick lists"),
}

PAGE_STATES: dict[PageState, str] = {
    PageState.BOUND: _("Belongs to an order"),
    PageState.UNMATCHED: _("No order has this number yet"),
    PageState.DUPLICATE: _("Same number as another page"),
    PageState.UNREADABLE: _("No single number could be read"),
}

BATCH_STATES: dict[BatchState, str] = {
    BatchState.RUNNING: _("Printing"),
    BatchState.STOPPED: _("Stopped: scan the last good label"),
    BatchState.DONE: _("Done"),
    BatchState.CANCELLED: _("Cancelled"),
}

SPOILED: dict[str, str] = {
    "damaged": _("Damaged"),
    "unreadable": _("Cannot be scanned"),
    "jam": _("Paper jam"),
    "lost": _("Lost"),
    "wrong_paper": _("On the wrong paper"),
    "other": _("Other reason"),
}
"""Why a printed label is not to be used, as ``paper_facts.LabelSpoiled``."""


def proof(proved_at: datetime | None, translator: Translator) -> str:
    """Return whether a test label of a printer was scanned back, and when."""
    if proved_at is None:
        return translator.text("Not proved: no test label was scanned back")
    return translator.text("Proved by a scanned test label, {at}", at=local_time(proved_at))


def roll(row: PrinterRow, translator: Translator) -> str:
    """Return how many labels are left on a printer's roll."""
    if row.roll_left is None:
        return translator.text("not counted")
    return f"{row.roll_left:,}"


def uses(row: PrinterRow, translator: Translator) -> str:
    """Return what a printer is the usual one for."""
    comma = "、" if translator.language == CHINESE else ", "
    return comma.join(translator.text(USES[use]) for use in row.uses) or "—"
