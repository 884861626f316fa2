"""Slips of goods: the packing slip inside a parcel, and a pick list for rolls and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from packstation.core.orders import Order, OrderKey
from packstation.core.pick_rows import PickRow, Walk
from packstation.printing.barcodes import product_symbology
from packstation.printing.document import Align, Missing, Overflow, Symbology, Weight
from packstation.printing.slips import (
    Across,
    Band,
    Break,
    Code,
    Column,
    Group,
    Heading,
    Part,
    Rule,
    Size,
    Slip,
    Space,
    Table,
    Tick,
    Words,
    WriteBox,
    pair,
)
from packstation.printing.waybill_label import reprint_mark
from packstation.printing.words import PaperWords


@dataclass(frozen=True, slots=True)
class Packing:
    """Everything a packing slip says."""

    order_id: str
    """The platform's order number."""
    shop: str
    """As buyers know it."""
    goods: tuple[PickRow, ...]
    """In the order of the order."""
    recipient: str
    """Name as it may be shown; empty = none."""
    printed_at: datetime
    """Aware, in the zone of the shop."""
    part: int = 1
    """Which parcel of the order."""
    parts: int = 1
    """How many parcels the order travels in."""
    copy: int = 1
    """2 and more are marked as reprint."""


class PickView(StrEnum):
    """What a section of a pick list holds."""

    ALL = "all"
    """The goods of all orders, by bin."""
    ORDER = "order"
    """The goods of one order."""
    CART = "cart"
    """The goods of one cart, with their totes."""


@dataclass(frozen=True, slots=True)
class PickSection:
    """One section of a pick list."""

    view: PickView
    rows: tuple[PickRow, ...]
    """In the order of the walk."""
    cart: int = 0
    """Number of the cart."""
    orders: tuple[str, ...] = ()
    """Order numbers: the one of an order, those of a cart by place."""


@dataclass(frozen=True, slots=True)
class PickSheet:
    """Everything a pick list says; never people's data."""

    name: str
    """Of the wave; may be empty."""
    orders: int
    """How many orders."""
    skus: int
    """How many kinds of goods."""
    units: int
    """How many units."""
    sections: tuple[PickSection, ...]
    """From top to bottom."""
    keys: tuple[OrderKey, ...] = ()
    """Of the orders: not on the paper, but who asks later whether an order was on a list."""


def pick_sheet(
    orders: Sequence[Order], walk: Walk, *, name: str = "", total: bool, cart: int | None = None
) -> PickSheet:
    """Return a pick list of orders.

    Args:
        orders: What is to be picked, in the order of packing.
        walk: In which order the bins come.
        name: Of the wave.
        total: Only the sum of each SKU.
        cart: Orders of one cart; None = all goods, then each order.
    """
    sections: list[PickSection] = []
    if cart is not None and not total:
        sections += [
            PickSection(
                PickView.CART, one.rows, one.number, tuple(str(o.order_id) for o in one.orders)
            )
            for one in walk.carts(orders, cart)
        ]
    else:
        sections.append(PickSection(PickView.ALL, tuple(walk.total(orders))))
        if not total:
            sections += [
                PickSection(PickView.ORDER, tuple(walk.order(order)), orders=(str(order.order_id),))
                for order in orders
            ]
    skus = {(line.sku, line.title, line.spec) for order in orders for line in order.lines}
    units = sum(order.units for order in orders)
    keys = tuple(order.key for order in orders)
    return PickSheet(name, len(orders), len(skus), units, tuple(sections), keys)


def packing_slip(packing: Packing, words: PaperWords) -> Slip:
    """Return the paper inside a parcel: what it holds, to be ticked; no address, no phone."""
    said = words.slips
    mark = reprint_mark(packing.copy, words)
    columns = (
        Column("", 0.09, tick=True),
        Column(words.sku, 0.28),
        Column(words.title, 0.48, lines=4),
        Column(words.quantity, 0.15, Align.RIGHT),
    )
    rows = tuple(("", row.sku, title_of(row, words), str(row.quantity)) for row in packing.goods)
    part = words.part.format(part=packing.part, parts=packing.parts) if packing.parts > 1 else ""
    recipient = Words(
        packing.recipient, weight=Weight.BOLD, overflow=Overflow.REFUSE, missing=Missing.REFUSE,
        name="recipient name", lines=4,
    )  # fmt: skip
    parts: list[Part] = [
        *((Band(mark),) if mark else ()),
        Heading(packing.shop, Size.LARGE, Align.CENTRE),
        Heading(said.packing_slip, Size.NORMAL, Align.CENTRE),
        _order_code(packing.order_id),
        pair(words.order, packing.order_id),
        *((Words(part, Size.LARGE, Weight.BOLD),) if part else ()),
        *((Across(((0.3, Words(said.recipient)), (0.7, recipient))),) if packing.recipient else ()),
        pair(words.printed_at, f"{packing.printed_at:%Y-%m-%d}"),
        Rule(),
        Table(columns, rows),
        Words(
            said.goods_total.format(units=sum(row.quantity for row in packing.goods)),
            weight=Weight.BOLD,
            align=Align.RIGHT,
        ),
        Space(),
        Words(said.thanks, Size.SMALL, align=Align.CENTRE),
    ]
    return Slip(f"{said.packing_slip} {packing.order_id}", words.page, tuple(parts))


def pick_slip(
    sheet: PickSheet, words: PaperWords, *, shop: str, printed_at: datetime, copy: int = 1
) -> Slip:
    """Return a pick list for a roll or for label stock.

    Args:
        sheet: What to pick.
        words: Of the language.
        shop: For the heading.
        printed_at: Aware, in the zone of the shop.
        copy: 2 and more are marked as reprint.
    """
    heading = " ".join(part for part in (words.pick_list, sheet.name, shop) if part)
    counts = words.list_counts.format(orders=sheet.orders, skus=sheet.skus, units=sheet.units)
    printed = f"{words.printed_at} {printed_at:%Y-%m-%d %H:%M} UTC{printed_at:%z}"
    mark = reprint_mark(copy, words)
    parts: list[Part] = [
        *((Band(mark),) if mark else ()),
        Heading(heading),
        Words(counts, Size.SMALL),
        Words(printed, Size.SMALL),
        Rule(0.4),
    ]
    for number, section in enumerate(sheet.sections):
        before = sheet.sections[number - 1].view if number else None
        parts += _section(section, words, before)
    parts += _steps(words)
    return Slip(heading, words.page, tuple(parts))


def title_of(row: PickRow, words: PaperWords) -> str:
    """Return title and variation of a row, a gift marked."""
    told = row.title if not row.spec else f"{row.title}  [{row.spec}]"
    return f"({words.gift}) {told}" if row.gift else told


def totes_of(row: PickRow, words: PaperWords) -> str:
    """Return into which totes of a cart the units of a row go."""
    return "   ".join(f"{words.tote.format(place=place)} × {units}" for place, units in row.totes)


def _section(section: PickSection, words: PaperWords, before: PickView | None) -> list[Part]:
    parts: list[Part] = []
    match section.view:
        case PickView.ALL:
            parts.append(Heading(words.pick_all))
        case PickView.ORDER:
            if before is not PickView.ORDER:
                parts += [Space(), Heading(words.pick_orders)]
            units = words.units.format(units=sum(row.quantity for row in section.rows))
            order = section.orders[0]
            caption = Words(f"{words.order} {order}", weight=Weight.BOLD, lines=2)
            counted = Words(units, align=Align.RIGHT, lines=1)
            parts.append(
                Group(
                    (
                        Rule(0.6),
                        Across(((0.7, caption), (0.3, counted))),
                        _order_code(order),
                        *(_row(section.rows[0], words).parts if section.rows else ()),
                    )
                )
            )
        case PickView.CART:
            if before is not None:
                parts.append(Break())
            parts.append(Heading(words.cart.format(cart=section.cart)))
            parts += [
                _tote(place, order, words) for place, order in enumerate(section.orders, start=1)
            ]
    rows = section.rows[1:] if section.view is PickView.ORDER else section.rows
    return [*parts, *(_row(row, words) for row in rows)]


def _tote(place: int, order: str, words: PaperWords) -> Part:
    name = Words(words.tote.format(place=place), Size.LARGE, Weight.BOLD, lines=1)
    code = Code(Symbology.CODE128, order, caption=order, instead=order or " ", name="order number")
    return Across(((0.2, name), (0.8, code)))


def _row(row: PickRow, words: PaperWords) -> Group:
    bold = Weight.BOLD
    place = Words(row.bin or words.no_bin, Size.HUGE if row.bin else Size.LARGE, bold, lines=1)
    units = Words(f"× {row.quantity}", Size.HUGE, bold, Align.RIGHT, lines=1)
    symbology = product_symbology(row.scan)
    scan: Part = Words(row.scan, lines=2)
    if symbology is not None and row.scan == row.scan.strip():
        scan = Code(symbology, row.scan, caption=row.scan, instead=row.scan, name="product code")
    parts: tuple[Part, ...] = (
        Across(((0.62, place), (0.38, units))),
        Words(title_of(row, words), lines=4),
        Words(totes_of(row, words), weight=bold),
        # Else it stands under the barcode.
        Words(row.sku if row.scan != row.sku else "", Size.SMALL, lines=2),
        Across(((0.7, scan), (0.15, WriteBox(words.done)), (0.15, WriteBox(words.short)))),
        Rule(0.15),
    )
    return Group(parts)


def _order_code(order: str) -> Part:
    # Its number stands beside it in words, so a narrow paper may leave it out.
    return Code(Symbology.CODE128, order, instead=" ", name="order number")


def _steps(words: PaperWords) -> list[Part]:
    said = words.slips
    ticks: list[Part] = [Tick(step) for step in said.steps]
    return [
        Space(),
        Group((Heading(said.check), *ticks, Tick(said.handed_over_by, line=True))),
    ]
