"""A whole shift with canary people: only the encrypted columns and the paper have them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from packstation.app import intake
from packstation.app.desk import Desk
from packstation.app.start import diary
from packstation.app.sync import send_once
from packstation.core.imports import MAIN_SHOP
from packstation.core.parcels import copy_code
from packstation.core.status import Verdict
from packstation.devices.simulated import Fault, Trouble
from packstation.errors import ImportFileError
from packstation.exchange.sample_receiver import SampleReceiver
from tests.app.shop import Station

ITEM = "PENCODE1"
NAME, PHONE, STREET = "金丝雀甲乙", "13955551234", "金丝雀大道 77 号"
MESSAGE, MEMO, DRIVER = "金丝雀留言 please knock", "金丝雀备注 VIP", "金丝雀司机"
CANARIES = ("金丝雀", PHONE, "please knock")
HEAD = (
    "订单号,订单状态,收件人,电话,地址,商品编码,商品名称,商品条码,数量,快递公司,买家留言,卖家备注\n"
)
OUTSIDE = ("virtual-label-printer", "virtual-receipt-printer")


def found_in(folder: Path) -> list[str]:
    """Return where a canary is seen, in any encoding that we write."""
    needles = {
        canary.encode(encoding)
        for canary in CANARIES
        for encoding in ("utf-8", "gb18030", "utf-16-le", "unicode_escape")
    }
    return [
        f"{path.relative_to(folder)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(OUTSIDE)
        and any(needle in path.read_bytes() for needle in needles)
    ]  # fmt: skip


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(NAME, encoding="utf-16")
    (tmp_path / "virtual-label-printer").mkdir()
    (tmp_path / "virtual-label-printer" / "b").write_text(NAME, encoding="utf-8")
    assert found_in(tmp_path) == ["a"]


def test_no_file_but_the_paper_holds_peoples_data(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "orders.csv"
    row = f"待发货,{NAME},{PHONE},{STREET},PEN,A pen,{ITEM},1,ZTO,{MESSAGE},{MEMO}"
    export.write_text(HEAD + f"C1,{row}\nC2,{row}\nC2,x\nC5,{row}\n", encoding="utf-8-sig")
    broken = tmp_path / "broken.csv"
    broken.write_text(HEAD + f'C3,{row}\n"C4,{row}\n', encoding="utf-8-sig")
    with diary(data, "test"), SampleReceiver(tmp_path / "received" / "all.jsonl") as receiver:
        logging.getLogger().setLevel(logging.DEBUG)
        station = Station(data, start=False)
        chosen = intake.import_settings(station.house.settings, shop=MAIN_SHOP)
        parsed = intake.read([export], chosen, station.house.carriers)
        station.house.call(lambda: station.house.store.imports.stage(parsed))
        with pytest.raises(ImportFileError):
            intake.read([broken], chosen, station.house.carriers)
        station.start()
        desk = Desk(station.house, lambda job: None)
        assert station.engine is not None
        desk.attach(station.engine, None)
        station.scan("C1", "PSCMDOK")
        station.label_fault(Fault(Trouble.UNPLUGGED, 200))
        station.scan(ITEM, "PSCMDREPRINT", f"QR {NAME} {PHONE}", "PSCMDOK")
        station.label_fault(Fault())
        station.scan("PSCMDREPRINT")
        station.scan(copy_code(station.jobs("label")[-1].job))
        number = str(station.jobs("label")[-1].tracking_number)
        station.scan("PSCMDBAG", number, "PSCMDSEAL", "PSCMDHANDOVER", "PSBAG01000001")
        desk.set_driver(DRIVER)
        assert station.scan("PSCMDCLOSE") == [Verdict.HANDED_OVER]
        station.scan("C2", "PSCMDOK", "C5", "PSCMDOK")

        def odd(paper: object) -> bytes:
            raise ValueError(f"cannot draw {paper} {NAME} {PHONE}")

        monkeypatch.setattr(station.printer(), "compose", odd)
        station.scan(ITEM)
        assert station.house.paper_done()
        assert send_once(station.house, receiver.url).delivered > 5
        desk.close()
        cut = station.power_cut(tmp_path / "cut")
        station.close()
    for folder in (data, cut, tmp_path / "received"):
        assert found_in(folder) == []
    log = (data / "logs" / "packstation.jsonl").read_text(encoding="utf-8")
    assert "paper not made" in log
    assert "ValueError" in log


def test_a_diary_ends_with_its_command(data: Path) -> None:
    before = list(logging.getLogger().handlers)
    with diary(data, "one"):
        assert len(logging.getLogger().handlers) == len(before) + 2
    assert logging.getLogger().handlers == before
    with diary(data / "missing", "two"):
        pass
    assert not (data / "missing").exists()
