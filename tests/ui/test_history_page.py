"""The history page shows print jobs, manifests and refused status events."""

from __future__ import annotations

from packstation.core.orders import OrderKey
from packstation.core.status import PaperKind, PrintOutcome
from packstation.ui.backend import ParkedRow, PrintRow
from packstation.ui.history_page import Part
from packstation.ui.rail import Page
from tests.builders import NOW
from tests.ui.conftest import Bench


def test_the_print_journal_shows_outcomes_and_the_paper_itself(bench: Bench) -> None:
    bench.backend.jobs = (
        PrintRow("job-2", "label", "5771", 2, PrintOutcome.UNKNOWN, "", NOW),
        PrintRow("job-1", "receipt", "PSM1", 1, PrintOutcome.CONFIRMED, "", NOW),
    )
    bench.window.show_page(Page.HISTORY)
    page = bench.window.history
    assert [page.prints.data(page.prints.index(row, 4)) for row in (0, 1)] == [
        "Not known: look at the printer",
        "Printed",
    ]
    assert page.picture.empty
    page.print_table.selectRow(0)
    assert not page.picture.empty


def test_a_refused_status_event_can_be_sent_again(bench: Bench) -> None:
    bench.backend.parked_rows = (
        ParkedRow("e-1", OrderKey("main/5771"), "parcel.sealed", "unknown order", NOW, 2),
    )
    bench.window.show_page(Page.HISTORY)
    page = bench.window.history
    page.show_part(Part.PARKED)
    assert not page.again.isEnabled()
    row = [page.parked.data(page.parked.index(0, c)) for c in range(1, 5)]
    assert row == ["5771", "Parcel sealed", "unknown order", "2"]
    page.parked_table.selectRow(0)
    page.again.click()
    assert bench.backend.retried == ["e-1"]
    assert page._said.text() == "The shop has refused nothing."
    page.send.click()
    assert bench.backend.synced == 1


def test_manifests_are_listed_with_their_receipt(bench: Bench) -> None:
    bench.window.show_page(Page.HISTORY)
    bench.window.history.tabs[Part.MANIFESTS].click()
    assert bench.window.history.part is Part.MANIFESTS
    assert bench.window.history._said.text() == "Nothing has been handed over yet."


def test_every_kind_of_paper_has_its_name(bench: Bench) -> None:
    bench.backend.jobs = tuple(
        PrintRow(f"job-{kind.value}", kind.value, "5771", 1, PrintOutcome.SENT, "", NOW)
        for kind in PaperKind
    )
    bench.window.show_page(Page.HISTORY)
    page = bench.window.history
    names = [page.prints.data(page.prints.index(row, 1)) for row in range(len(PaperKind))]
    assert names[3:6] == ["Discrepancy slip", "Packing slip", "Pick list"]
    assert not set(names) & {kind.value for kind in PaperKind}
