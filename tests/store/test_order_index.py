"""The index of orders follows every fact, and always says what the rule of the bench says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.eligibility import obstacle
from packstation.core.order_query import Group, OrderQuery
from packstation.core.orders import Order, OrderKey, Person, Recipient, WhyNot
from packstation.core.policy import Rules, ShopRules
from packstation.core.shipment_facts import OrdersMerged
from packstation.core.status import LabelSource, ParcelState
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.opening import CATCH_UP, OpenStore
from packstation.store.order_index import AT_ONCE, OrderIndex, behind, check, terms_in
from packstation.store.order_list import every, search
from packstation.store.order_rows import read_order
from packstation.store.order_terms import Attr
from packstation.store.replay import rebuild
from packstation.store.retention import forget
from tests.store.builders import (
    RULES,
    START,
    YTO,
    add_numbers,
    key,
    line,
    opened,
    order,
    parsed,
    seal,
)
from tests.store.test_replay import ORDERS, RandomShift

PACKED = {ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER}


def listed(store: OpenStore, group: Group | None = None) -> set[str]:
    """Return the keys of a list."""
    return {row.key for row in every(store.db, OrderQuery(group=group, limit=10**6))}


def agrees_with_the_bench(store: OpenStore, rules: Rules) -> None:
    """Every list holds exactly the orders that the rule of the bench puts there."""
    wanted: dict[Group, set[str]] = {g: set() for g in (Group.TO_PACK, Group.STOPPED, Group.DONE)}
    for text, state in store.db.rows(
        "SELECT o.order_key, p.state FROM orders AS o LEFT JOIN parcels AS p USING (order_key)"
    ):
        found = read_order(store.db, OrderKey(text))
        assert found is not None
        parcel = ParcelState(state) if state else None
        stop = obstacle(found, rules, numbers_left=1)
        if parcel in PACKED:
            continue  # the dock's rule, told by the parcel itself
        if stop is not None and stop[1].value != WhyNot.SHIPPED.value:
            wanted[Group.STOPPED].add(text)
        elif stop is not None:
            wanted[Group.DONE].add(text)
        elif parcel is not ParcelState.RECALLED:
            wanted[Group.TO_PACK].add(text)
    assert listed(store, Group.TO_PACK) == wanted[Group.TO_PACK]
    assert wanted[Group.STOPPED] <= listed(store, Group.STOPPED)
    assert wanted[Group.DONE] <= listed(store, Group.DONE)
    groups = [listed(store, group) for group in wanted]
    assert sum(map(len, groups)) == len(set().union(*groups)) == len(listed(store))


@pytest.mark.parametrize("seed", range(6))
def test_after_a_random_shift_lists_say_what_the_bench_says(store: OpenStore, seed: int) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, ORDERS + 1)]))
    add_numbers(store, 12)
    RandomShift(store, 100 + seed).run(120)
    assert behind(store.db) == 0
    assert list(check(store.db, RULES)) == []
    agrees_with_the_bench(store, RULES)


def told(db: Database) -> list[tuple[object, ...]]:
    """Return the rows of the index in words, so that the numbers of terms do not matter."""
    names = {one: (attr, value) for one, attr, value in db.rows("SELECT * FROM order_terms")}
    return [
        (one, sorted(names[term] for term in terms_in(terms)), *rest)
        for one, terms, *rest in db.rows("SELECT * FROM order_index ORDER BY id")
    ]


def test_a_rebuilt_journal_gives_an_equal_index(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, ORDERS + 1)]))
    add_numbers(store, 12)
    RandomShift(store, 5).run(150)
    rebuilt = rebuild(store.db, store.journal, store.data_dir / "rebuilt.db")
    index = OrderIndex(rebuilt, RULES)
    while index.work_off(2):
        pass
    assert told(rebuilt) == told(store.db)
    rebuilt.close()


def test_a_change_that_nobody_noted_is_seen(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in (1, 2)]))
    with store.db.tx():
        store.db.run("DROP TRIGGER order_index_changed")
    with store.db.tx():
        store.db.run("UPDATE orders SET why_not = 'cancelled' WHERE order_id = '1'")
    assert [(stale.id, stale.what) for stale in check(store.db, RULES)] == [(1, "row")]
    with store.db.tx():
        order_bits.change(store.db, {}, {1: [2]})
    assert (2, "bits") in [(stale.id, stale.what) for stale in check(store.db, RULES)]


def test_bulk_is_listed_later_and_the_list_says_so(folder: Path) -> None:
    store = opened(folder)
    count = AT_ONCE + 1
    store.imports.stage(parsed([order(n) for n in range(count)]))
    with store.recorder.tx():
        store.db.run("UPDATE orders SET why_not = 'cancelled'")
    page = search(store.db, OrderQuery(group=Group.TO_PACK))
    assert (page.behind, page.total) == (count, count)
    store.close()
    again = opened(folder)
    page = search(again.db, OrderQuery(group=Group.TO_PACK))
    assert count < CATCH_UP
    assert (page.behind, page.total, page.rows) == (0, 0, ())
    assert search(again.db, OrderQuery(status="cancelled")).total == count
    again.close()


def test_other_rules_are_taken_up_in_short_pieces(store: OpenStore) -> None:
    masked = [replace(order(n), recipient=Recipient.MASKED) for n in range(1, 8)]
    shipped = replace(order(8), why_not=WhyNot.SHIPPED)
    store.imports.stage(parsed([*masked, shipped]))
    assert listed(store, Group.TO_PACK) == set()
    outside = replace(RULES, shops={masked[0].shop: ShopRules(LabelSource.EXTERNAL, YTO)})
    store.index.use_rules(outside)
    assert behind(store.db) == 7, "what has ended stays as it is"
    assert store.index.work_off(3)
    assert len(listed(store, Group.TO_PACK)) == 3
    while store.index.work_off(3):
        pass
    assert list(check(store.db, outside)) == []
    agrees_with_the_bench(store, outside)
    store.index.use_rules(outside)
    assert behind(store.db) == 0, "the same rules change nothing"


def test_other_deadlines_move_the_list(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1), order(2)]))

    def later(one: Order) -> datetime:
        return START + timedelta(days=3 - int(one.order_id))

    rules = replace(RULES, ship_by=later, ship_by_version="2")
    store.index.use_rules(rules)
    store.index.work_off()
    found = search(store.db, OrderQuery()).rows
    assert [(row.order_id, row.due_at) for row in found] == [
        ("2", START + timedelta(days=1)),
        ("1", START + timedelta(days=2)),
    ]


def test_an_account_name_is_found_and_forgotten(store: OpenStore) -> None:
    bought = [parsed([order(n)], digest=f"d{n}", who=Person(nick="ＴＢ小明")) for n in (1, 2)]
    for one in bought:
        store.imports.stage(one)
    store.imports.stage(parsed([order(3)], digest="d3", who=Person(nick="tb小明明")))

    def found(text: str) -> set[str]:
        return {r.order_id for r in search(store.db, OrderQuery(text), people=store.people).rows}

    assert found("tb小明") == found(" TB小明 ") == {"1", "2"}
    assert found("tb小") == set()
    assert search(store.db, OrderQuery("tb小明")).rows == (), "nobody reads it without the key"
    digest = store.people.nick_digest("tb小明")
    assert len(digest) == 8
    forget(store, START.date().isoformat())
    assert found("tb小明") == set()
    assert store.db.rows("SELECT 1 FROM people WHERE nick IS NOT NULL") == []
    for path in store.data_dir.iterdir():
        assert digest not in path.read_bytes(), path.name


def test_a_scan_moves_an_order_at_once(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in (1, 2)]))
    add_numbers(store, 2)
    seal(store, 1)
    assert listed(store, Group.PACKED_NOT_HANDED_OVER) == listed(store, Group.DONE) == {key(1)}
    (row,) = search(store.db, OrderQuery(printed=True)).rows
    assert (row.key, row.printed, row.parcel) == (key(1), True, ParcelState.SEALED)


def test_a_carrier_without_numbers_is_told_with_each_order(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1), order(2)]))
    assert [row.reason for row in search(store.db, OrderQuery()).rows] == ["no_number_left"] * 2
    add_numbers(store, 1)
    assert [row.reason for row in search(store.db, OrderQuery()).rows] == [None, None]
    seal(store, 1)
    found = search(store.db, OrderQuery(group=Group.TO_PACK)).rows
    assert [(row.order_id, row.reason) for row in found] == [("2", "no_number_left")]


def test_a_text_of_one_line_leads_to_every_order_that_has_it(store: OpenStore) -> None:
    lines = [line("A-1"), line("保温杯", n=2), line("A-1", n=3)]
    store.imports.stage(parsed([order(1, lines=lines), order(2, lines=lines[:1])]))
    goods = store.db.rows("SELECT id, sku FROM order_goods ORDER BY sku")
    assert [sku for _, sku in goods] == ["A-1", "保温杯"]
    attrs = store.db.rows("SELECT count(*) FROM order_terms WHERE attr = ?", (int(Attr.GOODS),))
    assert attrs == [(2,)]


PLACES = st.sets(st.integers(0, 3 * order_bits.CHUNK), max_size=60)


@given(PLACES, PLACES, st.booleans(), st.integers(0, 3 * order_bits.CHUNK))
def test_sets_of_orders_behave_as_sets(
    one: set[int], other: set[int], dense: bool, below: int
) -> None:
    if dense:  # of many members a piece is a map of bits
        other = other | set(range(order_bits.CHUNK, order_bits.CHUNK + 5000))
    left, right = order_bits.of_ids(one), order_bits.of_ids(other)
    stored = {n: order_bits.read_piece(order_bits.write_piece(p)) for n, p in right.items()}
    for combined, wanted in (
        (order_bits.intersect(left, stored), one & other),
        (order_bits.intersect(stored, left), one & other),
        (order_bits.unite(left, stored), one | other),
        (order_bits.subtract(left, stored), one - other),
        (order_bits.subtract(stored, left), other - one),
    ):
        assert list(order_bits.newest(combined)) == sorted(wanted, reverse=True)
        assert order_bits.total(combined) == len(wanted)
        assert list(order_bits.newest(combined, below)) == [
            one for one in sorted(wanted, reverse=True) if one < below
        ]
        holds = order_bits.holder(combined)
        assert all(holds(one) == (one in wanted) for one in one | other)


def test_what_stops_an_order_stops_the_parcel_that_it_travels_in(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in (1, 2)]))
    both = replace(order("1+2"), members=(key(1), key(2)))
    with store.recorder.tx():
        store.recorder.write((OrdersMerged(both, "op"),), store.clock())
    assert listed(store, Group.TO_PACK) == {both.key}
    store.imports.stage(parsed([order(2, why_not=WhyNot.CANCEL_REQUESTED)], digest="d2"))
    assert list(check(store.db, RULES)) == []
    agrees_with_the_bench(store, RULES)
