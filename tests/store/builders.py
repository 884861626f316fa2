"""What the store's tests are made of: orders, people, scans and a shift that facts tell."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packstation.core import facts
from packstation.core.catalog import ProductCode
from packstation.core.codes import read
from packstation.core.effects import CheckHandover, LoadOrder, LookUp
from packstation.core.events import CodeFound, CodeScanned, Event, LabelQueued, OrderLoaded
from packstation.core.imports import MAIN_SHOP, ParsedFiles
from packstation.core.orders import (
    CarrierCode,
    ImportedOrder,
    LineKey,
    Order,
    OrderId,
    OrderKey,
    OrderLine,
    Person,
    Recipient,
    RefusedRow,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.policy import Rules, ShopRules
from packstation.core.station import SavedStation
from packstation.core.status import LabelSource, PrintOutcome
from packstation.ports import Stamp
from packstation.store.keys import KeyPlace
from packstation.store.opening import OpenStore, open_store
from tests.builders import CARRIERS

YTO = CarrierCode("YTO")
ZTO = CarrierCode("ZTO")
RULES = Rules(carriers=CARRIERS, shops={MAIN_SHOP: ShopRules(carrier=YTO)})
START = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
SAVED = SavedStation()
NAME, PHONE, ADDRESS = "王金丝雀", "13900007777", "浙江省杭州市西湖区金丝雀路8号"
MESSAGE, MEMO = "金丝雀请放门口", "老客户金丝雀"


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.ticks = itertools.count()

    def __call__(self) -> Stamp:
        second = next(self.ticks)
        return Stamp(START + timedelta(seconds=second), 1_000_000 * second, "op7")


def key(number: str | int) -> OrderKey:
    return OrderKey(f"main/{number}")


def line(
    sku: str = "A-1", quantity: int = 1, *, n: int = 1, barcode: str | None = None
) -> OrderLine:
    return OrderLine(
        LineKey(str(n)), Sku(sku), f"Title of {sku}", quantity, "红 / L", barcode, "B-07"
    )


def order(
    number: str | int = 1,
    *,
    lines: Sequence[OrderLine] = (),
    why_not: WhyNot | None = None,
    carrier: CarrierCode | None = None,
    tracking_number: str | None = None,
    shop: str = "main",
) -> Order:
    return Order(
        shop=ShopKey(shop),
        order_id=OrderId(str(number)),
        platform="generic",
        lines=tuple(lines) or (line(),),
        why_not=why_not,
        carrier=carrier,
        tracking_number=TrackingNumber(tracking_number) if tracking_number else None,
        promised_ship_at=datetime.fromisoformat("2026-08-03T18:00:00.000001+08:00"),
        recipient=Recipient.FULL,
        has_buyer_message=True,
        has_seller_memo=True,
    )


def person(tail: str = "") -> Person:
    return Person(NAME + tail, PHONE, ADDRESS, "310000", "canary", MESSAGE, MEMO)


def parsed(
    orders: Sequence[Order],
    *,
    digest: str = "d1",
    codes: Sequence[ProductCode] = (),
    refused: Sequence[RefusedRow] = (),
    who: Person | None = None,
) -> ParsedFiles:
    return ParsedFiles(
        platform="generic",
        profile="generic",
        shop=MAIN_SHOP,
        orders=tuple(ImportedOrder(o, who or person()) for o in orders),
        refused=tuple(refused),
        merge_groups=(),
        codes=tuple(codes),
        rows=sum(len(o.lines) for o in orders),
        digests=(("orders.csv", digest),),
    )


def opened(
    folder: Path, *, rules: Rules = RULES, clock: Callable[[], Stamp] | None = None
) -> OpenStore:
    return open_store(folder, rules, holder="test", key_place=KeyPlace.FILE, clock=clock or Clock())


def scanned(text: str) -> CodeScanned:
    return CodeScanned(text, START)


def look_up(store: OpenStore, text: str) -> CodeFound:
    return store.station.find(LookUp(scanned(text), read(text)))


def load(store: OpenStore, number: str | int) -> OrderLoaded:
    return store.station.load_order(LoadOrder(scanned(str(number)), key(number)))


def check(store: OpenStore, manifest: str, *bags: str) -> Event:
    return store.station.check_handover(CheckHandover(scanned("PSCMDCLOSE"), manifest, bags))


def record(store: OpenStore, *these: facts.Fact, saved: SavedStation = SAVED) -> tuple[Event, ...]:
    return store.station.record(these, saved, store.clock())


def add_numbers(store: OpenStore, count: int, carrier: CarrierCode = YTO, first: int = 1) -> None:
    from packstation.store.numbers import add_numbers as add

    numbers = [TrackingNumber(f"{carrier}{n:08d}") for n in range(first, first + count)]
    add(store.recorder, carrier, numbers, store.clock())


def verify(store: OpenStore, number: str | int, version: int = 1) -> tuple[Event, ...]:
    """Open an order, scan its only unit and ask for its label."""
    record(store, facts.OrderOpened(key(number), version))
    return record(
        store,
        facts.UnitsScanned(key(number), ((LineKey("1"), 1),), "A-1"),
        facts.OrderVerified(key(number), version),
        facts.LabelRequested(key(number), version, 1, "verified", YTO),
    )


def print_label(store: OpenStore, queued: LabelQueued, outcome: PrintOutcome) -> None:
    store.ledger.sending(queued.job, b"SIZE 100 mm,150 mm " + queued.job.encode())
    record(store, facts.LabelEnded(queued.order, queued.job, outcome, ""))


def seal(store: OpenStore, number: str | int, version: int = 1) -> TrackingNumber:
    """Take an order all the way to a sealed parcel."""
    (queued,) = verify(store, number, version)
    assert isinstance(queued, LabelQueued)
    print_label(store, queued, PrintOutcome.SENT)
    record(
        store,
        facts.ParcelSealed(key(number), queued.tracking_number, YTO, LabelSource.COMPOSED),
    )
    return queued.tracking_number


def bag(store: OpenStore, code: str, numbers: Sequence[str | int]) -> None:
    """Seal parcels, put them into a bag and seal it."""
    record(store, facts.BagOpened(code))
    for number in numbers:
        record(store, facts.ParcelBagged(code, key(number), seal(store, number), YTO))
    record(store, facts.BagSealed(code, YTO, len(numbers)))


def hand_over(store: OpenStore, manifest: str, bags: dict[str, int]) -> None:
    """Count sealed bags and close the handover."""
    record(store, facts.HandoverOpened(manifest))
    for code, parcels in bags.items():
        record(store, facts.BagCounted(manifest, code, YTO, parcels))
    record(store, facts.HandoverClosed(manifest, YTO, tuple(bags), sum(bags.values())))


def cancel(store: OpenStore, number: int) -> None:
    """Import an order as cancelled."""
    cancelled = order(number, why_not=WhyNot.CANCELLED)
    store.imports.stage(parsed([cancelled], digest=f"cancel {number}"))
