"""The test label and the calibration sheet, on every stock and both finenesses of dots."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from packstation.core.codes import CodeKind, read
from packstation.devices.language_readers import read_picture
from packstation.devices.tspl_reader import read_tspl
from packstation.devices.zpl_reader import read_zpl
from packstation.errors import ComposeError, DeviceError
from packstation.printing.bitmap import Bitmap
from packstation.printing.languages import encode
from packstation.printing.media import (
    Language,
    PrinterProfile,
    Sensing,
    Tuning,
    load_printer,
    load_printers,
    load_stocks,
    stock_of,
)
from packstation.printing.raster import ensure_gui_application, has_glyph, rasterize
from packstation.printing.test_label import (
    RARE,
    Trial,
    calibration_command,
    compose_calibration,
    compose_trial,
    unshifted,
)
from tests.printing.paper import RESOURCES, grey

CODE = "PSTEST20250304"
STOCKS = load_stocks(RESOURCES / "media")
SIZES = [(one.key, dots) for one in STOCKS for dots in (8, 12)] + [("70x100", 8), ("40x60", 12)]


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def trial(key: str, dots: int = 8, tuning: Tuning | None = None) -> Trial:
    stock = stock_of(RESOURCES / "media", key)
    name = {8: "generic-tspl-203", 12: "generic-tspl-300"}[dots]
    if stock.height_mm is None:
        name = "escpos-80" if stock.width_mm > 50 else "escpos-58"
    printer = load_printer(RESOURCES / "printers", name)
    return Trial(CODE, "打包台 1 热敏", printer, stock, tuning or Tuning())


def drawn(tried: Trial) -> Bitmap:
    return rasterize(compose_trial(tried), tried.printer.dots_per_mm)


def codes(bitmap: Bitmap) -> tuple[Counter[str], Counter[str]]:
    """Kinds of codes that two decoders see, with the test code in each."""
    picture = grey(bitmap)
    by_zxing = zxingcpp.read_barcodes(picture)
    by_zbar = pyzbar.decode(Image.fromarray(picture))
    assert {found.text for found in by_zxing} == {CODE}
    assert {found.data.decode("ascii") for found in by_zbar} == {CODE}
    kinds = (Counter(str(one.format) for one in by_zxing), Counter(one.type for one in by_zbar))
    return kinds


@pytest.mark.parametrize(("key", "dots"), SIZES)
def test_two_decoders_read_both_codes_of_a_test_label(key: str, dots: int) -> None:
    if key == "40x60":
        return  # see the next test
    tried = trial(key, dots)
    by_zxing, by_zbar = codes(drawn(tried))
    assert sum(by_zxing.values()) == 2, by_zxing
    assert by_zbar == {"CODE128": 1, "QRCODE": 1}
    assert read(CODE).kind is CodeKind.TEST


def test_paper_too_narrow_for_the_code_is_refused() -> None:
    with pytest.raises(ComposeError) as refusal:
        drawn(trial("40x60"))
    assert refusal.value.code == "print.barcode_does_not_fit"


@pytest.mark.parametrize(("key", "dots"), [pair for pair in SIZES if pair[0] != "40x60"])
def test_the_frame_is_one_millimetre_inside_the_paper(key: str, dots: int) -> None:
    tried = trial(key, dots)
    fine = tried.printer.dots_per_mm
    ink = drawn(tried).dots()
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert (rows[0], columns[0]) == (fine, fine)
    assert ink.shape[0] - rows[-1] - 1 == fine
    assert ink.shape[1] - columns[-1] - 1 == fine


@pytest.mark.parametrize("printer", load_printers(RESOURCES / "printers"), ids=lambda one: one.key)
def test_every_model_prints_its_test_label_on_its_usual_paper(printer: PrinterProfile) -> None:
    stock = stock_of(RESOURCES / "media", printer.stock)
    tried = Trial(CODE, "x", printer, stock, Tuning())
    bitmap = rasterize(compose_trial(tried), printer.dots_per_mm)
    picture = read_picture(encode(bitmap, stock, printer), printer)
    assert np.array_equal(picture.dots()[: bitmap.height], bitmap.dots())
    codes(picture)


@pytest.mark.parametrize(
    "tuning",
    [
        Tuning(offset_x_mm=x, offset_y_mm=y)
        for x, y in ((2, 0), (-2, 0), (0, 2), (0, -2), (1.5, 1.5))
    ],
)
@pytest.mark.parametrize("key", ["100x150", "60x40"])
def test_an_offset_loses_no_ink_of_the_test_label(key: str, tuning: Tuning) -> None:
    tried = trial(key, 8, tuning)
    bitmap = drawn(tried)
    printed = read_picture(encode(bitmap, tried.stock, tried.printer, tuning), tried.printer)
    assert printed.dots().sum() == bitmap.dots().sum()
    codes(printed)


def test_rare_characters_of_names_are_on_it() -> None:
    assert all(has_glyph(char) for char in RARE)
    assert set("㐂𠮷䶮區誠") <= set(RARE)
    texts = [getattr(one, "text", "") for one in compose_trial(trial("100x150")).elements]
    assert any(RARE in text for text in texts)
    for said in ("打包台 1 热敏", "generic-tspl-203", "100×150 mm 间隙 gap", CODE):
        assert said in texts
    assert "偏移 offset 1.5, -0.5 mm" in [
        getattr(one, "text", "")
        for one in compose_trial(
            trial("50x30", 8, Tuning(offset_x_mm=1.5, offset_y_mm=-0.5))
        ).elements
    ]


@pytest.mark.parametrize(("key", "dots"), SIZES)
def test_calibration_strokes_begin_at_every_edge(key: str, dots: int) -> None:
    tried = trial(key, dots, Tuning(offset_x_mm=2))
    fine = tried.printer.dots_per_mm
    bitmap = rasterize(compose_calibration(tried), fine)
    ink = bitmap.dots()
    for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]):
        assert edge.any()
    # The stair from the left: a stroke of one dot at each millimetre.
    row = ink[bitmap.height // 2, : 5 * fine + 1]
    assert [int(place) for place in np.flatnonzero(row)] == [mm * fine for mm in range(6)]
    payload = encode(bitmap, tried.stock, tried.printer, unshifted(tried.tuning))
    picture = read_picture(payload, tried.printer).dots()
    assert np.array_equal(picture[: bitmap.height], ink)


def test_measuring_the_paper_is_no_part_of_any_label() -> None:
    printers = load_printers(RESOURCES / "printers")
    told = {
        (one.language, sensing): calibration_command(one, sensing)
        for one in printers
        for sensing in Sensing
    }
    assert {command for command in told.values() if command} == {
        b"GAPDETECT\r\n",
        b"BLINEDETECT\r\n",
        b"~JC\n",
    }
    for (language, sensing), command in told.items():
        measures = language in (Language.TSPL, Language.ZPL)
        assert bool(command) is (measures and sensing is not Sensing.CONTINUOUS)
    for reader in (read_tspl, read_zpl):
        for command in set(told.values()):
            with pytest.raises(DeviceError):
                reader(command)


def test_a_label_for_another_head_stays_within_its_reach() -> None:
    tried = dataclasses.replace(
        trial("100x150"), printer=load_printer(RESOURCES / "printers", "escpos-80")
    )
    assert tried.reach_mm == 72
    ink = drawn(tried).dots()
    assert not ink[:, 72 * 8 :].any()
