"""Says how many labels a new roll has, so that no batch is started that it cannot hold."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend_printing import PrinterRow
from packstation.ui.controls import Button, Label, Weight

MOST = 10_000
_USUAL = 500


class RollDialog(QDialog):
    """Asks for the labels on a roll; 0 = they are not counted."""

    given = Signal(int)
    """Labels on the new roll."""

    def __init__(self, translator: Translator, row: PrinterRow, parent: QWidget) -> None:
        """Show the printer and a usual roll."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("New roll"))
        ask = Label(1.0, wraps=True)
        ask.setText(
            translator.text(
                "How many labels are on the new roll of {name}? It is printed on its core or"
                " wrapper. 0 = do not count.",
                name=row.form.name or row.key,
            )
        )
        self.count = QSpinBox(self)
        self.count.setRange(0, MOST)
        self.count.setSingleStep(50)
        self.count.setValue(_USUAL)
        self.keep = Button(weight=Weight.MAIN, parent=self)
        self.keep.setText(translator.text("Keep"))
        self.keep.clicked.connect(self._keep)
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.addWidget(ask)
        column.addWidget(self.count)
        column.addLayout(foot)
        self.count.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.setMinimumWidth(style.px(parent, 480))

    def _keep(self) -> None:
        self.given.emit(self.count.value())
        self.accept()
