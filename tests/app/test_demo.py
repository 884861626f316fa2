"""The sample shop: set up once, played once, and never in a folder where people work."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from packstation.app import demo
from packstation.app.scan_feed import ScanFeed
from packstation.core.status import Verdict
from packstation.errors import PackStationError, StoreError
from packstation.i18n import Translator
from tests.app.shop import ONE, Station, no_thread_left
from tests.conftest import ROOT

EXPECTED = ROOT / "tests" / "data" / "samples" / "shift-verdicts.csv"


@pytest.fixture(scope="module")
def played(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("played") / "data"))
    with no_thread_left():
        assert demo.run_demo(folder, headless=True, translator=Translator("en")) == 0
    return folder


def test_the_sample_shift_is_answered_as_it_was_written_down(station: Station) -> None:
    said = []
    for scan in demo.shift():
        answer = station.ask(scan)
        reason = answer.reason.value if answer.reason else ""
        said.append((scan, answer.verdict.value, reason))
    with EXPECTED.open(encoding="utf-8") as file:
        assert said == [tuple(row) for row in csv.reader(file)][1:]


def test_the_demo_shows_its_paper_its_events_and_a_whole_chain(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = {path.suffix for path in (played / "paper").iterdir()}
    assert paper == {".bin", ".png"}
    assert (played / "pick-list.pdf").read_bytes().startswith(b"%PDF")
    assert (played / "sample-receiver.jsonl").read_text(encoding="utf-8").count("\n") == 30


def test_a_second_run_in_the_same_folder_packs_nothing_twice(
    played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(played, tmp_path / "data"))
    before = sorted(path.name for path in (folder / "virtual-label-printer").iterdir())
    assert demo.run_demo(folder, headless=True, translator=Translator("en")) == 0
    out = capsys.readouterr().out
    assert "played here before" in out
    assert "acknowledged by the shop: 0" in out
    assert sorted(path.name for path in (folder / "virtual-label-printer").iterdir()) == before
    station = Station(folder)
    facts = station.facts()
    assert (facts.count("handover_closed"), facts.count("bag_opened")) == (2, 2)
    station.close()


def test_a_set_up_that_was_cut_off_is_gone_on_with(data: Path) -> None:
    (data / "settings.toml").unlink()  # it comes last
    demo.set_up(data)
    station = Station(data)
    assert station.facts().count("numbers_added") == 2
    assert station.scan(ONE) == [Verdict.ORDER_OPENED]
    station.close()


def test_a_folder_of_another_shop_is_left_alone(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    settings = other / "settings.toml"
    settings.write_text('language = "en"\n', encoding="utf-8")
    with pytest.raises(PackStationError, match="Another shop") as caught:
        demo.set_up(other)
    assert caught.value.code == "demo.not_a_sample"
    (data / "settings.toml").unlink()
    monkeypatch.setattr(demo, "shift", lambda: iter(["not-an-order-of-it"]))
    with no_thread_left(), pytest.raises(PackStationError, match="Another shop"):
        demo.set_up(data)
    assert not (data / "settings.toml").exists()


def test_a_shift_that_cannot_be_saved_ends_at_once_with_1(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("store.disk_full", "The disk is full.")

    monkeypatch.setattr("packstation.store.recorder.outbox.add", fail)
    with no_thread_left():
        assert demo.run_demo(data, headless=True, translator=Translator("en")) == 1
    assert "NOT SAVED" in capsys.readouterr().out


def test_paper_of_a_scan_that_was_not_saved_is_not_shown() -> None:
    feed = ScanFeed()
    feed.shown = [{"kind": "PrintBagLabel", "bag": "PSBAG01000001"}]
    from packstation.core.effects import Answer
    from packstation.core.status import Phase

    feed.answer = Answer(None, Verdict.NOT_SAVED, Phase.IDLE)
    assert feed._told().verdict is Verdict.NOT_SAVED
    assert feed.shown == []
    feed.answer = None
    with pytest.raises(TimeoutError):
        feed._told()
