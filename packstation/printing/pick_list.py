"""The pick list on A4 or on the label printer's stock: by bin, cart by cart, order by order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from packstation.core.orders import Order
from packstation.core.pick_rows import PickRow, Walk, natural
from packstation.errors import ComposeError
from packstation.printing.document import Document
from packstation.printing.goods_slips import pick_sheet, pick_slip
from packstation.printing.media import Media
from packstation.printing.pick_page import PickPages
from packstation.printing.words import PaperWords

__all__ = [
    "PickPaper",
    "PickPlan",
    "by_bin",
    "by_order",
    "natural",
    "pick_documents",
    "render_pick_list",
]


class PickPaper(StrEnum):
    """What a pick list is printed on."""

    A4 = "a4"
    LABEL = "100x150"
    """The label printer's stock, so that no second printer is needed at the shelf."""


@dataclass(frozen=True, slots=True)
class PickPlan:
    """How the goods of some orders are put together."""

    paper: PickPaper = PickPaper.A4
    total: bool = False
    """Only the sum of each SKU."""
    cart: int | None = None
    """Orders of one cart, each with a place for its tote; None = all goods, then each order."""
    walk: Walk = field(default_factory=Walk)
    """In which order the bins come."""
    name: str = ""
    """Name of the wave, for the heading."""


_ALL = PickPlan()
LABEL_STOCK = Media("100x150", "100 x 150 mm", width_mm=100, height_mm=150, gap_mm=2)
"""What a pick list on label stock is made for, when it is a file."""


def by_bin(orders: Sequence[Order]) -> list[PickRow]:
    """Return the goods of all orders by bin, equal goods added up; without a bin last."""
    return Walk().total(orders)


def by_order(order: Order) -> list[PickRow]:
    """Return the lines of one order by bin, gifts marked."""
    return Walk().order(order)


def render_pick_list(
    orders: Sequence[Order],
    *,
    words: PaperWords,
    printed_at: datetime,
    shop: str = "",
    plan: PickPlan = _ALL,
) -> bytes:
    """Return the pick list as PDF; about 10 ms a page.

    Args:
        orders: What is to be picked, in the order of packing.
        words: The words of one language.
        printed_at: Aware, in the zone of the shop.
        shop: The shop's name for the heading.
        plan: Paper and view.

    Raises:
        ComposeError: There is nothing to pick.
    """
    from packstation.printing.raster import render_pdf

    documents = pick_documents(orders, words=words, printed_at=printed_at, shop=shop, plan=plan)
    return render_pdf(documents, title=_heading(words, shop, plan))


def pick_documents(
    orders: Sequence[Order],
    *,
    words: PaperWords,
    printed_at: datetime,
    shop: str = "",
    plan: PickPlan = _ALL,
) -> list[Document]:
    """Return the pages of a pick list, for a PDF or for the dots of a label printer.

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
    if plan.paper is PickPaper.LABEL:
        return _labels(orders, words, printed_at, shop, plan)
    skus = {(line.sku, line.title, line.spec) for order in orders for line in order.lines}
    counts = words.list_counts.format(
        orders=len(orders), skus=len(skus), units=sum(order.units for order in orders)
    )
    printed = f"{words.printed_at} {printed_at:%Y-%m-%d %H:%M} UTC{printed_at:%z}"
    heading = _heading(words, shop, plan)
    pages = PickPages(words, heading=heading, counts=counts, printed=printed)
    if plan.cart is not None and not plan.total:
        for cart in plan.walk.carts(orders, plan.cart):
            pages.cart(cart)
        return pages.documents()
    pages.section(words.pick_all)
    pages.table(plan.walk.total(orders))
    if not plan.total:
        pages.section(words.pick_orders)
        for order in orders:
            pages.order(order, plan.walk.order(order))
    return pages.documents()


def _labels(
    orders: Sequence[Order], words: PaperWords, printed_at: datetime, shop: str, plan: PickPlan
) -> list[Document]:
    from packstation.printing.slip_layout import pages

    sheet = pick_sheet(orders, plan.walk, name=plan.name, total=plan.total, cart=plan.cart)
    return pages(pick_slip(sheet, words, shop=shop, printed_at=printed_at), LABEL_STOCK)


def _heading(words: PaperWords, shop: str, plan: PickPlan) -> str:
    return " ".join(part for part in (words.pick_list, plan.name, shop) if part)
