"""The provenance of a deadline: every step from its start to its end, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from packstation.core.deadline_rules import ALWAYS, Deadline, DeadlineRule, Step, StepWord
from packstation.core.deadlines import Counted, DeadlineBook


def explain(book: DeadlineBook, deadline: Deadline) -> tuple[Step, ...]:
    """Return how a deadline came about, in the order in which it is worked out.

    Args:
        book: The book that gave the deadline.
        deadline: Any of its deadlines.
    """
    return tuple(_steps(book, deadline))


def _steps(book: DeadlineBook, deadline: Deadline) -> Iterator[Step]:
    rule = book.rule(deadline.rule)
    if deadline.imported:
        local = deadline.at.astimezone(rule.zone) if rule is not None else deadline.at
        yield _step(StepWord.IMPORTED, at=local)
        if rule is not None:
            yield _rule(rule)
        else:
            yield _step(StepWord.NO_RULE)
        return
    if rule is None or deadline.start is None or deadline.start_at is None:
        yield _step(StepWord.NO_RULE)
        return
    started = deadline.start_at.astimezone(rule.zone)
    yield _step(StepWord.STARTED, event=deadline.start.value, at=started, of=rule.of or "")
    yield _rule(rule)
    counted = book.count(rule, deadline.start_at, deadline.shop_hours)
    if counted is None:
        return
    if counted.by_shop:
        yield _step(StepWord.SHOP_PROMISE, hours=deadline.shop_hours)
    if counted.promotion is not None:
        promotion = counted.promotion
        yield _step(
            StepWord.PROMOTION,
            name=promotion.name,
            first=promotion.first.astimezone(rule.zone),
            end=promotion.end.astimezone(rule.zone),
            source=promotion.source,
            plus_days=promotion.plus_days or 0,
            due=promotion.due or "",
        )
    if counted.hours is not None:
        yield _step(StepWord.HOURS, hours=counted.hours)
    if counted.base is not None and counted.last is not None:
        yield from _days(book, rule, started, counted)
    if deadline.capped_by is not None:
        yield _step(StepWord.CAPPED, clock=deadline.capped_by.value, at=deadline.at)
    yield _step(StepWord.DUE, at=deadline.at.astimezone(rule.zone), zone=rule.zone_name)


def _days(
    book: DeadlineBook, rule: DeadlineRule, local: datetime, counted: Counted
) -> Iterator[Step]:
    """Tell what working days were counted, and each day that was not one."""
    assert counted.base is not None
    assert counted.last is not None
    if rule.calendar == ALWAYS:
        return
    calendar = book.calendars(rule.calendar)
    start = local.date()
    if counted.after_cutoff and rule.cutoff is not None:
        yield _step(StepWord.AFTER_CUTOFF, cutoff=rule.cutoff.strftime("%H:%M"))
    if counted.base != start:
        yield _step(StepWord.COUNTED_FROM, day=counted.base)
    told = (start, counted.last)
    for day in calendar.between(*told):
        if not calendar.works(day):
            yield _step(StepWord.DAY_OFF, day=day, name=calendar.why_off(day))
        elif day.weekday() in calendar.weekend:
            yield _step(StepWord.MAKE_UP_DAY, day=day)
    for year in range(start.year, counted.last.year + 1):
        if not calendar.is_known(date(year, 1, 1)):
            country, source = calendar.country, calendar.source
            yield _step(StepWord.YEAR_NOT_KNOWN, year=year, country=country, source=source)
    yield _step(
        StepWord.WORKING_DAYS,
        days=counted.business_days or 0,
        calendar=rule.calendar,
        source=calendar.source,
        last=counted.last,
    )


def _rule(rule: DeadlineRule) -> Step:
    return _step(
        StepWord.RULE,
        id=rule.id,
        version=rule.version,
        source=rule.source,
        note=rule.note,
        file=rule.file,
        valid_from=rule.valid_from.astimezone(rule.zone) if rule.valid_from else "",
        valid_to=rule.valid_to.astimezone(rule.zone) if rule.valid_to else "",
    )


def _step(word: StepWord, **told: Any) -> Step:
    texts = {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in told.items()
        if value != ""
    }
    return Step(word, texts)
