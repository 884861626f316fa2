"""A board desk that answers from invented figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

from packstation.core.deadline_rules import Clock, Deadline, StartEvent, Step, StepWord
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.reports import WorkCounts
from packstation.core.status import UrgeState
from packstation.errors import PackStationError
from packstation.ui.backend import Reply
from packstation.ui.backend_board import BandDrop, BoardView, DueHour, Reminder, ScoreRow, UrgeRow

NOTHING = BoardView(WorkCounts(0, 0, 0), (), (ScoreRow("", None, 0, 0, 0, 0),), (), None)


def a_view() -> BoardView:
    """A busy afternoon."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    waits = (3, 12, 41, 9, 0, 0, 4, 18, 77, 120, 64, 31, 8, 0, 0, 0, 2, 5, 22, 48, 51, 17, 9, 1)
    return BoardView(
        WorkCounts(
            1_284, 96, 210, due_today=233, overdue=14, at_risk=65, urged=3, held=7, stopped=25,
            unsynced=2, new=118, as_of=now,
        ),
        tuple(DueHour(now + timedelta(hours=n), count) for n, count in enumerate(waits)),
        (
            ScoreRow("", Fraction(913, 1000), 8_120, 610, 205, 65, unknown=12, estimated=4_410),
            ScoreRow("main", Fraction(95, 100), 5_000, 150, 40, 10),
            ScoreRow("second", None, 0, 0, 0, 0),
        ),
        (
            BandDrop(24, now + timedelta(hours=1), 23, 19),
            BandDrop(36, now + timedelta(hours=5), 4, 4),
        ),
        now + timedelta(minutes=30),
        last_import=now - timedelta(minutes=12),
    )  # fmt: skip


def a_deadline(clock: Clock = Clock.READY_FOR_COLLECTION) -> Deadline:
    """A clock that came from a rule."""
    paid = datetime(2026, 8, 1, 3, tzinfo=UTC)
    return Deadline(
        clock, paid + timedelta(hours=48), "Asia/Shanghai", "cn.ready", 1, "S0-3", "24x7", None,
        imported=False, start=StartEvent.PAID, start_at=paid,
    )  # fmt: skip


STEPS = (
    Step(StepWord.STARTED, {"event": "paid", "at": "2026-08-01T11:00:00+08:00"}),
    Step(StepWord.RULE, {"id": "cn.ready", "version": "1", "source": "S0-3"}),
    Step(StepWord.HOURS, {"hours": "48"}),
    Step(StepWord.DAY_OFF, {"day": "2026-08-02"}),
    Step(StepWord.DUE, {"at": "2026-08-03T11:00:00+08:00", "zone": "Asia/Shanghai"}),
)


class FakeBoard:
    """Keeps what it was asked; answers at once."""

    def __init__(self) -> None:
        super().__init__()
        self.view: BoardView | PackStationError = NOTHING
        self.asked_views: list[tuple[str, time | None, bool]] = []
        self.tasks: tuple[UrgeRow, ...] = ()
        self.urged: list[str] = []
        self.urge_answer: str | PackStationError = "task"
        self.moved: list[tuple[str, str]] = []
        self.lists: list[Path] = []
        self.urge_shops: list[ShopKey] = []
        self.reminds: list[Reminder] = []
        self.clocks: tuple[Deadline, ...] = (a_deadline(), a_deadline(Clock.IN_TRANSIT))
        self.asked_paid: list[datetime | None] = []

    def board_view(
        self, by: str, pickup: time | None, daily: bool, reply: Reply[BoardView]
    ) -> None:
        self.asked_views.append((by, pickup, daily))
        reply(self.view)

    def deadlines(
        self, order: OrderKey, paid_at: datetime | None, reply: Reply[tuple[Deadline, ...]]
    ) -> None:
        self.asked_paid.append(paid_at)
        moved = timedelta(days=1) if paid_at else timedelta()
        reply(tuple(replace(one, at=one.at + moved) for one in self.clocks))

    def deadline_steps(self, deadline: Deadline, reply: Reply[tuple[Step, ...]]) -> None:
        reply(STEPS)

    def urge_tasks(self, reply: Reply[tuple[UrgeRow, ...]]) -> None:
        reply(self.tasks)

    def urge(self, order: str, task: str, reply: Reply[str]) -> None:
        self.urged.append(order)
        reply(self.urge_answer)

    def move_urge(self, task: str, cause: str, reply: Reply[None]) -> None:
        self.moved.append((task, cause))
        reply(None)

    def reminder(self, reply: Reply[Reminder | None]) -> None:
        reply(self.reminds.pop(0) if self.reminds else None)

    def import_urges(
        self, path: Path, shop: ShopKey, reply: Reply[tuple[int, Sequence[str]]]
    ) -> None:
        self.lists.append(path)
        self.urge_shops.append(shop)
        reply((3, ("Row 4: order 99 is not known.",)))


def some_tasks() -> tuple[UrgeRow, ...]:
    """One in time, one late."""
    now = datetime.now(UTC)
    states = (UrgeState.AWAITING_SELLER_REPLY, UrgeState.PLATFORM_STEPPED_IN)
    return tuple(
        UrgeRow(
            f"T{n}", OrderKey(f"main/1930679858170{n}"), state, now - timedelta(hours=20),
            now + timedelta(hours=4 - 6 * n), risk="《淘宝网发货管理规范》" if n else "",
        )
        for n, state in enumerate(states)
    )  # fmt: skip
