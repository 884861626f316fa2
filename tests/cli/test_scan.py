"""``packstation scan``: one answer for each line, in order, whatever stands in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from packstation import cli
from packstation.errors import StoreError
from tests.app.shop import HAND_OVER, ITEM, LABEL, MANIFEST, ONE, PACK, TWO, UNITS
from tests.cli.conftest import Run
from tests.conftest import ROOT

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("PACKSTATION")},
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "QT_QPA_PLATFORM": "offscreen",
    "PYTHONPATH": str(ROOT),
}
KEYS = [
    *("n", "scan", "verdict", "phase", "order", "sku", "needed", "scanned", "missing", "reason"),
    *("bag", "manifest", "messages", "effects", "repaired", "other"),
]


def lines(*scans: str) -> bytes:
    return "".join(f"{scan}\n" for scan in scans).encode()


def test_an_order_is_packed_line_by_line(run: Run) -> None:
    done = run("scan", "-", "--json", stdin=lines(*PACK))
    assert (done.code, done.err) == (0, "")
    rows = done.rows()
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [row["verdict"] for row in rows] == ["ORDER_OPENED", "ORDER_COMPLETE", "SEALED"]
    assert [row["phase"] for row in rows] == ["SCANNING", "CONFIRMING", "IDLE"]
    label = {"kind": "PrintLabel", "tracking_number": LABEL, "copy": 1}
    assert rows[1] | {"effects": [label]} == rows[1]
    assert (rows[1]["order"], rows[1]["needed"], rows[1]["missing"]) == (ONE, 1, 0)


def test_a_file_of_scans_and_words_for_people(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scans.txt"
    path.write_bytes(lines(*PACK, "PSCMDBAG"))
    done = run("scan", path)
    assert done.code == 0
    assert len(done.out.splitlines()) == 4
    assert "BAG OPEN" in done.out


def test_papers_of_the_dock_are_shown(run: Run) -> None:
    scans = [*PACK, TWO, *UNITS, "YT0000000000001", *HAND_OVER]
    rows = run("scan", "-", "--json", stdin=lines(*scans)).rows()
    kinds = [effect["kind"] for row in rows for effect in row["effects"]]
    assert kinds == ["PrintLabel", "PrintLabel", "PrintBagLabel", "PrintReceipt"]
    assert rows[-1]["manifest"] == MANIFEST


def test_every_line_gets_an_answer_however_odd(run: Run) -> None:
    stdin = (
        b"\xef\xbb\xbf" + f"{ONE}\r\n".encode() + b"\r\n" + b"\n" + b"\xff\xfe\x00\n"
        b"  \n" + b"\x1b[2J\x07\n" + "扫码\n".encode() + b"x" * 100_000 + b"\n" + ITEM.encode()
    )
    done = run("scan", "-", "--json", stdin=stdin)
    assert (done.code, done.err) == (0, "")
    rows = done.rows()
    assert [row["n"] for row in rows] == list(range(1, 10))
    assert rows[0]["verdict"] == "ORDER_OPENED", "the mark at the beginning is no part of it"
    assert {row["verdict"] for row in rows[1:8]} <= {"UNKNOWN_CODE", "OUT_OF_PLACE"}
    assert all(row["reason"] for row in rows[1:8])
    assert rows[8]["verdict"] == "ORDER_COMPLETE", "the last line needs no end"


def test_a_station_goes_on_where_the_last_command_left_it(run: Run) -> None:
    run("scan", "-", "--json", stdin=lines(ONE))
    (row,) = run("scan", "-", "--json", stdin=lines(ITEM)).rows()
    assert row["verdict"] == "ORDER_COMPLETE"
    assert run("scan", "-", stdin=b"").code == 0


def test_a_label_that_just_sealed_its_parcel_does_not_also_bag_it(run: Run) -> None:
    rows = run("scan", "-", "--json", stdin=lines("PSCMDBAG", *PACK, LABEL)).rows()
    assert rows[3]["verdict"] == "SEALED"
    assert rows[4]["verdict"] in ("REPEATED_SCAN", "BAGGED"), "a slow machine is no double trigger"


def test_a_failed_save_is_the_last_answer_and_exit_1(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("store.disk_full", "The disk is full.")

    monkeypatch.setattr("packstation.store.recorder.apply", fail)
    done = run("scan", "-", "--json", stdin=lines("PSCMDBAG", ONE, ITEM))
    assert done.code == 1
    (row,) = done.rows()
    assert (row["verdict"], row["reason"], row["effects"]) == ("NOT_SAVED", "cannot_save", [])


def test_a_file_that_is_not_there_is_told_on_standard_error(run: Run, tmp_path: Path) -> None:
    done = run("scan", tmp_path / "no.txt")
    assert (done.code, done.out) == (1, "")
    assert "no.txt" in done.err
    assert "Traceback" not in done.err


def test_a_closed_standard_input_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from packstation.cli import commands

    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(Exception, match="nothing to read scans from"):
        commands._opened("-")


def process(*arguments: str | Path, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "packstation", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT | more,
    )


def test_who_reads_no_further_ends_the_program_without_a_word(data: Path) -> None:
    with process("scan", "-", "--json", "--data", data) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdin.write(lines(ONE))
        program.stdin.flush()
        assert json.loads(program.stdout.readline())["verdict"] == "ORDER_OPENED"
        program.stdout.close()
        program.stdin.write(lines(*[ITEM] * 50))
        program.stdin.close()
        assert program.wait(30) == 1
        assert program.stderr.read() == b""


def test_a_poor_code_page_ends_nothing(data: Path) -> None:
    with process("scan", "-", "--data", data, PYTHONIOENCODING="ascii") as program:
        out, err = program.communicate("扫码\n☃\n".encode(), timeout=60)
    assert (program.returncode, err) == (0, b"")
    assert len(out.splitlines()) == 2


def test_ctrl_c_ends_with_130(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("packstation.cli.commands.run", interrupt)
    assert cli.main(["doctor", "--data", str(data)]) == 130
