from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.business_calendar import BusinessCalendar

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
ONE = timedelta(days=1)


def walked(weekend: set[int], off: set[date], worked: set[date], day: date, count: int) -> date:
    """Count day by day with a list of what each day is: an independent model."""
    left = count
    while True:
        free = day in off if day.weekday() not in weekend else day not in worked
        if left == 0 and not free:
            return day
        day += ONE
        free = day in off if day.weekday() not in weekend else day not in worked
        if left and not free:
            left -= 1


@given(
    weekend=st.sets(st.integers(0, 6), max_size=5),
    off=st.sets(DAYS, max_size=60),
    worked=st.sets(DAYS, max_size=30),
    day=DAYS,
    count=st.integers(0, 25),
)
def test_working_days_are_counted_as_by_hand(
    weekend: set[int], off: set[date], worked: set[date], day: date, count: int
) -> None:
    calendar = BusinessCalendar(
        "XX", "", frozenset(weekend), dict.fromkeys(off, "off"), frozenset(worked)
    )
    found = calendar.after(day, count)
    assert found == walked(weekend, off, worked, day, count)
    assert found >= day
    assert calendar.works(found)


@given(off=st.sets(DAYS, max_size=60), first=DAYS, second=DAYS, count=st.integers(0, 25))
def test_who_starts_later_is_never_due_earlier(
    off: set[date], first: date, second: date, count: int
) -> None:
    calendar = BusinessCalendar("XX", holidays=dict.fromkeys(off, "off"))
    early, late = sorted((first, second))
    assert calendar.after(early, count) <= calendar.after(late, count)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="never works"):
        BusinessCalendar("XX", weekend=frozenset(range(7))).after(date(2026, 1, 1), 1)


def test_a_year_beyond_what_is_announced_is_not_known() -> None:
    calendar = BusinessCalendar("XX", known_from=2023, known_until=2026)
    known = [year for year in range(2021, 2029) if calendar.is_known(date(year, 6, 1))]
    assert known == [2023, 2024, 2025, 2026]
