"""The bridge drains the engine on the GUI thread, whoever wakes it."""

from __future__ import annotations

import logging
import threading

import pytest
from pytestqt.qtbot import QtBot

from packstation.core.events import LabelQueued
from packstation.core.orders import TrackingNumber
from packstation.core.station import Station
from packstation.core.status import Phase, PrintOutcome
from packstation.ui.bridge import Bridge
from tests.builders import a_key, a_scan
from tests.ui.conftest import a_house
from tests.ui.fakes import FakeBackend


def test_a_scan_posted_by_another_thread_is_answered_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    backend = FakeBackend(a_house(), bridge)
    backend.start()
    threads: list[int] = []
    bridge.scan_answered.connect(lambda *_: threads.append(threading.get_ident()))
    worker = threading.Thread(target=backend.engine.post, args=(a_scan("577100001234", 1),))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]
    assert bridge.station.phase is Phase.SCANNING


def test_calls_of_other_threads_arrive_in_order_and_one_that_fails_stops_none(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    bridge, done = Bridge(), []

    def fail() -> None:
        raise ValueError("a page's fault")

    def work() -> None:
        bridge.call(lambda: done.append(1))
        bridge.call(fail)
        bridge.call(lambda: done.append(2))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    with caplog.at_level(logging.ERROR):
        qtbot.waitUntil(lambda: done == [1, 2])
    assert "callback failed" in caplog.text


def test_paper_and_writes_are_told_from_any_room(qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[object] = []
    bridge.paper_came.connect(lambda *facts: told.append(facts))
    bridge.store_wrote.connect(lambda: told.append("wrote"))
    bridge.label_came.connect(told.append)
    queued = LabelQueued(a_key(), "job-1", TrackingNumber("YT1"), 1)
    bridge.label_queued(queued)

    def work() -> None:
        bridge.paper_ended("receipt", "PSM1", PrintOutcome.FAILED, "x")
        bridge.wrote()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [queued, ("receipt", "PSM1", PrintOutcome.FAILED, "x"), "wrote"]


def test_a_bridge_without_an_engine_shows_an_empty_station(qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.wake()
    qtbot.wait(1)
    assert bridge.station == Station()


def test_the_slow_timer_runs_only_while_scans_are_queued(qtbot: QtBot) -> None:
    bridge = Bridge()
    backend = FakeBackend(a_house(), bridge)
    backend.engine._patience_s = 0.2
    backend.runner.print_now = False
    backend.start()
    answers: list[str] = []
    bridge.scan_answered.connect(lambda answer, _station: answers.append(answer.verdict.value))
    for text in ("8000", "CUP-350", "CUP-350"):
        backend.scan(text)
    qtbot.waitUntil(lambda: bridge._timer.isActive())
    qtbot.waitUntil(lambda: answers[-1:] == ["NOT_NOW"], timeout=2000)
    qtbot.waitUntil(lambda: not bridge._timer.isActive())
