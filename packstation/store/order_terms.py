"""What an order can be found by: its terms, worked out from the order, its parcel and the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from packstation.core.codes import folded
from packstation.core.eligibility import obstacle
from packstation.core.order_query import Group
from packstation.core.orders import Order, OrderKind, OrderLine, WhyNot
from packstation.core.policy import Rules
from packstation.core.status import LabelSource, ParcelState
from packstation.store.journal import utc_us

NO_DUE = 2**62
"""Stands for no deadline: after every other."""
NO_BIN = "9"
"""Walking key of an order without a bin: after every other."""
HOUR_US = 3_600_000_000
DAY_HOURS = 24
TAIL = 4
"""Fewer last characters of a number than these are not looked up."""
_KEPT = 8
_OTHER = 127
"""Stands for every letter that is not of ASCII, in the end of a number."""


class Attr(IntEnum):
    """Kinds of terms; stored values, append-only."""

    ALL = 1
    """Every order."""
    GROUP = 2
    STATUS = 3
    FLAG = 4
    """``live``, ``message``, ``urged``, ``printed``, ``sealed``; ``no_paid``, ``no_due`` without
    such a time."""
    CARRIER = 5
    SHOP = 6
    KIND = 7
    SINGLE = 8
    """The only SKU."""
    BIN = 9
    GOODS = 10
    """A SKU with its title, in whatever shop: see ``goods_of``."""
    WAVE = 11
    PAID_DAY = 12
    PAID_HOUR = 13
    IMPORTED_DAY = 14
    IMPORTED_AT = 15
    """The very microsecond: orders of one import share it."""
    DUE_DAY = 16
    DUE_HOUR = 17


Term = tuple[Attr, str]

_PACKED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER})
_HERE = frozenset({ParcelState.SEALED, ParcelState.BAGGED})
_ENDED = frozenset({"shipped", "cancelled", "refunded", "merged", "split", "virtual"})
"""Reasons after which nothing is left to be done with an order itself."""
_NOT_OWED = _ENDED | {"unpaid", "presale"}
"""Reasons during which no deadline runs."""


_EVERY: Term = (Attr.ALL, "")
_LIVE: Term = (Attr.FLAG, "live")
_GROUPS: dict[Group, Term] = {group: (Attr.GROUP, group.value) for group in Group}
_KINDS: dict[OrderKind | None, Term] = {
    None: (Attr.KIND, OrderKind.NORMAL.value),
    **{kind: (Attr.KIND, kind.value) for kind in OrderKind},
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What other tables say of an order."""

    imported_us: int
    parcel: ParcelState | None = None
    stopped: WhyNot | None = None
    """Of a packed parcel: why it may not leave."""
    held: bool = False
    carrier: str | None = None
    """The parcel's."""
    number: str | None = None
    """The parcel's, else the one that the carrier gave back."""
    printed: bool = False
    wave: str | None = None
    urged: bool = False
    """By an urge task."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One order as the index keeps it."""

    terms: tuple[Term, ...]
    live: bool
    """Still here, or may still have to be packed."""
    owed: bool
    """Its deadline runs."""
    due_us: int
    walk: str
    units: int
    reason: str | None
    carrier: str | None
    bin: str | None
    sku: str | None
    pool: str | None
    """Of what may be packed and has no number yet: the pool that its number comes from."""
    id_tail: int | None
    number_tail: int | None


def index_row(order: Order, around: Surroundings, rules: Rules) -> IndexRow:
    """Return how an order is listed; ``eligibility.obstacle`` alone says whether it may be packed.

    Args:
        order: As it stands today.
        around: What other tables say of it.
        rules: The shop's.
    """
    stop = obstacle(order, rules, numbers_left=1)
    reason = stop[1].value if stop else None
    parcel = around.parcel
    packed = parcel in _PACKED
    if packed:
        reason = around.stopped.value if around.stopped not in (None, WhyNot.SHIPPED) else None
    ended = parcel is ParcelState.HANDED_OVER or (not packed and reason in _ENDED)
    owed = not packed and reason not in _NOT_OWED
    stopped = reason is not None and reason != WhyNot.SHIPPED.value
    if stopped or (parcel is ParcelState.RECALLED and reason is None):
        group = Group.STOPPED  # a recalled parcel must be looked at, whatever its order says
    else:
        group = Group.DONE if packed or reason is not None else Group.TO_PACK
    status = reason or (parcel.value.lower() if parcel else "waiting")
    carrier = around.carrier or rules.carrier_of(order)
    due = rules.ship_by(order)
    due_us = utc_us(due) if due is not None else NO_DUE
    places = {line.bin for line in order.lines if line.bin}
    bins = sorted(places, key=walk_key) if len(places) > 1 else list(places)
    skus = {line.sku for line in order.lines}
    sku = order.lines[0].sku if len(skus) == 1 and order.lines[0].sku else None
    terms: list[Term] = [
        _EVERY,
        _GROUPS[group],
        (Attr.STATUS, status),
        (Attr.SHOP, order.shop),
        _KINDS[order.kind],
        *_flags(order, around, live=not ended, owed=owed),
    ]
    if carrier:
        terms.append((Attr.CARRIER, carrier))
    if sku:
        terms.append((Attr.SINGLE, sku))
    if around.wave:
        terms.append((Attr.WAVE, around.wave))
    terms += [(Attr.BIN, place) for place in bins]
    terms += [(Attr.GOODS, one) for one in {goods_of(line) for line in order.lines}]
    if order.paid_at is not None:
        terms += _hour_terms(utc_us(order.paid_at) // HOUR_US, Attr.PAID_DAY, Attr.PAID_HOUR)
    else:
        terms.append((Attr.FLAG, "no_paid"))
    terms += _import_terms(around.imported_us)
    if due is not None:
        terms += _hour_terms(due_us // HOUR_US, Attr.DUE_DAY, Attr.DUE_HOUR)
    else:
        terms.append((Attr.FLAG, "no_due"))
    shop = rules.shop(order.shop)
    unnumbered = shop.label_source is LabelSource.COMPOSED and around.number is None
    return IndexRow(
        terms=tuple(terms),
        live=not ended,
        owed=owed,
        due_us=due_us,
        walk=walk_key(bins[0]) if bins else NO_BIN,
        units=order.units,
        reason=reason,
        carrier=carrier,
        bin=bins[0] if bins else None,
        sku=sku,
        pool=shop.number_pool if group is Group.TO_PACK and unnumbered else None,
        id_tail=tail_of(order.order_id),
        number_tail=tail_of(around.number or order.tracking_number),
    )


def _flags(order: Order, around: Surroundings, *, live: bool, owed: bool) -> Iterator[Term]:
    if live:
        yield _LIVE
    if owed:
        yield _GROUPS[Group.OWED]
    if order.has_buyer_message or order.has_seller_memo:
        yield Attr.FLAG, "message"
    if order.urged or around.urged:
        yield Attr.FLAG, "urged"
    if around.printed:
        yield Attr.FLAG, "printed"
    if around.held:
        yield _GROUPS[Group.HELD]
    if around.parcel in _HERE:
        yield _GROUPS[Group.PACKED_NOT_HANDED_OVER]
    if around.parcel is ParcelState.SEALED:
        yield Attr.FLAG, "sealed"


def goods_of(line: OrderLine) -> str:
    """Return the value of the term that stands for a line's goods."""
    value = _BETWEEN.join((line.sku, line.title, line.spec or ""))
    if value.count(_BETWEEN) == 2:
        return value
    parts = (line.sku, line.title, line.spec or "")
    return _BETWEEN.join(part.replace(_BETWEEN, " ") for part in parts)


def parts_of(goods: str) -> tuple[str, str, str]:
    """Return SKU, title and variation from the value of a term for goods."""
    sku, title, spec = goods.split(_BETWEEN)
    return sku, title, spec


def tail_of(text: str | None) -> int | None:
    """Return a number for the last eight characters, read backwards, case taken away.

    Returns:
        None where there are fewer than four.
    """
    last = folded(text)[: -_KEPT - 1 : -1] if text is not None else ""
    if len(last) < TAIL:
        return None
    value = 0
    for letter in last.ljust(_KEPT, "\0"):
        value = value << 7 | min(ord(letter), _OTHER)
    return value


def tails_of(text: str) -> tuple[int, int, bool] | None:
    """Return first and last tail of everything that ends like a text; None = too short.

    The third value tells whether nothing else has such a tail.

    >>> first, last, sure = tails_of("12345")
    >>> first <= tail_of("YT0000000012345") <= last, sure, tails_of("123")
    (True, True, None)
    """
    plain = folded(text)
    first = tail_of(plain)
    if first is None:
        return None
    span = 1 << 7 * max(0, _KEPT - len(plain))
    sure = len(plain) <= _KEPT and all(0 < ord(letter) < _OTHER for letter in plain)
    return first, first + span - 1, sure


_BETWEEN = "\x1f"
"""The unit separator of ASCII: in no text that a person types."""
_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=8192)
def walk_key(place: str) -> str:
    """Return a text that sorts as a picker walks: A2 before A10, digits before letters.

    >>> sorted(["A10", "A2", "B1", "a1"], key=walk_key)
    ['a1', 'A2', 'A10', 'B1']
    """
    return "".join(
        f"0{part.zfill(12)}\1" if part.isdecimal() else f"1{part.casefold()}\1"
        for part in _DIGITS.split(place)
        if part
    )


@lru_cache(maxsize=64)
def _import_terms(us: int) -> tuple[Term, Term]:
    day = us // HOUR_US // DAY_HOURS
    return (Attr.IMPORTED_DAY, number_value(day)), (Attr.IMPORTED_AT, number_value(us))


@lru_cache(maxsize=4096)
def _hour_terms(hour: int, days: Attr, hours: Attr) -> tuple[Term, Term]:
    return (days, number_value(hour // DAY_HOURS)), (hours, number_value(hour))


def number_value(number: int) -> str:
    """Return an hour, day or microsecond since 1970 as a text that sorts like it."""
    return f"{number:018d}"


def hour_spans(
    start_us: int | None, end_us: int | None
) -> tuple[list[tuple[bool, int, int]], bool]:
    """Return the whole days and hours that cover a time, and whether they cover more than it.

    Args:
        start_us: First moment; None = from the beginning.
        end_us: First moment after it; None = for ever.

    Returns:
        Spans as (days, first, last), in days where the first value is True, else in hours.

    >>> hour_spans(3 * HOUR_US, 50 * HOUR_US)
    ([(False, 3, 23), (True, 1, 1), (False, 48, 49)], False)
    """
    first = 0 if start_us is None else max(0, start_us // HOUR_US)
    last = (DAY_HOURS * 10**7 if end_us is None else -(-end_us // HOUR_US)) - 1
    loose = any(us is not None and us % HOUR_US for us in (start_us, end_us))
    if last < first:
        return [], loose
    first_day, end_day = -(-first // DAY_HOURS), (last + 1) // DAY_HOURS
    if first_day >= end_day:
        return [(False, first, last)], loose
    spans = [
        (False, first, first_day * DAY_HOURS - 1),
        (True, first_day, end_day - 1),
        (False, end_day * DAY_HOURS, last),
    ]
    return [span for span in spans if span[1] <= span[2]], loose
