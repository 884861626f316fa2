"""What each answer of a receiver means, one line a code."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from packstation.core.orders import OrderKey
from packstation.core.outbox import OutboxEvent
from packstation.core.status import StatusKind
from packstation.runtime.receiver_answer import Answer, Whole, judge
from tests.runtime.outboxes import START


def event(name: str, subject: str = "main/1", sequence: int = 1) -> OutboxEvent:
    kind = StatusKind.ORDER_VERIFIED
    return OutboxEvent(name, OrderKey(subject), sequence, kind, "{}", START, 0)


A, B, C = event("a"), event("b", "main/2"), event("c", "main/3")


def ok(**echo: object) -> Answer:
    return Answer(200, "application/json", json.dumps(echo).encode())


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 507, 599])
def test_what_passes_by_itself_waits(status: int) -> None:
    found = judge(Answer(status), [A], START)
    assert (found.whole, found.later, found.rejected) == (Whole.WAIT, ("a",), {})


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_log_on_pauses_all(status: int) -> None:
    assert judge(Answer(status), [A, B], START).whole is Whole.LOG_ON


@pytest.mark.parametrize("status", [400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 428, 451])
def test_another_client_error_parks_that_order_alone(status: int) -> None:
    found = judge(Answer(status), [A], START)
    assert found.whole is Whole.ANSWERED
    assert found.rejected == {"a": f"http_{status}"}
    assert judge(Answer(status), [A, B], START).whole is Whole.SPLIT


def test_a_conflict_waits_without_stopping_the_others() -> None:
    found = judge(Answer(409), [A], START)
    assert (found.whole, found.later) == (Whole.ANSWERED, ("a",))
    assert judge(Answer(409), [A, B], START).whole is Whole.SPLIT


@pytest.mark.parametrize("status", [500, 501])
def test_a_batch_that_breaks_the_receiver_is_split(status: int) -> None:
    assert judge(Answer(status), [A, B], START).whole is Whole.SPLIT


@pytest.mark.parametrize("status", [0, 100, 204, 207, 300, 301, 302, 304, 307, 308])
def test_no_answer_no_echo_and_redirects_wait(status: int) -> None:
    assert judge(Answer(status), [A, B], START).whole is Whole.WAIT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"accepted": ["a"',
        b"[]",
        b"null",
        b'{"accepted": "a"}',
        b'{"accepted": [1]}',
        b'{"accepted": ["a"], "rejected": ["b"]}',
        b'{"accepted": ["a"], "rejected": {}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"accepted": ["A"]}',
        b'{"accepted": []}',
        b'{"ok": true}',
    ],
)
def test_an_answer_that_does_not_echo_is_no_delivery(body: bytes) -> None:
    found = judge(Answer(200, "application/json", body), [A], START)
    assert (found.whole, found.delivered, found.later) == (Whole.WAIT, (), ("a",))


def test_only_echoed_ids_are_delivered() -> None:
    found = judge(ok(accepted=["a", "stranger"], rejected=[]), [A, B], START)
    assert (found.delivered, found.later) == (("a",), ("b",))
    assert found.whole is Whole.ANSWERED


def test_a_rejected_event_parks_with_the_receivers_words() -> None:
    told = [{"id": "b", "reason": "no\nsuch order" + "x" * 500}, {"id": "c"}]
    found = judge(ok(accepted=["a"], rejected=told), [A, B, C], START)
    assert found.delivered == ("a",)
    assert found.rejected["b"].startswith("rejected: no such order")
    assert len(found.rejected["b"]) < 250
    assert found.rejected["c"] == "rejected"


def test_an_id_that_is_both_accepted_and_rejected_is_neither() -> None:
    found = judge(ok(accepted=["a"], rejected=[{"id": "a", "reason": ""}]), [A], START)
    assert (found.delivered, found.rejected, found.later) == ((), {}, ("a",))


def test_an_event_behind_one_that_was_not_taken_comes_again() -> None:
    second = event("a2", "main/1", 2)
    found = judge(ok(accepted=["a2", "b"]), [A, second, B], START)
    assert (found.delivered, found.later) == (("b",), ("a", "a2"))


def test_a_cut_answer_is_no_delivery_even_with_status_200() -> None:
    whole = json.dumps({"accepted": ["a"]}).encode()
    found = judge(Answer(200, "application/json", whole, problem="timeout"), [A], START)
    assert (found.whole, found.delivered) == (Whole.WAIT, ())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("99999999999", 3600.0),
        (format_datetime(START + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(START - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after_is_understood_and_bounded(header: str, seconds: float) -> None:
    assert judge(Answer(503, retry_after=header), [A], START).wait_s == seconds
