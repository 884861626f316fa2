"""Files out through the real house: nothing is written over, nothing that failed is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from packstation.app.desk import Desk
from packstation.core.order_query import OrderQuery
from packstation.core.orders import CarrierCode, OrderKey
from packstation.core.status import Verdict
from packstation.errors import PackStationError
from tests.app.shop import ITEM, LABEL, ONE, PACK, Station
from tests.app.test_desk import HEAD, MAIN, Pages

ONE_KEY = OrderKey(f"main/{ONE}")


def test_shipments_go_out_and_the_platforms_answer_comes_in(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    nothing = pages.ask(desk.ship_file, MAIN, tmp_path / "none.csv", None)
    assert nothing.code == "sheets.nothing_to_tell"
    station.scan(*PACK)
    out = tmp_path / "shipments.csv"
    report = pages.ask(desk.ship_file, MAIN, out, None)
    assert (report.files, report.orders, report.waiting) == ((out,), 1, 0)
    assert LABEL in out.read_text(encoding="utf-8-sig")
    again = pages.ask(desk.ship_file, MAIN, tmp_path / "again.csv", None)
    assert again.code == "sheets.nothing_to_tell", "an order is in one batch at a time"
    result = tmp_path / "result.csv"
    result.write_text(f"订单号,结果\n{ONE},成功\n", encoding="utf-8-sig")
    told = pages.ask(desk.shipment_results, "", result)
    assert not isinstance(told, PackStationError), told
    assert (told.orders, told.batch) == (1, report.batch)


def test_a_file_that_is_there_stays_as_it_is_and_no_batch_is_noted(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    station.scan(*PACK)
    mine = tmp_path / "mine.csv"
    mine.write_text("do not touch", encoding="utf-8")
    for answer in (
        pages.ask(desk.ship_file, MAIN, mine, None),
        pages.ask(desk.ship_file, MAIN, mine, mine),
        pages.ask(desk.carrier_sheet, CarrierCode("YTO"), mine),
        pages.ask(desk.export_orders, OrderQuery(), mine, None, False, lambda _rows: None),
    ):
        assert isinstance(answer, PackStationError)
        assert answer.code == "sheets.file_exists"
    assert mine.read_text(encoding="utf-8") == "do not touch"
    assert pages.ask(desk.ship_file, MAIN, tmp_path / "new.csv", None).orders == 1


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="needs a folder that takes no files")
def test_a_folder_that_takes_no_files_is_told_before_anything_is_noted(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    station.scan(*PACK)
    for folder in (Path("/proc"), tmp_path / "none"):
        for answer in (
            pages.ask(desk.ship_file, MAIN, folder / "a.csv", None),
            pages.ask(desk.carrier_sheet, CarrierCode("YTO"), folder / "b.csv"),
            pages.ask(
                desk.export_orders, OrderQuery(), folder / "c.csv", None, False, lambda _: None
            ),
            pages.ask(desk.pick_list_of, [], folder / "d.pdf", False),
        ):
            assert isinstance(answer, PackStationError)
            assert answer.code == "app.cannot_write"
    assert pages.ask(desk.ship_file, MAIN, tmp_path / "new.csv", None).orders == 1


def test_a_template_that_lacks_a_column_says_which(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    station.scan(*PACK)
    template = tmp_path / "template.csv"
    template.write_text(f"订单号,快递公司\n{ONE},\n", encoding="utf-8-sig")
    answer = pages.ask(desk.ship_file, MAIN, tmp_path / "out.csv", template)
    assert isinstance(answer, PackStationError), answer
    assert not (tmp_path / "out.csv").exists()
    template.write_text(f"订单号,快递公司,快递单号\n{ONE},,\n", encoding="utf-8-sig")
    report = pages.ask(desk.ship_file, MAIN, tmp_path / "out.csv", template)
    assert not isinstance(report, PackStationError), report
    assert LABEL in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_an_export_is_split_tells_progress_and_hides_people(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    seen: list[int] = []
    path = tmp_path / "orders.csv"
    report = pages.ask(desk.export_orders, OrderQuery(), path, 5, False, seen.append)
    assert report.orders == 14
    assert len(report.files) > 2
    text = "".join(file.read_text(encoding="utf-8-sig") for file in report.files)
    assert ONE in text
    assert "13800000000" not in text, "people only where they are asked for"
    whole = pages.ask(
        desk.export_orders, OrderQuery(), tmp_path / "people.csv", None, True, seen.append
    )
    assert "13800000000" in whole.files[0].read_text(encoding="utf-8-sig")
    assert seen[-1] == 14


def test_an_export_that_is_cancelled_leaves_no_file(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    rows = [f"X{n},待发货,Ann,13900000006,1 Road,PEN,A pen,{ITEM},1,ZTO" for n in range(3000)]
    export = tmp_path / "in.csv"
    export.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8-sig")
    pages.ask(desk.import_files, [export], MAIN, lambda *_: None)
    folder = tmp_path / "out"
    folder.mkdir()
    replies: list[Any] = []
    handle = desk.export_orders(
        OrderQuery(), folder / "x.csv", 500, False, lambda _rows: None, replies.append
    )
    handle.cancel()
    answer = pages.reply(replies)
    assert isinstance(answer, PackStationError)
    assert list(folder.iterdir()) == []


def test_a_carriers_sheet_goes_out_and_its_numbers_come_back(
    desk: Desk, station: Station, pages: Pages, tmp_path: Path
) -> None:
    sheet = tmp_path / "zto.csv"
    report = pages.ask(desk.carrier_sheet, CarrierCode("ZTO"), sheet)
    assert not isinstance(report, PackStationError), report
    assert report.orders > 0
    assert ONE in sheet.read_text(encoding="utf-8-sig")
    back = tmp_path / "back.csv"
    back.write_text(f"订单号,运单号\n{ONE},78600000009999\n", encoding="utf-8-sig")
    taken = pages.ask(desk.carrier_numbers, "", back)
    assert not isinstance(taken, PackStationError), taken
    assert (taken.orders, taken.batch) == (1, report.batch)
    station.scan(ONE, ITEM)
    assert station.scan("78600000009999")[-1] is Verdict.SEALED


def test_a_wave_is_made_once_and_picked_from(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    wave = pages.ask(desk.make_wave, [ONE_KEY])
    assert (wave.orders, wave.left) == (1, ())
    (row,) = pages.ask(desk.find, OrderQuery(wave=wave.batch)).rows
    assert row.key == ONE_KEY
    again = pages.ask(desk.make_wave, [ONE_KEY])
    said = again.code if isinstance(again, PackStationError) else again.left[0][1]
    assert "wave" in said
    path = tmp_path / "pick.pdf"
    assert pages.ask(desk.pick_list_of, [ONE_KEY], path, False).orders == 1
    assert path.read_bytes().startswith(b"%PDF")


def test_without_a_batch_or_a_sheet_nothing_is_taken(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert pages.ask(desk.shipment_results, "", path).code == "sheets.no_such_batch"
    assert pages.ask(desk.carrier_numbers, "", path).code == "sheets.no_such_sheet"
