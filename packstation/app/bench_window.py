"""The process with the window that is measured: the real one, telling when it has painted.

``python -m packstation.app.bench_window DATA`` opens the window on a data folder, writes what
happens as JSON lines on standard output (times of ``time.monotonic_ns``) and ends when its
standard input is closed. A line there is the path of a file to import. Apart from these lines
nothing in it differs from ``packstation``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.core.imports import MAIN_SHOP
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.window import Opened
    from packstation.core.effects import Answer
    from packstation.core.events import LabelQueued
    from packstation.core.station import Station
    from packstation.ui.backend import ImportReport

EXPOSED_EVERY_MS = 2
TURN_EVERY_MS = 4
"""How often the event loop is asked for a turn while an import runs."""


class Witness:
    """Writes down what the window does; everything on the GUI thread."""

    def __init__(self, opened: Opened) -> None:
        """Listen to a window; after the window itself, so that it is never in its way."""
        self._window = opened.window
        self._desk = opened.desk
        opened.window.band.painted.connect(self._painted)
        opened.bridge.scan_answered.connect(self._answered)
        opened.bridge.label_came.connect(self._label)
        opened.bridge.station_settled.connect(self._settled)

    def ready(self) -> None:
        """Say where the window and its band are."""
        band = self._window.band
        corner = band.mapTo(self._window, band.rect().topLeft())
        scale = self._window.devicePixelRatioF()
        box = (corner.x(), corner.y(), band.width(), band.height())
        self._say("ready", window=int(self._window.winId()), band=[round(v * scale) for v in box])

    def _painted(self, number: int) -> None:
        self._say("painted", number=number, at=time.monotonic_ns())

    def _answered(self, answer: Answer, station: Station) -> None:
        if answer.scan is not None:
            scan = answer.scan
            self._say("answer", number=scan.number, text=scan.text, verdict=answer.verdict.value)

    def _label(self, event: LabelQueued) -> None:
        self._say("label", number=event.tracking_number)

    def _settled(self, station: Station) -> None:
        self._say("settled", phase=station.phase.value)

    def import_file(self, path: Path) -> None:
        """Import a file as the orders page does; tell how long, and the longest gap meanwhile."""
        from PySide6.QtCore import Qt, QTimer

        begun = last = time.monotonic_ns()
        longest, published = 0, 0

        def turn() -> None:
            nonlocal last, longest
            now = time.monotonic_ns()
            longest, last = max(longest, now - last), now

        def progress(rows: int, total: int) -> None:
            nonlocal published
            if rows == total and not published:
                published = time.monotonic_ns()

        def reply(answer: ImportReport | PackStationError) -> None:
            turn()
            timer.stop()
            done = time.monotonic_ns()
            error = answer.code if isinstance(answer, PackStationError) else ""
            rows = 0 if isinstance(answer, PackStationError) else answer.rows
            self._say(
                "imported",
                error=error,
                rows=rows,
                published=(published - begun) / 1e9,
                done=(done - begun) / 1e9,
                gap_ms=longest / 1e6,
            )

        timer = QTimer(self._window)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(turn)
        timer.start(TURN_EVERY_MS)
        self._desk.import_files([path], MAIN_SHOP, progress, reply)

    @staticmethod
    def _say(what: str, **facts: Any) -> None:
        os.write(1, json.dumps({"what": what, **facts}).encode() + b"\n")


def main(arguments: Sequence[str]) -> int:
    """Open the window of a data folder; return its exit code when it was told to end."""
    data = Path(arguments[0])
    from PySide6.QtCore import QSocketNotifier, QTimer
    from PySide6.QtWidgets import QApplication

    from packstation.app.start import set_up_logs
    from packstation.app.window import Opened

    set_up_logs(data, "window")
    application = QApplication(sys.argv[:1])
    opened = Opened(data)
    try:
        witness = Witness(opened)
        opened.show()
        end = QSocketNotifier(0, QSocketNotifier.Type.Read)

        def told() -> None:
            line = os.read(0, 1 << 12)
            if line:
                witness.import_file(Path(os.fsdecode(line.strip())))
            else:
                application.quit()

        end.activated.connect(lambda _socket, _kind: told())
        exposed = QTimer()
        exposed.setInterval(EXPOSED_EVERY_MS)

        def look() -> None:
            handle = opened.window.windowHandle()
            if handle is not None and handle.isExposed():
                exposed.stop()
                witness.ready()

        exposed.timeout.connect(look)
        exposed.start()
        return int(application.exec())
    finally:
        opened.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
