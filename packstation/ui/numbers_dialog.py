"""Prepaid tracking numbers: stock of every pool, new blocks and lists, numbers taken out of use."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from packstation.core.number_stock import PoolStock, RunCheck
from packstation.core.orders import CarrierCode
from packstation.core.status import NumberState
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, NumberBlock, NumberListReport
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name
from packstation.ui.number_words import (
    NUMBER_STATES,
    REFUSED,
    lasts,
    pool_name,
    run_warning,
    run_words,
)
from packstation.ui.scan_filter import CodeField
from packstation.ui.texts import explain_error

LARGEST_BLOCK = 1_000_000
_STILL_MS = 250
"""A preview is asked for once the typing has stopped so long."""
_ROWS_TOLD = 3
_OUT_OF_USE = (NumberState.VOID, NumberState.RETURNED, NumberState.SPOILED)


class NumbersDialog(QDialog):
    """Shows the stock, adds a block or a list, takes numbers out of use."""

    def __init__(self, translator: Translator, backend: Backend, parent: QWidget) -> None:
        """Show the stock."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._translator = translator
        self._backend = backend
        self._asked = 0
        self._file: Path | None = None
        self.setWindowTitle(translator.text("Tracking numbers"))
        self.model = GridModel[PoolStock](self._columns(), translator)
        self.table = GridTable[PoolStock](self.model, self)
        self._make_fields()
        self._lay_out(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        self.resize(style.px(parent, 1240), style.px(parent, 640))
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._ask_preview)
        self.first.textChanged.connect(self._changed)
        self.count.valueChanged.connect(self._changed)
        self.carrier.currentIndexChanged.connect(self._changed)
        self._ask()

    def _columns(self) -> tuple[Column[PoolStock], ...]:
        def count(heading: str, state: NumberState, width: int) -> Column[PoolStock]:
            name = state.value.lower()
            return Column(heading, lambda row: f"{getattr(row, name):,}", width, right=True)

        translator = self._translator
        return (
            Column(_("Pool"), lambda row: pool_name(row.pool, translator), 190),
            Column(_("Carrier"), self._name, 0),
            Column(
                _("Free"),
                lambda row: f"{row.free:,}",
                120,
                right=True,
                ink=lambda row: style.RED if row.low else style.GREEN,
            ),
            count(_("Used"), NumberState.USED, 120),
            count(_("Void"), NumberState.VOID, 100),
            count(_("Spoiled"), NumberState.SPOILED, 110),
            count(_("Given back"), NumberState.RETURNED, 140),
            Column(
                _("Lasts"),
                lambda row: lasts(row, translator),
                270,
                ink=lambda row: style.RED if row.low else None,
            ),
        )

    def _make_fields(self) -> None:
        translator = self._translator
        self.pool = QComboBox(self)
        self.pool.setEditable(True)
        self.pool.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = self.pool.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(translator.text("Common pool"))
        self.pool.addItem("")
        self.pool.setToolTip(translator.text("Pool; shops of one pool share its numbers"))
        self.carrier = QComboBox(self)
        for carrier in self._backend.carriers:
            name = carrier_name(self._backend.carriers, carrier.code, self._translator)
            self.carrier.addItem(name, carrier.code)
        self.first = CodeField(self)
        self.first.setPlaceholderText(translator.text("First number of the block"))
        self.count = QSpinBox(self)
        self.count.setRange(1, LARGEST_BLOCK)
        self.count.setValue(1000)
        self.add = Button(weight=Weight.MAIN, parent=self)
        self.add.setText(translator.text("Add block"))
        self.add.clicked.connect(self._add)
        self.load = Button(parent=self)
        self.load.setText(translator.text("Import number list"))
        self.load.clicked.connect(self._choose_list)
        self.rest = Button(parent=self)
        self.rest.setText(translator.text("Add the others"))
        self.rest.clicked.connect(lambda: self._import(skip_refused=True))
        self.rest.hide()
        self.preview = Label(0.85, colour=style.MUTED, wraps=True)
        self.warning = Label(0.9, colour=style.RED, wraps=True)
        self.number = CodeField(self)
        self.number.setPlaceholderText(translator.text("Number to take out of use"))
        self.state = QComboBox(self)
        for state in _OUT_OF_USE:
            self.state.addItem(translator.text(NUMBER_STATES[state]), state.value)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(translator.text("Reason"))
        self.mark = Button(parent=self)
        self.mark.setText(translator.text("Take out of use"))
        self.mark.clicked.connect(self._mark)

    def _lay_out(self, high: int) -> None:
        def row(*widgets: tuple[QWidget, int]) -> QHBoxLayout:
            line = QHBoxLayout()
            for widget, stretch in widgets:
                widget.setMinimumHeight(high)
                line.addWidget(widget, stretch)
            return line

        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addWidget(self.warning)
        column.addWidget(self.preview)
        column.addLayout(
            row(
                (self.pool, 2),
                (self.carrier, 2),
                (self.first, 4),
                (self.count, 1),
                (self.add, 0),
            )
        )
        column.addLayout(
            row(
                (self.number, 3),
                (self.state, 1),
                (self.reason, 3),
                (self.mark, 0),
                (self.rest, 0),
                (self.load, 0),
            )
        )

    def _name(self, row: PoolStock) -> str:
        return carrier_name(self._backend.carriers, row.carrier, self._translator)

    @property
    def _code(self) -> CarrierCode:
        return CarrierCode(str(self.carrier.currentData()))

    def _ask(self) -> None:
        def show(answer: tuple[PoolStock, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self.model.show_rows(answer)
            for pool in sorted({row.pool for row in answer if row.pool}):
                if self.pool.findText(pool) < 0:
                    self.pool.addItem(pool)

        self._backend.number_stock(show)

    def _refused(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self.warning.recolour(style.RED)
        self.warning.setText(f"{words.sentence} {words.fix}")

    def _said(self, text: str) -> None:
        self.warning.recolour(style.GREEN)
        self.warning.setText(text)

    def _changed(self) -> None:
        self._asked += 1
        self.preview.setText("")
        self.warning.setText("")
        if self.first.text().strip():
            self._still.start()

    def _ask_preview(self) -> None:
        first, asked = self.first.text().strip(), self._asked
        if not first:
            return

        def show(answer: RunCheck | PackStationError) -> None:
            if asked != self._asked:  # something else has been typed since
                return
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self.preview.setText(run_words(answer, self._translator))
            warning = run_warning(answer, self._translator)
            if warning:
                self.warning.recolour(style.RED)
                self.warning.setText(warning)

        self._backend.preview_numbers(self._code, first, self.count.value(), show)

    def _add(self) -> None:
        def done(answer: NumberBlock | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self.first.clear()
            self.preview.setText("")
            self._said(
                self._translator.text(
                    "{count} numbers added: {first} to {last}.",
                    count=answer.free,
                    first=answer.first,
                    last=answer.last,
                )
            )
            self._ask()

        self._backend.add_numbers(
            self._code, self.first.text().strip(), self.count.value(), self._pool(), done
        )

    def _pool(self) -> str:
        return self.pool.currentText().strip()

    def _choose_list(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self,
            self._translator.text("Import number list"),
            "",
            self._translator.text("Lists") + " (*.csv *.xlsx *.xls *.txt)",
        )
        if name:
            self._file = Path(name)
            self._import(skip_refused=False)

    def _import(self, *, skip_refused: bool) -> None:
        if self._file is None:
            return
        self.rest.hide()

        def done(answer: NumberListReport | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self._tell_list(answer)
            self._ask()

        self._backend.import_numbers(self._code, self._file, self._pool(), skip_refused, done)

    def _tell_list(self, report: NumberListReport) -> None:
        translator = self._translator
        told = translator.text(
            "{added} numbers added, {refused} rows refused.",
            added=report.added,
            refused=len(report.refused),
        )
        if not report.refused:
            self._said(told)
            return
        for row in report.refused[:_ROWS_TOLD]:
            why = translator.text(REFUSED[row.reason])
            told += "\n" + translator.text(
                "row {row}: {value}, {why}", row=row.row, value=row.value, why=why
            )
        self.warning.recolour(style.RED)
        self.warning.setText(told)
        self.rest.setVisible(report.added == 0 and report.could_add > 0)

    def _mark(self) -> None:
        def done(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self.number.clear()
            self.reason.clear()
            self._said(self._translator.text("{count} numbers are out of use now.", count=1))
            self._ask()

        self._backend.mark_numbers(
            self._code,
            (self.number.text().strip(),),
            NumberState(str(self.state.currentData())),
            self.reason.text().strip(),
            done,
        )
