"""Labels as EPL2: rows of dots alone.

Commands, ranges and polarity: Zebra "EPL Programming Guide" (14245L-003, 2013-12-16) and "EPL2
Programmer's Manual" (980352-001, 2001): N after a line feed, q, Q (gap, or B and mark with its
offset, or 0), S (number of the model's speed, from 1), D (0-15), GW (a 0 bit is black, raw bytes,
no escapes), P. Q and q clear the picture, so they come before GW. Nothing that
stores (FS, GM, O …) is ever sent.
"""

from __future__ import annotations

from packstation.printing.bitmap import Bitmap
from packstation.printing.ink_areas import InkArea, ink_areas, whole
from packstation.printing.media import Media, PrinterProfile, RasterForm, Sensing, Tuning
from packstation.printing.placing import placed

MIN_EDGE_DOTS = {8: 16, 12: 18}
"""Smallest gap or mark that Q takes, by dots per mm."""
MAX_EDGE_DOTS = 240
"""Largest gap or mark that Q takes."""


def encode(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> bytes:
    """Return the bytes that print one copy of a picture.

    Raises:
        ComposeError: ``print.off_paper``.
    """
    tuning = tuning or Tuning()
    paper = placed(bitmap, stock, printer, tuning)
    parts = [_head(paper, stock, printer, tuning)]
    full = printer.form is RasterForm.FULL
    areas = (whole if full else ink_areas)(paper, printer.max_rows)
    parts.extend(_raster(paper, area) for area in areas)
    parts.append(b"P1\n")
    return b"".join(parts)


def _head(paper: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning) -> bytes:
    lowest = MIN_EDGE_DOTS.get(printer.dots_per_mm, 16)
    edge = min(MAX_EDGE_DOTS, max(lowest, printer.dots(stock.gap_mm)))
    how = {Sensing.GAP: f"{edge}", Sensing.MARK: f"B{edge}+0", Sensing.CONTINUOUS: "0"}
    # The empty line ends whatever another program left half said.
    lines = ["", "N", f"q{paper.width}", f"Q{paper.height},{how[stock.sensing]}"]
    if (speed := printer.speed(tuning)) is not None:
        lines.append(f"S{printer.speeds_mm_s.index(speed) + 1}")
    if (darkness := printer.darkness_step(tuning)) is not None:
        lines.append(f"D{darkness}")
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _raster(paper: Bitmap, area: InkArea) -> bytes:
    across, down = area.right - area.left, area.bottom - area.top
    payload = (~paper.rows[area.top : area.bottom, area.left : area.right]).tobytes()
    # Were the header to promise fewer bytes than follow, the rest would be read as commands.
    assert len(payload) == across * down
    header = f"GW{area.left * 8},{area.top},{across},{down},"
    return header.encode("ascii") + payload + b"\n"
