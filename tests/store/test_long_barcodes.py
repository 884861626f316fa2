"""A longer barcode is looked up by the number that its carrier reads in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from packstation.core import facts
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import CarrierCode, LineKey, TrackingNumber
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource
from packstation.exchange.carrier_files import load_carriers
from packstation.store.opening import OpenStore
from tests.store.builders import key, look_up, opened, order, parsed, record

CARRIERS = load_carriers(Path(__file__).resolve().parents[2] / "resources" / "carriers")
FEDEX, SF = CarrierCode("FEDEX"), CarrierCode("SF")
LONG, SHORT = "1001921334250001000300779017972697", TrackingNumber("779017972697")
OTHER = "1001901781990001000300617767839437"
RULES = Rules(carriers=CARRIERS, shops={MAIN_SHOP: ShopRules(LabelSource.EXTERNAL, FEDEX)})


def test_a_long_barcode_finds_the_order_and_the_parcel_of_its_number(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    store.imports.stage(parsed([replace(order(1), tracking_number=SHORT), order(2)]))
    assert look_up(store, LONG).orders == (key(1),)
    assert look_up(store, OTHER).orders == ()
    pack(store, 1, SHORT, FEDEX)
    found = look_up(store, LONG)
    assert found.parcel is not None
    assert found.parcel.order == key(1)
    assert look_up(store, OTHER).parcel is None
    store.close()


def test_another_carriers_equal_number_is_not_found_by_it(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    store.imports.stage(parsed([replace(order(1), tracking_number=SHORT, carrier=SF)]))
    found = look_up(store, LONG)
    assert (found.orders, found.parcel) == ((), None)
    pack(store, 1, SHORT, SF)
    assert look_up(store, LONG).parcel is None
    store.close()


def test_two_parcels_behind_one_barcode_are_none(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    store.imports.stage(
        parsed([replace(order(n), tracking_number=SHORT, carrier=FEDEX) for n in (1, 2)])
    )
    assert look_up(store, LONG).orders == ()
    store.close()


def pack(store: OpenStore, number: int, tracking: TrackingNumber, carrier: CarrierCode) -> None:
    record(
        store,
        facts.OrderOpened(key(number), 1),
        facts.UnitsScanned(key(number), ((LineKey("1"), 1),), "A-1"),
        facts.OrderVerified(key(number), 1),
        facts.ParcelSealed(key(number), tracking, carrier, LabelSource.EXTERNAL),
    )
