"""The bench with no order open: what to scan, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from packstation.core.carriers import Carrier
from packstation.core.station import Station
from packstation.core.status import Phase
from packstation.i18n import Translator
from packstation.printing.barcodes import modules
from packstation.printing.document import Symbology
from packstation.ui import style
from packstation.ui.backend import Board
from packstation.ui.names import carrier_name
from packstation.ui.pictures import draw_code
from packstation.ui.signs import Sign, draw_sign


class IdlePanel(QWidget):
    """A large invitation to scan, and three counts; painted, so that nothing is laid out."""

    def __init__(
        self,
        translator: Translator,
        carriers: Sequence[Carrier],
        parent: QWidget | None = None,
    ) -> None:
        """Make a panel that knows of nothing yet."""
        super().__init__(parent)
        self._translator = translator
        self._carriers = carriers
        self._station = Station()
        self._board = Board()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """Room for a sentence and the counts."""
        return QSize(style.px(self, 420), style.px(self, 200))

    def show_station(self, station: Station) -> None:
        """Show the open bag and handover."""
        self._station = station
        self.update()

    def show_board(self, board: Board) -> None:
        """Show the counts."""
        self._board = board
        self.update()

    def _invitation(self) -> tuple[str, str]:
        station = self._station
        if station.stop is not None:
            return self._translator.text("Scan OK to go on"), self._translator.text(
                "Nothing else is taken until you have seen this."
            )
        if station.phase is Phase.HANDOVER:
            return (
                self._translator.text("Scan the sealed bags"),
                self._translator.text("Scan CLOSE when all bags are counted, or PAUSE to pack on."),
            )
        hint = self._translator.text(
            "The number is on the pick list, or on the label that came with it."
        )
        if station.bag is not None:
            hint = self._translator.text(
                "Scan the label of a sealed parcel to put it into the open bag."
            )
        if not self._board.to_pack and station.bag is None:
            hint = self._translator.text(
                "No order waits. Import the export file of your shop on the orders page."
            )
        return self._translator.text("Scan an order number"), hint

    def _tiles(self) -> list[tuple[str, str, str]]:
        station, board = self._station, self._board
        tiles = [
            (str(board.to_pack), self._translator.text("orders to pack"), ""),
            (str(board.sealed), self._translator.text("sealed, not in a bag"), ""),
        ]
        if station.handover is not None:
            bags, parcels = len(station.handover.bags), station.handover.parcels
            under = self._translator.text("Parcels: {parcels}", parcels=parcels)
            tiles.append((str(bags), self._translator.text("bags counted for handover"), under))
        elif station.bag is not None:
            bag = station.bag
            who = carrier_name(self._carriers, bag.carrier, self._translator)
            tiles.append(
                (str(bag.parcels), self._translator.text("in the open bag"), f"{bag.code} · {who}")
            )
        else:
            tiles.append(("—", self._translator.text("no bag open"), ""))
        return tiles

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the invitation above the counts."""
        base = self.window().font().pixelSize()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = self.width(), self.height()
        head, hint = self._invitation()
        tall = round(high * 0.46)
        side = min(tall * 0.62, base * 6.0)
        mark = QRectF(base, (tall - side) / 2, side * 1.15, side)
        if self._station.stop is not None:
            module = max(1, round(base / 11))
            across = modules(Symbology.CODE128, "PSCMDOK").across_with_quiet * module
            mark = QRectF(0, (tall - side) / 2, across, side)
            draw_code(painter, mark.toRect(), "PSCMDOK", module)
        else:
            draw_sign(painter, Sign.BARCODE, mark, style.RAIL)
        left = round(mark.right() + base * 1.4)
        room = wide - left - base
        big = style.fitted(head, min(base * 2.4, tall * 0.36), room, least=base)
        painter.setFont(big)
        painter.setPen(style.TEXT)
        lower_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRect(left, 0, room, round(tall * 0.56)), int(lower_left), head)
        painter.setFont(style.font(base))
        painter.setPen(style.MUTED)
        upper = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(
            QRect(left, round(tall * 0.62), room, round(tall * 0.40)), int(upper), hint
        )
        self._paint_tiles(painter, QRect(0, tall, wide, high - tall), base)

    def _paint_tiles(self, painter: QPainter, room: QRect, base: int) -> None:
        tiles = self._tiles()
        gap = base // 2
        wide = (room.width() - gap * (len(tiles) - 1)) // len(tiles)
        high = min(room.height() - 2, base * 9)
        centre = int(Qt.AlignmentFlag.AlignCenter)
        for index, (count, what, under) in enumerate(tiles):
            box = QRect(room.left() + index * (wide + gap), room.top(), wide, high)
            painter.setPen(QPen(style.LINE, 1))
            painter.setBrush(style.SURFACE)
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setPen(style.TEXT)
            painter.setFont(style.fitted(count, min(base * 3.2, high * 0.42), wide, least=base))
            share = 0.50 if under else 0.58
            number = QRect(box.left(), box.top(), wide, round(high * share))
            painter.drawText(number, centre, count)
            painter.setPen(style.MUTED)
            painter.setFont(style.fitted(what, base, wide - gap, least=base * 0.6, bold=False))
            line = QRect(box.left(), number.bottom(), wide, round(high * 0.24))
            painter.drawText(line, centre, what)
            if under:
                painter.setPen(style.TEXT)
                painter.setFont(style.fitted(under, base * 0.9, wide - gap, least=base * 0.55))
                last = QRect(box.left(), line.bottom(), wide, round(high * 0.22))
                painter.drawText(last, centre, under)
