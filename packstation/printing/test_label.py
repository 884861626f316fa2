"""Papers that try a printer: a test label to be scanned back, and a sheet of rulers to adjust it.

Both speak Chinese and English at once, since whoever sets up a printer may read either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Document,
    Element,
    Frame,
    Line,
    Missing,
    Overflow,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.media import Language, Media, PrinterProfile, Sensing, Tuning

ROLL_MM = 46.0
"""Length of a test label on a roll."""
RARE = "㐂𠮷䶮區誠"
"""Characters of names that fonts and printers often lack (printing.md)."""
LOW_MM = 40.0
"""Lower paper says less, so that what it says can be read."""
HIGH_MM = 90.0
"""Higher paper has room for larger words."""

_SENSING = {
    Sensing.GAP: "间隙 gap",
    Sensing.MARK: "黑标 mark",
    Sensing.CONTINUOUS: "连续 continuous",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a printer is tried with."""

    code: str
    """``PSTEST`` and eight digits; the station waits for its scan."""
    name: str
    """The printer as the settings call it."""
    printer: PrinterProfile
    """Its model."""
    stock: Media
    """The paper in it."""
    tuning: Tuning
    """As it will print; its offset is taken into account, so that no ink is lost."""

    @property
    def height_mm(self) -> float:
        """Of the sheet, on a roll too."""
        return self.stock.height_mm or ROLL_MM

    @property
    def reach_mm(self) -> float:
        """How far right the head prints."""
        return min(self.stock.width_mm, self.printer.head_dots / self.printer.dots_per_mm)


def compose_trial(trial: Trial) -> Document:
    """Return the test label: frame, rulers, cross, rare characters, a Code 128 and a QR.

    Fits 48 mm of a receipt roll and 50 x 30 mm as well as 100 x 180 mm.
    """
    area = _safe(trial)
    elements: list[Element] = [Frame(area), *_edge_rulers(area)]
    right, bottom = area.x_mm + area.width_mm, area.y_mm + area.height_mm
    low, high = trial.height_mm < LOW_MM, trial.height_mm >= HIGH_MM
    bars_mm, caption_mm = (6.5, 2.2) if low else (18, 4.5) if high else (12, 3.2)
    top = area.y_mm + 2.8
    elements.append(
        Barcode(
            Symbology.CODE128,
            trial.code,
            Box(area.x_mm + 1, top, area.width_mm - 2, bars_mm),
            module_mm=0.5,
            min_module_mm=0.25,
            name="test code",
        )
    )
    top += bars_mm + 0.4
    elements.append(
        Text(
            trial.code,
            Box(area.x_mm + 4, top, area.width_mm - 8, caption_mm + 0.6),
            size_mm=caption_mm,
            min_size_mm=1.6,
            align=Align.CENTRE,
            anchor=Anchor.MIDDLE,
            name="test code",
        )
    )
    top += caption_mm + 1
    room = bottom - 2.6 - top
    side = min(room, 11.5 if low else 27 if high else 18)
    left = area.x_mm + 2.6
    elements.append(
        Barcode(
            Symbology.QR,
            trial.code,
            Box(left, top, side, side),
            module_mm=0.75,
            min_module_mm=0.25,
            name="test code",
        )
    )
    words = Box(left + side + 0.8, top, right - 2.8 - left - side - 0.8, side)
    if trial.height_mm / 2 - 11 > top + side:
        elements += _cross(trial.reach_mm / 2, trial.height_mm / 2, 10)
    else:
        # In the free corner, so that no word is crossed.
        words = replace(words, width_mm=words.width_mm - 5)
        elements += _cross(right - 5, bottom - 5, 2)
    elements += _lines(trial, words)
    return Document(trial.stock.width_mm, trial.height_mm, tuple(elements))


def compose_calibration(trial: Trial) -> Document:
    """Return the sheet of rulers, fine lines and densities; print it without any offset.

    The first stroke that can be seen at an edge tells by how many millimetres the print is off.
    """
    dot = 1 / trial.printer.dots_per_mm
    width, height = trial.reach_mm, trial.height_mm
    elements: list[Element] = [*_edge_strokes(width, height, dot)]
    left, top = 13.0, min(9.5, height * 0.22)
    right = width - 13
    elements.append(
        Text(
            "校准 Calibration",
            Box(left, top, right - left, 3.2),
            size_mm=2.8,
            min_size_mm=1.6,
            weight=Weight.BOLD,
            overflow=Overflow.ELLIPSIS,
            missing=Missing.SPELL,
        )
    )
    elements.append(_small(_what(trial), Box(left, top + 3.2, right - left, 2.6)))
    field = min(5.0, (right - left - 4) / 5)
    row = top + 6.6
    deep = min(field, max(2.0, height - row - 10))
    for number, pitch in enumerate((1, 2, 3, 4, 6)):
        box = Box(left + number * (field + 1), row, field, deep)
        elements += _screen(box, pitch, dot)
        if height >= 40:
            percent = round(100 / pitch)
            elements.append(_small(f"{percent}%", Box(box.x_mm, row + deep, field, 2.4)))
    if height >= ROLL_MM:
        elements += _fine_lines(left, row + deep + 4, right - left, dot)
    if height >= HIGH_MM:
        # Across the whole head: a dead dot shows as a white line.
        elements.append(Block(Box(0, height * 0.7, width, 3)))
    return Document(trial.stock.width_mm, height, tuple(elements))


def unshifted(tuning: Tuning) -> Tuning:
    """Return the tuning for a calibration sheet: its strokes begin at the very edge."""
    return replace(tuning, offset_x_mm=0.0, offset_y_mm=0.0)


_MEASURE = {
    (Language.TSPL, Sensing.GAP): b"GAPDETECT\r\n",
    (Language.TSPL, Sensing.MARK): b"BLINEDETECT\r\n",
    (Language.ZPL, Sensing.GAP): b"~JC\n",
    (Language.ZPL, Sensing.MARK): b"~JC\n",
}
"""Commands that let a printer feed some labels and measure them (TSC "TSPL/TSPL2 Programming
Language", 2009; Zebra programming guide P1012728-008).

They change what the printer has stored. So they are no part of any label, every strict reader
refuses them (faults.md A3), and they are sent only when a person asks a printer to measure its
paper. EPL's ``xa`` is left out: it leaves some models in a mode that prints bytes as digits.
"""


def calibration_command(printer: PrinterProfile, sensing: Sensing = Sensing.GAP) -> bytes:
    """Return the command by which a printer measures its paper; empty = its language has none.

    Args:
        printer: The model.
        sensing: How the paper's edges are found.
    """
    return _MEASURE.get((printer.language, sensing), b"")


def _safe(trial: Trial) -> Box:
    """Return what lies 1 mm inside the paper, and on it after the offset too."""
    x, y = trial.tuning.offset_x_mm, trial.tuning.offset_y_mm
    left, top = max(1.0, -x), max(1.0, -y)
    right = min(trial.stock.width_mm - max(1.0, x), trial.reach_mm - max(0.0, x))
    return Box(left, top, right - left, trial.height_mm - max(1.0, y) - top)


def _edge_rulers(area: Box) -> Iterator[Line]:
    """Yield a stroke at each millimetre of the upper and the left edge, longer at 5 and 10."""
    for mm in range(1, int(area.width_mm)):
        x = area.x_mm + mm
        yield Line(x, area.y_mm, x, area.y_mm + _stroke(mm), thickness_mm=0.125)
    for mm in range(1, int(area.height_mm)):
        y = area.y_mm + mm
        yield Line(area.x_mm, y, area.x_mm + _stroke(mm), y, thickness_mm=0.125)


def _stroke(mm: int) -> float:
    return 2.0 if mm % 10 == 0 else 1.4 if mm % 5 == 0 else 0.8


def _cross(x: float, y: float, arm: float) -> Iterator[Line]:
    yield Line(x - arm, y, x + arm, y, thickness_mm=0.125)
    yield Line(x, y - arm, x, y + arm, thickness_mm=0.125)


def _what(trial: Trial) -> str:
    high = f"×{trial.stock.height_mm:g}" if trial.stock.height_mm else ""
    return f"{trial.stock.width_mm:g}{high} mm {_SENSING[trial.stock.sensing]}"


def _lines(trial: Trial, room: Box) -> Iterator[Text]:
    """Yield what the label says, one below the other, as large as the room allows."""
    tuning = trial.tuning
    lines = [
        ("请扫此码 Scan this code", Weight.BOLD),
        (f"{RARE} Ågé", Weight.NORMAL),
        (trial.name, Weight.NORMAL),
        (trial.printer.key, Weight.NORMAL),
        (_what(trial), Weight.NORMAL),
        (f"偏移 offset {tuning.offset_x_mm:g}, {tuning.offset_y_mm:g} mm", Weight.NORMAL),
    ]
    if trial.height_mm >= LOW_MM:
        lines.insert(0, ("测试 Test", Weight.BOLD))
    pitch = room.height_mm / len(lines)
    for number, (words, weight) in enumerate(lines):
        yield Text(
            words,
            Box(room.x_mm, room.y_mm + number * pitch, room.width_mm, pitch),
            size_mm=min(4.0, pitch / 1.22),
            min_size_mm=min(1.4, pitch / 1.22),
            weight=weight,
            anchor=Anchor.MIDDLE,
            overflow=Overflow.ELLIPSIS,
            missing=Missing.SPELL,
            name="test label",
        )


def _small(words: str, box: Box) -> Text:
    return Text(
        words,
        box,
        size_mm=2,
        min_size_mm=1.3,
        overflow=Overflow.ELLIPSIS,
        missing=Missing.SPELL,
        name="test label",
    )


def _edge_strokes(width: float, height: float, dot: float) -> Iterator[Element]:
    """Yield a stair of strokes at each edge: the one at n mm is n mm away from it."""
    across, down = min(10, int(width / 5)), min(8, int(height / 5))
    middle_x, middle_y = width / 2, height / 2
    for mm in range(across + 1):
        long = 1.5 if mm % 5 else 3.0
        low = middle_y - long / 2
        for x in (float(mm), width - mm - dot):
            yield Line(x, low, x, low + long, thickness_mm=dot)
        if mm and mm % 5 == 0:
            for x in (mm - 1.5, width - mm - 1.5):
                yield _digit(str(mm), x, low + long)
    for mm in range(down + 1):
        long = 1.5 if mm % 5 else 3.0
        start = middle_x - long / 2
        for y in (float(mm), height - mm - dot):
            yield Line(start, y, start + long, y, thickness_mm=dot)
        if mm == 5:
            for y in (mm - 1.2, height - mm - 1.2):
                yield _digit(str(mm), start + long, y)


def _digit(words: str, x: float, y: float) -> Text:
    box = Box(x, y, 3, 2.4)
    return Text(words, box, size_mm=1.9, align=Align.CENTRE, anchor=Anchor.MIDDLE)


def _screen(box: Box, pitch: int, dot: float) -> Iterator[Element]:
    """Yield a field of lines one dot thick, ``pitch`` dots apart; 1 = all black."""
    if pitch == 1:
        yield Block(box)
        return
    for number in range(int(box.height_mm / dot / pitch)):
        y = box.y_mm + number * pitch * dot
        yield Line(box.x_mm, y, box.x_mm + box.width_mm, y, thickness_mm=dot)


def _fine_lines(left: float, top: float, width: float, dot: float) -> Iterator[Element]:
    """Yield single lines of one to four dots, lying on the left and standing on the right."""
    for number in range(4):
        thick = (number + 1) * dot
        y = top + number * 1.5
        yield Line(left, y, left + width - 8, y, thickness_mm=thick)
        x = left + width - 6 + number * 1.5
        yield Line(x, top, x, top + 4.5 + dot, thickness_mm=thick)
