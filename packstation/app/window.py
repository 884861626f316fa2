"""Opens the window on a data folder, and closes everything behind it in order."""

from __future__ import annotations

import ctypes
import gc
import logging
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.house import House
from packstation.core.effects import Answer, Effect, Record
from packstation.core.facts import LabelEnded
from packstation.core.station import SavedStation
from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.runtime.outbox_sender import SendReport

if TYPE_CHECKING:
    from packstation.app.desk import Desk
    from packstation.app.sync import BackgroundSender
    from packstation.runtime.engine import Engine, Runner
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

    def stalled(self, job: str, detail: str) -> None:
        """Tell the pages; any room."""
        if self.desk is not None:
            self.desk.stalls(job, detail)
        self._bridge.wrote()

    def wrote(self) -> None:
        """Tell the pages; any room."""
        self._bridge.wrote()


class _LabelWatch:
    """Sees in what is written down how labels ended: they have no notice of their own."""

    def __init__(self, runner: Runner, notices: Notices) -> None:
        self._runner = runner
        self._notices = notices

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        """Look, then run."""
        facts = [fact for effect in effects if isinstance(effect, Record) for fact in effect.facts]
        for fact in facts:
            if isinstance(fact, LabelEnded) and self._notices.desk is not None:
                self._notices.desk.ails("label", fact.outcome, fact.detail)
        self._runner.run(effects, saved, answer)


TURN_S = 0.0005
"""How long one thread may keep the interpreter to itself while another waits. While a file was
imported, Python's own 5 ms left gaps of 79 and 106 ms in the window, this one 23 and 48 ms."""
_ARENA_MAX = -8
"""glibc, malloc.h: M_ARENA_MAX."""


def _share_one_heap() -> None:
    """Let all threads share one heap: a heap for each room would keep 5 MB that nobody uses."""
    if sys.platform == "linux":
        allocator = getattr(ctypes.CDLL(None), "mallopt", None)
        if allocator is not None:
            allocator(_ARENA_MAX, 1)


class Opened:
    """A window with everything behind it; made and closed on the GUI thread."""

    def __init__(
        self, data: Path, *, language: str | None = None, sync_url: str | None = None
    ) -> None:
        """Open house, engine, desk, sender and window.

        Raises:
            PackStationError: The data folder cannot be used; nothing stays open.
        """
        from PySide6.QtWidgets import QApplication

        from packstation.app.desk import Desk
        from packstation.app.sync import BackgroundSender
        from packstation.ui.bridge import Bridge
        from packstation.ui.feedback import Sounds
        from packstation.ui.main_window import MainWindow
        from packstation.ui.style import dress

        _share_one_heap()
        sys.setswitchinterval(TURN_S)
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window needs an application"
        dress(application)
        with ExitStack() as ends:
            house = self.house = House(data, name="window", language=language)
            ends.callback(house.close)
            self.translator = Translator(house.language)
            self.bridge: Bridge = Bridge()
            notices = Notices(self.bridge)
            self.engine: Engine = house.start(
                self.bridge,
                wake=self.bridge.wake,
                notices=notices,
                watch=lambda runner: _LabelWatch(runner, notices),
            )
            self.desk: Desk = Desk(house, self.bridge.call)
            ends.callback(self.desk.close)
            notices.desk = self.desk
            url = sync_url or house.settings.sync_url
            self.sender: BackgroundSender | None = None
            if url:
                self.sender = BackgroundSender(house, url, self._sent)
                ends.callback(self.sender.close)
            self.desk.attach(self.engine, self.sender.sender if self.sender else None)
            self.bridge.attach(self.engine)
            self.window: MainWindow = MainWindow(self.bridge, self.desk, self.translator, Sounds())
            ends.callback(self.window.scans.remove)
            self.desk.watch()
            self._ends = ends.pop_all()

    def show(self) -> None:
        """Show the window; from now on a scan may come at any moment.

        What was made up to here stays for as long as the program runs: the garbage collector need
        not look at it again and again, 15-30 ms each time, between a scan and its answer.
        """
        self.window.showMaximized()
        gc.freeze()

    def _sent(self, report: SendReport) -> None:
        self.bridge.wrote()

    def close(self) -> None:
        """Close in order: no more scans, sender, desk, printers, store."""
        self._ends.close()


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
        opened.show()
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
