"""The diary: one JSON object a line, bounded on disk, and no canary of a person ever in it."""

from __future__ import annotations

import errno
import json
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packstation import logs
from packstation.core.orders import Person
from packstation.errors import DeviceError
from packstation.logs import FILE_NAME, LogFiles, Pii

CANARY_NAME, CANARY_PHONE, CANARY_STREET = "金丝雀某某", "13911112222", "金丝雀路 7 号"
log = logging.getLogger("packstation.test")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with LogFiles(tmp_path / "logs"):
        yield tmp_path / "logs"


def lines(folder: Path) -> list[dict[str, Any]]:
    text = (folder / FILE_NAME).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_record_is_one_json_object(folder: Path) -> None:
    log.info("label printed\nfor %s", "main/1", extra={"order": "main/1", "job": 7})
    log.debug("not kept")
    (line,) = lines(folder)
    assert line["message"] == "label printed\nfor main/1"
    assert (line["level"], line["place"]) == ("info", "packstation.test")
    assert (line["order"], line["job"]) == ("main/1", 7)
    assert line["at"].endswith("+00:00")


def test_no_canary_of_a_person_is_written(folder: Path) -> None:
    person = Person(name=CANARY_NAME, phone=CANARY_PHONE, address=CANARY_STREET)
    hidden = Pii(CANARY_NAME)
    log.warning("%s %r %s", hidden, person, f"{hidden:>10}", extra={"who": hidden, "p": person})
    log.warning("call %s or +86 139 1111 2222", CANARY_PHONE)
    log.warning("x", extra={"recipient": CANARY_NAME, "address": CANARY_STREET})

    def fails(name: str, street: str) -> None:
        local = name + street
        raise ValueError(f"cannot read {local}")

    for _ in range(2):
        try:
            fails(CANARY_NAME, CANARY_STREET)
        except ValueError:
            log.exception("failed")
    try:
        try:
            fails(CANARY_NAME, CANARY_STREET)
        except ValueError as error:
            raise DeviceError("device.lost", "The printer is gone.", job="7") from error
    except DeviceError:
        log.exception("failed")
    text = (folder / FILE_NAME).read_text(encoding="utf-8")
    for canary in (CANARY_NAME, CANARY_PHONE, "1111 2222", CANARY_STREET):
        assert canary not in text
    told = lines(folder)[-1]["error"]
    assert (told["class"], told["code"]) == ("DeviceError", "device.lost")
    assert told["cause"] == "ValueError"
    assert any("test_logs.py" in place for place in told["trace"])


@pytest.mark.parametrize("number", ["YT0000000000001", "202608010000001", "78600000000001"])
def test_order_and_tracking_numbers_are_written(folder: Path, number: str) -> None:
    log.info("sealed %s", number, extra={"order": number})
    (line,) = lines(folder)
    assert line["message"] == f"sealed {number}"
    assert line["order"] == number


def test_the_diary_never_eats_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_FILE", 20_000)
    with LogFiles(tmp_path):
        for number in range(2_000):
            log.info("%s", "x" * 200, extra={"number": number})
    files = list(tmp_path.iterdir())
    assert len(files) == 1 + logs.OLD_FILES
    assert sum(file.stat().st_size for file in files) <= 20_000 * (1 + logs.OLD_FILES)
    assert lines(tmp_path)[-1]["number"] == 1_999


def test_a_full_disk_costs_lines_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: object, record: logging.LogRecord) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(logs._BoundedFile, "shouldRollover", full)
        log.error("lost")
    log.error("kept")
    assert [line["message"] for line in lines(folder)] == ["kept"]
    assert capsys.readouterr().err == ""


def test_odd_values_do_not_break_a_line(folder: Path) -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    log.info("half \ud83d", extra={"broken": Broken(), "long": "y" * 20_000, "none": None})
    (first,) = lines(folder)
    assert first["broken"] == "<Broken>"
    assert len(first["long"]) < 9_000
    assert first["none"] is None
    misfit = logging.makeLogRecord({"msg": "no fit %d", "args": ("text",)})
    assert "no fit" in logs.JsonLines().format(misfit)


def test_only_the_owner_may_read_and_close_gives_back(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    files = LogFiles(tmp_path, level=logging.DEBUG)
    log.info("one")
    files.close()
    assert (root.handlers, root.level) == before
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_pii_hides_until_it_is_revealed() -> None:
    one = Pii("a")
    assert (repr(one), str(one), f"{one}") == ("***", "***", "***")
    assert one.reveal() == "a"
    assert one == Pii("a")
    assert len({one, Pii("a"), Pii("b")}) == 2
    with pytest.raises(TypeError):
        pickle.dumps(one)
