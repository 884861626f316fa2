from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core import facts
from packstation.core.orders import Order, OrderKind, WhyNot
from packstation.core.scorecard import NOT_KNOWN, Window, score_of, steps_of
from packstation.exchange.score_files import load_score
from packstation.paths import resources
from packstation.store import order_rows, score_reads
from packstation.store.journal import utc_us
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.store.builders import (
    START,
    YTO,
    add_numbers,
    bag,
    hand_over,
    key,
    order,
    parsed,
    record,
    seal,
)

RULE = load_score(resources() / "scores" / "collection.toml")
HOUR = timedelta(hours=1)
EVER = Window(datetime(2020, 1, 1, tzinfo=UTC), None)
QUARTER = timedelta(minutes=15)


def collected_order(
    number: int,
    paid: datetime | None,
    at: datetime | None,
    kind: OrderKind | None = None,
    shop: str = "main",
) -> Order:
    return replace(order(number, shop=shop), paid_at=paid, collected_at=at, kind=kind)


def steps(store: OpenStore, window: Window = EVER) -> Counter[int]:
    found: Counter[int] = Counter()
    for count in score_reads.collected(store.db, window):
        found[count.steps] += count.orders
    return found


def test_the_carriers_own_time_counts_before_our_handover(store: OpenStore) -> None:
    paid = START - 30 * HOUR
    store.imports.stage(parsed([replace(order(n), paid_at=paid) for n in (1, 2)]))
    add_numbers(store, 2)
    bag(store, "PSBAG001", [1, 2])
    assert score_reads.collected(store.db, EVER) == []
    hand_over(store, "PSM001", {"PSBAG001": 2})
    (ours,) = score_reads.collected(store.db, EVER)
    assert (ours.steps, ours.estimate, ours.orders, ours.carrier) == (3, True, 2, "YTO")
    told = [collected_order(1, paid, paid + 20 * HOUR)]
    store.imports.stage(parsed(told, digest="told"))
    found = {(c.steps, c.estimate): c.orders for c in score_reads.collected(store.db, EVER)}
    assert found == {(2, False): 1, (3, True): 1}


def test_what_is_imported_again_is_counted_once_and_as_it_is_now(store: OpenStore) -> None:
    at = START + 30 * HOUR
    for digest, paid in (("a", START), ("b", START + 10 * HOUR), ("c", None), ("d", START)):
        store.imports.stage(parsed([collected_order(1, paid, at)], digest=digest))
        assert steps(store) == {steps_of(paid, at): 1}
    store.imports.stage(parsed([collected_order(1, START, None)], digest="e"))
    assert steps(store) == {}
    tables = [store.db.rows(f"SELECT count(*) FROM score_{n}") for n in ("slots", "days", "hours")]
    assert tables == [[(0,)]] * 3


def test_the_database_rounds_as_the_score_does(store: OpenStore) -> None:
    us = timedelta(microseconds=1)
    at = [START + HOUR * h + us * n for h in (0, 12, 24, 36, 48) for n in (-1, 0, 1)]
    store.imports.stage(parsed([collected_order(n, START, one) for n, one in enumerate(at)]))
    assert steps(store) == Counter(steps_of(START, one) for one in at)


def test_a_kind_that_does_not_count_is_kept_apart(store: OpenStore) -> None:
    at = START + HOUR
    presale = collected_order(1, START, at, OrderKind.PRESALE)
    store.imports.stage(parsed([presale, collected_order(2, START, at)]))
    card = score_of(RULE, score_reads.collected(store.db, EVER))
    assert (card.counted, card.excluded) == (1, 1)


ROW = st.tuples(
    st.one_of(st.none(), st.integers(0, 60 * 24 * 4)),
    st.integers(0, 60 * 24 * 6),
    st.sampled_from([None, OrderKind.PRESALE]),
    st.sampled_from(["main", "second"]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(ROW, min_size=1, max_size=12),
    begin=st.integers(0, 4 * 24 * 6),
    length=st.integers(0, 4 * 24 * 6),
)
def test_sums_agree_with_every_order_one_by_one(
    store: OpenStore,
    rows: list[tuple[int | None, int, OrderKind | None, str]],
    begin: int,
    length: int,
) -> None:
    made = [
        collected_order(
            n,
            None if paid is None else START + timedelta(minutes=paid),
            START + timedelta(minutes=at),
            kind,
            shop,
        )
        for n, (paid, at, kind, shop) in enumerate(rows)
    ]
    with store.db.tx():
        store.db.run("DELETE FROM order_lines")
        store.db.run("DELETE FROM collections")
        store.db.run("DELETE FROM order_index")
        store.db.run("DELETE FROM orders")
        order_rows.write_orders(store.db, [(one, "x", utc_us(START)) for one in made])
    first = START + begin * QUARTER
    window = Window(first, first + length * QUARTER)
    assert window.end is not None
    inside = [o for o in made if o.collected_at and window.begin <= o.collected_at < window.end]
    wanted = Counter(
        (o.shop, (o.kind or OrderKind.NORMAL), steps_of(o.paid_at, o.collected_at or START))
        for o in inside
    )
    found: Counter[tuple[str, OrderKind, int]] = Counter()
    for c in score_reads.collected(store.db, window):
        found[c.shop, c.kind, c.steps] += c.orders
    assert found == wanted
    for shop in ("main", "second"):
        some = score_reads.collected(
            store.db, window, shop=made[0].shop if shop == "main" else None
        )
        assert sum(c.orders for c in some) <= len(inside)


def test_the_distribution_tells_whole_hours(store: OpenStore) -> None:
    at = [START + HOUR * h + timedelta(minutes=m) for h, m in ((0, 59), (1, 0), (1, 30), (500, 0))]
    made = [collected_order(n, START, one) for n, one in enumerate(at)]
    made.append(collected_order(9, None, START))
    store.imports.stage(parsed(made))
    assert score_reads.hours_taken(store.db, EVER) == {NOT_KNOWN: 1, 0: 1, 1: 2, 240: 1}


def test_only_what_is_paid_and_still_here_can_leave_a_band(shop: OpenStore) -> None:
    def paid(number: int, why_not: WhyNot | None = None) -> Order:
        return replace(order(number, why_not=why_not), paid_at=START - HOUR * number)

    made = [paid(1), paid(2), paid(3, WhyNot.CANCELLED), paid(4), paid(30)]
    shop.imports.stage(parsed(made, digest="paid"))
    seal(shop, 2)
    bag(shop, "PSBAG001", [4])
    hand_over(shop, "PSM001", {"PSBAG001": 1})
    found = score_reads.still_here(shop.db, utc_us(START - 24 * HOUR))
    assert {(o.order, o.packed) for o in found} == {(key(1), False), (key(2), True)}


def test_replaying_the_journal_gives_equal_sums(shop: OpenStore, tmp_path: Path) -> None:
    made = [collected_order(n, START, START + n * HOUR * 9) for n in range(1, 8)]
    shop.imports.stage(parsed(made, digest="some"))
    bag(shop, "PSBAG001", [1, 2])
    hand_over(shop, "PSM001", {"PSBAG001": 2})
    rebuilt = rebuild(shop.db, shop.journal, tmp_path / "rebuilt.db")
    assert differences(shop.db, rebuilt) == []
    rebuilt.close()


def test_progress_tells_what_was_done_and_takes_it_back(shop: OpenStore) -> None:
    before = score_reads.progress_of(shop.db, key(1))
    assert (before.ready_at, before.collected_at) == (None, None)
    number = seal(shop, 1)
    ready = score_reads.progress_of(shop.db, key(1)).ready_at
    assert ready is not None
    record(shop, facts.BagOpened("PSBAG001"))
    record(shop, facts.ParcelBagged("PSBAG001", key(1), number, YTO))
    record(shop, facts.ParcelUnbagged("PSBAG001", key(1), number))
    assert score_reads.progress_of(shop.db, key(1)).ready_at == ready
    record(shop, facts.OrderHeld(key(1)))
    assert score_reads.progress_of(shop.db, key(1)).ready_at is None
    bag(shop, "PSBAG002", [2])
    hand_over(shop, "PSM001", {"PSBAG002": 1})
    assert score_reads.progress_of(shop.db, key(2)).collected_at is not None
