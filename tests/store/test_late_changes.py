"""What changes late: after a box was closed, after a part has left, while an import is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import LineKey, Order, OrderKey, WhyNot
from packstation.store import sheet_reads
from packstation.store.opening import OpenStore
from tests.store.builders import key, line
from tests.store.shipping import a_store, an_order, bring, merge, seal, shipments


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    store = a_store(tmp_path / "data")
    yield store
    store.close()


def told(store: OpenStore) -> dict[OrderKey, str]:
    """What the platform would be told: each order with its number, or why it is left out."""
    found, left = sheet_reads.shipments(store.db, MAIN_SHOP)
    assert sheet_reads.still_to_tell(store.db, MAIN_SHOP, found)
    return {one.order: one.number for one in found} | {one.order: one.why for one in left}


def split(store: OpenStore, number: int = 1) -> tuple[OrderKey, OrderKey]:
    """Bring an order of two units and let it travel in two parcels."""
    bring(store, two_units(number))
    first, second = (
        shipments(store).split(key(number), [{LineKey("1"): 1}], store.clock()).shipments
    )
    return first.key, second.key


def two_units(number: int = 1, why_not: WhyNot | None = None) -> Order:
    return an_order(number, lines=[line("A-1", 2)], why_not=why_not)


def test_a_platform_is_never_told_the_number_of_a_void_label(store: OpenStore) -> None:
    bring(store, an_order(1))
    number = seal(store, key(1))
    before, _ = sheet_reads.shipments(store.db, MAIN_SHOP)
    assert told(store) == {key(1): number}
    bring(store, an_order(1, lines=[line("B-2")]), digest="d2")
    assert told(store) == {key(1): "order_changed"}
    assert not sheet_reads.still_to_tell(store.db, MAIN_SHOP, before)


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (an_order(1, why_not=WhyNot.CANCELLED), "cancelled_in_parcel"),
        (an_order(1, lines=[line("B-2")]), "order_changed"),
    ],
)
def test_a_shared_parcel_that_must_be_opened_is_told_of_no_order(
    store: OpenStore, late: Order, why: str
) -> None:
    bring(store, an_order(1), an_order(2))
    seal(store, merge(store, 1, 2).key)
    before, _ = sheet_reads.shipments(store.db, MAIN_SHOP)
    bring(store, late, digest="d2")
    assert told(store)[key(2)] == why
    assert not set(told(store).values()) & {one.number for one in before}
    assert not sheet_reads.still_to_tell(store.db, MAIN_SHOP, before)


def test_a_closed_part_of_a_cancelled_order_is_not_told(store: OpenStore) -> None:
    first, _ = split(store)
    number = seal(store, first)
    assert told(store) == {first: number}
    bring(store, two_units(why_not=WhyNot.CANCELLED), digest="d2")
    assert told(store) == {first: "cancelled_in_parcel"}
