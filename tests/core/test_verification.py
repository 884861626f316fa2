"""What a code means inside one order, and how units are counted."""

from __future__ import annotations

import pytest

from packstation.core.catalog import ProductCode
from packstation.core.codes import read
from packstation.core.orders import LineKey, OrderLine
from packstation.core.status import Reason, Verdict
from packstation.core.verification import Reading, ScanStep, VerificationSession, read_in_order
from tests.builders import a_code, a_line, an_order

EAN = "6901234567892"
CASE = "16901234567899"


def a_session(*lines: OrderLine, codes: tuple[ProductCode, ...] = ()) -> VerificationSession:
    return VerificationSession(an_order("5771", *lines), codes)


def reading(session: VerificationSession, text: str) -> Reading | None:
    return read_in_order(session, read(text))


def verdicts(session: VerificationSession, *texts: str) -> list[str]:
    """Feed texts one after the other and say what each was answered."""
    said = []
    for text in texts:
        answer = reading(session, text)
        said.append(answer.verdict.value if answer else "-")
        if answer and answer.step:
            session = session.with_step(answer.step)
    return said


def test_each_scan_of_goods_counts_one_unit() -> None:
    session = a_session(a_line("A-01", 2), a_line("B-02"), codes=(a_code(EAN, "A-01"),))
    assert verdicts(session, EAN, EAN, EAN, "B-02") == [
        "MATCH",
        "LINE_COMPLETE",
        "OVER_QUANTITY",
        "ORDER_COMPLETE",
    ]


def test_a_pack_counts_its_units_or_nothing() -> None:
    codes = (a_code(EAN, "A-01"), a_code(CASE, "A-01", 6))
    session = a_session(a_line("A-01", 8), codes=codes)
    assert verdicts(session, CASE, CASE, EAN, EAN, EAN) == [
        "MATCH",
        "OVER_QUANTITY",
        "MATCH",
        "ORDER_COMPLETE",
        "OVER_QUANTITY",
    ]
    too_large = reading(session.with_step(ScanStep(((LineKey("A-01"), 3),))), CASE)
    assert too_large is not None
    assert (too_large.reason, too_large.step) == (Reason.PACK_TOO_LARGE, None)


def test_a_pack_may_fill_two_lines_of_one_sku() -> None:
    lines = (a_line("A-01", 2, line_key="1"), a_line("A-01", 4, line_key="2", gift=True))
    answer = reading(a_session(*lines, codes=(a_code(CASE, "A-01", 6),)), CASE)
    assert answer is not None
    assert answer.verdict is Verdict.ORDER_COMPLETE
    assert answer.step == ScanStep(((LineKey("1"), 2), (LineKey("2"), 4)))


def test_units_fill_the_lines_of_one_sku_in_order() -> None:
    lines = (a_line("A-01", 1, line_key="1"), a_line("A-01", 2, line_key="2"))
    assert verdicts(a_session(*lines), "A-01", "A-01", "A-01", "A-01") == [
        "LINE_COMPLETE",
        "MATCH",
        "ORDER_COMPLETE",
        "OVER_QUANTITY",
    ]


@pytest.mark.parametrize(
    "text",
    [
        EAN[:-1],
        EAN[1:],
        EAN[:8],
        EAN + "0",
        EAN + EAN,
        "A-0",
        "-01",
        "A-011",
        "XA-01",
        "a01",
        "A 01",
    ],
)
def test_a_part_of_a_code_and_two_glued_codes_are_nothing(text: str) -> None:
    assert reading(a_session(a_line("A-01", 9), codes=(a_code(EAN, "A-01"),)), text) is None


@pytest.mark.parametrize(
    "text", [EAN, "0" + EAN, f"]E0{EAN}", f"01{EAN.zfill(14)}10LOT", f" {EAN} "]
)
def test_a_product_has_one_code_in_many_clothes(text: str) -> None:
    answer = reading(a_session(a_line("A-01", 9), codes=(a_code(EAN, "A-01"),)), text)
    assert answer is not None
    assert (answer.verdict, answer.repaired) == (Verdict.MATCH, False)


@pytest.mark.parametrize("text", ["a-01", "Ａ－０１", "６９０１２３４５６７８９２"])
def test_case_and_width_are_put_right_visibly(text: str) -> None:
    answer = reading(a_session(a_line("A-01", 9), codes=(a_code(EAN, "A-01"),)), text)
    assert answer is not None
    assert (answer.verdict, answer.repaired) == (Verdict.MATCH, True)


def test_a_repair_that_fits_two_codes_is_ambiguous() -> None:
    session = a_session(a_line("ab-1"), a_line("AB-1"))
    answer = reading(session, "Ab-1")
    assert answer is not None
    assert (answer.verdict, answer.step) == (Verdict.AMBIGUOUS_CODE, None)
    assert verdicts(session, "ab-1", "AB-1") == ["LINE_COMPLETE", "ORDER_COMPLETE"]


@pytest.mark.parametrize(
    "codes",
    [
        (a_code(EAN, "A-01"), a_code(EAN, "B-02")),
        (a_code(EAN, "A-01"), a_code(EAN, "Z-99")),  # Z-99 is not even in the order
        (a_code(EAN, "A-01"), a_code(EAN, "A-01", 6)),  # one piece or six
    ],
)
def test_a_code_with_two_meanings_counts_nothing(codes: tuple[ProductCode, ...]) -> None:
    answer = reading(a_session(a_line("A-01", 9), a_line("B-02"), codes=codes), EAN)
    assert answer is not None
    assert (answer.verdict, answer.step) == (Verdict.AMBIGUOUS_CODE, None)


def test_a_code_of_a_sku_outside_the_order_is_not_of_the_order() -> None:
    assert reading(a_session(a_line("A-01"), codes=(a_code(EAN, "Z-99"),)), EAN) is None
    twice = (a_code(EAN, "Z-99"), a_code(EAN, "Z-98"))
    assert reading(a_session(a_line("A-01"), codes=twice), EAN) is None


def test_a_barcode_column_of_the_file_is_a_product_code() -> None:
    assert verdicts(a_session(a_line("A-01", 1, barcode=EAN)), EAN) == ["ORDER_COMPLETE"]


def test_a_line_without_a_sku_is_proved_by_its_barcode_alone() -> None:
    session = a_session(a_line("", 1, barcode=EAN, line_key="1"), a_line("B-02"))
    assert verdicts(session, "1", EAN, EAN, "B-02") == [
        "-",
        "LINE_COMPLETE",
        "OVER_QUANTITY",
        "ORDER_COMPLETE",
    ]


def test_two_lines_without_a_sku_are_two_products() -> None:
    lines = (a_line("", barcode=EAN, line_key="1"), a_line("", barcode=EAN, line_key="2"))
    assert verdicts(a_session(*lines), EAN) == ["AMBIGUOUS_CODE"]


@pytest.mark.parametrize("units", [1, 6])
def test_a_sku_text_that_is_printed_on_another_product_is_ambiguous(units: int) -> None:
    session = a_session(a_line("A-01"), a_line("B-02", 6), codes=(a_code("A-01", "B-02", units),))
    assert verdicts(session, "A-01") == ["AMBIGUOUS_CODE"]


def test_a_pack_code_with_the_text_of_its_own_sku_is_the_pack() -> None:
    session = a_session(a_line("A-01", 6), codes=(a_code("A-01", "A-01", 6),))
    assert verdicts(session, "A-01") == ["ORDER_COMPLETE"]


def test_undo_of_all_gives_the_beginning() -> None:
    start = a_session(a_line("A-01", 3))
    step = ScanStep(((LineKey("A-01"), 1),))
    assert start.with_step(step).with_step(step).without_last().without_last() == start


@pytest.mark.parametrize(
    "history",
    [
        (ScanStep(((LineKey("gone"), 1),)),),
        (ScanStep(((LineKey("A-01"), 3),)),),
        (ScanStep(((LineKey("A-01"), 2),)), ScanStep(((LineKey("A-01"), -1),))),
    ],
)
def test_counts_that_cannot_be_of_the_order_are_not_sound(history: tuple[ScanStep, ...]) -> None:
    assert not VerificationSession(an_order("5771", a_line("A-01", 2)), (), history).sound
