"""The bench takes every figure and tells it as promised; never how fast this machine is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.app import bench
from packstation.app.bench import SHORT, run_bench
from packstation.app.bench_display import NoDisplayError
from packstation.app.bench_figures import at_least, at_most, row
from packstation.app.bench_runs import expected
from packstation.app.bench_shop import FIRST_NUMBER, LINES, UNITS, orders, rows
from packstation.core.codes import is_gtin

FIGURES = [
    "burst_of_20_scans_at_10_ms",
    "scan_to_painted",
    "last_item_to_label_bytes",
    "window_memory",
    "second_start_to_answered_scan",
    "scan_to_painted_at_100_orders",
    f"import_of_{SHORT.rows}_rows_csv",
    f"import_of_{SHORT.rows}_rows_xlsx",
    f"import_of_{SHORT.large_rows}_rows_in_window",
    "longest_gap_while_importing",
    "scan_to_painted_while_importing",
    "memory_while_importing",
]
KEYS = {"figure", "unit", "n", "median", "p99", "goal", "met", "beside"}


@pytest.mark.timeout(300)
def test_every_figure_is_taken_and_bursts_are_answered_in_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = run_bench(orders=200, as_json=True, sizes=SHORT)
    told = capsys.readouterr()
    assert code == 0, told.err
    figures = [json.loads(line) for line in told.out.splitlines()]
    assert [one["figure"] for one in figures] == FIGURES
    assert all(set(one) == KEYS and one["n"] > 0 for one in figures)
    assert all(one["met"] is (one["p99"] <= one["goal"]) for one in figures[1:])
    # Twenty scans at 10 ms spacing over several orders: each answered, in its place, rightly.
    assert (figures[0]["median"], figures[0]["p99"]) == (20, 20)
    by_name = {one["figure"]: one for one in figures}
    assert by_name["last_item_to_label_bytes"]["n"] == SHORT.packed
    assert "csv alone, reading only" in by_name[f"import_of_{SHORT.rows}_rows_csv"]["beside"]


def test_a_figure_that_cannot_be_taken_ends_with_1_and_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise NoDisplayError("bench.no_display", "There is no display.", fix="Install xvfb.")

    monkeypatch.setattr(bench, "Display", missing)
    assert run_bench(orders=10, as_json=False, sizes=SHORT) == 1
    assert "There is no display. Install xvfb. [bench.no_display]" in capsys.readouterr().err


def test_without_xvfb_the_sentence_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    from packstation.app import bench_display

    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoDisplayError, match="sudo apt install xvfb"):
        bench_display.Display()


def test_a_missed_goal_is_shown_not_hidden() -> None:
    slow = at_most("some", "ms", [1.0] * 98 + [20.0, 30.0], 16.7)
    assert (slow.median, slow.p99, slow.met) == (1.0, 20.0, False)
    assert "NOT MET" in row(slow)
    assert not at_least("some", "scans", [20.0, 19.0], 20).met


def test_invented_orders_are_the_same_each_time_and_packed_as_they_must_be() -> None:
    first, again = list(orders(50, series=1)), list(orders(50, series=1))
    assert first == again
    assert not {o.order.key for o in first} & {o.order.key for o in orders(50, series=2)}
    for item in first:
        plan = list(expected(item.order, FIRST_NUMBER))
        assert len(plan) == item.order.units + 2
        assert [verdict for _, verdict in plan[-2:]] == ["ORDER_COMPLETE", "SEALED"]
        assert all(is_gtin(line.barcode or "") for line in item.order.lines)


def test_orders_have_the_sizes_of_real_baskets() -> None:
    drawn = [item.order for item in orders(2000, series=3)]
    lines = sum(len(order.lines) for order in drawn) / len(drawn)
    units = sum(order.units for order in drawn) / sum(len(order.lines) for order in drawn)
    assert lines == pytest.approx(sum(n * k for n, k in LINES.items()) / 500, rel=0.1)
    real = sum(n * k for n, k in UNITS.items()) / sum(UNITS.values())
    assert units == pytest.approx(real, rel=0.1)


def test_files_of_the_bench_have_the_rows_that_were_asked_for() -> None:
    made = rows(120, series=9)
    assert len(made) == 120
    assert {len(line) for line in made} == {16}


def test_the_short_run_is_chosen_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen: list[object] = []

    class Asked:
        def __init__(self, folder: Path, stored: int, sizes: object) -> None:
            chosen.append(sizes)

        def run(self, show: object) -> int:
            return 0

    monkeypatch.setattr(bench, "Bench", Asked)
    monkeypatch.setenv(bench.SHORT_RUN, "1")
    assert run_bench(orders=1, as_json=True) == 0
    monkeypatch.delenv(bench.SHORT_RUN)
    assert run_bench(orders=1, as_json=True) == 0
    assert chosen == [SHORT, bench.FULL]
