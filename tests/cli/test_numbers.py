"""``packstation numbers``: previews, lists, stock, marks and the carrier's invoice."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.cli.conftest import Run

FIRST = "YT5500000000001"


def test_a_preview_adds_nothing_and_add_never_overlaps(run: Run) -> None:
    done = run("numbers", "preview", "YTO", FIRST, "--count", "1000", "--json")
    (told,) = done.rows()
    assert done.code == 0
    assert told["preview"]["last"] == "YT5500000001000"
    assert run("numbers", "add", "YTO", FIRST, "--count", "10").code == 0
    done = run("numbers", "preview", "YTO", "YT5500000000008", "--count", "10", "--json")
    (told,) = done.rows()
    assert (done.code, told["known"]) == (1, 3)
    assert told["first_known"][0] == ["YT5500000000008", "FREE"]
    done = run("numbers", "add", "YTO", "YT5500000000008", "--count", "10")
    assert (done.code, "[numbers.duplicate]" in done.err) == (1, True)
    done = run("numbers", "preview", "YTO", "YT5500000000021", "--count", "2")
    assert "10 numbers are missing before." in done.out


def test_no_rule_is_a_sentence_and_sf_numbers_follow_theirs(run: Run) -> None:
    done = run("numbers", "preview", "SF", "SF1420349064432", "--count", "5")
    assert (done.code, "[numbers.no_rule]" in done.err) == (1, True)
    assert run("numbers", "next", "SF", "444003077995").out == "444003078007\n"
    assert run("numbers", "previous", "SF", "444003078007").out == "444003077995\n"
    assert "look at it again" in run("numbers", "next", "SF", "118650888018").err


def test_check_tells_proved_from_could_be(run: Run) -> None:
    proved, could, wrong, long = run(
        *("numbers", "check", "--json", "986578788855", "YT5500000000001"),
        *("EA123456784CN", "420787459400111206206406260787"),
    ).rows()
    assert proved["certain"]
    assert proved["proved_by_check_digit"] == ["FEDEX"]
    assert (could["valid"], could["certain"], could["reason"]) == (True, False, "could_be")
    assert (wrong["valid"], wrong["reason"]) == (False, "does_not_fit")
    assert long["parcel_number"] == "9400111206206406260787"


def test_a_list_with_bad_rows_adds_nothing_until_they_are_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = ["运单号,备注", "JT0006968326954,a", "1.2E+12,b", "JT0006968326955,c", "YT1,d"]
    rows += ["JT0006968326954,e", "JT0006968326956,f"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("numbers", "import", "JT", path, "--json")
    (told,) = done.rows()
    assert (done.code, told["added"]) == (1, 0)
    assert [(r["row"], r["reason"]) for r in told["refused"]] == [
        (3, "damaged_id"),
        (5, "does_not_fit"),
        (6, "duplicate_row"),
    ]
    done = run("numbers", "import", "JT", path, "--skip-refused", "--pool", "paper")
    assert (done.code, "3 numbers added, 3 rows refused." in done.out) == (0, True)
    done = run("numbers", "import", "JT", path, "--json")
    assert [r["reason"] for r in done.rows()[0]["refused"]].count("known") == 3
    lines = run("numbers", "list", "--pool", "paper", "--json").rows()
    assert [line["number"][-1] for line in lines] == ["4", "5", "6"]


def test_a_list_is_one_number_a_row_or_a_workbook(run: Run, tmp_path: Path) -> None:
    plain = tmp_path / "list.txt"
    plain.write_text("JT0006968326954\nJT0006968326955\n", encoding="utf-8")
    assert run("numbers", "import", "JT", plain, "--json").rows()[0]["added"] == 2
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Tracking No", "x"], ["JT0006968326956", 1], ["JT0006968326957", 2]):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    assert run("numbers", "import", "JT", tmp_path / "list.xlsx", "--json").rows()[0]["added"] == 2
    wide = tmp_path / "wide.csv"
    wide.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "[numbers.no_column]" in run("numbers", "import", "JT", wide).err


def test_stock_marks_and_gaps(run: Run) -> None:
    run("numbers", "add", "YTO", FIRST, "--count", "10", "--pool", "paper")
    run("numbers", "add", "YTO", "YT5500000000021", "--count", "5", "--pool", "paper")
    done = run("numbers", "mark", "YTO", "VOID", FIRST, "YT5500000000002", "--reason", "torn")
    assert done.code == 0
    paper = next(r for r in run("numbers", "stock", "--json").rows() if r["pool"] == "paper")
    assert (paper["free"], paper["void"], paper["total"], paper["low"]) == (13, 2, 15, True)
    assert "LOW" in run("numbers", "stock").out
    assert "10 numbers are missing between" in run("numbers", "gaps").out
    (void,) = run("numbers", "list", "--state", "void", "--limit", "1", "--json").rows()
    assert (void["number"], void["reason"]) == (FIRST, "torn")
    assert "[numbers.unknown_state]" in run("numbers", "list", "--state", "gone").err
    done = run("numbers", "mark", "YTO", "VOID", FIRST, "--reason", "again")
    assert "[store.illegal_move]" in done.err
    warned = [r for r in run("doctor", "--json").rows() if r["name"] == "numbers"]
    assert [r["level"] for r in warned] == ["warning"]


def test_an_invoice_is_held_against_what_was_handed_over(run: Run, tmp_path: Path) -> None:
    run("numbers", "add", "YTO", FIRST, "--count", "3")
    run("numbers", "mark", "YTO", "VOID", FIRST, "--reason", "torn")
    path = tmp_path / "bill.csv"
    path.write_text(
        f"运单号,运费\n{FIRST},3.20\nYT9999999999999,8.00\nYT9999999999999,8.00\n合计,\n",
        encoding="utf-8",
    )
    done = run("numbers", "invoice", "YTO", path, "--json")
    (told,) = done.rows()
    assert done.code == 1
    assert told["counts"]["never_used"] == 1
    assert told["amounts"]["never_used"] == "3.20"
    assert told["counts"]["unknown"] == 2
    assert "billed, but not known here" in run("numbers", "invoice", "YTO", path).out
    assert "[numbers.bad_month]" in run("numbers", "invoice", "YTO", path, "--month", "8").err
    assert run("numbers", "invoice", "YTO", path, "--month", "2026-12").code == 1
