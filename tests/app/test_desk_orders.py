"""The orders page through the real house: lists, details, and what is done with orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from packstation.app.desk import Desk
from packstation.core.order_query import Group, GroupBy, OrderQuery
from packstation.core.orders import CarrierCode, HoldReason, OrderKey, ShopKey, WhyNot
from packstation.core.status import ParcelState, Verdict
from packstation.errors import PackStationError
from tests.app.shop import ITEM, LABEL, ONE, PACK, TWO, Station
from tests.app.test_desk import HEAD, Pages, scan

ONE_KEY, TWO_KEY = OrderKey(f"main/{ONE}"), OrderKey(f"main/{TWO}")
PEOPLE = """
[operators.p1]
name = "Packer"
role = "packer"
[operators.s1]
name = "Supervisor"
role = "supervisor"
"""


def with_people(data: Path) -> None:
    path = data / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8") + PEOPLE, encoding="utf-8")


@pytest.fixture
def guarded(
    data: Path, open_station: Callable[..., Station], pages: Pages
) -> Iterator[tuple[Desk, Station]]:
    """A desk where badges are asked for."""
    with_people(data)
    station = open_station()
    desk = Desk(station.house, pages.deliver)
    assert station.engine is not None
    desk.attach(station.engine, None)
    yield desk, station
    desk.close()


def rows(desk: Desk, pages: Pages, **query: Any) -> list[Any]:
    return list(pages.ask(desk.find, OrderQuery(**query)).rows)


def take_in(desk: Desk, pages: Pages, folder: Path, *lines: str, shop: str = "main") -> Any:
    path = folder / f"orders-{len(lines)}.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8-sig")
    report = pages.ask(desk.import_files, [path], ShopKey(shop), lambda *_: None)
    assert not isinstance(report, PackStationError), report
    pages.ask(desk.import_files, [path], ShopKey(shop), lambda *_: None)  # lists are worked off
    return report


def line(number: str, *, person: str = "Ann Example", state: str = "待发货") -> str:
    return f"{number},{state},{person},13900000006,1 Example Road,PEN,A pen,{ITEM},2,ZTO"


def test_filters_hold_together_and_pages_follow_each_other(desk: Desk, pages: Pages) -> None:
    every = rows(desk, pages)
    first = pages.ask(desk.find, OrderQuery(limit=5))
    seen, cursor = list(first.rows), first.cursor
    while cursor is not None:
        more = pages.ask(desk.find, OrderQuery(limit=5, after=cursor))
        seen, cursor = [*seen, *more.rows], more.cursor
    assert [row.key for row in seen] == [row.key for row in every]
    yto = rows(desk, pages, carriers=(CarrierCode("YTO"),))
    assert 0 < len(yto) < len(every)
    assert {row.carrier for row in yto} == {"YTO"}
    noted = rows(desk, pages, carriers=(CarrierCode("YTO"),), message=True)
    assert 0 < len(noted) < len(yto)
    assert all(row.has_message for row in noted)
    assert [row.key for row in rows(desk, pages, text=ONE[-6:])] == [ONE_KEY]
    assert rows(desk, pages, printed=True) == []
    assert len(rows(desk, pages, text="茶")) >= 1
    assert rows(desk, pages, shops=(ShopKey("nobody"),)) == []


def test_groups_and_counts_tell_the_same_orders_as_the_lists(desk: Desk, pages: Pages) -> None:
    counts = pages.ask(desk.work_counts)
    for group, count in (
        (Group.TO_PACK, counts.to_pack),
        (Group.STOPPED, counts.stopped),
        (Group.OVERDUE, counts.overdue),
        (Group.HELD, counts.held),
    ):
        assert pages.ask(desk.find, OrderQuery(group=group, limit=200)).total == count
    for by in GroupBy:
        told = pages.ask(desk.groups, OrderQuery(), by)
        assert sum(group.orders for group in told.groups) == told.orders == 14
        assert not told.cut


def test_details_tell_lines_and_labels(desk: Desk, station: Station, pages: Pages) -> None:
    found = pages.ask(desk.details, ONE_KEY)
    assert [one.quantity for one in found.lines] == [1]
    assert (found.labels, found.members) == ((), ())
    assert scan(station, desk, *PACK)[-1] is Verdict.SEALED
    assert pages.ask(desk.details, ONE_KEY).labels == ((LABEL, "CONFIRMED"),)


def test_an_order_is_held_at_once_and_released_by_whoever_may(
    guarded: tuple[Desk, Station], pages: Pages
) -> None:
    desk, station = guarded
    report = pages.ask(desk.hold_orders, [ONE_KEY, TWO_KEY], HoldReason.PAYMENT_CHECK, "")
    assert (report.done, report.refused) == ((ONE_KEY, TWO_KEY), ())
    assert station.ask(ONE).verdict is Verdict.ON_HOLD
    held = rows(desk, pages, group=Group.HELD)
    assert {row.hold_reason for row in held} == {"payment_check"}
    for badge, code in (("", "people.not_entitled"), ("zz", "people.unknown_badge")):
        report = pages.ask(desk.release_orders, [ONE_KEY], badge)
        assert report.done == ()
        assert report.refused[0][1].code == code
    assert pages.ask(desk.release_orders, [ONE_KEY], "s1").done == (ONE_KEY,)
    assert station.scan("PSCMDOK", ONE)[-1] is Verdict.ORDER_OPENED


def test_a_wish_to_cancel_is_answered(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    take_in(desk, pages, tmp_path, *(line(f"W{n}", state="取消中") for n in (1, 2)))
    wishes = {row.key: row.why_not for row in rows(desk, pages, text="W")}
    assert set(wishes.values()) == {WhyNot.CANCEL_REQUESTED}
    assert pages.ask(desk.answer_cancellation, OrderKey("main/W1"), True, "") is None
    assert pages.ask(desk.answer_cancellation, OrderKey("main/W2"), False, "") is None
    after = {row.order_id: row for row in rows(desk, pages, text="W")}
    assert after["W1"].why_not is WhyNot.CANCELLED
    assert after["W2"].why_not is None, "turned down: it may be packed"
    again = pages.ask(desk.answer_cancellation, OrderKey("main/W1"), True, "")
    assert isinstance(again, PackStationError)


def test_a_sellers_cancel_stops_the_table(desk: Desk, station: Station, pages: Pages) -> None:
    station.ask(ONE)
    assert pages.ask(desk.cancel_order, ONE_KEY, "out_of_stock", "") is None
    station.settle()
    assert station.ask(ITEM).verdict in (Verdict.CANCELLED, Verdict.NOT_NOW)
    (row,) = rows(desk, pages, text=ONE)
    assert row.why_not is WhyNot.CANCELLED


def test_missing_units_stop_an_order(desk: Desk, station: Station, pages: Pages) -> None:
    sku = pages.ask(desk.details, TWO_KEY).lines[0].sku
    assert pages.ask(desk.short_pick, TWO_KEY, sku, 1) is None
    (row,) = rows(desk, pages, text=TWO)
    assert (row.held, row.hold_reason) == (True, "short_pick")
    assert station.ask(TWO).verdict is Verdict.ON_HOLD
    wrong = pages.ask(desk.short_pick, ONE_KEY, "NO-SUCH", 1)
    assert isinstance(wrong, PackStationError)


def test_a_parcel_is_recalled_only_out_of_a_bag(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    refused = pages.ask(desk.recall, ONE_KEY, "")
    assert isinstance(refused, PackStationError)
    assert refused.code == "orders.not_in_a_bag"
    station.scan(*PACK, "PSCMDBAG", LABEL)
    cancelled = line(ONE, state="已取消").replace(",2,ZTO", ",1,ZTO")
    take_in(desk, pages, tmp_path, cancelled)
    assert pages.ask(desk.recall, ONE_KEY, "") is None
    station.settle()
    (row,) = rows(desk, pages, text=ONE)
    assert row.parcel is not ParcelState.BAGGED, station.answer().verdict


def test_equal_recipients_share_a_parcel_until_it_is_taken_apart(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    take_in(desk, pages, tmp_path, line("M1"), line("M2"), line("M3", person="Bob Example"))
    groups = pages.ask(desk.merge_suggestions, None)
    (group,) = [one for one in groups if OrderKey("main/M1") in one.orders]
    assert (set(group.orders), group.units) == ({OrderKey("main/M1"), OrderKey("main/M2")}, 4)
    strangers = pages.ask(desk.merge, [OrderKey("main/M1"), OrderKey("main/M3")], "")
    assert isinstance(strangers, PackStationError), "never by anything but an equal recipient"
    merged = pages.ask(desk.merge, group.orders, "")
    assert set(pages.ask(desk.details, merged).members) == set(group.orders)
    assert pages.ask(desk.details, OrderKey("main/M1")).members == (merged,)
    assert all(
        OrderKey("main/M1") not in one.orders for one in pages.ask(desk.merge_suggestions, None)
    )
    assert pages.ask(desk.take_apart, OrderKey("main/M2"), "") is None
    assert pages.ask(desk.details, OrderKey("main/M1")).members == ()


def test_an_order_is_split_and_joined(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    take_in(desk, pages, tmp_path, line("S1"))
    key = OrderKey("main/S1")
    (only,) = pages.ask(desk.details, key).lines
    assert pages.ask(desk.split_off, key, ((only.line_key, 1),), "") is None
    parts = pages.ask(desk.details, key).members
    assert len(parts) == 2
    assert [sum(x.quantity for x in pages.ask(desk.details, p).lines) for p in parts] == [1, 1]
    assert pages.ask(desk.take_apart, key, "") is None
    assert pages.ask(desk.details, key).members == ()


def test_shops_with_equal_numbers_stay_apart(
    data: Path, open_station: Callable[..., Station], pages: Pages, tmp_path: Path
) -> None:
    path = data / "settings.toml"
    more = '\n[shops.second]\nname = "Second"\ncolor = "#2f6fde"\ntimezone = "Asia/Shanghai"\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    station = open_station()
    desk = Desk(station.house, pages.deliver)
    take_in(desk, pages, tmp_path, line(ONE), shop="second")
    found = rows(desk, pages, text=ONE)
    assert {row.shop for row in found} == {"main", "second"}
    shops = {shop.key: shop for shop in pages.ask(desk.shops)}
    assert shops[ShopKey("second")].color == "#2F6FDE"
    desk.close()


def test_only_orders_that_are_due_in_a_span_are_found(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    days = {
        group.key: group for group in pages.ask(desk.groups, OrderQuery(), GroupBy.DUE_DAY).groups
    }
    day = next(key for key in days if key)
    first = datetime.fromisoformat(day).replace(tzinfo=desk.zone)
    found = rows(desk, pages, due_from=first, due_to=first + timedelta(days=1), limit=100)
    assert len(found) == days[day].orders
    assert all(first <= row.due_at.astimezone(UTC) < first + timedelta(days=1) for row in found)
