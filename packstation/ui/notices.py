"""Notices above the page: paper that did not come out, a resumed order, what an import did."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.controls import Button, Label

AT_MOST = 3
"""Older notices go when more come."""


class Tone(Enum):
    """How much a notice asks for."""

    QUIET = "quiet"
    WARNING = "warning"
    ALARM = "alarm"
    """Cannot be dismissed."""


_GROUNDS = {
    Tone.QUIET: QColor("#dcebf9"),
    Tone.WARNING: QColor("#ffe39a"),
    Tone.ALARM: style.RED,
}


class Notice(QWidget):
    """One line with a button that takes it away."""

    def __init__(
        self, say: Callable[[], str], tone: Tone, translator: Translator, parent: QWidget
    ) -> None:
        """Make a notice; ``say`` is asked again when the language changes."""
        super().__init__(parent)
        self.say = say
        self.tone = tone
        self._translator = translator
        self._ground = _GROUNDS[tone]
        self._label = Label(
            1.0 if tone is not Tone.ALARM else 1.3,
            bold=tone is Tone.ALARM,
            colour=style.ink_on(self._ground),
            wraps=True,
        )
        self._away = Button(parent=self)
        self._away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        style.sized(self._away, 0.85)
        self._away.setVisible(tone is not Tone.ALARM)
        row = QHBoxLayout(self)
        margin = style.px(parent, 6)
        row.setContentsMargins(3 * margin, margin, margin, margin)
        row.addWidget(self._label, 1)
        row.addWidget(self._away)
        self._away.clicked.connect(self.deleteLater)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language that is set now."""
        self._label.setText(self.say())
        self._away.setText(self._translator.text("Seen"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, self.width(), self.height() - 1), self._ground)


class NoticeBar(QWidget):
    """A pile of at most a few notices, newest on top; no room where there is none."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        """Make an empty pile."""
        super().__init__(parent)
        self._translator = translator
        self._pile = QVBoxLayout(self)
        self._pile.setContentsMargins(0, 0, 0, 0)
        self._pile.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def notices(self) -> list[Notice]:
        """What is shown, newest first."""
        items = (self._pile.itemAt(i) for i in range(self._pile.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, Notice)]

    def tell(self, say: Callable[[], str], tone: Tone = Tone.QUIET) -> None:
        """Show a notice.

        Args:
            say: Gives the sentence; asked again when the language changes.
            tone: How much it asks for.
        """
        said = say()
        if any(notice.say() == said for notice in self.notices):
            return
        notice = Notice(say, tone, self._translator, self)
        style.resize_fonts(notice, self.window().font().pixelSize())
        self._pile.insertWidget(0, notice)
        calm = [n for n in self.notices if n.tone is not Tone.ALARM]
        for old in calm[AT_MOST:]:
            self._pile.removeWidget(old)
            old.deleteLater()

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        for notice in self.notices:
            notice.retranslate()
