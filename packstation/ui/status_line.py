"""The line at the window's foot: station, printers, and what waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import UNTRIED, Board
from packstation.ui.names import age_words, pause_words, printer_words

OLD_S = 15 * 60.0
"""From this age of the oldest unsent event on the line is amber."""
TOO_OLD_S = 2 * 3600.0
"""From this age on it is red."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp of the line: a colour and what it means."""

    colour: QColor
    text: str


def lamps(board: Board, translator: Translator) -> tuple[Lamp, ...]:
    """Return the lamps of the printers, of low numbers where there are, and of the outbox."""

    def printer(sentence: str, word: str | None) -> Lamp:
        colour = {None: style.GREEN, UNTRIED: style.MUTED}.get(word, style.RED)
        return Lamp(colour, translator.text(sentence, state=printer_words(word, translator)))

    low: tuple[Lamp, ...] = ()
    if board.low_pools:
        words = translator.plural(
            "{count} pool of numbers runs low", "{count} pools of numbers run low", board.low_pools
        )
        low = (Lamp(style.AMBER, words),)
    return (
        printer(_("Label printer: {state}"), board.label_printer),
        printer(_("Receipt printer: {state}"), board.receipt_printer),
        *low,
        outbox_lamp(board, translator),
    )


def outbox_lamp(board: Board, translator: Translator) -> Lamp:
    """Return how sending to the shop goes."""
    age = board.oldest_s or 0.0
    waits = translator.text(
        "{count} unsent, oldest {age}", count=board.unsent, age=age_words(age, translator)
    )
    if board.parked:
        return Lamp(
            style.RED,
            translator.text(
                "{parked} refused by the shop, {waits}", parked=board.parked, waits=waits
            ),
        )
    if board.paused is not None:
        return Lamp(style.RED, f"{pause_words(board.paused, translator)} · {waits}")
    if not board.unsent:
        return Lamp(style.GREEN, translator.text("Everything is sent"))
    if age >= TOO_OLD_S:
        return Lamp(style.RED, waits)
    return Lamp(style.AMBER if age >= OLD_S else style.GREEN, waits)


class StatusLine(QWidget):
    """Lamps in a row, painted; the outbox at the right."""

    def __init__(
        self, translator: Translator, station_number: int, parent: QWidget | None = None
    ) -> None:
        """Make a line that knows of nothing yet."""
        super().__init__(parent)
        self._translator = translator
        self._station = station_number
        self._board = Board()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line high."""
        return QSize(style.px(self, 600), style.px(self, 38))

    def show_board(self, board: Board) -> None:
        """Show the counts."""
        if board != self._board:
            self._board = board
            self.setAccessibleName(" · ".join(lamp.text for lamp in lamps(board, self._translator)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint station, lamps and outbox; shrinks rather than clips."""
        base = self.window().font().pixelSize()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), style.SURFACE)
        painter.fillRect(QRect(0, 0, self.width(), 1), style.LINE)
        station = self._translator.text("Station {number}", number=f"{self._station:02d}")
        parts = lamps(self._board, self._translator)
        size = base * 0.8
        while True:
            metrics = QFontMetrics(style.font(size))
            wide = metrics.horizontalAdvance(station) + base * 1.6
            wide += sum(metrics.horizontalAdvance(p.text) + base * 2.2 for p in parts)
            if wide <= self.width() or size <= base * 0.45:
                break
            size *= 0.95
        painter.setFont(style.font(size))
        metrics = painter.fontMetrics()
        x = base * 0.8
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(style.MUTED)
        painter.drawText(QRectF(x, 0, self.width(), self.height()), middle, station)
        x += metrics.horizontalAdvance(station) + base * 1.4
        for index, lamp in enumerate(parts):
            advance = metrics.horizontalAdvance(lamp.text)
            if index == len(parts) - 1:
                x = max(x, self.width() - advance - base * 1.8)
            dot = size * 0.62
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(lamp.colour)
            painter.drawEllipse(QRectF(x, (self.height() - dot) / 2, dot, dot))
            calm = lamp.colour is not style.RED
            painter.setPen(style.TEXT if calm else style.RED)
            box = QRectF(x + dot * 1.6, 0, advance + base, self.height())
            painter.drawText(box, middle, lamp.text)
            x += dot * 1.6 + advance + base * 1.2
