"""Two charts, painted plainly: bars by the hour, and one bar in bands. No library is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from packstation.ui import style

WIDEST_PX = 90
"""Room for one bar at most, in design pixels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    """Below it; empty = none."""
    value: int
    colour: QColor


class BarChart(QWidget):
    """Bars beside each other, each with its number; equal heights mean equal numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty chart."""
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._empty = ""
        style.sized(self, 0.7)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar], empty: str) -> None:
        """Show other bars; ``empty`` is said where all are 0."""
        if (tuple(bars), empty) != (self._bars, self._empty):
            self._bars, self._empty = tuple(bars), empty
            self.setAccessibleDescription(
                ", ".join(f"{bar.label}: {bar.value}" for bar in bars if bar.value) or empty
            )
            self.update()

    def sizeHint(self) -> QSize:
        """Return a width for 24 hours."""
        return QSize(style.px(self, 560), style.px(self, 170))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars from the ground up."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        high = painter.fontMetrics().height()
        ground = self.height() - high - 4.0
        most = max((bar.value for bar in self._bars), default=0)
        if not most:
            painter.setPen(style.MUTED)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect(), flags, self._empty)
            return
        painter.setPen(QPen(style.LINE, 1))
        painter.drawLine(QPointF(0, ground), QPointF(self.width(), ground))
        step = min(self.width() / len(self._bars), style.px(self, WIDEST_PX))
        room = ground - high - 4
        free_from = 0.0
        for place, bar in enumerate(self._bars):
            left = place * step
            tall = room * bar.value / most
            if bar.value:
                tall = max(tall, 3.0)
                body = QRectF(left + step * 0.14, ground - tall, step * 0.72, tall)
                painter.fillRect(body, bar.colour)
                painter.setPen(style.TEXT)
                above = QRectF(left - step, ground - tall - high - 1, 3 * step, high)
                painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), str(bar.value))
            wide = painter.fontMetrics().horizontalAdvance(bar.label) + 8.0
            if bar.label and left + step / 2 - wide / 2 >= free_from:
                painter.setPen(style.MUTED)
                below = QRectF(left + step / 2 - wide / 2, ground + 2, wide, high)
                painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), bar.label)
                free_from = left + step / 2 + wide / 2


class BandBar(QWidget):
    """One bar cut into bands by their share, each with its number where it fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty bar."""
        super().__init__(parent)
        self._bands: tuple[Bar, ...] = ()
        style.sized(self, 0.75)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def bands(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bands

    def show_bands(self, bands: Sequence[Bar]) -> None:
        """Show other bands."""
        if tuple(bands) != self._bands:
            self._bands = tuple(bands)
            self.setAccessibleDescription(", ".join(f"{b.label}: {b.value}" for b in bands))
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(style.px(self, 320), style.px(self, 62))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bands from left to right, their names below."""
        painter = QPainter(self)
        painter.setFont(self.font())
        high = painter.fontMetrics().height()
        tall = self.height() - high - 4.0
        total = sum(band.value for band in self._bands)
        if not total:
            painter.fillRect(QRectF(0, 0, self.width(), tall), style.LINE)
            return
        left = 0.0
        for band in self._bands:
            wide = self.width() * band.value / total
            body = QRectF(left, 0, wide, tall)
            painter.fillRect(body, band.colour)
            for text, place, ink in (
                (str(band.value), body, style.ink_on(band.colour)),
                (band.label, QRectF(left, tall + 2, wide, high), style.MUTED),
            ):
                if painter.fontMetrics().horizontalAdvance(text) + 4 <= wide:
                    painter.setPen(ink)
                    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
            left += wide
