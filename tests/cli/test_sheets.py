"""Files that go out and come back, by command; waves and pick lists."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from packstation.app import sheets
from packstation.app.house import House
from packstation.app.order_exports import export_to_files
from packstation.core.order_query import OrderQuery
from packstation.errors import PackStationError
from tests.app.shop import ONE, PACK, TWO, UNITS, Station
from tests.cli.conftest import Run


@pytest.fixture(scope="session")
def two_sealed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two orders were packed."""
    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("sealed") / "data"))
    station = Station(folder)
    station.scan(*PACK, TWO, *UNITS, "YT0000000000001")
    assert station.house.paper_done()
    station.close()
    return folder


@pytest.fixture
def sealed(two_sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_sealed, tmp_path / "sealed"))


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


# --- shipments -----------------------------------------------------------------------------------


def test_a_batch_goes_out_once_and_its_failures_again(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    first = run("export-shipments", "--out", tmp_path / "1.csv", "--json", folder=sealed)
    assert first.code == 0, first.err
    (told,) = first.rows()
    assert sorted(told["orders"]) == [TWO, ONE]
    assert {row[0] for row in table(tmp_path / "1.csv")[1:]} == {ONE, TWO}
    again = run("export-shipments", "--out", tmp_path / "2.csv", folder=sealed)
    assert again.code == 1
    assert "[sheets.nothing_to_tell]" in again.err
    assert not (tmp_path / "2.csv").exists()

    answer = tmp_path / "result.csv"
    answer.write_text(
        f"订单号,处理结果,失败原因\n{ONE},成功,\n{TWO},失败,电话 13912345678 有误\n1,失败,x\n",
        "utf-8",
    )
    done = run("shipment-results", told["batch"], answer, "--json", folder=sealed)
    (report,) = done.rows()
    states = {row["order_id"]: (row["state"], row["said"]) for row in report["rows"]}
    assert states[ONE] == ("done", "")
    assert states[TWO][0] == "failed"
    assert "13912345678" not in states[TWO][1]
    assert report["strangers"] == ["1"]
    assert done.code == 1  # a stranger in the file is worth a look

    retry = run("export-shipments", "--out", tmp_path / "3.csv", "--json", folder=sealed)
    assert retry.rows()[0]["orders"] == [TWO]
    by_hand = run("shipment-results", retry.rows()[0]["batch"], "--rest", "done", folder=sealed)
    assert "1 done, 0 failed, 0 without a result" in by_hand.out
    assert run("export-shipments", "--out", tmp_path / "4.csv", folder=sealed).code == 1
    assert len(run("shipment-results", "--json", folder=sealed).rows()) == 2


def test_a_limit_parts_the_orders_into_batches(run: Run, sealed: Path, tmp_path: Path) -> None:
    seen = []
    for n in (1, 2):
        done = run(
            "export-shipments", "--out", tmp_path / f"{n}.csv", "--limit", "1", "--json",
            folder=sealed,
        )  # fmt: skip
        (told,) = done.rows()
        assert told["waiting"] == 2 - n
        seen += told["orders"]
    assert sorted(seen) == [TWO, ONE]


def test_a_lost_file_is_written_again_byte_for_byte(run: Run, sealed: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    done = run("export-shipments", "--layout", "pinduoduo", "--out", out, "--json", folder=sealed)
    batch = done.rows()[0]["batch"]
    assert run("export-shipments", "--again", batch, "--out", again, folder=sealed).code == 0
    assert again.read_bytes() == out.read_bytes()
    assert run("export-shipments", "--again", batch, "--out", again, folder=sealed).code == 0
    again.write_bytes(b"another file")
    assert run("export-shipments", "--again", batch, "--out", again, folder=sealed).code == 1
    assert again.read_bytes() == b"another file"


def test_a_crash_between_fact_and_file_loses_and_doubles_nothing(
    run: Run, sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("packstation.exchange.sheet_files.os.replace", crash)
    failed = run("export-shipments", "--out", tmp_path / "a.csv", folder=sealed)
    monkeypatch.undo()
    assert failed.code == 1
    assert "[sheets.file_not_written]" in failed.err
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
    assert run("export-shipments", "--out", tmp_path / "b.csv", folder=sealed).code == 1
    (batch,) = run("shipment-results", "--json", folder=sealed).rows()
    done = run("export-shipments", "--again", batch["batch"], "--out", tmp_path / "a.csv",
               folder=sealed)  # fmt: skip
    assert done.code == 0
    assert {row[0] for row in table(tmp_path / "a.csv")[1:]} == {ONE, TWO}


def test_no_fact_is_written_when_the_file_cannot_be_made(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    (tmp_path / "there.csv").write_text("mine", "utf-8")
    bad = tmp_path / "bad.csv"
    bad.write_text("Order ID,Shipping Provider\n", "utf-8")
    for more in (
        ("--out", tmp_path / "there.csv"),
        ("--out", tmp_path / "nowhere" / "a.csv"),
        ("--out", tmp_path / "a.csv", "--template", bad),
        ("--out", tmp_path / "a.csv", "--layout", "tiktok"),
        ("--out", tmp_path / "a.csv", "--layout", "nobody"),
    ):
        assert run("export-shipments", *more, folder=sealed).code == 1
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine"
    assert run("shipment-results", "--json", folder=sealed).rows() == []


def test_an_order_that_changes_while_the_file_is_made_is_not_told(sealed: Path) -> None:
    from packstation.core.orders import ShopKey
    from packstation.store import sheet_reads

    with House(sealed, name="test", language="en") as house:
        shop = ShopKey(next(iter(house.settings.shops)))
        found, _ = house.call(lambda: sheet_reads.shipments(house.store.db, shop))
        sheets.export_shipments(house, shop, sealed.parent / "a.csv", limit=1)
        with pytest.raises(PackStationError) as caught:
            house.call(lambda: sheets._note(house, shop, "any", found, "b.csv", b"x"))
        assert caught.value.code == "sheets.orders_changed"


# --- carriers ------------------------------------------------------------------------------------


def test_a_carrier_gives_numbers_and_the_label_has_them(
    run: Run, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "yto.csv"
    asked = run("carrier-sheet", "--carrier", "圆通", "--out", out, "--json")
    assert asked.code == 1
    assert "[sheets.not_confirmed]" in asked.err
    assert not out.exists()
    done = run("carrier-sheet", "--carrier", "圆通", "--out", out, "--yes", "--json")
    (told,) = done.rows()
    rows = table(out)
    assert rows[0][0] == "Order"
    assert len(rows) - 1 == len(told["orders"]) > 1
    assert all(row[1] and "*" not in row[1] for row in rows[1:])
    assert run("carrier-sheet", "--carrier", "YTO", "--out", tmp_path / "b.csv", "--yes").code == 1

    names = [row[0] for row in rows[1:]]
    back = tmp_path / "back.csv"

    def give(*pairs: tuple[str, str]) -> None:
        lines = "".join(f"{one},{number}\n" for one, number in pairs)
        back.write_text(f"客户单号,运单号\n{lines}", "utf-8")

    numbers = [f"YT{7_000_000_000_000 + n:013d}" for n in range(len(names))]
    give((names[0], numbers[0]), (names[1], "12"), ("77777", numbers[2]))
    refused = run("carrier-numbers", told["sheet"], back, "--json")
    assert refused.code == 1
    assert [row["word"] for row in refused.rows()[0]["rows"]] == [
        "matched",
        "does_not_fit",
        "unknown_order",
    ]
    assert refused.rows()[0]["taken"] == 0
    give((names[0], numbers[0]), (names[1], numbers[0]))
    twice = run("carrier-numbers", told["sheet"], back, "--json").rows()[0]
    assert {row["word"] for row in twice["rows"]} == {"number_twice"}
    give((names[0], numbers[0]), (names[1], "12"))
    skipped = run("carrier-numbers", told["sheet"], back, "--skip-refused", "--json").rows()[0]
    assert skipped["taken"] == 1
    give((names[0], numbers[1]), (names[1], numbers[0]))
    later = run("carrier-numbers", told["sheet"], back, "--json").rows()[0]
    assert [row["word"] for row in later["rows"]] == ["has_number", "number_known"]
    listed = run("orders", "--search", names[0], "--json").rows()
    assert listed[0]["tracking_number"] == numbers[0]


def test_numbers_are_matched_by_row_only_when_asked_and_when_they_are_as_many(
    run: Run, tmp_path: Path
) -> None:
    done = run("carrier-sheet", "--carrier", "YTO", "--out", tmp_path / "a.xlsx", "--yes", "--json")
    sheet, orders = done.rows()[0]["sheet"], done.rows()[0]["orders"]
    back = tmp_path / "back.csv"
    numbers = [f"YT{7_000_000_000_000 + n + (n > 0):013d}" for n in range(len(orders))]
    back.write_text("运单号\n" + "\n".join(numbers) + "\n", "utf-8")
    assert "[sheets.no_such_column]" in run("carrier-numbers", sheet, back).err
    taken = run("carrier-numbers", sheet, back, "--by-row", "--json").rows()[0]
    assert taken["taken"] == len(orders)
    assert taken["gaps"] == [[numbers[0], numbers[1]]]
    assert "[sheets.sheet_ended]" in run("carrier-numbers", sheet, back, "--by-row").err


def test_counts_that_differ_take_nothing(run: Run, tmp_path: Path) -> None:
    done = run("carrier-sheet", "--carrier", "YTO", "--out", tmp_path / "a.csv", "--yes", "--json")
    sheet = done.rows()[0]["sheet"]
    back = tmp_path / "back.csv"
    back.write_text("运单号\nYT7000000000000\n", "utf-8")
    assert "[sheets.count_differs]" in run("carrier-numbers", sheet, back, "--by-row").err
    assert run("carrier-numbers", sheet, "--end").code == 0
    assert run("carrier-sheet", "--carrier", "YTO", "--out", tmp_path / "b.csv", "--yes").code == 0


# --- export of orders ----------------------------------------------------------------------------


def test_an_export_masks_people_and_marks_what_is_new(run: Run, tmp_path: Path) -> None:
    done = run("export-orders", "--out", tmp_path / "a.csv", "--json")
    assert done.code == 0, done.err
    report = done.rows()[0]
    rows = table(tmp_path / "a.csv")
    assert report["orders"] == report["new"] == len({row[2] for row in rows[1:]})
    place = rows[0].index("Recipient")
    assert any("*" in row[place] for row in rows[1:])
    assert {row[0] for row in rows[1:]} == {"✓"}
    later = run("export-orders", "--out", tmp_path / "b.csv", "--json").rows()[0]
    assert (later["orders"], later["new"]) == (report["orders"], 0)
    assert run("export-orders", "--new", "--out", tmp_path / "c.csv", "--json").rows()[0] == {
        "orders": 0,
        "new": 0,
        "files": [str(tmp_path / "c.csv")],
    }


def test_recipients_in_clear_only_after_a_yes(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    refused = run("export-orders", "--with-recipients", "--out", out)
    assert (refused.code, out.exists()) == (1, False)
    assert run("export-orders", "--with-recipients", "--yes", "--out", out).code == 0
    rows = table(out)
    masked = tmp_path / "b.csv"
    run("export-orders", "--out", masked)
    assert rows != table(masked)


def test_files_are_parted_between_orders_never_inside_one(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    done = run("export-orders", "--rows", "2", "--out", out, "--json").rows()[0]
    assert len(done["files"]) > 2
    assert not out.exists()
    where: dict[str, set[str]] = {}
    for name in done["files"]:
        sheet = openpyxl.load_workbook(name).active
        assert sheet is not None
        rows = list(sheet.iter_rows(min_row=2))
        assert len(rows) <= 2 or len({row[2].value for row in rows}) == 1
        for row in rows:
            where.setdefault(str(row[2].value), set()).add(name)
            assert row[2].data_type == "s"
            assert row[2].font.color is not None
            assert row[2].font.color.rgb == "FFC00000"
    assert all(len(files) == 1 for files in where.values())
    assert len(where) == done["orders"]


def test_a_cancelled_export_leaves_no_file_and_no_note(data: Path, tmp_path: Path) -> None:
    told: list[int] = []
    with House(data, name="test", language="en") as house:
        import packstation.exchange.order_export as order_export

        every, order_export._TOLD_EVERY = order_export._TOLD_EVERY, 2
        try:
            with pytest.raises(PackStationError) as caught:
                export_to_files(
                    house,
                    OrderQuery(),
                    tmp_path / "a.csv",
                    chinese=True,
                    progress=told.append,
                    cancelled=lambda: len(told) > 1,
                )
        finally:
            order_export._TOLD_EVERY = every
        assert caught.value.code == "sheets.cancelled"
        assert told == [2, 4]
        assert house.call(lambda: house.store.db.rows("SELECT * FROM order_exports")) == []
    assert list(tmp_path.glob("*.csv")) == []
    assert list(tmp_path.glob(".packstation*")) == []


def test_filters_have_a_newness_of_their_own(run: Run, tmp_path: Path) -> None:
    run("export-orders", "--carrier", "YTO", "--out", tmp_path / "a.csv")
    whole = run("export-orders", "--out", tmp_path / "b.csv", "--json").rows()[0]
    assert whole["new"] == whole["orders"]
    again = run("export-orders", "--carrier", "YTO", "--out", tmp_path / "c.csv", "--json")
    assert again.rows()[0]["new"] == 0


# --- waves and pick lists ------------------------------------------------------------------------


def pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_wave_holds_only_what_may_be_packed_and_each_order_once(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    made = run("wave", "make", "--size", "2", "--json", folder=sealed).rows()[0]
    assert len(made["orders"]) == 2
    named = [key.partition("/")[2] for key in made["orders"]]
    second = run("wave", "make", named[0], ONE, "--json", folder=sealed)
    assert second.code == 1
    assert "[sheets.empty_wave]" in second.err
    rest = run("wave", "make", "--json", folder=sealed).rows()[0]
    assert not set(rest["orders"]) & set(made["orders"])
    shown = run("wave", "show", made["wave"].lower(), folder=sealed)
    assert shown.out.split() == named
    assert len(run("wave", "list", "--json", folder=sealed).rows()) == 2
    listed = run("orders", "--wave", made["wave"], "--json", folder=sealed).rows()
    assert sorted(one["order"] for one in listed) == sorted(named)
    assert run("wave", "end", made["wave"], folder=sealed).code == 0
    assert run("wave", "end", made["wave"], folder=sealed).code == 1
    assert run("wave", "make", named[0], "--json", folder=sealed).rows()[0]["orders"] == [
        made["orders"][0]
    ]


@pytest.mark.parametrize("size", ["a4", "100x150"])
def test_pick_lists_of_a_wave_by_cart_and_in_total(run: Run, tmp_path: Path, size: str) -> None:
    wave = run("wave", "make", "--size", "3", "--json").rows()[0]
    out = tmp_path / "pick.pdf"
    done = run("pick-list", "--wave", wave["wave"], "--cart", "2", "--size", size, "--out", out)
    assert done.code == 0, done.err
    text = "\n".join(pages(out))
    assert "Cart 1" in text
    assert "Cart 2" in text
    assert "Tote 2" in text
    assert wave["wave"] in text
    assert f"Page 1 of {len(pages(out))}" in text
    run("pick-list", "--wave", wave["wave"], "--total", "--size", size, "--out", out)
    assert "Order by order" not in "\n".join(pages(out))


def test_a_pick_list_says_which_orders_it_leaves_out(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    free = run("wave", "make", "--size", "1", "--json", folder=sealed).rows()[0]["orders"][0]
    done = run("pick-list", free, ONE, "--out", tmp_path / "a.pdf", "--json", folder=sealed)
    told = done.rows()[0]
    assert told["orders"] == [free]
    assert [(one["order"].partition("/")[2], one["why"]) for one in told["left"]] == [
        (ONE, "packed")
    ]


def test_a_pickers_way_is_set_in_a_file(run: Run, data: Path, tmp_path: Path) -> None:
    (data / "aisles.toml").write_text('aisles = ["Z"]\nway = 1\n', "utf-8")
    bad = run("pick-list", "--out", tmp_path / "a.pdf")
    assert bad.code == 1
    assert "aisles.toml" in bad.err
    (data / "aisles.toml").write_text('aisles = ["Z", "B"]\n', "utf-8")
    assert run("pick-list", "--out", tmp_path / "a.pdf").code == 0
