"""Where a page of a label file lies on the paper: dot for dot, or not without being asked.

A page of the paper's own shape is drawn at the paper's dots, so no bar is ever squeezed
afterwards. Another shape is refused with both sizes; a person may confirm it, and it is then
centred in its own size where it fits, turned where that makes it fit, and made smaller only
where nothing else helps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Media

SAME_SHAPE = 0.02
"""Sizes that differ by less are one size: 101.6 x 152.4 mm is 100 x 150 mm (4 x 6 inches)."""
USUAL_MODULE_MM = 0.25
"""Narrowest bar that carriers print; used where a page's own is not known."""
FEWEST_DOTS = 1.95
"""Narrowest bar, in dots, that comes out as two dots everywhere."""
_ROLL_EDGE_MM = 0.5
_NEARLY = 0.04
"""Part of a dot that is made up for by measuring."""


@dataclass(frozen=True, slots=True)
class PageFit:
    """How to draw a page, and where."""

    draw_width: int
    """Dots across that the page is drawn with, before it is turned."""
    draw_height: int
    """Dots down that the page is drawn with, before it is turned."""
    left: int
    """Dots from the paper's left edge."""
    top: int
    """Dots from the paper's upper edge."""
    paper_width: int
    """Of the paper, in dots."""
    paper_height: int
    """Of the paper, in dots."""
    turned: bool = False
    """A quarter turn, clockwise."""
    scale: float = 1.0
    """Size on paper by size of the page; 1 also where the shape is the same within 2 %."""
    bars_at_risk: bool = False
    """The narrowest bars become so narrow that scanners may not read them: scan the print back."""


def fit(
    width_mm: float,
    height_mm: float,
    stock: Media,
    dots_per_mm: int,
    *,
    confirmed: bool = False,
    module_mm: float = USUAL_MODULE_MM,
) -> PageFit:
    """Return how a page of a size lies on a stock.

    Args:
        width_mm: Of the page.
        height_mm: Of the page.
        stock: The paper; on a roll the page keeps its length.
        dots_per_mm: Of the printer.
        confirmed: A person has agreed to another shape.
        module_mm: The page's narrowest bar.

    Raises:
        ComposeError: ``print.other_shape``: the page has another shape than the paper.
    """
    paper_width = round(stock.width_mm * dots_per_mm)
    if stock.height_mm is None:
        return _on_roll(width_mm, height_mm, stock, dots_per_mm, confirmed, module_mm)
    paper_height = round(stock.height_mm * dots_per_mm)
    across, down = stock.width_mm / width_mm, stock.height_mm / height_mm
    if _close(across, 1) and _close(down, 1):
        return PageFit(paper_width, paper_height, 0, 0, paper_width, paper_height)
    if not confirmed:
        raise _other_shape(width_mm, height_mm, stock)
    return _inside(width_mm, height_mm, stock, dots_per_mm, module_mm, whole=False)


def fit_inside(
    width_mm: float,
    height_mm: float,
    stock: Media,
    dots_per_mm: int,
    *,
    module_mm: float | None = None,
) -> PageFit:
    """Return how something of a size lies on a label once a person agreed: centred, never cut.

    Args:
        width_mm: Of what is to lie on it.
        height_mm: The same.
        stock: Labels.
        dots_per_mm: Of the printer.
        module_mm: The narrowest bar on it, as measured: made smaller, it becomes whole dots
            wide where it has room for two; None = not known.
    """
    usual = USUAL_MODULE_MM if module_mm is None else module_mm
    whole = module_mm is not None
    return _inside(width_mm, height_mm, stock, dots_per_mm, usual, whole=whole)


def _inside(
    width_mm: float,
    height_mm: float,
    stock: Media,
    dots_per_mm: int,
    module_mm: float,
    *,
    whole: bool,
) -> PageFit:
    assert stock.height_mm is not None, "labels have a height"
    paper_width, paper_height = (
        round(side * dots_per_mm) for side in (stock.width_mm, stock.height_mm)
    )
    turned = _better_turned(width_mm, height_mm, stock)
    page = (height_mm, width_mm) if turned else (width_mm, height_mm)
    ratio = min(stock.width_mm / page[0], stock.height_mm / page[1])
    # What is smaller keeps its own size.
    scale = 1.0 if ratio >= 1 else ratio
    dots = int(module_mm * scale * dots_per_mm + _NEARLY)
    if whole and scale < 1 and dots >= 2:
        scale = min(scale, dots / (module_mm * dots_per_mm))
    drawn = tuple(
        min(round(side * scale * dots_per_mm), most)
        for side, most in zip(page, (paper_width, paper_height), strict=True)
    )
    return PageFit(
        draw_width=drawn[1] if turned else drawn[0],
        draw_height=drawn[0] if turned else drawn[1],
        left=(paper_width - drawn[0]) // 2,
        top=(paper_height - drawn[1]) // 2,
        paper_width=paper_width,
        paper_height=paper_height,
        turned=turned,
        scale=scale,
        bars_at_risk=scale < 1 and module_mm * scale * dots_per_mm < FEWEST_DOTS,
    )


def lay(page: Bitmap, place: PageFit) -> Bitmap:
    """Return a page, drawn as ``place`` says, on its paper.

    Raises:
        ComposeError: ``print.other_shape``: the page has other dots than it should have.
    """
    if (page.width, page.height) != (place.draw_width, place.draw_height):
        raise ComposeError(
            "print.other_shape",
            f"The page has {page.width} x {page.height} dots where"
            f" {place.draw_width} x {place.draw_height} are needed.",
            fix="Bring the label file in again.",
            page=f"{page.width} x {page.height}",
            paper=f"{place.draw_width} x {place.draw_height}",
        )
    whole = (place.left, place.top) == (0, 0) and not place.turned
    if whole and (page.width, page.height) == (place.paper_width, place.paper_height):
        return page
    dots = np.rot90(page.dots(), -1) if place.turned else page.dots()
    paper = np.zeros((place.paper_height, place.paper_width), dtype=np.bool_)
    down, across = dots.shape
    paper[place.top : place.top + down, place.left : place.left + across] = dots
    return Bitmap.from_dots(paper)


def lay_dots(page: Bitmap, stock: Media, dots_per_mm: int, *, confirmed: bool = False) -> Bitmap:
    """Return a page that comes as dots of its own (a PNG, a drawn ZPL) on the paper, unscaled.

    Its dots are the printer's: white margins give way, ink never does and is never stretched.

    Raises:
        ComposeError: ``print.other_shape``: it has another shape, or its ink is larger than
            the paper; scaling dots would spoil the bars.
    """
    size_mm = (page.width / dots_per_mm, page.height / dots_per_mm)
    place = fit(*size_mm, stock, dots_per_mm, confirmed=confirmed)
    dots = page.dots()
    if place.turned:
        dots = np.rot90(dots, -1)
    paper = np.zeros((place.paper_height, place.paper_width), dtype=np.bool_)
    rows, columns = np.flatnonzero(dots.any(axis=1)), np.flatnonzero(dots.any(axis=0))
    if rows.size == 0:
        return Bitmap.from_dots(paper)
    ink = dots[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if ink.shape[0] > paper.shape[0] or ink.shape[1] > paper.shape[1]:
        raise _other_shape(*size_mm, stock)
    top = _between(
        (paper.shape[0] - dots.shape[0]) // 2 + int(rows[0]), paper.shape[0] - ink.shape[0]
    )
    left = _between(
        (paper.shape[1] - dots.shape[1]) // 2 + int(columns[0]), paper.shape[1] - ink.shape[1]
    )
    paper[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return Bitmap.from_dots(paper)


def _between(wanted: int, most: int) -> int:
    return min(max(0, wanted), most)


def _close(one: float, other: float) -> bool:
    return abs(one / other - 1) <= SAME_SHAPE


def _better_turned(width_mm: float, height_mm: float, stock: Media) -> bool:
    """Whether a quarter turn lets the page stand larger than upright."""
    assert stock.height_mm is not None
    upright = min(stock.width_mm / width_mm, stock.height_mm / height_mm)
    turned = min(stock.width_mm / height_mm, stock.height_mm / width_mm)
    return upright < 1 - SAME_SHAPE and turned > upright


def _on_roll(
    width_mm: float,
    height_mm: float,
    stock: Media,
    dots_per_mm: int,
    confirmed: bool,
    module_mm: float,
) -> PageFit:
    paper_width = round(stock.width_mm * dots_per_mm)
    scale = 1.0
    if width_mm > stock.width_mm + _ROLL_EDGE_MM:
        if not confirmed:
            raise _other_shape(width_mm, height_mm, stock)
        scale = stock.width_mm / width_mm
    width = min(round(width_mm * scale * dots_per_mm), paper_width)
    height = round(height_mm * scale * dots_per_mm)
    risk = scale < 1 and module_mm * scale * dots_per_mm < FEWEST_DOTS
    left = (paper_width - width) // 2
    return PageFit(width, height, left, 0, paper_width, height, False, scale, risk)


def _other_shape(width_mm: float, height_mm: float, stock: Media) -> ComposeError:
    paper = f"{stock.width_mm:g}" + (f" x {stock.height_mm:g}" if stock.height_mm else "")
    page = f"{width_mm:.0f} x {height_mm:.0f}"
    return ComposeError(
        "print.other_shape",
        f"The label is {page} mm and the paper {paper} mm.",
        fix="Put in paper of the label's size, or confirm that it is printed on this paper.",
        page=page,
        paper=paper,
    )
