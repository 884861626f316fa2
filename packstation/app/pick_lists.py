"""Pick lists for paper and screen: which orders, in which walk, in which view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.waves import MOST, pickable
from packstation.core.orders import OrderKey
from packstation.core.pick_rows import Cart, PickRow, Walk
from packstation.core.policy import Rules
from packstation.core.sheets import LeftOut
from packstation.exchange.data_files import DataSource
from packstation.exchange.sheet_files import write_whole

if TYPE_CHECKING:
    from packstation.devices.letterhead import Letterhead
    from packstation.printing.pick_list import PickPlan
    from packstation.store.opening import OpenStore

AISLES = "aisles.toml"
"""In the data folder, where a picker's way is not by name: ``aisles = ["C", "A", "B"]``."""


@dataclass(frozen=True, slots=True)
class PickReport:
    """One pick list that was written."""

    orders: tuple[OrderKey, ...]
    left: tuple[LeftOut, ...]
    """Orders that were asked for and may not be picked, and why."""


@dataclass(frozen=True, slots=True)
class PickView:
    """A pick list for the screen."""

    total: tuple[PickRow, ...]
    """Everything by bin."""
    orders: tuple[tuple[OrderKey, tuple[PickRow, ...]], ...]
    """Order by order."""
    carts: tuple[Cart, ...]
    """Cart by cart; empty where no size was given."""
    left: tuple[LeftOut, ...]


def load_walk(data: Path) -> Walk:
    """Return the picker's way: by the names of bins, or as the file in the data folder says.

    Raises:
        DataFileError: The file is wrong; the message names file, line and key.
    """
    path = data / AISLES
    if not path.exists():
        return Walk()
    source = DataSource(path)
    source.only(source.values, ("aisles",))
    return Walk(source.words(source.values, "aisles"))


def chosen_keys(
    store: OpenStore, keys: Sequence[OrderKey] = (), wave: str | None = None
) -> tuple[OrderKey, ...]:
    """Return which orders a pick list is asked for: named ones, a wave's, else all to pack.

    Raises:
        StoreError: ``sheets.no_such_wave``.
    """
    from packstation.store import sheet_reads
    from packstation.store.order_list import keys_to_pack

    named = tuple(dict.fromkeys(keys))
    if wave is not None:
        return tuple(dict.fromkeys((*sheet_reads.wave(store.db, wave).orders, *named)))
    return named or keys_to_pack(store.db, MOST)


def view(
    store: OpenStore,
    rules: Rules,
    walk: Walk,
    *,
    keys: Sequence[OrderKey] = (),
    wave: str | None = None,
    cart: int | None = None,
) -> PickView:
    """Return a pick list as rows for the screen."""
    found = pickable(store, rules, chosen_keys(store, keys, wave))
    return PickView(
        total=tuple(walk.total(found.orders)),
        orders=tuple((order.key, tuple(walk.order(order))) for order in found.orders),
        carts=tuple(walk.carts(found.orders, cart)) if cart else (),
        left=found.left,
    )


def write_pick_list(
    head: Letterhead,
    rules: Rules,
    store: OpenStore,
    out: Path,
    *,
    plan: PickPlan,
    keys: Sequence[OrderKey] = (),
    wave: str | None = None,
) -> PickReport:
    """Write a pick list as PDF, in place of an older one of this name.

    Raises:
        ComposeError: There is nothing to pick.
        PackStationError: There is no such wave, or the file cannot be written.
    """
    from packstation.printing.pick_list import render_pick_list

    found = pickable(store, rules, chosen_keys(store, keys, wave))
    now = datetime.now(UTC).astimezone(head.zone)
    pdf = render_pick_list(
        found.orders, words=head.words, printed_at=now, shop=head.house, plan=plan
    )
    write_whole(out, pdf)
    return PickReport(tuple(order.key for order in found.orders), found.left)
