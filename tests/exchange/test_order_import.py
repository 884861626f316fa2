"""What rows become: orders, refused rows with their reasons, merge groups, product codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from packstation.core.orders import Recipient, WhyNot
from packstation.errors import ImportFileError
from packstation.exchange.order_import import read_files
from tests.exchange.made_files import (
    HEADINGS,
    PROFILES,
    SETTINGS,
    TWO_ORDERS,
    by_id,
    csv_file,
    csv_text,
    heading_row,
    read,
    text_cell,
    workbook_by_hand,
)

WHO = ("张三", "13000000001", "样例街1号")


def row(
    order_id: str, sku: str = "S-1", count: str = "1", who: tuple[str, ...] = WHO
) -> tuple[str, ...]:
    return (order_id, sku, "杯子", count, *who)


@pytest.mark.parametrize("count", ["-1", "0", "2.5", "1E+05", "abc", "", "100001", "1e9"])
def test_a_bad_quantity_is_refused_with_file_row_and_reason(tmp_path: Path, count: str) -> None:
    parsed = read(csv_file(tmp_path, [row("A-1"), row("A-2", count=count), row("A-2", "S-2")]))
    assert [(r.file, r.row, r.reason, r.order_id) for r in parsed.refused] == [
        ("orders.csv", 3, "bad_quantity", "A-2")
    ]
    assert "数量" in parsed.refused[0].detail
    orders = by_id(parsed)
    assert orders["A-1"].order.why_not is None
    assert orders["A-2"].order.why_not is WhyNot.ROWS_REFUSED


@pytest.mark.parametrize(
    ("order_id", "reason"),
    [("1.93068E+15", "damaged_id"), ("=A2", "damaged_id"), ("", "missing_id"), ("-", "missing_id")],
)
def test_a_bad_order_number_is_refused(tmp_path: Path, order_id: str, reason: str) -> None:
    parsed = read(csv_file(tmp_path, [row("A-1"), row(order_id)]))
    assert [(r.row, r.reason) for r in parsed.refused] == [(3, reason)]
    assert list(by_id(parsed)) == ["A-1"]


def test_a_row_that_was_cut_off_is_refused_and_its_order_held(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    whole = csv_text([row("A-1"), row("A-1", "S-2")])
    path.write_text(whole[: whole.rindex("杯子")], encoding="utf-8")
    parsed = read(path)
    assert [(r.row, r.reason) for r in parsed.refused] == [(3, "truncated_row")]
    assert by_id(parsed)["A-1"].order.why_not is WhyNot.ROWS_REFUSED


def test_a_last_row_that_was_cut_off_in_its_address_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    whole = csv_text([row("A-1"), row("A-2")])
    path.write_text(whole[: whole.rindex(",13000000001")], encoding="utf-8")
    assert [(r.row, r.reason) for r in read(path).refused] == [(3, "truncated_row")]


def test_a_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    parsed = read(csv_file(tmp_path, [(*row("A-1"), "shifted"), (*row("A-2"), "")]))
    assert [(r.row, r.reason) for r in parsed.refused] == [(2, "extra_cells")]
    assert by_id(parsed)["A-2"].order.why_not is None


def test_trailing_empty_cells_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(csv_text([row("A-1")]) + "A-2,S-1,杯子,1\r\nA-3,S-1,杯子,1,,,\r\n", "utf-8")
    parsed = read(path)
    assert not parsed.refused
    assert by_id(parsed)["A-2"].order.recipient is Recipient.MISSING


def test_row_numbers_count_blank_lines_and_records_not_lines(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    body = csv_text([row("A-1", who=("张\n三\n丰", "1", "a")), row("A-2", count="x")])
    path.write_text("\r\n" + body, encoding="utf-8", newline="")
    assert [r.row for r in read(path).refused] == [4]


def test_order_columns_may_be_left_empty_after_the_first_row(tmp_path: Path) -> None:
    rest = ("", "S-2", "毛巾", "2", "", "", "")
    parsed = read(csv_file(tmp_path, [row("A-1"), rest, row("A-2")]))
    orders = by_id(parsed)
    assert [line.sku for line in orders["A-1"].order.lines] == ["S-1", "S-2"]
    assert orders["A-1"].person.name == "张三"
    assert orders["A-1"].order.units == 3


def test_an_empty_order_number_beside_a_recipient_is_missing(tmp_path: Path) -> None:
    parsed = read(csv_file(tmp_path, [row("A-1"), row("")]))
    assert [(r.row, r.reason) for r in parsed.refused] == [(3, "missing_id")]


def test_a_row_after_a_blank_line_does_not_join_the_order_above(tmp_path: Path) -> None:
    rest = ("", "S-2", "毛巾", "2", "", "", "")
    parsed = read(csv_file(tmp_path, [row("A-1"), ("",) * 7, rest]))
    assert [(r.row, r.reason) for r in parsed.refused] == [(4, "missing_id")]


def test_rows_under_a_damaged_number_do_not_join_the_order_above(tmp_path: Path) -> None:
    rest = ("", "S-2", "毛巾", "2", "", "", "")
    parsed = read(csv_file(tmp_path, [row("A-1"), row("1.9E+15"), rest]))
    assert [(r.row, r.reason) for r in parsed.refused] == [(3, "damaged_id"), (4, "damaged_id")]
    assert by_id(parsed)["A-1"].order.units == 1


def test_headings_that_come_again_are_no_order(tmp_path: Path) -> None:
    parsed = read(csv_file(tmp_path, [row("A-1"), HEADINGS, row("A-2")]))
    assert list(by_id(parsed)) == ["A-1", "A-2"]
    assert not parsed.refused


def test_english_and_mixed_headings_are_the_same(tmp_path: Path) -> None:
    headings = (
        "order_id",
        "SKU",
        "商品名称",
        "Quantity",
        "Recipient",
        "手机",
        "收货地址",
        "Carrier",
        "Promised ship at",
        "付款时间",
        "status",
    )
    rows = [(*row("A-1"), "圆通速递", "2026-08-03 12:00:00", "2026-08-01 10:00", "待发货")]
    path = csv_file(tmp_path, rows, headings=headings)
    parsed = read_files([path], SETTINGS, profiles=PROFILES, carriers={"圆通 速递": "YTO"})
    order = parsed.orders[0].order
    assert order.carrier == "YTO"
    assert order.recipient is Recipient.FULL
    assert order.promised_ship_at is not None
    assert order.promised_ship_at.isoformat() == "2026-08-03T12:00:00+08:00"
    assert order.paid_at is not None
    assert order.paid_at.utcoffset() is not None
    assert order.why_not is None


def test_an_unknown_carrier_is_kept_and_is_no_known_code(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [(*row("A-1"), "Nobody's Express")], headings=(*HEADINGS, "快递公司"))
    assert read(path).orders[0].order.carrier == "NOBODY'S EXPRESS"


@pytest.mark.parametrize(
    ("word", "why_not"),
    [
        ("待付款", WhyNot.UNPAID),
        ("待发货", None),
        ("已发货", WhyNot.SHIPPED),
        ("已取消", WhyNot.CANCELLED),
        ("退款中", WhyNot.CANCEL_REQUESTED),
        ("已退款", WhyNot.REFUNDED),
        ("to_ship", None),
        ("refund_requested", WhyNot.CANCEL_REQUESTED),
        ("很快", WhyNot.UNKNOWN_STATUS),
        ("", WhyNot.UNKNOWN_STATUS),
    ],
)
def test_every_status_word_has_its_meaning_and_others_stop(
    tmp_path: Path, word: str, why_not: WhyNot | None
) -> None:
    path = csv_file(tmp_path, [(*row("A-1"), word)], headings=(*HEADINGS, "订单状态"))
    assert read(path).orders[0].order.why_not is why_not


def test_the_shops_own_status_words_are_added(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [(*row("A-1"), "รอจัดส่ง")], headings=(*HEADINGS, "订单状态"))
    own = replace(SETTINGS, status_words={"to_ship": ("รอ จัดส่ง",)})
    assert read(path, own).orders[0].order.why_not is None


def test_the_shops_own_headings_are_understood(tmp_path: Path) -> None:
    headings = ("Nummer", "Artikel", "Bezeichnung", "Menge", "Wer", "Tel", "Wohin")
    path = csv_file(tmp_path, TWO_ORDERS, headings=headings)
    own = replace(
        SETTINGS,
        mapping={
            "order_id": "Nummer",
            "sku": "Artikel",
            "title": "Bezeichnung",
            "quantity": "menge",
            "name": "Wer",
            "phone": "Tel",
            "address": "Wohin",
        },
    )
    assert [one.order.recipient for one in read(path, own).orders] == [Recipient.FULL] * 2
    with pytest.raises(ImportFileError, match="Menge"):
        read(path)


def test_two_shops_in_one_file_may_use_the_same_number(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [(*row("A-1"), "east"), (*row("A-1", "S-2"), "west")],
        headings=(*HEADINGS, "店铺"),
    )
    parsed = read(path)
    assert [(one.order.key, one.order.units) for one in parsed.orders] == [
        ("east/A-1", 1),
        ("west/A-1", 1),
    ]
    assert parsed.merge_groups == ()


@pytest.mark.parametrize(
    ("who", "recipient"),
    [
        (WHO, Recipient.FULL),
        (("张**", "13000000001", "样例街1号"), Recipient.MASKED),
        (("张三", "1*********1", "样例街1号"), Recipient.MASKED),
        (("##P7REiS812", "$$1257Uxv", "##Scjb"), Recipient.MASKED),
        (("张三", "", "样例街1号"), Recipient.MISSING),
    ],
)
def test_masked_and_missing_recipients_are_told_apart(
    tmp_path: Path, who: tuple[str, ...], recipient: Recipient
) -> None:
    assert read(csv_file(tmp_path, [row("A-1", who=who)])).orders[0].order.recipient is recipient


def test_only_equal_whole_recipients_of_packable_orders_are_merged(tmp_path: Path) -> None:
    rows = [
        row("A-1"),
        row("A-2", who=("张 三", "（1300）000-0001", "样例街１号")),
        row("A-3", who=("张三", "13000000002", "样例街1号")),
        row("A-4", who=("张三", "13000000001", "样例街2号")),
        row("A-5", count="0"),
        row("A-6", who=("张*", "1", "x")),
        row("A-7", who=("张*", "1", "x")),
        row("A-8", who=("", "", "")),
        row("A-9", who=("", "", "")),
    ]
    assert read(csv_file(tmp_path, rows)).merge_groups == (("A-1", "A-2"),)


def test_barcodes_become_comparable_codes_of_one_unit(tmp_path: Path) -> None:
    rows = [
        (*row("A-1"), "6901234567892"),
        (*row("A-2"), "6901234567892"),
        (*row("A-3", "S-3"), "B-77"),
    ]
    parsed = read(csv_file(tmp_path, rows, headings=(*HEADINGS, "商品条码")))
    assert [(c.shop, c.code, c.sku, c.units) for c in parsed.codes] == [
        ("main", "06901234567892", "S-1", 1),
        ("main", "B-77", "S-3", 1),
    ]
    assert parsed.orders[0].order.lines[0].barcode == "6901234567892"


def test_a_codes_file_says_how_many_units_a_code_stands_for(tmp_path: Path) -> None:
    rows = [
        ("S-1", "6901234567892", "1"),
        ("S-1", "16901234567899", "12"),
        ("", "B-1", "1"),
        ("S-2", "6.9E+12", "1"),
        ("S-3", "B-3", "0"),
        ("S-1", "6901234567892", "1"),
        ("S-1", "6901234567892", "6"),
    ]
    parsed = read(csv_file(tmp_path, rows, headings=("商品编码", "条码", "件数")))
    assert parsed.profile == "codes"
    assert parsed.orders == ()
    assert [(c.code, c.units) for c in parsed.codes] == [
        ("06901234567892", 1),
        ("16901234567899", 12),
    ]
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (4, "missing_id"),
        (5, "damaged_id"),
        (6, "bad_quantity"),
        (7, "duplicate_row"),
        (8, "ambiguous_quantity"),
    ]


def test_numeric_cells_of_a_workbook_are_numbers_not_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([*HEADINGS, "条码"])
    sheet.append([123456789012, "S-1", "杯子", 2.0, *WHO, 6901234567892])
    sheet.append([755451778152279001, "S-1", "杯子", 1, *WHO, None])
    sheet.append(["0042", "S-1", "杯子", 2.5, *WHO, None])
    sheet.append(["0043", "S-1", "杯子", True, *WHO, None])
    book.save(tmp_path / "book.xlsx")
    parsed = read(tmp_path / "book.xlsx")
    assert by_id(parsed)["123456789012"].order.lines[0].barcode == "6901234567892"
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (3, "damaged_id"),
        (4, "bad_quantity"),
        (5, "bad_quantity"),
    ]


def test_a_formula_without_a_value_is_refused_and_one_with_a_value_is_read(tmp_path: Path) -> None:
    def line(number: int, order_id: str, sku: str, count: str) -> str:
        title = text_cell(f"C{number}", "杯子")
        return f'<row r="{number}">{order_id}{sku}{title}{count}</row>'

    one, sku = '<c r="D4"><v>1</v></c>', text_cell("B5", "S-1")
    rows = (
        line(2, text_cell("A2", "A-1"), text_cell("B2", "S-1"), '<c r="D2"><f>1+1</f><v>2</v></c>')
        + line(3, text_cell("A3", "A-2"), text_cell("B3", "S-1"), '<c r="D3"><f>1+1</f></c>')
        + line(4, text_cell("A4", "A-3"), '<c r="B4" s="0"><f>D4</f><v></v></c>', one)
        + line(5, '<c r="A5" t="e"><v>#N/A</v></c>', sku, one.replace("D4", "D5"))
    )
    path = tmp_path / "made.xlsx"
    path.write_bytes(workbook_by_hand(heading_row() + rows))
    parsed = read(path)
    assert by_id(parsed)["A-1"].order.units == 2
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (3, "bad_quantity"),
        (4, "damaged_id"),
        (5, "damaged_id"),
    ]


def test_people_are_never_in_the_row_report_nor_in_what_prints(tmp_path: Path) -> None:
    parsed = read(csv_file(tmp_path, [row("A-1"), row("A-2", count="x"), row("")]))
    shown = repr(parsed)
    for secret in WHO:
        assert secret not in shown


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    import hashlib

    path = csv_file(tmp_path)
    assert read(path).digests == (("orders.csv", hashlib.sha256(path.read_bytes()).hexdigest()),)
