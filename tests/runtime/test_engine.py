"""The engine: every scan is answered, in order, and only what is durable is heard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from packstation.core.codes import read
from packstation.core.decide import decide
from packstation.core.effects import Answer, LookUp, Record
from packstation.core.events import CodeFound, CodeScanned, LabelFinished, OrderChanged
from packstation.core.orders import Order, OrderId, WhyNot
from packstation.core.station import Decision
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict
from packstation.errors import StoreError
from packstation.runtime import engine as engine_module
from packstation.runtime.engine import UNDECIDED, Engine, Recorded
from tests.builders import a_key, a_line, a_scan, an_order, some_rules, yt
from tests.core.house import House
from tests.runtime.memory import Memory, Table

Make = Callable[..., Table]


@pytest.fixture
def make() -> Iterator[Make]:
    tables: list[Table] = []

    def table(*orders: Order, patience_s: float = 5.0) -> Table:
        house = House(*(orders or (an_order("5771", a_line("A-01", 3)),)))
        made = Table(house, patience_s=patience_s)
        made.start()
        tables.append(made)
        return made

    yield table
    for made in tables:
        made.close()


def test_scans_queued_while_an_order_loads_are_answered_in_order_none_skipped(make: Make) -> None:
    table = make()
    table.store.gate.clear()
    table.post("5771", *["A-01"] * 3)
    table.engine.drain()
    assert table.engine.queued_scans == 3
    assert table.told.answers == []
    table.store.gate.set()
    table.settle()
    assert table.numbers()[:4] == [1, 2, 3, 4]
    said = [answer.verdict for answer in table.told.answers]
    assert said == [Verdict.ORDER_OPENED, Verdict.MATCH, Verdict.MATCH, Verdict.ORDER_COMPLETE]


def test_a_burst_from_another_thread_is_answered_in_the_order_it_came(make: Make) -> None:
    table = make(an_order("5771", a_line("A-01", 250)))
    table.scan("5771")
    sent = threading.Event()

    def type_fast() -> None:
        table.post(*["A-01"] * 200)
        sent.set()

    thread = threading.Thread(target=type_fast, name="scanner")
    thread.start()
    table.until(lambda: sent.is_set() and table.engine.idle)
    thread.join()
    assert table.numbers() == list(range(1, 202))
    assert {answer.verdict for answer in table.told.answers[1:]} == {Verdict.MATCH}
    assert table.engine.station.session is not None
    assert table.engine.station.session.missing == 50


def test_patience_ends_in_not_now_and_not_in_silence(make: Make) -> None:
    table = make(patience_s=0.02)
    table.store.gate.clear()
    table.post("5771", "A-01")
    table.until(lambda: len(table.told.answers) == 1)
    (answer,) = table.told.answers
    assert answer.scan is not None
    assert (answer.scan.number, answer.verdict) == (2, Verdict.NOT_NOW)
    assert answer.reason is Reason.STILL_LOADING
    table.store.gate.set()
    table.settle()
    assert table.numbers() == [2, 1]
    assert "UnitsScanned" not in table.kinds(), "what got NOT_NOW was not counted"


def test_while_a_label_prints_a_scan_waits_and_then_hears_that_it_prints(make: Make) -> None:
    table = make(an_order(), patience_s=0.02)
    table.label_printer.gate.clear()
    table.post("5771", "A-01", "A-01")
    table.until(lambda: Verdict.NOT_NOW in [a.verdict for a in table.told.answers])
    assert table.told.answers[-1].reason is Reason.STILL_PRINTING
    table.label_printer.gate.set()
    assert table.scan(yt(1)) == [Verdict.SEALED]


def test_an_answer_is_heard_only_after_its_facts_are_durable(make: Make) -> None:
    table = make()
    table.scan("5771")
    table.store.gate.clear()
    table.post("A-01")
    table.until(lambda: len(table.told.answers) == 2)
    assert len(table.told.durable) == 1
    assert not table.engine.idle
    table.store.gate.set()
    table.settle()
    assert table.told.durable == table.told.answers


def test_a_failed_save_is_not_saved_for_this_and_every_later_scan(make: Make) -> None:
    table = make()
    table.scan("5771")
    table.store.record_trouble = [StoreError("store.disk_full", "The disk is full.")]
    said = table.scan("A-01")
    assert said == [Verdict.MATCH, Verdict.NOT_SAVED]
    assert [a.verdict for a in table.told.durable] == [Verdict.ORDER_OPENED, Verdict.NOT_SAVED]
    assert table.engine.station.failed == "store.disk_full"
    assert table.scan("A-01", "PSCMDUNDO") == [Verdict.NOT_SAVED] * 2
    assert table.numbers() == [1, 2, 3, 4]


def test_scans_queued_behind_a_failed_look_up_are_all_told_so(make: Make) -> None:
    table = make()
    table.store.ask_trouble = StoreError("store.io_error", "The disk reports an error.")
    table.store.gate.clear()
    table.post("5771", "A-01", "A-01")
    table.engine.drain()
    table.store.gate.set()
    table.settle()
    assert [a.verdict for a in table.told.answers] == [Verdict.NOT_SAVED] * 3
    assert table.numbers() == [2, 3]


def test_what_the_rules_cannot_decide_stops_the_station_and_is_never_a_yes(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    table = make()
    table.scan("5771")

    def trip(station: object, event: object, rules: object) -> object:
        assert not (isinstance(event, CodeScanned) and event.text == "ODD"), "unforeseen"
        return decide(station, event, rules)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr(engine_module, "decide", trip)
    with caplog.at_level(logging.ERROR):
        assert table.scan("ODD", "A-01") == [Verdict.NOT_SAVED] * 2
    assert table.numbers() == [1, 2, 3]
    assert table.engine.station.failed == UNDECIDED
    assert caplog.records[0].message == "not decided"
    assert vars(caplog.records[0])["event"] == "CodeScanned"


def test_an_order_that_changes_while_it_is_open_stops_the_next_scan(make: Make) -> None:
    table = make()
    table.scan("5771", "A-01")
    key = a_key()
    table.engine.post(OrderChanged(key, OrderId("5771"), 2, WhyNot.CANCELLED))
    assert table.scan("A-01")[-1] is Verdict.CANCELLED
    assert table.kinds().count("UnitsScanned") == 1


def test_an_order_that_changes_while_its_label_prints_is_stopped_and_not_sealed(
    make: Make,
) -> None:
    table = make(an_order())
    table.label_printer.gate.clear()
    table.post("5771", "A-01")
    table.until(table.label_printer.busy.is_set)
    table.engine.post(OrderChanged(a_key(), OrderId("5771"), 2, WhyNot.CANCELLED))
    table.post(yt(1))
    table.label_printer.gate.set()
    table.settle()
    assert table.told.answers[-1].verdict is Verdict.CANCELLED
    assert table.kinds().count("LabelEnded") == 1, "the journal keeps how the print ended"
    assert "ParcelSealed" not in table.kinds()


def test_an_answer_of_a_printer_that_comes_late_changes_nothing_on_the_table(make: Make) -> None:
    table = make(an_order("5771"), an_order("5772", a_line("B-02", 2)))
    table.scan("5771", "A-01", yt(1), "5772")
    before = table.engine.station
    table.engine.post(LabelFinished(a_key(), "job-1", PrintOutcome.UNKNOWN, "late"))
    table.settle()
    assert table.engine.station == before
    assert table.kinds()[-1] == "LabelEnded"


def test_events_out_of_place_are_no_answers(make: Make) -> None:
    table = make()
    table.engine.post(CodeFound(a_scan("5771")))
    table.settle()
    assert table.told.answers == []
    assert table.engine.station.phase is Phase.IDLE


class RecordingRunner:
    def __init__(self) -> None:
        self.effects: list[object] = []

    def run(self, effects: tuple[object, ...], saved: object, answer: Answer | None) -> None:
        self.effects.extend(effects)


def test_settled_is_told_once_when_nothing_is_awaited_any_more() -> None:
    told, runner = Memory(), RecordingRunner()
    engine = Engine(some_rules(), told, wake=lambda: None)
    engine.start(Decision(engine.station), runner)
    engine.post(a_scan("PSCMDBAG", 1))
    engine.drain()
    assert isinstance(runner.effects[0], Record)
    assert (told.settlings, engine.idle) == (0, False)
    engine.post(Recorded(told.answers[0]))
    engine.drain()
    assert (told.settlings, engine.idle) == (1, True)
    engine.drain()
    assert told.settlings == 1


def test_a_listener_that_drains_does_not_reorder_events() -> None:
    runner = RecordingRunner()

    class Nested(Memory):
        def answered(self, answer: Answer, station: object) -> None:
            engine.drain()
            self.answers.append(answer)

    told = Nested()
    engine = Engine(some_rules(), told, wake=lambda: None)
    engine.start(Decision(engine.station), runner)
    for number in (1, 2, 3):
        engine.post(a_scan("PSCMDUNDO", number))
    engine.drain()
    numbers = [answer.scan.number for answer in told.answers if answer.scan]
    assert numbers == [1, 2, 3]


def test_only_its_owner_drains_it() -> None:
    engine = Engine(some_rules(), Memory(), wake=lambda: None)
    errors: list[AssertionError] = []

    def drain() -> None:
        try:
            engine.drain()
        except AssertionError as error:
            errors.append(error)

    thread = threading.Thread(target=drain, name="stranger")
    thread.start()
    thread.join()
    assert len(errors) == 1
    assert engine.owner == threading.get_ident()


def test_new_rules_hold_from_the_next_event_on() -> None:
    engine = Engine(some_rules(), Memory(), wake=lambda: None)
    stricter = some_rules(acknowledge=frozenset({Verdict.UNKNOWN_CODE}))
    engine.set_rules(stricter)
    assert engine.rules is stricter


def test_a_restored_station_carries_out_what_was_left_to_do() -> None:
    runner = RecordingRunner()
    engine = Engine(some_rules(), Memory(), wake=lambda: None)
    look_up = LookUp(a_scan("5771"), read("5771"))
    engine.start(Decision(engine.station, None, (look_up,)), runner)
    assert runner.effects == [look_up]


def test_a_scan_that_comes_with_the_awaited_answer_does_not_overtake_a_queued_one() -> None:
    house = House(an_order("5771", a_line("A-01", 9), a_line("B-02", 9)))
    told, runner = Memory(), RecordingRunner()
    engine = Engine(house.rules, told, wake=lambda: None)
    engine.start(Decision(engine.station), runner)
    opening = a_scan("5771", 1)
    engine.post(opening)
    engine.post(a_scan("A-01", 2))
    engine.drain()
    engine.post(house._find(opening, "5771", "5771"))
    engine.drain()
    loaded = house._loaded(opening, a_key())
    assert loaded is not None
    engine.post(loaded)
    engine.post(a_scan("B-02", 3))
    engine.drain()
    assert [(a.scan.number, a.sku) for a in told.answers if a.scan] == [
        *((1, None), (2, "A-01"), (3, "B-02")),
    ]
