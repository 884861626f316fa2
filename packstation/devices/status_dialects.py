"""What printers say of themselves, read from their bytes: pure, honest about what is unknown."""

from __future__ import annotations

from packstation.ports import PrinterState, PrinterStatus

CODES = {
    PrinterState.READY: "",
    PrinterState.NOT_FOUND: "printer.not_found",
    PrinterState.NO_ACCESS: "printer.access_denied",
    PrinterState.BUSY: "printer.busy",
    PrinterState.NO_PAPER: "printer.no_paper",
    PrinterState.PAPER_LOW: "",
    PrinterState.COVER_OPEN: "printer.cover_open",
    PrinterState.HEAD_HOT: "printer.head_hot",
    PrinterState.RIBBON_OUT: "printer.ribbon_out",
    PrinterState.PAUSED: "printer.paused",
    PrinterState.ERROR: "printer.error",
    PrinterState.UNKNOWN: "",
}
"""Error code of each state; empty where nothing speaks against printing."""

MENDABLE = frozenset(
    {
        "printer.blocked",
        "printer.busy",
        "printer.cover_open",
        "printer.error",
        "printer.head_hot",
        "printer.no_paper",
        "printer.paused",
        "printer.ribbon_out",
    }
)
"""What a hand at the printer mends: the job waits for it."""


def error_code(status: PrinterStatus) -> str:
    """Return the error code of a status; empty when nothing speaks against printing.

    >>> error_code(PrinterStatus(PrinterState.NO_PAPER))
    'printer.no_paper'
    >>> error_code(PrinterStatus(PrinterState.UNKNOWN))
    ''
    """
    return CODES[status.state]
