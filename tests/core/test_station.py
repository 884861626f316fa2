"""What survives a power cut, and what the journal keeps of a scan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core.orders import LineKey, WhyNot
from packstation.core.station import SavedStation, Station, journal_text, restore
from packstation.core.status import Phase, PrintOutcome
from packstation.core.verification import ScanStep
from tests.builders import a_key, a_line, an_external_order, an_order, stopped, yt
from tests.core.house import House

ORDER = an_order("5771", a_line("A-01", 2), a_line("B-02"))


def lasting(station: Station) -> Station:
    """The station without what may be lost: it changes no later verdict but the tray's."""
    return replace(station, shown=None, before=Phase.IDLE, sealed_last=None, waiting=None)


def said(house: House, text: str) -> tuple[str, str | None, str]:
    answer = house.scan(text)
    return answer.verdict.value, answer.reason and answer.reason.value, house.station.phase.value


def a_house(outcome: PrintOutcome = PrintOutcome.CONFIRMED) -> House:
    house = House(ORDER, an_external_order("8001"))
    house.messages = {a_key(): ("handle with care",)}
    house.printer = lambda _: outcome
    return house


@pytest.mark.parametrize(
    "scans",
    [
        (),
        ("PSCMDBAG",),
        ("5771",),
        ("5771", "PSCMDOK"),
        ("5771", "PSCMDOK", "A-01"),
        ("5771", "PSCMDOK", "A-01", "PSCMDUNDO"),
        ("5771", "PSCMDOK", "A-01", "PSCMDPAUSE"),
        ("5771", "PSCMDOK", "A-01", "PSCMDHOLD"),
        ("5771", "PSCMDOK", "A-01", "A-01", "B-02"),
        ("5771", "PSCMDOK", "A-01", "A-01", "B-02", "YT1234567890123"),
        ("5771", "PSCMDOK", "A-01", "A-01", "B-02", yt(1), "PSCMDBAG", yt(1)),
        ("5771", "PSCMDOK", "A-01", "A-01", "B-02", yt(1), "PSCMDBAG", yt(1), "PSCMDHANDOVER"),
        ("8001", "A-01"),
        ("PSCMDHANDOVER", "PSCMDPAUSE"),
    ],
)
@pytest.mark.parametrize(
    "outcome", [PrintOutcome.CONFIRMED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN]
)
def test_a_restart_gives_the_same_station(scans: tuple[str, ...], outcome: PrintOutcome) -> None:
    house = a_house(outcome)
    house.scans(*scans)
    before, paper = house.station, list(house.paper)
    house.power_cut()
    assert lasting(house.station) == lasting(before)
    assert house.paper == paper


def test_a_label_of_which_no_byte_was_sent_is_sent_after_a_restart() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01", "A-01", "B-02")
    house.saved = replace(house.saved, phase=Phase.LABELLING)
    house.labels[a_key()] = [replace(house.labels[a_key()][0], outcome=PrintOutcome.QUEUED)]
    house.power_cut()
    assert len(house.paper) == 2
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


def test_a_label_that_was_being_sent_is_for_the_operators_eyes() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01", "A-01", "B-02")
    house.saved = replace(house.saved, phase=Phase.LABELLING)
    house.labels[a_key()] = [replace(house.labels[a_key()][0], outcome=PrintOutcome.SENDING)]
    house.power_cut()
    assert (house.station.phase, len(house.paper)) == (Phase.LABELLING, 1)
    assert said(house, yt(1)) == ("SEALED", None, "IDLE")


@pytest.mark.parametrize("outcome", [PrintOutcome.CONFIRMED, PrintOutcome.QUEUED])
@pytest.mark.parametrize(
    ("why_not", "verdict", "reason"),
    [
        (WhyNot.CANCELLED, "CANCELLED", "cancelled"),
        (None, "NOT_ELIGIBLE", "order_changed"),
    ],
)
def test_an_order_that_changed_while_the_power_was_off_stops_at_the_first_scan(
    outcome: PrintOutcome, why_not: WhyNot | None, verdict: str, reason: str
) -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01", "A-01", "B-02")
    house.labels[a_key()] = [replace(house.labels[a_key()][0], outcome=outcome)]
    house.orders[a_key()] = stopped(ORDER, why_not)
    if why_not is None:
        house.history.clear()
    house.power_cut()
    assert said(house, yt(1)) == (verdict, reason, "CONFIRMING")
    assert len(house.paper) == 1, "no paper for it"
    house.power_cut()
    assert said(house, yt(1)) == ("NOT_NOW", "acknowledge_stop", "CONFIRMING")
    house.scan("PSCMDOK")
    assert house.station.phase is (Phase.IDLE if why_not else Phase.SCANNING)


def test_an_order_that_got_no_label_still_waits_for_one_after_a_restart() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01", "A-01")
    house.numbers.clear()
    house.scan("B-02")
    house.power_cut()
    assert said(house, yt(1)) == ("LABEL_FAILED", "label_not_out", "LABELLING")
    house.numbers.append(yt(3))
    assert house.verdicts("PSCMDREPRINT", yt(3)) == ["REPRINTED", "SEALED"]


def test_a_cancellation_on_the_table_survives_a_restart_before_it_is_told() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK")
    house.change(stopped(ORDER, WhyNot.CANCELLED))
    assert house.saved.stop == house.station.stop, "written at once"
    house.power_cut()
    assert said(house, "A-01") == ("CANCELLED", "cancelled", "SCANNING")


def test_counts_that_cannot_be_of_the_order_stop_it_after_a_restart() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01")
    house.history[a_key()] = (ScanStep(((LineKey("A-01"), 9),)),)
    house.power_cut()
    assert said(house, "A-01") == ("NOT_ELIGIBLE", "order_changed", "SCANNING")


def test_a_station_saved_by_an_older_version_is_taken_at_its_word() -> None:
    house = a_house()
    house.scans("5771", "PSCMDOK", "A-01")
    house.saved = replace(house.saved, version=0)
    house.power_cut()
    assert said(house, "A-01") == ("LINE_COMPLETE", None, "SCANNING")


def test_an_order_that_is_gone_leaves_an_empty_table() -> None:
    saved = SavedStation(phase=Phase.SCANNING, order=a_key(), bag_serial=3)
    assert restore(saved, None).station == Station(bag_serial=3)


def test_an_order_being_loaded_is_not_open_after_a_restart() -> None:
    assert Station(phase=Phase.LOADING, before=Phase.PAUSED).saved.phase is Phase.PAUSED


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("6901234567892", "6901234567892"),
        ("x" * 48, "x" * 48),
        ("x" * 49, "(49 characters)"),
        ("Li Lei", "(6 characters)"),
        ("李雷", "(2 characters)"),
        ("A\x1dB", "(3 characters)"),
    ],
)
def test_the_journal_keeps_codes_only(text: str, kept: str) -> None:
    assert journal_text(text) == kept
