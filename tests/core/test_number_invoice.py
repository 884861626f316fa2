"""A carrier's invoice held against ours: what is billed wrongly, and what is not billed."""

from __future__ import annotations

from packstation.core.number_invoice import Billed, InvoiceLine, match_invoice
from packstation.core.orders import CarrierCode

YTO = CarrierCode("YTO")
STANDINGS = {
    "A": "HANDED_OVER",
    "B": "HANDED_OVER",
    "C": "SEALED",
    "D": "VOID",
    "E": "SPOILED",
    "F": "FREE",
    "G": "RETURNED",
}


def test_every_number_turns_out_to_be_one_thing() -> None:
    lines = [InvoiceLine(row, number, 320) for row, number in enumerate("ABBCDEFFGX", start=2)]
    report = match_invoice(YTO, lines, STANDINGS, ["A", "B", "Z", "Z"])
    assert {m.number: m.billed for m in report.matches} == {
        "A": Billed.OURS,
        "B": Billed.TWICE,
        "C": Billed.NOT_HANDED_OVER,
        "D": Billed.NEVER_USED,
        "E": Billed.NEVER_USED,
        "F": Billed.NEVER_USED,
        "G": Billed.NEVER_USED,
        "X": Billed.UNKNOWN,
        "Z": Billed.NOT_BILLED,
    }
    assert report.lines == 10
    assert report.count(Billed.NEVER_USED) == 4
    assert report.amount(Billed.TWICE) == 640
    assert next(m.rows for m in report.matches if m.number == "B") == (3, 4)


def test_an_amount_that_was_not_read_is_none_and_not_zero() -> None:
    report = match_invoice(YTO, [InvoiceLine(1, "A", None)], STANDINGS, [])
    assert report.matches[0].amount is None
    assert report.amount(Billed.OURS) == 0


def test_nothing_billed_and_nothing_handed_over_agrees() -> None:
    assert match_invoice(YTO, [], {}, []).matches == ()
