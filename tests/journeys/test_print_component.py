"""A shop whose platform prints through its own component: documents come in, each goes out once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.devices.component_stand_in import Component, running
from tests.journeys.table import MUG, SPOON, Table, why

FIRST, LATE, THIRD = "EX26080101", "EX26080102", "EX26080103"
OF_FIRST, OF_THIRD = "YT7700000000011", "YT7700000000033"
SETTINGS = """
[printers]
label = "parts"
[printer.parts]
address = "component://127.0.0.1:{port}/{printer}?kind=cainiao"
[shops.elsewhere]
label_source = "component"
carrier = "YTO"
"""


@pytest.fixture
def component() -> Iterator[Component]:
    with running(Component()) as found:
        yield found


@pytest.fixture
def shop(empty_table: Table, component: Component, tmp_path: Path) -> Table:
    empty_table.data.mkdir(mode=0o700)
    text = SETTINGS.format(port=component.port, printer=quote("快递打印机"))
    (empty_table.data / "settings.toml").write_text(text, encoding="utf-8")
    empty_table.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    documents = [
        {"documentID": number, "contents": [{"encryptedData": f"AES:{number}", "signature": "x"}]}
        for number in (OF_THIRD, "YT7700000000099", OF_FIRST)
    ]
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"task": {"documents": documents}}), encoding="utf-8")
    (taken,) = empty_table.ask("labels", "import", path, "--shop", "elsewhere")
    assert (taken["pages"], taken["bound"], taken["unmatched"]) == (3, 2, 1)
    return empty_table


def test_each_order_sends_its_own_document_once_and_the_scan_back_seals(
    shop: Table, component: Component
) -> None:
    answers = shop.scan(FIRST, MUG)
    assert why(answers) == [("ORDER_OPENED", None), ("ORDER_COMPLETE", None)]
    assert why(shop.scan(OF_FIRST)) == [("SEALED", None)]
    assert component.printed == [OF_FIRST]
    (task,) = component.tasks
    (document,) = task["documents"]
    assert document["contents"] == [{"encryptedData": f"AES:{OF_FIRST}", "signature": "x"}]
    shop.close()
    (job,) = [row for row in shop.ask("print-jobs") if row["kind"] == "label"]
    assert (job["outcome"], job["printer"]) == ("CONFIRMED", "parts")


def test_silence_is_unknown_until_somebody_looks(shop: Table, component: Component) -> None:
    component.drop_after = "request"
    told = why(shop.scan(THIRD, SPOON, "PSCMDUNDO"))
    assert ("LABEL_FAILED", "label_unknown") in told
    assert len(component.tasks) == 1
    component.drop_after = ""
    assert why(shop.scan("PSCMDREPRINT")) == [("REPRINTED", None)]
    assert why(shop.scan(OF_THIRD)) == [("SEALED", None)]
    assert len(component.tasks) == 2, "a person asked, so it was sent again, and not before"


def test_an_order_without_a_document_gets_no_label(shop: Table, component: Component) -> None:
    assert why(shop.scan(LATE, SPOON))[-1][1] == "no_label_page"
    assert not component.tasks
