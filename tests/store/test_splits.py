"""Orders that need several parcels: parts, what is here and what is not, put together again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.life_facts import ShortPicked
from packstation.core.orders import HoldReason, LineKey, OrderKey, WhyNot
from packstation.core.splitting import parts_of, remainder
from packstation.errors import PackStationError
from packstation.store.opening import OpenStore
from packstation.store.order_rows import read_order
from packstation.store.replay import differences, rebuild
from packstation.store.shipment_upkeep import parts_of as live_parts
from tests.store.builders import NAME, key, line, look_up, record
from tests.store.shipping import (
    a_store,
    an_order,
    bring,
    kinds,
    load_key,
    merge,
    news,
    seal,
    shipments,
    verify,
)

A, B = LineKey("1"), LineKey("2")
FIRST, SECOND = OrderKey("main/1+P1-1"), OrderKey("main/1+P1-2")
LINES = [line("A", 3), line("B", 2, n=2)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """A store with an order of three A and two B; what was done to it can be rebuilt."""
    found = a_store(tmp_path / "data")
    bring(found, an_order(1, lines=LINES))
    yield found
    rebuilt = rebuild(found.db, found.journal, tmp_path / "rebuilt.db")
    assert differences(found.db, rebuilt) == []
    rebuilt.close()
    found.close()


def split(store: OpenStore) -> None:
    shipments(store).split(key(1), [{A: 1}], store.clock())


def why(store: OpenStore, one: OrderKey) -> WhyNot | None:
    found = read_order(store.db, one)
    assert found is not None
    return found.why_not


def units(store: OpenStore, one: OrderKey) -> dict[str, int]:
    found = read_order(store.db, one)
    assert found is not None
    return {x.line_key: x.quantity for x in found.lines}


def refused(done: object) -> str:
    assert callable(done)
    with pytest.raises(PackStationError) as error:
        done()
    return error.value.code


def test_what_no_parcel_has_makes_a_further_one(store: OpenStore) -> None:
    split(store)
    assert (units(store, FIRST), units(store, SECOND)) == ({A: 1}, {A: 2, B: 2})
    assert why(store, key(1)) is WhyNot.SPLIT
    assert (why(store, FIRST), why(store, SECOND)) == (None, None)
    loaded = load_key(store, SECOND)
    assert (loaded.order.part, loaded.order.parts, loaded.order.members) == (2, 2, (key(1),))
    assert store.people.person(SECOND).name == NAME
    assert len(loaded.messages) == 2


def test_the_orders_number_opens_the_first_part_that_is_not_closed(store: OpenStore) -> None:
    split(store)
    assert look_up(store, "1").orders == (FIRST,)
    first = seal(store, FIRST)
    assert look_up(store, "1").orders == (SECOND,)
    second = seal(store, SECOND)
    assert first != second
    assert look_up(store, "1").orders == (FIRST,)


def test_the_order_is_told_of_each_parcel_by_its_part(store: OpenStore) -> None:
    split(store)
    numbers = [seal(store, FIRST), seal(store, SECOND)]
    told = news(store, 1)
    assert [kind for kind, _ in told] == [
        "order.split",
        *["order.verified", "label.assigned", "parcel.sealed"] * 2,
    ]
    assert told[0][1]["parts"] == "2"
    assert [data["part"] for _, data in told[1:]] == ["1/2"] * 3 + ["2/2"] * 3
    sealed = [data["tracking_number"] for kind, data in told if kind == "parcel.sealed"]
    assert sealed == numbers
    assert {data["order_id"] for _, data in told} == {"1"}


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([{A: 4}], "shipments.units"),
        ([{A: 3, B: 2}], "shipments.parts"),
        ([{A: 3}, {B: 2}, {A: 1}], "shipments.units"),
        ([{A: 1}, {}], "shipments.parts"),
        ([{A: 0}], "shipments.units"),
        ([{A: -1}], "shipments.units"),
        ([{LineKey("9"): 1}], "shipments.units"),
    ],
)
def test_parts_that_are_not_the_order_are_refused(
    store: OpenStore, shares: list[dict[LineKey, int]], code: str
) -> None:
    assert refused(lambda: shipments(store).split(key(1), shares, store.clock())) == code
    assert why(store, key(1)) is None
    assert look_up(store, "1+P1-1").orders == ()


def test_what_has_a_label_or_shares_a_parcel_is_not_split(store: OpenStore) -> None:
    bring(store, an_order(2), an_order(3), digest="d2")
    verify(store, key(1))
    assert refused(lambda: split(store)) == "shipments.begun"
    merge(store, 2, 3)
    cut = [{A: 1}]
    for one in (key(2), OrderKey("main/2+M1")):
        code = refused(lambda one=one: shipments(store).split(one, cut, store.clock()))
        assert code == "shipments.already"


def test_a_split_order_is_not_merged(store: OpenStore) -> None:
    bring(store, an_order(2), digest="d2")
    split(store)
    assert refused(lambda: merge(store, 1, 2)) == "shipments.already"
    assert refused(lambda: merge(store, "1+P1-1", 2)) == "shipments.already"


def test_only_the_first_part_keeps_a_number_of_the_file(store: OpenStore) -> None:
    numbered = an_order(2, lines=LINES, tracking_number="YT7700000000997")
    parts = parts_of(numbered, [{A: 3}, {B: 2}], [numbered.order_id] * 2)
    assert [one.tracking_number for one in parts] == ["YT7700000000997", None]


def test_put_together_again_the_order_is_whole(store: OpenStore) -> None:
    split(store)
    number = verify(store, FIRST).tracking_number
    shipments(store).join(FIRST, store.clock())
    assert (why(store, key(1)), why(store, FIRST)) == (None, WhyNot.TAKEN_APART)
    assert look_up(store, number).voided == FIRST
    assert kinds(store, 1)[-2:] == ["label.voided", "order.joined"]
    assert "tracking_number" not in news(store, 1)[-1][1]
    shipments(store).split(key(1), [{B: 2}], store.clock())
    assert look_up(store, "1").orders == (OrderKey("main/1+P2-1"),)


def test_a_closed_part_is_opened_by_a_supervisor_only(store: OpenStore) -> None:
    split(store)
    seal(store, SECOND)
    assert refused(lambda: shipments(store).join(key(1), store.clock())) == "shipments.sealed"
    shipments(store).join(key(1), store.clock(), supervisor=True)
    assert why(store, key(1)) is None
    assert units(store, key(1)) == {A: 3, B: 2}


# What is here, and what is not


def short(store: OpenStore) -> None:
    missing = ShortPicked(key(1), ((B, 2),), "bench")
    record(store, missing, facts.OrderHeld(key(1), HoldReason.SHORT_PICK))


def test_what_is_here_goes_and_the_rest_waits(store: OpenStore) -> None:
    short(store)
    shipments(store).ship_what_is_here(key(1), store.clock())
    assert (units(store, FIRST), units(store, SECOND)) == ({A: 3}, {B: 2})
    assert (why(store, FIRST), why(store, SECOND)) == (None, WhyNot.SHORT_PICK)
    assert why(store, key(1)) is WhyNot.SPLIT
    seal(store, FIRST)
    assert look_up(store, "1").orders == (SECOND,)
    assert [data.get("part") for _, data in news(store, 1)][-3:] == ["1/2"] * 3
    record(store, facts.OrderReleased(SECOND))
    assert why(store, SECOND) is None


def test_the_rest_is_cancelled_where_the_buyer_agreed(store: OpenStore) -> None:
    short(store)
    shipments(store).ship_what_is_here(key(1), store.clock(), agreed="buyer_agreed")
    assert why(store, SECOND) is WhyNot.CANCELLED
    kind, data = news(store, 1)[-1]
    assert (kind, data["part"], data["reason"]) == ("order.cancelled", "2/2", "buyer_agreed")
    assert look_up(store, "1").orders == (FIRST,)
    seal(store, FIRST)
    assert look_up(store, "1").orders == (FIRST,)


def test_nothing_here_or_nothing_missing_is_no_partial_shipment(store: OpenStore) -> None:
    ship = shipments(store).ship_what_is_here
    assert refused(lambda: ship(key(1), store.clock())) == "shipments.nothing_missing"
    everything = {A: 3, B: 2}
    code = refused(lambda: ship(key(1), store.clock(), missing=everything))
    assert code == "shipments.nothing_here"
    assert refused(lambda: ship(key(1), store.clock(), missing={A: 4})) == "shipments.units"


# The order changes


def test_an_order_that_is_cancelled_is_put_together_and_stopped(store: OpenStore) -> None:
    split(store)
    bring(store, an_order(1, lines=LINES, why_not=WhyNot.CANCELLED), digest="no")
    assert why(store, key(1)) is WhyNot.CANCELLED
    assert {why(store, one) for one in (FIRST, SECOND)} == {WhyNot.TAKEN_APART}
    kind, data = news(store, 1)[-1]
    assert (kind, data["joined_because"]) == ("order.joined", "order_cancelled")


def test_other_goods_make_one_parcel_again(store: OpenStore) -> None:
    split(store)
    bring(store, an_order(1, lines=[line("A", 4)]), digest="more")
    assert (why(store, key(1)), live_parts(store.db, key(1))) == (None, ())
    assert units(store, key(1)) == {A: 4}


def test_a_closed_part_is_stopped_with_its_order(store: OpenStore) -> None:
    split(store)
    number = seal(store, FIRST)
    bring(store, an_order(1, lines=LINES, why_not=WhyNot.CANCELLED), digest="no")
    parcel = look_up(store, number).parcel
    assert parcel is not None
    assert (parcel.why_not, parcel.stopped_by) == (WhyNot.CANCELLED, key(1))
    assert why(store, SECOND) is WhyNot.CANCELLED


def test_the_first_part_on_its_way_does_not_stop_the_second(store: OpenStore) -> None:
    split(store)
    seal(store, FIRST)
    shipped = replace(an_order(1, lines=LINES), why_not=WhyNot.SHIPPED)
    bring(store, shipped, digest="sent")
    assert why(store, SECOND) is None
    seal(store, SECOND)


def test_units_that_nobody_has_are_left(store: OpenStore) -> None:
    order = an_order(9, lines=LINES)
    assert remainder(order, [{A: 1}, {A: 1}]) == {A: 1, B: 2}
    assert remainder(order, [{A: 5, B: 2}]) == {A: -2}
