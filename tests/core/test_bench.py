"""Opening an order, scanning its units, and the commands of the bench."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core import facts
from packstation.core.events import CodeFound, LabelFinished, OrderChanged
from packstation.core.orders import LineKey, Recipient, WhyNot
from packstation.core.parcels import Parcel, copy_code
from packstation.core.status import ParcelState, Phase, PrintOutcome, Reason, Verdict
from packstation.core.verification import ScanStep
from tests.builders import (
    a_code,
    a_key,
    a_line,
    a_scan,
    an_external_order,
    an_order,
    stopped,
    yt,
)
from tests.core.house import House

EAN = "6901234567892"
TWO_LINES = an_order("5771", a_line("A-01", 2), a_line("B-02"))
NEIGHBOUR = an_order("5772", a_line("Z-99", 3))


def a_house(**more: object) -> House:
    house = House(TWO_LINES, NEIGHBOUR, codes=(a_code(EAN, "A-01"), a_code("Z-EAN", "Z-99")))
    for name, value in more.items():
        setattr(house, name, value)
    return house


def said(house: House, text: str) -> tuple[str, str | None, str]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value, house.station.phase.value


def test_an_order_number_opens_its_order() -> None:
    house = a_house()
    answer = house.scan("5771")
    assert (answer.verdict, answer.order, answer.missing) == ("ORDER_OPENED", "main/5771", 3)


def test_the_answer_speaks_of_the_line_just_touched() -> None:
    house = a_house()
    house.scan("5771")
    answer = house.scan(EAN)
    assert (answer.sku, answer.needed, answer.scanned, answer.missing) == ("A-01", 2, 1, 2)


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("Z-EAN", "WRONG_ITEM", "not_in_order"),
        ("Z-99", "WRONG_ITEM", "not_in_order"),
        (EAN[:-1], "UNKNOWN_CODE", "not_known"),
        (EAN[1:], "UNKNOWN_CODE", "not_known"),
        ("rubbish", "UNKNOWN_CODE", "not_known"),
        ("a\x02b", "UNKNOWN_CODE", "unreadable"),
        ("", "UNKNOWN_CODE", "unreadable"),
        ("5771", "REPEATED_SCAN", "order_is_open"),
        ("5772", "OUT_OF_PLACE", "another_order_open"),
        ("YT0000000000042", "IS_A_WAYBILL", "fits_a_carrier"),
        (yt(1), "IS_A_WAYBILL", "belongs_to_a_parcel"),
        ("PSBAG01000001", "OUT_OF_PLACE", "order_is_open"),
        ("PSCMDBAG", "OUT_OF_PLACE", "order_is_open"),
        ("PSCMDSEAL", "OUT_OF_PLACE", "order_is_open"),
        ("PSCMDHANDOVER", "OUT_OF_PLACE", "order_is_open"),
        ("PSCMDCLOSE", "OUT_OF_PLACE", "no_handover_open"),
        ("PSCMDREPRINT", "OUT_OF_PLACE", "not_complete"),
        ("PSCMDUNDO", "OUT_OF_PLACE", "nothing_to_undo"),
        ("PSCMDOK", "OUT_OF_PLACE", "nothing_to_acknowledge"),
        ("PSTRAY", "OUT_OF_PLACE", "nothing_to_set_aside"),
        ("PSCMDNEWBOX", "OUT_OF_PLACE", "not_available"),
        ("PSCMDVOID", "OUT_OF_PLACE", "not_available"),
        ("PSCMDDONE", "OUT_OF_PLACE", "not_available"),
        ("PSCMDX", "UNKNOWN_CODE", "unknown_command"),
        ("PSCMDO", "UNKNOWN_CODE", "unknown_command"),
        ("PSOPR07", "OUT_OF_PLACE", "not_available"),
        ("PSTOTE12", "OUT_OF_PLACE", "not_available"),
        ("PSBIN01", "OUT_OF_PLACE", "not_available"),
    ],
)
def test_what_does_not_belong_to_the_open_order_counts_nothing(
    text: str, verdict: str, reason: str
) -> None:
    house = a_house()
    house.scan("5771")
    assert said(house, text) == (verdict, reason, "SCANNING")
    assert house.station.session is not None
    assert house.station.session.missing == 3


def test_a_bag_code_met_through_a_look_up_is_out_of_place_too() -> None:
    house = a_house()
    house.scans("PSCMDBAG", "5771")
    found = CodeFound(a_scan("X-1"), bag=house.bags["PSBAG01000001"])
    answer = via_look_up(house, "X-1", found)
    assert answer == ("OUT_OF_PLACE", "order_is_open")


def via_look_up(house: House, text: str, found: CodeFound) -> tuple[str, str | None]:
    house._find = lambda scan, *_: replace(found, scan=scan)  # type: ignore[method-assign] # a store's odd answer
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value


def test_a_wrong_item_names_the_product_that_it_is() -> None:
    house = a_house()
    house.scan("5771")
    assert house.scan("Z-EAN").sku == "Z-99"


def test_a_wrong_or_surplus_item_may_be_followed_at_once_by_the_right_one() -> None:
    house = a_house()
    assert house.verdicts("5771", "Z-EAN", EAN, EAN, EAN, "B-02") == [
        "ORDER_OPENED",
        "WRONG_ITEM",
        "MATCH",
        "LINE_COMPLETE",
        "OVER_QUANTITY",
        "ORDER_COMPLETE",
    ]


@pytest.mark.parametrize(
    ("code", "verdict"), [("PSCMDOK", "ACKNOWLEDGED"), ("PSTRAY", "SET_ASIDE")]
)
def test_a_stop_that_was_only_shown_may_be_acknowledged_once(code: str, verdict: str) -> None:
    house = a_house()
    house.scans("5771", "Z-EAN")
    assert house.verdicts(code, code, code) == [verdict, "OUT_OF_PLACE", "OUT_OF_PLACE"]


def test_a_code_put_right_counts_with_a_hint() -> None:
    house = a_house()
    house.scan("5771")
    answer = house.scan("b-02")
    assert (answer.verdict, answer.repaired) == ("LINE_COMPLETE", True)


def test_a_code_is_not_put_right_when_another_product_has_that_very_text() -> None:
    house = House(an_order("5771", a_line("A-01", 2)), codes=(a_code("a-01", "OTHER"),))
    house.scan("5771")
    assert said(house, "a-01") == ("WRONG_ITEM", "not_in_order", "SCANNING")


def test_a_code_put_right_is_refused_like_any_other_when_the_line_is_full() -> None:
    house = House(an_order("5771", a_line("A-01", 1), a_line("B-02")))
    house.scans("5771", "A-01")
    assert said(house, "a-01") == ("OVER_QUANTITY", "line_full", "SCANNING")


def test_a_code_put_right_that_fits_two_products_is_ambiguous() -> None:
    house = House(an_order("5771", a_line("ab-1"), a_line("AB-1")))
    house.scan("5771")
    assert said(house, "Ab-1") == ("AMBIGUOUS_CODE", "several_products", "SCANNING")


def test_a_message_must_be_acknowledged_before_the_first_item() -> None:
    house = a_house(messages={a_key(): ("please wrap as a gift",)})
    assert house.scan("5771").messages == ("please wrap as a gift",)
    assert said(house, EAN) == ("NOT_NOW", "acknowledge_message", "SCANNING")
    assert house.verdicts("PSCMDOK", EAN) == ["ACKNOWLEDGED", "MATCH"]


def test_the_tray_does_not_acknowledge_a_message() -> None:
    house = a_house(messages={a_key(): ("please wrap as a gift",)})
    house.scans("5771", "PSCMDUNDO", "PSTRAY")
    assert said(house, EAN) == ("NOT_NOW", "acknowledge_message", "SCANNING")


def test_a_message_is_not_shown_twice_for_an_order_that_was_begun() -> None:
    house = a_house(messages={a_key(): ("please wrap as a gift",)})
    house.scans("5771", "PSCMDOK", EAN, "PSCMDPAUSE")
    assert house.verdicts("5771", EAN) == ["ORDER_OPENED", "LINE_COMPLETE"]


@pytest.mark.parametrize("why_not", list(WhyNot))
def test_an_order_that_may_not_go_is_not_opened(why_not: WhyNot) -> None:
    house = House(an_order(why_not=why_not))
    verdict, reason, phase = said(house, "5771")
    assert (reason, phase) == (why_not.value, "IDLE")
    acknowledged = verdict in ("CANCELLED", "ON_HOLD")
    assert said(house, "5771")[0] == ("NOT_NOW" if acknowledged else "NOT_ELIGIBLE")
    if acknowledged:
        assert house.verdicts("PSCMDOK") == ["ACKNOWLEDGED"]


def test_an_order_without_a_full_recipient_is_not_opened() -> None:
    house = House(an_order(recipient=Recipient.MASKED))
    assert said(house, "5771") == ("NOT_ELIGIBLE", "masked_recipient", "IDLE")


def test_an_order_that_has_its_number_needs_no_other() -> None:
    house = House(TWO_LINES, numbers=1)
    house.printer = lambda _: PrintOutcome.FAILED
    house.scans("5771", "A-01", "A-01", "B-02", "PSCMDUNDO", "PSCMDPAUSE")
    assert house.numbers == []
    assert said(house, "5771") == ("ORDER_OPENED", None, "SCANNING")


@pytest.mark.parametrize(
    ("state", "verdict", "reason"),
    [
        (ParcelState.HELD, "ON_HOLD", "held"),
        (ParcelState.SEALED, "ALREADY_SEALED", "sealed_not_bagged"),
        (ParcelState.BAGGED, "ALREADY_BAGGED", "in_a_bag"),
        (ParcelState.HANDED_OVER, "ALREADY_HANDED_OVER", "handed_over"),
        (ParcelState.RECALLED, "ALREADY_SEALED", "sealed_not_bagged"),
    ],
)
@pytest.mark.parametrize("bag_open", [False, True])
def test_an_order_whose_parcel_has_left_the_table_is_not_opened_again(
    state: ParcelState, verdict: str, reason: str, bag_open: bool
) -> None:
    house = a_house()
    if bag_open:
        house.scan("PSCMDBAG")
    house.parcels[a_key()] = Parcel(a_key(), state, yt(9), TWO_LINES.carrier, manifest="PSM1")
    assert said(house, "5771") == (verdict, reason, "IDLE")


@pytest.mark.parametrize(
    ("state", "verdict", "reason"),
    [
        (ParcelState.SEALED, "ALREADY_SEALED", "sealed_not_bagged"),
        (ParcelState.BAGGED, "ALREADY_BAGGED", "in_a_bag"),
        (ParcelState.HANDED_OVER, "ALREADY_HANDED_OVER", "handed_over"),
    ],
)
def test_a_look_up_that_missed_the_parcel_opens_no_closed_order(
    state: ParcelState, verdict: str, reason: str
) -> None:
    house = a_house()
    house.parcels[a_key()] = Parcel(a_key(), state, yt(9), TWO_LINES.carrier)
    found = CodeFound(a_scan("5771"), (a_key(),))
    assert via_look_up(house, "5771", found) == (verdict, reason)
    assert house.station.phase is Phase.IDLE


def test_a_platform_that_says_shipped_does_not_hide_where_the_parcel_is() -> None:
    house = House(an_order(why_not=WhyNot.SHIPPED))
    house.parcels[a_key()] = Parcel(a_key(), ParcelState.SEALED, yt(9), TWO_LINES.carrier)
    assert said(house, "5771") == ("ALREADY_SEALED", "sealed_not_bagged", "IDLE")


def test_a_paused_order_comes_back_with_its_counts() -> None:
    house = a_house()
    house.scans("5771", EAN)
    assert said(house, "PSCMDPAUSE") == ("PAUSED", None, "PAUSED")
    assert said(house, "5772") == ("ORDER_OPENED", None, "SCANNING")
    assert said(house, "PSCMDPAUSE") == ("PAUSED", None, "PAUSED")
    assert house.scan("5771").missing == 2


def test_paused_is_as_idle() -> None:
    house = a_house()
    house.scans("5771", "PSCMDPAUSE")
    assert said(house, "nonsense") == ("ORDER_NOT_FOUND", "not_known", "PAUSED")
    assert said(house, EAN) == ("OUT_OF_PLACE", "no_order_open", "PAUSED")
    assert said(house, "PSCMDHANDOVER") == ("HANDOVER_OPENED", None, "HANDOVER")


def test_counts_that_cannot_be_of_the_order_are_dropped_when_it_opens() -> None:
    house = a_house(history={a_key(): (ScanStep(((LineKey("gone"), 3),)),)})
    assert house.scan("5771").missing == 3
    assert facts.CountsDropped(a_key()) in house.journal


def test_undo_takes_back_scan_after_scan_until_nothing_is_left() -> None:
    house = a_house()
    house.scans("5771", EAN, "B-02", "Z-EAN")
    answer = house.scan("PSCMDUNDO")
    assert (answer.verdict, answer.sku, answer.scanned, answer.missing) == ("UNDONE", "B-02", 0, 2)
    assert house.verdicts("PSCMDUNDO", "PSCMDUNDO") == ["UNDONE", "OUT_OF_PLACE"]
    assert house.units_of(a_key()) == {}


def test_a_hold_takes_the_order_off_the_table_and_undo_releases_it() -> None:
    house = a_house()
    house.scans("5771", EAN)
    assert said(house, "PSCMDHOLD") == ("HELD", None, "IDLE")
    assert said(house, "5771") == ("ON_HOLD", "held", "IDLE")
    house.scan("PSCMDOK")
    answer = house.scan("PSCMDUNDO")
    assert (answer.verdict, answer.order) == ("UNDONE", "main/5771")
    assert house.scan("5771").missing == 2


@pytest.mark.parametrize("phase", ["SCANNING", "LABELLING", "CONFIRMING"])
@pytest.mark.parametrize(
    ("why_not", "verdict", "reason"),
    [
        (WhyNot.CANCELLED, "CANCELLED", "cancelled"),
        (WhyNot.CANCEL_REQUESTED, "ON_HOLD", "cancel_requested"),
        (WhyNot.REFUNDED, "NOT_ELIGIBLE", "refunded"),
        (None, "NOT_ELIGIBLE", "order_changed"),
    ],
)
def test_an_order_that_changes_on_the_table_stops_at_the_very_next_scan(
    phase: str, why_not: WhyNot | None, verdict: str, reason: str
) -> None:
    house = a_house()
    house.printer = lambda _: (
        PrintOutcome.FAILED if phase == "LABELLING" else PrintOutcome.CONFIRMED
    )
    house.scans("5771", EAN, EAN)
    if phase != "SCANNING":
        house.scan("B-02")
    house.change(stopped(TWO_LINES, why_not))
    assert house.told[-1].verdict == verdict
    right = {"SCANNING": "B-02"}.get(phase, yt(1))
    assert said(house, right) == (verdict, reason, phase)
    assert said(house, right) == ("NOT_NOW", "acknowledge_stop", phase)
    assert said(house, "PSCMDPAUSE") == ("NOT_NOW", "acknowledge_stop", phase)
    if why_not is None:
        assert said(house, "PSCMDOK") == ("ORDER_OPENED", None, "SCANNING")
        assert house.station.session is not None
        assert house.station.session.missing == 3
    else:
        assert said(house, "PSTRAY") == ("SET_ASIDE", None, "IDLE")
        assert house.station.order_key is None
    assert facts.ParcelSealed not in map(type, house.journal)


def test_even_an_unreadable_scan_is_told_of_a_cancelled_order() -> None:
    house = a_house()
    house.scan("5771")
    house.change(stopped(TWO_LINES, WhyNot.CANCELLED))
    assert said(house, "\x00") == ("CANCELLED", "cancelled", "SCANNING")


def test_a_cancellation_that_comes_during_a_look_up_goes_first() -> None:
    house = a_house()
    house.scan("5771")
    house.before_found = lambda: house.change(stopped(TWO_LINES, WhyNot.CANCELLED))
    assert said(house, "b-02") == ("CANCELLED", "cancelled", "SCANNING")
    assert house.station.stop is not None
    assert house.station.stop.told


def test_news_of_another_order_and_no_news_change_nothing() -> None:
    house = a_house()
    house.scan("5771")
    before = house.station
    house.change(stopped(NEIGHBOUR, WhyNot.CANCELLED))
    house.feed(OrderChanged(a_key(), TWO_LINES.order_id, TWO_LINES.version, None))
    assert house.station == before


def test_a_cancelled_order_gets_no_label_from_a_job_already_asked_for() -> None:
    house = a_house()
    house.scans("5771", EAN, EAN)
    request = house._request

    def cancel_meanwhile(fact: facts.LabelRequested) -> object:
        queued = request(fact)
        house.feed(OrderChanged(a_key(), TWO_LINES.order_id, 2, WhyNot.CANCELLED))
        return queued

    house._request = cancel_meanwhile  # type: ignore[assignment,method-assign] # the import comes first
    house.scan("B-02")
    assert house.paper == []
    assert said(house, yt(1)) == ("CANCELLED", "cancelled", "LABELLING")
    assert said(house, "PSCMDOK") == ("ACKNOWLEDGED", None, "IDLE")


def test_a_changed_order_is_verified_anew_and_its_label_is_a_copy() -> None:
    house = a_house()
    house.scans("5771", EAN, EAN, "B-02")
    house.change(stopped(TWO_LINES, None))
    house.scans(yt(1), "PSCMDOK", EAN, EAN)
    assert house.verdicts("PSCMDUNDO", EAN, "B-02") == ["UNDONE", "LINE_COMPLETE", "ORDER_COMPLETE"]
    assert house.labels_on_paper(a_key()) == [1, 2]
    assert house.verdicts(yt(1), copy_code("job-2")) == ["OLD_LABEL", "SEALED"]


def test_a_late_word_of_a_print_job_does_not_move_an_order_that_is_scanned_again() -> None:
    house = a_house()
    house.printer = lambda _: PrintOutcome.FAILED
    house.scans("5771", EAN, EAN, "B-02", "PSCMDUNDO")
    house.feed(LabelFinished(a_key(), "job-1", PrintOutcome.SENT))
    assert house.station.phase is Phase.SCANNING


def test_an_external_order_named_by_its_file_number_is_a_waybill_while_scanning() -> None:
    house = House(an_external_order(tracking_number="YT0000000000077"))
    house.scan("8001")
    assert said(house, "YT0000000000077") == ("IS_A_WAYBILL", "belongs_to_a_parcel", "SCANNING")


def test_every_refusal_is_on_record() -> None:
    house = a_house()
    house.scans("5771", "Z-EAN")
    fact = facts.ScanRefused(Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER, a_key(), "Z-EAN")
    assert house.journal[-1] == fact
