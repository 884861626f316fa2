"""Label files through the real house, and the desk's answers about them."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packstation.app.demo import samples
from packstation.app.desk import Desk
from packstation.app.house import House
from packstation.app.label_intake import label_paper, take_labels
from packstation.core.imports import MAIN_SHOP
from packstation.core.status import PageState
from packstation.errors import ImportFileError, PackStationError
from packstation.exchange.label_limits import LabelPaper
from packstation.settings import Printers, PrinterSetup, Settings, ShopSettings
from packstation.store.label_file_reads import label_files, label_pages
from tests.app.test_desk import Pages
from tests.exchange.made_labels import label, pdf

NUMBERS = [f"YT880000000{n:04d}" for n in range(30)]


def file(folder: Path, name: str = "labels.pdf", numbers: list[str] = NUMBERS) -> Path:
    path = folder / name
    path.write_bytes(pdf([label(number) for number in numbers]))
    return path


def test_pages_are_drawn_for_the_shops_own_printer() -> None:
    settings = Settings(
        printers=Printers(label="big"),
        printer_setups={
            "big": PrinterSetup(stock="100x150"),
            "small": PrinterSetup(stock="76x130"),
        },
        shops={MAIN_SHOP: ShopSettings(printer="small")},
    )
    assert label_paper(settings, MAIN_SHOP) == LabelPaper(8, 608, 1040)
    assert label_paper(Settings(), MAIN_SHOP) == LabelPaper(8, 800, 1200)


def test_progress_counts_pages_of_every_file(data: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    paths = [file(tmp_path), file(tmp_path, "more.pdf", ["YT9900000000001"])]
    with House(data, name="test") as house:
        lines = take_labels(
            house, paths, MAIN_SHOP, progress=lambda done, known: told.append((done, known))
        )
    assert [(line.name, line.pages) for line in lines] == [("labels.pdf", 30), ("more.pdf", 1)]
    assert told[0] == (0, 30)
    assert told[-1] == (31, 31)
    assert told == sorted(told)


def test_a_cancelled_file_leaves_nothing(data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def progress(done: int, _known: int) -> None:
        if done >= 20:
            stop.set()

    with House(data, name="test") as house:
        before = house.store.db.rows("SELECT count(*) FROM people")
        with pytest.raises(ImportFileError) as caught:
            take_labels(
                house, [file(tmp_path)], MAIN_SHOP, progress=progress, cancelled=stop.is_set
            )
        assert caught.value.code == "labels.cancelled"
        assert label_files(house.store.db, 10) == ()
        assert house.store.db.rows("SELECT count(*) FROM people") == before


def test_the_same_file_under_another_name_is_refused_before_it_is_read(
    data: Path, tmp_path: Path
) -> None:
    told: list[int] = []
    with House(data, name="test") as house:
        take_labels(house, [file(tmp_path)], MAIN_SHOP)
        with pytest.raises(PackStationError) as caught:
            take_labels(
                house,
                [file(tmp_path, "copy.pdf")],
                MAIN_SHOP,
                progress=lambda done, _known: told.append(done),
            )
    assert caught.value.code == "labels.taken_already"
    assert "labels.pdf" in caught.value.message
    assert told == []


def test_the_desk_takes_lists_shows_and_takes_back(
    data: Path, pages: Pages, tmp_path: Path
) -> None:
    with House(data, name="test") as house:
        desk = Desk(house, pages.deliver)
        try:
            taken = pages.ask(
                desk.import_labels, [file(tmp_path)], MAIN_SHOP, lambda _done, _known: None
            )
            assert (taken[0].pages, taken[0].unmatched, taken[0].printed) == (30, 30, 0)
            assert pages.ask(desk.label_files, 10) == taken
            rows = pages.ask(desk.label_pages, taken[0].file)
            assert rows[4].codes == (NUMBERS[4],)
            assert {row.state for row in rows} == {PageState.UNMATCHED}
            picture = tmp_path / "page.png"
            picture.write_bytes(pages.ask(desk.page_preview, rows[4].page))
            shown = np.asarray(Image.open(picture).convert("L"))
            assert shown.shape == (1200, 800)
            assert pages.ask(desk.remove_labels, taken[0].file) is None
            assert pages.ask(desk.label_files, 10) == ()
        finally:
            desk.close()


def test_scans_are_answered_while_labels_come_in(data: Path, tmp_path: Path) -> None:
    waits: list[float] = []
    with House(data, name="test") as house:
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                begun = time.monotonic()
                house.call(lambda: None)
                waits.append(time.monotonic() - begun)
                time.sleep(0.005)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            take_labels(house, [file(tmp_path)], MAIN_SHOP)
        finally:
            done.set()
            asking.join()
    assert len(waits) > 20, "the store was free between the pages"


def test_the_sample_labels_find_the_sample_orders(data: Path) -> None:
    with House(data, name="test") as house:
        (line,) = take_labels(house, [samples() / "labels.pdf"], MAIN_SHOP)
        rows = label_pages(house.store.db, line.file)
    assert [(row.tracking_number, row.order) for row in rows] == [
        ("YT8800000000001", "main/202608010000001"),
        ("78800000000002", "main/202608010000002"),
        ("YT8800000000003", "main/202608010000003"),
        ("YT8800000000099", None),
    ]
