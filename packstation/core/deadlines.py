"""Which deadlines an order has today, worked out from dated rules; a time from the file wins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from packstation.core.business_calendar import BusinessCalendar
from packstation.core.deadline_rules import (
    ALWAYS,
    ANY_PLATFORM,
    NOTHING_YET,
    SHIP_BY,
    Clock,
    Deadline,
    DeadlineRule,
    DeadlineRules,
    Progress,
    Promotion,
    ShopFacts,
    StartEvent,
    utc,
)
from packstation.core.orders import Order, OrderKind, ShopKey, WhyNot

Calendars = Callable[[str], BusinessCalendar]
"""Finds a calendar by its name, late: the days of a year need not be read before they count."""

_LAST_SECOND = timedelta(seconds=59)
_NO_FACTS = ShopFacts()
_NOT_PAID = frozenset({Clock.AUTO_CANCEL, Clock.AUTO_CANCEL_UNCOLLECTED, Clock.DELIVERED, *SHIP_BY})
"""Clocks that do not run before the order is paid, whatever else is known."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How one rule came to its time."""

    at: datetime
    promotion: Promotion | None = None
    base: date | None = None
    """Day from which working days were counted."""
    last: date | None = None
    """Day on which the time falls, where working days were counted."""
    after_cutoff: bool = False
    hours: int | None = None
    """What counted in the end, after promotion and shop."""
    business_days: int | None = None
    by_shop: bool = False


class DeadlineBook:
    """Answers for every order of the house; pure, and quick enough for an import of 200,000."""

    def __init__(
        self,
        rules: DeadlineRules,
        calendars: Calendars,
        shops: Mapping[ShopKey, ShopFacts] | None = None,
    ) -> None:
        """Keep the rules.

        Args:
            rules: As read from the data files.
            calendars: Finds a country's working days.
            shops: What is set for each shop; others have no settings.
        """
        self.rules = rules
        self.calendars = calendars
        self._shops = dict(shops or {})
        told = sorted((key, repr(facts)) for key, facts in self._shops.items())
        self.version = hashlib.sha256(f"{rules.digest}{told}".encode()).hexdigest()[:16]
        """Another one means that times worked out before are stale."""
        self._by_id = {rule.id: rule for rule in rules.rules}
        self._platforms = {name for rule in rules.rules for name in rule.platforms}
        self._plans: dict[tuple[str, str, OrderKind | None], tuple[DeadlineRule, ...]] = {}
        self._ship_plans: dict[tuple[str, str, OrderKind | None], tuple[DeadlineRule, ...]] = {}
        self._promotions = {
            rule.id: tuple(p for p in rules.promotions if rule.id in p.rules)
            for rule in rules.rules
        }
        self._days: dict[tuple[str, date, int, bool], tuple[datetime, date, date]] = {}

    def shop(self, key: ShopKey) -> ShopFacts:
        """Return what is set for a shop."""
        return self._shops.get(key, _NO_FACTS)

    def rule(self, rule_id: str) -> DeadlineRule | None:
        """Return a rule by its id."""
        return self._by_id.get(rule_id)

    def platform_of(self, order: Order) -> str:
        """Return whose rules hold for an order: the shop's setting, else what read the file."""
        return self.shop(order.shop).platform or order.platform

    def ship_by(self, order: Order) -> datetime | None:
        """Return when an order must be ready, aware; None where no rule holds for it.

        A time that the platform's file names is given back as it is.
        """
        if order.promised_ship_at is not None:
            return order.promised_ship_at
        if order.why_not is WhyNot.UNPAID:
            return None
        key = (order.shop, order.platform, order.kind)
        plan = self._ship_plans.get(key)
        if plan is None:
            plan = tuple(rule for rule in self._plan(order) if rule.clock in SHIP_BY)
            self._ship_plans[key] = plan
        first: datetime | None = None
        for rule in plan:
            start = _start_of(rule, order, NOTHING_YET)
            if start is None or not rule.holds_at(start[1]):
                continue
            at = self._at(rule, start[1], self.shop(order.shop))
            if at is not None and (first is None or at < first):
                first = at
        return first

    def deadlines_of(
        self, order: Order, progress: Progress = NOTHING_YET, *, rules_at: datetime | None = None
    ) -> tuple[Deadline, ...]:
        """Return every clock that runs or ran for an order, the earliest first.

        Args:
            order: The order as it stands.
            progress: What happened since.
            rules_at: As if the rules of this time held; None = those of each clock's start.
        """
        plan = self._plan(order)
        found: dict[Clock, Deadline] = {}
        named = self._named(order, plan, progress)
        if named is not None:
            found[named.clock] = named
        for rule in plan:
            unpaid = order.why_not is WhyNot.UNPAID
            asleep = rule.clock in _NOT_PAID if unpaid else rule.clock is Clock.UNPAID_CANCEL
            if asleep or rule.clock in found:
                continue
            deadline = self._deadline(rule, order, progress, found, rules_at)
            if deadline is not None:
                found[rule.clock] = deadline
        return tuple(sorted(found.values(), key=lambda one: (one.at, one.clock)))

    def deadline_of(
        self, order: Order, clock: Clock, progress: Progress = NOTHING_YET
    ) -> Deadline | None:
        """Return one clock of an order; None where it does not run."""
        return next((d for d in self.deadlines_of(order, progress) if d.clock is clock), None)

    def what_if(
        self,
        order: Order,
        progress: Progress = NOTHING_YET,
        *,
        paid_at: datetime | None = None,
        rules_at: datetime | None = None,
    ) -> tuple[Deadline, ...]:
        """Return the deadlines as if an order had been placed and paid at another time.

        A time from the platform's file says nothing of another day, so it does not count then.
        """
        if paid_at is not None:
            utc(paid_at)
            order = replace(order, paid_at=paid_at, placed_at=paid_at, promised_ship_at=None)
        return self.deadlines_of(order, progress, rules_at=rules_at)

    def urge_rule(self, order: Order, opened_at: datetime) -> DeadlineRule | None:
        """Return the rule of urge tasks that holds for an order at a time."""
        for rule in self._plan(order):
            if rule.clock is Clock.URGE_ANSWER and rule.holds_at(opened_at):
                return rule
        return None

    def _plan(self, order: Order) -> tuple[DeadlineRule, ...]:
        """Return the rules for orders of this sort, whatever their date, in order of need."""
        key = (order.shop, order.platform, order.kind)
        plan = self._plans.get(key)
        if plan is None:
            facts, kind = self.shop(order.shop), order.kind or OrderKind.NORMAL
            name = self.platform_of(order)
            name = name if name in self._platforms else ANY_PLATFORM
            fitting = [
                rule
                for rule in self.rules.rules
                if name in rule.platforms
                and kind in rule.kinds
                and (not rule.regions or facts.region in rule.regions)
                and facts.region not in rule.not_regions
            ]
            # Clocks that others lean on come first; the newest rule goes before an older one.
            fitting.sort(key=lambda r: (r.of is not None, r.not_after is not None, -r.version))
            plan = self._plans[key] = tuple(fitting)
        return plan

    def _named(
        self, order: Order, plan: tuple[DeadlineRule, ...], progress: Progress
    ) -> Deadline | None:
        """Return the deadline that the file itself names."""
        at = order.promised_ship_at
        if at is None:
            return None
        fitting = [rule for rule in plan if rule.clock in SHIP_BY]
        fitting.sort(key=lambda rule: SHIP_BY.index(rule.clock))
        rule = fitting[0] if fitting else None
        clock = rule.clock if rule else Clock.SHIP
        return Deadline(
            clock=clock,
            at=utc(at),
            zone=rule.zone_name if rule else "UTC",
            rule=rule.id if rule else "",
            version=rule.version if rule else 0,
            source=rule.source if rule else "",
            calendar=ALWAYS,
            promotion=None,
            imported=True,
            start=None,
            start_at=None,
            met_at=_met(clock, progress),
        )

    def _deadline(
        self,
        rule: DeadlineRule,
        order: Order,
        progress: Progress,
        found: Mapping[Clock, Deadline],
        rules_at: datetime | None,
    ) -> Deadline | None:
        start = _start_of(rule, order, progress)
        if rule.of is not None:
            base = found.get(rule.of)
            start = (StartEvent.DUE, base.at) if base else None
        if start is None or not rule.holds_at(rules_at or start[1]):
            return None
        event, start_at = start
        facts = self.shop(order.shop)
        counted = self.count(rule, start_at, facts.ship_within_h)
        if counted is None:
            return None
        at, cap = counted.at, None
        limit = found.get(rule.not_after) if rule.not_after else None
        if limit is not None and limit.at < at:
            at, cap = limit.at, limit.clock
        return Deadline(
            clock=rule.clock,
            at=at,
            zone=rule.zone_name,
            rule=rule.id,
            version=rule.version,
            source=counted.promotion.source if counted.promotion else rule.source,
            calendar=rule.calendar,
            promotion=counted.promotion.name if counted.promotion else None,
            imported=False,
            start=event,
            start_at=utc(start_at),
            shop_hours=facts.ship_within_h if counted.by_shop else 0,
            capped_by=cap,
            met_at=_met(rule.clock, progress),
        )

    def _at(self, rule: DeadlineRule, start: datetime, facts: ShopFacts) -> datetime | None:
        """Return the time of a rule, aware, as quickly as may be."""
        start = start.astimezone(UTC)
        by_shop = rule.shop_sets and facts.ship_within_h
        sale = any(p.first <= start < p.end for p in self._promotions[rule.id])
        if rule.hours is not None and not by_shop and not sale:
            return start + timedelta(hours=rule.hours)
        counted = self.count(rule, start, facts.ship_within_h)
        return counted.at if counted else None

    def count(self, rule: DeadlineRule, start: datetime, shop_hours: int = 0) -> Counted | None:
        """Count one rule from a start.

        Args:
            rule: Any rule.
            start: Aware.
            shop_hours: What the shop itself has promised; counts where the rule lets it.

        Returns:
            None where neither rule, shop nor promotion names an amount.
        """
        start = utc(start)
        promotion = next(
            (p for p in self._promotions[rule.id] if p.first <= start < p.end),
            None,
        )
        hours, days, by_shop = rule.hours, rule.business_days, False
        if rule.shop_sets and shop_hours:
            by_shop = True
            if rule.calendar == ALWAYS:
                hours, days = shop_hours, None
            else:
                hours, days = None, shop_hours // 24
        if promotion is not None and promotion.due is not None:
            return Counted(max(start, utc(promotion.due)), promotion)
        if promotion is not None and (
            promotion.hours is not None or promotion.business_days is not None
        ):
            hours, days, by_shop = promotion.hours, promotion.business_days, False
        if days is not None:
            counted = self._working(rule, start, days, promotion)
        elif hours is not None:
            counted = Counted(start + timedelta(hours=hours), promotion, hours=hours)
        else:
            return None
        if promotion is not None and promotion.plus_days is not None:
            later = _plus_days(rule, counted.at, promotion.plus_days)
            counted = replace(counted, at=later)
        return replace(counted, by_shop=by_shop) if by_shop else counted

    def _working(
        self, rule: DeadlineRule, start: datetime, days: int, promotion: Promotion | None
    ) -> Counted:
        local = start.astimezone(rule.zone)
        day = local.date()
        late = rule.cutoff is not None and _minute(local) > rule.cutoff
        key = (rule.id, day, days, late)
        known = self._days.get(key)
        if known is None:
            calendar = self.calendars(rule.calendar)
            base = day
            if rule.cutoff is not None:
                # A day that is over for the platform counts as the next working day.
                base = calendar.after(day, 1) if late else calendar.first_from(day)
            last = calendar.after(base, days)
            known = self._days[key] = (end_of(rule, last), base, last)
        at, base, last = known
        return Counted(max(at, start), promotion, base, last, late, business_days=days)


def end_of(rule: DeadlineRule, day: date) -> datetime:
    """Return the last second of a day as a rule understands it, in UTC."""
    local = datetime.combine(day, rule.day_end, tzinfo=rule.zone)
    return local.astimezone(UTC) + _LAST_SECOND


def _plus_days(rule: DeadlineRule, at: datetime, days: int) -> datetime:
    """Return the same time of the day some calendar days later, where the rule's clocks are."""
    local = at.astimezone(rule.zone)
    return (local + timedelta(days=days)).astimezone(UTC)


def _minute(local: datetime) -> time:
    return time(local.hour, local.minute)


def _start_of(
    rule: DeadlineRule, order: Order, progress: Progress
) -> tuple[StartEvent, datetime] | None:
    for event in rule.start:
        match event:
            case StartEvent.PAID:
                at = order.paid_at
            case StartEvent.PLACED:
                at = order.placed_at
            case StartEvent.READY:
                at = progress.ready_at or order.arranged_at
            case StartEvent.REQUESTED:
                at = progress.requested_at or order.cancel_requested_at
            case StartEvent.OPENED:
                at = progress.urge_opened_at
            case StartEvent.DUE:
                at = None
        if at is not None:
            return event, at
    return None


def _met(clock: Clock, progress: Progress) -> datetime | None:
    match clock:
        case Clock.READY_FOR_COLLECTION | Clock.SHIP | Clock.AUTO_CANCEL:
            return progress.ready_at
        case Clock.IN_TRANSIT | Clock.COLLECTED | Clock.AUTO_CANCEL_UNCOLLECTED:
            return progress.collected_at
        case Clock.CANCEL_ANSWER:
            return progress.answered_at
        case Clock.URGE_ANSWER:
            return progress.urge_closed_at
        case _:
            return None
