from __future__ import annotations

import pytest

from packstation.core import facts
from packstation.core.events import HandoverChecked, LabelQueued
from packstation.core.orders import TrackingNumber, WhyNot
from packstation.core.status import (
    LabelSource,
    ParcelState,
    PrintOutcome,
)
from packstation.errors import StoreError
from packstation.store.opening import OpenStore
from tests.store.builders import (
    YTO,
    bag,
    cancel,
    check,
    hand_over,
    key,
    load,
    look_up,
    print_label,
    record,
    seal,
    verify,
)

# Parcels, bags and handovers


def test_an_illegal_move_is_refused_and_writes_nothing(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    before = shop.journal.head()
    with pytest.raises(StoreError) as caught:
        record(
            shop,
            facts.OrderPaused(key(1)),
            facts.ParcelSealed(key(1), TrackingNumber("X"), YTO, LabelSource.EXTERNAL),
        )
    assert caught.value.code == "store.illegal_move"
    assert shop.journal.head() == before
    record(shop, facts.OrderPaused(key(1)))


def test_a_label_that_came_out_makes_the_parcel_labelled(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    print_label(shop, queued, PrintOutcome.CONFIRMED)
    parcel = load(shop, 1).parcel
    assert parcel is not None
    assert parcel.state is ParcelState.LABELLED


def test_an_unknown_label_is_settled_by_its_scan(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    print_label(shop, queued, PrintOutcome.UNKNOWN)
    record(shop, facts.ParcelSealed(key(1), queued.tracking_number, YTO, LabelSource.COMPOSED))
    record(shop, facts.LabelEnded(key(1), queued.job, PrintOutcome.UNKNOWN, "late"))
    (job,) = shop.ledger.jobs()
    assert (job.outcome, job.detail) == (PrintOutcome.CONFIRMED, "scanned_back")


def test_a_parcel_can_be_taken_out_of_an_open_bag(shop: OpenStore) -> None:
    number = seal(shop, 1)
    record(shop, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", key(1), number, YTO))
    record(shop, facts.ParcelUnbagged("PSBAG1", key(1), number))
    found = look_up(shop, "PSBAG1").bag
    assert found is not None
    assert (found.parcels, found.carrier) == (0, None)
    assert look_up(shop, number).parcel == look_up(shop, "1").parcel


def test_a_sealed_bag_takes_nothing_more(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    number = seal(shop, 2)
    with pytest.raises(StoreError):
        record(shop, facts.ParcelBagged("PSBAG1", key(2), number, YTO))


def test_a_bag_is_sealed_with_the_count_it_has(shop: OpenStore) -> None:
    number = seal(shop, 1)
    record(shop, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", key(1), number, YTO))
    with pytest.raises(StoreError):
        record(shop, facts.BagSealed("PSBAG1", YTO, 2))


def test_a_handover_is_looked_at_once_more_before_it_closes(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1, 2])
    bag(shop, "PSBAG2", [3])
    assert check(shop, "PSM1", "PSBAG1", "PSBAG2").parcels == 3  # type: ignore[union-attr]
    cancel(shop, 3)
    checked = check(shop, "PSM1", "PSBAG1", "PSBAG2")
    assert isinstance(checked, HandoverChecked)
    assert checked.stopped == (key(3), WhyNot.CANCELLED)


def test_a_cancelled_parcel_never_leaves_even_when_nobody_looked(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1, 2])
    cancel(shop, 2)
    with pytest.raises(StoreError, match="stopped"):
        hand_over(shop, "PSM1", {"PSBAG1": 2})
    assert shop.db.rows("SELECT count(*) FROM manifests") == [(0,)]


def test_a_manifest_is_final(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1, 2])
    hand_over(shop, "PSM1", {"PSBAG1": 2})
    for statement in (
        "UPDATE manifests SET parcels = 3",
        "DELETE FROM manifests",
        "UPDATE manifest_parcels SET order_key = 'x'",
        "DELETE FROM manifest_parcels",
    ):
        with pytest.raises(StoreError, match="final"), shop.db.tx():
            shop.db.run(statement)
    with pytest.raises(StoreError):
        record(shop, facts.HandoverClosed("PSM1", YTO, ("PSBAG1",), 2))
    parcel = look_up(shop, "1").parcel
    assert parcel is not None
    assert (parcel.state, parcel.manifest) == (ParcelState.HANDED_OVER, "PSM1")
