"""Urge tasks (催发货): their five states, what may move them, and what keeps one from counting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from packstation.core.deadline_rules import Exempt, Exemption
from packstation.core.orders import OrderKey, OrderKind
from packstation.core.status import UrgeState


class UrgeCause(StrEnum):
    """Why a task moved; stored words, append-only."""

    REPLIED = "replied"
    """The seller answered the buyer; that finishes nothing."""
    PROPOSED = "proposed"
    """The seller did what was said; the buyer is asked."""
    BUYER_REJECTED = "buyer_rejected"
    TIMED_OUT = "timed_out"
    """Nobody answered in time."""
    SHIPPED = "shipped"
    """The parcel was sealed here, or the platform says that it is on its way."""
    REFUNDED = "refunded"
    """The money went back before any complaint."""
    REFUND_FINISHED = "refund_finished"
    """The money went back and the complaint is finished."""
    PARCEL_VOIDED = "parcel_voided"
    """The parcel that had closed the task does not travel after all."""


Moves = Mapping[UrgeState, Mapping[UrgeState, frozenset[UrgeCause]]]

_REPLY, _ACTION, _BUYER, _STEPPED_IN, _CLOSED = UrgeState
_ENDS = frozenset({UrgeCause.SHIPPED, UrgeCause.REFUNDED})

MOVES: Moves = {
    _REPLY: {
        _ACTION: frozenset({UrgeCause.REPLIED}),
        _STEPPED_IN: frozenset({UrgeCause.TIMED_OUT}),
        _CLOSED: _ENDS,
    },
    _ACTION: {
        _BUYER: frozenset({UrgeCause.PROPOSED}),
        _STEPPED_IN: frozenset({UrgeCause.TIMED_OUT, UrgeCause.BUYER_REJECTED}),
        _CLOSED: _ENDS,
    },
    _BUYER: {
        _STEPPED_IN: frozenset({UrgeCause.TIMED_OUT, UrgeCause.BUYER_REJECTED}),
        _CLOSED: _ENDS,
    },
    # The platform judges a complaint now: money alone does not end it any more.
    _STEPPED_IN: {_CLOSED: frozenset({UrgeCause.SHIPPED, UrgeCause.REFUND_FINISHED})},
    _CLOSED: {_ACTION: frozenset({UrgeCause.PARCEL_VOIDED})},
}
"""From state to state, and for which causes; the store refuses every other move."""


def may_move(state: UrgeState, target: UrgeState, cause: UrgeCause) -> bool:
    """Return whether a task may go from one state to another for a cause."""
    return cause in MOVES[state].get(target, frozenset())


def target_of(state: UrgeState, cause: UrgeCause) -> UrgeState | None:
    """Return where a cause takes a task; None where it changes nothing.

    >>> target_of(UrgeState.AWAITING_SELLER_REPLY, UrgeCause.REPLIED)
    <UrgeState.AWAITING_SELLER_ACTION: 'awaiting_seller_action'>
    """
    return next((to for to, causes in MOVES[state].items() if cause in causes), None)


def way_to(state: UrgeState, target: UrgeState) -> tuple[tuple[UrgeState, UrgeCause], ...]:
    """Return the legal moves to where the platform says that a task stands.

    The platform's list tells states, not what happened in between. A task that is further here
    than in the list (it was just shipped) stays where it is: the answer is empty then.
    """
    if state is _CLOSED:
        return ()
    paths: deque[tuple[UrgeState, tuple[tuple[UrgeState, UrgeCause], ...]]] = deque([(state, ())])
    seen = {state}
    while paths:
        here, moves = paths.popleft()
        if here is target:
            return moves
        for to, causes in MOVES[here].items():
            if to not in seen and here is not _CLOSED:
                seen.add(to)
                paths.append((to, (*moves, (to, min(causes)))))
    return ()


@dataclass(frozen=True, slots=True)
class UrgeTask:
    """One task as it stands."""

    task: str
    order: OrderKey
    state: UrgeState
    opened_at: datetime
    due_at: datetime
    """When it must be shipped, refunded or answered."""
    rule: str
    """Id of the deadline rule that gave the due time."""
    exempt: str | None
    """Id of the exemption that keeps it from counting."""
    cause: str | None
    """Why it moved last."""

    def late(self, now: datetime) -> bool:
        """Return whether its time is over and it is not finished; exactly at its end it is not."""
        return self.exempt is None and self.state is not _CLOSED and now > self.due_at

    def left_s(self, now: datetime) -> int:
        """Return the seconds left, negative when late."""
        return int((self.due_at - now).total_seconds())


def times_out(task: UrgeTask, now: datetime) -> bool:
    """Return whether the platform steps in because nobody answered.

    After an answer no time of the platform's is known: such a task is shown late, nothing more.
    """
    return task.state is _REPLY and task.late(now)


def exemption_of(
    exemptions: Iterable[Exemption],
    *,
    platform: str,
    kind: OrderKind,
    at: datetime,
    flags: frozenset[Exempt] = frozenset(),
) -> Exemption | None:
    """Return the first exemption that keeps an order's task from counting.

    Args:
        exemptions: Of the data files.
        platform: Whose rules hold for the order.
        kind: Of the order.
        at: Aware; when the buyer urged.
        flags: What is known beside the order: reported in time, exempt area, no complaint.
    """
    for one in exemptions:
        if platform not in one.platforms or not one.holds_at(at):
            continue
        if kind in one.kinds if one.when is Exempt.KIND else one.when in flags:
            return one
    return None


@dataclass(frozen=True, slots=True)
class ReminderBudget:
    """How many pop-up reminders one person gets on one day; stop sounds never ask here."""

    cap: int = 10
    """Most pop-ups on one day; 0 = none."""
    shown: int = 0

    @property
    def left(self) -> int:
        """Pop-ups that may still be shown today."""
        return max(0, self.cap - self.shown)

    def spend(self) -> ReminderBudget | None:
        """Return the budget after one more pop-up; None where it must not be shown."""
        return ReminderBudget(self.cap, self.shown + 1) if self.left else None
