"""Who may print a label again, and which one; why a printed copy is not to be used.

One table for the window, the command line and the tests. Roles are the words of the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from packstation.core.life import PACKER, SUPERVISOR
from packstation.core.orders import WhyNot
from packstation.core.parcels import Label
from packstation.core.status import ParcelState, PrintOutcome

PRINT_ONLY = "print_only"
"""Word of the role of a carrier's clerk at our table."""
NOBODY = ""
"""Stands for the role where no operator is set up: nobody is asked for a badge."""


class SpoilReason(StrEnum):
    """Why a printed copy is not to be used; stored values, append-only."""

    DAMAGED = "damaged"
    """Torn, dirty, stuck to the wrong thing."""
    UNREADABLE = "unreadable"
    """The scanner cannot read it."""
    JAM = "jam"
    """It stuck in the printer."""
    LOST = "lost"
    WRONG_PAPER = "wrong_paper"
    OTHER = "other"


class PrintAction(StrEnum):
    """What a person does about labels."""

    REPRINT_AT_TABLE = "reprint_at_table"
    """PSCMDREPRINT for the open order."""
    REPRINT_UNPACKED = "reprint_unpacked"
    """From the lists: the label of an order whose box is still open."""
    REPRINT_PACKED = "reprint_packed"
    """From the lists: the label of a sealed parcel, also of one in a bag."""
    START_BATCH = "start_batch"
    SETTLE_BATCH = "settle_batch"
    """Stop it, cancel it, or go on after its last good label."""


ENTITLED: Mapping[PrintAction, frozenset[str]] = {
    PrintAction.REPRINT_AT_TABLE: frozenset({PACKER, SUPERVISOR}),
    PrintAction.REPRINT_UNPACKED: frozenset({PACKER, SUPERVISOR}),
    PrintAction.REPRINT_PACKED: frozenset({SUPERVISOR}),
    PrintAction.START_BATCH: frozenset({PACKER, SUPERVISOR, PRINT_ONLY}),
    PrintAction.SETTLE_BATCH: frozenset({PACKER, SUPERVISOR, PRINT_ONLY}),
}
"""Which roles may do what, once a house has operators."""


def may_print(role: str, action: PrintAction) -> bool:
    """Tell whether a role may do something; where nobody has a badge everybody may.

    >>> may_print(PACKER, PrintAction.REPRINT_PACKED), may_print("", PrintAction.REPRINT_PACKED)
    (False, True)
    """
    return role == NOBODY or role in ENTITLED[action]


class NoReprint(StrEnum):
    """Why a label is not printed again from outside the table."""

    NOTHING_TO_REPRINT = "nothing_to_reprint"
    """The order has no label, or only a void one."""
    AT_BENCH = "at_bench"
    """It lies open at the station: PSCMDREPRINT there."""
    HANDED_OVER = "handed_over"
    STOPPED = "stopped"
    """The order may not go on: cancelled, on hold."""
    UNDER_WAY = "under_way"
    """A copy is being printed, or waits to be."""
    NOT_ENTITLED = "not_entitled"


_PACKED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED})
_UNPACKED = frozenset({ParcelState.OPEN, ParcelState.VERIFIED, ParcelState.LABELLED})
_UNDER_WAY = frozenset({PrintOutcome.QUEUED, PrintOutcome.SENDING, PrintOutcome.BLOCKED})


def reprint_action(state: ParcelState) -> PrintAction:
    """Return what a reprint from the lists is, by how far the parcel has come."""
    return PrintAction.REPRINT_PACKED if state in _PACKED else PrintAction.REPRINT_UNPACKED


def why_no_reprint(
    state: ParcelState | None,
    label: Label | None,
    role: str,
    *,
    why_not: WhyNot | None = None,
    at_bench: bool = False,
) -> NoReprint | None:
    """Return why a label may not be printed again from outside the table, or None.

    What concerns the parcel comes before what concerns the person: nobody fetches a supervisor
    for a parcel that has left.

    Args:
        state: Of the parcel; None = never begun.
        label: The newest label of the order as it is today; None = none, or it is void.
        role: Of who asks; empty where nobody has a badge.
        why_not: What the order says today; of what the platform calls shipped a copy may be made.
        at_bench: The order lies open at the station.
    """
    if state is ParcelState.HANDED_OVER:
        return NoReprint.HANDED_OVER
    if label is None or state is None or state is ParcelState.VOIDED:
        return NoReprint.NOTHING_TO_REPRINT
    if why_not not in (None, WhyNot.SHIPPED) or state not in _PACKED | _UNPACKED:
        return NoReprint.STOPPED
    if at_bench:
        return NoReprint.AT_BENCH
    if label.outcome in _UNDER_WAY:
        return NoReprint.UNDER_WAY
    return None if may_print(role, reprint_action(state)) else NoReprint.NOT_ENTITLED
