"""What a queued label's waybill says: the carrier's own sorting code, why a copy, and who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from packstation.core.orders import (
    CarrierCode,
    LineKey,
    Order,
    OrderId,
    OrderLine,
    Person,
    ShopKey,
    Sku,
    TrackingNumber,
)
from packstation.devices.label_papers import waybill_of
from packstation.devices.letterhead import Letterhead
from packstation.ports import LabelJob
from packstation.printing.words import words_for
from tests.printing.paper import SENDER

MAIN, ZTO, YTO = ShopKey("main"), CarrierCode("ZTO"), CarrierCode("YTO")
CODE, PLACE = "342-081-00 052", "区域件-长三角26城"
LETTERHEAD = Letterhead(
    words=words_for("zh"),
    zone=ZoneInfo("Asia/Shanghai"),
    zone_name="Asia/Shanghai",
    senders={MAIN: SENDER},
    shop_names={MAIN: "云栖小店旗舰店"},
    carrier_names={ZTO: "中通快递"},
    house="云栖小店",
)
ORDER = Order(
    MAIN,
    OrderId("1930679858170647"),
    "generic",
    (OrderLine(LineKey("1"), Sku("TEE"), "T", 2),),
    sorting=CODE,
    bag_place=PLACE,
)
JOB = LabelJob(
    job="j1",
    order=ORDER,
    person=Person("王小明", "13812345678", "吉林省通化市柳河县振兴大街 12 号"),
    tracking_number=TrackingNumber("432542035598773"),
    carrier=ZTO,
    copy=2,
    requested_at=datetime(2025, 3, 4, 7, 6, tzinfo=UTC),
    reason="jam",
    operator="07",
)


@pytest.mark.parametrize("named", [None, ZTO])
def test_the_orders_code_and_place_are_on_the_label(named: CarrierCode | None) -> None:
    waybill = waybill_of(replace(JOB, order=replace(ORDER, carrier=named)), LETTERHEAD)
    assert (waybill.sorting, waybill.bag_place) == (CODE, PLACE)


def test_a_code_of_another_carrier_is_left_out() -> None:
    waybill = waybill_of(replace(JOB, order=replace(ORDER, carrier=YTO)), LETTERHEAD)
    assert (waybill.sorting, waybill.bag_place) == ("", "")


def test_an_order_without_code_has_none() -> None:
    bare = replace(ORDER, sorting=None, bag_place=None)
    waybill = waybill_of(replace(JOB, order=bare), LETTERHEAD)
    assert (waybill.sorting, waybill.bag_place) == ("", "")


def test_a_copy_says_why_and_who_asked() -> None:
    waybill = waybill_of(JOB, replace(LETTERHEAD, operator="99"))
    assert (waybill.reason, waybill.operator, waybill.copy) == ("jam", "07", 2)
    assert waybill_of(replace(JOB, operator=""), LETTERHEAD).operator == ""
