"""A page on paper of another shape, once a person agreed: cut to its ink, turned, made smaller.

Its narrowest bars become whole dots where that is possible, and what it says is read again from
the result: a page whose tracking number is lost is refused. Runs in the limited child.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packstation.exchange import label_limits, label_places
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_places import Area
from packstation.exchange.label_sheets import DARK, read_codes
from packstation.printing import page_fit
from packstation.printing.bitmap import Bitmap
from packstation.printing.code_reader import FoundCode
from packstation.printing.media import Media

SHARPER = 2
"""Times the paper's dots, for reading the page and measuring its bars."""
FINER = 4
"""Times the paper's dots, for drawing it."""
MARGIN_MM = 2.0
"""White kept around what is drawn: a code needs it to be read."""
_INTO_MM = 1.0
"""How far inside a code its bars are measured."""
_FEWEST_RUNS = 24
"""Bars and gaps of the shortest code; fewer are no code."""
_QUIET = 8
"""A gap of more modules than this ends a code: no gap inside one has more than four."""

Draw = Callable[[float], NDArray[np.uint8]]
"""Draws the whole page in grey with so many dots per mm."""


@dataclass(frozen=True, slots=True)
class FittedPage:
    """A page as it comes on paper."""

    bitmap: Bitmap
    at_risk: bool
    """Its narrowest bars have fewer than two dots: not every scanner may read them."""


def fitted_page(
    draw: Draw, width_mm: float, height_mm: float, paper: LabelPaper, number: str
) -> FittedPage:
    """Return a page made to fit the paper.

    Args:
        draw: Draws it.
        width_mm: Of the page.
        height_mm: Of the page.
        paper: To fit.
        number: Its tracking number; empty = not known, then every code has to be readable.

    Raises:
        ComposeError: ``labels.bars_lost``: the fitted page no longer says its number.
    """
    sharp = draw(paper.dots_per_mm * SHARPER)
    before = needed(read_codes(sharp), number)
    dots = sharp.shape[1] / width_mm
    view = _view(sharp < DARK, dots, width_mm, height_mm)
    modules = [size for code in before if code.linear and (size := module_of(sharp, code, dots))]
    stock = Media("", "", paper.width / paper.dots_per_mm, paper.height / paper.dots_per_mm, 0)
    place = page_fit.fit_inside(
        view.width,
        view.height,
        stock,
        paper.dots_per_mm,
        module_mm=min(modules) if modules else None,
    )
    zoom = paper.dots_per_mm * place.scale
    cut = _cut(draw, (width_mm, height_mm), view, zoom, place.draw_width, place.draw_height)
    bitmap = page_fit.lay(Bitmap.from_dots(cut), place)
    said = {code.text for code in read_codes(np.where(bitmap.dots(), 0, 255).astype(np.uint8))}
    if not before or any(code.text not in said for code in before):
        raise label_limits.bars_lost(width_mm, height_mm, stock.width_mm, stock.height_mm or 0)
    return FittedPage(bitmap, place.bars_at_risk)


def needed(codes: list[FoundCode], number: str) -> list[FoundCode]:
    """Return the codes that have to be readable: those with the tracking number, bars first.

    Where none says the number (it stood in letters, or is not known), all of them are.
    """
    bars = [code for code in codes if code.linear]
    wanted = _plain(number)
    if wanted:
        for some in (bars, codes):
            found = [code for code in some if wanted in _plain(code.text)]
            if found:
                return found
    return bars or codes


def module_of(grey: NDArray[np.uint8], code: FoundCode, dots_per_mm: float) -> float | None:
    """Return the width in mm of a code's narrowest bar; None where it cannot be measured.

    It is the mean over the whole code, so it is finer than one dot of the picture.
    """
    into = round(_INTO_MM * dots_per_mm)
    row, column = code.top + into, code.left + into
    for line, start in (
        (grey[row : row + 1].ravel(), code.left),
        (grey[:, column : column + 1].ravel(), code.top),
    ):
        runs = _runs(line, start)
        if len(runs) < _FEWEST_RUNS:
            continue
        narrow = runs.min()
        narrow = float(np.mean(runs[runs <= narrow * 1.5]))
        return float(runs.sum() / np.round(runs / narrow).sum() / dots_per_mm)
    return None


def _runs(line: NDArray[np.uint8], start: int) -> NDArray[np.float64]:
    """Return the widths of bars and gaps in turn, from the first bar near a place to the quiet."""
    dark = line[max(0, start - 2) :] < DARK
    first = int(np.argmax(dark)) if dark.any() else len(dark)
    edges = np.flatnonzero(np.diff(dark[first:].astype(np.int8))) + 1
    runs = np.diff(np.concatenate(([0], edges))).astype(np.float64)
    if not runs.size:
        return runs
    ends = np.flatnonzero(runs[1::2] > _QUIET * runs[: 2 * _FEWEST_RUNS].min())
    return runs[: 1 + 2 * int(ends[0])] if ends.size else runs


def _view(dark: NDArray[np.bool_], dots: float, width: float, height: float) -> Area:
    """Return the part of a page with all that is drawn, and white around it."""
    ink = label_places.ink_of(dark)
    if ink is None:
        return Area(0, 0, width, height)
    left, top, wide, high = (side / dots for side in ink)
    x, y = max(0.0, left - MARGIN_MM), max(0.0, top - MARGIN_MM)
    right, bottom = min(width, left + wide + MARGIN_MM), min(height, top + high + MARGIN_MM)
    return Area(x, y, right - x, bottom - y)


def _cut(
    draw: Draw, size_mm: tuple[float, float], view: Area, zoom: float, wide: int, high: int
) -> NDArray[np.bool_]:
    """Return so many dots of a page, each dark where more than half of it is.

    The drawing library makes everything that does not begin on a dot wider by one: drawn finer,
    that is a fraction of a dot. Moved by less than a dot, so that most edges lie between dots,
    every bar has the width that it should have.
    """
    room = label_limits.MOST_DOTS / (size_mm[0] * size_mm[1] * zoom * zoom * 1.01)
    finer = max(1, min(FINER, int(room**0.5)))
    left, top = round(view.left * zoom) * finer, round(view.top * zoom) * finer
    dark = draw(zoom * finer)[top:, left:] < DARK
    down, across = _phase(dark, finer), _phase(dark.T, finer)
    seen = dark[down : down + high * finer, across : across + wide * finer]
    # White where the page ends a dot too early.
    seen = np.pad(seen, ((0, high * finer - seen.shape[0]), (0, wide * finer - seen.shape[1])))
    counts = seen.reshape(high, finer, wide, finer).sum(axis=(1, 3), dtype=np.uint16)
    most: NDArray[np.bool_] = counts * 2 > finer * finer
    return most


def _phase(dark: NDArray[np.bool_], finer: int) -> int:
    """Return the first row from which, in steps of ``finer``, most edges lie."""
    edges = np.count_nonzero(dark[1:] != dark[:-1], axis=1)
    found = np.bincount((np.arange(edges.size) + 1) % finer, weights=edges, minlength=finer)
    # What is drawn a row too wide has its edges a row beside.
    return int(np.argmax(2 * found + np.roll(found, 1) + np.roll(found, -1)))


def _plain(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())
