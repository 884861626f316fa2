"""A bad file is refused as a whole with its name, its place and a cure, and the program goes on."""

from __future__ import annotations

import io
import random
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from packstation.errors import ImportFileError
from packstation.exchange import table_limits
from packstation.exchange.table_reader import TableReader
from tests.exchange.made_files import (
    HEADINGS,
    SETTINGS,
    TWO_ORDERS,
    WORKBOOK_PARTS,
    csv_file,
    csv_text,
    heading_row,
    read,
    text_cell,
    workbook_by_hand,
)

GOOD = csv_text(TWO_ORDERS).encode()


def refusal(path: Path) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read(path)
    return caught.value


def gbk_with(illegal: bytes) -> bytes:
    return csv_text(TWO_ORDERS).encode("gb18030").replace("毛巾".encode("gb18030"), illegal)


def double_encoded() -> bytes:
    rows = [("A-1", "S-1", "caf\u00e9 \u00e9t\u00e9", "1", "n", "1", "a")]
    return (
        csv_text(rows, ("order_id", *HEADINGS[1:]))
        .encode()
        .replace(
            "caf\u00e9 \u00e9t\u00e9".encode(),
            "caf\u00e9 \u00e9t\u00e9".encode().decode("cp1252").encode(),
        )
    )


def truncated_workbook() -> bytes:
    return workbook_by_hand(heading_row())[:-40]


def bomb() -> bytes:
    return workbook_by_hand(heading_row(), after="<!-- " + "a" * (70 << 20) + " -->")


def crowded() -> bytes:
    made = io.BytesIO(workbook_by_hand(heading_row()))
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(table_limits.ZIP_ENTRIES):
            archive.writestr(f"xl/media/{number}.png", b"")
    return made.getvalue()


def other_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return made.getvalue()


WHOLE_WORKBOOK = workbook_by_hand(
    heading_row()
    + '<row r="2">'
    + "".join(text_cell(f"{chr(65 + n)}2", words) for n, words in enumerate(TWO_ORDERS[0]))
    + "</row>"
)

BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "import.empty_file", "row 1"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "import.empty_file", "row 1"),
    "a web page named .xls": (
        b"\n<!DOCTYPE html><html><body><table><tr><td>Log on</td></tr></table></body></html>",
        "import.html_page",
        "row 1",
    ),
    "a table written as markup": (
        b"<meta charset=gbk><table></table>",
        "import.html_page",
        "row 1",
    ),
    "a picture of a document": (b"%PDF-1.7\n", "import.not_a_table", "another kind"),
    "NUL bytes": (GOOD.replace(b"S-2", b"S\0\0"), "import.nul_bytes", "line 3"),
    "UTF-16 with its mark": (
        GOOD.decode().encode("utf-16"),
        "import.encoding_not_chosen",
        "line 1",
    ),
    "UTF-16 without its mark": (
        csv_text(TWO_ORDERS).encode("utf-16-le"),
        "import.nul_bytes",
        "line 1",
    ),
    "UTF-7": (csv_text(TWO_ORDERS).encode("utf-7"), "import.unknown_columns", "UTF-7"),
    "GBK with an illegal byte": (gbk_with(b"\xff\xfe\xff\xfe"), "import.bad_encoding", "line 3"),
    "UTF-8 with an illegal byte": (
        GOOD.replace("毛巾".encode(), b"\xe6\xaf\xff\xe5"),
        "import.bad_encoding",
        "line 3",
    ),
    "UTF-8 cut inside a letter": (
        GOOD[: GOOD.rindex("街".encode()) + 2],
        "import.truncated_file",
        "line 3",
    ),
    "letters already lost": (
        GOOD.replace("毛巾".encode(), b"\xef\xbf\xbd"),
        "import.replacement_character",
        "line 3",
    ),
    "saved in a wrong encoding": (double_encoded(), "import.mojibake", "line 2"),
    "headings nobody knows": (
        b"foo,bar,13000000001\n1,2,3\n",
        "import.unknown_columns",
        "foo, bar",
    ),
    "a required heading missing": (
        GOOD.replace("数量".encode(), b"x"),
        "import.unknown_columns",
        "数量",
    ),
    "headings only": (GOOD.split(b"\r\n")[0] + b"\r\n", "import.no_rows", "no row below"),
    "a quotation mark left open": (
        GOOD.replace("毛巾".encode(), '"毛巾'.encode()),
        "import.unbalanced_quotes",
        "row 3",
    ),
    "quotation marks in a cell": (
        GOOD.replace("毛巾".encode(), '"毛"巾'.encode()),
        "import.unbalanced_quotes",
        "row 3",
    ),
    "a cell of 10 MB": (
        GOOD.replace("毛巾".encode(), b"a" * (10 << 20)),
        "import.cell_too_large",
        "row 3",
    ),
    "a workbook cut off": (truncated_workbook(), "import.damaged_workbook", "cut off"),
    "a workbook of noise": (
        b"PK\x03\x04" + b"\x00\xff" * 500,
        "import.damaged_workbook",
        "cut off",
    ),
    "a sheet that is not XML": (
        workbook_by_hand(heading_row()[:-30]),
        "import.damaged_workbook",
        "damaged",
    ),
    "another document in a ZIP": (other_zip(), "import.not_a_table", "another kind"),
    "cells at both ends": (
        workbook_by_hand(
            f'<row r="1">{text_cell("A1", "x")}</row>'
            f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
        ),
        "import.too_large_inside",
        "column 200",
    ),
    "a row far below": (
        workbook_by_hand(heading_row() + f'<row r="1050001">{text_cell("A1050001", "x")}</row>'),
        "import.too_large_inside",
        "row 1,050,000",
    ),
    "a merge over the whole sheet": (
        workbook_by_hand(heading_row(), merge="A1:XFD1048576"),
        "import.too_large_inside",
        "column 200",
    ),
    "room for 200 columns and a million rows": (
        workbook_by_hand(
            f'<row r="1">{text_cell("A1", "x")}</row>'
            f'<row r="1048576">{text_cell("GR1048576", "x")}</row>'
        ),
        "import.too_large_inside",
        "MB of memory",
    ),
    "a part that unpacks to 70 MB": (bomb(), "import.too_large_inside", "100 times"),
    "two hundred parts": (crowded(), "import.too_large_inside", "parts"),
    "entities": (
        workbook_by_hand(heading_row(), before='<!DOCTYPE a [<!ENTITY b "c">]>'),
        "import.damaged_workbook",
        "entities",
    ),
    "an old workbook cut off": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
        "import.damaged_workbook",
        "damaged",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_its_name_its_place_and_a_cure(
    kind: str, tmp_path: Path
) -> None:
    data, code, place = BAD[kind]
    path = tmp_path / "orders 0801.xls"
    path.write_bytes(data)
    refused = refusal(path)
    assert refused.code == code
    assert path.name in refused.message
    assert place in refused.message
    assert refused.fix
    assert "Traceback" not in str(refused)


def test_the_workbook_that_aborts_its_parser_is_small(tmp_path: Path) -> None:
    data, _, _ = BAD["cells at both ends"]
    assert len(data) < 2000


def test_a_part_is_too_large_even_where_it_is_packed_only_ten_times(tmp_path: Path) -> None:
    dice = random.Random(7)
    piece = "".join(f"{dice.getrandbits(32):08x}" + "a" * 92 for _ in range(4096))
    path = tmp_path / "fat.xlsx"
    path.write_bytes(workbook_by_hand(heading_row(), after=f"<!-- {piece * 175} -->"))
    assert path.stat().st_size > table_limits.ZIP_ENTRY_BYTES / table_limits.ZIP_RATIO
    refused = refusal(path)
    assert refused.code == "import.too_large_inside"
    assert "more than 64 MB" in refused.message


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    refused = refusal(tmp_path / "gone.csv")
    assert refused.code == "import.unreadable"
    assert "gone.csv" in refused.message


def test_numbers_of_people_are_not_shown_when_headings_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "no-headings.csv"
    path.write_text("张三,13912345678,杯子\n", encoding="utf-8")
    assert "13912345678" not in str(refusal(path))


def test_after_a_child_died_the_next_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(BAD["room for 200 columns and a million rows"][0])
    refusal(path)
    assert len(read(csv_file(tmp_path)).orders) == 2


def test_more_than_two_hundred_columns_are_too_many(tmp_path: Path) -> None:
    wide = [f"extra {number}" for number in range(table_limits.MAX_COLUMNS)]
    path = csv_file(tmp_path, [(*row, *wide) for row in TWO_ORDERS], headings=(*HEADINGS, *wide))
    refused = refusal(path)
    assert (refused.code, refused.message) == (
        "import.too_large_inside",
        "orders.csv is too large inside: more than 200 columns.",
    )


def test_a_strange_file_name_cannot_write_control_signs_into_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a\u202eb\x1b[2J\udcff.csv"
    path.write_bytes(b"")
    refused = refusal(path)
    assert refused.code == "import.empty_file"
    assert refused.message.isprintable()


def test_no_damage_to_a_workbook_brings_the_program_down(tmp_path: Path) -> None:
    dice = random.Random(20260801)
    path = tmp_path / "fuzz.xlsx"
    outcomes = Counter[str]()
    for number in range(25):
        data = bytearray(WHOLE_WORKBOOK if number % 2 else GOOD)
        for _ in range(dice.randint(1, 6)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path.write_bytes(data)
        try:
            outcomes["read"] += len(read(path).orders) >= 0
        except ImportFileError as refused:
            outcomes[refused.code] += path.name in refused.message
    assert outcomes.total() == 25
    assert len(outcomes) > 2


def test_cancel_kills_the_child_and_says_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path, TWO_ORDERS * 100_000)
    seen = threading.Event()

    def rows_came(_rows: int) -> None:
        seen.set()
        time.sleep(0.2)

    from packstation.exchange.order_import import read_files
    from tests.exchange.made_files import PROFILES

    with pytest.raises(ImportFileError) as caught:
        read_files([path], SETTINGS, profiles=PROFILES, progress=rows_came, cancelled=seen.is_set)
    assert caught.value.code == "import.cancelled"
    assert not [thread for thread in threading.enumerate() if thread.name == "import-watch"]


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = csv_file(tmp_path, TWO_ORDERS * 200_000)
    with pytest.raises(ImportFileError) as caught, TableReader(path, wall_s=0.1) as reader:
        reader.readings()
    assert caught.value.code == "import.too_slow"


def test_progress_tells_the_rows_read_so_far(tmp_path: Path) -> None:
    from packstation.exchange.order_import import read_files
    from tests.exchange.made_files import PROFILES

    told: list[int] = []
    path = csv_file(tmp_path, TWO_ORDERS * 700)
    read_files([path], SETTINGS, profiles=PROFILES, progress=told.append)
    assert told == [500, 1000, 1400]


@pytest.mark.parametrize(("delimiter", "first"), [(";", ""), ("\t", ""), (";", "sep=;\r\n")])
def test_the_delimiter_is_told_by_the_headings(tmp_path: Path, delimiter: str, first: str) -> None:
    path = tmp_path / "orders.txt"
    path.write_text(first + csv_text(TWO_ORDERS).replace(",", delimiter), encoding="utf-8")
    assert len(read(path).orders) == 2


def hidden_first(book: openpyxl.Workbook) -> None:
    hidden = book.create_sheet("old", 0)
    hidden.append(HEADINGS)
    hidden.append(("X-9", "S-9", "geheim", "1", "n", "1", "a"))
    hidden.sheet_state = "hidden"


def notes_first(book: openpyxl.Workbook) -> None:
    book.create_sheet("notes", 0).append(["read me", "first"])


@pytest.mark.parametrize("change", [hidden_first, notes_first])
def test_hidden_sheets_and_sheets_of_notes_are_not_read(
    tmp_path: Path, change: Callable[[openpyxl.Workbook], None]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["名称：说明"])
    sheet.append([])
    sheet.append(HEADINGS)
    for row in TWO_ORDERS:
        sheet.append(row)
    change(book)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert [one.order.order_id for one in read(path).orders] == ["A-0001", "A-0002"]


def test_the_parts_of_the_hand_made_workbook_are_a_real_one(tmp_path: Path) -> None:
    cells = "".join(text_cell(f"{chr(65 + n)}2", words) for n, words in enumerate(TWO_ORDERS[0]))
    path = tmp_path / "made.xlsx"
    path.write_bytes(workbook_by_hand(heading_row() + f'<row r="2">{cells}</row>'))
    assert len(read(path).orders) == 1
    assert "xl/workbook.xml" in WORKBOOK_PARTS
