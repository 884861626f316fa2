"""Which numbers fit a carrier, and which number comes next."""

from __future__ import annotations

import pytest

from packstation.core.carriers import (
    Carrier,
    NextRule,
    block,
    fitting,
    looks_like_a_waybill,
    next_number,
    s10_check_digit,
    sf12_check_digit,
)
from packstation.core.orders import CarrierCode
from packstation.errors import PackStationError
from tests.builders import CARRIERS, EMS, SF, YTO, ZTO, a_pattern

# fmt: off
SF12 = [
    "444003077898", "444000010085", "444006216706", "444003079772", "444006203631", "667687969479",
    "307562041369", "304708923294", "708546710852", "117906827502", "123638813180", "933346116516",
    "786187979245", "708329128335", "367847964498", "212624690238", "612434557760", "102494116867",
    "150459090273", "118461988807", "617709572650", "118954907573", "289354759176", "918222234993",
    "589707398027",
]
# fmt: on
"""Public numbers on which the rule was fitted (118650888018, a known sample, is not one)."""


@pytest.mark.parametrize("number", SF12)
def test_the_inferred_check_digit_of_public_sf_numbers_holds(number: str) -> None:
    assert sf12_check_digit(number[:11]) == int(number[11])


def sequence(carrier: Carrier, *numbers: str) -> None:
    assert block(carrier, numbers[0], len(numbers)) == numbers


def test_sf_numbers_follow_the_published_sequences() -> None:
    tails = ["898", "904", "913", "922", "931", "940", "959", "968", "977", "986", "995"]
    sequence(SF, *(f"444003077{tail}" for tail in tails), "444003078007")
    sequence(SF, "118461988889", "118461988898", "118461988904")
    sequence(SF, "444003079994", "444003080003")


def test_ems_numbers_follow_the_published_sequence() -> None:
    sequence(EMS, *(f"EA1234{n}CN" for n in ("56785", "56799", "56808", "56811", "56825")))


@pytest.mark.parametrize("number", ["RB123456785GB", "RB123456785US", "rb123456785gb"])
def test_a_postal_number_with_its_check_digit_fits(number: str) -> None:
    assert EMS.fits(number)


def test_a_postal_number_with_a_wrong_check_digit_fits_nobody() -> None:
    assert [d for d in "0123456789" if EMS.fits(f"RB12345678{d}GB")] == ["5"]
    assert fitting(CARRIERS, "RB123456784GB") == ()


@pytest.mark.parametrize(("serial", "digit"), [("00000000", 5), ("00000001", 4), ("00060000", 0)])
def test_remainders_of_ten_and_eleven_have_digits_of_their_own(serial: str, digit: int) -> None:
    # UPU S10: 11 minus the remainder; 10 becomes 0 and 11 becomes 5.
    assert s10_check_digit(serial) == digit


def test_an_inferred_check_digit_never_refuses_a_number() -> None:
    assert SF.fits("118650888018")


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("YT7700000000001", ["YTO"]),
        ("yt7700000000001", ["YTO"]),
        ("444003077898", ["SF"]),
        ("6901234567892", ["ZTO"]),
        ("SF1420349064432", ["SF"]),
        ("YT770000000000", []),
        ("YT77000000000012", []),
        ("XYT7700000000001", []),
        ("", []),
    ],
)
def test_only_a_whole_number_fits(number: str, codes: list[str]) -> None:
    assert list(fitting(CARRIERS, number)) == codes


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("YT7700000000001", True),
        ("sf1420349064432", True),
        ("6901234567892", False),
        ("A-01", False),
    ],
)
def test_only_a_form_with_letters_of_its_own_looks_like_a_waybill(text: str, is_one: bool) -> None:
    assert looks_like_a_waybill(CARRIERS, text) is is_one


def test_zero_padding_and_prefix_are_kept() -> None:
    assert next_number(YTO, "YT0000000000009") == "YT0000000000010"
    assert next_number(ZTO, "0000000000999") == "0000000001000"


def fails(carrier: Carrier, number: str, code: str) -> None:
    with pytest.raises(PackStationError) as caught:
        next_number(carrier, number)
    assert caught.value.code == code
    assert caught.value.fix


@pytest.mark.parametrize(
    ("carrier", "last"),
    [(YTO, "YT9999999999999"), (EMS, "EA999999999CN"), (SF, "999999999999")],
)
def test_a_block_ends_where_its_digits_end(carrier: Carrier, last: str) -> None:
    if carrier is EMS:
        last = f"EA99999999{s10_check_digit('99999999')}CN"
    fails(carrier, last, "numbers.run_out")


def test_a_number_without_digits_at_its_end_has_no_next() -> None:
    odd = Carrier(CarrierCode("ODD"), ("单",), (a_pattern("[A-Z]+"),))
    assert odd.name_en == odd.name_zh == "单"
    fails(odd, "ABC", "numbers.run_out")


def test_a_next_number_that_leaves_the_form_is_no_number() -> None:
    small = Carrier(CarrierCode("SMALL"), ("小",), (a_pattern("N[0-8]"),))
    fails(small, "N8", "numbers.run_out")


def test_a_carrier_without_a_public_rule_wants_a_list() -> None:
    assert SF.patterns[0].next_rule is NextRule.NONE
    fails(SF, "SF1420349064432", "numbers.no_rule")
    assert block(SF, "SF1420349064432", 1) == ("SF1420349064432",)


def test_a_number_of_another_carrier_is_not_continued() -> None:
    fails(YTO, "444003077898", "numbers.does_not_fit")
    with pytest.raises(PackStationError, match="not a tracking number of YTO"):
        block(YTO, "444003077898", 1)


def test_names_are_chinese_first_then_english() -> None:
    assert (YTO.name_zh, YTO.name_en) == ("圆通速递", "YTO Express")
