"""The orders page: files in, the list of orders, what is done with them, files out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.imports import MAIN_SHOP
from packstation.core.order_query import Group, OrderFound
from packstation.core.orders import OrderKey, ShopKey
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend, Shop
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.import_panel import ImportPanel
from packstation.ui.numbers_dialog import NumbersDialog
from packstation.ui.order_actions import OrderActions
from packstation.ui.order_details import OrderDetailsPanel
from packstation.ui.order_files import OrderFiles
from packstation.ui.order_lists import OrderLists
from packstation.ui.paper_actions import PaperActions
from packstation.ui.shop_colours import ShopLook


class OrdersPage(QWidget):
    """Takes files by button and by drag and drop."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with an empty list."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self.setAcceptDrops(True)
        self.load = Button(weight=Weight.MAIN, drawing="folder", parent=self)
        self.numbers = Button(parent=self)
        self.out = Button(parent=self)
        self.labels = Button(parent=self)
        self.shop = QComboBox(self)
        self.shop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.shop.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.suggested = Button(parent=self)
        self.suggested.hide()
        self.stopped = Button(parent=self)
        self.stopped.hide()
        tops = (self.load, self.numbers, self.out, self.labels, self.stopped, self.suggested)
        for button in tops:
            style.sized(button, 0.8)
        style.sized(self.shop, 0.8)
        self.lists = OrderLists(translator, backend, self)
        self.model, self.table = self.lists.model, self.lists.table
        self.search = self.lists.search
        self.details = OrderDetailsPanel(translator, self)
        self.report = ImportPanel(translator, backend, self)
        self.actions_of = OrderActions(
            self, translator, backend, lambda text, bad: self.lists.say(text, bad=bad), self.refresh
        )
        self.files = OrderFiles(
            self, translator, backend, lambda text, bad: self.lists.say(text, bad=bad)
        )
        self.paper = PaperActions(
            self, translator, backend, lambda text, bad: self.lists.say(text, bad=bad), self.refresh
        )
        self._batch = QWidget(self)
        self._chosen = Label(0.85, bold=True)
        self.print = Button(weight=Weight.MAIN, parent=self._batch)
        self.pick = Button(parent=self._batch)
        self.wave = Button(parent=self._batch)
        self.merge = Button(parent=self._batch)
        self.hold = Button(parent=self._batch)
        self.release = Button(parent=self._batch)
        self.every = Button(parent=self._batch)
        self._connect()
        self._lay_out()
        self.rescale()
        self.retranslate()

    def _connect(self) -> None:
        self.load.clicked.connect(lambda: self.files.choose_import(self.import_files))
        self.numbers.clicked.connect(self._open_numbers)
        self.out.clicked.connect(lambda: self.files.choose(self._shop, self.lists.query))
        self.suggested.clicked.connect(lambda: self.files.show_suggestions(self._merge_many))
        self.report.ended.connect(self.refresh)
        self.lists.chosen.connect(self._follow)
        self.details.wanted.connect(self._want)
        self.stopped.clicked.connect(lambda: self.paper.print_labels(()))
        self.labels.clicked.connect(lambda: self.paper.files(self._shop))
        self.print.clicked.connect(lambda: self.paper.print_labels(self._keys()))
        self.pick.clicked.connect(lambda: self.files.pick_list(self._keys()))
        self.wave.clicked.connect(lambda: self.files.wave(self._keys(), self.refresh))
        self.merge.clicked.connect(lambda: self.actions_of.merge(self._keys()))
        self.hold.clicked.connect(lambda: self.actions_of.hold(self._keys()))
        self.release.clicked.connect(lambda: self.actions_of.release(self._keys()))
        self.every.clicked.connect(self.table.selectAll)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.load, self.shop, self.numbers, self.out, self.labels):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self.stopped)
        buttons.addWidget(self.suggested)
        batch = QHBoxLayout(self._batch)
        batch.setContentsMargins(0, 0, 0, 0)
        batch.addWidget(self._chosen)
        batch.addWidget(self.every)
        batch.addStretch(1)
        actions = (self.print, self.pick, self.wave, self.merge, self.hold, self.release)
        for button in actions:
            batch.addWidget(button)
        for button in (self.every, *actions):
            style.sized(button, 0.8)
        body = QHBoxLayout()
        body.addWidget(self.lists, 1)
        body.addWidget(self.details)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addLayout(buttons)
        self._outer.addWidget(self.report, 1)
        self._outer.addLayout(body, 3)
        self._outer.addWidget(self._batch)

    @property
    def _shop(self) -> ShopKey:
        key = self.shop.currentData()
        return ShopKey(str(key)) if key else MAIN_SHOP

    def _want(self, word: str, row: OrderFound) -> None:
        if not self.paper.one(word, row):
            self.actions_of.one(word, row, self.details.details)

    def _keys(self) -> tuple[OrderKey, ...]:
        return tuple(row.key for row in self.table.all_chosen)

    def show_shops(self, shops: tuple[Shop, ...]) -> None:
        """Learn the shops; with one there is nothing to choose."""
        self.lists.look = ShopLook(shops)
        self.lists.shops = tuple(shop.key for shop in shops)
        chosen = self.shop.currentData()
        self.shop.clear()
        for shop in shops:
            self.shop.addItem(shop.name, shop.key)
        self.shop.setCurrentIndex(max(0, self.shop.findData(chosen)))
        self.lists.make_room(narrow=self.details.row is not None)
        self.shop.setVisible(len(shops) > 1)
        self.model.retranslate()

    def show_group(self, group: Group) -> None:
        """Show one of the lists, without filters and words of before."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.lists.start_over(group)

    def refresh(self) -> None:
        """Ask for the list again, and whether orders may travel together."""
        self.lists.refresh()
        self.files.ask_suggestions(None, self._suggest)
        self.paper.ask_stopped(self.stopped.setVisible)

    def _suggest(self, groups: int, orders: int) -> None:
        self.suggested.setVisible(groups > 0)
        self.suggested.setText(
            self._translator.plural(
                "{orders} orders of {count} recipient can travel together",
                "{orders} orders of {count} recipients can travel together",
                groups,
                orders=orders,
            )
        )
        self.suggested.updateGeometry()

    def _merge_many(self, groups: Sequence[Sequence[OrderKey]]) -> None:
        self.actions_of.merge_groups(groups)

    def _follow(self) -> None:
        """Offer what may be done with the rows that are chosen."""
        rows = self.table.all_chosen
        self._batch.setVisible(bool(rows))
        self._chosen.setText(
            self._translator.plural("{count} order chosen", "{count} orders chosen", len(rows))
        )
        self.merge.setVisible(len(rows) > 1)
        self.release.setVisible(any(row.held for row in rows))
        self.hold.setVisible(any(not row.held for row in rows))
        one: OrderFound | None = rows[0] if len(rows) == 1 else None
        other = one is not None and (self.details.row is None or one.key != self.details.row.key)
        self.details.show_row(one)
        self.lists.make_room(narrow=one is not None)
        if one is not None and (other or self.details.details is None):
            self._backend.details(one.key, self.details.show_details)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Import files for the shop that is chosen; one import at a time."""
        if not self.report.running:
            self.report.start(paths, self._shop)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped, together."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_files(paths)

    def _open_numbers(self) -> None:
        NumbersDialog(self._translator, self._backend, self.window()).open()

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        said = self._translator
        self.load.setText(said.text("Import orders"))
        self.numbers.setText(said.text("Tracking numbers"))
        self.out.setText(said.text("Files out"))
        self.every.setText(said.text("Choose all shown"))
        self.labels.setText(said.text("Label files"))
        self.stopped.setText(said.text("A print batch stopped"))
        self.print.setText(said.text("Print labels"))
        self.pick.setText(said.text("Pick list"))
        self.wave.setText(said.text("Make a wave"))
        self.merge.setText(said.text("One parcel"))
        self.hold.setText(said.text("Hold"))
        self.release.setText(said.text("Release"))
        for button in (
            self.load,
            self.numbers,
            self.out,
            self.labels,
            self.print,
            self.pick,
            self.wave,
            self.release,
        ):
            button.updateGeometry()
        self.report.retranslate()
        self.lists.retranslate()
        self.details.retranslate()
        if self.lists.answered:
            self.refresh()
        self._follow()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        self._outer.setSpacing(style.px(self, 10))
        self.shop.setMinimumHeight(style.px(self, style.TARGET_PX))
        self.report.rescale()
        self.lists.rescale()
        self.details.rescale()
