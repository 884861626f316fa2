"""Every command: what it answers, where it says so, and with which exit code."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pysqlite3 import dbapi2 as sqlite3

from packstation import cli
from packstation.app.demo import samples
from packstation.app.receipts import claims_of
from packstation.cli import commands
from packstation.exchange.sample_receiver import Misdeed, SampleReceiver, Trick
from tests.app.shop import HAND_OVER, ITEM, MANIFEST, ONE, PACK, TWO, UNITS, Station
from tests.cli.conftest import Run
from tests.conftest import ROOT

SIDE_FILES = ("-wal", "-shm")
"""SQLite makes them for whoever looks, empty."""
JOURNEYS = ROOT / "tests" / "data" / "journeys"


@pytest.fixture(scope="session")
def handed_over(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one closed handover and one order more that is sealed."""
    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("closed") / "data"))
    station = Station(folder)
    station.scan(*PACK, *HAND_OVER, TWO, *UNITS, "YT0000000000001")
    assert station.house.paper_done()
    station.close()
    return folder


@pytest.fixture
def closed(handed_over: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(handed_over, tmp_path / "closed"))


def digest(folder: Path) -> dict[str, str]:
    """Return what every file of a folder holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "logs" not in path.parts and not path.name.endswith(SIDE_FILES)
    }


WRONG_USAGE: list[tuple[str, ...]] = [
    ("nonsense",),
    ("scan",),
    ("import",),
    ("numbers",),
    ("numbers", "add", "YTO"),
    ("numbers", "add", "YTO", "YT7700000000001"),
    ("numbers", "add", "YTO", "YT7700000000001", "--count", "many"),
    ("numbers", "next", "YTO", "YT7700000000001", "--count", "0"),
    ("numbers", "next", "YTO", "YT7700000000001", "--count", "-3"),
    ("orders", "--limit", "0"),
    ("pick-list",),
    ("receipt",),
    ("receipt", "verify"),
    ("journal",),
    ("command-sheet",),
    ("bench", "--orders", "-1"),
    ("doctor", "--language", "tlh"),
]


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_2_and_said_on_standard_error(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "usage: packstation" in done.err


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("import", "no-such.csv"), ""),
    (("import", "--explain", "--settings", "no-such.json", "no-such.csv"), ""),
    (("import", "--zone", "Moon/Sea", str(samples() / "orders.csv")), ""),
    (("release", "nothing"), "orders.not_found"),
    (("release", ONE), "orders.not_held"),
    (("numbers", "add", "NOBODY", "1", "--count", "1"), "numbers.unknown_carrier"),
    (("numbers", "add", "YTO", "YT1", "--count", "1"), "numbers.does_not_fit"),
    (("numbers", "add", "YTO", "YT7700000000001", "--count", "0"), "numbers.bad_count"),
    (("numbers", "add", "YTO", "YT0000000000050", "--count", "1"), "numbers.duplicate"),
    (("numbers", "next", "NOBODY", "1"), "numbers.unknown_carrier"),
    (("numbers", "next", "YTO", "nonsense"), "numbers.does_not_fit"),
    (("numbers", "check", "nonsense", "--carrier", "NOBODY"), "numbers.unknown_carrier"),
    (("pick-list", "nothing", "--out", "x.pdf"), "orders.not_found"),
    (("pick-list", "--out", "no/such/folder/x.pdf"), "app.cannot_write"),
    (("receipt", "verify", "no-such.bin"), "os.error"),
    (("receipt", "verify", str(samples() / "orders.csv")), "receipt.unreadable"),
    (("receipt", "reprint", "PSM01000077"), "store.no_such_job"),
    (("command-sheet", "--out", "no/such/folder/x.pdf"), "os.error"),
    (("sync", "--once"), "sync.no_address"),
    (("sync", "--once", "--url", "http://example.test/"), "sync.url_refused"),
]


@pytest.mark.parametrize(("arguments", "code"), REFUSED, ids=lambda x: " ".join(x)[:60])
def test_what_is_refused_is_1_with_one_sentence_and_its_code(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.strip().splitlines()) == 1
    assert f"[{code}" in done.err
    assert "Traceback" not in done.err


LOOKS: list[tuple[str, ...]] = [
    ("orders",),
    ("orders", "--status", "sealed"),
    ("orders", "--search", ONE),
    ("numbers", "list"),
    ("numbers", "check", "YT7700000000001"),
    ("manifests",),
    ("print-jobs",),
    ("journal", "verify"),
    ("journal", "export"),
    ("doctor",),
]


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_looking_answers_on_standard_output_only_and_changes_nothing(
    run: Run, closed: Path, arguments: tuple[str, ...]
) -> None:
    before = digest(closed)
    done = run(*arguments, folder=closed)
    assert (done.code, done.err) == (0, "")
    assert done.out
    if "export" not in arguments:
        as_json = run(*arguments, "--json", folder=closed)
        assert (as_json.code, as_json.err) == (0, "")
        assert as_json.rows()
    assert digest(closed) == before


@pytest.mark.parametrize("arguments", [x for x in LOOKS if x[:2] != ("numbers", "check")])
def test_an_empty_folder_is_told_and_stays_empty(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    folder = tmp_path / "new"
    done = run(*arguments, folder=folder)
    assert done.code == (0 if arguments == ("doctor",) else 1)
    assert "store.no_data" in done.err or arguments == ("doctor",)
    assert not folder.exists()


def test_the_folder_is_named_before_or_after_the_command_or_by_the_environment(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = str(data)
    told = []
    for words in (
        ["--data", there, "numbers", "list", "--json"],
        ["numbers", "--data", there, "list", "--json"],
        ["numbers", "list", "--json", "--data", there],
        ["--data", "/nowhere", "numbers", "list", "--json", "--data", there],
    ):
        assert cli.main(words) == 0
        told.append(capsys.readouterr().out)
    monkeypatch.setenv("PACKSTATION_DATA", there)
    assert cli.main(["numbers", "list", "--json"]) == 0
    told.append(capsys.readouterr().out)
    assert len(set(told)) == 1
    monkeypatch.delenv("PACKSTATION_DATA")
    assert cli.data_folder(None).name == "packstation"
    assert cli.data_folder("~/x").is_absolute()


def test_an_import_tells_what_it_took_and_the_same_file_changes_nothing(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    first = run("import", JOURNEYS / "orders.csv", "--json", folder=folder)
    (report,) = first.rows()
    assert (first.code, first.err) == (0, "")
    assert (report["accepted"], report["refused"]) == (8, [])
    again = run("import", JOURNEYS / "orders.csv", folder=folder)
    assert again.code == 0
    assert "imported before" in again.out
    assert "0 orders new" in again.out


def test_refused_rows_are_named_with_file_row_and_reason(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("订单号,商品编码,商品名称,数量\nB1,PEN,A pen,-2\nB2,PEN,A pen,1\n", "utf-8")
    done = run("import", path)
    assert done.code == 0
    assert "bad.csv, row 2: refused" in done.out
    assert run("orders", "--search", "B1", "--json").out.count("\n") <= 1


def test_explain_stores_nothing(run: Run, tmp_path: Path, data: Path) -> None:
    folder, before = tmp_path / "new", digest(data)
    for where in (folder, data):
        done = run("import", "--explain", JOURNEYS / "orders.csv", folder=where)
        assert done.code == 0
        (answer,) = done.rows()
        assert answer
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert run("import", "--explain", empty, folder=folder).code == 0, "refused is an answer too"
    assert not folder.exists()
    assert digest(data) == before


def test_numbers_are_added_listed_counted_on_and_checked(run: Run) -> None:
    done = run("numbers", "add", "圆通速递", "YT7700000000001", "--count", "3")
    assert (done.code, done.out) == (0, "3 numbers added: YT7700000000001 to YT7700000000003.\n")
    last = run("numbers", "list", "--json").rows()[-1]
    assert (last["carrier"], last["free"]) == ("YTO", 3)
    following = run("numbers", "next", "YTO", "YT7700000000009", "--count", "2")
    assert following.out.split() == ["YT7700000000010", "YT7700000000011"]
    checked = run("numbers", "check", "YT7700000000001", "what", "--json")
    assert checked.code == 1
    assert [row["valid"] for row in checked.rows()] == [True, False]
    assert run("numbers", "check", "YT7700000000001", "--carrier", "YTO").code == 0


def test_a_folder_without_numbers_or_fitting_orders_says_so(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    run("import", JOURNEYS / "orders.csv", folder=folder)
    assert "No block" in run("numbers", "list", folder=folder).err
    none = run("orders", "--search", "nothing", folder=folder)
    assert (none.code, none.out) == (0, "")
    assert "No order" in none.err


def test_a_held_order_is_released(run: Run) -> None:
    run("scan", "-", stdin=f"{ONE}\nPSCMDHOLD\n".encode())
    assert run("release", ONE).code == 0
    (row,) = run("scan", "-", "--json", stdin=f"{ONE}\n".encode()).rows()
    assert row["verdict"] == "ORDER_OPENED"


def test_lists_for_paper_are_written(run: Run, tmp_path: Path) -> None:
    for words in (("pick-list",), ("pick-list", ONE), ("command-sheet",)):
        path = tmp_path / f"{len(words)}-{words[0]}.pdf"
        done = run(*words, "--out", path)
        assert (done.code, done.err) == (0, "")
        assert str(path) in done.out
        assert path.read_bytes().startswith(b"%PDF")


def test_print_jobs_save_bytes_and_pictures_under_harmless_names(
    run: Run, closed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "saved" / "here"
    rows = run("print-jobs", "--json", "--save", folder, folder=closed).rows()
    assert [row["kind"] for row in rows] == ["label", "bag", "receipt", "label"]
    assert rows[0]["order"] == ONE
    for row in rows:
        assert Path(row["file"]).parent == folder
        assert Path(row["picture"]).read_bytes().startswith(b"\x89PNG")
    assert str(folder) in run("print-jobs", "--save", folder, folder=closed).out


def test_a_right_receipt_is_right_and_a_tampered_one_is_not(
    run: Run, closed: Path, tmp_path: Path
) -> None:
    run("print-jobs", "--save", tmp_path / "saved", folder=closed)
    (receipt,) = (tmp_path / "saved").glob("receipt-*.bin")
    for path in (receipt, receipt.with_suffix(".png")):
        done = run("receipt", "verify", path, folder=closed)
        assert (done.code, done.err) == (0, "")
        assert "is right: 1 bags, 1 parcels" in done.out
    (known,) = claims_of(receipt)
    forged = tmp_path / "forged.txt"
    forged.write_text(f"PSMANIFEST:{known.manifest}:{known.digest[::-1]}", "utf-8")
    done = run("receipt", "verify", forged, folder=closed)
    assert (done.code, done.out) == (1, "")
    assert "receipt.differs" in done.err
    unknown = tmp_path / "unknown.txt"
    unknown.write_text(f"PSMANIFEST:PSM01000099:{'0' * 64}", "utf-8")
    assert "store.no_such_manifest" in run("receipt", "verify", unknown, folder=closed).err


def test_a_receipt_is_printed_again_and_says_so_only_when_it_came_out(
    run: Run, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("receipt", "reprint", MANIFEST, folder=closed)
    assert done.code == 0
    assert "printed again" in done.out
    settings = closed / "settings.toml"
    text = settings.read_text("utf-8").replace('receipt = "virtual"', 'receipt = "/no/printer"')
    settings.write_text(text, "utf-8")
    monkeypatch.setattr("packstation.devices.job_sender.time.sleep", lambda seconds: None)
    failed = run("receipt", "reprint", MANIFEST, folder=closed)
    assert (failed.code, failed.out) == (1, "")
    assert "did not come out" in failed.err
    jobs = run("print-jobs", "--json", folder=closed).rows()
    receipts = [(row["copy"], row["outcome"]) for row in jobs if row["kind"] == "receipt"]
    assert receipts == [(1, "CONFIRMED"), (2, "CONFIRMED"), (3, "FAILED")]


def test_manifests_name_bags_and_inner_parcels(run: Run, closed: Path) -> None:
    (row,) = run("manifests", "--json", folder=closed).rows()
    assert (row["manifest"], row["count"], row["bags"][0]["parcels"]) == (MANIFEST, 1, 1)
    assert len(row["inner"]) == 1


def test_an_edited_journal_is_found_where_it_breaks(run: Run, closed: Path) -> None:
    with sqlite3.connect(closed / "packstation.db") as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("UPDATE journal SET body = replace(body, ?, ?)", (ITEM, ITEM[::-1]))
    db.close()
    done = run("journal", "verify", folder=closed)
    assert (done.code, done.err) == (1, "")
    assert "Entry" in done.out
    (row,) = run("journal", "verify", "--json", folder=closed).rows()
    assert row["clean"] is False
    assert row["breaks"]


def test_the_journal_is_exported_entry_by_entry(run: Run, closed: Path) -> None:
    rows = run("journal", "export", folder=closed).rows()
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


def test_doctor_tells_broken_settings_with_their_line_and_1(run: Run, data: Path) -> None:
    (data / "settings.toml").write_text("[printers\n", "utf-8")
    done = run("doctor")
    assert (done.code, done.err) == (1, "")
    assert "settings" in done.out
    assert run("orders").code == 1
    assert "settings.unreadable" in run("scan", "-").err


def test_sync_sends_what_waits_and_tells_what_is_left(
    run: Run, closed: Path, tmp_path: Path
) -> None:
    mood: list[Misdeed | None] = [Misdeed(Trick.STATUS, status=503)]
    path = tmp_path / "received.jsonl"
    with SampleReceiver(path, look=lambda headers, body: mood[0]) as receiver:
        down = run("sync", "--once", "--url", receiver.url, folder=closed)
        assert down.code == 1
        assert "Not everything was sent: http_503" in down.err
        mood[0] = Misdeed(Trick.REJECT)
        assert run("sync", "--once", "--url", receiver.url, folder=closed).code == 1
        mood[0] = None
        done = run("sync", "--once", "--url", receiver.url, "--retry-parked", folder=closed)
        assert done.code == 0
        assert "2 orders are sent again." in done.err
        assert "0 waiting, 0 parked" in done.out
        assert run("sync", "--once", "--url", receiver.url, folder=closed).out.startswith("0 ")


def test_an_error_that_nobody_foresaw_is_a_sentence_and_a_place_in_the_log(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ValueError("a buyer's name")

    monkeypatch.setitem(commands.COMMANDS, "doctor", fail)
    done = run("doctor")
    assert (done.code, done.out) == (1, "")
    assert "[app.unexpected]" in done.err
    assert "buyer" not in done.err
    log = [
        json.loads(line)
        for line in (data / "logs" / "packstation.jsonl").read_text("utf-8").splitlines()
    ]
    assert log[-1]["error"]["class"] == "ValueError"
    assert "buyer" not in json.dumps(log)


def test_without_a_screen_the_window_says_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packstation.app.start.has_display", lambda: False)
    done = run()
    assert (done.code, done.out) == (1, "")
    assert "demo --headless" in done.err


def test_with_a_screen_the_window_is_opened_on_the_folder(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def open_window(*words: Any) -> int:
        opened.append(words)
        return 0

    monkeypatch.setattr("packstation.app.start.has_display", lambda: True)
    monkeypatch.setattr("packstation.app.window.open_window", open_window)
    assert run().code == 0
    assert opened == [(data, "en")]


def test_the_demo_plays_in_the_folder_it_is_given(run: Run, tmp_path: Path) -> None:
    first = run("demo", "--headless", folder=tmp_path / "demo")
    assert (first.code, first.err) == (0, "")
    again = run("demo", "--headless", folder=tmp_path / "demo")
    assert (again.code, again.err) == (0, "")
    assert "played here before" in again.out


def test_the_bench_is_called_with_its_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[dict[str, Any]] = []

    def run_bench(**words: Any) -> int:
        called.append(words)
        return 0

    monkeypatch.setattr("packstation.app.bench.run_bench", run_bench)
    assert run("bench", "--orders", "7", "--json").code == 0
    assert called == [{"orders": 7, "as_json": True}]


def test_an_error_in_chinese(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["numbers", "next", "NOBODY", "1", "--language", "zh_CN"]) == 1
    assert "NOBODY" in (told := capsys.readouterr().err)
    assert "carrier" not in told.partition("[")[0]
