"""Every language: what goes in comes out of its strict reader, dot for dot, and nothing else."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.devices.cpcl_reader import read_cpcl
from packstation.devices.epl_reader import read_epl
from packstation.devices.escpos_reader import read_escpos
from packstation.devices.language_readers import read_picture
from packstation.devices.tspl_reader import read_tspl
from packstation.devices.zpl_reader import read_zpl
from packstation.errors import ComposeError, DeviceError
from packstation.printing.bitmap import Bitmap
from packstation.printing.languages import encode
from packstation.printing.media import (
    Language,
    Media,
    PrinterProfile,
    RasterForm,
    Sensing,
    Tuning,
    load_media,
    load_printer,
    load_printers,
    stock_of,
)
from packstation.printing.zpl import MAX_GRAPHIC_BYTES
from tests.printing.paper import RESOURCES

PRINTERS = load_printers(RESOURCES / "printers")
LABELS = [one for one in PRINTERS if one.language is not Language.ESCPOS]
LABEL = load_media(RESOURCES / "media", "100x150")
SMALL = load_media(RESOURCES / "media", "50x30")
ROLL = load_media(RESOURCES / "media", "receipt-80")


def printer(key: str) -> PrinterProfile:
    return load_printer(RESOURCES / "printers", key)


def noise(width: int, height: int, seed: int, share: float) -> Bitmap:
    return Bitmap.from_dots(np.random.default_rng(seed).random((height, width)) < share)


def spotted(stock: Media, model: PrinterProfile, seed: int, share: float) -> Bitmap:
    return noise(model.dots(stock.width_mm), model.dots(stock.height_mm or 30), seed, share)


@pytest.mark.parametrize("model", PRINTERS, ids=lambda one: one.key)
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1 << 30),
    share=st.sampled_from([0.0, 0.0001, 0.01, 0.5, 0.999, 1.0]),
    width=st.integers(20, 48),
    height=st.integers(10, 45),
)
def test_any_picture_comes_back_dot_for_dot(
    model: PrinterProfile, seed: int, share: float, width: int, height: int
) -> None:
    stock = Media("own", "own", width, height, 2)
    bitmap = noise(model.dots(stock.width_mm), model.dots(stock.height_mm or 0), seed, share)
    if model.language is Language.ESCPOS:
        stock = dataclasses.replace(stock, height_mm=None, gap_mm=0, sensing=Sensing.CONTINUOUS)
    picture = read_picture(encode(bitmap, stock, model), model).dots()
    assert np.array_equal(picture[: bitmap.height, : bitmap.width], bitmap.dots())
    assert not picture[bitmap.height :].any()
    assert not picture[:, bitmap.width :].any()


@pytest.mark.parametrize("model", PRINTERS, ids=lambda one: one.key)
@pytest.mark.parametrize("stock", ["100x150", "76x130-mark", "70x100-continuous"])
def test_large_labels_come_back_dot_for_dot(model: PrinterProfile, stock: str) -> None:
    media = stock_of(RESOURCES / "media", stock)
    bitmap = spotted(media, model, 3, 0.02).dots()
    bitmap[:, model.head_dots :] = False
    picture = read_picture(encode(Bitmap.from_dots(bitmap), media, model), model).dots()
    common = (slice(bitmap.shape[0]), slice(min(bitmap.shape[1], picture.shape[1])))
    assert np.array_equal(picture[common], bitmap[common])


@pytest.mark.parametrize("model", LABELS, ids=lambda one: one.key)
def test_the_printer_is_told_how_the_edge_is_found(model: PrinterProfile) -> None:
    said = {
        Language.TSPL: {
            Sensing.GAP: b"\nGAP 2 mm,0 mm\r\n",
            Sensing.MARK: b"\nBLINE 3 mm,0 mm\r\n",
            Sensing.CONTINUOUS: b"\nGAP 0 mm,0 mm\r\n",
        },
        Language.ZPL: {
            Sensing.GAP: b"\n^MNY\n",
            Sensing.MARK: b"\n^MNM\n",
            Sensing.CONTINUOUS: b"\n^MNN\n",
        },
        Language.EPL: {
            Sensing.GAP: b"\nQ800,16\n",
            Sensing.MARK: b"\nQ800,B24+0\n",
            Sensing.CONTINUOUS: b"\nQ800,0\n",
        },
        Language.CPCL: {
            Sensing.GAP: b"\nGAP-SENSE\r\n",
            Sensing.MARK: b"\nBAR-SENSE\r\n",
            Sensing.CONTINUOUS: b"\r\nPRINT\r\n",
        },
    }[model.language]
    for sensing, words in said.items():
        suffix = {Sensing.GAP: ""}.get(sensing, f"-{sensing.value}")
        stock = stock_of(RESOURCES / "media", f"70x100{suffix}")
        payload = encode(spotted(stock, model, 1, 0.001), stock, model)
        assert words in b"\n" + payload
        assert sum(other in b"\n" + payload for other in said.values()) == 1 + (
            model.language is Language.CPCL and sensing is not Sensing.CONTINUOUS
        )


def test_form_feeds_to_the_edge_only_where_there_is_one() -> None:
    model = printer("cpcl-203")
    for key, fed in (("70x100", True), ("70x100-continuous", False)):
        stock = stock_of(RESOURCES / "media", key)
        assert (b"FORM\r\n" in encode(spotted(stock, model, 1, 0.001), stock, model)) is fed


@pytest.mark.parametrize(
    ("key", "tuning", "said"),
    [
        ("generic-tspl-203", Tuning(darkness=100), b"DENSITY 15\r\n"),
        ("generic-tspl-203", Tuning(darkness=50), b"DENSITY 8\r\n"),
        ("generic-tspl-203", Tuning(speed_mm_s=100), b"SPEED 4\r\n"),
        ("zebra-zpl-203", Tuning(darkness=0), b"~SD00\n^XA\n"),
        ("zebra-zpl-203", Tuning(darkness=100), b"~SD30\n^XA\n"),
        ("zebra-zpl-203", Tuning(speed_mm_s=9), b"^PR2\n"),
        ("epl2-203", Tuning(darkness=100), b"\nD15\n"),
        ("epl2-203", Tuning(speed_mm_s=500), b"\nS4\n"),
        ("cpcl-203", Tuning(darkness=70), b"CONTRAST 2\r\n"),
    ],
)
def test_darkness_and_speed_are_steps_of_the_model(key: str, tuning: Tuning, said: bytes) -> None:
    model = printer(key)
    bitmap = spotted(SMALL, model, 1, 0.01)
    assert said in encode(bitmap, SMALL, model, tuning)
    plain = encode(bitmap, SMALL, model)
    left_alone = re.search(rb"DENSITY|SPEED|~SD|\^PR|\n[DS]\d|CONTRAST", plain)
    assert left_alone is None, "what nobody set is left as the printer has it"


def test_cpcl_speeds_are_numbered_from_zero() -> None:
    model = dataclasses.replace(printer("cpcl-203"), speeds_mm_s=(25, 50, 75))
    payload = encode(spotted(SMALL, model, 1, 0.01), SMALL, model, Tuning(speed_mm_s=60))
    assert b"SPEED 1\r\n" in payload
    assert read_cpcl(payload).labels


@pytest.mark.parametrize("key", ["generic-tspl-203", "zebra-zpl-203", "escpos-80"])
def test_paper_is_cut_only_where_it_was_set_and_there_is_a_cutter(key: str) -> None:
    words = (b"CUT\r\n", b"^MMC\n", b"\x1dV\x00")
    stock = ROLL if key == "escpos-80" else SMALL
    model = printer(key)
    with_cutter, without = (dataclasses.replace(model, cutter=has) for has in (True, False))
    bitmap = spotted(stock, model, 1, 0.01)
    for one, tuning, cut in (
        (with_cutter, Tuning(cut=True), True),
        (with_cutter, Tuning(), False),
        (without, Tuning(cut=True), False),
    ):
        payload = encode(bitmap, stock, one, tuning)
        assert any(word in payload for word in words) is cut
        assert read_picture(payload, one)


def test_a_drawer_opens_only_when_it_was_set() -> None:
    model = printer("escpos-80")
    bitmap = spotted(ROLL, model, 1, 0.01)
    assert read_escpos(encode(bitmap, ROLL, model)).pulses == 0
    assert read_escpos(encode(bitmap, ROLL, model, Tuning(drawer=True))).pulses == 1


@pytest.mark.parametrize("model", PRINTERS, ids=lambda one: one.key)
def test_an_offset_moves_the_ink_and_never_cuts_it(model: PrinterProfile) -> None:
    stock = ROLL if model.language is Language.ESCPOS else SMALL
    width = min(model.dots(stock.width_mm), model.head_dots)
    dots = np.zeros((model.dots(30), model.dots(stock.width_mm)), dtype=np.bool_)
    edge = model.dots(2)
    dots[edge : edge + 9, edge:-edge] = True
    dots[:, width - edge :] = False
    bitmap = Bitmap.from_dots(dots)
    moved = Tuning(offset_x_mm=-1.5, offset_y_mm=1)
    picture = read_picture(encode(bitmap, stock, model, moved), model).dots()
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    assert rows[0] == edge + model.dots(1)
    assert columns[0] == edge - model.dots(1.5)
    assert picture.sum() == dots.sum()
    for far, side in (
        (Tuning(offset_x_mm=-3), "left"),
        (Tuning(offset_x_mm=3), "right"),
        (Tuning(offset_y_mm=-3), "top"),
        (Tuning(offset_y_mm=29), "bottom"),
    ):
        if stock.height_mm is None and side == "bottom":
            continue
        with pytest.raises(ComposeError, match=rf"mm of the print .* {side} edge") as refusal:
            encode(bitmap, stock, model, far)
        assert refusal.value.code == "print.off_paper"
        assert refusal.value.facts["side"] == side
    with pytest.raises(ComposeError, match=r"1\.0 mm of the print"):
        encode(bitmap, stock, model, Tuning(offset_x_mm=-3))


def test_white_beyond_the_head_is_left_out_and_ink_there_refused() -> None:
    model = printer("escpos-58")
    wide = np.zeros((40, 576), dtype=np.bool_)
    wide[3, 383] = True
    assert read_escpos(encode(Bitmap.from_dots(wide), ROLL, model), head_dots=384).rasters
    wide[3, 384] = True
    with pytest.raises(ComposeError, match=r"0\.1 mm of the print"):
        encode(Bitmap.from_dots(wide), ROLL, model)


def test_a_picture_of_another_size_is_laid_in_the_corner_or_refused() -> None:
    model = printer("virtual-tspl")
    read = read_tspl(encode(noise(80, 80, 1, 0.5), SMALL, model)).labels[0].bitmap
    assert (read.width, read.height) == (400, 240)
    with pytest.raises(ComposeError):
        encode(noise(401, 240, 1, 1.0), SMALL, model)
    white = read_tspl(encode(Bitmap.blank(900, 900), SMALL, model)).labels[0].bitmap
    assert (white.width, white.height) == (400, 240)


def test_zpl_pictures_stay_within_the_bytes_of_one_field() -> None:
    for key in ("zebra-zpl-203", "zpl-acs-203", "zpl-hex-203", "zebra-zpl-300"):
        model = printer(key)
        payload = encode(spotted(LABEL, model, 5, 0.3), LABEL, model)
        counts = [int(count) for count in re.findall(rb"\^GFA,(\d+),", payload)]
        assert max(counts) <= MAX_GRAPHIC_BYTES
        assert sum(counts) >= model.dots(100) * model.dots(150) // 8 - 100


def test_zpl_rows_come_in_pieces_where_the_model_asks_for_them() -> None:
    model = dataclasses.replace(printer("zebra-zpl-203"), max_rows=64)
    bitmap = spotted(SMALL, model, 4, 0.2)
    payload = encode(bitmap, SMALL, model)
    assert payload.count(b"^GFA") == 4
    assert read_zpl(payload).labels[0].bitmap.same_as(bitmap)


@pytest.mark.parametrize("form", [RasterForm.FULL, RasterForm.BANDS, RasterForm.HEX])
@pytest.mark.parametrize("key", ["virtual-tspl", "virtual-epl", "virtual-cpcl"])
@pytest.mark.parametrize("max_rows", [0, 64])
def test_every_form_of_rows_shows_the_same(key: str, form: RasterForm, max_rows: int) -> None:
    model = dataclasses.replace(printer(key), form=form, max_rows=max_rows)
    bitmap = spotted(SMALL, model, 9, 0.001)
    assert read_picture(encode(bitmap, SMALL, model), model).same_as(bitmap)


@pytest.mark.parametrize("count", [3, 19, 20, 21, 39, 40, 399, 400, 401, 800, 1999])
def test_zpl_repeat_counts_say_every_number(count: int) -> None:
    model = dataclasses.replace(printer("zpl-acs-203"), head_dots=16000)
    dots = np.zeros((3, (count + 2) * 4), dtype=np.bool_)
    dots[0, : count * 4] = True
    dots[1:, 2] = True
    stock = Media("own", "own", dots.shape[1] / 8, 3 / 8, 2)
    bitmap = Bitmap.from_dots(dots)
    assert read_zpl(encode(bitmap, stock, model)).labels[0].bitmap.same_as(bitmap)


def test_a_print_component_takes_no_pictures() -> None:
    model = dataclasses.replace(printer("virtual-tspl"), language=Language.COMPONENT)
    with pytest.raises(ComposeError) as refusal:
        encode(noise(8, 8, 1, 0.5), SMALL, model)
    assert refusal.value.code == "print.wrong_language"
    with pytest.raises(DeviceError):
        read_picture(b"{}", model)


def test_a_job_in_another_language_is_never_understood() -> None:
    payloads = {
        one.language: encode(spotted(ROLL if one.key == "virtual-escpos" else SMALL, one, 1, 0.1),
                             ROLL if one.key == "virtual-escpos" else SMALL, one)
        for one in PRINTERS
        if one.key.startswith("virtual-")
    }  # fmt: skip
    assert len(payloads) == 5
    for one in PRINTERS:
        for language, payload in payloads.items():
            if language is not one.language:
                with pytest.raises(DeviceError) as refusal:
                    read_picture(payload, one)
                assert refusal.value.code == "printer.not_understood"


def test_each_language_prints_exactly_once() -> None:
    for key, read in (("epl2-203", read_epl), ("cpcl-203", read_cpcl), ("zpl-hex-203", read_zpl)):
        model = printer(key)
        job = read(encode(spotted(SMALL, model, 1, 0.1), SMALL, model))
        assert [label.copies for label in job.labels] == [1]
        assert (job.labels[0].width_mm, job.labels[0].height_mm) == (50, 30)
