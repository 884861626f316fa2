"""Reads resources/deadlines/*.toml: dated rules, promotions and exemptions, each one checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from packstation.core.deadline_rules import (
    ALWAYS,
    Clock,
    DeadlineRule,
    DeadlineRules,
    Exempt,
    Exemption,
    Promotion,
    StartEvent,
)
from packstation.core.orders import OrderKind
from packstation.errors import DataFileError
from packstation.exchange.data_files import DataSource

_RULE_KEYS = {
    "id",
    "version",
    "platforms",
    "regions",
    "not_regions",
    "kinds",
    "clock",
    "start",
    "hours",
    "business_days",
    "shop_sets",
    "calendar",
    "cutoff",
    "day_end",
    "of",
    "not_after",
    "valid_from",
    "valid_to",
    "source",
    "note",
    "risk",
    "zone",
}
_AMOUNTS = ("hours", "business_days", "due", "plus_days")
_PROMOTION_KEYS = {"name", "rules", "from", "to", "zone", "source", "note", *_AMOUNTS}
_EXEMPTION_KEYS = {
    "id",
    "platforms",
    "when",
    "kinds",
    "valid_from",
    "valid_to",
    "source",
    "note",
    "zone",
}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REGION = re.compile(r"[A-Z]{2}")
_MOST_HOURS, _MOST_DAYS = 24 * 120, 60
_DAY = timedelta(days=1)


class _Rules:
    """One file of rules, being read."""

    def __init__(self, path: Path, calendars: frozenset[str]) -> None:
        self.source = DataSource(path)
        self.top = self.source.values
        self.calendars = calendars
        self.source.only(self.top, {"platforms", "zone", "rule", "promotion", "exemption"})
        self.platforms = self.source.words(self.top, "platforms")
        if not self.platforms:
            raise self.source.fail("platforms", "at least one platform is needed")

    def zone(self, table: dict[str, Any], within: tuple[str, int]) -> tuple[str, tzinfo]:
        name = table.get("zone", self.top.get("zone"))
        if not isinstance(name, str) or not name:
            raise self.source.fail("zone", "a zone such as Asia/Shanghai is needed", within=within)
        try:
            return name, ZoneInfo(name)
        except (OSError, LookupError, ValueError):
            place = within if "zone" in table else None
            raise self.source.fail("zone", f"there is no zone {name!r}", name, place) from None

    def kinds(self, table: dict[str, Any], within: tuple[str, int]) -> tuple[OrderKind, ...]:
        found = []
        for word in self.source.words(table, "kinds", within):
            if word not in tuple(OrderKind):
                told = f"{word!r} is none of {', '.join(OrderKind)}"
                raise self.source.fail("kinds", told, word, within)
            found.append(OrderKind(word))
        return tuple(found)

    def moment(
        self,
        table: dict[str, Any],
        key: str,
        zone: tzinfo,
        within: tuple[str, int],
        *,
        last: bool = False,
    ) -> datetime | None:
        """Return a day's or a time's moment in UTC; for a last day the first moment after it."""
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            aware = value if value.tzinfo is not None else value.replace(tzinfo=zone)
            return aware.astimezone(UTC)
        if not isinstance(value, date):
            raise self.source.fail(key, "a day such as 2026-01-26 is needed", within=within)
        day = value + _DAY if last else value
        return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)

    def span(
        self, table: dict[str, Any], names: tuple[str, str], zone: tzinfo, within: tuple[str, int]
    ) -> tuple[datetime | None, datetime | None]:
        first = self.moment(table, names[0], zone, within)
        end = self.moment(table, names[1], zone, within, last=True)
        if first is not None and end is not None and end <= first:
            raise self.source.fail(names[1], f"it ends before {names[0]}", within=within)
        return first, end

    def amount(
        self, table: dict[str, Any], key: str, most: int, within: tuple[str, int]
    ) -> int | None:
        if key not in table:
            return None
        value = self.source.whole(table, key, within=within)
        if not 0 <= value <= most:
            raise self.source.fail(key, f"0 to {most} is needed", within=within)
        return value

    def minute(
        self, table: dict[str, Any], key: str, default: time | None, within: tuple[str, int]
    ) -> time | None:
        if key not in table:
            return default
        text = table[key]
        try:
            found = time.fromisoformat(text) if isinstance(text, str) and len(text) == 5 else None
        except ValueError:
            found = None
        if found is None:
            raise self.source.fail(key, "a time such as 23:59 is needed", text, within)
        return found

    def regions(self, table: dict[str, Any], key: str, within: tuple[str, int]) -> tuple[str, ...]:
        words = self.source.words(table, key, within)
        for word in words:
            if not _REGION.fullmatch(word):
                told = f"{word!r} is no region of two capital letters"
                raise self.source.fail(key, told, word, within)
        return words

    def rules(self) -> Iterator[DeadlineRule]:
        for number, table in enumerate(self.source.tables(self.top, "rule"), 1):
            yield self._rule(table, ("rule", number))

    def _rule(self, table: dict[str, Any], within: tuple[str, int]) -> DeadlineRule:
        source = self.source
        source.only(table, _RULE_KEYS, within)
        name = source.word(table, "id", within=within)
        if not _ID.fullmatch(name):
            raise source.fail("id", "small letters, digits and hyphens are needed", name, within)
        clock = source.choice(table, "clock", Clock, within=within)
        start = self._start(table, within)
        calendar = source.word(table, "calendar", ALWAYS, within)
        if calendar != ALWAYS and calendar not in self.calendars:
            known = ", ".join((ALWAYS, *sorted(self.calendars)))
            told = f"there is no calendar {calendar!r}; known are {known}"
            raise source.fail("calendar", told, calendar, within)
        hours = self.amount(table, "hours", _MOST_HOURS, within)
        days = self.amount(table, "business_days", _MOST_DAYS, within)
        if hours is not None and days is not None:
            raise source.fail("hours", "hours or business_days, not both", within=within)
        if (days is not None) and calendar == ALWAYS:
            raise source.fail("business_days", "name the calendar that has them", within=within)
        zone_name, zone = self.zone(table, within)
        valid_from, valid_to = self.span(table, ("valid_from", "valid_to"), zone, within)
        due = StartEvent.DUE in start
        if due != ("of" in table):
            raise source.fail("of", "it goes together with the start due", within=within)
        day_end = self.minute(table, "day_end", time(23, 59), within)
        assert day_end is not None
        return DeadlineRule(
            id=name,
            version=source.whole(table, "version", within=within),
            platforms=source.words(table, "platforms", within) or self.platforms,
            clock=clock,
            start=start,
            zone=zone,
            zone_name=zone_name,
            source=source.word(table, "source", within=within),
            regions=self.regions(table, "regions", within),
            not_regions=self.regions(table, "not_regions", within),
            kinds=self.kinds(table, within) or (OrderKind.NORMAL,),
            hours=hours,
            business_days=days,
            shop_sets=source.truth(table, "shop_sets", default=False, within=within),
            calendar=calendar,
            cutoff=self.minute(table, "cutoff", None, within),
            day_end=day_end,
            of=source.choice(table, "of", Clock, within=within) if due else None,
            not_after=source.choice(table, "not_after", Clock, within=within)
            if "not_after" in table
            else None,
            valid_from=valid_from,
            valid_to=valid_to,
            note=str(table.get("note", "")),
            risk=str(table.get("risk", "")),
            file=source.path.name,
        )

    def _start(self, table: dict[str, Any], within: tuple[str, int]) -> tuple[StartEvent, ...]:
        words = self.source.words(table, "start", within)
        for word in words:
            if word not in tuple(StartEvent):
                told = f"{word!r} is none of {', '.join(StartEvent)}"
                raise self.source.fail("start", told, word, within)
        if not words or (len(words) > 1 and "due" in words):
            raise self.source.fail("start", "say from when the clock runs", within=within)
        return tuple(StartEvent(word) for word in words)

    def promotions(self) -> Iterator[tuple[tuple[str, int], Promotion]]:
        for number, table in enumerate(self.source.tables(self.top, "promotion"), 1):
            within = ("promotion", number)
            self.source.only(table, _PROMOTION_KEYS, within)
            name = self.source.word(table, "name", within=within)
            _, zone = self.zone(table, within)
            first, end = self.span(table, ("from", "to"), zone, within)
            if first is None or end is None:
                key = "from" if first is None else "to"
                raise self.source.fail(key, "a promotion begins and ends", within=within)
            if sum(key in table for key in _AMOUNTS) != 1:
                told = f"exactly one of {', '.join(_AMOUNTS)} is needed"
                raise self.source.fail("name", told, within=within)
            due = self.moment(table, "due", zone, within, last=True)
            if due is not None and type(table["due"]) is date:
                due -= timedelta(seconds=1)
            yield (
                within,
                Promotion(
                    name=name,
                    rules=self.source.words(table, "rules", within),
                    first=first,
                    end=end,
                    source=self.source.word(table, "source", within=within),
                    hours=self.amount(table, "hours", _MOST_HOURS, within),
                    business_days=self.amount(table, "business_days", _MOST_DAYS, within),
                    due=due,
                    plus_days=self.amount(table, "plus_days", _MOST_DAYS, within),
                    note=str(table.get("note", "")),
                ),
            )

    def exemptions(self) -> Iterator[Exemption]:
        for number, table in enumerate(self.source.tables(self.top, "exemption"), 1):
            within = ("exemption", number)
            self.source.only(table, _EXEMPTION_KEYS, within)
            _, zone = self.zone(table, within)
            when = self.source.choice(table, "when", Exempt, within=within)
            kinds = self.kinds(table, within)
            if (when is Exempt.KIND) != bool(kinds):
                told = "kinds go together with when = kind"
                raise self.source.fail("when", told, within=within)
            valid_from, valid_to = self.span(table, ("valid_from", "valid_to"), zone, within)
            yield Exemption(
                id=self.source.word(table, "id", within=within),
                platforms=self.source.words(table, "platforms", within) or self.platforms,
                when=when,
                source=self.source.word(table, "source", within=within),
                kinds=kinds,
                valid_from=valid_from,
                valid_to=valid_to,
                note=str(table.get("note", "")),
            )


def load_deadlines(folder: Path, calendars: frozenset[str]) -> DeadlineRules:
    """Return every rule, promotion and exemption of a folder.

    Args:
        folder: ``resources/deadlines`` or a folder like it.
        calendars: Names of the calendars there are.

    Raises:
        DataFileError: Something is wrong, or two rules hold at once; names file, line and key.
    """
    rules: list[DeadlineRule] = []
    promotions: list[tuple[DataSource, tuple[str, int], Promotion]] = []
    exemptions: list[Exemption] = []
    places: dict[str, tuple[DataSource, int]] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        file = _Rules(path, calendars)
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        for number, rule in enumerate(file.rules(), 1):
            if rule.id in places:
                told = f"another rule is called {rule.id!r} already"
                raise file.source.fail("id", told, rule.id, ("rule", number))
            places[rule.id] = (file.source, number)
            rules.append(rule)
        promotions += [(file.source, within, found) for within, found in file.promotions()]
        exemptions += file.exemptions()
    if not rules:
        raise DataFileError(
            "data_file.unreadable",
            f"There is no deadline rule in {folder.name}.",
            fix="Install the program again.",
            file=folder.name,
        )
    for one, other in combinations(rules, 2):
        if _clash(one, other):
            source, number = places[other.id]
            told = f"{other.id} and {one.id} hold at the same time"
            raise source.fail("valid_from", told, within=("rule", number))
    for source, within, promotion in promotions:
        for name in promotion.rules or ("",):
            if name not in places:
                raise source.fail("rules", f"there is no rule {name!r}", name, within)
    return DeadlineRules(
        tuple(rules),
        tuple(found for _, _, found in promotions),
        tuple(exemptions),
        digest.hexdigest(),
    )


def _clash(one: DeadlineRule, other: DeadlineRule) -> bool:
    """Return whether two rules would both hold for some order at some time."""
    if one.clock is not other.clock or not set(one.platforms) & set(other.platforms):
        return False
    if not set(one.kinds) & set(other.kinds) or not _share_a_region(one, other):
        return False
    apart = (
        one.valid_to is not None
        and other.valid_from is not None
        and one.valid_to <= other.valid_from
    ) or (
        other.valid_to is not None
        and one.valid_from is not None
        and other.valid_to <= one.valid_from
    )
    return not apart


def _share_a_region(one: DeadlineRule, other: DeadlineRule) -> bool:
    if one.regions and other.regions:
        return bool(set(one.regions) & set(other.regions))
    if one.regions or other.regions:
        named, open_ = (one, other) if one.regions else (other, one)
        return bool(set(named.regions) - set(open_.not_regions))
    return True
