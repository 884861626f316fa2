"""Dots: pictures, escpos pieces and PNG files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from packstation.errors import ComposeError
from packstation.printing import escpos
from packstation.printing.barcodes import modules, product_symbology
from packstation.printing.bitmap import Bitmap, stack
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Document,
    Frame,
    Line,
    Symbology,
    Text,
)
from packstation.printing.escpos import DotLine, PlainLine
from packstation.printing.raster import ensure_gui_application, has_glyph, rasterize, text_width_mm
from tests.printing.paper import seen_by_zbar, seen_by_zxing


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def dots(*elements: Text | Line | Frame | Block | Barcode) -> Bitmap:
    return rasterize(Document(50, 25, elements), 8)


def test_png_shows_the_same_dots() -> None:
    bitmap = Bitmap.from_dots(np.random.default_rng(1).random((31, 45)) < 0.5)
    image = Image.open(io.BytesIO(bitmap.png()))
    assert image.size == (45, 31)
    assert np.array_equal(np.asarray(image.convert("L")) == 0, bitmap.dots())
    assert Image.open(io.BytesIO(bitmap.png(margin=5))).size == (55, 41)


def test_narrow_pictures_keep_to_the_left_of_a_stack() -> None:
    black = Bitmap.from_dots(np.ones((2, 8), dtype=np.bool_))
    stacked = stack([black, Bitmap.blank(16, 1)], 16)
    assert stacked.dots().sum() == 16
    assert stacked.dots()[:2, :8].all()


def test_lines_frames_and_blocks_stand_where_they_should() -> None:
    block = dots(Block(Box(1, 1, 2, 3))).dots()
    assert block.sum() == 16 * 24
    assert block[8:32, 8:24].all()
    assert dots(Line(0, 1, 50, 1, thickness_mm=0.25)).dots()[8:10].all()
    assert dots(Line(1, 0, 1, 25)).dots()[:, 8:10].all()
    dashed = dots(Line(0, 1, 50, 1, dash_mm=1)).dots()[8]
    assert dashed[:8].all()
    assert not dashed[8:16].any()
    assert dots(Frame(Box(0, 0, 50, 25))).dots()[2:-2, 2:-2].sum() == 0


@pytest.mark.parametrize("align", list(Align))
@pytest.mark.parametrize(
    ("symbology", "text"),
    [
        (Symbology.CODE128, "AB-12345"),
        (Symbology.EAN13, "2000000000015"),
        (Symbology.QR, "PSMANIFEST:MF1:" + "ab" * 16),
    ],
)
def test_every_symbology_reads_back(symbology: Symbology, text: str, align: Align) -> None:
    bitmap = dots(Barcode(symbology, text, Box(1, 1, 48, 23), 0.5, 0.25, align))
    assert seen_by_zxing(bitmap) == {text}
    assert seen_by_zbar(bitmap) == {text}


@pytest.mark.parametrize("text", ["", "中", "A\n", "A" * 49, " A"])
def test_text_that_no_scanner_types_back_is_refused(text: str) -> None:
    with pytest.raises(ComposeError):
        modules(Symbology.CODE128, text)


def test_wrong_check_digit_is_refused_as_ean_and_drawn_as_code128() -> None:
    with pytest.raises(ComposeError):
        modules(Symbology.EAN13, "2000000000011")
    assert product_symbology("2000000000011") is Symbology.CODE128
    assert product_symbology("商品") is None


def test_barcode_too_wide_for_its_box_is_refused() -> None:
    with pytest.raises(ComposeError) as refusal:
        dots(Barcode(Symbology.CODE128, "A" * 40, Box(0, 0, 50, 10)))
    assert refusal.value.code == "print.barcode_does_not_fit"


def test_text_stays_inside_its_box_and_obeys_its_alignment() -> None:
    for align in Align:
        box = Box(10, 5, 30, 6)
        black = dots(Text("gÅ区y", box, 4.5, align=align, anchor=Anchor.MIDDLE)).dots()
        rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
        assert 5 * 8 <= rows[0] <= rows[-1] < 11 * 8
        assert 10 * 8 <= columns[0] <= columns[-1] < 40 * 8
        middle = (columns[0] + columns[-1]) / 16
        assert {Align.LEFT: middle < 22, Align.CENTRE: 24 < middle < 26, Align.RIGHT: middle > 28}[
            align
        ]


def test_glyphs_of_rare_names_are_known() -> None:
    assert all(has_glyph(char) for char in "㐂𠮷䶮區誠A é")
    assert not has_glyph("\U000e7fff")


def test_width_grows_with_the_words() -> None:
    assert 0 < text_width_mm("一", 4) < text_width_mm("一二", 4)


def test_plain_receipt_line_must_be_ascii_and_fit() -> None:
    for text in ("中", "a\x1b", "x" * 49):
        with pytest.raises(ComposeError):
            escpos.encode([PlainLine(text)], head_dots=576)


def test_raster_header_counts_its_bytes() -> None:
    payload = escpos.encode([DotLine(Bitmap.blank(576, 500))], head_dots=576)
    for rows in (240, 20):
        head = b"\x1dv0\x00" + (72).to_bytes(2, "little") + rows.to_bytes(2, "little")
        assert head + bytes(72 * rows) in payload
