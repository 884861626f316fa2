"""What a label printer made of a payload, and how a strict reader refuses one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap


@dataclass(frozen=True, slots=True, eq=False)
class PrintedLabel:
    """One label as it comes out."""

    width_mm: float
    """Of the paper."""
    height_mm: float
    """Of the paper."""
    copies: int
    """How often it comes out."""
    bitmap: Bitmap
    """What is on it."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelJob:
    """Everything a payload made a label printer do."""

    labels: tuple[PrintedLabel, ...]
    """In the order of printing."""
    commands: tuple[str, ...]
    """Names of the commands, in order."""


def not_understood(language: str, at: int, problem: str) -> DeviceError:
    """Return the refusal of a payload at a byte."""
    return DeviceError(
        "printer.not_understood",
        f"{language} at byte {at}: {problem}.",
        fix="Check that the printer and its profile speak the same language.",
        offset=at,
    )


def blacken(paper: NDArray[np.bool_], rows: NDArray[np.uint8], left: int, top: int) -> str:
    """Lay a raster (1 = black) on paper, white dots letting through what is below.

    Returns:
        What is wrong with its place; empty = it was drawn. Dots beyond the right edge that only
        fill up the last byte are left out.
    """
    height, across = rows.shape
    if not height or not across:
        return "an empty picture"
    if top + height > paper.shape[0] or left + across * 8 > (paper.shape[1] + 7) // 8 * 8:
        return "a picture outside the paper"
    black = np.unpackbits(rows, axis=1).astype(np.bool_)
    area = paper[top : top + height, left : left + across * 8]
    area |= black[:, : area.shape[1]]
    return ""
