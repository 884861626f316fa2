"""Rooms: one named thread each, jobs in order, and none that is lost without a word."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from packstation.errors import StoreError
from packstation.runtime.rooms import Room
from tests.runtime.memory import keep_busy


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room("label_printer")
    yield made
    assert made.close()


def test_jobs_run_in_order_in_the_thread_of_that_name(room: Room) -> None:
    seen: list[tuple[int, str]] = []
    for number in range(100):
        assert room.submit(lambda n=number: seen.append((n, threading.current_thread().name)))  # type: ignore[misc] # a default is no argument here
    room.call(lambda: None, timeout_s=5)
    assert seen == [(number, "label_printer") for number in range(100)]


def test_a_call_brings_back_the_result_or_the_error(room: Room) -> None:
    def fail() -> None:
        raise StoreError("store.disk_full", "The disk is full.")

    assert room.call(lambda: 7, timeout_s=5) == 7
    with pytest.raises(StoreError, match="full"):
        room.call(fail, timeout_s=5)


def test_a_job_that_fails_does_not_end_its_room(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("odd")

    with caplog.at_level(logging.ERROR):
        room.submit(fail)
        assert room.call(lambda: "alive", timeout_s=5) == "alive"
    assert [record.message for record in caplog.records] == ["job failed"]


def test_a_call_waits_no_longer_than_it_was_told_to(room: Room) -> None:
    gate = keep_busy(room)
    with pytest.raises(TimeoutError, match="label_printer did not answer"):
        room.call(lambda: None, timeout_s=0.01)
    gate.set()


def test_a_room_that_would_wait_for_itself_says_so(room: Room) -> None:
    with pytest.raises(AssertionError, match="cannot wait for itself"):
        room.call(lambda: room.call(lambda: 1, timeout_s=1), timeout_s=5)


def test_only_its_own_thread_may_touch_a_device(room: Room) -> None:
    room.call(room.assert_here, timeout_s=5)
    with pytest.raises(AssertionError, match="label_printer was touched from MainThread"):
        room.assert_here()


def test_closing_finishes_what_was_queued_and_takes_nothing_more() -> None:
    room, seen = Room("store"), list[int]()
    gate = keep_busy(room)
    for number in range(10):
        room.submit(lambda n=number: seen.append(n))  # type: ignore[misc] # as above
    assert not room.close(timeout_s=0.01), "it is still busy"
    assert not room.submit(lambda: seen.append(99))
    with pytest.raises(TimeoutError):
        room.call(lambda: None, timeout_s=1)
    gate.set()
    assert room.close()
    assert room.close(), "twice does not matter"
    assert seen == list(range(10))
    assert "store" not in {thread.name for thread in threading.enumerate()}
