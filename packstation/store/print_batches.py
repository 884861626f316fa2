"""Print batches: started, sent label by label, stopped, resumed; each step in one transaction.

Lives in the room ``store``. Which label is next is decided here, right before it is sent, by the
one rule of list, print and scan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from packstation.core import facts
from packstation.core.events import LabelRefused
from packstation.core.life_facts import ParcelReopened
from packstation.core.orders import Order, OrderKey, ShopKey
from packstation.core.paper_facts import (
    BatchEnded,
    BatchResumed,
    BatchStarted,
    BatchStopped,
    LabelSpoiled,
)
from packstation.core.policy import Rules
from packstation.core.print_batches import (
    GOES_ON,
    INTERRUPTED,
    OPERATOR,
    Batch,
    Plan,
    last_good,
    plan,
)
from packstation.core.status import BatchState, LabelSource, PrintOutcome, Reason
from packstation.errors import PackStationError, StoreError
from packstation.ports import Stamp
from packstation.store import labels, numbers, sheet_reads
from packstation.store import print_batch_reads as reads
from packstation.store.journal import new_id
from packstation.store.order_rows import read_order
from packstation.store.print_batch_reads import Waiting
from packstation.store.recorder import Recorder
from packstation.store.shipment_reads import at_bench
from packstation.store.station_store import SqliteStationStore

LAST_GOOD = "last_good"
"""Why a label is on paper: it is the last good one of its batch, or stands before it."""
JAM = "jam"
CANCELLED = "batch_cancelled"
Pool = tuple[str, str]
"""A carrier and a pool of its numbers."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Chosen orders, by whether their label can be printed ahead."""

    ready: tuple[Order, ...]
    refused: tuple[tuple[OrderKey, Reason], ...]


@dataclass(frozen=True, slots=True)
class Started:
    """What became of orders of one batch."""

    batch: str
    """Empty where none of them got a label: then there is no batch."""
    labels: int
    refused: tuple[tuple[OrderKey, Reason], ...]


class PrintBatches:
    """The batches of this station."""

    def __init__(
        self, recorder: Recorder, station: SqliteStationStore, clock: Callable[[], Stamp]
    ) -> None:
        """Keep the way to write, who gives labels their numbers, and the clock."""
        self._recorder = recorder
        self._db = recorder.db
        self._station = station
        self._clock = clock
        self.gone: Callable[[Waiting, PrintOutcome, str], None] | None = None
        """Told, after the commit, of each waiting label that will not be printed: somebody may
        wait for it at the table."""

    @property
    def _rules(self) -> Rules:
        return self._station.rules

    def sort(self, keys: Sequence[OrderKey], taken: Counter[Pool] | None = None) -> Sorted:
        """Tell which orders would get a label now, in their order, and why the others would not.

        Args:
            keys: What was chosen.
            taken: Numbers promised before by carrier and pool, so that one that is left is not
                promised twice; counted on here.
        """
        self._station.take_in_orders(keys)
        now, table = self._clock().at, at_bench(self._db)
        ready: list[Order] = []
        refused: list[tuple[OrderKey, Reason]] = []
        taken = Counter() if taken is None else taken
        for key in dict.fromkeys(keys):
            order = read_order(self._db, key)
            why = Reason.NOT_KNOWN if order is None else None
            if order is not None:
                why = reads.why_no_label(self._db, self._rules, order, now, table)
                why = why or self._no_label(order, taken)
            if order is None or why is not None:
                refused.append((key, why or Reason.NOT_KNOWN))
            else:
                ready.append(order)
        return Sorted(tuple(ready), tuple(refused))

    def _no_label(self, order: Order, taken: Counter[Pool]) -> Reason | None:
        shop = self._rules.shop(order.shop)
        carrier = self._rules.carrier_of(order)
        if carrier is None:
            return None
        if shop.label_source in (LabelSource.FILE, LabelSource.COMPONENT):
            return labels.why_no_page(self._db, self._rules, order, carrier)
        own = self._db.row(
            "SELECT 1 FROM parcels WHERE order_key = ? AND carrier = ? AND tracking_number"
            " IS NOT NULL AND state <> 'VOIDED'",
            (order.key, carrier),
        )
        if own or sheet_reads.carrier_number(self._db, order.key, carrier) is not None:
            return None
        pool = (carrier, shop.number_pool)
        if taken[pool] >= numbers.left(self._db, carrier, shop.number_pool):
            return Reason.NO_NUMBER_LEFT
        taken[pool] += 1
        return None

    def roll_left(self, printer: str) -> int | None:
        """Return the labels that a printer's roll has for further batches; None = not counted."""
        return reads.roll_left(self._db, printer)

    def check_roll(self, printer: str, needed: int) -> None:
        """Look whether a roll is long enough, before anything is given out.

        Raises:
            PackStationError: ``batch.roll_short``.
        """
        left = self.roll_left(printer)
        if left is not None and left < needed:
            raise PackStationError(
                "batch.roll_short",
                f"The batch needs {needed} labels, and the roll has {left} left.",
                fix="Put in a new roll and say so, or choose fewer orders.",
                needed=needed,
                left=left,
            )

    def start(
        self,
        shop: ShopKey,
        printer: str,
        keys: Sequence[OrderKey],
        by: str = "",
        refused: Sequence[tuple[OrderKey, Reason]] = (),
    ) -> Started:
        """Give orders their labels and begin a batch, all in one transaction.

        Args:
            shop: Whose orders they are.
            printer: Key of the printer that is to print them.
            keys: In the order of printing; no more than the platform's limit.
            by: Id of the operator; may be empty.
            refused: Orders chosen with these that were refused before, and why.

        Raises:
            PackStationError: ``batch.roll_short``: nothing was given out.
        """
        chosen = self.sort(keys)
        self.check_roll(printer, len(chosen.ready))
        stamp, batch = self._stamp(by), new_id()
        labelled: list[OrderKey] = []
        left = [*refused, *chosen.refused]
        with self._recorder.tx():
            for order in chosen.ready:
                if reads.is_new_parcel(self._db, order.key):
                    self._recorder.write((ParcelReopened(order.key),), stamp)
                why = self._assign(order, "batch", batch, stamp)
                if why is None:
                    labelled.append(order.key)
                else:
                    left.append((order.key, why))
            if labelled:
                started = BatchStarted(batch, shop, printer, tuple(labelled), tuple(left))
                self._recorder.write((started,), stamp)
        return Started(batch if labelled else "", len(labelled), tuple(left))

    def _assign(self, order: Order, reason: str, batch: str, stamp: Stamp) -> Reason | None:
        """Give an order a label in a batch; return why it gets none."""
        carrier = self._rules.carrier_of(order)
        if carrier is None:
            return Reason.NO_CARRIER
        asked = facts.LabelRequested(order.key, order.version, 1, reason, carrier)
        answer = self._station.assign_label(asked, stamp, batch)
        return answer.reason if isinstance(answer, LabelRefused) else None

    def _stamp(self, by: str) -> Stamp:
        stamp = self._clock()
        return replace(stamp, operator=by) if by else stamp

    # Label by label

    def waiting_printers(self) -> tuple[str, ...]:
        """Return the printers that have batches, the longest waiting first."""
        return tuple(dict.fromkeys(key for _, key, _ in reads.open_batches(self._db)))

    def next_job(self, printer: str) -> Waiting | None:
        """Return the label that a printer is to print next; None where there is none now.

        Batches of one printer follow each other: behind a stopped one nothing goes on. A label
        whose order may not be packed any more is cancelled with its reason.
        """
        for batch, _, state in reads.open_batches(self._db, printer):
            if state == BatchState.STOPPED:
                return None
            job = self._next_of(batch)
            if job is not None:
                return job
            stamp = self._clock()
            with self._recorder.tx():
                self._recorder.write((BatchEnded(batch, BatchState.DONE),), stamp)
        return None

    def _next_of(self, batch: str) -> Waiting | None:
        while found := reads.queued_of(self._db, batch, 1):
            (one,) = found
            self._station.take_in_orders((one.order,))
            stamp = self._clock()
            why = reads.why_not_sent(self._db, self._rules, one.job, stamp.at)
            if why is None:
                return one
            with self._recorder.tx():
                self._give_up(one, why.value, stamp)
            self._tell(one, why.value)
        return None

    def _give_up(self, one: Waiting, why: str, stamp: Stamp) -> None:
        ended = facts.LabelEnded(one.order, one.job, PrintOutcome.CANCELLED, why)
        self._recorder.write((ended,), stamp)

    def _tell(self, one: Waiting, why: str) -> None:
        if self.gone is not None:
            self.gone(one, PrintOutcome.CANCELLED, why)

    def ended(self, job: str, outcome: PrintOutcome, detail: str) -> None:
        """Write how a label of a batch ended; unless it came out, its batch waits for a person.

        One that was given up before its printer had it, as at the table, holds nothing up.
        Nothing is written twice: the station may have told the same.
        """
        row = self._db.row(
            "SELECT j.key, j.outcome, j.batch, b.state, j.sending_us FROM print_jobs AS j"
            " JOIN print_batches AS b ON b.batch = j.batch WHERE j.job = ?",
            (job,),
        )
        if row is None:
            raise StoreError("store.no_such_job", f"There is no print job {job}.", job=job)
        key, known, batch, state, sent = row
        stamp = self._clock()
        goes_on = outcome in GOES_ON or (outcome is PrintOutcome.CANCELLED and sent is None)
        with self._recorder.tx():
            if PrintOutcome(known) not in (outcome, *GOES_ON, PrintOutcome.CANCELLED):
                self._recorder.write(
                    (facts.LabelEnded(OrderKey(key), job, outcome, detail),), stamp
                )
            if not goes_on and state == BatchState.RUNNING:
                why = detail or outcome.value.lower()
                self._recorder.write((BatchStopped(batch, job, why),), stamp)

    # What people do with a batch

    def stop(self, batch: str, by: str = "") -> None:
        """Stop a batch after the label that is being printed.

        Raises:
            PackStationError: ``batch.unknown``, ``batch.not_running``.
        """
        found = reads.batch_of(self._db, batch)
        if found.state is not BatchState.RUNNING:
            raise _wrong_state("batch.not_running", "does not run", found)
        with self._recorder.tx():
            self._recorder.write((BatchStopped(batch, "", OPERATOR),), self._stamp(by))

    def resume(self, batch: str, text: str, by: str = "") -> Batch:
        """Let a batch go on behind its last good label; return how it stands.

        Args:
            batch: A stopped one.
            text: What the scan of the last good label said; empty = none came out.
            by: Id of the operator; may be empty.

        Raises:
            PackStationError: ``batch.unknown``, ``batch.not_stopped``, ``batch.order_open``,
                ``batch.roll_short``; or as ``core.print_batches.last_good`` and ``plan``.
        """
        found = reads.batch_of(self._db, batch)
        if found.state is not BatchState.STOPPED:
            raise _wrong_state("batch.not_stopped", "is not stopped", found)
        good = last_good(found.jobs, text, self._rules.carrier)
        what = plan(found.jobs, good)
        self._refuse_open(what)
        left = reads.roll_left(self._db, found.printer)
        if left is not None and left < len(what.again):  # what waits is taken off already
            self.check_roll(found.printer, len(what.again))
        self._station.take_in_orders([one.order for one in what.again])
        stamp = self._stamp(by)
        spoiled = tuple(one.job for one in what.spoiled)
        with self._recorder.tx():
            for one in what.confirmed:
                if one.outcome is PrintOutcome.UNKNOWN or one is good:
                    proved = facts.LabelEnded(one.order, one.job, PrintOutcome.CONFIRMED, LAST_GOOD)
                    self._recorder.write((proved,), stamp)
            resumed = BatchResumed(batch, good.job if good else "", spoiled)
            self._recorder.write((resumed,), stamp)
            for one in what.spoiled:
                self._recorder.write((LabelSpoiled(one.job, one.order, JAM),), stamp)
            for one in what.again:
                order = read_order(self._db, one.order)
                if order is not None:
                    self._assign(order, JAM if one.job in spoiled else "failed", batch, stamp)
        return reads.batch_of(self._db, batch)

    def _refuse_open(self, what: Plan) -> None:
        table = at_bench(self._db)
        if table is None or all(one.order != table for one in (*what.spoiled, *what.again)):
            return
        order_id = table.partition("/")[2]
        raise PackStationError(
            "batch.order_open",
            f"The label of order {order_id} lies behind it, and that order is open at the table.",
            fix="Finish that order or scan PAUSE, then scan the last good label again.",
            order=order_id,
        )

    def cancel(self, batch: str, by: str = "") -> None:
        """Print no more of a batch; labels that are out stay, the others' orders keep their number.

        Raises:
            PackStationError: ``batch.unknown``, ``batch.ended``.
        """
        found = reads.batch_of(self._db, batch)
        if found.ended:
            raise _wrong_state("batch.ended", "has ended", found)
        stamp, waiting = self._stamp(by), reads.queued_of(self._db, batch)
        with self._recorder.tx():
            for one in waiting:
                self._give_up(one, CANCELLED, stamp)
            self._recorder.write((BatchEnded(batch, BatchState.CANCELLED),), stamp)
        for one in waiting:
            self._tell(one, CANCELLED)

    def settle_interrupted(self) -> int:
        """Stop every batch that ran when the program ended; return how many."""
        running = [
            batch for batch, _, state in reads.open_batches(self._db) if state == BatchState.RUNNING
        ]
        if not running:
            return 0
        stamp = self._clock()
        with self._recorder.tx():
            for batch in running:
                jobs = reads.jobs_of(self._db, batch)
                unknown = (one.job for one in jobs if one.outcome is PrintOutcome.UNKNOWN)
                stopped = BatchStopped(batch, next(unknown, ""), INTERRUPTED)
                self._recorder.write((stopped,), stamp)
        return len(running)


def _wrong_state(code: str, what: str, batch: Batch) -> PackStationError:
    return PackStationError(
        code,
        f"Print batch {batch.batch} {what}.",
        fix="Look at the list: packstation print-batch list",
        batch=batch.batch,
    )
