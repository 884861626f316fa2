"""Orders page and board in the window over a whole house, as a person uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from packstation.app import watch_folder
from packstation.app.window import Opened
from packstation.core.orders import HoldReason
from packstation.ui.ask_dialogs import AskDialog, BadgeDialog
from packstation.ui.mapping_wizard import MappingWizard
from packstation.ui.order_filters import FilterDialog
from packstation.ui.rail import Page
from tests.app.shop import ITEM, ONE
from tests.app.test_desk import HEAD
from tests.app.test_desk_mapping import COLUMNS, invented
from tests.app.test_desk_orders import with_people

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def open_window(data: Path, qtbot: QtBot) -> Iterator[Callable[..., Opened]]:
    windows: list[Opened] = []

    def open_one(language: str = "en") -> Opened:
        opened = Opened(data, language=language)
        windows.append(opened)
        qtbot.addWidget(opened.window)
        opened.window.resize(1366, 768)
        opened.window.show()
        opened.window.show_page(Page.ORDERS)
        qtbot.waitUntil(lambda: opened.window.orders.lists.answered, timeout=10_000)
        return opened

    yield open_one
    for opened in windows:
        opened.window.close()
        opened.close()


def dialog(opened: Opened, kind: type[D]) -> D:
    """Return the newest dialog of a kind that is open."""
    every = cast("list[D]", opened.window.findChildren(kind))
    return [one for one in every if one.isVisible()][-1]


def choose(opened: Opened, qtbot: QtBot, order: str) -> None:
    """Search for an order and choose it."""
    page = opened.window.orders
    page.lists.start_over(None)
    page.search.setText(order)
    qtbot.waitUntil(lambda: [row.order_id for row in page.model.rows] == [order], timeout=10_000)
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: page.details.details is not None, timeout=10_000)


def test_an_order_is_held_and_a_scanned_badge_releases_it(
    data: Path, open_window: Callable[..., Opened], qtbot: QtBot
) -> None:
    with_people(data)
    opened = open_window()
    page = opened.window.orders
    choose(opened, qtbot, ONE)
    page.hold.click()
    dialog(opened, AskDialog).answers[HoldReason.PAYMENT_CHECK.value].click()
    qtbot.waitUntil(lambda: page.model.rows[0].held, timeout=10_000)
    page.table.selectRow(0)
    page.release.click()
    qtbot.waitUntil(lambda: bool(opened.window.findChildren(BadgeDialog)), timeout=10_000)
    asks = dialog(opened, BadgeDialog)
    opened.window.scans.scanned.emit(ONE, 0)  # a scan of goods is the station's, dialog or not
    assert asks.badge.text() == ""
    assert asks.isVisible()
    qtbot.waitUntil(lambda: opened.window._last is not None, timeout=10_000)
    opened.window.scans.scanned.emit("PSOPRs1", 0)
    qtbot.waitUntil(lambda: not page.model.rows[0].held, timeout=10_000)
    assert "1 order released." in page.lists.said.text()


def test_a_filter_shows_fewer_orders_and_keeps_a_span_that_no_word_tells(
    open_window: Callable[..., Opened], qtbot: QtBot
) -> None:
    opened = open_window()
    lists = opened.window.orders.lists
    lists.start_over(None)
    qtbot.waitUntil(lambda: len(lists.model.rows) == 14, timeout=10_000)
    lists.by.setCurrentIndex(lists.by.findText("By day due"))
    lists.refresh()
    qtbot.waitUntil(lambda: len(lists.group_model.rows) > 0, timeout=10_000)
    lists.group_table.selectRow(0)
    day = lists.group_model.rows[0]
    lists._open_group()
    qtbot.waitUntil(lambda: len(lists.model.rows) == day.orders, timeout=10_000)
    span = (lists.query.due_from, lists.query.due_to)
    lists.filter.click()
    dialog(opened, FilterDialog).take.click()
    assert (lists.query.due_from, lists.query.due_to) == span


def test_an_unknown_file_is_set_up_in_the_wizard_and_imported(
    open_window: Callable[..., Opened], qtbot: QtBot, tmp_path: Path
) -> None:
    opened = open_window()
    page = opened.window.orders
    page.import_files([invented(tmp_path)])
    qtbot.waitUntil(lambda: page.report.set_up.isVisible(), timeout=20_000)
    page.report.set_up.click()
    wizard = dialog(opened, MappingWizard)
    qtbot.waitUntil(lambda: wizard.model.rowCount() == 2, timeout=20_000)
    for field, heading in COLUMNS.items():
        box = wizard.columns[field]
        box.setCurrentIndex(box.findData(heading))
        box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: len(wizard.statuses) == 2, timeout=20_000)
    for box in wizard.statuses.values():
        box.setCurrentIndex(box.findData("to_ship"))
        box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: wizard.save.isEnabled(), timeout=20_000)
    wizard.save.click()
    qtbot.waitUntil(lambda: page.report._head.text().startswith("2 new orders"), timeout=20_000)


def test_a_file_of_a_watched_folder_is_told_once_and_its_refusals_are_shown(
    data: Path,
    open_window: Callable[..., Opened],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch_folder, "EVERY_S", 0.05)
    folder = tmp_path / "exports"
    folder.mkdir()
    path = data / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[shops.main]\n", f'[shops.main]\nwatch_folder = "{folder.as_posix()}"\n'),
        encoding="utf-8",
    )
    opened = open_window()
    page = opened.window.orders
    good = f"G1,待发货,Ann,13900000006,1 Road,PEN,A pen,{ITEM},1,ZTO\n"
    (folder / "good.csv").write_text(HEAD + good, encoding="utf-8-sig")
    notices = opened.window.notices
    qtbot.waitUntil(lambda: any("good.csv" in n.say() for n in notices.notices), timeout=20_000)
    assert not page.report.isVisible(), "what went well asks for nothing"
    invented(folder)
    qtbot.waitUntil(lambda: page.report.isVisible(), timeout=20_000)
    assert page.report.set_up.isVisible()
    said = [notice.say() for notice in notices.notices]
    assert len([words for words in said if "good.csv" in words]) == 1
    assert any("Sample Shop, watched folder: " in words for words in said)


def test_an_export_that_runs_while_the_window_closes_leaves_nothing_open(
    data: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(data, language="zh_CN")
    qtbot.addWidget(opened.window)
    opened.window.show()
    out = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(out), ""))
    page = opened.window.orders
    page.files._export(page.lists.query, "masked")
    opened.window.close()
    opened.close()
    assert out.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".packstation")] == []


def test_qts_own_words_follow_the_language(
    open_window: Callable[..., Opened], qtbot: QtBot
) -> None:
    from PySide6.QtCore import QCoreApplication

    opened = open_window("zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    opened.window.set_language("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
