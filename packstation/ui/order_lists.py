"""The list of the orders page: tabs, search, filters, groups, and rows that never end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from packstation.core.order_query import (
    Group,
    GroupBy,
    OrderFound,
    OrderGroup,
    OrderGroups,
    OrderQuery,
    OrderRows,
    SortBy,
)
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.filter_chips import FilterChips
from packstation.ui.grid_table import GridModel, GridTable
from packstation.ui.names import local_time
from packstation.ui.order_columns import (
    CARRIER,
    MARKS,
    NUMBER,
    SHOP,
    STATE,
    UNITS,
    group_columns,
    group_name,
    order_columns,
    within,
)
from packstation.ui.order_filters import FilterDialog
from packstation.ui.order_tabs import GroupTabs
from packstation.ui.order_words import GROUPINGS, SORTS, empty_words
from packstation.ui.scan_filter import CodeField
from packstation.ui.shop_colours import ShopLook
from packstation.ui.texts import explain_error

PAGE = 50
"""Rows asked for at a time."""
SMALL_PX = 1200
"""A window that is narrower has no room for tabs beside the details of an order."""
TYPING_MS = 200
"""Pause after the last key before the list is searched."""


class OrderLists(Card):
    """Asks for one page of rows at a time; a late answer to an older question is dropped."""

    chosen = Signal()
    """Other rows are chosen."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make an empty list of what is to be packed."""
        super().__init__(parent=parent)
        self._translator, self._backend = translator, backend
        self.look = ShopLook()
        self.shops: tuple[ShopKey, ...] = ()
        self.query = OrderQuery(limit=PAGE)
        self._before: list[OrderQuery] = []
        self._asked = 0
        self.answered = False
        self.tabs = GroupTabs(translator, self)
        self.tabs.wanted.connect(self.show_group)
        self.search = CodeField(self)
        self.search.setClearButtonEnabled(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.filter = Button(parent=self)
        self.filter.clicked.connect(self._open_filters)
        self.by, self.sort = QComboBox(self), QComboBox(self)
        for box in (self.by, self.sort):
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.by.activated.connect(lambda _index: self.refresh())
        self.sort.activated.connect(lambda _index: self._sort())
        self.chips = FilterChips(translator, backend, self)
        self.chips.wanted.connect(self._ask_for)
        self.chips.clear.connect(self.clear_filters)
        self.chips.back.connect(self._back)
        self.count = Label(0.85, colour=style.MUTED)
        self.said = Label(0.85, colour=style.MUTED, wraps=True)
        self.said.hide()
        self.cut = Label(0.75, colour=style.MUTED, wraps=True)
        self.model = GridModel[OrderFound](
            order_columns(translator, backend, lambda: self.look), translator
        )
        self.table = GridTable[OrderFound](self.model, self, several=True, row_px=40)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.group_model = GridModel[OrderGroup](
            group_columns(
                lambda group: group_name(
                    group, self.by.currentData(), self.look, backend.carriers, translator
                )
            ),
            translator,
        )
        self.group_table = GridTable[OrderGroup](self.group_model, self, row_px=38)
        for table in (self.table, self.group_table):
            style.sized(table, 0.75)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.group_table.clicked.connect(lambda _index: self._open_group())
        self.empty = Label(1.4, bold=True, colour=style.MUTED, wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.further = Button(weight=Weight.PLAIN, parent=self)
        self.further.clicked.connect(lambda: self.model.fetchMore(self.table.rootIndex()))
        self.further.hide()
        self._body = QStackedWidget(self)
        self._body.addWidget(self.empty)
        self._body.addWidget(self.table)
        self._lay_out()
        self.retranslate()
        self.rescale()

    def _lay_out(self) -> None:
        find = QHBoxLayout()
        find.addWidget(self.search, 1)
        for widget in (self.filter, self.by, self.sort, self.count):
            find.addWidget(widget)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        self._grouped = QWidget(split)
        beside = QVBoxLayout(self._grouped)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.group_table, 1)
        beside.addWidget(self.cut)
        self.cut.hide()
        split.addWidget(self._grouped)
        split.addWidget(self._body)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        self._sheet = QVBoxLayout(self)
        self._sheet.addWidget(self.tabs)
        self._sheet.addLayout(find)
        self._sheet.addWidget(self.chips)
        self._sheet.addWidget(self.said)
        self._sheet.addWidget(split, 1)
        self._sheet.addWidget(self.further, alignment=Qt.AlignmentFlag.AlignCenter)

    # What is asked

    def show_group(self, group: Group | None) -> None:
        """Show one of the lists; search and filters stay."""
        self._ask_for(replace(self.query, group=group))

    def start_over(self, group: Group | None) -> None:
        """Show a list without the filters and words of before."""
        self._ask_for(OrderQuery(group=group, sort=self.query.sort, limit=PAGE))

    def _search(self) -> None:
        self._ask_for(replace(self.query, text=self.search.text().strip()))

    def _sort(self) -> None:
        self._ask_for(replace(self.query, sort=SortBy(str(self.sort.currentData()))))

    def _ask_for(self, query: OrderQuery) -> None:
        query = replace(query, after=None)
        if query != self.query:
            self._before.append(self.query)
            del self._before[:-20]
            self.query = query
            self.table.scrollToTop()
        self._show_chips()
        self.refresh()

    def _back(self) -> None:
        if self._before:
            self.query = self._before.pop()
            self.search.blockSignals(True)
            self.search.setText(self.query.text)
            self.search.blockSignals(False)
            self._show_chips()
            self.refresh()

    def _open_filters(self) -> None:
        dialog = FilterDialog(
            self.query,
            self._backend.carriers,
            self.shops,
            self.look,
            self._translator,
            self._backend.zone,
            self.window(),
        )
        dialog.chosen.connect(self._ask_for)
        dialog.open()

    def _open_group(self) -> None:
        group, by = self.group_table.chosen, self.by.currentData()
        found = within(self.query, GroupBy(str(by)), group, self._backend.zone) if group else None
        if found is not None:
            self._ask_for(found)

    def _show_chips(self) -> None:
        self.chips.show_query(self.query, self.look, back=bool(self._before))

    def clear_filters(self) -> None:
        """Take every filter away; list, words and order stay."""
        kept = self.query
        self._ask_for(OrderQuery(text=kept.text, group=kept.group, sort=kept.sort, limit=PAGE))

    def refresh(self) -> None:
        """Ask for the list, its groups and the counts again."""
        self._asked += 1
        asked = self._asked

        def show(answer: OrderRows | PackStationError) -> None:
            if asked == self._asked:
                self._show_rows(answer)

        rows = len(self.model.rows) if self.query.after is None else 0
        wanted = min(5000, max(PAGE, rows))
        self._backend.find(replace(self.query, limit=wanted), show)
        self._backend.work_counts(self._show_counts)
        by = self.by.currentData()
        self._grouped.setVisible(by is not None)
        self.make_room(narrow=len(self.table.all_chosen) == 1)
        if by is not None:
            self._ask_groups(GroupBy(str(by)), asked)

    def _ask_groups(self, by: GroupBy, asked: int) -> None:
        def show(answer: OrderGroups | PackStationError) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, PackStationError):
                self._fail(answer)
                return
            self.group_model.show_rows(answer.groups)
            self.cut.setText(
                self._translator.plural(
                    "Only the newest {count} order is put together. Filter to see the others.",
                    "Only the newest {count} orders are put together. Filter to see the others.",
                    answer.orders,
                )
            )
            self.cut.setVisible(answer.cut)

        self._backend.groups(self.query, by, show)

    # What is shown

    def _show_rows(self, answer: OrderRows | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._fail(answer)
            return
        self.answered = True
        keys = [row.key for row in answer.rows]
        if keys == [row.key for row in self.model.rows]:
            if answer.rows:
                self.model.replace_rows(answer.rows)
        else:
            chosen = {row.key for row in self.table.all_chosen}
            place = self.table.verticalScrollBar().value()
            self.model.show_rows(answer.rows)
            self._choose(keys, chosen)
            self.table.verticalScrollBar().setValue(place)
        self._show_end(answer)
        self._body.setCurrentWidget(self.table if answer.rows else self.empty)
        self._say_empty()
        self.chosen.emit()

    def _fail(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self.say(f"{words.sentence} {words.fix}".strip(), bad=True)

    def _choose(self, keys: Sequence[OrderKey], chosen: set[OrderKey]) -> None:
        if not chosen:
            return
        selection = self.table.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for place, key in enumerate(keys):
            if key in chosen:
                selection.select(self.model.index(place, 0), flags)

    def _show_end(self, answer: OrderRows) -> None:
        """Tell how many there are, and let the list go on."""
        said, shown = self._translator, len(self.model.rows)
        if answer.total is not None and answer.total == shown:
            words = said.plural("{count} order", "{count} orders", shown)
        elif answer.total is not None:
            words = said.text("{shown} of {total} orders", shown=shown, total=answer.total)
        elif answer.cursor is not None:
            words = said.text("more than {count} orders", count=max(shown, answer.at_least))
        else:
            words = said.plural("{count} order", "{count} orders", shown)
        self.count.setText(words)
        cursor = answer.cursor
        self.model.more = (lambda: self._more(cursor)) if cursor is not None else None
        bounded = cursor is not None and answer.searched_to is not None
        self.further.setVisible(bounded)
        if bounded and answer.searched_to is not None:
            back = local_time(answer.searched_to)
            self.further.setText(said.text("Looked back to {time} – look further", time=back))
            self.further.updateGeometry()

    def _more(self, cursor: str) -> None:
        asked = self._asked

        def show(answer: OrderRows | PackStationError) -> None:
            if asked != self._asked or isinstance(answer, PackStationError):
                return
            known = {row.key for row in self.model.rows}
            self.model.add_rows([row for row in answer.rows if row.key not in known])
            self._body.setCurrentWidget(self.table if self.model.rows else self.empty)
            self._show_end(answer)

        self._backend.find(replace(self.query, after=cursor, limit=PAGE), show)

    def _show_counts(self, answer: WorkCounts | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            return
        self.tabs.show_counts(answer, self.query.group)

    def _say_empty(self) -> None:
        self.empty.setText(empty_words(self.query, self._translator))

    def make_room(self, *, narrow: bool) -> None:
        """Leave out the columns that the details beside the list tell too."""
        grouped = self.by.currentData() is not None
        for column in (SHOP, CARRIER, NUMBER):
            one_shop = column == SHOP and not self.look.several
            self.table.setColumnHidden(column, narrow or one_shop or grouped)
        small = self.window().width() < SMALL_PX
        self.tabs.setVisible(not (narrow and small))  # cut words help nobody
        tight = narrow and (grouped or small)
        for column in (UNITS, MARKS):
            self.table.setColumnHidden(column, tight)
        modes, header = QHeaderView.ResizeMode, self.table.horizontalHeader()
        header.setSectionResizeMode(STATE, modes.Stretch if tight else modes.Interactive)
        self.group_table.setColumnHidden(2, tight)
        self._grouped.setMinimumWidth(style.px(self, 220 if tight else 290))
        if not tight:
            self.table.rescale()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say what came of an action."""
        self.said.recolour(style.RED if bad else style.MUTED)
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        said = self._translator
        self.search.setPlaceholderText(
            said.text("Order, last digits, tracking number, buyer, SKU or product")
        )
        self.filter.setText(said.text("Filters"))
        for box, words in (
            (self.by, {key: said.text(text) for key, text in GROUPINGS.items()}),
            (self.sort, {key: said.text(text) for key, text in SORTS.items()}),
        ):
            place = max(0, box.currentIndex())
            box.clear()
            for data, text in words.items():
                box.addItem(text, data)
            box.setCurrentIndex(place)
        self.tabs.show_counts(None, self.query.group)
        self._grouped.setVisible(self.by.currentData() is not None)
        self.model.retranslate()
        self.group_model.retranslate()
        self._show_chips()
        self._say_empty()
        self.say("")

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 10)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._sheet.setSpacing(margin // 2)
        for field in (self.search, self.filter, self.by, self.sort):
            field.setMinimumHeight(style.px(self, 44))
        self.table.rescale()
        self.group_table.rescale()
        self.sort.setMaximumWidth(style.px(self, 190))
        self.by.setMaximumWidth(style.px(self, 180))
