"""Closed lists of stored and sent words: phases, verdicts, reasons, states. All append-only."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where the station stands."""

    IDLE = "IDLE"
    """Waits for an order, a parcel, a bag or a command."""
    LOADING = "LOADING"
    """An order is being fetched; takes milliseconds."""
    SCANNING = "SCANNING"
    """An order is open and its units are being scanned."""
    LABELLING = "LABELLING"
    """All units are there; the label is being printed, or has failed."""
    CONFIRMING = "CONFIRMING"
    """The label should be on the box; its scan seals the parcel."""
    PAUSED = "PAUSED"
    """An order was put aside with its counts; anything may be scanned as at IDLE."""
    HANDOVER = "HANDOVER"
    """Sealed bags are being counted for the courier."""


class Verdict(StrEnum):
    """The answer to one scan."""

    READY = "READY"
    MATCH = "MATCH"
    LINE_COMPLETE = "LINE_COMPLETE"
    ORDER_COMPLETE = "ORDER_COMPLETE"
    WRONG_ITEM = "WRONG_ITEM"
    OVER_QUANTITY = "OVER_QUANTITY"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    AMBIGUOUS_CODE = "AMBIGUOUS_CODE"
    REPEATED_SCAN = "REPEATED_SCAN"
    NOT_NOW = "NOT_NOW"
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND"
    ALREADY_SEALED = "ALREADY_SEALED"
    ON_HOLD = "ON_HOLD"
    LABEL_FAILED = "LABEL_FAILED"
    WRONG_LABEL = "WRONG_LABEL"
    WRONG_CARRIER = "WRONG_CARRIER"
    ALREADY_HANDED_OVER = "ALREADY_HANDED_OVER"
    NOT_SEALED = "NOT_SEALED"
    ORDER_OPENED = "ORDER_OPENED"
    SEALED = "SEALED"
    BAG_OPENED = "BAG_OPENED"
    BAGGED = "BAGGED"
    BAG_SEALED = "BAG_SEALED"
    BAG_COUNTED = "BAG_COUNTED"
    HANDOVER_OPENED = "HANDOVER_OPENED"
    HANDED_OVER = "HANDED_OVER"
    UNDONE = "UNDONE"
    PAUSED = "PAUSED"
    HELD = "HELD"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    SET_ASIDE = "SET_ASIDE"
    CANCELLED = "CANCELLED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    BAG_IS_SEALED = "BAG_IS_SEALED"
    ALREADY_BAGGED = "ALREADY_BAGGED"
    IS_A_WAYBILL = "IS_A_WAYBILL"
    OUT_OF_PLACE = "OUT_OF_PLACE"
    OTHER_STATION = "OTHER_STATION"
    NOT_ALLOWED = "NOT_ALLOWED"
    REPRINTED = "REPRINTED"
    NOT_SAVED = "NOT_SAVED"
    RECALLED = "RECALLED"
    OLD_LABEL = "OLD_LABEL"


ACCEPTED = frozenset(
    {
        Verdict.READY,
        Verdict.MATCH,
        Verdict.LINE_COMPLETE,
        Verdict.ORDER_COMPLETE,
        Verdict.ORDER_OPENED,
        Verdict.SEALED,
        Verdict.BAG_OPENED,
        Verdict.BAGGED,
        Verdict.BAG_SEALED,
        Verdict.BAG_COUNTED,
        Verdict.HANDOVER_OPENED,
        Verdict.HANDED_OVER,
        Verdict.UNDONE,
        Verdict.PAUSED,
        Verdict.HELD,
        Verdict.ACKNOWLEDGED,
        Verdict.SET_ASIDE,
        Verdict.REPRINTED,
        Verdict.RECALLED,
    }
)
"""Verdicts that say yes; every other one is a stop and carries a reason."""


class Reason(StrEnum):
    """Why a stop was answered; stable words for texts, tests and support."""

    UNREADABLE = "unreadable"
    NOT_IN_ORDER = "not_in_order"
    LINE_FULL = "line_full"
    PACK_TOO_LARGE = "pack_too_large"
    NOT_KNOWN = "not_known"
    SEVERAL_PRODUCTS = "several_products"
    SEVERAL_ORDERS = "several_orders"
    FITS_A_CARRIER = "fits_a_carrier"
    BELONGS_TO_A_PARCEL = "belongs_to_a_parcel"
    ORDER_IS_OPEN = "order_is_open"
    ANOTHER_ORDER_OPEN = "another_order_open"
    NO_ORDER_OPEN = "no_order_open"
    ACKNOWLEDGE_MESSAGE = "acknowledge_message"
    ACKNOWLEDGE_STOP = "acknowledge_stop"
    STILL_LOADING = "still_loading"
    STILL_PRINTING = "still_printing"
    LABEL_NOT_OUT = "label_not_out"
    LABEL_UNKNOWN = "label_unknown"
    LABEL_PRINTED = "label_printed"
    NOTHING_TO_ACKNOWLEDGE = "nothing_to_acknowledge"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_TO_PRINT = "nothing_to_print"
    NOTHING_TO_SET_ASIDE = "nothing_to_set_aside"
    NOT_THIS_PARCEL = "not_this_parcel"
    OTHER_PARCEL_HAS_IT = "other_parcel_has_it"
    DOES_NOT_FIT_CARRIER = "does_not_fit_carrier"
    PRODUCT_NOT_LABEL = "product_not_label"
    SEALED_NOT_BAGGED = "sealed_not_bagged"
    IN_A_BAG = "in_a_bag"
    HANDED_OVER = "handed_over"
    NOT_PACKED = "not_packed"
    NOT_COMPLETE = "not_complete"
    LABEL_NOT_PROVED = "label_not_proved"
    BAG_NOT_SEALED = "bag_not_sealed"
    BAG_SEALED = "bag_sealed"
    BAG_EMPTY = "bag_empty"
    NO_BAG_OPEN = "no_bag_open"
    BAG_NOT_KNOWN = "bag_not_known"
    BAG_COUNTED_ALREADY = "bag_counted_already"
    BAG_OF_ANOTHER_CARRIER = "bag_of_another_carrier"
    PARCEL_CANCELLED_IN_BAG = "parcel_cancelled_in_bag"
    PARCEL_HELD_IN_BAG = "parcel_held_in_bag"
    HANDOVER_IS_OPEN = "handover_is_open"
    NO_HANDOVER_OPEN = "no_handover_open"
    NOTHING_COUNTED = "nothing_counted"
    BAGS_ONLY = "bags_only"
    PICKED_UP_BY_HAND = "picked_up_by_hand"
    NOT_AVAILABLE = "not_available"
    UNKNOWN_COMMAND = "unknown_command"
    CANNOT_SAVE = "cannot_save"
    # Why an order is not eligible: the words of orders.WhyNot, and these for its label.
    MASKED_RECIPIENT = "masked_recipient"
    MISSING_RECIPIENT = "missing_recipient"
    NO_CARRIER = "no_carrier"
    UNKNOWN_CARRIER = "unknown_carrier"
    NO_NUMBER_LEFT = "no_number_left"
    NO_CODE = "no_code"
    ORDER_CHANGED = "order_changed"
    CANNOT_COMPOSE = "cannot_compose"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    CANCEL_REQUESTED = "cancel_requested"
    REFUNDED = "refunded"
    SHIPPED = "shipped"
    PRESALE = "presale"
    UNKNOWN_STATUS = "unknown_status"
    ROWS_REFUSED = "rows_refused"
    NO_LINES = "no_lines"
    AMBIGUOUS_QUANTITY = "ambiguous_quantity"
    ADDRESS_PROBLEM = "address_problem"
    HELD = "held"
    BAG_IS_OPEN = "bag_is_open"
    COUNT_DIFFERS = "count_differs"
    SHORT_PICK = "short_pick"
    MERGED = "merged"
    SPLIT = "split"
    LABEL_VOIDED = "label_voided"
    CANCELLED_IN_PARCEL = "cancelled_in_parcel"
    NOT_ENTITLED = "not_entitled"
    VIRTUAL = "virtual"
    NOTHING_MISSING = "nothing_missing"
    TAKEN_APART = "taken_apart"
    # Of labels on paper: which copy, whose label, and why none comes.
    OLD_COPY = "old_copy"
    SCAN_COPY_CODE = "scan_copy_code"
    LABEL_BLOCKED = "label_blocked"
    NO_LABEL_PAGE = "no_label_page"
    TEST_LABEL = "test_label"


class ParcelState(StrEnum):
    """Life of a parcel."""

    OPEN = "OPEN"
    VERIFIED = "VERIFIED"
    LABELLED = "LABELLED"
    SEALED = "SEALED"
    BAGGED = "BAGGED"
    HANDED_OVER = "HANDED_OVER"
    HELD = "HELD"
    RECALLED = "RECALLED"
    VOIDED = "VOIDED"


PARCEL_MOVES: dict[ParcelState, frozenset[ParcelState]] = {
    ParcelState.OPEN: frozenset({ParcelState.VERIFIED, ParcelState.HELD}),
    ParcelState.VERIFIED: frozenset(
        {ParcelState.OPEN, ParcelState.LABELLED, ParcelState.SEALED, ParcelState.HELD}
    ),
    ParcelState.LABELLED: frozenset(
        {ParcelState.SEALED, ParcelState.VERIFIED, ParcelState.HELD, ParcelState.VOIDED}
    ),
    ParcelState.SEALED: frozenset(
        {ParcelState.BAGGED, ParcelState.HELD, ParcelState.VOIDED, ParcelState.OPEN}
    ),
    ParcelState.BAGGED: frozenset(
        {ParcelState.SEALED, ParcelState.HANDED_OVER, ParcelState.RECALLED}
    ),
    ParcelState.HANDED_OVER: frozenset(),
    ParcelState.HELD: frozenset(
        {ParcelState.OPEN, ParcelState.VERIFIED, ParcelState.LABELLED, ParcelState.VOIDED}
    ),
    ParcelState.RECALLED: frozenset({ParcelState.SEALED, ParcelState.VOIDED, ParcelState.OPEN}),
    # The order goes after all: it is packed anew, under another label.
    ParcelState.VOIDED: frozenset({ParcelState.OPEN}),
}
"""Which state may follow which; the store refuses every other move."""


class BagState(StrEnum):
    """Life of a bag."""

    OPEN = "OPEN"
    SEALED = "SEALED"
    HANDED_OVER = "HANDED_OVER"


class LabelSource(StrEnum):
    """Where a shop's shipping labels come from."""

    COMPOSED = "composed"
    """Drawn here, with a tracking number of a prepaid block."""
    EXTERNAL = "external"
    """Printed elsewhere; the scan-back proves or binds the number."""
    FILE = "file"
    """Pages of the platform's own label files, bound to orders by tracking number, printed here."""
    COMPONENT = "component"
    """Documents that the platform's print component on this PC draws and prints."""


class PrintOutcome(StrEnum):
    """How a print job stands, in the print journal."""

    QUEUED = "QUEUED"
    """Durable, nothing sent."""
    SENDING = "SENDING"
    """Bytes may have left."""
    SENT = "SENT"
    """All bytes were taken; the printer said nothing more."""
    CONFIRMED = "CONFIRMED"
    """The printer, or the scan of the label, says that it is on paper."""
    FAILED = "FAILED"
    """No byte left; may be tried again."""
    UNKNOWN = "UNKNOWN"
    """Some bytes left; only a look at the printer can tell."""
    CANCELLED = "CANCELLED"
    """Given up before a byte left."""
    BLOCKED = "BLOCKED"
    """The printer takes nothing: paper, cover, head. The very same bytes go on by themselves."""


class PaperKind(StrEnum):
    """What a print job puts on paper; stored values, append-only."""

    LABEL = "label"
    """Shipping label; its key is the order."""
    BAG = "bag"
    """Bag label; its key is the bag."""
    RECEIPT = "receipt"
    """Handover receipt; its key is the manifest."""
    DISCREPANCY_SLIP = "discrepancy_slip"
    """Two counts that differ, for both to sign; its key is the manifest."""
    PACKING_SLIP = "packing_slip"
    """Goods of one parcel, goes inside the box; its key is the order."""
    PICK_LIST = "pick_list"
    """Goods of a wave or of chosen orders; its key is a name for them."""
    COMMAND_SHEET = "command_sheet"
    """Command codes to scan; its key is ``sheet``."""
    SCANNER_CARD = "scanner_card"
    """Codes that show whether a scanner is set up well; its key is ``card``."""
    TEST = "test"
    """Test label; its key is the code to scan back."""
    CALIBRATION = "calibration"
    """Rulers and edges for one stock; its key is the printer."""


class PageState(StrEnum):
    """Where a page of a label file stands; stored values, append-only."""

    BOUND = "bound"
    """It belongs to one order, by its tracking number."""
    UNMATCHED = "unmatched"
    """No order has its number yet; one that comes later gets it."""
    DUPLICATE = "duplicate"
    """Another page has the same tracking number; the first one counts."""
    UNREADABLE = "unreadable"
    """No code on it could be read, or several that contradict each other."""


class BatchState(StrEnum):
    """Where a print batch stands; stored values, append-only."""

    RUNNING = "running"
    STOPPED = "stopped"
    """Something did not come out for certain: the last good label must be scanned."""
    DONE = "done"
    CANCELLED = "cancelled"


class StatusKind(StrEnum):
    """Status events for the shop; sent values."""

    ORDER_VERIFIED = "order.verified"
    ORDER_HELD = "order.held"
    ORDER_RELEASED = "order.released"
    LABEL_ASSIGNED = "label.assigned"
    PARCEL_SEALED = "parcel.sealed"
    PARCEL_BAGGED = "parcel.bagged"
    PARCEL_UNBAGGED = "parcel.unbagged"
    PARCEL_HANDED_OVER = "parcel.handed_over"
    ORDER_SHORT = "order.short"
    ORDER_CANCEL_ACCEPTED = "order.cancel_accepted"
    ORDER_CANCEL_REJECTED = "order.cancel_rejected"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_MERGED = "order.merged"
    ORDER_UNMERGED = "order.unmerged"
    ORDER_SPLIT = "order.split"
    ORDER_JOINED = "order.joined"
    LABEL_VOIDED = "label.voided"
    URGE_CLOSED = "urge.closed"


class NumberState(StrEnum):
    """Where a prepaid tracking number stands; stored values, append-only."""

    FREE = "FREE"
    USED = "USED"
    VOID = "VOID"
    """Taken out by hand before any use."""
    SPOILED = "SPOILED"
    """Its label was printed and must not travel."""
    RETURNED = "RETURNED"
    """Given back to the carrier."""


class UrgeState(StrEnum):
    """Where an urge task stands (S4-14); stored values, append-only."""

    AWAITING_SELLER_REPLY = "awaiting_seller_reply"
    """待卖家回复."""
    AWAITING_SELLER_ACTION = "awaiting_seller_action"
    """待卖家执行."""
    AWAITING_BUYER = "awaiting_buyer"
    """待买家确认."""
    PLATFORM_STEPPED_IN = "platform_stepped_in"
    """平台介入中."""
    CLOSED = "closed"
    """已完结: shipped, or refunded with the complaint finished."""
