"""The orders page takes files, says what was refused and why, and lists what stops an order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from packstation.core.order_query import Group, GroupBy
from packstation.core.orders import HoldReason
from packstation.core.status import PaperKind, ParcelState
from packstation.errors import ImportFileError, PackStationError
from packstation.ui.ask_dialogs import AskDialog, BadgeDialog
from packstation.ui.backend_orders import FileReport, MergeGroup
from packstation.ui.controls import Button, Label
from packstation.ui.order_filters import FilterDialog
from packstation.ui.rail import Page
from packstation.ui.suggestions_dialog import SuggestionsDialog
from tests.builders import MAIN
from tests.ui.conftest import Bench
from tests.ui.fakes import some_report
from tests.ui.fakes_orders import YTO, a_row, some_rows


def test_an_empty_list_asks_for_the_shops_file(bench: Bench) -> None:
    bench.window.show_page(Page.ORDERS)
    assert bench.window.orders.lists.empty.text().startswith("Import your shop's export file.")


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


W = TypeVar("W", bound=QWidget)


def children(parent: QWidget, kind: type[W]) -> list[W]:
    return cast("list[W]", parent.findChildren(kind))


def texts(bench: Bench, column: int) -> list[str]:
    model = bench.window.orders.model
    return [str(model.data(model.index(row, column))) for row in range(len(model.rows))]


def test_the_list_says_where_each_order_stands(bench: Bench) -> None:
    bench.backend.rows, bench.backend.total = some_rows(10), 1318
    bench.window.show_page(Page.ORDERS)
    assert texts(bench, 3)[3:6] == [
        "Recipient is masked",
        "Buyer wants to cancel",
        "The buyer asks to wait",
    ]
    assert texts(bench, 3)[8:] == ["Sealed", "In a bag"]
    assert texts(bench, 2)[0].startswith("2 hours late")
    assert texts(bench, 2)[1].startswith("in 3 hours")
    assert texts(bench, 4)[0] == "urged"
    assert texts(bench, 4)[2] == "printed · W01-3"
    assert texts(bench, 4)[6:8] == ["3 orders together", "parcel 1 of 2"]
    assert bench.window.orders.lists.count.text() == "10 of 1318 orders"


def test_words_in_the_search_field_find_orders(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    page.search.setText("0007")
    bench.qtbot.waitUntil(lambda: len(page.model.rows) == 1)
    page.search.setText("nothing")
    bench.qtbot.waitUntil(lambda: page.lists.empty.text() == "No order fits these words.")


def test_tabs_ask_for_their_list_and_tell_how_many(bench: Bench) -> None:
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    assert page.lists.tabs.buttons[Group.OVERDUE].text() == "Late 2"
    assert not page.lists.tabs.buttons[Group.URGED].isVisible(), "nobody urges"
    page.lists.tabs.buttons[Group.OVERDUE].click()
    assert bench.backend.queries[-1].group is Group.OVERDUE
    assert page.lists.empty.text() == "There is no such order now."


def test_a_tile_of_the_board_opens_its_list(bench: Bench) -> None:
    bench.window.show_page(Page.BOARD)
    bench.window.board.tiles[Group.AT_RISK].click()
    assert bench.window.page is Page.ORDERS
    assert bench.backend.queries[-1].group is Group.AT_RISK


def test_scrolling_down_asks_for_the_next_rows(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(130)
    bench.window.show_page(Page.ORDERS)
    assert len(page.model.rows) == 50
    page.table.scrollToBottom()
    bench.qtbot.waitUntil(lambda: len(page.model.rows) >= 100)
    page.table.scrollToBottom()
    bench.qtbot.waitUntil(lambda: len(page.model.rows) == 130)
    assert page.lists.count.text() == "130 orders"
    page.refresh()
    assert len(page.model.rows) == 130, "a refresh keeps what was scrolled to"


def test_a_bounded_look_says_how_far_it_went(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(3)
    bench.backend.searched_to = datetime(2026, 8, 1, tzinfo=UTC)
    bench.window.show_page(Page.ORDERS)
    assert page.lists.further.isVisible()
    assert page.lists.further.text().startswith("Looked back to 0")
    asked = len(bench.backend.queries)
    page.lists.further.click()
    assert len(bench.backend.queries) == asked + 1


def test_choice_and_place_stay_over_a_refresh(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(40)
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(3)
    bench.backend.rows = (a_row(99), *bench.backend.rows)
    page.refresh()
    assert [row.order_id for row in page.table.all_chosen] == [some_rows()[3].order_id]


def test_a_filter_is_a_chip_that_can_be_taken_away_and_brought_back(bench: Bench) -> None:
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    page.lists.filter.click()
    dialog = cast("FilterDialog", bench.window.findChild(FilterDialog))
    dialog.printed.setCurrentIndex(dialog.printed.findData("no"))
    dialog.carrier.setCurrentIndex(dialog.carrier.findData("YTO"))
    dialog.due.setCurrentIndex(dialog.due.findData("late"))
    dialog.bin.setText("A-03")
    dialog.take.click()
    asked = bench.backend.queries[-1]
    assert (asked.printed, asked.carriers, asked.bin) == (False, (YTO,), "A-03")
    assert asked.due_to is not None
    chips = [chip.text() for chip in children(page.lists.chips, Button)]
    assert any("not printed" in text for text in chips)
    page.lists.clear_filters()
    assert bench.backend.queries[-1].printed is None
    page.lists._back()
    assert bench.backend.queries[-1].printed is False


def test_a_group_filters_the_list(bench: Bench) -> None:
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    assert not page.lists.group_table.isVisible()
    page.lists.by.setCurrentIndex(1)
    page.lists.by.activated.emit(1)
    assert bench.backend.grouped == [GroupBy.CARRIER]
    page.lists.group_table.selectRow(0)
    page.lists._open_group()
    assert bench.backend.queries[-1].carriers == (YTO,)


def test_one_chosen_order_shows_its_lines_and_what_may_be_done(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    assert not page.details.isVisible()
    page.table.selectRow(4)
    assert [line.sku for line in page.details.lines.rows] == ["TS-RED-M", "CUP-350"]
    shown = [word for word, button in page.details.buttons.items() if button.isVisible()]
    assert shown == ["accept", "reject", "cancel"]
    page.details.buttons["reject"].click()
    assert bench.backend.done == [("reject", some_rows()[4].key)]
    page.table.selectAll()
    assert not page.details.isVisible()


def test_several_chosen_orders_are_held_for_a_reason(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(3)
    bench.window.show_page(Page.ORDERS)
    page.table.selectAll()
    assert page._chosen.text() == "3 orders chosen"
    page.hold.click()
    dialog = cast("AskDialog", bench.window.findChild(AskDialog))
    dialog.answers["address_check"].click()
    keys = tuple(row.key for row in some_rows(3))
    assert bench.backend.done == [("hold", keys, HoldReason.ADDRESS_CHECK)]
    assert page.lists.said.text() == "3 orders held."


def test_what_was_not_done_is_said_with_its_reason(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(6)
    error = PackStationError("orders.not_held", "x", order="57710000")
    bench.backend.refused = ((some_rows()[0].key, error),)
    bench.window.show_page(Page.ORDERS)
    page.table.selectAll()
    page.release.click()
    assert page.lists.said.text().startswith("5 orders released. 1 was left as it is: 5771")


def test_a_supervisors_badge_is_asked_for_once(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows, bench.backend.badge = some_rows(6), "7"
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(5)
    page.release.click()
    assert bench.backend.done == []
    dialog = cast("BadgeDialog", bench.window.findChild(BadgeDialog))
    dialog.badge.setText("psopr7")
    dialog.give.click()
    assert bench.backend.done == [("release", (some_rows()[5].key,))]
    bench.backend.badge = "8"
    page.release.click()
    (last,) = [one for one in children(bench.window, BadgeDialog) if one.isVisible()]
    last.badge.setText("7")
    last.give.click()
    assert "supervisor" in page.lists.said.text().lower(), "a wrong badge is said, not asked again"


def test_cancelling_says_what_the_platform_will_do_and_offers_to_hold(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.backend.consequence = ("stock_zero_delisted", ("hold", "short_pick"))
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(0)
    page.details.buttons["cancel"].click()
    dialog = cast("AskDialog", bench.window.findChild(AskDialog))
    words = " ".join(label.text() for label in children(dialog, Label))
    assert "stock to 0" in words
    assert "Better: hold the order or note the missing items." in words
    dialog.answers["out_of_stock"].click()
    assert bench.backend.done == [("cancel", some_rows()[0].key, "out_of_stock")]


def test_missing_units_are_told_of_one_line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (1, True))
    page = bench.window.orders
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(0)
    page.details.buttons["short"].click()
    cast("AskDialog", bench.window.findChild(AskDialog)).answers["1"].click()
    assert bench.backend.done == [("short", some_rows()[0].key, "TS-RED-M", 1)]


def test_orders_that_may_travel_together_are_offered(bench: Bench) -> None:
    page = bench.window.orders
    keys = tuple(row.key for row in some_rows(3))
    bench.backend.suggestions = (MergeGroup(keys, 6),)
    bench.window.show_page(Page.ORDERS)
    assert page.suggested.text() == "3 orders of 1 recipient can travel together"
    page.suggested.click()
    dialog = cast("SuggestionsDialog", bench.window.findChild(SuggestionsDialog))
    dialog.every.click()
    assert bench.backend.done == [("merge", keys)]
    assert "1 shared parcel." in page.lists.said.text()


def test_the_pick_list_goes_where_it_is_asked_to(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "p.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    page = bench.window.orders
    bench.backend.rows = some_rows(2)
    bench.window.show_page(Page.ORDERS)
    page.table.selectAll()
    page.pick.click()
    cast("AskDialog", bench.window.findChild(AskDialog)).answers["total"].click()
    assert bench.backend.done == [("pick", tuple(r.key for r in some_rows(2)), path, True)]
    assert "p.pdf" in page.lists.said.text()


@pytest.mark.parametrize(("word", "terms"), [("print_orders", ""), ("print_total", "total")])
def test_the_pick_list_comes_out_of_the_printer(bench: Bench, word: str, terms: str) -> None:
    page = bench.window.orders
    bench.backend.rows = some_rows(2)
    bench.window.show_page(Page.ORDERS)
    page.table.selectAll()
    page.pick.click()
    cast("AskDialog", bench.window.findChild(AskDialog)).answers[word].click()
    keys = "\n".join(row.key for row in some_rows(2))
    assert bench.backend.paper_calls == [("slip", PaperKind.PICK_LIST, keys, terms)]
    assert page.lists.said.text() == "The pick list is on its way to the printer."
    assert bench.backend.done == [], "no file"


def test_a_pick_list_that_cannot_be_made_says_why(bench: Bench) -> None:
    bench.backend.paper_error = PackStationError("print.nothing_to_pick", "Not one.")
    bench.window.show_page(Page.ORDERS)
    bench.window.orders.files.pick_list([])
    cast("AskDialog", bench.window.findChild(AskDialog)).answers["print_total"].click()
    assert "Not one." in bench.window.orders.lists.said.text()


def test_the_details_tick_the_steps_that_are_done(bench: Bench) -> None:
    page = bench.window.orders
    bench.backend.rows = (
        a_row(1, parcel=ParcelState.SEALED),
        a_row(2, parcel=ParcelState.HANDED_OVER),
    )
    bench.window.show_page(Page.ORDERS)
    page.table.selectRow(0)
    words = page.details._steps.text().replace("\u00a0", " ").split("  ")
    assert words == [
        "☑ paid",
        "☑ pick list printed",
        "☑ label printed",
        "☑ sealed",
        "☐ in a bag",
        "☐ handed over",
    ]
    page.table.selectRow(1)
    assert "☑ handed over (集货仓 3 号门)" in page.details._steps.text().replace("\u00a0", " ")


@pytest.mark.parametrize("word", ["ship", "fill", "results", "sheet", "returned", "export"])
def test_files_go_out_and_come_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("/x/out.xlsx", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/x/in.xlsx", ""))
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("YTO Express", True))
    left = ((some_rows()[0].key, "not_in_template"),)
    bench.backend.file = FileReport((Path("out.xlsx"),), 12, left, 5, "B01-1")
    page = bench.window.orders
    bench.window.show_page(Page.ORDERS)
    page.out.click()
    cast("AskDialog", bench.window.findChild(AskDialog)).answers[word].click()
    if word == "export":
        (last,) = [one for one in children(bench.window, AskDialog) if one.isVisible()]
        last.answers["masked"].click()
        assert bench.backend.done == [("export", Path("/x/out.xlsx"), 15_000, False)]
    assert len(bench.backend.done) == 1
    assert "12" in page.lists.said.text()
    assert "1 is not in it" in page.lists.said.text()
    assert "5 orders wait for the next file." in page.lists.said.text()


@pytest.mark.parametrize("language", ["zh_CN", "en", "en_XA"])
def test_the_page_fits_a_small_screen(make_bench: Callable[..., Bench], language: str) -> None:
    bench = make_bench(language, (1024, 640))
    bench.backend.rows = some_rows()
    bench.window.show_page(Page.ORDERS)
    bench.window.orders.table.selectRow(4)
    bench.qtbot.waitUntil(lambda: bench.window.orders.table.height() > 80)
    assert bench.window.width() <= 1024, "the page makes the window wider"


def test_files_are_chosen_by_the_button_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/x/a.xlsx"], ""))
    bench.window.orders.load.click()
    assert bench.backend.imported[0][0] == (Path("/x/a.xlsx"),)
    bench.qtbot.waitUntil(lambda: not bench.window.orders.report.running)
