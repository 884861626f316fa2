"""A shop whose platform makes the labels: a batch PDF comes in, each order prints its own page."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.devices.picture_codes import codes_in_picture
from tests.exchange.made_labels import Code, Page, label, pdf
from tests.journeys.table import MUG, SPOON, Table, said, why

FIRST, LATE, THIRD = "EX26080101", "EX26080102", "EX26080103"
OF_FIRST, OF_LATE, OF_THIRD = "YT7700000000011", "YT7700000000022", "YT7700000000033"
SETTINGS = '[shops.elsewhere]\nlabel_source = "file"\ncarrier = "YTO"\n'


@pytest.fixture
def shop(empty_table: Table, tmp_path: Path) -> Table:
    empty_table.data.mkdir(mode=0o700)
    (empty_table.data / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return empty_table


def labels(folder: Path) -> Path:
    path = folder / "labels.pdf"
    # In another order than the orders, and one that belongs to nobody.
    pages = [label(OF_THIRD), label("YT7700000000099"), label(OF_FIRST), label(OF_LATE, LATE)]
    path.write_bytes(pdf(pages))
    return path


def printed(shop: Table, folder: Path) -> dict[str, list[str]]:
    """Return the codes on each label that the virtual printer got, by order."""
    rows = shop.ask("print-jobs", "--save", folder)
    return {
        row["order"]: codes_in_picture(Path(row["picture"]).read_bytes())
        for row in rows
        if row["kind"] == "label" and "picture" in row
    }


def test_each_order_prints_its_own_page_and_the_scan_back_seals(
    shop: Table, tmp_path: Path
) -> None:
    shop.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    (taken,) = shop.ask("labels", "import", labels(tmp_path), "--shop", "elsewhere")
    assert (taken["pages"], taken["bound"], taken["unmatched"]) == (4, 3, 1)
    answers = shop.scan(FIRST, MUG)
    assert why(answers) == [("ORDER_OPENED", None), ("ORDER_COMPLETE", None)]
    assert answers[1]["effects"][0]["tracking_number"] == OF_FIRST
    neighbour = shop.scan(OF_THIRD, "PSCMDOK")
    assert neighbour[0]["verdict"] == "WRONG_LABEL"
    assert why(shop.scan(OF_FIRST)) == [("SEALED", None)]
    assert why(shop.scan(LATE, SPOON))[-1] == ("ORDER_COMPLETE", None)
    assert why(shop.scan(OF_LATE)) == [("SEALED", None)]
    shop.close()
    assert printed(shop, tmp_path / "paper") == {FIRST: [OF_FIRST], LATE: [OF_LATE, LATE]}
    done = shop.run("labels", "remove", "labels.pdf")
    assert done.code != 0, "labels were printed from it"


def test_orders_that_come_after_their_labels_find_them(shop: Table, tmp_path: Path) -> None:
    (taken,) = shop.ask("labels", "import", labels(tmp_path), "--shop", "elsewhere")
    assert taken["unmatched"] == 4
    shop.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    (line,) = shop.ask("labels", "list")
    assert (line["bound"], line["unmatched"]) == (3, 1)
    states = [row["state"] for row in shop.ask("labels", "pages", "labels.pdf")]
    assert states == ["bound", "unmatched", "bound", "bound"]
    again = shop.run("labels", "import", labels(tmp_path), "--shop", "elsewhere")
    assert again.code != 0
    assert shop.scan(THIRD, SPOON)[-1]["effects"][0]["tracking_number"] == OF_THIRD


def of_another_shape(folder: Path) -> Path:
    """An A4 page that one label fills, with bars of 0.75 mm."""
    frame = ((3, 3, 204, 1), (3, 293, 204, 1), (3, 3, 1, 290), (206, 3, 1, 290))
    path = folder / "a4.pdf"
    path.write_bytes(pdf([Page(210, 297, (Code(OF_FIRST, 30, 60, 30, 0.75),), frame)]))
    return path


def test_another_shape_is_refused_then_confirmed_printed_read_and_sealed(
    shop: Table, tmp_path: Path
) -> None:
    shop.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    done = shop.run("labels", "import", of_another_shape(tmp_path), "--shop", "elsewhere")
    assert done.code == 0, done.err
    assert "210 x 297 mm" in done.out
    assert "100 x 150 mm" in done.out
    assert "labels fit" in done.out
    refused = shop.scan(FIRST, MUG)
    assert refused[-1]["verdict"] == "LABEL_FAILED"
    shop.close()
    rows = shop.ask("print-jobs", "--save", tmp_path / "none")
    assert [row["outcome"] for row in rows] == ["FAILED"]
    (told,) = shop.ask("labels", "fit", "a4.pdf")
    assert told["fitted"] == {"pages": 1, "at_risk": 0, "lost": 0}
    again = shop.scan("PSCMDREPRINT")
    assert said(again) == ["REPRINTED"], again
    assert said(shop.scan(OF_FIRST)) == ["SEALED"]
    shop.close()
    assert printed(shop, tmp_path / "paper") == {FIRST: [OF_FIRST]}
    assert shop.run("labels", "remove", "a4.pdf").code != 0, "it was printed"


def test_a_file_can_be_fitted_as_it_comes_in_and_taken_back(shop: Table, tmp_path: Path) -> None:
    shop.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    path = of_another_shape(tmp_path)
    _, told = shop.ask("labels", "import", path, "--shop", "elsewhere", "--fit")
    assert told["fitted"]["pages"] == 1
    assert [line["fitted"] for line in shop.ask("labels", "list")] == [True]
    assert shop.run("labels", "remove", "a4.pdf").code == 0
    shop.ask("labels", "import", path, "--shop", "elsewhere")
    assert [line["fitted"] for line in shop.ask("labels", "list")] == [False]


def test_an_order_without_a_page_gets_no_label(shop: Table) -> None:
    shop.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    assert why(shop.scan(FIRST, MUG))[-1][1] == "no_label_page"
