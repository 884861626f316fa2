"""What a picker walks by: rows by bin for one order, for a cart, or for everything together.

Plain values for paper and screen alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from packstation.core.orders import Order, OrderLine

_DIGITS = re.compile(r"(\d+)")
_AISLE = re.compile(r"[^\W\d_]+|\d+")

NaturalKey = tuple[tuple[int, int, str], ...]


def natural(text: str) -> NaturalKey:
    """Return a sort key in which numbers count as numbers: bin A-2 stands before A-10.

    >>> sorted(["A-10", "A-2", "B1", "a1"], key=natural)
    ['a1', 'A-2', 'A-10', 'B1']
    """
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part.casefold())
        for part in _DIGITS.split(text)
        if part
    )


def aisle(place: str) -> str:
    """Return the aisle of a bin: its first run of letters or of digits, in capitals.

    >>> aisle("b-07-3"), aisle("12/4"), aisle("")
    ('B', '12', '')
    """
    found = _AISLE.search(place)
    return found[0].upper() if found else ""


@dataclass(frozen=True, slots=True)
class PickRow:
    """One line to pick."""

    bin: str
    """Empty = no bin known."""
    sku: str
    """May be empty."""
    title: str
    spec: str
    """May be empty."""
    barcode: str
    """Product code; may be empty."""
    quantity: int
    """Units."""
    gift: bool = False
    totes: tuple[tuple[int, int], ...] = ()
    """On a cart: place and units, by place."""

    @property
    def scan(self) -> str:
        """What the row's barcode says: a code that a scan of the goods would say, else the SKU."""
        return self.barcode or self.sku


@dataclass(frozen=True, slots=True)
class Cart:
    """Orders that are picked in one walk, each into a tote of its own."""

    number: int
    """From 1."""
    orders: tuple[Order, ...]
    """The first one's tote has place 1."""
    rows: tuple[PickRow, ...]
    """By bin."""


@dataclass(frozen=True, slots=True)
class Walk:
    """In which order a picker comes to the bins."""

    aisles: tuple[str, ...] = ()
    """Aisles that come first, in this order; the others follow by their names."""
    _ranks: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._ranks.update({name.upper(): n for n, name in enumerate(self.aisles)})

    def key(self, place: str) -> tuple[bool, int, NaturalKey]:
        """Return a bin's sort key; no bin comes last."""
        return (not place, self._ranks.get(aisle(place), len(self._ranks)), natural(place))

    def total(self, orders: Sequence[Order]) -> list[PickRow]:
        """Return the goods of all orders by bin, equal goods added up."""
        units: dict[PickRow, int] = {}
        for order in orders:
            for line in order.lines:
                goods = _goods(line)
                units[goods] = units.get(goods, 0) + line.quantity
        rows = [_with(goods, count) for goods, count in units.items()]
        return sorted(rows, key=self._place)

    def order(self, order: Order) -> list[PickRow]:
        """Return the lines of one order by bin, gifts marked."""
        rows = [_with(_goods(line), line.quantity, gift=line.gift) for line in order.lines]
        return sorted(rows, key=self._place)

    def carts(self, orders: Sequence[Order], size: int) -> list[Cart]:
        """Return carts of so many orders, in the order of the orders."""
        return [
            Cart(number, tuple(chosen), tuple(self._cart(chosen)))
            for number, start in enumerate(range(0, len(orders), size), 1)
            if (chosen := orders[start : start + size])
        ]

    def _cart(self, orders: Sequence[Order]) -> list[PickRow]:
        found: dict[PickRow, dict[int, int]] = {}
        for place, order in enumerate(orders, 1):
            for line in order.lines:
                totes = found.setdefault(_goods(line), {})
                totes[place] = totes.get(place, 0) + line.quantity
        rows = [
            _with(goods, sum(totes.values()), totes=tuple(sorted(totes.items())))
            for goods, totes in found.items()
        ]
        return sorted(rows, key=self._place)

    def _place(self, row: PickRow) -> tuple[object, ...]:
        return (self.key(row.bin), row.sku, row.title, row.spec, row.barcode)


def _goods(line: OrderLine) -> PickRow:
    """Return what counts as the same thing on the shelf, without its units."""
    return PickRow(
        line.bin or "", str(line.sku), line.title, line.spec or "", line.barcode or "", 0
    )


def _with(
    goods: PickRow, quantity: int, *, gift: bool = False, totes: tuple[tuple[int, int], ...] = ()
) -> PickRow:
    return PickRow(
        goods.bin, goods.sku, goods.title, goods.spec, goods.barcode, quantity, gift, totes
    )
