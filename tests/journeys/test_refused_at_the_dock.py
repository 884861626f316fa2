"""Every parcel and bag that may not go says which of the reasons it is."""

from __future__ import annotations

from tests.journeys.table import (
    BY_ZTO,
    MUG,
    ONE_SPOON,
    SIX_STICKERS,
    SPOON,
    STICKERS_OF_SIX,
    TWO_MUGS_AND_A_SPOON,
    Table,
    said,
    why,
)


def test_every_refusal_at_the_dock_has_its_own_verdict(table: Table) -> None:
    gone = table.pack(SIX_STICKERS, STICKERS_OF_SIX)
    gone_bag = table.bag(gone)
    table.hand_over(gone_bag)

    zto = table.pack(BY_ZTO, SPOON)
    yto = table.pack(ONE_SPOON, SPOON)
    unsealed = table.scan(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)[-1]
    label = str(unsealed["effects"][0]["tracking_number"])

    answers = table.scan("PSCMDPAUSE", "PSCMDBAG", yto, zto, yto, label, gone, gone_bag)
    assert why(answers) == [
        ("PAUSED", None),
        ("BAG_OPENED", None),
        ("BAGGED", None),
        ("WRONG_CARRIER", "bag_of_another_carrier"),
        ("ALREADY_BAGGED", "in_a_bag"),
        ("NOT_SEALED", "label_not_proved"),
        ("ALREADY_HANDED_OVER", "handed_over"),
        ("ALREADY_HANDED_OVER", "handed_over"),
    ]
    open_bag = str(answers[1]["bag"])
    answers = table.scan("PSCMDHANDOVER", open_bag, "PSCMDPAUSE", "PSCMDSEAL", open_bag)
    assert why(answers) == [
        ("HANDOVER_OPENED", None),
        ("NOT_SEALED", "bag_not_sealed"),
        ("PAUSED", None),
        ("BAG_SEALED", None),
        ("BAG_IS_SEALED", "bag_sealed"),
    ]

    table.bring("orders-cancelled.csv")
    answers = table.scan("PSCMDBAG", zto, "PSCMDOK", "PSCMDSEAL")
    assert why(answers) == [
        ("BAG_OPENED", None),
        ("CANCELLED", "cancelled"),
        ("ACKNOWLEDGED", None),
        ("OUT_OF_PLACE", "bag_empty"),
    ]


def test_a_sealed_parcel_with_no_bag_open_only_shows_where_it_is(table: Table) -> None:
    number = table.pack(ONE_SPOON, SPOON)
    assert why(table.scan(number, ONE_SPOON)) == [
        ("ALREADY_SEALED", "sealed_not_bagged"),
        ("ALREADY_SEALED", "sealed_not_bagged"),
    ]


def test_a_closed_handover_stays_as_it_is(table: Table) -> None:
    bag = table.bag(table.pack(ONE_SPOON, SPOON))
    table.hand_over(bag)
    before = table.ask("manifests")
    answers = table.scan("PSCMDCLOSE", "PSCMDHANDOVER", bag, "PSCMDCLOSE", "PSCMDPAUSE")
    assert said(answers) == [
        *("OUT_OF_PLACE", "HANDOVER_OPENED", "ALREADY_HANDED_OVER", "OUT_OF_PLACE", "PAUSED"),
    ]
    assert table.ask("manifests") == before


def test_a_label_that_triggers_twice_seals_but_does_not_go_into_the_bag(table: Table) -> None:
    number = str(table.scan("PSCMDBAG", ONE_SPOON, SPOON)[-1]["effects"][0]["tracking_number"])
    assert why(table.scan(number, number)) == [
        ("SEALED", None),
        ("REPEATED_SCAN", "sealed_not_bagged"),
    ]
