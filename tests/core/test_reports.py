"""What lists and reports work out by themselves."""

from __future__ import annotations

from packstation.core.reports import NumberBlock
from tests.builders import NOW, YTO, yt


def test_the_free_numbers_of_a_block_are_those_that_no_parcel_has() -> None:
    assert NumberBlock(YTO.code, yt(1), yt(9), yt(4), 9, 3, NOW).free == 6
