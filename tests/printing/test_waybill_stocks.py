"""Waybills on every stock: codes at both resolutions, reprints, parts, tears, hostile text."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.errors import ComposeError
from packstation.printing.bag_label import BAG_VALUES, load_bag_setup
from packstation.printing.bag_label import compose as compose_bag
from packstation.printing.bitmap import Bitmap
from packstation.printing.document import Barcode, Block, Box, Document, Frame, Symbology, Text
from packstation.printing.label_template import LabelTemplate, layout_for, load_template
from packstation.printing.media import Media
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.waybill_label import WAYBILL_VALUES, Waybill, compose, destination
from packstation.printing.words import words_for
from tests.printing.paper import (
    BAG,
    RESOURCES,
    WAYBILL,
    addressed_to,
    seen_by_zbar,
    seen_by_zxing,
    stock,
    waybill_setup,
)

ZH, EN = words_for("zh"), words_for("en")
STOCKS = ["waybill-100x150", "waybill-100x180", "waybill-76x130"]
BAGS = ["bag-100x150", "bag-76x130", "bag-60x40", "bag-50x30"]
COPY_CODE = "PSP1035052971"
REPRINT = replace(WAYBILL, copy=2, copy_code=COPY_CODE)
ADDRESS = (
    "广东省深圳市南山区粤海街道科技园社区科苑路15号科兴科学园B栋3单元1802室"
    "(请放快递柜,勿放门口,电话联系后再送,周一至周五白天有人)"
)
FULL = replace(
    REPRINT,
    bag_place="区域件-长三角26城",
    part=1,
    parts=2,
    recipient=replace(WAYBILL.recipient, address=ADDRESS),
)


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def template(key: str) -> LabelTemplate:
    return waybill_setup(key).template


def drawn(waybill: Waybill, key: str, dots: int = 8, language: str = "zh") -> Bitmap:
    return rasterize(compose(waybill, template(key), words_for(language)), dots)


def said(document: Document) -> list[str]:
    return [element.text for element in document.elements if isinstance(element, Text)]


def meet(one: Box, other: Box) -> bool:
    return (
        one.x_mm < other.x_mm + other.width_mm - 1e-6
        and other.x_mm < one.x_mm + one.width_mm - 1e-6
        and one.y_mm < other.y_mm + other.height_mm - 1e-6
        and other.y_mm < one.y_mm + one.height_mm - 1e-6
    )


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize("key", STOCKS)
@pytest.mark.parametrize(
    ("tracking_number", "order_id"),
    [
        ("432542035598773", "1930679858170647"),
        ("9261290100130435082878", "577123456789012345"),
        ("JDVA11408814483-1-1-", "260517-607198974342268"),
        ("1Z999AA10123456784", "P-2026-000001-1"),
        ("LX123456789CN", "7"),
    ],
)
def test_every_code_of_a_reprint_is_read_by_both_decoders(
    dots: int, key: str, tracking_number: str, order_id: str
) -> None:
    waybill = replace(FULL, tracking_number=tracking_number, order_id=order_id)
    bitmap = drawn(waybill, key, dots)
    expected = {tracking_number, order_id, COPY_CODE}
    assert seen_by_zxing(bitmap) == expected
    assert seen_by_zbar(bitmap) == expected


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize("key", STOCKS)
def test_the_copy_codes_bars_are_wide_enough_and_stand_alone(key: str, dots: int) -> None:
    document = compose(REPRINT, template(key), ZH)
    (code,) = [e for e in document.elements if isinstance(e, Barcode) and e.text == COPY_CODE]
    middle = round((code.box.y_mm + code.box.height_mm / 2) * dots)
    left, right = (round(x * dots) for x in (code.box.x_mm, code.box.x_mm + code.box.width_mm))
    row = rasterize(document, dots).dots()[middle, left:right]
    changes = np.flatnonzero(np.diff(row.astype(np.int8)))
    assert np.diff(changes).min() >= dots * 0.25
    assert min(changes[0] + 1, len(row) - changes[-1] - 1) >= 10 * dots * 0.25  # quiet zones


@pytest.mark.parametrize("key", STOCKS)
def test_an_original_has_no_copy_code_and_no_mark(key: str) -> None:
    document = compose(replace(WAYBILL, copy_code=COPY_CODE), template(key), ZH)
    assert COPY_CODE not in {e.text for e in document.elements if isinstance(e, Barcode | Text)}
    assert not any("补打" in text for text in said(document))


@pytest.mark.parametrize("code", ["", COPY_CODE])
@pytest.mark.parametrize("key", STOCKS)
def test_a_reprint_says_which_copy_when_and_by_whom(key: str, code: str) -> None:
    texts = said(compose(replace(WAYBILL, copy=3, copy_code=code), template(key), EN))
    assert "补打 3 REPRINT" in texts
    assert any("07" in text and "2025-03-04 15:06" in text for text in texts)


@pytest.mark.parametrize("key", STOCKS)
def test_an_order_in_several_parcels_says_which_one_this_is(key: str) -> None:
    assert "第 2/3 件" in said(compose(replace(WAYBILL, part=2, parts=3), template(key), ZH))
    assert "Parcel 2 of 3" in said(compose(replace(WAYBILL, part=2, parts=3), template(key), EN))
    assert not any("1/1" in text or "1 of 1" in text for text in said(
        compose(WAYBILL, template(key), EN)))  # fmt: skip


@pytest.mark.parametrize("key", STOCKS)
def test_sorting_code_and_bag_place_are_said_where_they_are_known(key: str) -> None:
    assert "342-081-00 052" in said(compose(WAYBILL, template(key), ZH))
    both = said(compose(replace(WAYBILL, bag_place="杭州转运中心"), template(key), ZH))
    assert {"342-081-00 052", "杭州转运中心"} <= set(both)


@pytest.mark.parametrize("key", ["waybill-100x180", "waybill-76x130"])
def test_without_sorting_code_province_and_city_stand_large(key: str) -> None:
    bare = replace(WAYBILL, sorting="")
    assert "吉林省 通化市" in said(compose(bare, template(key), ZH))
    abroad = replace(bare, recipient=replace(WAYBILL.recipient, address="3 Main Street"))
    compose(abroad, template(key), EN)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("广西壮族自治区贵港市覃塘区某路1号", "广西壮族自治区 贵港市"),
        ("上海市浦东新区某路 1 号", "上海市 浦东新区"),
        ("云南省大理白族自治州大理市", "云南省 大理白族自治州"),
        ("香港特别行政区 九龙", ""),
        ("文三路1号", ""),
        ("", ""),
    ],
)
def test_province_and_city_are_repeated_never_guessed(address: str, shown: str) -> None:
    assert destination(address) == shown


@pytest.mark.parametrize("key", STOCKS)
def test_the_address_stands_on_the_label_in_full(key: str) -> None:
    document = compose(FULL, template(key), ZH)
    addresses = [e for e in document.elements if isinstance(e, Text) and e.text == ADDRESS]
    assert addresses
    assert {e.overflow.value for e in addresses} == {"refuse"}
    rasterize(document, 8)


@pytest.mark.parametrize("key", STOCKS)
def test_an_address_that_fits_the_main_part_never_fails_on_a_stub(key: str) -> None:
    for length in range(60, 400, 12):
        waybill = addressed_to(address="街" * length)
        document = compose(waybill, template(key), ZH)
        texts = [e for e in document.elements if isinstance(e, Text) and e.text == "街" * length]
        main = replace(document, elements=(texts[0],))
        try:
            rasterize(main, 8)
        except ComposeError:
            break
        rasterize(document, 8)
    else:
        pytest.fail("no address was too long")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", STOCKS)
def test_nothing_stands_in_the_place_of_a_barcode(key: str, language: str) -> None:
    variants = [WAYBILL, REPRINT, FULL, replace(WAYBILL, copy=2), replace(WAYBILL, sorting="")]
    for waybill in variants:
        document = compose(waybill, template(key), words_for(language))
        codes = [e for e in document.elements if isinstance(e, Barcode)]
        others = [e for e in document.elements if isinstance(e, Text | Block)]
        for one, other in itertools.combinations(codes, 2):
            assert not meet(one.box, other.box), (one.text, other.text)
        for one, thing in itertools.product(codes, others):
            assert not meet(one.box, thing.box), (one, thing)
        shown = [e for e in document.elements if isinstance(e, Text)]
        for first, second in itertools.combinations(shown, 2):
            assert not meet(first.box, second.box), (first, second)


def test_the_parts_of_three_part_paper_can_be_torn_apart() -> None:
    document = compose(FULL, template("waybill-100x180"), ZH)
    for tear in (110.0, 145.0):
        for element in document.elements:
            if isinstance(element, Text | Barcode | Block):
                top, bottom = element.box.y_mm, element.box.y_mm + element.box.height_mm
                assert bottom <= tear - 0.4 or top >= tear + 1, element
            if isinstance(element, Frame):
                assert element.box.y_mm + element.box.height_mm <= tear + 0.4
    parts = [0, 0, 0]
    for element in document.elements:
        if isinstance(element, Barcode):
            parts[(element.box.y_mm > 110) + (element.box.y_mm > 145)] += 1
    assert parts[0] >= 2  # the number and the copy code
    assert min(parts) >= 1


@pytest.mark.parametrize("key", ["waybill-100x180", "waybill-76x130"])
def test_the_tracking_number_is_there_as_qr_too(key: str) -> None:
    document = compose(WAYBILL, template(key), ZH)
    kinds = {
        e.symbology
        for e in document.elements
        if isinstance(e, Barcode) and e.text == WAYBILL.tracking_number
    }
    assert kinds == {Symbology.CODE128, Symbology.QR}


@pytest.mark.parametrize("key", STOCKS)
def test_an_order_number_that_is_no_barcode_is_written_only(key: str) -> None:
    waybill = replace(WAYBILL, order_id="订单\u202e甲\x1b一")
    bitmap = drawn(waybill, key)
    assert seen_by_zxing(bitmap) == {WAYBILL.tracking_number}


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize("copy", [1, 2])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", BAGS)
def test_bag_labels_on_every_stock_are_read_back(
    key: str, language: str, copy: int, dots: int
) -> None:
    setup = load_bag_setup(RESOURCES, template=key)
    document = compose_bag(replace(BAG, copy=copy), setup.template, words_for(language))
    bitmap = rasterize(document, dots)
    assert seen_by_zxing(bitmap) == {BAG.bag_code} == seen_by_zbar(bitmap)
    assert {BAG.bag_code, str(BAG.parcel_count), BAG.carrier_name} <= set(said(document))
    assert any("补打 2" in text for text in said(document)) == (copy == 2)


@pytest.mark.parametrize(
    ("family", "paper", "layout"),
    [
        ("waybill", "100x150", "waybill-100x150"),
        ("waybill", "100x180", "waybill-100x180"),
        ("waybill", "76x130", "waybill-76x130"),
        ("bag", "60x40", "bag-60x40"),
        ("bag", "50x30", "bag-50x30"),
        ("bag", "100x180", "bag-100x150"),
    ],
)
def test_the_layout_that_fills_the_stock_best_is_chosen(
    family: str, paper: str, layout: str
) -> None:
    assert layout_for(RESOURCES, family, stock(paper)) == layout


@pytest.mark.parametrize("paper", ["60x40", "50x30", "receipt-80"])
def test_a_waybill_is_refused_on_small_stock_with_a_sentence(paper: str) -> None:
    with pytest.raises(ComposeError, match="no layout of a shipping label") as refusal:
        layout_for(RESOURCES, "waybill", stock(paper))
    assert refusal.value.code == "print.no_layout"
    with pytest.raises(ComposeError, match="cut off"):
        load_template(RESOURCES, "waybill-76x130", WAYBILL_VALUES, stock=stock(paper))


def test_a_layout_is_drawn_on_a_larger_stock_of_ones_own() -> None:
    own = Media("103x152", "103 x 152 mm", 103, 152, 2)
    key = layout_for(RESOURCES, "waybill", own)
    layout = load_template(RESOURCES, key, WAYBILL_VALUES, stock=own)
    bitmap = rasterize(compose(WAYBILL, layout, ZH), 8)
    assert (key, bitmap.width, bitmap.height) == ("waybill-100x150", 824, 1216)
    assert seen_by_zxing(bitmap) == {WAYBILL.tracking_number, WAYBILL.order_id}


def test_every_template_loads_and_names_its_own_paper() -> None:
    for path in sorted((RESOURCES / "labels").glob("*.toml")):
        values = BAG_VALUES if path.stem.startswith("bag") else WAYBILL_VALUES
        layout = load_template(RESOURCES, path.stem, values)
        assert path.stem.endswith(Path(layout.media.key).name)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet="\x00\x1b\x10\x7f\x85\u202e\u2066\u200b\ufeff^~\\\"'\r\n區誠億㐂𠮷䶮😀",
        max_size=30,
    ),
    st.text(min_size=1, max_size=3).map(lambda text: (text * 2000)[:2000]),
    st.sampled_from(["㐂𠮷䶮區誠", "^XZ^XA", 'A"\r\nPRINT 9,9\r\n', "\x1b@\x1dV\x00", "長" * 2000]),
)
REFUSALS = {
    "print.does_not_fit",
    "print.missing_glyph",
    "print.bad_barcode",
    "print.barcode_does_not_fit",
}


@pytest.mark.parametrize("key", STOCKS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_hostile_text_is_drawn_whole_spelled_or_refused(key: str, data: st.DataObject) -> None:
    def draw() -> str:
        return data.draw(HOSTILE)

    waybill = replace(
        WAYBILL,
        recipient=replace(WAYBILL.recipient, name=draw(), phone=draw(), address=draw()),
        sender=replace(WAYBILL.sender, name=draw(), address=draw()),
        shop=draw(),
        order_id=draw(),
        carrier_name=draw(),
        sorting=draw(),
        bag_place=draw(),
        operator=draw(),
        copy=2,
        copy_code=COPY_CODE,
    )
    code, seen = "", set[str]()
    try:
        seen = seen_by_zxing(drawn(waybill, key))
    except ComposeError as refusal:
        code = refusal.code
    assert code in REFUSALS or {WAYBILL.tracking_number, COPY_CODE} <= seen
