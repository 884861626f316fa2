"""Queued jobs become slips: terms are checked, people's data is not in them, names are masked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.orders import (
    CarrierCode,
    LineKey,
    Order,
    OrderId,
    OrderLine,
    Person,
    ShopKey,
    Sku,
)
from packstation.core.pick_rows import PickRow, Walk
from packstation.core.status import PaperKind
from packstation.devices.letterhead import Letterhead
from packstation.devices.slip_papers import COMMAND_CODES, slip_of
from packstation.devices.slip_terms import (
    MOST_ROWS,
    pick_terms,
    read_counted,
    read_pick_terms,
)
from packstation.errors import ComposeError
from packstation.ports import BagJob, ReceiptJob, SlipJob
from packstation.printing.document import Text
from packstation.printing.goods_slips import PickSection, PickSheet, PickView, pick_sheet
from packstation.printing.media import Language, Media, PrinterProfile
from packstation.printing.raster import ensure_gui_application
from packstation.printing.slip_layout import pages
from packstation.printing.slips import Slip, draw_slip
from packstation.printing.waybill_label import Party
from packstation.printing.words import words_for

MAIN = ShopKey("main")
AT = datetime(2025, 3, 4, 7, 6, tzinfo=UTC)
HEAD = Letterhead(
    words=words_for("en"),
    zone=timezone(timedelta(hours=8)),
    zone_name="Asia/Shanghai",
    senders={MAIN: Party("Harbor Goods", "0571-88886666", "1 Pier Road")},
    shop_names={MAIN: "Harbor Goods"},
    carrier_names={CarrierCode("ZTO"): "ZTO Express"},
    house="Harbor Goods",
    station="01",
    operator="07",
)
PERSON = Person(name="王小明", phone="13112341907", address="文三路 1 号", buyer_message="快点")
ORDER = Order(
    MAIN,
    OrderId("577123456789012345"),
    "generic",
    (OrderLine(LineKey("1"), Sku("TEE-L"), "Tee", 2, barcode="6901234567892", bin="A-1"),),
    part=2,
    parts=3,
)
COUNTED = json.dumps({"counted": [["PSBAG00000012", 128, 127]], "reason": "torn", "drop_off": "P2"})
STOCK = Media("100x180", "100 x 180 mm", 100, 180, 2)
ROLL = Media("receipt-58", "58 mm", 48, None, 0)
PROFILE = PrinterProfile("any", "any", Language.ESCPOS, 8, 384, "nowhere")


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def job(kind: PaperKind, terms: str = "", key: str = "MF20250304-0007", copy: int = 1) -> SlipJob:
    return SlipJob("j1", kind, key, copy, AT, terms)


def said(slip: Slip) -> set[str]:
    elements = [element for page in pages(slip, STOCK) for element in page.elements]
    return {element.text for element in elements if isinstance(element, Text)}


def test_a_discrepancy_slip_says_what_its_terms_say() -> None:
    texts = said(slip_of(job(PaperKind.DISCREPANCY_SLIP, COUNTED, copy=2), HEAD))
    assert {"PSBAG00000012", "128", "127", "-1", "torn", "P2", "07", "01"} <= texts
    assert {"MF20250304-0007", "2025-03-04 15:06 UTC+0800", "Harbor Goods"} <= texts
    assert "补打 2 REPRINT" in texts


def test_a_packing_slip_has_the_goods_and_no_address_phone_or_message() -> None:
    asked = replace(job(PaperKind.PACKING_SLIP), order=ORDER, person=PERSON)
    texts = said(slip_of(asked, HEAD))
    assert {"577123456789012345", "TEE-L", "Tee", "王小明", "Parcel 2 of 3"} <= texts
    whole = " ".join(texts)
    for secret in (PERSON.phone, PERSON.address, PERSON.buyer_message):
        assert str(secret) not in whole


def test_a_shop_that_masks_has_a_masked_name_on_its_packing_slips() -> None:
    asked = replace(job(PaperKind.PACKING_SLIP), order=ORDER, person=PERSON)
    texts = said(slip_of(asked, replace(HEAD, masked=frozenset({MAIN}))))
    assert "王**" in texts
    assert "王小明" not in texts
    assert said(slip_of(replace(asked, person=None), HEAD))


def test_a_pick_list_is_made_of_its_terms_alone() -> None:
    sheet = pick_sheet([ORDER], Walk(), name="W01-0001", total=False)
    terms = pick_terms(sheet)
    assert read_pick_terms(terms) == sheet
    texts = said(slip_of(job(PaperKind.PICK_LIST, terms, key="W01-0001"), HEAD))
    assert {"A-1", "× 2", "Tee"} <= texts
    assert any("W01-0001" in text for text in texts)


@pytest.mark.parametrize("kind", [PaperKind.COMMAND_SHEET, PaperKind.SCANNER_CARD])
@pytest.mark.parametrize("terms", ["", " ", "{}"])
def test_sheets_of_codes_have_no_terms(kind: PaperKind, terms: str) -> None:
    assert draw_slip(slip_of(job(kind, terms), HEAD), ROLL, PROFILE)
    with pytest.raises(ComposeError, match="exactly the keys none"):
        slip_of(job(kind, '{"a": 1}'), HEAD)


def test_the_command_sheet_shows_what_the_station_answers() -> None:
    assert {"PSCMDOK", "PSCMDREPRINT", "PSTRAY"} <= set(COMMAND_CODES)
    assert "PSCMDVOID" not in COMMAND_CODES
    assert set(COMMAND_CODES) <= said(slip_of(job(PaperKind.COMMAND_SHEET), HEAD))


def test_bags_and_receipts_are_slips_too() -> None:
    bag = BagJob("j2", "PSBAG00000012", CarrierCode("ZTO"), 128, AT)
    assert {"PSBAG00000012", "128 parcel(s)", "ZTO Express"} <= said(slip_of(bag, HEAD))
    receipt = ReceiptJob(
        "j3", "MF20250304-0007", CarrierCode("ZTO"), (("PSBAG00000012", 128),), AT,
        AT + timedelta(minutes=5), "", "3fa901bc" * 8, "c0ffee12" * 8, 1,
    )  # fmt: skip
    texts = said(slip_of(receipt, HEAD))
    assert {"PSBAG00000012", "Bags: 1, parcels: 128", "ZTO ZTO Express"} <= texts


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        (PaperKind.DISCREPANCY_SLIP, ""),
        (PaperKind.DISCREPANCY_SLIP, "[]"),
        (PaperKind.DISCREPANCY_SLIP, "{}"),
        (PaperKind.DISCREPANCY_SLIP, "[" * 100_000),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": []}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [["PSBAG1", 1]]}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [["PSBAG1", 1, -1]]}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [["PSBAG1", 1, true]]}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [["PSBAG1", 1, 1.0]]}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [[1, 1, 1]]}'),
        (PaperKind.DISCREPANCY_SLIP, '{"counted": [["PSBAG1", 1, 1]], "driver": "x"}'),
        (PaperKind.DISCREPANCY_SLIP, json.dumps({"counted": [["B", 1, 2]], "reason": "x" * 2001})),
        (PaperKind.DISCREPANCY_SLIP, json.dumps({"counted": [["B", 1, 2]] * (MOST_ROWS + 1)})),
        (PaperKind.PICK_LIST, "{}"),
        (PaperKind.PICK_LIST, '{"name":"","orders":0,"skus":0,"units":0,"sections":[]}'),
        (PaperKind.PICK_LIST, '{"name":"","orders":0,"skus":0,"units":0,"sections":[{}]}'),
        (PaperKind.PACKING_SLIP, ""),
        (PaperKind.LABEL, ""),
        (PaperKind.TEST, ""),
    ],
)
def test_terms_that_say_no_paper_are_refused_with_a_sentence(kind: PaperKind, terms: str) -> None:
    with pytest.raises(ComposeError, match="cannot be made from what was asked for") as refusal:
        slip_of(job(kind, terms), HEAD)
    assert refusal.value.code == "print.bad_terms"


def changed_row(row: object) -> str:
    section = {"view": "all", "cart": 0, "orders": [], "rows": [row]}
    told = {"name": "", "orders": 1, "skus": 1, "units": 1, "sections": [section]}
    return json.dumps(told)


@pytest.mark.parametrize(
    "row",
    [
        ["A", "s", "t", "", "", 1, False],
        ["A", "s", "t", "", "", 1, 0, []],
        ["A", "s", "t", "", "", 1, False, [[1]]],
        ["A", "s", "t", "", "", "1", False, []],
        [None, "s", "t", "", "", 1, False, []],
        "row",
    ],
)
def test_a_wrong_row_of_a_pick_list_is_refused(row: object) -> None:
    with pytest.raises(ComposeError):
        read_pick_terms(changed_row(row))
    assert read_pick_terms(changed_row(["A", "s", "t", "", "", 1, False, []])).units == 1


@pytest.mark.parametrize("section", [{"view": "aisle"}, {"view": "order", "orders": []}])
def test_a_wrong_section_of_a_pick_list_is_refused(section: dict[str, object]) -> None:
    whole = {"view": "all", "cart": 0, "orders": [], "rows": [], **section}
    told = {"name": "", "orders": 1, "skus": 1, "units": 1, "sections": [whole]}
    with pytest.raises(ComposeError):
        read_pick_terms(json.dumps(told))


def test_a_pick_list_too_long_for_paper_is_refused_before_it_is_queued() -> None:
    row = PickRow("A", "s", "t", "", "", 1)
    sheet = PickSheet("", 1, 1, 1, (PickSection(PickView.ALL, (row,) * (MOST_ROWS + 1)),))
    with pytest.raises(ComposeError, match="more than 2000 lines"):
        pick_terms(sheet)
    with pytest.raises(ComposeError, match="more than 2000"):
        read_pick_terms(pick_terms_of_many(row))


def pick_terms_of_many(row: PickRow) -> str:
    half = PickSection(PickView.ALL, (row,) * (MOST_ROWS // 2 + 1))
    told = json.loads(pick_terms(PickSheet("", 1, 1, 1, (half,))))
    told["sections"] *= 2
    return json.dumps(told)


TEXT = st.text(max_size=30)
ROW = st.builds(
    PickRow, TEXT, TEXT, TEXT, TEXT, TEXT, st.integers(0, 10_000), st.booleans(),
    st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), max_size=3).map(tuple),
)  # fmt: skip


@given(rows=st.lists(ROW, min_size=1, max_size=5), name=TEXT)
def test_terms_of_a_pick_list_give_the_same_list_again(rows: list[PickRow], name: str) -> None:
    sheet = PickSheet(name, 1, 2, 3, (PickSection(PickView.CART, tuple(rows), 1, ("77", name)),))
    terms = pick_terms(sheet)
    terms.encode()
    assert read_pick_terms(terms) == sheet


@given(terms=st.text(max_size=200))
def test_any_text_as_terms_is_read_or_refused(terms: str) -> None:
    for read in (read_counted, read_pick_terms):
        try:
            read(terms)
        except ComposeError:
            continue


def test_terms_hold_no_peoples_data() -> None:
    terms = pick_terms(pick_sheet([ORDER], Walk(), total=False, cart=5))
    for secret in (PERSON.name, PERSON.phone, PERSON.address):
        assert str(secret) not in terms


def test_the_letterhead_of_the_settings_masks_the_shops_that_ask_for_it() -> None:
    from packstation.app.paper import letterhead
    from packstation.exchange.carrier_files import load_carriers
    from packstation.settings import Settings, ShopSettings

    resources = Path(__file__).parents[2] / "resources"
    shops = {MAIN: ShopSettings(mask_recipient=True), ShopKey("other"): ShopSettings()}
    head = letterhead(Settings(shops=shops), load_carriers(resources / "carriers"), "en")
    assert head.masked == {MAIN}
