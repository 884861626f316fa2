"""Why a scan was refused, reason by reason: what it means for this parcel, what to do now."""

from __future__ import annotations

from packstation.core.status import Reason
from packstation.i18n import _
from packstation.ui.verdict_texts import (
    ASK_OFFICE,
    PUT_ASIDE,
    TO_THE_SUPERVISOR,
    Say,
)

AT_THE_BENCH: dict[Reason, Say] = {
    Reason.UNREADABLE: Say(
        _("The code could not be read. Nothing was counted."), _("Scan it again.")
    ),
    Reason.NOT_IN_ORDER: Say(
        _("This item does not belong to this order. It was not counted."),
        _("Put it into the tray and take the right item."),
    ),
    Reason.LINE_FULL: Say(
        _("{sku}: all {needed} are in the box already. This one was not counted."),
        _("Do not put it in. Put it into the tray."),
    ),
    Reason.PACK_TOO_LARGE: Say(
        _("This pack holds more pieces than are missing. {sku}: {scanned} of {needed} are in."),
        _("Open the pack and scan single pieces."),
    ),
    Reason.NOT_KNOWN: Say(
        _("No product has the code {code}. Nothing was counted."),
        _("Scan another barcode on the item. If there is none, put it into the tray."),
    ),
    Reason.SEVERAL_PRODUCTS: Say(
        _("{code} stands for more than one product. Nothing was counted."),
        _("Scan another barcode on the item, or call the supervisor."),
    ),
    Reason.SEVERAL_ORDERS: Say(
        _("{code} belongs to more than one order. Nothing was opened."),
        _("Scan the tracking number of the parcel, or call the supervisor."),
    ),
    Reason.FITS_A_CARRIER: Say(
        _("{code} looks like a tracking number, not like an item. Nothing was counted."),
        _("Scan the barcode on the item."),
    ),
    Reason.BELONGS_TO_A_PARCEL: Say(
        _("{code} is the number of a parcel, not of an item. Nothing was counted."),
        _("Scan the barcode on the item. Put the other label aside."),
    ),
    Reason.ORDER_IS_OPEN: Say(
        _("Order {order} is open. Bags and handover come after it."),
        _("Finish this order first, or scan PAUSE."),
    ),
    Reason.ANOTHER_ORDER_OPEN: Say(
        _("Order {order} is still open. The new scan opened nothing."),
        _("Finish this order first, or scan PAUSE."),
    ),
    Reason.NO_ORDER_OPEN: Say(_("No order is open. Nothing was done."), _("Scan an order first.")),
    Reason.ACKNOWLEDGE_MESSAGE: Say(
        _("There is a message with this order. The item was not counted."),
        _("Read the message and scan OK. Then scan the item again."),
    ),
    Reason.ACKNOWLEDGE_STOP: Say(
        _("The last stop still stands. The new scan was not counted."),
        _("Read it and scan OK, or put the item into the tray and scan TRAY."),
    ),
    Reason.STILL_LOADING: Say(
        _("The order is being opened. This scan was not counted."),
        _("Wait a moment, then scan again."),
    ),
    Reason.STILL_PRINTING: Say(
        _("The label is being printed. This scan was not counted."),
        _("Wait for the label, then scan it."),
    ),
    Reason.LABEL_NOT_OUT: Say(
        _("The label did not come out. The parcel is not finished."),
        _("Check paper, cover and cable of the printer. Then scan REPRINT."),
    ),
    Reason.LABEL_UNKNOWN: Say(
        _("Nobody knows whether the label came out."),
        _("Look at the printer: scan the label, or scan REPRINT if there is none."),
    ),
    Reason.LABEL_BLOCKED: Say(
        _("The printer takes nothing: the label of order {order} waits."),
        _("Put the printer right: the label comes by itself. To give it up, scan REPRINT."),
    ),
    Reason.OLD_COPY: Say(
        _("This is an older copy of the label of order {order}. It must not travel."),
        _("Tear it off and throw it away. Scan the small code on the newest label."),
    ),
    Reason.SCAN_COPY_CODE: Say(
        _("The label of order {order} was printed more than once: its number proves nothing."),
        _("Scan the small code beside the copy mark. Tear off every older label."),
    ),
    Reason.TEST_LABEL: Say(
        _("{code} is on a test label. It proves a printer, not a parcel."),
        _("Scan it on the page of the printers."),
    ),
    Reason.LABEL_PRINTED: Say(
        _("The label is printed, so the last item cannot be taken back."),
        _("Scan the label. If the parcel must not go, scan HOLD."),
    ),
    Reason.NOTHING_TO_ACKNOWLEDGE: Say(_("There is nothing to confirm."), _("Go on scanning.")),
    Reason.NOTHING_TO_UNDO: Say(_("There is no scan to take back."), _("Go on scanning.")),
    Reason.NOTHING_TO_PRINT: Say(
        _("The labels of this shop are printed elsewhere."),
        _("Take its label from there, stick it on and scan it."),
    ),
    Reason.NOTHING_TO_SET_ASIDE: Say(
        _("There is nothing for the tray: the last scan was right."), _("Go on scanning.")
    ),
    Reason.NOT_THIS_PARCEL: Say(
        _("{code} is not the label of this parcel. The parcel is not sealed."),
        _("Find the label of this parcel."),
    ),
    Reason.OTHER_PARCEL_HAS_IT: Say(
        _("The label {code} belongs to another parcel. This parcel is not sealed."),
        _("Take this label off and find the right one."),
    ),
    Reason.DOES_NOT_FIT_CARRIER: Say(
        _("{code} is not a number of this order's carrier. The parcel is not sealed."),
        _("Look for the tracking number on the label."),
    ),
    Reason.PRODUCT_NOT_LABEL: Say(
        _("{code} looks like a product, not like a label. The parcel is not sealed."),
        _("Look for the tracking number on the label."),
    ),
    Reason.NOT_COMPLETE: Say(
        _("The order is not complete: {missing} still missing. No label was printed."),
        _("Scan the missing items first."),
    ),
    Reason.NOT_AVAILABLE: Say(
        _("This code has no use here yet. Nothing was done."), _("Go on scanning.")
    ),
    Reason.UNKNOWN_COMMAND: Say(
        _("{code} is not a command of this station. Nothing was done."),
        _("Scan a code of the printed command sheet."),
    ),
    Reason.NOTHING_MISSING: Say(
        _("Nothing is missing in order {order}: every item was scanned."),
        _("To keep the parcel here, scan HOLD."),
    ),
    Reason.CANNOT_SAVE: Say(
        _("The last scan could not be saved. Nothing more can be counted."),
        _("Stop packing. Check that the disk is not full, then start the program again."),
    ),
}
"""Reasons while items and labels are scanned."""

AT_THE_DOCK: dict[Reason, Say] = {
    Reason.SEALED_NOT_BAGGED: Say(
        _("This parcel is packed and sealed. It is in no bag yet."),
        _("To put it into a bag, scan BAG first."),
    ),
    Reason.IN_A_BAG: Say(_("This parcel is in bag {detail} already."), _("Leave it there.")),
    Reason.HANDED_OVER: Say(_("The courier has this one already."), TO_THE_SUPERVISOR),
    Reason.NOT_PACKED: Say(
        _("Order {order} has not been packed yet. The parcel must not go."),
        _("Pack the order first."),
    ),
    Reason.LABEL_NOT_PROVED: Say(
        _("The label of order {order} was never scanned on the box. The parcel must not go."),
        _("Open the order and scan the label on the box."),
    ),
    Reason.BAG_NOT_SEALED: Say(
        _("Bag {code} is still open. It was not counted."),
        _("Go back to packing, scan the bag and then SEAL."),
    ),
    Reason.BAG_SEALED: Say(
        _("Bag {code} is sealed. Nothing more goes in."), _("Take a new bag: scan BAG.")
    ),
    Reason.BAG_EMPTY: Say(
        _("The bag is empty, so it cannot be sealed."), _("Scan a parcel into it first.")
    ),
    Reason.NO_BAG_OPEN: Say(_("No bag is open."), _("Scan BAG for a new bag.")),
    Reason.BAG_NOT_KNOWN: Say(
        _("Nobody here has opened a bag {code}."), _("Scan BAG for a new bag.")
    ),
    Reason.BAG_COUNTED_ALREADY: Say(
        _("Bag {code} is counted already. It counts once."), _("Scan the next bag, or CLOSE.")
    ),
    Reason.BAG_OF_ANOTHER_CARRIER: Say(
        _("This one goes with another carrier. It was not added."),
        _("Put it with the bags of its own carrier."),
    ),
    Reason.PARCEL_CANCELLED_IN_BAG: Say(
        _("Order {order} in this bag is cancelled. The bag must not go."),
        _("Take that parcel out of the bag and call the supervisor."),
    ),
    Reason.PARCEL_HELD_IN_BAG: Say(
        _("Order {order} in this bag is on hold. The bag must not go."),
        _("Take that parcel out of the bag and call the supervisor."),
    ),
    Reason.HANDOVER_IS_OPEN: Say(
        _("A handover is open. Only sealed bags are scanned now."),
        _("Scan CLOSE to finish it, or PAUSE to pack on."),
    ),
    Reason.NO_HANDOVER_OPEN: Say(
        _("No handover is open. Nothing was closed."), _("Scan HANDOVER first.")
    ),
    Reason.NOTHING_COUNTED: Say(
        _("No bag is counted yet, so the handover stays open."), _("Scan the sealed bags first.")
    ),
    Reason.BAGS_ONLY: Say(
        _("At the handover only sealed bags are counted. {code} was not."),
        _("Scan the label of a bag, or PAUSE to pack on."),
    ),
    Reason.BAG_IS_OPEN: Say(
        _("Bag {code} is open already."), _("Scan the label of each parcel that you put in.")
    ),
    Reason.COUNT_DIFFERS: Say(
        _("The number of parcels in the counted bags has changed. The handover stays open."),
        _("Do not hand over. Scan UNDO, count the bags again, or call the supervisor."),
    ),
    Reason.PICKED_UP_BY_HAND: Say(
        _("The buyer picks up order {order}. It goes to no courier."),
        _("Put it on the shelf for the buyers."),
    ),
}
"""Reasons around bags and the handover."""

NOT_TO_SHIP: dict[Reason, Say] = {
    Reason.MASKED_RECIPIENT: Say(
        _("The address of order {order} is hidden with stars. No label can be printed."),
        _("Use the label of the shop's own system. Put the order aside."),
    ),
    Reason.MISSING_RECIPIENT: Say(
        _("Name, phone or address of order {order} is missing. No label can be printed."),
        _("Put it aside and ask the office for the address."),
    ),
    Reason.NO_CARRIER: Say(
        _("No carrier is set for order {order}. No label can be printed."),
        _("Ask the office to choose a carrier. Scan another order."),
    ),
    Reason.UNKNOWN_CARRIER: Say(
        _("The carrier of order {order} is not known here. No label can be printed."),
        _("Ask the office to choose another carrier. Scan another order."),
    ),
    Reason.NO_NUMBER_LEFT: Say(
        _("The tracking numbers of this carrier are used up. No label can be printed."),
        _("Ask the office to add numbers. Then scan the order again."),
    ),
    Reason.NO_LABEL_PAGE: Say(
        _("No label file has a page for order {order} yet. No label can be printed."),
        _("Ask the office for the shop's label file. Scan another order."),
    ),
    Reason.NO_CODE: Say(
        _("An item of order {order} has no barcode here, so nothing can prove it."),
        _("Ask the office to add the barcode. Scan another order."),
    ),
    Reason.ORDER_CHANGED: Say(
        _("Order {order} was changed just now. The old counts are not valid."),
        _("Take all items out of the box."),
    ),
    Reason.CANNOT_COMPOSE: Say(
        _("The label of order {order} cannot be drawn. Nothing was printed."),
        _("Scan HOLD and tell the office."),
    ),
    Reason.UNPAID: Say(_("Order {order} is not paid. It must not go."), PUT_ASIDE),
    Reason.CANCELLED: Say(_("Order {order} is cancelled. It must not go."), PUT_ASIDE),
    Reason.CANCEL_REQUESTED: Say(
        _("The buyer of order {order} wants to cancel. It must not go yet."), ASK_OFFICE
    ),
    Reason.REFUNDED: Say(
        _("The buyer of order {order} got the money back. It must not go."), PUT_ASIDE
    ),
    Reason.SHIPPED: Say(_("The shop says that order {order} is on its way already."), PUT_ASIDE),
    Reason.PRESALE: Say(_("Order {order} is a pre-sale. It must not go yet."), PUT_ASIDE),
    Reason.UNKNOWN_STATUS: Say(
        _("The file gives order {order} a status that is not known here. It must not go."),
        ASK_OFFICE,
    ),
    Reason.ROWS_REFUSED: Say(
        _("A row of order {order} was wrong in the file. Items would be missing."),
        _("Put it aside and ask the office to correct the file."),
    ),
    Reason.NO_LINES: Say(_("The file names no item for order {order}."), ASK_OFFICE),
    Reason.AMBIGUOUS_QUANTITY: Say(
        _("The file does not say clearly how many pieces order {order} needs."), ASK_OFFICE
    ),
    Reason.ADDRESS_PROBLEM: Say(
        _("Something is wrong with the address of order {order}. It must not go yet."), ASK_OFFICE
    ),
    Reason.HELD: Say(
        _("Order {order} is on hold. It must not go."), _("Put it on the hold shelf.")
    ),
    Reason.SHORT_PICK: Say(
        _("Items of order {order} are missing. It waits for a decision."),
        _("Put it on the hold shelf."),
    ),
    Reason.MERGED: Say(
        _("Order {order} travels in one parcel with other orders."),
        _("Scan the number of the merged order."),
    ),
    Reason.SPLIT: Say(
        _("Order {order} travels in several parcels."),
        _("Scan the number of one of its parts."),
    ),
    Reason.TAKEN_APART: Say(
        _("Parcel {order} was taken apart. It must not go."),
        _("Take the items out and scan each order by its own number."),
    ),
    Reason.LABEL_VOIDED: Say(
        _("This is an old label of order {order}. It must not travel."),
        _("Tear it off and throw it away. Scan the order to print the right one."),
    ),
    Reason.CANCELLED_IN_PARCEL: Say(
        _("Order {detail} inside parcel {order} is cancelled. The parcel must not go."),
        _("Put the parcel aside and call the supervisor."),
    ),
    Reason.VIRTUAL: Say(
        _("Nothing of order {order} travels: there is nothing to pack."), PUT_ASIDE
    ),
    Reason.NOT_ENTITLED: Say(
        _("Only a supervisor may do this."), _("Ask the supervisor to scan the badge.")
    ),
}
"""Reasons why an order may not be packed or shipped; the words of ``orders.WhyNot`` are here."""

REASONS: dict[Reason, Say] = {**AT_THE_BENCH, **AT_THE_DOCK, **NOT_TO_SHIP}
"""Every reason; a test fails when one is missing."""
