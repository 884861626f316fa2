"""What became of a number, and which numbers left when: what an invoice is held against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from packstation.app.desk import Desk
from packstation.app.number_desk import match, month_of, pool_stock, stock_finding
from packstation.core.carriers import Carrier
from packstation.core.number_invoice import Billed
from packstation.core.number_stock import RunCheck
from packstation.core.orders import CarrierCode, ShopKey, TrackingNumber
from packstation.core.status import NumberState
from packstation.errors import PackStationError
from packstation.settings import Settings
from packstation.settings.values import ShopSettings
from packstation.store import number_reads, numbers
from packstation.store.opening import OpenStore
from packstation.ui.backend import NumberListReport
from tests.app.shop import wait_for
from tests.app.test_desk import Pages, desk, pages
from tests.builders import a_pattern
from tests.store.builders import START, YTO, bag, hand_over, seal
from tests.store.conftest import folder, shop, store

__all__ = ["desk", "folder", "pages", "shop", "store"]

CARRIER = Carrier(YTO, ("圆通", "YTO"), (a_pattern(r"YTO\d{8}"),))


@pytest.fixture
def left(shop: OpenStore) -> OpenStore:
    bag(shop, "PSBAG01000001", [1, 2])
    hand_over(shop, "H1", {"PSBAG01000001": 2})
    seal(shop, 3)
    numbers.mark(
        shop.recorder,
        YTO,
        [TrackingNumber("YTO00000009")],
        NumberState.VOID,
        "torn",
        "",
        shop.clock(),
    )
    return shop


def test_a_number_stands_where_its_parcel_or_its_pool_says(left: OpenStore) -> None:
    asked = ["YTO00000001", "YTO00000003", "YTO00000004", "YTO00000009", "YTO00000099"]
    assert number_reads.standings(left.db, YTO, asked) == {
        "YTO00000001": "HANDED_OVER",
        "YTO00000003": "SEALED",
        "YTO00000004": "FREE",
        "YTO00000009": "VOID",
    }


def test_what_left_in_a_time_is_listed_in_order(left: OpenStore) -> None:
    told = number_reads.span(left.db, ["YTO00000002", "NONE"])
    assert told is not None
    first, last = told
    after = last + timedelta(seconds=1)
    gone = ("YTO00000001", "YTO00000002")
    assert number_reads.handed_over(left.db, YTO, first, after) == gone
    assert number_reads.handed_over(left.db, YTO, after, after + timedelta(days=1)) == ()
    assert number_reads.span(left.db, ["NONE"]) is None


def test_an_invoice_without_a_month_covers_the_days_of_its_parcels(
    left: OpenStore, tmp_path: Path
) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(
        "序号,运单号,金额\n1,YTO00000001,3.2\n2,YTO00000003,3.2\n3,YTO00000009,1\n", "utf-8"
    )
    report, refused = match(left, CARRIER, path, None)
    assert refused == ()
    assert {m.number[-1]: m.billed for m in report.matches} == {
        "1": Billed.OURS,
        "3": Billed.NOT_HANDED_OVER,
        "9": Billed.NEVER_USED,
        "2": Billed.NOT_BILLED,
    }
    month = month_of(f"{START:%Y-%m}")
    again, _ = match(left, CARRIER, path, month)
    assert again.count(Billed.NOT_BILLED) == 1
    other, _ = match(left, CARRIER, path, month_of("2031-12"))
    assert other.count(Billed.NOT_BILLED) == 0


def test_a_month_is_year_and_month() -> None:
    first, after = month_of("2026-12")
    assert (first.month, after.year, after.month) == (12, 2027, 1)
    assert first.tzinfo is not None
    with pytest.raises(PackStationError):
        month_of("12.2026")


def test_the_windows_door_counts_previews_adds_imports_and_marks(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    def answer(ask: Callable[[Callable[[object], None]], None]) -> object:
        told: list[object] = []
        ask(told.append)
        wait_for(lambda: bool(pages.waiting))
        pages.run()
        (one,) = told
        return one

    jt = CarrierCode("JT")
    path = tmp_path / "list.csv"
    path.write_text("单号\nJT0006968326954\n1.2E+12\n", "utf-8")
    told = answer(lambda r: desk.import_numbers(jt, path, "paper", False, r))
    assert isinstance(told, NumberListReport)
    assert (told.added, told.could_add, told.refused[0].reason) == (0, 1, "damaged_id")
    told = answer(lambda r: desk.import_numbers(jt, path, "paper", True, r))
    assert isinstance(told, NumberListReport)
    assert told.added == 1
    check = answer(lambda r: desk.preview_numbers(YTO, "YT5500000000001", 5, r))
    assert isinstance(check, RunCheck)
    assert check.preview.last == "YT5500000000005"
    answer(lambda r: desk.add_numbers(YTO, "YT5500000000001", 5, "paper", r))
    answer(lambda r: desk.mark_numbers(YTO, ("YT5500000000001",), NumberState.VOID, "torn", r))
    stock = answer(desk.number_stock)
    assert isinstance(stock, tuple)
    paper = {one.carrier: one for one in stock if one.pool == "paper"}
    assert (paper[YTO].free, paper[YTO].void, paper[jt].free) == (4, 1, 1)


def test_a_pool_that_nobody_filled_is_low(store: OpenStore) -> None:
    filled = Settings(shops={ShopKey("s"): ShopSettings(carrier=YTO, number_pool="paper")})
    (one,) = pool_stock(store, filled)
    assert (one.pool, one.free, one.low) == ("paper", 0, True)
    assert stock_finding(store, filled).level == "warning"
    assert stock_finding(store, Settings()).level == "ok"
