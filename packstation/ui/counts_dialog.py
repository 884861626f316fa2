"""Takes the courier's count of each bag of a handover, for the slip of two counts that differ."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.controls import Button, Label, Weight

MOST = 100_000
"""Parcels in one bag, far beyond what a bag holds."""


class CountsDialog(QDialog):
    """Each bag with our count and a field for the other side's, which begins with ours."""

    wanted = Signal(str)
    """Terms of the discrepancy slip: what the courier counted in each bag."""

    def __init__(
        self,
        translator: Translator,
        manifest: str,
        bags: Sequence[tuple[str, int]],
        parent: QWidget,
    ) -> None:
        """Show bags with our counts."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Counts differ"))
        self._translator = translator
        self._ours = dict(bags)
        ask = Label(1.0, wraps=True)
        ask.setText(
            translator.text(
                "What does the courier count in each bag of {manifest}? Both sign the slip; the"
                " handover itself stays as it is.",
                manifest=manifest,
            )
        )
        self.theirs: dict[str, QSpinBox] = {}
        self._sum = Label(1.0, bold=True, wraps=True)
        self.print = Button(weight=Weight.MAIN, parent=self)
        self.print.setText(translator.text("Print the slip"))
        self.print.clicked.connect(self._print)
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.print)
        column = QVBoxLayout(self)
        column.addWidget(ask)
        column.addWidget(self._table(bags, parent), 1)
        column.addWidget(self._sum)
        column.addLayout(foot)
        for button in (self.print, self.leave):
            button.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.setMinimumWidth(style.px(parent, 560))
        self._count()

    def _table(self, bags: Sequence[tuple[str, int]], parent: QWidget) -> QScrollArea:
        table = QWidget(self)
        grid = QGridLayout(table)
        said = self._translator
        for place, head in enumerate((said.text("Bag"), said.text("Ours"), said.text("Courier's"))):
            label = Label(0.85, colour=style.MUTED)
            label.setText(head)
            grid.addWidget(label, 0, place)
        for row, (bag, ours) in enumerate(bags, start=1):
            for place, text in enumerate((bag, str(ours))):
                label = Label(1.0)
                label.setText(text)
                grid.addWidget(label, row, place)
            count = QSpinBox(table)
            count.setRange(0, MOST)
            count.setValue(ours)
            count.setAccessibleName(bag)
            count.setMinimumHeight(style.px(parent, style.TARGET_PX))
            count.valueChanged.connect(lambda _value: self._count())
            self.theirs[bag] = count
            grid.addWidget(count, row, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(bags) + 1, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(table)
        shown = min(len(bags), 6) + 1
        area.setMinimumHeight(style.px(parent, shown * (style.TARGET_PX + 12)))
        return area

    def _count(self) -> None:
        """Say both sums; equal counts need no slip."""
        theirs = {bag: field.value() for bag, field in self.theirs.items()}
        differs = theirs != self._ours
        self.print.setEnabled(differs)
        said = self._translator
        ours, other = sum(self._ours.values()), sum(theirs.values())
        words = said.text("Ours: {ours}, the courier's: {theirs}.", ours=ours, theirs=other)
        equal = said.text("The counts are equal: change what the courier counts otherwise.")
        self._sum.setText(words if differs else equal)
        self._sum.recolour(style.RED if differs else style.MUTED)

    def _print(self) -> None:
        theirs = {bag: field.value() for bag, field in self.theirs.items()}
        self.wanted.emit(json.dumps({"theirs": theirs, "reason": ""}))
        self.accept()
