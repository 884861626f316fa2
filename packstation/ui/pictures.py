"""Pictures on screen: barcodes that a scanner reads from it, labels and receipts as printed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from packstation.printing.barcodes import modules
from packstation.printing.document import Symbology
from packstation.ui import style


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
        left, top = (self.width() - size.width()) // 2, 0
        painter.drawPixmap(left, top, self._fitted)
        painter.setPen(style.LINE)
        painter.drawRect(left, top, size.width() - 1, size.height() - 1)
