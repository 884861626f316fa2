"""The handover receipt: text, raster, cut and drawer, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from packstation.devices.escpos_reader import read_escpos
from packstation.errors import ComposeError
from packstation.printing.escpos import Drawer, Knife
from packstation.printing.handover_receipt import BagCount, Receipt, render_receipt
from packstation.printing.jobs import PrintJobBytes
from packstation.printing.raster import ensure_gui_application
from packstation.printing.words import words_for
from tests.printing.paper import RECEIPT, receipt_printer, seen_by_zbar, seen_by_zxing


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def printed(receipt: Receipt, language: str = "en") -> PrintJobBytes:
    return render_receipt(receipt, receipt_printer(), words_for(language))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("carrier_name", ["中通快递", "ZTO Express"])
def test_printer_shows_the_preview(language: str, carrier_name: str) -> None:
    job = printed(replace(RECEIPT, carrier_name=carrier_name), language)
    read = read_escpos(job.payload)
    assert (read.cuts, read.pulses) == (0, 0)
    assert read.commands[0] == "ESC @"
    assert read.bitmap(576).same_as(job.bitmap)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_manifest_and_digest_are_scannable(language: str) -> None:
    picture = read_escpos(printed(RECEIPT, language).payload).bitmap(576)
    expected = {"MF20250304-0007", "PSMANIFEST:MF20250304-0007:" + "c0ffee12" * 8}
    assert seen_by_zxing(picture) == expected
    assert seen_by_zbar(picture) == expected


def test_bags_counts_and_chain_head_are_said() -> None:
    lines = [line.text for line in read_escpos(printed(RECEIPT).payload).lines]
    assert "  1  PSBAG00000012" + " " * 27 + "128" in lines
    assert "  2  PSBAG00000013" + " " * 28 + "96" in lines
    assert "3fa9 01bc 3fa9 01bc 3fa9 01bc 3fa9 01bc" in lines
    assert RECEIPT.parcel_count == 224


def test_plain_english_goes_in_the_printers_own_font() -> None:
    receipt = replace(RECEIPT, carrier_name="ZTO Express", courier="Li Lei")
    lines = [line.text for line in read_escpos(printed(receipt).payload).lines]
    assert "Courier     Li Lei" in lines
    assert "Closed      2025-03-04 15:28:00 Asia/Shanghai" in lines


def test_same_receipt_gives_the_same_bytes() -> None:
    assert printed(RECEIPT, "zh").payload == printed(RECEIPT, "zh").payload


def test_reprint_is_marked() -> None:
    original, reprint = printed(RECEIPT), printed(replace(RECEIPT, copy=2))
    assert original.bitmap.dots()[:72].mean() < 0.2
    assert reprint.bitmap.dots()[:72].mean() > 0.5


def test_drawer_opens_and_paper_is_cut_only_when_asked() -> None:
    words = words_for("en")
    job = render_receipt(RECEIPT, receipt_printer(), words, drawer=Drawer.OPEN)
    assert (read_escpos(job.payload).cuts, read_escpos(job.payload).pulses) == (0, 1)
    job = render_receipt(RECEIPT, receipt_printer(), words, knife=Knife.CUT)
    assert (read_escpos(job.payload).cuts, read_escpos(job.payload).pulses) == (1, 0)
    assert read_escpos(job.payload).bitmap(576).same_as(job.bitmap)


def test_raster_comes_in_pieces_of_240_rows() -> None:
    read = read_escpos(printed(RECEIPT, "zh").payload)
    assert max(raster.height for raster in read.rasters) <= 240


@pytest.mark.parametrize(
    "nasty", ["\x1b@\x1dV\x00", "A\nB\x10\x04", "\x1bp\x00\x19\x19", "區\x7f\x9b"]
)
def test_no_name_becomes_a_command(nasty: str) -> None:
    receipt = replace(RECEIPT, courier=nasty, shop=nasty, operator=nasty, station=nasty)
    for language in ("zh", "en"):
        read = read_escpos(printed(receipt, language).payload)
        assert (read.cuts, read.pulses) == (0, 0)
        assert read.commands.count("ESC @") == 1


def test_hundred_bags_fit_on_the_roll() -> None:
    bags = tuple(BagCount(f"PSBAG{n:08d}", n) for n in range(100))
    lines = read_escpos(printed(replace(RECEIPT, bags=bags)).payload).lines
    assert sum("PSBAG" in line.text for line in lines) == 100


def test_handover_without_bags_has_no_receipt() -> None:
    with pytest.raises(ComposeError) as refusal:
        printed(replace(RECEIPT, bags=()))
    assert refusal.value.code == "print.empty_receipt"


def test_manifest_number_must_be_scannable() -> None:
    with pytest.raises(ComposeError):
        printed(replace(RECEIPT, manifest="清单7"))


def test_names_too_long_for_the_roll_are_refused_not_cut() -> None:
    with pytest.raises(ComposeError):
        printed(replace(RECEIPT, courier="长" * 80))


def test_preview_is_a_png_of_the_paper() -> None:
    assert printed(RECEIPT).png().startswith(b"\x89PNG")


def test_bag_code_beyond_ascii_is_drawn() -> None:
    bags = (BagCount("袋-1", 3),)
    job = printed(replace(RECEIPT, bags=bags))
    assert not any("PSBAG" in line.text for line in read_escpos(job.payload).lines)
    assert read_escpos(job.payload).bitmap(576).same_as(job.bitmap)
