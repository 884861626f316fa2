"""Labels as CPCL: rows of dots alone, for portable printers at 8 dots/mm.

Commands, ranges and polarity: Zebra "CPCL Programming Guide for Link-OS Enabled Printers"
(P1073699-001, 2014) and "CPCL Programming Manual" (PROMAN-CPCL, 2005): the opening line
``! offset 200 200 height copies``, PAGE-WIDTH, GAP-SENSE, BAR-SENSE, SPEED (0-5), CONTRAST (0-3),
CG (raw bytes, 1 = black), EG (two digits a byte), FORM (on to the next label), PRINT. No
``! UTILITIES`` and no ``! U1`` is ever sent.
"""

from __future__ import annotations

from packstation.printing.bitmap import Bitmap
from packstation.printing.ink_areas import InkArea, ink_areas, whole
from packstation.printing.media import Media, PrinterProfile, RasterForm, Sensing, Tuning
from packstation.printing.placing import placed


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
    parts.extend(_raster(paper, area, printer.form) for area in areas)
    # FORM looks for the next edge; a roll has none, and would be fed until it ends.
    parts.append(b"PRINT\r\n" if stock.sensing is Sensing.CONTINUOUS else b"FORM\r\nPRINT\r\n")
    return b"".join(parts)


def _head(paper: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning) -> bytes:
    lines = [f"! 0 200 200 {paper.height} 1", f"PAGE-WIDTH {paper.width}"]
    match stock.sensing:
        case Sensing.GAP:
            lines.append("GAP-SENSE")
        case Sensing.MARK:
            lines.append("BAR-SENSE")
        case Sensing.CONTINUOUS:
            pass
    if (speed := printer.speed(tuning)) is not None:
        lines.append(f"SPEED {printer.speeds_mm_s.index(speed)}")
    if (darkness := printer.darkness_step(tuning)) is not None:
        lines.append(f"CONTRAST {darkness}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _raster(paper: Bitmap, area: InkArea, form: RasterForm) -> bytes:
    across, down = area.right - area.left, area.bottom - area.top
    payload = paper.rows[area.top : area.bottom, area.left : area.right].tobytes()
    # Were the header to promise fewer bytes than follow, the rest would be read as commands.
    assert len(payload) == across * down
    place = f"{across} {down} {area.left * 8} {area.top} ".encode("ascii")
    if form is RasterForm.HEX:
        return b"EG " + place + payload.hex().upper().encode("ascii") + b"\r\n"
    return b"CG " + place + payload + b"\r\n"
