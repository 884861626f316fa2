"""Builders of the things that tests talk about; every default is the plainest case."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from packstation.core.carriers import Carrier, CheckRule, NextRule, NumberPattern
from packstation.core.catalog import ProductCode
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
    return NumberPattern(re.compile(pattern), **more)


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
        a_pattern(r"[0-9]{12}", check=CheckRule.SF12_WARN, next_rule=NextRule.SF12),
    ),
)
EMS = Carrier(
    CarrierCode("EMS"),
    ("EMS",),
    (
        a_pattern(
            r"[A-Z]{2}[0-9]{9}[A-Z]{2}",
            distinctive=True,
            check=CheckRule.S10,
            next_rule=NextRule.S10,
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
