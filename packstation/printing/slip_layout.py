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
    """Deal strips out to pages."""
    found: list[list[Strip]] = [[]]
    used = 0.0
    for number, strip in enumerate(strips):
        if strip.height_mm > paper.room_mm + 1e-6:
            raise ComposeError(
                "print.does_not_fit",
                f"A part of this paper is higher than a label of {paper.height_mm:g} mm.",
                fix="Use larger labels, or print it on a roll.",
                field="slip",
            )
        need = strip.height_mm
        follow = number
        while strips[follow].keep and follow + 1 < len(strips):
            follow += 1
            need += strips[follow].height_mm
        if need > paper.room_mm:
            need = strip.height_mm
        turn = strip.turn or used + need > paper.room_mm + 1e-6
        if turn and found[-1]:
            found.append([])
            used = 0.0
            if strip.again is not None and strip.again.height_mm + need <= paper.room_mm:
                found[-1].append(strip.again)
                used = strip.again.height_mm
        # White space at the head of a page helps nobody.
        if strip.elements or found[-1]:
            found[-1].append(strip)
            used += strip.height_mm
    return found if found[-1] else found[:-1] or [[]]


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
    left = Box(paper.edge_mm, y, paper.inner_mm * 0.75, paper.foot_mm - 0.5)
    right = Box(
        paper.edge_mm + paper.inner_mm * 0.75, y, paper.inner_mm * 0.25, paper.foot_mm - 0.5
    )
    words = Text("", left, size, SMALLEST_MM, overflow=Overflow.ELLIPSIS, missing=Missing.SPELL)
    return [
        replace(words, text=slip.name),
        replace(words, text=number, box=right, align=Align.RIGHT),
    ]
