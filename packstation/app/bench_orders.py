"""A year of an invented house with many shops, for the figures of lists: most orders are done.

Twelve shops, every carrier there is, 5,000 kinds of goods with Chinese titles. The last days'
orders are still to be packed or stopped; a few hundred are sealed. Orders go in by the bulk path
of the store, journal and all, so that replay and ``journal verify`` hold for them too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from packstation.core import facts
from packstation.core.carriers import Carrier
from packstation.core.orders import (
    CarrierCode,
    ImportedOrder,
    LineKey,
    Order,
    OrderId,
    OrderLine,
    Person,
    Recipient,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource
from packstation.ports import Stamp
from packstation.store.keys import KeyPlace
from packstation.store.opening import OpenStore, open_store

END = datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
"""Now, in the invented house."""
SHOPS = tuple(ShopKey(f"shop{n:02d}") for n in range(1, 13))
SKUS = 5000
MOST_LIVE = 30_000
"""Orders that are not done, or three tenths where there are few."""
SEALED = 400
_YEAR = timedelta(days=361)
_LIVE = timedelta(days=3, hours=12)
_KNOWN = timedelta(days=90)
"""People's data of older orders is gone."""
_CHUNK = 20_000
_ENDS = (*[WhyNot.SHIPPED] * 97, *[WhyNot.CANCELLED] * 2, WhyNot.REFUNDED)
_STOPS = (*[None] * 88, *[WhyNot.UNPAID] * 5, *[WhyNot.CANCEL_REQUESTED] * 2)
_MATTER = ("纯棉", "加绒", "不锈钢", "玻璃", "竹制", "真丝", "硅胶", "帆布", "陶瓷", "羊毛")
_KIND = ("圆领短袖", "保温杯", "中筒袜", "收纳盒", "蓝牙音箱", "台灯", "雨伞", "抱枕", "围巾", "茶")
_MORE = ("家用", "办公", "便携", "大号", "儿童", "情侣", "复古", "简约", "加厚", "防滑")


@dataclass(slots=True)
class House:
    """A filled store, and what its questions are made of."""

    folder: Path
    rules: Rules
    orders: int
    live: int
    seconds: float = 0.0
    """How long filling it took."""
    size: int = 0
    """Bytes of the database."""
    sample: list[Order] = field(default_factory=list)
    """Some orders of every age."""


def rules_of(carriers: Sequence[Carrier]) -> Rules:
    """Return what the invented house has set."""
    codes = [carrier.code for carrier in carriers]
    shops = {
        shop: ShopRules(LabelSource.COMPOSED, codes[n % len(codes)]) for n, shop in enumerate(SHOPS)
    }
    return Rules(shops=shops, carriers=tuple(carriers))


def title_of(number: int) -> str:
    """Return the title of a kind of goods; parts of it recur at different rates."""
    words = (_MATTER[number % 10], _KIND[number // 10 % 10], _MORE[number // 100 % 10])
    return f"{words[2]}{words[0]}{words[1]} 第{number}款"


def _line(place: int, number: int, chance: random.Random) -> OrderLine:
    return OrderLine(
        LineKey(str(place)),
        Sku(f"GD{number:05d}"),
        title_of(number),
        chance.choice((1, 1, 1, 1, 2, 3)),
        ("红色 / M", "黑色 / L", "均码")[number % 3],
        None,
        f"{'ABCDEFGH'[number % 8]}-{number // 8 % 40:02d}-{number % 5 + 1}",
    )


def history(count: int, codes: Sequence[CarrierCode], *, seed: int = 1) -> Iterator[ImportedOrder]:
    """Yield the orders of a year, the oldest first; always the same ones."""
    chance = random.Random(seed)
    live = min(MOST_LIVE, count * 3 // 10)
    begun = END - _LIVE - _YEAR
    for n in range(count):
        waits = n >= count - live
        past = begun + _YEAR * (n / (count - live))
        paid = END - _LIVE * ((count - n) / live) if waits else past
        kinds = {int(SKUS * chance.random() ** 2) for _ in range(chance.choice((1, 1, 1, 2, 2, 4)))}
        why_not = chance.choice(_STOPS) if waits else chance.choice(_ENDS)
        number = None
        if why_not is WhyNot.SHIPPED:
            number = TrackingNumber(f"YT{n * 7_368_787 % 10**13:013d}")
        order = Order(
            shop=SHOPS[int(len(SHOPS) * chance.random() ** 2)],
            order_id=OrderId(f"{paid:%y%m%d}{n * 48_271 % 10**12:012d}"),
            platform="generic",
            lines=tuple(_line(place, one, chance) for place, one in enumerate(sorted(kinds), 1)),
            why_not=why_not,
            carrier=codes[int(len(codes) * chance.random() ** 2)],
            tracking_number=number,
            promised_ship_at=paid + timedelta(hours=chance.choice((24, 48, 48, 72, 120))),
            paid_at=paid,
            recipient=Recipient.MASKED if chance.random() < 0.03 else Recipient.FULL,
            has_buyer_message=chance.random() < 0.15,
            urged=True if waits and chance.random() < 0.02 else None,
        )
        yield ImportedOrder(order, _person(n) if END - paid < _KNOWN else Person())


def nick_of(number: int) -> str:
    """Return the account name of an order's invented buyer; each buys some forty times."""
    return f"买家tb{number % 70_001:05d}"


def _person(number: int) -> Person:
    return Person(
        name=f"收件人{number % 997}",
        phone="13800000000",
        address=f"浙江省杭州市样例区测试路 {number % 900 + 1} 号",
        nick=nick_of(number),
    )


class _Clock:
    """The time at which each part of the year was imported."""

    def __init__(self) -> None:
        self.at = END - _YEAR - _LIVE

    def __call__(self) -> Stamp:
        self.at += timedelta(milliseconds=1)
        return Stamp(self.at, int((self.at - END + 2 * _YEAR) / timedelta(microseconds=1)))


def fill(folder: Path, count: int, carriers: Sequence[Carrier]) -> House:
    """Make a store with so many orders.

    Some 3,000 orders a second on a core of its own, and 2.1 GB a million: the journal is whole.
    """
    rules, clock, begun = rules_of(carriers), _Clock(), time.monotonic()
    made = House(folder, rules, count, min(MOST_LIVE, count * 3 // 10))
    store = open_store(folder, rules, holder="bench", key_place=KeyPlace.FILE, clock=clock)
    try:
        orders = history(count, [carrier.code for carrier in carriers])
        step = max(1, count // 2000)
        while part := list(islice(orders, _CHUNK)):
            newest = part[-1].order.paid_at
            assert newest is not None, "invented orders are paid"
            clock.at = newest
            store.imports.seed(part)
            made.sample += [item.order for item in part[::step]]
        _seal(store, made)
    finally:
        store.close()
    made.seconds = time.monotonic() - begun
    made.size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    return made


def _seal(store: OpenStore, made: House) -> None:
    rows = store.db.rows(
        "SELECT order_key, version, carrier FROM orders WHERE why_not IS NULL AND held = 0"
        " ORDER BY id DESC LIMIT ?",
        (min(SEALED, made.live // 10),),
    )
    for n, (key, version, carrier) in enumerate(rows):
        with store.recorder.tx():
            number = TrackingNumber(f"SEAL{n:09d}")
            sealed = facts.ParcelSealed(key, number, carrier, LabelSource.EXTERNAL)
            store.recorder.write(
                (facts.OrderOpened(key, version), facts.OrderVerified(key, version), sealed),
                store.clock(),
            )
