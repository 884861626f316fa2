from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.catalog import ProductCode
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import LineKey, Recipient, ShopKey, Sku, WhyNot
from packstation.core.station import OpenBag, SavedStation
from packstation.core.status import (
    BagState,
    ParcelState,
    Phase,
)
from packstation.core.verification import ScanStep
from packstation.errors import StoreError
from packstation.store.opening import OpenStore
from tests.store.builders import (
    MEMO,
    MESSAGE,
    YTO,
    ZTO,
    add_numbers,
    bag,
    cancel,
    hand_over,
    key,
    line,
    load,
    look_up,
    opened,
    order,
    parsed,
    record,
    seal,
    verify,
)

# What an order is loaded with


def test_an_order_comes_back_as_it_was_imported(store: OpenStore) -> None:
    one = order(1, lines=[line("A-1", 2), line("A-2", 3, n=2, barcode="6901234567892")])
    one = replace(one, paid_at=one.promised_ship_at, package_id="P1", carrier=ZTO)
    store.imports.stage(parsed([one]))
    loaded = load(store, 1)
    assert loaded.order == one
    assert loaded.parcel is None
    assert loaded.history == ()
    assert loaded.messages == (MESSAGE, MEMO)
    assert loaded.label is None


def test_an_unknown_order_is_an_error(store: OpenStore) -> None:
    with pytest.raises(StoreError) as caught:
        load(store, 99)
    assert caught.value.code == "store.order_missing"


def test_codes_of_the_goods_come_with_everybody_else_who_claims_them(store: OpenStore) -> None:
    codes = [
        ProductCode(MAIN_SHOP, "06901234567892", Sku("A-1")),
        ProductCode(MAIN_SHOP, "PACK6", Sku("A-1"), 6),
        ProductCode(MAIN_SHOP, "pack6", Sku("B-9"), 2),
        ProductCode(MAIN_SHOP, "OTHER", Sku("B-9")),
        ProductCode(ShopKey("two"), "PACK6", Sku("C-1")),
    ]
    others = order(2, lines=[line("06901234567892"), line("a-1", n=2)])
    store.imports.stage(parsed([order(1), others], codes=codes))
    found = {(c.code, c.sku, c.units) for c in load(store, 1).codes}
    assert found == {
        ("06901234567892", "A-1", 1),
        ("PACK6", "A-1", 6),
        ("pack6", "B-9", 2),
        ("06901234567892", "06901234567892", 1),
        ("a-1", "a-1", 1),
    }


def test_a_code_without_a_sku_claims_nothing(store: OpenStore) -> None:
    codes = [ProductCode(MAIN_SHOP, "06901234567892", Sku(""))]
    one = order(1, lines=[line("", barcode="6901234567892")])
    store.imports.stage(parsed([one], codes=codes))
    assert load(store, 1).codes == ()


def test_counts_come_back_in_order_and_undo_takes_the_last(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    first, second = ((LineKey("1"), 1),), ((LineKey("1"), 6), (LineKey("2"), 1))
    record(shop, facts.UnitsScanned(key(1), first, "A"), facts.UnitsScanned(key(1), second, "B"))
    assert load(shop, 1).history == (ScanStep(first), ScanStep(second))
    record(shop, facts.ScanUndone(key(1), second))
    assert load(shop, 1).history == (ScanStep(first),)


def test_an_undo_of_another_scan_is_refused(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    record(shop, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A"))
    with pytest.raises(StoreError):
        record(shop, facts.ScanUndone(key(1), ((LineKey("1"), 2),)))
    assert len(load(shop, 1).history) == 1


def test_counts_of_an_older_version_are_not_counted(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    record(shop, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A"))
    shop.imports.stage(parsed([order(1, lines=[line("A-1", 2)])], digest="d2"))
    loaded = load(shop, 1)
    assert (loaded.order.version, loaded.history) == (2, ())
    record(shop, facts.OrderOpened(key(1), 2))
    assert load(shop, 1).history == ()


def test_a_hold_is_why_an_order_may_not_go_on_until_released(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1), facts.OrderHeld(key(1)))
    loaded = load(shop, 1)
    assert loaded.order.why_not is WhyNot.HELD
    assert loaded.parcel is not None
    assert loaded.parcel.state is ParcelState.HELD
    assert shop.station.release(key(1), shop.clock())
    assert not shop.station.release(key(1), shop.clock())
    loaded = load(shop, 1)
    assert loaded.order.why_not is None
    assert loaded.parcel is not None
    assert loaded.parcel.state is ParcelState.OPEN


def test_numbers_left_are_those_of_the_carrier_that_the_label_would_get(shop: OpenStore) -> None:
    add_numbers(shop, 3, ZTO)
    shop.imports.stage(parsed([order(8, carrier=ZTO)], digest="d2"))
    assert load(shop, 1).numbers_left == 10
    assert load(shop, 8).numbers_left == 3
    verify(shop, 1)
    assert load(shop, 2).numbers_left == 9


# What a code is


def test_a_code_is_found_as_order_number_in_any_case_and_width(store: OpenStore) -> None:
    store.imports.stage(parsed([order("TB-42x")]))
    for text in ("TB-42x", "ＴＢ－４２x", "tb-42X"):
        assert look_up(store, text).orders == (key("TB-42x"),)
    assert look_up(store, "TB-42").orders == ()


def test_orders_of_two_shops_with_one_number_are_both_found(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1), order(1, shop="two")]))
    assert look_up(store, "1").orders == (key(1), "two/1")


def test_a_number_from_the_file_finds_its_order(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1, tracking_number="YT123")]))
    assert look_up(store, "yt123").orders == (key(1),)


def test_a_parcel_is_found_by_its_number_and_by_its_order(shop: OpenStore) -> None:
    number = seal(shop, 1)
    by_number, by_order = look_up(shop, number.lower()), look_up(shop, "1")
    assert by_number.parcel == by_order.parcel
    assert by_number.parcel is not None
    assert by_number.parcel.state is ParcelState.SEALED
    assert by_number.orders == ()
    assert by_order.orders == (key(1),)


def test_a_free_number_is_known_until_a_parcel_has_it(shop: OpenStore) -> None:
    assert look_up(shop, "yto00000001").in_number_block
    verify(shop, 1)
    found = look_up(shop, "YTO00000001")
    assert not found.in_number_block
    assert found.parcel is not None


def test_goods_are_found_over_all_shops_by_code_and_by_their_own_text(store: OpenStore) -> None:
    codes = [ProductCode(ShopKey("two"), "06901234567892", Sku("C-1"))]
    store.imports.stage(parsed([order(1)], codes=codes))
    assert look_up(store, "6901234567892").skus == ("C-1",)
    assert look_up(store, "a-1").skus == ("A-1",)
    assert look_up(store, "C-1").skus == ("C-1",)
    assert look_up(store, "nothing").skus == ()


def test_a_bag_tells_how_many_parcels_and_which_may_not_leave(shop: OpenStore) -> None:
    bag(shop, "PSBAG01000001", [1, 2])
    found = look_up(shop, "psbag01000001").bag
    assert found is not None
    assert (found.state, found.parcels, found.carrier) == (BagState.SEALED, 2, YTO)
    assert found.stopped is None
    cancel(shop, 2)
    found = look_up(shop, "PSBAG01000001").bag
    assert found is not None
    assert found.stopped == (key(2), WhyNot.CANCELLED)
    assert look_up(shop, "PSBAG01000009").bag is None


def test_that_the_platform_calls_a_packed_order_shipped_stops_nothing(shop: OpenStore) -> None:
    bag(shop, "PSBAG01000001", [1])
    shop.imports.stage(parsed([order(1, why_not=WhyNot.SHIPPED)], digest="d2"))
    found = look_up(shop, "PSBAG01000001").bag
    assert found is not None
    assert found.stopped is None
    hand_over(shop, "PSM1", {"PSBAG01000001": 1})


# Coming back


def test_the_station_comes_back_at_its_last_commit(folder: Path) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    saved = SavedStation(phase=Phase.SCANNING, order=key(1), bag=OpenBag("PSBAG1"), version=1)
    record(store, facts.OrderOpened(key(1), 1), saved=saved)
    record(store, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A-1"), saved=saved)
    store.close()
    store = opened(folder)
    again, loaded = store.station.resume()
    assert again == saved
    assert loaded is not None
    assert loaded.order.key == key(1)
    assert loaded.history == (ScanStep(((LineKey("1"), 1),)),)
    store.close()


def test_a_new_store_has_a_station_at_rest(store: OpenStore) -> None:
    assert store.station.resume() == (SavedStation(), None)


def test_a_failed_record_does_not_save_the_station(shop: OpenStore) -> None:
    saved = SavedStation(phase=Phase.PAUSED)
    with pytest.raises(StoreError):
        record(shop, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A"), saved=saved)
    assert shop.station.resume()[0] == SavedStation()
    record(shop, facts.OrderOpened(key(1), 1), saved=saved)
    assert shop.station.resume()[0] == saved


def test_a_masked_recipient_stays_masked(store: OpenStore) -> None:
    store.imports.stage(parsed([replace(order(1), recipient=Recipient.MASKED)]))
    assert load(store, 1).order.recipient is Recipient.MASKED
