"""The buyer cancels while the parcel is somewhere between shelf and courier."""

from __future__ import annotations

from tests.journeys.table import (
    BY_ZTO,
    MUG,
    SPOON,
    TWO_MUGS_AND_A_SPOON,
    Table,
    said,
    why,
)

THE_NEWS = "orders-cancelled.csv"


def test_a_cancelled_order_cannot_be_opened_and_must_be_acknowledged(table: Table) -> None:
    table.bring(THE_NEWS)
    answers = table.scan(TWO_MUGS_AND_A_SPOON, BY_ZTO, "PSCMDOK", TWO_MUGS_AND_A_SPOON)
    assert why(answers) == [
        ("CANCELLED", "cancelled"),
        ("NOT_NOW", "acknowledge_stop"),
        ("ACKNOWLEDGED", None),
        ("CANCELLED", "cancelled"),
    ]


def test_an_open_order_that_is_cancelled_stops_at_the_next_scan(table: Table) -> None:
    table.scan(TWO_MUGS_AND_A_SPOON, MUG)
    table.bring(THE_NEWS)
    answers = table.scan(MUG, SPOON, "PSCMDOK")
    assert why(answers) == [
        ("CANCELLED", "cancelled"),
        ("NOT_NOW", "acknowledge_stop"),
        ("ACKNOWLEDGED", None),
    ]
    assert answers[-1]["phase"] == "IDLE"
    assert not [job for job in table.ask("print-jobs") if job["kind"] == "label"]


def test_a_sealed_parcel_that_is_cancelled_does_not_go_into_a_bag(table: Table) -> None:
    number = table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)
    table.bring(THE_NEWS)
    answers = table.scan("PSCMDBAG", number, "PSCMDOK")
    assert why(answers) == [
        ("BAG_OPENED", None),
        ("CANCELLED", "cancelled"),
        ("ACKNOWLEDGED", None),
    ]


def test_a_bag_with_a_cancelled_parcel_is_not_counted(table: Table) -> None:
    bag = table.bag(table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON))
    table.bring(THE_NEWS)
    answers = table.scan("PSCMDHANDOVER", bag, "PSCMDOK", "PSCMDCLOSE")
    assert why(answers) == [
        ("HANDOVER_OPENED", None),
        ("CANCELLED", "parcel_cancelled_in_bag"),
        ("ACKNOWLEDGED", None),
        ("OUT_OF_PLACE", "nothing_counted"),
    ]
    assert answers[1]["order"] == TWO_MUGS_AND_A_SPOON


def test_a_counted_bag_is_looked_at_once_more_before_the_handover_closes(table: Table) -> None:
    bag = table.bag(table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON))
    assert said(table.scan("PSCMDHANDOVER", bag)) == ["HANDOVER_OPENED", "BAG_COUNTED"]
    table.bring(THE_NEWS)
    (refused,) = table.scan("PSCMDCLOSE")
    assert (refused["verdict"], refused["reason"]) == ("CANCELLED", "parcel_cancelled_in_bag")
    assert (refused["phase"], refused["manifest"]) == ("HANDOVER", None)
    assert table.ask("manifests") == []
