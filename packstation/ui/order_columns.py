"""Columns of the orders page, and what a group of orders means as a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from PySide6.QtGui import QColor

from packstation.core.carriers import Carrier
from packstation.core.order_query import GroupBy, OrderFound, OrderGroup, OrderQuery
from packstation.core.orders import CarrierCode, ShopKey, Sku
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.grid_table import Column
from packstation.ui.names import carrier_name
from packstation.ui.order_words import (
    RISK_S,
    due_words,
    is_open,
    is_stopped,
    marks,
    state_words,
)
from packstation.ui.shop_colours import ShopLook

UNITS, STATE, MARKS, SHOP, CARRIER, NUMBER = 1, 3, 4, 5, 6, 7
"""Places of columns that change where there is little room."""


def order_columns(
    translator: Translator, backend: Backend, look: Callable[[], ShopLook]
) -> tuple[Column[OrderFound], ...]:
    """Return the columns of the list; ``look`` gives the shops as they are known by now."""

    def ink(row: OrderFound) -> QColor | None:
        if row.due_at is None or not is_open(row):
            return None
        left = (row.due_at - datetime.now(UTC)).total_seconds()
        return style.RED if left < 0 else style.ORANGE if left < RISK_S else None

    return (
        Column(
            _("Order"),
            lambda row: row.order_id,
            212,
            stripe=lambda row: look().colour(row.shop),
        ),
        Column(_("Units"), lambda row: str(row.units), 62, right=True),
        Column(_("Due"), lambda row: due_words(row, translator), 212, ink=ink),
        Column(
            _("State"),
            lambda row: state_words(row, translator),
            200,
            ink=lambda row: style.RED if is_stopped(row) else None,
        ),
        Column(_("Marks"), lambda row: marks(row, translator), 0),
        Column(_("Shop"), lambda row: look().name(row.shop), 104),
        Column(
            _("Carrier"),
            lambda row: carrier_name(backend.carriers, row.carrier, translator),
            116,
        ),
        Column(_("Tracking number"), lambda row: row.tracking_number or "", 172),
    )


def group_columns(name: Callable[[OrderGroup], str]) -> tuple[Column[OrderGroup], ...]:
    """Return the columns of the groups; ``name`` says which one it is."""
    return (
        Column(_("Group"), name, 0),
        Column(_("Orders"), lambda group: str(group.orders), 84, right=True),
        Column(_("Units"), lambda group: str(group.units), 74, right=True),
    )


def group_name(
    group: OrderGroup,
    by: GroupBy | None,
    look: ShopLook,
    carriers: Sequence[Carrier],
    translator: Translator,
) -> str:
    """Return what a group is called on the screen."""
    if not group.key:
        several = by is not None and GroupBy(by) is GroupBy.SINGLE_SKU
        return translator.text("(several)") if several else translator.text("(none)")
    match by:
        case GroupBy.CARRIER:
            return carrier_name(carriers, CarrierCode(group.key), translator)
        case GroupBy.SHOP:
            return look.name(ShopKey(group.key))
        case _:
            return group.label


def within(query: OrderQuery, by: GroupBy, group: OrderGroup, zone: tzinfo) -> OrderQuery | None:
    """Return the query that finds only the orders of a group; None where no filter says that.

    Args:
        query: What was put together.
        by: How.
        group: The one that is wanted.
        zone: The one that days are counted in.
    """
    if not group.key:
        return None
    match by:
        case GroupBy.CARRIER:
            return replace(query, carriers=(CarrierCode(group.key),))
        case GroupBy.SHOP:
            return replace(query, shops=(ShopKey(group.key),))
        case GroupBy.SINGLE_SKU:
            return replace(query, single_sku=Sku(group.key))
        case GroupBy.BIN:
            return replace(query, bin=group.key)
        case GroupBy.DUE_DAY:
            day = date.fromisoformat(group.key)
            first, end = (
                datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1))
            )
            return replace(query, due_from=first, due_to=end)
