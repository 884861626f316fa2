"""The packing page: the open order, its messages, lines and label; or what to scan first."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from packstation.core.decide import WITH_ORDER
from packstation.core.effects import Answer
from packstation.core.orders import ShopKey
from packstation.core.station import Station
from packstation.core.status import Phase
from packstation.core.verification import VerificationSession
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend import Backend, Board, Shop
from packstation.ui.bench_panels import MessageLine, MessagePanel, NextItem, OrderHeader
from packstation.ui.idle_panel import IdlePanel
from packstation.ui.label_panel import LabelPanel
from packstation.ui.names import carrier_name, local_time
from packstation.ui.order_table import LineModel, LineTable


class PackingPage(QWidget):
    """Shows the station; decides nothing."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with nothing open."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._shops: dict[ShopKey, Shop] = {}
        self._station = Station()
        self.model = LineModel(translator)
        self.table = LineTable(self.model, self)
        self.header = OrderHeader(self)
        self.next_item = NextItem(translator, self)
        self.messages = MessagePanel(translator, self)
        self.message_line = MessageLine(self)
        self.idle = IdlePanel(translator, backend.carriers, self)
        self.label = LabelPanel(translator, backend, self)
        self._lines = QWidget(self)
        lines = QVBoxLayout(self._lines)
        lines.setContentsMargins(0, 0, 0, 0)
        for widget in (self.messages, self.message_line, self.next_item):
            lines.addWidget(widget)
            widget.hide()
        lines.addWidget(self.table, 1)
        self._body = QStackedWidget(self)
        for page in (self._lines, self.label):
            self._body.addWidget(page)
        self._order = QWidget(self)
        order = QVBoxLayout(self._order)
        order.setContentsMargins(0, 0, 0, 0)
        order.addWidget(self.header)
        order.addWidget(self._body, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.idle)
        self._stack.addWidget(self._order)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._layouts = (lines, order)
        self.rescale()

    def show_shops(self, shops: tuple[Shop, ...]) -> None:
        """Learn the names of the shops."""
        self._shops = {shop.key: shop for shop in shops}

    def show_board(self, board: Board) -> None:
        """Show the counts where nothing is open."""
        self.idle.show_board(board)

    @Slot(object, object)
    def show_answer(self, answer: Answer, station: Station) -> None:
        """Show the station after a scan; touches only what the scan has changed."""
        self.show_station(station)
        if station.phase is Phase.SCANNING:
            self.model.point_at(answer.sku)
            self.table.follow()

    def show_station(self, station: Station) -> None:
        """Show a station as the last decision left it."""
        self._station = station
        session = station.session
        if session is None or station.phase not in WITH_ORDER:
            if self._stack.currentWidget() is not self.idle:
                self._stack.setCurrentWidget(self.idle)
                self.model.clear()
                self.label.forget()
            self.idle.show_station(station)
            return
        self._show_header(session)
        self.model.show_session(session)
        if station.phase is Phase.SCANNING:
            self._show_lines(station, session)
        else:
            self.label.show_station(station)
            self._body.setCurrentWidget(self.label)
        if self._stack.currentWidget() is not self._order:
            self._stack.setCurrentWidget(self._order)

    def _show_header(self, session: VerificationSession) -> None:
        order = session.order
        shop = self._shops.get(order.shop)
        facts = [shop.name if shop else order.shop]
        if order.carrier is not None:
            facts.append(carrier_name(self._backend.carriers, order.carrier, self._translator))
        if order.promised_ship_at is not None:
            facts.append(
                self._translator.text("ship by {time}", time=local_time(order.promised_ship_at))
            )
        units = order.units
        done = units - session.missing
        self.header.show_order(
            self._translator.text("Order {number}", number=order.order_id),
            "  ·  ".join(facts),
            self._translator.text("{done} of {units} units", done=done, units=units),
            done / units if units else 0.0,
        )

    def _show_lines(self, station: Station, session: VerificationSession) -> None:
        pending = station.message_pending
        if pending != self.messages.isVisibleTo(self._lines):
            if pending:
                self.messages.show_messages(session.order, station.messages)
            self.messages.setVisible(pending)
        read = bool(station.messages) and not pending
        if read != self.message_line.isVisibleTo(self._lines):
            self.message_line.show_station(station)
            self.message_line.setVisible(read)
        row = self.model.next_row
        self.next_item.show_line(
            row.line if row else None, row.line.quantity - row.scanned if row else 0
        )
        wanted = row is not None and not pending
        if wanted != self.next_item.isVisibleTo(self._lines):
            self.next_item.setVisible(wanted)
        if self._body.currentWidget() is not self._lines:
            self._body.setCurrentWidget(self._lines)

    def retranslate(self) -> None:
        """Say everything in the language that is set now; nothing else changes."""
        self.model.retranslate()
        station = self._station
        if station.session is not None and station.message_pending:
            self.messages.show_messages(station.session.order, station.messages)
        self.show_station(station)
        self.idle.update()
        self.next_item.update()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        for layout in self._layouts:
            layout.setSpacing(style.px(self, 8))
        self.table.rescale()
        self.messages.rescale()
        self.label.rescale()
