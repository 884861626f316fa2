"""Clocks of cancellations, who may release what, short picks, changed and recalled parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from packstation.core import facts, life_facts
from packstation.core.eligibility import obstacle, why_not_at
from packstation.core.events import OrderChanged
from packstation.core.life import DEFAULT_PLATFORM, RELEASED_BY, PlatformRules, may
from packstation.core.orders import HoldReason, OrderKind, WhyNot
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import BagState, ParcelState, Phase, Reason, Verdict
from tests.builders import MAIN, NOW, a_key, a_line, an_external_order, an_order, some_rules, yt
from tests.core.house import House

TWO = an_order("5771", a_line("A-01", 2), a_line("B-02", 1))
BAG = "PSBAG01000001"
ASKED = an_order(why_not=WhyNot.CANCEL_REQUESTED, cancel_requested_at=NOW)
H48 = timedelta(hours=48)


def said(house: House, text: str) -> tuple[str, str | None]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value


# The clock of a wish to cancel.


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), WhyNot.CANCEL_REQUESTED),
        (H48 - timedelta(microseconds=1), WhyNot.CANCEL_REQUESTED),
        (H48, WhyNot.CANCELLED),
        (H48 * 9, WhyNot.CANCELLED),
    ],
)
def test_an_unanswered_wish_to_cancel_runs_out(after: timedelta, expected: WhyNot) -> None:
    assert why_not_at(ASKED, some_rules(), NOW + after) is expected
    verdict = some_rules().verdict_of(expected)
    found = obstacle(ASKED, some_rules(), numbers_left=1, now=NOW + after)
    assert found == (verdict, Reason(expected.value))


def test_without_a_time_nothing_runs_out() -> None:
    late = NOW + H48 * 9
    assert why_not_at(ASKED, some_rules(), None) is WhyNot.CANCEL_REQUESTED
    unknown = replace(ASKED, cancel_requested_at=None)
    assert why_not_at(unknown, some_rules(), late) is WhyNot.CANCEL_REQUESTED
    assert why_not_at(replace(ASKED, why_not=None), some_rules(), late) is None


def test_hours_to_answer_are_the_platforms_and_the_regions() -> None:
    quick = PlatformRules(answer_within_h=36, answer_within_h_in={"US": 24})
    shops = {MAIN: ShopRules(region="US")}
    assert Rules().answer_within(ASKED) == H48
    assert Rules(platforms={"generic": quick}).answer_within(ASKED) == timedelta(hours=36)
    here = Rules(platforms={"generic": quick}, shops=shops)
    assert here.answer_within(ASKED) == timedelta(hours=24)
    assert Rules(shops=shops).answer_within(ASKED) == H48
    assert Rules().platform("nobody") is DEFAULT_PLATFORM


def test_a_scan_after_the_end_says_cancelled_without_any_network() -> None:
    house = House(ASKED)
    assert said(house, "5771") == ("ON_HOLD", "cancel_requested")
    house.scan("PSCMDOK")
    house.now += H48
    assert said(house, "5771") == ("CANCELLED", "cancelled")


def test_what_does_not_travel_is_not_packed() -> None:
    virtual = an_order(kind=OrderKind.VIRTUAL)
    found = obstacle(virtual, some_rules(), numbers_left=1)
    assert found == (Verdict.NOT_ELIGIBLE, Reason.VIRTUAL)
    assert obstacle(an_order(kind=OrderKind.CUSTOM), some_rules(), numbers_left=1) is None


def test_every_hold_has_somebody_who_releases_it() -> None:
    assert {reason for reason in RELEASED_BY if isinstance(reason, HoldReason)} == set(HoldReason)
    assert RELEASED_BY[HoldReason.OPERATOR] == "packer"
    assert RELEASED_BY[WhyNot.PRESALE] == "supervisor"
    assert may("supervisor", "packer")
    assert may("packer", "packer")
    assert not may("packer", "supervisor")


@pytest.mark.parametrize(
    "why_not", [WhyNot.CANCELLED, WhyNot.CANCEL_REQUESTED, WhyNot.REFUNDED, WhyNot.UNPAID]
)
def test_a_stopped_order_is_stopped_at_every_stage(why_not: WhyNot) -> None:
    verdict = some_rules().verdict_of(why_not).value
    for stage in ("idle", "open", "labelled", "sealed", "bagged", "handover"):
        house = House(an_order("5771", a_line("A-01", 1)))
        scans = {
            "idle": [],
            "open": ["5771"],
            "labelled": ["5771", "A-01"],
            "sealed": ["5771", "A-01", yt(1)],
            "bagged": ["5771", "A-01", yt(1), "PSCMDBAG", yt(1)],
            "handover": ["5771", "A-01", yt(1), "PSCMDBAG", yt(1), "PSCMDSEAL", "PSCMDHANDOVER"],
        }[stage]
        house.scans(*scans)
        house.change(replace(house.orders[a_key()], why_not=why_not))
        text = "5771" if stage in ("idle", "open") else yt(1)
        assert house.scan(text).verdict.value == verdict, stage
        if stage == "handover":
            house.scan("PSCMDOK")
            assert house.scan(BAG).verdict.value == verdict
        assert not house.manifests


# Short picks.


def test_short_holds_the_order_tells_what_is_missing_and_frees_the_table() -> None:
    due = replace(TWO, promised_ship_at=NOW + timedelta(hours=30))
    house = House(due)
    house.scans("5771", "A-01")
    answer = house.scan("PSCMDSHORT")
    assert (answer.verdict, answer.missing, answer.detail) == (Verdict.HELD, 2, "29")
    assert house.station.phase is Phase.IDLE
    assert house.short[a_key()] == (("A-01", 1), ("B-02", 1))
    assert facts.OrderHeld(a_key(), HoldReason.SHORT_PICK) in house.journal
    assert not any(isinstance(fact, facts.OrderVerified) for fact in house.journal)
    assert said(house, "5771") == ("ON_HOLD", "short_pick")


def test_short_is_taken_back_by_undo_right_after() -> None:
    house = House(TWO)
    house.scans("5771", "A-01", "PSCMDSHORT")
    assert said(house, "PSCMDUNDO") == ("UNDONE", None)
    assert house.scan("5771").missing == 2


@pytest.mark.parametrize("command", ["PSCMDSHORT", "PSCMDHOLD"])
def test_undo_never_takes_back_what_somebody_else_has_decided_since(command: str) -> None:
    house = House(TWO)
    house.scans("5771", "A-01", command)
    for why_not in (None, WhyNot.HELD):  # released by one, held for another reason by the next
        house.feed(OrderChanged(TWO.key, TWO.order_id, 1, why_not))
    assert said(house, "PSCMDUNDO") == ("OUT_OF_PLACE", "nothing_to_undo")
    assert said(house, "5771")[0] == "ON_HOLD"


def test_a_message_that_nobody_read_does_not_keep_a_short_order_on_the_table() -> None:
    house = House(TWO)
    house.messages = {a_key(): ("hi",)}
    house.scan("5771")
    assert said(house, "PSCMDSHORT") == ("HELD", None)


def test_nothing_is_short_of_a_complete_order_or_of_none() -> None:
    house = House(TWO)
    assert said(house, "PSCMDSHORT") == ("OUT_OF_PLACE", "no_order_open")
    house.scans("5771", "A-01", "A-01", "B-02")
    assert said(house, "PSCMDSHORT") == ("OUT_OF_PLACE", "nothing_missing")
    assert house.station.phase is Phase.CONFIRMING


def test_no_rule_no_hours() -> None:
    house = House(TWO)
    house.scan("5771")
    assert house.scan("PSCMDSHORT").detail == ""


# Changes.

SWAPPED = replace(TWO, lines=(a_line("A-01", 1), a_line("B-02", 3)), version=2)


def test_a_change_of_the_open_order_says_what_to_take_out_and_put_in() -> None:
    house = House(TWO)
    house.scans("5771", "A-01")
    house.change(SWAPPED)
    (told,) = house.told
    assert told.difference is not None
    assert told.difference.take_out == (("A-01", 1),)
    assert told.difference.add == (("B-02", 2),)
    stop = house.scan("A-01")
    assert (stop.reason, stop.difference) == (Reason.ORDER_CHANGED, told.difference)
    opened = house.scan("PSCMDOK")
    assert opened.verdict is Verdict.ORDER_OPENED
    assert opened.missing == 4, "verification starts anew"


def test_a_change_is_told_after_a_power_cut_too() -> None:
    house = House(TWO)
    house.scans("5771", "A-01", "A-01", "B-02")
    house.orders[a_key()] = SWAPPED
    house.parcels[a_key()] = replace(house.parcels[a_key()], difference=None)
    house.power_cut()
    assert said(house, "A-01") == ("NOT_ELIGIBLE", "order_changed")


def packed(*orders: str) -> House:
    house = House(*(an_order(one, a_line("A-01", 1)) for one in orders))
    for n, one in enumerate(orders, 1):
        assert house.verdicts(one, "A-01", yt(n))[-1] == "SEALED"
    return house


def changed(house: House, order_id: str) -> None:
    key = a_key(order_id)
    lines = (a_line("B-02", 2),)
    house.change(replace(house.orders[key], lines=lines, version=2))


def test_a_changed_parcel_cannot_leave_until_it_was_packed_anew() -> None:
    house = packed("5771")
    changed(house, "5771")
    house.scan("PSCMDBAG")
    answer = house.scan(yt(1))
    assert (answer.verdict, answer.reason) == (Verdict.ON_HOLD, Reason.ORDER_CHANGED)
    assert answer.difference is not None
    assert answer.difference.take_out == (("A-01", 1),)
    house.scan("PSCMDOK")
    first = house.scan("5771")
    assert (first.verdict, first.difference) == (Verdict.ON_HOLD, answer.difference)
    house.scan("PSCMDOK")
    again = house.scan("5771")
    assert (again.verdict, again.missing) == (Verdict.ORDER_OPENED, 2)
    assert life_facts.ParcelReopened(a_key()) in house.journal
    assert house.verdicts("B-02", "B-02") == ["MATCH", "ORDER_COMPLETE"]
    assert said(house, yt(1)) == ("WRONG_LABEL", "label_voided"), "the old label"
    house.scan("PSCMDOK")
    assert house.verdicts(yt(2), yt(2)) == ["SEALED", "BAGGED"]


def test_an_old_label_is_known_at_every_stage() -> None:
    house = packed("5771")
    changed(house, "5771")
    house.scans("5771", "PSCMDOK", "5771")
    assert said(house, yt(1)) == ("IS_A_WAYBILL", "label_voided")
    house.scan("PSCMDPAUSE")
    assert said(house, yt(1)) == ("WRONG_LABEL", "label_voided")
    house.scans("PSCMDOK", "PSCMDHANDOVER")
    assert said(house, yt(1)) == ("WRONG_LABEL", "label_voided")


def test_a_changed_parcel_says_so_when_its_number_is_scanned_without_a_bag() -> None:
    house = packed("5771")
    changed(house, "5771")
    assert said(house, yt(1)) == ("ON_HOLD", "order_changed")
    house.scan("PSCMDOK")
    assert said(house, yt(1)) == ("ORDER_OPENED", None)


def test_a_void_parcel_of_an_order_that_goes_after_all_is_packed_anew() -> None:
    house = packed("5771")
    house.parcels[a_key()] = replace(house.parcels[a_key()], state=ParcelState.VOIDED)
    house.voided[yt(1)] = a_key()
    answer = house.scan("5771")
    assert (answer.verdict, answer.missing) == (Verdict.ORDER_OPENED, 1)
    house.scan("A-01")
    assert house.scan(yt(2)).verdict is Verdict.SEALED


# Recall.


def bagged(sealed: bool = True, *orders: str) -> House:
    house = packed(*(orders or ("5771", "5772")))
    house.scans("PSCMDBAG", yt(1), yt(2))
    if sealed:
        house.scan("PSCMDSEAL")
    return house


def stop(house: House, order_id: str, why_not: WhyNot) -> None:
    house.change(replace(house.orders[a_key(order_id)], why_not=why_not))


@pytest.mark.parametrize(
    ("why_not", "after"),
    [
        (WhyNot.CANCELLED, ParcelState.VOIDED),
        (WhyNot.REFUNDED, ParcelState.VOIDED),
        (WhyNot.CANCEL_REQUESTED, ParcelState.RECALLED),
        (WhyNot.ADDRESS_PROBLEM, ParcelState.RECALLED),
    ],
)
def test_at_the_handover_the_parcel_of_a_stopped_bag_is_recalled(
    why_not: WhyNot, after: ParcelState
) -> None:
    house = bagged()
    stop(house, "5771", why_not)
    house.scans("PSCMDHANDOVER", BAG, "PSCMDOK")
    answer = house.scan(yt(1))
    assert (answer.verdict, answer.bag, answer.order) == (Verdict.RECALLED, BAG, a_key())
    assert house.state(a_key()) is after
    assert (house.bags[BAG].parcels, house.bags[BAG].state) == (1, BagState.OPEN)
    assert said(house, BAG) == ("NOT_SEALED", "bag_not_sealed")
    house.scans("PSCMDPAUSE", BAG, "PSCMDSEAL", "PSCMDHANDOVER", BAG)
    assert house.scan("PSCMDCLOSE").detail == "1/1"
    assert house.state(a_key("5772")) is ParcelState.HANDED_OVER


def test_a_bag_counted_before_is_counted_no_more() -> None:
    house = packed("5771", "5772")
    house.scans("PSCMDBAG", yt(1), "PSCMDSEAL", "PSCMDBAG", yt(2), "PSCMDSEAL")
    house.scans("PSCMDHANDOVER", "PSBAG01000001", "PSBAG01000002")
    stop(house, "5771", WhyNot.CANCELLED)
    assert said(house, "PSCMDCLOSE") == ("CANCELLED", "parcel_cancelled_in_bag")
    house.scan("PSCMDOK")
    assert said(house, yt(1)) == ("RECALLED", None)
    assert said(house, "PSCMDUNDO") == ("UNDONE", None)
    assert house.station.handover is not None
    assert house.station.handover.parcels == 0
    assert said(house, "PSBAG01000002") == ("BAG_COUNTED", None)
    assert house.scan("PSCMDCLOSE").detail == "1/1"


def test_a_recalled_parcel_goes_back_into_a_bag_once_nothing_stops_it() -> None:
    house = bagged()
    stop(house, "5771", WhyNot.ADDRESS_PROBLEM)
    assert house.recall(yt(1)).verdict is Verdict.RECALLED
    house.change(replace(house.orders[a_key()], why_not=None))
    assert said(house, yt(1)) == ("ALREADY_SEALED", "sealed_not_bagged")
    assert said(house, "5771") == ("ALREADY_SEALED", "sealed_not_bagged")
    house.scan(BAG)
    assert said(house, yt(1)) == ("BAGGED", None)
    assert house.bags[BAG].parcels == 2


def test_the_first_scan_of_a_stopped_parcel_stops_and_the_second_takes_it_out() -> None:
    house = bagged(False)
    stop(house, "5771", WhyNot.CANCELLED)
    assert said(house, yt(1)) == ("CANCELLED", "cancelled")
    house.scan("PSCMDOK")
    assert said(house, yt(1)) == ("RECALLED", None)
    assert house.station.bag is not None
    assert house.station.bag.parcels == 1
    assert said(house, "PSCMDUNDO") == ("UNDONE", None), "the other parcel is the last scan now"
    assert house.station.bag.parcels == 0
    assert house.station.bag.carrier is None


def test_the_last_parcel_out_of_a_bag_leaves_it_free_for_any_carrier() -> None:
    house = packed("5771")
    house.scans("PSCMDBAG", yt(1))
    stop(house, "5771", WhyNot.CANCELLED)
    house.scans(yt(1), "PSCMDOK")
    assert said(house, yt(1)) == ("RECALLED", None)
    assert house.station.bag is not None
    assert house.station.bag.carrier is None
    assert said(house, "PSCMDSEAL") == ("OUT_OF_PLACE", "bag_empty")


def test_what_was_told_of_a_bag_survives_a_power_cut_and_ends_with_the_next_bag() -> None:
    house = bagged()
    stop(house, "5771", WhyNot.CANCELLED)
    house.scans("PSCMDHANDOVER", BAG)
    house.power_cut()
    house.scans("PSCMDOK", "PSCMDPAUSE", "PSCMDBAG")
    assert said(house, yt(1)) == ("CANCELLED", "cancelled")


def test_a_changed_parcel_comes_out_of_its_bag_first() -> None:
    house = bagged()
    changed(house, "5771")
    assert said(house, yt(1)) == ("ON_HOLD", "order_changed")
    house.scan("PSCMDOK")
    assert said(house, "5771") == ("ON_HOLD", "order_changed")
    house.scan("PSCMDOK")
    assert said(house, yt(1)) == ("RECALLED", None)
    assert said(house, "5771") == ("ON_HOLD", "order_changed")
    house.scan("PSCMDOK")
    assert said(house, "5771") == ("ORDER_OPENED", None)


def test_asking_by_name_recalls_at_once_whatever_the_table_does() -> None:
    house = bagged()
    house.orders[a_key("5773")] = an_order("5773", a_line("A-01", 2))
    house.scans("5773", "A-01")
    stop(house, "5771", WhyNot.CANCELLED)
    assert house.recall(yt(1)).verdict is Verdict.RECALLED
    assert house.station.phase is Phase.SCANNING
    assert said(house, "A-01") == ("ORDER_COMPLETE", None)


@pytest.mark.parametrize(
    ("number", "verdict", "reason"),
    [
        (yt(1), "ALREADY_BAGGED", "in_a_bag"),
        (yt(3), "ALREADY_SEALED", "sealed_not_bagged"),
        (yt(9), "ORDER_NOT_FOUND", "not_known"),
    ],
)
def test_nothing_is_recalled_without_cause(number: str, verdict: str, reason: str) -> None:
    house = packed("5771", "5772", "5773")
    house.scans("PSCMDBAG", yt(1), yt(2))
    answer = house.recall(number)
    assert (answer.verdict.value, answer.reason and answer.reason.value) == (verdict, reason)
    assert house.bags[BAG].parcels == 2


def test_a_label_made_elsewhere_is_void_too_once_another_is_named() -> None:
    order = an_external_order("8001", a_line("A-01", 1), tracking_number=yt(50))
    house = House(order)
    house.scans("8001", "A-01", yt(50))
    assert house.state(order.key) is ParcelState.SEALED
    house.change(replace(order, tracking_number=yt(51), version=2))
    house.scans("8001", "PSCMDOK", "8001", "A-01")
    assert said(house, yt(50)) == ("WRONG_LABEL", "label_voided")
    house.scan("PSCMDOK")
    assert said(house, yt(51)) == ("SEALED", None)
