"""A picker's rows: by bin in walking order, summed, and into the totes of a cart."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from packstation.core.orders import LineKey, Order, OrderId, OrderLine, ShopKey, Sku
from packstation.core.pick_rows import Walk, aisle


def line(key: str, place: str | None, quantity: int = 1, barcode: str | None = None) -> OrderLine:
    return OrderLine(LineKey(key), Sku(f"S-{key}"), f"T {key}", quantity, None, barcode, place)


def order(number: str, *lines: OrderLine) -> Order:
    return Order(ShopKey("main"), OrderId(number), "generic", lines)


def test_bins_come_as_one_walks_and_those_without_a_bin_last() -> None:
    places = ["A-10", "B1", None, "a-2", "A-1", "12-3"]
    rows = Walk().total([order("1", *(line(str(n), p) for n, p in enumerate(places)))])
    assert [row.bin for row in rows] == ["12-3", "A-1", "a-2", "A-10", "B1", ""]


def test_the_order_of_aisles_is_what_the_warehouse_says() -> None:
    one = order("1", *(line(p, p) for p in ("A-1", "B-1", "C-2", "C-1", "D-1")))
    rows = Walk(("c", "B")).total([one])
    assert [row.bin for row in rows] == ["C-1", "C-2", "B-1", "A-1", "D-1"]
    assert aisle("货架-7") == "货架"


def test_a_rows_barcode_is_the_product_code_else_the_sku() -> None:
    rows = Walk().order(order("1", line("a", "A", barcode="690"), line("b", "B")))
    assert [row.scan for row in rows] == ["690", "S-b"]


@given(
    st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=9),
    st.integers(1, 4),
)
def test_no_unit_is_lost_or_doubled_on_carts(orders: list[list[int]], size: int) -> None:
    made = [
        order(
            str(n),
            *(
                replace(line(str(sku), f"A-{sku}", sku + 1), line_key=LineKey(str(at)))
                for at, sku in enumerate(skus)
            ),
        )
        for n, skus in enumerate(orders)
    ]
    carts = Walk().carts(made, size)
    assert [one.order_id for cart in carts for one in cart.orders] == [o.order_id for o in made]
    for cart in carts:
        assert len(cart.orders) <= size
        for place, one in enumerate(cart.orders, 1):
            picked = {row.sku: dict(row.totes).get(place, 0) for row in cart.rows}
            wanted = Counter[str]()
            for one_line in one.lines:
                wanted[str(one_line.sku)] += one_line.quantity
            assert {sku: n for sku, n in picked.items() if n} == wanted
        assert all(row.quantity == sum(n for _, n in row.totes) for row in cart.rows)
    total = sum(row.quantity for row in Walk().total(made))
    assert total == sum(o.units for o in made) == sum(r.quantity for c in carts for r in c.rows)


def test_the_rows_do_not_hang_on_the_order_of_import() -> None:
    lines = [line(str(n), f"A-{n % 7}") for n in range(30)]
    shuffled = random.Random(1).sample(lines, 30)
    assert Walk().total([order("1", *lines)]) == Walk().total([order("1", *shuffled)])
