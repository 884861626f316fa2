"""Printing the label, proving it by its scan, printing it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core import facts
from packstation.core.effects import PrintLabel
from packstation.core.events import LabelFinished, LabelQueued, LabelRefused
from packstation.core.orders import TrackingNumber, WhyNot
from packstation.core.parcels import Label, Parcel
from packstation.core.policy import ShopRules
from packstation.core.station import Waiting
from packstation.core.status import LabelSource, ParcelState, Phase, PrintOutcome, Reason, Verdict
from tests.builders import (
    ELSEWHERE,
    MAIN,
    ZTO,
    a_code,
    a_key,
    a_line,
    an_external_order,
    an_order,
    some_rules,
    stopped,
    yt,
)
from tests.core.house import House

ORDER = an_order("5771", a_line("A-01"))
EXTERNAL = a_key("8001", "elsewhere")
FOREIGN = "YT1234567890123"


def complete(outcome: PrintOutcome = PrintOutcome.CONFIRMED, numbers: int = 9) -> House:
    house = House(ORDER, an_order("5772", a_line("Z-99")), numbers=numbers)
    house.printer = lambda _: outcome
    house.scans("5771", "A-01")
    return house


def elsewhere(**more: object) -> House:
    order = an_external_order("8001", a_line("C-03"), **more)
    house = House(order, ORDER, codes=(a_code("4006381333931", "GOODS"),))
    house.scans("8001", "C-03")
    return house


def said(house: House, text: str) -> tuple[str, str | None, str]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value, house.station.phase.value


@pytest.mark.parametrize("outcome", [PrintOutcome.CONFIRMED, PrintOutcome.SENT])
def test_a_printed_label_waits_for_its_scan(outcome: PrintOutcome) -> None:
    house = complete(outcome)
    assert house.station.phase is Phase.CONFIRMING
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")
    assert house.state(a_key()) is ParcelState.SEALED


@pytest.mark.parametrize(
    "text", ["yt7700000000001", "ＹＴ７７００００００００００１", " YT7700000000001"]
)
def test_letters_of_a_label_are_put_right_with_a_hint(text: str) -> None:
    answer = complete().scan(text)
    assert (answer.verdict, answer.repaired) == ("SEALED", text.strip() != yt(1))


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        (yt(2), "WRONG_LABEL", "other_parcel_has_it"),
        (FOREIGN, "WRONG_LABEL", "not_this_parcel"),
        (yt(1)[:-1], "WRONG_LABEL", "not_this_parcel"),
        (yt(1)[1:], "WRONG_LABEL", "not_this_parcel"),
        ("5772", "WRONG_LABEL", "other_parcel_has_it"),
        ("A-01", "OVER_QUANTITY", "line_full"),
        ("Z-99", "WRONG_ITEM", "not_in_order"),
        ("5771", "REPEATED_SCAN", "order_is_open"),
        ("PSBAG01000001", "OUT_OF_PLACE", "order_is_open"),
    ],
)
def test_only_the_very_label_seals(text: str, verdict: str, reason: str) -> None:
    house = complete()
    assert said(house, text) == (verdict, reason, "CONFIRMING")
    assert house.state(a_key()) is ParcelState.LABELLED


def test_a_wrong_label_must_be_acknowledged() -> None:
    house = complete()
    assert house.verdicts(FOREIGN, yt(1), "PSCMDOK", yt(1)) == [
        "WRONG_LABEL",
        "NOT_NOW",
        "ACKNOWLEDGED",
        "SEALED",
    ]


def test_a_label_that_failed_seals_nothing_until_it_is_printed() -> None:
    house = complete(PrintOutcome.FAILED)
    told = house.told[-1]
    assert (told.verdict, told.reason) == ("LABEL_FAILED", "label_not_out")
    assert said(house, yt(1)) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    house.printer = lambda _: PrintOutcome.CONFIRMED
    assert said(house, "PSCMDREPRINT") == ("REPRINTED", None, "CONFIRMING")
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")
    assert [x.copy for x in house.labels[a_key()]] == [1, 1], "no byte of the first had left"


def test_an_unknown_label_is_settled_by_its_scan() -> None:
    house = complete(PrintOutcome.UNKNOWN)
    assert house.told[-1].reason == "label_unknown"
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (PrintOutcome.UNKNOWN, "operator_found_no_label"),
        (PrintOutcome.SENT, "operator_asked"),
        (PrintOutcome.FAILED, "nothing_came_out"),
    ],
)
def test_there_is_one_original_and_every_copy_has_its_reason(
    outcome: PrintOutcome, why: str
) -> None:
    house = complete(outcome)
    house.scans("PSCMDREPRINT", "PSCMDREPRINT")
    asked = [f for f in house.journal if isinstance(f, facts.LabelRequested)]
    assert [f.reason for f in asked] == ["verified", why, why]
    copies = [f.copy for f in asked]
    assert copies == ([1, 1, 1] if outcome is PrintOutcome.FAILED else [1, 2, 3])
    assert {x.tracking_number for x in house.labels[a_key()]} == {yt(1)}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (PrintOutcome.CONFIRMED, "label_printed"),
        (PrintOutcome.SENT, "label_printed"),
        (PrintOutcome.UNKNOWN, "label_unknown"),
    ],
)
def test_units_are_not_taken_back_once_a_label_may_be_on_the_box(
    outcome: PrintOutcome, reason: str
) -> None:
    house = complete(outcome)
    assert said(house, "PSCMDUNDO")[:2] == ("OUT_OF_PLACE", reason)


def test_units_are_taken_back_when_no_label_came_out() -> None:
    house = complete(PrintOutcome.FAILED)
    assert said(house, "PSCMDUNDO") == ("UNDONE", None, "SCANNING")
    house.printer = lambda _: PrintOutcome.SENT
    assert house.verdicts("A-01", yt(1)) == ["ORDER_COMPLETE", "SEALED"]
    assert house.labels_on_paper(a_key()) == [1]


def test_a_failed_copy_does_not_hide_the_original_on_the_box() -> None:
    house = complete(PrintOutcome.SENT)
    house.printer = lambda _: PrintOutcome.FAILED
    house.scan("PSCMDREPRINT")
    assert said(house, "PSCMDUNDO") == ("OUT_OF_PLACE", "label_printed", "LABELLING")
    house.printer = lambda _: PrintOutcome.SENT
    house.scan("PSCMDREPRINT")
    assert house.labels_on_paper(a_key()) == [1, 2]


def test_an_empty_number_block_leaves_the_order_waiting_for_numbers() -> None:
    house = House(ORDER, numbers=1)
    house.scan("5771")
    house.numbers.clear()
    house.scan("A-01")
    assert house.told[-1].reason == "no_number_left"
    assert said(house, yt(1)) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    house.numbers.append(yt(7))
    assert house.verdicts("PSCMDREPRINT", yt(7)) == ["REPRINTED", "SEALED"]
    asked = [f.reason for f in house.journal if isinstance(f, facts.LabelRequested)]
    assert asked == ["verified", "no_label_yet"]


def test_a_label_refused_for_a_cancelled_order_must_be_acknowledged() -> None:
    house = House(ORDER)
    house.scan("5771")
    house.orders[a_key()] = stopped(ORDER, WhyNot.CANCELLED)
    house.scan("A-01")
    assert house.paper == []
    assert house.told[-1].verdict == "CANCELLED"
    assert said(house, "PSCMDPAUSE") == ("NOT_NOW", "acknowledge_stop", "LABELLING")
    assert house.verdicts("PSCMDOK", "PSCMDPAUSE") == ["ACKNOWLEDGED", "PAUSED"]


def test_a_paused_complete_order_comes_back_to_its_label() -> None:
    house = complete()
    house.scan("PSCMDPAUSE")
    assert said(house, "5771") == ("ORDER_OPENED", None, "CONFIRMING")
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_a_tracking_number_opens_its_own_order_again() -> None:
    house = complete()
    house.scan("PSCMDPAUSE")
    assert said(house, yt(1)) == ("ORDER_OPENED", None, "CONFIRMING")


@pytest.mark.parametrize("outcome", [PrintOutcome.FAILED, PrintOutcome.UNKNOWN])
def test_a_paused_order_comes_back_to_its_unprinted_label(outcome: PrintOutcome) -> None:
    house = complete(outcome)
    house.scan("PSCMDPAUSE")
    assert said(house, "5771") == ("ORDER_OPENED", None, "LABELLING")


def test_a_label_that_waits_in_the_queue_is_printed_when_its_order_comes_back() -> None:
    house = complete(PrintOutcome.FAILED)
    house.scan("PSCMDPAUSE")
    house.labels[a_key()] = [replace(house.labels[a_key()][0], outcome=PrintOutcome.QUEUED)]
    house.printer = lambda _: PrintOutcome.SENT
    assert said(house, "5771") == ("ORDER_OPENED", None, "CONFIRMING")
    assert len(house.paper) == 2


def test_a_complete_order_without_a_label_asks_for_one_when_it_comes_back() -> None:
    house = House(ORDER, numbers=1)
    house.scan("5771")
    house.numbers.clear()
    house.scans("A-01", "PSCMDPAUSE")
    house.numbers.append(yt(3))
    assert said(house, "5771") == ("ORDER_OPENED", None, "CONFIRMING")


# Labels that were printed elsewhere.


def test_a_label_from_elsewhere_is_proved_against_the_number_of_the_file() -> None:
    house = elsewhere(tracking_number=TrackingNumber(FOREIGN))
    assert house.station.phase is Phase.CONFIRMING
    assert house.paper == []
    assert said(house, "YT9999999999999") == ("WRONG_LABEL", "not_this_parcel", "CONFIRMING")
    assert house.verdicts("PSCMDOK", FOREIGN) == ["ACKNOWLEDGED", "SEALED"]
    sealed = [f for f in house.journal if isinstance(f, facts.ParcelSealed)]
    assert [(f.tracking_number, f.source) for f in sealed] == [(FOREIGN, LabelSource.EXTERNAL)]


def test_a_number_of_the_file_that_is_on_another_parcel_seals_nothing() -> None:
    house = elsewhere(tracking_number=TrackingNumber(FOREIGN))
    taken = Parcel(a_key(), ParcelState.SEALED, TrackingNumber(FOREIGN), ORDER.carrier)
    house.parcels[a_key()] = taken
    assert said(house, FOREIGN) == ("WRONG_LABEL", "other_parcel_has_it", "CONFIRMING")


def test_a_label_from_elsewhere_binds_a_number_that_fits_the_carrier() -> None:
    house = elsewhere()
    assert said(house, FOREIGN.lower()) == ("SEALED", None, "IDLE")
    assert house.number_of(EXTERNAL) == FOREIGN


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        (FOREIGN[:-1], "WRONG_LABEL", "does_not_fit_carrier"),
        (FOREIGN[1:], "WRONG_LABEL", "does_not_fit_carrier"),
        ("444003077898", "WRONG_LABEL", "does_not_fit_carrier"),
        ("ＹＴ１２３４５６７８９０１２３", "WRONG_LABEL", "does_not_fit_carrier"),
        (yt(1), "WRONG_LABEL", "other_parcel_has_it"),
        ("5771", "WRONG_LABEL", "other_parcel_has_it"),
        ("4006381333931", "WRONG_ITEM", "not_in_order"),
        ("C-03", "OVER_QUANTITY", "line_full"),
        ("8001", "REPEATED_SCAN", "order_is_open"),
    ],
)
def test_nothing_else_is_bound_as_a_label(text: str, verdict: str, reason: str) -> None:
    house = elsewhere()
    assert said(house, text) == (verdict, reason, "CONFIRMING")


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("6901234567892", "WRONG_LABEL", "product_not_label"),
        ("2000000000015", "WRONG_LABEL", "product_not_label"),
        ("6901234567893", "SEALED", None),  # no EAN: its check digit is wrong
        ("7500000000001", "SEALED", None),
    ],
)
def test_goods_are_not_bound_as_a_label_of_bare_digits(
    text: str, verdict: str, reason: str | None
) -> None:
    assert said(elsewhere(carrier=ZTO.code), text)[:2] == (verdict, reason)


def test_units_of_an_external_order_are_taken_back_before_its_label() -> None:
    assert said(elsewhere(), "PSCMDUNDO") == ("UNDONE", None, "SCANNING")


def test_there_is_nothing_to_print_for_a_label_from_elsewhere() -> None:
    assert said(elsewhere(), "PSCMDREPRINT") == ("OUT_OF_PLACE", "nothing_to_print", "CONFIRMING")


def test_a_paused_external_order_comes_back_to_its_label() -> None:
    house = elsewhere()
    house.scan("PSCMDPAUSE")
    assert said(house, "8001") == ("ORDER_OPENED", None, "CONFIRMING")


def test_a_cancellation_that_comes_while_a_number_is_looked_up_seals_nothing() -> None:
    house = elsewhere()
    order = house.orders[EXTERNAL]
    house.before_found = lambda: house.change(stopped(order, WhyNot.CANCELLED))
    assert said(house, FOREIGN) == ("CANCELLED", "cancelled", "CONFIRMING")
    assert house.verdicts("PSCMDOK") == ["ACKNOWLEDGED"]
    assert house.state(EXTERNAL) is ParcelState.VERIFIED


# Settings that change while an order is open.


def test_a_carrier_taken_out_of_the_settings_stops_label_and_seal_but_loses_no_count() -> None:
    house = House(replace(ORDER, carrier=None))
    house.rules = some_rules(shops={MAIN: ShopRules(carrier=ZTO.code)})
    house.scan("5771")
    house.rules = some_rules()
    assert said(house, "A-01") == ("ORDER_COMPLETE", None, "LABELLING")
    assert said(house, "PSCMDREPRINT") == ("NOT_ELIGIBLE", "no_carrier", "LABELLING")
    house.rules = some_rules(shops={MAIN: ShopRules(carrier=ZTO.code)})
    assert said(house, "PSCMDREPRINT") == ("REPRINTED", None, "CONFIRMING")
    house.rules = some_rules()
    assert said(house, yt(1)) == ("NOT_ELIGIBLE", "no_carrier", "CONFIRMING")


def test_an_external_number_is_not_bound_without_a_carrier() -> None:
    house = elsewhere(carrier=None)
    house.rules = some_rules(shops={ELSEWHERE: ShopRules(LabelSource.EXTERNAL)})
    assert said(house, FOREIGN) == ("WRONG_LABEL", "does_not_fit_carrier", "CONFIRMING")


def test_a_label_that_we_printed_is_the_label_whatever_the_setting_says_now() -> None:
    house = complete()
    house.rules = some_rules(shops={MAIN: ShopRules(LabelSource.EXTERNAL)})
    assert said(house, FOREIGN) == ("WRONG_LABEL", "not_this_parcel", "CONFIRMING")
    assert house.verdicts("PSCMDOK", yt(1)) == ["ACKNOWLEDGED", "SEALED"]


def test_an_order_whose_label_never_came_out_may_be_labelled_elsewhere_after_all() -> None:
    house = complete(PrintOutcome.FAILED)
    house.rules = some_rules(shops={MAIN: ShopRules(LabelSource.EXTERNAL)})
    assert said(house, FOREIGN) == ("SEALED", None, "IDLE")


# Words that come out of place.


def test_words_about_labels_that_nobody_waits_for_change_nothing() -> None:
    house = complete()
    before, paper = house.station, list(house.paper)
    house.feed(LabelQueued(a_key(), "job-1", yt(1), 1))
    house.feed(LabelQueued(a_key("5772"), "job-9", yt(9), 1))
    house.feed(LabelRefused(a_key(), Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT))
    house.feed(LabelFinished(a_key(), "job-1", PrintOutcome.FAILED))
    assert house.station == before
    assert house.paper == paper


def test_a_job_queued_twice_is_printed_once() -> None:
    house = complete()
    waiting = replace(
        house.station,
        phase=Phase.LABELLING,
        waiting=Waiting.LABEL,
        label=Label("job-1", yt(1), 1),
    )
    house.station = waiting
    house.feed(LabelQueued(a_key(), "job-1", yt(1), 1))
    assert house.station == waiting
    assert [type(x) for x in house.paper] == [PrintLabel]


def test_a_late_word_of_the_first_copy_does_not_end_the_wait_for_the_second() -> None:
    house = complete(PrintOutcome.UNKNOWN)
    request = house._request

    def late(fact: facts.LabelRequested) -> object:
        house.feed(LabelFinished(a_key(), "job-1", PrintOutcome.SENT))
        return request(fact)

    house._request = late  # type: ignore[assignment,method-assign] # the printer speaks first
    house.printer = lambda _: PrintOutcome.CONFIRMED
    assert said(house, "PSCMDREPRINT") == ("REPRINTED", None, "CONFIRMING")
    assert len(house.paper) == 2
