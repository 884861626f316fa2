"""Two things at once around one label: given up, begun, asked for again while a printer waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from packstation.app import print_batches, printers, printing
from packstation.core.events import Event, LabelFinished
from packstation.core.life_facts import LabelVoided
from packstation.core.orders import CarrierCode
from packstation.core.status import PrintOutcome, Reason, Verdict
from packstation.devices.job_sender import Patience
from packstation.devices.simulated import Fault, Trouble
from packstation.ports import PrinterState, PrinterStatus
from packstation.store.replay import differences, rebuild
from tests.app.shop import (
    HAND_OVER,
    ITEM,
    ONE,
    PACK,
    TWO,
    UNITS,
    YTO_LABEL,
    Station,
    keep_busy,
    wait_for,
)
from tests.store.builders import key

QUICK = Patience(attempts=1, between_s=0.02, stalled_s=0.05, poll_s=0.005)
BLOCKED, CANCELLED = PrintOutcome.BLOCKED, PrintOutcome.CANCELLED
NO_PAPER, PAPER = Fault(Trouble.PAPER_OUT), Fault()


def outcome(station: Station, order: str) -> list[PrintOutcome]:
    return [job.outcome for job in station.jobs("label") if job.key == key(order)]


def test_a_waiting_label_that_was_given_up_is_not_begun_before_the_engine_hears_of_it(
    station: Station,
) -> None:
    station.printer().patience = QUICK
    gate = keep_busy(station.printer_room())
    print_batches.start(station.house, [key(ONE), key(TWO)])
    wait_for(lambda: len(station.jobs("label")) == 2)
    second = next(job.job for job in station.jobs("label") if job.key == key(TWO))
    printing.give_up(station.house, second)  # the engine is told, and has not drained yet
    gate.set()
    wait_for(lambda: outcome(station, ONE) == [PrintOutcome.CONFIRMED])
    station.house.call(lambda: None)
    assert outcome(station, TWO) == [CANCELLED]
    station.settle()
    assert station.printed() == ["job-0001.bin"], "what was given up does not come out"
    assert station.facts().count("label_ended") == 2, "each end is written once"
    print_batches.start(station.house, [key(TWO)])
    wait_for(lambda: outcome(station, TWO) == [CANCELLED, PrintOutcome.CONFIRMED])
    assert len(station.printed()) == 2


def test_a_table_that_asks_for_a_label_behind_a_stalled_one_is_told_and_can_give_it_up(
    station: Station,
) -> None:
    assert station.scan(ONE, ITEM, "PSCMDPAUSE")[-1] is Verdict.PAUSED
    assert station.scan(TWO, *UNITS, YTO_LABEL)[-1] is Verdict.SEALED
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    printing.reprint_label(station.house, key(TWO), "damaged")
    wait_for(lambda: outcome(station, TWO)[-1] is BLOCKED)
    printing.reprint_label(station.house, key(ONE), "damaged")
    station.house.call(lambda: None)
    assert station.ask(ONE).reason is Reason.LABEL_BLOCKED, "told, though it stalled before"
    assert station.ask("PSCMDREPRINT").reason is Reason.LABEL_NOT_OUT, "given up"
    assert outcome(station, ONE)[-1] is CANCELLED
    station.label_fault(PAPER)
    wait_for(lambda: len(station.printed()) == 3)
    assert station.house.paper_done()
    station.settle()
    assert outcome(station, TWO)[-1] is PrintOutcome.CONFIRMED


def test_a_table_that_missed_the_end_of_its_label_is_told_once_it_gives_it_up(
    station: Station,
) -> None:
    station.scan(ONE, ITEM)
    assert station.house.paper is not None
    (job,) = station.jobs("label")
    told: list[Event] = []
    station.house.paper._post = told.append
    station.house.paper.give_up_label(key(ONE), job.job)
    wait_for(lambda: bool(told))
    assert told == [LabelFinished(key(ONE), job.job, PrintOutcome.CONFIRMED, "")], "as written"


def test_the_journal_of_given_up_labels_is_replayed(station: Station) -> None:
    gate = keep_busy(station.printer_room())
    print_batches.start(station.house, [key(ONE), key(TWO)])
    wait_for(lambda: len(station.jobs("label")) == 2)
    printing.give_up(station.house, station.jobs("label")[1].job)
    gate.set()
    wait_for(lambda: outcome(station, ONE) == [PrintOutcome.CONFIRMED])
    station.settle()

    def compare() -> list[str]:
        store = station.house.store
        rebuilt = rebuild(store.db, store.journal, station.data / "rebuilt.db")
        try:
            return list(map(str, differences(store.db, rebuilt)))
        finally:
            rebuilt.close()

    assert station.house.call(compare) == []


def test_a_printer_that_answers_slowly_gets_one_question_at_a_time(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "LOOK_S", 0.05)
    line, gate, asked = station.printer().transport, threading.Event(), 0

    def slow() -> PrinterStatus:
        nonlocal asked
        asked += 1
        gate.wait(10)
        return PrinterStatus(PrinterState.NO_PAPER)

    monkeypatch.setattr(line, "status", slow)
    for _ in range(5):
        found = printers.look_at(station.house, ["virtual"])
        assert found["virtual"].state is PrinterState.UNKNOWN, "it has not said anything yet"
    gate.set()
    station.printer_room().call(lambda: None, timeout_s=5)
    assert asked == 1, "a job would wait behind them all"
    assert printers.look_at(station.house, ["virtual"])["virtual"].state is PrinterState.NO_PAPER
    assert asked == 2


@pytest.mark.parametrize("bagged", [False, True])
def test_a_copy_that_waited_when_the_program_ended_is_printed_at_the_next_start(
    open_station: Callable[..., Station], bagged: bool
) -> None:
    station = open_station()
    station.scan(*PACK)
    if bagged:
        assert station.scan(*HAND_OVER[:3])[-1] is Verdict.BAG_SEALED
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    assert station.scan(TWO, *UNITS)[-1] is Verdict.LABEL_FAILED
    copy = printing.reprint_label(station.house, key(ONE), "damaged")
    station.house.call(lambda: None)
    station.close()
    again = open_station()
    assert again.house.paper_done()
    again.settle()
    assert outcome(again, ONE) == [PrintOutcome.CONFIRMED, PrintOutcome.CONFIRMED]
    assert again.jobs("label")[-1].job == copy, "the very job, and only once"


def test_a_copy_of_what_was_cancelled_since_is_not_printed_at_the_next_start(
    open_station: Callable[..., Station],
) -> None:
    station = open_station()
    station.scan(*PACK)
    gate = keep_busy(station.printer_room())
    copy = printing.reprint_label(station.house, key(ONE), "damaged")
    cut = station.power_cut(station.data.parent / "cut")
    gate.set()
    after = open_station(cut, start=False)
    number = after.jobs("label")[0].tracking_number
    assert number is not None

    def void() -> None:
        store = after.house.store
        with store.recorder.tx():
            fact = LabelVoided(key(ONE), number, CarrierCode("ZTO"), "by_hand")
            store.recorder.write((fact,), store.clock())

    after.house.call(void)
    after.start()
    assert after.house.paper_done()
    after.settle()
    assert (after.jobs("label")[-1].job, outcome(after, ONE)[-1]) == (copy, PrintOutcome.QUEUED)
