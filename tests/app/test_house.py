"""The house: rooms that end, paper that comes out once, and a folder that one program holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from packstation.app.house import House, chosen_language
from packstation.core.parcels import copy_code
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict
from packstation.devices.job_sender import Patience
from packstation.devices.simulated import Fault, Trouble
from packstation.errors import ComposeError, DataFileError, StoreError
from packstation.settings import Settings
from tests.app.shop import (
    BAG,
    HAND_OVER,
    ITEM,
    LABEL,
    MANIFEST,
    ONE,
    PACK,
    TWO,
    UNITS,
    YTO_LABEL,
    Station,
    keep_busy,
    no_thread_left,
    threads,
    wait_for,
)

CONFIRMED, FAILED, UNKNOWN = PrintOutcome.CONFIRMED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN
IMPATIENT = Patience(attempts=2, between_s=0.0, stalled_s=0.1)
Open = Callable[..., Station]


def test_every_thread_has_a_name_of_its_own_and_is_gone_after_close(data: Path) -> None:
    before = threads()
    with no_thread_left():
        station = Station(data)
        ours = threads()
        for name in before:
            ours.remove(name)
        assert {"printer virtual", "printer virtual-receipt", "store"} <= set(ours)
        assert [name for name in ours if name.startswith("Thread-")] == []
        station.scan(*PACK)
        station.close()


def test_a_house_may_be_closed_twice(station: Station) -> None:
    station.close()
    station.close()


def test_a_second_house_is_refused_with_the_holders_name_and_leaves_no_thread(
    station: Station, data: Path
) -> None:
    with no_thread_left(), pytest.raises(StoreError, match="in use by test") as caught:
        House(data, name="window")
    assert caught.value.code == "store.held"
    assert station.scan(ONE) == [Verdict.ORDER_OPENED]


def test_a_house_whose_printer_is_unknown_leaves_no_thread_and_no_lock(data: Path) -> None:
    settings = data / "settings.toml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good.replace('label = "virtual"', 'label = "lpt1"'), encoding="utf-8")
    with no_thread_left(), pytest.raises(DataFileError, match="lpt1"):
        Station(data)
    settings.write_text(good, encoding="utf-8")
    Station(data).close()


def test_broken_settings_start_nothing(data: Path) -> None:
    (data / "settings.toml").write_text("language = 7", encoding="utf-8")
    with no_thread_left(), pytest.raises(DataFileError):
        House(data, name="test")


def test_an_order_is_packed_bagged_and_handed_over(station: Station) -> None:
    assert station.scan(*PACK) == [
        *(Verdict.ORDER_OPENED, Verdict.ORDER_COMPLETE, Verdict.SEALED),
    ]
    assert station.scan(*HAND_OVER)[-1] is Verdict.HANDED_OVER
    assert station.house.paper_done()
    assert station.outcomes("label") == [CONFIRMED]
    assert station.outcomes("bag") == [CONFIRMED]
    assert station.outcomes("receipt") == [CONFIRMED]


@pytest.mark.parametrize(
    ("fault", "outcome", "reason", "detail"),
    [
        (Fault(Trouble.UNPLUGGED), FAILED, Reason.LABEL_NOT_OUT, "printer.gone"),
        (Fault(Trouble.UNPLUGGED, 300), UNKNOWN, Reason.LABEL_UNKNOWN, "printer.gone"),
        (Fault(Trouble.PRINTS_SILENTLY), UNKNOWN, Reason.LABEL_UNKNOWN, "printer.no_answer"),
    ],
    ids=lambda value: str(getattr(value, "value", value))[:40],
)
def test_a_label_that_did_not_come_out_keeps_the_order_over_a_restart(
    open_station: Open,
    fault: Fault,
    outcome: PrintOutcome,
    reason: Reason,
    detail: str,
) -> None:
    first = open_station()
    first.printer().patience = IMPATIENT
    first.label_fault(fault)
    answer = first.ask(ONE) and first.ask(ITEM)
    assert (answer.verdict, answer.reason, answer.detail) == (Verdict.LABEL_FAILED, reason, detail)
    assert first.outcomes("label") == [outcome]
    first.close()
    again = open_station()
    assert again.engine is not None
    assert again.engine.station.phase is Phase.LABELLING
    assert again.outcomes("label") == [outcome], "nothing is printed again by itself"
    copy = 1 if outcome is FAILED else 2
    assert again.scan("PSCMDREPRINT") == [Verdict.REPRINTED]
    if outcome is UNKNOWN:
        assert again.scan(LABEL) == [Verdict.OLD_LABEL], "only its own code proves a reprint"
    proof = copy_code(again.jobs("label")[-1].job) if outcome is UNKNOWN else LABEL
    assert again.scan(proof) == [Verdict.SEALED]
    assert [job.copy for job in again.jobs("label")] == [1, copy]
    numbers = {job.tracking_number for job in again.jobs("label")}
    assert numbers == {LABEL}, "one number, however often it is printed"


def test_what_cannot_be_composed_says_why_and_sends_nothing(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose(paper: object) -> bytes:
        raise ComposeError("print.missing_glyph", "The font has no sign for this name.")

    monkeypatch.setattr(station.printer(), "compose", compose)
    station.ask(ONE)
    answer = station.ask(ITEM)
    assert (answer.verdict, answer.detail) == (Verdict.LABEL_FAILED, "print.missing_glyph")
    assert station.printed() == []
    assert "paper_started" not in station.facts()


def test_closing_while_a_label_prints_writes_down_that_it_came_out(
    open_station: Open, data: Path
) -> None:
    first = open_station()
    first.ask(ONE)
    first.post(ITEM)
    first.close()  # nobody has drained the engine since
    again = open_station()
    assert again.outcomes("label") == [CONFIRMED]
    assert again.printed() == ["job-0001.bin"]
    assert again.scan(LABEL) == [Verdict.SEALED]


def test_a_label_queued_at_a_power_cut_is_sent_at_the_next_start_exactly_once(
    open_station: Open, tmp_path: Path
) -> None:
    first = open_station()
    first.ask(ONE)
    gate = keep_busy(first.printer_room())
    first.post(ITEM)
    assert first.engine is not None
    first.engine.drain()
    wait_for(lambda: "label_assigned" in first.facts())
    cut = first.power_cut(tmp_path / "cut")
    gate.set()
    again = open_station(cut)
    assert (again.outcomes("label"), again.printed()) == ([CONFIRMED], ["job-0001.bin"])
    assert again.engine is not None
    assert again.engine.station.phase is Phase.CONFIRMING
    again.close()
    third = open_station(cut)
    assert third.printed() == ["job-0001.bin"]
    assert third.scan(LABEL) == [Verdict.SEALED]


def test_papers_queued_at_a_power_cut_come_out_and_those_being_sent_are_unknown(
    open_station: Open, tmp_path: Path
) -> None:
    first = open_station()
    first.scan(*PACK, *HAND_OVER[:2])
    sending, gate = threading.Event(), threading.Event()

    def stuck(job: str, payload: bytes, stalled: object) -> tuple[PrintOutcome, str]:
        sending.set()
        gate.wait(10)
        return CONFIRMED, ""

    first.printer().send = stuck  # type: ignore[method-assign] # a printer that hangs
    receipts = keep_busy(first.printer_room("virtual-receipt"))
    assert first.scan(*HAND_OVER[2:])[-1] is Verdict.HANDED_OVER
    assert sending.wait(10)
    cut = first.power_cut(tmp_path / "cut")
    gate.set()
    receipts.set()
    again = open_station(cut)
    assert again.house.paper_done()
    assert again.outcomes("bag") == [UNKNOWN], "a person looks whether it came out"
    assert again.outcomes("receipt") == [CONFIRMED]
    assert len(again.printed()) == 1, "the parcel's label only"
    assert again.scan("PSCMDCLOSE") == [Verdict.OUT_OF_PLACE], "the handover is closed"


def test_a_receipt_that_failed_keeps_the_handover_closed_and_can_be_printed_again(
    station: Station,
) -> None:
    station.receipt_fault(Fault(Trouble.UNPLUGGED))
    station.printer("virtual-receipt").patience = IMPATIENT
    assert station.scan(*PACK, *HAND_OVER)[-1] is Verdict.HANDED_OVER
    assert station.house.paper_done()
    assert station.outcomes("receipt") == [FAILED]
    station.receipt_fault(Fault())
    job = station.house.reprint("receipt", MANIFEST)
    assert station.house.paper_done()
    last = station.jobs("receipt")[-1]
    assert (last.job, last.copy, last.outcome) == (job, 2, CONFIRMED)
    assert station.facts().count("handover_closed") == 1
    assert station.scan(BAG) == [Verdict.ALREADY_HANDED_OVER]


def test_reprinting_what_never_was_printed_is_refused(station: Station) -> None:
    with pytest.raises(StoreError) as caught:
        station.house.reprint("receipt", "PSM01000099")
    assert caught.value.code == "store.no_such_job"


def test_a_stuck_label_printer_does_not_keep_the_next_order_waiting(station: Station) -> None:
    station.scan(*PACK, *HAND_OVER[:2])
    gate = keep_busy(station.printer_room())
    begun = time.monotonic()
    assert station.scan("PSCMDSEAL", TWO, *UNITS[:2])[-1] is Verdict.MATCH
    assert time.monotonic() - begun < 5
    gate.set()


def test_when_nothing_can_be_saved_nothing_says_yes_and_the_restart_knows_what_was_true(
    open_station: Open,
) -> None:
    first = open_station()
    first.scan(TWO, UNITS[0])
    first.house.call(lambda: setattr(first.house.store.db, "unusable", "store.io_error"))
    answer = first.ask(UNITS[1])
    assert (answer.verdict, answer.reason) == (Verdict.NOT_SAVED, Reason.CANNOT_SAVE)
    assert first.scan(ONE, LABEL) == [Verdict.NOT_SAVED] * 2
    first.close()
    again = open_station()
    assert again.house.store.resumed
    assert again.ask(UNITS[1]).missing == 1
    assert again.scan(UNITS[2], YTO_LABEL) == [Verdict.ORDER_COMPLETE, Verdict.SEALED]


def test_an_error_that_is_no_store_error_is_not_saved_too(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("a bug")

    monkeypatch.setattr("packstation.store.recorder.apply", fail)
    assert station.scan(ONE) == [Verdict.NOT_SAVED]


def test_another_language_changes_paper_at_once(station: Station) -> None:
    from packstation.ports import LabelJob

    station.scan(ONE, ITEM)
    job = station.jobs("label")[0].job
    paper = station.house.call(lambda: station.house.store.ledger.paper(job))
    assert isinstance(paper, LabelJob)
    english = station.printer().compose(paper)
    station.house.speak("zh_CN")
    assert station.house.letterhead().words.language == "zh"
    assert station.printer().compose(paper) != english


def test_virtual_printers_keep_one_file_for_each_job_and_nothing_else(station: Station) -> None:
    station.scan(*PACK, TWO, *UNITS, YTO_LABEL)
    folder = station.data / "virtual-label-printer"
    assert sorted(path.name for path in folder.iterdir()) == ["job-0001.bin", "job-0002.bin"]


@pytest.mark.parametrize(
    ("variable", "settings", "given", "spoken"),
    [
        ("zh_CN.UTF-8", "auto", None, "zh_CN"),
        ("de_DE.UTF-8", "auto", None, "en"),
        ("zh_CN.UTF-8", "en", None, "en"),
        ("de_DE.UTF-8", "zh_CN", None, "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN", "en", "en"),
    ],
)
def test_the_computers_language_is_spoken_unless_another_was_set(
    variable: str,
    settings: str,
    given: str | None,
    spoken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", variable)
    assert chosen_language(Settings(language=settings), given) == spoken
