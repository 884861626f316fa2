"""The list of the orders page: tabs, search, filters, groups, and rows that never end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
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
from packstation.core.orders import CarrierCode, OrderKey, ShopKey, Sku
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name, local_time
from packstation.ui.order_filters import FilterDialog, Without, active
from packstation.ui.order_words import (
    GROUPINGS,
    GROUPS,
    RISK_S,
    SORTS,
    due_words,
    is_open,
    is_stopped,
    marks,
    state_words,
)
from packstation.ui.scan_filter import CodeField
from packstation.ui.shop_colours import ShopLook
from packstation.ui.texts import explain_error

PAGE = 50
"""Rows asked for at a time."""
TYPING_MS = 200
"""Pause after the last key before the list is searched."""


_SHOP, _CARRIER, _NUMBER = 5, 6, 7
"""Columns that go where there is little room."""


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
        self.tabs = {group: Button(parent=self) for group in GROUPS}
        for group, tab in self.tabs.items():
            tab.setCheckable(True)
            style.sized(tab, 0.75)
            tab.clicked.connect(lambda _c=False, group=group: self.show_group(group))
        self._counts: WorkCounts | None = None
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
        self._chips = QHBoxLayout()
        self._chip_row = QWidget(self)
        self._chip_row.setLayout(self._chips)
        self.count = Label(0.85, colour=style.MUTED)
        self.said = Label(0.85, colour=style.MUTED, wraps=True)
        self.model = GridModel[OrderFound](self._columns(), translator)
        self.table = GridTable[OrderFound](self.model, self, several=True, row_px=40)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.group_model = GridModel[OrderGroup](self._group_columns(), translator)
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
        tabs = QHBoxLayout()
        tabs.setSpacing(4)
        for tab in self.tabs.values():
            tabs.addWidget(tab)
        tabs.addStretch(1)
        find = QHBoxLayout()
        find.addWidget(self.search, 1)
        for widget in (self.filter, self.by, self.sort, self.count):
            find.addWidget(widget)
        self._chips.setContentsMargins(0, 0, 0, 0)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.group_table)
        split.addWidget(self._body)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        self._sheet = QVBoxLayout(self)
        self._sheet.addLayout(tabs)
        self._sheet.addLayout(find)
        self._sheet.addWidget(self._chip_row)
        self._sheet.addWidget(self.said)
        self._sheet.addWidget(split, 1)
        self._sheet.addWidget(self.further, alignment=Qt.AlignmentFlag.AlignCenter)

    def _columns(self) -> tuple[Column[OrderFound], ...]:
        said = self._translator

        def ink(row: OrderFound) -> QColor | None:
            if row.due_at is None or not is_open(row):
                return None
            left = (row.due_at - datetime.now(UTC)).total_seconds()
            return style.RED if left < 0 else style.ORANGE if left < RISK_S else None

        return (
            Column(
                _("Order"),
                lambda row: row.order_id,
                212,
                stripe=lambda row: self.look.colour(row.shop),
            ),
            Column(_("Units"), lambda row: str(row.units), 62, right=True),
            Column(_("Due"), lambda row: due_words(row, said), 212, ink=ink),
            Column(
                _("State"),
                lambda row: state_words(row, said),
                200,
                ink=lambda row: style.RED if is_stopped(row) else None,
            ),
            Column(_("Marks"), lambda row: marks(row, said), 0),
            Column(_("Shop"), lambda row: self.look.name(row.shop), 104),
            Column(
                _("Carrier"),
                lambda row: carrier_name(self._backend.carriers, row.carrier, said),
                116,
            ),
            Column(_("Tracking number"), lambda row: row.tracking_number or "", 172),
        )

    def _group_columns(self) -> tuple[Column[OrderGroup], ...]:
        return (
            Column(_("Group"), self._group_name, 0),
            Column(_("Orders"), lambda group: str(group.orders), 84, right=True),
            Column(_("Units"), lambda group: str(group.units), 74, right=True),
        )

    def _group_name(self, group: OrderGroup) -> str:
        if not group.key:
            return self._translator.text("(several or none)")
        match self.by.currentData():
            case GroupBy.CARRIER:
                code = CarrierCode(group.key)
                return carrier_name(self._backend.carriers, code, self._translator)
            case GroupBy.SHOP:
                return self.look.name(ShopKey(group.key))
            case _:
                return group.label

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
            self.window(),
        )
        dialog.chosen.connect(self._ask_for)
        dialog.open()

    def _open_group(self) -> None:
        group = self.group_table.chosen
        if group is None:
            return
        query = self.query
        match self.by.currentData():
            case GroupBy.CARRIER if group.key:
                query = replace(query, carriers=(CarrierCode(group.key),))
            case GroupBy.SHOP:
                query = replace(query, shops=(ShopKey(group.key),))
            case GroupBy.SINGLE_SKU if group.key:
                query = replace(query, single_sku=Sku(group.key))
            case GroupBy.BIN if group.key:
                query = replace(query, bin=group.key)
            case GroupBy.DUE_DAY if group.key:
                first = datetime.fromisoformat(group.key).astimezone()
                end = first.replace(hour=23, minute=59, second=59, microsecond=999999)
                query = replace(query, due_from=first, due_to=end)
            case _:
                return
        self._ask_for(query)

    def _show_chips(self) -> None:
        while self._chips.count():
            item = self._chips.takeAt(0)
            if item.spacerItem() is None:
                item.widget().deleteLater()
        found = active(self.query, self._backend.carriers, self.look, self._translator)
        for words, without in found:
            self._chip(f"{words}  ×", self._taker(without))
        if len(found) > 1:
            self._chip(self._translator.text("Clear all"), self.clear_filters)
        if self._before:
            self._chip(self._translator.text("Back"), self._back)
        self._chips.addStretch(1)
        self._chip_row.setVisible(bool(found))
        style.resize_fonts(self._chip_row, self.window().font().pixelSize())

    def _taker(self, without: Without) -> Callable[[], None]:
        return lambda: self._ask_for(without(self.query))

    def _chip(self, words: str, press: Callable[[], None]) -> None:
        chip = Button(parent=self._chip_row)
        style.sized(chip, 0.75)
        chip.setText(words)
        chip.clicked.connect(lambda _c=False: press())
        self._chips.addWidget(chip)

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
        self.group_table.setVisible(by is not None)
        self.make_room(narrow=len(self.table.all_chosen) == 1)
        if by is not None:
            self._ask_groups(GroupBy(str(by)), asked)

    def _ask_groups(self, by: GroupBy, asked: int) -> None:
        def show(answer: OrderGroups | PackStationError) -> None:
            if asked == self._asked and not isinstance(answer, PackStationError):
                self.group_model.show_rows(answer.groups)

        self._backend.groups(self.query, by, show)

    # What is shown

    def _show_rows(self, answer: OrderRows | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            words = explain_error(answer, self._translator)
            self.say(f"{words.sentence} {words.fix}".strip(), bad=True)
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
        self._counts = answer
        found: dict[Group | None, int] = {
            Group.TO_PACK: answer.to_pack,
            Group.OVERDUE: answer.overdue,
            Group.AT_RISK: answer.at_risk,
            Group.DUE_TODAY: answer.due_today,
            Group.URGED: answer.urged,
            Group.STOPPED: answer.stopped,
            Group.HELD: answer.held,
            Group.PACKED_NOT_HANDED_OVER: answer.packed_not_handed_over,
            Group.UNSYNCED: answer.unsynced,
        }
        always = (Group.TO_PACK, Group.DONE, None, self.query.group)
        for group, tab in self.tabs.items():
            words = self._translator.text(GROUPS[group])
            count = found.get(group)
            tab.setText(words if count is None else f"{words} {count}")
            tab.setVisible(group in always or bool(count))
            tab.setChecked(group == self.query.group)
            tab.updateGeometry()

    def _say_empty(self) -> None:
        said = self._translator
        plain = OrderQuery(group=self.query.group, sort=self.query.sort, limit=self.query.limit)
        if self.query.text:
            self.empty.setText(said.text("No order fits these words."))
        elif self.query != plain:
            self.empty.setText(said.text("No order fits these filters."))
        elif self.query.group is not None:
            self.empty.setText(said.text("There is no such order now."))
        else:
            self.empty.setText(
                said.text("Import your shop's export file.")
                + "\n"
                + said.text("Drag it here; a pair of files together.")
            )

    def make_room(self, *, narrow: bool) -> None:
        """Leave out the columns that the details beside the list tell too."""
        for column in (_SHOP, _CARRIER, _NUMBER):
            one_shop = column == _SHOP and not self.look.several
            grouped = self.by.currentData() is not None
            self.table.setColumnHidden(column, narrow or one_shop or grouped)

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
        for group, tab in self.tabs.items():
            tab.setText(said.text(GROUPS[group]))
            tab.setChecked(group == self.query.group)
        self.group_table.setVisible(self.by.currentData() is not None)
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
        self.group_table.setMinimumWidth(style.px(self, 290))
        self.sort.setMaximumWidth(style.px(self, 190))
        self.by.setMaximumWidth(style.px(self, 180))
