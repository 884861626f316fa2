"""Reads resources/calendars/*.toml, one country at a time and only when its days are counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from packstation.core.business_calendar import BusinessCalendar
from packstation.exchange.data_files import DataSource

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("country", "source", "weekend", "known_from", "known_until", "work_days", "holidays")


class CalendarFolder:
    """Every calendar of a folder by its country; call it to get one."""

    def __init__(self, folder: Path) -> None:
        """Keep where the files are; none is read yet."""
        self._folder = folder
        self._read: dict[str, BusinessCalendar] = {}

    @property
    def names(self) -> frozenset[str]:
        """The countries that have a file."""
        return frozenset(path.stem.upper() for path in self._folder.glob("*.toml"))

    def __call__(self, name: str) -> BusinessCalendar:
        """Return a country's calendar, read at the first time.

        Raises:
            DataFileError: There is none, or its file is wrong.
        """
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = load_calendar(self._folder / f"{name.lower()}.toml")
        return found


def load_calendar(path: Path) -> BusinessCalendar:
    """Return the calendar of one file.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = DataSource(path)
    top = source.values
    source.only(top, _KEYS)
    country = source.word(top, "country")
    if path.stem != country.lower():
        raise source.fail("country", f"the file of {country} must be {country.lower()}.toml")
    words = source.words(top, "weekend")
    for word in words:
        if word not in _WEEKDAYS:
            raise source.fail("weekend", f"{word!r} is none of {', '.join(_WEEKDAYS)}", word)
    weekend = frozenset(_WEEKDAYS.index(word) for word in words)
    work_days = _work_days(source, top, weekend)
    holidays = _holidays(source, top)
    known_from, known_until = source.whole(top, "known_from"), source.whole(top, "known_until")
    if known_until < known_from:
        raise source.fail("known_until", f"{known_until} is before {known_from}")
    return BusinessCalendar(
        country=country,
        source=source.word(top, "source"),
        weekend=weekend,
        holidays=holidays,
        work_days=work_days,
        known_from=known_from,
        known_until=known_until,
    )


def _work_days(source: DataSource, top: dict[str, Any], weekend: frozenset[int]) -> frozenset[date]:
    days = top.get("work_days", [])
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise source.fail("work_days", "a list of days such as 2026-02-14 is needed")
    for day in days:
        if day.weekday() not in weekend:
            raise source.fail("work_days", f"{day} is no weekend day")
    return frozenset(days)


def _holidays(source: DataSource, top: dict[str, Any]) -> dict[date, str]:
    table, found = source.table(top, "holidays"), {}
    for text in table:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise source.fail(text, "a day such as 2026-10-01 is needed") from None
        found[day] = source.word(table, text)
    return found
