"""The shipped carrier files against public numbers: every valid one fits, every invalid one not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from packstation.core.carriers import Carrier, fitting, shortened
from packstation.exchange.carrier_files import load_carriers

ROOT = Path(__file__).resolve().parents[2]
CARRIERS = {c.code: c for c in load_carriers(ROOT / "resources" / "carriers")}
FORMS = tomllib.loads((ROOT / "tests/data/tracking_numbers.toml").read_text("utf-8"))["form"]
NUMBERS = [
    pytest.param(form["carrier"], number, kind == "valid", id=f"{form['name']}-{kind}-{number}")
    for form in FORMS
    for kind in ("valid", "invalid")
    for number in form[kind]
]

UNPROVED = {"DHL Express (Piece ID)", "DHL E-Commerce", "DHL E-Commerce (14)"}
"""Forms without a check digit: a number only could be one."""

LONG_FORMS = [
    ("USPS", "420787459400111206206406260787", "9400111206206406260787"),
    ("USPS", "4201002334249200190132607600833457", "9200190132607600833457"),
    ("USPS", "420 22153 9101026837331000039521", "9101026837331000039521"),
    ("FEDEX", "1001921334250001000300779017972697", "779017972697"),
    ("FEDEX", "1195271874060007521100871140316925", "871140316925"),
    ("FEDEX", "32971514560102447849175802862014", "784917580286"),
    ("FEDEX", "9622001560001234567100794808390594", "794808390594"),
    ("FEDEX", "9611020987654312345672", "987654312345672"),
]


@pytest.mark.parametrize(("code", "number", "valid"), NUMBERS)
def test_a_published_number_is_valid_or_not(code: str, number: str, valid: bool) -> None:
    assert carrier(code).fits(number) is valid


def test_every_published_number_is_looked_at() -> None:
    assert len(NUMBERS) == 109
    assert {form["carrier"] for form in FORMS} == {"EMS", "UPS", "FEDEX", "USPS", "DHL"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form["name"]))
def test_only_a_check_digit_makes_a_number_certain(form: dict[str, object]) -> None:
    numbers = form["valid"]
    assert isinstance(numbers, list)
    for number in numbers:
        fit = carrier(str(form["carrier"])).fit(number)
        assert fit is not None
        assert fit.certain is (form["name"] not in UNPROVED)


@pytest.mark.parametrize("code", ["YTO", "STO", "ZTO", "YUNDA", "JD", "JT", "BEST", "SF"])
def test_a_carrier_without_a_published_check_digit_is_never_certain(code: str) -> None:
    assert all(p.check is None or p.check.inferred for p in carrier(code).patterns)


@pytest.mark.parametrize(("code", "scanned", "number"), LONG_FORMS)
def test_a_long_barcode_gives_up_its_parcel_number(code: str, scanned: str, number: str) -> None:
    one = carrier(code)
    assert one.canonical(scanned) == number
    assert one.canonical(number) == number
    assert (code, number) in shortened(tuple(CARRIERS.values()), scanned)


@pytest.mark.parametrize(("code", "scanned", "number"), LONG_FORMS)
def test_a_long_barcode_with_one_wrong_digit_of_its_number_gives_up_nothing(
    code: str, scanned: str, number: str
) -> None:
    whole = "".join(scanned.split())
    at = whole.index(number)
    for place in range(at, at + len(number) - 1):
        other = str((int(whole[place]) + 1) % 10)
        damaged = whole[:place] + other + whole[place + 1 :]
        assert carrier(code).canonical(damaged) != number


def test_a_number_of_fourteen_digits_is_never_cut_to_twelve() -> None:
    # Two digits that are not 0 before the last twelve belong to the number: another parcel.
    fedex = carrier("FEDEX")
    long = next(
        text
        for digit in range(10)
        if fedex.fits(text := f"100192133425000100030177901797269{digit}"[:33] + str(digit))
    )
    assert fedex.canonical(long) == long


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("ZTO", "768123456789"),
        ("ZTO", "201012345678"),
        ("ZTO", "536123456789"),
        ("STO", "773123456789"),
        ("STO", "88123456789012"[:13]),
        ("STO", "881234567890123"),
        ("BEST", "B123456789012"),
        ("BEST", "JT300223268224"),
        ("BEST", "K812345678901"),
        ("CPOST", "PH12345678944"),
        ("YUNDA", "8812345678901234"),
        ("DEPPON", "1234567890123456-1"),
        ("JD", "JDX123456789012"),
        ("ZJS", "1234567891"),
    ],
)
def test_forms_of_the_published_lists_fit(code: str, number: str) -> None:
    assert code in fitting(tuple(CARRIERS.values()), number)


@pytest.mark.parametrize("number", ["036000291452", "000123456789", "999123456789"])
def test_twelve_digits_of_no_listed_beginning_are_not_zto(number: str) -> None:
    assert not carrier("ZTO").fits(number)


def carrier(code: str) -> Carrier:
    return next(c for c in CARRIERS.values() if c.code == code)
