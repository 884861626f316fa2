"""Sorting codes and bag places in files: under which headings, and what is no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.made_files import HEADINGS, TWO_ORDERS, csv_file, read

CODE, PLACE = "342-081-00 052", "区域件-长三角26城"


@pytest.mark.parametrize("code", ["三段码", "大头笔", "Sort code"])
@pytest.mark.parametrize("place", ["集包地", "集包中心"])
def test_the_plain_layout_has_code_and_place(tmp_path: Path, code: str, place: str) -> None:
    rows = [(*TWO_ORDERS[0], CODE, PLACE), (*TWO_ORDERS[1], "", "-")]
    first, second = read(csv_file(tmp_path, rows, headings=(*HEADINGS, code, place))).orders
    assert (first.order.sorting, first.order.bag_place) == (CODE, PLACE)
    assert (second.order.sorting, second.order.bag_place) == (None, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("002 207", "002 207"),
        ('="00207"', "00207"),
        ("３４２-081", "342-081"),
        ("上海转-A12-05", "上海转-A12-05"),
        ("3.42E+11", None),
        ('=HYPERLINK("http://a.example")', None),
        ("9" * 200, None),
    ],
)
def test_a_damaged_code_is_none_and_the_order_is_packed_all_the_same(
    tmp_path: Path, cell: str, code: str | None
) -> None:
    parsed = read(csv_file(tmp_path, [(*TWO_ORDERS[0], cell)], headings=(*HEADINGS, "三段码")))
    (one,) = parsed.orders
    assert one.order.sorting == code
    assert one.order.why_not is None
    assert parsed.refused == ()
