"""Labels that stall, are given up, come ahead in a batch, or are copies: what each scan says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core import facts
from packstation.core.decide import decide
from packstation.core.effects import GiveUpPrint, PrintLabel
from packstation.core.events import LabelFinished, LabelStalled, OrderLoaded, WaitTimedOut
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.parcels import Label, copy_code
from packstation.core.policy import ShopRules
from packstation.core.station import Station, Waiting
from packstation.core.status import LabelSource, ParcelState, Phase, PrintOutcome, Reason
from tests.builders import MAIN, a_key, a_line, a_scan, an_order, some_rules, stopped, yt
from tests.core.house import House

ORDER = an_order("5771", a_line("A-01"))
NEXT = an_order("5772", a_line("B-02"))
KEY = a_key("5771")
OTHER = a_key("5772")
OUT = [PrintOutcome.SENT, PrintOutcome.CONFIRMED]
REPRINT = "PSCMDREPRINT"


def a_house(outcome: PrintOutcome = PrintOutcome.SENT, source: LabelSource | None = None) -> House:
    rules = some_rules(shops={MAIN: ShopRules(source)}) if source else None
    house = House(ORDER, NEXT, rules=rules)
    house.printer = lambda _: outcome
    return house


def said(house: House, text: str) -> tuple[str, str | None, str]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value, house.station.phase.value


def blocked() -> House:
    house = a_house(PrintOutcome.BLOCKED)
    house.scans("5771", "A-01")
    return house


def printed(house: House) -> int:
    return sum(isinstance(effect, PrintLabel) for effect in house.paper)


def asked(house: House) -> list[tuple[int, str]]:
    return [(f.copy, f.reason) for f in house.journal if isinstance(f, facts.LabelRequested)]


# A printer that takes nothing.


def test_a_label_that_stalls_is_told_once_and_then_comes_by_itself() -> None:
    house = blocked()
    told = [(a.verdict.value, a.reason, a.detail, a.scan) for a in house.told]
    assert told == [("LABEL_FAILED", Reason.LABEL_BLOCKED, "printer.no_paper", None)]
    house.feed(LabelStalled(KEY, "job-1", "printer.cover_open"))
    assert len(house.told) == 1
    house.go_on()
    assert (house.station.phase, house.station.waiting) == (Phase.CONFIRMING, None)
    assert len(house.told) == 1
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")
    assert printed(house) == 1


def test_a_label_that_stalls_again_is_told_again() -> None:
    house = blocked()
    house.feed(LabelStalled(KEY, "job-1", ""))
    assert house.station.label is not None
    assert house.station.label.outcome is PrintOutcome.QUEUED
    house.feed(LabelStalled(KEY, "job-1", "printer.cover_open"))
    assert [a.detail for a in house.told] == ["printer.no_paper", "printer.cover_open"]


@pytest.mark.parametrize(
    "text", [yt(1), "A-01", "PSCMDHOLD", "PSCMDPAUSE", "PSCMDUNDO", "PSCMDOK", "PSTRAY", "5772"]
)
def test_scans_while_a_label_stalls_are_told_why_at_once(text: str) -> None:
    house = blocked()
    before = house.station
    assert said(house, text) == ("NOT_NOW", "label_blocked", "LABELLING")
    assert house.station == before
    late = a_scan(text)
    house.feed(WaitTimedOut(late))
    assert house._answers[-1].reason is Reason.LABEL_BLOCKED


def test_a_label_that_goes_on_is_being_printed_again() -> None:
    house = blocked()
    house.feed(LabelStalled(KEY, "job-1", ""))
    house.feed(WaitTimedOut(a_scan(yt(1))))
    assert house._answers[-1].reason is Reason.STILL_PRINTING
    assert not house.station.stalled


def test_a_label_that_is_given_up_before_a_byte_left_is_the_same_copy_again() -> None:
    house = blocked()
    assert said(house, REPRINT) == ("ACKNOWLEDGED", None, "LABELLING")
    assert printed(house) == 1, "nothing is printed before it is known how the first one ended"
    assert house.told[-1].reason is Reason.LABEL_NOT_OUT
    assert said(house, yt(1)) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    house.printer = lambda _: PrintOutcome.SENT
    assert house.verdicts(REPRINT, yt(1)) == ["REPRINTED", "SEALED"]
    assert asked(house) == [(1, "verified"), (1, "nothing_came_out")]


def test_a_label_that_is_given_up_after_its_first_byte_is_for_the_packers_eyes() -> None:
    house = blocked()
    house.given_up = lambda _: PrintOutcome.UNKNOWN
    house.scan(REPRINT)
    assert house.told[-1].reason is Reason.LABEL_UNKNOWN
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")
    house = blocked()
    house.given_up = lambda _: PrintOutcome.UNKNOWN
    house.scan(REPRINT)
    house.printer = lambda _: PrintOutcome.SENT
    assert house.verdicts(REPRINT, yt(1)) == ["REPRINTED", "OLD_LABEL"]
    assert asked(house)[-1] == (2, "operator_found_no_label")
    assert house.labels_on_paper(KEY) == [1, 2]


def test_a_label_that_comes_out_while_it_is_given_up_is_out() -> None:
    house = blocked()
    house.station = replace(house.station, waiting=Waiting.GIVE_UP)
    house.feed(LabelFinished(KEY, "job-1", PrintOutcome.SENT))
    assert (house.station.phase, house.station.waiting) == (Phase.CONFIRMING, None)


def test_giving_up_is_asked_for_again_where_nobody_has_answered() -> None:
    house = blocked()
    house.station = replace(house.station, waiting=Waiting.GIVE_UP)
    house.feed(WaitTimedOut(a_scan(yt(1))))
    assert house._answers[-1].reason is Reason.LABEL_BLOCKED
    house.feed(WaitTimedOut(a_scan(REPRINT)))
    assert house.station.waiting is None
    assert house.told[-1].reason is Reason.LABEL_NOT_OUT


def test_the_label_of_an_order_that_was_cancelled_meanwhile_never_comes_out() -> None:
    house = blocked()
    given_up: list[GiveUpPrint] = []

    def give_up(effect: GiveUpPrint) -> PrintOutcome:
        given_up.append(effect)
        return PrintOutcome.CANCELLED

    house.given_up = give_up
    house.change(stopped(ORDER, WhyNot.CANCELLED))
    assert given_up == [GiveUpPrint(KEY, "job-1")]
    assert house.stuck == {}
    assert said(house, yt(1)) == ("CANCELLED", "cancelled", "LABELLING")
    assert house.verdicts("PSCMDOK") == ["ACKNOWLEDGED"]
    assert house.station.order_key is None


def test_a_printer_that_stalls_on_a_cancelled_order_is_told_to_give_up() -> None:
    house = a_house()
    house.printer = lambda _: PrintOutcome.BLOCKED
    feed = house.feed

    def cancelled_while_printing(event: object) -> None:
        if isinstance(event, LabelStalled):
            house.feed = feed  # type: ignore[method-assign]
            house.change(stopped(ORDER, WhyNot.CANCELLED))
        feed(event)  # type: ignore[arg-type] # any event

    house.feed = cancelled_while_printing  # type: ignore[method-assign]
    house.scans("5771", "A-01")
    assert house.stuck == {}
    assert house.station.label is not None
    assert house.station.label.outcome is PrintOutcome.CANCELLED


@pytest.mark.parametrize("job", ["job-0", "job-9"])
def test_words_about_other_jobs_that_stall_change_nothing(job: str) -> None:
    house = blocked()
    before = house.station
    house.feed(LabelStalled(KEY, job, "printer.no_paper"))
    house.feed(LabelStalled(OTHER, "job-1", ""))
    assert house.station == before


def test_a_job_that_had_ended_does_not_stall_any_more() -> None:
    house = a_house()
    house.scans("5771", "A-01")
    before = house.station
    house.feed(LabelStalled(KEY, "job-1", "printer.no_paper"))
    assert house.station == before


def test_after_a_restart_a_label_that_stalled_is_for_the_packers_eyes() -> None:
    house = blocked()
    house.power_cut()
    assert (house.station.phase, house.station.waiting) == (Phase.LABELLING, None)
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


# Labels printed ahead.


@pytest.mark.parametrize("outcome", OUT)
def test_a_label_that_a_batch_printed_is_not_printed_again(outcome: PrintOutcome) -> None:
    house = a_house()
    assert house.batch(KEY, outcome)
    assert house.verdicts("5771", "A-01") == ["ORDER_OPENED", "ORDER_COMPLETE"]
    assert (house.station.phase, printed(house), asked(house)) == (Phase.CONFIRMING, 0, [])
    assert house.state(KEY) is ParcelState.VERIFIED
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")
    assert house.labels_on_paper(KEY) == [1]


def test_the_number_of_a_label_that_lies_on_the_table_opens_its_order() -> None:
    house = a_house()
    house.batch(KEY)
    assert said(house, yt(1)) == ("ORDER_OPENED", None, "SCANNING")


def test_a_label_of_a_batch_that_may_have_come_out_is_looked_for() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.UNKNOWN)
    house.scan("5771")
    answer = house.scan("A-01")
    assert (answer.verdict, answer.detail) == ("ORDER_COMPLETE", "label_unknown")
    assert (house.station.phase, printed(house)) == (Phase.LABELLING, 0)
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_a_label_of_a_batch_that_is_not_there_is_printed_as_a_copy() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.UNKNOWN)
    house.scans("5771", "A-01", REPRINT)
    assert asked(house) == [(2, "operator_found_no_label")]
    assert house.verdicts(yt(1), copy_code("job-2")) == ["OLD_LABEL", "SEALED"]


@pytest.mark.parametrize("outcome", [PrintOutcome.FAILED, PrintOutcome.CANCELLED])
def test_a_label_of_a_batch_that_never_came_out_is_printed_when_the_order_is_complete(
    outcome: PrintOutcome,
) -> None:
    house = a_house()
    house.batch(KEY, outcome)
    house.scans("5771", "A-01")
    assert (asked(house), printed(house)) == ([(1, "verified")], 1)
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


@pytest.mark.parametrize("outcome", [PrintOutcome.QUEUED, PrintOutcome.BLOCKED])
def test_a_label_that_waits_in_a_batch_is_waited_for(outcome: PrintOutcome) -> None:
    house = a_house()
    house.batch(KEY, outcome)
    house.scans("5771", "A-01")
    assert (house.station.phase, house.station.waiting) == (Phase.LABELLING, Waiting.LABEL)
    why = "label_blocked" if outcome is PrintOutcome.BLOCKED else "still_printing"
    assert said(house, yt(1)) == ("NOT_NOW", why, "LABELLING")
    house.go_on()
    assert house.station.phase is Phase.CONFIRMING
    assert (printed(house), asked(house)) == (0, [])
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_a_complete_order_says_at_once_that_its_batch_stalls() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.BLOCKED)
    house.scan("5771")
    assert house.scan("A-01").detail == "label_blocked"


@pytest.mark.parametrize("outcome", [PrintOutcome.QUEUED, PrintOutcome.BLOCKED])
def test_a_label_that_waits_in_a_batch_can_be_given_up_at_the_table(outcome: PrintOutcome) -> None:
    house = a_house()
    house.batch(KEY, outcome)
    house.scans("5771", "A-01")
    assert house.verdicts(REPRINT, REPRINT, yt(1)) == ["ACKNOWLEDGED", "REPRINTED", "SEALED"]
    assert house.labels_on_paper(KEY) == [1]


def test_a_label_that_comes_out_while_its_order_is_scanned_is_there_at_the_end() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.QUEUED)
    house.scan("5771")
    house.go_on()
    assert house.verdicts("A-01", yt(1)) == ["ORDER_COMPLETE", "SEALED"]
    assert printed(house) == 0


def test_a_label_that_comes_out_while_its_order_is_read_is_there_at_the_end() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.QUEUED)
    feed = house.feed

    def ended_first(event: object) -> None:
        if isinstance(event, OrderLoaded):
            house.feed = feed  # type: ignore[method-assign]
            feed(LabelFinished(KEY, "job-1", PrintOutcome.SENT))
        feed(event)  # type: ignore[arg-type] # any event

    house.feed = ended_first  # type: ignore[method-assign]
    assert house.verdicts("5771", "A-01", yt(1)) == ["ORDER_OPENED", "ORDER_COMPLETE", "SEALED"]
    assert house.station.ended == ()


def test_an_order_of_a_batch_that_was_paused_complete_comes_back_to_its_label() -> None:
    house = a_house()
    house.batch(KEY)
    house.scans("5771", "A-01", "PSCMDPAUSE")
    assert said(house, "5771") == ("ORDER_OPENED", None, "CONFIRMING")
    assert printed(house) == 0


def test_a_label_ahead_survives_a_power_cut_at_every_step() -> None:
    for scans in (("5771",), ("5771", "A-01")):
        house = a_house()
        house.batch(KEY)
        house.scans(*scans)
        house.power_cut()
        house.scans(*("5771", "A-01")[len(scans) :])
        assert said(house, yt(1)) == ("SEALED", None, "IDLE")
        assert printed(house) == 0


def test_a_label_that_waits_in_a_batch_is_not_printed_twice_after_a_power_cut() -> None:
    house = a_house()
    house.batch(KEY, PrintOutcome.QUEUED)
    house.scans("5771", "A-01")
    house.power_cut()
    assert (house.station.stalled, printed(house)) == (True, 0)
    house.go_on()
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_an_order_verified_again_after_its_own_label_gets_a_copy() -> None:
    house = a_house()
    house.scans("5771", "A-01", "PSCMDPAUSE")
    house.history[KEY] = ()
    house.scans("5771", "A-01")
    assert asked(house) == [(1, "verified"), (2, "verified_again")]
    assert house.verdicts(yt(1), copy_code("job-2")) == ["OLD_LABEL", "SEALED"]


def test_a_spoiled_label_of_a_batch_is_printed_anew_and_seals_nothing() -> None:
    house = a_house()
    house.batch(KEY)
    house.spoil(KEY)
    house.scans("5771", "A-01")
    assert asked(house) == [(2, "verified_again")]
    assert house.verdicts(yt(1), copy_code("job-2")) == ["OLD_LABEL", "SEALED"]


def test_a_copy_that_a_batch_made_of_a_spoiled_label_is_the_label() -> None:
    house = a_house()
    house.batch(KEY)
    house.spoil(KEY)
    house.copy_again(KEY, "batch", PrintOutcome.SENT)
    house.scans("5771", "A-01")
    assert (house.station.phase, printed(house)) == (Phase.CONFIRMING, 0)
    assert house.verdicts(yt(1), copy_code("job-2")) == ["OLD_LABEL", "SEALED"]


def test_a_label_of_a_complete_order_that_was_spoiled_meanwhile_is_printed_anew() -> None:
    house = a_house()
    house.scans("5771", "A-01", "PSCMDPAUSE")
    house.spoil(KEY)
    assert said(house, "5771") == ("ORDER_OPENED", None, "LABELLING")
    assert said(house, yt(1)) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    assert house.verdicts(REPRINT, copy_code("job-2")) == ["REPRINTED", "SEALED"]


# Copies and their codes.


def reprinted(copies: int = 1) -> House:
    house = a_house()
    house.scans("5771", "A-01", *[REPRINT] * copies)
    return house


def test_the_number_alone_does_not_prove_a_copy() -> None:
    house = reprinted()
    assert said(house, yt(1)) == ("OLD_LABEL", "scan_copy_code", "CONFIRMING")
    assert house.state(KEY) is ParcelState.LABELLED
    assert said(house, copy_code("job-2")) == ("SEALED", None, "IDLE")
    sealed = [f.tracking_number for f in house.journal if isinstance(f, facts.ParcelSealed)]
    assert sealed == [yt(1)]


@pytest.mark.parametrize("change", ["lower", "blank"])
def test_a_copy_code_is_known_in_any_letters(change: str) -> None:
    code = copy_code("job-2")
    assert said(reprinted(), code.lower() if change == "lower" else f" {code} ")[0] == "SEALED"


def test_an_older_copy_seals_nothing() -> None:
    house = reprinted(2)
    for job in ("job-1", "job-2"):
        assert said(house, copy_code(job)) == ("OLD_LABEL", "old_copy", "CONFIRMING")
    assert said(house, copy_code("job-3")) == ("SEALED", None, "IDLE")


def test_where_the_shop_does_not_want_it_the_number_proves_a_copy() -> None:
    house = reprinted()
    house.rules = some_rules(prove_reprints=False)
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_the_number_proves_a_copy_that_has_no_room_for_a_code() -> None:
    house = a_house()
    house.coded = False
    assert house.verdicts("5771", "A-01", REPRINT, yt(1))[-1] == "SEALED"


def test_the_code_of_a_copy_that_never_came_out_seals_nothing() -> None:
    house = reprinted()
    house.printer = lambda _: PrintOutcome.FAILED
    house.scan(REPRINT)
    assert said(house, copy_code("job-3")) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    assert said(house, copy_code("job-2")) == ("LABEL_FAILED", "label_not_out", "LABELLING")


def test_a_copy_code_that_nobody_printed_is_no_label_of_this_parcel() -> None:
    assert said(reprinted(), "PSP0000000000") == ("WRONG_LABEL", "not_this_parcel", "CONFIRMING")


def test_a_copy_that_was_printed_behind_the_tables_back_does_not_seal() -> None:
    house = a_house()
    house.scans("5771", "A-01")
    house.copy_again(KEY, "damaged", PrintOutcome.SENT)
    assert said(house, copy_code("job-2")) == ("WRONG_LABEL", "not_this_parcel", "CONFIRMING")
    assert house.verdicts("PSCMDOK", REPRINT, copy_code("job-3")) == [
        *("ACKNOWLEDGED", "REPRINTED", "SEALED"),
    ]


def test_a_copy_code_while_items_are_scanned_is_no_item() -> None:
    house = reprinted()
    house.scans("PSCMDPAUSE", "5772")
    assert said(house, copy_code("job-2")) == ("IS_A_WAYBILL", "belongs_to_a_parcel", "SCANNING")
    assert said(house, "PSP0000000000") == ("UNKNOWN_CODE", "not_known", "SCANNING")


def sealed_copy() -> House:
    house = reprinted(2)
    house.scan(copy_code("job-3"))
    return house


def test_between_orders_the_live_copy_stands_for_its_number() -> None:
    house = sealed_copy()
    assert said(house, copy_code("job-3")) == ("ALREADY_SEALED", "sealed_not_bagged", "IDLE")
    assert said(house, copy_code("job-2")) == ("OLD_LABEL", "old_copy", "IDLE")
    assert said(house, "PSP0000000000") == ("ORDER_NOT_FOUND", "not_known", "IDLE")


def test_an_old_copy_never_bags_a_parcel() -> None:
    house = sealed_copy()
    house.scan("PSCMDBAG")
    assert said(house, copy_code("job-2")) == ("OLD_LABEL", "old_copy", "IDLE")
    assert house.state(KEY) is ParcelState.SEALED
    assert said(house, copy_code("job-3")) == ("BAGGED", None, "IDLE")


def test_an_old_copy_at_the_handover_is_an_old_label() -> None:
    house = sealed_copy()
    house.scan("PSCMDHANDOVER")
    assert said(house, copy_code("job-2")) == ("OLD_LABEL", "old_copy", "HANDOVER")
    assert said(house, copy_code("job-3")) == ("OUT_OF_PLACE", "bags_only", "HANDOVER")


def test_the_code_that_sealed_does_not_bag_by_a_double_trigger() -> None:
    house = reprinted()
    house.scans("PSCMDPAUSE", "PSCMDBAG", "5771", copy_code("job-2"))
    answer = house.scan(copy_code("job-2"), after_ms=5)
    assert (answer.verdict, answer.reason) == ("REPEATED_SCAN", "sealed_not_bagged")
    assert said(house, copy_code("job-2"))[0] == "BAGGED"


def test_a_test_label_is_for_the_page_of_the_printers() -> None:
    house = a_house()
    assert said(house, "PSTEST00000001") == ("OUT_OF_PLACE", "test_label", "IDLE")
    house.scan("5771")
    assert said(house, "PSTEST00000001") == ("OUT_OF_PLACE", "test_label", "SCANNING")


# A neighbour's label.


def other_of(house: House, text: str) -> tuple[str, OrderKey | None, OrderKey | None]:
    answer = house.scan(text)
    return answer.verdict.value, answer.order, answer.other


def test_a_neighbours_label_names_both_orders() -> None:
    house = a_house()
    house.scans("5772", "B-02", REPRINT, copy_code("job-2"), "5771", "A-01")
    assert other_of(house, yt(1)) == ("WRONG_LABEL", KEY, OTHER)
    house.scan("PSCMDOK")
    assert other_of(house, copy_code("job-2")) == ("WRONG_LABEL", KEY, OTHER)
    house.scan("PSCMDOK")
    assert other_of(house, "5772") == ("WRONG_LABEL", KEY, OTHER)


def test_a_label_that_nobody_knows_names_no_other_order() -> None:
    house = a_house()
    house.scans("5771", "A-01")
    assert other_of(house, "YT9999999999999") == ("WRONG_LABEL", KEY, None)
    house.scan("PSCMDOK")
    assert other_of(house, yt(9)) == ("WRONG_LABEL", KEY, None), "a free number"
    house.scan("PSCMDOK")
    assert other_of(house, "B-02") == ("WRONG_ITEM", KEY, None)


def test_an_old_label_of_a_neighbour_names_both_orders() -> None:
    house = a_house()
    house.voided[yt(8)] = OTHER
    house.scans("5771", "A-01")
    assert other_of(house, yt(8)) == ("WRONG_LABEL", KEY, OTHER)


# Where labels come from.


@pytest.mark.parametrize("source", [LabelSource.FILE, LabelSource.COMPONENT])
def test_labels_of_the_platform_are_printed_here_and_sealed_as_such(source: LabelSource) -> None:
    house = a_house(source=source)
    assert house.verdicts("5771", "A-01", yt(1)) == ["ORDER_OPENED", "ORDER_COMPLETE", "SEALED"]
    assert printed(house) == 1
    assert [f.source for f in house.journal if isinstance(f, facts.ParcelSealed)] == [source]


def test_a_label_printed_before_its_shop_changed_the_source_is_still_ours() -> None:
    house = a_house()
    house.scans("5771", "A-01")
    house.rules = some_rules(shops={MAIN: ShopRules(LabelSource.EXTERNAL)})
    house.scan(yt(1))
    sealed = [f.source for f in house.journal if isinstance(f, facts.ParcelSealed)]
    assert sealed == [LabelSource.COMPOSED]


def test_every_end_that_comes_while_an_order_loads_is_known_when_it_is_there() -> None:
    """Labels of batches end one after the other; the order was perhaps read before all of them."""
    loading = Station(phase=Phase.LOADING, waiting=Waiting.ORDER)
    for order, job in ((KEY, "job-1"), (OTHER, "job-2")):
        ended = LabelFinished(order, job, PrintOutcome.SENT)
        loading = decide(loading, ended, some_rules()).station
    label = Label("job-1", yt(1), 1, PrintOutcome.SENDING, ahead=True)
    house = a_house()
    house.scans("5771", "A-01", "PSCMDPAUSE")
    read_before = house._loaded(a_scan("5771"), KEY)
    assert read_before is not None
    opened = decide(loading, replace(read_before, label=label), some_rules()).station
    assert (opened.phase, opened.waiting) == (Phase.CONFIRMING, None)
