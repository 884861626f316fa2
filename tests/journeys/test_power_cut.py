"""The power goes; the station comes back at the same scan."""

from __future__ import annotations

from tests.journeys.table import (
    MUG,
    SIX_STICKERS,
    SPOON,
    STICKERS_OF_SIX,
    TWO_MUGS_AND_A_SPOON,
    WITH_MESSAGES,
    Answer,
    Table,
    said,
    why,
)


def cut_power_after(table: Table, *codes: str) -> list[Answer]:
    answers = table.scan(*codes)
    table.cut_power()
    return answers


def test_a_power_cut_in_mid_order_resumes_at_the_same_scan(table: Table) -> None:
    cut_power_after(table, TWO_MUGS_AND_A_SPOON, MUG)
    again = table.scan(TWO_MUGS_AND_A_SPOON, MUG, SPOON)
    assert why(again) == [
        ("REPEATED_SCAN", "order_is_open"),
        ("LINE_COMPLETE", None),
        ("ORDER_COMPLETE", None),
    ]
    assert [answer["missing"] for answer in again] == [2, 1, 0]
    assert table.journal_is_clean()


def test_a_power_cut_after_the_label_prints_no_second_original(table: Table) -> None:
    answers = cut_power_after(table, TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)
    (label,) = answers[-1]["effects"]
    (sealed,) = table.scan(label["tracking_number"])
    assert sealed["verdict"] == "SEALED"
    labels = [job for job in table.ask("print-jobs") if job["kind"] == "label"]
    assert [(job["tracking_number"], job["copy"]) for job in labels] == [
        (label["tracking_number"], 1)
    ]


def test_a_message_that_was_not_read_still_waits_after_a_power_cut(table: Table) -> None:
    cut_power_after(table, WITH_MESSAGES)
    assert why(table.scan(MUG, "PSCMDOK", MUG)) == [
        ("NOT_NOW", "acknowledge_message"),
        ("ACKNOWLEDGED", None),
        ("LINE_COMPLETE", None),
    ]


def test_a_paused_order_keeps_its_counts_while_another_is_packed(table: Table) -> None:
    cut_power_after(table, TWO_MUGS_AND_A_SPOON, MUG, "PSCMDPAUSE")
    table.pack(SIX_STICKERS, STICKERS_OF_SIX)
    (opened,) = table.scan(TWO_MUGS_AND_A_SPOON)
    assert (opened["verdict"], opened["missing"]) == ("ORDER_OPENED", 2)


def test_an_open_bag_and_a_handover_survive_power_cuts(table: Table) -> None:
    number = table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)
    opened, _ = cut_power_after(table, "PSCMDBAG", number)
    assert why(table.scan(number)) == [("ALREADY_BAGGED", "in_a_bag")]
    (sealed,) = cut_power_after(table, "PSCMDSEAL")
    assert sealed["bag"] == opened["bag"]
    bag = str(opened["bag"])
    cut_power_after(table, "PSCMDHANDOVER", bag)
    assert why(table.scan(bag)) == [("REPEATED_SCAN", "bag_counted_already")]
    (closed,) = cut_power_after(table, "PSCMDCLOSE")
    (row,) = table.ask("manifests")
    assert (row["manifest"], row["parcels"]) == (closed["manifest"], 1)
    assert said(table.scan("PSCMDCLOSE")) == ["OUT_OF_PLACE"]
    assert table.journal_is_clean()
