"""The encoding of a text file is found out or asked for, never guessed into wrong names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from packstation.errors import ImportFileError
from tests.exchange.made_files import SETTINGS, csv_file, read


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("gb18030", "gb18030")],
)
def test_the_usual_encodings_are_found_out(tmp_path: Path, encoding: str, found: str) -> None:
    parsed = read(csv_file(tmp_path, encoding=encoding))
    assert [one.order.lines[0].title for one in parsed.orders] == ["杯子", "毛巾"]
    assert parsed.encodings == (("orders.csv", found),)


ENGLISH = ("order_id", "sku", "title", "quantity", "recipient", "phone", "address")


@pytest.mark.parametrize("title", ["Müller Größe, café", "Müll für Bären"])
def test_a_western_file_is_windows_1252_and_not_chinese(tmp_path: Path, title: str) -> None:
    rows = [("A-1", "S-1", title, "1", "Jörg", "1", "Çelik straße 5")]
    parsed = read(csv_file(tmp_path, rows, headings=ENGLISH, encoding="cp1252"))
    assert parsed.encodings[0][1] == "cp1252"
    assert parsed.orders[0].order.lines[0].title == title


def test_the_western_bytes_could_be_read_as_chinese() -> None:
    assert "Müll für Bären".encode("cp1252").decode("gb18030") != "Müll für Bären"


@pytest.mark.parametrize(
    ("title", "encoding"),
    [("Привет мир", "cp1251"), ("เสื้อยืดคอกลม", "cp874")],
)
def test_an_encoding_that_cannot_be_told_is_asked_for(
    tmp_path: Path, title: str, encoding: str
) -> None:
    rows = [("A-1", "S-1", title, "1", title, "1", title)]
    with pytest.raises(ImportFileError) as caught:
        read(csv_file(tmp_path, rows, headings=ENGLISH, encoding=encoding))
    refused = caught.value
    assert refused.code == "import.bad_encoding"
    assert "orders.csv, line 2" in refused.message
    assert "choose its encoding" in refused.fix


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "big5", "gbk"])
def test_an_encoding_that_the_shop_chose_is_taken(tmp_path: Path, encoding: str) -> None:
    path = csv_file(
        tmp_path,
        [("A-1", "S-1", "杯子", "1", "n", "1", "a")],
        headings=("order_id", "sku", "title", "quantity", "recipient", "phone", "address"),
        encoding=encoding,
    )
    parsed = read(path, replace(SETTINGS, encoding=encoding))
    assert parsed.orders[0].order.lines[0].title == "杯子"


def test_a_chosen_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, encoding="gbk")
    with pytest.raises(ImportFileError) as caught:
        read(path, replace(SETTINGS, encoding="utf-8"))
    assert caught.value.code == "import.bad_encoding"
    assert "line 1" in caught.value.message
