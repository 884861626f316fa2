"""The dialog of tracking numbers: stock, live preview, lists, numbers taken out of use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from packstation.core.number_stock import PoolStock
from packstation.core.status import NumberState
from packstation.ui import style
from packstation.ui.numbers_dialog import NumbersDialog
from tests.builders import EMS, YTO
from tests.ui.conftest import Bench

LOW = PoolStock("", YTO.code, 40, 960, 2, 1, 3, 30.0, 1.3, low=True)
FULL = PoolStock("paper", EMS.code, 5000, 10, 0, 0, 0, None, None, low=False)


@pytest.fixture
def dialog(bench: Bench) -> Iterator[NumbersDialog]:
    bench.backend.stock = (LOW, FULL)
    bench.window.orders.numbers.click()
    found = next(w for w in QApplication.topLevelWidgets() if isinstance(w, NumbersDialog))
    yield found
    found.close()


def choose(dialog: NumbersDialog, code: str) -> None:
    dialog.carrier.setCurrentIndex(dialog.carrier.findData(code))


def cells(dialog: NumbersDialog, row: int) -> list[str]:
    model = dialog.model
    return [str(model.data(model.index(row, column))) for column in range(model.columnCount())]


def test_the_stock_tells_every_state_and_how_long_it_lasts(dialog: NumbersDialog) -> None:
    assert cells(dialog, 0)[2:7] == ["40", "960", "2", "1", "3"]
    assert "1.3" in cells(dialog, 0)[7]
    assert cells(dialog, 1)[0] == "paper"
    free = dialog.model.columns[2]
    assert free.ink(LOW) == style.RED
    assert free.ink(FULL) == style.GREEN
    assert [dialog.pool.itemText(i) for i in range(dialog.pool.count())] == ["", "paper"]


def test_a_run_is_shown_while_it_is_typed(bench: Bench, dialog: NumbersDialog) -> None:
    choose(dialog, "YTO")
    dialog.first.setText("YT7700000000001")
    dialog.count.setValue(1000)
    bench.qtbot.waitUntil(lambda: "YT7700000001000" in dialog.preview.text())
    assert dialog.warning.text() == ""
    dialog.first.setText("YT7700000000009")
    assert dialog.preview.text() == ""
    bench.qtbot.waitUntil(lambda: "YT7700000000009" in dialog.warning.text())


def test_a_run_without_a_rule_says_so_at_once(bench: Bench, dialog: NumbersDialog) -> None:
    choose(dialog, "SF")
    dialog.first.setText("SF1420349064432")
    bench.qtbot.waitUntil(lambda: dialog.warning.text() != "")
    assert dialog.preview.text() == ""


def test_a_block_is_added_to_a_pool_or_refused_with_its_reason(dialog: NumbersDialog) -> None:
    dialog.add.click()
    assert dialog.warning.text()
    choose(dialog, "YTO")
    dialog.pool.setCurrentText(" paper ")
    dialog.first.setText("YT7700000000001")
    dialog.add.click()
    assert dialog.model.rows[-1].pool == "paper"
    assert dialog.model.rows[-1].free == 1000
    assert "YT7700000000001" in dialog.warning.text()
    assert dialog.first.text() == ""


def test_refused_rows_of_a_list_are_told_and_the_others_added_on_demand(
    dialog: NumbersDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(Path("/x/n.csv")), ""))
    assert not dialog.rest.isVisible()
    dialog.load.click()
    assert "1.2E+12" in dialog.warning.text()
    assert dialog.rest.isVisible()
    dialog.rest.click()
    assert "7" in dialog.warning.text()
    assert not dialog.rest.isVisible()


def test_no_file_chosen_is_no_import(
    dialog: NumbersDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    dialog.load.click()
    assert dialog.warning.text() == ""


def test_a_number_is_taken_out_of_use_with_a_reason(bench: Bench, dialog: NumbersDialog) -> None:
    choose(dialog, "YTO")
    dialog.number.setText("YT7700000000005")
    dialog.mark.click()
    assert dialog.warning.text()
    assert not bench.backend.marked
    dialog.reason.setText("torn")
    dialog.state.setCurrentIndex(dialog.state.findData("RETURNED"))
    dialog.mark.click()
    assert [*bench.backend.marked] == [(("YT7700000000005",), NumberState.RETURNED, "torn")]
    assert dialog.number.text() == dialog.reason.text() == ""
