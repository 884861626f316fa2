"""Orders of equal recipients, offered to travel together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from packstation.core.orders import OrderKey
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend_orders import MergeGroup
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable


class SuggestionsDialog(QDialog):
    """Groups of orders of equal recipients; no people's data is shown."""

    def __init__(
        self,
        groups: Sequence[MergeGroup],
        translator: Translator,
        merge: Callable[[Sequence[Sequence[OrderKey]]], None],
        parent: QWidget,
    ) -> None:
        """Show the groups."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Orders that can travel together"))
        head = Label(0.95, wraps=True)
        head.setText(translator.text("Same recipient, same shop: one parcel, one tracking number."))
        self.model = GridModel[MergeGroup](
            (
                Column(
                    _("Orders"),
                    lambda group: ", ".join(key.partition("/")[2] for key in group.orders),
                    0,
                ),
                Column(_("Units"), lambda group: str(group.units), 90, right=True),
            ),
            translator,
        )
        self.table = GridTable[MergeGroup](self.model, self, several=True)
        self.model.show_rows(groups)
        self.some, self.every = Button(parent=self), Button(weight=Weight.MAIN, parent=self)
        self.some.setText(translator.text("The chosen ones into one parcel each"))
        self.every.setText(translator.text("All of them"))

        def take(chosen: Sequence[MergeGroup]) -> None:
            if chosen:
                self.accept()
                merge([group.orders for group in chosen])

        self.some.clicked.connect(lambda: take(self.table.all_chosen))
        self.every.clicked.connect(lambda: take(self.model.rows))
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self.table, 1)
        for button in (self.some, self.every):
            button.setMinimumHeight(style.px(parent, style.TARGET_PX))
            column.addWidget(button)
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        self.resize(style.px(parent, 860), style.px(parent, 520))
