"""What changes late: after a box was closed, after a part has left, while an import is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.imports import MAIN_SHOP
from packstation.core.life_facts import ParcelReopened
from packstation.core.orders import HoldReason, LineKey, Order, OrderKey, TrackingNumber, WhyNot
from packstation.core.sheet_facts import ShipmentResultsTaken, ShipmentsWritten
from packstation.core.sheets import LeftOut
from packstation.core.station import DockStep, SavedStation, StepKind
from packstation.core.status import LabelSource, NumberState, PrintOutcome
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import order_life, replay, sheet_reads
from packstation.store.numbers import mark
from packstation.store.opening import OpenStore
from tests.store.builders import START, hand_over, key, line, look_up, person, print_label, record
from tests.store.shipping import (
    RULES,
    YTO,
    a_store,
    an_order,
    bring,
    kinds,
    load_key,
    merge,
    seal,
    shipments,
    verify,
)


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


def test_a_wish_to_cancel_does_not_run_out_once_the_shared_parcel_has_left(
    store: OpenStore,
) -> None:
    bring(store, an_order(1), an_order(2), an_order(3))
    leave(store, merge(store, 1, 2).key)
    wishes = [an_order(n, why_not=WhyNot.CANCEL_REQUESTED) for n in (1, 3)]
    bring(store, *wishes, digest="d2")
    late = Stamp(START + timedelta(days=5), 10**12, "")
    expired = order_life.expire_due(store.recorder, RULES, late)
    assert [change.order for change in expired] == [key(3)]
    assert kinds(store, 1)[-1] == "parcel.handed_over"


@pytest.mark.parametrize("again", [HoldReason.QUALITY, HoldReason.OPERATOR, None])
def test_a_restart_gives_undo_no_hold_that_somebody_else_has_decided_about(
    store: OpenStore, again: HoldReason | None
) -> None:
    bring(store, an_order(1), an_order(2))
    steps = tuple(DockStep(StepKind.HELD, order=key(n)) for n in (1, 2))
    record(store, *(facts.OrderHeld(key(n)) for n in (1, 2)), saved=SavedStation(steps=steps))
    assert store.station.resume()[0].steps == steps
    order_life.release(store.recorder, key(1), "", store.clock())
    if again is not None:
        order_life.hold(store.recorder, key(1), again, store.clock())
    assert store.station.resume()[0].steps == (steps if again is HoldReason.OPERATOR else steps[1:])


def spoil(store: OpenStore, number: TrackingNumber) -> None:
    mark(store.recorder, YTO, [number], NumberState.SPOILED, "torn", "", store.clock())


def test_a_label_whose_number_was_spoiled_by_hand_travels_no_more(store: OpenStore) -> None:
    bring(store, an_order(1))
    queued = verify(store, key(1))
    number = queued.tracking_number
    print_label(store, queued, PrintOutcome.SENT)
    spoil(store, number)
    # The packer had it in hand already, and scans it.
    record(store, facts.ParcelSealed(key(1), number, YTO, LabelSource.COMPOSED))
    parcel = look_up(store, number).parcel
    assert parcel is not None
    assert parcel.stale
    with pytest.raises(StoreError):
        record(
            store,
            facts.BagOpened("PSBAG01000001"),
            facts.ParcelBagged("PSBAG01000001", key(1), number, YTO),
        )
    assert told(store) == {key(1): "order_changed"}


def test_a_number_on_a_closed_box_is_not_spoiled_by_hand(store: OpenStore) -> None:
    bring(store, an_order(1))
    number = seal(store, key(1))
    with pytest.raises(StoreError) as caught:
        spoil(store, number)
    assert caught.value.code == "store.illegal_move"
    assert store.db.rows("SELECT state FROM numbers WHERE number = ?", (number,)) == [("USED",)]
    assert told(store) == {key(1): number}


AWAY = replace(person(), address="北京市朝阳区别处路1号")


@pytest.mark.parametrize("closed", [False, True])
def test_the_parcel_that_is_still_here_waits_when_the_order_goes_elsewhere(
    store: OpenStore, closed: bool, tmp_path: Path
) -> None:
    first, second = split(store)
    leave(store, first)
    old = seal(store, second) if closed else None
    report = bring(store, two_units(), digest="d2", who=AWAY)
    waits = [change for change in report.changes if change.order == second]
    assert [change.why_not for change in waits] == [WhyNot.HELD], "an open table must stop"
    assert load_key(store, second).order.why_not is WhyNot.HELD
    assert order_life.what_holds(store.db, second) is HoldReason.BUYER_ASKS
    assert told(store).get(second, "held") == "held"
    assert store.people.person(first).address == person().address
    assert store.people.person(second).address == AWAY.address
    order_life.release(store.recorder, second, "", store.clock())
    bring(store, replace(two_units(), urged=True), digest="d3", who=AWAY)
    assert load_key(store, second).order.why_not is None, "one change is told once"
    if closed:
        asked = facts.LabelRequested(second, 1, 2, "verified", YTO)
        (queued,) = record(store, asked)
        assert isinstance(queued, LabelQueued)
    else:
        queued = verify(store, second)
    assert queued.tracking_number != old
    again = replay.rebuild(store.db, store.journal, tmp_path / "again.db")
    assert replay.differences(store.db, again) == []
    again.close()


@pytest.mark.parametrize("reason", [HoldReason.QUALITY, HoldReason.SHORT_PICK, None])
def test_no_hold_ends_because_a_parcel_was_taken_apart(
    store: OpenStore, reason: HoldReason | None
) -> None:
    first, second = split(store, 3)
    bring(store, an_order(1), an_order(2), digest="d2")
    shared = merge(store, 1, 2).key
    record(store, facts.OrderHeld(first), facts.OrderHeld(shared, reason))
    record(store, facts.OrderHeld(second, reason))
    shipments(store).unmerge(key(1), store.clock())
    shipments(store).join(key(3), store.clock())
    holds = [order_life.what_holds(store.db, key(n)) for n in (1, 2)]
    assert holds == [reason or HoldReason.OPERATOR] * 2
    strictest = HoldReason.QUALITY if reason is HoldReason.QUALITY else HoldReason.OPERATOR
    assert order_life.what_holds(store.db, key(3)) is strictest


def test_what_was_cancelled_of_an_order_does_not_go_because_it_was_joined(
    store: OpenStore,
) -> None:
    bring(store, two_units())
    ways, missing = shipments(store), {LineKey("1"): 1}
    ways.ship_what_is_here(key(1), store.clock(), missing=missing, agreed="buyer_agreed")
    ways.join(key(1), store.clock())
    assert order_life.what_holds(store.db, key(1)) is HoldReason.BUYER_ASKS


def leave(store: OpenStore, one: OrderKey) -> None:
    """Pack an order and give it to the courier."""
    number = seal(store, one)
    bagged = facts.ParcelBagged("PSBAG01000001", one, number, YTO)
    record(store, facts.BagOpened("PSBAG01000001"), bagged)
    record(store, facts.BagSealed("PSBAG01000001", YTO, 1))
    hand_over(store, "PSM01000001", {"PSBAG01000001": 1})


def test_a_number_that_changed_after_it_was_told_is_named_with_its_cure(store: OpenStore) -> None:
    bring(store, an_order(1))
    first = seal(store, key(1))
    written = ShipmentsWritten("S01-0001", MAIN_SHOP, (key(1),), (first,), (YTO,), "any", "f", "d")
    for fact in (written, ShipmentResultsTaken("S01-0001", (key(1),), ())):
        with store.recorder.tx():
            store.recorder.write((fact,), store.clock())
    assert sheet_reads.shipments(store.db, MAIN_SHOP) == ([], [])
    bring(store, an_order(1, lines=[line("B-2")]), digest="d2")
    record(store, ParcelReopened(key(1)))
    assert seal(store, key(1)) != first
    found, left = sheet_reads.shipments(store.db, MAIN_SHOP)
    assert found == []
    assert left == [LeftOut(key(1), sheet_reads.NUMBER_CHANGED)]
