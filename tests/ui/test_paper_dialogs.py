"""Label batches, label files, reprints: nothing is printed twice without a person's word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import BatchState, PageState, PrintOutcome, Reason
from packstation.errors import PackStationError
from packstation.ui.ask_dialogs import BadgeDialog
from packstation.ui.backend_labels import FittedLabels
from packstation.ui.backend_printing import BatchOffer, LabelFileRow
from packstation.ui.batch_dialog import BatchDialog
from packstation.ui.label_files_dialog import LabelFilesDialog
from packstation.ui.rail import Page
from tests.builders import NOW
from tests.ui.conftest import Bench
from tests.ui.fakes_paper import a_batch, some_pages

KEYS = (OrderKey("main/8000"), OrderKey("main/8001"))
GOOD, DOUBT, WAITS = PrintOutcome.CONFIRMED, PrintOutcome.UNKNOWN, PrintOutcome.QUEUED
A_FILE = LabelFileRow("f1", "labels.pdf", ShopKey("main"), "pdf", NOW, 4, 1, 1, 1, 1, 0)


def batch_of(bench: Bench, keys: tuple[OrderKey, ...] = KEYS) -> BatchDialog:
    bench.window.orders.paper.print_labels(keys)
    dialog = bench.window.orders.paper.batch
    assert dialog is not None
    return dialog


def files_of(bench: Bench) -> LabelFilesDialog:
    bench.window.orders.labels.click()
    return cast("LabelFilesDialog", bench.window.findChild(LabelFilesDialog))


def test_nothing_is_printed_before_the_yes(bench: Bench) -> None:
    dialog = batch_of(bench)
    assert not any(call[0] == "start" for call in bench.backend.paper_calls)
    assert "Print 3 labels?" in dialog._head.text()
    dialog.start.click()
    assert ("start", KEYS, "") in bench.backend.paper_calls


def test_refused_orders_are_named_with_their_reason(bench: Bench) -> None:
    bench.backend.offer = BatchOffer(2, 50, 1, (("8001", Reason.CANCELLED),), None, "zebra")
    dialog = batch_of(bench)
    assert "Order 8001 is cancelled" in dialog._said.text()


def test_a_short_roll_starts_nothing(bench: Bench) -> None:
    bench.backend.offer = BatchOffer(50, 50, 50, (), 37, "zebra")
    dialog = batch_of(bench)
    assert dialog.start.isHidden()
    assert "37" in dialog._said.text()


def test_a_batch_that_stopped_waits_for_the_last_good_label(bench: Bench) -> None:
    bench.backend.batch_rows = (
        a_batch(GOOD, GOOD, DOUBT, WAITS, state=BatchState.STOPPED, why="printer.gone"),
    )
    dialog = batch_of(bench, ())
    assert not dialog.last_good.isHidden()
    bench.window._scanned("YT7700000000001")
    assert ("resume", "batch-1", "YT7700000000001", "") in bench.backend.paper_calls
    assert "YT7700000000001" not in bench.backend.scanned


def test_a_stopped_batch_is_found_again_after_the_window_was_closed(bench: Bench) -> None:
    orders = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    assert orders.stopped.isHidden()
    bench.backend.batch_rows = (a_batch(GOOD, DOUBT, WAITS, state=BatchState.STOPPED),)
    orders.refresh()
    assert not orders.stopped.isHidden()
    orders.stopped.click()
    assert orders.paper.batch is not None
    assert orders.paper.batch.take("YT7700000000000")


def test_a_batch_with_a_reprint_is_done_when_each_order_has_its_label(bench: Bench) -> None:
    batch = a_batch(GOOD, PrintOutcome.SENT, GOOD, state=BatchState.DONE)
    torn, again = replace(batch.jobs[1], spoiled="jam"), replace(batch.jobs[1], copy=2)
    jobs = (batch.jobs[0], torn, again, batch.jobs[2])
    bench.backend.batch_rows = (replace(batch, jobs=jobs),)
    dialog = batch_of(bench, ())
    assert dialog._head.text() == "Done: 3 of 3"
    assert dialog.progress.value() == dialog.progress.maximum()


def test_while_a_batch_runs_scans_are_the_stations(bench: Bench) -> None:
    bench.backend.batch_rows = (a_batch(GOOD, WAITS),)
    batch_of(bench, ())
    bench.window._scanned("8000")
    assert bench.backend.scanned == ["8000"]


def test_a_running_batch_can_be_stopped_and_cancelled(bench: Bench) -> None:
    bench.backend.batch_rows = (a_batch(GOOD, WAITS),)
    dialog = batch_of(bench, ())
    dialog.stop.click()
    dialog.cancel.click()
    assert ("stop", "batch-1") in bench.backend.paper_calls
    assert ("cancel", "batch-1") in bench.backend.paper_calls


def test_who_may_not_is_asked_for_a_badge_once(bench: Bench) -> None:
    bench.backend.paper_error = PackStationError("people.not_entitled", "Ask.", fix="")
    dialog = batch_of(bench)
    dialog.start.click()
    asked = cast("list[BadgeDialog]", dialog.findChildren(BadgeDialog))
    assert len(asked) == 1
    asked[0].take("PSOPR07")
    assert ("start", KEYS, "07") in bench.backend.paper_calls


def test_going_on_after_a_jam_may_need_a_badge_too(bench: Bench) -> None:
    bench.backend.batch_rows = (a_batch(GOOD, DOUBT, state=BatchState.STOPPED, why="printer.gone"),)
    dialog = batch_of(bench, ())
    bench.backend.paper_error = PackStationError("people.not_entitled", "Ask.", fix="")
    bench.window._scanned("YT7700000000000")
    (asked,) = cast("list[BadgeDialog]", dialog.findChildren(BadgeDialog))
    bench.backend.paper_error = None
    asked.take("PSOPR07")
    assert ("resume", "batch-1", "YT7700000000000", "07") in bench.backend.paper_calls


def test_pages_that_need_a_person_stand_first(bench: Bench) -> None:
    bench.backend.files, bench.backend.pages = (A_FILE,), some_pages()
    dialog = files_of(bench)
    assert dialog.pages.rows[-1].state is PageState.BOUND
    assert len(dialog.pages.rows) == 4


def test_reading_label_files_tells_how_many_found_their_order(bench: Bench) -> None:
    dialog = files_of(bench)
    assert "Read the label files" in dialog._said.text()
    bench.backend.files = (A_FILE,)
    dialog.read([Path("labels.pdf")])
    assert "1 of 4 pages" in dialog._said.text()
    assert dialog.load.isEnabled()


def test_a_file_of_which_a_page_was_printed_cannot_be_taken_back(bench: Bench) -> None:
    bench.backend.files = (replace(A_FILE, printed=1),)
    dialog = files_of(bench)
    assert not dialog.remove.isEnabled()


ODD = replace(A_FILE, other_shape=(210.0, 297.0), paper=(100.0, 150.0))


def test_why_a_page_has_no_order_is_said(bench: Bench) -> None:
    bench.backend.files, bench.backend.pages = (A_FILE,), some_pages()
    model = files_of(bench).pages
    cells = [str(model.index(row, 3).data()) for row in range(model.rowCount())]
    assert "No barcode could be read" in cells


def test_pages_of_another_shape_are_fitted_only_after_one_question(bench: Bench) -> None:
    bench.backend.files = (ODD,)
    dialog = files_of(bench)
    assert "210 x 297 mm" in dialog.shape.text()
    assert "100 x 150 mm" in dialog.shape.text()
    dialog.fit.click()
    assert dialog.asked is not None
    assert not any(call[0] == "fit_labels" for call in bench.backend.paper_calls)
    dialog.asked.leave.click()
    assert not any(call[0] == "fit_labels" for call in bench.backend.paper_calls)
    dialog.fit.click()
    dialog.asked.answers["fit"].click()
    assert bench.backend.paper_calls.count(("fit_labels", "f1")) == 1
    assert "100 labels" in dialog._said.text()
    assert dialog.fit.isHidden(), "it was agreed to"
    assert "printed fitted" in dialog.shape.text()


def test_bars_at_risk_and_lost_labels_are_told(bench: Bench) -> None:
    bench.backend.files = (ODD,)
    bench.backend.fitting = FittedLabels(10, 3, 2)
    dialog = files_of(bench)
    dialog.fit.click()
    assert dialog.asked is not None
    dialog.asked.answers["fit"].click()
    assert "bars of 3" in dialog._said.text()
    assert "2 labels could not be read" in dialog._said.text()


def test_a_file_that_fits_asks_nothing(bench: Bench) -> None:
    bench.backend.files = (A_FILE,)
    dialog = files_of(bench)
    assert dialog.fit.isHidden()
    assert dialog.shape.isHidden()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_dialogs_fit_the_smallest_window(bench: Bench, language: str) -> None:
    bench.window.set_language(language)
    bench.window.resize(1024, 640)
    QApplication.processEvents()
    dialog = batch_of(bench)
    assert dialog.width() <= 1024
    assert dialog.height() <= 640
