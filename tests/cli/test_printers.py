"""``packstation printers`` and ``packstation reprint``: set up, tried, proved, listed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from packstation.cli import main
from packstation.settings import load_settings
from tests.app.shop import ONE, PACK, Station


def run(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words, "--data", str(data), "--language", "en"])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_printer_is_set_up_tried_and_proved(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = ("printers", "add", "lab", "--address", "virtual", "--stock", "76x130")
    assert run(data, capsys, *added)[0] == 0
    assert run(data, capsys, "printers", "use", "label", "lab")[0] == 0
    assert load_settings(data / "settings.toml").printers.label == "lab"
    code, out, _ = run(data, capsys, "printers", "test", "lab", "--json")
    made = json.loads(out)
    assert (code, made["outcome"]) == (0, "CONFIRMED")
    assert run(data, capsys, "printers", "prove", made["code"])[0] == 0
    _, out, _ = run(data, capsys, "printers", "list", "--json")
    rows = {row["key"]: row for row in map(json.loads, out.splitlines())}
    assert rows["lab"]["proved_at"] is not None
    assert rows["lab"]["uses"] == ["label", "bag", "pick_list"]
    assert run(data, capsys, "printers", "roll", "lab", "37")[0] == 0
    _, out, _ = run(data, capsys, "printers", "list")
    assert "37" in out
    code, _, err = run(data, capsys, "printers", "remove", "lab")
    assert (code, "printer.in_use" in err) == (1, True)
    assert run(data, capsys, "printers", "calibrate", "lab")[0] == 0


def test_a_label_of_which_no_byte_left_is_told_as_not_printed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:  # bound, never listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        assert run(data, capsys, "printers", "add", "far", "--address", address)[0] == 0
        code, out, err = run(data, capsys, "printers", "test", "far")
    assert code == 1
    assert "FAILED" in out
    assert err.splitlines() == ["Printer not found [printer.not_found]", "Nothing was printed."]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("prove", "PSTEST00000000"), "printer.unknown_test"),
        (("test", "nobody"), "printer.unknown"),
        (("add", "x", "--address", "lpt1"), "settings.unknown_printer"),
        (("give-up", "nothing"), "store.no_such_job"),
        (("settle", "nothing", "yes"), "store.no_such_job"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], problem: str
) -> None:
    code, out, err = run(data, capsys, "printers", *words)
    assert (code, out) == (1, "")
    assert f"[{problem}]" in err


def test_the_queue_and_the_print_journal_name_the_printer(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = Station(data)
    station.scan(*PACK)
    station.close()
    _, out, _ = run(data, capsys, "printers", "queue", "--json")
    (row,) = map(json.loads, out.splitlines())
    assert (row["subject"], row["printer"], row["outcome"]) == (ONE, "virtual", "CONFIRMED")
    _, out, _ = run(data, capsys, "print-jobs", "--json")
    (job,) = map(json.loads, out.splitlines())
    assert (job["printer"], job["batch"], job["spoiled"]) == ("virtual", "", "")
    assert run(data, capsys, "reprint", "label", ONE, "--reason", "damaged")[0] == 0
    _, out, _ = run(data, capsys, "print-jobs")
    assert "damaged" in out
    assert run(data, capsys, "printers", "models")[0] == 0
