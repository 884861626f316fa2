"""A file nobody knows becomes a format: looked into, guessed, checked, written, then imported."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core.imports import ParsedFiles
from packstation.core.orders import Recipient, WhyNot
from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.mapping import (
    Chosen,
    check,
    guess,
    preview,
    status_values,
    write_profile,
)
from packstation.exchange.order_import import read_files
from packstation.exchange.own_profile import profile_text
from packstation.exchange.profile_files import load_own_profiles, load_profile
from packstation.exchange.profiles import Profile
from tests.exchange.made_files import PROFILES, SETTINGS, by_id

HEADINGS = ("Bestellung", "Artikel Code", "Artikel", "Menge", "Stand", "Bezahlt", "Name", "Ort")
ROWS = (
    (
        "W-001",
        "000464",
        "Tasse, blau",
        "2",
        "offen",
        "25/07/2026 10:00",
        "A. Sample",
        "Musterstadt",
    ),
    ("", "S-2", "Tuch", "1", "", "", "", ""),
    ("W-002", "12E5", "Lampe", "1", "storniert", "26/07/2026", "B. Sample", "Musterdorf"),
    ("W-003", "S-3", "Glas", "1", "seltsam", "27/07/2026", "C. Sample", "Musterau"),
)
MAPPING = {
    "order_id": "Bestellung",
    "sku": "Artikel Code",
    "title": "Artikel",
    "quantity": "Menge",
    "status": "Stand",
    "paid_at": "Bezahlt",
    "recipient": "Name",
    "address": "Ort",
}
WORDS = {"to_ship": ["offen"], "cancelled": ["storniert"]}


def table(
    folder: Path,
    rows: Sequence[Sequence[str]] = ROWS,
    headings: Sequence[str] = HEADINGS,
    *,
    encoding: str = "utf-8",
    name: str = "odd.csv",
    before: str = "",
) -> Path:
    made = io.StringIO()
    csv.writer(made).writerows([headings, *rows])
    path = folder / name
    path.write_bytes((before + made.getvalue()).encode(encoding))
    return path


def with_own(folder: Path) -> tuple[Profile, ...]:
    own = load_own_profiles(folder, PROFILES)
    assert own.problems == ()
    return (*own.profiles, *PROFILES)


def imported(path: Path, folder: Path) -> ParsedFiles:
    return read_files([path], SETTINGS, profiles=with_own(folder))


def test_an_odd_file_is_mapped_written_and_then_imported_unchanged(tmp_path: Path) -> None:
    path, shops = table(tmp_path), tmp_path / "shops"
    with pytest.raises(ImportFileError):
        read_files([path], SETTINGS, profiles=PROFILES)
    seen = preview(path, profiles=PROFILES)
    assert (seen.header_row, seen.headings, seen.encoding) == (1, HEADINGS, "utf-8")
    assert seen.rows == tuple(ROWS)
    assert (seen.profile, seen.garbled, seen.sheets) == (None, False, ())
    assert check(MAPPING, seen, name="werkstatt", profiles=PROFILES) == []
    written = write_profile(shops, "werkstatt", MAPPING, WORDS, taken=("generic",))
    assert written == shops / "werkstatt.toml"
    parsed = imported(path, shops)
    orders = by_id(parsed)
    assert (parsed.profile, parsed.platform, parsed.refused) == ("werkstatt", "generic", ())
    assert [(line.sku, line.title, line.quantity) for line in orders["W-001"].order.lines] == [
        ("000464", "Tasse, blau", 2),
        ("S-2", "Tuch", 1),
    ]
    assert {key: one.order.why_not for key, one in orders.items()} == {
        "W-001": None,
        "W-002": WhyNot.CANCELLED,
        "W-003": WhyNot.UNKNOWN_STATUS,
    }
    assert preview(path, profiles=with_own(shops)).profile == "werkstatt"


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "big5", "utf-16", "cp874", "cp1258"])
def test_a_file_in_an_encoding_that_was_chosen_is_read_by_its_format(
    tmp_path: Path, encoding: str
) -> None:
    words = {
        "gb18030": ("订单流水", "品", "个数", "编"),
        "shift_jis": ("ご注文ナンバー", "しなもの", "かずです", "コード"),
        "big5": ("訂購編碼甲", "貨品稱呼", "購買個數", "貨品編碼"),
        "utf-16": ("Order №", "Ware", "Menge", "Código"),
        "cp874": ("เลขที่", "สินค้า", "จำนวน", "รหัส"),
        "cp1258": ("Đơn", "Hàng", "Sô", "Mă"),  # found out as Windows-1252 where nobody says
    }[encoding]
    rows = [("X-1", "t" + words[1], "2", "000464"), ("X-2", "t" + words[1], "1", "S-2")]
    path, shops = table(tmp_path, rows, words, encoding=encoding), tmp_path / "shops"
    seen = preview(path, encoding, profiles=PROFILES)
    assert seen.headings == words
    assert encoding in seen.encodings
    assert not seen.garbled
    mapping = dict(zip(("order_id", "title", "quantity", "sku"), words, strict=True))
    assert not any(one.blocks for one in check(mapping, seen, profiles=PROFILES))
    write_profile(shops, "mine", mapping, encoding=encoding)
    parsed = imported(path, shops)
    assert (parsed.profile, parsed.encodings) == ("mine", (("odd.csv", encoding),))
    assert by_id(parsed)["X-1"].order.lines[0].sku == "000464"


def test_a_text_read_in_a_wrong_encoding_is_called_garbled(tmp_path: Path) -> None:
    path = table(tmp_path, [("A-1", "杯子", "1")], ("单编流水", "品名", "个数"))
    seen = preview(path, "gb18030", profiles=PROFILES)
    assert seen.garbled
    assert seen.encodings[:2] == ("gb18030", "utf-8")
    assert not preview(path, profiles=PROFILES).garbled


@pytest.mark.parametrize("words", ["caf\ufffd", "Ã©tÃ© cafÃ©"])
def test_letters_that_were_lost_before_are_told_and_not_shown(tmp_path: Path, words: str) -> None:
    path = table(tmp_path, [("A-1", words, "1")], ("Nr", "Ware", "Stück"))
    try:
        seen = preview(path, profiles=PROFILES)
    except ImportFileError as refused:
        assert refused.code in {"import.replacement_character", "import.mojibake"}  # noqa: PT017
    else:
        assert seen.garbled
        assert seen.refused is not None
        assert seen.rows == ()


def test_a_file_that_no_encoding_fits_by_itself_offers_those_that_would(tmp_path: Path) -> None:
    path = table(tmp_path, [("A-1", "しなもの", "1")], ("Nr", "Ware", "Zahl"), encoding="shift_jis")
    seen = preview(path, profiles=PROFILES)
    assert seen.refused is not None
    assert "shift_jis" in seen.encodings
    again = preview(path, "shift_jis", profiles=PROFILES)
    assert again.rows[0][1] == "しなもの"


def test_headings_in_the_third_row_and_in_a_second_sheet_are_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["read me"])
    sheet = book.create_sheet("Orders")
    for row in (["Export of today"], [], HEADINGS, *ROWS):
        sheet.append(list(row))
    hidden = book.create_sheet("Old")
    hidden.append(HEADINGS)
    hidden.sheet_state = "hidden"
    path, shops = tmp_path / "odd.xlsx", tmp_path / "shops"
    book.save(path)
    seen = preview(path, profiles=PROFILES)
    assert (seen.sheets, seen.header_row, seen.encoding) == (("Orders", "Notes"), 3, "")
    assert seen.encodings == ()
    assert seen.rows[0][:4] == ("W-001", "000464", "Tasse, blau", "2")
    write_profile(shops, "book", MAPPING, WORDS)
    assert set(by_id(imported(path, shops))) == {"W-001", "W-002", "W-003"}


def test_known_headings_are_guessed_once_each() -> None:
    found = guess(("Order Number", "Item SKU", "Qty", "Item Name", "Phone", "Foo"), PROFILES)
    assert found["order_id"] == "Order Number"
    assert found["sku"] == "Item SKU"
    assert found["quantity"] == "Qty"
    assert found["title"] == "Item Name"
    assert "Foo" not in found.values()
    assert len(set(found.values())) == len(found)


def test_a_guess_follows_the_format_that_is_nearest() -> None:
    shop = next(one for one in PROFILES if one.name == "pinduoduo")
    headings = [column.headings[0] for column in shop.forms[0].columns.values()]
    found = guess([" " + one for one in headings if one != "订单号"], PROFILES)
    assert found["quantity"].strip() == "商品数量(件)"
    assert found["title"].strip() == "商品"
    assert "订单号" not in found.values()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"order_id": None}, ["missing_field"]),
        ({"quantity": None}, ["missing_field"]),
        ({"sku": None, "title": None}, ["no_code"]),
        ({"sku": "Artikel"}, ["used_twice"]),
        ({"spec": "Farbe"}, ["no_such_heading"]),
        ({"colour": "Ort"}, ["no_such_field", "used_twice"]),
        ({"quantity": "Artikel", "title": None}, ["bad_quantity"]),
        ({"paid_at": "Artikel", "title": None}, ["bad_date"]),
    ],
)
def test_a_mapping_that_would_not_work_is_told_in_plain_words(
    tmp_path: Path, change: dict[str, str | None], codes: list[str]
) -> None:
    seen = preview(table(tmp_path), profiles=PROFILES)
    mapping = {key: one for key, one in {**MAPPING, **change}.items() if one is not None}
    problems = check(mapping, seen, profiles=PROFILES)
    assert [one.code for one in problems] == codes
    assert all(one.sentence.endswith(".") for one in problems)
    assert problems[0].blocks


@pytest.mark.parametrize(
    ("dates", "order", "codes"),
    [
        (["05/06/2026", "07/06/2026"], "", ["unclear_date"]),
        (["05/06/2026", "17/06/2026"], "", []),
        (["05/26/2026", "17/06/2026"], "", ["unclear_date"]),
        (["05/06/2026", "07/06/2026"], "MDY", []),
        (["2026-06-05", "2026-06-07"], "", []),
    ],
)
def test_dates_that_could_be_read_two_ways_are_asked_about(
    tmp_path: Path, dates: list[str], order: str, codes: list[str]
) -> None:
    rows = [("A-1", "S", "t", "1", "offen", date, "n", "o") for date in dates]
    seen = preview(table(tmp_path, rows), profiles=PROFILES)
    problems = check(MAPPING, seen, profiles=PROFILES, date_order=order)
    assert [(one.code, one.blocks) for one in problems] == [(code, False) for code in codes]


def test_order_numbers_that_a_spreadsheet_damaged_are_seen_in_the_preview(tmp_path: Path) -> None:
    rows = [("1.93068E+15", "S", "t", "1", "offen", "", "n", "o")] * 2
    problems = check(MAPPING, preview(table(tmp_path, rows), profiles=PROFILES))
    assert [(one.code, one.detail, one.blocks) for one in problems] == [
        ("damaged_id", "1.93068E+15", True)
    ]


def test_half_an_address_is_asked_about(tmp_path: Path) -> None:
    headings = (*HEADINGS, "City")
    seen = preview(table(tmp_path, [(*row, "x") for row in ROWS], headings), profiles=PROFILES)
    one = [(p.code, p.detail, p.blocks) for p in check(MAPPING, seen, profiles=PROFILES)]
    assert one == [("address_parts", "City", False)]
    both: dict[str, str | Sequence[str]] = {**MAPPING, "address": ("Ort", "City")}
    assert check(both, seen, profiles=PROFILES) == []


def test_a_format_that_another_one_would_shadow_is_not_written_blindly(tmp_path: Path) -> None:
    headings = ("订单号", "商品编码", "商品名称", "数量", "订单状态")
    path = table(tmp_path, [("A-1", "S", "t", "1", "待发货")], headings)
    seen = preview(path, profiles=PROFILES)
    assert seen.profile == "generic"
    few = {"order_id": "订单号", "quantity": "数量", "title": "商品名称"}
    assert [one.code for one in check(few, seen, profiles=PROFILES)] == ["not_told_apart"]
    more = {**few, "sku": "商品编码"}
    assert [(one.code, one.blocks) for one in check(more, seen, profiles=PROFILES)] == [
        ("known_already", False)
    ]


@pytest.mark.parametrize(
    "name",
    ["", "a b", "../x", "a/b", "a\\b", "CON", "com1", "x" * 41, "-x", "a:b", "a.toml", "\x00"],
)
def test_a_name_that_is_no_file_name_everywhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataFileError) as caught:
        write_profile(tmp_path / "shops", name, MAPPING)
    assert caught.value.code == "mapping.bad_name"
    assert list(tmp_path.iterdir()) == []
    seen = preview(table(tmp_path), profiles=PROFILES)
    assert [one.code for one in check(MAPPING, seen, name=name)] == (
        [] if not name else ["bad_name"]
    )


def test_a_name_of_the_program_and_one_that_is_there_are_never_written_over(tmp_path: Path) -> None:
    write_profile(tmp_path, "mine", MAPPING, WORDS, taken=["generic"])
    before = (tmp_path / "mine.toml").read_bytes()
    for name in ("mine", "Generic", "ｍｉｎｅ"):
        with pytest.raises(DataFileError) as caught:
            write_profile(tmp_path, name, {**MAPPING, "bin": "X"}, taken=["generic"])
        assert caught.value.code == "mapping.name_taken"
    assert (tmp_path / "mine.toml").read_bytes() == before
    write_profile(tmp_path, "mine", {**MAPPING, "bin": "X"}, replace=True)
    assert (tmp_path / "mine.toml").read_bytes() != before
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"order_id": "A"}, {}),
        ({"order_id": "A", "quantity": "B", "colour": "C"}, {}),
        ({"order_id": "A", "quantity": "B", "sku": " "}, {}),
        ({"order_id": "A", "quantity": "B", "sku": ()}, {}),
        (MAPPING, {"sent": ["x"]}),
        (MAPPING, {"to_ship": ["x"], "cancelled": ["X "]}),
    ],
)
def test_what_cannot_be_a_format_is_not_written(
    tmp_path: Path, mapping: Chosen, words: dict[str, list[str]]
) -> None:
    with pytest.raises(DataFileError):
        write_profile(tmp_path / "shops", "mine", mapping, words)
    assert not list(tmp_path.rglob("*.toml"))


def test_the_words_of_a_status_column_come_with_what_they_are_known_for(tmp_path: Path) -> None:
    rows = [
        (f"A-{n}", "S", "t", "1", word, "", "n", "o")
        for n, word in enumerate(["待发货"] * 300 + ["Shipped", "seltsam", "", "pending"])
    ]
    seen = preview(table(tmp_path, rows), profiles=PROFILES)
    assert status_values(seen, "Stand", PROFILES) == {
        "待发货": "to_ship",
        "Shipped": "shipped",
        "seltsam": "",
        "pending": "unpaid",
    }


heading = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd\ufeff"), min_size=1
).filter(lambda words: bool("".join(words.split())))


@given(st.lists(heading, min_size=3, max_size=6))
def test_every_heading_survives_the_file_it_is_written_to(headings: list[str]) -> None:
    mapping = dict(
        zip(("order_id", "quantity", "sku", "title", "bin", "spec"), headings, strict=False)
    )
    text = profile_text("mine", mapping, {"to_ship": headings})
    columns = tomllib.loads(text)["file"][0]["columns"]
    assert columns == {key: [words.strip()] for key, words in mapping.items()}


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        heading.filter(lambda words: words.strip("\t '=-\"") == words),
        min_size=4,
        max_size=4,
        unique_by=lambda words: "".join(words.split()).casefold(),
    )
)
def test_a_file_with_odd_headings_is_told_by_them(tmp_path: Path, headings: list[str]) -> None:
    shops = tmp_path / "shops"
    for old in shops.glob("*"):
        old.unlink()
    path = table(tmp_path, [("A-1", "2", "S-1", "Cup")], headings)
    try:
        seen = preview(path)
    except ImportFileError:
        return  # a heading that no CSV can hold, such as one with mojibake
    mapping = dict(zip(("order_id", "quantity", "sku", "title"), headings, strict=True))
    if seen.refused or check(mapping, seen):
        return
    write_profile(shops, "odd", mapping)
    (one,) = imported(path, shops).orders
    assert (one.order.order_id, one.order.lines[0].sku, one.order.units) == ("A-1", "S-1", 2)


def test_a_bad_own_file_is_named_and_stops_no_other_import(tmp_path: Path) -> None:
    path = table(tmp_path)
    write_profile(tmp_path, "mine", MAPPING, WORDS)
    (tmp_path / "bad.toml").write_text('name = "bad"\nfamly = "x"\n', encoding="utf-8")
    (tmp_path / "taken.toml").write_text(profile_text("generic", MAPPING, WORDS), encoding="utf-8")
    own = load_own_profiles(tmp_path, PROFILES)
    assert [one.name for one in own.profiles] == ["mine"]
    assert [(p.facts["file"], p.facts["key"], p.facts["line"]) for p in own.problems] == [
        ("bad.toml", "famly", 2),
        ("taken.toml", "name", 2),
    ]
    assert len(read_files([path], SETTINGS, profiles=(*own.profiles, *PROFILES)).orders) == 3


def test_an_own_file_wins_where_both_fit_equally_well(tmp_path: Path) -> None:
    program = load_profile(write_profile(tmp_path / "a", "theirs", MAPPING, {}))
    own = load_profile(write_profile(tmp_path / "b", "mine", MAPPING, WORDS))
    path = table(tmp_path)
    for both in ((program, replace(own, own=True)), (replace(own, own=True), program)):
        assert read_files([path], SETTINGS, profiles=both).profile == "mine"


# WooCommerce has no export of its own; three plugins write these shapes (formats: one row an item,
# blank repeats; one row an order with numbered columns; one row an order with one cell of items).


def test_one_row_an_item_with_every_order_column_repeated(tmp_path: Path) -> None:
    headings = ("order_number", "order_status", "item_sku", "item_name", "item_qty", "ship_city")
    rows = [
        ("1001", "processing", "000464", "Cup", "2", "Mockville"),
        ("1001", "processing", "S-2", "Towel", "1", "Mockville"),
        ("1002", "on-hold", "S-2", "Towel", "1", "Faketown"),
    ]
    path = table(tmp_path, rows, headings)
    mapping = dict(
        zip(("order_id", "status", "sku", "title", "quantity", "address"), headings, strict=True)
    )
    write_profile(tmp_path / "shops", "woo", mapping, {"to_ship": ["processing"]})
    orders = by_id(imported(path, tmp_path / "shops"))
    assert [line.quantity for line in orders["1001"].order.lines] == [2, 1]
    assert orders["1002"].order.why_not is WhyNot.UNKNOWN_STATUS


def test_one_row_an_item_with_blank_repeats_and_an_address_in_parts(tmp_path: Path) -> None:
    headings = (
        "Order Number", "Order Status", "First Name", "Address 1", "City", "Telephone", "SKU No",
        "Item", "Quantity (- Refund)",
    )  # fmt: skip
    rows = [
        (
            "1001",
            "Processing",
            "A. Sample",
            "1 Sample St",
            "Mockville",
            "5550100",
            "S-1",
            "Cup",
            "1",
        ),
        ("", "", "", "", "", "", "S-2", "Towel", "3"),
        (
            "1002",
            "Processing",
            "B. Sample",
            "2 Sample St",
            "Faketown",
            "5550101",
            "S-1",
            "Cup",
            "1",
        ),
        ("1002", "", "", "", "", "", "S-3", "Lamp", "1"),
    ]
    path = table(tmp_path, rows, headings)
    mapping: dict[str, str | Sequence[str]] = {
        "order_id": "Order Number",
        "status": "Order Status",
        "recipient": "First Name",
        "address": ("Address 1", "City"),
        "phone": "Telephone",
        "sku": "SKU No",
        "title": "Item",
        "quantity": "Quantity (- Refund)",
    }
    seen = preview(path, profiles=PROFILES)
    assert check(mapping, seen, name="woo", profiles=PROFILES) == []
    write_profile(tmp_path / "shops", "woo", mapping, {"to_ship": ["processing"]})
    orders = by_id(imported(path, tmp_path / "shops"))
    assert [(line.sku, line.quantity) for line in orders["1001"].order.lines] == [
        ("S-1", 1), ("S-2", 3),
    ]  # fmt: skip
    assert [(line.sku, line.quantity) for line in orders["1002"].order.lines] == [
        ("S-1", 1), ("S-3", 1),
    ]  # fmt: skip
    assert orders["1002"].person.address == "2 Sample St, Faketown"
    assert orders["1002"].order.recipient is Recipient.FULL
    assert {one.order.why_not for one in orders.values()} == {None}


ITEM = "name:{}|product_id:7|sku:{}|quantity:{}|total:5.00|meta:Colour: red"


@pytest.mark.parametrize("numbered", [True, False])
def test_one_row_an_order_with_its_items_in_columns_or_in_one_cell(
    tmp_path: Path, numbered: bool
) -> None:
    one, two = ITEM.format("Cup; blue | large", "000464", "2"), ITEM.format("Towel", "S-2", "1")
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    if numbered:
        headings = ("order_id_no", "state", "line_item_1", "line_item_2", "line_item_3")
        rows = [
            ("1001", "processing", one, two, ""),
            ("1002", "processing", two, "", ""),
            ("1003", "processing", "Towel × 1", "", ""),
            ("1004", "processing", "", "", ""),
            ("1005", "processing", two, one, two.replace("|total", "|quantity:9|total")),
        ]
    else:
        headings = ("order_id_no", "state", "line_items")
        rows = [
            ("1001", "processing", f"{one};{two}"),
            ("1002", "processing", two),
            ("1003", "processing", "Towel × 1"),
            ("1004", "processing", ""),
            ("1005", "processing", two.replace("|total", "|quantity:9|total")),
        ]
    path, shops = table(tmp_path, rows, headings), tmp_path / "shops"
    mapping = {"order_id": "order_id_no", "status": "state", "items": headings[2]}
    assert guess(headings, PROFILES)["items"] == headings[2]
    assert check(mapping, preview(path, profiles=PROFILES), profiles=PROFILES) == []
    write_profile(shops, "woo", mapping, {"to_ship": ["processing"]})
    parsed = imported(path, shops)
    orders = by_id(parsed)
    assert [(x.sku, x.title, x.quantity) for x in orders["1001"].order.lines] == [
        ("000464", "Cup; blue | large", 2),
        ("S-2", "Towel", 1),
    ]
    assert [x.quantity for x in orders["1002"].order.lines] == [1]
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (4, "bad_quantity"),
        (5, "bad_quantity"),
        (6, "ambiguous_quantity"),
    ]
    for order_id in ("1003", "1004", "1005"):
        assert orders[order_id].order.why_not is WhyNot.ROWS_REFUSED


def test_more_numbered_columns_than_the_first_file_had_are_read_too(tmp_path: Path) -> None:
    def file(count: int) -> Path:
        headings = ("nr", "state", *(f"line_item_{n}" for n in range(1, count + 1)))
        items = [ITEM.format("Cup", f"S-{n}", "1") for n in range(1, count + 1)]
        return table(tmp_path, [("1001", "processing", *items)], headings)

    mapping = {"order_id": "nr", "status": "state", "items": "line_item_1"}
    write_profile(tmp_path / "shops", "woo", mapping, {"to_ship": ["processing"]})
    for count in (1, 2, 150):
        (one,) = imported(file(count), tmp_path / "shops").orders
        assert one.order.units == count
        assert one.order.why_not is None
