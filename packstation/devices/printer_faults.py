"""What can be wrong with a printer, as errors: one sentence what happened, one what to do."""

from __future__ import annotations

from packstation.errors import DeviceError
from packstation.ports import PrinterState, PrinterStatus

CABLE = "Check cable and power of the printer."
LIGHTS = "Check paper, cover and error light of the printer."
SENTENCES: dict[str, tuple[str, str]] = {
    "printer.not_found": ("The printer {printer} is not there.", CABLE),
    "printer.gone": ("The printer {printer} broke off.", CABLE),
    "printer.access_denied": (
        "The printer {printer} may not be used by this user.",
        "Add this user to the group lp, then log in again.",
    ),
    "printer.busy": (
        "Another program uses the printer {printer}.",
        "Close the other program; the job goes on by itself.",
    ),
    "printer.blocked": ("The printer {printer} takes no more data.", LIGHTS),
    "printer.no_paper": ("The printer {printer} has no paper.", "Put paper in, close the cover."),
    "printer.cover_open": ("The cover of the printer {printer} is open.", "Close the cover."),
    "printer.head_hot": (
        "The print head of {printer} is too hot.",
        "Wait some minutes; the job goes on by itself.",
    ),
    "printer.ribbon_out": ("The printer {printer} has no ribbon.", "Put a ribbon in."),
    "printer.paused": (
        "The printer {printer} is paused.",
        "Press its pause button, or let its queue go on.",
    ),
    "printer.error": ("The printer {printer} reports a fault.", LIGHTS),
    "printer.halted": ("The printer {printer} stopped the transfer.", "Switch it off and on."),
    "printer.no_usb": (
        "USB printers cannot be reached from this computer.",
        "Use the system's printer queue or a network address for this printer.",
    ),
    "printer.no_answer": (
        "The printer {printer} did not say whether it took the job.",
        "Scan the label, or say that there is none.",
    ),
    "printer.queue_refused": (
        "The printer queue {printer} did not take the job.",
        "Look at the queue in the system's printer settings.",
    ),
}
"""Message and cure by error code."""

STATES = {
    "printer.not_found": PrinterState.NOT_FOUND,
    "printer.gone": PrinterState.NOT_FOUND,
    "printer.access_denied": PrinterState.NO_ACCESS,
    "printer.busy": PrinterState.BUSY,
    "printer.no_paper": PrinterState.NO_PAPER,
    "printer.cover_open": PrinterState.COVER_OPEN,
    "printer.head_hot": PrinterState.HEAD_HOT,
    "printer.ribbon_out": PrinterState.RIBBON_OUT,
    "printer.paused": PrinterState.PAUSED,
    "printer.error": PrinterState.ERROR,
}


class UntouchedError(DeviceError):
    """The call that failed has carried no byte for certain; bytes counted before stay counted."""


class NothingLeftError(DeviceError):
    """No byte of the whole job has left, whatever was counted: a queue refused it."""


def fault(code: str, printer: object, *, fix: str = "", cause: str = "") -> DeviceError:
    """Return the error for a code.

    Args:
        code: A key of ``SENTENCES``.
        printer: Name or address.
        fix: Instead of the usual cure.
        cause: What the system said, in brackets behind the message.
    """
    return DeviceError(
        *_said(code, printer, cause), fix=fix or SENTENCES[code][1], printer=str(printer)
    )


def untouched(code: str, printer: object, *, fix: str = "", cause: str = "") -> UntouchedError:
    """Return the error for a code, of a call that has carried no byte."""
    return UntouchedError(
        *_said(code, printer, cause), fix=fix or SENTENCES[code][1], printer=str(printer)
    )


def nothing_left(code: str, printer: object, *, cause: str = "") -> NothingLeftError:
    """Return the error for a code, of a job of which no byte has left."""
    return NothingLeftError(
        *_said(code, printer, cause), fix=SENTENCES[code][1], printer=str(printer)
    )


def status_of(error: DeviceError) -> PrinterStatus:
    """Return the status that an error means.

    >>> status_of(fault("printer.busy", "lp0")).state
    <PrinterState.BUSY: 'busy'>
    """
    state = STATES.get(error.code, PrinterState.UNKNOWN)
    return PrinterStatus(state, error.code, error.fix)


def _said(code: str, printer: object, cause: str) -> tuple[str, str]:
    message = SENTENCES[code][0].format(printer=printer)
    return code, f"{message[:-1]} ({cause})." if cause else message
