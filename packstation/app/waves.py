"""Waves: orders that are picked in one round, and which orders a pick list may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packstation.core.eligibility import obstacle
from packstation.core.order_query import Group, Moment, OrderQuery
from packstation.core.orders import Order, OrderKey
from packstation.core.policy import Rules
from packstation.core.sheet_facts import WaveEnded, WaveMade
from packstation.core.sheets import LeftOut, Wave
from packstation.core.status import ParcelState
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.database import Database
    from packstation.store.opening import OpenStore

MOST = 2000
"""Orders of one wave or pick list at most; some 300 pages."""
WAVE_SIZE = 50
"""Orders of a wave where nothing else is said."""
_LOOKED_AT = 20_000
IN_A_WAVE = "in_a_wave"
"""The order is in an open wave already."""
PACKED = "packed"
"""The parcel is sealed already."""
_BEFORE_SEAL = (ParcelState.OPEN, ParcelState.VERIFIED, ParcelState.LABELLED, ParcelState.HELD)


@dataclass(frozen=True, slots=True)
class Pickable:
    """Orders that may be picked, and those that may not."""

    orders: tuple[Order, ...]
    left: tuple[LeftOut, ...]


def why_not_picked(db: Database, rules: Rules, order: Order) -> str | None:
    """Return why an order may not be picked now; the bench's rule, and no parcel packed before.

    The stock of numbers is left aside: numbers may be added while the picker walks.
    """
    from packstation.store.parcel_rows import read_parcel

    parcel = read_parcel(db, order.key)
    if parcel is not None and parcel.state not in _BEFORE_SEAL:
        return PACKED
    found = obstacle(order, rules, numbers_left=1)
    return found[1].value if found is not None else None


def pickable(store: OpenStore, rules: Rules, keys: Iterable[OrderKey]) -> Pickable:
    """Return which of some orders may be picked, in their order, and why the others may not."""
    from packstation.store.order_rows import read_order

    orders: list[Order] = []
    left: list[LeftOut] = []
    for key in keys:
        order = read_order(store.db, key)
        if order is None:
            continue
        why = why_not_picked(store.db, rules, order)
        if why is None:
            orders.append(order)
        else:
            left.append(LeftOut(key, why))
    return Pickable(tuple(orders), tuple(left))


@dataclass(frozen=True, slots=True)
class MadeWave:
    """A wave that was made."""

    wave: Wave
    left: tuple[LeftOut, ...]
    """Orders that the filters found and that may not be in it, and why."""


def make_wave(
    house: House, query: OrderQuery, *, keys: Iterable[OrderKey] = (), size: int = WAVE_SIZE
) -> MadeWave:
    """Put orders that may be packed into a new wave; in the store's room, durable on return.

    Args:
        house: Open to change things.
        query: Filters; without a group, what is to be packed.
        keys: These orders instead.
        size: Most orders, 1 to ``MOST``.

    Raises:
        PackStationError: ``sheets.empty_wave``: no order is left for it.
    """
    from packstation.store import sheet_reads
    from packstation.store.order_list import every
    from packstation.store.order_rows import read_order

    store = house.store
    chosen: list[OrderKey] = []
    left: list[LeftOut] = []
    most = min(size, MOST)
    asked = replace(query, group=query.group or Group.TO_PACK, limit=_LOOKED_AT)
    moment = Moment(store.clock().at)
    found = every(store.db, asked, moment=moment, people=store.people)
    wanted = list(keys) or (one.key for one in found)
    for key in wanted:
        if len(chosen) == most:
            break
        order = read_order(store.db, key)
        if order is None:
            continue
        why = IN_A_WAVE if sheet_reads.wave_of(store.db, key) else None
        why = why or why_not_picked(store.db, house.rules, order)
        if why is None:
            chosen.append(key)
        else:
            left.append(LeftOut(key, why))
    if not chosen:
        raise PackStationError(
            "sheets.empty_wave",
            f"No order is free for a wave ({len(left)} may not be in it).",
            fix="Choose other orders, or end the waves that are done: packstation wave list",
            count=len(left),
        )
    name = sheet_reads.next_name(store.db, "W", house.settings.station_number)
    stamp = store.clock()
    with store.recorder.tx():
        store.recorder.write((WaveMade(name, tuple(chosen), stamp.at),), stamp)
    return MadeWave(sheet_reads.wave(store.db, name), tuple(left))


def end_wave(house: House, name: str) -> Wave:
    """End a wave; in the store's room, durable on return.

    Raises:
        PackStationError: ``sheets.no_such_wave`` or ``sheets.wave_ended``.
    """
    from packstation.store import sheet_reads

    store = house.store
    wave = sheet_reads.wave(store.db, name)
    if wave.ended_at is not None:
        raise PackStationError(
            "sheets.wave_ended",
            f"Wave {wave.wave} has ended already.",
            fix="Look at the list: packstation wave list",
            wave=wave.wave,
        )
    with store.recorder.tx():
        store.recorder.write((WaveEnded(wave.wave),), store.clock())
    return sheet_reads.wave(store.db, wave.wave)
