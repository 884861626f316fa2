"""The board shows what is due when, how timely parcels are collected, and who urges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTime

from packstation.core.deadline_rules import Clock, StepWord
from packstation.core.order_query import Group
from packstation.core.orders import OrderKey
from packstation.core.status import UrgeState
from packstation.errors import StoreError
from packstation.i18n import Translator
from packstation.ui.board_page import BoardPage
from packstation.ui.board_texts import CLOCKS, TILES, URGE_STATES
from packstation.ui.deadline_dialog import DeadlineDialog
from packstation.ui.deadline_texts import STEPS as STEP_TEXTS
from packstation.ui.deadline_texts import step_words
from packstation.ui.rail import Page
from packstation.ui.urge_panel import CAUSES
from tests.ui.conftest import Bench
from tests.ui.fakes_board import STEPS, a_view, some_tasks


@pytest.fixture
def board(bench: Bench) -> BoardPage:
    bench.backend.view = a_view()
    bench.backend.tasks = some_tasks()
    bench.window.show_page(Page.BOARD)
    return bench.window.board


def test_tiles_show_the_counts(board: BoardPage) -> None:
    shown = {group: board._numbers[group].text() for group in TILES}
    assert shown[Group.OVERDUE] == "14"
    assert shown[Group.TO_PACK] == "1 284"
    assert shown[Group.PACKED_NOT_HANDED_OVER] == "306"
    assert shown[Group.UNSYNCED] == "2"


def test_a_tile_leads_to_its_orders(board: BoardPage, bench: Bench) -> None:
    with bench.qtbot.waitSignal(board.chosen) as caught:
        board.tiles[Group.AT_RISK].click()
    assert caught.args == [Group.AT_RISK]


def test_the_chart_begins_with_what_is_late(board: BoardPage) -> None:
    assert [bar.value for bar in board.due.bars][:4] == [14, 3, 12, 41]
    assert len(board.due.bars) == 25


def test_the_score_is_told_with_its_bands_and_what_it_leaves_out(board: BoardPage) -> None:
    assert board._score.text() == "91.3 %"
    assert [band.value for band in board.bands.bands] == [8120, 610, 205, 65]
    assert "4410 by our own handover" in board._score_note.text()
    assert "12 left out" in board._score_note.text()
    assert board.scores.rows[2].score is None


def test_a_pick_up_says_what_it_saves_and_may_be_moved(board: BoardPage, bench: Bench) -> None:
    first, second = board._drops.text().split("\n")
    assert first.startswith("23 parcels leave the 24 h band by ")
    assert first.endswith("this pick-up saves 19.")
    assert second.startswith("4 parcels leave the 36 h band")
    board.pickup.setTime(QTime(16, 45))
    bench.qtbot.waitUntil(lambda: ("shop", time(16, 45), False) in bench.backend.asked_views)


def test_the_noon_cut_and_carriers_can_be_asked_for(board: BoardPage, bench: Bench) -> None:
    for box, place in ((board.by, 1), (board.daily, 1)):
        box.setCurrentIndex(place)
        box.activated.emit(place)
    assert bench.backend.asked_views[-1] == ("carrier", time(17, 30), True)


def test_an_empty_house_says_so(bench: Bench) -> None:
    bench.window.show_page(Page.BOARD)
    board = bench.window.board
    assert board._score.text() == "—"
    assert board.due._empty == "Nothing is due in the next 24 hours."
    assert board.urges._empty.isVisible()


def test_a_failed_read_is_said(bench: Bench) -> None:
    bench.backend.view = StoreError("store.io_error", "The disk does not answer.")
    bench.window.show_page(Page.BOARD)
    assert bench.window.board._score_note.text()


def test_an_urge_is_entered_and_its_kind_is_said(board: BoardPage, bench: Bench) -> None:
    panel = board.urges
    panel.order.setText(" 1930 ")
    panel.add.click()
    assert bench.backend.urged == ["1930"]
    assert panel._said.text() == "The task of 1930 runs."
    bench.backend.urge_answer = "flag"
    panel.order.setText("1931")
    panel.order.returnPressed.emit()
    assert "no task begins" in panel._said.text()
    panel.add.click()
    assert bench.backend.urged == ["1930", "1931"], "nothing typed, nothing entered"


def test_an_unknown_order_is_said_and_kept_in_the_field(board: BoardPage, bench: Bench) -> None:
    bench.backend.urge_answer = StoreError("store.order_missing", "No order 5.", order="5")
    board.urges.order.setText("5")
    board.urges.add.click()
    assert board.urges.order.text() == "5"
    assert board.urges._said.text()


def test_a_task_offers_what_may_be_told_of_it(board: BoardPage, bench: Bench) -> None:
    panel = board.urges
    assert not any(button.isVisible() for button in panel.moves)
    panel.table.selectRow(0)
    assert [b.text() for b in panel.moves if b.isVisible()] == ["Answered", "Refunded"]
    panel.moves[0].click()
    assert bench.backend.moved == [("T0", "replied")]
    panel.table.selectRow(1)
    assert panel._said.text() == "《淘宝网发货管理规范》"


def test_a_list_of_tasks_tells_what_was_refused(board: BoardPage, bench: Bench) -> None:
    board.urges.import_file(Path("/x/tasks.csv"))
    assert bench.backend.lists == [Path("/x/tasks.csv")]
    assert board.urges._said.text() == "3 tasks taken. Row 4: order 99 is not known."


def test_every_state_has_its_causes() -> None:
    assert set(CAUSES) == set(UrgeState)


def test_a_deadline_opens_its_provenance(bench: Bench) -> None:
    dialog = DeadlineDialog(OrderKey("main/1"), bench.translator, bench.backend, bench.window)
    dialog.open()
    assert dialog.steps.text().split("\n") == [
        "It runs from the payment: 2026-08-01 11:00.",
        "Rule cn.ready, version 1. Source: S0-3",
        "48 hours are allowed.",
        "2026-08-02 is no working day: weekend.",
        "So it is due 2026-08-03 11:00 (Asia/Shanghai).",
    ]
    before = dialog.model.rows[0].at
    dialog.try_it.click()
    assert dialog.model.rows[0].at > before
    dialog.back.click()
    assert dialog.model.rows[0].at == before
    assert bench.backend.asked_paid[0] is None
    assert bench.backend.asked_paid[1] is not None


def test_an_order_without_deadlines_says_why(bench: Bench) -> None:
    bench.backend.clocks = ()
    dialog = DeadlineDialog(OrderKey("main/1"), bench.translator, bench.backend, bench.window)
    dialog.open()
    assert dialog.steps.text().startswith("No deadline is known")


def test_everything_is_said_in_chinese() -> None:
    said = Translator("zh_CN")
    assert set(CLOCKS) == set(Clock)
    assert set(URGE_STATES) == set(UrgeState)
    assert set(STEP_TEXTS) == set(StepWord)
    for text in (*CLOCKS.values(), *URGE_STATES.values(), *TILES.values()):
        assert any("一" <= c <= "鿿" for c in said.text(text)), text
    for step in STEPS:
        assert any("一" <= c <= "鿿" for c in step_words(step, said)), step


@pytest.mark.parametrize("language", ["zh_CN", "en", "en_XA"])
def test_the_board_fits_a_small_screen(make_bench: Callable[..., Bench], language: str) -> None:
    bench = make_bench(language, (1024, 640))
    bench.backend.view, bench.backend.tasks = a_view(), some_tasks()
    bench.window.show_page(Page.BOARD)
    board = bench.window.board
    bench.qtbot.waitUntil(lambda: board.due.height() > 60)
    assert board.due.width() > 300
    assert board.score_table.height() > 30
