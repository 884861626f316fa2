"""The bench of lists asks every question and tells each figure; never how fast this machine is."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from packstation.app import bench_lists, bench_orders
from packstation.app.bench_lists import run_lists
from packstation.app.bench_orders import END, fill, history
from packstation.core.orders import WhyNot
from packstation.exchange.carrier_files import load_carriers
from packstation.paths import resources
from packstation.store.opening import open_reader
from packstation.store.order_index import behind, check
from packstation.store.replay import differences, rebuild

CARRIERS = load_carriers(resources() / "carriers")


def test_every_figure_is_told_with_the_smaller_stores_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_lists, "SMALL", (120, 10**9))
    assert run_lists(orders=300, as_json=True, asked=20) == 0
    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["figure"] for one in figures] == [
        "lookup_at_300",
        "first_page_of_a_filter_at_300",
        "first_page_of_filters_at_300",
        "first_page_of_a_search_at_300",
        "first_page_of_hostile_questions_at_300",
        "due_first_board_at_300",
    ]
    for one in figures:
        assert (one["n"], one["goal"], list(one["beside"])) == (20, 20, ["p99 at 120 orders, ms"])
        assert one["met"] is (one["p99"] <= one["goal"])


def test_seeded_orders_are_in_the_journal_and_in_the_lists(tmp_path: Path) -> None:
    house = fill(tmp_path / "house", 400, CARRIERS)
    store = open_reader(house.folder, house.rules)
    assert store.journal.verify(None).clean
    assert behind(store.db) == 0
    assert list(check(store.db, house.rules)) == []
    rebuilt = rebuild(store.db, store.journal, tmp_path / "rebuilt.db")
    assert differences(store.db, rebuilt) == []
    rebuilt.close()
    store.close()


def test_the_invented_year_is_the_same_each_time() -> None:
    codes = [carrier.code for carrier in CARRIERS]
    made = list(history(1000, codes))
    assert made == list(history(1000, codes))
    orders = [one.order for one in made]
    assert len({order.key for order in orders}) == 1000
    times = [order.paid_at for order in orders if order.paid_at is not None]
    assert times == sorted(times)
    assert END - timedelta(days=365) < times[0] < times[-1] < END
    done = sum(order.why_not is WhyNot.SHIPPED for order in orders)
    assert 600 < done < 700
    assert sum(one.person.nick is not None for one in made) < 600
    assert bench_orders.nick_of(0) == bench_orders.nick_of(70_001)
