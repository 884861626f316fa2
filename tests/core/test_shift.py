"""Whole shifts as lists of scans."""

from __future__ import annotations

from packstation.core.status import ParcelState
from tests.builders import a_code, a_key, a_line, an_external_order, an_order, yt
from tests.core.house import House

MORNING = (
    an_order("5771", a_line("A-01", 2), a_line("B-02")),
    an_order("5772", a_line("A-01", 6)),
    an_external_order("8001", a_line("C-03")),
)
CODES = (
    a_code("6901234567892", "A-01"),
    a_code("16901234567899", "A-01", 6),
    a_code("B-02-EAN", "B-02"),
)


def test_a_morning_from_the_first_scan_to_the_handover() -> None:
    house = House(*MORNING, codes=CODES)
    assert house.verdicts("5771", "6901234567892", "C-03", "6901234567892", "6901234567892") == [
        "ORDER_OPENED",
        "MATCH",
        "WRONG_ITEM",
        "LINE_COMPLETE",
        "OVER_QUANTITY",
    ]
    assert house.verdicts("B-02-EAN", yt(1)) == ["ORDER_COMPLETE", "SEALED"]
    assert house.verdicts("5772", "16901234567899", yt(2)) == [
        "ORDER_OPENED",
        "ORDER_COMPLETE",
        "SEALED",
    ]
    assert house.verdicts("8001", "C-03", "YT9999999999999") == [
        "ORDER_OPENED",
        "ORDER_COMPLETE",
        "SEALED",
    ]
    bag = house.scan("PSCMDBAG").bag
    assert bag == "PSBAG01000001"
    assert house.verdicts(yt(1), yt(2), "YT9999999999999", "PSCMDSEAL") == [
        "BAGGED",
        "BAGGED",
        "BAGGED",
        "BAG_SEALED",
    ]
    assert house.verdicts("PSCMDHANDOVER", bag, "PSCMDCLOSE") == [
        "HANDOVER_OPENED",
        "BAG_COUNTED",
        "HANDED_OVER",
    ]
    assert house.manifests["PSM01000001"].parcels == 3
    assert house.state(a_key("5771")) is ParcelState.HANDED_OVER
    assert [type(x).__name__ for x in house.paper] == [
        "PrintLabel",
        "PrintLabel",
        "PrintBagLabel",
        "PrintReceipt",
    ]
