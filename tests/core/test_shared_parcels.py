"""An order inside a shared parcel changes: what the table and the dock answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.core.decide import decide
from packstation.core.events import OrderChanged
from packstation.core.merging import goes_by, merged, plain_text
from packstation.core.orders import OrderId, WhyNot
from packstation.core.station import Station
from packstation.core.status import Phase, Reason, Verdict
from packstation.core.verification import VerificationSession
from tests.builders import a_key, a_line, an_order, some_rules

RULES = some_rules()
SHARED = merged([an_order("1", a_line("A")), an_order("2", a_line("A"))], OrderId("1+M1"))
OPEN = Station(phase=Phase.SCANNING, session=VerificationSession(SHARED, ()))


@pytest.mark.parametrize(
    ("why_not", "verdict", "reason"),
    [
        (WhyNot.CANCELLED, Verdict.CANCELLED, Reason.CANCELLED_IN_PARCEL),
        (WhyNot.CANCEL_REQUESTED, Verdict.ON_HOLD, Reason.CANCELLED_IN_PARCEL),
        (WhyNot.HELD, Verdict.ON_HOLD, Reason.HELD),
        (None, Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED),
    ],
)
def test_news_of_a_member_stop_the_open_parcel(
    why_not: WhyNot | None, verdict: Verdict, reason: Reason
) -> None:
    decision = decide(OPEN, OrderChanged(a_key("2"), OrderId("2"), 2, why_not), RULES)
    stop = decision.station.stop
    assert stop is not None
    assert (stop.verdict, stop.reason, stop.ends_order, stop.detail) == (verdict, reason, True, "2")
    assert decision.answer is not None
    assert decision.answer.detail == "2"


def test_news_that_leave_it_inside_stop_nothing() -> None:
    for event in (
        OrderChanged(a_key("2"), OrderId("2"), 1, WhyNot.MERGED),
        OrderChanged(a_key("3"), OrderId("3"), 2, WhyNot.CANCELLED),
    ):
        assert decide(OPEN, event, RULES).station == OPEN


def test_an_order_goes_by_the_numbers_inside() -> None:
    assert [goes_by(SHARED, text) for text in ("1", "2", "1+m1", "3")] == [True, True, True, False]


def test_equal_skus_stay_lines_of_their_own() -> None:
    assert [line.line_key for line in SHARED.lines] == ["1:A", "2:A"]
    assert replace(SHARED, members=None).units == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Flat 3, 12 Main St.", "flat 3 12 main st", True),
        ("Flat 3, 12 Main", "Flat 31, 2 Main", False),
        ("浙江省 杭州市，１号", "浙江省杭州市1号", True),
        ("1-2号", "12号", False),
        ("กา", "กี", False),
        ("浙江省杭州市1号", "浙江杭州1号", False),
    ],
)
def test_only_blanks_width_case_and_punctuation_are_put_aside(
    one: str, other: str, same: bool
) -> None:
    assert (plain_text(one) == plain_text(other)) is same
