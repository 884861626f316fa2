"""Slips on rolls and labels: codes, pages, nothing cut or crowded, hostile text."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.core.codes import Command
from packstation.core.decide import NOT_YET
from packstation.core.orders import LineKey, Order, OrderId, OrderLine, ShopKey, Sku
from packstation.core.pick_rows import PickRow, Walk
from packstation.errors import ComposeError
from packstation.printing.code_slips import PROBES, command_slip, scanner_card
from packstation.printing.document import (
    Align,
    Barcode,
    Block,
    Document,
    Frame,
    Missing,
    Overflow,
    Symbology,
    Text,
)
from packstation.printing.goods_slips import Packing, packing_slip, pick_sheet, pick_slip
from packstation.printing.handover_slips import (
    CountedBag,
    Discrepancy,
    bag_slip,
    discrepancy_slip,
    receipt_slip,
)
from packstation.printing.raster import ensure_gui_application
from packstation.printing.slip_layout import pages
from packstation.printing.slips import (
    Across,
    Break,
    Code,
    Column,
    Group,
    Heading,
    Part,
    Rule,
    Slip,
    Space,
    Table,
    Words,
    WriteLine,
    draw_slip,
)
from packstation.printing.words import LANGUAGES, PaperWords, words_for
from tests.printing.paper import (
    AT,
    BAG,
    RECEIPT,
    printer,
    seen_by_zbar,
    seen_by_zxing,
    stock,
)

ZH, EN = words_for("zh"), words_for("en")
ROLLS = {"receipt-80": 576, "receipt-58": 384}
LABELS = ["100x150", "100x180", "76x130", "60x40", "50x30"]
WIDE = ["receipt-80", "100x150", "100x180", "76x130"]
"""Where every code has room for bars."""
CODES = [f"PSCMD{command.value}" for command in Command if command not in NOT_YET] + ["PSTRAY"]
TITLE = "纯棉短袖T恤 夏季新款 宽松圆领 男女同款"


def line(key: str, place: str | None, units: int = 1, barcode: str = "") -> OrderLine:
    return OrderLine(
        LineKey(key), Sku(f"SKU-{key}"), TITLE, units, barcode=barcode or None, bin=place, spec="L"
    )


ORDERS = [
    Order(
        ShopKey("main"),
        OrderId("260517-607198974340000"),
        "generic",
        (line("TEE", "A-1", 2, "6901234567892"), line("MUG", None)),
    ),
    Order(ShopKey("main"), OrderId("77"), "generic", (line("KEY", "B-12", 3),)),
]
ROWS = tuple(row for order in ORDERS for row in Walk().order(order))
PACKING = Packing("260517-607198974340000", "云栖小店", ROWS, "王**", AT, part=1, parts=2)
DISCREPANCY = Discrepancy(
    "MF20250304-0007",
    "云栖小店",
    (CountedBag("PSBAG00000012", 128, 127), CountedBag("PSBAG00000013", 96, 96)),
    AT,
    carrier="中通快递",
    drop_off="杭州分拨中心",
    operator="07",
    station="01",
)


def pick(words: PaperWords, cart: int | None = None, orders: list[Order] | None = None) -> Slip:
    sheet = pick_sheet(orders or ORDERS, Walk(), name="W01-0001", total=False, cart=cart)
    return pick_slip(sheet, words, shop="云栖小店", printed_at=AT)


SLIPS: dict[str, tuple[Callable[[PaperWords], Slip], set[str]]] = {
    "receipt": (
        lambda words: receipt_slip(RECEIPT, words),
        {RECEIPT.manifest, RECEIPT.digest_text},
    ),
    "discrepancy": (lambda words: discrepancy_slip(DISCREPANCY, words), {DISCREPANCY.manifest}),
    "packing": (lambda words: packing_slip(PACKING, words), {PACKING.order_id}),
    "pick list": (pick, {"260517-607198974340000", "77", "6901234567892", "SKU-MUG", "SKU-KEY"}),
    "carts": (
        lambda words: pick(words, 2),
        {"260517-607198974340000", "77", "6901234567892", "SKU-MUG", "SKU-KEY"},
    ),
    "commands": (lambda words: command_slip(CODES, words), set(CODES)),
    "card": (scanner_card, {text for _, _, text in PROBES}),
    "bag": (lambda words: bag_slip(BAG, words), {BAG.bag_code}),
}


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def said(documents: list[Document]) -> list[str]:
    return [e.text for page in documents for e in page.elements if isinstance(e, Text)]


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", WIDE)
@pytest.mark.parametrize("name", SLIPS)
def test_every_code_of_every_slip_is_read_by_both_decoders(
    name: str, paper: str, language: str, dots: int
) -> None:
    make, expected = SLIPS[name]
    head = ROLLS.get(paper, 864) * dots // 8
    drawn = draw_slip(make(words_for(language)), stock(paper), printer(head, dots))
    for see in (seen_by_zxing, seen_by_zbar):
        assert set().union(*(see(bitmap) for bitmap in drawn)) == expected


@pytest.mark.parametrize("paper", ["receipt-58", "60x40", "50x30"])
@pytest.mark.parametrize("name", [name for name in SLIPS if name != "card"])
def test_on_narrow_paper_a_long_code_becomes_a_qr(name: str, paper: str) -> None:
    make, expected = SLIPS[name]
    drawn = draw_slip(make(ZH), stock(paper), printer(ROLLS.get(paper, 480)))
    assert set().union(*map(seen_by_zxing, drawn)) == expected


def test_the_card_says_where_a_code_has_no_room() -> None:
    long = next(text for name, _, text in PROBES if name == "long")
    drawn = draw_slip(scanner_card(EN), stock("receipt-58"), printer(384))
    assert set().union(*map(seen_by_zxing, drawn)) == {t for _, _, t in PROBES} - {long}
    assert EN.slips.no_room in said(pages(scanner_card(EN), stock("60x40"), 8))


def test_the_card_tries_what_scanners_get_wrong() -> None:
    texts = [text for _, _, text in PROBES]
    assert any(text.isdigit() and len(text) == 40 for text in texts)
    assert any(text.isdigit() and len(text) < 13 for text in texts)
    assert any(any(c.islower() for c in t) and any(c.isupper() for c in t) for t in texts)
    assert any(set("-_/.") <= set(text) for text in texts)
    assert {symbology for _, symbology, _ in PROBES} == set(Symbology)
    assert any(not text.isascii() for text in texts)
    for words in (ZH, EN):
        assert {name for name, _, _ in PROBES} == set(words.slips.probes)


@pytest.mark.parametrize("words", [ZH, EN])
def test_every_command_code_has_its_words(words: PaperWords) -> None:
    every = {f"PSCMD{command.value}" for command in Command} | {"PSTRAY"}
    assert set(words.slips.commands) == every


@pytest.mark.parametrize(("paper", "head"), ROLLS.items())
@pytest.mark.parametrize("name", SLIPS)
def test_on_a_roll_a_slip_is_one_picture_as_wide_as_the_head(
    name: str, paper: str, head: int
) -> None:
    (bitmap,) = draw_slip(SLIPS[name][0](ZH), stock(paper), printer(head))
    assert bitmap.width == head
    dots = bitmap.dots()
    assert not dots[:, :2].any()  # nothing at the very edges
    assert not dots[:, -2:].any()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", LABELS)
@pytest.mark.parametrize("name", SLIPS)
def test_on_labels_nothing_is_cut_or_crowded_and_pages_are_numbered(
    name: str, paper: str, language: str
) -> None:
    words, media = words_for(language), stock(paper)
    found = pages(SLIPS[name][0](words), media, 8)
    for number, page in enumerate(found, start=1):
        assert (page.width_mm, page.height_mm) == (media.width_mm, media.height_mm)
        assert words.page.format(page=number, pages=len(found)) in said([page])
        boxes = [e for e in page.elements if isinstance(e, Text | Barcode | Frame | Block)]
        for element in boxes:
            assert element.box.x_mm >= 1
            assert element.box.x_mm + element.box.width_mm <= media.width_mm - 1 + 1e-6
            assert element.box.y_mm >= 0.9
            assert element.box.y_mm + element.box.height_mm <= page.height_mm - 0.4
        solid = [e for e in boxes if isinstance(e, Text | Barcode | Frame)]
        for one, other in itertools.combinations(solid, 2):
            across = (one.box.x_mm + one.box.width_mm > other.box.x_mm + 0.1) and (
                other.box.x_mm + other.box.width_mm > one.box.x_mm + 0.1
            )
            down = (one.box.y_mm + one.box.height_mm > other.box.y_mm + 0.15) and (
                other.box.y_mm + other.box.height_mm > one.box.y_mm + 0.15
            )
            assert not (across and down), (one, other)


@pytest.mark.parametrize("paper", LABELS)
def test_every_page_of_dots_is_as_large_as_its_label(paper: str) -> None:
    media = stock(paper)
    for bitmap in draw_slip(pick(EN), media, printer(864)):
        assert (bitmap.width, bitmap.height) == (media.width_mm * 8, (media.height_mm or 0) * 8)


@pytest.mark.parametrize("name", SLIPS)
def test_words_on_small_paper_are_large_enough_to_read(name: str) -> None:
    for page in pages(SLIPS[name][0](ZH), stock("50x30"), 8):
        sizes = [e.min_size_mm or e.size_mm for e in page.elements if isinstance(e, Text)]
        assert min(sizes) >= 2.0


@pytest.mark.parametrize("paper", LABELS)
def test_rows_go_on_under_the_same_heading_and_none_is_lost_or_parted(paper: str) -> None:
    bags = tuple(CountedBag(f"PSBAG{n:08d}", n, n + n % 2) for n in range(120))
    found = pages(discrepancy_slip(replace(DISCREPANCY, counted=bags), EN), stock(paper), 8)
    rows = [text for text in said(found) if text.startswith("PSBAG")]
    assert rows == [bag.bag_code for bag in bags]
    for page in found:
        texts = said([page])
        assert ("Theirs" in texts) or not any(text.startswith("PSBAG") for text in texts)


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page() -> None:
    for height in range(1, 36):
        parts: tuple[Part, ...] = (Words("x"), Space(height), Heading("Title"), Words("below"))
        for page in pages(Slip("slip", "{page}/{pages}", parts), stock("60x40"), 8):
            texts = said([page])
            assert "below" in texts or "Title" not in texts


def test_a_group_stays_together_where_one_page_can_hold_it() -> None:
    group = Group(tuple(Words(f"line {n}") for n in range(5)))
    for height in range(1, 40, 3):
        parts: tuple[Part, ...] = (Words("x"), Space(height), group)
        found = pages(Slip("slip", "{page}/{pages}", parts), stock("60x40"), 8)
        holding = [page for page in found if any("line" in text for text in said([page]))]
        assert len(holding) == 1


def test_a_group_higher_than_a_page_begins_a_page_and_goes_on() -> None:
    group = Group(tuple(Words(f"line {n}") for n in range(30)))
    found = pages(Slip("slip", "{page}/{pages}", (Words("x"), group)), stock("60x40"), 8)
    assert "line 0" not in said([found[0]])
    assert [text for text in said(found) if "line" in text] == [f"line {n}" for n in range(30)]


def test_a_break_turns_the_page_on_labels_and_leaves_no_empty_one() -> None:
    parts: tuple[Part, ...] = (Break(), Words("a"), Break(), Break(), Words("b"), Break())
    slip = Slip("slip", "{page}/{pages}", parts)
    assert len(pages(slip, stock("60x40"), 8)) == 2
    assert len(draw_slip(slip, stock("receipt-80"), printer(576))) == 1


def test_a_part_higher_than_a_label_is_refused_with_a_sentence() -> None:
    slip = Slip("slip", "{page}/{pages}", (WriteLine("sign", 200),))
    with pytest.raises(ComposeError, match="higher than a label") as refusal:
        pages(slip, stock("60x40"), 8)
    assert refusal.value.code == "print.does_not_fit"


def test_a_code_without_room_and_words_is_refused() -> None:
    parts: tuple[Part, ...] = (Code(Symbology.CODE128, "W" * 40, square=False, name="code"),)
    with pytest.raises(ComposeError, match="too long to be printed as a barcode"):
        draw_slip(Slip("s", "{page}/{pages}", parts), stock("receipt-58"), printer(384))


def test_an_empty_slip_is_one_page() -> None:
    slip = Slip("slip", "{page}/{pages}", ())
    assert len(draw_slip(slip, stock("60x40"), printer(480))) == 1
    assert len(draw_slip(slip, stock("receipt-58"), printer(384))) == 1


def test_a_number_is_made_small_rather_than_broken() -> None:
    table = Table((Column("Bag", 0.5), Column("n", 0.5)), (("PSBAG00000012", "1"),))
    slip = Slip("slip", "{page}/{pages}", (table, Words("W" * 300)))
    texts = [e for e in pages(slip, stock("50x30"), 8)[0].elements if isinstance(e, Text)]
    assert next(e for e in texts if e.text.startswith("PSBAG")).max_lines == 1
    assert next(e for e in texts if e.text.startswith("WWW")).max_lines == 3


def test_a_long_roll_keeps_every_row() -> None:
    orders = [
        Order(ShopKey("m"), OrderId(f"77000{n:03d}"), "generic", (line("KEY", f"B-{n}"),))
        for n in range(150)
    ]
    sheet = pick_sheet(orders, Walk(), total=False, cart=50)
    slip = pick_slip(sheet, EN, shop="", printed_at=AT)
    (bitmap,) = draw_slip(slip, stock("receipt-80"), printer(576))
    assert bitmap.height > 32767  # more than Qt draws in one picture
    assert not bitmap.dots()[-4:].any()


def test_a_receipts_totals_stand_where_both_sides_sign() -> None:
    bags = tuple(replace(RECEIPT.bags[0], bag_code=f"PSBAG{n:08d}") for n in range(60))
    receipt = replace(RECEIPT, bags=bags)
    found = pages(receipt_slip(receipt, EN), stock("100x150"), 8)
    (page,) = [page for page in found if EN.signature_courier in said([page])]
    assert EN.totals.format(bags=60, parcels=receipt.parcel_count) in said([page])


def test_a_receipt_says_where_it_was_handed_over() -> None:
    place = "杭州分拨中心 2 号门"
    assert place in said(pages(receipt_slip(replace(RECEIPT, drop_off=place), ZH), stock("76x130")))
    with pytest.raises(ComposeError, match="without bags"):
        receipt_slip(replace(RECEIPT, bags=()), ZH)


def test_a_discrepancy_shows_both_counts_per_bag_and_in_total() -> None:
    texts = said(pages(discrepancy_slip(DISCREPANCY, EN), stock("100x150"), 8))
    assert {"128", "127", "-1", "96", "0", "224", "223", "224 / 223 (-1)"} <= set(texts)
    told = replace(DISCREPANCY, reason="one parcel was torn")
    assert "one parcel was torn" in said(pages(discrepancy_slip(told, EN), stock("100x150"), 8))
    with pytest.raises(ComposeError, match="without bags"):
        discrepancy_slip(replace(DISCREPANCY, counted=()), EN)


@pytest.mark.parametrize(
    "make",
    [
        lambda copy: receipt_slip(replace(RECEIPT, copy=copy), ZH),
        lambda copy: discrepancy_slip(replace(DISCREPANCY, copy=copy), ZH),
        lambda copy: packing_slip(replace(PACKING, copy=copy), ZH),
        lambda copy: bag_slip(replace(BAG, copy=copy), ZH),
    ],
)
def test_second_copies_are_marked(make: Callable[[int], Slip]) -> None:
    for copy in (1, 2):
        marked = any("补打 2" in text for text in said(pages(make(copy), stock("76x130"), 8)))
        assert marked == (copy == 2)


def test_a_packing_slip_tells_goods_and_no_more_of_the_person_than_its_name() -> None:
    texts = said(pages(packing_slip(PACKING, ZH), stock("100x150"), 8))
    assert {"王**", "SKU-TEE", "SKU-KEY", "第 1/2 件", "共 6 件", "云栖小店"} <= set(texts)
    anonymous = said(pages(packing_slip(replace(PACKING, recipient=""), ZH), stock("100x150"), 8))
    assert ZH.slips.recipient not in anonymous


def test_steps_to_tick_end_a_pick_list() -> None:
    texts = said(pages(pick(EN), stock("100x150"), 8))
    assert {*EN.slips.steps, EN.slips.handed_over_by, EN.slips.check} <= set(texts)


def test_a_missing_glyph_is_spelled_in_titles_and_refused_in_names() -> None:
    odd = replace(ROWS[0], title="Cup \U000e7fff")
    slip = packing_slip(replace(PACKING, goods=(odd,)), EN)
    draw_slip(slip, stock("receipt-80"), printer(576))
    shown = [
        e
        for page in pages(slip, stock("100x150"), 8)
        for e in page.elements
        if isinstance(e, Text) and e.text.startswith("Cup")
    ]
    assert {e.missing for e in shown} == {Missing.SPELL}
    named = packing_slip(replace(PACKING, recipient="李\U000e7fff"), EN)
    with pytest.raises(ComposeError, match="recipient name") as refusal:
        draw_slip(named, stock("receipt-80"), printer(576))
    assert refusal.value.code == "print.missing_glyph"


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(alphabet='\x00\x1b\x10\x7f\u202e\u2066\u200b^~\\"\r\n區誠億㐂𠮷䶮😀', max_size=20),
    st.text(min_size=1, max_size=2).map(lambda text: (text * 2000)[:2000]),
)


@settings(max_examples=15, deadline=None)
@given(data=st.data(), paper=st.sampled_from([*ROLLS, *LABELS]), words=st.sampled_from([ZH, EN]))
def test_hostile_text_is_drawn_spelled_or_refused(
    data: st.DataObject, paper: str, words: PaperWords
) -> None:
    def text() -> str:
        return data.draw(HOSTILE)

    row = PickRow(text(), text(), text(), text(), text(), 1, totes=((1, 1),))
    order = Order(
        ShopKey("m"),
        OrderId(text()),
        "generic",
        (OrderLine(LineKey("1"), Sku(text()), text(), 1, barcode=text(), bin=text()),),
    )
    counted = (CountedBag(text(), 1, 2),)
    found = replace(DISCREPANCY, manifest=text(), counted=counted, reason=text(), drop_off=text())
    media, to = stock(paper), printer(ROLLS.get(paper, 864))
    makers: tuple[Callable[[], Slip], ...] = (
        lambda: packing_slip(replace(PACKING, order_id=text(), shop=text(), goods=(row,)), words),
        lambda: discrepancy_slip(found, words),
        lambda: receipt_slip(replace(RECEIPT, shop=text(), courier=text(), zone=text()), words),
        lambda: pick(words, orders=[order]),
        lambda: pick(words, 1, orders=[order]),
    )
    for make in makers:
        assert draw_slip(make(), media, to)  # only names are refused, and none is here


@settings(max_examples=30, deadline=None)
@given(name=HOSTILE)
def test_a_recipients_name_is_whole_or_refused(name: str) -> None:
    slip = packing_slip(replace(PACKING, recipient=name), EN)
    code = ""
    try:
        draw_slip(slip, stock("receipt-58"), printer(384))
    except ComposeError as refusal:
        code = refusal.code
    assert code in {"", "print.missing_glyph", "print.does_not_fit"}
    for page in pages(slip, stock("100x180"), 8) if not code else ():
        for element in page.elements:
            if isinstance(element, Text) and element.name == "recipient name":
                assert element.overflow is Overflow.REFUSE


def test_side_by_side_parts_share_the_width() -> None:
    cells = Across(((1, Words("left")), (3, Words("right", align=Align.RIGHT)), (1, Rule())))
    (page,) = pages(Slip("s", "{page}/{pages}", (cells,)), stock("100x150"), 8)
    left, right = (e for e in page.elements if isinstance(e, Text) and e.text in ("left", "right"))
    assert left.box.x_mm + left.box.width_mm < right.box.x_mm
    assert right.box.width_mm == pytest.approx(3 * left.box.width_mm)
