"""The filters that are set, each as a button that takes it away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from packstation.core.order_query import OrderQuery
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Button
from packstation.ui.order_filters import Without, active
from packstation.ui.shop_colours import ShopLook


class FilterChips(QWidget):
    """No room where no filter is set."""

    wanted = Signal(object)
    """The query without one of its filters."""
    clear = Signal()
    back = Signal()

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make an empty row."""
        super().__init__(parent)
        self._translator, self._backend = translator, backend
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_query(self, query: OrderQuery, look: ShopLook, *, back: bool) -> None:
        """Show the filters of a query; ``back`` = there is a query before this one."""
        while self._row.count():
            item = self._row.takeAt(0)
            if item.spacerItem() is None:
                item.widget().hide()
                item.widget().deleteLater()
        found = active(query, self._backend.carriers, look, self._translator)
        for words, without in found:
            self._chip(f"{words}  ×", self._taker(query, without))
        if len(found) > 1:
            self._chip(self._translator.text("Clear all"), self.clear.emit)
        if found and back:
            self._chip(self._translator.text("Back"), self.back.emit)
        self._row.addStretch(1)
        self.setVisible(bool(found))
        style.resize_fonts(self, self.window().font().pixelSize())

    def _taker(self, query: OrderQuery, without: Without) -> Callable[[], None]:
        return lambda: self.wanted.emit(without(query))

    def _chip(self, words: str, press: Callable[[], None]) -> None:
        chip = Button(parent=self)
        style.sized(chip, 0.75)
        chip.setText(words)
        chip.clicked.connect(lambda _c=False: press())
        self._row.addWidget(chip)
