"""Labels as TSPL: rows of dots alone, so that no text on the label can become a command.

Commands, units and polarity: TSC "TSPL/TSPL2 Programming Language" (2009), commands
SIZE, GAP, BLINE, SPEED (inches a second), DENSITY (0-15), DIRECTION, REFERENCE, CLS, BITMAP,
PRINT, CUT. In BITMAP a 0 bit is black. No SET and nothing that stores is ever sent.
"""

from __future__ import annotations

from packstation.printing.bitmap import Bitmap
from packstation.printing.ink_areas import InkArea, ink_areas, whole
from packstation.printing.media import (
    Media,
    PrinterProfile,
    RasterForm,
    Sensing,
    Tuning,
)
from packstation.printing.placing import placed

MM_IN_AN_INCH = 25.4


def encode(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> bytes:
    """Return the bytes that print one copy of a picture.

    Blank rows and columns are not sent, unless the model wants every dot.

    Raises:
        ComposeError: ``print.off_paper``.
    """
    tuning = tuning or Tuning()
    paper = placed(bitmap, stock, printer, tuning)
    parts = [_head(paper, stock, printer, tuning)]
    full = printer.form is RasterForm.FULL
    areas = (whole if full else ink_areas)(paper, printer.max_rows)
    parts.extend(_raster(paper, area) for area in areas)
    parts.append(b"PRINT 1,1\r\n")
    if tuning.cut and printer.cutter:
        parts.append(b"CUT\r\n")
    return b"".join(parts)


def _head(paper: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning) -> bytes:
    height_mm = stock.height_mm or paper.height / printer.dots_per_mm
    lines = [f"SIZE {stock.width_mm:g} mm,{height_mm:g} mm"]
    match stock.sensing:
        case Sensing.GAP:
            lines.append(f"GAP {stock.gap_mm:g} mm,0 mm")
        case Sensing.MARK:
            lines.append(f"BLINE {stock.gap_mm:g} mm,0 mm")
        case Sensing.CONTINUOUS:
            lines.append("GAP 0 mm,0 mm")
    if (speed := printer.speed(tuning)) is not None:
        lines.append(f"SPEED {round(speed / MM_IN_AN_INCH, 1):g}")
    if (darkness := printer.darkness_step(tuning)) is not None:
        lines.append(f"DENSITY {darkness}")
    lines += ["DIRECTION 0,0", "REFERENCE 0,0", "CLS"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _raster(paper: Bitmap, area: InkArea) -> bytes:
    across, down = area.right - area.left, area.bottom - area.top
    payload = (~paper.rows[area.top : area.bottom, area.left : area.right]).tobytes()
    # Were the header to promise fewer bytes than follow, the rest would be read as commands.
    assert len(payload) == across * down
    header = f"BITMAP {area.left * 8},{area.top},{across},{down},0,"
    return header.encode("ascii") + payload + b"\r\n"
