"""The pick list: order of rows, sums, pages, barcodes."""

from __future__ import annotations

import unicodedata

import pypdfium2
import pytest
import zxingcpp

from packstation.core.orders import LineKey, Order, OrderId, OrderLine, ShopKey, Sku
from packstation.errors import ComposeError
from packstation.printing.document import Frame, Text
from packstation.printing.pick_list import (
    PickPaper,
    PickPlan,
    by_bin,
    by_order,
    natural,
    pick_documents,
    render_pick_list,
)
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.words import words_for
from tests.printing.paper import AT

TITLE = "Stoneware mug with a very long name that needs several lines on the list, 陶瓷马克杯"


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def line(
    key: str,
    bin_: str | None,
    quantity: int = 1,
    *,
    title: str = "",
    barcode: str = "2000000000015",
    gift: bool = False,
) -> OrderLine:
    return OrderLine(
        LineKey(key),
        Sku(f"SKU-{key}"),
        title or f"Title {key}",
        quantity,
        barcode=barcode or None,
        bin=bin_,
        gift=gift,
    )


def order(number: str, *lines: OrderLine) -> Order:
    return Order(ShopKey("main"), OrderId(number), "generic", lines)


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return [unicodedata.normalize("NFKC", page) for page in pages]


def test_bins_come_in_natural_order_and_empty_ones_last() -> None:
    rows = by_bin([order("1", line("a", "A10"), line("b", None), line("c", "A2"), line("d", "B1"))])
    assert [row.bin for row in rows] == ["A2", "A10", "B1", ""]


def test_equal_goods_of_several_orders_are_added_up() -> None:
    rows = by_bin([order("1", line("a", "A1", 2)), order("2", line("a", "A1", 3))])
    assert [(row.sku, row.quantity) for row in rows] == [("SKU-a", 5)]


def test_a_gift_is_marked_in_its_order() -> None:
    rows = by_order(order("1", line("a", "A1", gift=True)))
    assert [row.gift for row in rows] == [True]


def test_natural_order_knows_numbers_and_letters() -> None:
    assert sorted(["B2", "b10", "A1", "1", "10", "9"], key=natural) == [
        "1", "9", "10", "A1", "B2", "b10",
    ]  # fmt: skip


@pytest.mark.parametrize("orders", [[], [order("1")]])
def test_nothing_to_pick_is_refused_with_a_sentence(orders: list[Order]) -> None:
    with pytest.raises(ComposeError, match="nothing to pick"):
        render_pick_list(orders, words=words_for("en"), printed_at=AT)


def test_every_order_title_and_page_number_is_on_the_list() -> None:
    orders = [order(f"19306798581706{n}", line("a", "A1"), line("b", "B2")) for n in range(10, 40)]
    pages = texts(render_pick_list(orders, words=words_for("en"), printed_at=AT, shop="Harbor"))
    whole = "\n".join(pages)
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Pick list Harbor" in page
    for one in orders:
        assert str(one.order_id) in whole


def test_long_titles_wrap_and_are_not_cut() -> None:
    pdf = render_pick_list(
        [order("1", line("a", "A1", title=TITLE))], words=words_for("zh"), printed_at=AT
    )
    whole = "".join("".join(texts(pdf)).split())
    # Beyond ASCII a PDF may name a radical that looks the same.
    assert whole.count("".join(TITLE.split())[:-5]) == 2
    assert whole.count("克杯") == 2
    assert "拣货单" in whole


def test_character_without_glyph_is_spelled_in_a_title() -> None:
    pdf = render_pick_list(
        [order("1", line("a", "A1", title="Cup \U000e7fff"))], words=words_for("en"), printed_at=AT
    )
    assert "[U+E7FFF]" in "".join(texts(pdf))


def test_order_and_product_barcodes_are_read_back() -> None:
    orders = [
        order("1930679858170647", line("a", "A1"), line("b", "A2", barcode="MY-CODE-7")),
        order("7", line("c", "A3", barcode="没有条码"), line("d", "A4", barcode="")),
    ]
    pdf = render_pick_list(orders, words=words_for("zh"), printed_at=AT)
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=4, grayscale=True).to_numpy()
    seen = {found.text for found in zxingcpp.read_barcodes(page)}
    # Goods without a product code have their SKU, which a scan understands.
    assert seen == {"1930679858170647", "7", "2000000000015", "MY-CODE-7", "SKU-d"}


def test_long_table_goes_on_under_a_new_heading() -> None:
    many = order("1", *(line(f"{n:03d}", f"A{n}") for n in range(60)))
    pages = texts(render_pick_list([many], words=words_for("en"), printed_at=AT))
    assert len(pages) > 4
    assert all("Product code" in page for page in pages)
    assert sum(page.count("SKU-059") for page in pages) == 2


def test_number_that_is_no_barcode_is_written_only() -> None:
    orders = [
        order("订单甲", line("a", "A1", barcode="X" * 45)),
        order("2" * 48 + "a", line("b", "A1")),
        order("W" * 47, line("c", "A1", title=" ")),
        order("9"),
    ]
    (page,) = texts(render_pick_list(orders, words=words_for("en"), printed_at=AT))
    assert "X" * 20 in page
    assert "W" * 40 in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_label_printers_stock_carries_the_same_list(language: str) -> None:
    orders = [
        order("260517-607198974340000", line("a", "A-1"), line("b", None, barcode="", gift=True)),
        order("7", line("c", "A-10", title=TITLE * 4), line("d", "A-2", barcode="")),
    ]
    plan = PickPlan(PickPaper.LABEL, cart=2, name="W01-0001")
    pages = pick_documents(orders, words=words_for(language), printed_at=AT, plan=plan)
    assert {(page.width_mm, page.height_mm) for page in pages} == {(100, 150)}
    seen = set()
    for page in pages:
        dots = rasterize(page, 8).dots()  # as the print head burns them
        seen |= {found.text for found in zxingcpp.read_barcodes((~dots).astype("uint8") * 255)}
    assert seen == {"260517-607198974340000", "7", "2000000000015", "SKU-b", "SKU-d"}


def test_many_lines_go_on_over_the_labels_and_none_is_parted() -> None:
    many = order("1", *(line(f"{n:03d}", f"A-{n}", title=TITLE * (n % 3)) for n in range(200)))
    plan = PickPlan(PickPaper.LABEL, total=True)
    pages = pick_documents([many], words=words_for("en"), printed_at=AT, plan=plan)
    shown = [
        element.text
        for page in pages
        for element in page.elements
        if isinstance(element, Text) and element.text.startswith("A-")
    ]
    assert shown == [f"A-{n}" for n in range(200)]
    for page in pages:
        for element in page.elements:
            if isinstance(element, Text | Frame):
                assert element.box.y_mm + element.box.height_mm <= page.height_mm


def test_a_carts_rows_name_the_totes_and_have_a_box_for_what_is_short() -> None:
    orders = [order("1", line("a", "A1", 2)), order("2", line("a", "A1", 3))]
    pdf = render_pick_list(
        orders, words=words_for("en"), printed_at=AT, plan=PickPlan(cart=5, name="W01-0004")
    )
    (page,) = texts(pdf)
    assert "Cart 1" in page
    assert "W01-0004" in page
    assert "Short" in page
    assert "Tote 1 × 2" in " ".join(page.split())
    assert "Tote 2 × 3" in " ".join(page.split())
