"""The bridge between the rooms and the window: the engine's listener, told in Qt signals.

The engine is drained on the GUI thread: by a queued signal after each post, and by a slow timer
while a scan waits for its turn (so that its patience can run out).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from packstation.core.effects import Answer
from packstation.core.events import LabelQueued
from packstation.core.station import Station
from packstation.core.status import PrintOutcome
from packstation.runtime.engine import Engine

log = logging.getLogger(__name__)

DRAIN_EVERY_MS = 100
"""How often the engine is looked at while scans are queued."""


class Bridge(QObject):
    """Implements engine.Listener and effect_runner.Notices; signals reach pages on their thread."""

    scan_answered = Signal(object, object)
    """Answer and Station: to be painted at once; not yet durable."""
    answer_recorded = Signal(object)
    """Answer: its facts are durable, so it may be heard."""
    station_settled = Signal(object)
    """Station: nothing is awaited any more."""
    station_started = Signal(object)
    """Station: as it came back at the start."""
    label_came = Signal(object)
    """LabelQueued: a label got its number and job."""
    paper_came = Signal(str, str, object, str)
    """Kind, key, PrintOutcome and detail of a bag label or receipt that has ended."""
    store_wrote = Signal()
    """Something was committed."""
    _woken = Signal()
    _handed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Make a bridge in the GUI thread; ``attach`` gives it its engine."""
        super().__init__(parent)
        self._engine: Engine | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_EVERY_MS)
        self._timer.timeout.connect(self._drain)
        queued = Qt.ConnectionType.QueuedConnection
        self._woken.connect(self._drain, queued)
        self._handed.connect(self._run, queued)

    @property
    def station(self) -> Station:
        """The station as the last decision left it; GUI thread only."""
        return self._engine.station if self._engine else Station()

    def attach(self, engine: Engine) -> None:
        """Take the engine to drain, already started, and show its restored station."""
        self._engine = engine
        self.station_started.emit(engine.station)
        self.wake()

    def wake(self) -> None:
        """Have the engine drained soon; from any thread."""
        self._woken.emit()

    def call(self, job: Callable[[], None]) -> None:
        """Run a job on the GUI thread soon; from any thread, in the order of the calls."""
        self._handed.emit(job)

    def answered(self, answer: Answer, station: Station) -> None:
        """Tell the pages; see engine.Listener."""
        self.scan_answered.emit(answer, station)

    def recorded(self, answer: Answer) -> None:
        """Tell the ears; see engine.Listener."""
        self.answer_recorded.emit(answer)

    def label_queued(self, event: LabelQueued) -> None:
        """Tell the pages; see engine.Listener."""
        self.label_came.emit(event)

    def settled(self, station: Station) -> None:
        """Tell the pages; see engine.Listener."""
        self.station_settled.emit(station)

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        """Tell the pages, from any room; see effect_runner.Notices."""
        self.paper_came.emit(kind, key, outcome, detail)

    def wrote(self) -> None:
        """Tell the pages, from any room; see effect_runner.Notices."""
        self.store_wrote.emit()

    @Slot()
    def _drain(self) -> None:
        engine = self._engine
        if engine is None:
            return
        engine.drain()
        if engine.queued_scans and not self._timer.isActive():
            self._timer.start()
        elif not engine.queued_scans and self._timer.isActive():
            self._timer.stop()

    @Slot(object)
    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:  # the door of a Qt slot: a page's fault must not end the shift
            log.exception("callback failed")
