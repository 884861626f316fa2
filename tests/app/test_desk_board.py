"""The board through the real house: clocks, provenance, urge tasks, reminders, low numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from packstation.app.clocks import deadline_book
from packstation.app.desk import Desk
from packstation.core.deadline_rules import Progress
from packstation.core.deadline_steps import explain
from packstation.core.order_query import OrderQuery
from packstation.core.orders import OrderKey, OrderKind, ShopKey
from packstation.core.status import UrgeState
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.settings import Settings, ShopSettings
from packstation.ui.backend_board import BoardView, Reminder
from packstation.ui.deadline_texts import step_words
from tests.app.shop import ITEM, ONE, Station
from tests.app.test_desk import HEAD, MAIN, Pages
from tests.builders import an_order
from tests.conftest import ROOT

EXPORTS = ROOT / "tests" / "data" / "exports"
NOW = datetime(2026, 9, 30, 15, 59, tzinfo=UTC)
REGIONS = ("", "US", "VN", "TH", "ID")


def a_late_order(desk: Desk, pages: Pages, folder: Path, number: str = "U1") -> None:
    """Import an order that a platform with urge tasks has not shipped for long."""
    head = HEAD.replace("\n", ",付款时间,承诺发货时间\n")
    row = f"{number},待发货,Ann,13900000006,1 Road,PEN,A pen,{ITEM},1,ZTO"
    path = folder / "late.csv"
    text = f"{head}{row},2026-08-01 09:00:00,2026-08-02 09:00:00\n"
    path.write_text(text, encoding="utf-8-sig")
    pages.ask(desk.import_files, [path], MAIN, lambda *_: None)


@pytest.fixture
def urging(data: Path) -> None:
    """The shop's platform has urge tasks."""
    path = data / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[shops.main]\n", '[shops.main]\nplatform = "taobao"\n'), encoding="utf-8"
    )


def test_the_board_counts_what_the_lists_show(desk: Desk, pages: Pages) -> None:
    for by in ("shop", "carrier", "day"):
        view = pages.ask(desk.board_view, by, time(17, 30), by == "day")
        assert isinstance(view, BoardView), view
        assert view.counts == pages.ask(desk.work_counts) or view.counts.to_pack > 0
        assert view.scores[0].label == ""
        assert view.pickup is not None
    assert view.score_ends is not None
    assert view.last_import is not None


def test_a_deadline_opens_its_provenance_and_a_what_if(desk: Desk, pages: Pages) -> None:
    key = OrderKey(f"main/{ONE}")
    (first, *_) = pages.ask(desk.deadlines, key, None)
    steps = pages.ask(desk.deadline_steps, first)
    for language in ("en", "zh_CN"):
        said = [step_words(step, Translator(language), first.zone) for step in steps]
        assert all(said)
    assert not isinstance(pages.ask(desk.deadlines, key, NOW), PackStationError)
    assert pages.ask(desk.deadlines, OrderKey("main/none"), None) == ()


def _every_rule() -> list[tuple[str, str, OrderKind]]:
    book = deadline_book(Settings())
    platforms = {p for rule in book.rules.rules for p in rule.platforms}
    return [(p, r, k) for p in sorted(platforms) for r in REGIONS for k in OrderKind]


def test_no_step_of_any_rule_lacks_a_word() -> None:
    """Every platform, region and kind, paid on a plain day, before a holiday and in one."""
    seen = set()
    for platform, region, kind in _every_rule():
        shops = {ShopKey("main"): ShopSettings(platform=platform, region=region)}
        book = deadline_book(Settings(shops=shops))
        for paid in (NOW, datetime(2026, 2, 15, 3, tzinfo=UTC), datetime(2035, 5, 1, tzinfo=UTC)):
            for promised in (None, paid + timedelta(hours=30)):
                order = an_order(
                    "X", paid_at=paid, placed_at=paid, kind=kind, promised_ship_at=promised
                )
                for deadline in book.what_if(order, Progress(), paid_at=None):
                    for step in explain(book, deadline):
                        seen.add(step.word)
                        for language in ("en", "zh_CN"):
                            said = step_words(step, Translator(language), deadline.zone)
                            assert "{" not in said
    assert len(seen) > 6, seen


def test_every_order_of_the_sample_exports_has_its_deadline_in_words(
    desk: Desk, pages: Pages
) -> None:
    for folder in sorted(EXPORTS.glob("[01]*")):
        files = [path for path in sorted(folder.iterdir()) if path.name != "truth.json"]
        pages.ask(desk.import_files, files, MAIN, lambda *_: None)
    orders, cursor, told = 0, None, 0
    while True:
        page = pages.ask(desk.find, OrderQuery(limit=500, after=cursor))
        for row in page.rows:
            orders += 1
            for deadline in pages.ask(desk.deadlines, row.key, None):
                steps = pages.ask(desk.deadline_steps, deadline)
                for language in ("en", "zh_CN"):
                    told += len(
                        [step_words(one, Translator(language), deadline.zone) for one in steps]
                    )
        cursor = page.cursor
        if cursor is None:
            break
    assert orders > 200
    assert told > orders


def test_an_urge_is_entered_moved_and_reminded_of_at_most_ten_times(
    urging: None, desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    unknown = pages.ask(desk.urge, "no-such-order", "")
    assert isinstance(unknown, PackStationError)
    assert pages.ask(desk.reminder) is None
    a_late_order(desk, pages, tmp_path)
    assert pages.ask(desk.urge, "U1", "") == "task"
    (task,) = pages.ask(desk.urge_tasks)
    assert (task.order, task.state) == (OrderKey("main/U1"), UrgeState.AWAITING_SELLER_REPLY)
    first = pages.ask(desk.reminder)
    assert first == Reminder(1, OrderKey("main/U1"), task.due_at)
    assert pages.ask(desk.reminder) is None, "the same task is not told twice"
    shown = 1
    for _ in range(20):
        desk._reminded.clear()
        shown += pages.ask(desk.reminder) is not None
    assert shown == 10
    assert pages.ask(desk.move_urge, task.task, "replied") is None
    assert pages.ask(desk.urge_tasks)[0].state is UrgeState.AWAITING_SELLER_ACTION
    wrong = pages.ask(desk.move_urge, task.task, "replied")
    assert isinstance(wrong, PackStationError)
    assert pages.ask(desk.move_urge, task.task, "refunded") is None
    assert pages.ask(desk.urge_tasks) == ()
    assert station.facts().count("urge_task_opened") == 1


def test_time_moves_urge_tasks_without_anybody_asking(
    urging: None, desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    a_late_order(desk, pages, tmp_path)
    from packstation.app import urges

    long_ago = datetime.now(UTC) - timedelta(days=3)
    house = station.house
    house.call(
        lambda: urges.enter(
            house.store, house.deadlines, OrderKey("main/U1"), at=long_ago, task="T1"
        )
    )
    house.call(house.look_at_clocks)
    (task,) = pages.ask(desk.urge_tasks)
    assert task.state is UrgeState.PLATFORM_STEPPED_IN


def test_a_list_of_tasks_is_taken_for_its_shop(
    urging: None, desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    a_late_order(desk, pages, tmp_path)
    path = tmp_path / "tasks.csv"
    path.write_text(
        "订单编号,创建时间\nU1,2026-08-10 09:00:00\nNONE,2026-08-10 09:00:00\n",
        encoding="utf-8-sig",
    )
    answer = pages.ask(desk.import_urges, path, MAIN)
    assert not isinstance(answer, PackStationError), answer
    taken, refused = answer
    assert taken == 1
    assert len(refused) == 1
    assert "NONE" in refused[0]
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    assert isinstance(pages.ask(desk.import_urges, empty, MAIN), PackStationError)


def test_low_pools_are_counted_for_the_status_line(
    data: Path, open_station: Callable[..., Station], pages: Pages
) -> None:
    path = data / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip() + "\n\n[policy]\nlow_numbers = 1000000\n", encoding="utf-8")
    station = open_station()
    desk = Desk(station.house, pages.deliver)
    stock = pages.ask(desk.number_stock)
    assert pages.ask(desk.board).low_pools == len(stock) > 0
    desk.close()
