"""Pools of prepaid numbers: shared by shops, counted by state, given out at most once ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core import facts
from packstation.core.carriers import Carrier
from packstation.core.events import LabelQueued
from packstation.core.life_facts import LabelVoided
from packstation.core.number_facts import NUMBER_MOVES
from packstation.core.number_runs import run_of
from packstation.core.orders import LineKey, ShopKey, TrackingNumber
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import NumberState
from packstation.errors import StoreError
from packstation.store import number_reads, numbers
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.builders import a_pattern
from tests.store.builders import YTO, ZTO, key, opened, order, parsed, record, verify

CARRIER = Carrier(YTO, ("圆通", "YTO"), (a_pattern(r"YTO\d{8}"),))


def number(n: int) -> TrackingNumber:
    return TrackingNumber(f"YTO{n:08d}")


def add(store: OpenStore, first: int, count: int, pool: str = "") -> None:
    these = [number(n) for n in range(first, first + count)]
    numbers.add_numbers(store.recorder, YTO, these, store.clock(), pool)


def mark(store: OpenStore, n: int, state: NumberState, reason: str = "torn") -> None:
    numbers.mark(store.recorder, YTO, [number(n)], state, reason, "", store.clock())


def void_label(store: OpenStore, order_number: int, n: int) -> None:
    fact = LabelVoided(key(order_number), number(n), YTO, "cancelled")
    with store.recorder.tx():
        store.recorder.write((fact,), store.clock())


def states(store: OpenStore) -> dict[str, str]:
    return dict(store.db.rows("SELECT number, state FROM numbers"))


def test_a_pool_gives_its_own_numbers_only(store: OpenStore) -> None:
    add(store, 1, 2)
    add(store, 501, 2, "paper")
    assert numbers.lowest_free(store.db, YTO) == number(1)
    assert numbers.lowest_free(store.db, YTO, "paper") == number(501)
    assert numbers.lowest_free(store.db, YTO, "other") is None
    assert [numbers.left(store.db, YTO, pool) for pool in ("", "paper", "other")] == [2, 2, 0]


def test_shops_of_one_pool_share_its_numbers_and_others_use_the_common_one(folder: Path) -> None:
    shops = {
        ShopKey("main"): ShopRules(carrier=YTO, number_pool="paper"),
        ShopKey("two"): ShopRules(carrier=YTO, number_pool="paper"),
        ShopKey("three"): ShopRules(carrier=YTO),
    }
    store = opened(folder, rules=Rules(carriers=(CARRIER,), shops=shops))
    add(store, 1, 5)
    add(store, 501, 5, "paper")
    given_out = []
    for n, shop in enumerate(("main", "two", "three", "main"), start=1):
        one = replace(order(n), shop=ShopKey(shop))
        store.imports.stage(parsed([one], digest=shop + str(n)))
        (queued,) = record(
            store,
            facts.OrderOpened(one.key, 1),
            facts.UnitsScanned(one.key, ((LineKey("1"), 1),), "A-1"),
            facts.OrderVerified(one.key, 1),
            facts.LabelRequested(one.key, 1, 1, "verified", YTO),
        )
        assert isinstance(queued, LabelQueued)
        given_out.append(queued.tracking_number)
    assert given_out == [number(501), number(502), number(1), number(503)]
    store.close()


def test_a_void_spoiled_or_returned_number_is_never_given_out(shop: OpenStore) -> None:
    mark(shop, 1, NumberState.VOID)
    mark(shop, 2, NumberState.RETURNED)
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    assert queued.tracking_number == number(3)
    void_label(shop, 1, 3)
    assert states(shop)[number(3)] == "SPOILED"
    void_label(shop, 1, 3)
    (queued,) = verify(shop, 2)
    assert isinstance(queued, LabelQueued)
    assert queued.tracking_number == number(4)
    mark(shop, 3, NumberState.RETURNED)
    (stock,) = number_reads.stock(shop.db, datetime(2026, 3, 2, tzinfo=UTC))
    assert (stock.free, stock.used, stock.void, stock.spoiled, stock.returned) == (6, 1, 1, 0, 2)
    assert stock.total == 10
    assert stock.low
    assert numbers.left(shop.db, YTO) == 6
    (block,) = numbers.blocks(shop.db)
    assert (block.free, block.used, block.out_of_use, block.following) == (6, 1, 3, number(5))


@pytest.mark.parametrize("before", NumberState)
@pytest.mark.parametrize("after", NumberState)
def test_only_legal_moves_are_written(
    shop: OpenStore, before: NumberState, after: NumberState
) -> None:
    if before is NumberState.USED:
        verify(shop, 1)
    elif before is NumberState.SPOILED:
        verify(shop, 1)
        void_label(shop, 1, 1)
    elif before is not NumberState.FREE:
        mark(shop, 1, before)
    assert states(shop)[number(1)] == before
    if after in NUMBER_MOVES[before]:
        mark(shop, 1, after)
        assert states(shop)[number(1)] == after
        return
    with pytest.raises(StoreError) as caught:
        mark(shop, 1, after)
    assert caught.value.code == "store.illegal_move"
    assert states(shop)[number(1)] == before


def test_the_moves_are_these_and_nothing_leads_back_to_free() -> None:
    assert {state.value: {to.value for to in after} for state, after in NUMBER_MOVES.items()} == {
        "FREE": {"USED", "VOID", "RETURNED"},
        "USED": {"SPOILED"},
        "VOID": set(),
        "SPOILED": {"RETURNED"},
        "RETURNED": set(),
    }


def test_a_mark_needs_a_reason_and_a_number_of_ours(shop: OpenStore) -> None:
    for these, reason, code in (
        ([number(1)], " ", "numbers.no_reason"),
        ([number(99)], "torn", "numbers.not_ours"),
        ([number(1), number(99)], "torn", "numbers.not_ours"),
    ):
        with pytest.raises(StoreError) as caught:
            numbers.mark(shop.recorder, YTO, these, NumberState.VOID, reason, "", shop.clock())
        assert caught.value.code == code
    assert set(states(shop).values()) == {"FREE"}


def test_a_number_that_was_ever_used_is_never_added_again(shop: OpenStore) -> None:
    verify(shop, 1)
    for first in (1, 10):
        with pytest.raises(StoreError) as caught:
            add(shop, first, 5)
        assert caught.value.code == "numbers.duplicate"
    add(shop, 11, 5)
    with pytest.raises(StoreError):
        numbers.add_list(shop.recorder, YTO, [number(90), number(90)], shop.clock())
    with pytest.raises(StoreError) as caught:
        numbers.add_list(shop.recorder, YTO, [], shop.clock())
    assert caught.value.code == "numbers.none"


def test_a_run_is_held_against_every_known_number_and_its_neighbours(shop: OpenStore) -> None:
    verify(shop, 1)
    check = number_reads.check_run(shop.db, run_of(CARRIER, number(9), 4))
    assert check.known == 2
    assert check.first_known == ((number(9), "FREE"), (number(10), "FREE"))
    check = number_reads.check_run(shop.db, run_of(CARRIER, number(1), 1))
    assert check.first_known == ((number(1), "USED"),)
    add(shop, 40, 5)
    check = number_reads.check_run(shop.db, run_of(CARRIER, number(16), 10))
    assert (check.known, check.gap_before, check.gap_after) == (0, 5, 14)
    (gap,) = number_reads.gaps(shop.db, (CARRIER,))
    assert (gap.after, gap.before, gap.missing) == (number(10), number(40), 29)


def test_a_list_has_no_gaps(store: OpenStore) -> None:
    numbers.add_list(store.recorder, YTO, [number(1), number(50)], store.clock(), "paper")
    add(store, 100, 2)
    assert number_reads.gaps(store.db, (CARRIER,)) == []
    assert numbers.lowest_free(store.db, YTO, "paper") == number(1)


def test_lists_tell_what_became_of_each_number(shop: OpenStore) -> None:
    verify(shop, 1)
    mark(shop, 5, NumberState.VOID, "printer ate it")
    lines = number_reads.number_lines(shop.db, state=NumberState.VOID)
    assert [(line.number, line.reason, line.order) for line in lines] == [
        (number(5), "printer ate it", None)
    ]
    (used,) = number_reads.number_lines(shop.db, carrier=YTO, state=NumberState.USED)
    assert used.order == key(1)
    assert used.changed_at is not None
    assert len(number_reads.number_lines(shop.db, pool="")) == 10
    assert number_reads.number_lines(shop.db, carrier=ZTO) == []


def test_the_forecast_needs_three_whole_days_and_low_follows_use(store: OpenStore) -> None:
    add(store, 1, 1000)
    today = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)

    def on(days_ago: int, used: int) -> None:
        day = int((today - timedelta(days=days_ago)).timestamp()) // 86_400
        with store.db.tx():
            store.db.run("INSERT INTO number_days VALUES ('', ?, ?, ?)", (YTO, day, used))

    on(0, 400)
    on(2, 800)
    (stock,) = number_reads.stock(store.db, today)
    assert (stock.per_day, stock.days_left, stock.low) == (None, None, False)
    on(20, 9999)
    on(4, 800)
    (stock,) = number_reads.stock(store.db, today)
    # The window of 14 days is full; what lies before it does not count.
    assert stock.per_day == pytest.approx(1600 / 14)
    assert stock.days_left == pytest.approx(1000 / (1600 / 14))
    assert not stock.low
    on(1, 6000)
    (stock,) = number_reads.stock(store.db, today)
    assert stock.low
    assert number_reads.low_pools(store.db, today) == 1


REFUSALS = {"store.illegal_move", "store.conflict", "numbers.duplicate", "numbers.not_ours"}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["label", "void", "mark", "add", "restart", "reprint"]),
        st.integers(1, 8),
        st.sampled_from([NumberState.VOID, NumberState.RETURNED, NumberState.SPOILED]),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_a_number_is_given_out_at_most_once_ever(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, NumberState]]
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    store = opened(folder / "data")
    store.imports.stage(parsed([order(n) for n in range(1, 9)]))
    add(store, 1, 5)
    given_out: dict[str, str] = {}
    refused: list[str] = []
    for what, n, state in steps:
        try:
            if what in ("label", "reprint"):
                for event in verify(store, n):
                    if isinstance(event, LabelQueued):
                        before = given_out.setdefault(event.tracking_number, event.order)
                        assert before == event.order
                        assert states(store)[event.tracking_number] == "USED"
            elif what == "void" and key(n) in given_out.values():
                of_order = [x for x, o in given_out.items() if o == key(n)]
                void_label(store, n, int(of_order[-1][3:]))
            elif what == "mark":
                mark(store, n, state)
            elif what == "add":
                add(store, n, 3)
            elif what == "restart":
                store.close()
                store = opened(folder / "data")
        except StoreError as error:
            refused.append(error.code)
    assert set(refused) <= REFUSALS
    counted = Counter(states(store).values())
    (block_sums,) = store.db.rows(
        "SELECT sum(total), sum(used), sum(void), sum(spoiled), sum(returned) FROM number_blocks"
    )
    assert block_sums == (
        sum(counted.values()),
        *(counted[word] for word in ("USED", "VOID", "SPOILED", "RETURNED")),
    )
    rebuilt = rebuild(store.db, store.journal, folder / "rebuilt.db")
    assert [d for d in differences(store.db, rebuilt) if d.table.startswith("number")] == []
    rebuilt.close()
    store.close()
