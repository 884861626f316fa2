"""Carrier files: public numbers fit their carrier, and a wrong key is named with its line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from packstation.core.carriers import Carrier, NextRule, fitting, looks_like_a_waybill
from packstation.core.number_runs import block, next_number
from packstation.errors import DataFileError, PackStationError
from packstation.exchange.carrier_files import carrier_names, load_carrier, load_carriers

CODES = ["SF", "YTO", "STO", "ZTO", "YUNDA", "JD", "EMS", "JT", "BEST", "DEPPON", "CPOST"]
CODES += ["UPS", "FEDEX", "USPS", "DHL", "ZJS"]

EXAMPLES = [
    ("ZTO", "432542035598773"),
    ("ZTO", "78600000000001"),
    ("STO", "77316523125896"),
    ("YUNDA", "462598779470531"),
    ("CPOST", "1240921381750"),
    ("CPOST", "4309597495550"),
    ("JT", "JT0006968326954"),
    ("DEPPON", "DPK364112047425"),
    ("JD", "JDVA11408814483"),
    ("BEST", "JT3002232682242"),
    ("SF", "SF1420349064432"),
    ("SF", "SF6091240032008"),
    ("SF", "444003077898"),
    ("YTO", "YT0000000000001"),
    ("YTO", "YT9999999999999"),
    ("EMS", "EA123456785CN"),
    ("EMS", "RB123456785GB"),
    ("USPS", "RB123456785US"),
    ("UPS", "1Z5R89390357567127"),
    ("FEDEX", "986578788855"),
    ("FEDEX", "9611020987654312345672"),
    ("FEDEX", "1001921334250001000300779017972697"),
    ("USPS", "9400111206206406260787"),
    ("USPS", "420787459400111206206406260787"),
    ("DHL", "3318810025"),
    ("DHL", "73891051146"),
    ("DHL", "JJD0099999999"),
]

# Sequences and public numbers of domain/formats, part B2.
S10 = ["EA123456785CN", "EA123456799CN", "EA123456808CN", "EA123456811CN", "EA123456825CN"]
SF12_TAILS = (898, 904, 913, 922, 931, 940, 959, 968, 977, 986, 995)
SF12 = [*(f"444003077{tail}" for tail in SF12_TAILS), "444003078007"]

RIGHT = """code = "XX"
names = ["某某速递", "Some Express"]

[[number]]
pattern = 'XX\\d{10}'
next = "increment"
source = "a test"
"""


@pytest.fixture(scope="module")
def carriers(checkout: Path) -> tuple[Carrier, ...]:
    return load_carriers(checkout / "resources" / "carriers")


def carrier(carriers: tuple[Carrier, ...], code: str) -> Carrier:
    return next(c for c in carriers if c.code == code)


def test_every_promised_carrier_has_a_file(carriers: tuple[Carrier, ...]) -> None:
    assert {c.code for c in carriers} == set(CODES)


@pytest.mark.parametrize(("code", "number"), EXAMPLES)
def test_a_public_number_fits_its_carrier(
    carriers: tuple[Carrier, ...], code: str, number: str
) -> None:
    assert carrier(carriers, code).fits(number)
    assert code in fitting(carriers, number.lower())


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("EMS", "EA123456784CN"),
        ("SF", "SF142034906443"),
        ("YTO", "YT00000000000012"),
        ("UPS", "1Z5R8939035756712"),
        ("JT", "JD0006968326954"),
        ("ZTO", "43254203559877３"),
        ("DHL", "PSCMDOK"),
    ],
)
def test_a_wrong_form_or_check_digit_does_not_fit(
    carriers: tuple[Carrier, ...], code: str, number: str
) -> None:
    assert not carrier(carriers, code).fits(number)


@pytest.mark.parametrize(("code", "row"), [("EMS", S10), ("SF", SF12)])
def test_the_next_number_follows_the_published_row(
    carriers: tuple[Carrier, ...], code: str, row: list[str]
) -> None:
    assert list(block(carrier(carriers, code), row[0], len(row))) == row


@pytest.mark.parametrize(
    ("code", "number", "following"),
    [
        ("SF", "118461988889", "118461988898"),
        ("SF", "118461988898", "118461988904"),
        ("SF", "444003079994", "444003080003"),
        ("YTO", "YT0000000000009", "YT0000000000010"),
        ("ZTO", "78600000000099", "78600000000100"),
    ],
)
def test_the_next_number_keeps_prefix_zeros_and_check_digit(
    carriers: tuple[Carrier, ...], code: str, number: str, following: str
) -> None:
    assert next_number(carrier(carriers, code), number) == following


@pytest.mark.parametrize(
    ("code", "number"),
    [("SF", "SF1420349064432"), ("JD", "JDVA11408814483"), ("JT", "JT0006968326954")],
)
def test_no_number_is_made_up_where_no_rule_is_public(
    carriers: tuple[Carrier, ...], code: str, number: str
) -> None:
    with pytest.raises(PackStationError) as caught:
        next_number(carrier(carriers, code), number)
    assert caught.value.code == "numbers.no_rule"


@pytest.mark.parametrize(
    "number",
    [
        "YT0000000000001",
        "SF1420349064432",
        "JT0006968326954",
        "JDVA11408814483",
        "DPK364112047425",
        "1Z5R89390357567127",
        "EA123456785CN",
    ],
)
def test_a_number_with_the_carriers_letters_is_known_as_a_waybill(
    carriers: tuple[Carrier, ...], number: str
) -> None:
    assert looks_like_a_waybill(carriers, number)


@pytest.mark.parametrize(
    "code",
    ["6901234567892", "2000000000015", "16901234567899", "A-01", "4006381333931", "036000291452"],
)
def test_a_product_code_is_never_taken_for_a_waybill(
    carriers: tuple[Carrier, ...], code: str
) -> None:
    assert not looks_like_a_waybill(carriers, code)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("圆通速递", "YTO"),
        ("中通快递", "ZTO"),
        ("顺丰", "SF"),
        ("ｙｔｏ", "YTO"),
        ("sf express", "SF"),
        ("邮政快递包裹", "CPOST"),
        ("EMS", "EMS"),
        ("极兔速递", "JT"),
    ],
)
def test_names_of_files_lead_to_the_code(
    carriers: tuple[Carrier, ...], name: str, code: str
) -> None:
    key = unicodedata.normalize("NFKC", name).casefold()
    assert carrier_names(carriers)[key] == code


def test_chinese_name_comes_first_and_english_second(carriers: tuple[Carrier, ...]) -> None:
    for one in carriers:
        assert any("\u4e00" <= c <= "\u9fff" for c in one.name_zh), one.code
        assert one.name_en.isascii(), one.code
        assert all(p.source for p in one.patterns)
        assert all(p.next_rule in NextRule for p in one.patterns)


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('code = "XX"', 'code = "xx"', 1, "code"),
        ('code = "XX"', 'code = "XY"', 1, "code"),
        ('["某某速递", "Some Express"]', '["某某速递"]', 2, "names"),
        ('["某某速递", "Some Express"]', "7", 2, "names"),
        ("XX\\d{10}", "XX(", 5, "pattern"),
        ("XX\\d{10}", ".*", 5, "pattern"),
        ('next = "increment"', 'next = "plus"', 6, "next"),
        ('next = "increment"', 'next = "serial"', 6, "next"),
        ('next = "increment"', 'check = "s10"', 6, "check"),
        ('next = "increment"', 'check = { rule = "s11" }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod10" }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7", weights = [1] }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7", modulo = [7] }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7", inferred = 1 }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7", prefix = "é" }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7", wieghts = [1] }', 6, "check"),
        ('next = "increment"', 'check = { rule = "mod7" }', 6, "check"),
        ('next = "increment"', 'words.country = ["CN"]', 6, "words"),
        ('next = "increment"', 'distinctive = "yes"', 6, "distinctive"),
        ('next = "increment"', "nxet = 1", 6, "nxet"),
        ('source = "a test"', 'source = ""', 7, "source"),
        ("[[number]]", "[number]", 4, "number"),
    ],
)
def test_a_wrong_value_is_named_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str
) -> None:
    assert old in RIGHT
    path = tmp_path / "xx.toml"
    path.write_text(RIGHT.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_carrier(path)
    facts = caught.value.facts
    assert facts["file"] == "xx.toml"
    assert facts["key"] == key
    assert facts["line"] == line


def test_two_carriers_cannot_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_text(RIGHT, encoding="utf-8")
    other = RIGHT.replace('"XX"', '"YY"').replace("Some", "Other")
    (tmp_path / "yy.toml").write_text(other, encoding="utf-8")
    with pytest.raises(DataFileError, match="某某速递"):
        load_carriers(tmp_path)


def test_broken_toml_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError):
        load_carriers(tmp_path)
    (tmp_path / "xx.toml").write_text("code = ", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"xx\.toml"):
        load_carriers(tmp_path)
