"""The handover page shows bags, the count and the receipt."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QApplication

from packstation.core.orders import OrderKey
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import StoreError
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.counts_dialog import CountsDialog
from packstation.ui.handover_page import DriverDialog
from packstation.ui.rail import Page
from tests.ui.conftest import Bench


def pack(bench: Bench, *orders: str) -> None:
    """Pack orders of one cup and put each into the open bag."""
    for order in orders:
        bench.scan(order, "CUP-350")
        number = str(bench.backend.house.number_of(OrderKey(f"main/{order}")))
        bench.scan(number)
        bench.qtbot.wait(510)  # the same label sooner is a double trigger
        bench.scan(number)


def test_an_empty_dock_says_how_to_begin(bench: Bench) -> None:
    bench.window.show_page(Page.HANDOVER)
    page = bench.window.handover
    assert "Scan BAG" in page._empty.text()
    assert page._empty.isVisible()
    assert not page.driver.isVisible()


def test_a_shift_ends_with_a_receipt(bench: Bench) -> None:
    page = bench.window.handover
    bench.scan("PSCMDBAG")
    pack(bench, "8000", "8001")
    assert "PSBAG01000001" in page._head.text()
    bench.scan("PSCMDSEAL", "PSCMDHANDOVER")
    assert bench.window.page is Page.HANDOVER
    assert page.driver.isVisible()
    bench.scan("PSBAG01000001")
    bench.window._count()
    assert page._totals.accessibleName() == "Bags: 1  Parcels: 2"
    assert page.model.data(page.model.index(0, 3)) == "Counted"
    assert page.table.isVisible()
    bench.scan("PSCMDCLOSE")
    assert bench.window.band.shown.word == "HANDED OVER"
    assert page.receipt.isVisible()
    assert not page.receipt.picture.empty
    page.receipt.reprint.click()
    assert bench.backend.reprinted == ["PSM01000001"]
    page.receipt.chinese.click()
    page.receipt.english.click()
    bench.scan("8002")
    assert bench.window.page.name == "PACKING", "the next order brings the bench back"


def test_a_paused_handover_can_be_gone_on_with(bench: Bench) -> None:
    bench.scan("PSCMDBAG")
    pack(bench, "8000")
    bench.scan("PSCMDSEAL", "PSCMDHANDOVER", "PSBAG01000001", "PSCMDPAUSE")
    assert bench.window.handover._head.text() == "Handover paused: YTO Express"


def test_the_driver_is_named_in_a_dialog_of_its_own(bench: Bench) -> None:
    bench.scan("PSCMDHANDOVER")
    bench.window.handover.driver.click()
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, DriverDialog)]
    dialogs[-1].field.setText(" 王师傅 ")
    dialogs[-1].accept()
    assert bench.backend.driver == "王师傅"
    assert bench.window.handover.driver.text() == "Driver: 王师傅"


def test_a_receipt_that_did_not_come_out_is_a_notice(bench: Bench) -> None:
    bench.bridge.paper_ended("receipt", "PSM01000001", PrintOutcome.FAILED, "paper_out")
    bench.bridge.paper_ended("bag", "PSBAG01000001", PrintOutcome.UNKNOWN, "")
    bench.bridge.paper_ended("bag", "PSBAG01000002", PrintOutcome.CONFIRMED, "")
    notices = bench.window.notices.notices
    assert [n.say().split(" did ")[0] for n in notices] == [
        "The label of bag PSBAG01000001",
        "The receipt of PSM01000001",
    ]
    notices[0]._away.click()
    bench.qtbot.waitUntil(lambda: len(bench.window.notices.notices) == 1)


def test_the_place_is_chosen_where_the_house_names_some(bench: Bench) -> None:
    bench.scan("PSCMDHANDOVER")
    page = bench.window.handover
    assert page.place.isHidden(), "no places, no question"
    bench.backend.places = ("集货仓 3 号门", "就近分拨中心")
    page._refresh()
    page.place.click()
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, AskDialog)]
    dialogs[-1].answers["就近分拨中心"].click()
    assert bench.backend.place == "就近分拨中心"
    assert page.place.text() == "就近分拨中心"


def test_counts_that_differ_are_keyed_and_printed(bench: Bench) -> None:
    bench.window.handover.show_closed("PSM01000001")
    bench.window.handover.receipt.differ.click()
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, CountsDialog)]
    dialog = dialogs[-1]
    assert not dialog.print.isEnabled(), "equal counts need no slip"
    dialog.theirs["PSBAG01000001"].setValue(3)
    dialog.theirs["PSBAG01000002"].setValue(30)
    assert dialog.print.isEnabled(), "equal sums of unequal bags differ, too"
    assert "33, the courier's: 33" in dialog._sum.text()
    dialog.print.click()
    kind, key, terms = bench.backend.paper_calls[-1][1:]
    assert (kind, key) == (PaperKind.DISCREPANCY_SLIP, "PSM01000001")
    assert json.loads(str(terms)) == {
        "theirs": {"PSBAG01000001": 3, "PSBAG01000002": 30},
        "reason": "",
    }
    assert "discrepancy slip is on its way" in bench.window.handover.receipt._said.text()


def test_counts_of_a_handover_that_cannot_be_read_say_why(bench: Bench) -> None:
    bench.window.handover.show_closed("PSM01000001")
    bench.backend.paper_error = StoreError("store.no_such_manifest", "There is no manifest.")
    bench.window.handover.receipt.differ.click()
    assert bench.window.handover.receipt._said.text()
    assert bench.backend.paper_calls == []
