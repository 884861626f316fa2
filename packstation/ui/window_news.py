"""What comes without being asked for: files of watched folders, and urge tasks to think of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui.backend import Backend, ImportReport, WatchedFiles
from packstation.ui.backend_board import Reminder
from packstation.ui.import_panel import ImportPanel
from packstation.ui.names import local_time
from packstation.ui.notices import Tone
from packstation.ui.order_lists import OrderLists
from packstation.ui.texts import explain_error

LOOK_EVERY_MS = 60_000
"""How often urge tasks are looked at."""


class Tell(Protocol):
    """Shows a notice; see MainWindow.tell."""

    def __call__(self, say: Callable[[], str], tone: Tone = Tone.QUIET) -> None:
        """Show it."""
        ...


class WindowNews(QObject):
    """Tells in notices; nothing here takes the focus, makes a sound or stops a scan."""

    def __init__(
        self,
        translator: Translator,
        backend: Backend,
        lists: OrderLists,
        report: ImportPanel,
        tell: Tell,
        parent: QObject,
    ) -> None:
        """Listen; reminders begin with ``start``.

        Args:
            translator: Says the words.
            backend: Tells the news.
            lists: Knows the names of the shops.
            report: Shows what was refused of a file, row by row.
            tell: Shows a notice.
            parent: Its owner.
        """
        super().__init__(parent)
        self._translator, self._backend = translator, backend
        self._lists, self._report, self._tell = lists, report, tell
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        backend.on_watched(self.show_watched)

    def start(self) -> None:
        """Begin to remind, at once and then each minute."""
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """End reminding."""
        self._timer.stop()

    def look(self) -> None:
        """Ask whether there is something to remind of."""
        self._backend.reminder(self._remind)

    def _remind(self, answer: Reminder | PackStationError | None) -> None:
        if not isinstance(answer, Reminder):
            return
        number, at = answer.order.partition("/")[2], local_time(answer.due_at)

        def say() -> str:
            return self._translator.plural(
                "{count} urge task: order {number}, until {time}.",
                "{count} urge tasks; the first is order {number}, until {time}.",
                answer.tasks,
                number=number,
                time=at,
            )

        self._tell(say, Tone.WARNING)

    def show_watched(self, news: WatchedFiles) -> None:
        """Tell what became of files that came by themselves."""
        became, files = news.became, ", ".join(path.name for path in news.files)

        def say() -> str:
            said, shop = self._translator, self._lists.look.name(news.shop)
            if isinstance(became, PackStationError):
                words = explain_error(became, said)
                told = f"{words.sentence} {words.fix}".strip()
                return said.text("{shop}, watched folder: {what}", shop=shop, what=told)
            text = said.text(
                "{shop}: {files} came by itself: {accepted} new, {changed} changed, {same} as"
                " before",
                shop=shop,
                files=files,
                accepted=became.accepted,
                changed=became.changed,
                same=became.same,
            )
            if became.refused:
                rows = len(became.refused)
                refused = said.plural("{count} row refused", "{count} rows refused", rows)
                text = f"{text} · {refused}"
            return text

        whole = isinstance(became, ImportReport) and not became.refused
        self._tell(say, Tone.QUIET if whole else Tone.WARNING)
        if not whole and news.files:
            self._report.show_watched(news.files, news.shop, became)
        self._report.ended.emit()
