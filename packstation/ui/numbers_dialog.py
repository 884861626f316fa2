"""Prepaid tracking numbers: the blocks, how many are left, and a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from packstation.core.orders import CarrierCode
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, NumberBlock
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name
from packstation.ui.scan_filter import CodeField
from packstation.ui.texts import explain_error

LARGEST_BLOCK = 100_000
LOW = 50
"""Fewer free numbers than this are shown in red."""


class NumbersDialog(QDialog):
    """Lists blocks and adds one."""

    def __init__(self, translator: Translator, backend: Backend, parent: QWidget) -> None:
        """Show the blocks."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._translator = translator
        self._backend = backend
        self.setWindowTitle(translator.text("Tracking numbers"))
        self.model = GridModel[NumberBlock](
            (
                Column(_("Carrier"), self._name, 190),
                Column(_("First number"), lambda row: row.first, 230),
                Column(_("Last number"), lambda row: row.last, 0),
                Column(_("Used"), lambda row: str(row.used), 110, right=True),
                Column(
                    _("Free"),
                    lambda row: str(row.free),
                    110,
                    right=True,
                    ink=lambda row: style.RED if row.free < LOW else style.GREEN,
                ),
            ),
            translator,
        )
        self.table = GridTable[NumberBlock](self.model, self)
        self.carrier = QComboBox(self)
        for carrier in backend.carriers:
            self.carrier.addItem(
                carrier_name(backend.carriers, carrier.code, translator), carrier.code
            )
        self.first = CodeField(self)
        self.first.setPlaceholderText(translator.text("First number of the block"))
        self.count = QSpinBox(self)
        self.count.setRange(1, LARGEST_BLOCK)
        self.count.setValue(1000)
        self.add = Button(weight=Weight.MAIN, parent=self)
        self.add.setText(translator.text("Add block"))
        self.add.clicked.connect(self._add)
        self._said = Label(0.9, colour=style.RED, wraps=True)
        high = style.px(parent, style.TARGET_PX)
        row = QHBoxLayout()
        for widget, stretch in ((self.carrier, 0), (self.first, 1), (self.count, 0), (self.add, 0)):
            widget.setMinimumHeight(high)
            row.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addWidget(self._said)
        column.addLayout(row)
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        self.resize(style.px(parent, 980), style.px(parent, 480))
        self._ask()

    def _name(self, row: NumberBlock) -> str:
        return carrier_name(self._backend.carriers, row.carrier, self._translator)

    def _ask(self) -> None:
        def show(answer: tuple[NumberBlock, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                self.model.show_rows(answer)

        self._backend.numbers(show)

    def _add(self) -> None:
        def done(answer: NumberBlock | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}")
            else:
                self._said.setText("")
                self.first.clear()
                self._ask()

        carrier = CarrierCode(str(self.carrier.currentData()))
        self._backend.add_numbers(carrier, self.first.text().strip(), self.count.value(), done)
