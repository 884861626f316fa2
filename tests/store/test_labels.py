from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued, LabelRefused
from packstation.core.orders import LineKey, TrackingNumber, WhyNot
from packstation.core.parcels import Label
from packstation.core.status import (
    LabelSource,
    ParcelState,
    PrintOutcome,
    Reason,
    Verdict,
)
from packstation.errors import StoreError
from packstation.store.numbers import blocks
from packstation.store.opening import OpenStore
from tests.store.builders import (
    YTO,
    ZTO,
    add_numbers,
    key,
    line,
    load,
    order,
    parsed,
    print_label,
    record,
    verify,
)

# Labels


def test_numbers_are_given_out_lowest_first_and_never_twice(shop: OpenStore) -> None:
    given = []
    for number in range(1, 6):
        (queued,) = verify(shop, number)
        assert isinstance(queued, LabelQueued)
        given.append(queued.tracking_number)
    assert given == [f"YTO{n:08d}" for n in range(1, 6)]
    (block,) = blocks(shop.db)
    assert (block.used, block.free, block.following) == (5, 5, "YTO00000006")


def test_blocks_are_used_up_in_the_order_of_adding(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 4)]))
    add_numbers(store, 1, first=500)
    add_numbers(store, 5, first=1)
    given = [event.tracking_number for n in (1, 2) for event in verify(store, n)]  # type: ignore[union-attr]
    assert given == ["YTO00000500", "YTO00000001"]


def test_no_number_left_is_a_refusal_that_queues_nothing(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    assert verify(store, 1) == (LabelRefused(key(1), Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT),)
    assert store.ledger.jobs() == []
    parcel = load(store, 1).parcel
    assert parcel is not None
    assert parcel.state is ParcelState.VERIFIED, "the other facts are written"


@pytest.mark.parametrize(
    ("why_not", "verdict"),
    [
        (WhyNot.CANCELLED, Verdict.CANCELLED),
        (WhyNot.CANCEL_REQUESTED, Verdict.ON_HOLD),
        (WhyNot.REFUNDED, Verdict.NOT_ELIGIBLE),
    ],
)
def test_an_order_stopped_meanwhile_gets_no_label(
    shop: OpenStore, why_not: WhyNot, verdict: Verdict
) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    record(shop, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A-1"))
    shop.imports.stage(parsed([order(1, why_not=why_not)], digest="d2"))
    asked = facts.LabelRequested(key(1), 1, 1, "verified", YTO)
    events = record(shop, facts.OrderVerified(key(1), 1), asked)
    assert events == (LabelRefused(key(1), verdict, Reason(why_not.value)),)
    assert shop.ledger.jobs() == []
    assert blocks(shop.db)[0].used == 0


def test_an_order_changed_meanwhile_gets_no_label(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    shop.imports.stage(parsed([order(1, lines=[line("A-1", 2)])], digest="d2"))
    asked = facts.LabelRequested(key(1), 1, 1, "verified", YTO)
    events = record(shop, facts.OrderVerified(key(1), 1), asked)
    assert events == (LabelRefused(key(1), Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED),)


def test_a_reprint_keeps_the_number_and_counts_the_copy(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    print_label(shop, first, PrintOutcome.UNKNOWN)
    (again,) = record(shop, facts.LabelRequested(key(1), 1, 2, "operator_asked", YTO))
    assert isinstance(again, LabelQueued)
    assert (again.tracking_number, again.copy) == (first.tracking_number, 2)
    assert blocks(shop.db)[0].used == 1
    assert load(shop, 1).label == Label(again.job, again.tracking_number, 2, coded=True)


def test_a_label_of_which_nothing_came_out_is_the_same_copy_again(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    record(shop, facts.LabelEnded(key(1), first.job, PrintOutcome.FAILED, "paper_out"))
    (again,) = record(shop, facts.LabelRequested(key(1), 1, 1, "nothing_came_out", YTO))
    assert isinstance(again, LabelQueued)
    assert (again.copy, again.tracking_number) == (1, first.tracking_number)


def test_a_second_original_is_never_queued(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    (again,) = record(shop, facts.LabelRequested(key(1), 1, 1, "verified", YTO))
    assert isinstance(again, LabelQueued)
    assert again.copy == 2


def test_a_changed_order_is_verified_anew_under_another_number(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    print_label(shop, first, PrintOutcome.SENT)
    shop.imports.stage(parsed([order(1, lines=[line("B-1")])], digest="d2"))
    assert load(shop, 1).label is None, "the old label is not this order's"
    (again,) = verify(shop, 1, version=2)
    assert isinstance(again, LabelQueued)
    assert again.tracking_number != first.tracking_number, "the old label must not travel"
    assert again.copy == 2


def test_a_changed_carrier_takes_a_number_of_its_own(shop: OpenStore) -> None:
    add_numbers(shop, 2, ZTO)
    verify(shop, 1)
    shop.imports.stage(parsed([order(1, carrier=ZTO)], digest="d2"))
    record(shop, facts.OrderOpened(key(1), 2))
    asked = facts.LabelRequested(key(1), 2, 1, "verified", ZTO)
    (queued,) = record(shop, facts.OrderVerified(key(1), 2), asked)
    assert isinstance(queued, LabelQueued)
    assert queued.tracking_number == "ZTO00000001"


def test_a_number_bound_elsewhere_is_not_given_out_again(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1), facts.OrderVerified(key(1), 1))
    number = TrackingNumber("YTO00000001")
    record(shop, facts.ParcelSealed(key(1), number, YTO, LabelSource.EXTERNAL))
    (queued,) = verify(shop, 2)
    assert isinstance(queued, LabelQueued)
    assert queued.tracking_number == "YTO00000002"


def test_one_number_is_on_one_parcel_only(shop: OpenStore) -> None:
    for number in (1, 2):
        record(shop, facts.OrderOpened(key(number), 1), facts.OrderVerified(key(number), 1))
    sealed = facts.ParcelSealed(key(1), TrackingNumber("X1"), YTO, LabelSource.EXTERNAL)
    record(shop, sealed)
    with pytest.raises(StoreError) as caught:
        record(shop, replace(sealed, order=key(2)))
    assert caught.value.code == "store.conflict"
    parcel = load(shop, 2).parcel
    assert parcel is not None
    assert parcel.state is ParcelState.VERIFIED


def test_numbers_are_added_all_or_none_and_the_double_one_is_named(shop: OpenStore) -> None:
    with pytest.raises(StoreError, match="YTO00000010") as caught:
        add_numbers(shop, 5, first=10)
    assert caught.value.code == "numbers.duplicate"
    assert len(blocks(shop.db)) == 1
    add_numbers(shop, 2, first=11)
    add_numbers(shop, 1, ZTO)
