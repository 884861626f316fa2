"""Documents drawn to dots and to PDF: the only room beside the window that speaks to Qt.

QPainter on a Grayscale8 image without antialiasing: every dot is black or white already, so the
preview is the print. Works in any thread and without a display once a QGuiApplication exists.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from packstation.errors import ComposeError
from packstation.printing import barcodes
from packstation.printing.bitmap import Bitmap
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Document,
    Face,
    Frame,
    Ink,
    Line,
    Missing,
    Overflow,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.safe_text import printable, spell

PDF_DOTS_PER_MM = 40
"""Resolution of PDF coordinates (1016 dpi); bars are whole dots there too."""
LINE_PITCH = 1.22
"""Distance of two lines in font sizes; Chinese needs no more, g and Å do not touch."""

_SANS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
_MONO = ("Noto Sans Mono CJK SC", "Consolas", "Menlo", "DejaVu Sans Mono")
_FAMILIES = {Face.SANS: _SANS, Face.MONO: _MONO + _SANS}
_ALIGNMENT = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_applications: list[QGuiApplication] = []


def ensure_gui_application() -> None:
    """Create an offscreen QGuiApplication when the process has none; fonts need one.

    Call it once in the main thread before labels are drawn in another. Where a window will be
    opened, its QApplication must be created instead, and earlier.
    """
    if QGuiApplication.instance() is None:
        # Made in another thread, it would end the process with a crash when it is taken down.
        here = threading.current_thread()
        assert here is threading.main_thread(), f"the first font was asked for in {here.name}"
        _applications.append(QGuiApplication(["packstation", "-platform", "offscreen"]))


@lru_cache(maxsize=2)
def _families(face: Face) -> list[str]:
    ensure_gui_application()
    present = set(QFontDatabase.families())
    return [family for family in _FAMILIES[face] if family in present] or ["Sans Serif"]


@lru_cache(maxsize=256)
def _font(size_px: int, weight: Weight, face: Face, vector: bool) -> QFont:
    font = QFont(_families(face))
    font.setPixelSize(size_px)
    font.setWeight(QFont.Weight.Bold if weight is Weight.BOLD else QFont.Weight.Normal)
    # Else digits change with the computer's locale, and a PDF's digits cannot be searched.
    font.setFeature(QFont.Tag.fromString("locl"), 0)
    if vector:
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    else:
        font.setStyleStrategy(QFont.StyleStrategy.NoAntialias)
    return font


@lru_cache(maxsize=16384)
def has_glyph(char: str) -> bool:
    """Whether a font of this computer can draw the character."""
    if char == " " or (char.isascii() and char.isprintable()):
        return True
    layout = QTextLayout(char, _font(32, Weight.NORMAL, Face.SANS, vector=False))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [index for run in layout.glyphRuns() for index in run.glyphIndexes()]
    return bool(glyphs) and all(glyphs)


def _drawable(text: Text) -> str:
    """Return the text as it will stand on paper; refuse or spell missing glyphs."""
    shown = printable(text.text)
    absent = [char for char in shown if not has_glyph(char)]
    if not absent:
        return shown
    if text.missing is Missing.SPELL:
        return "".join(spell(char) if char in absent else char for char in shown)
    char = absent[0]
    raise ComposeError(
        "print.missing_glyph",
        f"The {text.name or 'text'} has the character {char} (U+{ord(char):04X}),"
        " which no font of this computer can print.",
        fix="Install a font that has it, for example Noto Sans CJK, or correct the order.",
        character=char,
        field=text.name,
    )


class _Layout:
    """A text broken into lines at one size."""

    def __init__(self, words: str, text: Text, size_px: int, width: float, vector: bool) -> None:
        self.size_px = size_px
        self.pitch = size_px * LINE_PITCH
        self.font = _font(size_px, text.weight, text.face, vector)
        option = QTextOption(_ALIGNMENT[text.align])
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(
            QTextOption.WrapMode.NoWrap
            if text.max_lines == 1
            else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        )
        self.layout = QTextLayout(words, self.font)
        self.layout.setTextOption(option)
        self.starts: list[int] = []
        self.widest = 0.0
        self.layout.beginLayout()
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(width)
            # Lines sit in their pitch by their own ascent and descent, whatever the font claims.
            slack = (self.pitch - line.ascent() - line.descent()) / 2
            line.setPosition(QPointF(0, round(len(self.starts) * self.pitch + slack)))
            self.starts.append(line.textStart())
            self.widest = max(self.widest, line.naturalTextWidth())
        self.layout.endLayout()

    @property
    def height(self) -> float:
        return len(self.starts) * self.pitch


def _lines_allowed(text: Text, size_px: int, height: float) -> int:
    return max(1, min(text.max_lines, int(height / (size_px * LINE_PITCH) + 0.02)))


def _fits(layout: _Layout, text: Text, width: float, height: float) -> bool:
    if layout.widest > width + 0.5:
        return False
    allowed = _lines_allowed(text, layout.size_px, height)
    return len(layout.starts) <= allowed and layout.size_px <= height + 0.5


def _arrange(text: Text, dots_per_mm: int, *, vector: bool) -> _Layout:
    """Return the largest arrangement that fits, or an elided one, or refuse."""
    words = _drawable(text)
    width = text.box.width_mm * dots_per_mm
    height = text.box.height_mm * dots_per_mm
    largest = max(1, round(text.size_mm * dots_per_mm))
    smallest = max(1, round((text.min_size_mm or text.size_mm) * dots_per_mm))
    layout = _Layout(words, text, largest, width, vector)
    if _fits(layout, text, width, height):
        return layout
    low, high = smallest, largest - 1
    best: _Layout | None = None
    while low <= high:
        middle = (low + high) // 2
        layout = _Layout(words, text, middle, width, vector)
        if _fits(layout, text, width, height):
            best, low = layout, middle + 1
        else:
            high = middle - 1
    if best is not None:
        return best
    if text.overflow is Overflow.ELLIPSIS:
        return _elided(words, text, smallest, width, height, vector)
    raise ComposeError(
        "print.does_not_fit",
        f"The {text.name or 'text'} is too long for the paper, even in the smallest print"
        f" ({len(words)} characters).",
        fix="Shorten it in the order or use a larger label.",
        field=text.name,
    )


def _elided(
    words: str,
    text: Text,
    size_px: int,
    width: float,
    height: float,
    vector: bool,
) -> _Layout:
    layout = _Layout(words, text, size_px, width, vector)
    allowed = _lines_allowed(text, size_px, height)
    cut = layout.starts[allowed - 1] if len(layout.starts) >= allowed else 0
    # Qt counts UTF-16 units, Python code points; rare characters take two units.
    units = words.encode("utf-16-le")
    head, tail = units[: cut * 2].decode("utf-16-le"), units[cut * 2 :].decode("utf-16-le")
    metrics = QFontMetricsF(layout.font)
    return _Layout(
        head + metrics.elidedText(tail, Qt.TextElideMode.ElideRight, width),
        text,
        size_px,
        width,
        vector,
    )


def text_height_mm(text: Text, dots_per_mm: int | None = None) -> float:
    """Return how high a wrapped text will stand, to place what follows below it.

    Args:
        text: In a box that is high enough for its lines.
        dots_per_mm: Of a print head; None = in a PDF.
    """
    ensure_gui_application()
    dots = dots_per_mm or PDF_DOTS_PER_MM
    return _arrange(text, dots, vector=dots_per_mm is None).height / dots


def text_width_mm(words: str, size_mm: float, weight: Weight = Weight.NORMAL) -> float:
    """Return the width of one line of words in a PDF."""
    ensure_gui_application()
    font = _font(round(size_mm * PDF_DOTS_PER_MM), weight, Face.SANS, vector=True)
    return QFontMetricsF(font).horizontalAdvance(printable(words)) / PDF_DOTS_PER_MM


class _Canvas:
    """Draws elements with a painter whose unit is one dot."""

    def __init__(self, painter: QPainter, dots_per_mm: int, *, vector: bool) -> None:
        self._painter = painter
        self._dots = dots_per_mm
        self._vector = vector

    def _fill(self, left: int, top: int, right: int, bottom: int) -> None:
        self._painter.fillRect(left, top, right - left, bottom - top, QColor(0, 0, 0))

    def _edges(self, box: Box) -> tuple[int, int, int, int]:
        return (
            round(box.x_mm * self._dots),
            round(box.y_mm * self._dots),
            round((box.x_mm + box.width_mm) * self._dots),
            round((box.y_mm + box.height_mm) * self._dots),
        )

    def draw(self, document: Document) -> None:
        for element in document.elements:
            match element:
                case Text():
                    self._text(element)
                case Line():
                    self._line(element)
                case Frame():
                    self._frame(element)
                case Block():
                    self._fill(*self._edges(element.box))
                case Barcode():
                    self._barcode(element)

    def _text(self, text: Text) -> None:
        layout = _arrange(text, self._dots, vector=self._vector)
        left, top, _, bottom = self._edges(text.box)
        if text.anchor is Anchor.MIDDLE:
            top += round((bottom - top - layout.height) / 2)
        self._painter.setPen(QColor(0, 0, 0) if text.ink is Ink.BLACK else QColor(255, 255, 255))
        layout.layout.draw(self._painter, QPointF(left, top))

    def _line(self, line: Line) -> None:
        thick = max(1, round(line.thickness_mm * self._dots))
        left, right = sorted((round(line.x1_mm * self._dots), round(line.x2_mm * self._dots)))
        top, bottom = sorted((round(line.y1_mm * self._dots), round(line.y2_mm * self._dots)))
        dash = round(line.dash_mm * self._dots) or max(right - left, bottom - top)
        if bottom == top:
            for start in range(left, right, 2 * dash):
                self._fill(start, top, min(start + dash, right), top + thick)
        else:
            for start in range(top, bottom, 2 * dash):
                self._fill(left, start, left + thick, min(start + dash, bottom))

    def _frame(self, frame: Frame) -> None:
        left, top, right, bottom = self._edges(frame.box)
        thick = max(1, round(frame.thickness_mm * self._dots))
        self._fill(left, top, right, top + thick)
        self._fill(left, bottom - thick, right, bottom)
        self._fill(left, top, left + thick, bottom)
        self._fill(right - thick, top, right, bottom)

    def _barcode(self, barcode: Barcode) -> None:
        left, top, right, bottom = self._edges(barcode.box)
        square = barcode.symbology is Symbology.QR
        room = min(right - left, bottom - top) if square else right - left
        found = barcodes.fitted(barcode, self._dots, room)
        if found is None:
            return
        pattern, module = found
        spare = right - left - module * pattern.across_with_quiet
        x = left + module * barcodes.QUIET_MODULES[barcode.symbology]
        x += {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[barcode.align]
        if square:
            y = top + (bottom - top - module * pattern.across) // 2
            for row in pattern.dark:
                self._bars(row.tolist(), x, module, y, y + module)
                y += module
        else:
            self._bars(pattern.dark[0].tolist(), x, module, top, bottom)

    def _bars(self, dark: list[bool], x: int, module: int, top: int, bottom: int) -> None:
        start: int | None = None
        for index, bar in enumerate([*dark, False]):
            if bar and start is None:
                start = index
            elif not bar and start is not None:
                self._fill(x + start * module, top, x + index * module, bottom)
                start = None


def rasterize(document: Document, dots_per_mm: int) -> Bitmap:
    """Return the dots of a document.

    Raises:
        ComposeError: A text or barcode does not fit, or a character has no glyph.
    """
    ensure_gui_application()
    width = round(document.width_mm * dots_per_mm)
    height = round(document.height_mm * dots_per_mm)
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    try:
        _Canvas(painter, dots_per_mm, vector=False).draw(document)
    finally:
        painter.end()
    grey = np.frombuffer(image.constBits(), dtype=np.uint8)
    return Bitmap.from_dots(grey.reshape(height, image.bytesPerLine())[:, :width] < 128)


def render_pdf(pages: Sequence[Document], *, title: str) -> bytes:
    """Return a PDF with one page for each document, its texts selectable, its bars vectors.

    Raises:
        ComposeError: A text or barcode does not fit.
    """
    ensure_gui_application()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("PackStation")
    writer.setResolution(round(PDF_DOTS_PER_MM * 25.4))
    painter: QPainter | None = None
    for page in pages:
        size = QSizeF(page.width_mm, page.height_mm)
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter, "", exact))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        if painter is None:
            painter = QPainter(writer)
        else:
            writer.newPage()
        _Canvas(painter, PDF_DOTS_PER_MM, vector=True).draw(page)
    if painter is not None:
        painter.end()
    buffer.close()
    return bytes(content.data())
