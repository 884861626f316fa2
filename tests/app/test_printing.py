"""Printing through real rooms, store and printers: stalls, giving up, several printers, proofs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from packstation.app import printers, printing
from packstation.app.paper_pictures import picture_of
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.parcels import copy_code
from packstation.core.status import PaperKind, PrintOutcome, Reason, Verdict
from packstation.devices.job_sender import Patience
from packstation.devices.picture_codes import codes_in_picture
from packstation.devices.simulated import Fault, Trouble
from packstation.errors import ComposeError, DataFileError, PackStationError
from packstation.ports import PrinterState
from packstation.settings import load_settings
from packstation.ui.backend_printing import PrinterForm, PrinterUse
from tests.app.shop import (
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
    wait_for,
)

CONFIRMED, UNKNOWN = PrintOutcome.CONFIRMED, PrintOutcome.UNKNOWN
BLOCKED, CANCELLED, SENT = PrintOutcome.BLOCKED, PrintOutcome.CANCELLED, PrintOutcome.SENT
QUICK = Patience(attempts=1, between_s=0.02, stalled_s=0.05, poll_s=0.005)
NO_PAPER, PAPER = Fault(Trouble.PAPER_OUT), Fault()
VIRTUAL = PrinterForm("", "virtual", "virtual-tspl", "100x150")
Open = Callable[..., Station]


def until(station: Station, seen: Callable[[], bool]) -> None:
    """Drain the station until something was seen."""
    give_up_at = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < give_up_at, "it did not happen"
        assert station.engine is not None
        station.engine.drain()
        time.sleep(0.005)


def order_key(order: str) -> OrderKey:
    return OrderKey(f"main/{order}")


class Listener:
    """A network printer that keeps what it is sent."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.jobs: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, name="network printer", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                job = b""
                while chunk := line.recv(65536):
                    job += chunk
            if job:
                self.jobs.append(job)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)


@pytest.fixture
def network() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


# Stalls


def test_paper_out_blocks_a_label_and_paper_in_prints_it_once(station: Station) -> None:
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    station.ask(ONE)
    answer = station.ask(ITEM)
    assert (answer.verdict, answer.reason) == (Verdict.LABEL_FAILED, Reason.LABEL_BLOCKED)
    assert answer.detail == "printer.no_paper"
    assert station.outcomes("label") == [BLOCKED]
    assert station.scan(LABEL) == [Verdict.NOT_NOW], "answered at once, with no yes"
    station.label_fault(PAPER)
    until(station, lambda: station.outcomes("label") == [CONFIRMED])
    assert station.printed() == ["job-0001.bin"]
    assert station.facts().count("paper_stalled") == 2, "that it stopped, and that it goes on"
    assert station.facts().count("label_assigned") == 1
    station.settle()
    assert station.scan(LABEL) == [Verdict.SEALED]


def test_a_label_that_was_given_up_before_a_byte_left_is_printed_again_as_original(
    station: Station,
) -> None:
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    station.scan(ONE, ITEM)
    job = station.jobs("label")[0].job
    printing.give_up(station.house, job)
    until(station, lambda: station.outcomes("label") == [CANCELLED])
    station.settle()
    assert station.answer().reason is Reason.LABEL_NOT_OUT
    station.label_fault(PAPER)
    assert station.scan("PSCMDREPRINT", LABEL) == [Verdict.REPRINTED, Verdict.SEALED]
    assert [one.copy for one in station.jobs("label")] == [1, 1]
    assert station.printed() == ["job-0001.bin"]
    with pytest.raises(PackStationError) as refusal:
        printing.give_up(station.house, job)
    assert refusal.value.code == "paper.over"


def test_a_label_given_up_in_its_middle_is_unknown_and_never_an_original_again(
    station: Station,
) -> None:
    station.printer().patience = QUICK
    station.label_fault(Fault(Trouble.STUCK, 300))
    assert station.scan(ONE, ITEM)[-1] is Verdict.LABEL_FAILED
    assert station.outcomes("label") == [BLOCKED]
    printing.give_up(station.house, station.jobs("label")[0].job)
    until(station, lambda: station.outcomes("label") == [UNKNOWN])
    station.settle()
    station.label_fault(PAPER)
    assert station.scan("PSCMDREPRINT") == [Verdict.REPRINTED]
    assert [one.copy for one in station.jobs("label")] == [1, 2]
    assert station.scan(copy_code(station.jobs("label")[1].job)) == [Verdict.SEALED]


def test_paper_behind_a_blocked_label_is_cancelled_at_once_when_given_up(station: Station) -> None:
    station.scan(*PACK, *HAND_OVER[:2])
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    assert station.scan("PSCMDSEAL") == [Verdict.BAG_SEALED]
    until(station, lambda: station.outcomes("bag") == [BLOCKED])
    made = station.house.reprint("bag", "PSBAG01000001")
    wait_for(
        lambda: station.house.paper is not None and station.house.paper.waiting("virtual") == 2
    )
    printing.give_up(station.house, made)
    until(station, lambda: station.outcomes("bag") == [BLOCKED, CANCELLED])
    station.label_fault(PAPER)
    assert station.house.paper_done()
    assert station.outcomes("bag") == [CONFIRMED, CANCELLED]


def test_a_program_that_ends_while_a_label_is_blocked_knows_nothing_of_it(
    open_station: Open, tmp_path: Path
) -> None:
    first = open_station()
    first.printer().patience = QUICK
    first.label_fault(Fault(Trouble.STUCK, 300))
    first.scan(ONE, ITEM)
    assert first.outcomes("label") == [BLOCKED]
    cut = first.power_cut(tmp_path / "cut")
    again = open_station(cut)
    assert again.outcomes("label") == [UNKNOWN]
    assert again.scan("PSCMDREPRINT") == [Verdict.REPRINTED]
    assert [one.copy for one in again.jobs("label")] == [1, 2]


def test_closing_waits_for_nobodys_hand_and_leaves_what_was_not_begun(
    open_station: Open, data: Path
) -> None:
    first = open_station()
    first.scan(*PACK, *HAND_OVER[:2])
    first.printer().patience = QUICK
    first.label_fault(NO_PAPER)
    first.scan("PSCMDSEAL", TWO, *UNITS)
    until(first, lambda: BLOCKED in first.outcomes("bag"))
    assert first.outcomes("label") == [CONFIRMED, PrintOutcome.QUEUED], "waits behind the bag's"
    begun = time.monotonic()
    first.close()
    assert time.monotonic() - begun < 10, "nobody is waited for"
    again = open_station()
    assert again.house.paper_done()
    again.settle()
    assert again.outcomes("bag") == [CANCELLED]
    assert again.outcomes("label") == [CONFIRMED, CONFIRMED], "printed by itself, once"
    assert again.scan(YTO_LABEL) == [Verdict.SEALED]


# Several printers


def test_a_shop_has_a_printer_of_its_own_and_each_printer_its_own_jobs(
    open_station: Open, data: Path, network: Listener
) -> None:
    settings = data / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("[shops.main]\n", '[shops.main]\nprinter = "dock"\n')
    text += f'\n[printer.dock]\naddress = "{network.address}"\nmodel = "virtual-zpl"\n'
    settings.write_text(text, encoding="utf-8")
    station = open_station()
    station.scan(*PACK, *HAND_OVER)
    assert station.house.paper_done()
    assert [
        (one.kind, one.printer) for one in station.house.call(station.house.store.ledger.jobs)
    ] == [
        ("label", "dock"),
        ("bag", "virtual"),
        ("receipt", "virtual-receipt"),
    ]
    wait_for(lambda: len(network.jobs) == 1)
    assert network.jobs[0].startswith((b"^XA", b"~"))
    assert station.outcomes("label")[0] in (SENT, CONFIRMED)
    assert len(station.printed()) == 1, "the bag's"
    picture = picture_of("label", network.jobs[0], "dock", station.house.settings)
    assert LABEL in codes_in_picture(picture)


def test_two_uses_of_one_printer_share_its_room_and_its_order(station: Station) -> None:
    key = printers.save_printer(station.house, "", replace(VIRTUAL, name="Table 1"))
    assert key == "table-1"
    for use in (PrinterUse.LABEL, PrinterUse.RECEIPT):
        printers.use_printer(station.house, use, key)
    station.scan(*PACK, *HAND_OVER)
    assert station.house.paper_done()
    assert len(station.printed("virtual-printer-table-1")) == 3
    assert {one.printer for one in station.house.call(station.house.store.ledger.jobs)} == {key}
    assert station.printed() == []


def test_a_printer_changed_while_the_station_runs_is_used_from_the_next_paper_on(
    station: Station, data: Path, network: Listener
) -> None:
    station.scan(*PACK)
    printers.save_printer(
        station.house, "net", PrinterForm("Net", network.address, "generic-tspl-203", "76x130")
    )
    printers.use_printer(station.house, PrinterUse.LABEL, "net")
    assert station.scan(TWO, *UNITS)[-1] is Verdict.ORDER_COMPLETE
    wait_for(lambda: len(network.jobs) == 1)
    assert b"SIZE 76 mm,130 mm" in network.jobs[0]
    assert station.printed() == ["job-0001.bin"]
    saved = load_settings(data / "settings.toml")
    assert (saved.printers.label, saved.printers.receipt) == ("net", "virtual")
    assert saved.shops, "the rest of the file is what it was"
    assert station.scan(YTO_LABEL) == [Verdict.SEALED]


def test_a_job_of_a_printer_that_is_changed_meanwhile_ends_on_the_old_one(station: Station) -> None:
    key = printers.save_printer(station.house, "one", VIRTUAL)
    printers.use_printer(station.house, PrinterUse.LABEL, key)
    old = station.printer(key)
    old.patience = QUICK
    station._fault(key, NO_PAPER)
    station.scan(ONE, ITEM)
    printers.save_printer(station.house, key, replace(VIRTUAL, darkness=60))
    assert station.printer(key) is not old
    old.transport.fault = PAPER  # type: ignore[attr-defined] # a virtual one
    until(station, lambda: station.outcomes("label") == [CONFIRMED])
    assert len(station.printed("virtual-printer-one")) == 1


def test_what_cannot_be_set_up_is_refused_and_changes_nothing(
    station: Station, data: Path, network: Listener
) -> None:
    house, before = station.house, (data / "settings.toml").read_text(encoding="utf-8")
    for form in (
        replace(VIRTUAL, address="lpt1"),
        replace(VIRTUAL, model="unheard-of"),
        replace(VIRTUAL, stock="9x9"),
    ):
        with pytest.raises(DataFileError):
            printers.save_printer(house, "x", form)
    with pytest.raises(PackStationError) as refusal:
        printers.use_printer(house, PrinterUse.LABEL, "x")
    assert refusal.value.code == "printer.unknown"
    assert (data / "settings.toml").read_text(encoding="utf-8") == before
    printers.save_printer(house, "a", replace(VIRTUAL, address=network.address))
    with pytest.raises(PackStationError) as refusal:
        printers.save_printer(house, "b", replace(VIRTUAL, address=network.address))
    assert refusal.value.code == "printer.address_taken"
    printers.use_printer(house, PrinterUse.BAG, "a")
    with pytest.raises(PackStationError) as refusal:
        printers.remove_printer(house, "a")
    assert refusal.value.code == "printer.in_use"
    printers.use_printer(house, PrinterUse.BAG, "virtual")
    printers.remove_printer(house, "a")
    assert "a" not in load_settings(data / "settings.toml").printer_setups


def test_a_printer_that_vanished_from_the_settings_fails_its_paper_with_a_word(
    station: Station,
) -> None:
    house = station.house
    broken = replace(house.settings.shop(ShopKey("main")), printer="gone-printer")
    house.settings = replace(house.settings, shops={ShopKey("main"): broken})
    assert house.outlets is not None
    house.outlets.change(house.settings)
    station.ask(ONE)
    answer = station.ask(ITEM)
    assert (answer.verdict, answer.detail) == (Verdict.LABEL_FAILED, "print.no_printer")
    with pytest.raises(ComposeError):
        printing.label_preview(house, order_key(TWO))


# Test labels, rolls, queues


def test_a_test_label_proves_the_set_up_it_was_printed_with(station: Station) -> None:
    house = station.house
    key = printers.save_printer(house, "one", VIRTUAL)
    made = printing.test_print(house, key)
    assert made.outcome is CONFIRMED
    (file,) = station.printed("virtual-printer-one")
    payload = (station.data / "virtual-printer-one" / file).read_bytes()
    picture = picture_of(PaperKind.TEST, payload, key, house.settings)
    assert made.code in codes_in_picture(picture)

    def proved_at() -> datetime | None:
        return next(row.proved_at for row in printers.list_printers(house) if row.key == key)

    assert proved_at() is None
    assert printing.prove(house, made.code.lower()) == key
    assert proved_at() is not None
    printers.save_printer(house, key, replace(VIRTUAL, stock="76x130"))
    assert proved_at() is None, "another paper needs another proof"
    printing.prove(house, made.code)
    assert proved_at() is None, "the old label says nothing of the new paper"
    printers.save_printer(house, key, replace(VIRTUAL, name="Renamed"))
    assert proved_at() is not None


@pytest.mark.parametrize("text", ["PSTEST00000000", "PSTEST1", LABEL, ""])
def test_a_code_that_is_no_test_label_proves_nothing(station: Station, text: str) -> None:
    with pytest.raises(PackStationError) as refusal:
        printing.prove(station.house, text)
    assert refusal.value.code == "printer.unknown_test"


def test_printers_are_listed_with_how_they_are_and_what_is_left(station: Station) -> None:
    printing.load_roll(station.house, "virtual", 500)
    station.scan(*PACK)
    station.label_fault(NO_PAPER)
    rows = {row.key: row for row in printers.list_printers(station.house)}
    assert set(rows) == {"virtual", "virtual-receipt"}
    assert rows["virtual"].roll_left == 499
    assert rows["virtual"].status.state is PrinterState.NO_PAPER
    assert rows["virtual"].uses == (PrinterUse.LABEL, PrinterUse.BAG, PrinterUse.PICK_LIST)
    assert rows["virtual-receipt"].roll_left is None
    with pytest.raises(PackStationError):
        printing.load_roll(station.house, "virtual", -1)


def test_a_printer_at_work_is_not_asked_and_says_what_it_waits_for(station: Station) -> None:
    station.printer().patience = QUICK
    station.label_fault(NO_PAPER)
    station.scan(ONE, ITEM)
    (row,) = (row for row in printers.list_printers(station.house) if row.key == "virtual")
    assert (row.status.state, row.waiting) == (PrinterState.NO_PAPER, 1)
    (job,) = printing.queue(station.house, "virtual", 10)
    assert (job.outcome, job.detail, job.subject) == (BLOCKED, "printer.no_paper", ONE)


def test_paper_of_an_earlier_day_waits_for_a_yes(open_station: Open) -> None:
    first = open_station()
    first.receipt_fault(NO_PAPER)
    first.printer("virtual-receipt").patience = QUICK
    first.scan(*PACK, *HAND_OVER)
    until(first, lambda: first.outcomes("receipt") == [BLOCKED])
    late = first.house.reprint("receipt", MANIFEST)  # waits behind it
    wait_for(
        lambda: first.house.paper is not None and first.house.paper.waiting("virtual-receipt") == 2
    )
    first.close()
    again = open_station(start=False)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    again.house._day_start = lambda: tomorrow  # type: ignore[method-assign] # the clock goes on
    again.start()
    assert again.house.paper_done()
    assert again.outcomes("receipt") == [CANCELLED, PrintOutcome.QUEUED]
    assert [row.old for row in printing.queue(again.house, "", 1)] == [True]
    assert printing.release_old(again.house, [late], yes=True) == 1
    assert again.house.paper_done()
    assert again.outcomes("receipt") == [CANCELLED, CONFIRMED]
    assert printing.release_old(again.house, [late], yes=False) == 0, "it is out"


def test_an_unknown_receipt_is_settled_by_who_looks_at_the_printer(station: Station) -> None:
    station.receipt_fault(Fault(Trouble.PRINTS_SILENTLY))
    station.scan(*PACK, *HAND_OVER)
    assert station.house.paper_done()
    assert station.outcomes("receipt") == [UNKNOWN]
    printing.settle(station.house, station.jobs("receipt")[0].job, came_out=True)
    assert station.outcomes("receipt") == [CONFIRMED]


# Previews and reprints


def test_a_preview_shows_the_very_bytes_and_gives_nothing_out(station: Station) -> None:
    seen = codes_in_picture(printing.label_preview(station.house, order_key(ONE)))
    assert LABEL in seen
    before = station.facts()
    assert codes_in_picture(printing.label_preview(station.house, order_key(ONE)))[:1] == seen[:1]
    assert station.facts() == before
    assert station.printed() == []


def test_a_packed_parcels_label_is_printed_again_with_its_reason(station: Station) -> None:
    station.scan(*PACK)
    job = printing.reprint_label(station.house, order_key(ONE), "damaged")
    assert station.house.paper_done()
    station.settle()
    first, second = station.jobs("label")
    assert (second.job, second.copy, second.reason, second.outcome) == (
        job,
        2,
        "damaged",
        CONFIRMED,
    )
    assert first.spoiled == "damaged"
    codes = codes_in_picture(
        picture_of("label", (station.data / "virtual-label-printer" / "job-0002.bin").read_bytes())
    )
    assert copy_code(job) in codes
    with pytest.raises(PackStationError) as refusal:
        printing.reprint_label(station.house, order_key(ONE), "for fun")
    assert refusal.value.code == "paper.unknown_reason"
