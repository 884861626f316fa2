"""The one door: events out of place, waits, a failed journal, stops, the table of phases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core.decide import BETWEEN_ORDERS, TABLE, WITH_ORDER, decide, legal
from packstation.core.events import (
    CodeFound,
    Event,
    HandoverChecked,
    LabelFinished,
    LabelQueued,
    OrderLoaded,
    SaveFailed,
    WaitTimedOut,
)
from packstation.core.policy import DEFAULT_RULES
from packstation.core.station import Station, Waiting
from packstation.core.status import Phase, PrintOutcome, Verdict
from tests.builders import a_key, a_line, a_scan, an_order, some_rules, yt
from tests.core.house import House

SCAN = a_scan("5771", 7)
LOADED = OrderLoaded(SCAN, an_order(), (), (), None, (), 9)


def test_every_phase_has_its_moves_and_a_way_on() -> None:
    assert set(TABLE) == set(Phase)
    assert all(TABLE.values())
    assert {*BETWEEN_ORDERS, *WITH_ORDER, Phase.LOADING, Phase.HANDOVER} == set(Phase)


@pytest.mark.parametrize("before", list(Phase))
def test_only_moves_of_the_table_are_legal(before: Phase) -> None:
    targets = {before, *(t for group in TABLE[before].values() for t in group)}
    assert {after for after in Phase if legal(before, after)} == targets
    assert not legal(Phase.IDLE, Phase.CONFIRMING)


@pytest.mark.parametrize(
    ("waiting", "reason"),
    [
        (Waiting.LOOK_UP, "still_loading"),
        (Waiting.ORDER, "still_loading"),
        (Waiting.CLOSE, "still_loading"),
        (Waiting.LABEL, "still_printing"),
    ],
)
def test_a_scan_during_a_wait_is_answered_not_now(waiting: Waiting, reason: str) -> None:
    station = Station(waiting=waiting)
    for event in (SCAN, WaitTimedOut(SCAN)):
        decision = decide(station, event, some_rules())
        assert decision.answer is not None
        assert (decision.answer.verdict, decision.answer.reason) == ("NOT_NOW", reason)
        assert (decision.station, decision.effects) == (station, ())


@pytest.mark.parametrize(
    "event",
    [
        CodeFound(SCAN, (a_key(),)),
        LOADED,
        LabelQueued(a_key(), "job-1", yt(1), 1),
        HandoverChecked(SCAN, "PSM01000001", None, 0),
    ],
)
@pytest.mark.parametrize("phase", list(Phase))
def test_an_event_out_of_place_changes_nothing(event: Event, phase: Phase) -> None:
    station = Station(phase=phase)
    decision = decide(station, event, some_rules())
    assert (decision.station, decision.answer, decision.effects) == (station, None, ())


def test_while_an_order_loads_nothing_else_is_opened() -> None:
    loading = Station(phase=Phase.LOADING)
    decision = decide(loading, SCAN, some_rules())
    assert decision.answer is not None
    assert decision.answer.verdict == "NOT_NOW"
    looking = replace(loading, waiting=Waiting.LOOK_UP)
    assert decide(looking, CodeFound(SCAN), some_rules()).station == looking


@pytest.mark.parametrize(
    "event",
    [
        SCAN,
        CodeFound(SCAN, (a_key(),)),
        LOADED,
        HandoverChecked(SCAN, "PSM01000001", None, 0),
        WaitTimedOut(SCAN),
    ],
)
@pytest.mark.parametrize("waiting", [None, *Waiting])
def test_nothing_says_yes_after_a_failed_commit(event: Event, waiting: Waiting | None) -> None:
    station = decide(Station(waiting=waiting), SaveFailed("disk_full"), some_rules()).station
    decision = decide(station, event, some_rules())
    assert decision.answer is not None
    answer = decision.answer
    assert (answer.scan, answer.verdict, answer.reason) == (SCAN, "NOT_SAVED", "cannot_save")
    assert answer.detail == "disk_full"
    assert decision.effects == ()


def test_nothing_is_printed_after_a_failed_commit() -> None:
    house = House(an_order("5771", a_line("A-01")))
    house.scan("5771")
    house.feed(SaveFailed("io_error"))
    assert house.told[-1].verdict == "NOT_SAVED"
    asking = replace(house.station, phase=Phase.LABELLING, waiting=Waiting.LABEL)
    for event in (
        LabelQueued(a_key(), "job-1", yt(1), 1),
        LabelFinished(a_key(), "job-1", PrintOutcome.SENT),
        SaveFailed("io_error"),
    ):
        decision = decide(asking, event, some_rules())
        assert (decision.station, decision.answer, decision.effects) == (asking, None, ())


def test_which_stops_are_acknowledged_is_policy() -> None:
    strict = some_rules(acknowledge=frozenset({Verdict.UNKNOWN_CODE}))
    house = House(an_order("5771", a_line("A-01")), rules=strict)
    house.scan("5771")
    assert house.verdicts("rubbish", "A-01", "PSTRAY", "A-01") == [
        "UNKNOWN_CODE",
        "NOT_NOW",
        "SET_ASIDE",
        "ORDER_COMPLETE",
    ]


def test_the_default_rules_know_no_carrier_and_so_pack_nothing() -> None:
    house = House(an_order(), rules=DEFAULT_RULES)
    answer = house.scan("5771")
    assert (answer.verdict, answer.reason) == ("NOT_ELIGIBLE", "unknown_carrier")
