"""Slips put on paper: strips are stacked, and on labels dealt out to pages.

No line, row or code is ever cut in two: what does not fit the rest of a page begins the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap, stack
from packstation.printing.document import Align, Box, Document, Element, Missing, Overflow, Text
from packstation.printing.media import Media, PrinterProfile
from packstation.printing.raster import rasterize
from packstation.printing.slip_parts import SIZES_MM, SMALLEST_MM, Paper, Setter, Strip, moved
from packstation.printing.slips import Size, Slip

CHUNK_MM = 200.0
"""A long roll is drawn in pieces of about this length: pictures of some hundred kB."""


def draw(slip: Slip, stock: Media, printer: PrinterProfile) -> list[Bitmap]:
    """Return the pages of a slip; see ``slips.draw_slip``."""
    dots = printer.dots_per_mm
    paper = Paper(stock, printer.head_dots / dots, dots)
    if paper.height_mm is not None:
        return [rasterize(page, dots) for page in pages(slip, stock, dots)]
    pieces: list[Bitmap] = []
    waiting: list[Strip] = []
    for strip in [*Setter(paper).strips(slip.parts), None]:
        if strip is not None:
            waiting.append(strip)
        if waiting and (strip is None or sum(one.height_mm for one in waiting) > CHUNK_MM):
            pieces.append(rasterize(_piece(paper, waiting), dots))
            waiting = []
    return [stack(pieces, round(paper.width_mm * dots))]


def pages(slip: Slip, stock: Media, dots_per_mm: int | None = None) -> list[Document]:
    """Return the pages of a slip on label stock.

    Args:
        slip: What to draw.
        stock: With a height.
        dots_per_mm: Of the print head; None = for a PDF.

    Raises:
        ComposeError: A name has a character without a glyph, or a part is higher than a page.
    """
    paper = Paper(stock, stock.width_mm, dots_per_mm)
    parted = _parted(paper, Setter(paper).strips(slip.parts))
    return [
        Document(
            stock.width_mm,
            paper.height_mm or 0,
            (*_stacked(paper, strips), *_foot(paper, slip, number, len(parted))),
        )
        for number, strips in enumerate(parted, start=1)
    ]


def _parted(paper: Paper, strips: Sequence[Strip]) -> list[list[Strip]]:
    """Deal strips out to pages; those that stay together as one run, where a page can hold it."""
    dealer = _Dealer(paper.room_mm)
    run: list[Strip] = []
    for strip in strips:
        if strip.height_mm > paper.room_mm + 1e-6:
            raise ComposeError(
                "print.does_not_fit",
                f"A part of this paper is higher than a label of {paper.height_mm:g} mm.",
                fix="Use larger labels, or print it on a roll.",
                field="slip",
            )
        run.append(strip)
        if not strip.keep:
            dealer.deal(run)
            run = []
    dealer.deal(run)
    return dealer.pages


class _Dealer:
    """Fills pages from top to bottom."""

    def __init__(self, room_mm: float) -> None:
        self._room_mm = room_mm
        self._found: list[list[Strip]] = [[]]
        self._used = 0.0

    @property
    def pages(self) -> list[list[Strip]]:
        """Pages with something on them; one at least."""
        return [page for page in self._found if page] or [[]]

    def deal(self, run: Sequence[Strip]) -> None:
        """Put strips on one page together; a run higher than a page begins a new one."""
        if not run:
            return
        high = sum(strip.height_mm for strip in run)
        if run[0].turn or self._used + high > self._room_mm + 1e-6:
            self._turn(run[0], high)
        for strip in run:
            if self._used + strip.height_mm > self._room_mm + 1e-6:
                self._turn(strip, strip.height_mm)
            # White space at the head of a page helps nobody.
            if strip.elements or self._found[-1]:
                self._found[-1].append(strip)
                self._used += strip.height_mm

    def _turn(self, strip: Strip, high: float) -> None:
        if not self._found[-1]:
            return
        self._found.append([])
        self._used = 0.0
        again = strip.again
        if again is not None and again.height_mm + high <= self._room_mm:
            self._found[-1].append(again)
            self._used = again.height_mm


def _stacked(paper: Paper, strips: Iterable[Strip]) -> list[Element]:
    y = paper.top_mm if paper.height_mm is not None else 0.0
    placed: list[Element] = []
    for strip in strips:
        placed += [moved(element, paper.edge_mm, y) for element in strip.elements]
        y += strip.height_mm
    return placed


def _piece(paper: Paper, strips: Sequence[Strip]) -> Document:
    height = sum(strip.height_mm for strip in strips)
    return Document(paper.width_mm, height, tuple(_stacked(paper, strips)))


def _foot(paper: Paper, slip: Slip, page: int, count: int) -> list[Element]:
    assert paper.height_mm is not None
    size = max(SMALLEST_MM, SIZES_MM[Size.SMALL] * paper.scale * 0.9)
    y = paper.height_mm - paper.foot_mm
    number = slip.page.format(page=page, pages=count)
    left_mm = paper.inner_mm * 0.55
    high = paper.foot_mm - 0.5
    left = Box(paper.edge_mm, y, left_mm, high)
    right = Box(paper.edge_mm + left_mm, y, paper.inner_mm - left_mm, high)
    words = Text("", left, size, SMALLEST_MM, overflow=Overflow.ELLIPSIS, missing=Missing.SPELL)
    return [
        replace(words, text=slip.name),
        replace(words, text=number, box=right, align=Align.RIGHT),
    ]
