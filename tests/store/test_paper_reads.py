"""Printers by use: rolls, heads, queues, proofs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.paper_facts import AnyPaperFact, LabelSpoiled, PrinterProved, RollLoaded
from packstation.core.status import LabelSource, PaperKind, PrintOutcome
from packstation.store import paper_reads
from packstation.store.opening import OpenStore
from tests.store.builders import START, YTO, key, record, verify


def tell(store: OpenStore, *these: AnyPaperFact) -> None:
    with store.recorder.tx():
        store.recorder.write(these, store.clock())


def printed(store: OpenStore, outcome: PrintOutcome, sheets: int = 1, printer: str = "desk") -> str:
    job = store.ledger.queue_slip(PaperKind.SCANNER_CARD, "card", "", "x")
    store.ledger.sending(job, b"x", printer, sheets)
    store.ledger.ended(job, outcome, "")
    return job


def left(store: OpenStore, printer: str = "desk") -> int | None:
    return paper_reads.printer_use(store.db, printer, START).roll_left


def test_a_roll_is_counted_from_the_time_somebody_says_so(store: OpenStore) -> None:
    printed(store, PrintOutcome.SENT)
    assert left(store) is None
    tell(store, RollLoaded("desk", 5))
    assert left(store) == 5
    for outcome in (PrintOutcome.SENT, PrintOutcome.CONFIRMED, PrintOutcome.UNKNOWN):
        printed(store, outcome)
    for outcome in (PrintOutcome.FAILED, PrintOutcome.CANCELLED):
        printed(store, outcome)
    printed(store, PrintOutcome.SENT, printer="other")
    assert left(store) == 2, "what may have left counts, and only what left this printer"
    job = printed(store, PrintOutcome.SENT)
    store.ledger.ended(job, PrintOutcome.CONFIRMED, "scanned_back")
    assert left(store) == 1, "a label is counted once"
    printed(store, PrintOutcome.SENT, sheets=4)
    assert left(store) == 0, "never below none"
    tell(store, RollLoaded("desk", 100))
    assert left(store) == 100
    tell(store, RollLoaded("desk", 0))
    assert left(store) is None


def test_a_head_whose_labels_cannot_be_read_is_worn(shop: OpenStore) -> None:
    for number in (1, 2):
        (queued,) = verify(shop, number)
        assert isinstance(queued, LabelQueued)
        shop.ledger.sending(queued.job, b"x", "desk", 1)
        record(shop, facts.LabelEnded(key(number), queued.job, PrintOutcome.SENT, ""))
        reason = "unreadable" if number == 1 else "damaged"
        tell(shop, LabelSpoiled(queued.job, key(number), reason))
    printed(shop, PrintOutcome.SENT, sheets=17)
    now = shop.clock().at
    use = paper_reads.printer_use(shop.db, "desk", now)
    assert (use.printed, use.unreadable, use.worn) == (19, 1, False), "too few to say"
    printed(shop, PrintOutcome.SENT)
    assert paper_reads.printer_use(shop.db, "desk", now).worn
    assert paper_reads.printer_use(shop.db, "desk", now + timedelta(days=6)).worn
    later = paper_reads.printer_use(shop.db, "desk", now + timedelta(days=7))
    assert (later.printed, later.worn) == (0, False), "a week ago is long ago"
    assert not paper_reads.printer_use(shop.db, "other", now).worn


@pytest.mark.parametrize(
    ("printed_", "unreadable", "worn"),
    [(0, 0, False), (19, 19, False), (20, 0, False), (50, 1, True), (51, 1, False), (100, 2, True)],
)
def test_when_a_head_is_called_worn(printed_: int, unreadable: int, worn: bool) -> None:
    assert paper_reads.is_worn(printed_, unreadable) is worn


def test_a_scanned_test_label_proves_its_printer(store: OpenStore) -> None:
    code = "PSTEST00000001"
    assert paper_reads.tested_printer(store.db, code) is None
    job = store.ledger.queue_slip(PaperKind.TEST, code, "", "test", "desk")
    assert paper_reads.tested_printer(store.db, code) is None, "nothing was printed yet"
    store.ledger.sending(job, b"x", "desk", 1)
    store.ledger.ended(job, PrintOutcome.UNKNOWN, "")
    assert paper_reads.tested_printer(store.db, code) == "desk"
    tell(store, PrinterProved("desk", code, "setup-1"))
    assert store.ledger.outcome(job) is PrintOutcome.CONFIRMED
    tell(store, PrinterProved("desk", "PSTEST00000002", "setup-2"))
    (proof,) = paper_reads.proofs(store.db).values()
    assert (proof.printer, proof.code, proof.setup) == ("desk", "PSTEST00000002", "setup-2")


def test_a_queue_has_the_jobs_of_a_printer_newest_first(store: OpenStore) -> None:
    jobs = [printed(store, PrintOutcome.SENT, printer=p) for p in ("desk", "dock", "desk")]
    waiting = store.ledger.queue_slip(PaperKind.COMMAND_SHEET, "sheet", "", "x", "dock")
    told = paper_reads.queue(store.db, "desk", 10)
    assert [job.job for job in told] == [jobs[2], jobs[0]]
    assert [job.job for job in paper_reads.queue(store.db, "", 2)] == [waiting, jobs[2]]
    assert [job.job for job in paper_reads.unfinished(store.db)] == [waiting]
    assert paper_reads.unfinished(store.db, "desk") == ()
    assert [job.job for job in paper_reads.unfinished(store.db, "dock")] == [waiting]


def test_void_numbers_are_on_the_list_of_spoiled_labels(shop: OpenStore) -> None:
    from packstation.core.life_facts import LabelVoided

    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    shop.ledger.sending(queued.job, b"x", "desk", 1)
    record(shop, facts.LabelEnded(key(1), queued.job, PrintOutcome.SENT, ""))
    sealed = facts.ParcelSealed(key(1), queued.tracking_number, YTO, LabelSource.COMPOSED)
    record(shop, sealed)
    with shop.recorder.tx():
        void = LabelVoided(key(1), queued.tracking_number, YTO, "by_hand")
        shop.recorder.write((void,), shop.clock())
    (found,) = paper_reads.spoiled_labels(shop.db)
    assert (found.tracking_number, found.void, found.reason) == (
        queued.tracking_number,
        True,
        "by_hand",
    )
