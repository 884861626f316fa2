"""What a scan opens between orders, bags, and the handover to the courier."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core import facts
from packstation.core.effects import PrintBagLabel, PrintReceipt
from packstation.core.events import CodeFound, HandoverChecked
from packstation.core.orders import WhyNot
from packstation.core.parcels import Parcel
from packstation.core.station import Waiting
from packstation.core.status import BagState, ParcelState, Phase
from tests.builders import EMS, YTO, a_code, a_key, a_line, a_scan, an_order, some_rules, yt
from tests.core.house import House

BAG = "PSBAG01000001"
ORDERS = tuple(an_order(f"577{n}", a_line(f"A-0{n}")) for n in range(1, 5))


def said(house: House, text: str) -> tuple[str, str | None, str]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value, house.station.phase.value


def packed(count: int = 2) -> House:
    """A house with sealed parcels yt(1) … and one more order, not begun."""
    house = House(*ORDERS, codes=(a_code("6901234567892", "A-01"),))
    for n in range(1, count + 1):
        assert house.verdicts(f"577{n}", f"A-0{n}", yt(n))[-1] == "SEALED"
    return house


def bagged(*numbers: int) -> House:
    house = packed(max(numbers))
    house.scans("PSCMDBAG", *(yt(n) for n in numbers))
    return house


def sealed(*numbers: int) -> House:
    house = bagged(*numbers)
    house.scan("PSCMDSEAL")
    return house


def set_state(house: House, n: int, state: ParcelState, **more: object) -> None:
    parcel = Parcel(a_key(f"577{n}"), state, yt(n), YTO.code)
    house.parcels[parcel.order] = replace(parcel, **more)  # type: ignore[arg-type] # fields of Parcel


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("nonsense", "ORDER_NOT_FOUND", "not_known"),
        ("577", "ORDER_NOT_FOUND", "not_known"),
        ("771", "ORDER_NOT_FOUND", "not_known"),
        (yt(9), "ORDER_NOT_FOUND", "not_known"),
        ("6901234567892", "OUT_OF_PLACE", "no_order_open"),
        ("A-01", "OUT_OF_PLACE", "no_order_open"),
        ("PSBAG01000009", "UNKNOWN_CODE", "bag_not_known"),
        ("PSBAG0100000", "UNKNOWN_CODE", "bag_not_known"),
        ("PSCMDSEAL", "OUT_OF_PLACE", "no_bag_open"),
        ("PSCMDCLOSE", "OUT_OF_PLACE", "no_handover_open"),
        ("PSCMDPAUSE", "OUT_OF_PLACE", "no_order_open"),
        ("PSCMDHOLD", "OUT_OF_PLACE", "no_order_open"),
        ("PSCMDREPRINT", "OUT_OF_PLACE", "no_order_open"),
        ("PSCMDUNDO", "OUT_OF_PLACE", "nothing_to_undo"),
        ("PSCMDOK", "OUT_OF_PLACE", "nothing_to_acknowledge"),
    ],
)
def test_between_orders_every_scan_is_answered_by_name(
    text: str, verdict: str, reason: str
) -> None:
    assert said(packed(0), text) == (verdict, reason, "IDLE")


def test_a_number_of_two_orders_opens_neither() -> None:
    house = House(an_order("5771"), an_order("5771", shop="other"))
    assert said(house, "5771") == ("AMBIGUOUS_CODE", "several_orders", "IDLE")


def test_a_sealed_parcel_with_no_bag_open_only_shows_where_it_is() -> None:
    house = sealed(1)
    set_state(house, 2, ParcelState.SEALED)
    set_state(house, 3, ParcelState.HANDED_OVER, manifest="PSM01000009")
    assert said(house, yt(2)) == ("ALREADY_SEALED", "sealed_not_bagged", "IDLE")
    answer = house.scan(yt(1))
    assert (answer.verdict, answer.bag, answer.detail) == ("ALREADY_BAGGED", BAG, BAG)
    assert house.scan(yt(3)).detail == "PSM01000009"


def test_a_sealed_parcel_goes_into_the_open_bag_once() -> None:
    house = packed()
    assert house.scan("PSCMDBAG").bag == BAG
    answer = house.scan(yt(1))
    assert (answer.verdict, answer.bag, answer.order) == ("BAGGED", BAG, "main/5771")
    assert said(house, yt(1)) == ("ALREADY_BAGGED", "in_a_bag", "IDLE")
    assert house.bags[BAG].parcels == 1


@pytest.mark.parametrize(
    ("state", "why_not", "verdict", "reason"),
    [
        (ParcelState.VERIFIED, None, "NOT_SEALED", "label_not_proved"),
        (ParcelState.LABELLED, None, "NOT_SEALED", "label_not_proved"),
        (ParcelState.RECALLED, None, "BAGGED", None),
        (ParcelState.HELD, None, "ON_HOLD", "held"),
        (ParcelState.HANDED_OVER, None, "ALREADY_HANDED_OVER", "handed_over"),
        (ParcelState.HANDED_OVER, WhyNot.CANCELLED, "ALREADY_HANDED_OVER", "handed_over"),
        (ParcelState.SEALED, WhyNot.CANCELLED, "CANCELLED", "cancelled"),
        (ParcelState.SEALED, WhyNot.CANCEL_REQUESTED, "ON_HOLD", "cancel_requested"),
        (ParcelState.SEALED, WhyNot.REFUNDED, "NOT_ELIGIBLE", "refunded"),
        (ParcelState.BAGGED, WhyNot.CANCELLED, "CANCELLED", "cancelled"),
        (ParcelState.SEALED, WhyNot.SHIPPED, "BAGGED", None),
    ],
)
def test_only_a_sealed_parcel_of_a_living_order_goes_into_a_bag(
    state: ParcelState, why_not: WhyNot | None, verdict: str, reason: str | None
) -> None:
    house = packed(0)
    set_state(house, 1, state, why_not=why_not)
    house.scan("PSCMDBAG")
    assert said(house, yt(1)) == (verdict, reason, "IDLE")


def test_a_parcel_without_a_carrier_or_number_is_not_bagged() -> None:
    house = packed(0)
    set_state(house, 1, ParcelState.SEALED, carrier=None)
    house.scan("PSCMDBAG")
    assert said(house, yt(1)) == ("NOT_SEALED", "label_not_proved", "IDLE")


def test_an_order_number_opens_its_order_although_a_bag_is_open() -> None:
    house = packed(1)
    house.scans("5772", "PSCMDPAUSE", "PSCMDBAG")
    set_state(house, 2, ParcelState.VERIFIED, tracking_number=None)
    assert said(house, "5772") == ("ORDER_OPENED", None, "SCANNING")
    house.scans("PSCMDPAUSE")
    set_state(house, 2, ParcelState.LABELLED)
    assert said(house, "5772") == ("ORDER_OPENED", None, "SCANNING")


def test_orders_are_packed_while_the_bag_stays_open() -> None:
    house = bagged(1)
    assert house.verdicts("5772", "A-02", yt(2), yt(2)) == [
        "ORDER_OPENED",
        "ORDER_COMPLETE",
        "SEALED",
        "BAGGED",
    ]
    assert house.bags[BAG].parcels == 2


@pytest.mark.parametrize(
    ("after_ms", "verdict"),
    [(100, "REPEATED_SCAN"), (499, "REPEATED_SCAN"), (500, "BAGGED"), (-300_000, "BAGGED")],
)
def test_the_trigger_that_sealed_does_not_also_bag(after_ms: int, verdict: str) -> None:
    house = packed(0)
    house.scans("PSCMDBAG", "5771", "A-01", yt(1))
    assert house.scan(yt(1), after_ms=after_ms).verdict == verdict


def test_a_bag_takes_parcels_of_its_first_carrier_only() -> None:
    house = bagged(1)
    set_state(house, 2, ParcelState.SEALED, carrier=EMS.code)
    assert said(house, yt(2)) == ("WRONG_CARRIER", "bag_of_another_carrier", "IDLE")
    house.scan("PSCMDUNDO")
    assert said(house, yt(2)) == ("BAGGED", None, "IDLE"), "an emptied bag is anybody's"


def test_undo_takes_parcels_out_one_by_one() -> None:
    house = bagged(1, 2)
    answer = house.scan("PSCMDUNDO")
    assert (answer.verdict, answer.order, answer.bag) == ("UNDONE", "main/5772", BAG)
    assert house.verdicts("PSCMDUNDO", "PSCMDUNDO") == ["UNDONE", "OUT_OF_PLACE"]
    assert house.bags[BAG].parcels == 0
    assert house.state(a_key("5771")) is ParcelState.SEALED


def test_a_sealed_bag_takes_no_more() -> None:
    house = bagged(1)
    assert house.scan("PSCMDSEAL").bag == BAG
    assert house.paper[-1] == PrintBagLabel(BAG)
    assert said(house, BAG) == ("BAG_IS_SEALED", "bag_sealed", "IDLE")
    assert said(house, "PSCMDUNDO") == ("OUT_OF_PLACE", "nothing_to_undo", "IDLE")


def test_an_empty_bag_is_not_sealed() -> None:
    house = packed(0)
    house.scan("PSCMDBAG")
    assert said(house, "PSCMDSEAL") == ("OUT_OF_PLACE", "bag_empty", "IDLE")


def test_the_code_of_an_open_bag_makes_it_the_current_one() -> None:
    house = bagged(1)
    assert house.scan("PSCMDBAG").bag == "PSBAG01000002"
    assert said(house, BAG) == ("BAG_OPENED", None, "IDLE")
    assert said(house, BAG.lower()) == ("REPEATED_SCAN", "bag_is_open", "IDLE")
    set_state(house, 2, ParcelState.SEALED)
    assert house.scan(yt(2)).bag == BAG
    assert house.bags[BAG].parcels == 2


def test_bag_and_manifest_numbers_name_the_station() -> None:
    house = House(rules=some_rules(station_number=7))
    assert house.scan("PSCMDBAG").bag == "PSBAG07000001"
    house.scan("PSCMDHANDOVER")
    assert facts.HandoverOpened("PSM07000001") in house.journal


# The handover.


def test_a_handover_counts_bags_and_closes_with_manifest_and_receipt() -> None:
    house = sealed(1, 2)
    assert said(house, "PSCMDHANDOVER") == ("HANDOVER_OPENED", None, "HANDOVER")
    answer = house.scan(BAG)
    assert (answer.verdict, answer.bag, answer.detail) == ("BAG_COUNTED", BAG, "2")
    answer = house.scan("PSCMDCLOSE")
    assert (answer.verdict, answer.manifest, answer.detail) == ("HANDED_OVER", "PSM01000001", "1/2")
    assert house.station.phase is Phase.IDLE
    assert house.paper[-1] == PrintReceipt("PSM01000001")
    assert house.state(a_key("5772")) is ParcelState.HANDED_OVER
    assert said(house, yt(1)) == ("ALREADY_HANDED_OVER", "handed_over", "IDLE")
    assert said(house, BAG) == ("ALREADY_HANDED_OVER", "handed_over", "IDLE")


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("PSBAG01000009", "UNKNOWN_CODE", "bag_not_known"),
        ("5774", "OUT_OF_PLACE", "bags_only"),
        ("nonsense", "OUT_OF_PLACE", "bags_only"),
        (yt(1), "ALREADY_BAGGED", "in_a_bag"),
        ("PSCMDBAG", "OUT_OF_PLACE", "handover_is_open"),
        ("PSCMDSEAL", "OUT_OF_PLACE", "handover_is_open"),
        ("PSCMDHANDOVER", "OUT_OF_PLACE", "handover_is_open"),
        ("PSCMDHOLD", "OUT_OF_PLACE", "no_order_open"),
        ("PSCMDREPRINT", "OUT_OF_PLACE", "no_order_open"),
        ("PSCMDCLOSE", "OUT_OF_PLACE", "nothing_counted"),
        ("PSCMDUNDO", "OUT_OF_PLACE", "nothing_to_undo"),
    ],
)
def test_at_a_handover_only_sealed_bags_are_counted(text: str, verdict: str, reason: str) -> None:
    house = sealed(1)
    house.scan("PSCMDHANDOVER")
    assert said(house, text) == (verdict, reason, "HANDOVER")


@pytest.mark.parametrize(
    ("state", "why_not", "verdict", "reason"),
    [
        (ParcelState.SEALED, None, "OUT_OF_PLACE", "bags_only"),
        (ParcelState.LABELLED, None, "NOT_SEALED", "label_not_proved"),
        (ParcelState.OPEN, None, "NOT_SEALED", "not_packed"),
        (ParcelState.HANDED_OVER, None, "ALREADY_HANDED_OVER", "handed_over"),
        (ParcelState.SEALED, WhyNot.CANCELLED, "CANCELLED", "cancelled"),
    ],
)
def test_a_bare_parcel_is_refused_by_name_at_a_handover(
    state: ParcelState, why_not: WhyNot | None, verdict: str, reason: str
) -> None:
    house = packed(0)
    set_state(house, 1, state, why_not=why_not)
    house.scan("PSCMDHANDOVER")
    assert said(house, yt(1)) == (verdict, reason, "HANDOVER")


def test_an_open_bag_is_not_handed_over() -> None:
    house = bagged(1)
    house.scan("PSCMDHANDOVER")
    assert said(house, BAG) == ("NOT_SEALED", "bag_not_sealed", "HANDOVER")


def test_a_bag_is_counted_once() -> None:
    house = sealed(1)
    house.scans("PSCMDHANDOVER", BAG)
    assert said(house, BAG) == ("REPEATED_SCAN", "bag_counted_already", "HANDOVER")


def test_a_bag_that_has_left_is_not_counted_again() -> None:
    house = sealed(1)
    house.scans("PSCMDHANDOVER", BAG, "PSCMDCLOSE", "PSCMDHANDOVER")
    assert said(house, BAG) == ("ALREADY_HANDED_OVER", "handed_over", "HANDOVER")


def test_bags_of_two_carriers_are_two_handovers() -> None:
    house = sealed(1)
    set_state(house, 2, ParcelState.SEALED, carrier=EMS.code)
    house.scans("PSCMDBAG", yt(2), "PSCMDSEAL", "PSCMDHANDOVER", BAG)
    other = "PSBAG01000002"
    assert said(house, other) == ("WRONG_CARRIER", "bag_of_another_carrier", "HANDOVER")
    assert house.verdicts("PSCMDUNDO", other) == ["UNDONE", "BAG_COUNTED"]


@pytest.mark.parametrize(
    ("why_not", "verdict", "reason"),
    [
        (WhyNot.CANCELLED, "CANCELLED", "parcel_cancelled_in_bag"),
        (WhyNot.CANCEL_REQUESTED, "ON_HOLD", "parcel_held_in_bag"),
        (WhyNot.REFUNDED, "NOT_ELIGIBLE", "parcel_held_in_bag"),
    ],
)
def test_a_bag_with_a_stopped_parcel_is_neither_counted_nor_closed(
    why_not: WhyNot, verdict: str, reason: str
) -> None:
    house = sealed(1)
    house.scans("PSCMDHANDOVER", BAG)
    house.orders[a_key("5771")] = replace(ORDERS[0], why_not=why_not)
    assert said(house, "PSCMDCLOSE") == (verdict, reason, "HANDOVER")
    house.scans("PSCMDOK", "PSCMDUNDO")
    answer = house.scan(BAG)
    assert (answer.verdict, answer.reason, answer.order) == (verdict, reason, "main/5771")
    house.scan("PSCMDOK")
    assert house.verdicts("PSCMDPAUSE") == ["PAUSED"]
    assert house.manifests == {}


def test_a_handover_whose_count_is_not_the_stores_count_is_not_closed() -> None:
    house = sealed(1, 2)
    house.scans("PSCMDHANDOVER", BAG)
    house.parcels.pop(a_key("5772"))
    assert said(house, "PSCMDCLOSE") == ("NOT_ELIGIBLE", "count_differs", "HANDOVER")
    assert house.verdicts("PSCMDUNDO") == ["UNDONE"]


def test_a_paused_handover_goes_on_with_its_count() -> None:
    house = sealed(1)
    house.scans("PSCMDHANDOVER", BAG)
    assert said(house, "PSCMDPAUSE") == ("PAUSED", None, "IDLE")
    assert house.verdicts("5774", "A-04", "PSCMDPAUSE", "PSCMDHANDOVER") == [
        "ORDER_OPENED",
        "ORDER_COMPLETE",
        "PAUSED",
        "HANDOVER_OPENED",
    ]
    assert said(house, BAG)[0] == "REPEATED_SCAN"
    assert house.scan("PSCMDUNDO").bag == BAG
    assert house.verdicts(BAG, "PSCMDCLOSE") == ["BAG_COUNTED", "HANDED_OVER"]


def test_a_check_of_another_handover_closes_nothing() -> None:
    house = sealed(1)
    house.scans("PSCMDHANDOVER", BAG)
    before = house.station
    house.feed(HandoverChecked(a_scan("PSCMDCLOSE"), "PSM01000001", None, 1))
    assert house.station == before, "nobody asked"
    house.station = replace(before, waiting=Waiting.CLOSE)
    house.feed(HandoverChecked(a_scan("PSCMDCLOSE"), "PSM99000001", None, 1))
    assert house.manifests == {}
    assert house.bags[BAG].state is BagState.SEALED


def test_an_answer_to_no_look_up_changes_nothing() -> None:
    house = packed(0)
    house.feed(CodeFound(a_scan("5771"), (a_key("5771"),)))
    assert house.station.phase is Phase.IDLE
