"""Real keys by the thousand into one real window: nothing is lost, and it does not crash.

The short form runs with all checks; the long form by
``PACKSTATION_SOAK=2000 python -m pytest tests/ui/test_real_keys.py`` before the pin of PySide6
moves.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from packstation.app.bench_display import Display
from packstation.app.bench_driver import Packer, Printer
from packstation.app.bench_runs import Shift, set_up

SCANS = int(os.environ.get("PACKSTATION_SOAK", "300"))
MOST_ORDERS = 40 + SCANS // 5
"""More than are needed: an order takes seven scans on average."""


@pytest.mark.timeout(120 + SCANS)
def test_scans_by_real_keys_are_all_answered_rightly_by_one_window(tmp_path: Path) -> None:
    printer = Printer()
    try:
        shop = set_up(tmp_path / "data", printer, stored=MOST_ORDERS, packed=MOST_ORDERS)
        with Display() as display, Packer(shop.data, display) as packer:
            shift = Shift(shop, packer, printer)
            while len(shift.result.scans) < SCANS:
                shift.pack(1, rest=False)
            assert packer.scan("PSCMDUNDO").verdict  # it still answers
            assert packer.process.poll() is None
    finally:
        printer.close()
    # Each was compared with what it had to be, in text and verdict, when it came.
    assert len(shift.result.scans) >= SCANS


class _Silent(QAbstractListModel):
    """Answers None to everything, as models do for most roles."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        return None


def test_no_reference_to_none_is_lost_when_qt_is_answered_none(qtbot: QtBot) -> None:
    # PySide6 6.12.0 loses one each time on Python 3.10 and 3.11, and dies when none is left
    # (none_dealloc): after 223 scans in a prototype. From Python 3.12 on None is immortal.
    model = _Silent()
    index = model.index(0)
    before = sys.getrefcount(None)
    for _ in range(2_000):
        assert index.data(Qt.ItemDataRole.ToolTipRole) is None
        assert QApplication.focusWidget() is None
    assert abs(sys.getrefcount(None) - before) < 1_000
