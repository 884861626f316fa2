"""What the tests of shared parcels are made of: a store that may pack, and a parcel's way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from packstation.core import facts
from packstation.core.catalog import ProductCode
from packstation.core.effects import LoadOrder
from packstation.core.events import LabelQueued, OrderLoaded
from packstation.core.orders import CarrierCode, Order, OrderKey, Person, TrackingNumber
from packstation.core.status import LabelSource, PrintOutcome
from packstation.store.numbers import add_numbers
from packstation.store.opening import OpenStore
from packstation.store.shipments import Shipments
from tests.builders import some_rules, yt
from tests.store.builders import key, opened, order, parsed, person, print_label, record, scanned

YTO = CarrierCode("YTO")
RULES = some_rules()


def a_store(folder: Path) -> OpenStore:
    """A store whose shop may pack, with numbers for thirty labels."""
    store = opened(folder, rules=RULES)
    add_numbers(store.recorder, YTO, [yt(n) for n in range(1, 31)], store.clock())
    return store


def shipments(store: OpenStore) -> Shipments:
    return Shipments(store.recorder, store.people, RULES)


def bring(
    store: OpenStore,
    *orders: Order,
    digest: str = "d1",
    who: Person | None = None,
    codes: tuple[ProductCode, ...] = (),
) -> Any:
    """Import orders of one person."""
    return store.imports.stage(parsed(orders, digest=digest, who=who or person(), codes=codes))


def an_order(number: str | int, **more: Any) -> Order:
    return order(number, **{"carrier": YTO, **more})


def merge(store: OpenStore, *numbers: str | int, **more: Any) -> Order:
    """Merge orders of the main shop; return the merged order."""
    done = shipments(store).merge([key(n) for n in numbers], store.clock(), **more)
    (shipment,) = done.shipments
    return shipment


def load_key(store: OpenStore, one: OrderKey) -> OrderLoaded:
    return store.station.load_order(LoadOrder(scanned(one), one))


def verify(store: OpenStore, one: OrderKey) -> LabelQueued:
    """Open an order, scan all of it and ask for its label."""
    found = load_key(store, one).order
    record(store, facts.OrderOpened(one, found.version))
    for line in found.lines:
        record(store, facts.UnitsScanned(one, ((line.line_key, line.quantity),), line.sku))
    (queued,) = record(
        store,
        facts.OrderVerified(one, found.version),
        facts.LabelRequested(one, found.version, 1, "verified", YTO),
    )
    assert isinstance(queued, LabelQueued), queued
    return queued


def seal(store: OpenStore, one: OrderKey) -> TrackingNumber:
    """Take an order all the way to a sealed parcel."""
    queued = verify(store, one)
    print_label(store, queued, PrintOutcome.SENT)
    number = queued.tracking_number
    record(store, facts.ParcelSealed(one, number, YTO, LabelSource.COMPOSED))
    return number


def news(store: OpenStore, number: str | int | OrderKey) -> list[tuple[str, dict[str, str]]]:
    """The status events of an order, in their order; the sequence has no gap."""
    subject = number if "/" in str(number) else key(str(number))
    rows = store.db.rows(
        "SELECT sequence, type, data FROM outbox WHERE subject = ? ORDER BY sequence", (subject,)
    )
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    return [(kind, json.loads(data)) for _, kind, data in rows]


def kinds(store: OpenStore, number: str | int) -> list[str]:
    return [kind for kind, _ in news(store, number)]
