"""How long prepaid numbers last: stock by pool and carrier, run-out forecast, low-stock alarm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from packstation.core.number_runs import RunPreview
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.status import NumberState

LOW = 200
"""So few free numbers are low however slowly they go; may be set otherwise."""
WINDOW_DAYS = 14
"""The forecast looks at the use of so many days before today."""
LEAST_DAYS = 3
"""On fewer days nothing can be told."""
ALARM_DAYS = 2
"""Less than the use of so many days is low, too."""


@dataclass(frozen=True, slots=True)
class PoolStock:
    """The numbers of one carrier in one pool."""

    pool: str
    """Empty = the common pool."""
    carrier: CarrierCode
    free: int
    used: int
    void: int
    spoiled: int
    returned: int
    per_day: float | None
    """Numbers given out a day; None = not enough days to tell."""
    days_left: float | None
    """Days until the free ones are gone, at that rate; None = cannot be told."""
    low: bool

    @property
    def total(self) -> int:
        """Numbers ever added."""
        return self.free + self.used + self.void + self.spoiled + self.returned


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One prepaid number and what became of it."""

    number: TrackingNumber
    carrier: CarrierCode
    pool: str
    state: NumberState
    order: OrderKey | None
    reason: str
    changed_at: datetime | None
    """When it left the free ones or changed last; None = free."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one form that are missing between two blocks of a pool."""

    carrier: CarrierCode
    after: TrackingNumber
    before: TrackingNumber
    missing: int


@dataclass(frozen=True, slots=True)
class RunCheck:
    """A run against every number that was ever used or is in a pool."""

    preview: RunPreview
    known: int
    """Numbers of the run that are there already: it cannot be added while there is one."""
    first_known: tuple[tuple[TrackingNumber, str], ...]
    """The first few of them with their state: a ``NumberState``, or ``PRINTED``."""
    gap_before: int | None
    """Numbers between the run and the nearest one below it; None = there is none of its form."""
    gap_after: int | None


def per_day(used: Mapping[int, int], today: int) -> float | None:
    """Return how many numbers go a day, over whole days before today.

    Args:
        used: Day (a running number) → numbers given out on it.
        today: The day that is not over yet.

    >>> per_day({1: 10, 2: 20, 3: 30, 4: 5}, 4)
    20.0
    >>> per_day({3: 30, 4: 5}, 4) is None
    True
    """
    whole = {day: count for day, count in used.items() if day < today and count}
    if not whole:
        return None
    first = max(min(whole), today - WINDOW_DAYS)
    days = today - first
    if days < LEAST_DAYS:
        return None
    return sum(count for day, count in whole.items() if day >= first) / days


def is_low(free: int, rate: float | None, least: int = LOW) -> bool:
    """Tell whether free numbers are low: fewer than the least, or than two days use up.

    >>> is_low(199, None), is_low(500, 200.0), is_low(500, 300.0)
    (True, False, True)
    """
    return free < max(least, ALARM_DAYS * (rate or 0))
