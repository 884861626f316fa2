"""The orders page takes files, says what was refused and why, and lists what stops an order."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from packstation.errors import ImportFileError, PackStationError
from packstation.ui.main_window import Page
from tests.builders import MAIN
from tests.ui.conftest import Bench
from tests.ui.fakes import some_report, some_rows


def test_an_empty_list_asks_for_the_shops_file(bench: Bench) -> None:
    bench.window.show_page(Page.ORDERS)
    assert bench.window.orders._empty.text().startswith("Import your shop's export file.")


def test_dropped_files_are_imported_together_and_reported(bench: Bench) -> None:
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    bench.backend.report = some_report()
    bench.backend.rows = some_rows()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/x/orders.csv"), QUrl.fromLocalFile("/x/items.csv")])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert bench.backend.imported == [((Path("/x/orders.csv"), Path("/x/items.csv")), MAIN)]
    bench.qtbot.waitUntil(lambda: not page.report.running)
    assert page.report._head.text() == "118 new orders, 3 changed, 9 as before"
    row = [page.report.model.data(page.report.model.index(0, c)) for c in range(5)]
    assert row[1:3] == ["15", "Number damaged by a spreadsheet"]
    assert row[4] == "Export the file again and do not open it in another program first."
    assert len(page.model.rows) == 12, "the list is asked for again"


def test_a_refused_file_says_why(bench: Bench) -> None:
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    bench.backend.report = ImportFileError("import.empty_file", "a.csv is empty.", file="a.csv")
    page.import_files([Path("a.csv")])
    bench.qtbot.waitUntil(lambda: not page.report.running)
    assert page.report._head.text() == "Empty file"
    assert "a.csv is empty." in page.report._detail.text()
    page.report._button.click()
    assert not page.report.isVisible()


def test_an_import_can_be_cancelled_and_a_second_one_waits(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.finish_import = False
    page.import_files([Path("a.csv")])
    page.import_files([Path("b.csv")])
    assert len(bench.backend.imported) == 1
    page.report._button.click()
    assert bench.backend.last_cancel.called
    bench.backend.report = PackStationError("import.cancelled", "Cancelled.", file="a.csv")
    bench.backend.pending()
    assert page.report._head.text() == "Import cancelled"


def test_the_list_says_why_an_order_may_not_be_packed(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows, bench.backend.total = some_rows(8), 1318
    bench.window.show_page(Page.ORDERS)
    states = {page.model.data(page.model.index(row, 6)) for row in range(8)}
    assert states == {
        "To pack",
        "Sealed",
        "In a bag",
        "Recipient is masked",
        "Not paid",
        "On hold",
        "No tracking number left",
    }
    assert page._count.text() == "8 of 1318 orders"


def test_words_in_the_search_field_find_orders(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    page.search.setText("0007")
    bench.qtbot.waitUntil(lambda: len(page.model.rows) == 1)
    page.search.setText("nothing")
    bench.qtbot.waitUntil(lambda: page._empty.text() == "No order fits these words.")


def test_a_held_order_can_be_released_and_no_other(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(0)
    assert not page.release.isEnabled()
    page.table.selectRow(5)
    assert page.release.isEnabled()
    page.release.click()
    assert bench.backend.released == [some_rows()[5].key]


def test_the_pick_list_goes_where_it_is_asked_to(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "p.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    bench.window.show_page(Page.ORDERS)
    bench.window.orders.pick.click()
    assert bench.backend.picked == [path]
    assert "p.pdf" in bench.window.orders._said.text()


def test_files_are_chosen_by_the_button_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/x/a.xlsx"], ""))
    bench.window.orders.load.click()
    assert bench.backend.imported[0][0] == (Path("/x/a.xlsx"),)
    bench.qtbot.waitUntil(lambda: not bench.window.orders.report.running)
