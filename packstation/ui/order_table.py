"""The lines of the open order as a model and the table that shows it.

A scan changes the counts of one or two rows and tells only that (dataChanged): a table that is
rebuilt per scan is slow, and PySide6 has crashed on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from packstation.core.orders import LineKey, Order, OrderLine
from packstation.core.verification import VerificationSession
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.flat_header import FlatHeader
from packstation.ui.signs import LineState, draw_line_state

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
"""The LineRow of a row."""
STATE, BIN, TITLE, SKU, COUNT = range(5)
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as it is shown."""

    line: OrderLine
    scanned: int
    touched: bool = False

    @property
    def state(self) -> LineState:
        """How far it is."""
        if self.scanned >= self.line.quantity:
            return LineState.DONE
        return LineState.BEGUN if self.scanned else LineState.WAITING


def counted(session: VerificationSession) -> dict[LineKey, int]:
    """Return the units scanned of each line, in one pass over the history."""
    counts: dict[LineKey, int] = {}
    for step in session.history:
        for key, units in step.units:
            counts[key] = counts.get(key, 0) + units
    return counts


class LineModel(QAbstractTableModel):
    """The lines of one order; reset only when another order is opened."""

    def __init__(self, translator: Translator) -> None:
        """Make an empty model."""
        super().__init__()
        self._translator = translator
        self._order: Order | None = None
        self._rows: list[LineRow] = []
        self._touched = -1

    @property
    def rows(self) -> tuple[LineRow, ...]:
        """What is shown."""
        return tuple(self._rows)

    @property
    def touched(self) -> int:
        """Row that the last scan was about; -1 = none."""
        return self._touched

    @property
    def next_row(self) -> LineRow | None:
        """The line to take next: the one begun, else the first that is not done."""
        begun = [row for row in self._rows if row.state is LineState.BEGUN]
        return next(iter(begun or [r for r in self._rows if r.state is LineState.WAITING]), None)

    def show_session(self, session: VerificationSession) -> None:
        """Show an open order; the line whose count has changed is the touched one."""
        counts = counted(session)
        if self._order is not session.order:
            same = self._order is not None and self._order.lines == session.order.lines
            self._order = session.order
            if not same:
                self.beginResetModel()
                self._rows = [
                    LineRow(line, counts.get(line.line_key, 0)) for line in session.order.lines
                ]
                self._touched = -1
                self.endResetModel()
                return
        changed = [
            index
            for index, row in enumerate(self._rows)
            if row.scanned != counts.get(row.line.line_key, 0)
        ]
        touched = changed[-1] if changed else self._touched
        self._update({*changed, touched, self._touched}, touched, counts)

    def point_at(self, sku: str | None) -> None:
        """Point at the line that an answer was about; at none when it was about no line."""
        if self._touched >= 0 and sku is not None and self._names(self._touched, sku):
            return
        named = [index for index in range(len(self._rows)) if sku and self._names(index, sku)]
        touched = named[-1] if named else -1
        counts = {row.line.line_key: row.scanned for row in self._rows}
        self._update({touched, self._touched}, touched, counts)

    def _names(self, index: int, sku: str) -> bool:
        return sku in (self._rows[index].line.sku, self._rows[index].line.barcode)

    def _update(self, stale: set[int], touched: int, counts: dict[LineKey, int]) -> None:
        self._touched = touched
        for index in sorted(stale - {-1}):
            line = self._rows[index].line
            row = LineRow(line, counts.get(line.line_key, 0), index == touched)
            if row != self._rows[index]:
                self._rows[index] = row
                self.dataChanged.emit(self.index(index, 0), self.index(index, COUNT), [ROW_ROLE])

    def clear(self) -> None:
        """Forget the order; called when the table is out of sight."""
        if self._order is not None:
            self.beginResetModel()
            self._order, self._rows, self._touched = None, [], -1
            self.endResetModel()

    def retranslate(self) -> None:
        """Say the headings in the language that is set now."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, COUNT)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Lines of the order."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """State, bin, title, SKU, count."""
        return 0 if parent.isValid() else COUNT + 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text for readers of the screen, and the row for the delegate."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        line = row.line
        return {
            BIN: line.bin or "",
            TITLE: f"{line.title} {line.spec or ''}".strip(),
            SKU: line.sku or line.barcode or "",
            COUNT: f"{row.scanned} / {line.quantity}",
        }.get(index.column(), "")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == COUNT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (
            "",
            self._translator.text("Bin"),
            self._translator.text("Goods"),
            self._translator.text("SKU"),
            self._translator.text("Scanned"),
        )[section]


class LineDelegate(QStyledItemDelegate):
    """Paints one cell: title above specification, large counts, done lines faded."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Two lines of text high."""
        return QSize(40, 60)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a cell."""
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        widget: QWidget = option.widget  # type: ignore[attr-defined]
        base = widget.font().pixelSize()
        gap = base // 2
        done = row.state is LineState.DONE
        ink = style.FADED if done and not row.touched else style.TEXT
        ground = style.TOUCHED if row.touched else style.SURFACE
        painter.fillRect(rect, ground)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), style.LINE)
        column, line = index.column(), row.line
        if column == STATE:
            if row.touched:
                painter.fillRect(
                    QRect(rect.left(), rect.top(), base // 4, rect.height()), style.AMBER
                )
            side = base * 1.2
            centre = rect.center()
            box = QRectF(centre.x() - side / 2 + 1, centre.y() - side / 2, side, side)
            draw_line_state(painter, row.state, box)
            return
        inner = rect.adjusted(gap if column != COUNT else 0, 0, -gap, 0)
        if column == TITLE:
            self._title(painter, inner, base, ink, line)
        elif column == BIN:
            self._one(painter, inner, line.bin or "—", base * 1.15, ink, bold=True)
        elif column == SKU:
            self._one(painter, inner, line.sku or line.barcode or "—", base * 0.82, ink)
        elif column == COUNT:
            count = f"{row.scanned} / {line.quantity}"
            colour = style.GREEN if done else ink
            self._one(painter, inner, count, base * 1.35, colour, bold=True, right=True)

    def _one(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        size: float,
        ink: QColor,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        made = style.fitted(text, size, box.width(), least=size * 0.6, bold=bold)
        painter.setFont(made)
        painter.setPen(ink)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        short = QFontMetrics(made).elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), short)

    def _title(
        self, painter: QPainter, box: QRect, base: int, ink: QColor, line: OrderLine
    ) -> None:
        spec = " · ".join(part for part in (line.spec, line.bundle_info) if part)
        upper = QRect(
            box.left(), box.top(), box.width(), box.height() * (56 if spec else 100) // 100
        )
        title = style.font(base * 0.95)
        painter.setFont(title)
        painter.setPen(ink)
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        short = QFontMetrics(title).elidedText(line.title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(upper, middle, short)
        if spec:
            lower = QRect(box.left(), upper.bottom(), box.width(), box.bottom() - upper.bottom())
            small = style.font(base * 0.78)
            painter.setFont(small)
            painter.setPen(style.FADED if ink is style.FADED else style.MUTED)
            short = QFontMetrics(small).elidedText(spec, Qt.TextElideMode.ElideRight, box.width())
            top = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            painter.drawText(lower, top, short)


class LineTable(QTableView):
    """The order's lines; takes no focus, keeps the touched line in sight."""

    def __init__(self, model: LineModel, parent: QWidget | None = None) -> None:
        """Make a table over a model."""
        super().__init__(parent)
        self._lines = model
        self.setModel(model)
        self.setItemDelegate(LineDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = FlatHeader(self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        style.sized(self, 1.0)
        self.setMinimumHeight(60)
        self.rescale()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        self.verticalHeader().setDefaultSectionSize(style.px(self, 58))
        for column, wide in ((STATE, 52), (BIN, 110), (SKU, 190), (COUNT, 130)):
            self.setColumnWidth(column, style.px(self, wide))

    def follow(self) -> None:
        """Bring the touched line into sight."""
        if self._lines.touched >= 0:
            self.scrollTo(self._lines.index(self._lines.touched, 0))
