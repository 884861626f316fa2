from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

from packstation.app import board, urges
from packstation.app.clocks import deadline_book
from packstation.core.deadline_rules import Clock, StepWord
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import Order
from packstation.core.status import UrgeState
from packstation.i18n import Translator
from packstation.settings import Settings, ShopSettings
from packstation.store.opening import OpenStore
from tests.store.builders import (
    RULES,
    add_numbers,
    bag,
    hand_over,
    key,
    opened,
    order,
    parsed,
    seal,
)

NOW = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""
HOUR = timedelta(hours=1)
SETTINGS = Settings(shops={MAIN_SHOP: ShopSettings(platform="tmall")})
BOOK = deadline_book(SETTINGS)
HOUSE = replace(RULES, ship_by=BOOK.ship_by, ship_by_version=BOOK.version)


def paid(number: int, hours: float) -> Order:
    return replace(order(number), paid_at=NOW - hours * HOUR, promised_ship_at=None)


def house(folder: Path) -> OpenStore:
    """Nine orders: two handed over a day ago, two packed, three open, two late."""
    store = opened(folder, rules=HOUSE)
    made = [paid(n, h) for n, h in enumerate((1, 30, 18.5, 18.6, 18.7, 2, 3, 50, 60), 1)]
    store.imports.stage(parsed(made))
    add_numbers(store, 10)
    bag(store, "PSBAG001", [1, 2])
    hand_over(store, "PSM001", {"PSBAG001": 2})
    for number in (3, 4):
        seal(store, number)
    return store


def test_the_board_tells_score_deadlines_and_what_a_pickup_saves(tmp_path: Path) -> None:
    store = house(tmp_path / "data")
    view = board.board_view(store.db, SETTINGS, NOW, by="carrier", pickup=time(17, 15))
    whole, yto = view.scores
    # The clock of the builders hands over three hours before noon.
    assert (whole.collected, whole.estimated) == (1, 1)
    assert (whole.score, whole.unknown) == (Fraction(2, 10), 1)
    assert (yto.label, yto.score) == ("YTO", whole.score)
    first = view.drops[0]
    assert (first.hours, first.orders, first.saved) == (24, 3, 2)
    assert f"{first.at:%H:%M}" == "18:00"
    assert view.pickup is not None
    assert sum(hour.orders for hour in view.hours) == 0
    assert (view.counts.overdue, view.counts.to_pack) == (2, 5)
    noon = board.board_view(store.db, SETTINGS, NOW, by="day", daily=True)
    assert noon.score_ends == NOW
    assert len(noon.scores) == 15
    store.close()


def test_the_hours_to_come_are_told(tmp_path: Path) -> None:
    store = opened(tmp_path / "data", rules=HOUSE)
    store.imports.stage(parsed([paid(n, h) for n, h in enumerate((46.5, 46.4, 40, 10), 1)]))
    view = board.board_view(store.db, SETTINGS, NOW)
    assert [(f"{one.starts:%H:%M}", one.orders) for one in view.hours] == [
        ("13:00", 2),
        ("20:00", 1),
    ]
    store.close()


def test_each_deadline_opens_its_provenance(tmp_path: Path) -> None:
    store = house(tmp_path / "data")
    (ship,) = board.deadlines(store.db, BOOK, key(3))
    assert (ship.clock, ship.met) == (Clock.SHIP, True)
    assert board.deadline_steps(BOOK, ship)[-1].word is StepWord.DUE
    (later,) = board.deadlines(store.db, BOOK, key(6), NOW)
    assert later.at == NOW + 48 * HOUR
    assert board.deadlines(store.db, BOOK, key(99)) == ()
    store.close()


def test_urges_of_the_board(tmp_path: Path) -> None:
    store = house(tmp_path / "data")
    assert board.urge(store, BOOK, "6", "", NOW) == "flag"
    assert board.urge(store, BOOK, "8", "", NOW) == "task"
    (row,) = board.urge_rows(store.db, BOOK, NOW)
    assert (row.order, row.risk) == (key(8), "")
    path = tmp_path / "tasks.csv"
    path.write_text("订单编号,创建时间\n9,2026-08-01 10:00\n77,2026-08-01 10:00\n", "utf-8")
    taken, told = board.import_urges(store, BOOK, SETTINGS, path, MAIN_SHOP, Translator("en"))
    assert (taken, told) == (1, ["Row 3: there is no order 77."])
    urges.sweep(store, NOW)
    first = board.urge_rows(store.db, BOOK, NOW)[0]
    assert (first.order, first.state) == (key(9), UrgeState.PLATFORM_STEPPED_IN)
    assert first.risk == "《天猫物流时效管理规范》"
    board.move_urge(store, first.task, "refunded")
    assert [one.order for one in board.urge_rows(store.db, BOOK, NOW)] == [key(8)]
    store.close()
