"""Controls that every page shares: buttons, labels, cards, pictures and barcodes on screen."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QSizePolicy,
    QWidget,
)

from packstation.printing.barcodes import modules
from packstation.printing.document import Symbology
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


def draw_code(painter: QPainter, box: QRect, code: str, module: int) -> None:
    """Draw a Code 128 with its text below, never scaled.

    Args:
        painter: Of the widget.
        box: Painted white.
        code: What the scanner types.
        module: Width of the finest bar in pixels.
    """
    pattern = modules(Symbology.CODE128, code)
    painter.fillRect(box, Qt.GlobalColor.white)
    left = box.left() + (box.width() - pattern.across * module) // 2
    text_high = 12 * module
    top, high = box.top() + 3 * module, box.height() - text_high - 4 * module
    for index, dark in enumerate(pattern.dark[0]):
        if dark:
            painter.fillRect(left + index * module, top, module, high, Qt.GlobalColor.black)
    painter.setPen(Qt.GlobalColor.black)
    painter.setFont(style.font(8 * module))
    below = QRect(box.left(), box.bottom() - text_high, box.width(), text_high)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), code)


class BarcodePicture(QWidget):
    """A Code 128 that a scanner reads from the screen, with its caption below."""

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        """Make the picture of a code."""
        super().__init__(parent)
        self._code = code
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _module(self) -> int:
        return max(2, style.px(self, 2))

    def sizeHint(self) -> QSize:
        """Whole pixels a module, quiet zones included."""
        across = modules(Symbology.CODE128, self._code).across_with_quiet
        return QSize(across * self._module(), style.px(self, 92))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint black bars on white, never scaled."""
        painter = QPainter(self)
        draw_code(painter, self.rect(), self._code, self._module())


class Picture(QWidget):
    """A PNG fitted into the room there is, with a fine border, or a text where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty picture."""
        super().__init__(parent)
        self._whole = QPixmap()
        self._fitted = QPixmap()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """Keep it recognisable."""
        return QSize(style.px(self, 160), style.px(self, 120))

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(style.px(self, 280), style.px(self, 380))

    @property
    def empty(self) -> bool:
        """Whether there is no picture."""
        return self._whole.isNull()

    @property
    def whole_height(self) -> int:
        """Height at which every dot of the picture is a dot of the screen."""
        return round(self._whole.height() / self.devicePixelRatioF())

    def show_png(self, data: bytes) -> None:
        """Show a picture."""
        whole = QPixmap()
        whole.loadFromData(data)
        self._whole, self._fitted, self._text = whole, QPixmap(), ""
        self.update()

    def show_text(self, text: str) -> None:
        """Show a text instead of a picture; forgets the picture."""
        self._whole, self._fitted, self._text = QPixmap(), QPixmap(), text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the fitted picture, scaled once per size."""
        painter = QPainter(self)
        if self._whole.isNull():
            painter.setPen(style.MUTED)
            painter.setFont(self.font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self._text)
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() - QSize(2, 2)) * ratio
        wanted = self._whole.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if self._fitted.size() != wanted:
            self._fitted = self._whole.scaled(
                wanted,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._fitted.setDevicePixelRatio(ratio)
        size = QSize(round(wanted.width() / ratio), round(wanted.height() / ratio))
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawPixmap(left, top, self._fitted)
        painter.setPen(style.LINE)
        painter.drawRect(left, top, size.width() - 1, size.height() - 1)
