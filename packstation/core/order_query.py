"""What the orders page may ask of millions of orders, and what it is answered; no people's data.

One query serves page, command line, export and pick list, so that a list, its count and its
groups can never mean different orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from packstation.core.orders import CarrierCode, OrderKey, OrderKind, ShopKey, Sku
from packstation.core.reports import OrderSummary


class Group(StrEnum):
    """The lists that a warehouse works from; words of page and command line, append-only.

    ``TO_PACK``, ``STOPPED`` and ``DONE`` never share an order. ``eligibility.obstacle`` decides
    between the first two; the stock of numbers is looked at for each carrier when it is asked.
    """

    TO_PACK = "to_pack"
    """Nothing stops it and nobody has sealed it."""
    STOPPED = "stopped"
    """Something stops it; the row says what."""
    DONE = "done"
    """Sealed, bagged or handed over, and nothing stops it."""
    OWED = "owed"
    """Still to be sealed, and its deadline runs: to pack, or stopped by what may pass."""
    DUE_TODAY = "due_today"
    """Owed, and due before the end of the day; those that are late are in ``OVERDUE``."""
    OVERDUE = "overdue"
    """Owed, and its deadline has passed."""
    AT_RISK = "at_risk"
    """Owed, and due within the next hours (``Moment.risk_s``)."""
    URGED = "urged"
    """Owed, and its buyer urges."""
    HELD = "held"
    """Held at a station, so that somebody can release it."""
    PACKED_NOT_HANDED_OVER = "packed_not_handed_over"
    """Sealed or bagged, and still here."""
    UNSYNCED = "unsynced"
    """Status events of it have not reached the shop."""


class SortBy(StrEnum):
    """The order of a list."""

    DUE = "due"
    """What is still here first, the earliest deadline at the top; then the rest, newest first."""
    NEWEST = "newest"
    """As imported, the newest first."""
    BIN = "bin"
    """What is still here first, by its first bin in walking order; then the rest, newest first."""


class GroupBy(StrEnum):
    """What a list may be put together by."""

    CARRIER = "carrier"
    SINGLE_SKU = "single_sku"
    """Orders with one SKU only, by it; others under an empty key."""
    BIN = "bin"
    """By the first bin in walking order."""
    SHOP = "shop"
    DUE_DAY = "due_day"
    """By the day of the deadline, ISO 8601, in the zone of ``Moment``."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that today, late and at risk are counted from."""

    now: datetime
    """Aware, in the shop's zone: its day is today."""
    risk_s: int = 4 * 3600
    """An order that is due within so many seconds is at risk."""


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Filters that all must hold; None or empty = not asked for.

    Every ``…_from`` is the first moment that counts, every ``…_to`` the first that does not;
    both aware.
    """

    text: str = ""
    """Beginning of an order or tracking number, or four of its last characters or more; a buyer's
    account name; a SKU or its beginning; words of a title or variation, each of any length."""
    group: Group | None = None
    status: str | None = None
    """As ``OrderSummary.status``: ``waiting``, a parcel's state, or a word of ``Reason``."""
    printed: bool | None = None
    """Whether a label came out, or may have."""
    message: bool | None = None
    """Whether buyer or seller left a text."""
    urged: bool | None = None
    carriers: tuple[CarrierCode, ...] = ()
    """The parcel's, else the file's, else the shop's own; any of them."""
    shops: tuple[ShopKey, ...] = ()
    sku: Sku | None = None
    """Exactly this SKU in any line."""
    single_sku: Sku | None = None
    """Nothing but this SKU."""
    bin: str | None = None
    """Exactly this bin in any line."""
    paid_from: datetime | None = None
    paid_to: datetime | None = None
    imported_from: datetime | None = None
    imported_to: datetime | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    kind: OrderKind | None = None
    """``NORMAL`` finds those too of which the file says nothing."""
    wave: str | None = None
    only_new: bool = False
    """Imported since the last export of orders."""
    sort: SortBy = SortBy.DUE
    after: str | None = None
    """Cursor of an earlier answer to the same query; what changed meanwhile may move."""
    limit: int = 50
    """Most rows, 1 to 5000."""


@dataclass(frozen=True, slots=True)
class OrderFound(OrderSummary):
    """One order in a list, with what the page shows of it."""

    due_at: datetime | None = None
    """Aware, UTC; by the rule of the deadlines, else the promised time."""
    reason: str | None = None
    """Why it may not be packed, as a word of ``Reason``; None = it may, or it is packed."""
    kind: OrderKind | None = None
    urged: bool = False
    printed: bool = False
    has_message: bool = False
    hold_reason: str | None = None
    """Word of ``HoldReason``."""
    merged_into: OrderKey | None = None
    """The merged order that it travels in."""
    members: int | None = None
    """Of a merged order: how many orders are inside."""
    part: int | None = None
    """Of a part: its number, from 1."""
    parts: int | None = None
    """Of a part or of a split order: in how many parcels it travels."""
    first_bin: str | None = None
    """The bin that a picker reaches first."""
    single_sku: Sku | None = None
    """The only SKU; None where there are several."""
    wave: str | None = None
    imported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRows:
    """One page of orders."""

    rows: tuple[OrderFound, ...]
    cursor: str | None
    """Goes on after these rows; None = there are no more."""
    total: int | None
    """How many the whole query finds; None = not counted."""
    at_least: int
    """That many there are for certain: ``total``, or those seen so far."""
    searched_to: datetime | None = None
    """Where the look was bounded: import time of the oldest order that was looked at. The page
    may be short or empty; the cursor goes on from there. None = the page is whole."""
    behind: int = 0
    """Orders that were written and are not listed as they are yet; soon 0."""


@dataclass(frozen=True, slots=True)
class OrderGroup:
    """Orders put together."""

    key: str
    """Carrier, SKU, bin, shop or day; empty = none."""
    label: str
    """A title for a SKU, else the key."""
    orders: int
    units: int


@dataclass(frozen=True, slots=True)
class OrderGroups:
    """A list put together, the largest group first; days in their order."""

    by: GroupBy
    groups: tuple[OrderGroup, ...]
    orders: int
    """Orders that were put together."""
    cut: bool = False
    """True where there were more orders than are put together at once, or more groups than told."""
