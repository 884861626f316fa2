"""The orders page: files in, the list of orders with what stops them, pick list, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import ShopKey
from packstation.core.status import ParcelState
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, OrderList, OrderRow, Shop
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.import_panel import ImportPanel
from packstation.ui.names import carrier_name, local_time, obstacle_words
from packstation.ui.numbers_dialog import NumbersDialog
from packstation.ui.scan_filter import CodeField
from packstation.ui.state_words import PARCEL_STATES
from packstation.ui.texts import explain_error

FIRST_ROWS = 200
"""Rows shown; the count tells of the others."""
TYPING_MS = 200
"""Pause after the last key before the list is searched."""
ENDINGS = "*.csv *.xlsx *.xls *.txt *.tsv"


class OrdersPage(QWidget):
    """Takes files by button and by drag and drop."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with an empty list."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._shops: tuple[Shop, ...] = ()
        self._asked = 0
        self.setAcceptDrops(True)
        self.load = Button(weight=Weight.MAIN, drawing="folder", parent=self)
        self.pick = Button(parent=self)
        self.numbers = Button(parent=self)
        self.release = Button(parent=self)
        self.load.clicked.connect(self._choose_files)
        self.pick.clicked.connect(self._choose_pick_list)
        self.numbers.clicked.connect(self._open_numbers)
        self.release.clicked.connect(self._release)
        self.shop = QComboBox(self)
        self.shop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.shop.setMinimumHeight(style.TARGET_PX)
        self.search = CodeField(self)
        self.search.setClearButtonEnabled(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.report = ImportPanel(translator, backend, self)
        self.report.ended.connect(self.refresh)
        self.model = GridModel[OrderRow](self._columns(), translator)
        self.table = GridTable[OrderRow](self.model, self)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self._count = Label(0.85, colour=style.MUTED)
        self._said = Label(0.85, colour=style.MUTED, wraps=True)
        self._empty = Label(1.5, bold=True, colour=style.MUTED, wraps=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QStackedWidget(self)
        self._body.addWidget(self._empty)
        self._body.addWidget(self.table)
        self._lay_out()
        self.rescale()
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.load, self.shop, self.pick, self.numbers):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        find = QHBoxLayout()
        find.addWidget(self.search, 1)
        find.addWidget(self._count)
        find.addWidget(self.release)
        card = Card(parent=self)
        self._sheet = QVBoxLayout(card)
        self._sheet.addLayout(find)
        self._sheet.addWidget(self._said)
        self._sheet.addWidget(self._body, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addLayout(buttons)
        self._outer.addWidget(self.report, 1)
        self._outer.addWidget(card, 2)

    def _columns(self) -> tuple[Column[OrderRow], ...]:
        said = self._translator

        def state(row: OrderRow) -> str:
            if row.reason is not None:
                return obstacle_words(row.reason, said)
            if row.state is None or row.state is ParcelState.OPEN:
                return said.text("To pack")
            return said.text(PARCEL_STATES[row.state])

        def carrier(row: OrderRow) -> str:
            return carrier_name(self._backend.carriers, row.carrier, said)

        return (
            Column(_("Order"), lambda row: row.order_id, 250),
            Column(_("Shop"), lambda row: self._shop_name(row.shop), 120),
            Column(_("Units"), lambda row: str(row.units), 80, right=True),
            Column(
                _("Carrier"),
                lambda row: carrier_name(self._backend.carriers, row.carrier, said),
                130,
            ),
            Column(
                _("Ship by"),
                lambda row: local_time(row.promised_ship_at) if row.promised_ship_at else "",
                140,
            ),
            Column(_("Tracking number"), lambda row: row.tracking_number or "", 200),
            Column(_("State"), state, 0, ink=lambda row: style.RED if row.reason else None),
        )

    def _shop_name(self, key: ShopKey) -> str:
        return next((shop.name for shop in self._shops if shop.key == key), key)

    def show_shops(self, shops: tuple[Shop, ...]) -> None:
        """Learn the shops; with one there is nothing to choose."""
        self._shops = shops
        self.shop.clear()
        for shop in shops:
            self.shop.addItem(shop.name, shop.key)
        self.shop.setVisible(len(shops) > 1)
        self.model.retranslate()

    def refresh(self) -> None:
        """Ask for the list again; a late answer to an older question is dropped."""
        self._asked += 1
        asked = self._asked

        def show(answer: OrderList | PackStationError) -> None:
            if asked == self._asked:
                self._show_list(answer)

        self._backend.orders(self.search.text().strip(), None, FIRST_ROWS, show)

    def _show_list(self, answer: OrderList | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._said.setText(explain_error(answer, self._translator).sentence)
            return
        chosen = self.table.chosen
        self.model.show_rows(answer.rows)
        shown, total = len(answer.rows), answer.total
        more = self._translator.text("{shown} of {total} orders", shown=shown, total=total)
        self._count.setText(
            more
            if shown < total
            else self._translator.plural("{count} order", "{count} orders", total)
        )
        self._body.setCurrentWidget(self.table if answer.rows else self._empty)
        self._say_empty()
        if chosen is not None:
            keys = [row.key for row in answer.rows]
            if chosen.key in keys:
                self.table.selectRow(keys.index(chosen.key))
        self._enable()

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self._empty.setText(self._translator.text("No order fits these words."))
        else:
            self._empty.setText(
                self._translator.text("Import your shop's export file.")
                + "\n"
                + self._translator.text("Drag it here; a pair of files together.")
            )

    def _enable(self) -> None:
        row = self.table.chosen
        self.release.setEnabled(row is not None and row.held)

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self._translator.text("Choose one export file, or the two of a pair"),
            "",
            f"({ENDINGS})",
        )
        if names:
            self.import_files([Path(name) for name in names])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Import files for the shop that is chosen; one import at a time."""
        if self.report.running:
            return
        key = self.shop.currentData()
        self.report.start(paths, ShopKey(key) if key else MAIN_SHOP)

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

    def _choose_pick_list(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self._translator.text("Save the pick list"), "pick-list.pdf", "(*.pdf)"
        )
        if not name:
            return
        path = Path(name)

        def said(answer: int | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}")
            else:
                self._said.setText(
                    self._translator.text(
                        "Pick list of {count} orders: {file}", count=answer, file=path.name
                    )
                )

        self._backend.pick_list(None, path, said)

    def _open_numbers(self) -> None:
        NumbersDialog(self._translator, self._backend, self.window()).open()

    def _release(self) -> None:
        row = self.table.chosen
        if row is None:
            return

        def said(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._said.setText(explain_error(answer, self._translator).sentence)
            else:
                self._said.setText(
                    self._translator.text("Order {number} is released.", number=row.order_id)
                )
            self.refresh()

        self._backend.release(row.key, said)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        self.load.setText(self._translator.text("Import orders"))
        self.pick.setText(self._translator.text("Pick list as PDF"))
        self.numbers.setText(self._translator.text("Tracking numbers"))
        self.release.setText(self._translator.text("Release"))
        self.search.setPlaceholderText(self._translator.text("Order, tracking number or SKU"))
        for button in (self.load, self.pick, self.numbers, self.release):
            button.updateGeometry()
        self.report.retranslate()
        self.model.retranslate()
        self._say_empty()
        self._said.setText("")
        if self._asked:
            self.refresh()
        self._enable()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._outer.setSpacing(margin)
        for field in (self.search, self.shop):
            field.setMinimumHeight(style.px(self, style.TARGET_PX))
        self.report.rescale()
        self.table.rescale()
