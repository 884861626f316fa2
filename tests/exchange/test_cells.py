"""What one cell says, for every form in which it may come."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.errors import DataFileError
from packstation.exchange.cells import (
    MAX_QUANTITY,
    Damage,
    TimeReader,
    identifier,
    normalised,
    quantity,
    text,
    zone,
)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(st.integers(1, MAX_QUANTITY))
def test_a_whole_positive_number_is_a_quantity_in_every_dress(count: int) -> None:
    for cell in (
        str(count),
        f" {count}\t",
        f"{count}.0",
        f"{count}.00",
        str(count).translate(FULL_WIDTH),
        float(count),
        count,
        f'="{count}"',
        f"{count:,}",
    ):
        assert quantity(cell) == count


@given(st.one_of(st.integers(max_value=0), st.integers(min_value=MAX_QUANTITY + 1)))
def test_zero_negative_and_absurd_numbers_are_no_quantity(count: int) -> None:
    assert quantity(str(count)) is None
    assert quantity(count) is None


@given(st.floats().filter(lambda number: not number.is_integer()))
def test_fractions_and_unreal_numbers_are_no_quantity(number: float) -> None:
    assert quantity(number) is None


@given(st.text(max_size=20))
def test_a_text_is_a_quantity_only_if_it_is_a_plain_number(words: str) -> None:
    count = quantity(words)
    if count is not None:
        plain = unicodedata.normalize("NFKC", words).strip().strip('="').split(".")[0]
        assert int(plain.strip().replace(",", "")) == count
        assert 1 <= count <= MAX_QUANTITY


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "-",
        "0",
        "-1",
        "2.5",
        "1E+05",
        "1e5",
        "abc",
        "+2",
        "1 2",
        "1,2",
        "12,00",
        "²",
        "٣",
        "½",
        "=1+1",
        "100001",
        "1000000000",
        True,
        False,
        {"bad": "formula"},
        {"at": "2026-08-01"},
    ],
)
def test_what_is_no_quantity_is_never_guessed(cell: str | float | dict[str, str]) -> None:
    assert quantity(cell) is None


@given(
    st.from_regex(r"[A-Za-z0-9_.-]{1,40}", fullmatch=True).filter(
        lambda word: word not in {"-", "null", "NULL"}
    )
)
def test_an_identifier_survives_every_dress(word: str) -> None:
    found = identifier(word)
    assert found == word or (found is Damage.DAMAGED and "e" in word.lower())
    if found == word:
        assert identifier(f'="{word}"') == word
        assert identifier(f"'{word}\t") == word
        assert identifier(word.translate(FULL_WIDTH)) == word


@given(st.text(max_size=30))
def test_an_identifier_read_again_is_itself(words: str) -> None:
    found = identifier(words)
    if isinstance(found, str):
        assert found == found.strip()
        assert unicodedata.normalize("NFKC", found) == found
        again = identifier(found)
        assert again == found or found.startswith("'") or again in set(Damage)


@given(st.integers(0, 10**15 - 1))
def test_a_numeric_identifier_of_15_digits_is_whole(number: int) -> None:
    assert identifier(float(number)) == str(number)


@given(st.integers(10**15, 10**20))
def test_a_longer_numeric_identifier_has_lost_digits(number: int) -> None:
    assert identifier(float(number)) is Damage.DAMAGED
    assert identifier(number) is Damage.DAMAGED


@pytest.mark.parametrize(
    "cell",
    [
        "1.93068E+15",
        "3.29656E+15",
        "1E+17",
        "2,5E+10",
        "=A1",
        "=HYPERLINK(1)",
        "＝1",
        "a\nb",
        "a\x07b",
        "a\u202eb",
        "x" * 129,
        2.5,
        -3.0,
        float("nan"),
        float("inf"),
        {"bad": "formula"},
        {"at": "2026"},
    ],
)
def test_a_damaged_identifier_is_told_apart(cell: str | float | dict[str, str]) -> None:
    assert identifier(cell) is Damage.DAMAGED


@pytest.mark.parametrize("sku", ["12E5", "000464", "1-2", "TRUE", "1E10", "3E08"])
def test_a_sku_that_looks_like_a_number_stays_as_it_is(sku: str) -> None:
    assert identifier(sku, sku=True) == sku


def test_a_formula_in_a_message_stays_the_text_it_was() -> None:
    assert text("+cmd|' /C calc'!A0") == "+cmd|' /C calc'!A0"
    assert text('=HYPERLINK("http://example.invalid/x","点我领券")').startswith("=HYPERLINK")  # type: ignore[union-attr]  # it is a text


@given(st.text(max_size=30))
def test_headings_are_compared_without_width_case_and_spaces(heading: str) -> None:
    assert normalised(f" \t{heading} ") == normalised(heading)
    assert " " not in normalised(heading)


def test_headings_in_full_width_are_the_same() -> None:
    assert normalised("Ｏｒｄｅｒ　ＩＤ") == "orderid"


CN = TimeReader(timezone_name="Asia/Shanghai", date_order="DMY")
US = TimeReader(timezone_name="-08:00", date_order="MDY")


@pytest.mark.parametrize(
    ("reader", "cell", "instant"),
    [
        (CN, "2026-08-03 13:29:39", "2026-08-03T05:29:39+00:00"),
        (CN, "2026/8/3 13:29", "2026-08-03T05:29:00+00:00"),
        (CN, "2026年8月3日", "2026-08-02T16:00:00+00:00"),
        (CN, "01/08/2026 11:57:47\t", "2026-08-01T03:57:47+00:00"),
        (US, "08/01/2026 11:55:37 AM\t", "2026-08-01T19:55:37+00:00"),
        (US, "08/01/2026 12:02:32 PM", "2026-08-01T20:02:32+00:00"),
        (US, "08/01/2026 12:02:32 AM", "2026-08-01T08:02:32+00:00"),
        (US, "2026-08-01 09:16:04 +0530", "2026-08-01T03:46:04+00:00"),
        (US, "2026-08-04T06:59:59Z", "2026-08-04T06:59:59+00:00"),
        (US, "Aug-04-26", "2026-08-04T08:00:00+00:00"),
        (CN, {"at": "2026-08-03T13:29:39"}, "2026-08-03T05:29:39+00:00"),
        (CN, 46237.5625, "2026-08-03T05:30:00+00:00"),
    ],
)
def test_every_time_is_an_instant(
    reader: TimeReader, cell: str | float | dict[str, str], instant: str
) -> None:
    found = reader.read(cell)
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "cell", ["", "尽快", "31/02/2026", "13/13/2026 10:00", "2026-13-01", 3.0, True]
)
def test_what_is_no_time_is_none(cell: str | float) -> None:
    assert CN.read(cell) is None


@given(st.text(max_size=25))
def test_no_text_brings_the_reader_of_times_down(words: str) -> None:
    found = US.read(words)
    assert found is None or found.utcoffset() is not None


@pytest.mark.parametrize(
    ("name", "hours"), [("+07:00", 7.0), ("-0330", -3.5), ("UTC+8", 8.0), ("Asia/Bangkok", 7.0)]
)
def test_a_zone_is_a_name_or_an_offset(name: str, hours: float) -> None:
    assert zone(name).utcoffset(datetime(2026, 8, 1)) == timedelta(hours=hours)  # noqa: DTZ001


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "+25:00", "Asia"])
def test_a_zone_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(DataFileError, match="timezone") as caught:
        zone(name)
    assert caught.value.code == "settings.bad_value"
