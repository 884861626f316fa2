"""A closed handover's receipt: its picture in Chinese and English, and another copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from packstation.core.status import PaperKind
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.counts_dialog import CountsDialog
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
        self.differ = Button(parent=self)
        for button in (self.chinese, self.english, self.reprint, self.differ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.chinese.clicked.connect(lambda: self._choose("zh"))
        self.english.clicked.connect(lambda: self._choose("en"))
        self.reprint.clicked.connect(self._reprint)
        self.differ.clicked.connect(self._ask_counts)
        column = QVBoxLayout()
        for widget in (self.reprint, self.differ, self.chinese, self.english, self._said):
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
        words = self._translator.text("The receipt is printed again.")
        self._backend.reprint_receipt(self._manifest, lambda answer: self._tell(answer, words))

    def _tell(self, answer: object, words: str) -> None:
        if isinstance(answer, PackStationError):
            error = explain_error(answer, self._translator)
            words = f"{error.sentence} {error.fix}".strip()
        self._said.setText(words)

    def _ask_counts(self) -> None:
        """Ask what the courier counts, and print the slip of both counts."""
        asked = self._manifest
        printed = self._translator.text("The discrepancy slip is on its way to the printer.")

        def print_it(terms: str) -> None:
            self._backend.print_slip(
                PaperKind.DISCREPANCY_SLIP,
                asked,
                terms,
                lambda answer: self._tell(answer, printed),
            )

        def show(answer: tuple[tuple[str, int], ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._tell(answer, "")
            elif asked == self._manifest:
                dialog = CountsDialog(self._translator, asked, answer, self.window())
                dialog.wanted.connect(print_it)
                dialog.open()

        self._backend.manifest_bags(asked, show)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        self.reprint.setText(self._translator.text("Reprint receipt"))
        self.chinese.setText(self._translator.text("In Chinese"))
        self.english.setText(self._translator.text("In English"))
        self.differ.setText(self._translator.text("Counts differ"))
        for button in (self.chinese, self.english, self.reprint, self.differ):
            button.updateGeometry()
