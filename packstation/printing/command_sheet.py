"""The sheet of command codes: what each does, and its barcode to scan from paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from packstation.printing.document import Align, Barcode, Box, Document, Element, Symbology, Text
from packstation.printing.document import Line as Rule

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
TOP_MM, ROW_MM, LEFT_MM, RIGHT_MM = 32.0, 25.0, 15.0, 195.0
ROWS = 10


def render_command_sheet(
    rows: Sequence[tuple[str, str]], *, heading: str, printed_at: datetime
) -> bytes:
    """Return the sheet as PDF on A4; ten codes a page, far enough apart to scan one alone.

    Args:
        rows: Code and what it does, in words.
        heading: In the language of the words.
        printed_at: Aware.
    """
    from packstation.printing.raster import render_pdf

    pages = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return render_pdf([_page(page, heading, printed_at) for page in pages], title=heading)


def _page(rows: Sequence[tuple[str, str]], heading: str, printed_at: datetime) -> Document:
    elements: list[Element] = [
        Text(heading, Box(LEFT_MM, 14, 120, 12), size_mm=8),
        Text(
            f"{printed_at:%Y-%m-%d}", Box(150, 16, RIGHT_MM - 150, 8), size_mm=4, align=Align.RIGHT
        ),
    ]
    for number, (code, what) in enumerate(rows):
        top = TOP_MM + number * ROW_MM
        elements += [
            Rule(LEFT_MM, top, RIGHT_MM, top),
            Text(what, Box(LEFT_MM, top + 3, 90, 14), size_mm=5.5),
            Text(code, Box(LEFT_MM, top + 17, 90, 6), size_mm=3.5),
            Barcode(Symbology.CODE128, code, Box(110, top + 4, 82, 17), module_mm=0.375),
        ]
    return Document(WIDTH_MM, HEIGHT_MM, tuple(elements))
