from __future__ import annotations

import hashlib

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.status import PrintOutcome
from packstation.errors import StoreError
from packstation.ports import BagJob, LabelJob, ReceiptJob
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
