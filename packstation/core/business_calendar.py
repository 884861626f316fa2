"""Working days of a country: weekends, holidays, and weekend days that are worked instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)
_LONGEST = 4000
"""Days to look ahead before giving up; no country closes for years."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which days count as working days; pure, whatever the days came from."""

    country: str
    """Two capital letters, or any name of a calendar."""
    source: str = ""
    """Where its days are from, with its version."""
    weekend: frozenset[int] = frozenset({5, 6})
    """Days off in every week, Monday = 0."""
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Days off with their names."""
    work_days: frozenset[date] = frozenset()
    """Weekend days that are worked to make up for a long holiday."""
    known_from: int = 1
    known_until: int = 9999
    """First and last year whose days are all announced; others follow from law alone."""

    def works(self, day: date) -> bool:
        """Return whether a day is a working day.

        >>> BusinessCalendar("CN").works(date(2026, 8, 8))
        False
        """
        if day.weekday() in self.weekend:
            return day in self.work_days
        return day not in self.holidays

    def why_off(self, day: date) -> str:
        """Return the holiday's name of a day off; empty for a plain weekend day."""
        return self.holidays.get(day, "")

    def is_known(self, day: date) -> bool:
        """Return whether all holidays of the day's year are announced."""
        return self.known_from <= day.year <= self.known_until

    def first_from(self, day: date) -> date:
        """Return a day itself where it is a working day, else the next one."""
        for _ in range(_LONGEST):
            if self.works(day):
                return day
            day += _DAY
        raise ValueError(f"{self.country} never works")

    def after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after a day, which itself never counts.

        Args:
            day: Any day, working or not.
            count: 0 or more; 0 gives the day itself, or the next working day where it is none.
        """
        if not count:
            return self.first_from(day)
        for _ in range(count):
            day = self.first_from(day + _DAY)
        return day

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days of a span, both ends included."""
        return tuple(first + n * _DAY for n in range((last - first).days + 1))
