"""Opens the window on a data folder, and closes everything behind it in order."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.house import House
from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.runtime.outbox_sender import SendReport

if TYPE_CHECKING:
    from packstation.app.desk import Desk
    from packstation.app.sync import BackgroundSender
    from packstation.runtime.engine import Engine
    from packstation.ui.bridge import Bridge
    from packstation.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Notices:
    """Passes what printers did to the window, and keeps what ails them."""

    def __init__(self, bridge: Bridge) -> None:
        """Speak through the bridge."""
        self._bridge = bridge
        self.desk: Desk | None = None

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        """Tell the pages; any room."""
        if self.desk is not None:
            self.desk.ails(kind, outcome, detail)
        self._bridge.paper_ended(kind, key, outcome, detail)

    def wrote(self) -> None:
        """Tell the pages; any room."""
        self._bridge.wrote()


class Opened:
    """A window with everything behind it; made and closed on the GUI thread."""

    def __init__(
        self, data: Path, *, language: str | None = None, sync_url: str | None = None
    ) -> None:
        """Open house, engine, desk, sender and window.

        Raises:
            PackStationError: The data folder cannot be used; nothing stays open.
        """
        from packstation.app.desk import Desk
        from packstation.app.sync import BackgroundSender
        from packstation.ui.bridge import Bridge
        from packstation.ui.feedback import Sounds
        from packstation.ui.main_window import MainWindow

        self.house = House(data, name="window", language=language)
        self.translator = Translator(self.house.language)
        self.bridge: Bridge = Bridge()
        notices = Notices(self.bridge)
        self.engine: Engine = self.house.start(self.bridge, wake=self.bridge.wake, notices=notices)
        self.desk: Desk = Desk(self.house, self.bridge.call)
        notices.desk = self.desk
        url = sync_url or self.house.settings.sync_url
        self.sender: BackgroundSender | None = (
            BackgroundSender(self.house, url, self._sent) if url else None
        )
        self.desk.attach(self.engine, self.sender.sender if self.sender else None)
        self.bridge.attach(self.engine)
        self.window: MainWindow = MainWindow(self.bridge, self.desk, self.translator, Sounds())

    def _sent(self, report: SendReport) -> None:
        self.bridge.wrote()

    def close(self) -> None:
        """Close in order: no more scans, sender, desk, printers, store."""
        self.window.scans.remove()
        if self.sender is not None:
            self.sender.close()
        self.desk.close()
        self.house.close()


def open_window(data: Path, language: str | None, *, sync_url: str | None = None) -> int:
    """Open the window; returns its exit code when it was closed.

    Args:
        data: The data folder.
        language: Overrides the settings.
        sync_url: Overrides the settings' address for status events.
    """
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    try:
        opened = Opened(data, language=language, sync_url=sync_url)
    except PackStationError as error:
        _tell(error, language)
        raise
    try:
        opened.window.showMaximized()
        return int(application.exec())
    finally:
        opened.close()


def _tell(error: PackStationError, language: str | None) -> None:
    """Say in a box why there is no window: who started it by an icon sees no terminal."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    from packstation.ui.texts import explain_error

    words = explain_error(error, Translator(language))
    box = QMessageBox(QMessageBox.Icon.Critical, "PackStation", words.sentence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(words.fix)
    box.exec()
