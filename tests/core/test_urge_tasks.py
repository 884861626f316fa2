from __future__ import annotations

import typing
from datetime import UTC, datetime, timedelta

import pytest

from packstation.core import urge_facts
from packstation.core.deadline_rules import Exempt
from packstation.core.orders import OrderKey, OrderKind
from packstation.core.status import UrgeState
from packstation.core.urge_tasks import (
    MOVES,
    ReminderBudget,
    UrgeCause,
    UrgeTask,
    exemption_of,
    may_move,
    target_of,
    times_out,
    way_to,
)
from packstation.exchange.deadline_files import load_deadlines
from packstation.exchange.holidays import CalendarFolder
from packstation.paths import resources

REPLY, ACTION, BUYER, STEPPED_IN, CLOSED = UrgeState
OPENED = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
EXEMPTIONS = load_deadlines(
    resources() / "deadlines", CalendarFolder(resources() / "calendars").names
).exemptions
LEGAL = {
    (REPLY, ACTION, "replied"),
    (REPLY, STEPPED_IN, "timed_out"),
    (REPLY, CLOSED, "shipped"),
    (REPLY, CLOSED, "refunded"),
    (ACTION, BUYER, "proposed"),
    (ACTION, STEPPED_IN, "timed_out"),
    (ACTION, STEPPED_IN, "buyer_rejected"),
    (ACTION, CLOSED, "shipped"),
    (ACTION, CLOSED, "refunded"),
    (BUYER, STEPPED_IN, "timed_out"),
    (BUYER, STEPPED_IN, "buyer_rejected"),
    (BUYER, CLOSED, "shipped"),
    (BUYER, CLOSED, "refunded"),
    (STEPPED_IN, CLOSED, "shipped"),
    (STEPPED_IN, CLOSED, "refund_finished"),
    (CLOSED, ACTION, "parcel_voided"),
}


def task(state: UrgeState = REPLY, *, exempt: str | None = None) -> UrgeTask:
    due = OPENED + timedelta(hours=24)
    return UrgeTask("t", OrderKey("main/1"), state, OPENED, due, "taobao-urge", exempt, None)


def test_only_these_moves_are_legal() -> None:
    found = {
        (state, to, cause)
        for state in UrgeState
        for to in UrgeState
        for cause in UrgeCause
        if may_move(state, to, cause)
    }
    assert found == {(state, to, UrgeCause(cause)) for state, to, cause in LEGAL}
    assert set(MOVES) == set(UrgeState)


def test_a_reply_finishes_nothing() -> None:
    assert target_of(REPLY, UrgeCause.REPLIED) is ACTION
    assert all(target_of(s, UrgeCause.REPLIED) is not CLOSED for s in UrgeState)


def test_money_alone_does_not_end_a_complaint() -> None:
    assert target_of(STEPPED_IN, UrgeCause.REFUNDED) is None
    assert target_of(STEPPED_IN, UrgeCause.REFUND_FINISHED) is CLOSED


@pytest.mark.parametrize("state", [REPLY, ACTION, BUYER, STEPPED_IN])
def test_shipping_ends_a_task_in_every_state(state: UrgeState) -> None:
    assert target_of(state, UrgeCause.SHIPPED) is CLOSED


@pytest.mark.parametrize("state", list(UrgeState))
@pytest.mark.parametrize("target", list(UrgeState))
def test_what_the_platform_says_is_reached_by_legal_moves(
    state: UrgeState, target: UrgeState
) -> None:
    moves = way_to(state, target)
    here = state
    for to, cause in moves:
        assert may_move(here, to, cause)
        here = to
    forward = list(UrgeState).index(target) > list(UrgeState).index(state)
    assert here is (target if forward else state)


def test_a_task_has_24_hours_and_not_a_second_more() -> None:
    at_the_end = OPENED + timedelta(hours=24)
    assert not task().late(at_the_end)
    assert not times_out(task(), at_the_end)
    assert task().left_s(at_the_end) == 0
    after = at_the_end + timedelta(microseconds=1)
    assert task().late(after)
    assert times_out(task(), after)
    # After a reply it is late all the same, but the platform is not said to have stepped in.
    assert task(ACTION).late(after)
    assert not times_out(task(ACTION), after)
    assert not task(CLOSED).late(after)
    assert not times_out(task(exempt="area"), after)


CASES = [
    ("taobao", OrderKind.NORMAL, (), "2026-08-01", None),
    ("taobao", OrderKind.NORMAL, (Exempt.AREA,), "2026-08-01", "area"),
    ("tmall", OrderKind.NORMAL, (Exempt.REPORTED,), "2026-08-01", "reported"),
    ("taobao", OrderKind.CUSTOM, (), "2020-08-01", "custom_or_virtual"),
    ("taobao", OrderKind.VIRTUAL, (), "2026-08-01", "custom_or_virtual"),
    ("taobao", OrderKind.NORMAL, (Exempt.NO_COMPLAINT,), "2026-08-01", "no_complaint"),
    ("taobao", OrderKind.NORMAL, (Exempt.NO_COMPLAINT,), "2022-07-14", None),
    ("taobao", OrderKind.PRESALE, (), "2026-08-01", "presale"),
    ("taobao", OrderKind.PRESALE, (), "2022-07-14", None),
    ("tiktok_shop", OrderKind.CUSTOM, (Exempt.AREA,), "2026-08-01", None),
]


@pytest.mark.parametrize(("platform", "kind", "flags", "day", "wanted"), CASES)
def test_five_things_keep_a_task_from_counting(
    platform: str, kind: OrderKind, flags: tuple[Exempt, ...], day: str, wanted: str | None
) -> None:
    at = datetime.fromisoformat(f"{day}T12:00:00+08:00")
    found = exemption_of(EXEMPTIONS, platform=platform, kind=kind, at=at, flags=frozenset(flags))
    assert (found.id if found else None) == wanted


def test_ten_reminders_and_no_more() -> None:
    budget: ReminderBudget | None = ReminderBudget()
    shown = 0
    while (budget := budget.spend() if budget else None) is not None:
        shown += 1
    assert shown == 10
    assert ReminderBudget(0).spend() is None


def test_stored_words_and_fields_are_only_ever_appended() -> None:
    stored = "replied proposed buyer_rejected timed_out shipped refunded refund_finished"
    assert [cause.value for cause in UrgeCause] == [*stored.split(), "parcel_voided"]
    fields = {
        kind.__name__: " ".join(kind.__dataclass_fields__)
        for kind in typing.get_args(urge_facts.AnyUrgeFact)
    }
    assert fields == {
        "OrderUrged": "order at",
        "UrgeTaskOpened": "task order at due_at rule exempt",
        "UrgeTaskMoved": "task state cause",
    }
