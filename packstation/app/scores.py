"""The score of collection as it stands: of everything, or of one shop, carrier or day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.core.orders import CarrierCode, ShopKey
from packstation.core.scorecard import (
    CollectedCount,
    Scorecard,
    ScoreRule,
    WhatIf,
    Window,
    day_window,
    last_cut,
    live_window,
    score_of,
    what_if,
)
from packstation.exchange.score_files import load_score
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.settings import Settings
    from packstation.store.database import Database

BY = ("shop", "carrier", "day")
_DAYS = 14
"""Days of the table by day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose score is asked for."""

    shop: ShopKey | None = None
    carrier: CarrierCode | None = None
    day: date | None = None
    """At whose cut the 90 days end; None = now."""


@cache
def _rule(path: Path) -> ScoreRule:
    return load_score(path)


def score_rule() -> ScoreRule:
    """Return how collection is scored.

    Raises:
        DataFileError: The file is wrong; names file, line and key.
    """
    return _rule(resources() / "scores" / "collection.toml")


def window_of(settings: Settings, asked: Asked, now: datetime) -> Window:
    """Return the window of a score; a day ends at the cut, on the shop's clock."""
    rule = score_rule()
    if asked.day is None:
        return live_window(rule, now)
    return day_window(rule, asked.day, settings.shop(_shop(settings, asked)).zone)


def last_day(settings: Settings, asked: Asked, now: datetime) -> date:
    """Return the day of the last cut on the shop's clock."""
    return last_cut(score_rule(), now, settings.shop(_shop(settings, asked)).zone)


def _shop(settings: Settings, asked: Asked) -> ShopKey:
    return asked.shop or next(iter(settings.shops), ShopKey("main"))


def counts(db: Database, settings: Settings, asked: Asked, now: datetime) -> list[CollectedCount]:
    """Return what was collected; read where the store may be read."""
    from packstation.store.score_reads import collected

    window = window_of(settings, asked, now)
    return collected(db, window, shop=asked.shop, carrier=asked.carrier)


def score(db: Database, settings: Settings, asked: Asked, now: datetime) -> Scorecard:
    """Return one score."""
    return score_of(score_rule(), counts(db, settings, asked, now))


def scores_by(
    db: Database, settings: Settings, asked: Asked, now: datetime, by: str
) -> tuple[tuple[str, Scorecard], ...]:
    """Return the scores of each shop, each carrier, or each of the last 14 days, newest first.

    Args:
        db: The store.
        settings: The house's.
        asked: Narrows what is looked at.
        now: Aware.
        by: ``shop``, ``carrier`` or ``day``; a day's own orders, not the 90 days before it.
    """
    rule = score_rule()
    if by == "day":
        from packstation.store.score_reads import collected

        zone = settings.shop(_shop(settings, asked)).zone
        last = asked.day or last_day(settings, asked, now) + timedelta(days=1)
        days = [last - timedelta(days=n) for n in range(_DAYS)]
        return tuple(
            (
                day.isoformat(),
                score_of(
                    rule,
                    collected(
                        db,
                        day_window(rule, day, zone, days=1),
                        shop=asked.shop,
                        carrier=asked.carrier,
                    ),
                ),
            )
            for day in days
        )
    groups: dict[str, list[CollectedCount]] = {}
    for one in counts(db, settings, asked, now):
        groups.setdefault(one.shop if by == "shop" else one.carrier, []).append(one)
    return tuple((name, score_of(rule, found)) for name, found in sorted(groups.items()))


def outlook(
    db: Database, settings: Settings, asked: Asked, now: datetime, pickup: datetime | None
) -> WhatIf:
    """Return when open orders leave their bands and what one pick-up saves; of the live score."""
    from packstation.store.journal import utc_us
    from packstation.store.score_reads import still_here

    rule = score_rule()
    since = utc_us(now - timedelta(hours=rule.bands[-1].until_h))
    waiting = still_here(db, since, shop=asked.shop, carrier=asked.carrier)
    card = score(db, settings, replace(asked, day=None), now)
    return what_if(rule, card, waiting, now, pickup)


def next_time(settings: Settings, asked: Asked, at: time, now: datetime) -> datetime:
    """Return when a time of day comes next on the shop's clock, aware."""
    local = now.astimezone(settings.shop(_shop(settings, asked)).zone)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found >= local else found + timedelta(days=1)
