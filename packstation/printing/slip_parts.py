"""Parts of slips measured for one paper: each becomes strips that are never cut in two."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from packstation.errors import ComposeError
from packstation.printing import barcodes
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Element,
    Frame,
    Ink,
    Line,
    Missing,
    Overflow,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.media import Media
from packstation.printing.raster import LINE_PITCH, PDF_DOTS_PER_MM, text_height_mm
from packstation.printing.slips import (
    Across,
    Band,
    Break,
    Code,
    Group,
    Heading,
    Part,
    Rule,
    Size,
    Space,
    Table,
    Tick,
    Words,
    WriteBox,
    WriteLine,
)

SIZES_MM = {Size.SMALL: 2.6, Size.NORMAL: 3.25, Size.LARGE: 4.75, Size.HUGE: 7.0}
SMALLEST_MM = 2.0
"""16 dots at 8 dots/mm: with fewer, Chinese characters run together."""
MOST_CHARACTERS = 600
"""Of words that may be cut: more fill any paper, and would take long to break into lines."""
CODE_MM = 9.0
"""Height of bars on paper of usual width."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Elements that belong together, placed from their own upper left corner."""

    height_mm: float
    elements: tuple[Element, ...] = ()
    keep: bool = False
    """The next strip stands on the same page."""
    again: Strip | None = None
    """Stands above it where it begins a page: the heading of its table."""
    turn: bool = False
    """Begins a page."""


class Paper:
    """What a stock leaves to draw on, and how large words are on it."""

    def __init__(self, stock: Media, head_mm: float, dots_per_mm: int | None) -> None:
        """Measure a stock; ``dots_per_mm`` is None for a PDF."""
        roll = stock.height_mm is None
        self.width_mm = min(stock.width_mm, head_mm) if roll else stock.width_mm
        self.height_mm = stock.height_mm
        small = self.width_mm < 70
        self.edge_mm = (0.5 if roll else 1.5) if small or roll else 3.0
        self.inner_mm = self.width_mm - 2 * self.edge_mm
        self.scale = 1.1 if self.width_mm >= 90 else 1.0
        if small:
            self.scale = 0.9 if roll else (0.85 if self.width_mm >= 55 else 0.8)
        self.foot_mm = 3.0 if small else 4.5
        self.top_mm = 1.0 if small else 3.0
        self.dots = dots_per_mm

    @property
    def room_mm(self) -> float:
        """Height of a page without edge and foot."""
        assert self.height_mm is not None
        return self.height_mm - self.top_mm - self.foot_mm - 0.5

    def whole(self, length_mm: float) -> float:
        """Return a length made longer to whole dots, so that stacked strips do not drift."""
        dots = self.dots or PDF_DOTS_PER_MM
        return math.ceil(length_mm * dots - 1e-6) / dots


def moved(element: Element, x_mm: float, y_mm: float) -> Element:
    """Return an element further right and down."""
    if isinstance(element, Line):
        return replace(
            element,
            x1_mm=element.x1_mm + x_mm,
            y1_mm=element.y1_mm + y_mm,
            x2_mm=element.x2_mm + x_mm,
            y2_mm=element.y2_mm + y_mm,
        )
    box = element.box
    return replace(element, box=Box(box.x_mm + x_mm, box.y_mm + y_mm, box.width_mm, box.height_mm))


class Setter:
    """Turns parts into strips of the paper's width."""

    def __init__(self, paper: Paper) -> None:
        """Set for one paper."""
        self._paper = paper

    def strips(self, parts: Iterable[Part], width: float | None = None) -> list[Strip]:
        """Return parts one below the other."""
        across = self._paper.inner_mm if width is None else width
        return [strip for part in parts for strip in self._part(part, across)]

    def _part(self, part: Part, width: float) -> list[Strip]:
        match part:
            case Words():
                return self._words(part, width)
            case Heading():
                words = Words(part.text, part.size, Weight.BOLD, part.align, lines=2)
                return [replace(strip, keep=True) for strip in self._words(words, width)]
            case Band():
                return [self._band(part, width)]
            case Code():
                return self._code(part, width)
            case WriteBox():
                return [self._box(part, width)]
            case Tick():
                return [self._tick(part, width)]
            case WriteLine():
                return [self._line(part, width)]
            case Rule():
                rule = Line(0, 0.6, width, 0.6, thickness_mm=part.thickness_mm)
                return [self._strip(1.5, rule)]
            case Space():
                return [Strip(self._paper.whole(part.height_mm * self._paper.scale))]
            case Break():
                return [Strip(0, turn=True)]
            case Across():
                return [self._across(part, width)]
            case Group():
                return self._group(part, width)
            case Table():
                return self._table(part, width)
            case _:
                assert_never(part)

    def _strip(self, height_mm: float, *elements: Element) -> Strip:
        return Strip(self._paper.whole(height_mm), elements)

    def _text(self, words: Words, width: float) -> Text:
        size = max(SMALLEST_MM, SIZES_MM[words.size] * self._paper.scale)
        shown = words.text
        if words.overflow is Overflow.ELLIPSIS and len(shown) > MOST_CHARACTERS:
            shown = f"{shown[:MOST_CHARACTERS]}…"
        return Text(
            shown,
            Box(0, 0, width, size * LINE_PITCH * words.lines + 0.05),
            size_mm=size,
            min_size_mm=max(SMALLEST_MM, size * 0.7),
            weight=words.weight,
            align=words.align,
            max_lines=words.lines,
            overflow=words.overflow,
            missing=words.missing,
            name=words.name,
        )

    def _words(self, words: Words, width: float) -> list[Strip]:
        if not words.text.strip():
            return []
        text = self._text(words, width)
        high = 0.0
        if text.max_lines > 1:
            text, high = self._on_one_line(text)
        high = high or text_height_mm(text, self._paper.dots)
        box = replace(text.box, height_mm=high + 0.05)
        return [self._strip(high + 0.4, replace(text, box=box))]

    def _on_one_line(self, text: Text) -> tuple[Text, float]:
        """Return a text a little smaller on one line with its height; else as it is, and 0.

        A number or code is rather made small than broken, so that an eye can compare it.
        """
        smallest = text.min_size_mm or text.size_mm
        if " " in text.text or not text.text.isascii():
            smallest = max(smallest, text.size_mm * 0.8)
        line = replace(text, max_lines=1, min_size_mm=smallest, overflow=Overflow.REFUSE)
        try:
            return line, text_height_mm(line, self._paper.dots)
        except ComposeError:
            return text, 0.0

    def _band(self, band: Band, width: float) -> Strip:
        size = SIZES_MM[Size.LARGE] * self._paper.scale
        box = Box(0, 0, width, size * 1.5)
        words = Text(
            band.text,
            box,
            size_mm=size,
            min_size_mm=SMALLEST_MM,
            weight=Weight.BOLD,
            align=Align.CENTRE,
            anchor=Anchor.MIDDLE,
            ink=Ink.WHITE,
            overflow=Overflow.ELLIPSIS,
            missing=Missing.SPELL,
        )
        return self._strip(size * 1.5 + 1, Block(box), words)

    def _code(self, code: Code, width: float) -> list[Strip]:
        """Return bars; a QR where they have no room; words where that has none either."""
        caption = Words(code.caption, Size.SMALL, align=Align.CENTRE, lines=2)
        below = self._words(caption, width)
        under = sum(strip.height_mm for strip in below)
        bars = code.symbology is not Symbology.QR
        drawn = self._bars(code, width) if bars else None
        if drawn is None and (code.square or not bars):
            drawn = self._square(code, width, under)
        if drawn is None:
            return self._words(Words(code.instead, Size.SMALL, lines=4), width)
        high = drawn.box.y_mm + drawn.box.height_mm
        text = [moved(one, 0, high + 0.2) for strip in below for one in strip.elements]
        return [self._strip(high + under + 0.8, drawn, *text)]

    def _bars(self, code: Code, width: float) -> Barcode | None:
        barcode = Barcode(
            code.symbology,
            code.text,
            Box(0, 0.5, width, CODE_MM * self._paper.scale),
            module_mm=0.375,
            min_module_mm=0.25,
            name=code.name,
            optional=code.square or bool(code.instead),
        )
        dots = self._paper.dots or PDF_DOTS_PER_MM
        return barcode if barcodes.fitted(barcode, dots, int(width * dots)) else None

    def _square(self, code: Code, width: float, under: float) -> Barcode | None:
        barcode = Barcode(
            Symbology.QR,
            code.text,
            Box(0, 0, width, width),
            module_mm=0.5,
            min_module_mm=0.375,
            name=code.name,
            optional=bool(code.instead),
        )
        dots = self._paper.dots or PDF_DOTS_PER_MM
        room = width
        if self._paper.height_mm is not None:
            room = min(width, self._paper.room_mm - under - 1)
        found = barcodes.fitted(barcode, dots, int(room * dots))
        if found is None:
            return None
        pattern, module = found
        side = pattern.across_with_quiet * module / dots
        return replace(barcode, box=Box(0, 0, width, side), module_mm=module / dots)

    def _box(self, part: WriteBox, width: float) -> Strip:
        side = min(8.0 * self._paper.scale, width - 1)
        frame = Frame(Box((width - side) / 2, 0.5, side, side), thickness_mm=0.375)
        below = self._words(Words(part.caption, Size.SMALL, align=Align.CENTRE, lines=1), width)
        text = [moved(one, 0, side + 0.7) for strip in below for one in strip.elements]
        return self._strip(side + 0.9 + sum(one.height_mm for one in below), frame, *text)

    def _tick(self, part: Tick, width: float) -> Strip:
        side = 3.75 * self._paper.scale
        frame = Frame(Box(0.25, 0.6, side, side), thickness_mm=0.375)
        wide = width - side - 1.75
        # A line to write on takes at least half of the row.
        told = self._words(Words(part.text, lines=3), wide / 2 if part.line else wide)
        text = [moved(one, side + 1.75, 0.4) for strip in told for one in strip.elements]
        high = max(side + 1.2, sum(one.height_mm for one in told) + 0.6)
        if not part.line:
            return self._strip(high, frame, *text)
        high = max(high, 6.0)
        start = side + 1.75 + wide / 2 + 1
        return self._strip(high, frame, *text, Line(start, high - 1, width, high - 1))

    def _line(self, part: WriteLine, width: float) -> Strip:
        name = self._words(Words(part.name, lines=2), width * 0.4)
        high = max(part.height_mm, sum(one.height_mm for one in name) + 1)
        text = [moved(one, 0, high - strip.height_mm) for strip in name for one in strip.elements]
        start = width * 0.42 if name else 0.0
        return self._strip(high, *text, Line(start, high - 0.75, width, high - 0.75))

    def _across(self, part: Across, width: float) -> Strip:
        gap = 1.0
        whole = sum(share for share, _ in part.cells)
        usable = width - gap * (len(part.cells) - 1)
        elements: list[Element] = []
        x, high = 0.0, 0.0
        for share, cell in part.cells:
            across = usable * share / whole
            y = 0.0
            for strip in self._part(cell, across):
                elements += [moved(one, x, y) for one in strip.elements]
                y += strip.height_mm
            x, high = x + across + gap, max(high, y)
        return self._strip(high, *elements)

    def _group(self, part: Group, width: float) -> list[Strip]:
        strips = [strip for one in part.parts for strip in self._part(one, width)]
        return [replace(strip, keep=True) for strip in strips[:-1]] + strips[-1:]

    def _table(self, part: Table, width: float) -> list[Strip]:
        titles = [
            (one.share, Words(one.title, Size.SMALL, Weight.BOLD, one.align, lines=2))
            for one in part.columns
        ]
        head = self._with_rule(self._across(Across(tuple(titles)), width), width, 0.3)
        rows = []
        for number, row in enumerate(part.rows):
            weight = Weight.BOLD if number in part.heavy else Weight.NORMAL
            cells: list[tuple[float, Part]] = [
                (
                    one.share,
                    Tick("")
                    if one.tick
                    else Words(text, weight=weight, align=one.align, lines=one.lines),
                )
                for one, text in zip(part.columns, row, strict=True)
            ]
            strip = self._with_rule(self._across(Across(tuple(cells)), width), width, 0.125)
            rows.append(replace(strip, again=head))
        return [replace(head, keep=bool(rows)), *rows]

    def _with_rule(self, strip: Strip, width: float, thickness: float) -> Strip:
        y = strip.height_mm + 0.3
        return self._strip(y + 0.6, *strip.elements, Line(0, y, width, y, thickness_mm=thickness))
