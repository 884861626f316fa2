"""What printers say of themselves, read from their bytes: pure, honest about what is unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packstation.ports import PrinterState, PrinterStatus
from packstation.printing.media import StatusDialect

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


UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)
"""Of a printer that cannot be asked, or whose answer makes no sense."""
READY = PrinterStatus(PrinterState.READY)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how much answer is waited for."""

    ask: bytes
    most: int
    """Longest answer in bytes."""
    timeout_s: float = 0.3
    """Longest wait; a printer that never answers costs this once, then is left alone."""


QUESTIONS: dict[StatusDialect, tuple[Question, ...]] = {
    StatusDialect.NONE: (),
    StatusDialect.PORT: (),
    # TSPL/TSPL2 programming language, "<ESC>!?": answered by one byte, even in an error.
    StatusDialect.TSPL: (Question(b"\x1b!?", 1),),
    # ZPL II programming guide, "~HS": three strings of 37, 35 and 7 bytes with STX, ETX, CR LF.
    StatusDialect.ZPL: (Question(b"~HS", 82),),
    # EPL2 programmer's manual, "^ee": error code and CR LF.
    StatusDialect.EPL: (Question(b"^ee\r\n", 4),),
    # ESC/POS application programming guide, DLE EOT n, real time: printer, off-line cause, error
    # cause, roll paper sensor.
    StatusDialect.ESCPOS: tuple(Question(bytes([0x10, 0x04, n]), 1) for n in (1, 2, 3, 4)),
}
"""By dialect; ``PORT`` is asked through the control endpoint and needs no bytes."""


def read_status(dialect: StatusDialect, answers: Sequence[bytes]) -> PrinterStatus:
    """Return what the answers to ``QUESTIONS`` say; UNKNOWN for anything not understood.

    >>> read_status(StatusDialect.TSPL, [bytes([4])]).state
    <PrinterState.NO_PAPER: 'no_paper'>
    """
    match dialect:
        case StatusDialect.TSPL:
            return read_tspl_status(answers[0]) if answers else UNKNOWN
        case StatusDialect.ZPL:
            return read_zpl_status(answers[0]) if answers else UNKNOWN
        case StatusDialect.EPL:
            return read_epl_status(answers[0]) if answers else UNKNOWN
        case StatusDialect.ESCPOS:
            return read_escpos_status(answers)
        case StatusDialect.NONE | StatusDialect.PORT:
            return UNKNOWN


def read_port_status(answer: bytes) -> PrinterStatus:
    """Return what GET_PORT_STATUS says (USB printer class 1.1, 4.2.2): one byte.

    0x20 paper empty, 0x10 selected, 0x08 no error; the others are reserved and must be 0.
    """
    if len(answer) != 1 or answer[0] & ~0x38:
        return UNKNOWN
    bits = answer[0]
    if bits & 0x20:
        return _state(PrinterState.NO_PAPER, bits)
    if not bits & 0x08:
        return _state(PrinterState.ERROR, bits)
    if not bits & 0x10:
        return _state(PrinterState.PAUSED, bits)
    return READY


_TSPL_BITS = (
    (0x01, PrinterState.COVER_OPEN),
    (0x04, PrinterState.NO_PAPER),
    (0x08, PrinterState.RIBBON_OUT),
    (0x02, PrinterState.ERROR),  # paper jam
    (0x80, PrinterState.ERROR),
    (0x10, PrinterState.PAUSED),
)
"""TSPL ``<ESC>!?``, the cause that a hand mends first; 0x20 = printing, which is no fault."""


def read_tspl_status(answer: bytes) -> PrinterStatus:
    """Return what ``ESC ! ?`` says: one byte; 0x40 has no meaning."""
    if len(answer) != 1 or answer[0] & 0x40:
        return UNKNOWN
    for bit, state in _TSPL_BITS:
        if answer[0] & bit:
            return _state(state, answer[0])
    return READY


_ZPL = re.compile(
    rb"\x02(\d{3}),([01]),([01]),(\d{4}),(\d{3}),([01]),([01]),([01]),(\d{3}),([01]),([01]),([01])"
    rb"\x03\r\n\x02(\d{3}),([01]),([01]),([01]),([01]),(\d),(\d),([01]),(\d{8}),([01]),(\d{3})"
    rb"\x03\r\n\x02(\w{4}),([01])\x03\r\n"
)


def read_zpl_status(answer: bytes) -> PrinterStatus:
    """Return what ``~HS`` says: all three strings or nothing.

    It is no proof of a printed label: before a job is parsed and after it was cancelled at the
    printer the counts are zero too.
    """
    found = _ZPL.fullmatch(answer)
    if found is None:
        return UNKNOWN
    flags = {
        PrinterState.COVER_OPEN: found[15],  # second string, third field: head up
        PrinterState.NO_PAPER: found[2],
        PrinterState.RIBBON_OUT: found[16],
        PrinterState.HEAD_HOT: found[12],
        PrinterState.PAUSED: found[3],
    }
    for state, flag in flags.items():
        if flag == b"1":
            return PrinterStatus(state, "~HS")
    if found[10] == b"1" or found[6] == b"1":  # memory lost, receive buffer full
        return PrinterStatus(PrinterState.ERROR, "~HS")
    return READY


_EPL_CODES = {
    b"00": PrinterState.READY,
    b"07": PrinterState.NO_PAPER,
    b"11": PrinterState.COVER_OPEN,
    b"62": PrinterState.HEAD_HOT,
    b"81": PrinterState.ERROR,  # cutter
    b"92": PrinterState.PAUSED,
    b"99": PrinterState.ERROR,
}
"""EPL2 ``^ee`` (00, 07, 11 of the first maker; the others of a maker that follows it).

The numbers below 11 that are left out are complaints about an earlier form: they stop nothing.
"""


def read_epl_status(answer: bytes) -> PrinterStatus:
    """Return what ``^ee`` says: two digits and CR LF."""
    digits = answer.removesuffix(b"\r\n")
    if len(answer) != 4 or len(digits) != 2 or not digits.isdigit():
        return UNKNOWN
    state = _EPL_CODES.get(digits, PrinterState.UNKNOWN)
    return READY if state is PrinterState.READY else PrinterStatus(state, digits.decode())


def read_escpos_status(answers: Sequence[bytes]) -> PrinterStatus:
    """Return what ``DLE EOT 1`` to ``4`` say: four bytes, each with its fixed bits.

    Bits 0 and 7 are 0, bits 1 and 4 are 1 in each: so garbage is known from an answer.
    """
    if len(answers) != 4 or any(len(one) != 1 or one[0] & 0x93 != 0x12 for one in answers):
        return UNKNOWN
    printer, offline, error, paper = (one[0] for one in answers)
    if offline & 0x04:
        return _state(PrinterState.COVER_OPEN, offline)
    if paper & 0x60 or offline & 0x20:
        return _state(PrinterState.NO_PAPER, paper)
    if error & 0x68 or offline & 0x40:  # 0x40 mends itself: mostly the head's heat
        hot = error & 0x68 == 0x40
        return _state(PrinterState.HEAD_HOT if hot else PrinterState.ERROR, error)
    if printer & 0x08 or offline & 0x08:  # off-line, or fed by its button
        return _state(PrinterState.PAUSED, printer)
    if paper & 0x0C:
        return _state(PrinterState.PAPER_LOW, paper)
    return READY


def _state(state: PrinterState, bits: int) -> PrinterStatus:
    return PrinterStatus(state, f"0x{bits:02x}")
