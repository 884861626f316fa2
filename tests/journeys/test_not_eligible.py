"""Orders whose label cannot be made say so before anything is scanned."""

from __future__ import annotations

from tests.journeys.table import (
    MASKED,
    MUG,
    ONE_SPOON,
    SPOON,
    TWO_MUGS_AND_A_SPOON,
    WITHOUT_CARRIER,
    WITHOUT_NUMBERS,
    Table,
    said,
    why,
)


def test_an_order_without_a_possible_label_is_not_opened_and_says_why(table: Table) -> None:
    obstacles = {
        MASKED: "masked_recipient",
        WITHOUT_CARRIER: "no_carrier",
        WITHOUT_NUMBERS: "no_number_left",
    }
    for answer, (order, reason) in zip(table.scan(*obstacles), obstacles.items(), strict=True):
        assert (answer["verdict"], answer["reason"]) == ("NOT_ELIGIBLE", reason)
        assert (answer["order"], answer["phase"]) == (order, "IDLE")


def test_the_shops_own_carrier_stands_in_where_an_order_names_none(table: Table) -> None:
    settings = table.data / "settings.toml"
    settings.write_text('[shops.main]\ncarrier = "YTO"\n', encoding="utf-8")
    assert said(table.scan(WITHOUT_CARRIER, MUG)) == ["ORDER_OPENED", "ORDER_COMPLETE"]


def test_the_last_number_is_used_once_and_the_next_order_says_why_it_waits(
    empty_table: Table,
) -> None:
    empty_table.bring("orders.csv")
    assert empty_table.run("numbers", "add", "YTO", "YT7700000000101", "--count", "1").code == 0
    number = empty_table.pack(ONE_SPOON, SPOON)
    assert number == "YT7700000000101"
    assert why(empty_table.scan(TWO_MUGS_AND_A_SPOON)) == [("NOT_ELIGIBLE", "no_number_left")]
    assert empty_table.run("numbers", "add", "YTO", "YT7700000000101", "--count", "2").code == 1
    assert empty_table.run("numbers", "add", "YTO", "YT7700000000102", "--count", "2").code == 0
    assert said(empty_table.scan(TWO_MUGS_AND_A_SPOON)) == ["ORDER_OPENED"]
