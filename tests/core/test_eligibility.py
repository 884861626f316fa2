"""Which orders may be packed, and why not the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from packstation.core.eligibility import obstacle
from packstation.core.orders import Order, Recipient, WhyNot
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource, Reason, Verdict
from tests.builders import CARRIERS, MAIN, YTO, a_line, an_external_order, an_order, some_rules

STOPS = {
    WhyNot.CANCELLED: Verdict.CANCELLED,
    WhyNot.CANCEL_REQUESTED: Verdict.ON_HOLD,
    WhyNot.ADDRESS_PROBLEM: Verdict.ON_HOLD,
    WhyNot.HELD: Verdict.ON_HOLD,
    WhyNot.SHORT_PICK: Verdict.ON_HOLD,
    WhyNot.ORDER_CHANGED: Verdict.ON_HOLD,
}


@pytest.mark.parametrize("why_not", list(WhyNot))
def test_an_order_that_may_not_go_says_why(why_not: WhyNot) -> None:
    said = obstacle(an_order(why_not=why_not), some_rules(), numbers_left=9)
    assert said == (STOPS.get(why_not, Verdict.NOT_ELIGIBLE), Reason(why_not.value))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"lines": ()}, Reason.NO_LINES),
        ({"lines": (a_line("A-01", 0),)}, Reason.AMBIGUOUS_QUANTITY),
        ({"lines": (a_line("A-01", 3), a_line("B-02", -3))}, Reason.AMBIGUOUS_QUANTITY),
        ({"lines": (a_line("", line_key="1"),)}, Reason.NO_CODE),
        ({"carrier": None}, Reason.NO_CARRIER),
        ({"carrier": "PIGEON"}, Reason.UNKNOWN_CARRIER),
        ({"recipient": Recipient.MASKED}, Reason.MASKED_RECIPIENT),
        ({"recipient": Recipient.MISSING}, Reason.MISSING_RECIPIENT),
    ],
)
def test_an_order_whose_label_cannot_be_composed_says_why(
    more: dict[str, Any], reason: Reason
) -> None:
    order = Order(**{**fields(an_order()), **more})
    assert obstacle(order, some_rules(), numbers_left=9) == (Verdict.NOT_ELIGIBLE, reason)


def fields(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__dataclass_fields__}


def test_a_composed_label_needs_a_number_of_the_block() -> None:
    assert obstacle(an_order(), some_rules(), numbers_left=1) is None
    said = obstacle(an_order(), some_rules(), numbers_left=0)
    assert said == (Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT)


def test_a_label_from_elsewhere_needs_neither_recipient_nor_number() -> None:
    assert obstacle(an_external_order(), some_rules(), numbers_left=0) is None


@pytest.mark.parametrize("source", [LabelSource.FILE, LabelSource.COMPONENT])
@pytest.mark.parametrize("recipient", list(Recipient))
def test_a_label_of_the_platform_needs_neither_recipient_nor_number(
    source: LabelSource, recipient: Recipient
) -> None:
    rules = some_rules(shops={MAIN: ShopRules(source)})
    order = replace(an_order(), recipient=recipient)
    assert obstacle(order, rules, numbers_left=0) is None
    unknown = replace(order, carrier=None)
    assert obstacle(unknown, rules, numbers_left=9) == (Verdict.NOT_ELIGIBLE, Reason.NO_CARRIER)


def test_the_shop_has_a_default_carrier() -> None:
    rules = Rules(carriers=CARRIERS, shops={MAIN: ShopRules(carrier=YTO.code)})
    assert obstacle(an_order(carrier=None), rules, numbers_left=1) is None
    assert rules.carrier_of(an_order(carrier=None)) == "YTO"
    assert rules.carrier_of(an_order(carrier="SF")) == "SF"
