"""A longer barcode is looked up by the number that its carrier reads in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from packstation.core import facts
from packstation.core.decide import decide
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import CarrierCode, LineKey, TrackingNumber
from packstation.core.policy import Rules, ShopRules
from packstation.core.station import OpenBag, Station, Waiting
from packstation.core.status import LabelSource, Phase, Reason, Verdict
from packstation.exchange.carrier_files import load_carriers
from packstation.store.opening import OpenStore
from tests.store.builders import key, load, look_up, opened, order, parsed, record, scanned

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


def test_two_orders_of_one_number_are_both_told_and_the_parcel_that_has_it(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    store.imports.stage(
        parsed([replace(order(n), tracking_number=SHORT, carrier=FEDEX) for n in (1, 2)])
    )
    for text in (SHORT, LONG):
        found = look_up(store, text)
        assert (found.orders, found.parcel) == ((key(1), key(2)), None)
    pack(store, 1, SHORT, FEDEX)
    for text in (SHORT, LONG):
        found = look_up(store, text)
        assert found.parcel is not None
        assert (found.orders, found.parcel.order) == ((key(1), key(2)), key(1))
    store.close()


def test_a_long_barcode_of_a_number_of_the_file_bags_its_parcel(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    store.imports.stage(parsed([replace(order(1), tracking_number=SHORT)]))
    pack(store, 1, SHORT, FEDEX)
    table = Station(bag=OpenBag("PSBAG01000001"), waiting=Waiting.LOOK_UP)
    for text in (SHORT, LONG):
        answer = decide(table, look_up(store, text), RULES).answer
        assert answer is not None
        assert answer.verdict is Verdict.BAGGED
    store.close()


def test_a_number_on_a_parcel_gets_onto_no_other_one_by_a_long_barcode(folder: Path) -> None:
    store = opened(folder, rules=RULES)
    these = [replace(order(n), tracking_number=SHORT, has_buyer_message=False) for n in (1, 2)]
    store.imports.stage(parsed([replace(one, has_seller_memo=False) for one in these]))
    pack(store, 1, SHORT, FEDEX)
    table = decide(Station(Phase.LOADING, waiting=Waiting.ORDER), load(store, 2), RULES).station
    for text in ("A-1", LONG):
        step = decide(table, scanned(text), RULES)
        if step.station.waiting is Waiting.LOOK_UP:
            step = decide(step.station, look_up(store, text), RULES)
        table = step.station
    assert step.answer is not None
    assert step.answer.reason is Reason.OTHER_PARCEL_HAS_IT
    store.close()


def pack(store: OpenStore, number: int, tracking: TrackingNumber, carrier: CarrierCode) -> None:
    record(
        store,
        facts.OrderOpened(key(number), 1),
        facts.UnitsScanned(key(number), ((LineKey("1"), 1),), "A-1"),
        facts.OrderVerified(key(number), 1),
        facts.ParcelSealed(key(number), tracking, carrier, LabelSource.EXTERNAL),
    )
