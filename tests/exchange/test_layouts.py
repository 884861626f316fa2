"""Layouts without a sample file: made of the real headings, each with its right answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from packstation.core.imports import ImportSettings, ParsedFiles
from packstation.core.orders import OrderKind, Recipient, WhyNot
from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.order_import import read_files
from tests.exchange.made_files import PROFILES, ROOT, SETTINGS, by_id, csv_file, read

LAYOUTS: dict[str, list[str]] = json.loads(
    (ROOT / "tests" / "data" / "headings.json").read_text(encoding="utf-8")
)
Row = Mapping[str, str]


def made(headings: Sequence[str], *rows: Row) -> list[list[str]]:
    for row in rows:
        assert set(row) <= set(headings), set(row) - set(headings)
    return [[*headings], *([row.get(heading, "") for heading in headings] for row in rows)]


def text_file(
    folder: Path,
    table: Sequence[Sequence[str]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    before: str = "",
    after: str = "",
    name: str = "export.csv",
) -> Path:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(table)
    path = folder / name
    path.write_bytes((before + stream.getvalue() + after).encode(encoding))
    return path


def jakarta(path: Path) -> ParsedFiles:
    return read(path, replace(SETTINGS, timezone="+07:00"))


TIKTOK_ROW: Row = {
    "Order ID": "579356733525854711\t",
    "Order Status": "Perlu dikirim",
    "Normal or Pre-order": "Normal",
    "SKU ID": "1729384756",
    "Seller SKU": "000464",
    "Product Name": "Gelas",
    "Variation": "Biru",
    "Quantity": "2",
    "Created Time": "05/06/2026 10:21:10\t",
    "Paid Time": "05/06/2026 10:22:10\t",
    "RTS Time": "06/06/2026 08:00:00\t",
    "Buyer Message": "-",
    "Recipient": "Contoh A",
    "Phone #": "(+62)81000000001",
    "Zipcode": "12345",
    "Country": "Indonesia",
    "Province": "Jawa Contoh",
    "Regency and City": "Kota Contoh",
    "Districts": "Distrik",
    "Villages": "Desa",
    "Detail Address": "Jalan Contoh 1",
    "Package ID": "1170000000001",
}


def test_the_indonesian_layout_with_its_tokopedia_columns(tmp_path: Path) -> None:
    told = {heading: f"Platform text of {heading}." for heading in LAYOUTS["tiktok_id"]}
    told["Order ID"] = "Platform unique order ID."
    second = {**TIKTOK_ROW, "SKU ID": "1729384757", "Seller SKU": "S-2", "Quantity": "1"}
    waits = {**TIKTOK_ROW, "Order ID": "579356733525854722", "Order Status": "Belum dibayar"}
    gone = {
        **TIKTOK_ROW,
        "Order ID": "579356733525854733",
        "Order Status": "Dikirim",
        "Shipped Time": "07/06/2026 09:00:00",
    }
    table = made(LAYOUTS["tiktok_id"], told, TIKTOK_ROW, second, waits, gone)
    words = {"to_ship": ("Perlu dikirim",), "unpaid": ("Belum dibayar",), "shipped": ("Dikirim",)}
    book = openpyxl.Workbook()
    book.worksheets[0].title = "OrderSKUList"
    for row in table:
        book.worksheets[0].append(row)
    book.create_sheet("Notes").append(["read me"])
    workbook = tmp_path / "export.xlsx"
    book.save(workbook)
    settings = replace(SETTINGS, timezone="+07:00", status_words=words)
    for path in (text_file(tmp_path, table), workbook):
        parsed = read(path, settings)
        assert (parsed.platform, parsed.refused) == ("tiktok_shop", ())
        orders = by_id(parsed)
        one = orders["579356733525854711"]
        assert [(x.sku, x.spec, x.quantity) for x in one.order.lines] == [
            ("000464", "Biru", 2),
            ("S-2", "Biru", 1),
        ]
        assert one.order.why_not is None
        assert one.order.placed_at == datetime(2026, 6, 5, 3, 21, 10, tzinfo=UTC)
        assert one.order.arranged_at == datetime(2026, 6, 6, 1, tzinfo=UTC)
        assert (one.order.promised_ship_at, one.order.collected_at) == (None, None)
        assert one.order.kind is OrderKind.NORMAL
        assert one.person.address == (
            "Jalan Contoh 1, Desa, Distrik, Kota Contoh, Jawa Contoh, Indonesia"
        )
        assert (one.person.zip_code, one.person.buyer_message) == ("12345", None)
        assert orders["579356733525854722"].order.why_not is WhyNot.UNPAID
        assert orders["579356733525854733"].order.collected_at == datetime(
            2026, 6, 7, 2, tzinfo=UTC
        )
    # Without the shop's words nothing local is packed.
    assert {one.order.why_not for one in jakarta(workbook).orders} == {WhyNot.UNKNOWN_STATUS}


PAID = "买家已付款，等待卖家发货"


def taobao_workbook(folder: Path, *, shipping: bool = True) -> Path:
    orders = made(
        LAYOUTS["taobao_orders"],
        {
            "订单编号": "1930679858170647", "订单状态": PAID, "收货人姓名": "样例甲",
            "收货地址 ": "吉林省 通化市 柳河县 样例街1号(135300)", "联系手机": "'13000000001",
            "宝贝标题 ": "杯子，毛巾", "宝贝总数量": "3", "订单付款时间 ": "2026-08-01 10:00:00",
            "订单创建时间": "2026-08-01 09:59:00", "买家留言": "轻放",
        },
        {
            "订单编号": "1930679858170648", "订单状态": "等待买家付款", "收货人姓名": "样例乙",
            "收货地址 ": "浙江省 杭州市 样例街2号", "联系手机": "'13000000002", "宝贝总数量": "1",
        },
        {
            "订单编号": "1930679858170649", "订单状态": PAID, "收货人姓名": "样例丙",
            "收货地址 ": "浙江省 杭州市 样例街3号", "联系手机": "'13000000003", "宝贝总数量": "2",
        },
    )  # fmt: skip
    line = {"标题": "杯子", "购买数量": "1", "商品属性": "颜色:蓝", "订单状态": PAID}
    lines = made(
        LAYOUTS["taobao_details"],
        {**line, "订单编号": "1930679858170647", "商家编码": "000464", "购买数量": "2"},
        {**line, "订单编号": "1930679858170647", "外部系统编号": "S-2", "商家编码": "null"},
        {**line, "订单编号": "1930679858170648", "商家编码": "S-3", "订单状态": "等待买家付款"},
        {**line, "订单编号": "1930679858170649", "商家编码": "S-3"},
        {**line, "订单编号": "1.93068E+15", "商家编码": "S-3"},
    )
    book = openpyxl.Workbook()
    book.worksheets[0].title = "订单报表"
    sheets = {"销售明细": lines}
    if shipping:
        sheets["发货报表"] = [
            ["订单编号", "物流公司", "物流单号"],
            ["1930679858170647", "圆通", "YT1"],
        ]
    for row in orders:
        book.worksheets[0].append(row)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "报表.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("shipping", [True, False])
def test_the_workbook_with_orders_lines_and_shipments_is_a_pair(
    tmp_path: Path, shipping: bool
) -> None:
    parsed = read(taobao_workbook(tmp_path, shipping=shipping))
    orders = by_id(parsed)
    assert parsed.platform == "taobao"
    one = orders["1930679858170647"]
    assert one.order.why_not is None
    assert [(x.sku, x.quantity, x.spec) for x in one.order.lines] == [
        ("000464", 2, "颜色:蓝"),
        ("S-2", 1, "颜色:蓝"),
    ]
    assert (one.person.name, one.person.phone, one.person.zip_code) == (
        "样例甲", "13000000001", "135300",
    )  # fmt: skip
    assert one.order.placed_at == datetime(2026, 8, 1, 1, 59, tzinfo=UTC)
    assert orders["1930679858170648"].order.why_not is WhyNot.UNPAID
    assert orders["1930679858170649"].order.why_not is WhyNot.AMBIGUOUS_QUANTITY
    assert [(r.file, r.row, r.reason) for r in parsed.refused] == [
        ("报表.xlsx, 销售明细", 6, "damaged_id")
    ]
    assert [name for name, _ in parsed.digests] == ["报表.xlsx"]


def test_a_workbook_with_only_the_sheet_of_orders_is_half_of_a_pair(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(taobao_workbook(tmp_path))
    del book["销售明细"]
    path = tmp_path / "half.xlsx"
    book.save(path)
    with pytest.raises(ImportFileError) as caught:
        read(path)
    assert caught.value.code == "import.other_file_missing"


DOUYIN_ROW: Row = {
    "主订单编号": "\t6917926768823643751", "子订单编号": "\t6917926768823643751",
    "选购商品": "\t杯子", "商品数量": "2", "商家编码": "000464", "订单状态": "待发货",
    "售后状态": "-",
}  # fmt: skip


def test_freely_chosen_columns_in_any_order_are_enough(tmp_path: Path) -> None:
    chosen = [*sorted(DOUYIN_ROW), "催发货", "订单类型", "快递信息"]
    other = {**DOUYIN_ROW, "主订单编号": "\t6917926768823643752", "子订单编号": "\t1"}
    table = made(
        chosen,
        {**DOUYIN_ROW, "催发货": "否", "订单类型": "普通订单", "快递信息": "-"},
        {**other, "催发货": "是", "订单类型": "定制订单", "快递信息": "\tSF-A1-顺丰速运"},
        {**other, "主订单编号": "\t3", "售后状态": "退货退款中"},
    )
    parsed = read(text_file(tmp_path, table, encoding="utf-8-sig"))
    orders = by_id(parsed)
    first, second = orders["6917926768823643751"].order, orders["6917926768823643752"].order
    assert parsed.platform == "douyin"
    assert (first.why_not, first.urged, first.kind) == (None, None, OrderKind.NORMAL)
    assert (second.urged, second.kind) == (True, OrderKind.CUSTOM)
    assert (second.tracking_number, second.carrier) == ("SF-A1", "顺丰速运")
    assert orders["3"].order.why_not is WhyNot.UNKNOWN_STATUS


@pytest.mark.parametrize("left_out", sorted(DOUYIN_ROW))
def test_a_column_that_safety_needs_may_not_be_left_out(tmp_path: Path, left_out: str) -> None:
    chosen = [heading for heading in LAYOUTS["douyin_74"] if heading in DOUYIN_ROW]
    chosen.remove(left_out)
    row = {heading: DOUYIN_ROW[heading] for heading in chosen}
    path = text_file(tmp_path, made(chosen, row), encoding="utf-8-sig")
    with pytest.raises(ImportFileError) as caught:
        read(path)
    assert caught.value.code == "import.unknown_columns"
    assert left_out in str(caught.value.facts["missing"])


def test_the_pinduoduo_list_with_decrypted_recipients(tmp_path: Path) -> None:
    row = {
        "商品": "杯子", "订单号": "260801-653170986419155\t", "订单状态": "待发货",
        "商品数量(件)": "2\t", "是否审核中": "否", "商家编码-SKU维度": "000464\t",
        "售后状态": "无售后或售后取消", "收货人": "样例甲", "手机": "13000000001", "省": "浙江省",
        "市": "杭州市", "区": "余杭区", "详细地址": "样例街1号",
        "承诺发货时间": "2026-08-03 10:00:00\t",
    }  # fmt: skip
    review = {**row, "订单号": "260801-1", "是否审核中": "是"}
    again = {**row, "订单号": "260801-2", "商家编码-SKU维度": "", "商家编码-商品维度": "P-1"}
    parsed = read(text_file(tmp_path, made(LAYOUTS["pdd_34"], row, review, again), encoding="gbk"))
    orders = by_id(parsed)
    first = orders["260801-653170986419155"]
    assert parsed.platform == "pinduoduo"
    assert (first.order.why_not, first.order.recipient) == (None, Recipient.FULL)
    assert first.person.address == "浙江省 杭州市 余杭区 样例街1号"
    assert first.order.promised_ship_at == datetime(2026, 8, 3, 2, tzinfo=UTC)
    assert orders["260801-1"].order.why_not is WhyNot.UNKNOWN_STATUS
    assert orders["260801-2"].order.lines[0].sku == "P-1"
    assert parsed.merge_groups == (("260801-653170986419155", "260801-2"),)


SHOPIFY_ROW: Row = {
    "Name": "#1001", "Email": "a@example.invalid", "Financial Status": "paid",
    "Fulfillment Status": "unfulfilled", "Lineitem quantity": "2", "Lineitem name": "Mug - Blue",
    "Lineitem sku": "000464", "Lineitem requires shipping": "true",
    "Lineitem fulfillment status": "pending",
    "Shipping Name": "A. Sample", "Shipping Street": "1 Sample St", "Shipping City": "Mockville",
    "Shipping Zip": "'04300", "Shipping Phone": "5550100",
    "Created at": "2026-08-01 09:16:04 +0530",
}  # fmt: skip
NEWER = {
    "Lineitem sku": "Lineitem SKU",
    "Cancelled at": "Canceled at",
    "Lineitem compare at price": "Lineitem compare-at price",
}


def shopify(folder: Path, *rows: Row, newer: bool = False) -> Path:
    table = made(LAYOUTS["shopify"], *rows)
    if newer:
        table[0] = [NEWER.get(heading, heading) for heading in table[0]]
    return text_file(folder, table)


def more(order: str = "#1001", **cells: str) -> Row:
    told = {key.replace("_", " "): cell for key, cell in cells.items()}
    return {
        "Name": order, "Email": "a@example.invalid", "Lineitem quantity": "1",
        "Lineitem name": "Towel", "Lineitem sku": "S-2", "Lineitem requires shipping": "true",
        **told,
    }  # fmt: skip


@pytest.mark.parametrize("newer", [False, True])
def test_both_spellings_of_the_shopify_headings(tmp_path: Path, newer: bool) -> None:
    cancelled = {**SHOPIFY_ROW, "Name": "#1002", "Cancelled at": "2026-08-01 10:00:00 +0530"}
    parsed = read(shopify(tmp_path, SHOPIFY_ROW, more(), cancelled, newer=newer))
    orders = by_id(parsed)
    assert [(x.sku, x.quantity) for x in orders["#1001"].order.lines] == [("000464", 2), ("S-2", 1)]
    assert orders["#1001"].person.zip_code == "04300"
    assert orders["#1001"].order.placed_at == datetime(2026, 8, 1, 3, 46, 4, tzinfo=UTC)
    assert orders["#1002"].order.why_not is WhyNot.CANCELLED


def test_what_does_not_travel_is_no_line_and_what_went_is_not_packed_again(tmp_path: Path) -> None:
    partial = {
        **SHOPIFY_ROW,
        "Name": "#1002",
        "Fulfillment Status": "partial",
        "Lineitem fulfillment status": "fulfilled",
    }
    path = shopify(
        tmp_path,
        SHOPIFY_ROW,
        more(Lineitem_requires_shipping="false"),
        partial,
        more("#1002", Lineitem_fulfillment_status="pending"),
        {**SHOPIFY_ROW, "Name": "#1003", "Lineitem requires shipping": "false"},
        more(""),
    )
    parsed = read(path)
    orders = by_id(parsed)
    assert [x.sku for x in orders["#1001"].order.lines] == ["000464"]
    assert orders["#1002"].order.why_not is WhyNot.UNKNOWN_STATUS
    assert orders["#1003"].order.why_not is WhyNot.NO_LINES
    assert [(r.row, r.reason) for r in parsed.refused] == [(7, "missing_id")]
    rest = by_id(read(path, replace(SETTINGS, status_words={"to_ship": ("partial",)})))["#1002"]
    assert (rest.order.why_not, [x.sku for x in rest.order.lines]) == (None, ["S-2"])


EBAY_ROW: Row = {
    "Sales record number": "1", "Order number": "10-51273-45025", "Buyer username": "sample",
    "Post to name": "A. Sample", "Post to phone": "5550100", "Post to address 1": "1 Sample Road",
    "Post to city": "Mockville", "Post to county": "Kent", "Post to postcode": "ZZ1 1ZZ",
    "Post to country": "United Kingdom", "Item number": "336127450548", "Item title": "Mug",
    "Custom label": "000464", "Quantity": "2", "Sale date": "25-Jul-26",
    "Paid on date": "25-Jul-26", "Ship by date": "28-Jul-26", "Transaction id": "7",
}  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_british_names_after_a_separator_line(tmp_path: Path, delimiter: str) -> None:
    summary = {
        **EBAY_ROW, "Order number": "11-1-1", "Item number": "", "Item title": "", "Quantity": "3",
        "Custom label": "", "Transaction id": "",
    }  # fmt: skip
    item = {
        "Order number": "11-1-1", "Item number": "5", "Item title": "Lamp", "Custom label": "S-2",
        "Quantity": "1", "Transaction id": "8", "Sale date": "25-Jul-26",
    }  # fmt: skip
    short = {**summary, "Order number": "11-2-2"}
    unpaid = {**EBAY_ROW, "Order number": "12-3-3", "Paid on date": ""}
    gone = {**EBAY_ROW, "Order number": "12-4-4", "Shipped on date": "26-Jul-26"}
    table = made(
        LAYOUTS["ebay_uk"], EBAY_ROW, summary, item,
        {**item, "Transaction id": "9", "Quantity": "2"},
        short, {**item, "Order number": "11-2-2"}, unpaid, gone,
        {**summary, "Order number": "11-5-5"},
    )  # fmt: skip
    path = text_file(
        tmp_path,
        table,
        delimiter=delimiter,
        before=f"sep={delimiter}\r\n",
        after=f'\r\n8{delimiter}"record(s) downloaded"\r\nSeller ID : sample\r\n',
    )
    parsed = read(path, replace(SETTINGS, timezone="Europe/London"))
    orders = by_id(parsed)
    one = orders["10-51273-45025"]
    assert (parsed.platform, parsed.refused) == ("ebay", ())
    assert (one.order.why_not, one.order.recipient) == (None, Recipient.FULL)
    assert one.person.address == "1 Sample Road, Mockville, Kent, United Kingdom"
    assert one.person.zip_code == "ZZ1 1ZZ"
    # A day without a time is promised until its end.
    summer = timezone(timedelta(hours=1))
    assert one.order.promised_ship_at == datetime(2026, 7, 28, 23, 59, 59, tzinfo=summer)
    two = orders["11-1-1"]
    assert [(x.sku, x.quantity) for x in two.order.lines] == [("S-2", 1), ("S-2", 2)]
    assert (two.order.why_not, two.person.name) == (None, "A. Sample")
    assert orders["11-2-2"].order.why_not is WhyNot.AMBIGUOUS_QUANTITY
    assert orders["12-3-3"].order.why_not is WhyNot.UNPAID
    assert orders["12-4-4"].order.why_not is WhyNot.SHIPPED
    assert orders["11-5-5"].order.why_not is WhyNot.NO_LINES


AMAZON_ROW: Row = {
    "order-id": "250-7670672-4988162", "order-item-id": "61024669269318", "sku": "000464",
    "product-name": "マグカップ 青", "quantity-purchased": "3", "quantity-to-ship": "2",
    "purchase-date": "2026-08-01T09:32:34+09:00", "payments-date": "2026-08-01T09:32:34+09:00",
    "promise-date": "2026-08-04T23:59:59+09:00", "recipient-name": "見本 太郎",
    "buyer-phone-number": "0300000000", "ship-address-1": "見本町①－２－３",
    "ship-city": "千代田区", "ship-state": "東京都", "ship-postal-code": "100-0000",
    "ship-country": "JP",
}  # fmt: skip


def amazon(folder: Path, *rows: Row, encoding: str, extra: Sequence[str] = ()) -> Path:
    table = made([*LAYOUTS["amazon"], *extra], *rows)
    path = folder / "unshipped.txt"
    path.write_bytes("".join("\t".join(row) + "\r\n" for row in table).encode(encoding))
    return path


@pytest.mark.parametrize("chosen", ["", "cp932"])
def test_the_japanese_report_in_shift_jis(tmp_path: Path, chosen: str) -> None:
    quoted = {
        **AMAZON_ROW, "order-id": "250-1", "order-item-id": "2", "product-name": '5" ランプ',
        "customized-url": "https://example.invalid/z",
    }  # fmt: skip
    path = amazon(tmp_path, AMAZON_ROW, quoted, encoding="cp932")
    parsed = read(path, ImportSettings(timezone="Asia/Tokyo", encoding=chosen))
    orders = by_id(parsed)
    one = orders["250-7670672-4988162"]
    assert (parsed.platform, parsed.encodings[0][1]) == ("amazon", "cp932")
    assert [(x.sku, x.title, x.quantity) for x in one.order.lines] == [
        ("000464", "マグカップ 青", 2)
    ]
    assert one.person.name == "見本 太郎"
    assert one.person.address == "見本町①－２－３, 千代田区, 東京都, JP"
    assert orders["250-1"].order.lines[0].title == '5" ランプ'
    assert orders["250-1"].order.kind is OrderKind.CUSTOM


def test_a_file_of_another_shop_in_shift_jis_is_not_taken_by_chance(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        [("A-1", "S", "マグカップ 青い色", "1", "見本 太郎", "1", "東京都千代田区")],
        headings=("order_id", "sku", "title", "quantity", "recipient", "phone", "address"),
        encoding="shift_jis",
    )
    with pytest.raises(ImportFileError) as caught:
        read(path)
    assert caught.value.code == "import.bad_encoding"


def test_a_buyer_who_asks_to_cancel_stops_the_order(tmp_path: Path) -> None:
    asks = {**AMAZON_ROW, "is-buyer-requested-cancellation": "true"}
    calm = {**AMAZON_ROW, "order-id": "250-2", "is-buyer-requested-cancellation": "false"}
    path = amazon(tmp_path, asks, calm, encoding="utf-8", extra=["is-buyer-requested-cancellation"])
    orders = by_id(read(path))
    assert orders["250-7670672-4988162"].order.why_not is WhyNot.CANCEL_REQUESTED
    assert orders["250-2"].order.why_not is None


def test_equal_platform_ids_of_recipients_merge_where_all_is_masked(tmp_path: Path) -> None:
    headings = ("订单号", "商品编码", "数量", "收件人", "电话", "地址", "OAID", "订单状态")
    who = ("张**", "1********01", "样**")
    rows = [
        ("A-1", "S", "1", *who, "hash-1", "待发货"),
        ("A-2", "S", "1", *who, "hash-1", "待发货"),
        ("A-3", "S", "1", *who, "hash-2", "待发货"),
        ("A-4", "S", "1", *who, "", "待发货"),
        ("A-5", "S", "1", *who, "", "待发货"),
        ("A-6", "S", "1", *who, "hash-1", "待付款"),
        ("A-7", "S", "1", *who, "h***", "待发货"),
        ("A-8", "S", "1", *who, "h***", "待发货"),
    ]
    parsed = read(csv_file(tmp_path, rows, headings=headings))
    assert parsed.merge_groups == (("A-1", "A-2"),)
    assert by_id(parsed)["A-1"].person.platform_hash == "hash-1"
    assert "hash-1" not in repr(parsed.orders)


def test_a_presale_column_of_a_plain_file_stops_the_order(tmp_path: Path) -> None:
    headings = ("订单号", "商品编码", "数量", "订单类型", "催发货", "揽收时间", "申请取消时间")
    rows = [
        ("A-1", "S", "1", "预售", "", "", ""),
        ("A-2", "S", "1", "定制", "2026-08-01 10:00", "", ""),
        ("A-3", "S", "1", "", "0", "2026-08-01 10:00", "2026-08-01 09:00"),
    ]
    orders = by_id(read(csv_file(tmp_path, rows, headings=headings)))
    first, second, third = (orders[key].order for key in ("A-1", "A-2", "A-3"))
    assert (first.why_not, first.kind) == (WhyNot.PRESALE, OrderKind.PRESALE)
    assert (second.why_not, second.kind, second.urged) == (None, OrderKind.CUSTOM, True)
    assert (third.urged, third.kind) == (None, None)
    assert third.collected_at == datetime(2026, 8, 1, 2, tzinfo=UTC)
    assert third.cancel_requested_at == datetime(2026, 8, 1, 1, tzinfo=UTC)


def test_a_profile_that_was_chosen_and_does_not_fit_names_what_is_missing(tmp_path: Path) -> None:
    path = shopify(tmp_path, SHOPIFY_ROW)
    assert read(path, replace(SETTINGS, profile="shopify")).platform == "shopify"
    with pytest.raises(ImportFileError) as caught:
        read(path, replace(SETTINGS, profile="ebay"))
    refused = caught.value
    assert refused.code == "import.wrong_profile"
    assert refused.facts["profile"] == "ebay"
    for heading in ("Order Number", "Item Number", "Paid On Date"):
        assert heading in refused.message
    assert "Financial Status" in refused.message


def test_a_profile_that_does_not_exist_is_answered_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        read(shopify(tmp_path, SHOPIFY_ROW), replace(SETTINGS, profile="shopfy"))
    assert caught.value.code == "import.unknown_profile"
    assert "shopify" in caught.value.fix
    assert "generic" in caught.value.fix


def test_equal_numbers_of_two_shops_stay_apart(tmp_path: Path) -> None:
    path = shopify(tmp_path, SHOPIFY_ROW)
    east = read_files([path], replace(SETTINGS, shop="east"), profiles=PROFILES)  # type: ignore[arg-type]
    west = read_files([path], replace(SETTINGS, shop="west"), profiles=PROFILES)  # type: ignore[arg-type]
    assert {one.order.key for one in (*east.orders, *west.orders)} == {"east/#1001", "west/#1001"}
