from __future__ import annotations

import hashlib

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.life_facts import ParcelRecalled
from packstation.core.orders import TrackingNumber
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import StoreError
from packstation.ports import BagJob, LabelJob, ReceiptJob, SlipJob
from packstation.store.dock_reads import manifest_parcels, manifests
from packstation.store.opening import OpenStore
from tests.store.builders import (
    YTO,
    bag,
    hand_over,
    key,
    load,
    person,
    print_label,
    record,
    verify,
)


def test_a_label_job_has_everything_to_compose_it(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    assert shop.ledger.queued() == (), "labels are sent by the station"
    paper = shop.ledger.paper(queued.job)
    assert isinstance(paper, LabelJob)
    assert (paper.order, paper.person) == (load(shop, 1).order, person())
    assert (paper.tracking_number, paper.carrier, paper.copy) == ("YTO00000001", YTO, 1)
    assert "王" not in repr(paper)


def test_bag_labels_and_receipts_are_queued_with_their_facts(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1, 2])
    bag(shop, "PSBAG2", [3])
    hand_over(shop, "PSM1", {"PSBAG2": 1, "PSBAG1": 2})
    first, second, third = (shop.ledger.paper(job) for job in shop.ledger.queued())
    assert isinstance(first, BagJob)
    assert (first.bag, first.parcels) == ("PSBAG1", 2)
    assert isinstance(second, BagJob)
    assert isinstance(third, ReceiptJob)
    assert third.bags == (("PSBAG2", 1), ("PSBAG1", 2)), "in the order of counting"
    assert third.opened_at < third.closed_at
    ((seq, head),) = shop.db.rows("SELECT chain_seq, chain_head FROM manifests")
    assert third.chain_head == head
    assert shop.db.rows("SELECT kind, hash FROM journal WHERE seq = ?", (seq,)) == [
        ("handover_closed", bytes.fromhex(head))
    ]
    (told,) = [r for (r,) in shop.db.rows("SELECT body FROM journal WHERE kind='manifest_written'")]
    assert third.digest in told
    (summary,) = manifests(shop.db)
    assert (summary.bags, summary.parcels, summary.digest) == (third.bags, 3, third.digest)
    listed = manifest_parcels(shop.db, "PSM1")
    assert [(p.bag, p.order) for p in listed] == [
        ("PSBAG2", key(3)),
        ("PSBAG1", key(1)),
        ("PSBAG1", key(2)),
    ]


def test_a_job_is_sent_once(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    (job,) = shop.ledger.queued()
    shop.ledger.sending(job, b"payload")
    with pytest.raises(StoreError) as caught:
        shop.ledger.sending(job, b"payload")
    assert caught.value.code == "store.already_sent"
    assert shop.ledger.queued() == ()
    found = shop.ledger.jobs()[-1]
    assert (found.outcome, found.size) == (PrintOutcome.SENDING, 7)
    assert found.digest == hashlib.sha256(b"payload").hexdigest()
    shop.ledger.ended(job, PrintOutcome.SENT, "")
    shop.ledger.ended(job, PrintOutcome.FAILED, "late")
    assert shop.ledger.jobs()[-1].outcome is PrintOutcome.SENT
    assert shop.ledger.payload(job) == b"payload"


def test_a_job_may_fail_before_a_byte_left(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    (job,) = shop.ledger.queued()
    shop.ledger.ended(job, PrintOutcome.FAILED, "missing_glyph")
    found = shop.ledger.jobs()[-1]
    assert (found.outcome, found.detail, found.digest) == (
        PrintOutcome.FAILED,
        "missing_glyph",
        None,
    )
    assert shop.ledger.queued() == ()


def test_a_receipt_can_be_printed_again_as_the_next_copy(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    hand_over(shop, "PSM1", {"PSBAG1": 1})
    first = shop.ledger.job_of("receipt", "PSM1")
    again = shop.ledger.print_again("receipt", "PSM1", "operator_asked")
    assert again != first
    assert shop.ledger.job_of("receipt", "PSM1") == again
    paper = shop.ledger.paper(again)
    assert isinstance(paper, ReceiptJob)
    assert paper.copy == 2
    assert shop.ledger.kind(again) == "receipt"
    with pytest.raises(StoreError):
        shop.ledger.print_again("receipt", "PSM9", "operator_asked")


def test_a_receipt_says_where_it_took_place(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    shop.ledger.name_place("PSM1", "集货仓 3 号门")
    shop.ledger.name_place("PSM1", "分拨中心")
    hand_over(shop, "PSM1", {"PSBAG1": 1})
    job = shop.ledger.job_of("receipt", "PSM1")
    assert job is not None
    paper = shop.ledger.paper(job)
    assert isinstance(paper, ReceiptJob)
    assert paper.drop_off == "分拨中心", "the last word counts"


def test_an_unknown_job_is_an_error(shop: OpenStore) -> None:
    with pytest.raises(StoreError) as caught:
        shop.ledger.paper("none")
    assert caught.value.code == "store.no_such_job"


def test_the_scan_back_confirms_the_label(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    print_label(shop, queued, PrintOutcome.SENT)
    from packstation.core.status import LabelSource

    record(shop, facts.ParcelSealed(key(1), queued.tracking_number, YTO, LabelSource.COMPOSED))
    (job,) = shop.ledger.jobs()
    assert job.outcome is PrintOutcome.CONFIRMED
    assert job.version == 1


def test_every_kind_of_paper_has_what_it_says(shop: OpenStore) -> None:
    ledger = shop.ledger
    slip = ledger.queue_slip(PaperKind.PACKING_SLIP, key(1), '{"gift":true}', "first")
    paper = ledger.paper(slip)
    assert isinstance(paper, SlipJob)
    assert (paper.kind, paper.key, paper.copy) == (PaperKind.PACKING_SLIP, key(1), 1)
    assert (paper.order, paper.person) == (load(shop, 1).order, person())
    assert "王" not in repr(paper)
    test = ledger.queue_slip(PaperKind.TEST, "PSTEST00000001", "", "test", "desk")
    paper = ledger.paper(test)
    assert isinstance(paper, SlipJob)
    assert (paper.order, paper.person, paper.printer) == (None, None, "desk")
    again = ledger.paper(ledger.print_again(PaperKind.PACKING_SLIP, key(1), "operator_asked"))
    assert isinstance(again, SlipJob)
    assert (again.copy, again.terms) == (2, '{"gift":true}')
    missing = ledger.queue_slip(PaperKind.PACKING_SLIP, key(99), "", "first")
    with pytest.raises(StoreError) as caught:
        ledger.paper(missing)
    assert caught.value.code == "store.order_missing"


def test_paper_of_yesterday_waits_for_a_yes(shop: OpenStore) -> None:
    ledger = shop.ledger
    first, second = (ledger.queue_slip(PaperKind.SCANNER_CARD, "card", "", "x") for _ in range(2))
    (label,) = verify(shop, 1)
    assert isinstance(label, LabelQueued)
    midnight = shop.clock().at
    today = ledger.queue_slip(PaperKind.SCANNER_CARD, "card", "", "x")
    assert ledger.queued() == (first, second, today), "nobody has said when the day begins"
    assert ledger.queued(midnight) == (today,)
    assert [job.job for job in ledger.old_queued(midnight)] == [first, second]
    ledger.old_before = midnight
    assert ledger.queued() == (today,)
    assert ledger.release([first, "none", label.job]) == (first,), "labels are not printed so"
    assert ledger.queued() == (first, today)
    assert ledger.cancel(second)
    assert ledger.job(second).outcome is PrintOutcome.CANCELLED
    assert not ledger.cancel(second)
    assert ledger.old_queued() == ()
    assert ledger.release([second]) == ()


def test_a_label_that_waits_is_cancelled_as_a_label(shop: OpenStore) -> None:
    (label,) = verify(shop, 1)
    assert isinstance(label, LabelQueued)
    assert shop.ledger.cancel(label.job)
    found = load(shop, 1).label
    assert found is not None
    assert found.outcome is PrintOutcome.CANCELLED


def test_a_bag_opened_again_has_no_label_to_print(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    (job,) = shop.ledger.queued()
    with shop.recorder.tx():
        recalled = ParcelRecalled(key(1), "PSBAG1", TrackingNumber("YTO00000001"))
        shop.recorder.write((recalled,), shop.clock())
    with pytest.raises(StoreError) as caught:
        shop.ledger.paper(job)
    assert caught.value.code == "store.bag_is_open"


def test_what_was_sent_is_kept_sealed(shop: OpenStore) -> None:
    (label,) = verify(shop, 1)
    assert isinstance(label, LabelQueued)
    shop.ledger.sending(label.job, b"ADDRESS CANARY " * 9, "desk", 2)
    shop.db.checkpoint()
    for path in shop.data_dir.iterdir():
        assert b"ADDRESS CANARY" not in path.read_bytes(), path.name
    assert shop.ledger.payload(label.job) == b"ADDRESS CANARY " * 9
    found = shop.ledger.job(label.job)
    assert (found.printer, found.size) == ("desk", 135)
