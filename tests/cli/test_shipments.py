"""Merging and splitting from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAD = "订单号,订单状态,收件人,手机,收货地址,商品编码,商品名称,数量,快递公司\n"
"""A plain file with headings of its own."""


def rows_of(numbers: str, address: str = "浙江省杭州市西湖区某路1号") -> str:
    return "".join(
        f"{n},待发货,李某某,13900001111,{address},SKU-{i},样品{i},{i},圆通速递\n"
        for n in numbers.split()
        for i in (1, 2)
    )


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Run:
    """Three orders of one person and one of another."""
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + rows_of("MG01 MG02 MG03") + rows_of("MG04", "别处9号"), "utf-8")
    done = run("import", file)
    assert done.code == 0, done.err
    return run


def test_what_is_suggested_can_be_merged(shop: Run) -> None:
    found = [one for one in shop("merge-suggestions", "--json").rows() if "MG01" in one["orders"]]
    assert found == [{"shop": "main", "orders": ["MG01", "MG02", "MG03"], "because": "recipient"}]
    (done,) = shop("merge", "MG01", "MG03", "--json").rows()
    assert done["orders"] == ["main/MG01", "main/MG03"]
    assert [one["order_id"] for one in done["shipments"]] == ["MG01+M1"]
    assert [line["line"].split(":")[0] for line in done["shipments"][0]["lines"]] == list("1122")


def test_a_member_opens_the_parcel_at_the_station(shop: Run) -> None:
    assert shop("merge", "MG01", "MG02").code == 0
    (answer,) = shop("scan", "-", "--json", stdin=b"MG02\n").rows()
    assert (answer["verdict"], answer["order"]) == ("ORDER_OPENED", "MG01+M1")


def test_another_recipient_is_refused_with_a_sentence(shop: Run) -> None:
    done = shop("merge", "MG01", "MG04")
    assert (done.code, done.out) == (1, "")
    assert "not surely for the same recipient" in done.err
    assert "[shipments.other_recipient]" in done.err


def test_a_merged_order_is_taken_apart(shop: Run) -> None:
    shop("merge", "MG01", "MG02")
    (done,) = shop("unmerge", "MG02", "--json").rows()
    assert done == {"orders": ["main/MG01", "main/MG02"], "shipments": []}
    (answer,) = shop("scan", "-", "--json", stdin=b"MG02\n").rows()
    assert (answer["verdict"], answer["order"]) == ("ORDER_OPENED", "MG02")


def test_an_order_is_split_and_says_which_parcel_is_open(shop: Run) -> None:
    done = shop("split", "MG04", "--part", "SKU-2=1")
    assert done.out.splitlines() == [
        "Parcel 1 of 2, MG04+P1-1: SKU-2 × 1",
        "Parcel 2 of 2, MG04+P1-2: SKU-1 × 1, SKU-2 × 1",
    ]
    (answer,) = shop("scan", "-", "--json", stdin=b"MG04\n").rows()
    assert (answer["order"], answer["missing"]) == ("MG04+P1-1", 1)
    # An order that lies open is put aside before anything is changed about it.
    assert "[shipments.at_bench]" in shop("join", "MG04").err
    shop("scan", "-", stdin=b"PSCMDPAUSE\n")
    assert shop("join", "MG04+P1-2").out == "Order MG04 travels in one parcel again.\n"


def test_the_rest_of_a_short_order_waits_or_is_cancelled_after_a_yes(shop: Run) -> None:
    assert shop("short", "MG04", "SKU-2", "--units", "2").code == 0
    refused = shop("split", "MG04", "--short", "--rest-cancelled")
    assert refused.code == 1
    assert "[orders.cancel_not_confirmed]" in refused.err
    (done,) = shop("split", "MG04", "--short", "--json").rows()
    assert [one["lines"] for one in done["shipments"]] == [
        [{"line": done["shipments"][0]["lines"][0]["line"], "sku": "SKU-1", "units": 1}],
        [{"line": done["shipments"][1]["lines"][0]["line"], "sku": "SKU-2", "units": 2}],
    ]
    answers = shop("scan", "-", "--json", stdin=b"MG04+P1-2\nPSCMDOK\nMG04\n").rows()
    assert [one["reason"] for one in answers] == ["short_pick", None, None]


@pytest.mark.parametrize("part", ["SKU-2", "SKU-2=", "=1", "SKU-2=0", "SKU-2=x", ""])
def test_units_that_are_not_understood_are_refused(shop: Run, part: str) -> None:
    done = shop("split", "MG04", "--part", part)
    assert (done.code, done.out) == (1, "")
    assert "[shipments.not_understood]" in done.err


def test_more_units_than_there_are_or_no_such_line_are_refused(shop: Run) -> None:
    assert "[shipments.units]" in shop("split", "MG04", "--part", "SKU-2=3").err
    assert "[shipments.no_line]" in shop("split", "MG04", "--part", "SKU-9=1").err
    assert "[shipments.not_split]" in shop("join", "MG04").err
    assert "[shipments.not_merged]" in shop("unmerge", "MG04").err
