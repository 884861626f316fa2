"""The mapping wizard turns a file that nobody knows into one that is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox

from packstation.errors import ImportFileError
from packstation.ui import style
from packstation.ui.mapping_texts import FIELDS, PROBLEMS, STANDINGS
from packstation.ui.mapping_wizard import MappingWizard
from packstation.ui.rail import Page
from tests.builders import MAIN
from tests.ui.conftest import Bench
from tests.ui.fakes import some_report
from tests.ui.fakes_mapping import HEADINGS, ROWS, UNKNOWN

FILE = Path("/x/Bestellungen.csv")


def choose(box: QComboBox, data: str) -> None:
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


@pytest.fixture
def wizard(bench: Bench) -> MappingWizard:
    made = MappingWizard(FILE, bench.translator, bench.backend, bench.window)
    made.open()
    return made


def test_a_refused_file_of_unknown_columns_leads_to_the_wizard_and_in(bench: Bench) -> None:
    panel = bench.window.orders.report
    bench.window.show_page(Page.ORDERS)
    bench.backend.report = UNKNOWN
    bench.window.orders.import_files([FILE])
    bench.qtbot.waitUntil(lambda: not panel.running)
    assert panel.set_up.isVisible()
    panel.set_up.click()
    wizard = cast("MappingWizard", bench.window.findChild(MappingWizard))
    choose(wizard.columns["sku"], "Artikel")
    bench.qtbot.waitUntil(wizard.save.isEnabled)
    bench.backend.report = some_report()
    wizard.save.click()
    bench.qtbot.waitUntil(lambda: not panel.running)
    assert bench.backend.imported == [((FILE,), MAIN), ((FILE,), MAIN)]
    assert panel._head.text() == "118 new orders, 3 changed, 9 as before"
    assert not panel.set_up.isVisible()


@pytest.mark.parametrize(
    ("code", "files"), [("import.empty_file", 1), ("import.unknown_columns", 2)]
)
def test_other_refusals_and_pairs_offer_no_wizard(bench: Bench, code: str, files: int) -> None:
    panel = bench.window.orders.report
    bench.window.show_page(Page.ORDERS)
    details = {"file": "a", "found": "b", "profile": "c", "missing": "d"}
    bench.backend.report = ImportFileError(code, "x", **details)
    bench.window.orders.import_files([FILE] * files)
    bench.qtbot.waitUntil(lambda: not panel.running)
    assert not panel.set_up.isVisible()


def test_five_rows_are_shown_and_known_headings_are_guessed(wizard: MappingWizard) -> None:
    assert wizard.model.rows == ROWS
    assert [column.heading for column in wizard.model.columns] == list(HEADINGS)
    assert wizard.choice.columns == {"order_id": "Bestellung", "quantity": "Anzahl"}
    assert wizard.samples["order_id"].text() == "B-100 · B-101"


def test_what_is_missing_is_said_and_nothing_can_be_saved(wizard: MappingWizard) -> None:
    assert "product code" in wizard._said.text()
    assert not wizard.save.isEnabled()
    choose(wizard.columns["title"], "Bezeichnung")
    wizard._check()
    assert wizard.save.isEnabled()
    choose(wizard.columns["order_id"], "")
    wizard._check()
    assert "Order number" in wizard._said.text()
    assert not wizard.save.isEnabled()


def test_a_warning_does_not_stop(wizard: MappingWizard) -> None:
    choose(wizard.columns["sku"], "Artikel")
    choose(wizard.columns["paid_at"], "Bezahlt am")
    wizard._check()
    assert "01/02/2026" in wizard._said.text()
    assert wizard.save.isEnabled()


def test_status_words_are_listed_and_an_unknown_one_stops_orders(wizard: MappingWizard) -> None:
    assert wizard.statuses == {}
    choose(wizard.columns["status"], "Zustand")
    assert list(wizard.statuses) == ["offen", "bezahlt", "storniert"]
    assert wizard.choice.statuses == {"bezahlt": "to_ship"}, "what nobody says is not packed"
    choose(wizard.statuses["offen"], "to_ship")
    choose(wizard.columns["sku"], "Artikel")
    assert wizard.choice.statuses == {"offen": "to_ship", "bezahlt": "to_ship"}


def test_another_encoding_keeps_the_choice(bench: Bench, wizard: MappingWizard) -> None:
    choose(wizard.columns["sku"], "Artikel")
    choose(wizard.encoding, "cp1252")
    assert bench.backend.asked_encodings == ["", "cp1252"]
    assert wizard.choice.columns["sku"] == "Artikel"
    assert wizard.choice.encoding == "cp1252"


def test_a_garbled_text_is_said(bench: Bench) -> None:
    bench.backend.garbled = True
    made = MappingWizard(FILE, bench.translator, bench.backend, bench.window)
    made.open()
    assert made._garbled.isVisible()


def test_a_file_that_cannot_be_read_says_why(bench: Bench) -> None:
    bench.backend.preview_error = ImportFileError(
        "import.empty_file", "a.csv is empty.", file="a.csv"
    )
    made = MappingWizard(FILE, bench.translator, bench.backend, bench.window)
    made.open()
    assert "a.csv" in made._said.text()
    assert not made.save.isEnabled()


def test_a_profile_that_cannot_be_written_says_why_and_may_be_tried_again(
    bench: Bench, wizard: MappingWizard
) -> None:
    choose(wizard.columns["sku"], "Artikel")
    wizard._check()
    bench.backend.save_error = ImportFileError("import.empty_file", "a.csv is empty.", file="a.csv")
    wizard.save.click()
    assert "a.csv" in wizard._said.text()
    assert wizard.save.isEnabled()
    assert wizard.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "en", "en_XA"])
def test_the_wizard_fits_a_small_screen(make_bench: Callable[..., Bench], language: str) -> None:
    bench = make_bench(language, (1024, 640))
    made = MappingWizard(FILE, bench.translator, bench.backend, bench.window)
    made.open()
    assert made.width() <= style.px(bench.window, 1180)
    for box in (made.save, made.leave):
        assert box.width() >= box.sizeHint().width(), "a button's words are cut"


@pytest.mark.parametrize("words", [FIELDS, PROBLEMS, STANDINGS])
@pytest.mark.parametrize("language", ["zh_CN"])
def test_every_word_is_chinese(
    make_bench: Callable[..., Bench], language: str, words: dict[str, str]
) -> None:
    said = make_bench(language).translator.text
    for text in words.values():
        assert any("一" <= c <= "鿿" for c in said(text, field="x", detail="y")), text
