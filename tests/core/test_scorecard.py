from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core import scorecard
from packstation.core.orders import CarrierCode, OrderKey, OrderKind, ShopKey
from packstation.core.scorecard import (
    CollectedCount,
    OpenOrder,
    day_window,
    last_cut,
    live_window,
    percent,
    score_of,
    steps_of,
    what_if,
)
from packstation.exchange.score_files import load_score
from packstation.paths import resources

RULE = load_score(resources() / "scores" / "collection.toml")
PAID = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
SHOP, YTO = ShopKey("main"), CarrierCode("YTO")
US = timedelta(microseconds=1)


def counts(hours: list[float | None], kind: OrderKind = OrderKind.NORMAL) -> list[CollectedCount]:
    steps = Counter(
        steps_of(None if h is None else PAID, PAID + timedelta(hours=h or 0)) for h in hours
    )
    return [CollectedCount(SHOP, YTO, kind, step, False, n) for step, n in steps.items()]


def test_the_formula_is_that_of_the_platform() -> None:
    card = score_of(RULE, counts([1, 24, 25, 36, 48, 49, 100, None]))
    assert (card.bands, card.late, card.unknown) == ((2, 2, 1), 2, 1)
    assert card.score == Fraction(7 * 2 + 2 * 2 + 1 * 1, 10 * 7)
    assert percent(card.score) == "27.14"


@pytest.mark.parametrize(("hours", "band"), [(0, 0), (24, 0), (36, 1), (48, 2)])
def test_the_end_of_a_band_belongs_to_it(hours: int, band: int) -> None:
    at = PAID + timedelta(hours=hours)
    assert RULE.band_of(steps_of(PAID, at)) == band
    after = RULE.band_of(steps_of(PAID, at + US))
    assert after == (band if not hours else band + 1 if band < 2 else None)


def brute(took: list[timedelta]) -> Fraction:
    """The formula, parcel by parcel, in decimals of the document."""
    first = sum(t <= timedelta(hours=24) for t in took)
    second = sum(timedelta(hours=24) < t <= timedelta(hours=36) for t in took)
    third = sum(timedelta(hours=36) < t <= timedelta(hours=48) for t in took)
    n = len(took)
    return sum(
        (
            Fraction(w) * Fraction(k, n)
            for w, k in (("0.7", first), ("0.2", second), ("0.1", third))
        ),
        Fraction(0),
    )


TOOK = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=80)),
    st.sampled_from([timedelta(hours=h) + n * US for h in (24, 36, 48) for n in (-1, 0, 1)]),
)


@given(st.lists(TOOK, min_size=1, max_size=60))
def test_the_score_is_exact(took: list[timedelta]) -> None:
    steps = Counter(steps_of(PAID, PAID + one) for one in took)
    found = [CollectedCount(SHOP, YTO, OrderKind.NORMAL, s, False, n) for s, n in steps.items()]
    assert score_of(RULE, found).score == brute(took)


def test_an_off_by_one_at_24_hours_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        scorecard,
        "steps_of",
        lambda paid, at: (at - paid) // timedelta(hours=12) + 1,  # 24 h falls into the next band
    )
    planted = scorecard.steps_of(PAID, PAID + timedelta(hours=24))
    card = score_of(RULE, [CollectedCount(SHOP, YTO, OrderKind.NORMAL, planted, False, 1)])
    assert card.score != brute([timedelta(hours=24)])


def test_presale_and_what_is_not_shipped_are_left_out() -> None:
    found = counts([1, 1]) + counts([60], OrderKind.PRESALE) + counts([60], OrderKind.VIRTUAL)
    card = score_of(RULE, found)
    assert (card.counted, card.excluded, card.score) == (2, 2, Fraction(7, 10))


def test_what_was_collected_before_it_was_paid_is_not_known() -> None:
    assert steps_of(PAID, PAID - US) == scorecard.NOT_KNOWN
    assert steps_of(None, PAID) == scorecard.NOT_KNOWN


def test_nothing_collected_is_no_score() -> None:
    assert score_of(RULE, []).score is None
    assert percent(None) == "-"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(0), "0.00"),
        (Fraction(7, 10), "70.00"),
        (Fraction(12345, 100_000), "12.34"),
        (Fraction(12355, 100_000), "12.36"),
        (Fraction(1, 2) + Fraction(5, 100_000), "50.00"),
        (Fraction(2, 3), "66.67"),
    ],
)
def test_shares_are_rounded_half_to_even(share: Fraction, shown: str) -> None:
    assert percent(share) == shown


def test_the_day_ends_at_noon_of_the_shop() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    noon = datetime(2026, 8, 3, 12, 0, tzinfo=shanghai)
    assert last_cut(RULE, noon, shanghai) == date(2026, 8, 3)
    assert last_cut(RULE, noon - US, shanghai) == date(2026, 8, 2)
    window = day_window(RULE, date(2026, 8, 3), shanghai)
    assert window.end == noon
    assert window.begin == noon - timedelta(days=90)
    one = day_window(RULE, date(2026, 8, 3), shanghai, days=1)
    assert one.begin == noon - timedelta(days=1)
    # Across the change of clocks the day has 25 hours.
    new_york = ZoneInfo("America/New_York")
    autumn = day_window(RULE, date(2026, 11, 1), new_york, days=1)
    assert autumn.end is not None
    assert autumn.end - autumn.begin == timedelta(hours=25)
    assert RULE.cut == time(12)


def test_the_live_window_begins_on_a_quarter() -> None:
    window = live_window(RULE, datetime(2026, 8, 3, 10, 7, 31, tzinfo=UTC))
    assert window.begin == datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
    assert window.end is None


def waiting(paid: datetime, *, packed: bool, kind: OrderKind = OrderKind.NORMAL) -> OpenOrder:
    return OpenOrder(OrderKey("main/1"), SHOP, YTO, kind, paid, packed)


def test_a_pickup_saves_what_it_takes_within_the_band() -> None:
    now = datetime(2026, 8, 4, 8, 0, tzinfo=UTC)
    six = datetime(2026, 8, 4, 18, 0, tzinfo=UTC)
    pickup = datetime(2026, 8, 4, 17, 30, tzinfo=UTC)
    day = timedelta(days=1)
    orders = [
        *[waiting(six - day - timedelta(minutes=10), packed=True)] * 19,  # leave at 17:50
        *[waiting(pickup - day - US, packed=True)] * 2,  # a moment too late for this pick-up
        *[waiting(pickup - day, packed=False)] * 2,
        waiting(six - day, packed=True, kind=OrderKind.PRESALE),
    ]
    found = what_if(RULE, score_of(RULE, []), orders, now, pickup)
    first = found.next
    assert first is not None
    assert (first.at, first.until_h, first.orders, first.saved, first.savable) == (
        six,
        24,
        23,
        19,
        2,
    )
    # 19 of the first band, 2 of the second.
    assert found.after == Fraction(19 * 70 + 2 * 20, 2100)
    assert {(one.at - six, one.until_h) for one in found.leaving} == {
        (timedelta(0), 24),
        (timedelta(hours=12), 36),
        (timedelta(hours=24), 48),
    }


@given(
    st.lists(st.tuples(st.integers(0, 60 * 72), st.booleans()), max_size=30),
    st.integers(0, 60 * 24),
)
def test_what_leaves_and_what_is_saved_is_as_counted_by_hand(
    orders: list[tuple[int, bool]], minutes: int
) -> None:
    now = PAID + timedelta(hours=72)
    pickup = now + timedelta(minutes=minutes)
    house = [waiting(PAID + timedelta(minutes=m), packed=p) for m, p in orders]
    found = what_if(RULE, score_of(RULE, []), house, now, pickup)
    for hours in (24, 36, 48):
        ends = [(o.paid_at + timedelta(hours=hours), o.packed) for o in house]
        mine = [one for one in found.leaving if one.until_h == hours]
        assert sum(one.orders for one in mine) == sum(end >= now for end, _ in ends)
        assert sum(one.saved for one in mine) == sum(p for end, p in ends if end >= pickup)
        for one in mine:
            inside = [end for end, _ in ends if one.at - timedelta(hours=1) < end <= one.at]
            assert one.orders == sum(end >= now for end in inside)
