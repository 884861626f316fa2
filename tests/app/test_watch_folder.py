"""Files that come by themselves: taken once, when they are whole, in pairs where they are pairs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.app.desk import Desk
from packstation.app.watch_folder import OTHER_HALF_S, SUFFIXES, Watched, WatchFolder, being_written
from packstation.core.orders import ShopKey
from packstation.ui import backend as asked
from tests.app.shop import Station
from tests.app.test_desk import HEAD, MAIN, Pages
from tests.conftest import ROOT

PAIR = ROOT / "tests" / "data" / "exports" / "06_taobao_pair_gbk"


class Watch:
    """A real desk's imports behind a watcher whose looks and clock the test makes."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.folder = folder
        self.told: list[Watched] = []
        self.tried: list[tuple[str, ...]] = []
        self.now = 0.0
        self._desk = desk
        self.watcher = self.anew()

    def anew(self) -> WatchFolder:
        def take(paths: list[Path], shop: ShopKey) -> object:
            self.tried.append(tuple(path.name for path in paths))
            return self._desk._take_watched(paths, shop)

        return WatchFolder(
            {MAIN: self.folder},
            take=take,  # type: ignore[arg-type]
            known=self._desk._known,
            tell=self.told.append,
            clock=lambda: self.now,
        )

    def look(self, times: int = 4) -> list[Watched]:
        """Look several times; return what was told by it."""
        before = len(self.told)
        for _ in range(times):
            self.watcher.look()
        return self.told[before:]


@pytest.fixture
def watch(station: Station, tmp_path: Path) -> Iterator[Watch]:
    desk = Desk(station.house, Pages().deliver)
    folder = tmp_path / "exports"
    folder.mkdir()
    yield Watch(desk, folder)
    desk.close()


def export(folder: Path, name: str, *orders: str, word: str = "待发货") -> Path:
    rows = "".join(f"{one},{word},Ann,13900000006,1 Road,PEN,A pen,,1,ZTO\n" for one in orders)
    path = folder / name
    path.write_text(HEAD + rows, encoding="utf-8-sig")
    return path


def test_a_new_file_is_imported_once_and_stays_where_it_is(watch: Watch) -> None:
    path = export(watch.folder, "one.csv", "W1", "W2")
    content = path.read_bytes()
    (told,) = watch.look()
    assert told.error is None
    assert told.taken is not None
    assert (told.files, len(told.taken.report.accepted)) == (("one.csv",), 2)
    assert watch.look() == []
    assert path.read_bytes() == content
    watch.watcher = watch.anew()  # as after a new start: known by its content
    shutil.copy(path, watch.folder / "again.csv")
    assert watch.look() == []
    assert watch.tried == [("one.csv",)]


def test_a_file_that_grows_is_left_until_it_is_still(watch: Watch) -> None:
    path = export(watch.folder, "grows.csv", "G1")
    for number in range(2, 6):
        assert watch.look(2) == []
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"G{number},待发货,Ann,13900000006,1 Road,PEN,A pen,,1,ZTO\n")
    (told,) = watch.look()
    assert told.taken is not None
    assert len(told.taken.report.accepted) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is told so easily")
def test_a_file_that_is_open_for_writing_is_left(watch: Watch) -> None:
    path = export(watch.folder, "open.csv", "O1")
    with path.open("a", encoding="utf-8"):
        assert being_written(path)
        assert watch.look() == []
    assert not being_written(path)
    assert len(watch.look()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux")
def test_asking_who_writes_ends_no_program_when_somebody_begins_to(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("x", encoding="utf-8")
    program = (
        "import sys, threading, time\nfrom pathlib import Path\n"
        "from packstation.app.watch_folder import being_written\n"
        "p = Path(sys.argv[1]); end = time.monotonic() + 1.5\n"
        "def write():\n    while time.monotonic() < end:\n        open(p, 'a').close()\n"
        "threading.Thread(target=write).start()\n"
        "while time.monotonic() < end: being_written(p)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], env=environment, timeout=60, check=False
    )
    assert done.returncode == 0


def test_a_refused_file_is_told_once_and_tried_again_when_it_changes(watch: Watch) -> None:
    path = watch.folder / "wrong.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    (told,) = watch.look()
    assert told.error is not None
    assert told.error.code == "import.unknown_columns"
    watch.now += 10_000
    assert watch.look() == []
    assert len(watch.tried) == 1
    export(watch.folder, "wrong.csv", "R1")
    (told,) = watch.look()
    assert told.error is None


def test_other_files_are_no_exports(watch: Watch) -> None:
    for name in ("orders.csv.part", "~$orders.xlsx", ".orders.csv", "orders.pdf"):
        (watch.folder / name).write_text("x", encoding="utf-8")
    (watch.folder / "folder.csv").mkdir()
    (watch.folder / "link.csv").symlink_to(ROOT / "README.md")
    (watch.folder / "empty.csv").touch()
    assert watch.look() == []
    assert watch.tried == []


def halves() -> tuple[Path, Path]:
    one, other = sorted(path for path in PAIR.iterdir() if path.suffix in SUFFIXES - {".json"})
    return one, other


@pytest.mark.parametrize("swapped", [False, True])
def test_the_halves_of_a_pair_come_one_after_the_other(watch: Watch, swapped: bool) -> None:
    first, second = halves()[::-1] if swapped else halves()
    shutil.copy(first, watch.folder)
    assert watch.look() == []
    watch.now += OTHER_HALF_S - 1
    shutil.copy(second, watch.folder)
    (told,) = watch.look()
    assert told.error is None
    assert told.taken is not None
    assert told.taken.report.accepted
    assert set(told.files) == {first.name, second.name}
    watch.watcher = watch.anew()
    assert watch.look() == []


def test_a_half_that_stays_alone_says_which_columns_are_missing(watch: Watch) -> None:
    shutil.copy(halves()[0], watch.folder)
    assert watch.look() == []
    watch.now += OTHER_HALF_S
    (told,) = watch.look()
    assert told.error is not None
    assert told.error.code == "import.other_file_missing"
    assert watch.look() == []


def test_a_folder_that_is_not_there_is_told_once_and_watched_when_it_comes(watch: Watch) -> None:
    watch.folder.rmdir()
    (told,) = watch.look()
    assert told.error is not None
    assert told.error.facts["key"] == "shops.main.watch_folder"
    watch.folder.mkdir()
    export(watch.folder, "one.csv", "F1")
    (told,) = watch.look()
    assert told.error is None


def test_the_window_is_told_and_closing_ends_the_watcher(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from packstation.app import desk_imports, watch_folder

    monkeypatch.setattr(watch_folder, "EVERY_S", 0.02)
    folder = tmp_path / "exports"
    folder.mkdir()

    class Quick(WatchFolder):
        def __init__(self, _folders: object, **more: object) -> None:
            super().__init__({MAIN: folder}, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_imports, "WatchFolder", Quick)
    pages, told = Pages(), list[asked.WatchedFiles]()
    desk = Desk(station.house, pages.deliver)
    desk.on_watched(told.append)
    desk.watch()
    export(folder, "one.csv", "D1", "D2", "D3")
    until = time.monotonic() + 30
    while not told and time.monotonic() < until:
        pages.run()
        time.sleep(0.01)
    desk.close()
    assert [[path.name for path in one.files] for one in told] == [["one.csv"]]
    assert "watch_folder" in pages.rooms
