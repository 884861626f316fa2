"""The pages of a pick list: rows are measured, placed and carried over to the next page."""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import Order
from packstation.core.pick_rows import Cart, PickRow
from packstation.printing.barcodes import product_symbology
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Box,
    Document,
    Element,
    Frame,
    Line,
    Missing,
    Overflow,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.goods_slips import title_of, totes_of
from packstation.printing.words import PaperWords

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
LEFT_MM = 12.0
RIGHT_MM = 198.0
TOP_MM = 30.0
BOTTOM_MM = 282.0
MIN_ROW_MM = 13.0
"""High enough for a barcode that is scanned from paper."""
MAX_TITLE_LINES = 8


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column stands."""

    x_mm: float
    width_mm: float


_BIN = _Column(LEFT_MM, 22)
_SKU = _Column(35, 30)
_TITLE = _Column(66, 54)
_QUANTITY = _Column(121, 12)
_BARCODE = _Column(134, 43)
_TICK = _Column(178, 8)
_SHORT = _Column(187, 11)
TOTES_MM = 6.0
"""Height of the line that names the totes of a row."""
STEPS_MM = 6.5
"""Height of the boxes to tick below an order."""


class PickPages:
    """Fills pages from top to bottom; :meth:`documents` numbers them at the end."""

    def __init__(self, words: PaperWords, *, heading: str, counts: str, printed: str) -> None:
        """Start an empty list with the texts that stand on each page."""
        self._words = words
        self._heading = heading
        self._counts = counts
        self._printed = printed
        self._pages: list[list[Element]] = [[]]
        self._y = TOP_MM

    def section(self, title: str) -> None:
        """Start a section; it is not left alone at the foot of a page."""
        self._need(40)
        if self._y > TOP_MM:
            self._y += 3
        self._add(self._text(title, LEFT_MM, 180, 7, size_mm=5, weight=Weight.BOLD))
        self._y += 8

    def order(self, order: Order, rows: list[PickRow]) -> None:
        """Add one order: its number as barcode, then its lines."""
        first = self._row_height(rows[0]) if rows else 0
        self._need(16 + 7 + first)
        self._add(Line(LEFT_MM, self._y, RIGHT_MM, self._y, thickness_mm=0.5))
        self._y += 1
        caption = f"{self._words.order} {order.order_id}"
        self._add(self._text(caption, LEFT_MM, 90, 12, size_mm=4.5, weight=Weight.BOLD))
        units = self._words.units.format(units=order.units)
        self._add(self._text(units, 103, 26, 12, size_mm=4, align=Align.RIGHT))
        self._code(
            Symbology.CODE128, str(order.order_id), Box(132, self._y + 1.5, 66, 9), Align.RIGHT
        )
        self._y += 13
        self.table(rows)
        self._steps()
        self._y += 4

    def table(self, rows: list[PickRow]) -> None:
        """Add rows under a heading that is repeated on each page."""
        if not rows:
            return
        self._need(7 + self._row_height(rows[0]))
        self._table_head()
        for row in rows:
            height = self._row_height(row)
            if self._y + height > BOTTOM_MM:
                self._new_page()
                self._table_head()
            self._row(row, height)

    def cart(self, cart: Cart) -> None:
        """Add a cart on pages of its own: its totes with their orders, then its goods by bin."""
        if self._pages[-1]:
            self._new_page()
        self.section(self._words.cart.format(cart=cart.number))
        for start in range(0, len(cart.orders), 2):
            self._need(14)
            for place, order in enumerate(cart.orders[start : start + 2], start + 1):
                self._tote(place, order, LEFT_MM if place == start + 1 else 107)
            self._y += 14
        self.table(list(cart.rows))

    def _tote(self, place: int, order: Order, x_mm: float) -> None:
        name = self._words.tote.format(place=place)
        self._add(self._text(name, x_mm, 22, 12, size_mm=5, weight=Weight.BOLD))
        box = Box(x_mm + 22, self._y + 0.5, 66, 7)
        self._code(Symbology.CODE128, str(order.order_id), box, Align.LEFT)
        text = Box(x_mm + 22, self._y + 8, 66, 4)
        self._add(list_text(str(order.order_id), text, size_mm=3.25))

    def documents(self) -> list[Document]:
        """Return all pages with heading and page number."""
        return [
            Document(
                PAGE_WIDTH_MM, PAGE_HEIGHT_MM, (*self._frame(number, len(self._pages)), *elements)
            )
            for number, elements in enumerate(self._pages, start=1)
        ]

    # --- parts -----------------------------------------------------------------------------

    def _steps(self) -> None:
        """Add what happens to an order after picking, to be ticked; a name is written last."""
        self._need(STEPS_MM)
        said = self._words.slips
        across = (RIGHT_MM - LEFT_MM) / (len(said.steps) + 1)
        for number, step in enumerate((*said.steps, said.handed_over_by)):
            x = LEFT_MM + number * across
            self._add(Frame(Box(x, self._y + 1.5, 3.5, 3.5), thickness_mm=0.25))
            self._add(self._text(step, x + 4.5, across - 5, STEPS_MM, size_mm=2.75, lines=2))
        line = self._y + STEPS_MM - 1.5
        self._add(Line(RIGHT_MM - across / 2, line, RIGHT_MM, line, thickness_mm=0.15))
        self._y += STEPS_MM

    def _frame(self, number: int, count: int) -> list[Element]:
        page = self._words.page.format(page=number, pages=count)
        return [
            list_text(self._heading, Box(LEFT_MM, 10, 110, 10), size_mm=7, weight=Weight.BOLD),
            list_text(self._printed, Box(122, 10, 76, 5), size_mm=3, align=Align.RIGHT),
            list_text(self._counts, Box(98, 15, 100, 6), size_mm=3.5, align=Align.RIGHT),
            Line(LEFT_MM, 23, RIGHT_MM, 23, thickness_mm=0.4),
            list_text(page, Box(LEFT_MM, 285, 186, 5), size_mm=3, align=Align.CENTRE),
        ]

    def _table_head(self) -> None:
        words = self._words
        for column, name, align in (
            (_BIN, words.bin, Align.LEFT),
            (_SKU, words.sku, Align.LEFT),
            (_TITLE, words.title, Align.LEFT),
            (_QUANTITY, words.quantity, Align.CENTRE),
            (_BARCODE, words.barcode, Align.CENTRE),
            (_TICK, words.done, Align.CENTRE),
            (_SHORT, words.short, Align.CENTRE),
        ):
            self._add(
                self._text(
                    name,
                    column.x_mm,
                    column.width_mm,
                    5,
                    size_mm=3,
                    weight=Weight.BOLD,
                    align=align,
                )
            )
        self._y += 6
        self._add(Line(LEFT_MM, self._y, RIGHT_MM, self._y, thickness_mm=0.3))

    def _row(self, row: PickRow, height: float) -> None:
        bold = Weight.BOLD
        bin_size = 4.5 if row.bin else 3
        place = row.bin or self._words.no_bin
        self._add(
            self._text(
                place, _BIN.x_mm, _BIN.width_mm, height, size_mm=bin_size, weight=bold, lines=2
            )
        )
        self._add(self._text(row.sku, _SKU.x_mm, _SKU.width_mm, height, size_mm=3.5, lines=3))
        if row.totes:
            low = Box(_TITLE.x_mm, self._y + height - TOTES_MM, _TITLE.width_mm, TOTES_MM - 0.5)
            told = totes_of(row, self._words)
            self._add(list_text(told, low, size_mm=4, weight=Weight.BOLD))
        self._add(self._title(row, height - (TOTES_MM if row.totes else 0)))
        self._add(
            self._text(
                str(row.quantity),
                _QUANTITY.x_mm,
                _QUANTITY.width_mm,
                height,
                size_mm=6,
                weight=bold,
                align=Align.CENTRE,
            )
        )
        self._product_code(row, height)
        box = Box(_TICK.x_mm + 1.5, self._y + (height - 5) / 2, 5, 5)
        self._add(Frame(box, thickness_mm=0.3))
        # The picker writes down how many are missing.
        short = Box(_SHORT.x_mm + 1, self._y + (height - 8) / 2, _SHORT.width_mm - 1, 8)
        self._add(Frame(short, thickness_mm=0.15))
        self._y += height
        self._add(Line(LEFT_MM, self._y, RIGHT_MM, self._y, thickness_mm=0.1))

    def _product_code(self, row: PickRow, height: float) -> None:
        symbology = product_symbology(row.scan)
        middle = self._y + height / 2
        if symbology is not None:
            place = Box(_BARCODE.x_mm, middle - 5.25, _BARCODE.width_mm, 7)
            if self._code(symbology, row.scan, place, Align.CENTRE):
                text = Box(_BARCODE.x_mm, middle + 2, _BARCODE.width_mm, 3.5)
                self._add(list_text(row.scan, text, size_mm=2.75, align=Align.CENTRE))
                return
        whole = Box(_BARCODE.x_mm, self._y, _BARCODE.width_mm, height)
        self._add(list_text(row.barcode, whole, size_mm=3, align=Align.CENTRE, lines=2))

    def _code(self, symbology: Symbology, text: str, box: Box, align: Align) -> bool:
        """Draw a barcode where it fits with at least 0.2 mm a module; say whether it did."""
        from packstation.printing import barcodes

        if product_symbology(text) is None or text != text.strip():
            return False
        narrowest = barcodes.modules(symbology, text).across_with_quiet * 0.2
        if narrowest > box.width_mm:
            return False
        self._add(Barcode(symbology, text, box, module_mm=0.35, min_module_mm=0.2, align=align))
        return True

    def _title(self, row: PickRow, height: float) -> Text:
        return list_text(
            title_of(row, self._words),
            Box(_TITLE.x_mm, self._y, _TITLE.width_mm, height),
            size_mm=3.25,
            lines=MAX_TITLE_LINES,
        )

    def _row_height(self, row: PickRow) -> float:
        from packstation.printing.raster import text_height_mm

        words = title_of(row, self._words)
        totes = TOTES_MM if row.totes else 0
        if not words.strip():
            return MIN_ROW_MM + totes
        whole = Box(0, 0, _TITLE.width_mm, 60)
        text = list_text(words, whole, size_mm=3.25, lines=MAX_TITLE_LINES)
        return max(MIN_ROW_MM, text_height_mm(text) + 2 + totes)

    def _need(self, height: float) -> None:
        if self._y + height > BOTTOM_MM:
            self._new_page()

    def _new_page(self) -> None:
        self._pages.append([])
        self._y = TOP_MM - 4

    def _add(self, element: Element) -> None:
        if not isinstance(element, Text) or element.text.strip():
            self._pages[-1].append(element)

    def _text(
        self,
        words: str,
        x_mm: float,
        width_mm: float,
        height_mm: float,
        *,
        size_mm: float,
        weight: Weight = Weight.NORMAL,
        align: Align = Align.LEFT,
        lines: int = 1,
    ) -> Text:
        box = Box(x_mm, self._y, width_mm, height_mm)
        return list_text(words, box, size_mm=size_mm, weight=weight, align=align, lines=lines)


def list_text(
    words: str,
    box: Box,
    *,
    size_mm: float,
    weight: Weight = Weight.NORMAL,
    align: Align = Align.LEFT,
    lines: int = 1,
) -> Text:
    """Return a text of a list: it shrinks, and what no font has is spelled out."""
    return Text(
        words,
        box,
        size_mm=size_mm,
        min_size_mm=2,
        weight=weight,
        align=align,
        anchor=Anchor.MIDDLE,
        max_lines=lines,
        overflow=Overflow.ELLIPSIS,
        missing=Missing.SPELL,
    )
