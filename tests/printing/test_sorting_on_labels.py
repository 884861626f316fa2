"""Sorting code, bag place and the line of a reprint on every stock: drawn, shrunk, harmless."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from packstation.core.print_rules import SpoilReason
from packstation.printing.bitmap import Bitmap
from packstation.printing.document import Block, Box, Text
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.waybill_label import Waybill, compose
from packstation.printing.words import words_for
from tests.printing.paper import WAYBILL, seen_by_zbar, seen_by_zxing, waybill_setup

STOCKS = ["waybill-100x150", "waybill-100x180", "waybill-76x130"]
CODE, PLACE = "342-081-00 052", "区域件-长三角26城"
COPY_CODE = "PSP1035052971"
ROUTED = replace(WAYBILL, sorting=CODE, bag_place=PLACE)
COPY = replace(ROUTED, copy=2, copy_code=COPY_CODE, reason="damaged")
NUMBERS = {WAYBILL.tracking_number, WAYBILL.order_id}


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def drawn(waybill: Waybill, key: str, dots: int = 8, language: str = "zh") -> Bitmap:
    return rasterize(compose(waybill, waybill_setup(key).template, words_for(language)), dots)


def texts(waybill: Waybill, key: str, language: str = "zh") -> list[Text]:
    document = compose(waybill, waybill_setup(key).template, words_for(language))
    return [one for one in document.elements if isinstance(one, Text)]


def ink(bitmap: Bitmap, box: Box, dots: int = 8) -> int:
    top, left = round(box.y_mm * dots), round(box.x_mm * dots)
    bottom, right = top + round(box.height_mm * dots), left + round(box.width_mm * dots)
    return int(np.count_nonzero(bitmap.dots()[top:bottom, left:right]))


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize("key", STOCKS)
def test_code_and_place_are_drawn_and_the_barcodes_stay_as_they_were(key: str, dots: int) -> None:
    bitmap, bare = drawn(ROUTED, key, dots), drawn(replace(WAYBILL, sorting=""), key, dots)
    for text in (CODE, PLACE):
        (one,) = [element for element in texts(ROUTED, key) if element.text == text]
        alone = replace(
            compose(ROUTED, waybill_setup(key).template, words_for("zh")), elements=(one,)
        )
        assert ink(rasterize(alone, dots), one.box, dots) > 40 * dots, f"{text} is drawn"
    assert seen_by_zxing(bitmap) == seen_by_zxing(bare) == NUMBERS
    assert seen_by_zbar(bitmap) == seen_by_zbar(bare) == NUMBERS


@pytest.mark.parametrize("key", STOCKS)
@pytest.mark.parametrize(
    "long",
    ["浙江省杭州市余杭区-571-A12-00 052 08", "A" * 30, "上海转" * 20, "9" * 1000, "x " * 2000],
)
def test_long_codes_and_places_shrink_and_never_stop_a_label(key: str, long: str) -> None:
    for waybill in (
        replace(ROUTED, sorting=long),
        replace(ROUTED, bag_place=long),
        replace(ROUTED, sorting=long, bag_place=""),
    ):
        bitmap = drawn(waybill, key)
        assert seen_by_zxing(bitmap) == NUMBERS
        assert seen_by_zbar(bitmap) == NUMBERS


@pytest.mark.parametrize("key", STOCKS)
@pytest.mark.parametrize(
    "hostile", ["^XZ^XA", '"\r\nPRINT 1\r\n', "\x1b@\x1dV", "\u202e250", "杒^腯~"]
)
def test_hostile_codes_touch_no_barcode(key: str, hostile: str) -> None:
    bitmap = drawn(replace(COPY, sorting=hostile, bag_place=hostile, operator=hostile), key)
    assert seen_by_zxing(bitmap) == {*NUMBERS, COPY_CODE}


@pytest.mark.parametrize("code", [COPY_CODE, ""])
@pytest.mark.parametrize("reason", [*SpoilReason, "operator_asked", "operator_found_no_label"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", STOCKS)
def test_a_reprint_says_when_by_whom_and_why(
    key: str, language: str, reason: str, code: str
) -> None:
    waybill = replace(COPY, reason=reason, copy_code=code)
    why = words_for(language).reprint_reasons[reason]
    lines = [one.text for one in texts(waybill, key, language)]
    assert any("15:06" in text and "07" in text and why in text for text in lines)
    bitmap = drawn(waybill, key, language=language)
    assert seen_by_zxing(bitmap) == {*NUMBERS, code} - {""}


@pytest.mark.parametrize("key", STOCKS)
def test_the_original_says_no_reason_and_an_unknown_one_is_left_out(key: str) -> None:
    first = texts(replace(ROUTED, reason="damaged"), key)
    assert not any("破损" in one.text for one in first)
    later = texts(replace(COPY, reason="some_word_of_later"), key)
    assert not any("some_word" in one.text for one in later)


@pytest.mark.parametrize("operator", ["op7", "0123456789" * 4])
@pytest.mark.parametrize("key", STOCKS)
def test_a_badge_of_any_length_leaves_time_on_the_reprint(key: str, operator: str) -> None:
    waybill = replace(COPY, operator=operator)
    lines = [one.text for one in texts(waybill, key) if operator in one.text]
    assert any(text.startswith("2025-03-04 15:06") for text in lines), "what is cut is the end"
    assert seen_by_zbar(drawn(waybill, key)) == {*NUMBERS, COPY_CODE}


def test_every_reason_to_spoil_a_label_has_its_words_on_paper() -> None:
    zh, en = words_for("zh").reprint_reasons, words_for("en").reprint_reasons
    assert set(SpoilReason) <= set(zh) == set(en)


@pytest.mark.parametrize("key", ["waybill-100x150", "waybill-100x180"])
def test_the_line_of_a_reprint_is_white_on_black(key: str) -> None:
    document = compose(COPY, waybill_setup(key).template, words_for("zh"))
    (line,) = [e for e in document.elements if isinstance(e, Text) and e.text.endswith("破损 | v3")
               and e.box.y_mm < 30]  # fmt: skip
    assert any(
        isinstance(e, Block)
        and e.box.x_mm <= line.box.x_mm
        and e.box.y_mm <= line.box.y_mm
        and line.box.y_mm + line.box.height_mm <= e.box.y_mm + e.box.height_mm
        for e in document.elements
    )
