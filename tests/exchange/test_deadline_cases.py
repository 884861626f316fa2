"""Deadlines worked out by hand, against the rules and calendars that are shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.deadline_rules import Clock, Progress, ShopFacts, StepWord
from packstation.core.deadline_steps import explain
from packstation.core.deadlines import DeadlineBook
from packstation.core.orders import Order, OrderId, OrderKind, ShopKey, WhyNot
from packstation.exchange.deadline_files import load_deadlines
from packstation.exchange.holidays import CalendarFolder
from packstation.paths import resources

CALENDARS = CalendarFolder(resources() / "calendars")
RULES = load_deadlines(resources() / "deadlines", CALENDARS.names)
SHOP = ShopKey("main")


def book(platform: str = "", region: str = "", hours: int = 0) -> DeadlineBook:
    return DeadlineBook(RULES, CALENDARS, {SHOP: ShopFacts(platform, region, hours)})


def order(platform: str, start: str, kind: OrderKind | None = None) -> Order:
    at = datetime.fromisoformat(start)
    return Order(SHOP, OrderId("1"), platform, (), paid_at=at, placed_at=at, kind=kind)


T, US, VN = "tiktok_shop", "tiktok_shop/US", "tiktok_shop/VN"
READY, SHIP, MOVE = Clock.READY_FOR_COLLECTION, Clock.SHIP, Clock.IN_TRANSIT
CASES = [
    # Cross-border: hours by the clock, on every day of the year.
    (T, READY, "2026-08-03T10:00:00+08:00", "2026-08-05T10:00:00+08:00"),
    (T, MOVE, "2026-08-03T10:00:00+08:00", "2026-08-08T10:00:00+08:00"),
    (T, READY, "2026-02-15T12:00:00+08:00", "2026-02-17T12:00:00+08:00"),
    # May Day 2023: one date for all that was paid in five days.
    (T, READY, "2023-04-28T23:59:59+08:00", "2023-04-30T23:59:59+08:00"),
    (T, READY, "2023-04-29T00:00:00+08:00", "2023-05-06T23:59:59+08:00"),
    (T, READY, "2023-05-03T23:59:59+08:00", "2023-05-06T23:59:59+08:00"),
    (T, READY, "2023-05-04T00:00:00+08:00", "2023-05-06T00:00:00+08:00"),
    # Black Friday 2023: one or two days on top.
    (T, READY, "2023-10-27T08:00:00+08:00", "2023-10-30T08:00:00+08:00"),
    (T, READY, "2023-11-13T23:59:59+08:00", "2023-11-15T23:59:59+08:00"),
    (T, READY, "2023-11-14T00:00:00+08:00", "2023-11-18T00:00:00+08:00"),
    (T, MOVE, "2023-11-14T00:00:00+08:00", "2023-11-21T00:00:00+08:00"),
    (T, READY, "2023-11-27T12:00:00+08:00", "2023-12-01T12:00:00+08:00"),
    (T, READY, "2023-11-28T00:00:00+08:00", "2023-12-01T00:00:00+08:00"),
    (T, READY, "2023-11-30T23:59:59+08:00", "2023-12-03T23:59:59+08:00"),
    (T, READY, "2023-12-01T00:00:00+08:00", "2023-12-03T00:00:00+08:00"),
    # United States: Thanksgiving 2025 is Thursday, 27 November.
    (US, SHIP, "2025-11-24T09:00:00-08:00", "2025-11-26T23:59:59-08:00"),
    (US, SHIP, "2025-11-25T09:00:00-08:00", "2025-11-28T23:59:59-08:00"),
    (US, SHIP, "2025-11-26T09:00:00-08:00", "2025-12-01T23:59:59-08:00"),
    (US, SHIP, "2025-11-27T09:00:00-08:00", "2025-12-01T23:59:59-08:00"),
    (US, SHIP, "2025-11-28T23:59:30-08:00", "2025-12-02T23:59:59-08:00"),
    (US, SHIP, "2025-11-29T00:00:00-08:00", "2025-12-02T23:59:59-08:00"),
    # The last second of Monday in California is Tuesday elsewhere.
    (US, SHIP, "2025-11-25T07:59:59+00:00", "2025-11-26T23:59:59-08:00"),
    (US, SHIP, "2025-11-25T08:00:00+00:00", "2025-11-28T23:59:59-08:00"),
    (US, SHIP, "2025-07-03T09:00:00-07:00", "2025-07-08T23:59:59-07:00"),
    (US, SHIP, "2025-12-23T09:00:00-08:00", "2025-12-26T23:59:59-08:00"),
    (US, SHIP, "2025-12-31T09:00:00-08:00", "2026-01-05T23:59:59-08:00"),
    (US, SHIP, "2026-01-16T09:00:00-08:00", "2026-01-21T23:59:59-08:00"),
    # Clocks go forward on 9 March and back on 2 November 2025.
    (US, SHIP, "2025-03-07T12:00:00-08:00", "2025-03-11T23:59:59-07:00"),
    (US, SHIP, "2025-10-31T23:59:00-07:00", "2025-11-04T23:59:59-08:00"),
    # The rule changes on 26 January 2026; Independence Day 2026 is kept on Friday, the third.
    (US, SHIP, "2026-01-25T23:59:59-08:00", "2026-01-27T23:59:59-08:00"),
    (US, MOVE, "2026-01-25T23:59:59-08:00", None),
    (US, MOVE, "2026-01-26T00:00:00-08:00", "2026-01-28T23:59:59-08:00"),
    (US, SHIP, "2026-01-26T00:00:00-08:00", None),
    (US, MOVE, "2026-07-02T09:00:00-07:00", "2026-07-07T23:59:59-07:00"),
    (US, Clock.AUTO_CANCEL, "2025-11-24T09:00:00-08:00", "2025-12-04T23:59:59-08:00"),
    (US, Clock.DELIVERED, "2025-11-24T09:00:00-08:00", "2025-12-03T23:59:59-08:00"),
    (US, READY, "2025-11-24T09:00:00-08:00", None),
    # Vietnam: the rule begins on 26 August 2024; 2 and 3 September are the National Day.
    (VN, MOVE, "2024-08-25T10:00:00+07:00", None),
    (VN, MOVE, "2024-08-27T13:59:59+07:00", "2024-08-27T23:59:59+07:00"),
    (VN, MOVE, "2024-08-27T14:00:00+07:00", "2024-08-28T23:59:59+07:00"),
    (VN, MOVE, "2024-08-30T14:00:00+07:00", "2024-09-04T23:59:59+07:00"),
    (VN, MOVE, "2024-08-31T09:00:00+07:00", "2024-09-04T23:59:59+07:00"),
    (VN, Clock.AUTO_CANCEL, "2024-08-27T10:00:00+07:00", "2024-08-29T23:59:59+07:00"),
    (VN, Clock.AUTO_CANCEL, "2024-08-30T10:00:00+07:00", "2024-09-05T23:59:59+07:00"),
    (VN, Clock.AUTO_CANCEL_UNCOLLECTED, "2024-08-27T10:00:00+07:00", "2024-08-30T23:59:59+07:00"),
    # Tet 2025 from 27 January; Saturdays of 26 April 2025 and 22 August 2026 are worked.
    (VN, MOVE, "2025-01-24T13:59:00+07:00", "2025-01-24T23:59:59+07:00"),
    (VN, MOVE, "2025-01-24T14:00:00+07:00", "2025-02-03T23:59:59+07:00"),
    (VN, MOVE, "2025-01-30T10:00:00+07:00", "2025-02-03T23:59:59+07:00"),
    (VN, MOVE, "2025-04-25T15:00:00+07:00", "2025-04-26T23:59:59+07:00"),
    (VN, MOVE, "2025-04-26T10:00:00+07:00", "2025-04-26T23:59:59+07:00"),
    (VN, MOVE, "2026-08-22T13:00:00+07:00", "2026-08-22T23:59:59+07:00"),
    # Chinese shops without a time of their own.
    ("taobao", SHIP, "2026-08-03T10:00:00+08:00", "2026-08-05T10:00:00+08:00"),
    ("tmall", SHIP, "2026-02-16T20:00:00+08:00", "2026-02-18T20:00:00+08:00"),
    ("douyin", SHIP, "2026-08-03T10:00:00+08:00", "2026-08-05T10:00:00+08:00"),
    ("pinduoduo", SHIP, "2026-08-03T10:00:00+08:00", "2026-08-05T10:00:00+08:00"),
    ("generic", SHIP, "2026-08-03T10:00:00+08:00", None),
]


@pytest.mark.parametrize(("where", "clock", "start", "due"), CASES)
def test_a_deadline_is_as_worked_out_by_hand(
    where: str, clock: Clock, start: str, due: str | None
) -> None:
    platform, _, region = where.partition("/")
    books, one = book(region=region), order(platform, start)
    found = books.deadline_of(one, clock)
    ends = [d.at for d in books.deadlines_of(one) if d.clock in (READY, SHIP, MOVE)]
    assert books.ship_by(one) == (min(ends) if ends else None)
    assert (found.at if found else None) == (datetime.fromisoformat(due) if due else None)
    assert found is None or found.at.tzinfo is UTC


SPRING = [
    ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
    ("2026-02-13", 2, "2026-02-24"),  # nine days of Spring Festival
    ("2026-02-27", 1, "2026-02-28"),
    ("2026-09-18", 1, "2026-09-20"),  # a Sunday that is worked
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-09-30", 3, "2026-10-10"),
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-01-27", 1, "2025-02-05"),
    ("2025-09-26", 1, "2025-09-28"),
    ("2024-02-08", 1, "2024-02-09"),  # the eve of 2024 was no public holiday
]


@pytest.mark.parametrize(("start", "count", "last"), SPRING)
def test_chinese_working_days_know_the_days_that_are_made_up(
    start: str, count: int, last: str
) -> None:
    found = CALENDARS("CN").after(date.fromisoformat(start), count)
    assert found == date.fromisoformat(last)


def test_the_kept_calendars_are_those_of_the_library() -> None:
    import holidays

    for name in sorted(CALENDARS.names):
        kept = CALENDARS(name)
        days = holidays.country_holidays(name, years=range(2023, 2033))
        day = date(2023, 1, 1)
        while day.year < 2033:
            assert kept.works(day) == days.is_working_day(day), f"{name} {day}"
            day += timedelta(days=1)


def test_a_late_start_of_collection_gains_nothing() -> None:
    paid = "2026-08-03T10:00:00+08:00"
    for ready_h, due_h in ((0, 72), (20, 92), (48, 120), (49, 120), (100, 120)):
        at = datetime.fromisoformat(paid)
        progress = Progress(ready_at=at + timedelta(hours=ready_h))
        found = book().deadline_of(order(T, paid), Clock.COLLECTED, progress)
        assert found is not None
        assert found.at == at + timedelta(hours=due_h)
        assert (found.capped_by is Clock.IN_TRANSIT) == (ready_h > 48)


def test_collection_is_not_due_before_anything_is_ready() -> None:
    one = order(T, "2026-08-03T10:00:00+08:00")
    assert book().deadline_of(one, Clock.COLLECTED) is None


def test_a_wish_to_cancel_is_answered_within_the_regions_hours() -> None:
    asked = datetime.fromisoformat("2025-11-02T00:30:00-07:00")
    one = replace(order(T, "2025-11-01T10:00:00-07:00"), cancel_requested_at=asked)
    for region, due in (("", 48), ("VN", 48), ("US", 24)):
        found = book(region=region).deadline_of(one, Clock.CANCEL_ANSWER)
        assert found is not None
        assert found.at - asked == timedelta(hours=due)


def test_what_is_made_to_order_has_the_shops_handling_time() -> None:
    made = OrderKind.MADE_TO_ORDER
    old = order(T, "2025-11-17T09:00:00-08:00", made)
    new = order(T, "2026-02-02T09:00:00-08:00", made)
    ends = {d.clock: d.at for d in book(region="US", hours=120).deadlines_of(old)}
    assert ends == {
        Clock.SHIP: datetime.fromisoformat("2025-11-24T23:59:59-08:00"),
        Clock.AUTO_CANCEL: datetime.fromisoformat("2025-12-01T23:59:59-08:00"),
        Clock.DELIVERED: datetime.fromisoformat("2025-12-02T23:59:59-08:00"),
    }
    ends = {d.clock: d.at for d in book(region="US", hours=120).deadlines_of(new)}
    assert ends[Clock.SHIP] == datetime.fromisoformat("2026-02-09T23:59:59-08:00")
    assert ends[Clock.IN_TRANSIT] == datetime.fromisoformat("2026-02-10T23:59:59-08:00")
    assert book(region="US").deadlines_of(old) == ()


@pytest.mark.parametrize(("hours", "due"), [(0, 48), (24, 24), (72, 72)])
def test_a_shop_sets_its_own_hours(hours: int, due: int) -> None:
    paid = datetime.fromisoformat("2026-08-03T10:00:00+08:00")
    for platform in ("taobao", "tmall", "douyin"):
        found = book(hours=hours).ship_by(order(platform, paid.isoformat()))
        assert found == paid + timedelta(hours=due)


@pytest.mark.parametrize("kind", [OrderKind.CUSTOM, OrderKind.PRESALE, OrderKind.VIRTUAL])
def test_exempt_kinds_have_no_time_but_the_files(kind: OrderKind) -> None:
    one = order("taobao", "2026-08-03T10:00:00+08:00", kind)
    assert book(hours=24).ship_by(one) is None
    named = datetime.fromisoformat("2026-09-01T00:00:00+08:00")
    assert book(hours=24).ship_by(replace(one, promised_ship_at=named)) == named


def test_the_setting_of_the_shop_decides_whose_rules_hold() -> None:
    one = order("taobao", "2026-08-03T10:00:00+08:00")
    (found,) = book("tmall").deadlines_of(one)
    assert found.rule == "tmall-ship"


NAMED = st.integers(0, 7 * 366 * 86_400).map(
    lambda second: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
PLACES = st.sampled_from([(T, ""), (T, "US"), (T, "VN"), ("taobao", ""), ("generic", "")])


@given(place=PLACES, start=NAMED, named=NAMED)
def test_a_time_from_the_platform_always_wins(
    place: tuple[str, str], start: datetime, named: datetime
) -> None:
    one = replace(order(place[0], start.isoformat()), promised_ship_at=named)
    books = book(region=place[1], hours=24)
    assert books.ship_by(one) == named
    first = next(d for d in books.deadlines_of(one) if d.imported)
    assert first.at == named
    assert explain(books, first)[0].word is StepWord.IMPORTED


@given(place=PLACES, start=NAMED)
def test_no_deadline_is_before_its_start_and_the_quick_way_agrees(
    place: tuple[str, str], start: datetime
) -> None:
    one = order(place[0], start.isoformat())
    books = book(region=place[1])
    found = books.deadlines_of(one, Progress(ready_at=start))
    assert all(d.start_at is not None and d.at >= d.start_at for d in found)
    wanted = [d.at for d in found if d.clock in (READY, SHIP, MOVE)]
    assert books.ship_by(one) == (min(wanted) if wanted else None)
    assert all(explain(books, d)[-1].word is StepWord.DUE for d in found)


@given(first=NAMED, second=NAMED, rule=st.sampled_from(RULES.rules))
def test_a_later_start_never_makes_a_rule_end_earlier(
    first: datetime, second: datetime, rule: object
) -> None:
    plain = DeadlineBook(replace(RULES, promotions=()), CALENDARS)
    found = next(r for r in RULES.rules if r is rule)
    early, late = sorted((first, second))
    ends = [plain.count(found, at) for at in (early, late)]
    if ends[0] is not None and ends[1] is not None:
        assert ends[0].at <= ends[1].at


def test_an_unpaid_order_is_due_nowhere() -> None:
    one = replace(order(T, "2026-08-03T10:00:00+08:00"), why_not=WhyNot.UNPAID, paid_at=None)
    assert book().ship_by(one) is None
    (only,) = book().deadlines_of(one)
    assert only.clock is Clock.UNPAID_CANCEL
    assert only.at == datetime.fromisoformat("2026-08-05T10:00:00+08:00")


def words(region: str, start: str) -> list[tuple[str, str]]:
    books = book(region=region)
    (found,) = [d for d in books.deadlines_of(order(T, start)) if d.clock in (SHIP, MOVE)]
    return [
        (s.word.value, s.told.get("day", s.told.get("year", ""))) for s in explain(books, found)
    ]


def test_the_provenance_tells_every_day_that_was_skipped() -> None:
    told = words("VN", "2025-01-24T14:00:00+07:00")
    assert told[:2] == [("started", ""), ("rule", "")]
    assert ("after_cutoff", "") in told
    assert ("counted_from", "2025-02-03") in told
    assert [day for word, day in told if word == "day_off"] == [
        f"2025-{day}"
        for day in ("01-25", "01-26", "01-27", "01-28", "01-29", "01-30", "01-31", "02-01", "02-02")
    ]
    assert ("make_up_day", "2025-04-26") in words("VN", "2025-04-25T15:00:00+07:00")


def test_a_year_whose_holidays_are_not_announced_is_said() -> None:
    assert ("year_not_known", "2027") in words("VN", "2026-12-31T14:00:00+07:00")
    assert "year_not_known" not in dict(words("VN", "2026-08-24T14:00:00+07:00"))


def test_what_if_asks_for_another_day_and_other_rules() -> None:
    books = book(region="US")
    one = replace(
        order(T, "2026-02-02T09:00:00-08:00"),
        promised_ship_at=datetime.fromisoformat("2026-03-01T00:00:00-08:00"),
    )
    paid = datetime.fromisoformat("2025-11-26T09:00:00-08:00")
    ship = next(d for d in books.what_if(one, paid_at=paid) if d.clock is SHIP)
    assert ship.at == datetime.fromisoformat("2025-12-01T23:59:59-08:00")
    old = books.what_if(replace(one, promised_ship_at=None), rules_at=paid)
    assert [d.rule for d in old if d.clock in (SHIP, MOVE)] == ["tiktok-us-ship"]
    with pytest.raises(ValueError, match="has no zone"):
        books.what_if(one, paid_at=paid.replace(tzinfo=None))


def test_other_settings_make_stored_times_stale() -> None:
    versions = {book().version, book(hours=24).version, book(region="US").version}
    assert len(versions) == 3
    assert book().version == book().version


def test_promotions_are_told_in_the_provenance() -> None:
    books = book()
    one = order(T, "2023-04-30T10:00:00+08:00")
    found = books.deadline_of(one, READY)
    assert found is not None
    assert found.promotion == "May Day 2023"
    assert found.source == "https://www.10100.com/newsletter/692"
    step = next(s for s in explain(books, found) if s.word is StepWord.PROMOTION)
    assert step.told["name"] == "May Day 2023"
