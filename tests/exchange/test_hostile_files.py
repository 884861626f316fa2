"""Files that spreadsheets, downloads or somebody else have spoilt: a reason, never a shifted value.

The rows of design notes I4 to I9: what is refused as a whole is in ``test_bad_files``.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from packstation.core.imports import ParsedFiles
from packstation.core.orders import WhyNot
from packstation.errors import ImportFileError
from tests.exchange.made_files import (
    HEADINGS,
    ROOT,
    TWO_ORDERS,
    by_id,
    csv_file,
    csv_text,
    heading_row,
    read,
    text_cell,
    workbook_by_hand,
)

LATER: tuple[str | int, ...] = ("A-0009", "S-9", "伞", 1, "王五", "13000000009", "样例街9号")


def refusal(path: Path) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read(path)
    return caught.value


def workbook(folder: Path, change: Callable[[Worksheet], None], *, row: int = 1) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, heading in enumerate(HEADINGS, 1):
        sheet.cell(row, number, heading)
    change(sheet)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def reasons(parsed: ParsedFiles) -> list[tuple[int, str]]:
    return [(refused.row, refused.reason) for refused in parsed.refused]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (579356733525854711, "damaged_id"),
        (1e14, None),
        (1e16, "damaged_id"),
        (1.5, "damaged_id"),
        (-5, "damaged_id"),
        (datetime.datetime(2026, 8, 1), "damaged_id"),  # noqa: DTZ001 - as a workbook has it
        (datetime.date(2026, 8, 1), "damaged_id"),
        (datetime.time(10, 30), "damaged_id"),
        ("=A1", "damaged_id"),
        ('="A-"&"7"', "damaged_id"),
        ("1E+14", "damaged_id"),
        ("1.23457E+14", "damaged_id"),
        (None, "missing_id"),
        (True, None),
    ],
)
def test_an_order_number_that_a_workbook_changed_is_refused_alone(
    tmp_path: Path, cell: object, reason: str | None
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([cell, *TWO_ORDERS[0][1:]])
        sheet.append(list(LATER))

    parsed = read(workbook(tmp_path, fill))
    assert reasons(parsed) == ([] if reason is None else [(2, reason)])
    (later,) = (one for one in parsed.orders if one.order.order_id == "A-0009")
    assert [(x.sku, x.quantity) for x in later.order.lines] == [("S-9", 1)]
    assert later.order.why_not is None
    if reason is None:
        assert {one.order.order_id for one in parsed.orders} > {"A-0009"}


@pytest.mark.parametrize("cell", ["1E+14", "1.23457E+14", "1,23457E+14", "=1+1", "=HYPERLINK(1)"])
def test_an_order_number_that_was_saved_as_text_damaged_is_refused(
    tmp_path: Path, cell: str
) -> None:
    parsed = read(csv_file(tmp_path, [(cell, *TWO_ORDERS[0][1:]), TWO_ORDERS[1]]))
    assert reasons(parsed) == [(2, "damaged_id")]
    assert set(by_id(parsed)) == {"A-0002"}


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        (-1, None), (0, None), (1e9, None), (2.5, None), ("２", 2), ("2.0", 2), (2.0, 2),
        ("=1+1", None), (True, None), (datetime.date(1900, 1, 2), None), ("1E+05", None),
        ("２．５", None), ("١", None), ("2 pcs", None), ("0x2", None), ("1,5", None), ("", None),
    ],
)  # fmt: skip
def test_a_quantity_is_a_whole_number_or_its_row_is_refused(
    tmp_path: Path, cell: object, units: int | None
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([*TWO_ORDERS[0][:3], cell, *TWO_ORDERS[0][4:]])
        sheet.append(list(LATER))

    parsed = read(workbook(tmp_path, fill))
    orders = by_id(parsed)
    if units is None:
        assert reasons(parsed) == [(2, "bad_quantity")]
        assert orders["A-0001"].order.why_not is WhyNot.ROWS_REFUSED
    else:
        assert orders["A-0001"].order.units == units
    assert orders["A-0009"].order.units == 1


def test_merged_order_cells_speak_for_the_rows_they_cover_and_shift_nothing(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        first = list(TWO_ORDERS[0])
        sheet.append(first)
        sheet.append([None, "S-2", "毛巾", 3, None, None, None])
        for column in "AEFG":
            sheet.merge_cells(f"{column}2:{column}3")
        sheet.append(list(LATER))

    orders = by_id(read(workbook(tmp_path, fill)))
    assert [(x.sku, x.quantity) for x in orders["A-0001"].order.lines] == [("S-1", 1), ("S-2", 3)]
    assert [(x.sku, x.quantity) for x in orders["A-0009"].order.lines] == [("S-9", 1)]


def test_a_title_merged_over_the_headings_in_row_three_shifts_nothing(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B1"] = "Orders of today"
        sheet.merge_cells("B1:F1")
        for place, cell in enumerate(LATER, 1):
            sheet.cell(5, place, cell)

    parsed = read(workbook(tmp_path, fill, row=3))
    (one,) = parsed.orders
    assert (one.order.order_id, one.order.lines[0].sku, one.person.name) == (
        "A-0009",
        "S-9",
        "王五",
    )


def test_columns_left_empty_before_and_between_shift_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, (heading, cell) in enumerate(zip(HEADINGS, LATER, strict=True), 1):
        sheet.cell(2, 2 * number + 1, heading)
        sheet.cell(4, 2 * number + 1, cell)
    path = tmp_path / "gaps.xlsx"
    book.save(path)
    (one,) = read(path).orders
    assert [(x.sku, x.title, x.quantity) for x in one.order.lines] == [("S-9", "伞", 1)]
    assert (one.person.name, one.person.address) == ("王五", "样例街9号")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_workbook_whose_orders_are_only_in_a_hidden_sheet_is_refused(
    tmp_path: Path, state: str
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["read me", "first"])
    sheet = book.create_sheet("Old")
    sheet.append(HEADINGS)
    sheet.append(list(LATER))
    sheet.sheet_state = state
    path = tmp_path / "hidden.xlsx"
    book.save(path)
    assert refusal(path).code == "import.unknown_columns"


def test_an_old_workbook_is_read_with_the_same_care() -> None:
    parsed = read(ROOT / "tests" / "data" / "workbooks" / "old.xls")
    orders = by_id(parsed)
    assert [(x.sku, x.quantity) for x in orders["A-0001"].order.lines] == [("000464", 2)]
    assert reasons(parsed) == [
        (3, "damaged_id"),
        (4, "damaged_id"),
        (5, "bad_quantity"),
        (7, "bad_quantity"),
    ]
    assert "a date" in parsed.refused[1].detail
    assert [one.order.order_id for one in parsed.orders if one.order.why_not is None] == ["A-0001"]


def mixed() -> bytes:
    lines = csv_text(TWO_ORDERS).encode().split(b"\r\n")
    lines.append(lines[2].decode().encode("gb18030"))
    return b"\r\n".join(lines)


def two_blocks() -> bytes:
    row = "A-3,S-3,cup,1,a,13000000003,西州四杭色毛蓝民\r\n"
    assert row.encode().decode("gb18030") != row, "it could be read as GBK too, to other letters"
    return csv_text(TWO_ORDERS * 50).encode("gb18030") + row.encode()


def outside(target: str) -> bytes:
    return workbook_by_hand(heading_row(), before=f'<!DOCTYPE a [<!ENTITY b SYSTEM "{target}">]>')


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return workbook_by_hand(heading_row(), before=f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>')


def nested_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<w/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (90 << 20))
    return made.getvalue()


def lying_size() -> bytes:
    """A part whose directory entry says that it is small."""
    data = bytearray(nested_zip())
    size = (90 << 20).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


BAD: dict[str, tuple[bytes, frozenset[str]]] = {
    "a line of GBK inside UTF-8": (mixed(), frozenset({"import.bad_encoding"})),
    "a line of UTF-8 inside GBK": (
        two_blocks(),
        frozenset({"import.bad_encoding"}),
    ),
    "UTF-16 without a mark, big end first": (
        csv_text(TWO_ORDERS).encode("utf-16-be"),
        frozenset({"import.nul_bytes"}),
    ),
    "UTF-32": (csv_text(TWO_ORDERS).encode("utf-32"), frozenset({"import.encoding_not_chosen"})),
    "16,384 columns": (
        (",".join(f"c{n}" for n in range(16_384)) + "\n").encode() * 3,
        frozenset({"import.unknown_columns"}),
    ),
    "16,384 columns with known ones": (
        "\n".join(
            ",".join([*row, *(f"c{n}" for n in range(16_384))]) for row in (HEADINGS, *TWO_ORDERS)
        ).encode(),
        frozenset({"import.too_large_inside"}),
    ),
    "a quotation mark left open at the end": (
        csv_text(TWO_ORDERS).encode().rstrip() + b'\r\nA-3,"S',
        frozenset({"import.unbalanced_quotes"}),
    ),
    "an entity that reads a file": (
        outside("file:///etc/passwd"),
        frozenset({"import.damaged_workbook"}),
    ),
    "an entity that asks a server": (
        outside("http://127.0.0.1:9/x"),
        frozenset({"import.damaged_workbook"}),
    ),
    "a billion laughs": (laughs(), frozenset({"import.damaged_workbook"})),
    "a sheet that unpacks to 90 MB": (nested_zip(), frozenset({"import.too_large_inside"})),
    "a sheet that lies about its size": (
        lying_size(),
        frozenset({"import.too_large_inside", "import.damaged_workbook"}),
    ),
    "a workbook without its end": (
        workbook_by_hand(heading_row())[:300],
        frozenset({"import.damaged_workbook"}),
    ),
    "an old workbook without its second half": (
        (ROOT / "tests" / "data" / "workbooks" / "old.xls").read_bytes()[:2600],
        frozenset({"import.damaged_workbook", "import.unreadable"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_hostile_file_is_refused_in_one_clear_sentence(kind: str, tmp_path: Path) -> None:
    data, codes = BAD[kind]
    path = tmp_path / "orders.xlsx"
    path.write_bytes(data)
    refused = refusal(path)
    assert refused.code in codes
    assert "orders.xlsx" in refused.message
    assert refused.fix
    assert "Traceback" not in str(refused)
    assert "root:" not in str(refused)


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end_is_one(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text(TWO_ORDERS).replace("\r\n", ending).encode())
    assert set(by_id(read(path))) == {"A-0001", "A-0002"}


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_a_line_end_inside_a_cell_moves_no_row(tmp_path: Path, ending: str) -> None:
    rows = [
        ("A-0001", "S-1", f"杯子{ending}蓝", "1", "张三", "1", f"街{ending}{ending}1号"),
        ("A-0002", "S-2", "毛巾", "x", "李四", "2", "街2号"),
        ("A-0003", "S-3", "伞", "2", "王五", "3", "街3号"),
    ]
    parsed = read(csv_file(tmp_path, rows))
    assert reasons(parsed) == [(3, "bad_quantity")]
    assert by_id(parsed)["A-0003"].order.lines[0].sku == "S-3"


def test_a_quotation_mark_in_a_cell_never_swallows_the_rows_below(tmp_path: Path) -> None:
    whole = csv_text([*TWO_ORDERS, tuple(map(str, LATER))])
    path = tmp_path / "orders.csv"
    path.write_text(whole.replace("毛巾", '"毛巾'), encoding="utf-8")
    assert refusal(path).code == "import.unbalanced_quotes"


def test_headings_that_stand_twice_take_the_first(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [(*TWO_ORDERS[0], "9", "S-X")],
        headings=(*HEADINGS, "数量", "商品编码"),
    )
    (one,) = read(path).orders
    assert [(x.sku, x.quantity) for x in one.order.lines] == [("S-1", 1)]


def test_texts_with_steering_signs_do_not_reach_an_identifier(tmp_path: Path) -> None:
    rows = [
        ("A\x1b[2J1", "S-1", "杯子", "1", "a", "1", "b"),
        ("A\u202e2", "S-1", "杯子", "1", "a", "1", "b"),
        ("A-3\u200b", "S-1", "杯子", "1", "a", "1", "b"),
        ("A-4" + "x" * 200, "S-1", "杯子", "1", "a", "1", "b"),
    ]
    parsed = read(csv_file(tmp_path, rows))
    assert reasons(parsed) == [(2, "damaged_id"), (3, "damaged_id"), (5, "damaged_id")]
    assert set(by_id(parsed)) == {"A-3"}


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "-", "1", "=1", "1E+14", '="7"', "'8", "\t9", "2.5", "-1", "ＡＢ", "\x00", "\ufffd"]
    ),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELL, max_size=9), max_size=6))
def test_no_rows_bring_the_importer_down_and_good_ones_stay_themselves(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "orders.csv"
    text = csv_text([TWO_ORDERS[0], *rows, tuple(map(str, LATER))])
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        parsed = read(path)
    except ImportFileError as refused:
        assert path.name in refused.message  # noqa: PT017 - it may also be read
        return
    orders = by_id(parsed)
    first = orders["A-0001"].order
    assert ("S-1", 1) in [(x.sku, x.quantity) for x in first.lines] or first.why_not
    assert all(x.quantity >= 1 for one in parsed.orders for x in one.order.lines)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xef\xbb\xbf", b"{", b"[{"]))
def test_no_bytes_bring_the_importer_down(tmp_path: Path, data: bytes, start: bytes) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(start + data)
    assert path.name in refusal(path).message


def test_a_spoilt_old_workbook_never_brings_the_program_down(tmp_path: Path) -> None:
    whole = (ROOT / "tests" / "data" / "workbooks" / "old.xls").read_bytes()
    path = tmp_path / "old.xls"
    outcomes = Counter[str]()
    for number in range(12):
        data = bytearray(whole)
        for step in range(40):
            data[(number * 977 + step * 131) % len(data)] ^= 0x55
        path.write_bytes(data)
        try:
            outcomes["read"] += len(read(path).orders) >= 0
        except ImportFileError as refused:
            outcomes[refused.code] += path.name in refused.message
    assert outcomes.total() == 12


def test_an_empty_cell_written_as_text_is_empty(tmp_path: Path) -> None:
    cells = "".join(text_cell(f"{chr(65 + n)}2", words) for n, words in enumerate(TWO_ORDERS[0]))
    path = tmp_path / "made.xlsx"
    path.write_bytes(
        workbook_by_hand(heading_row() + f'<row r="2">{cells}</row><row r="3"><c r="A3"/></row>')
    )
    assert len(read(path).orders) == 1
