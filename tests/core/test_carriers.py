"""Which numbers fit a carrier, and which number comes next."""

from __future__ import annotations

import pytest

from packstation.core.carriers import (
    Carrier,
    NextRule,
    fitting,
    looks_like_a_waybill,
    plain,
    shortened,
)
from packstation.core.check_digits import CheckDigit, CheckRule
from packstation.core.number_runs import block, next_number, preview, previous_number, run_of
from packstation.core.orders import CarrierCode
from packstation.errors import PackStationError
from tests.builders import CARRIERS, EMS, S10, SF, SF12, YTO, ZTO, a_pattern

# fmt: off
SF_SEEN = [
    "444003077898", "444000010085", "444006216706", "444003079772", "444006203631", "667687969479",
    "307562041369", "304708923294", "708546710852", "117906827502", "123638813180", "933346116516",
    "786187979245", "708329128335", "367847964498", "212624690238", "612434557760", "102494116867",
    "150459090273", "118461988807", "617709572650", "118954907573", "289354759176", "918222234993",
    "589707398027",
]
# fmt: on
"""Public numbers on which the rule was fitted (118650888018, a known sample, is not one)."""


@pytest.mark.parametrize("number", SF_SEEN)
def test_the_inferred_check_digit_of_public_sf_numbers_holds(number: str) -> None:
    assert SF12.digit(number[:11]) == int(number[11])


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
    assert S10.digit(serial) == digit


def test_an_inferred_check_digit_never_refuses_a_number() -> None:
    fit = SF.fit("118650888018")
    assert fit is not None
    assert fit.doubtful
    assert not fit.certain


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
        last = f"EA99999999{S10.digit('99999999')}CN"
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


@pytest.mark.parametrize(
    ("rule", "serial", "digit"),
    [
        (CheckDigit(CheckRule.MOD10, (1, 2)), "879E93034683444", 0),  # UPS 1Z879E930346834440
        (CheckDigit(CheckRule.MOD10, (3, 1), from_right=True), "940011120620640626078", 7),
        (CheckDigit(CheckRule.MOD7), "7389105114", 6),
        (CheckDigit(CheckRule.WEIGHTED, (3, 1, 7), (11, 10)), "98657878885", 5),
        (CheckDigit(CheckRule.MOD10, (3, 1), prefix="91"), "0000000000000000000", 0),
    ],
)
def test_each_rule_makes_the_digit_of_a_public_number(
    rule: CheckDigit, serial: str, digit: int
) -> None:
    if rule.prefix:
        assert rule.digit(serial) == CheckDigit(rule.rule, rule.weights).digit("91" + serial)
        return
    assert rule.digit(serial) == digit


LONG = Carrier(
    CarrierCode("LONG"),
    ("长",),
    (
        a_pattern(r"420\d{5}(?P<number>9(?P<serial>\d{6})(?P<check>\d))", check=SF12),
        a_pattern(
            r"(?:420\d{5})?(?P<number>8(?P<serial>\d{8})(?P<check>\d))",
            check=S10,
            next_rule=NextRule.NONE,
        ),
    ),
)


def test_a_longer_barcode_is_cut_only_where_its_check_digit_proves_it() -> None:
    number = f"812345678{S10.digit('12345678')}"
    assert LONG.canonical(f"420 12345 {number}") == number
    assert LONG.canonical(number) == number
    assert LONG.canonical(f"42012345{number[:-1]}{9 - int(number[-1])}") != number
    # An inferred digit proves nothing, so nothing is cut off.
    assert LONG.canonical("4201234591234560") == "4201234591234560"
    assert shortened((YTO, LONG), f"42012345{number}") == (("LONG", number),)
    assert plain(" yt 77 ") == "YT77"


def test_a_run_goes_back_as_it_went_forth() -> None:
    for carrier, first in ((SF, "444003077995"), (EMS, "EA123456785CN"), (YTO, "YT7700000000999")):
        assert previous_number(carrier, next_number(carrier, first)) == first


@pytest.mark.parametrize(
    ("carrier", "first"),
    [(YTO, "YT0000000000000"), (EMS, f"EA00000000{S10.digit('00000000')}CN")],
)
def test_nothing_stands_before_the_first_number(carrier: Carrier, first: str) -> None:
    with pytest.raises(PackStationError) as caught:
        previous_number(carrier, first)
    assert caught.value.code == "numbers.run_out"


def test_a_preview_shows_both_ends_and_where_the_digits_carry() -> None:
    told = preview(run_of(SF, "444003077898", 1_000_000))
    assert (told.count, told.first) == (1_000_000, "444003077898")
    assert told.head == ("444003077898", "444003077904", "444003077913")
    assert told.carries[0].startswith("44400308000")
    assert told.tail[-1] == told.last == f"44401307788{SF12.digit('44401307788')}"
    assert (told.check, told.doubtful) == ("inferred", False)
    assert preview(run_of(EMS, "EA123456785CN", 2)).check == "published"
    two = preview(run_of(YTO, "YT7700000000999", 2))
    assert (two.head, two.tail) == (("YT7700000000999", "YT7700000001000"), ())
    assert two.carries == ("YT7700000001000",)
    assert two.check == "none"


def test_a_doubtful_first_number_is_kept_as_given_and_told() -> None:
    run = run_of(SF, "118650888018", 3)
    assert preview(run).doubtful
    assert run.first == "118650888018"
    assert run.number(1) == f"11865088802{SF12.digit('11865088802')}"


def test_a_number_is_placed_in_its_run_or_not_at_all() -> None:
    run = run_of(SF, "444003077898", 10)
    assert [run.place(number) for number in run] == list(range(10))
    assert run.place("444003077890") is None
    assert run.place("YT4440030778") is None
    assert run.place("44400307") is None


@pytest.mark.parametrize("count", [0, -1, 1_000_001])
def test_a_run_has_a_number_of_numbers(count: int) -> None:
    with pytest.raises(PackStationError) as caught:
        run_of(YTO, "YT7700000000001", count)
    assert caught.value.code == "numbers.bad_count"
