"""The window as a whole: language, sizes, scans whatever has the focus, alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from packstation.core.events import SaveFailed
from packstation.core.station import Station
from packstation.i18n import STRETCHED, Translator
from packstation.ui import style
from packstation.ui.backend import UNTRIED, Board
from packstation.ui.controls import Button
from packstation.ui.notices import Tone
from packstation.ui.rail import Page
from packstation.ui.status_line import lamps
from tests.ui.conftest import Bench
from tests.ui.fakes import some_report
from tests.ui.fakes_orders import some_rows


def type_scan(bench: Bench, text: str) -> None:
    """Send keys to the window as a scanner does."""
    handle = bench.window.windowHandle()
    for character in text:
        QTest.keyClick(handle, character)  # type: ignore[arg-type, call-overload, unused-ignore]
    QTest.keyClick(handle, Qt.Key.Key_Return)


def test_the_language_changes_while_an_order_is_open_and_nothing_is_lost(bench: Bench) -> None:
    bench.scan("577100001234", "TS-RED-M")
    before = bench.backend.engine.station
    rows = bench.window.packing.model.rows
    bench.window.languages["zh_CN"].click()
    assert bench.window.band.shown.word == "正确"
    assert bench.window.tabs[Page.PACKING].text() == "打包"
    assert bench.backend.language == "zh_CN"
    assert bench.backend.engine.station is before
    assert bench.window.packing.model.rows == rows
    bench.window.languages["en"].click()
    assert bench.window.band.shown.word == "OK"


def test_a_scan_goes_to_the_engine_though_a_search_field_has_the_focus(bench: Bench) -> None:
    bench.window.show_page(Page.ORDERS)
    bench.window.activateWindow()
    bench.window.orders.search.setFocus()
    type_scan(bench, "577100001234")
    bench.qtbot.waitUntil(lambda: bench.backend.scanned == ["577100001234"])
    bench.qtbot.waitUntil(lambda: bench.backend.engine.idle)
    assert bench.window.page is Page.PACKING, "the answer is brought to the front"
    assert bench.backend.scanned == ["577100001234"]
    assert bench.window.orders.search.text() == ""


@pytest.mark.parametrize("language", ["zh_CN", "en", STRETCHED])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080), (3840, 2160)])
def test_no_button_and_no_label_is_clipped(
    make_bench: Callable[..., Bench], language: str, size: tuple[int, int]
) -> None:
    bench = make_bench(language, size)
    bench.backend.rows, bench.backend.report = some_rows(), some_report()
    for page in Page:
        bench.window.show_page(page)
        bench.qtbot.wait(10)
        assert clipped(bench.window) == [], page
    bench.scan("577100005678")
    assert clipped(bench.window) == []
    bench.scan("PSCMDOK", "MUG-01")
    assert clipped(bench.window) == []
    assert bench.window.size().toTuple() == size, "nothing forces the window to grow"


def clipped(window: QWidget) -> list[str]:
    """Visible buttons and labels that have less room than their text needs."""
    found = []
    buttons = cast("list[Button]", window.findChildren(Button))
    labels = cast("list[QLabel]", window.findChildren(QLabel))
    for button in buttons:
        if button.isVisible() and button.width() < button.sizeHint().width():
            found.append(button.text())
    for label in labels:
        if not label.isVisible() or not label.text():
            continue
        wide, high = label.width(), label.height()
        needs = label.heightForWidth(wide) if label.wordWrap() else label.sizeHint().height()
        too_wide = not label.wordWrap() and label.sizeHint().width() > wide
        if high < needs or too_wide:
            found.append(label.text())
    return found


def test_targets_are_large_enough_for_gloves(bench: Bench) -> None:
    buttons = cast("list[Button]", bench.window.findChildren(Button))
    small = [button.text() for button in buttons if button.sizeHint().height() < 48]
    assert small == []


def test_the_band_takes_a_third_of_the_window(bench: Bench) -> None:
    assert bench.window.band.height() == 768 // 3
    bench.window.resize(1920, 1080)
    assert bench.window.band.height() == 360
    assert bench.window.font().pixelSize() > style.BASE_PX


def test_what_cannot_be_saved_stops_packing_in_red(bench: Bench) -> None:
    bench.scan("577100001234")
    bench.backend.engine.post(SaveFailed("disk_full"))
    bench.qtbot.waitUntil(lambda: bool(bench.window.notices.notices))
    (notice,) = bench.window.notices.notices
    assert notice.tone is Tone.ALARM
    assert notice.say().startswith("Cannot save: stop packing.")
    assert not any(button.isEnabled() for button in bench.window.strip.buttons.values())
    bench.window._alarm()
    assert len(bench.window.notices.notices) == 1, "the same alarm is shown once"


def test_notices_do_not_pile_up(bench: Bench) -> None:
    for number in range(6):
        bench.window.tell(lambda number=number: f"notice {number}")  # type: ignore[misc]
    bench.qtbot.wait(10)
    shown = [notice.say() for notice in bench.window.notices.notices]
    assert shown == ["notice 5", "notice 4", "notice 3"]


BOARDS = [
    (Board(), style.GREEN, "Everything is sent"),
    (Board(unsent=3, oldest_s=5.0), style.GREEN, "3 unsent, oldest 5 seconds"),
    (Board(unsent=3, oldest_s=1200.0), style.AMBER, "3 unsent, oldest 20 minutes"),
    (Board(unsent=3, oldest_s=9000.0), style.RED, "3 unsent, oldest 2 hours"),
    (
        Board(unsent=3, oldest_s=60.0, paused="unauthorized"),
        style.RED,
        "Sending paused: log-on expired · 3 unsent, oldest 1 minute",
    ),
    (
        Board(unsent=3, oldest_s=60.0, parked=2),
        style.RED,
        "2 refused by the shop, 3 unsent, oldest 1 minute",
    ),
]


@pytest.mark.parametrize(("board", "colour", "says"), BOARDS)
def test_the_status_line_tells_how_sending_goes(board: Board, colour: object, says: str) -> None:
    lamp = lamps(board, Translator("en"))[-1]
    assert (lamp.colour, lamp.text) == (colour, says)


def test_a_printer_that_ails_is_named(bench: Bench) -> None:
    label, receipt, _ = lamps(
        Board(label_printer="paper_out", receipt_printer="strange"), bench.translator
    )
    assert label.text == "Label printer: paper is out"
    assert receipt.text == "Receipt printer: check the printer"
    assert label.colour is style.RED


def test_a_printer_of_which_nothing_is_known_is_not_called_ready(bench: Bench) -> None:
    untried, well, _ = lamps(Board(label_printer=UNTRIED), bench.translator)
    assert (untried.text, untried.colour) == ("Label printer: not used yet", style.MUTED)
    assert (well.text, well.colour) == ("Receipt printer: no trouble", style.GREEN)


def test_counts_are_asked_for_once_after_many_writes(bench: Bench) -> None:
    bench.backend.counts = Board(to_pack=38, unsent=7, oldest_s=3.0)
    for _ in range(50):
        bench.bridge.wrote()
    bench.qtbot.waitUntil(lambda: bench.window.packing.idle._board.to_pack == 38)


def test_the_window_shows_an_open_handover_after_a_restart(bench: Bench) -> None:
    bench.scan("PSCMDHANDOVER")
    station = bench.backend.engine.station
    bench.window.show_page(Page.PACKING)
    bench.window._started(station)
    assert bench.window.page is Page.HANDOVER
    bench.window._started(Station(failed="disk_full"))
    assert bench.window.notices.notices[0].tone is Tone.ALARM
