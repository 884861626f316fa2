"""The head of a table: flat, quiet, its words over the words of the cells."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from packstation.ui import style


class FlatHeader(QHeaderView):
    """Paints headings itself; cannot be clicked."""

    def __init__(self, parent: QWidget) -> None:
        """Make a horizontal header."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        style.sized(self, 0.75)

    def sizeHint(self) -> QSize:
        """One line high."""
        return QSize(super().sizeHint().width(), style.px(self, 32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one heading."""
        model = self.model()
        across = Qt.Orientation.Horizontal
        words = model.headerData(section, across, Qt.ItemDataRole.DisplayRole)
        side = model.headerData(section, across, Qt.ItemDataRole.TextAlignmentRole)
        painter.fillRect(rect, style.SURFACE)
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), style.LINE)
        gap = style.px(self, 11)
        painter.setPen(style.MUTED)
        room = rect.adjusted(gap, 0, -gap, 0)
        made = style.fitted(str(words or ""), self.font().pixelSize(), room.width(), least=9)
        painter.setFont(made)
        painter.drawText(room, int(side), str(words or ""))
