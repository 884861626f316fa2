"""A platform is told once, an order gets one number and is in one wave; replay gives the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.orders import OrderId, ShopKey, TrackingNumber
from packstation.core.sheet_facts import (
    AnySheetFact,
    CarrierNumbersTaken,
    CarrierSheetEnded,
    CarrierSheetWritten,
    OrdersExported,
    ShipmentResultsTaken,
    ShipmentsWritten,
    WaveEnded,
    WaveMade,
)
from packstation.core.sheets import RowState
from packstation.core.shipment_facts import OrdersMerged, OrderSplit
from packstation.errors import StoreError
from packstation.store import sheet_reads
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.store.builders import (
    START,
    YTO,
    cancel,
    key,
    line,
    load,
    order,
    parsed,
    record,
    seal,
    verify,
)

MAIN = ShopKey("main")
OWN = TrackingNumber("YT0000000000777")


def write(store: OpenStore, *these: AnySheetFact) -> None:
    with store.recorder.tx():
        store.recorder.write(these, store.clock())


def batch(name: str, *numbers: int) -> ShipmentsWritten:
    return ShipmentsWritten(
        name,
        MAIN,
        tuple(key(n) for n in numbers),
        tuple(TrackingNumber(f"YTO{n:08d}") for n in numbers),
        tuple(YTO for _ in numbers),
        "any",
        f"{name}.csv",
        "d",
    )


def to_tell(store: OpenStore) -> list[str]:
    return [one.order_id for one in sheet_reads.shipments(store.db, MAIN)[0]]


def test_only_what_a_scan_has_proved_is_told_and_only_once(shop: OpenStore) -> None:
    assert to_tell(shop) == []
    seal(shop, 1)
    verify(shop, 2)
    assert to_tell(shop) == ["1"]
    write(shop, batch("S01-0001", 1))
    assert to_tell(shop) == []
    for again in (batch("S01-0002", 1), batch("S01-0001", 2)):
        with pytest.raises(StoreError, match="contradict"):
            write(shop, again)
    write(shop, ShipmentResultsTaken("S01-0001", (key(1),), ()))
    assert to_tell(shop) == []


def test_a_failed_order_is_told_again_and_a_done_one_never(shop: OpenStore) -> None:
    seal(shop, 1)
    seal(shop, 2)
    write(shop, batch("S01-0001", 1, 2))
    write(shop, ShipmentResultsTaken("S01-0001", (key(2),), ((key(1), "no such order"),)))
    assert to_tell(shop) == ["1"]
    found = sheet_reads.batch(shop.db, "s01-0001")
    assert [(row.state, row.said) for row in found.rows] == [
        (RowState.FAILED, "no such order"),
        (RowState.DONE, ""),
    ]
    with pytest.raises(StoreError):
        write(shop, ShipmentResultsTaken("S01-0001", (), ((key(2), "late"),)))
    write(shop, batch("S01-0002", 1))
    assert to_tell(shop) == []


def test_a_sealed_order_that_is_stopped_is_left_out_with_its_reason(shop: OpenStore) -> None:
    seal(shop, 1)
    seal(shop, 2)
    found, _ = sheet_reads.shipments(shop.db, MAIN)
    assert sheet_reads.still_to_tell(shop.db, MAIN, found)
    cancel(shop, 1)
    record(shop, facts.OrderHeld(key(2)))
    assert not sheet_reads.still_to_tell(shop.db, MAIN, found)
    found, left = sheet_reads.shipments(shop.db, MAIN)
    assert found == []
    assert sorted((one.order, one.why) for one in left) == [
        (key(1), "cancelled"),
        (key(2), "held"),
    ]


def test_all_orders_of_a_shared_parcel_are_told_its_number(shop: OpenStore) -> None:
    both = replace(
        order("1+2", lines=[line(n=1), line(n=2)]), members=(key(1), key(2)), order_id=OrderId("M")
    )
    with shop.recorder.tx():
        shop.recorder.write((OrdersMerged(both, "op7"),), shop.clock())
    number = seal(shop, "M")
    seal(shop, 3)
    found, _ = sheet_reads.shipments(shop.db, MAIN)
    assert [(one.order_id, one.number == number) for one in found] == [
        ("1", True),
        ("2", True),
        ("3", False),
    ]
    assert sheet_reads.still_to_tell(shop.db, MAIN, found)
    record(shop, facts.OrderHeld(key("M")))
    found, left = sheet_reads.shipments(shop.db, MAIN)
    assert [one.order_id for one in found] == ["3"]
    assert [(one.order, one.why) for one in left] == [(key(1), "held"), (key(2), "held")]


def test_each_part_of_an_order_is_told_under_the_orders_number(shop: OpenStore) -> None:
    parts = tuple(
        replace(
            order(1, lines=[line(n=1)]),
            order_id=OrderId(f"1-{n}"),
            members=(key(1),),
            part=n,
            parts=2,
        )
        for n in (1, 2)
    )
    with shop.recorder.tx():
        shop.recorder.write((OrderSplit(key(1), parts, "op7"),), shop.clock())
    numbers = [seal(shop, "1-1"), seal(shop, "1-2")]
    found, left = sheet_reads.shipments(shop.db, MAIN)
    assert [(one.order, one.order_id, one.part, one.number) for one in found] == [
        (key("1-1"), "1", 1, numbers[0]),
        (key("1-2"), "1", 2, numbers[1]),
    ]
    assert [len(one.lines) for one in found] == [1, 1]
    assert left == []


def test_a_carriers_number_is_the_orders_own_and_its_labels(shop: OpenStore) -> None:
    write(shop, CarrierSheetWritten("C01-0001", YTO, (key(1), key(2)), "a.csv", "d"))
    assert key(1) not in set(sheet_reads.keys_without_number(shop.db))
    with pytest.raises(StoreError):
        write(shop, CarrierSheetWritten("C01-0002", YTO, (key(1),), "b.csv", "d"))
    write(shop, CarrierNumbersTaken("C01-0001", YTO, ((key(1), OWN),)))
    assert load(shop, 1).order.tracking_number == OWN
    assert sheet_reads.number_is_known(shop.db, OWN, YTO)
    assert seal(shop, 1) == OWN
    assert seal(shop, 3) != OWN
    with pytest.raises(StoreError):
        write(shop, CarrierNumbersTaken("C01-0001", YTO, ((key(2), OWN),)))
    write(shop, CarrierSheetEnded("C01-0001"))
    assert sheet_reads.carrier_sheet(shop.db, "C01-0001").ended
    assert key(2) in set(sheet_reads.keys_without_number(shop.db))


def test_a_carriers_number_outlives_a_new_import(shop: OpenStore) -> None:
    write(shop, CarrierSheetWritten("C01-0001", YTO, (key(1),), "a.csv", "d"))
    write(shop, CarrierNumbersTaken("C01-0001", YTO, ((key(1), OWN),)))
    shop.imports.stage(parsed([order(1, lines=(order(1).lines[0],) * 1, carrier=YTO)], digest="n"))
    assert load(shop, 1).order.carrier == YTO
    assert load(shop, 1).order.tracking_number == OWN


def test_an_order_with_a_number_of_its_own_needs_no_prepaid_one(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    assert load(store, 1).numbers_left == 0
    write(store, CarrierSheetWritten("C01-0001", YTO, (key(1),), "a.csv", "d"))
    write(store, CarrierNumbersTaken("C01-0001", YTO, ((key(1), OWN),)))
    assert load(store, 1).numbers_left == 1
    assert seal(store, 1) == OWN


def test_an_order_is_in_one_open_wave_at_most(shop: OpenStore) -> None:
    write(shop, WaveMade("W01-0001", (key(1), key(2)), START))
    with pytest.raises(StoreError):
        write(shop, WaveMade("W01-0002", (key(2), key(3)), START))
    assert sheet_reads.wave_of(shop.db, key(2)) == "W01-0001"
    assert sheet_reads.wave_of(shop.db, key(3)) is None
    write(shop, WaveEnded("W01-0001"))
    with pytest.raises(StoreError):
        write(shop, WaveEnded("W01-0001"))
    write(shop, WaveMade("W01-0002", (key(2), key(3)), START))
    assert [one.wave for one in sheet_reads.waves(shop.db)] == ["W01-0002"]
    assert len(sheet_reads.waves(shop.db, ended=True)) == 2


def test_names_go_on_and_are_never_used_twice(shop: OpenStore) -> None:
    assert sheet_reads.next_name(shop.db, "W", 7) == "W07-0001"
    write(shop, WaveMade("W07-0009", (key(1),), START), WaveEnded("W07-0009"))
    assert sheet_reads.next_name(shop.db, "W", 7) == "W07-0010"
    assert sheet_reads.next_name(shop.db, "W", 8) == "W08-0001"


def test_replaying_the_journal_gives_the_same_tables(shop: OpenStore, tmp_path: Path) -> None:
    seal(shop, 1)
    seal(shop, 2)
    write(
        shop,
        batch("S01-0001", 1, 2),
        ShipmentResultsTaken("S01-0001", (key(1),), ((key(2), "no"),)),
        CarrierSheetWritten("C01-0001", YTO, (key(3), key(4)), "a.csv", "d"),
        CarrierNumbersTaken("C01-0001", YTO, ((key(3), OWN),)),
        OrdersExported("e", 7, 5, 1, "scope"),
        WaveMade("W01-0001", (key(4),), START),
        WaveEnded("W01-0001"),
        WaveMade("W01-0002", (key(4),), START),
    )
    shop.imports.stage(parsed([order(3, carrier=YTO)], digest="again"))
    rebuilt = rebuild(shop.db, shop.journal, tmp_path / "rebuilt.db")
    assert differences(shop.db, rebuilt) == []
    rebuilt.close()
    assert sheet_reads.exported_upto(shop.db, "scope") == 7
    assert sheet_reads.exported_upto(shop.db, "") == 0
