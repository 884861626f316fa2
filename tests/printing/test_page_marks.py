"""The mark of a reprint on labels that others have drawn."""

from __future__ import annotations

import numpy as np
import pytest
from pyzbar import pyzbar

from packstation.core.parcels import copy_code
from packstation.printing.barcodes import modules
from packstation.printing.bitmap import Bitmap
from packstation.printing.code_reader import codes_in
from packstation.printing.document import Symbology
from packstation.printing.page_marks import MARK_MM, free_place, mark_copy, mark_zpl
from packstation.printing.words import words_for

WORDS = words_for("zh")
CODE = copy_code("0199aaaa-bbbb-7ccc-8ddd-0123456789ab")
NUMBER = "YT8800000000001"


def a_label(dots_per_mm: int) -> Bitmap:
    """A label of 100 x 150 mm with a number, black but for one free place."""
    dots = np.ones((150 * dots_per_mm, 100 * dots_per_mm), dtype=np.bool_)
    dots[: 60 * dots_per_mm] = False
    wide = dots_per_mm * 3 // 8
    bars = np.repeat(modules(Symbology.CODE128, NUMBER).dark[0], wide)
    top, left = 10 * dots_per_mm, 8 * dots_per_mm
    dots[top : top + 30 * dots_per_mm, left : left + len(bars)] = bars
    x, y = 30 * dots_per_mm, 100 * dots_per_mm
    dots[y : y + 9 * dots_per_mm, x : x + 40 * dots_per_mm] = False
    return Bitmap.from_dots(dots)


def both_readers(bitmap: Bitmap) -> tuple[set[str], set[str]]:
    grey = np.where(bitmap.dots(), 0, 255).astype(np.uint8)
    first = {found.text for found in codes_in(grey, labels=True)}
    return first, {found.data.decode() for found in pyzbar.decode(grey)}


def test_the_original_has_no_mark() -> None:
    label = a_label(8)
    assert mark_copy(label, (), 1, "", WORDS, 8) is label


@pytest.mark.parametrize("dots_per_mm", [8, 12, 24])
def test_the_copy_code_is_read_by_both_readers_beside_the_number(dots_per_mm: int) -> None:
    label = a_label(dots_per_mm)
    mark = free_place(label.dots(), dots_per_mm)
    assert mark == (30.0, 100.0, *MARK_MM)
    marked = mark_copy(label, mark, 2, CODE, WORDS, dots_per_mm)
    first, second = both_readers(marked)
    assert first == second == {NUMBER, CODE}
    changed = np.argwhere(marked.dots() != label.dots()) / dots_per_mm
    assert changed.min(axis=0).tolist() >= [100.0, 30.0]
    assert (changed.max(axis=0) < [109.0, 70.0]).all(), "nothing else of the label is touched"


def test_every_copy_has_another_mark() -> None:
    label, mark = a_label(8), (30.0, 100.0, *MARK_MM)
    second, third = (mark_copy(label, mark, n, CODE, WORDS, 8) for n in (2, 3))
    assert not second.same_as(third)


def test_without_a_place_the_lower_edge_says_it() -> None:
    label = a_label(8)
    marked = mark_copy(label, (), 2, "", WORDS, 8)
    strip = marked.dots()[-24:]
    assert 0.01 < strip.mean() < 0.5, "words on white"
    assert np.array_equal(marked.dots()[:-24], label.dots()[:-24])


def test_a_code_that_is_asked_for_is_always_drawn() -> None:
    label = a_label(8)
    elsewhere = mark_copy(label, (0.0, 10.0, *MARK_MM), 2, CODE, WORDS, 8)
    assert both_readers(elsewhere)[0] == {NUMBER, CODE}, "the place was taken: another is free"
    full = Bitmap.from_dots(np.ones((1200, 800), dtype=np.bool_))
    assert both_readers(mark_copy(full, (), 2, CODE, WORDS, 8))[0] == {CODE}


def test_zpl_says_which_copy_it_is_before_its_end() -> None:
    content = b"^XA^FO1,1^FDx^FS^XZ\n"
    assert mark_zpl(content, 1, WORDS, 8, 800, 1200) == content
    marked = mark_zpl(content, 2, WORDS, 8, 800, 1200)
    assert marked.startswith(b"^XA^FO1,1^FDx^FS^LH0,0^FO0,1176^GB800,24,24,W^FS^FO0,1176^GFA,2400,")
    assert marked.endswith(b"^FS^XZ\n")
    drawn = bytes.fromhex(marked.rpartition(b",")[2].partition(b"^")[0].decode())
    assert len(drawn) == 2400
    assert any(drawn)
