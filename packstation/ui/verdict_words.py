"""How each verdict looks, sounds and is called: the one table that pages and sounds share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packstation.core.status import Verdict
from packstation.i18n import _


class Kind(StrEnum):
    """What a packer sees and hears from a distance: one colour, one sign, one sound each."""

    OK = "ok"
    """Counted; go on."""
    LINE = "line"
    """Counted, and this product (or bag) is done."""
    COMPLETE = "complete"
    """Counted, and the whole order, parcel or handover is done."""
    WRONG = "wrong"
    """The right kind of thing, but not for this order, box or bag: put it away."""
    OVER = "over"
    """One too many."""
    UNKNOWN = "unknown"
    """The code says nothing to us, or too much."""
    WAIT = "wait"
    """Not counted and nothing wrong with the goods: something else comes first."""
    STOP = "stop"
    """This parcel must not go on."""
    INFO = "info"
    """Done as asked; nothing was counted."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is painted."""

    sign: str
    """One or two characters that every font of the program has."""
    background: str
    """Colour of the band, ``#rrggbb``."""
    foreground: str
    """Colour of words and sign on it."""


LOOKS: dict[Kind, Look] = {
    Kind.OK: Look("✓", "#0b6e4f", "#ffffff"),
    Kind.LINE: Look("✓✓", "#0b6e4f", "#ffffff"),
    Kind.COMPLETE: Look("★", "#0b4fb3", "#ffffff"),
    Kind.WRONG: Look("✗", "#b3261e", "#ffffff"),
    Kind.OVER: Look("+1", "#f2a900", "#000000"),
    Kind.UNKNOWN: Look("?", "#6a1b9a", "#ffffff"),
    Kind.WAIT: Look("…", "#55606b", "#ffffff"),
    Kind.STOP: Look("!", "#1c1b1f", "#ffd54f"),
    Kind.INFO: Look("i", "#dfe6ee", "#1c1b1f"),
}

KINDS: dict[Verdict, Kind] = {
    Verdict.READY: Kind.INFO,
    Verdict.MATCH: Kind.OK,
    Verdict.LINE_COMPLETE: Kind.LINE,
    Verdict.ORDER_COMPLETE: Kind.COMPLETE,
    Verdict.WRONG_ITEM: Kind.WRONG,
    Verdict.OVER_QUANTITY: Kind.OVER,
    Verdict.UNKNOWN_CODE: Kind.UNKNOWN,
    Verdict.AMBIGUOUS_CODE: Kind.UNKNOWN,
    Verdict.REPEATED_SCAN: Kind.WAIT,
    Verdict.NOT_NOW: Kind.WAIT,
    Verdict.ORDER_NOT_FOUND: Kind.UNKNOWN,
    Verdict.ALREADY_SEALED: Kind.STOP,
    Verdict.ON_HOLD: Kind.STOP,
    Verdict.LABEL_FAILED: Kind.STOP,
    Verdict.WRONG_LABEL: Kind.WRONG,
    Verdict.OLD_LABEL: Kind.WRONG,
    Verdict.WRONG_CARRIER: Kind.WRONG,
    Verdict.ALREADY_HANDED_OVER: Kind.STOP,
    Verdict.NOT_SEALED: Kind.STOP,
    Verdict.ORDER_OPENED: Kind.INFO,
    Verdict.SEALED: Kind.COMPLETE,
    Verdict.BAG_OPENED: Kind.INFO,
    Verdict.BAGGED: Kind.OK,
    Verdict.BAG_SEALED: Kind.LINE,
    Verdict.BAG_COUNTED: Kind.OK,
    Verdict.HANDOVER_OPENED: Kind.INFO,
    Verdict.HANDED_OVER: Kind.COMPLETE,
    Verdict.UNDONE: Kind.INFO,
    Verdict.PAUSED: Kind.INFO,
    Verdict.HELD: Kind.INFO,
    Verdict.ACKNOWLEDGED: Kind.INFO,
    Verdict.SET_ASIDE: Kind.INFO,
    Verdict.CANCELLED: Kind.STOP,
    Verdict.NOT_ELIGIBLE: Kind.STOP,
    Verdict.BAG_IS_SEALED: Kind.STOP,
    Verdict.ALREADY_BAGGED: Kind.STOP,
    Verdict.IS_A_WAYBILL: Kind.UNKNOWN,
    Verdict.OUT_OF_PLACE: Kind.WAIT,
    Verdict.OTHER_STATION: Kind.STOP,
    Verdict.NOT_ALLOWED: Kind.STOP,
    Verdict.REPRINTED: Kind.INFO,
    Verdict.NOT_SAVED: Kind.STOP,
    Verdict.RECALLED: Kind.INFO,
}
"""Every verdict has a kind; a test fails when one is missing."""

WORDS: dict[Verdict, str] = {
    Verdict.READY: _("READY TO SCAN"),
    Verdict.MATCH: _("OK"),
    Verdict.LINE_COMPLETE: _("LINE COMPLETE"),
    Verdict.ORDER_COMPLETE: _("ORDER COMPLETE"),
    Verdict.WRONG_ITEM: _("WRONG ITEM"),
    Verdict.OVER_QUANTITY: _("TOO MANY"),
    Verdict.UNKNOWN_CODE: _("UNKNOWN CODE"),
    Verdict.AMBIGUOUS_CODE: _("NOT CLEAR"),
    Verdict.REPEATED_SCAN: _("SCANNED TWICE"),
    Verdict.NOT_NOW: _("NOT NOW"),
    Verdict.ORDER_NOT_FOUND: _("NO SUCH ORDER"),
    Verdict.ALREADY_SEALED: _("ALREADY PACKED"),
    Verdict.ON_HOLD: _("ON HOLD"),
    Verdict.LABEL_FAILED: _("NO LABEL"),
    Verdict.WRONG_LABEL: _("WRONG LABEL"),
    Verdict.OLD_LABEL: _("OLD LABEL"),
    Verdict.WRONG_CARRIER: _("WRONG CARRIER"),
    Verdict.ALREADY_HANDED_OVER: _("ALREADY HANDED OVER"),
    Verdict.NOT_SEALED: _("NOT SEALED"),
    Verdict.ORDER_OPENED: _("ORDER OPEN"),
    Verdict.SEALED: _("SEALED"),
    Verdict.BAG_OPENED: _("BAG OPEN"),
    Verdict.BAGGED: _("IN THE BAG"),
    Verdict.BAG_SEALED: _("BAG SEALED"),
    Verdict.BAG_COUNTED: _("BAG COUNTED"),
    Verdict.HANDOVER_OPENED: _("HANDOVER OPEN"),
    Verdict.HANDED_OVER: _("HANDED OVER"),
    Verdict.UNDONE: _("UNDONE"),
    Verdict.PAUSED: _("PAUSED"),
    Verdict.HELD: _("PUT ON HOLD"),
    Verdict.ACKNOWLEDGED: _("CONFIRMED"),
    Verdict.SET_ASIDE: _("IN THE TRAY"),
    Verdict.CANCELLED: _("CANCELLED"),
    Verdict.NOT_ELIGIBLE: _("DO NOT SHIP"),
    Verdict.BAG_IS_SEALED: _("BAG IS SEALED"),
    Verdict.ALREADY_BAGGED: _("ALREADY IN A BAG"),
    Verdict.IS_A_WAYBILL: _("THIS IS A LABEL"),
    Verdict.OUT_OF_PLACE: _("NOT HERE"),
    Verdict.OTHER_STATION: _("OTHER STATION"),
    Verdict.NOT_ALLOWED: _("NOT ALLOWED"),
    Verdict.REPRINTED: _("PRINTING AGAIN"),
    Verdict.NOT_SAVED: _("NOT SAVED"),
    Verdict.RECALLED: _("OUT OF THE BAG"),
}
"""The one big word of each verdict."""
