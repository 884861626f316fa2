"""The window: navigation, notices, verdict, pages, command strip and status line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from packstation.core.decide import WITH_ORDER
from packstation.core.effects import Answer
from packstation.core.order_query import Group
from packstation.core.station import Station
from packstation.core.status import ACCEPTED, Phase, PrintOutcome, Verdict
from packstation.errors import PackStationError
from packstation.i18n import CHINESE, ENGLISH, Translator
from packstation.ui import style
from packstation.ui.answer_view import resting, shown_answer
from packstation.ui.ask_dialogs import given_badge
from packstation.ui.backend import Backend, Board, Shop
from packstation.ui.board_page import BoardPage
from packstation.ui.bridge import Bridge
from packstation.ui.command_strip import CommandStrip
from packstation.ui.handover_page import HandoverPage
from packstation.ui.history_page import HistoryPage
from packstation.ui.notices import NoticeBar, Tone
from packstation.ui.orders_page import OrdersPage
from packstation.ui.packing_page import PackingPage
from packstation.ui.printers_page import PrintersPage
from packstation.ui.qt_words import QtWords
from packstation.ui.rail import Page, Rail
from packstation.ui.scan_filter import ScanFilter
from packstation.ui.signs import icon
from packstation.ui.status_line import StatusLine
from packstation.ui.verdict_band import VerdictBand
from packstation.ui.verdict_words import KINDS, Kind
from packstation.ui.window_news import WindowNews

COUNT_AFTER_MS = 1000
"""Pause between something written and the counts; 20 ms in the desk's room at 100,000 orders."""
COUNT_EVERY_MS = 10_000
"""How often ages are looked at without anything being written."""
LANGUAGE_NAMES = {CHINESE: "中文", ENGLISH: "English"}


class Ears(Protocol):
    """What makes verdicts heard; see feedback."""

    def play(self, kind: Kind) -> None:
        """Play the sound of a kind; returns at once."""
        ...


class MainWindow(QWidget):
    """Puts the pages together and leads every answer to band, pages and ears."""

    def __init__(
        self, bridge: Bridge, backend: Backend, translator: Translator, ears: Ears
    ) -> None:
        """Make the window; it shows the station that the bridge has.

        Args:
            bridge: Tells what the engine decides.
            backend: Answers the pages.
            translator: Says the words; its language is changed by the buttons of the rail.
            ears: Makes verdicts heard.
        """
        super().__init__()
        style.dress_application()
        self._bridge = bridge
        self._backend = backend
        self._translator = translator
        self._ears = ears
        self._last: Answer | None = None
        self._base_px = style.BASE_PX
        self.setFont(style.font(style.BASE_PX))
        self.setWindowIcon(QIcon(icon("packstation", 64, "#000000")))
        self.setWindowTitle("PackStation")
        self.setMinimumSize(1024, 640)
        self.resize(style.DESIGN)
        self.band = VerdictBand(self)
        self.notices = NoticeBar(translator, self)
        self.packing = PackingPage(translator, backend, self)
        self.orders = OrdersPage(translator, backend, self)
        self.board = BoardPage(translator, backend, self)
        self.handover = HandoverPage(translator, backend, self)
        self.history = HistoryPage(translator, backend, self)
        self.printers = PrintersPage(translator, backend, self)
        self.strip = CommandStrip(translator, backend.scan, self)
        self.status = StatusLine(translator, backend.station_number, self)
        self.scans = ScanFilter(self)
        self.scans.scanned.connect(lambda text, _at_ms: self._scanned(text))
        self._qt_words = QtWords()
        self.news = WindowNews(
            translator, backend, self.orders.lists, self.orders.report, self.tell, self
        )
        self._lay_out()
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_AFTER_MS)
        self._count_soon.timeout.connect(self._count)
        self._count_often = QTimer(self)
        self._count_often.setInterval(COUNT_EVERY_MS)
        self._count_often.timeout.connect(self._count)
        bridge.scan_answered.connect(self._answered)
        bridge.answer_recorded.connect(self._recorded)
        bridge.station_settled.connect(self._settled)
        bridge.station_started.connect(self._started)
        bridge.paper_came.connect(self._paper)
        bridge.store_wrote.connect(self._wrote)
        self.orders.report.ended.connect(self._wrote)
        self.board.chosen.connect(self._show_orders)
        backend.shops(self._shops)
        self._started(bridge.station)
        self.retranslate()

    def _lay_out(self) -> None:
        self.rail = Rail(self)
        self.rail.wanted.connect(self.show_page)
        self.rail.spoken.connect(self.set_language)
        self.tabs, self.languages = self.rail.tabs, self.rail.languages
        self._stack = QStackedWidget(self)
        self._pages = (
            self.packing, self.orders, self.board, self.handover, self.history, self.printers,
        )  # fmt: skip
        for part in self._pages:
            self._stack.addWidget(part)
        self._body = QHBoxLayout()
        self._body.addWidget(self._stack, 1)
        self._body.addWidget(self.strip)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.band)
        column.addLayout(self._body, 1)
        column.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return Page(self._stack.currentIndex())

    def show_page(self, page: Page) -> None:
        """Show a page; the verdict and the commands stay with packing and handover."""
        bench = page in (Page.PACKING, Page.HANDOVER)
        self.band.setVisible(bench)
        self.strip.setVisible(bench)
        self._stack.setCurrentIndex(page)
        for each, tab in self.tabs.items():
            tab.setChecked(each is page)
        if bench:
            self.band.setFocus()
        else:
            self.setFocus()
        self._refresh_page()

    def _show_orders(self, group: Group) -> None:
        self.show_page(Page.ORDERS)
        self.orders.show_group(group)

    def set_language(self, language: str) -> None:
        """Say everything in another language; nothing else changes."""
        self._translator.set_language(language)
        self._backend.set_language(language)
        self._backend.shops(self._shops)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        self.rail.retranslate(self._translator)
        for part in (self.notices, *self._pages):
            part.retranslate()
        self.strip.retranslate()
        self.status.update()
        self._qt_words.speak(self._translator.language)
        if self._last is not None:
            self.band.show_soon(shown_answer(self._last, self._translator))
        else:
            self.band.show_soon(resting(self._bridge.station, self._translator))

    def _scanned(self, text: str) -> None:
        # A badge that a dialog waits for is for the dialog; everything else is for the station.
        if given_badge(self, text):
            return
        if self.printers.given(text):
            self.show_page(Page.PRINTERS)
            return
        batch = self.orders.paper.batch
        if batch is not None and batch.take(text):
            return
        self._backend.scan(text)

    @Slot(object, object)
    def _answered(self, answer: Answer, station: Station) -> None:
        self._last = answer
        self._follow(answer, station)
        number = answer.scan.number if answer.scan else 0
        self.band.show_at_once(shown_answer(answer, self._translator), number)
        if answer.verdict not in ACCEPTED:
            self._ears.play(KINDS[answer.verdict])
        self.packing.show_answer(answer, station)
        self.handover.show_station(station)
        self.strip.show_station(station)
        if answer.verdict is Verdict.NOT_SAVED:
            self._alarm()

    def _follow(self, answer: Answer, station: Station) -> None:
        """Bring the page to the front that the scan was about."""
        wanted = self.page
        if station.phase is Phase.HANDOVER or answer.verdict is Verdict.HANDED_OVER:
            wanted = Page.HANDOVER
        elif station.phase in WITH_ORDER or wanted in (
            Page.ORDERS,
            Page.BOARD,
            Page.HISTORY,
            Page.PRINTERS,
        ):
            wanted = Page.PACKING
        if wanted is not self.page:
            self.show_page(wanted)

    @Slot(object)
    def _recorded(self, answer: Answer) -> None:
        if answer.verdict in ACCEPTED:
            self._ears.play(KINDS[answer.verdict])
        if answer.verdict is Verdict.HANDED_OVER and answer.manifest is not None:
            self.handover.show_closed(answer.manifest)

    @Slot(object)
    def _settled(self, station: Station) -> None:
        self.packing.show_station(station)
        self.handover.show_station(station)
        self.strip.show_station(station)

    @Slot(object)
    def _started(self, station: Station) -> None:
        self.band.show_soon(resting(station, self._translator))
        self.show_page(Page.HANDOVER if station.phase is Phase.HANDOVER else Page.PACKING)
        self._settled(station)
        if station.session is not None or station.phase is Phase.HANDOVER:
            self.tell(
                lambda: self._translator.text("Resumed after an interruption: nothing was lost.")
            )
        if station.failed is not None:
            self._alarm()

    def _alarm(self) -> None:
        self.tell(
            lambda: self._translator.text(
                "Cannot save: stop packing. Free space on the disk or call support."
            ),
            Tone.ALARM,
        )

    def tell(self, say: Callable[[], str], tone: Tone = Tone.QUIET) -> None:
        """Show a notice above the page; ``say`` is asked again when the language changes."""
        self.notices.tell(say, tone)

    @Slot(str, str, object, str)
    def _paper(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        self.handover.paper_came()
        self._wrote()
        if outcome not in (PrintOutcome.FAILED, PrintOutcome.UNKNOWN):
            return
        if kind == "receipt":
            self.tell(
                lambda: self._translator.text(
                    "The receipt of {key} did not come out. Reprint it.", key=key
                ),
                Tone.WARNING,
            )
        else:
            self.tell(
                lambda: self._translator.text(
                    "The label of bag {key} did not come out. Check the printer.", key=key
                ),
                Tone.WARNING,
            )

    @Slot()
    def _wrote(self) -> None:
        if not self._count_soon.isActive():
            self._count_soon.start()

    def _count(self) -> None:
        def show(answer: Board | PackStationError) -> None:
            if isinstance(answer, Board):
                self.status.show_board(answer)
                self.packing.show_board(answer)

        self._backend.board(show)
        self._refresh_page()

    def _refresh_page(self) -> None:
        match self.page:
            case Page.HANDOVER:
                self._backend.bags(self.handover.show_bags)
            case Page.ORDERS:
                self.orders.refresh()
            case Page.BOARD:
                self.board.refresh()
            case Page.HISTORY:
                self.history.refresh()
            case Page.PRINTERS:
                self.printers.refresh()
            case Page.PACKING:
                pass

    def _shops(self, answer: tuple[Shop, ...] | PackStationError) -> None:
        if not isinstance(answer, PackStationError):
            self.packing.show_shops(answer)
            self.orders.show_shops(answer)
            self.board.show_shops(answer)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to catch scans and to count."""
        super().showEvent(event)
        self.scans.install()
        self._count_often.start()
        self._count()
        self.news.start()
        self.band.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop catching scans."""
        self._count_often.stop()
        self._count_soon.stop()
        self.news.stop()
        self._qt_words.close()
        self.scans.remove()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow and shrink with the window, in steps."""
        super().resizeEvent(event)
        base = style.base_px_for(event.size())
        if base != self._base_px:
            self._base_px = base
            style.resize_fonts(self, base)
        self.rescale()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self.band.setFixedHeight(self.height() // 3)
        self.rail.rescale()
        self._body.setContentsMargins(margin, margin, margin, margin)
        self._body.setSpacing(margin)
        for part in (*self._pages, self.strip):
            part.rescale()
