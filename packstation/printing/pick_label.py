"""A pick list on the label printer's stock, 100 x 150 mm: one block for each thing to pick."""

from __future__ import annotations

from packstation.core.orders import Order
from packstation.core.pick_rows import Cart, PickRow
from packstation.printing.barcodes import product_symbology
from packstation.printing.document import (
    Align,
    Barcode,
    Box,
    Document,
    Element,
    Frame,
    Line,
    Text,
    Weight,
)
from packstation.printing.pick_page import list_text, title_words, tote_words
from packstation.printing.words import PaperWords

WIDTH_MM = 100.0
HEIGHT_MM = 150.0
LEFT_MM = 4.0
RIGHT_MM = 96.0
TOP_MM = 16.0
BOTTOM_MM = 144.0
TITLE_LINES = 4
_TITLE_MM = 3.2
_ACROSS = RIGHT_MM - LEFT_MM
_MODULE_MM, _NARROWEST_MM = 0.375, 0.25
"""Whole dots at 8 dots/mm; a thermal head prints no narrower bar safely."""


class PickLabels:
    """Fills labels from top to bottom; :meth:`documents` numbers them at the end."""

    def __init__(self, words: PaperWords, *, heading: str, counts: str, printed: str) -> None:
        """Start an empty list with the texts that stand on each label."""
        self._words = words
        self._heading = heading
        self._counts = counts
        self._printed = printed
        self._pages: list[list[Element]] = [[]]
        self._y = TOP_MM

    def section(self, title: str) -> None:
        """Start a section; it is not left alone at the foot of a label."""
        self._need(45)
        self._text(title, LEFT_MM, _ACROSS, 6, size_mm=4.5, weight=Weight.BOLD)
        self._y += 7

    def cart(self, cart: Cart) -> None:
        """Add a cart on labels of its own: its totes with their orders, then its goods by bin."""
        if self._pages[-1]:
            self._new_page()
        self.section(self._words.cart.format(cart=cart.number))
        for place, order in enumerate(cart.orders, 1):
            self._need(12)
            self._tote(place, order)
        self.table(list(cart.rows))

    def _tote(self, place: int, order: Order) -> None:
        name = self._words.tote.format(place=place)
        self._text(name, LEFT_MM, 20, 11, size_mm=4.5, weight=Weight.BOLD)
        if not self._code(str(order.order_id), Box(LEFT_MM + 20, self._y + 1, 72, 6)):
            self._text(str(order.order_id), LEFT_MM + 20, 72, 7, size_mm=3)
        else:
            box = Box(LEFT_MM + 20, self._y + 7, 72, 4)
            self._add(list_text(str(order.order_id), box, size_mm=3, align=Align.CENTRE))
        self._y += 12

    def order(self, order: Order, rows: list[PickRow]) -> None:
        """Add one order: its number as barcode, then its lines."""
        first = self._height(rows[0]) if rows else 0
        self._need(20 + first)
        self._add(Line(LEFT_MM, self._y, RIGHT_MM, self._y, thickness_mm=0.6))
        self._y += 1
        caption = f"{self._words.order} {order.order_id}"
        self._text(caption, LEFT_MM, 66, 6, size_mm=4, weight=Weight.BOLD)
        units = self._words.units.format(units=order.units)
        self._text(units, LEFT_MM + 67, 25, 6, size_mm=3.5, align=Align.RIGHT)
        self._y += 6.5
        if self._code(str(order.order_id), Box(LEFT_MM, self._y, _ACROSS, 9)):
            self._y += 10
        self.table(rows)
        self._y += 2

    def table(self, rows: list[PickRow]) -> None:
        """Add rows; one is never parted by the edge of a label."""
        for row in rows:
            self._need(self._height(row))
            self._row(row)

    def documents(self) -> list[Document]:
        """Return all labels with heading and page number."""
        return [
            Document(WIDTH_MM, HEIGHT_MM, (*self._frame(number, len(self._pages)), *elements))
            for number, elements in enumerate(self._pages, start=1)
        ]

    # --- parts -----------------------------------------------------------------------------

    def _frame(self, number: int, count: int) -> list[Element]:
        page = self._words.page.format(page=number, pages=count)
        bold = Weight.BOLD
        return [
            list_text(self._heading, Box(LEFT_MM, 3, _ACROSS, 6), size_mm=5, weight=bold),
            list_text(self._counts, Box(LEFT_MM, 9, 60, 4), size_mm=2.75),
            list_text(self._printed, Box(LEFT_MM + 46, 9, 46, 4), size_mm=2.5, align=Align.RIGHT),
            Line(LEFT_MM, 14, RIGHT_MM, 14, thickness_mm=0.4),
            list_text(page, Box(LEFT_MM, 145, _ACROSS, 4), size_mm=2.75, align=Align.CENTRE),
        ]

    def _row(self, row: PickRow) -> None:
        words, bold = self._words, Weight.BOLD
        place = row.bin or words.no_bin
        size = 6 if row.bin else 4
        self._text(place, LEFT_MM, 62, 8, size_mm=size, weight=bold)
        self._text(f"× {row.quantity}", 68, 28, 8, size_mm=7, weight=bold, align=Align.RIGHT)
        self._y += 8.5
        title = self._title(row)
        if title.text.strip():
            self._add(title)
            self._y += self._title_height(row)
        if row.totes:
            told = tote_words(row, words)
            self._text(told, LEFT_MM, _ACROSS, 6, size_mm=4, weight=bold)
            self._y += 6
        if row.scan != row.sku:  # else it stands under the barcode
            self._text(row.sku, LEFT_MM, _ACROSS, 4.5, size_mm=3.25)
            self._y += 5
        self._y += 1
        self._scan(row)
        self._box(words.done, 72)
        self._box(words.short, 84)
        self._y += 13
        self._add(Line(LEFT_MM, self._y, RIGHT_MM, self._y, thickness_mm=0.15))
        self._y += 1.5

    def _scan(self, row: PickRow) -> None:
        if self._code(row.scan, Box(LEFT_MM, self._y, 66, 8)):
            box = Box(LEFT_MM, self._y + 8, 66, 4)
            self._add(list_text(row.scan, box, size_mm=2.75, align=Align.CENTRE))
        else:
            self._text(row.scan, LEFT_MM, 66, 8, size_mm=3, lines=2)

    def _box(self, caption: str, x_mm: float) -> None:
        """Add a box to write into: picked, or how many are missing."""
        self._add(Frame(Box(x_mm + 1, self._y, 9, 8), thickness_mm=0.4))
        self._add(list_text(caption, Box(x_mm, self._y + 8, 11, 4), size_mm=2.75,
                            align=Align.CENTRE))  # fmt: skip

    def _code(self, text: str, box: Box) -> bool:
        """Draw a barcode where it fits; say whether it did."""
        from packstation.printing import barcodes

        symbology = product_symbology(text)
        if symbology is None or text != text.strip():
            return False
        if barcodes.modules(symbology, text).across_with_quiet * _NARROWEST_MM > box.width_mm:
            # Digits alone are narrow, letters are not; a bar that no scanner reads helps nobody.
            return False
        self._add(
            Barcode(symbology, text, box, module_mm=_MODULE_MM, min_module_mm=_NARROWEST_MM,
                    align=Align.CENTRE,)
        )  # fmt: skip
        return True

    def _title(self, row: PickRow) -> Text:
        box = Box(LEFT_MM, self._y, _ACROSS, self._title_height(row))
        return list_text(title_words(row, self._words), box, size_mm=_TITLE_MM, lines=TITLE_LINES)

    def _title_height(self, row: PickRow) -> float:
        from packstation.printing.raster import text_height_mm

        words = title_words(row, self._words)
        if not words.strip():
            return 0
        most = TITLE_LINES * _TITLE_MM * 1.25 + 0.5
        whole = Box(0, 0, _ACROSS, most)
        return text_height_mm(list_text(words, whole, size_mm=_TITLE_MM, lines=TITLE_LINES)) + 0.6

    def _height(self, row: PickRow) -> float:
        return 24 + self._title_height(row) + 6 * bool(row.totes) + 5 * (row.scan != row.sku)

    def _need(self, height: float) -> None:
        if self._y + height > BOTTOM_MM and self._y > TOP_MM:
            self._new_page()

    def _new_page(self) -> None:
        self._pages.append([])
        self._y = TOP_MM

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
    ) -> None:
        box = Box(x_mm, self._y, width_mm, height_mm)
        self._add(list_text(words, box, size_mm=size_mm, weight=weight, align=align, lines=lines))
