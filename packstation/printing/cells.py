"""ASCII in equal cells: how a receipt printer's own font stands on paper."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from packstation.printing.bitmap import Bitmap
from packstation.printing.document import Align, Anchor, Box, Document, Face, Overflow, Text, Weight

CELL_WIDTH = 12
"""Dots of one character in font A (12 x 24) of ESC/POS printers."""
CELL_HEIGHT = 24
"""Dots of one line in font A."""
RAISED = -3
"""Dots a character is lifted, so that the tails of g and p stay in the cell."""


@lru_cache(maxsize=256)
def _cell(char: str, weight: Weight) -> NDArray[np.bool_]:
    from packstation.printing.raster import rasterize

    text = Text(
        char,
        Box(0, RAISED, CELL_WIDTH, CELL_HEIGHT),
        size_mm=CELL_WIDTH * 2 - 2,
        min_size_mm=8,
        weight=weight,
        face=Face.MONO,
        align=Align.CENTRE,
        anchor=Anchor.MIDDLE,
        overflow=Overflow.ELLIPSIS,
    )
    return rasterize(Document(CELL_WIDTH, CELL_HEIGHT, (text,)), 1).dots()


def draw_cells(
    text: str, *, weight: Weight = Weight.NORMAL, across: int = 1, down: int = 1
) -> Bitmap:
    """Return printable ASCII as dots, each character in its own cell.

    Args:
        text: At least one character.
        weight: Bold or normal.
        across: 1-8, how often each dot is repeated to the right.
        down: 1-8, the same downwards.
    """
    cells = np.hstack([_cell(char, weight) for char in text])
    return Bitmap.from_dots(np.repeat(np.repeat(cells, across, axis=1), down, axis=0))
