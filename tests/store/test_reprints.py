"""Copies of labels: which one is live, what its code says, and who may ask for another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.life_facts import LabelVoided
from packstation.core.orders import Recipient, WhyNot
from packstation.core.parcels import CopyFound, copy_code
from packstation.core.status import LabelSource, ParcelState, PrintOutcome
from packstation.errors import StoreError
from packstation.ports import LabelJob
from packstation.store.opening import OpenStore
from packstation.store.paper_reads import spoiled_labels
from packstation.store.replay import differences, rebuild
from packstation.store.reprints import reprint_label
from packstation.store.retention import forget
from tests.store.builders import (
    START,
    YTO,
    bag,
    cancel,
    hand_over,
    key,
    line,
    load,
    look_up,
    order,
    parsed,
    print_label,
    record,
    seal,
    verify,
)


def again(store: OpenStore, number: int, reason: str = "damaged") -> str:
    return reprint_label(store, key(number), reason, store.clock())


def comes_out(store: OpenStore, number: int, job: str) -> None:
    store.ledger.sending(job, b"copy " + job.encode(), "desk", 1)
    record(store, facts.LabelEnded(key(number), job, PrintOutcome.SENT, ""))


def refused(store: OpenStore, number: int) -> str:
    before = store.journal.head()
    with pytest.raises(StoreError) as caught:
        again(store, number)
    assert store.journal.head() == before, "nothing was written"
    return caught.value.code


def test_the_original_carries_no_code_and_every_copy_its_own(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    print_label(shop, first, PrintOutcome.SENT)
    paper = shop.ledger.paper(first.job)
    assert isinstance(paper, LabelJob)
    assert (first.coded, paper.copy_code) == (False, "")
    (second,) = record(shop, facts.LabelRequested(key(1), 1, 2, "operator_asked", YTO))
    assert isinstance(second, LabelQueued)
    paper = shop.ledger.paper(second.job)
    assert isinstance(paper, LabelJob)
    assert (second.coded, paper.copy_code, paper.copy) == (True, copy_code(second.job), 2)


def test_a_copy_code_tells_the_live_copy_from_an_old_one(shop: OpenStore) -> None:
    number = seal(shop, 1)
    second = again(shop, 1)
    comes_out(shop, 1, second)
    found = look_up(shop, copy_code(second))
    assert found.copy == CopyFound(key(1), 2, live=True)
    assert found.orders == (key(1),)
    assert found.parcel == load(shop, 1).parcel
    third = again(shop, 1, "jam")
    assert look_up(shop, copy_code(second)).copy == CopyFound(key(1), 2, live=False, spoiled=True)
    assert look_up(shop, copy_code(third)).copy == CopyFound(key(1), 3, live=False), "not out yet"
    comes_out(shop, 1, third)
    assert look_up(shop, copy_code(third)).copy == CopyFound(key(1), 3, live=True)
    assert look_up(shop, number).copy is None
    assert look_up(shop, "PSP0000000000").copy is None


def test_a_copy_of_a_changed_order_or_a_void_number_is_not_live(shop: OpenStore) -> None:
    jobs = {}
    for number in (1, 2):
        seal(shop, number)
        jobs[number] = again(shop, number)
        comes_out(shop, number, jobs[number])
    shop.imports.stage(parsed([order(1, lines=[line("B-1")])], digest="d2"))
    parcel = load(shop, 2).parcel
    assert parcel is not None
    assert parcel.tracking_number is not None
    with shop.recorder.tx():
        void = LabelVoided(key(2), parcel.tracking_number, YTO, "by_hand")
        shop.recorder.write((void,), shop.clock())
    for number, job in jobs.items():
        assert look_up(shop, copy_code(job)).copy == CopyFound(key(number), 2, live=False)


def test_a_reprint_keeps_parcel_number_and_state(shop: OpenStore, tmp_path: Path) -> None:
    bag(shop, "PSBAG1", [1])
    before = load(shop, 1).parcel
    job = again(shop, 1)
    assert again(shop, 1) == job, "asked twice, one copy"
    comes_out(shop, 1, job)
    loaded = load(shop, 1)
    assert loaded.parcel == before
    assert before is not None
    assert before.state is ParcelState.BAGGED
    assert loaded.label is not None
    assert (loaded.label.job, loaded.label.copy, loaded.label.coded) == (job, 2, True)
    (torn,) = spoiled_labels(shop.db)
    assert (torn.order, torn.copy, torn.reason, torn.void) == (key(1), 1, "damaged", False)
    hand_over(shop, "PSM1", {"PSBAG1": 1})
    assert refused(shop, 1) == "paper.nothing_to_reprint"
    rebuilt = rebuild(shop.db, shop.journal, tmp_path / "rebuilt.db")
    assert differences(shop.db, rebuilt) == []
    rebuilt.close()


def test_a_copy_that_failed_is_asked_for_again(shop: OpenStore) -> None:
    seal(shop, 1)
    job = again(shop, 1)
    record(shop, facts.LabelEnded(key(1), job, PrintOutcome.FAILED, "printer.no_paper"))
    other = again(shop, 1)
    assert other != job
    assert shop.ledger.job(other).copy == 2, "no byte of the first one had left"
    assert len(spoiled_labels(shop.db)) == 1


def test_nothing_is_reprinted_for_what_may_not_leave(shop: OpenStore) -> None:
    assert refused(shop, 1) == "paper.nothing_to_reprint"
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    assert refused(shop, 1) == "paper.nothing_to_reprint", "its table prints it"
    print_label(shop, queued, PrintOutcome.SENT)
    shop.ledger.sending(again(shop, 1), b"x", "desk", 1)
    assert refused(shop, 1) == "paper.still_printing"
    seal(shop, 2)
    cancel(shop, 2)
    assert refused(shop, 2) == "paper.parcel_stopped"
    seal(shop, 3)
    record(shop, facts.OrderHeld(key(3)))
    assert refused(shop, 3) in ("paper.parcel_stopped", "paper.nothing_to_reprint")
    seal(shop, 4)
    shop.imports.stage(parsed([order(4, lines=[line("B-1")])], digest="d4"))
    assert refused(shop, 4) == "paper.parcel_stopped"
    seal(shop, 5)
    shop.imports.stage(parsed([order(5, why_not=WhyNot.SHIPPED)], digest="d5"))
    assert again(shop, 5), "that the platform calls it shipped is no reason"


def test_a_composed_label_needs_its_person(shop: OpenStore) -> None:
    seal(shop, 1)
    forget(shop, START.date().isoformat())
    assert refused(shop, 1) == "store.people_purged"
    assert load(shop, 1).order.recipient is Recipient.FULL


def test_the_order_on_the_table_is_reprinted_there(shop: OpenStore) -> None:
    from dataclasses import replace

    from packstation.core.status import Phase
    from tests.store.builders import SAVED

    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    print_label(shop, queued, PrintOutcome.SENT)
    record(shop, saved=replace(SAVED, phase=Phase.CONFIRMING, order=key(1)))
    assert refused(shop, 1) == "paper.order_open"


def test_the_scan_back_confirms_the_live_copy_alone(shop: OpenStore) -> None:
    (first,) = verify(shop, 1)
    assert isinstance(first, LabelQueued)
    shop.ledger.sending(first.job, b"x", "desk", 1)
    record(shop, facts.LabelEnded(key(1), first.job, PrintOutcome.UNKNOWN, "printer.gone"))
    (second,) = record(shop, facts.LabelRequested(key(1), 1, 2, "operator_found_no_label", YTO))
    assert isinstance(second, LabelQueued)
    comes_out(shop, 1, second.job)
    sealed = facts.ParcelSealed(key(1), second.tracking_number, YTO, LabelSource.COMPOSED)
    record(shop, sealed)
    told = [(job.copy, job.outcome) for job in shop.ledger.jobs()]
    assert told == [(1, PrintOutcome.UNKNOWN), (2, PrintOutcome.CONFIRMED)]
    assert shop.db.rows("SELECT printed, scanned_back FROM printer_days") == [(2, 1)]
