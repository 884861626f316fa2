"""Short words for stored states and commands: phases, parcels, bags, print jobs, obstacles."""

from __future__ import annotations

from packstation.core.codes import Command
from packstation.core.order_steps import Step
from packstation.core.orders import WhyNot
from packstation.core.status import (
    BagState,
    LabelSource,
    PaperKind,
    ParcelState,
    Phase,
    PrintOutcome,
    StatusKind,
)
from packstation.i18n import _

PHASES: dict[Phase, str] = {
    Phase.IDLE: _("Ready"),
    Phase.LOADING: _("Opening the order"),
    Phase.SCANNING: _("Scanning items"),
    Phase.LABELLING: _("Label is being printed"),
    Phase.CONFIRMING: _("Waiting for the label scan"),
    Phase.PAUSED: _("Order put aside"),
    Phase.HANDOVER: _("Handover"),
}

PARCEL_STATES: dict[ParcelState, str] = {
    ParcelState.OPEN: _("Being packed"),
    ParcelState.VERIFIED: _("All items checked"),
    ParcelState.LABELLED: _("Label printed"),
    ParcelState.SEALED: _("Sealed"),
    ParcelState.BAGGED: _("In a bag"),
    ParcelState.HANDED_OVER: _("Handed over"),
    ParcelState.HELD: _("On hold"),
    ParcelState.RECALLED: _("Called back"),
    ParcelState.VOIDED: _("Label void"),
}

BAG_STATES: dict[BagState, str] = {
    BagState.OPEN: _("Bag open"),
    BagState.SEALED: _("Bag sealed"),
    BagState.HANDED_OVER: _("Handed over"),
}

OUTCOMES: dict[PrintOutcome, str] = {
    PrintOutcome.QUEUED: _("Waiting to be printed"),
    PrintOutcome.SENDING: _("Printing"),
    PrintOutcome.SENT: _("Sent to the printer"),
    PrintOutcome.CONFIRMED: _("Printed"),
    PrintOutcome.FAILED: _("Failed, nothing came out"),
    PrintOutcome.UNKNOWN: _("Not known: look at the printer"),
    PrintOutcome.CANCELLED: _("Given up"),
    PrintOutcome.BLOCKED: _("Printer waits: paper, cover?"),
}

LABEL_SOURCES: dict[LabelSource, str] = {
    LabelSource.COMPOSED: _("Drawn here"),
    LabelSource.EXTERNAL: _("Printed elsewhere"),
    LabelSource.FILE: _("From the shop's label files"),
    LabelSource.COMPONENT: _("Through the platform's print program"),
}
"""Where a shop's labels come from."""

PAPER_KINDS: dict[PaperKind, str] = {
    PaperKind.LABEL: _("Label"),
    PaperKind.BAG: _("Bag label"),
    PaperKind.RECEIPT: _("Receipt"),
    PaperKind.DISCREPANCY_SLIP: _("Discrepancy slip"),
    PaperKind.PACKING_SLIP: _("Packing slip"),
    PaperKind.PICK_LIST: _("Pick list"),
    PaperKind.COMMAND_SHEET: _("Command sheet"),
    PaperKind.SCANNER_CARD: _("Scanner test card"),
    PaperKind.TEST: _("Test label"),
    PaperKind.CALIBRATION: _("Calibration print"),
}

STEPS: dict[Step, str] = {
    Step.PAID: _("paid"),
    Step.PICK_LIST: _("pick list printed"),
    Step.LABEL: _("label printed"),
    Step.PACKED: _("sealed"),
    Step.BAGGED: _("in a bag"),
    Step.HANDED_OVER: _("handed over"),
}
"""Steps of an order's check list, in their order."""

STATUSES: dict[StatusKind, str] = {
    StatusKind.ORDER_VERIFIED: _("All items checked"),
    StatusKind.ORDER_HELD: _("Order put on hold"),
    StatusKind.ORDER_RELEASED: _("Order released"),
    StatusKind.LABEL_ASSIGNED: _("Tracking number given"),
    StatusKind.PARCEL_SEALED: _("Parcel sealed"),
    StatusKind.PARCEL_BAGGED: _("Parcel put into a bag"),
    StatusKind.PARCEL_UNBAGGED: _("Parcel taken out of its bag"),
    StatusKind.PARCEL_HANDED_OVER: _("Parcel handed over"),
    StatusKind.ORDER_SHORT: _("Items missing"),
    StatusKind.ORDER_CANCEL_ACCEPTED: _("Cancellation accepted"),
    StatusKind.ORDER_CANCEL_REJECTED: _("Cancellation turned down"),
    StatusKind.ORDER_CANCELLED: _("Order cancelled"),
    StatusKind.ORDER_MERGED: _("Put into one parcel with others"),
    StatusKind.ORDER_UNMERGED: _("Taken out of the shared parcel"),
    StatusKind.ORDER_SPLIT: _("Split into several parcels"),
    StatusKind.ORDER_JOINED: _("Put together again"),
    StatusKind.LABEL_VOIDED: _("Label void"),
    StatusKind.URGE_CLOSED: _("Urge task closed"),
}

WHY_NOT: dict[WhyNot, str] = {
    WhyNot.UNPAID: _("Not paid"),
    WhyNot.CANCELLED: _("Cancelled"),
    WhyNot.CANCEL_REQUESTED: _("Buyer wants to cancel"),
    WhyNot.REFUNDED: _("Money given back"),
    WhyNot.SHIPPED: _("Shipped already"),
    WhyNot.PRESALE: _("Pre-sale"),
    WhyNot.UNKNOWN_STATUS: _("Status not known"),
    WhyNot.ROWS_REFUSED: _("Wrong row in the file"),
    WhyNot.NO_LINES: _("No items"),
    WhyNot.AMBIGUOUS_QUANTITY: _("Quantity not clear"),
    WhyNot.ADDRESS_PROBLEM: _("Problem with the address"),
    WhyNot.HELD: _("On hold"),
    WhyNot.SHORT_PICK: _("Items missing"),
    WhyNot.MERGED: _("In another order's parcel"),
    WhyNot.SPLIT: _("In several parcels"),
    WhyNot.TAKEN_APART: _("Taken apart"),
    WhyNot.ORDER_CHANGED: _("Changed after packing"),
}

COMMANDS: dict[Command, str] = {
    Command.OK: _("CONFIRM (OK)"),
    Command.UNDO: _("UNDO"),
    Command.HOLD: _("HOLD"),
    Command.SHORT: _("SHORT"),
    Command.NEWBOX: _("NEWBOX"),
    Command.REPRINT: _("REPRINT"),
    Command.VOID: _("VOID"),
    Command.PAUSE: _("PAUSE"),
    Command.DONE: _("DONE"),
    Command.BAG: _("BAG"),
    Command.SEAL: _("SEAL"),
    Command.HANDOVER: _("HANDOVER"),
    Command.CLOSE: _("CLOSE"),
}
"""What stands beside a command's barcode; the sentences call the commands by these words."""

TRAY = _("TRAY")
"""What stands beside the barcode of the tray for wrong items."""
