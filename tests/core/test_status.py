"""Stored and sent words are append-only: these lists are complete and in order."""

from __future__ import annotations

import typing
from enum import Enum

import pytest

from packstation.core import facts
from packstation.core.orders import HoldReason, OrderKind, WhyNot
from packstation.core.status import (
    ACCEPTED,
    PARCEL_MOVES,
    BagState,
    BatchState,
    LabelSource,
    NumberState,
    PageState,
    PaperKind,
    ParcelState,
    Phase,
    PrintOutcome,
    Reason,
    StatusKind,
    UrgeState,
    Verdict,
)

WORDS: dict[type[Enum], str] = {
    Phase: "IDLE LOADING SCANNING LABELLING CONFIRMING PAUSED HANDOVER",
    Verdict: """READY MATCH LINE_COMPLETE ORDER_COMPLETE WRONG_ITEM OVER_QUANTITY UNKNOWN_CODE
        AMBIGUOUS_CODE REPEATED_SCAN NOT_NOW ORDER_NOT_FOUND ALREADY_SEALED ON_HOLD LABEL_FAILED
        WRONG_LABEL WRONG_CARRIER ALREADY_HANDED_OVER NOT_SEALED ORDER_OPENED SEALED BAG_OPENED
        BAGGED BAG_SEALED BAG_COUNTED HANDOVER_OPENED HANDED_OVER UNDONE PAUSED HELD ACKNOWLEDGED
        SET_ASIDE CANCELLED NOT_ELIGIBLE BAG_IS_SEALED ALREADY_BAGGED IS_A_WAYBILL OUT_OF_PLACE
        OTHER_STATION NOT_ALLOWED REPRINTED NOT_SAVED RECALLED OLD_LABEL""",
    Reason: """unreadable not_in_order line_full pack_too_large not_known several_products
        several_orders fits_a_carrier belongs_to_a_parcel order_is_open another_order_open
        no_order_open acknowledge_message acknowledge_stop still_loading still_printing
        label_not_out label_unknown label_printed nothing_to_acknowledge nothing_to_undo
        nothing_to_print nothing_to_set_aside not_this_parcel other_parcel_has_it
        does_not_fit_carrier product_not_label sealed_not_bagged in_a_bag handed_over not_packed
        not_complete label_not_proved bag_not_sealed bag_sealed bag_empty no_bag_open
        bag_not_known bag_counted_already bag_of_another_carrier parcel_cancelled_in_bag
        parcel_held_in_bag handover_is_open no_handover_open nothing_counted bags_only
        picked_up_by_hand not_available unknown_command cannot_save masked_recipient
        missing_recipient no_carrier unknown_carrier no_number_left no_code order_changed
        cannot_compose unpaid cancelled cancel_requested refunded shipped presale unknown_status
        rows_refused no_lines ambiguous_quantity address_problem held bag_is_open count_differs
        short_pick merged split label_voided cancelled_in_parcel not_entitled
        virtual nothing_missing taken_apart old_copy scan_copy_code label_blocked no_label_page
        test_label""",
    ParcelState: "OPEN VERIFIED LABELLED SEALED BAGGED HANDED_OVER HELD RECALLED VOIDED",
    BagState: "OPEN SEALED HANDED_OVER",
    LabelSource: "composed external file component",
    PrintOutcome: "QUEUED SENDING SENT CONFIRMED FAILED UNKNOWN CANCELLED BLOCKED",
    StatusKind: """order.verified order.held order.released label.assigned parcel.sealed
        parcel.bagged parcel.unbagged parcel.handed_over order.short order.cancel_accepted
        order.cancel_rejected order.cancelled order.merged order.unmerged order.split order.joined
        label.voided urge.closed""",
    WhyNot: """unpaid cancelled cancel_requested refunded shipped presale unknown_status
        rows_refused no_lines ambiguous_quantity address_problem held short_pick merged split
        order_changed taken_apart""",
    OrderKind: "normal presale custom made_to_order virtual",
    HoldReason: """operator short_pick address_check buyer_asks cancel_rejected quality
        payment_check""",
    NumberState: "FREE USED VOID SPOILED RETURNED",
    UrgeState: """awaiting_seller_reply awaiting_seller_action awaiting_buyer
        platform_stepped_in closed""",
    PaperKind: """label bag receipt discrepancy_slip packing_slip pick_list command_sheet
        scanner_card test calibration""",
    PageState: "bound unmatched duplicate unreadable",
    BatchState: "running stopped done cancelled",
}
STOPS = """
    WRONG_ITEM OVER_QUANTITY UNKNOWN_CODE AMBIGUOUS_CODE REPEATED_SCAN NOT_NOW ORDER_NOT_FOUND
    ALREADY_SEALED ON_HOLD LABEL_FAILED WRONG_LABEL WRONG_CARRIER ALREADY_HANDED_OVER NOT_SEALED
    CANCELLED NOT_ELIGIBLE BAG_IS_SEALED ALREADY_BAGGED IS_A_WAYBILL OUT_OF_PLACE OTHER_STATION
    NOT_ALLOWED NOT_SAVED OLD_LABEL
"""
FACTS = """
    order_opened message_acknowledged units_scanned scan_undone counts_dropped order_verified
    label_requested label_ended parcel_sealed order_paused order_held order_released
    order_closed bag_opened parcel_bagged parcel_unbagged bag_sealed handover_opened bag_counted
    bag_uncounted handover_paused handover_closed scan_refused stop_acknowledged
    cancellation_decided cancellation_expired seller_cancelled short_picked label_voided
    order_details_changed parcel_outdated change_told parcel_reopened parcel_recalled
"""


def name(kind: type) -> str:
    return facts.kind(object.__new__(kind))


@pytest.mark.parametrize("words", list(WORDS), ids=lambda words: words.__name__)
def test_stored_words_are_only_ever_appended(words: type[Enum]) -> None:
    assert [word.value for word in words] == WORDS[words].split()


def test_kinds_of_facts_are_only_ever_appended() -> None:
    kinds = [name(kind) for kind in typing.get_args(facts.Fact)]
    assert kinds == FACTS.split()


FIELDS = {
    "order_opened": "order version",
    "message_acknowledged": "order",
    "units_scanned": "order units code",
    "scan_undone": "order units",
    "counts_dropped": "order",
    "order_verified": "order version",
    "label_requested": "order version copy reason carrier",
    "label_ended": "order job outcome detail",
    "parcel_sealed": "order tracking_number carrier source",
    "order_paused": "order",
    "order_held": "order reason",
    "order_released": "order by waived",
    "order_closed": "order reason",
    "bag_opened": "bag",
    "parcel_bagged": "bag order tracking_number carrier",
    "parcel_unbagged": "bag order tracking_number",
    "bag_sealed": "bag carrier parcels",
    "handover_opened": "manifest",
    "bag_counted": "manifest bag carrier parcels",
    "bag_uncounted": "manifest bag",
    "handover_paused": "manifest",
    "handover_closed": "manifest carrier bags parcels",
    "scan_refused": "verdict reason order code",
    "stop_acknowledged": "verdict by",
    "cancellation_decided": "order accepted by",
    "cancellation_expired": "order",
    "seller_cancelled": "order reason by",
    "short_picked": "order missing where",
    "label_voided": "order tracking_number carrier reason",
    "order_details_changed": "order content",
    "parcel_outdated": "order difference",
    "change_told": "order",
    "parcel_reopened": "order",
    "parcel_recalled": "order bag tracking_number",
}


@pytest.mark.parametrize("kind", typing.get_args(facts.Fact), ids=lambda kind: kind.__name__)
def test_fields_of_a_fact_are_only_ever_appended(kind: type) -> None:
    fields = list(kind.__dataclass_fields__)  # type: ignore[attr-defined] # every fact is a dataclass
    assert " ".join(fields) == FIELDS[name(kind)]


def test_every_verdict_of_the_house_is_either_yes_or_stop() -> None:
    assert {v.value for v in set(Verdict) - ACCEPTED} == set(STOPS.split())


@pytest.mark.parametrize("why_not", list(WhyNot))
def test_every_obstacle_of_an_order_is_also_a_reason(why_not: WhyNot) -> None:
    assert Reason(why_not.value).value == why_not.value


def test_every_state_of_a_parcel_has_its_moves() -> None:
    assert set(PARCEL_MOVES) == set(ParcelState)
    assert not PARCEL_MOVES[ParcelState.HANDED_OVER]
