"""The process with the window that is measured: the real one, telling when it has painted.

``python -m packstation.app.bench_window DATA`` opens the window on a data folder, writes what
happens as JSON lines on standard output (times of ``time.monotonic_ns``) and ends when its
standard input is closed. Apart from these lines nothing in it differs from ``packstation``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packstation.app.window import Opened
    from packstation.core.effects import Answer
    from packstation.core.events import LabelQueued
    from packstation.core.station import Station

EXPOSED_EVERY_MS = 2


class Witness:
    """Writes down what the window does; everything on the GUI thread."""

    def __init__(self, opened: Opened) -> None:
        """Listen to a window; after the window itself, so that it is never in its way."""
        self._window = opened.window
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
        end.activated.connect(lambda _socket, _kind: application.quit())
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
