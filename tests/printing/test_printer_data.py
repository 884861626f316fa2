"""Printer models and paper as data: guessed from a printer's own words, wrong files named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packstation.errors import ComposeError, DataFileError
from packstation.printing.media import (
    Language,
    Sensing,
    guess_model,
    load_media,
    load_printer,
    load_printers,
    load_stocks,
    stock_of,
)
from tests.printing.paper import RESOURCES

MEDIA, MODELS = RESOURCES / "media", RESOURCES / "printers"
PRINTERS = load_printers(MODELS)


@pytest.mark.parametrize(
    ("device_id", "model"),
    [
        ("MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC GK420d-200dpi ZPL;CLS:PRINTER;", "zebra-zpl-203"),
        ("MFG:Zebra Technologies;CMD:EPL,ZPL;MDL:ZP 505;", "zebra-zpl-203"),
        ("MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC GX430t-300dpi ZPL;", "zebra-zpl-300"),
        ("MFG:Zebra;CMD:EPL;MDL:LP2844;CLS:PRINTER;", "epl2-203"),
        ("MFG:TSC;CMD:TSPL2;MDL:TE200;CLS:PRINTER;", "generic-tspl-203"),
        ("MFG:TSC;CMD:TSPL2;MDL:TE310;CLS:PRINTER;", "generic-tspl-300"),
        ("MFG:Munbyn;CMD:TSPL;MDL:RW403B;CMT:Label Printer;", "generic-tspl-203"),
        ("MFG:4BARCODE;CMD:TSPL2;MDL:3B-363B;CLS:PRINTER;", "generic-tspl-203"),
        ("MFG:MARKLIFE ;CMD:XPP,XL;MDL:X4;CLS:PRINTER;DES:LABEL PRINTER;", "generic-tspl-203"),
        ("MFG: ;CMD:XPP,XL;MDL:PM-241-BT;CLS:PRINTER;DES:PM-241-BT;", "generic-tspl-203"),
        ("MFG:Xprinter;CMD:TSPL,ESC/POS;MDL:XP-350B;", "generic-tspl-203"),
        ("MFG:Xprinter;MDL:XP-58;CMD:ESC/POS;", "escpos-58"),
        ("MANUFACTURER:Printer;MODEL:POS-80;COMMAND SET:ESC/POS;CLASS:PRINTER;", "escpos-80"),
        ("mfg:EPSON;cmd:ESC/POS;mdl:TM-T20II;cls:PRINTER;", "escpos-80"),
        ("MFG:Zebra;CMD:CPCL;MDL:ZQ520;", "cpcl-203"),
        # 7.1 dots/mm: no model of ours fits.
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;", ""),
        ("MFG:Printer;MDL:USB Printing Support;CLS:PRINTER;", ""),
        ("MFG:HP;MDL:LaserJet Pro M428;CMD:PDF,PCL;", ""),
        ("MFG:TSPL;MDL:ZPL;", ""),
        ("garbage", ""),
        (";;;:::", ""),
        ("", ""),
    ],
)
def test_a_model_is_guessed_from_what_the_printer_says(device_id: str, model: str) -> None:
    assert guess_model(device_id, PRINTERS) == model


def test_two_models_that_fit_equally_well_are_no_guess() -> None:
    one = load_printer(MODELS, "escpos-58")
    assert guess_model("CMD:ESC/POS;MDL:XP-58;", [one]) == one.key
    assert guess_model("CMD:ESC/POS;MDL:XP-58;", [one, one]) == ""
    assert guess_model("CMD:ESC/POS;MDL:XP-58;", []) == ""


def test_every_language_has_a_model_and_a_virtual_printer() -> None:
    for language in Language:
        if language is not Language.COMPONENT:
            keys = [one.key for one in PRINTERS if one.language is language]
            assert f"virtual-{language.value}" in keys
            assert len(keys) >= 2
    for one in PRINTERS:
        assert (one.seen_on.startswith("simulated")) is one.key.startswith("virtual-")
        assert re.search(r"\d{4}", one.seen_on) or one.key.startswith("virtual-"), "a date"
        assert stock_of(MEDIA, one.stock).width_mm <= one.head_dots / one.dots_per_mm + 4
        assert not (one.ids and one.key.startswith("virtual-")), "never guessed"


def test_stocks_are_listed_labels_first() -> None:
    stocks = load_stocks(MEDIA)
    keys = [one.key for one in stocks]
    assert keys[:2] == ["100x180", "100x150"]
    assert {"76x130", "60x40", "50x30", "receipt-80", "receipt-58"} <= set(keys)
    assert {one.sensing for one in stocks} == set(Sensing)
    assert all(one.roll > 0 for one in stocks if one.key in ("100x150", "50x30"))


@pytest.mark.parametrize(
    ("key", "own", "gap", "sensing"),
    [
        ("70x100", "70x100", 2, Sensing.GAP),
        (" 70 X 100 ", "70x100", 2, Sensing.GAP),
        ("70×100-mark", "70x100-mark", 3, Sensing.MARK),
        ("70.5x100-continuous", "70.5x100-continuous", 0, Sensing.CONTINUOUS),
    ],
)
def test_own_sizes_are_paper_too(key: str, own: str, gap: float, sensing: Sensing) -> None:
    stock = stock_of(MEDIA, key)
    assert (stock.key, stock.gap_mm, stock.sensing) == (own, gap, sensing)
    assert stock_of(MEDIA, stock.key) == stock


def test_a_size_with_a_file_is_that_file() -> None:
    assert stock_of(MEDIA, "100x150") == load_media(MEDIA, "100x150")
    assert stock_of(MEDIA, "100x150").roll == 500


NONSENSE = ["", "x", "5x5", "19x50", "300x100", "70x9", "70x100-hole", "-70x100", "receipt-81"]
NONSENSE += ["../media/100x150", "١٠٠x١٥٠", "70 100"]


@pytest.mark.parametrize("key", NONSENSE)
def test_nonsense_is_no_paper_and_the_sentence_says_what_is(key: str) -> None:
    with pytest.raises(ComposeError, match="no paper") as refusal:
        stock_of(MEDIA, key)
    assert refusal.value.code == "print.unknown_stock"
    assert "20x10 and 220x500 mm" in refusal.value.message


@pytest.mark.parametrize(
    ("model", "old", "new", "key", "problem"),
    [
        ("zebra-zpl-203", 'form = "z64"', 'form = "bands"', "form", "does not write rows as bands"),
        ("zebra-zpl-203", 'form = "z64"', 'form = "zip"', "form", "is none of"),
        ("zebra-zpl-203", "[0, 30, 15]", "[0, 30]", "darkness", "lowest, highest and usual"),
        ("zebra-zpl-203", "[0, 30, 15]", "[0, 30, 31]", "darkness", "lowest, highest and usual"),
        ("zebra-zpl-203", "[0, 30, 15]", "[0, 30, 1.5]", "darkness", "list of whole numbers"),
        ("zebra-zpl-203", "[0, 30, 15]", "7", "darkness", "list of whole numbers"),
        ("zebra-zpl-203", "[51, 76", "[76, 51", "speeds_mm_s", "rising numbers"),
        ("zebra-zpl-203", "[51, 76", "[1, 76", "speeds_mm_s", "1 is not between 10 and 600"),
        ("zebra-zpl-203", 'status = "zpl"', 'status = "maybe"', "status", "is none of"),
        ("zebra-zpl-203", "['CMD:[^;]*ZPL']", "['CMD:[']", "ids", "is no pattern"),
        ("zebra-zpl-203", "['CMD:[^;]*ZPL']", "['']", "ids", "a list of texts"),
        ("zebra-zpl-203", "['CMD:[^;]*ZPL']", "'ZPL'", "ids", "a list of texts"),
        ("escpos-80", "cutter = true", "cutter = 1", "cutter", "true or false"),
        ("cpcl-203", "dots_per_mm = 8", "dots_per_mm = 12", "dots_per_mm", "CPCL printers have 8"),
        ("cpcl-203", 'stock = "76x130"', "cutter = true", "cutter", "no command that cuts"),
        ("cpcl-203", 'stock = "76x130"', 'stok = "76x130"', "stok", "unknown key"),
    ],
)
def test_a_wrong_model_is_named_with_key_and_line(
    tmp_path: Path, model: str, old: str, new: str, key: str, problem: str
) -> None:
    text = (MODELS / f"{model}.toml").read_text("utf-8")
    assert old in text
    changed = text.replace(old, new)
    (tmp_path / "p.toml").write_text(changed, "utf-8")
    with pytest.raises(DataFileError, match=re.escape(problem)) as refusal:
        load_printer(tmp_path, "p")
    assert refusal.value.facts["key"] == key
    line = changed.splitlines()[int(str(refusal.value.facts["line"])) - 1]
    assert line.startswith(key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("gap_mm = 2", "gap_mm"),
        ("height_mm = 50", "gap_mm"),
        ("height_mm = 50\ngap_mm = 2\nsensing = 'continuous'", "gap_mm"),
        ("gap_mm = 2\nsensing = 'gap'", "sensing"),
        ("height_mm = 50\ngap_mm = 2\nroll = -1", "roll"),
        ("height_mm = 50\ngap_mm = 2\nsensing = 'touch'", "sensing"),
    ],
)
def test_paper_that_cannot_be_is_named(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "m.toml").write_text(f'name = "x"\nwidth_mm = 50\n{text}\n', "utf-8")
    with pytest.raises(DataFileError) as refusal:
        load_media(tmp_path, "m")
    assert refusal.value.facts["key"] == key


def test_a_shape_is_the_same_within_two_percent() -> None:
    label, roll = stock_of(MEDIA, "100x150"), stock_of(MEDIA, "receipt-80")
    assert label.same_shape(50, 75)
    assert label.same_shape(101.6, 152.4)
    assert not label.same_shape(100, 155)
    assert not roll.same_shape(72, 100)
