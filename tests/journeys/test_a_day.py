"""From the shop's file to the courier's signature."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.receiver import Receiver
from tests.journeys.table import (
    BY_ZTO,
    FIRST_YTO,
    FIRST_ZTO,
    MUG,
    MUGS,
    SIX_STICKERS,
    SPOON,
    STICKER,
    STICKERS_OF_SIX,
    TOWEL,
    TWO_MUGS_AND_A_SPOON,
    WITH_MESSAGES,
    Table,
    said,
    why,
)

WHOLE_LIFE = [
    *("order.verified", "label.assigned", "parcel.sealed", "parcel.bagged", "parcel.handed_over"),
]


def test_a_wrong_item_is_shown_and_the_right_one_may_follow_at_once(table: Table) -> None:
    answers = table.scan(TWO_MUGS_AND_A_SPOON, TOWEL, MUG, MUGS, MUG, SPOON)
    assert why(answers) == [
        ("ORDER_OPENED", None),
        ("WRONG_ITEM", "not_in_order"),
        ("MATCH", None),
        ("LINE_COMPLETE", None),
        ("OVER_QUANTITY", "line_full"),
        ("ORDER_COMPLETE", None),
    ]
    assert [answer["missing"] for answer in answers] == [3, 3, 2, 1, 1, 0]
    counted = [(answer["sku"], answer["needed"], answer["scanned"]) for answer in answers[2:]]
    assert counted == [("A-01", 2, 1), ("A-01", 2, 2), ("A-01", 2, 2), ("B-02", 1, 1)]
    label = {"kind": "PrintLabel", "tracking_number": FIRST_YTO, "copy": 1}
    assert answers[-1]["effects"] == [label]
    assert answers[-1]["phase"] == "CONFIRMING"


def test_one_scan_of_a_pack_counts_six_and_never_more_than_are_missing(table: Table) -> None:
    answers = table.scan(
        *(SIX_STICKERS, STICKER, STICKERS_OF_SIX, "PSCMDUNDO", STICKERS_OF_SIX, STICKER)
    )
    assert why(answers) == [
        ("ORDER_OPENED", None),
        ("MATCH", None),
        ("OVER_QUANTITY", "pack_too_large"),
        ("UNDONE", None),
        ("ORDER_COMPLETE", None),
        ("OVER_QUANTITY", "line_full"),
    ]
    assert [answer["missing"] for answer in answers] == [6, 5, 5, 6, 0, 0]


def test_messages_must_be_acknowledged_before_the_first_item_counts(table: Table) -> None:
    answers = table.scan(WITH_MESSAGES, TOWEL, "PSCMDOK", TOWEL)
    assert why(answers) == [
        ("ORDER_OPENED", None),
        ("NOT_NOW", "acknowledge_message"),
        ("ACKNOWLEDGED", None),
        ("LINE_COMPLETE", None),
    ]
    assert sorted(answers[0]["messages"]) == sorted(["请放门口", "附赠卡片"])
    assert answers[1]["missing"] == 2


def test_the_label_scanned_back_seals_and_another_label_stops_everything(table: Table) -> None:
    other = table.pack(SIX_STICKERS, STICKERS_OF_SIX)
    answers = table.scan(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON, other, MUG, "PSCMDOK")
    assert why(answers)[-3:] == [
        ("WRONG_LABEL", "other_parcel_has_it"),
        ("NOT_NOW", "acknowledge_stop"),
        ("ACKNOWLEDGED", None),
    ]
    own = str(answers[3]["effects"][0]["tracking_number"])
    assert own != other
    (sealed,) = table.scan(own)
    assert (sealed["verdict"], sealed["order"]) == ("SEALED", TWO_MUGS_AND_A_SPOON)


def test_a_day_ends_with_two_bags_handed_over_and_every_event_told(
    table: Table, tmp_path: Path
) -> None:
    first = table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)
    second = table.pack(SIX_STICKERS, STICKERS_OF_SIX)
    third = table.pack(WITH_MESSAGES, "PSCMDOK", MUG, TOWEL)
    one, two = table.bag(first, second), table.bag(third)
    assert one != two

    counting = table.scan("PSCMDHANDOVER", one, two, two, "PSCMDCLOSE")
    assert said(counting) == [
        *("HANDOVER_OPENED", "BAG_COUNTED", "BAG_COUNTED", "REPEATED_SCAN", "HANDED_OVER"),
    ]
    manifest = counting[-1]["manifest"]
    assert counting[-1]["phase"] == "IDLE"
    assert {"kind": "PrintReceipt", "manifest": manifest} in counting[-1]["effects"]

    (row,) = table.ask("manifests")
    assert (row["manifest"], row["carrier"], row["parcels"]) == (manifest, "YTO", 3)

    jobs = table.ask("print-jobs", "--save", tmp_path / "paper")
    kinds = sorted(job["kind"] for job in jobs)
    assert kinds == ["bag", "bag", "label", "label", "label", "receipt"]
    assert {job["outcome"] for job in jobs} <= {"CONFIRMED", "SENT"}
    labels = [job["tracking_number"] for job in jobs if job["kind"] == "label"]
    assert sorted(labels) == sorted([first, second, third])
    saved = sorted((tmp_path / "paper").iterdir())
    assert len([path for path in saved if path.suffix == ".png"]) == 6
    assert all(path.stat().st_size > 200 for path in saved)
    (receipt,) = [job["file"] for job in jobs if job["kind"] == "receipt"]
    verified = table.run("receipt", "verify", receipt)
    assert verified.code == 0, verified.err
    assert manifest in verified.out

    with Receiver() as receiver:
        done = table.run("sync", "--once", "--url", receiver.url)
        assert done.code == 0, done.err
        assert receiver.problems == []
        for order in (TWO_MUGS_AND_A_SPOON, SIX_STICKERS, WITH_MESSAGES):
            kinds = [kind.removeprefix("packstation.") for kind in receiver.kinds(order)]
            assert kinds == WHOLE_LIFE
        sent = receiver.deliveries
        assert table.run("sync", "--once", "--url", receiver.url).code == 0
        assert receiver.deliveries == sent == 15
        told = str(list(receiver.events.values()))
    assert "林小满" not in told
    assert "13900000001" not in told

    assert table.journal_is_clean()
    (late,) = table.scan(first)
    assert (late["verdict"], late["reason"]) == ("ALREADY_HANDED_OVER", "handed_over")


def test_two_carriers_use_their_own_numbers_and_two_handovers(table: Table) -> None:
    yto = table.pack(TWO_MUGS_AND_A_SPOON, MUG, MUG, SPOON)
    zto = table.pack(BY_ZTO, SPOON)
    assert (yto, zto) == (FIRST_YTO, FIRST_ZTO)
    first, second = table.bag(yto), table.bag(zto)
    assert said(table.scan("PSCMDHANDOVER", first, second)) == [
        *("HANDOVER_OPENED", "BAG_COUNTED", "WRONG_CARRIER"),
    ]
    assert said(table.scan("PSCMDCLOSE")) == ["HANDED_OVER"]
    table.hand_over(second)
    carriers = {row["carrier"]: row["parcels"] for row in table.ask("manifests")}
    assert carriers == {"YTO": 1, "ZTO": 1}
    used = {row["carrier"]: (row["used"], row["free"]) for row in table.ask("numbers", "list")}
    assert used == {"YTO": (1, 19), "ZTO": (1, 19)}


def test_the_same_file_twice_changes_nothing(table: Table) -> None:
    before = table.ask("orders")
    exported = table.run("journal", "export").out
    (report,) = table.bring("orders.csv").rows()
    assert (report["accepted"], report["changed"], report["same"]) == (0, 0, 8)
    assert table.ask("orders") == before
    orders_written = [line for line in exported.splitlines() if "order_imported" in line]
    again = table.run("journal", "export").out
    assert [line for line in again.splitlines() if "order_imported" in line] == orders_written
    assert table.journal_is_clean()
