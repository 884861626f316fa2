"""What a scanned text is, by its form alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.codes import (
    MAX_LENGTH,
    CodeKind,
    Command,
    comparable,
    gs1_gtin,
    gtin_check_digit,
    is_gtin,
    read,
)
from packstation.core.parcels import copy_code

GTINS = [
    "96385074",  # GTIN-8, GS1 General Specifications
    "614141000036",  # GTIN-12
    "4006381333931",  # GTIN-13
    "6901234567892",
    "10614141000415",  # GTIN-14
    "00614141000036",
]
"""Numbers with a right check digit."""


@pytest.mark.parametrize("gtin", GTINS)
def test_a_gtin_has_a_right_check_digit(gtin: str) -> None:
    assert is_gtin(gtin)
    assert gtin_check_digit(gtin[:-1]) == int(gtin[-1])


@pytest.mark.parametrize("gtin", GTINS)
def test_every_other_last_digit_is_wrong(gtin: str) -> None:
    assert [d for d in "0123456789" if is_gtin(gtin[:-1] + d)] == [gtin[-1]]


@given(st.sampled_from(GTINS), st.data())
def test_one_misread_digit_is_never_a_gtin(gtin: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(gtin) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != gtin[place]]))
    assert not is_gtin(gtin[:place] + digit + gtin[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "1234567", "123456789012345", "６９０１２３４５６７８９２", "A6385074"]
)
def test_another_length_or_other_digits_are_no_gtin(text: str) -> None:
    assert not is_gtin(text)


@pytest.mark.parametrize("gtin", [g for g in GTINS if not g.startswith("0")])
def test_leading_zeros_do_not_make_another_product(gtin: str) -> None:
    forms = {comparable(gtin.zfill(n)) for n in (8, 12, 13, 14) if n >= len(gtin)}
    assert forms == {gtin.zfill(14)}


@pytest.mark.parametrize("gtin", GTINS)
def test_no_part_of_a_gtin_is_the_gtin(gtin: str) -> None:
    whole = comparable(gtin)
    parts = {gtin[:n] for n in range(1, len(gtin))} | {gtin[n:] for n in range(1, len(gtin))}
    alike = {part for part in parts if comparable(part) == whole}
    assert all(part.zfill(14) == gtin.zfill(14) for part in alike), "only zeros may be lost"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("]E06901234567892", "6901234567892"),
        ("]E496385074", "96385074"),
        ("]C0YT7700000000001", "YT7700000000001"),
        ("]A0A-01", "A-01"),
        ("]Q1A-01", "A-01"),
        ("]d1A-01", "A-01"),
        ("]I110614141000415", "10614141000415"),
        ("  A-01\r\n", "A-01"),
        ("]A-01", "]A-01"),
    ],
)
def test_a_symbology_prefix_and_blanks_are_no_part_of_a_code(text: str, bare: str) -> None:
    code = read(text)
    assert (code.kind, code.text) == (CodeKind.PLAIN, bare)


@pytest.mark.parametrize(
    ("message", "gtin"),
    [
        ("0106901234567892", "06901234567892"),
        ("010690123456789217261231", "06901234567892"),
        ("01069012345678921726123110LOT7", "06901234567892"),
        ("010690123456789210LOT7\x1d21SERIAL", "06901234567892"),
        ("10LOT7\x1d0106901234567892", "06901234567892"),
        ("\x1d0106901234567892", "06901234567892"),
        ("]C10106901234567892", "06901234567892"),
        ("]d2010690123456789221X1", "06901234567892"),
        ("0106901234567892240PART", "06901234567892"),
    ],
)
def test_a_gs1_message_gives_its_gtin(message: str, gtin: str) -> None:
    assert read(message).key == gtin


@pytest.mark.parametrize(
    "message",
    [
        "0106901234567893",  # wrong check digit
        "01069012345678",  # half
        "0106901234567892" + "99X",  # an unknown field
        "0106901234567892" + "17261",  # a date of five digits
        "0106901234567892" + "1726123A",
        "0106901234567892" + "10" + "X" * 21,  # longer than the field may be
        "0106901234567892" + "10",  # empty
        "10LOT70106901234567892" + "0" * 9,  # a lost separator
        "0106901234567892" + "0106901234567892",  # two scans glued together
        "0106901234567892" + "17²²²²²²",
    ],
)
def test_a_gs1_message_that_is_not_understood_to_its_end_gives_no_gtin(message: str) -> None:
    assert gs1_gtin(message) is None
    assert read(message).key != "06901234567892"


def test_a_gs1_message_with_a_separator_that_is_not_understood_is_unreadable() -> None:
    assert read("0106901234567892\x1d99X").kind is CodeKind.UNREADABLE


def test_a_bare_separator_is_unreadable() -> None:
    assert read("\x1d").kind is CodeKind.UNREADABLE


@pytest.mark.parametrize("control", [*map(chr, range(0x1D)), *map(chr, range(0x1E, 0x20)), "\x7f"])
def test_a_control_character_makes_a_code_unreadable(control: str) -> None:
    assert read(f"A{control}01").kind is CodeKind.UNREADABLE


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u2028", "\ue000", "\u0378"])
def test_an_invisible_character_makes_a_code_unreadable(hidden: str) -> None:
    assert read(f"A{hidden}01").kind is CodeKind.UNREADABLE


@pytest.mark.parametrize("text", ["", "   ", "\r\n", "]E0", "x" * (MAX_LENGTH + 1)])
def test_nothing_and_too_much_are_unreadable(text: str) -> None:
    assert read(text).kind is CodeKind.UNREADABLE


@pytest.mark.parametrize("command", list(Command))
def test_a_command_is_known_in_any_case_and_width(command: Command) -> None:
    text = f"PSCMD{command.value}"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    for form in (text, text.lower(), text.swapcase(), wide, f"]C0{text}"):
        assert (read(form).kind, read(form).argument) == (CodeKind.COMMAND, command.value)


@pytest.mark.parametrize("command", list(Command))
def test_no_part_of_a_command_is_another_command(command: Command) -> None:
    text, known = f"PSCMD{command.value}", {c.value for c in Command}
    parts = [text[:n] for n in range(1, len(text))] + [text[n:] for n in range(1, len(text))]
    for part in parts:
        code = read(part)
        assert code.kind is not CodeKind.COMMAND or code.argument not in known


@pytest.mark.parametrize(
    ("text", "kind", "argument"),
    [
        ("PSOPR07", CodeKind.OPERATOR, "07"),
        ("PSTOTE12", CodeKind.TOTE, "12"),
        ("PSBAG01000001", CodeKind.BAG, "01000001"),
        ("psbag01000001", CodeKind.BAG, "01000001"),
        ("PSBIN0A3", CodeKind.BIN, "0A3"),
        ("PSTRAY", CodeKind.TRAY, ""),
        ("PSBAG", CodeKind.PLAIN, ""),
        ("PSBAG-1", CodeKind.PLAIN, ""),
        ("PS-A-01", CodeKind.PLAIN, ""),
        ("PSTRAY1", CodeKind.PLAIN, ""),
        ("XPSCMDOK", CodeKind.PLAIN, ""),
    ],
)
def test_station_codes_are_known_by_their_prefix(text: str, kind: CodeKind, argument: str) -> None:
    assert (read(text).kind, read(text).argument) == (kind, argument)


@given(st.text(max_size=60))
def test_every_text_has_a_reading(text: str) -> None:
    code = read(text)
    assert code.kind is CodeKind.UNREADABLE or code.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PSP0123456789", CodeKind.COPY),
        ("psp0123456789", CodeKind.COPY),
        ("ＰＳＰ０１２３４５６７８９", CodeKind.COPY),
        ("]C0PSP0123456789", CodeKind.COPY),
        ("PSTEST01234567", CodeKind.TEST),
        ("PSP012345678", CodeKind.PLAIN),
        ("PSP01234567890", CodeKind.PLAIN),
        ("PSP01234567A9", CodeKind.PLAIN),
        ("PSTEST0123456", CodeKind.PLAIN),
        ("PSTEST012345678", CodeKind.PLAIN),
        ("0123456789", CodeKind.PLAIN),
    ],
)
def test_copies_and_test_labels_have_so_many_digits_and_nothing_else(
    text: str, kind: CodeKind
) -> None:
    assert read(text).kind is kind


def test_two_copies_have_two_codes() -> None:
    codes = {copy_code(f"0197f0a2-{n:04}") for n in range(5000)}
    assert len(codes) == 5000
    assert {read(code).kind for code in codes} == {CodeKind.COPY}
