"""The dark rail at the left: the pages, and the languages."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from packstation.i18n import CHINESE, ENGLISH, Translator
from packstation.ui import style
from packstation.ui.controls import Button, Weight

LANGUAGE_NAMES = {CHINESE: "中文", ENGLISH: "English"}


class Page(IntEnum):
    """The pages, in the order of the rail."""

    PACKING = 0
    ORDERS = 1
    BOARD = 2
    HANDOVER = 3
    HISTORY = 4
    PRINTERS = 5


class Rail(QWidget):
    """A button for each page, and one for each language at the bottom."""

    wanted = Signal(object)
    """The page whose button was pressed."""
    spoken = Signal(str)
    """The language whose button was pressed."""

    def __init__(self, parent: QWidget) -> None:
        """Make the buttons; their words come with the language."""
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        self.tabs = {page: self._button(drawing=page.name.lower()) for page in Page}
        for page, tab in self.tabs.items():
            tab.clicked.connect(lambda _checked=False, page=page: self.wanted.emit(page))
            self._column.addWidget(tab)
        self._column.addStretch(1)
        self.languages: dict[str, Button] = {}
        for language, name in LANGUAGE_NAMES.items():
            button = self._button()
            button.setText(name)
            button.clicked.connect(lambda _c=False, language=language: self.spoken.emit(language))
            self._column.addWidget(button)
            self.languages[language] = button

    def _button(self, drawing: str | None = None) -> Button:
        button = Button(weight=Weight.RAIL, drawing=drawing, parent=self)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        style.sized(button, 0.8)
        return button

    def retranslate(self, translator: Translator) -> None:
        """Say everything in the language that is set now."""
        words = {
            Page.PACKING: translator.text("Packing"),
            Page.ORDERS: translator.text("Orders"),
            Page.BOARD: translator.text("Board"),
            Page.HANDOVER: translator.text("Handover"),
            Page.HISTORY: translator.text("History"),
            Page.PRINTERS: translator.text("Printers"),
        }
        for page, tab in self.tabs.items():
            tab.setText(words[page])
            tab.updateGeometry()
        for language, button in self.languages.items():
            button.setChecked(language == translator.language)

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self._column.setContentsMargins(0, margin, 0, margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        QPainter(self).fillRect(self.rect(), style.RAIL)
