"""A closed handover's receipt: its picture in Chinese and English, and another copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.pictures import Picture
from packstation.ui.texts import explain_error


class ReceiptPanel(QWidget):
    """Picture at the left, buttons at the right."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make an empty panel."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._manifest = ""
        self._language: str | None = None
        self.picture = Picture(self)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self.picture)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._said = Label(0.9, colour=style.MUTED, wraps=True)
        self.chinese = Button(parent=self)
        self.english = Button(parent=self)
        self.reprint = Button(weight=Weight.MAIN, parent=self)
        for button in (self.chinese, self.english, self.reprint):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.chinese.clicked.connect(lambda: self._choose("zh"))
        self.english.clicked.connect(lambda: self._choose("en"))
        self.reprint.clicked.connect(self._reprint)
        column = QVBoxLayout()
        for widget in (self.reprint, self.chinese, self.english, self._said):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(area, 1)
        row.addLayout(column)
        self.retranslate()

    def show_manifest(self, number: str) -> None:
        """Show the receipt of a manifest."""
        self._manifest = number
        self._said.setText("")
        self.refresh()

    def refresh(self) -> None:
        """Ask for the picture again."""
        if not self._manifest:
            return
        asked = (self._manifest, self._language or self._translator.paper_language)

        def show(answer: bytes | PackStationError) -> None:
            if asked[0] != self._manifest:
                return
            if isinstance(answer, PackStationError):
                self.picture.show_text(explain_error(answer, self._translator).sentence)
                self.picture.setMinimumHeight(0)
            else:
                self.picture.show_png(answer)
                self.picture.setMinimumHeight(self.picture.whole_height)

        self._backend.receipt_preview(*asked, show)

    def _choose(self, language: str) -> None:
        self._language = language
        self.refresh()

    def _reprint(self) -> None:
        def said(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}")
            else:
                self._said.setText(self._translator.text("The receipt is printed again."))

        self._backend.reprint_receipt(self._manifest, said)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        self.reprint.setText(self._translator.text("Reprint receipt"))
        self.chinese.setText(self._translator.text("In Chinese"))
        self.english.setText(self._translator.text("In English"))
        for button in (self.chinese, self.english, self.reprint):
            button.updateGeometry()
