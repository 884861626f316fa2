"""How many parcels carriers collect in time (揽收及时率), exactly, and what a pick-up saves.

Counting is in whole numbers and fractions: nothing drifts. A time from payment to collection of
exactly 24 hours belongs to the first band; one beyond the last band counts nothing and stays in
the denominator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction

from packstation.core.orders import CarrierCode, OrderKey, OrderKind, ShopKey

STEP_H = 12
"""Sums are kept in steps of so many hours from payment; a band ends on such a step."""
SLOT = timedelta(minutes=15)
"""Sums are kept by such spans of collection time; every zone's day begins and ends on one."""
NOT_KNOWN = -1
"""The step of what has no usable time of payment."""
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Band:
    """Up to how many hours after payment, and what it is worth."""

    until_h: int
    weight: int
    """Hundredths."""


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How a platform scores collection; from a data file."""

    id: str
    version: int
    source: str
    bands: tuple[Band, ...]
    """By hours, growing."""
    window_days: int
    cut: time
    """When the platform's day ends, in the shop's zone."""
    exclude: frozenset[OrderKind]
    note: str = ""

    def band_of(self, steps: int) -> int | None:
        """Return which band a number of steps falls into; None = beyond the last."""
        return next(
            (n for n, band in enumerate(self.bands) if steps * STEP_H <= band.until_h), None
        )


@dataclass(frozen=True, slots=True)
class CollectedCount:
    """How many orders were collected with equal marks."""

    shop: ShopKey
    carrier: CarrierCode
    """Empty where none is known."""
    kind: OrderKind
    steps: int
    """Whole steps of 12 hours from payment to collection, rounded up; -1 = not known."""
    estimate: bool
    """Our own handover stands in for the carrier's collection."""
    orders: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The score of some orders, with everything that was counted."""

    bands: tuple[int, ...]
    """Orders of each band."""
    late: int
    """Beyond the last band."""
    unknown: int
    """Without a usable time of payment: not scored, but said."""
    excluded: int
    """Pre-sale and what is not shipped: not scored."""
    estimates: int
    """Of the scored ones, those counted by our own handover."""
    score: Fraction | None
    """0 to 1; None where nothing was collected."""

    @property
    def counted(self) -> int:
        """The denominator."""
        return sum(self.bands) + self.late


def steps_of(paid_at: datetime | None, collected_at: datetime) -> int:
    """Return the steps from payment to collection, rounded up; -1 where they cannot be told.

    >>> at = datetime(2026, 8, 3, tzinfo=UTC)
    >>> [steps_of(at, at + timedelta(hours=24, microseconds=more)) for more in (-1, 0, 1)]
    [2, 2, 3]
    """
    if paid_at is None or collected_at < paid_at:
        return NOT_KNOWN
    return -(-(collected_at - paid_at) // timedelta(hours=STEP_H))


def score_of(rule: ScoreRule, counts: Iterable[CollectedCount]) -> Scorecard:
    """Add up counts into one score."""
    bands, late, unknown, excluded, estimates = [0] * len(rule.bands), 0, 0, 0, 0
    for count in counts:
        if count.kind in rule.exclude:
            excluded += count.orders
            continue
        if count.steps == NOT_KNOWN:
            unknown += count.orders
            continue
        estimates += count.orders if count.estimate else 0
        band = rule.band_of(count.steps)
        if band is None:
            late += count.orders
        else:
            bands[band] += count.orders
    counted = sum(bands) + late
    worth = sum(n * band.weight for n, band in zip(bands, rule.bands, strict=True))
    score = Fraction(worth, counted * 100) if counted else None
    return Scorecard(tuple(bands), late, unknown, excluded, estimates, score)


def percent(score: Fraction | None, places: int = 2) -> str:
    """Return a share in per cent, rounded half to even; ``-`` where there is none.

    >>> percent(Fraction(1, 3)), percent(Fraction(12345, 100_000)), percent(None)
    ('33.33', '12.34', '-')
    """
    if score is None:
        return "-"
    whole = round(score * 100 * 10**places)
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}" if places else str(whole)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of collection times: the begin counts, the end does not; both aware, UTC."""

    begin: datetime
    end: datetime | None
    """None = up to now."""


def live_window(rule: ScoreRule, now: datetime) -> Window:
    """Return the window that ends now; its begin lies on a whole quarter of an hour."""
    begin = now.astimezone(UTC) - timedelta(days=rule.window_days)
    return Window(_EPOCH + (begin - _EPOCH) // SLOT * SLOT, None)


def day_window(rule: ScoreRule, day: date, zone: tzinfo, days: int | None = None) -> Window:
    """Return the window that ends at the platform's cut on a day.

    Args:
        rule: The score.
        day: At whose cut it ends.
        zone: Of the shop.
        days: How long it is; None = as long as the score looks back, 1 = that day alone.
    """
    begin = day - timedelta(days=days or rule.window_days)
    return Window(
        datetime.combine(begin, rule.cut, tzinfo=zone).astimezone(UTC),
        datetime.combine(day, rule.cut, tzinfo=zone).astimezone(UTC),
    )


def last_cut(rule: ScoreRule, now: datetime, zone: tzinfo) -> date:
    """Return the day whose cut was the last one."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= rule.cut else local.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is paid and still in the house."""

    order: OrderKey
    shop: ShopKey
    carrier: CarrierCode
    kind: OrderKind
    paid_at: datetime
    packed: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """Orders that fall out of one band within one hour."""

    at: datetime
    """End of the hour, aware, UTC."""
    until_h: int
    """The band that they leave."""
    packed: int
    unpacked: int
    saved: int
    """Of the packed ones, those that the pick-up still takes within the band."""
    savable: int
    """Of the unpacked ones, those that it would take too if they were packed by then."""

    @property
    def orders(self) -> int:
        """All that leave."""
        return self.packed + self.unpacked


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What time does to the score, and what one pick-up does about it."""

    pickup: datetime | None
    leaving: tuple[Leaving, ...]
    """By time."""
    after: Fraction | None
    """The score once the pick-up has taken all that is packed."""

    @property
    def next(self) -> Leaving | None:
        """The first hour in which something is lost."""
        return self.leaving[0] if self.leaving else None


def what_if(
    rule: ScoreRule,
    card: Scorecard,
    waiting: Iterable[OpenOrder],
    now: datetime,
    pickup: datetime | None = None,
) -> WhatIf:
    """Say when the orders in the house leave their bands, and what a pick-up saves.

    Args:
        rule: The score.
        card: How it stands.
        waiting: Every open order; kinds that do not count are left out here.
        now: Aware.
        pickup: When the carrier would collect; None = nobody comes.
    """
    groups: dict[tuple[datetime, int], Counter[str]] = {}
    taken: Counter[int | None] = Counter()
    for order in waiting:
        if order.kind in rule.exclude:
            continue
        if order.packed and pickup is not None and pickup >= order.paid_at:
            taken[rule.band_of(steps_of(order.paid_at, pickup))] += 1
        for band in rule.bands:
            ends = (order.paid_at + band.until_h * _HOUR).astimezone(UTC)
            if ends < now:
                continue
            hour = _EPOCH + -(-(ends - _EPOCH) // _HOUR) * _HOUR
            group = groups.setdefault((hour, band.until_h), Counter())
            group["packed" if order.packed else "unpacked"] += 1
            if pickup is not None and now <= pickup <= ends:
                group["saved" if order.packed else "savable"] += 1
    leaving = [
        Leaving(at, until, n["packed"], n["unpacked"], n["saved"], n["savable"])
        for (at, until), n in sorted(groups.items())
    ]
    return WhatIf(pickup, tuple(leaving), _after(rule, card, taken) if pickup else card.score)


def _after(rule: ScoreRule, card: Scorecard, taken: Mapping[int | None, int]) -> Fraction | None:
    worth = sum(
        (have + taken.get(n, 0)) * band.weight
        for n, (have, band) in enumerate(zip(card.bands, rule.bands, strict=True))
    )
    counted = card.counted + sum(taken.values())
    return Fraction(worth, counted * 100) if counted else None
