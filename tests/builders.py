"""Builders of the things that tests talk about; every default is the plainest case."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from packstation.core.carriers import Carrier, NextRule, NumberPattern
from packstation.core.catalog import ProductCode
from packstation.core.check_digits import CheckDigit, CheckRule
from packstation.core.codes import comparable
from packstation.core.events import CodeScanned
from packstation.core.orders import (
    CarrierCode,
    LineKey,
    Order,
    OrderId,
    OrderKey,
    OrderLine,
    Recipient,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
    order_key,
)
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""When every test begins."""
MAIN = ShopKey("main")
"""The shop whose labels are composed here."""
ELSEWHERE = ShopKey("elsewhere")
"""The shop whose labels are printed elsewhere."""


def a_pattern(pattern: str, **more: Any) -> NumberPattern:
    return NumberPattern(re.compile(pattern, re.ASCII), **more)


S10 = CheckDigit(CheckRule.S10, (8, 6, 4, 2, 3, 5, 9, 7))
SF12 = CheckDigit(CheckRule.DIGIT_SUMS, (0, 0, 0, 15, 13, 11, 9, 7, 5, 3, 1), inferred=True)
YTO = Carrier(
    CarrierCode("YTO"),
    ("圆通速递", "YTO Express", "圆通"),
    (a_pattern(r"YT[0-9]{13}", distinctive=True),),
)
"""Letters of its own: a number can hardly be taken for goods."""
SF = Carrier(
    CarrierCode("SF"),
    ("顺丰速运", "SF Express", "顺丰"),
    (
        a_pattern(r"SF[0-9]{13}", distinctive=True, next_rule=NextRule.NONE),
        a_pattern(r"(?P<serial>\d{11})(?P<check>\d)", check=SF12, next_rule=NextRule.SERIAL),
    ),
)
EMS = Carrier(
    CarrierCode("EMS"),
    ("EMS",),
    (
        a_pattern(
            r"[A-Z]{2}(?P<serial>\d{8})(?P<check>\d)[A-Z]{2}",
            distinctive=True,
            check=S10,
            next_rule=NextRule.SERIAL,
        ),
    ),
)
ZTO = Carrier(CarrierCode("ZTO"), ("中通快递", "ZTO Express"), (a_pattern(r"[0-9]{13}"),))
"""Thirteen bare digits: the form of an EAN-13."""
CARRIERS = (YTO, SF, EMS, ZTO)


def a_line(sku: str = "A-01", quantity: int = 1, **more: Any) -> OrderLine:
    """One order line; its key is its SKU unless told otherwise."""
    key = LineKey(str(more.pop("line_key", sku or more.get("barcode"))))
    return OrderLine(key, Sku(sku), more.pop("title", f"Title of {sku}"), quantity, **more)


def an_order(order_id: str = "5771", *lines: OrderLine, **more: Any) -> Order:
    """An order that may be packed and whose label can be composed."""
    whole: dict[str, Any] = {
        "shop": MAIN,
        "platform": "generic",
        "lines": lines or (a_line(),),
        "carrier": CarrierCode("YTO"),
        "recipient": Recipient.FULL,
        **more,
    }
    return Order(order_id=OrderId(order_id), **whole)


def an_external_order(order_id: str = "8001", *lines: OrderLine, **more: Any) -> Order:
    """An order of the shop whose labels are printed elsewhere."""
    return an_order(order_id, *lines, **{"shop": ELSEWHERE, "recipient": Recipient.MISSING, **more})


def a_key(order_id: str = "5771", shop: str = "main") -> OrderKey:
    return order_key(shop, order_id)


def a_code(code: str, sku: str, units: int = 1, shop: ShopKey = MAIN) -> ProductCode:
    """A product code as the store keeps it."""
    return ProductCode(shop, comparable(code), Sku(sku), units)


def a_scan(text: str, number: int = 0, after_ms: int = 0) -> CodeScanned:
    return CodeScanned(text, NOW + timedelta(milliseconds=after_ms), number)


def some_rules(**more: Any) -> Rules:
    """Two shops, four carriers."""
    shops = {
        MAIN: ShopRules(),
        ELSEWHERE: ShopRules(LabelSource.EXTERNAL, CarrierCode("YTO")),
    }
    return replace(Rules(carriers=CARRIERS, shops=shops), **more)


def yt(serial: int) -> TrackingNumber:
    """The n-th number of the prepaid block of every test."""
    return TrackingNumber(f"YT{7_700_000_000_000 + serial:013d}")


def stopped(order: Order, why_not: WhyNot | None, version: int | None = None) -> Order:
    """The order as an import changed it."""
    return replace(order, why_not=why_not, version=version or order.version + 1)
