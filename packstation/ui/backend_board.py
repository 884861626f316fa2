"""What the board asks for: what is due when, how well parcels are collected, urge tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packstation.core.deadline_rules import Deadline, Step
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.reports import WorkCounts
from packstation.core.status import UrgeState

if TYPE_CHECKING:
    from packstation.ui.backend import Reply


@dataclass(frozen=True, slots=True)
class DueHour:
    """Orders that are still to be sealed and fall due in one hour."""

    starts: datetime
    """Aware, on the shop's clock."""
    orders: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How timely the parcels of a shop, a carrier or the whole house were collected."""

    label: str
    """Empty = everything."""
    score: Fraction | None
    """0 to 1; None = nothing was collected yet."""
    within_24: int
    within_36: int
    """More than 24 h, at most 36 h."""
    within_48: int
    later: int
    unknown: int = 0
    """Collected, but nobody knows when they were paid; not in the score."""
    estimated: int = 0
    """Counted by our handover, since the carrier's own time is not known."""

    @property
    def collected(self) -> int:
        """Orders in the score."""
        return self.within_24 + self.within_36 + self.within_48 + self.later


@dataclass(frozen=True, slots=True)
class BandDrop:
    """Orders that leave a band of the score at one time, unless they are collected before."""

    hours: int
    """24, 36 or 48."""
    at: datetime
    """Aware; when the last of these leaves."""
    orders: int
    saved: int
    """Of these, how many the pick-up saves."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything the board shows at one time."""

    counts: WorkCounts
    hours: tuple[DueHour, ...]
    """The next 24 hours, without those that are late."""
    scores: tuple[ScoreRow, ...]
    """The whole first, then by what was asked for."""
    drops: tuple[BandDrop, ...]
    pickup: datetime | None
    """The pick-up that the drops speak of; aware."""
    score_ends: datetime | None = None
    """Where the last day of the score ends (noon), aware; None = live."""
    last_import: datetime | None = None
    """Aware; how old the data may be."""


@dataclass(frozen=True, slots=True)
class UrgeRow:
    """One urge task."""

    task: str
    order: OrderKey
    state: UrgeState
    opened_at: datetime
    due_at: datetime
    exempt: str | None = None
    """Stable word of the exemption that suppresses it; None = it counts."""
    risk: str = ""
    """Name of the rule that the platform may apply."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Urge tasks that somebody is to be reminded of, all in one pop-up."""

    tasks: int
    order: OrderKey
    """Of the most pressing one."""
    due_at: datetime
    """Of the same; aware."""


class BoardDesk(Protocol):
    """The board's door."""

    def board_view(
        self, by: str, pickup: time | None, daily: bool, reply: Reply[BoardView]
    ) -> None:
        """Read everything at once.

        Args:
            by: ``shop``, ``carrier`` or ``day``.
            pickup: Time of day of the next pick-up, the shop's clock.
            daily: True = the score ends at the last noon, as the platform counts.
            reply: The view.
        """
        ...

    def deadlines(
        self, order: OrderKey, paid_at: datetime | None, reply: Reply[tuple[Deadline, ...]]
    ) -> None:
        """List an order's clocks, as if it had been paid at another time where one is given."""
        ...

    def deadline_steps(self, deadline: Deadline, reply: Reply[tuple[Step, ...]]) -> None:
        """Say how a deadline came about, step by step."""
        ...

    def urge_tasks(self, reply: Reply[tuple[UrgeRow, ...]]) -> None:
        """List open urge tasks, the most pressing first."""
        ...

    def urge(self, order: str, task: str, reply: Reply[str]) -> None:
        """Enter an urge for an order by its number; replies ``task`` or ``flag``."""
        ...

    def move_urge(self, task: str, cause: str, reply: Reply[None]) -> None:
        """Tell what happened to a task: ``replied``, ``buyer_rejected`` or ``refunded``."""
        ...

    def reminder(self, reply: Reply[Reminder | None]) -> None:
        """Ask for a pop-up; replies None where nothing is new, or the day has had its share."""
        ...

    def import_urges(
        self, path: Path, shop: ShopKey, reply: Reply[tuple[int, Sequence[str]]]
    ) -> None:
        """Take a shop's list of tasks; replies how many were taken, a sentence for each other."""
        ...
