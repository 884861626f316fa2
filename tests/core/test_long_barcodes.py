"""A scan of a longer barcode proves the number in it, and never the number of another parcel."""

from __future__ import annotations

import pytest

from packstation.core.carriers import Carrier, NextRule
from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.core.policy import ShopRules
from packstation.core.status import LabelSource
from tests.builders import ELSEWHERE, S10, YTO, a_line, a_pattern, an_external_order, some_rules
from tests.core.house import House

POST = Carrier(
    CarrierCode("POST"),
    ("邮", "Post"),
    (
        a_pattern(
            r"(?:420\d{5})?(?P<number>9(?P<serial>\d{8})(?P<check>\d))",
            check=S10,
            next_rule=NextRule.NONE,
        ),
    ),
)
RULES = some_rules(
    carriers=(YTO, POST), shops={ELSEWHERE: ShopRules(LabelSource.EXTERNAL, POST.code)}
)


def number(serial: int) -> str:
    return f"9{serial:08d}{S10.digit(f'{serial:08d}')}"


def bench(tracking: str | None = None) -> House:
    known = TrackingNumber(tracking) if tracking else None
    order = an_external_order("8001", a_line("C-03"), carrier=POST.code, tracking_number=known)
    house = House(order, rules=RULES)
    house.scans("8001", "C-03")
    return house


@pytest.mark.parametrize("scanned", [number(7), f"42012345{number(7)}", f"420 99999 {number(7)}"])
def test_the_number_and_its_longer_barcodes_prove_one_parcel(scanned: str) -> None:
    answer = bench(number(7)).scan(scanned)
    assert (answer.verdict, answer.detail) == ("SEALED", number(7))
    assert not answer.repaired


def test_a_number_of_the_file_in_its_long_dress_is_proved_by_the_short_one() -> None:
    assert bench(f"42012345{number(7)}").scan(number(7)).verdict == "SEALED"


@pytest.mark.parametrize("other", [8, 17, 70_000_007])
def test_the_longer_barcode_of_another_parcel_proves_nothing(other: int) -> None:
    house = bench(number(7))
    for scanned in (number(other), f"42012345{number(other)}"):
        assert house.scan(scanned).verdict == "WRONG_LABEL"
        house.scan("PSCMDOK")


def test_a_damaged_check_digit_proves_nothing() -> None:
    right = number(7)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert bench(right).scan(f"42012345{wrong}").verdict == "WRONG_LABEL"


def test_a_label_from_elsewhere_is_bound_by_the_number_and_not_by_the_postcode() -> None:
    answer = bench().scan(f"42012345{number(7)}")
    assert (answer.verdict, answer.detail) == ("SEALED", number(7))
