"""Panels of the open order: whose it is, how far it is, what comes next, what must be read."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from packstation.core.orders import Order, OrderLine
from packstation.core.station import Station
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.controls import Card, Label
from packstation.ui.pictures import BarcodePicture

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OrderHeader(QWidget):
    """Order number, shop, carrier, promised time, and a bar of how many units are in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty header."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._number = ""
        self._facts = ""
        self._progress = ""
        self._part = 0.0

    def sizeHint(self) -> QSize:
        """Two lines high."""
        return QSize(style.px(self, 400), style.px(self, 66))

    def show_order(self, number: str, facts: str, progress: str, part: float) -> None:
        """Show an order.

        Args:
            number: The order number, with its word.
            facts: Shop, carrier, promised time.
            progress: Units in and needed.
            part: Share of units that are in, 0 to 1.
        """
        wanted = (number, facts, progress, part)
        if wanted != (self._number, self._facts, self._progress, self._part):
            self._number, self._facts, self._progress, self._part = wanted
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint two lines at the left, count and bar at the right."""
        base = self.window().font().pixelSize()
        painter = QPainter(self)
        wide, high = self.width(), self.height()
        right = round(wide * 0.34)
        left = wide - right - base
        number = style.fitted(self._number, base * 1.3, left, least=base * 0.8)
        painter.setFont(number)
        painter.setPen(style.TEXT)
        short = QFontMetrics(number).elidedText(self._number, Qt.TextElideMode.ElideMiddle, left)
        painter.drawText(QRect(0, 0, left, round(high * 0.56)), int(_LEFT), short)
        small = style.fitted(self._facts, base * 0.85, left, least=base * 0.68, bold=False)
        painter.setFont(small)
        painter.setPen(style.MUTED)
        short = QFontMetrics(small).elidedText(self._facts, Qt.TextElideMode.ElideRight, left)
        painter.drawText(QRect(0, round(high * 0.54), left, round(high * 0.42)), int(_LEFT), short)
        painter.setPen(style.TEXT)
        painter.setFont(style.fitted(self._progress, base * 1.2, right, least=base * 0.5))
        box = QRect(wide - right, 0, right, round(high * 0.60))
        painter.drawText(box, int(_RIGHT), self._progress)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(wide - right, high * 0.68, right, high * 0.18)
        painter.setBrush(style.LINE)
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        if self._part > 0:
            done = QRectF(bar)
            done.setWidth(max(bar.height(), bar.width() * self._part))
            painter.setBrush(style.GREEN)
            painter.drawRoundedRect(done, bar.height() / 2, bar.height() / 2)


class NextItem(QWidget):
    """What to take next, large: storage place, title, how many are still missing."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        """Make an empty panel."""
        super().__init__(parent)
        self._translator = translator
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line: OrderLine | None = None
        self._missing = 0

    def sizeHint(self) -> QSize:
        """Room for a storage place that is read at two metres."""
        return QSize(style.px(self, 400), style.px(self, 88))

    def show_line(self, line: OrderLine | None, missing: int) -> None:
        """Show a line with the units that it still needs."""
        if (line, missing) != (self._line, self._missing):
            self._line, self._missing = line, missing
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint place, goods and count."""
        line = self._line
        if line is None:
            return
        base = self.window().font().pixelSize()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.LINE)
        painter.setBrush(style.SURFACE)
        radius = base * 0.4
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        chip = self._paint_place(painter, line, base)
        count = round(base * 4.2)
        left = chip.right() + base // 2
        room = self.width() - left - count - base
        title = style.fitted(line.title, base * 1.25, room, least=base * 0.95)
        painter.setFont(title)
        painter.setPen(style.TEXT)
        upper = QRect(left, round(self.height() * 0.10), room, round(self.height() * 0.46))
        short = QFontMetrics(title).elidedText(line.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, int(_LEFT), short)
        under = "  ·  ".join(part for part in (line.spec, line.sku or line.barcode) if part)
        small = style.font(base * 0.9)
        painter.setFont(small)
        painter.setPen(style.MUTED)
        lower = QRect(left, round(self.height() * 0.54), room, round(self.height() * 0.38))
        short = QFontMetrics(small).elidedText(under, Qt.TextElideMode.ElideRight, room)
        painter.drawText(lower, int(_LEFT), short)
        text = f"× {self._missing}"
        painter.setPen(style.TEXT)
        painter.setFont(style.fitted(text, base * 2.0, count, least=base))
        box = QRect(self.width() - count - base // 2, 0, count, self.height())
        painter.drawText(box, int(_RIGHT), text)

    def _paint_place(self, painter: QPainter, line: OrderLine, base: int) -> QRect:
        inset = base // 3
        side = self.height() - 2 * inset
        chip = QRect(inset, inset, round(base * 6.6), side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.RAIL)
        painter.drawRoundedRect(chip, base * 0.3, base * 0.3)
        painter.setPen(style.RAIL_TEXT)
        caption = self._translator.text("Next from")
        painter.setFont(
            style.fitted(caption, base * 0.72, chip.width() - base, least=8, bold=False)
        )
        top = QRect(chip.left(), chip.top(), chip.width(), round(side * 0.38))
        painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter), caption)
        painter.setPen(style.SURFACE)
        place = line.bin or self._translator.text("no bin")
        painter.setFont(style.fitted(place, base * 1.7, chip.width() - base // 2, least=base * 0.7))
        below = QRect(chip.left(), top.bottom(), chip.width(), round(side * 0.58))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), place)
        return chip


class MessagePanel(Card):
    """Buyer message and seller memo; stays until PSCMDOK is scanned."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        """Make an empty panel."""
        super().__init__(style.AMBER, parent)
        self._translator = translator
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._ask = Label(1.05, bold=True, wraps=True)
        self._heads = (Label(0.8, colour=style.MUTED), Label(0.8, colour=style.MUTED))
        self._texts = (Label(1.2, bold=True, wraps=True), Label(1.2, bold=True, wraps=True))
        self._code = BarcodePicture("PSCMDOK", self)
        row = QHBoxLayout(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._ask)
        for head, said in zip(self._heads, self._texts, strict=True):
            words.addWidget(head)
            words.addWidget(said)
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(self._code, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.rescale()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 14)
        self._row.setContentsMargins(margin + style.px(self, 10), margin // 2, margin, margin // 2)

    def show_messages(self, order: Order, messages: tuple[str, ...]) -> None:
        """Show what the buyer and the shop have written."""
        heads = [self._translator.text("Buyer message")] if order.has_buyer_message else []
        if order.has_seller_memo:
            heads.append(self._translator.text("Seller memo"))
        heads += [self._translator.text("Message")] * (len(messages) - len(heads))
        self._ask.setText(self._translator.text("Read this, then scan OK"))
        for index, (head, said) in enumerate(zip(self._heads, self._texts, strict=True)):
            there = index < len(messages)
            head.setVisible(there)
            said.setVisible(there)
            if there:
                head.setText(heads[index])
                said.setText(messages[index][:300])
        self._texts[-1].setText("\n".join(m[:300] for m in messages[1:]))


class MessageLine(QWidget):
    """Messages that were read: one quiet line that stays in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty line."""
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line high."""
        return QSize(style.px(self, 200), style.px(self, 34))

    def show_station(self, station: Station) -> None:
        """Show the messages of the open order."""
        self._text = "  |  ".join(" ".join(m.split()) for m in station.messages)
        self.setToolTip("\n".join(station.messages))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it on a pale ground with an amber edge."""
        base = self.window().font().pixelSize()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#fff7df"))
        painter.fillRect(QRect(0, 0, base // 3, self.height()), style.AMBER)
        face = style.font(base * 0.85)
        painter.setFont(face)
        painter.setPen(style.TEXT)
        room = self.rect().adjusted(base, 0, -base // 2, 0)
        short = QFontMetrics(face).elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(_LEFT), short)
