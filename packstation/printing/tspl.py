"""Labels as TSPL: one full raster, so that no text on the label can become a command.

Commands and polarity: TSC "TSPL/TSPL2 Programming Manual", commands SIZE, GAP, DIRECTION,
REFERENCE, CLS, BITMAP, PRINT. In BITMAP a 0 bit is black.
"""

from __future__ import annotations

import numpy as np

from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Media

MIN_BLANK_ROWS = 16
"""Blank rows that are worth a new BITMAP command."""


def encode(bitmap: Bitmap, media: Media) -> bytes:
    """Return the bytes that print one copy of a label.

    Blank rows and columns are not sent: the label is cut into bands with ink.
    """
    assert media.height_mm is not None, "TSPL prints on labels, not on a roll"
    head = (
        f"SIZE {media.width_mm:g} mm,{media.height_mm:g} mm\r\n"
        f"GAP {media.gap_mm:g} mm,0 mm\r\n"
        "DIRECTION 0,0\r\n"
        "REFERENCE 0,0\r\n"
        "CLS\r\n"
    )
    parts = [head.encode("ascii")]
    parts.extend(_band(bitmap, top, bottom) for top, bottom in bands(bitmap))
    parts.append(b"PRINT 1,1\r\n")
    return b"".join(parts)


def bands(bitmap: Bitmap) -> list[tuple[int, int]]:
    """Return (first row, row after the last) of each part with ink, from top to bottom."""
    inked = np.flatnonzero(bitmap.rows.any(axis=1))
    if inked.size == 0:
        return []
    gaps = np.flatnonzero(np.diff(inked) > MIN_BLANK_ROWS)
    starts = [int(inked[0]), *(int(row) for row in inked[gaps + 1])]
    ends = [*(int(row) + 1 for row in inked[gaps]), int(inked[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _band(bitmap: Bitmap, top: int, bottom: int) -> bytes:
    rows = bitmap.rows[top:bottom]
    inked = np.flatnonzero(rows.any(axis=0))
    left, right = int(inked[0]), int(inked[-1]) + 1
    payload = (~rows[:, left:right]).tobytes()
    # Were the header to promise fewer bytes than follow, the rest would be read as commands.
    assert len(payload) == (right - left) * (bottom - top)
    header = f"BITMAP {left * 8},{top},{right - left},{bottom - top},0,"
    return header.encode("ascii") + payload + b"\r\n"
