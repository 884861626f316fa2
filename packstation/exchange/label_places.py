"""Where things are on a page: how it goes onto paper, where it falls apart, what place is free.

Pure arithmetic on millimetres and on arrays of dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SCALE_SPAN = 0.03
"""A page of the paper's shape that is this much larger or smaller is not scaled where it fits."""
SAME_SHAPE = 0.02
"""Aspect ratios that differ less than this are one shape."""
_BLANK_MM = 1.0
"""Blank strip, at least, along which a sheet may be cut."""
_SLACK_MM = 0.6
"""Rounding of page sizes by whoever made the file: A6 is 105 x 148.5 mm or 297 x 420 points."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page in millimetres, from its upper left corner as it is looked at."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a page goes onto paper."""

    scale: float
    """1 = in its own size."""
    left: float
    """Where the page's left edge comes to lie on the paper, in mm; may be outside of it."""
    top: float
    """The same for its upper edge."""
    turned: bool = False
    """Turned by a quarter, clockwise, before it is laid down."""


def fitting(page: Area, ink: Area, width: float, height: float) -> Fitting | None:
    """Return how a page goes onto paper without being squeezed, or None.

    In its own size where what is drawn fits; scaled, evenly, only where the page has the very
    shape of the paper. A label on a larger sheet is cut out.

    Args:
        page: The whole page; left and top are 0.
        ink: What is drawn on it.
        width: Of the paper, in mm.
        height: Of the paper, in mm.
    """
    straight = _straight(page, ink, width, height)
    if straight is not None:
        return straight
    turned_page = Area(0, 0, page.height, page.width)
    turned_ink = Area(page.height - ink.top - ink.height, ink.left, ink.height, ink.width)
    found = _straight(turned_page, turned_ink, width, height)
    return Fitting(found.scale, found.left, found.top, turned=True) if found else None


def fits(page: tuple[float, float], ink: tuple[float, float], paper: tuple[float, float]) -> bool:
    """Tell whether a page goes onto paper without being squeezed; widths and heights in mm."""
    return fitting(Area(0, 0, *page), Area(0, 0, *ink), *paper) is not None


def _straight(page: Area, ink: Area, width: float, height: float) -> Fitting | None:
    scale = min(width / page.width, height / page.height)
    same = abs(page.width * height / (page.height * width) - 1) <= SAME_SHAPE
    fits = ink.width <= width + _SLACK_MM and ink.height <= height + _SLACK_MM
    if same and not (abs(scale - 1) <= SCALE_SPAN and fits):
        return Fitting(scale, (width - page.width * scale) / 2, (height - page.height * scale) / 2)
    if not fits:
        return None
    small = page.width <= width + _SLACK_MM and page.height <= height + _SLACK_MM
    if same or small:
        top = (height - page.height) / 2 if same else 0.0
        return Fitting(
            1.0,
            _within((width - page.width) / 2, ink.left, ink.width, width),
            _within(top, ink.top, ink.height, height),
        )
    return Fitting(1.0, (width - ink.width) / 2 - ink.left, (height - ink.height) / 2 - ink.top)


def _within(start: float, ink: float, size: float, room: float) -> float:
    """Return where a page starts so that its ink is on the paper, moved as little as can be."""
    return min(max(start, -ink), room - ink - size) if size <= room else (room - size) / 2 - ink


def ink_of(dark: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Return left, top, width and height in dots of all that is drawn; None = blank."""
    rows = np.flatnonzero(dark.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(dark.any(axis=0))
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1


def cuts(
    dark: NDArray[np.bool_], dots_per_mm: float
) -> Sequence[tuple[tuple[int, int, int, int], ...]]:
    """Return ways to cut a sheet into labels along blank strips: quarters, halves, thirds.

    Each way is a tuple of left, top, width, height in dots; the finest comes first. Only the
    caller knows whether the parts are labels.
    """
    height, width = dark.shape
    blank_rows = np.logical_not(dark.any(axis=1))
    blank_columns = np.logical_not(dark.any(axis=0))
    strip = max(1, round(_BLANK_MM * dots_per_mm))
    found = []
    for down, across in ((4, 2), (3, 2), (2, 2), (4, 1), (3, 1), (2, 1), (1, 2)):
        rows = _edges(blank_rows, down, strip)
        columns = _edges(blank_columns, across, strip)
        if rows is None or columns is None:
            continue
        found.append(
            tuple(
                (left, top, right - left, bottom - top)
                for top, bottom in zip(rows, [*rows[1:], height], strict=True)
                for left, right in zip(columns, [*columns[1:], width], strict=True)
            )
        )
    return found


def _edges(blank: NDArray[np.bool_], parts: int, strip: int) -> list[int] | None:
    """Return where equal parts begin, each moved to the blank strip beside it; None = no strip."""
    size, edges = len(blank), [0]
    for part in range(1, parts):
        middle, reach = size * part // parts, size // (parts * 8)
        lanes = blank[middle - reach : middle + reach]
        # Positions where a run of ``strip`` blank lines begins.
        sums = np.concatenate(([0], np.cumsum(lanes)))
        starts = np.flatnonzero(sums[strip:] - sums[:-strip] == strip)
        if not starts.size:
            return None
        nearest = starts[np.argmin(np.abs(starts + strip // 2 - reach))]
        edges.append(middle - reach + int(nearest) + strip // 2)
    return edges
