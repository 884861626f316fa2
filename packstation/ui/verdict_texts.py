"""What each answer says: what happened to this parcel, and what to do now.

Written for a packer on the first day, in noise: short, concrete, the goods first. The placeholders
are the facts of an answer; ``texts.explain`` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.status import Reason, Verdict
from packstation.i18n import _


@dataclass(frozen=True, slots=True)
class Say:
    """Two English sentences, to be translated."""

    sentence: str
    """What happened and what it means for this parcel."""
    todo: str
    """What to do now."""


OK_TO_GO_ON = _("Then scan OK.")
SCAN_NEXT_ORDER = _("Scan the next order.")
SCAN_NEXT_ITEM = _("Scan the next item.")
TO_THE_SUPERVISOR = _("Put the parcel aside and call the supervisor.")
PUT_ASIDE = _("Do not send it. Put it aside.")
ASK_OFFICE = _("Put it aside and ask the office.")

YES: dict[Verdict, Say] = {
    Verdict.READY: Say(_("Nothing is open."), _("Scan an order, a parcel or a bag.")),
    Verdict.MATCH: Say(
        _("{sku}: {scanned} of {needed} are in. {missing} still missing in this order."),
        SCAN_NEXT_ITEM,
    ),
    Verdict.LINE_COMPLETE: Say(
        _("{sku}: all {needed} are in. {missing} still missing in this order."), SCAN_NEXT_ITEM
    ),
    Verdict.ORDER_COMPLETE: Say(
        _("Everything for order {order} is in."),
        _("Wait for the label, stick it on the box and scan it."),
    ),
    Verdict.ORDER_OPENED: Say(
        _("Order {order}: {missing} still to scan."), _("Scan the first item.")
    ),
    Verdict.SEALED: Say(
        _("The label {detail} belongs to this parcel. Order {order} is packed."), SCAN_NEXT_ORDER
    ),
    Verdict.BAG_OPENED: Say(
        _("Bag {bag} is open."), _("Scan the label of each parcel that you put in.")
    ),
    Verdict.BAGGED: Say(
        _("The parcel of order {order} goes into bag {bag}."),
        _("Put it in and scan the next parcel."),
    ),
    Verdict.BAG_SEALED: Say(
        _("Bag {bag} is sealed. Parcels in it: {detail}."), _("Tie it up and stick its label on.")
    ),
    Verdict.BAG_COUNTED: Say(
        _("Bag {bag} is counted. Parcels in it: {detail}."), _("Scan the next bag, or CLOSE.")
    ),
    Verdict.HANDOVER_OPENED: Say(
        _("The bags for the courier are being counted."), _("Scan every sealed bag.")
    ),
    Verdict.HANDED_OVER: Say(
        _("Handover {manifest} is closed. Bags: {bags}, parcels: {parcels}."),
        _("Take the receipt and let the courier sign it."),
    ),
    Verdict.UNDONE: Say(
        _("The last scan does not count any more."),
        _("Take out what you had scanned, then go on."),
    ),
    Verdict.PAUSED: Say(
        _("Put aside. All counts are kept."), _("Scan it again later to go on with it.")
    ),
    Verdict.HELD: Say(
        _("Order {order} is on hold and will not be shipped."),
        _("Put the goods on the hold shelf. Scan the next order."),
    ),
    Verdict.ACKNOWLEDGED: Say(_("Noted."), _("Go on scanning.")),
    Verdict.SET_ASIDE: Say(_("The item lies in the tray. It was not counted."), SCAN_NEXT_ITEM),
    Verdict.REPRINTED: Say(
        _("The label of order {order} is being printed again."),
        _("Throw the old label away, stick the new one on and scan it."),
    ),
    Verdict.RECALLED: Say(
        _("The parcel of order {order} is out of bag {bag}. The bag is open again."),
        _("Take the old bag label off. Scan the bag and SEAL it again when packing."),
    ),
}
"""Texts of the verdicts that say yes."""

SHORT = Say(
    _("Order {order} is on hold: {missing} missing. The shop is told at once."),
    _("Put the goods on the hold shelf. Scan the next order."),
)

EXTERNAL_LABEL = Say(
    _("Everything for order {order} is in."), _("Stick its label on the box and scan it.")
)
PART_OPENED = Say(
    _("Order {order}, parcel {detail}: {missing} still to scan."), _("Scan the first item.")
)
LABEL_IN_DOUBT = Say(
    _("Everything for order {order} is in. Nobody knows whether its label came out."),
    _("Look for it: scan the label, or scan REPRINT if there is none."),
)
LABEL_WAITS = Say(
    _("Everything for order {order} is in. Its label waits: the printer takes nothing."),
    _("Put the printer right: the label comes by itself. To give it up, scan REPRINT."),
)
GIVEN_UP = Say(_("The label of order {order} is being given up."), _("Wait a moment."))
READ_MESSAGE = Say(
    _("Order {order}: {missing} still to scan. There is a message for you."),
    _("Read the message, then scan OK."),
)
ORDER_RESUMED = Say(
    _("Order {order} is complete already."), _("Stick its label on the box and scan it.")
)
HANDOVER_PAUSED = Say(
    _("The handover stays open. All counts are kept."), _("Scan HANDOVER to go on with it.")
)
UNDONE_LINE = Say(
    _("The last scan is taken back. {sku}: {scanned} of {needed} are in."),
    _("Take the item out of the box."),
)
UNDONE_PARCEL = Say(
    _("The parcel of order {order} is out of bag {bag} again."), _("Take it out of the bag.")
)
UNDONE_BAG = Say(_("Bag {bag} is not counted any more."), _("Put it back."))
UNDONE_HOLD = Say(
    _("Order {order} is not on hold any more."), _("It may be packed: scan the order.")
)

HANDED_OVER_IN = Say(_("The courier took this one with handover {detail}."), TO_THE_SUPERVISOR)
OTHER_LABEL = Say(
    _("This is the label of order {other}. Order {order} is open here and not sealed."),
    _("Take this label off and find the right one."),
)
OTHER_OLD_LABEL = Say(
    _("This is an old label of order {other}. Order {order} is open here and not sealed."),
    _("Tear it off and throw it away. Find the right label."),
)
NO_LABEL_YET = _("Scan PAUSE and tell the office. When it is put right, scan REPRINT.")
CAPS_LOCK = _("The letters had to be put right: check Caps Lock and the input method.")
CAUSE = _("Cause: {cause}.")
REFUSED = Say(_("This was refused. Nothing was counted."), TO_THE_SUPERVISOR)

STOPS: dict[Verdict, Say] = {
    Verdict.OTHER_STATION: Say(
        _("Another station is working on this order."), _("Give it to that station.")
    ),
    Verdict.NOT_ALLOWED: Say(
        _("You may not do this here. Nothing was changed."), _("Call the supervisor.")
    ),
}
"""Stops that need no reason."""

SPECIAL: dict[tuple[Verdict, Reason], Say] = {
    (Verdict.ORDER_NOT_FOUND, Reason.NOT_KNOWN): Say(
        _("No order, parcel or bag has the code {code}."),
        _("Scan the order again. If it is new, import today's file first."),
    ),
    (Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN): Say(
        _("Order {order} is open already."), _("Go on: scan its items.")
    ),
    (Verdict.NOT_ELIGIBLE, Reason.NOT_AVAILABLE): Say(
        _("The parcel of order {order} was called back, or its label is void."), TO_THE_SUPERVISOR
    ),
    (Verdict.REPEATED_SCAN, Reason.SEALED_NOT_BAGGED): Say(
        _("The label was read twice. The parcel is sealed, but not in the bag yet."),
        _("To put it into the bag, scan its label once more."),
    ),
    (Verdict.OUT_OF_PLACE, Reason.LABEL_UNKNOWN): Say(
        _("A label may be out already, so the last item cannot be taken back."),
        _("Look at the printer: scan the label, or scan REPRINT if there is none."),
    ),
    (Verdict.AMBIGUOUS_CODE, Reason.SEVERAL_ORDERS): Say(
        _("Two shops have an order {code}. Nothing was opened."),
        _("Scan the tracking number of the parcel, or call the supervisor."),
    ),
    (Verdict.NOT_NOW, Reason.LABEL_BLOCKED): Say(
        _("The printer takes nothing, so the label waits. This scan was not counted."),
        _("Put the printer right: the label comes by itself. To give it up, scan REPRINT."),
    ),
    (Verdict.NOT_ELIGIBLE, Reason.DOES_NOT_FIT_CARRIER): Say(
        _("The label file has a number of another carrier for order {order}. Nothing is printed."),
        ASK_OFFICE,
    ),
    (Verdict.NOT_ELIGIBLE, Reason.OTHER_PARCEL_HAS_IT): Say(
        _("The number in the label file for order {order} is on another parcel already."),
        ASK_OFFICE,
    ),
    (Verdict.NOT_ELIGIBLE, Reason.LABEL_VOIDED): Say(
        _("The label of order {order} in the label file is void. Nothing is printed."),
        ASK_OFFICE,
    ),
    (Verdict.ON_HOLD, Reason.ORDER_CHANGED): Say(
        _("Order {order} was changed after it was packed. The parcel must not go."),
        _("Take it out of its bag and open it. Scan the order again to pack it anew."),
    ),
    (Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER): Say(
        _("{sku} does not belong to this order. It was not counted."),
        _("Put it into the tray and take the right item."),
    ),
}
"""Stops whose reason means something else than usual."""

MISSING_FACT = "—"
"""Stands where a sentence names a fact that the answer does not have."""
