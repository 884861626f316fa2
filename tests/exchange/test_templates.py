"""A platform's own template is filled by its headings, and nothing else of it is changed."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.sheets import Shipment
from packstation.errors import ImportFileError, PackStationError
from packstation.exchange.carrier_files import load_carriers
from packstation.exchange.sheet_layouts import Layout, layout_for, load_layouts
from packstation.exchange.shipment_export import own_file, tellable
from packstation.exchange.template_fill import Filled, fill_template
from packstation.exchange.template_text import records_of, with_cells
from packstation.exchange.template_workbook import filled
from tests.conftest import ROOT

CARRIERS = {one.code: one for one in load_carriers(ROOT / "resources" / "carriers")}
LAYOUTS = load_layouts(ROOT / "resources" / "sheets")
SEALED = datetime(2026, 8, 3, 17, 30, tzinfo=UTC)
ONE, TWO, THREE = "576461413038785751", "576461413038785752", "576461413038785753"


def shipment(order_id: str, number: str, carrier: str = "YTO", part: int | None = None) -> Shipment:
    return Shipment(
        OrderKey(f"main/{order_id}"),
        order_id,
        TrackingNumber(number),
        CarrierCode(carrier),
        "any",
        SEALED,
        part,
    )


SHIPMENTS = [shipment(ONE, "YT0000000000001"), shipment(TWO, "YT0000000000002")]


def layout(name: str) -> Layout:
    return layout_for(LAYOUTS, "", name)


def fill(path: Path, name: str = "any", limit: int = 500, **more: Shipment) -> Filled:
    return fill_template(path, layout(name), [*SHIPMENTS, *more.values()], CARRIERS, limit)


def workbook(path: Path, rows: list[list[object]], choices: str = "") -> Path:
    """A template as platforms make it: hidden list, explained headings, formats, a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Upload"
    for row in rows:
        sheet.append(row)
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFF00")
    listed = book.create_sheet("providers")
    for name in ("J&T Express", "YTO Express", "Flash"):
        listed.append([name])
    listed.sheet_state = "hidden"
    book.create_sheet("Help").append(["=1+1", "leave me"])
    if choices:
        check = DataValidation(type="list", formula1=choices)
        check.add("D2:D1000")
        sheet.add_data_validation(check)
    book.save(path)
    return path


HEADS: list[object] = ["Order ID", "SKU ID", "Tracking ID", "Shipping Provider Name"]
EXPLAINED: list[object] = ["Platform unique order ID.", "Platform SKU.", "Number.", "Choose one."]


def cells(content: bytes, sheet: str = "Upload") -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def test_rows_of_sealed_orders_are_filled_and_others_left(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        [HEADS, EXPLAINED, [ONE, "S1", None, None], [ONE, "S2", None, None], [THREE, "S3"]],
        "providers!$A$1:$A$3",
    )
    done = fill(path, "tiktok")
    rows = cells(done.content)
    assert rows[2] == (ONE, "S1", "YT0000000000001", "YTO Express")
    assert rows[3] == (ONE, "S2", "YT0000000000001", "YTO Express")
    assert rows[4] == (THREE, "S3", None, None)
    assert [one.order_id for one in done.shipments] == [ONE]
    assert [(one.order, one.why) for one in done.left] == [(f"main/{TWO}", "not_in_template")]


def test_everything_else_of_a_workbook_stays_as_it_came(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", [HEADS, [ONE, "S", None, None], [TWO]], "providers!$A$1:$A$3"
    )
    done = fill(path, "tiktok")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(io.BytesIO(done.content)) as new:
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    book = openpyxl.load_workbook(io.BytesIO(done.content))
    assert book["Upload"]["C3"].fill.fgColor.rgb == "00FFFF00"
    assert book["Upload"]["C3"].value == "YT0000000000002"
    assert len(book["Upload"].data_validations.dataValidation) == 1
    assert book["providers"].sheet_state == "hidden"
    assert {cell.data_type for cell in book["Upload"][2][2:4]} <= {"s", "inlineStr"}


def test_a_name_that_is_not_in_the_list_is_refused_with_the_list(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEADS, [ONE, "S", None, None]], '"Flash,J&T Express"')
    with pytest.raises(PackStationError) as caught:
        fill(path, "tiktok")
    assert caught.value.code == "sheets.carrier_not_in_list"
    assert "Flash, J&T Express" in str(caught.value)


def test_rows_are_added_only_where_there_are_none(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEADS, EXPLAINED])
    done = fill(path, "tiktok")
    assert cells(done.content)[2:] == [
        (ONE, None, "YT0000000000001", "YTO Express"),
        (TWO, None, "YT0000000000002", "YTO Express"),
    ]


def test_what_the_template_says_otherwise_is_not_written_over(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", [HEADS, [ONE, "S", "YT9999999999999", None], [TWO, "S", None, "Flash"]]
    )
    with_third = fill(path, "tiktok", third=shipment(THREE, "YT0000000000003"))
    assert [one.why for one in with_third.left] == [
        "other_number",
        "other_carrier",
        "not_in_template",
    ]
    assert with_third.shipments == ()
    assert with_third.content == path.read_bytes()


def test_a_number_that_is_there_already_counts_as_written(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEADS, [ONE, "S", "YT0000000000001", "YTO Express"]])
    assert [one.order_id for one in fill(path, "tiktok").shipments] == [ONE]


@pytest.mark.parametrize(
    ("heads", "missing"),
    [
        (["Order ID", "SKU ID", "Shipping Provider Name"], "Tracking ID"),
        (["Order ID", "Tracking ID"], "Shipping Provider Name"),
        (["a", "b"], "Order ID"),
    ],
)
def test_a_template_that_lacks_a_column_says_which(
    tmp_path: Path, heads: list[object], missing: str
) -> None:
    path = workbook(tmp_path / "t.xlsx", [heads, [ONE]])
    with pytest.raises(PackStationError) as caught:
        fill(path, "tiktok")
    assert caught.value.code == "sheets.no_such_column"
    assert missing in caught.value.message


def test_two_equal_headings_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [[*HEADS, "Tracking ID"], [ONE]])
    with pytest.raises(PackStationError) as caught:
        fill(path)
    assert caught.value.code == "sheets.heading_twice"


def test_parts_of_an_order_are_refused_where_the_file_cannot_say_them(tmp_path: Path) -> None:
    part = shipment(THREE, "YT0000000000003", part=1)
    found, left = tellable(layout("tiktok"), [*SHIPMENTS, part])
    assert [one.order_id for one in found] == [ONE, TWO]
    assert [one.why for one in left] == ["split_refused"]
    assert tellable(layout("amazon"), [part])[0] == [part]


def test_no_more_orders_than_the_limit_and_in_the_order_of_the_template(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEADS, [TWO, "", None, None], [ONE, "", None, None]])
    assert [one.order_id for one in fill(path, limit=1).shipments] == [TWO]


@pytest.mark.parametrize("kind", ["xls", "html", "bomb", "entities"])
def test_a_hostile_template_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    workbook(path, [HEADS])
    if kind == "xls":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    elif kind == "html":
        path.write_bytes(b"<html><table><tr><td>Order ID</td></tr></table></html>")
    else:
        bad = b" " * (70 << 20) if kind == "bomb" else b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet9.xml", bad)
    with pytest.raises((ImportFileError, PackStationError)):
        fill(path)


# --- text templates ------------------------------------------------------------------------------

CSV = (
    '\ufeff"订单编号","商品","物流公司","物流单号","备注"\r\n'
    f'"\t{ONE}","杯子, 大",,,"=keep"\r\n'
    "\r\n"
    f'"\t{THREE}",x,,,\r\n'
    f"{TWO},y,圆通,,"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_csv_keeps_every_other_byte(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    text = CSV if encoding == "utf-8" else CSV.removeprefix("\ufeff")
    path.write_bytes(text.encode(encoding))
    done = fill(path, "taobao")
    expected = text.replace('"杯子, 大",,', '"杯子, 大",圆通速递,YT0000000000001').replace(
        "圆通,,", "圆通,YT0000000000002,"
    )
    assert done.content.decode(encoding) == expected
    assert [one.order_id for one in done.shipments] == [ONE, TWO]


def test_rows_are_added_to_an_empty_csv_with_its_own_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("主订单编号;快递公司;快递单号".encode("gb18030"))
    done = fill(path, "douyin")
    assert done.content.decode("gb18030") == (
        "主订单编号;快递公司;快递单号\r\n"
        f"{ONE};圆通速递;YT0000000000001\r\n{TWO};圆通速递;YT0000000000002\r\n"
    )


TABLES = st.lists(
    st.lists(st.text(st.sampled_from('a1,"\r\n\t圆é'), max_size=4), min_size=1, max_size=4),
    min_size=1,
    max_size=5,
)


@given(TABLES, st.data())
def test_a_cell_is_set_and_no_other_changes(table: list[list[str]], data: st.DataObject) -> None:
    import csv

    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(table)
    content = stream.getvalue().encode()
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert [len(one.cells) for one in records_of(content, ",")] == [len(row) for row in rows]
    row = data.draw(st.integers(0, len(rows) - 1))
    if not rows[row]:
        return
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    words = data.draw(st.sampled_from(["YT1", 'a"b', "x,y", ""]))
    made = with_cells(content, ",", "utf-8", {(row + 1, column): words}, width=3)
    rows[row][column] = words
    if rows[row] == [""]:
        return  # one empty cell alone is a blank line
    assert list(csv.reader(io.StringIO(made.decode(), newline=""))) == rows


def test_sheets_of_other_makers_are_filled_too() -> None:
    xml = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="urn:a"><x:dimension ref="A1:B2"/>'
        b'<x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>'
        b'<x:row r="3" note="a>b" /></x:sheetData></x:worksheet>'
    )
    made = filled(xml, {(1, 2): "a&b", (3, 0): "<c>", (9, 1): "d"})
    assert b'ref="A1:C9"' in made
    assert b'<x:c r="C1" t="inlineStr"><x:is><x:t xml:space="preserve">a&amp;b</x:t>' in made
    assert b'<x:row r="3" note="a>b"><x:c r="A3"' in made
    assert b'<x:row r="9"><x:c r="B9"' in made
    bare = b'<worksheet><sheetData/><mergeCells count="0"/></worksheet>'
    assert filled(bare, {(1, 0): "a"}) == (
        b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">a'
        b'</t></is></c></row></sheetData><mergeCells count="0"/></worksheet>'
    )
    empty = b'<worksheet><sheetData><row r="1"><c r="A1" s="2"/><c r="B1"/></row></sheetData>'
    assert filled(empty + b"</worksheet>", {(1, 0): "a"}) == (
        b'<worksheet><sheetData><row r="1"><c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve'
        b'">a</t></is></c><c r="B1"/></row></sheetData></worksheet>'
    )


# --- layouts of our own --------------------------------------------------------------------------


def own(name: str, shipments: list[Shipment]) -> bytes:
    return own_file(layout(name), shipments, CARRIERS, UTC)


def test_the_workbook_of_three_columns() -> None:
    rows = cells(own("pinduoduo", SHIPMENTS), "Sheet1")
    assert rows == [
        ("订单号", "快递公司", "快递单号"),
        (ONE, "圆通速递", "YT0000000000001"),
        (TWO, "圆通速递", "YT0000000000002"),
    ]
    assert cells(own("pinduoduo_two_rows", SHIPMENTS), "Sheet1")[:2] == [
        ("订单号", "快递公司", "快递单号"),
        ("order_sn", "shipping_name", "shipping_sn"),
    ]


def test_the_tab_separated_confirmation_and_its_japanese_form() -> None:
    sent = [shipment("503-1234567-1234567", "1Z5R89390357567127", "UPS")]
    assert own("amazon", sent).decode("utf-8").splitlines() == [
        "order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\ttracking-number"
        "\tship-method",
        "503-1234567-1234567\t\t\t2026-08-03\tUPS\tUPS\t1Z5R89390357567127\t",
    ]
    lines = own("amazon_jp", sent).decode("cp932").splitlines()
    assert lines[0] == "TemplateType=OrderFulfillment\tVersion=2011.1102"
    assert lines[2].endswith("\tship-method\tcod-collection-method")
    other = own("amazon", [shipment("1", "YT0000000000001")]).decode().splitlines()[1]
    assert "\tOther\tYTO Express\t" in other


def test_a_platform_without_a_layout_of_its_own_asks_for_its_template() -> None:
    with pytest.raises(PackStationError) as caught:
        own("tiktok", SHIPMENTS)
    assert caught.value.code == "sheets.template_needed"


def test_a_new_platform_is_one_file(tmp_path: Path) -> None:
    any_text = (ROOT / "resources" / "sheets" / "any.toml").read_text("utf-8")
    (tmp_path / "any.toml").write_text(any_text, "utf-8")
    (tmp_path / "lantern.toml").write_text(
        'name = ["灯笼", "Lantern"]\nplatforms = ["lantern"]\nsource = "invented"\nbatch = 3\n'
        '[own]\nfile = "csv"\ncolumns = [["order_id", "No"], ["tracking_number", "Way"]]\n',
        "utf-8",
    )
    found = layout_for(load_layouts(tmp_path), "Lantern")
    assert (found.key, found.batch) == ("lantern", 3)
    assert own_file(found, SHIPMENTS[:1], CARRIERS, UTC).decode("utf-8-sig") == (
        f'"No","Way"\r\n"{ONE}","YT0000000000001"\r\n'
    )
    (tmp_path / "lantern.toml").write_text('name = ["a", "b"]\nsource = "x"\nbatsh = 3\n', "utf-8")
    with pytest.raises(PackStationError) as caught:
        load_layouts(tmp_path)
    assert "lantern.toml, line 3, key batsh" in caught.value.message
