"""Short questions: one of several answers, or the badge of somebody who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.scan_filter import CodeField

BADGE = "PSOPR"
"""What every badge begins with."""


class AskDialog(QDialog):
    """A question with its answers as buttons, one below the other; leaving it answers nothing."""

    answered = Signal(str)
    """The word of the answer that was pressed."""

    def __init__(
        self,
        title: str,
        question: str,
        answers: Sequence[tuple[str, str]],
        translator: Translator,
        parent: QWidget,
        *,
        main: str = "",
    ) -> None:
        """Show the question.

        Args:
            title: Of the dialog.
            question: One or several sentences: what will happen.
            answers: Word and text of each.
            translator: Says "Cancel".
            parent: Its window.
            main: Word of the answer that is meant to be pressed; empty = none stands out.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        head = Label(1.1, bold=True, wraps=True)
        head.setText(title)
        column.addWidget(head)
        said = Label(0.95, wraps=True)
        said.setText(question)
        said.setVisible(bool(question))
        column.addWidget(said)
        self.answers: dict[str, Button] = {}
        for word, text in answers:
            button = Button(weight=Weight.MAIN if word == main else Weight.PLAIN, parent=self)
            button.setText(text)
            button.clicked.connect(lambda _c=False, word=word: self._answer(word))
            self.answers[word] = button
            column.addWidget(button)
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        column.addWidget(self.leave)
        for each in (*self.answers.values(), self.leave):
            each.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.setMinimumWidth(style.px(parent, 520))

    def _answer(self, word: str) -> None:
        self.answered.emit(word)
        self.accept()


class BadgeDialog(QDialog):
    """Asks for a supervisor's badge; scanned or typed."""

    given = Signal(str)
    """Id of the badge, without ``PSOPR``."""

    def __init__(self, why: str, translator: Translator, parent: QWidget) -> None:
        """Show why a badge is needed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Badge of a supervisor"))
        said = Label(0.95, wraps=True)
        said.setText(why)
        self.badge = CodeField(self)
        self.badge.setEchoMode(CodeField.EchoMode.Password)
        self.badge.setPlaceholderText(translator.text("Scan the badge, or type its number"))
        self.badge.returnPressed.connect(self._give)
        self.give = Button(weight=Weight.MAIN, parent=self)
        self.give.setText(translator.text("Go on"))
        self.give.clicked.connect(self._give)
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.give)
        column = QVBoxLayout(self)
        column.addWidget(said)
        column.addWidget(self.badge)
        column.addLayout(foot)
        for widget in (self.badge, self.give, self.leave):
            widget.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.setMinimumWidth(style.px(parent, 480))
        self.badge.setFocus()

    def take(self, code: str) -> None:
        """Take a badge that was scanned."""
        self.badge.setText(code)
        self._give()

    def _give(self) -> None:
        badge = self.badge.text().strip()
        if badge.upper().startswith(BADGE):
            badge = badge[len(BADGE) :]
        if badge:
            self.given.emit(badge)
            self.accept()


def given_badge(window: QWidget, code: str) -> bool:
    """Give a scanned badge to the dialog that waits for one; False where none does."""
    if not code.upper().startswith(BADGE):
        return False
    dialogs = cast("list[BadgeDialog]", window.findChildren(BadgeDialog))
    waiting = [dialog for dialog in dialogs if dialog.isVisible()]
    for dialog in waiting[-1:]:
        dialog.take(code)
    return bool(waiting)
