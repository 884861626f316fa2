"""Urge tasks on the board: who urges, how much time is left, what was done about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import ShopKey
from packstation.core.status import UrgeState
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend, Shop
from packstation.ui.backend_board import UrgeRow
from packstation.ui.board_texts import URGE_STATES
from packstation.ui.controls import Button, Card, Label
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import age_words
from packstation.ui.scan_filter import CodeField
from packstation.ui.texts import explain_error

CAUSES: dict[UrgeState, tuple[tuple[str, str], ...]] = {
    UrgeState.AWAITING_SELLER_REPLY: (("replied", _("Answered")), ("refunded", _("Refunded"))),
    UrgeState.AWAITING_SELLER_ACTION: (("refunded", _("Refunded")),),
    UrgeState.AWAITING_BUYER: (
        ("buyer_rejected", _("Buyer says no")),
        ("refunded", _("Refunded")),
    ),
    UrgeState.PLATFORM_STEPPED_IN: (("refunded", _("Refunded")),),
    UrgeState.CLOSED: (),
}
"""What a person may tell of a task in each state. Shipping is told by the packing table."""


class UrgePanel(Card):
    """Lists open tasks, takes new ones."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make an empty list."""
        super().__init__(parent=parent)
        self._translator = translator
        self._backend = backend
        self._shops: tuple[Shop, ...] = ()
        self._head = Label(0.9, bold=True, wraps=True)
        self.order = CodeField(self)
        self.add = Button(parent=self)
        self.add.clicked.connect(self._add)
        self.order.returnPressed.connect(self._add)
        self.load = Button(parent=self)
        self.load.clicked.connect(self._choose_file)
        self.model = GridModel[UrgeRow](self._columns(), translator)
        self.table = GridTable[UrgeRow](self.model, self, row_px=36)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self._empty = Label(0.9, colour=style.MUTED, wraps=True)
        self._body = QStackedWidget(self)
        self._body.addWidget(self._empty)
        self._body.addWidget(self.table)
        self._said = Label(0.8, colour=style.MUTED, wraps=True)
        self.moves = [Button(parent=self), Button(parent=self)]
        for place, button in enumerate(self.moves):
            button.clicked.connect(lambda _c=False, place=place: self._move(place))
            style.sized(button, 0.8)
            button.hide()
        for button in (self.add, self.load):
            style.sized(button, 0.75)
        top = QHBoxLayout()
        top.addWidget(self._head)
        top.addWidget(self.order, 1)
        top.addWidget(self.add)
        top.addWidget(self.load)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        for button in self.moves:
            foot.addWidget(button)
        self._sheet = QVBoxLayout(self)
        self.order.setMinimumWidth(60)
        self._sheet.addLayout(top)
        self._sheet.addWidget(self._body, 1)
        self._sheet.addLayout(foot)
        self.retranslate()
        self.rescale()

    def _columns(self) -> tuple[Column[UrgeRow], ...]:
        def left(row: UrgeRow) -> str:
            seconds = (row.due_at - datetime.now(UTC)).total_seconds()
            words = age_words(abs(seconds), self._translator)
            if seconds < 0:
                return self._translator.text("{age} late", age=words)
            return self._translator.text("{age} left", age=words)

        def late(row: UrgeRow) -> bool:
            return row.exempt is None and row.due_at < datetime.now(UTC)

        return (
            Column(_("Order"), lambda row: row.order.partition("/")[2], 180),
            Column(_("Time"), left, 124, ink=lambda row: style.RED if late(row) else None),
            Column(_("State"), lambda row: self._translator.text(URGE_STATES[row.state]), 0),
        )

    def refresh(self) -> None:
        """Ask for the tasks again."""

        def show(answer: tuple[UrgeRow, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
                return
            chosen = self.table.chosen
            self.model.show_rows(answer)
            self._body.setCurrentWidget(self.table if answer else self._empty)
            tasks = [row.task for row in answer]
            if chosen is not None and chosen.task in tasks:
                self.table.selectRow(tasks.index(chosen.task))
            self._offer()

        self._backend.urge_tasks(show)

    def _tell(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self._said.recolour(style.RED)
        self._said.setText(f"{words.sentence} {words.fix}".strip())

    def _say(self, text: str) -> None:
        self._said.recolour(style.MUTED)
        self._said.setText(text)

    def _offer(self) -> None:
        """Show what may be told of the chosen task."""
        row = self.table.chosen
        causes = CAUSES[row.state] if row is not None else ()
        for place, button in enumerate(self.moves):
            button.setVisible(place < len(causes))
            if place < len(causes):
                button.setText(self._translator.text(causes[place][1]))
                button.updateGeometry()
        if row is not None and row.risk:
            self._say(row.risk)

    def _move(self, place: int) -> None:
        row = self.table.chosen
        if row is None:
            return

        def done(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
            self.refresh()

        self._backend.move_urge(row.task, CAUSES[row.state][place][0], done)

    def _add(self) -> None:
        order = self.order.text().strip()
        if not order:
            self._say(self._translator.text("Type or scan the number of the order first."))
            return

        def done(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
                return
            self.order.clear()
            if answer == "flag":
                self._say(
                    self._translator.text(
                        "Order {number} is not late yet: it is marked, no task begins.",
                        number=order,
                    )
                )
            else:
                self._say(self._translator.text("The task of {number} runs.", number=order))
            self.refresh()

        self._backend.urge(order, "", done)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self._translator.text("Choose the list of urge tasks"), "", "(*.csv *.xlsx *.xls)"
        )
        if name:
            self.import_file(Path(name))

    def show_shops(self, shops: tuple[Shop, ...]) -> None:
        """Learn whose lists may come."""
        self._shops = shops

    def import_file(self, path: Path) -> None:
        """Take a list of tasks, after asking of which shop it is."""
        said = self._translator
        if len(self._shops) < 2:
            self._import(path, self._shops[0].key if self._shops else MAIN_SHOP)
            return
        answers = [(shop.key, shop.name) for shop in self._shops]
        title = said.text("Of which shop is this list?")
        dialog = AskDialog(title, path.name, answers, said, self.window())
        dialog.answered.connect(lambda key: self._import(path, ShopKey(key)))
        dialog.open()

    def _import(self, path: Path, shop: ShopKey) -> None:

        def done(answer: tuple[int, object] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
                return
            count, refused = answer
            words = self._translator.plural("{count} task taken", "{count} tasks taken", count)
            told = " ".join(refused[:2]) if isinstance(refused, (list, tuple)) else ""
            self._say(f"{words}. {told}".strip())
            self.refresh()

        self._backend.import_urges(path, shop, done)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        said = self._translator
        self._head.setText(said.text("Urge tasks"))
        self.order.setPlaceholderText(said.text("Order that is urged"))
        self.add.setText(said.text("Enter"))
        self.load.setText(said.text("Import list"))
        self._empty.setText(
            said.text("Nobody urges. Enter an order here when the platform opens a task.")
        )
        for button in (self.add, self.load):
            button.updateGeometry()
        self.model.retranslate()
        self._offer()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 10)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._sheet.setSpacing(margin // 2)
        self.order.setMinimumHeight(style.px(self, 40))
        self.table.rescale()
