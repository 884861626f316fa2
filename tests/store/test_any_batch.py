"""Whatever comes out, jams or breaks off: never two originals of a parcel, never two good labels.

The machine keeps a book of its own: what lies on paper, and which labels the person at the printer
takes for good. It jams, crashes, resumes, packs and cancels; the real store must always agree.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from packstation.core import facts
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import LineKey
from packstation.core.parcels import copy_code
from packstation.core.print_batches import Batch, BatchJob
from packstation.core.status import BatchState, LabelSource, PrintOutcome
from packstation.errors import PackStationError
from packstation.store.opening import OpenStore
from packstation.store.print_batch_reads import Waiting, batches
from packstation.store.replay import differences, rebuild
from tests.store.builders import (
    YTO,
    Clock,
    add_numbers,
    key,
    line,
    load,
    opened,
    order,
    parsed,
    record,
)

ORDERS = 8
PRINTER = "desk"
GOOD = (PrintOutcome.SENT, PrintOutcome.CONFIRMED)
OUT = (*GOOD, PrintOutcome.UNKNOWN)
REFUSED = {
    "batch.label_in_use",
    "batch.still_printing",
    "batch.old_copy",
    "batch.scan_copy_code",
    "batch.not_in_batch",
}


class AnyBatch(RuleBasedStateMachine):
    """One printer, eight orders, everything that may go wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="any-batch-"))
        self.clock = Clock()
        self.store: OpenStore = opened(self.folder / "data", clock=self.clock)
        self.files = 0
        self.payloads: list[str] = []
        """Jobs of which bytes left, each as often as they left."""

    @initialize()
    def fill(self) -> None:
        self.store.imports.stage(parsed([order(n) for n in range(1, ORDERS + 1)]))
        add_numbers(self.store, 60)

    def teardown(self) -> None:
        rebuilt = rebuild(self.store.db, self.store.journal, self.folder / "rebuilt.db")
        try:
            assert differences(self.store.db, rebuilt) == []
        finally:
            rebuilt.close()
            self.store.close()
            shutil.rmtree(self.folder)

    def all(self) -> tuple[Batch, ...]:
        return batches(self.store.db, 100)

    def jobs(self) -> list[BatchJob]:
        return [job for batch in self.all() for job in batch.jobs]

    def in_state(self, state: BatchState) -> Batch | None:
        return next((one for one in reversed(self.all()) if one.state is state), None)

    @rule(numbers=st.lists(st.integers(1, ORDERS), min_size=1, max_size=5))
    def start(self, numbers: list[int]) -> None:
        keys = [key(number) for number in numbers]
        ready = {one.key for one in self.store.batches.sort(keys).ready}
        live = {job.order for job in self.jobs() if job.newest and self.is_usable(job)}
        assert not ready & live, "an order with a live label gets no other one"
        self.store.batches.start(MAIN_SHOP, PRINTER, keys)

    @rule(
        outcomes=st.lists(
            st.sampled_from([*GOOD, *GOOD, PrintOutcome.UNKNOWN, PrintOutcome.FAILED]),
            min_size=1,
            max_size=6,
        )
    )
    def send(self, outcomes: list[PrintOutcome]) -> None:
        for outcome in outcomes:
            found = self.store.batches.next_job(PRINTER)
            if found is None:
                return
            if outcome is not PrintOutcome.FAILED:
                self.leave(found)
            self.store.batches.ended(found.job, outcome, "told")

    def leave(self, found: Waiting) -> None:
        """Let bytes leave."""
        self.store.ledger.sending(found.job, b"label " + found.job.encode(), PRINTER)
        self.payloads.append(found.job)

    @rule(sending=st.booleans())
    def crash(self, sending: bool) -> None:
        found = self.store.batches.next_job(PRINTER) if sending else None
        if found is not None:
            self.leave(found)
        self.store.close()
        self.store = opened(self.folder / "data", clock=self.clock)
        assert self.store.batches.next_job(PRINTER) is None, "nothing prints by itself"
        assert all(one.state is not BatchState.RUNNING for one in self.all())

    @rule()
    def stop(self) -> None:
        batch = self.in_state(BatchState.RUNNING)
        if batch is not None:
            self.store.batches.stop(batch.batch)

    @rule(good=st.integers(-1, 6), by_code=st.booleans())
    @precondition(lambda self: self.in_state(BatchState.STOPPED) is not None)
    def resume(self, good: int, by_code: bool) -> None:
        batch = self.in_state(BatchState.STOPPED)
        assert batch is not None
        printed = [one for one in batch.jobs if one.out]
        text = ""
        if 0 <= good < len(printed):
            job = printed[good]
            text = copy_code(job.job) if by_code else job.tracking_number
        before = len(self.payloads)
        try:
            found = self.store.batches.resume(batch.batch, text)
        except PackStationError as error:
            if error.code not in REFUSED:
                raise
            return
        assert len(self.payloads) == before, "resuming sends nothing by itself"
        waiting = [one.place for one in found.jobs if one.outcome is PrintOutcome.QUEUED]
        assert waiting == sorted(waiting), "in the original order"

    @rule()
    def cancel(self) -> None:
        batch = self.in_state(BatchState.STOPPED) or self.in_state(BatchState.RUNNING)
        if batch is not None:
            self.store.batches.cancel(batch.batch)

    @rule(number=st.integers(1, ORDERS))
    def pack(self, number: int) -> None:
        """Pack an order whose label is there."""
        loaded = load(self.store, number)
        label = loaded.label
        if label is None or label.outcome not in OUT or label.spoiled or loaded.parcel is None:
            return
        if loaded.parcel.state != "OPEN" or loaded.order.why_not is not None:
            return
        one = key(number)
        version = loaded.order.version
        record(
            self.store,
            facts.OrderOpened(one, version),
            facts.UnitsScanned(one, ((LineKey("1"), 1),), "A-1"),
            facts.OrderVerified(one, version),
            facts.ParcelSealed(one, label.tracking_number, YTO, LabelSource.COMPOSED),
        )

    @rule(number=st.integers(1, ORDERS), quantity=st.integers(1, 3))
    def change(self, number: int, quantity: int) -> None:
        """The platform changes an order."""
        self.files += 1
        changed = order(number, lines=[line("A-1", quantity)])
        self.store.imports.stage(parsed([changed], digest=f"file {self.files}"))

    # What must always hold

    @invariant()
    def no_bytes_leave_twice(self) -> None:
        assert len(set(self.payloads)) == len(self.payloads)

    @invariant()
    def never_two_originals_of_one_label(self) -> None:
        originals: dict[tuple[str, str], str] = {}
        for job in self.jobs():
            if job.copy == 1 and (job.out or job.outcome is PrintOutcome.SENDING):
                assert originals.setdefault((job.order, job.tracking_number), job.job) == job.job

    @invariant()
    def at_most_one_label_of_an_order_counts(self) -> None:
        counting: dict[str, list[BatchJob]] = {}
        for job in self.jobs():
            if self.is_usable(job):
                counting.setdefault(job.order, []).append(job)
        for jobs in counting.values():
            assert len(jobs) == 1, jobs

    @invariant()
    def a_label_on_a_closed_parcel_is_never_spoiled(self) -> None:
        rows = self.store.db.rows(
            "SELECT j.spoiled FROM parcels AS p JOIN print_jobs AS j ON j.key = p.order_key"
            " WHERE p.state = 'SEALED' AND j.detail = 'scanned_back'"
        )
        assert all(spoiled == "" for (spoiled,) in rows)

    def is_usable(self, job: BatchJob) -> bool:
        return _counts(job) and not self.is_void(job) and self.is_today(job)

    def is_void(self, job: BatchJob) -> bool:
        sql = "SELECT 1 FROM voided_labels WHERE tracking_number = ?"
        return self.store.db.row(sql, (job.tracking_number,)) is not None

    def is_today(self, job: BatchJob) -> bool:
        sql = (
            "SELECT 1 FROM print_jobs AS j JOIN orders AS o ON o.order_key = j.key"
            " WHERE j.job = ? AND j.version = o.version"
        )
        return self.store.db.row(sql, (job.job,)) is not None


def _counts(job: BatchJob) -> bool:
    """Tell whether a label may be used, or is about to be printed."""
    return not job.spoiled and job.outcome not in (PrintOutcome.FAILED, PrintOutcome.CANCELLED)


TestAnyBatch = AnyBatch.TestCase
TestAnyBatch.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
