"""The fields of one printer: model, paper in it, tuning, what it is the usual printer for."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend_printing import (
    ModelChoice,
    PrinterForm,
    PrinterRow,
    PrinterUse,
    StockChoice,
)
from packstation.ui.controls import Button, Label
from packstation.ui.paper_words import USES

_LEFT_TO_IT = -1
"""Stands in a spin box for what is left to the model."""
_LABELS, _RECEIPTS = "100x150", "receipt-80"


class PrinterFields(QWidget):
    """Everything that is set for one printer but its address."""

    def __init__(self, translator: Translator, row: PrinterRow | None, parent: QWidget) -> None:
        """Make the fields; filled where a printer is changed."""
        super().__init__(parent)
        self._translator = translator
        self._models: tuple[ModelChoice, ...] = ()
        self._wanted_model = row.form.model if row else ""
        self._wanted_stock = row.form.stock if row else _LABELS
        said = translator
        self.name = QLineEdit(self)
        self.name.setMaxLength(40)
        self.model = QComboBox(self)
        # Nothing is chosen by the alphabet: a wrong language prints rows of strange signs.
        self.model.setPlaceholderText(said.text("Choose the model"))
        self.stock = QComboBox(self)
        self.stock.setEditable(True)
        self.stock.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.stock.setToolTip(said.text("Own sizes are written like 70x100, in millimetres"))
        self.darkness = self._spin(100, " %")
        self.speed = self._spin(400, " mm/s")
        self.right, self.down = self._offset(), self._offset()
        self.uses = {use: self._check(said.text(USES[use])) for use in PrinterUse}
        self.cut = self._check(said.text("Cut after each paper"))
        self.drawer = self._check(said.text("Open the cash drawer"))
        self._lay_out()
        if row is not None:
            self._fill(row)

    def _spin(self, high: int, unit: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(_LEFT_TO_IT, high)
        box.setSuffix(unit)
        box.setSpecialValueText(self._translator.text("usual"))
        box.setValue(_LEFT_TO_IT)
        return box

    def _offset(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(-20, 20)
        box.setSingleStep(0.5)
        box.setDecimals(1)
        box.setSuffix(" mm")
        return box

    def _check(self, words: str) -> Button:
        button = Button(parent=self)
        button.setCheckable(True)
        button.setText(words)
        style.sized(button, 0.85)
        return button

    def _lay_out(self) -> None:
        said = self._translator
        grid = QGridLayout(self)
        wide: tuple[tuple[str, QWidget], ...] = (
            (said.text("Name"), self.name),
            (said.text("Model"), self.model),
            (said.text("Paper in it"), self.stock),
        )
        pairs: tuple[tuple[str, QWidget], ...] = (
            (said.text("Darkness"), self.darkness),
            (said.text("Speed"), self.speed),
            (said.text("Shift right"), self.right),
            (said.text("Shift down"), self.down),
        )
        for place, (words, field) in enumerate(wide):
            grid.addWidget(self._caption(words), place, 0)
            grid.addWidget(field, place, 1, 1, 3)
        for place, (words, field) in enumerate(pairs):
            down, across = 3 + place // 2, 2 * (place % 2)
            grid.addWidget(self._caption(words), down, across)
            grid.addWidget(field, down, across + 1)
        uses = list(self.uses.values())
        rows = (
            (said.text("Usual printer for"), uses[:3]),
            ("", uses[3:]),
            (said.text("After a paper"), [self.cut, self.drawer]),
        )
        for down, (words, buttons) in enumerate(rows, start=5):
            grid.addWidget(self._caption(words), down, 0)
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            grid.addLayout(row, down, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.setRowStretch(8, 1)

    def _caption(self, words: str) -> Label:
        label = Label(0.9)
        label.setText(words)
        return label

    def edits(self) -> tuple[QWidget, ...]:
        """Return what a finger must hit."""
        return (
            self.name, self.model, self.stock, self.darkness, self.speed, self.right, self.down,
        )  # fmt: skip

    def show_models(self, models: tuple[ModelChoice, ...]) -> None:
        """Offer models."""
        self._models = models
        self.model.clear()
        for one in models:
            self.model.addItem(one.name, one.key)
        _choose(self.model, self._wanted_model)

    def show_stocks(self, stocks: tuple[StockChoice, ...]) -> None:
        """Offer stocks."""
        self.stock.clear()
        for one in stocks:
            self.stock.addItem(one.name, one.key)
        _choose(self.stock, self._wanted_stock)

    def _fill(self, row: PrinterRow) -> None:
        form = row.form
        self.name.setText(form.name)
        self.darkness.setValue(_LEFT_TO_IT if form.darkness is None else form.darkness)
        self.speed.setValue(_LEFT_TO_IT if form.speed is None else form.speed)
        self.right.setValue(form.offset_x_mm)
        self.down.setValue(form.offset_y_mm)
        self.cut.setChecked(form.cut)
        self.drawer.setChecked(form.drawer)
        for use, button in self.uses.items():
            button.setChecked(use in row.uses)

    def suggest(self, name: str, model: str) -> None:
        """Fill in what a printer says of itself; a receipt printer gets receipts."""
        if not self.name.text():
            self.name.setText(name[: self.name.maxLength()])
        self._wanted_model = model or self._wanted_model
        _choose(self.model, self._wanted_model)
        receipt = any(one.key == model and one.receipt for one in self._models)
        self._wanted_stock = _RECEIPTS if receipt else _LABELS
        _choose(self.stock, self._wanted_stock)
        first = PrinterUse.RECEIPT if receipt else PrinterUse.LABEL
        for use, button in self.uses.items():
            button.setChecked(use is first)

    def wanted_uses(self) -> list[PrinterUse]:
        """Return what it shall be the usual printer for."""
        return [use for use, button in self.uses.items() if button.isChecked()]

    def form(self, address: str) -> PrinterForm:
        """Return what is set now."""
        place = self.stock.findText(self.stock.currentText())
        stock = self.stock.itemData(place) if place >= 0 else self.stock.currentText().strip()
        darkness, speed = self.darkness.value(), self.speed.value()
        return PrinterForm(
            name=self.name.text().strip(),
            address=address,
            model=str(self.model.currentData() or ""),
            stock=str(stock),
            darkness=None if darkness == _LEFT_TO_IT else darkness,
            speed=None if speed == _LEFT_TO_IT else speed,
            offset_x_mm=self.right.value(),
            offset_y_mm=self.down.value(),
            cut=self.cut.isChecked(),
            drawer=self.drawer.isChecked(),
        )


def _choose(box: QComboBox, key: str) -> None:
    place = box.findData(key)
    if place >= 0 or not (key or box.isEditable()):
        box.setCurrentIndex(place)
    elif key and box.isEditable():
        box.setEditText(key)
