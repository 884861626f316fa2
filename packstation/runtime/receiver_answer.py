"""What a receiver's answer means for each event; pure, so that every code is one line of a table.

Only an echoed id is delivered: a page of a hotel's network, a redirect or half an answer is not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from packstation.core.outbox import OutboxEvent

WAITING_CODES = frozenset({408, 409, 425, 429})
"""Client errors that pass by themselves (HTTP semantics, RFC 9110 and RFC 8470)."""
LOG_ON_CODES = frozenset({401, 403})
CONFLICT = 409
LONGEST_WAIT_S = 3600.0
"""A receiver cannot send us to sleep for longer."""
_LONGEST_REASON = 200


class Whole(Enum):
    """What an answer means for the request as a whole."""

    ANSWERED = "answered"
    """Each event has its own answer, or one may be found by sending it alone."""
    WAIT = "wait"
    """The receiver cannot take anything now: it is left alone for a while."""
    LOG_ON = "log_on"
    """Nothing may be sent until a person has acted."""
    SPLIT = "split"
    """One of several events made it refuse all: each has to be sent alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as far as it was read."""

    status: int
    """0 = none came."""
    content_type: str = ""
    body: bytes = b""
    retry_after: str = ""
    problem: str = ""
    """Why there is no whole answer: a stable word such as ``timeout`` or ``too_large``."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from an answer."""

    whole: Whole
    delivered: tuple[str, ...] = ()
    rejected: dict[str, str] = field(default_factory=dict)
    """Id → reason: the stream is parked."""
    later: tuple[str, ...] = ()
    error: str = ""
    """One word or code, kept with the events that wait."""
    wait_s: float = 0.0
    """What the receiver asked for."""


def judge(answer: Answer, events: Sequence[OutboxEvent], now: datetime) -> Judgement:
    """Return what an answer means for the events of its request.

    Args:
        answer: As read.
        events: As sent, in order.
        now: To understand a Retry-After that names a time.
    """
    ids = tuple(event.id for event in events)
    status = answer.status
    error = answer.problem or f"http_{status}"
    wait_s = _wait_s(answer.retry_after, now)
    if status in LOG_ON_CODES:
        return Judgement(Whole.LOG_ON, later=ids, error=error)
    if status == 0 or status in WAITING_CODES - {CONFLICT} or status >= 500:
        if status in (500, 501) and len(events) > 1:
            return Judgement(Whole.SPLIT, later=ids, error=error, wait_s=wait_s)
        return Judgement(Whole.WAIT, later=ids, error=error, wait_s=wait_s)
    if 400 <= status < 500:
        if len(events) > 1:
            return Judgement(Whole.SPLIT, later=ids, error=error, wait_s=wait_s)
        if status == CONFLICT:
            return Judgement(Whole.ANSWERED, later=ids, error=error, wait_s=wait_s)
        return Judgement(Whole.ANSWERED, rejected=dict.fromkeys(ids, error), error=error)
    if not 200 <= status < 300:
        return Judgement(Whole.WAIT, later=ids, error=error, wait_s=wait_s)
    if answer.problem:
        return Judgement(Whole.WAIT, later=ids, error=error, wait_s=wait_s)
    return _echoed(answer, events)


def _echoed(answer: Answer, events: Sequence[OutboxEvent]) -> Judgement:
    ids = tuple(event.id for event in events)
    echo = _echo(answer)
    if echo is None:
        return Judgement(Whole.WAIT, later=ids, error="answer_not_understood")
    accepted, rejected = echo
    taken: list[str] = []
    refused: dict[str, str] = {}
    later: list[str] = []
    stuck: set[str] = set()
    for event in events:
        # An event behind one that was not taken comes again after it, whatever the echo says.
        if event.subject in stuck:
            later.append(event.id)
        elif event.id in accepted and event.id not in rejected:
            taken.append(event.id)
        elif event.id in rejected and event.id not in accepted:
            refused[event.id] = rejected[event.id]
            stuck.add(event.subject)
        else:
            later.append(event.id)
            stuck.add(event.subject)
    # An answer that names none of our events says nothing about them: leave the receiver alone.
    whole = Whole.ANSWERED if taken or refused else Whole.WAIT
    error = "not_echoed" if later else ""
    return Judgement(whole, tuple(taken), refused, tuple(later), error)


def _echo(answer: Answer) -> tuple[frozenset[str], dict[str, str]] | None:
    """Return accepted ids and rejected ids with their reasons; None when it is no such answer."""
    try:
        value: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    accepted, rejected = value.get("accepted", []), value.get("rejected", [])
    if not isinstance(accepted, list) or not isinstance(rejected, list):
        return None
    if not all(isinstance(one, str) for one in accepted):
        return None
    reasons: dict[str, str] = {}
    for one in rejected:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            return None
        reasons[one["id"]] = _plain(one.get("reason"))
    return frozenset(accepted), reasons


def _plain(reason: object) -> str:
    """Return a receiver's words as one printable line of bounded length."""
    text = reason if isinstance(reason, str) else ""
    line = "".join(c if c.isprintable() else " " for c in text[:_LONGEST_REASON]).strip()
    return f"rejected: {line}" if line else "rejected"


def _wait_s(header: str, now: datetime) -> float:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3), 0 when there is none."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return 0.0
    if at.tzinfo is None:
        return 0.0
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT_S)
