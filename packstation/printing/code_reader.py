"""Reads the barcodes of a picture of dots: what a scanner would say of a label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FoundCode:
    """One code in a picture."""

    text: str
    linear: bool
    """True for bars, false for squares such as QR."""
    top: int
    """Uppermost dot row."""
    left: int
    """Leftmost dot column."""


def codes_in(grey: NDArray[np.uint8], *, labels: bool = False) -> list[FoundCode]:
    """Return every code in a picture, each text once.

    Args:
        grey: Shape (height, width), 0 = black, 255 = white.
        labels: Only the kinds of code that carry a parcel's numbers, dark on light: half the time.
    """
    import zxingcpp

    known = zxingcpp.BarcodeFormat
    if labels:
        bars = (known.Code128, known.Code39, known.Code93, known.Codabar, known.ITF, known.EAN13)
        # As a scanner types it: no brackets around the parts of a GS1 message.
        results = zxingcpp.read_barcodes(
            grey,
            formats=zxingcpp.BarcodeFormats((*bars, known.QRCode, known.DataMatrix)),
            text_mode=zxingcpp.TextMode.Plain,
            try_invert=False,
        )
    else:
        results = zxingcpp.read_barcodes(grey)
    found: dict[str, FoundCode] = {}
    for one in results:
        corners = (one.position.top_left, one.position.bottom_right, one.position.top_right)
        found.setdefault(
            one.text,
            FoundCode(
                one.text,
                one.format not in (known.QRCode, known.DataMatrix),
                min(corner.y for corner in corners),
                min(corner.x for corner in corners),
            ),
        )
    return list(found.values())
