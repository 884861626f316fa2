"""Orders and lines in two files: they belong together or nothing is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from packstation.core.imports import ParsedFiles
from packstation.core.orders import WhyNot
from packstation.errors import ImportFileError
from packstation.exchange.order_import import read_files
from tests.exchange.made_files import PROFILES, SETTINGS, by_id, csv_file

ORDER_HEADINGS = (
    "订单编号",
    "订单状态",
    "收货人姓名",
    "收货地址 ",
    "联系手机",
    "宝贝总数量",
    "物流单号 ",
)
LINE_HEADINGS = ("订单编号", "标题", "购买数量", "外部系统编号", "商品属性", "订单状态", "商家编码")
PAID = "买家已付款，等待卖家发货"


def order(order_id: str, total: str, status: str = PAID, number: str = "") -> tuple[str, ...]:
    return (f'="{order_id}"', status, "张三", "样例街1号(510630)", "'13000000001", total, number)


def line(order_id: str, count: str = "1", sku: str = "S-1", status: str = PAID) -> tuple[str, ...]:
    return (f'="{order_id}"', "杯子", count, sku, "红", status, "null")


def pair(
    folder: Path, orders: Sequence[Sequence[str]], lines: Sequence[Sequence[str]]
) -> ParsedFiles:
    paths = [
        csv_file(folder, lines, headings=LINE_HEADINGS, encoding="gbk", name="lines.csv"),
        csv_file(folder, orders, headings=ORDER_HEADINGS, encoding="gbk", name="orders.csv"),
    ]
    return read_files(paths, SETTINGS, profiles=PROFILES)


def test_lines_find_their_order_and_the_person_is_cleaned(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "3", number="No:yt8800")], [line("7001", "3")])
    one = parsed.orders[0]
    assert one.order.lines[0].sku == "S-1"
    assert one.order.tracking_number == "YT8800"
    assert (one.person.phone, one.person.address, one.person.zip_code) == (
        "13000000001",
        "样例街1号",
        "510630",
    )
    assert parsed.rows == 2


@pytest.mark.parametrize(
    ("total", "units", "why_not", "refused"),
    [
        ("2", 2, None, []),
        ("1", 1, None, [("lines.csv", 3, "duplicate_row")]),
        ("5", 2, WhyNot.AMBIGUOUS_QUANTITY, []),
    ],
)
def test_equal_lines_are_real_when_the_orders_total_says_so(
    tmp_path: Path,
    total: str,
    units: int,
    why_not: WhyNot | None,
    refused: list[tuple[str, int, str]],
) -> None:
    parsed = pair(tmp_path, [order("7001", total)], [line("7001"), line("7001")])
    found = parsed.orders[0].order
    assert (found.units, found.why_not) == (units, why_not)
    assert [(r.file, r.row, r.reason) for r in parsed.refused] == refused


def test_an_order_whose_lines_are_missing_cannot_be_packed(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "1"), order("7002", "2")], [line("7001")])
    assert by_id(parsed)["7002"].order.why_not is WhyNot.NO_LINES


def test_an_order_that_the_list_does_not_name_cannot_be_packed(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "1")], [line("7001"), line("7009")])
    assert by_id(parsed)["7009"].order.why_not is WhyNot.UNKNOWN_STATUS


def test_an_order_with_a_line_less_than_its_total_is_held(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "2")], [line("7001")])
    assert parsed.orders[0].order.why_not is WhyNot.AMBIGUOUS_QUANTITY


def test_a_closed_line_is_left_out_of_an_open_order(tmp_path: Path) -> None:
    lines = [line("7001"), line("7001", sku="S-2", status="交易关闭")]
    parsed = pair(tmp_path, [order("7001", "2")], lines)
    assert [one.sku for one in parsed.orders[0].order.lines] == ["S-1"]
    assert parsed.orders[0].order.why_not is None


def test_an_open_order_with_only_closed_lines_is_cancelled(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "1")], [line("7001", status="交易关闭")])
    assert parsed.orders[0].order.why_not is WhyNot.CANCELLED


def test_an_order_listed_twice_counts_once(tmp_path: Path) -> None:
    parsed = pair(tmp_path, [order("7001", "1"), order("7001", "1")], [line("7001")])
    assert [(r.file, r.row, r.reason) for r in parsed.refused] == [
        ("orders.csv", 3, "duplicate_row")
    ]
    assert parsed.orders[0].order.why_not is None


def test_half_a_pair_names_what_is_missing(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [order("7001", "1")], headings=ORDER_HEADINGS, name="orders.csv")
    with pytest.raises(ImportFileError, match="标题") as caught:
        read_files([path], SETTINGS, profiles=PROFILES)
    assert caught.value.code == "import.other_file_missing"


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one = csv_file(tmp_path, [order("7001", "1")], headings=ORDER_HEADINGS, name="orders.csv")
    other = csv_file(tmp_path, name="plain.csv")
    for paths in ([one, other], [one, one], [other, other]):
        with pytest.raises(ImportFileError, match="belong together") as caught:
            read_files(paths, SETTINGS, profiles=PROFILES)
        assert caught.value.code == "import.files_do_not_belong"


def test_no_file_at_all_is_said_so() -> None:
    with pytest.raises(ImportFileError, match="No file"):
        read_files([], SETTINGS, profiles=PROFILES)
