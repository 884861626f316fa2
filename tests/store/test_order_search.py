"""Any filters, in any combination and with any text, find what looking at every order finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.core import facts
from packstation.core.codes import folded
from packstation.core.order_query import (
    Group,
    GroupBy,
    Moment,
    OrderFound,
    OrderQuery,
    SortBy,
)
from packstation.core.orders import (
    CarrierCode,
    Order,
    OrderId,
    OrderKind,
    Recipient,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.store import order_list
from packstation.store.journal import at_of
from packstation.store.opening import OpenStore
from packstation.store.order_groups import groups
from packstation.store.order_list import every, search
from packstation.store.order_rows import read_order
from packstation.store.order_terms import hour_spans, walk_key
from packstation.store.window_reads import work_counts
from tests.store.builders import (
    START,
    YTO,
    ZTO,
    add_numbers,
    line,
    opened,
    parsed,
    record,
)
from tests.store.builders import order as an_order

NOW = Moment(START + timedelta(hours=1))
TITLES = ("保温杯 316不锈钢", "中筒棉袜 男", "圆领短袖T恤", "保温壶", "Mug 350 ml", "杯")
SKUS = ("A-1", "A-2", "a-10", "B1", "保温杯-红", "SKU*")
BINS = ("A-2", "A-10", "B-1", None)
COUNT = 60


def orders() -> list[Order]:
    """Orders that differ in everything that can be asked for."""
    made = []
    for n in range(COUNT):
        lines = [
            replace(
                line(SKUS[(n + m) % len(SKUS)], 1 + n % 3, n=m + 1),
                title=TITLES[(n + 2 * m) % len(TITLES)],
                bin=BINS[(n // 2 + m) % len(BINS)],
            )
            for m in range(1 + n % 2)
        ]
        why_not = {1: WhyNot.UNPAID, 2: WhyNot.CANCELLED, 3: WhyNot.SHIPPED}.get(n % 9)
        made.append(
            replace(
                an_order(n, lines=lines, why_not=why_not),
                shop=ShopKey(("main", "second", "third")[n % 3]),
                order_id=OrderId(f"{2608000 + 37 * n:07d}"),
                carrier=(YTO, ZTO, None)[n % 3],
                tracking_number=TrackingNumber(f"YT{n * 7919:08d}") if n % 4 == 0 else None,
                promised_ship_at=START + timedelta(minutes=37 * (n % 17)) if n % 5 else None,
                paid_at=START - timedelta(hours=5 * n) if n % 7 else None,
                recipient=Recipient.MASKED if n % 11 == 0 else Recipient.FULL,
                has_buyer_message=n % 3 == 0,
                has_seller_memo=False,
                kind=(None, OrderKind.PRESALE, OrderKind.CUSTOM)[n % 3],
                urged=True if n % 6 == 0 else None,
            )
        )
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    """Sixty orders, imported in three goes, some sealed, one held."""
    store = opened(Path(tmp_path_factory.mktemp("search")) / "data")
    made = orders()
    for part in range(3):
        start, end = part * 20, part * 20 + 20
        store.imports.stage(parsed(made[start:end], digest=f"d{part}"))
    add_numbers(store, 20)
    for n in (30, 36):
        one = made[n]
        record(store, facts.OrderOpened(one.key, 1), facts.OrderHeld(one.key))
    yield store
    store.close()


def fits(store: OpenStore, row: OrderFound, query: OrderQuery) -> bool:
    """Tell by plain comparison whether an order is meant; the slow way."""
    order = read_order(store.db, row.key)
    assert order is not None
    skus, bins = {one.sku for one in order.lines}, {one.bin for one in order.lines}
    due, now = row.due_at, NOW.now
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0)
    in_group = {
        None: True,
        Group.TO_PACK: row.status == "waiting",
        Group.STOPPED: row.status in ("unpaid", "cancelled", "held", "masked_recipient"),
        Group.DONE: row.status == "shipped",
        Group.OWED: (owed := row.status not in ("unpaid", "cancelled", "shipped")),
        Group.HELD: row.held,
        Group.OVERDUE: owed and due is not None and due < now,
        Group.DUE_TODAY: owed and due is not None and now <= due < tomorrow,
        Group.AT_RISK: owed and due is not None and now <= due < now + timedelta(hours=4),
        Group.URGED: owed and bool(order.urged),
        Group.PACKED_NOT_HANDED_OVER: False,
        Group.UNSYNCED: row.held,
    }[query.group]

    def between(at: datetime | None, start: datetime | None, end: datetime | None) -> bool:
        if start is None and end is None:
            return True
        return at is not None and (start is None or at >= start) and (end is None or at < end)

    return (
        in_group
        and (query.status is None or row.status == query.status)
        and query.message in (None, row.has_message)
        and query.printed in (None, row.printed)
        and query.urged in (None, bool(order.urged))
        and (not query.carriers or row.carrier in query.carriers)
        and (not query.shops or row.shop in query.shops)
        and (query.sku is None or query.sku in skus)
        and (query.single_sku is None or skus == {query.single_sku})
        and (query.bin is None or query.bin in bins)
        and (query.kind is None or (order.kind or OrderKind.NORMAL) is query.kind)
        and between(order.paid_at, query.paid_from, query.paid_to)
        and between(row.imported_at, query.imported_from, query.imported_to)
        and between(due, query.due_from, query.due_to)
        and means(order, query.text)
    )


def means(order: Order, text: str) -> bool:
    """Tell whether a text means an order, by comparing characters."""
    plain = folded(text).strip()
    if not plain:
        return True
    numbers = [folded(number) for number in (order.order_id, order.tracking_number) if number]
    titles = [folded(f"{one.title} {one.spec or ''}") for one in order.lines]
    return (
        any(n.startswith(plain) or (len(plain) >= 4 and n.endswith(plain)) for n in numbers)
        or any(folded(one.sku).startswith(plain) for one in order.lines)
        or any(all(word in title for word in plain.split()) for title in titles)
    )


def wanted(store: OpenStore, query: OrderQuery) -> set[str]:
    everything = every(store.db, OrderQuery(limit=10**6), moment=NOW)
    return {row.key for row in everything if fits(store, row, query)}


MOMENTS = st.none() | st.integers(-400, 40).map(lambda n: START + timedelta(minutes=47 * n))
TEXTS = st.sampled_from(
    ("", "杯", "保温", "保温杯", "不锈钢 保温", "260", "8037", "YT0000", "YT", "a-1", "A-", "mug")
) | st.text(max_size=6)
QUERIES = st.builds(
    OrderQuery,
    text=TEXTS,
    group=st.none() | st.sampled_from(Group),
    status=st.sampled_from((None, None, None, "waiting", "unpaid", "no such")),
    printed=st.sampled_from((None, None, True, False)),
    message=st.sampled_from((None, None, True, False)),
    urged=st.sampled_from((None, None, None, True, False)),
    carriers=st.sampled_from(((), (), (YTO,), (YTO, ZTO), (CarrierCode("XX"),))),
    shops=st.sampled_from(((), (), (ShopKey("main"),), (ShopKey("main"), ShopKey("third")))),
    sku=st.sampled_from((None, None, Sku("A-1"), Sku("a-1"))),
    single_sku=st.sampled_from((None, None, None, Sku("A-2"))),
    bin=st.sampled_from((None, None, "A-2", "A-10")),
    paid_from=MOMENTS,
    paid_to=MOMENTS,
    imported_from=MOMENTS,
    imported_to=MOMENTS,
    due_from=MOMENTS,
    due_to=MOMENTS,
    kind=st.none() | st.sampled_from(OrderKind),
    sort=st.sampled_from(SortBy),
    limit=st.sampled_from((1, 7, 50, 100)),
)
# Times are rare, else nearly every answer would be empty.
_BOUNDS = ("paid_from", "paid_to", "imported_from", "imported_to", "due_from", "due_to")


def _with_times(query: OrderQuery, kept: set[str]) -> OrderQuery:
    dropped: dict[str, Any] = {name: None for name in _BOUNDS if name not in kept}
    return replace(query, **dropped)


SPARSE = st.builds(_with_times, QUERIES, st.sets(st.sampled_from(_BOUNDS), max_size=1))


@given(SPARSE)
@settings(max_examples=120, deadline=None)
def test_any_question_finds_what_looking_at_every_order_finds(
    shop: OpenStore, query: OrderQuery
) -> None:
    pages, keys = 0, []
    asked: OrderQuery | None = query
    while asked is not None:
        page = search(shop.db, asked, moment=NOW)
        keys += [row.key for row in page.rows]
        assert len(page.rows) <= query.limit
        assert page.at_least >= len(page.rows)
        asked = replace(query, after=page.cursor) if page.cursor else None
        if page.total is not None and pages == 0:
            assert page.total == len(wanted(shop, query))
        pages += 1
    assert len(keys) == len(set(keys)), "no order stands on two pages"
    assert set(keys) == wanted(shop, query)


@given(st.text(alphabet='"*^():-+ ANDORNT[]?%_\\\x00\x1f\x1e杯A1', max_size=12))
@settings(deadline=None)
def test_nothing_typed_is_a_pattern(shop: OpenStore, text: str) -> None:
    query = OrderQuery(text, limit=1000)
    assert {row.key for row in search(shop.db, query).rows} == wanted(shop, query)


def test_lists_are_sorted(shop: OpenStore) -> None:
    due = search(shop.db, OrderQuery(group=Group.OWED, limit=100)).rows
    times = [row.due_at or datetime.max.replace(tzinfo=START.tzinfo) for row in due]
    assert times == sorted(times)
    bins = search(shop.db, OrderQuery(group=Group.OWED, sort=SortBy.BIN, limit=100)).rows
    walks = [walk_key(row.first_bin) if row.first_bin else "9" for row in bins]
    assert walks == sorted(walks)
    newest = search(shop.db, OrderQuery(sort=SortBy.NEWEST, limit=100)).rows
    assert [row.order_id for row in newest] == [one.order_id for one in orders()][::-1]


@pytest.mark.parametrize("sort", [SortBy.DUE, SortBy.BIN])
def test_many_orders_are_walked_through_their_index(
    shop: OpenStore, sort: SortBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = OrderQuery(message=True, sort=sort, limit=3)
    few = [row.key for row in every(shop.db, query)]
    monkeypatch.setattr(order_list, "MOST_SORTED", 0)
    assert [row.key for row in every(shop.db, query)] == few


def test_a_bounded_look_says_how_far_it_went_and_goes_on(
    shop: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_list, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(order_list, "MOST_SORTED", 0)
    monkeypatch.setattr(order_list, "MOST_WALKED", 4)
    monkeypatch.setattr("packstation.store.order_filters._MOST_PIECES", 0)
    monkeypatch.setattr("packstation.store.order_filters._FEW_GOODS", -1)
    query, found, bounded = OrderQuery("保温", urged=True), [], 0
    asked: OrderQuery | None = query
    while asked is not None:
        page = search(shop.db, asked)
        found += [row.key for row in page.rows]
        if page.searched_to is not None:
            bounded += 1
            assert page.cursor is not None
            assert page.total is None
        asked = replace(query, after=page.cursor) if page.cursor else None
    assert bounded > 3
    assert set(found) == wanted(shop, query)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("by", list(GroupBy))
def test_groups_hold_what_the_list_holds(shop: OpenStore, by: GroupBy) -> None:
    query = OrderQuery(group=Group.TO_PACK)
    told = groups(shop.db, query, by, moment=NOW)
    rows = list(every(shop.db, replace(query, limit=1000), moment=NOW))
    keys = {
        GroupBy.CARRIER: lambda row: row.carrier,
        GroupBy.SINGLE_SKU: lambda row: row.single_sku or "",
        GroupBy.BIN: lambda row: row.first_bin or "",
        GroupBy.SHOP: lambda row: row.shop,
        GroupBy.DUE_DAY: lambda row: row.due_at.date().isoformat() if row.due_at else "",
    }[by]
    wanted_orders = Counter(map(keys, rows))
    assert {one.key: one.orders for one in told.groups} == dict(wanted_orders)
    assert sum(one.units for one in told.groups) == sum(row.units for row in rows)
    assert (told.orders, told.cut) == (len(rows), False)


def test_counts_are_those_of_the_lists(shop: OpenStore) -> None:
    counts = work_counts(shop.db, NOW)
    for group, count in {
        Group.TO_PACK: counts.to_pack,
        Group.STOPPED: counts.stopped,
        Group.DUE_TODAY: counts.due_today,
        Group.OVERDUE: counts.overdue,
        Group.AT_RISK: counts.at_risk,
        Group.URGED: counts.urged,
        Group.HELD: counts.held,
        Group.UNSYNCED: counts.unsynced,
        Group.PACKED_NOT_HANDED_OVER: counts.packed_not_handed_over,
    }.items():
        page = search(shop.db, OrderQuery(group=group, limit=1000), moment=NOW)
        assert len(page.rows) == count, group
    assert counts.new == COUNT
    assert counts.as_of == NOW.now


def test_what_is_new_ends_with_an_export(shop: OpenStore) -> None:
    upto = shop.db.rows("SELECT at_us FROM imports ORDER BY id")[1][0]
    shop.db.rows("BEGIN")
    shop.db.rows("INSERT INTO order_exports VALUES ('e', '', ?, 1, 1, 1)", (upto,))
    assert len(search(shop.db, OrderQuery(only_new=True)).rows) == work_counts(shop.db).new == 20
    shop.db.rows("ROLLBACK")


@given(
    st.none() | st.integers(0, 10**15),
    st.none() | st.integers(0, 10**15),
    st.integers(0, 10**15),
)
def test_days_and_hours_cover_a_time_and_little_more(
    start: int | None, end: int | None, at: int
) -> None:
    spans, loose = hour_spans(start, end)
    hour = at // 3_600_000_000
    covered = any(first <= (hour // 24 if days else hour) <= last for days, first, last in spans)
    inside = (start is None or at >= start) and (end is None or at < end)
    assert covered or not inside
    if not loose:
        assert covered == inside


@pytest.mark.parametrize("name", ["paid_from", "paid_to", "due_from", "due_to"])
@pytest.mark.parametrize("minutes", [-7 * 300, -333, -60, 0, 1, 37, 90, 259])
def test_times_are_exact_within_the_hour(shop: OpenStore, name: str, minutes: int) -> None:
    query = OrderQuery(**{name: START + timedelta(minutes=minutes)}, limit=1000)  # type: ignore[arg-type]
    found = {row.key for row in search(shop.db, query, moment=NOW).rows}
    assert found == wanted(shop, query)


@pytest.mark.parametrize("part", range(3))
def test_imports_are_told_apart_by_the_very_moment(shop: OpenStore, part: int) -> None:
    (at,) = shop.db.rows("SELECT DISTINCT imported_us FROM orders ORDER BY 1")[part]
    query = OrderQuery(imported_from=at_of(at), imported_to=at_of(at + 1), limit=1000)
    assert len(search(shop.db, query).rows) == 20
