"""The window with everything behind it: opened as a whole or not at all, closed in order."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from packstation.app import window
from packstation.app.window import Opened
from packstation.core.status import Phase, PrintOutcome
from packstation.devices.job_sender import Patience
from packstation.devices.paper_printer import StationPrinter
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.errors import StoreError, SyncError
from packstation.exchange.sample_receiver import Misdeed, SampleReceiver, Trick
from packstation.i18n import Translator
from packstation.ui.backend import Board
from tests.app.shop import HAND_OVER, ITEM, LABEL, ONE, PACK, Station, no_thread_left


def scan(opened: Opened, qtbot: QtBot, *texts: str) -> None:
    for text in texts:
        opened.desk.scan(text)
        qtbot.waitUntil(lambda: opened.engine.idle, timeout=10_000)


def board(opened: Opened, qtbot: QtBot) -> Board:
    answers: list[object] = []
    opened.desk.board(answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    (answer,) = answers
    assert isinstance(answer, Board)
    return answer


def test_a_shift_at_the_window_and_no_thread_after_it(data: Path, qtbot: QtBot) -> None:
    with no_thread_left():
        opened = Opened(data, language="en")
        qtbot.addWidget(opened.window)
        opened.window.show()
        scan(opened, qtbot, *PACK, HAND_OVER[0])
        time.sleep(0.5)  # the label that sealed the parcel is no double trigger after this
        scan(opened, qtbot, *HAND_OVER[1:])
        opened.close()
        opened.close()
    station = Station(data)
    assert station.facts().count("handover_closed") == 1
    assert station.outcomes("receipt") == [PrintOutcome.CONFIRMED]
    station.close()


def test_a_scan_just_before_the_end_is_answered_and_its_label_written_down(
    data: Path, qtbot: QtBot
) -> None:
    opened = Opened(data, language="en")
    qtbot.addWidget(opened.window)
    scan(opened, qtbot, ONE)
    opened.desk.scan(ITEM)
    opened.close()
    station = Station(data)
    assert station.engine is not None
    assert station.engine.station.phase is Phase.CONFIRMING
    assert station.outcomes("label") == [PrintOutcome.CONFIRMED]
    station.close()


def test_a_label_printer_that_ails_is_shown_in_the_window(data: Path, qtbot: QtBot) -> None:
    opened = Opened(data, language="en")
    qtbot.addWidget(opened.window)
    assert opened.house.outlets is not None
    printer = opened.house.outlets.station("virtual").printer
    assert isinstance(printer, StationPrinter)
    printer.patience = Patience(attempts=1, between_s=0.02, stalled_s=0.1)
    assert isinstance(printer.transport, VirtualTransport)
    printer.transport.fault = Fault(Trouble.PAPER_OUT)
    scan(opened, qtbot, ONE, ITEM)
    assert board(opened, qtbot).label_printer == "printer.no_paper"
    printer.transport.fault = Fault()  # it goes on by itself
    give_up_at = time.monotonic() + 10
    while board(opened, qtbot).label_printer is not None:
        assert time.monotonic() < give_up_at
    scan(opened, qtbot, LABEL)
    opened.close()


def test_the_window_closes_in_about_a_second_while_the_receiver_hangs(
    data: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    station = Station(data)
    station.scan(*PACK)
    station.close()
    slow = Misdeed(Trick.SLOW, seconds=8.0)
    asked: list[bool] = []
    with SampleReceiver(
        tmp_path / "received.jsonl",
        look=lambda headers, body: asked.append(True) or slow,  # type: ignore[func-returns-value] # remembers
    ) as receiver:
        opened = Opened(data, language="en", sync_url=receiver.url)
        qtbot.addWidget(opened.window)
        qtbot.waitUntil(lambda: bool(asked), timeout=10_000)
        begun = time.monotonic()
        opened.close()
        assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("address", ["http://example.test/events", "ftp://127.0.0.1"])
def test_a_window_that_cannot_open_leaves_nothing_open(data: Path, address: str) -> None:
    with no_thread_left():
        with pytest.raises(SyncError):
            Opened(data, sync_url=address)
        Station(data).close()


def test_a_window_on_a_folder_in_use_says_by_whom(
    station: Station, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window, "_tell", lambda error, language: told.append(str(error)))
    with no_thread_left(), pytest.raises(StoreError):
        window.open_window(data, "en")
    assert "test" in told[0]


def test_why_there_is_no_window_is_said_in_a_box_of_plain_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    shown: list[tuple[str, Qt.TextFormat]] = []
    monkeypatch.setattr(
        QMessageBox, "exec", lambda box: shown.append((box.text(), box.textFormat()))
    )
    window._tell(StoreError("store.x", "<b>Bold</b> words.", fix="Do this."), "en")
    assert shown == [("<b>Bold</b> words.", Qt.TextFormat.PlainText)]
    assert Translator("en").language == "en"


def test_closing_the_window_ends_the_program_with_0(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QApplication

    monkeypatch.setattr(QApplication, "exec", lambda self=None: 0)
    with no_thread_left():
        assert window.open_window(data, "en") == 0
