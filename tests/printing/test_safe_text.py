"""Text from strangers, made safe for paper."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from packstation.printing.safe_text import is_plain, printable


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    shown = printable(text)
    assert shown == shown.strip()
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    assert "  " not in shown


@given(st.text())
def test_safe_text_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)


def test_variation_selectors_only_choose_a_style() -> None:
    assert printable("葛\U000e0100城☎\ufe0f") == "葛城☎"


def test_only_printable_ascii_is_plain() -> None:
    assert is_plain("PSBAG 1 ~")
    assert not is_plain("a\x7f")
    assert not is_plain("é")
