"""Sending status events from a house: whole, and gone in a second when the receiver hangs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from packstation.app.sync import BackgroundSender, retry_all, send_once, send_until_stopped
from packstation.errors import SyncError
from packstation.exchange.sample_receiver import Misdeed, SampleReceiver, Trick
from packstation.runtime.outbox_sender import SendReport
from tests.app.shop import PACK, Station, no_thread_left, threads, wait_for


class Mood:
    """What the receiver does next; None = an honest answer."""

    def __init__(self) -> None:
        self.misdeed: Misdeed | None = None
        self.asked = threading.Event()

    def __call__(self, headers: Mapping[str, str], body: bytes) -> Misdeed | None:
        self.asked.set()
        return self.misdeed


@pytest.fixture
def mood() -> Mood:
    return Mood()


@pytest.fixture
def receiver(tmp_path: Path, mood: Mood) -> Iterator[SampleReceiver]:
    with SampleReceiver(tmp_path / "received.jsonl", look=mood) as made:
        yield made


@pytest.fixture
def packed(station: Station) -> Station:
    station.scan(*PACK)
    return station


def waiting(station: Station) -> int:
    return station.house.call(station.house.store.outbox.counts).waiting


def test_everything_is_sent_once(packed: Station, receiver: SampleReceiver) -> None:
    count = waiting(packed)
    assert send_once(packed.house, receiver.url).delivered == count
    assert send_once(packed.house, receiver.url) == SendReport()
    assert len(receiver.events()) == count
    assert waiting(packed) == 0


def test_an_address_that_is_not_safe_is_refused_before_anything_changes(packed: Station) -> None:
    with no_thread_left():
        for start in (send_once, send_until_stopped):
            with pytest.raises(SyncError):
                start(packed.house, "http://example.test/events")
        with pytest.raises(SyncError):
            BackgroundSender(packed.house, "http://example.test/events", lambda report: None)


def test_a_refused_log_on_pauses_and_the_next_request_of_a_person_tries_again(
    packed: Station, receiver: SampleReceiver, mood: Mood
) -> None:
    mood.misdeed = Misdeed(Trick.STATUS, status=401)
    report = send_once(packed.house, receiver.url)
    assert report.paused
    assert packed.house.call(packed.house.store.outbox.counts).paused
    mood.misdeed = None
    assert send_once(packed.house, receiver.url).delivered > 0


def test_parked_orders_are_sent_again_by_hand(
    packed: Station, receiver: SampleReceiver, mood: Mood
) -> None:
    mood.misdeed = Misdeed(Trick.REJECT)
    assert send_once(packed.house, receiver.url).parked == 1
    mood.misdeed = None
    assert send_once(packed.house, receiver.url).delivered == 0
    assert packed.house.call(lambda: retry_all(packed.house.store)) == 1
    assert send_once(packed.house, receiver.url).delivered > 0


def test_the_sender_beside_the_window_ends_in_a_second_while_the_receiver_hangs(
    packed: Station, receiver: SampleReceiver, mood: Mood
) -> None:
    mood.misdeed = Misdeed(Trick.SLOW, seconds=8.0)
    count = waiting(packed)
    sender = BackgroundSender(packed.house, receiver.url, lambda report: None)
    assert mood.asked.wait(10)
    begun = time.monotonic()
    sender.close()
    assert time.monotonic() - begun < 1.5
    assert not {"outbox_sender", "outbox_guard"} & set(threads())
    assert waiting(packed) == count, "nothing is called delivered that was not echoed"


def test_the_sender_beside_the_window_sends_and_tells(
    packed: Station, receiver: SampleReceiver
) -> None:
    reports: list[SendReport] = []
    with no_thread_left():
        sender = BackgroundSender(packed.house, receiver.url, reports.append)
        wait_for(lambda: waiting(packed) == 0)
        sender.close()
    assert sum(report.delivered for report in reports) == len(receiver.events())


def test_a_polite_end_stops_sending_and_gives_the_signals_back(
    packed: Station, receiver: SampleReceiver, mood: Mood
) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    mood.misdeed = Misdeed(Trick.SLOW, seconds=8.0)

    def end() -> None:
        assert mood.asked.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)

    ender = threading.Thread(target=end, name="ender")
    ender.start()
    begun = time.monotonic()
    report = send_until_stopped(packed.house, receiver.url)
    assert time.monotonic() - begun < 5
    ender.join()
    assert "outbox_sender" not in threads()
    assert report.delivered == 0
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
