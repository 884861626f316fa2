"""The printers page and its wizard: a printer is ready when its test label was scanned back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import DataFileError, DeviceError
from packstation.ports import PrinterState
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend_printing import PrinterUse
from packstation.ui.printer_wizard import PrinterWizard, Step
from packstation.ui.rail import Page
from tests.ui.conftest import Bench
from tests.ui.fakes_paper import CODE, RULE, a_job, a_printer

PRINTERS = (
    a_printer("zebra", PrinterUse.LABEL),
    a_printer("spare", state=PrinterState.NO_PAPER, proved_at=None, worn=True, unreadable=(7, 180)),
)


@pytest.fixture
def page(bench: Bench) -> Bench:
    bench.window.show_page(Page.PRINTERS)
    return bench


def shown(bench: Bench) -> str:
    return bench.window.printers.queue._said.text()


def wizard_of(bench: Bench) -> PrinterWizard:
    bench.window.printers.add.click()
    wizard = bench.window.printers.wizard
    assert wizard is not None
    return wizard


def set_up(bench: Bench) -> PrinterWizard:
    wizard = wizard_of(bench)
    wizard.found_table.selectRow(0)
    wizard.next.click()
    wizard.next.click()
    return wizard


def test_an_empty_page_says_what_to_do(page: Bench) -> None:
    assert "No printer is set up" in page.window.printers._said.text()
    assert not page.window.printers.test.isEnabled()


def test_the_wizard_ends_with_a_label_that_was_scanned_back(page: Bench) -> None:
    wizard = set_up(page)
    assert wizard.step is Step.PROVE
    assert ("test", "printer-1") in page.backend.paper_calls
    page.window._scanned(CODE)
    assert wizard.proved
    assert "printer-1" in wizard._said.text()
    assert CODE not in page.backend.scanned, "a test label is nothing for the station"


def test_another_code_proves_nothing(page: Bench) -> None:
    wizard = set_up(page)
    page.window._scanned("PSTEST00000000")
    assert not wizard.proved
    wizard.take("6901234567892")
    assert not wizard.proved


def test_what_the_printer_says_of_itself_is_filled_in(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.found_table.selectRow(2)
    wizard.next.click()
    form = wizard.fields.form(wizard.address.text())
    assert (form.model, form.stock, form.address) == ("escpos-80", "receipt-80", "/dev/usb/lp1")
    assert wizard.fields.wanted_uses() == [PrinterUse.RECEIPT]


def test_a_printer_that_may_not_be_used_shows_the_rule_with_its_ids(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.found_table.selectRow(1)
    assert RULE in wizard._said.text()


def test_without_an_address_the_wizard_stays(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.next.click()
    assert wizard.step is Step.FIND
    assert wizard._said.text()


def test_no_language_is_guessed_of_a_printer_that_says_nothing(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.address.setText("tcp://10.0.0.7:9100")
    wizard.next.click()
    assert wizard.fields.model.currentIndex() < 0
    assert "which language" in wizard._said.text()
    wizard.next.click()
    assert wizard.step is Step.SET_UP
    assert "Choose the model" in wizard._said.text()
    assert not any(call[0] == "save" for call in page.backend.paper_calls)


def test_an_address_that_is_none_is_corrected_where_it_is_written(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.address.setText("tcp://10.0.0.7")
    wizard.next.click()
    wizard.fields.model.setCurrentIndex(0)
    page.backend.paper_error = DataFileError("settings.unknown_printer", "No printer.", fix="Now.")
    wizard.next.click()
    assert wizard.step is Step.FIND
    assert "No printer." in wizard._said.text()


def test_an_own_size_and_tuning_are_kept(page: Bench) -> None:
    wizard = wizard_of(page)
    wizard.address.setText("tcp://10.0.0.7:9100")
    wizard.next.click()
    wizard.fields.model.setCurrentIndex(0)
    wizard.fields.stock.setEditText("70x100")
    wizard.fields.darkness.setValue(60)
    wizard.fields.right.setValue(1.5)
    wizard.next.click()
    saved = next(call[2] for call in page.backend.paper_calls if call[0] == "save")
    assert saved.stock == "70x100"  # type: ignore[attr-defined]
    assert saved.darkness == 60  # type: ignore[attr-defined]
    assert saved.speed is None  # type: ignore[attr-defined]
    assert saved.offset_x_mm == 1.5  # type: ignore[attr-defined]


def test_a_test_label_that_did_not_come_out_says_why(page: Bench) -> None:
    page.backend.test_outcome = PrintOutcome.FAILED
    wizard = set_up(page)
    assert "Failed, nothing came out" in wizard._said.text()


def test_a_refused_set_up_stays_on_its_step(page: Bench) -> None:
    page.backend.paper_error = DeviceError("printer.not_found", "It is not there.", fix="Look.")
    wizard = wizard_of(page)
    wizard.found_table.selectRow(0)
    wizard.next.click()
    wizard.next.click()
    assert wizard.step is Step.SET_UP
    assert "It is not there." in wizard._said.text()


def test_trouble_wear_and_proof_are_told(page: Bench) -> None:
    page.backend.set_up = PRINTERS
    page.window.printers.refresh()
    page.window.printers.table.selectRow(1)
    said = page.window.printers._about.text()
    assert "7 of 180" in said
    assert "Not proved" in said


def test_a_job_that_waits_can_be_given_up(page: Bench) -> None:
    page.backend.set_up = PRINTERS
    page.backend.jobs_of_paper = (a_job("j1", PrintOutcome.BLOCKED, printer="zebra"),)
    page.window.printers.refresh()
    queue = page.window.printers.queue
    assert not queue.give_up.isEnabled()
    queue.table.selectRow(0)
    queue.give_up.click()
    assert ("give_up", "j1") in page.backend.paper_calls


def test_doubt_about_a_slip_is_settled_here_about_a_label_at_the_table(page: Bench) -> None:
    page.backend.set_up = PRINTERS
    page.backend.jobs_of_paper = (
        a_job("j1", PrintOutcome.UNKNOWN, printer="zebra"),
        a_job("j2", PrintOutcome.UNKNOWN, kind=PaperKind.RECEIPT, printer="zebra"),
    )
    page.window.printers.refresh()
    queue = page.window.printers.queue
    queue.table.selectRow(0)
    assert queue.none_there.isHidden()
    assert "scan the label" in shown(page)
    queue.table.selectRow(1)
    assert not queue.none_there.isHidden()
    queue.none_there.click()
    assert ("settle", "j2", False) in page.backend.paper_calls


def test_papers_of_an_earlier_day_wait_for_a_yes(page: Bench) -> None:
    page.backend.set_up = PRINTERS
    page.backend.jobs_of_paper = (a_job("j1", PrintOutcome.QUEUED, printer="zebra", old=True),)
    page.window.printers.refresh()
    assert "earlier day" in shown(page)
    page.window.printers.queue.drop_old.click()
    assert ("old", ("j1",), False) in page.backend.paper_calls
    assert page.window.printers.queue.drop_old.isHidden()


def test_a_use_is_moved_with_one_press(page: Bench) -> None:
    page.backend.set_up = PRINTERS
    page.window.printers.refresh()
    page.window.printers.table.selectRow(1)
    page.window.printers.uses[PrinterUse.BAG].click()
    assert ("use", PrinterUse.BAG, "spare") in page.backend.paper_calls


def test_a_late_answer_about_another_moment_is_dropped(page: Bench) -> None:
    replies: list[Callable[[object], None]] = []
    page.backend.printers = replies.append  # type: ignore[method-assign, assignment]
    page.window.printers.refresh()
    page.window.printers.refresh()
    replies[1](PRINTERS)
    replies[0](())
    assert page.window.printers.printers.rows == PRINTERS


def test_a_test_label_scanned_anywhere_proves_its_printer(bench: Bench) -> None:
    bench.backend.set_up = (replace(PRINTERS[0], proved_at=None),)
    bench.window._scanned(CODE)
    assert bench.window.page is Page.PRINTERS
    assert "zebra" in shown(bench)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1024, 640), (1366, 768)])
def test_no_button_is_cut(
    make_bench: Callable[..., Bench], language: str, size: tuple[int, int]
) -> None:
    bench = make_bench(language, size)
    bench.backend.set_up = PRINTERS
    bench.window.show_page(Page.PRINTERS)
    page = bench.window.printers
    for button in (page.add, page.test, page.calibrate, page.new_roll, page.change, page.remove):
        wide = button.fontMetrics().horizontalAdvance(button.text())
        assert button.width() >= wide, button.text()
        right = button.mapTo(bench.window, button.rect().topRight()).x()
        assert right <= bench.window.width()


def test_sheets_of_codes_are_printed_by_a_button(page: Bench) -> None:
    for word, kind in (
        ("command_sheet", PaperKind.COMMAND_SHEET),
        ("scanner_card", PaperKind.SCANNER_CARD),
    ):
        page.window.printers.sheets.click()
        ask_of(page).answers[word].click()
        assert page.backend.paper_calls[-1] == ("slip", kind, "", "")
    assert shown(page) == "The sheet is on its way to the printer."
    page.backend.paper_error = DeviceError("printer.no_paper", "There is no paper.")
    page.window.printers.sheets.click()
    ask_of(page).answers["scanner_card"].click()
    assert "paper" in shown(page)
    assert "on its way" not in shown(page)


def ask_of(bench: Bench) -> AskDialog:
    dialogs = cast("list[AskDialog]", bench.window.findChildren(AskDialog))
    return [dialog for dialog in dialogs if dialog.isVisible()][-1]
