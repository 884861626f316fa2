"""Facts of urge tasks (催发货): opened, moved from state to state.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import OrderKey
from packstation.core.status import UrgeState


class UrgeFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OrderUrged(UrgeFact):
    """A buyer urges before the deadline: no task, only a flag on the order."""

    order: OrderKey
    at: datetime


@dataclass(frozen=True, slots=True)
class UrgeTaskOpened(UrgeFact):
    """The platform opened an urge task for an order that is late."""

    task: str
    """The platform's number of the task, else one of our own."""
    order: OrderKey
    at: datetime
    """Aware; when the task began, so that its time can be counted."""
    due_at: datetime
    """Aware; when it must be shipped, refunded or answered."""
    rule: str
    """Id of the rule that gave the due time."""
    exempt: str | None = None
    """Id of the exemption that keeps the task from counting; it is kept all the same."""


@dataclass(frozen=True, slots=True)
class UrgeTaskMoved(UrgeFact):
    """An urge task changed its state."""

    task: str
    state: UrgeState
    cause: str
    """A word of ``urge_tasks.UrgeCause``."""


AnyUrgeFact = OrderUrged | UrgeTaskOpened | UrgeTaskMoved
"""Every fact of this module."""
