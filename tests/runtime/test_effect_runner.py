"""The effect runner: paper only after the commit, and an end for every job whatever fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from packstation.core.effects import PrintBagLabel, PrintLabel, PrintReceipt, Record
from packstation.core.orders import Order
from packstation.core.parcels import Label
from packstation.core.station import SavedStation, restore
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict
from packstation.errors import ComposeError, StoreError
from tests.builders import a_key, a_line, a_scan, an_order, yt
from tests.core.house import House
from tests.runtime.memory import Table, keep_busy, wait_for

CONFIRMED, FAILED, UNKNOWN = PrintOutcome.CONFIRMED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN
DISK_FULL = StoreError("store.disk_full", "The disk is full.")
Make = Callable[..., Table]


@pytest.fixture
def make() -> Iterator[Make]:
    tables: list[Table] = []

    def table(*orders: Order) -> Table:
        made = Table(House(*(orders or (an_order(),))))
        made.start()
        tables.append(made)
        return made

    yield table
    for made in tables:
        made.close()


@pytest.fixture
def table(make: Make) -> Table:
    return make()


def run_paper(table: Table, *effects: PrintBagLabel | PrintReceipt) -> None:
    table.runner.run(effects, SavedStation(), None)
    assert table.runner.wait_for_paper(5)


def test_nothing_is_printed_before_the_commit(table: Table) -> None:
    table.scan("5771")
    table.store.gate.clear()
    table.post("A-01")
    table.engine.drain()
    assert table.told.answers[-1].verdict is Verdict.ORDER_COMPLETE
    assert table.label_printer.rooms == set(), "nothing is even composed"
    table.store.gate.set()
    table.settle()
    assert table.label_printer.sent == ["job-1"]
    assert table.ledger.written == [("job-1", "SENDING")]
    assert table.label_printer.rooms == {"label_printer"}
    assert table.engine.station.phase is Phase.CONFIRMING


@pytest.mark.parametrize("error", [DISK_FULL, RuntimeError("odd"), KeyError("odd")], ids=repr)
def test_a_failed_save_prints_nothing_and_answers_not_saved(table: Table, error: Exception) -> None:
    table.scan("5771")
    table.store.record_trouble = [error]
    assert table.scan("A-01") == [Verdict.ORDER_COMPLETE, Verdict.NOT_SAVED]
    assert table.label_printer.rooms == set()
    known = isinstance(error, StoreError)
    assert table.engine.station.failed == ("store.disk_full" if known else "app.unexpected")


def test_after_a_failed_save_nothing_is_saved_that_was_decided_on_it(make: Make) -> None:
    table = make(an_order("5771", a_line("A-01", 2)))
    table.scan("5771")
    before = table.kinds()
    table.store.gate.clear()
    table.post("A-01", "A-01")
    table.engine.drain()
    table.store.record_trouble = [DISK_FULL]  # once: the disk has room again at once
    table.store.gate.set()
    table.settle()
    table.rooms[0].call(lambda: None, timeout_s=5)
    assert table.kinds() == before, "the second unit stands on a first one that is not there"
    assert table.label_printer.sent == []


@pytest.mark.parametrize("error", [DISK_FULL, RuntimeError("odd")], ids=repr)
def test_a_failed_look_up_stops_everything_too(table: Table, error: Exception) -> None:
    table.store.ask_trouble = error
    assert table.scan("5771") == [Verdict.NOT_SAVED]
    table.store.ask_trouble = None
    assert table.scan("5771") == [Verdict.NOT_SAVED], "only a new start looks what is true"


def test_an_unforeseen_error_is_logged_with_its_place_and_without_its_words(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    table.store.ask_trouble = RuntimeError("a buyer's name")
    with caplog.at_level(logging.ERROR):
        table.scan("5771")
    (record,) = caplog.records
    assert record.getMessage() == "not read"
    assert record.exc_info is not None


@pytest.mark.parametrize("outcome", [FAILED, UNKNOWN])
def test_a_label_that_did_not_come_out_keeps_the_order_open(
    table: Table, outcome: PrintOutcome
) -> None:
    table.label_printer.outcome = (outcome, "printer.no_paper")
    assert table.scan("5771", "A-01")[-1] is Verdict.LABEL_FAILED
    answer = table.told.answers[-1]
    unknown = outcome is UNKNOWN
    assert answer.reason is (Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_NOT_OUT)
    assert answer.detail == "printer.no_paper"
    assert table.engine.station.phase is Phase.LABELLING
    assert len(table.label_printer.sent) == 1, "nothing is printed again by itself"
    table.label_printer.outcome = (CONFIRMED, "")
    assert table.scan("PSCMDREPRINT") == [Verdict.REPRINTED]
    copies = [label.copy for label in table.told.labels]
    assert copies == ([1, 2] if unknown else [1, 1])


def test_an_unknown_label_is_settled_by_its_scan_without_another_print(table: Table) -> None:
    table.label_printer.outcome = (UNKNOWN, "printer.gone")
    table.scan("5771", "A-01")
    assert table.scan(yt(1)) == [Verdict.SEALED]
    assert table.label_printer.sent == ["job-1"]


@pytest.mark.parametrize(
    ("error", "word"),
    [(ComposeError("print.missing_glyph", "No glyph."), "print.missing_glyph"),
     (ZeroDivisionError(), "app.unexpected")],
    ids=["missing glyph", "bug"],
)  # fmt: skip
def test_what_cannot_be_composed_fails_with_its_cause_and_sends_nothing(
    table: Table, error: Exception, word: str
) -> None:
    table.label_printer.compose_trouble = error
    assert table.scan("5771", "A-01")[-1] is Verdict.LABEL_FAILED
    assert table.told.answers[-1].detail == word
    assert table.label_printer.sent == []
    assert table.ledger.written == [], "no byte was promised"


@pytest.mark.parametrize("method", ["paper", "sending"])
@pytest.mark.parametrize("error", [DISK_FULL, AssertionError("odd")], ids=repr)
def test_a_label_whose_papers_cannot_be_read_or_written_is_not_sent_and_told(
    table: Table, method: str, error: Exception
) -> None:
    table.ledger.trouble = {method: error}
    assert table.scan("5771", "A-01")[-1] is Verdict.LABEL_FAILED
    assert table.label_printer.sent == []
    assert table.engine.idle, "the station does not wait for it"
    assert table.runner.wait_for_paper(5)


def test_a_printer_that_breaks_off_in_the_middle_leaves_the_label_unknown(table: Table) -> None:
    table.label_printer.send_trouble = RuntimeError("the cable")
    assert table.scan("5771", "A-01")[-1] is Verdict.LABEL_FAILED
    assert table.told.answers[-1].reason is Reason.LABEL_UNKNOWN


def test_a_stuck_printer_does_not_keep_scans_of_the_engine_waiting(make: Make) -> None:
    table = make(an_order("5771", a_line("A-01", 9)))
    table.label_printer.gate.clear()
    table.runner.run((PrintBagLabel("PSBAG01000001"),), SavedStation(), None)
    wait_for(table.label_printer.busy.is_set)
    assert table.scan("5771", *["A-01"] * 8)[-1] is Verdict.MATCH
    assert table.told.paper == []
    table.label_printer.gate.set()
    assert table.runner.wait_for_paper(5)
    assert table.told.paper == [("bag", "PSBAG01000001", CONFIRMED, "")]


def test_receipts_and_labels_go_to_printers_of_their_own(table: Table) -> None:
    run_paper(table, PrintBagLabel("PSBAG01000001"), PrintReceipt("PSM01000001"))
    assert table.label_printer.sent == ["bag-PSBAG01000001"]
    assert table.receipt_printer.sent == ["receipt-PSM01000001"]
    assert table.receipt_printer.rooms == {"receipt_printer"}
    assert sorted(table.ledger.written) == [
        ("bag-PSBAG01000001", "CONFIRMED"),
        ("bag-PSBAG01000001", "SENDING"),
        ("receipt-PSM01000001", "CONFIRMED"),
        ("receipt-PSM01000001", "SENDING"),
    ]


def test_a_receipt_that_failed_is_told_and_stops_nothing(table: Table) -> None:
    table.receipt_printer.outcome = (FAILED, "printer.not_found")
    run_paper(table, PrintReceipt("PSM01000001"))
    assert table.told.paper == [("receipt", "PSM01000001", FAILED, "printer.not_found")]
    assert table.ledger.written[-1] == ("receipt-PSM01000001", "FAILED")
    assert table.scan("5771") == [Verdict.ORDER_OPENED]


@pytest.mark.parametrize("method", ["job_of", "paper", "sending", "ended"])
def test_a_receipt_that_the_store_fails_is_told_and_counted_as_ended(
    table: Table, method: str
) -> None:
    table.ledger.trouble = {method: DISK_FULL}
    run_paper(table, PrintReceipt("PSM01000001"))
    ((kind, key, outcome, detail),) = table.told.paper
    assert (kind, key) == ("receipt", "PSM01000001")
    if method == "ended":
        assert outcome is CONFIRMED, "it is on paper, whatever the journal says"
    else:
        assert (outcome, detail) == (FAILED, "store.disk_full")
        assert table.receipt_printer.sent == []


def test_what_was_queued_when_the_program_ended_is_sent_at_the_next_start(table: Table) -> None:
    table.ledger.waiting = [("bag", "bag-1"), ("receipt", "receipt-1"), ("bag", "bag-2")]
    table.runner.paper.print_queued()
    assert table.runner.wait_for_paper(5)
    assert table.label_printer.sent == ["bag-1", "bag-2"]
    assert table.receipt_printer.sent == ["receipt-1"]


def test_a_job_under_way_is_not_sent_again_when_queued_ones_are_collected(table: Table) -> None:
    table.ledger.waiting = [("receipt", "receipt-1")]
    stuck = keep_busy(table.rooms[2])
    table.runner.paper.print_queued()
    table.runner.paper.print_queued()
    table.rooms[0].call(lambda: None, timeout_s=5)
    stuck.set()
    assert table.runner.wait_for_paper(5)
    assert table.receipt_printer.sent == ["receipt-1"]
    assert [outcome for _, _, outcome, _ in table.told.paper] == [CONFIRMED]


def test_a_label_queued_at_a_power_cut_is_sent_exactly_once(make: Make) -> None:
    table = make()
    table.label_printer.gate.clear()
    table.post("5771", "A-01")
    table.until(table.label_printer.busy.is_set)
    house = table.house
    queued = Label("job-1", yt(1), 1)
    house.labels[a_key()] = [queued]
    fresh = Table(house)
    loaded = house._loaded(a_scan("5771"), a_key())
    fresh.start(restore(house.saved, loaded))
    fresh.settle()
    assert fresh.label_printer.sent == ["job-1"]
    assert fresh.scan(yt(1)) == [Verdict.SEALED]
    fresh.close()


def test_while_nothing_can_be_saved_no_queued_paper_is_sent(table: Table) -> None:
    table.scan("5771")
    table.store.record_trouble = [DISK_FULL]
    table.scan("A-01")
    run_paper(table, PrintReceipt("PSM01000001"))
    assert table.receipt_printer.sent == []
    assert table.ledger.written == []


def test_a_label_on_its_way_when_saving_failed_stays_queued(make: Make) -> None:
    table = make(an_order("5771"), an_order("5772", a_line("B-02")))
    composing = keep_busy(table.rooms[1])
    table.runner.run((PrintLabel(a_key(), "job-9", yt(9), 1),), SavedStation(), None)
    table.store.ask_trouble = DISK_FULL
    assert table.scan("5772") == [Verdict.NOT_SAVED]
    composing.set()
    assert table.runner.wait_for_paper(5)
    assert table.label_printer.sent == []


def test_closed_rooms_leave_paper_queued_and_answer_scans(table: Table) -> None:
    assert table.rooms[1].close()
    table.runner.run((PrintBagLabel("PSBAG01000001"),), SavedStation(), None)
    assert table.runner.wait_for_paper(5), "nobody waits for it"
    assert table.ledger.written == []
    assert table.rooms[0].close()
    table.runner.run((PrintBagLabel("PSBAG01000001"),), SavedStation(), None)
    table.runner.paper.print_queued()
    assert table.runner.wait_for_paper(0)
    assert table.scan("PSCMDBAG")[-1] is Verdict.NOT_SAVED


def test_a_question_to_a_closed_store_is_answered(table: Table) -> None:
    assert table.rooms[0].close()
    assert table.scan("5771") == [Verdict.NOT_SAVED]
    assert table.engine.station.failed == "store.closed"


def test_waiting_for_paper_ends_when_time_runs_out(table: Table) -> None:
    table.receipt_printer.gate.clear()
    table.runner.run((PrintReceipt("PSM01000001"),), SavedStation(), None)
    assert not table.runner.wait_for_paper(0.02)
    table.receipt_printer.gate.set()
    assert table.runner.wait_for_paper(5)


def test_a_bag_label_is_printed_after_its_bag_was_sealed_and_saved(table: Table) -> None:
    table.scan("5771", "A-01", yt(1))
    table.house.now = table.house.now.replace(hour=12)  # no double trigger
    table.scan("PSCMDBAG", yt(1))
    table.store.gate.clear()
    table.post("PSCMDSEAL")
    table.engine.drain()
    assert table.label_printer.sent == ["job-1"]
    table.store.gate.set()
    table.settle()
    assert table.runner.wait_for_paper(5)
    assert table.label_printer.sent[1:] == ["bag-PSBAG01000001"]
    assert table.told.writes > 0


def test_paper_is_counted_before_the_engine_seems_idle(table: Table) -> None:
    table.receipt_printer.gate.clear()
    table.label_printer.gate.clear()
    table.scan("PSCMDBAG")
    counted: list[int] = []
    post = table.runner._post

    def look(event: object) -> None:
        counted.append(table.runner.paper._papers)
        post(event)  # type: ignore[arg-type] # passed on as it is

    table.runner._post = look
    effects = (Record(()), PrintReceipt("PSM01000001"))
    table.runner.run(effects, SavedStation(), None)
    wait_for(lambda: bool(counted))
    assert counted[0] > 0, "who closes now waits for it"


def test_a_stalled_label_is_written_told_and_goes_on_by_itself(table: Table) -> None:
    table.label_printer.stalls = ["printer.no_paper", ""]
    assert table.scan("5771", "A-01")[-1] in (Verdict.ORDER_COMPLETE, Verdict.LABEL_FAILED)
    table.rooms[0].call(lambda: None, timeout_s=5)
    assert table.ledger.stalls == [("job-1", "printer.no_paper"), ("job-1", "")]
    assert table.told.stalls == [("job-1", "printer.no_paper"), ("job-1", "")]
    table.settle()
    assert table.engine.station.phase is Phase.CONFIRMING
    assert table.label_printer.sent == ["job-1"]


def test_a_stall_that_cannot_be_written_is_told_all_the_same(table: Table) -> None:
    table.ledger.trouble = {"stalled": DISK_FULL}
    table.label_printer.stalls = ["printer.no_paper"]
    table.scan("5771", "A-01")
    table.rooms[0].call(lambda: None, timeout_s=5)
    assert table.told.stalls == [("job-1", "printer.no_paper")]


def test_a_job_that_waits_is_cancelled_at_once_and_never_begun(table: Table) -> None:
    table.receipt_printer.gate.clear()
    table.runner.run(
        (PrintReceipt("PSM01000001"), PrintReceipt("PSM01000002")), SavedStation(), None
    )
    wait_for(lambda: table.runner.paper.waiting("receipts") == 2)
    assert table.runner.paper.give_up("receipt-PSM01000002")
    assert not table.runner.paper.give_up("receipt-PSM01000002"), "it is over"
    wait_for(lambda: bool(table.told.paper))
    assert table.told.paper == [("receipt", "PSM01000002", PrintOutcome.CANCELLED, "given_up")]
    table.receipt_printer.gate.set()
    assert table.runner.wait_for_paper(5)
    assert table.receipt_printer.sent == ["receipt-PSM01000001"]
    assert not table.runner.paper.give_up("nobody")


def test_whoever_asks_for_the_same_job_is_told_its_end_too(table: Table) -> None:
    ends: list[tuple[PrintOutcome, str]] = []
    table.label_printer.gate.clear()
    for _ in range(2):
        table.runner.paper.print_label(a_key(), "job-7", lambda *end: ends.append(end))
    table.label_printer.gate.set()
    assert table.runner.wait_for_paper(5)
    assert table.label_printer.sent == ["job-7"]
    assert ends == [(CONFIRMED, ""), (CONFIRMED, "")]


def test_a_label_that_no_printer_takes_fails_with_its_word(table: Table) -> None:
    table.outlets.trouble = ComposeError("print.no_printer", "There is none.")
    assert table.scan("5771", "A-01")[-1] is Verdict.LABEL_FAILED
    assert table.told.answers[-1].detail == "print.no_printer"


def test_a_job_given_up_before_its_papers_could_not_be_read_ends_once(table: Table) -> None:
    ends: list[tuple[PrintOutcome, str]] = []
    table.ledger.trouble = {"paper": StoreError("store.people_purged", "They are deleted.")}
    gate = keep_busy(table.rooms[0])
    table.runner.paper.print_label(a_key(), "job-7", lambda *end: ends.append(end))
    assert table.runner.paper.give_up("job-7")
    gate.set()
    table.rooms[0].call(lambda: None, timeout_s=5)
    assert ends == [(PrintOutcome.CANCELLED, "given_up")]
    assert table.runner.wait_for_paper(0), "counted once, or closing would wait for ever"
