"""The paper the courier signs: how many bags and parcels passed from one side to the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.errors import ComposeError
from packstation.printing import escpos
from packstation.printing.cells import CELL_WIDTH
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Document,
    Element,
    Ink,
    Line,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.escpos import DotLine, Drawer, Knife, PlainLine, ReceiptLine
from packstation.printing.jobs import PrintJobBytes
from packstation.printing.media import PrinterProfile
from packstation.printing.safe_text import is_plain, printable
from packstation.printing.waybill_label import reprint_mark
from packstation.printing.words import PaperWords

JOURNAL_HEAD_DIGITS = 32
"""Hexadecimal digits shown of the chain's head: 128 bits anchor the chain on paper."""
VALUE_MM = 18.0
"""Where the value of a fact stands."""
FACT_COLUMN = 12
"""The same in columns of the printer's own font."""


@dataclass(frozen=True, slots=True)
class BagCount:
    """One bag of the handover."""

    bag_code: str
    """As on its label."""
    parcel_count: int
    """Inner parcels."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything a handover receipt says; the parcels themselves are in the manifest."""

    manifest: str
    """Manifest number, scannable."""
    shop: str
    """Who hands over."""
    carrier_code: str
    """Code such as ``YTO``."""
    carrier_name: str
    """As people say it; empty = the code is shown."""
    courier: str
    """The person who takes over; empty = a line to write on."""
    opened_at: datetime
    """Aware, in the zone of the shop."""
    closed_at: datetime
    """Aware, in the zone of the shop."""
    zone: str
    """Name of that zone, for example ``Asia/Shanghai``."""
    bags: tuple[BagCount, ...]
    """In the order of counting."""
    operator: str
    """Who counted."""
    station: str
    """Where."""
    journal_head: str
    """Hash of the newest journal row, hexadecimal."""
    digest: str
    """SHA-256 of the manifest, hexadecimal; the QR carries it in full."""
    copy: int = 1
    """2 and more are marked as reprint."""
    drop_off: str = ""
    """Place of the handover, where one was chosen."""

    def __post_init__(self) -> None:
        """Hold what the caller has proved."""
        assert self.copy >= 1
        assert self.opened_at.tzinfo is not None
        assert self.closed_at.tzinfo is not None

    @property
    def parcel_count(self) -> int:
        """Inner parcels of all bags."""
        return sum(bag.parcel_count for bag in self.bags)

    @property
    def digest_text(self) -> str:
        """What the QR says.

        Manifest number and digest, so that ``packstation receipt verify`` can compare them.
        """
        return f"PSMANIFEST:{self.manifest}:{self.digest}"


def render_receipt(
    receipt: Receipt,
    printer: PrinterProfile,
    words: PaperWords,
    *,
    knife: Knife = Knife.LEAVE,
    drawer: Drawer = Drawer.LEAVE,
) -> PrintJobBytes:
    """Return the bytes of one receipt; the same receipt gives the same bytes.

    Raises:
        ComposeError: No bag, a text does not fit, or a character has no glyph.
    """
    if not receipt.bags:
        raise empty_receipt(receipt.manifest)
    lines = _Composer(printer, words).lines(receipt)
    return PrintJobBytes.of(
        escpos.encode(lines, head_dots=printer.head_dots, knife=knife, drawer=drawer),
        language=printer.language,
        bitmap=escpos.picture(lines, head_dots=printer.head_dots),
        dots_per_mm=printer.dots_per_mm,
    )


def empty_receipt(manifest: str) -> ComposeError:
    """Return the error of a handover without bags."""
    return ComposeError(
        "print.empty_receipt",
        "A handover without bags has no receipt.",
        fix="Scan the sealed bags first.",
        manifest=manifest,
    )


class _Composer:
    """Puts a receipt together line by line, as wide as the print head."""

    def __init__(self, printer: PrinterProfile, words: PaperWords) -> None:
        self._dots = printer.dots_per_mm
        self._width_mm = printer.head_dots / printer.dots_per_mm
        self._columns = printer.head_dots // CELL_WIDTH
        self._words = words

    def lines(self, receipt: Receipt) -> list[ReceiptLine]:
        words = self._words
        return [
            *self._head(receipt),
            *self._facts(receipt),
            *self._bags(receipt),
            *self._paragraph(words.counted, size_mm=3, align=Align.LEFT),
            self._signature(words.signature_sender),
            self._signature(words.signature_courier),
            self._rule(),
            *self._proof(receipt),
        ]

    def _head(self, receipt: Receipt) -> list[ReceiptLine]:
        mark = reprint_mark(receipt.copy, self._words)
        lines: list[ReceiptLine] = []
        if mark:
            lines += [self._inverse(mark), self._space(2)]
        lines += self._paragraph(
            self._words.receipt, size_mm=7, weight=Weight.BOLD, align=Align.CENTRE
        )
        lines += self._paragraph(
            receipt.carrier_name or receipt.carrier_code,
            size_mm=5.5,
            weight=Weight.BOLD,
            align=Align.CENTRE,
        )
        barcode = Barcode(
            Symbology.CODE128,
            receipt.manifest,
            Box(0, 2, self._width_mm, 10),
            module_mm=0.375,
            min_module_mm=0.25,
            name="manifest number",
        )
        lines += [self._picture(13, barcode), *self._centred(receipt.manifest), self._rule()]
        return lines

    def _facts(self, receipt: Receipt) -> list[ReceiptLine]:
        words = self._words
        facts = [
            (words.sender, receipt.shop),
            (words.carrier, f"{receipt.carrier_code} {receipt.carrier_name}".strip()),
            (words.courier, receipt.courier),
            (words.drop_off, receipt.drop_off),
            (words.opened_at, _moment(receipt.opened_at)),
            (words.closed_at, f"{_moment(receipt.closed_at)} {receipt.zone}".strip()),
            (words.operator, receipt.operator),
            (words.station, receipt.station),
        ]
        shown = [(name, printable(value)) for name, value in facts]
        # One font for all of them: the printer's own, or ours as soon as one needs it.
        plain = all(
            is_plain(name) and is_plain(value) and FACT_COLUMN + len(value) <= self._columns
            for name, value in shown
        )
        lines: list[ReceiptLine] = []
        for name, value in shown:
            if not value:
                if name == words.courier:
                    lines.append(self._blank(name))
            elif plain:
                lines.append(PlainLine(f"{name:<{FACT_COLUMN}}{value}"))
            else:
                lines.append(self._fact(name, value))
        return [*lines, self._rule()]

    def _bags(self, receipt: Receipt) -> list[ReceiptLine]:
        words = self._words
        totals = words.totals.format(bags=len(receipt.bags), parcels=receipt.parcel_count)
        return [
            self._row(words.bag_column, words.parcels_column, weight=Weight.BOLD),
            *(
                self._row(f"{number:>3}  {bag.bag_code}", str(bag.parcel_count))
                for number, bag in enumerate(receipt.bags, start=1)
            ),
            self._rule(),
            self._picture(
                8,
                self._cell(words.total, 0, 16, height=8, size_mm=5, weight=Weight.BOLD),
                self._cell(
                    totals,
                    16,
                    self._width_mm - 16,
                    height=8,
                    size_mm=5,
                    weight=Weight.BOLD,
                    align=Align.RIGHT,
                ),
            ),
            self._rule(),
        ]

    def _proof(self, receipt: Receipt) -> list[ReceiptLine]:
        code = Barcode(
            Symbology.QR,
            receipt.digest_text,
            Box(0, 0, self._width_mm, 29),
            module_mm=0.625,
            min_module_mm=0.375,
            name="digest",
        )
        lines = self._paragraph(self._words.digest, size_mm=3, align=Align.CENTRE)
        lines.append(self._picture(29, code))
        lines += self._centred(_groups(receipt.digest[:JOURNAL_HEAD_DIGITS]) + " ...")
        lines.append(self._space(2))
        lines += self._paragraph(self._words.journal, size_mm=3, align=Align.CENTRE)
        lines += self._centred(_groups(receipt.journal_head[:JOURNAL_HEAD_DIGITS]))
        return lines

    # --- building blocks -------------------------------------------------------------------

    def _picture(self, height_mm: float, *elements: Element) -> DotLine:
        from packstation.printing.raster import rasterize

        return DotLine(rasterize(Document(self._width_mm, height_mm, elements), self._dots))

    def _space(self, height_mm: float) -> DotLine:
        return self._picture(height_mm)

    def _rule(self) -> DotLine:
        return self._picture(2, Line(0, 1, self._width_mm, 1, thickness_mm=0.25))

    def _cell(
        self,
        text: str,
        x_mm: float,
        width_mm: float,
        *,
        height: float = 4,
        size_mm: float = 3.25,
        weight: Weight = Weight.NORMAL,
        align: Align = Align.LEFT,
    ) -> Text:
        return Text(
            text,
            Box(x_mm, 0, width_mm, height),
            size_mm=size_mm,
            min_size_mm=2,
            weight=weight,
            align=align,
            anchor=Anchor.MIDDLE,
            name="receipt line",
        )

    def _inverse(self, text: str) -> DotLine:
        band = Box(0, 0, self._width_mm, 9)
        words = Text(
            text,
            band,
            size_mm=6,
            weight=Weight.BOLD,
            align=Align.CENTRE,
            anchor=Anchor.MIDDLE,
            ink=Ink.WHITE,
        )
        return self._picture(9, Block(band), words)

    def _paragraph(
        self,
        text: str,
        *,
        size_mm: float,
        align: Align,
        weight: Weight = Weight.NORMAL,
    ) -> list[ReceiptLine]:
        """Return one line of larger or wordy text; it shrinks rather than being cut."""
        height = size_mm * 1.3
        cell = self._cell(
            text, 0, self._width_mm, height=height, size_mm=size_mm, weight=weight, align=align
        )
        return [self._picture(height, cell)]

    def _centred(self, text: str) -> list[ReceiptLine]:
        return [PlainLine(text, align=Align.CENTRE)]

    def _fact(self, name: str, value: str) -> ReceiptLine:
        return self._picture(
            4.25,
            self._cell(name, 0, VALUE_MM, height=4.25),
            self._cell(
                value,
                VALUE_MM,
                self._width_mm - VALUE_MM,
                height=4.25,
                size_mm=3.5,
                weight=Weight.BOLD,
            ),
        )

    def _blank(self, name: str) -> ReceiptLine:
        """Return a name with a line to write on."""
        return self._picture(
            9,
            Text(name, Box(0, 4, VALUE_MM, 4), size_mm=3.25, min_size_mm=2, anchor=Anchor.MIDDLE),
            Line(VALUE_MM, 8, self._width_mm, 8, thickness_mm=0.25),
        )

    def _row(self, left: str, right: str, *, weight: Weight = Weight.NORMAL) -> ReceiptLine:
        if is_plain(left + right) and len(left) + len(right) < self._columns:
            space = self._columns - len(left) - len(right)
            return PlainLine(left + " " * space + right, weight=weight)
        return self._picture(
            4.25,
            self._cell(left, 0, self._width_mm - 20, weight=weight),
            self._cell(right, self._width_mm - 20, 20, weight=weight, align=Align.RIGHT),
        )

    def _signature(self, name: str) -> DotLine:
        return self._picture(
            15,
            Text(name, Box(0, 10, 30, 4), size_mm=3.25, min_size_mm=2, anchor=Anchor.MIDDLE),
            Line(31, 13.5, self._width_mm, 13.5, thickness_mm=0.25),
        )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _groups(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
