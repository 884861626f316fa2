"""Printers, batches and previews in the window over a whole house, as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from packstation.app.window import Opened
from packstation.core.codes import CodeKind, read
from packstation.core.status import BatchState, PrintOutcome
from packstation.devices.paper_printer import StationPrinter
from packstation.devices.picture_codes import codes_in_picture
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.ui.printer_wizard import Step
from packstation.ui.rail import Page
from tests.app.shop import ITEM, LABEL, ONE, TWO

KEY = "packing-table-1"


@pytest.fixture
def opened(data: Path, qtbot: QtBot) -> Iterator[Opened]:
    found = Opened(data, language="en")
    qtbot.addWidget(found.window)
    found.window.resize(1366, 768)
    found.window.show()
    yield found
    found.window.close()
    found.close()


def scan(opened: Opened, qtbot: QtBot, *texts: str) -> None:
    for text in texts:
        opened.desk.scan(text)
        qtbot.waitUntil(lambda: opened.engine.idle, timeout=10_000)


def lines(opened: Opened, key: str) -> VirtualTransport:
    outlets = opened.house.outlets
    assert outlets is not None
    printer = outlets.station(key).printer
    assert isinstance(printer, StationPrinter)
    transport = printer.transport
    assert isinstance(transport, VirtualTransport)
    return transport


def codes_on(picture: Path) -> set[str]:
    return set(codes_in_picture(picture.read_bytes()))


def set_up(opened: Opened, qtbot: QtBot) -> None:
    page = opened.window.printers
    opened.window.show_page(Page.PRINTERS)
    page.add.click()
    wizard = page.wizard
    assert wizard is not None
    wizard.address.setText("virtual")
    wizard.next.click()
    wizard.fields.name.setText("Packing table 1")
    model = wizard.fields.model
    qtbot.waitUntil(lambda: model.findData("virtual-zpl") >= 0, timeout=10_000)
    model.setCurrentIndex(model.findData("virtual-zpl"))
    for button in wizard.fields.uses.values():
        button.setChecked(False)
    next(iter(wizard.fields.uses.values())).setChecked(True)
    wizard.next.click()
    qtbot.waitUntil(lambda: wizard.step is Step.PROVE, timeout=10_000)
    qtbot.waitUntil(lambda: "Scan the code on the label" in wizard._said.text(), timeout=20_000)


def test_a_printer_is_set_up_and_proved_by_its_own_paper(opened: Opened, qtbot: QtBot) -> None:
    set_up(opened, qtbot)
    page = opened.window.printers
    printer = lines(opened, KEY)
    (job,) = printer.jobs()
    found = {code for code in codes_on(printer.picture(job)) if read(code).kind is CodeKind.TEST}
    (code,) = found
    wizard = page.wizard
    assert wizard is not None
    opened.window._scanned(code)
    qtbot.waitUntil(lambda: wizard.proved, timeout=10_000)
    wizard.reject()

    def proved() -> bool:
        return any(row.key == KEY and row.proved_at for row in page.printers.rows)

    qtbot.waitUntil(proved, timeout=10_000)
    scan(opened, qtbot, ONE, ITEM)
    qtbot.waitUntil(lambda: len(printer.jobs()) == 2, timeout=10_000)
    assert LABEL in codes_on(printer.picture(printer.jobs()[-1])), "labels come from it at once"


def test_a_printer_without_paper_goes_on_by_itself(opened: Opened, qtbot: QtBot) -> None:
    printer = lines(opened, "virtual")
    printer.fault = Fault(Trouble.PAPER_OUT)
    opened.desk.scan(ONE)
    opened.desk.scan(ITEM)
    qtbot.waitUntil(lambda: "label_blocked" in str(opened.window._last), timeout=20_000)
    assert not printer.jobs()
    printer.fault = Fault()
    qtbot.waitUntil(lambda: len(printer.jobs()) == 1, timeout=20_000)
    scan(opened, qtbot, LABEL)
    assert opened.window.band.shown.word == "SEALED"
    assert len(printer.jobs()) == 1


def test_labels_printed_together_are_proved_one_by_one(opened: Opened, qtbot: QtBot) -> None:
    from packstation.core.orders import OrderKey

    keys = [OrderKey(f"main/{number}") for number in (ONE, TWO)]
    opened.window.orders.paper.print_labels(keys)
    dialog = opened.window.orders.paper.batch
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.start.isHidden(), timeout=10_000)
    dialog.start.click()

    def done() -> bool:
        return dialog.batch is not None and dialog.batch.state is BatchState.DONE

    qtbot.waitUntil(done, timeout=20_000)
    assert dialog.batch is not None
    assert {job.outcome for job in dialog.batch.jobs} == {PrintOutcome.CONFIRMED}
    dialog.accept()
    scan(opened, qtbot, ONE, ITEM, LABEL)
    assert opened.window.band.shown.word == "SEALED"
    assert len(lines(opened, "virtual").jobs()) == 2, "nothing was printed twice"


def test_the_preview_is_the_label_that_will_come(opened: Opened, qtbot: QtBot) -> None:
    from packstation.core.orders import OrderKey

    seen: list[bytes] = []
    key = OrderKey(f"main/{ONE}")
    opened.desk.label_preview(key, lambda answer: seen.append(answer))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: bool(seen), timeout=10_000)
    scan(opened, qtbot, ONE, ITEM)
    printer = lines(opened, "virtual")
    qtbot.waitUntil(lambda: len(printer.jobs()) == 1, timeout=10_000)
    assert LABEL in set(codes_in_picture(seen[0]))
    rows = opened.house.call(lambda: opened.house.store.db.rows("SELECT job FROM print_jobs"))
    assert len(rows) == 1, json.dumps(rows)
