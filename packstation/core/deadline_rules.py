"""What a deadline rule says: which clock, from when, how long, on which calendar, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from enum import StrEnum

from packstation.core.orders import OrderKind

ALWAYS = "24x7"
"""The calendar on which every day counts."""
ANY_PLATFORM = "*"
"""Stands for platforms that no other rule names."""


class Clock(StrEnum):
    """What is counted."""

    READY_FOR_COLLECTION = "ready_for_collection"
    """Packed, labelled and told to the platform (待揽收)."""
    SHIP = "ship"
    """Shipped, as the platform understands it."""
    IN_TRANSIT = "in_transit"
    """The carrier moves it (运输中)."""
    COLLECTED = "collected"
    """The carrier has collected what was ready."""
    DELIVERED = "delivered"
    CANCEL_ANSWER = "cancel_answer"
    """The buyer's wish to cancel is answered, else the platform cancels."""
    UNPAID_CANCEL = "unpaid_cancel"
    """The platform cancels what was never paid."""
    AUTO_CANCEL = "auto_cancel"
    """The platform cancels what is not ready for collection."""
    AUTO_CANCEL_UNCOLLECTED = "auto_cancel_uncollected"
    """The platform cancels what is ready but was not collected."""
    URGE_ANSWER = "urge_answer"
    """An urge task is shipped, refunded or answered."""


SHIP_BY = (Clock.READY_FOR_COLLECTION, Clock.SHIP, Clock.IN_TRANSIT)
"""Clocks that a packing table works against; the earliest of them is an order's ship-by time."""


class StartEvent(StrEnum):
    """From when a clock runs."""

    PAID = "paid"
    PLACED = "placed"
    READY = "ready"
    """Ready for collection."""
    REQUESTED = "requested"
    """The buyer asked to cancel."""
    OPENED = "opened"
    """The urge task was opened."""
    DUE = "due"
    """The end of another clock, named by ``of``."""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One dated rule of one platform."""

    id: str
    version: int
    platforms: tuple[str, ...]
    """Profile families, or ``*`` for those that no rule names."""
    clock: Clock
    start: tuple[StartEvent, ...]
    """The first one that is known counts."""
    zone: tzinfo
    zone_name: str
    source: str
    """Address or document row that says so."""
    regions: tuple[str, ...] = ()
    """Two capital letters each; empty = every region but ``not_regions``."""
    not_regions: tuple[str, ...] = ()
    kinds: tuple[OrderKind, ...] = (OrderKind.NORMAL,)
    hours: int | None = None
    business_days: int | None = None
    """Neither = only the file or the shop can name a time."""
    shop_sets: bool = False
    """The hours that the shop itself has promised go before those of the rule."""
    calendar: str = ALWAYS
    cutoff: time | None = None
    """Last minute that still counts for its working day; None = the whole day does."""
    day_end: time = time(23, 59)
    """Last minute of the last working day."""
    of: Clock | None = None
    """For ``due``: the clock whose end this one starts at."""
    not_after: Clock | None = None
    """A clock whose end this one can never go beyond."""
    valid_from: datetime | None = None
    """Aware; None = always was."""
    valid_to: datetime | None = None
    """Aware, the first moment after; None = still holds."""
    note: str = ""
    risk: str = ""
    """Name of the platform's own rule that is broken by being late."""
    file: str = ""

    def holds_at(self, moment: datetime) -> bool:
        """Return whether the rule is in force at an aware time."""
        return (self.valid_from is None or self.valid_from <= moment) and (
            self.valid_to is None or moment < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Promotion:
    """Another limit for what starts within a span of time."""

    name: str
    rules: tuple[str, ...]
    """Ids of the rules that it changes."""
    first: datetime
    """Aware."""
    end: datetime
    """Aware, the first moment after."""
    source: str
    hours: int | None = None
    business_days: int | None = None
    due: datetime | None = None
    """One fixed time for all, aware."""
    plus_days: int | None = None
    """Calendar days on top, at the same time of the day."""
    note: str = ""


class Exempt(StrEnum):
    """What may keep an urge task from being one."""

    AREA = "area"
    """Buyer or sender is in an area that the platform exempts."""
    REPORTED = "reported"
    """The seller reported the delay and is within the reported time."""
    KIND = "kind"
    """The kind of sale is exempt."""
    NO_COMPLAINT = "no_complaint"
    """Nobody complained."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """One dated reason why an urge task does not count."""

    id: str
    platforms: tuple[str, ...]
    when: Exempt
    source: str
    kinds: tuple[OrderKind, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    note: str = ""

    def holds_at(self, moment: datetime) -> bool:
        """Return whether it is in force at an aware time."""
        return (self.valid_from is None or self.valid_from <= moment) and (
            self.valid_to is None or moment < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What deadlines need to know of a shop."""

    platform: str = ""
    """Goes before the one that a file tells."""
    region: str = ""
    ship_within_h: int = 0
    """0 = the platform's rule."""


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """Everything the data files say."""

    rules: tuple[DeadlineRule, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    digest: str = ""
    """Of the files, so that a changed one is noticed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order has come at the station and with the carrier; times are aware."""

    ready_at: datetime | None = None
    """Sealed here, or ready for collection by the platform's word."""
    collected_at: datetime | None = None
    """Collected by the carrier."""
    requested_at: datetime | None = None
    """The buyer asked to cancel."""
    answered_at: datetime | None = None
    """That wish was answered."""
    urge_opened_at: datetime | None = None
    urge_closed_at: datetime | None = None


NOTHING_YET = Progress()
"""An order that nobody has touched."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of one order."""

    clock: Clock
    at: datetime
    """Aware, UTC."""
    zone: str
    """IANA name of the zone to show it in."""
    rule: str
    """Id of the rule; empty where no rule is known and the file names the time."""
    version: int
    source: str
    calendar: str
    promotion: str | None
    imported: bool
    """The platform's file named the time; no rule counts then."""
    start: StartEvent | None
    start_at: datetime | None
    shop_hours: int = 0
    """Hours of the shop's own promise where that was what counted."""
    capped_by: Clock | None = None
    met_at: datetime | None = None
    """When what it asks for was done."""

    @property
    def met(self) -> bool:
        """Done, in time or late."""
        return self.met_at is not None


class StepWord(StrEnum):
    """What one line of a provenance says."""

    IMPORTED = "imported"
    NO_RULE = "no_rule"
    STARTED = "started"
    RULE = "rule"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    SHOP_PROMISE = "shop_promise"
    AFTER_CUTOFF = "after_cutoff"
    DAY_OFF = "day_off"
    MAKE_UP_DAY = "make_up_day"
    COUNTED_FROM = "counted_from"
    YEAR_NOT_KNOWN = "year_not_known"
    PROMOTION = "promotion"
    CAPPED = "capped"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of how a deadline came about."""

    word: StepWord
    told: Mapping[str, str]
    """Values for the sentence: days as ``YYYY-MM-DD``, times as ISO 8601 with offset."""


def utc(at: datetime) -> datetime:
    """Return an aware time in UTC.

    Raises:
        ValueError: The time is naive.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC)
