"""The verdict band: colour, sign, word, what it means and what to do, painted by hand.

No layout, no style sheet and no child widget, so that an answer costs one short paint event.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from packstation.ui import style
from packstation.ui.signs import Sign, draw_sign

WORD_PX = 90
SENTENCE_PX = 30
LEAST_PX = 17
_WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Shown:
    """What the band says."""

    word: str
    sign: Sign
    ground: QColor
    ink: QColor
    sentence: str = ""
    todo: str = ""
    count: str = ""
    """Large at the right, for example ``2/3`` of the line just touched."""
    under: str = ""
    """Small below the count."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """Fonts and boxes for one text in one size."""

    sign: QRectF
    word_font: QFont
    word: QRect
    small: QFont
    sentence: QRect
    todo_font: QFont
    todo: QRect
    count_font: QFont
    count: QRect
    under: QRect


class VerdictBand(QWidget):
    """The upper third of the packing page; default focus of the window, takes no keys."""

    painted = Signal(int)
    """Number of the scan whose answer has just been painted; at the end of the paint event."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a band that says nothing yet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._shown = Shown("", Sign.ARROW, style.GROUND, style.TEXT)
        self._placed: _Placed | None = None
        self._number = 0
        self._told = 0

    @property
    def shown(self) -> Shown:
        """What it says now."""
        return self._shown

    def minimumSizeHint(self) -> QSize:
        """Keep room for a word and two lines."""
        return QSize(style.px(self, 480), style.px(self, 170))

    def show_at_once(self, shown: Shown, number: int) -> None:
        """Paint an answer before this call returns.

        Args:
            shown: What to say.
            number: Of the scan, told by ``painted``; 0 when nobody scanned.
        """
        self._set(shown, number)
        self.repaint()

    def show_soon(self, shown: Shown) -> None:
        """Say something that no scan has asked for, at the next paint."""
        self._set(shown, 0)
        self.update()

    def _set(self, shown: Shown, number: int) -> None:
        self._shown = shown
        self._placed = None
        self._number = number
        self.setAccessibleName(f"{shown.word}. {shown.sentence} {shown.todo}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again."""
        self._placed = None
        super().resizeEvent(event)

    def _place(self) -> _Placed:
        shown, wide, high = self._shown, self.width(), self.height()
        unit = min(high / 256, wide / 900)
        gap = round(24 * unit)
        side = round(min(0.60 * high, 0.16 * wide))
        sign = QRectF(gap * 1.5, (high - side) / 2, side, side)
        left = round(sign.right() + gap * 1.6)
        right = round(190 * unit) if shown.count else 0
        count = QRect(wide - right - gap, round(0.16 * high), right, round(0.44 * high))
        under = QRect(count.left(), count.bottom(), right, round(0.30 * high))
        text = wide - left - right - gap - (gap if right else 0)
        word_font = style.fitted(shown.word, WORD_PX * unit, text, least=34 * unit)
        word_high = round(QFontMetrics(word_font).capHeight() * 1.45)
        between = round(10 * unit)
        top_room = high - word_high - between - round(1.6 * gap)
        size = SENTENCE_PX * unit
        while True:
            small = style.font(size)
            todo_font = style.font(size, weight=QFont.Weight.Bold)
            needs = [
                QFontMetrics(face).boundingRect(QRect(0, 0, text, 10_000), int(_WRAP), words)
                for face, words in ((small, shown.sentence), (todo_font, shown.todo))
            ]
            tall = sum(box.height() for box in needs)
            if tall <= top_room or size <= LEAST_PX * unit:
                break
            size -= 1
        free = max(0, top_room - tall)
        word = QRect(left, round(0.8 * gap) + free // 4, text, word_high)
        sentence = QRect(left, word.bottom() + between + free // 8, text, needs[0].height())
        todo = QRect(left, sentence.bottom() + 1 + free // 8, text, needs[1].height())
        count_font = style.fitted(shown.count, 84 * unit, right, least=24 * unit)
        return _Placed(
            sign, word_font, word, small, sentence, todo_font, todo, count_font, count, under
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint everything; some milliseconds at most."""
        shown = self._shown
        placed = self._placed or self._place()
        self._placed = placed
        painter = QPainter(self)
        painter.fillRect(self.rect(), shown.ground)
        draw_sign(painter, shown.sign, placed.sign, shown.ink)
        painter.setPen(shown.ink)
        painter.setFont(placed.word_font)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(placed.word, int(middle | Qt.TextFlag.TextDontClip), shown.word)
        painter.setFont(placed.small)
        painter.drawText(placed.sentence, int(_WRAP), shown.sentence)
        painter.setFont(placed.todo_font)
        painter.drawText(placed.todo, int(_WRAP), shown.todo)
        if shown.count:
            painter.setFont(placed.count_font)
            painter.drawText(placed.count, int(Qt.AlignmentFlag.AlignCenter), shown.count)
            painter.setFont(placed.small)
            top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(placed.under, int(top | Qt.TextFlag.TextWordWrap), shown.under)
        painter.end()
        if self._number != self._told:
            self._told = self._number
            if self._number:
                self.painted.emit(self._number)
