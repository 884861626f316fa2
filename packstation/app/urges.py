"""Urge tasks come in, move and run out: what is written, by whatever door it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.core.deadline_rules import Clock, Exempt
from packstation.core.deadlines import DeadlineBook
from packstation.core.orders import Order, OrderKey, OrderKind, ShopKey, order_key
from packstation.core.status import UrgeState
from packstation.core.urge_facts import AnyUrgeFact, OrderUrged, UrgeTaskMoved, UrgeTaskOpened
from packstation.core.urge_tasks import (
    UrgeCause,
    UrgeTask,
    exemption_of,
    target_of,
    times_out,
    way_to,
)
from packstation.errors import PackStationError
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.settings import Settings
    from packstation.store.opening import OpenStore


@dataclass(frozen=True, slots=True)
class UrgeOutcome:
    """What became of one urge."""

    order: OrderKey
    word: str
    """``flagged`` (before the deadline), ``opened``, ``exempt``, ``moved``, ``known``,
    ``unknown_order`` or a row's refusal."""
    task: str | None = None
    state: UrgeState | None = None
    due_at: datetime | None = None
    exempt: str | None = None
    row: int = 0
    """Of the file, 0 where it came from none."""


def enter(
    store: OpenStore,
    book: DeadlineBook,
    key: OrderKey,
    *,
    at: datetime,
    task: str | None = None,
    state: UrgeState | None = None,
    flags: frozenset[Exempt] = frozenset(),
) -> UrgeOutcome:
    """Take one urge, durable on return; in the store's room.

    Before the deadline, and where no rule of urge tasks holds, the order is only flagged. A
    number of the platform's means that it opened a task, whatever we think of the deadline.

    Args:
        store: Open for writing.
        book: The house's deadlines.
        key: The order.
        at: Aware; when the buyer urged.
        task: The platform's number of the task.
        state: Where the platform says that it stands.
        flags: What exempts it, beside what the order itself says.
    """
    from packstation.store.order_rows import read_order
    from packstation.store.urge_reads import read_task, tasks_of

    order = read_order(store.db, key)
    if order is None:
        return UrgeOutcome(key, "unknown_order", task)
    number = f"{order.shop}/{task}" if task else None
    known = read_task(store.db, number) if number else None
    if known is None:
        # A task that we numbered ourselves is the platform's own, told earlier than by its list.
        ours = f"{key}." if number else ""
        known = next(
            (
                task
                for task in tasks_of(store.db, key)
                if task.state is not UrgeState.CLOSED and task.task.startswith(ours)
            ),
            None,
        )
    if known is not None:
        return _follow(store, known, state)
    rule = book.urge_rule(order, at)
    due = book.ship_by(order)
    if number is None and (rule is None or due is None or at <= due):
        _write(store, (OrderUrged(key, at),))
        return UrgeOutcome(key, "flagged")
    if rule is None or rule.hours is None:
        raise PackStationError(
            "urge.no_rule",
            f"There is no rule of urge tasks for the platform of order {order.order_id}.",
            fix="Set the shop's platform in the settings, or urge without a task number.",
            order=order.order_id,
        )
    counted = book.count(rule, at)
    assert counted is not None, "a rule with hours ends"
    exemption = exemption_of(
        book.rules.exemptions,
        platform=book.platform_of(order),
        kind=order.kind or OrderKind.NORMAL,
        at=at,
        flags=flags,
    )
    number = number or _own_number(store, order)
    why = exemption.id if exemption else None
    opened = UrgeTaskOpened(number, key, at, counted.at, rule.id, why)
    _write(store, (opened,))
    fresh = read_task(store.db, number)
    assert fresh is not None
    _follow(store, fresh, state)
    after = read_task(store.db, number)
    assert after is not None
    return UrgeOutcome(key, "exempt" if why else "opened", number, after.state, after.due_at, why)


def _own_number(store: OpenStore, order: Order) -> str:
    from packstation.store.urge_reads import tasks_of

    return f"{order.shop}/{order.order_id}.{len(tasks_of(store.db, order.key)) + 1}"


def _follow(store: OpenStore, task: UrgeTask, state: UrgeState | None) -> UrgeOutcome:
    moves = way_to(task.state, state) if state is not None else ()
    _write(store, [UrgeTaskMoved(task.task, to, cause.value) for to, cause in moves])
    now = state if moves and state is not None else task.state
    word = "moved" if moves else "known"
    return UrgeOutcome(task.order, word, task.task, now, task.due_at, task.exempt)


def move(store: OpenStore, task: str, cause: UrgeCause) -> UrgeOutcome:
    """Move a task for a cause that somebody tells, durable on return; in the store's room.

    Raises:
        PackStationError: There is no such task, or the cause leads nowhere from its state.
    """
    from packstation.store.urge_reads import read_task

    found = read_task(store.db, task)
    to = target_of(found.state, cause) if found else None
    if found is None or to is None:
        raise PackStationError(
            "urge.no_move",
            f"Urge task {task} is {found.state if found else 'not known'}; {cause} leads nowhere.",
            fix="Look at the list of urge tasks.",
            task=task,
        )
    _write(store, (UrgeTaskMoved(task, to, cause.value),))
    return UrgeOutcome(found.order, "moved", task, to, found.due_at, found.exempt)


def sweep(store: OpenStore, now: datetime) -> int:
    """Write what time and the platform's own words did to open tasks; return how many moved.

    To be called about once a minute, after each import and before a list is shown; in the
    store's room, durable on return.
    """
    from packstation.store.urge_reads import open_tasks, settled_elsewhere

    facts: list[AnyUrgeFact] = []
    ended: set[str] = set()
    for task, word in settled_elsewhere(store.db):
        cause = UrgeCause.SHIPPED if word == "shipped" else UrgeCause.REFUNDED
        to = target_of(task.state, cause)
        if to is not None:  # a complaint that the platform judges is not ended by money
            ended.add(task.task)
            facts.append(UrgeTaskMoved(task.task, to, cause.value))
    for task in open_tasks(store.db, limit=10_000):
        if task.due_at >= now:
            break
        if task.task not in ended and times_out(task, now):
            stepped_in = UrgeState.PLATFORM_STEPPED_IN
            facts.append(UrgeTaskMoved(task.task, stepped_in, UrgeCause.TIMED_OUT.value))
    _write(store, facts)
    return len(facts)


def _write(store: OpenStore, facts: Sequence[AnyUrgeFact]) -> None:
    if facts:
        with store.recorder.tx():
            store.recorder.write(facts, store.clock())


def read_list(path: Path, settings: Settings, shop: ShopKey) -> Sequence[object]:
    """Read a list of tasks of one shop; touches no store.

    Returns:
        ``ListedTask`` for rows that were taken, ``(row, word)`` for those that were not.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: A column is missing.
    """
    from packstation.exchange.cells import TimeReader
    from packstation.exchange.urge_files import load_urge_form, read_urge_list

    form = load_urge_form(resources() / "urges" / "tasks.toml")
    of_shop = settings.shop(shop)
    times = TimeReader(timezone_name=of_shop.timezone, date_order=of_shop.date_order)
    found = read_urge_list(path, form, times)
    return (*found.tasks, *found.refused)


def take_list(
    store: OpenStore, book: DeadlineBook, shop: ShopKey, rows: Iterable[object]
) -> tuple[UrgeOutcome, ...]:
    """Take the rows of ``read_list`` one by one, durable on return; in the store's room.

    A list that comes in again changes nothing but what has moved since.
    """
    from packstation.exchange.urge_files import ListedTask

    outcomes: list[UrgeOutcome] = []
    for row in rows:
        if isinstance(row, ListedTask):
            key = order_key(shop, row.order_id)
            task = row.task or f"{row.order_id}@{row.opened_at:%Y%m%d%H%M%S}"
            found = enter(
                store, book, key, at=row.opened_at, task=task, state=row.state, flags=row.flags
            )
            outcomes.append(
                UrgeOutcome(
                    key, found.word, found.task, found.state, found.due_at, found.exempt, row.row
                )
            )
        else:
            assert isinstance(row, tuple)
            outcomes.append(UrgeOutcome(OrderKey(""), str(row[1]), row=int(row[0])))
    return tuple(outcomes)


def risk_of(book: DeadlineBook, task: UrgeTask, now: datetime) -> str:
    """Return the platform's own rule that a late task breaks; empty while it is in time."""
    broken = task.late(now) or task.state is UrgeState.PLATFORM_STEPPED_IN
    rule = book.rule(task.rule) if broken else None
    return rule.risk if rule is not None and rule.clock is Clock.URGE_ANSWER else ""
