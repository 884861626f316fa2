"""The window's desk: every answer comes back by ``deliver``, nothing blocks who asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from packstation.app.demo import samples
from packstation.app.desk import Desk
from packstation.core.order_query import OrderQuery, OrderRows
from packstation.core.orders import CarrierCode, OrderKey, ShopKey
from packstation.core.status import BagState, ParcelState, PrintOutcome, Verdict
from packstation.errors import PackStationError, StoreError
from packstation.settings import load_settings
from packstation.store.import_incoming import Incoming
from packstation.ui import backend as asked
from tests.app.shop import (
    BAG,
    HAND_OVER,
    ITEM,
    MANIFEST,
    ONE,
    PACK,
    PATIENCE_S,
    TWO,
    UNITS,
    YTO_LABEL,
    Station,
    keep_busy,
    no_thread_left,
    wait_for,
)

MAIN = ShopKey("main")
HEAD = "订单号,订单状态,收件人,电话,地址,商品编码,商品名称,商品条码,数量,快递公司\n"


class Pages:
    """What is delivered, run only when a test says so, as the GUI thread would."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.rooms: set[str] = set()

    def deliver(self, job: Callable[[], None]) -> None:
        self.rooms.add(threading.current_thread().name)
        self.waiting.append(job)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()

    def ask(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """Ask a question; return its answer."""
        answers: list[Any] = []
        method(*arguments, answers.append)
        return self.reply(answers)

    def reply(self, answers: list[Any]) -> Any:
        """Run what is delivered until there is an answer."""
        until = time.monotonic() + PATIENCE_S
        while not answers and time.monotonic() < until:
            self.run()
            time.sleep(0.001)
        (answer,) = answers
        return answer


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def desk(station: Station, pages: Pages) -> Iterator[Desk]:
    made = Desk(station.house, pages.deliver)
    made.attach(_engine(station), None)
    yield made
    made.close()


def _engine(station: Station) -> Any:
    assert station.engine is not None
    return station.engine


def scan(station: Station, desk: Desk, *texts: str) -> list[Verdict]:
    """Scan at the window."""
    said = []
    for text in texts:
        desk.scan(text)
        station.settle()
        assert station.feed.answer is not None
        said.append(station.feed.answer.verdict)
    return said


def an_export(folder: Path, *rows: str) -> Path:
    path = folder / "orders.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8-sig")
    return path


def test_an_answer_is_made_in_a_room_and_told_only_by_deliver(desk: Desk, pages: Pages) -> None:
    answers: list[object] = []
    desk.find(OrderQuery(limit=5), answers.append)
    wait_for(lambda: bool(pages.waiting))
    assert answers == [], "nobody but the GUI thread may call a page"
    pages.run()
    (found,) = answers
    assert isinstance(found, OrderRows)
    assert (len(found.rows), found.total) == (5, 14)
    assert pages.rooms == {"desk"}


def test_no_method_waits_for_the_store(desk: Desk, station: Station, pages: Pages) -> None:
    gate = keep_busy(station.house.store_room)
    begun = time.monotonic()
    replies: list[object] = []
    desk.board(replies.append)
    desk.set_driver("Driver")
    desk.set_language("en")
    desk.sync_now()
    desk.release_orders([OrderKey(f"main/{ONE}")], "", replies.append)
    desk.add_numbers(CarrierCode("YTO"), "YT7700000000001", 1, "", replies.append)
    desk.reprint_receipt(MANIFEST, replies.append)
    desk.retry_parked("x", replies.append)
    handle = desk.import_files([samples() / "orders.csv"], MAIN, lambda *_: None, replies.append)
    handle.cancel()
    desk.scan(ONE)
    assert time.monotonic() - begun < 0.5
    gate.set()


def test_lists_and_pictures_of_a_shift(desk: Desk, station: Station, pages: Pages) -> None:
    assert scan(station, desk, *PACK, TWO, *UNITS, YTO_LABEL)[-1] is Verdict.SEALED
    assert station.scan(*HAND_OVER[:3])[-1] is Verdict.BAG_SEALED
    (bag,) = pages.ask(desk.bags)
    assert (bag.code, bag.state, bag.parcels) == (BAG, BagState.SEALED, 1)
    assert station.scan(*HAND_OVER[3:])[-1] is Verdict.HANDED_OVER
    assert station.house.paper_done()
    board = pages.ask(desk.board)
    assert (board.sealed, board.bagged, board.parked) == (1, 0, 0)
    assert board.unsent > 0
    assert board.oldest_s is not None
    (row,) = pages.ask(desk.manifests, 10)
    assert (row.number, row.parcels, row.receipt_outcome) == (
        *(MANIFEST, 1, PrintOutcome.CONFIRMED),
    )
    jobs = pages.ask(desk.print_jobs, 10)
    assert [job.kind for job in jobs] == ["receipt", "bag", "label", "label"]
    for picture in (
        pages.ask(desk.preview, jobs[0].job),
        pages.ask(desk.preview, jobs[-1].job),
        pages.ask(desk.receipt_preview, MANIFEST, "zh"),
        pages.ask(desk.receipt_preview, MANIFEST, "en"),
    ):
        assert picture.startswith(b"\x89PNG")
    states = {r.order_id: r.parcel for r in pages.ask(desk.find, OrderQuery()).rows}
    assert (states[ONE], states[TWO]) == (ParcelState.HANDED_OVER, ParcelState.SEALED)
    assert pages.ask(desk.parked) == ()


def test_a_receipt_is_found_behind_any_number_of_labels(
    desk: Desk, station: Station, pages: Pages
) -> None:
    station.scan(*PACK, *HAND_OVER)
    station.house.paper_done()
    for _ in range(8):  # copies of the bag's label
        station.house.reprint("bag", BAG)
    station.house.paper_done()
    (row,) = pages.ask(desk.manifests, 1)
    assert row.receipt_outcome is PrintOutcome.CONFIRMED


def test_a_receipt_is_printed_again(desk: Desk, station: Station, pages: Pages) -> None:
    station.scan(*PACK, *HAND_OVER)
    assert pages.ask(desk.reprint_receipt, MANIFEST) is None
    assert station.house.paper_done()
    assert [job.copy for job in station.jobs("receipt")] == [1, 2]
    (refused,) = [pages.ask(desk.reprint_receipt, "PSM01000077")]
    assert isinstance(refused, StoreError)


def test_errors_are_answers_too(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    for answer, code in (
        (pages.ask(desk.preview, "nothing"), "print.not_sent"),
        (pages.ask(desk.receipt_preview, "PSM01000077", "zh"), "store.no_such_manifest"),
        (pages.ask(desk.details, OrderKey("main/none")), "store.order_missing"),
        (pages.ask(desk.retry_parked, "nothing"), "sync.no_such_event"),
        (
            pages.ask(desk.pick_list_of, [], tmp_path / "no" / "such.pdf", False),
            "app.cannot_write",
        ),
        (pages.ask(desk.add_numbers, CarrierCode("XX"), "1", 1, ""), "numbers.unknown_carrier"),
        (pages.ask(desk.add_numbers, CarrierCode("YTO"), "YT1", 1, ""), "numbers.does_not_fit"),
        (pages.ask(desk.add_numbers, CarrierCode("YTO"), "YT1", 0, ""), "numbers.bad_count"),
    ):
        assert isinstance(answer, PackStationError)
        assert answer.code == code


def test_an_error_that_nobody_foresaw_is_told_without_its_words(
    desk: Desk, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a buyer's name")

    monkeypatch.setattr("packstation.app.desk_rows.order_rows", fail)
    answer = pages.ask(desk.find, OrderQuery())
    assert isinstance(answer, PackStationError)
    assert answer.code == "app.unexpected"
    assert "buyer" not in str(answer)


def test_numbers_are_added_and_listed(desk: Desk, pages: Pages) -> None:
    added = pages.ask(desk.add_numbers, CarrierCode("YTO"), "YT7700000000001", 3, "")
    assert (added.first, added.last, added.free) == ("YT7700000000001", "YT7700000000003", 3)
    assert any(one.free for one in pages.ask(desk.number_stock))
    again = pages.ask(desk.add_numbers, CarrierCode("YTO"), "YT7700000000003", 1, "")
    assert isinstance(again, StoreError)
    assert again.code == "numbers.duplicate"


def test_a_held_order_is_released(desk: Desk, station: Station, pages: Pages) -> None:
    assert station.scan(ONE, "PSCMDHOLD", ONE) == [
        *(Verdict.ORDER_OPENED, Verdict.HELD, Verdict.ON_HOLD),
    ]
    report = pages.ask(desk.release_orders, [OrderKey(f"main/{ONE}"), OrderKey("main/none")], "")
    assert report.done == (OrderKey(f"main/{ONE}"),)
    assert [error.code for _, error in report.refused] == ["orders.not_held"]
    assert station.scan("PSCMDOK", ONE)[-1] is Verdict.ORDER_OPENED


def test_a_pick_list_is_written(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    path = tmp_path / "pick.pdf"
    assert pages.ask(desk.pick_list_of, [], path, False).orders > 1
    assert path.read_bytes().startswith(b"%PDF")
    assert pages.ask(desk.pick_list_of, [OrderKey(f"main/{ONE}")], path, True).orders == 1


def test_an_import_beside_scans_stops_the_open_order_that_it_changed(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    row = f"{ONE},{{}},Ann Example,13900000006,1 Example Road,PEN,A pen,{ITEM},1,ZTO"
    first = an_export(tmp_path, row.format("待发货"))
    report = pages.ask(desk.import_files, [first], MAIN, lambda *_: None)
    assert (report.rows, report.changed, report.held) == (1, 1, 0)
    station.ask(ONE)
    second = an_export(tmp_path, row.format("已取消"))
    replies: list[Any] = []
    desk.import_files([second], MAIN, lambda *_: None, replies.append)
    said = [station.ask("0000").verdict for _ in range(3)]
    assert Verdict.UNKNOWN_CODE in said or Verdict.CANCELLED in said, "scans go on meanwhile"
    report = pages.reply(replies)
    assert isinstance(report, asked.ImportReport)
    assert report.held == 1
    assert station.ask(ITEM).verdict in (Verdict.CANCELLED, Verdict.NOT_NOW)
    assert station.outcomes("label") == [], "no label for it"


def test_an_import_that_is_cancelled_half_way_leaves_nothing(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Incoming.take
    handles: list[asked.Cancel] = []

    def take_then_cancel(self: Incoming, orders: Any) -> None:
        take(self, orders)
        if self._number is not None:  # parts of it lie in the store
            handles[0].cancel()

    monkeypatch.setattr(Incoming, "take", take_then_cancel)
    before = station.facts()
    rows = [f"N{n},待发货,Ann,13900000006,1 Road,PEN,A pen,{ITEM},1,ZTO" for n in range(600)]
    replies: list[Any] = []
    gate = keep_busy(desk._imports)
    handles.append(
        desk.import_files([an_export(tmp_path, *rows)], MAIN, lambda *_: None, replies.append)
    )
    gate.set()
    reply = pages.reply(replies)
    assert isinstance(reply, PackStationError)
    assert reply.code == "import.cancelled"
    assert station.facts() == before
    left = station.house.call(lambda: station.house.store.db.rows("SELECT * FROM staged_imports"))
    assert left == []


def test_closing_the_desk_cancels_an_import_and_ends_its_rooms(
    station: Station, tmp_path: Path
) -> None:
    pages, replies = Pages(), list[object]()
    with no_thread_left():
        desk = Desk(station.house, pages.deliver)
        gate = keep_busy(desk._imports)
        desk.import_files([samples() / "orders.csv"], MAIN, lambda *_: None, replies.append)
        threading.Timer(0.05, gate.set).start()
        begun = time.monotonic()
        desk.close()
        assert time.monotonic() - begun < 5
    pages.run()
    (reply,) = replies
    assert isinstance(reply, PackStationError)
    assert reply.code == "import.cancelled"


def test_a_desk_that_cannot_read_leaves_no_room(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("store.corrupt", "The database is damaged.")

    monkeypatch.setattr("packstation.store.opening.open_reader", fail)
    with no_thread_left(), pytest.raises(StoreError):
        Desk(station.house, lambda job: None)


def test_the_drivers_name_is_on_the_receipt_and_not_in_the_journal(
    desk: Desk, station: Station
) -> None:
    station.scan(*PACK)
    desk.set_driver("too early")
    station.scan(*HAND_OVER[:5])
    desk.set_driver("  Driver Canary ")
    station.scan(HAND_OVER[5])
    assert station.house.paper_done()
    (receipt,) = station.jobs("receipt")
    paper = station.house.call(lambda: station.house.store.ledger.paper(receipt.job))
    assert getattr(paper, "driver", None) == "Driver Canary"
    journal = "\n".join(station.house.call(lambda: list(station.house.store.journal.export())))
    assert "Canary" not in journal
    assert "too early" not in journal


def test_a_language_is_kept_beside_what_a_person_wrote_meanwhile(
    desk: Desk, station: Station, pages: Pages
) -> None:
    path = station.data / "settings.toml"
    text = path.read_text(encoding="utf-8").replace("Sample Shop", "Renamed Shop")
    path.write_text(text, encoding="utf-8")
    desk.set_language("zh_CN")
    pages.ask(desk.number_stock)  # the save is before it in the room
    settings = load_settings(path)
    assert settings.language == "zh_CN"
    assert settings.shops[MAIN].name == "Renamed Shop"
    assert station.house.letterhead().words.language == "zh"
    assert not [p for p in station.data.iterdir() if p.name.startswith(".settings-")]


def test_broken_settings_are_not_written_over_by_a_language(
    desk: Desk, station: Station, pages: Pages
) -> None:
    path = station.data / "settings.toml"
    path.write_text("language = 7", encoding="utf-8")
    desk.set_language("zh_CN")
    pages.ask(desk.number_stock)
    assert path.read_text(encoding="utf-8") == "language = 7"


def test_shops_carriers_and_station_are_known(desk: Desk, pages: Pages) -> None:
    (shop,) = pages.ask(desk.shops)
    assert (shop.key, shop.name) == (MAIN, "Sample Shop")
    assert {"YTO", "ZTO"} <= {carrier.code for carrier in desk.carriers}
    assert desk.station_number == 1


def test_a_printer_that_ails_is_shown_until_it_is_well(desk: Desk, pages: Pages) -> None:
    assert pages.ask(desk.board).label_printer == asked.UNTRIED, "nothing is known of it yet"
    desk.ails("label", PrintOutcome.FAILED, "printer.no_paper")
    desk.ails("receipt", PrintOutcome.UNKNOWN, "")
    board = pages.ask(desk.board)
    assert (board.label_printer, board.receipt_printer) == ("printer.no_paper", "UNKNOWN")
    desk.ails("bag", PrintOutcome.SENT, "")
    assert pages.ask(desk.board).label_printer is None
