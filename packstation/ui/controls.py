"""Controls that every page shares: buttons, labels, fitted texts and cards."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QSizePolicy,
    QWidget,
)

from packstation.ui import style
from packstation.ui.signs import Sign, draw_sign, icon


class Weight(Enum):
    """How much a button asks to be pressed."""

    MAIN = "main"
    """The one thing to do on a page."""
    PLAIN = "plain"
    RAIL = "rail"
    """Navigation on the dark rail."""


class Button(QAbstractButton):
    """A large flat button; takes no focus by mouse, so that scans stay where they are."""

    def __init__(
        self,
        *,
        weight: Weight = Weight.PLAIN,
        sign: Sign | None = None,
        drawing: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button; its text comes with the language.

        Args:
            weight: How it looks.
            sign: Drawn before the text.
            drawing: File in resources/icons, drawn before or above the text.
            parent: Its owner.
        """
        super().__init__(parent)
        self._weight = weight
        self._sign = sign
        self._drawing = drawing
        self._over = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the text and a gloved finger."""
        metrics = self.fontMetrics()
        base = self.font().pixelSize()
        wide = metrics.horizontalAdvance(self.text())
        high = style.px(self, style.TARGET_PX)
        if self._weight is Weight.RAIL:
            return QSize(max(wide + base, 4 * base), round(4.2 * base) if self._drawing else high)
        mark = round(1.6 * base) if self._sign or self._drawing else 0
        return QSize(wide + mark + round(1.4 * base), high)

    def minimumSizeHint(self) -> QSize:
        """Never clip the text."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go dark."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return ground, border and ink."""
        if self._weight is Weight.RAIL:
            if self.isChecked():
                return style.GROUND, style.GROUND, style.TEXT
            ground = style.RAIL.lighter(135) if self._over else style.RAIL
            return ground, ground, style.RAIL_TEXT
        if not self.isEnabled():
            return style.GROUND, style.LINE, style.FADED
        if self._weight is Weight.MAIN:
            ground = style.ACCENT.lighter(112) if self._over else style.ACCENT
            return (ground.darker(120) if self.isDown() else ground), ground, style.SURFACE
        ground = QColor("#f0f4f9") if self._over else style.SURFACE
        if self.isDown() or self.isChecked():
            ground = QColor("#dbe6f4")
        return ground, QColor("#b7c2cf"), style.TEXT

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, sign and text."""
        ground, border, ink = self._colours()
        base = self.font().pixelSize()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = style.ACCENT if self.hasFocus() else border
        painter.setPen(QPen(edge, 3 if self.hasFocus() else 1))
        painter.setBrush(ground)
        radius = base * (0.2 if self._weight is Weight.RAIL else 0.35)
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(ink)
        painter.setFont(self.font())
        if self._weight is Weight.RAIL:
            self._paint_above(painter, ink, base)
            return
        wide = self.fontMetrics().horizontalAdvance(self.text())
        mark = round(1.6 * base) if self._sign or self._drawing else 0
        left = max(base // 2, (self.width() - wide - mark) // 2)
        top = (self.height() - base) / 2
        if self._sign:
            draw_sign(painter, self._sign, QRectF(left, top, base, base), ink)
        elif self._drawing:
            side = round(1.2 * base)
            painter.drawPixmap(left, round(top - 0.1 * base), icon(self._drawing, side, ink.name()))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        text = QRect(left + mark, 0, self.width() - left - mark, self.height())
        painter.drawText(text, int(middle), self.text())

    def _paint_above(self, painter: QPainter, ink: QColor, base: int) -> None:
        side = round(1.7 * base)
        if self._drawing:
            drawing = icon(self._drawing, side, ink.name())
            painter.drawPixmap((self.width() - side) // 2, round(0.7 * base), drawing)
        above = round(2.5 * base) if self._drawing else 0
        under = self.rect().adjusted(0, above, 0, -round(0.3 * base) if above else 0)
        painter.drawText(under, int(Qt.AlignmentFlag.AlignCenter), self.text())


class Label(QLabel):
    """A text of a multiple of the base font."""

    def __init__(
        self,
        factor: float = 1.0,
        *,
        bold: bool = False,
        colour: QColor = style.TEXT,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make an empty label.

        Args:
            factor: Font size in base fonts.
            bold: Heavy or not.
            colour: Of the text.
            wraps: Whether it may take several lines.
            parent: Its owner.
        """
        super().__init__(parent)
        style.sized(self, factor, bold=bold)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.recolour(colour)

    def recolour(self, colour: QColor) -> None:
        """Write in another colour."""
        palette = self.palette()
        palette.setColor(self.foregroundRole(), colour)
        self.setPalette(palette)


class FittedText(QWidget):
    """Large text in a fixed number of lines, which shrinks rather than clips."""

    def __init__(
        self, factor: float, colour: QColor, *, lines: int = 1, parent: QWidget | None = None
    ) -> None:
        """Make an empty text.

        Args:
            factor: Largest font size in base fonts.
            colour: Of the text.
            lines: Lines of the largest font that it has room for.
            parent: Its owner.
        """
        super().__init__(parent)
        self._factor = factor
        self._colour = colour
        self._lines = lines
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return what it says."""
        return self._text

    def setText(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(style.px(self, 200), style.px(self, self._factor * 32 * self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text in the largest font that fits."""
        size = style.px(self, self._factor * style.BASE_PX)
        painter = QPainter(self)
        painter.setPen(self._colour)
        flags = int(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        while True:
            painter.setFont(style.font(size, weight=QFont.Weight.Bold))
            needs = painter.fontMetrics().boundingRect(self.rect(), flags, self._text)
            if size <= 10 or (needs.height() <= self.height() and needs.width() <= self.width()):
                break
            size -= 1
        painter.drawText(self.rect(), flags, self._text)


class Card(QFrame):
    """A white sheet with a fine border, optionally with a coloured edge at the left."""

    def __init__(self, edge: QColor | None = None, parent: QWidget | None = None) -> None:
        """Make an empty card."""
        super().__init__(parent)
        self._edge = edge
        self._ground = style.SURFACE

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.LINE, 1))
        painter.setBrush(self._ground)
        radius = style.px(self, 8)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if self._edge is not None:
            painter.fillRect(
                QRect(0, radius, style.px(self, 8), self.height() - 2 * radius), self._edge
            )
