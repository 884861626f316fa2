"""The pick list: first everything by bin, then order by order, on A4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import Order, OrderLine
from packstation.errors import ComposeError
from packstation.printing.pick_page import PickPages, Row
from packstation.printing.words import PaperWords

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class _Goods:
    """What counts as the same thing on the shelf."""

    bin: str
    sku: str
    title: str
    spec: str
    barcode: str


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which numbers count as numbers: bin A2 stands before A10.

    >>> sorted(["A10", "A2", "B1", "a1"], key=natural)
    ['a1', 'A2', 'A10', 'B1']
    """
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part.casefold())
        for part in _DIGITS.split(text)
        if part
    )


def by_bin(orders: Sequence[Order]) -> list[Row]:
    """Return the goods of all orders by bin, equal goods added up; without a bin last.

    Each row names how many orders need it.
    """
    units: dict[_Goods, int] = {}
    for order in orders:
        for line in order.lines:
            goods = _goods(line)
            units[goods] = units.get(goods, 0) + line.quantity
    return [_row(goods, units[goods], gift=False) for goods in sorted(units, key=_shelf)]


def by_order(order: Order) -> list[Row]:
    """Return the lines of one order by bin, gifts marked."""
    lines = sorted(order.lines, key=lambda line: _shelf(_goods(line)))
    return [_row(_goods(line), line.quantity, gift=line.gift) for line in lines]


def render_pick_list(
    orders: Sequence[Order], *, words: PaperWords, printed_at: datetime, shop: str = ""
) -> bytes:
    """Return the pick list as PDF; about 10 ms a page.

    Args:
        orders: What is to be picked, in the order of packing.
        words: The words of one language.
        printed_at: Aware, in the zone of the shop.
        shop: The shop's name for the heading.

    Raises:
        ComposeError: There is nothing to pick.
    """
    assert printed_at.tzinfo is not None
    if not any(order.lines for order in orders):
        raise ComposeError(
            "print.empty_pick_list",
            "There is nothing to pick: no open order has goods.",
            fix="Import orders first, or choose others.",
        )
    skus = {(line.sku, line.title, line.spec) for order in orders for line in order.lines}
    counts = words.list_counts.format(
        orders=len(orders), skus=len(skus), units=sum(order.units for order in orders)
    )
    pages = PickPages(
        words,
        heading=" ".join(part for part in (words.pick_list, shop) if part),
        counts=counts,
        printed=f"{words.printed_at} {printed_at:%Y-%m-%d %H:%M} UTC{printed_at:%z}",
    )
    pages.section(words.pick_all)
    pages.table(by_bin(orders))
    pages.section(words.pick_orders)
    for order in orders:
        pages.order(order, by_order(order))
    return pages.pdf()


def _goods(line: OrderLine) -> _Goods:
    return _Goods(
        bin=line.bin or "",
        sku=str(line.sku),
        title=line.title,
        spec=line.spec or "",
        barcode=line.barcode or "",
    )


def _shelf(goods: _Goods) -> tuple[bool, tuple[tuple[int, int, str], ...], str, str, str, str]:
    return (
        not goods.bin,
        natural(goods.bin),
        goods.sku,
        goods.title,
        goods.spec,
        goods.barcode,
    )


def _row(goods: _Goods, quantity: int, *, gift: bool) -> Row:
    return Row(
        bin=goods.bin,
        sku=goods.sku,
        title=goods.title,
        spec=goods.spec,
        barcode=goods.barcode,
        quantity=quantity,
        gift=gift,
    )
