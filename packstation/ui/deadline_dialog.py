"""Why an order is due when: its clocks, how each came about, and what if it was paid later."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.deadline_rules import Deadline, StartEvent, Step
from packstation.core.orders import OrderKey
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.board_texts import CLOCKS
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.deadline_texts import step_words
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.texts import explain_error


def _local(deadline: Deadline, at: datetime) -> str:
    return at.astimezone(ZoneInfo(deadline.zone)).strftime("%Y-%m-%d %H:%M")


class DeadlineDialog(QDialog):
    """Lists the clocks of one order; the chosen one is told step by step."""

    def __init__(
        self, order: OrderKey, translator: Translator, backend: Backend, parent: QWidget
    ) -> None:
        """Open the dialog; the clocks come a moment later."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._order, self._translator, self._backend = order, translator, backend
        number = order.partition("/")[2]
        self.setWindowTitle(translator.text("Why it is due then"))
        head = Label(1.1, bold=True, wraps=True)
        head.setText(translator.text("When order {number} is due, and why", number=number))
        self.model = GridModel[Deadline](self._columns(), translator)
        self.table = GridTable[Deadline](self.model, self, row_px=40)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._ask_steps())
        self.steps = Label(0.9, wraps=True)
        self.steps.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.paid = QDateTimeEdit(QDateTime.currentDateTime(), self)
        self.paid.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.paid.setCalendarPopup(True)
        self.try_it = Button(parent=self)
        self.try_it.setText(translator.text("What if it was paid then?"))
        self.try_it.clicked.connect(self._what_if)
        self.back = Button(parent=self)
        self.back.setText(translator.text("As it is"))
        self.back.clicked.connect(lambda: self._ask(None))
        self.shut = Button(weight=Weight.MAIN, parent=self)
        self.shut.setText(translator.text("Close this"))
        self.shut.clicked.connect(self.accept)
        row = QHBoxLayout()
        for widget in (self.paid, self.try_it, self.back):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.shut)
        for widget in (self.paid, self.try_it, self.back, self.shut):
            widget.setMinimumHeight(style.px(parent, style.TARGET_PX))
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self.table, 2)
        column.addWidget(self.steps, 3)
        column.addLayout(row)
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        self.resize(style.px(parent, 1000), style.px(parent, 600))
        self._ask(None)

    def _columns(self) -> tuple[Column[Deadline], ...]:
        said = self._translator

        def state(row: Deadline) -> str:
            if row.met_at is None:
                return said.text("runs")
            return said.text("done {time}", time=_local(row, row.met_at))

        def late(row: Deadline) -> bool:
            now = datetime.now(row.at.tzinfo)
            return (row.met_at or now) > row.at

        return (
            Column(_("What"), lambda row: said.text(CLOCKS[row.clock]), 0),
            Column(
                _("Due"),
                lambda row: f"{_local(row, row.at)} {row.zone}",
                380,
                ink=lambda row: style.RED if late(row) else None,
            ),
            Column(_("State"), state, 230),
        )

    def _tell(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self.steps.recolour(style.RED)
        self.steps.setText(f"{words.sentence} {words.fix}".strip())

    def _ask(self, paid_at: datetime | None) -> None:
        def show(answer: tuple[Deadline, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
                return
            self.model.show_rows(answer)
            starts = [one.start_at for one in answer if one.start is StartEvent.PAID]
            if paid_at is None and starts and starts[0] is not None:
                self.paid.setDateTime(QDateTime.fromSecsSinceEpoch(int(starts[0].timestamp())))
            self.steps.recolour(style.TEXT)
            if answer:
                self.table.selectRow(0)
                self._ask_steps()
            else:
                self.steps.setText(
                    self._translator.text("No deadline is known: it was not paid, or no rule fits.")
                )

        self._backend.deadlines(self._order, paid_at, show)

    def _what_if(self) -> None:
        at = self.paid.dateTime().toSecsSinceEpoch()
        self._ask(datetime.fromtimestamp(at).astimezone())

    def _ask_steps(self) -> None:
        deadline = self.table.chosen
        if deadline is None:
            return

        def show(answer: tuple[Step, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer)
            elif deadline == self.table.chosen:
                lines = [step_words(step, self._translator, deadline.zone) for step in answer]
                self.steps.setText("\n".join(lines))

        self._backend.deadline_steps(deadline, show)
