"""Every move of a print job, legal and not; and what no sequence of them may ever bring about."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.paper_facts import LabelSpoiled, PaperStalled, RollLoaded
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import StoreError
from packstation.store import print_job_rows
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.store.builders import YTO, add_numbers, key, opened, order, parsed, record, verify

O = PrintOutcome  # noqa: E741
ENDS = (O.SENT, O.CONFIRMED, O.FAILED, O.UNKNOWN, O.CANCELLED)
UNDER_WAY = (O.SENDING, O.BLOCKED)
LEGAL = {
    **{(start, end): end for start in (O.QUEUED, *UNDER_WAY) for end in ENDS},
    (O.SENT, O.CONFIRMED): O.CONFIRMED,
    (O.UNKNOWN, O.CONFIRMED): O.CONFIRMED,
}
"""Written by hand, not read from the code: how a job stands after a report of its end."""


def a_job(store: OpenStore) -> str:
    return store.ledger.queue_slip(PaperKind.SCANNER_CARD, "card", "", "first")


def brought_to(store: OpenStore, outcome: PrintOutcome) -> str:
    """Return a job that stands there, by the ways that the program has."""
    job = a_job(store)
    if outcome in (O.QUEUED, O.CANCELLED, O.FAILED):
        if outcome is not O.QUEUED:
            store.ledger.ended(job, outcome, "")
        return job
    store.ledger.sending(job, b"x", "big", 1)
    if outcome is O.BLOCKED:
        store.ledger.stalled(job, "printer.no_paper")
    elif outcome is not O.SENDING:
        store.ledger.ended(job, outcome, "")
    return job


@pytest.mark.parametrize(("start", "end"), list(itertools.product(O, ENDS)))
def test_a_report_of_the_end_is_taken_where_it_is_news(
    store: OpenStore, start: PrintOutcome, end: PrintOutcome
) -> None:
    job = brought_to(store, start)
    before = store.journal.head()
    store.ledger.ended(job, end, "late")
    told = LEGAL.get((start, end))
    assert store.ledger.outcome(job) is (told or start)
    assert (store.journal.head() == before) == (told is None), "what is no news is not written"


@pytest.mark.parametrize("start", list(O))
def test_bytes_leave_once(store: OpenStore, start: PrintOutcome) -> None:
    job = brought_to(store, start)
    if start is O.QUEUED:
        store.ledger.sending(job, b"x", "big", 1)
        assert store.ledger.outcome(job) is O.SENDING
        return
    with pytest.raises(StoreError) as caught:
        store.ledger.sending(job, b"x", "big", 1)
    assert caught.value.code == "store.already_sent"
    assert store.ledger.outcome(job) is start


@pytest.mark.parametrize(("start", "detail"), list(itertools.product(O, ("printer.no_paper", ""))))
def test_only_a_job_under_way_stalls_and_goes_on(
    store: OpenStore, start: PrintOutcome, detail: str
) -> None:
    job = brought_to(store, start)
    store.ledger.stalled(job, detail)
    expected = (O.BLOCKED if detail else O.SENDING) if start in UNDER_WAY else start
    assert store.ledger.outcome(job) is expected
    if start not in UNDER_WAY:
        with pytest.raises(StoreError) as caught, store.recorder.tx():
            store.recorder.write((PaperStalled(job, detail),), store.clock())
        assert caught.value.code == "store.conflict"


def test_a_stall_says_why_and_the_reason_goes_when_it_goes_on(store: OpenStore) -> None:
    job = brought_to(store, O.SENDING)
    for detail in ("printer.no_paper", "printer.cover_open", ""):
        store.ledger.stalled(job, detail)
        assert store.ledger.job(job).detail == detail
    head = store.journal.head()
    store.ledger.stalled(job, "")
    assert store.journal.head() == head, "it was going on already"


def test_after_a_crash_what_was_under_way_is_unknown(store: OpenStore) -> None:
    jobs = {start: brought_to(store, start) for start in O}
    assert store.ledger.settle_interrupted() == 2
    for start, job in jobs.items():
        found = store.ledger.job(job)
        assert found.outcome is (O.UNKNOWN if start in UNDER_WAY else start)
        assert start not in UNDER_WAY or found.detail == "interrupted"
    assert store.ledger.settle_interrupted() == 0


@pytest.mark.parametrize("outcome", list(O))
def test_a_person_settles_what_is_unknown_and_nothing_else(
    store: OpenStore, outcome: PrintOutcome
) -> None:
    came, lost = brought_to(store, outcome), brought_to(store, outcome)
    if outcome is not O.UNKNOWN:
        with pytest.raises(StoreError) as caught:
            store.ledger.settle(came, came_out=True)
        assert caught.value.code == "store.not_unknown"
        return
    store.ledger.settle(came, came_out=True)
    store.ledger.settle(lost, came_out=False)
    assert store.ledger.outcome(came) is O.CONFIRMED
    found = store.ledger.job(lost)
    assert (found.outcome, found.detail, found.spoiled) == (O.UNKNOWN, "nothing_came_out", "lost")
    store.ledger.ended(lost, O.CONFIRMED, "late")
    assert store.ledger.job(lost) == found, "what a person has said stays"
    with pytest.raises(StoreError):
        store.ledger.settle(lost, came_out=True)


def test_a_label_is_settled_by_its_scan(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    shop.ledger.sending(queued.job, b"x", "big", 1)
    shop.ledger.ended(queued.job, O.UNKNOWN, "printer.gone")
    with pytest.raises(StoreError) as caught:
        shop.ledger.settle(queued.job, came_out=False)
    assert caught.value.code == "store.label_is_scanned"


def test_only_a_label_on_paper_is_spoiled_and_only_once(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    spoiled = LabelSpoiled(queued.job, key(1), "damaged")

    def write(fact: LabelSpoiled) -> None:
        with shop.recorder.tx():
            shop.recorder.write((fact,), shop.clock())

    with pytest.raises(StoreError):
        write(spoiled)
    shop.ledger.sending(queued.job, b"x", "big", 1)
    shop.ledger.ended(queued.job, O.SENT, "")
    for wrong in (LabelSpoiled(queued.job, key(2), "damaged"), LabelSpoiled("no", key(1), "jam")):
        with pytest.raises(StoreError):
            write(wrong)
    write(spoiled)
    with pytest.raises(StoreError) as caught:
        write(spoiled)
    assert caught.value.code == "store.conflict"


CALLS = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "send", "stall", "go on", "crash", "cancel", "spoil", "give up", "scan"]
        ),
        st.integers(0, 5),
        st.sampled_from(ENDS),
    ),
    max_size=25,
)


OUT = frozenset({O.SENT, O.CONFIRMED, O.UNKNOWN})


class Bench:
    """Calls of the ledger beside a model of the paper: what left a printer never comes back."""

    def __init__(self, store: OpenStore) -> None:
        self.store = store
        self.jobs: list[str] = []
        self.sending: set[str] = set()
        self.paper: dict[str, int] = {}
        """Copy by job, of which bytes have left."""
        self.spoiled: set[str] = set()

    def play(self, calls: list[tuple[str, int, PrintOutcome]]) -> None:
        for what, which, end in calls:
            if what == "ask" or not self.jobs:
                asked = facts.LabelRequested(key(1), 1, 1, "operator_asked", YTO)
                (queued,) = record(self.store, asked)
                assert isinstance(queued, LabelQueued)
                self.jobs.append(queued.job)
                continue
            job = self.jobs[which % len(self.jobs)]
            with contextlib.suppress(StoreError):
                self.call(what, job, end)
            copies = Counter(c for j, c in self.paper.items() if j not in self.spoiled)
            assert copies[1] <= 1, "two originals"

    def call(self, what: str, job: str, end: PrintOutcome) -> None:
        ledger = self.store.ledger
        if what == "send":
            ledger.sending(job, b"bytes", "big", 1)
            self.sending.add(job)
        elif what in ("stall", "go on"):
            ledger.stalled(job, "printer.no_paper" if what == "stall" else "")
        elif what == "crash":
            ledger.settle_interrupted()
            self.leave(*self.sending)
            self.sending.clear()
        elif what == "cancel":
            ledger.cancel(job)
        elif what == "spoil":
            with self.store.recorder.tx():
                self.store.recorder.write((LabelSpoiled(job, key(1), "jam"),), self.store.clock())
            self.spoiled.add(job)
        else:  # the sender's report, or a scan of the label
            end = O.CONFIRMED if what == "scan" else end
            record(self.store, facts.LabelEnded(key(1), job, end, ""))
            if end in OUT and job in self.sending:
                self.leave(job)
            self.sending.discard(job)

    def leave(self, *jobs: str) -> None:
        for job in jobs:
            self.paper[job] = self.store.ledger.job(job).copy


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=CALLS)
def test_whatever_happens_there_is_one_original(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[str, int, PrintOutcome]]
) -> None:
    folder = tmp_path_factory.mktemp("moves")
    store = opened(folder / "data")
    try:
        an_order(store)
        with store.recorder.tx():
            store.recorder.write((RollLoaded("big", 3),), store.clock())
        Bench(store).play(calls)
        (out,) = store.db.rows(
            "SELECT count(*) FROM print_jobs WHERE printer = 'big'"
            " AND outcome IN ('SENT', 'CONFIRMED', 'UNKNOWN')"
        )
        assert store.db.rows("SELECT used FROM printer_rolls") == [out]
        rebuilt = rebuild(store.db, store.journal, folder / "rebuilt.db")
        assert differences(store.db, rebuilt) == []
        rebuilt.close()
    finally:
        store.close()


def an_order(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    add_numbers(store, 2)
    record(store, facts.OrderOpened(key(1), 1), facts.OrderVerified(key(1), 1))


def test_a_label_called_failed_after_its_bytes_left_is_seen(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model above sees a planted fault: UNKNOWN may become FAILED, as if nothing had left."""
    faulty = {*print_job_rows.MOVES[O.UNKNOWN], O.FAILED}
    calls = [("ask", 0, O.SENT), ("send", 0, O.SENT), ("crash", 0, O.SENT), ("end", 0, O.FAILED)]
    calls += [("ask", 1, O.SENT), ("send", 1, O.SENT), ("end", 1, O.SENT)]
    an_order(store)
    Bench(store).play(calls)
    monkeypatch.setitem(print_job_rows.MOVES, O.UNKNOWN, frozenset(faulty))
    with store.recorder.tx():
        store.db.run("DELETE FROM print_jobs")
    with pytest.raises(AssertionError, match="two originals"):
        Bench(store).play(calls)
