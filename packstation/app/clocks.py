"""The house's clocks: the book of deadlines, and what has to be written when a time runs out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from packstation.core.deadline_rules import DeadlineRules
from packstation.core.deadlines import DeadlineBook
from packstation.exchange.deadline_files import load_deadlines
from packstation.exchange.holidays import CalendarFolder
from packstation.paths import resources
from packstation.settings import Settings, shop_facts


@cache
def _rules(folder: Path) -> tuple[DeadlineRules, CalendarFolder]:
    calendars = CalendarFolder(folder / "calendars")
    return load_deadlines(folder / "deadlines", calendars.names), calendars


def deadline_book(settings: Settings) -> DeadlineBook:
    """Return what says when each order is due; the files are read once in a program's life.

    Raises:
        DataFileError: A file of deadlines is wrong; names file, line and key.
    """
    rules, calendars = _rules(resources())
    return DeadlineBook(rules, calendars, shop_facts(settings))
