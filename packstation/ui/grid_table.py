"""Plain tables of rows that change as a whole: orders, refused rows, print jobs, manifests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.flat_header import FlatHeader

R = TypeVar("R")
AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column."""

    heading: str
    """English; translated when it is shown."""
    text: Callable[[R], str]
    width: int
    """In design pixels; 0 = takes what is left."""
    right: bool = False
    ink: Callable[[R], QColor | None] = lambda _row: None
    stripe: Callable[[R], QColor | None] = lambda _row: None
    """Colour of a bar at the cell's left edge; words beside it must say the same."""


STRIPE_ROLE = Qt.ItemDataRole.UserRole + 1


class GridModel(QAbstractTableModel, Generic[R]):
    """Rows of one kind; a new answer replaces them all."""

    def __init__(self, columns: Sequence[Column[R]], translator: Translator) -> None:
        """Make an empty model."""
        super().__init__()
        self._columns = tuple(columns)
        self._translator = translator
        self._rows: tuple[R, ...] = ()
        self.more: Callable[[], None] | None = None
        """Asks for the rows after these; None = there are none."""

    @property
    def columns(self) -> tuple[Column[R], ...]:
        """What is shown of a row."""
        return self._columns

    @property
    def rows(self) -> tuple[R, ...]:
        """What is shown."""
        return self._rows

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns; the rows go."""
        self.beginResetModel()
        self._columns, self._rows = tuple(columns), ()
        self.endResetModel()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show other rows; nothing happens when they are equal."""
        if tuple(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[R]) -> None:
        """Show more rows below; what is chosen stays chosen."""
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows = (*self._rows, *rows)
            self.endInsertRows()

    def replace_rows(self, rows: Sequence[R]) -> None:
        """Show as many rows as before with other words; choice and place stay."""
        assert len(rows) == len(self._rows), "the same rows, read again"
        if tuple(rows) != self._rows:
            self._rows = tuple(rows)
            last = self.index(len(rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def canFetchMore(self, parent: AnyIndex) -> bool:
        """Tell the view whether scrolling down brings more rows."""
        return not parent.isValid() and self.more is not None

    def fetchMore(self, parent: AnyIndex) -> None:
        """Ask for the rows after these, once."""
        ask, self.more = self.more, None
        if ask is not None:
            ask()

    def retranslate(self) -> None:
        """Say words and headings in the language that is set now."""
        last = len(self._columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, last))

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, side and colour of a cell."""
        column, row = self._columns[index.column()], self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(right=column.right)
        if role == Qt.ItemDataRole.ForegroundRole:
            return column.ink(row)
        if role == STRIPE_ROLE:
            return column.stripe(row)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._translator.text(column.heading)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(right=column.right)
        return None


def _side(*, right: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class GridDelegate(QStyledItemDelegate):
    """Paints a cell as far from its edge as the heading is; wraps where rows are tall."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a cell."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        table: QWidget = option.widget  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = style.CHOSEN if chosen else style.STRIPE if index.row() % 2 else style.SURFACE
        painter.fillRect(rect, ground)
        stripe = index.data(STRIPE_ROLE)
        if stripe is not None:
            painter.fillRect(rect.left(), rect.top(), style.px(table, 7), rect.height(), stripe)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        side: Qt.AlignmentFlag = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole) or style.TEXT)
        painter.setFont(table.font())
        metrics, gap = painter.fontMetrics(), style.px(table, 11)
        room = rect.adjusted(gap, 0, -gap if side & Qt.AlignmentFlag.AlignRight else 0, 0)
        wide = metrics.horizontalAdvance(words)
        if rect.height() >= 2 * metrics.height() and wide > room.width():
            wraps = int(side | Qt.TextFlag.TextWordWrap)
            if metrics.boundingRect(room, wraps, words).height() > room.height():
                painter.setFont(style.font(table.font().pixelSize() * 0.78))
            painter.drawText(room, wraps, words)
            return
        short = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(side), short)


class GridTable(QTableView, Generic[R]):
    """A read-only table; one row can be chosen, the keyboard stays with the scanner."""

    def __init__(
        self,
        model: GridModel[R],
        parent: QWidget | None = None,
        *,
        row_px: int = 44,
        several: bool = False,
    ) -> None:
        """Make a table over a model.

        Args:
            model: What to show.
            parent: Its owner.
            row_px: Height of a row in design pixels; from two lines on long texts wrap.
            several: Whether more than one row may be chosen, with Ctrl and Shift.
        """
        super().__init__(parent)
        self._grid = model
        self._row_px = row_px
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = FlatHeader(self)
        self.setHorizontalHeader(header)
        for index, column in enumerate(model.columns):
            if not column.width:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
        style.sized(self, 0.85)
        self.rescale()

    @property
    def chosen(self) -> R | None:
        """The row that is chosen."""
        row = self.currentIndex().row()
        selected = self.selectionModel().hasSelection()
        return self._grid.rows[row] if selected and 0 <= row < len(self._grid.rows) else None

    @property
    def all_chosen(self) -> tuple[R, ...]:
        """Every row that is chosen, from the top."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self._grid.rows[place] for place in places)

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns; the rows go."""
        self._grid.show_columns(columns)
        self.rescale()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        self.verticalHeader().setDefaultSectionSize(style.px(self, self._row_px))
        for index, column in enumerate(self._grid.columns):
            if column.width:
                self.setColumnWidth(index, style.px(self, column.width))
