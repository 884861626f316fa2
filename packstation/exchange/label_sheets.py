"""One page of labels, once it is drawn: cut into labels, laid onto paper, its codes read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packstation.exchange import label_limits, label_places
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_places import Area, Fitting
from packstation.printing.bitmap import Bitmap
from packstation.printing.code_reader import FoundCode, codes_in
from packstation.printing.page_marks import free_place

LOOK_DOTS = 8
"""Dots per mm where no paper is known."""
DARK = 128
"""Grey below this is printed."""
_ALIKE = 0.75
"""Labels on one sheet have inks of nearly one size: the smaller at least so much of the larger."""


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """One label as the child gives it back."""

    kind: str
    """``pdf``, ``png`` or ``zpl``."""
    content: bytes
    width_mm: float
    height_mm: float
    codes: tuple[str, ...]
    mark: tuple[float, ...] = ()
    blank: bool = False
    dots: bytes = b""
    key: str = ""
    ink: tuple[float, ...] = ()
    """Width and height in mm of all that is drawn; empty = nothing, or not known."""


def check_size(name: str, number: int, width_mm: float, height_mm: float) -> None:
    """Refuse a page that no label printer could ever print.

    Raises:
        ImportFileError: ``labels.too_large_page`` or ``labels.damaged``.
    """
    if not (width_mm > 1 and height_mm > 1):
        raise label_limits.damaged(name, number)
    if max(width_mm, height_mm) > label_limits.LONGEST_MM:
        raise label_limits.too_large_page(name, number, width_mm, height_mm)


def place_of(
    dark: NDArray[np.bool_], whole: Area, dots: float, paper: LabelPaper | None
) -> Fitting | None:
    """Return how a drawn page goes onto paper."""
    if paper is None:
        return Fitting(1.0, 0.0, 0.0)
    ink = label_places.ink_of(dark)
    left, top, width, height = (side / dots for side in ink) if ink else (0.0, 0.0, 0.0, 0.0)
    size = (paper.width / paper.dots_per_mm, paper.height / paper.dots_per_mm)
    return label_places.fitting(whole, Area(left, top, width, height), *size)


def laid(
    dark: NDArray[np.bool_],
    whole: Area,
    dots: float,
    paper: LabelPaper | None,
    place: Fitting | None = None,
) -> NDArray[np.bool_] | None:
    """Return paper with a drawn page on it; None where the page does not fit it."""
    if paper is None:
        return dark
    place = place or place_of(dark, whole, dots, paper)
    if place is None:
        return None
    if place.turned:
        dark = np.rot90(dark, -1)
    left, top = round(place.left * paper.dots_per_mm), round(place.top * paper.dots_per_mm)
    sheet = np.zeros((paper.height, paper.width), dtype=np.bool_)
    seen = dark[max(0, -top) : paper.height - top, max(0, -left) : paper.width - left]
    y, x = max(0, top), max(0, left)
    sheet[y : y + seen.shape[0], x : x + seen.shape[1]] = seen
    return sheet


def ink_mm(dark: NDArray[np.bool_], dots: float) -> tuple[float, ...]:
    """Return width and height in mm of all that is drawn, as ``place_of`` sees them."""
    ink = label_places.ink_of(dark)
    return (round(ink[2] / dots, 3), round(ink[3] / dots, 3)) if ink else ()


def read_codes(grey: NDArray[np.uint8]) -> list[FoundCode]:
    """Return the codes of a picture from top to bottom, bars before squares."""
    found = codes_in(grey, labels=True)
    return sorted(found, key=lambda code: (not code.linear, code.top, code.left))


def cut_sheet(
    dark: NDArray[np.bool_], codes: list[FoundCode], dots: float, paper: LabelPaper | None
) -> list[tuple[int, int, int, int]]:
    """Return the labels of a sheet as left, top, width, height; empty = it is one label.

    A sheet is cut only where it is larger than the paper, every part has bars of its own, and all
    parts are nearly of one size: half a label must never pass for one.
    """
    height, width = (side / dots for side in dark.shape)
    most = (paper.width * paper.height / paper.dots_per_mm**2) if paper else 100 * 150
    bars = [code for code in codes if code.linear]
    if width * height < 1.5 * most or len(bars) < 2:
        return []
    for way in label_places.cuts(dark, dots):
        parts, inks, counts = [], [], []
        for left, top, wide, high in way:
            ink = label_places.ink_of(dark[top : top + high, left : left + wide])
            if ink is None:
                continue
            inside = [
                code
                for code in bars
                if left <= code.left < left + wide and top <= code.top < top + high
            ]
            parts.append((left, top, wide, high))
            inks.append(ink)
            counts.append(len(inside))
        alike = all(
            min(ink[side] for ink in inks) >= _ALIKE * max(ink[side] for ink in inks)
            for side in (2, 3)
            if inks
        )
        if len(parts) > 1 and alike and min(counts) > 0 and min(counts) == max(counts):
            return parts
    return []


def finished(
    kind: str,
    content: bytes,
    width: float,
    height: float,
    codes: list[FoundCode],
    drawn: NDArray[np.bool_] | None,
    paper: LabelPaper | None,
    ink: tuple[float, ...] = (),
) -> ReadLabel:
    """Return a label with all that is known of it."""
    dots = paper.dots_per_mm if paper else LOOK_DOTS
    kept = drawn is not None and paper is not None
    return ReadLabel(
        kind=kind,
        content=content,
        width_mm=round(width, 2),
        height_mm=round(height, 2),
        codes=tuple(dict.fromkeys(code.text for code in codes)),
        mark=free_place(drawn, dots) if drawn is not None and kept else (),
        blank=drawn is not None and not drawn.any(),
        dots=zlib.compress(Bitmap.from_dots(drawn).rows.tobytes(), 6)
        if drawn is not None and kept
        else b"",
        key=paper.key if kept and paper else "",
        ink=ink,
    )
