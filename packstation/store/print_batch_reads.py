"""Print batches as they stand, and why an order's label cannot be printed ahead."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from packstation.core.eligibility import obstacle
from packstation.core.facts import LabelEnded
from packstation.core.orders import CarrierCode, Order, OrderKey, ShopKey, TrackingNumber
from packstation.core.policy import Rules
from packstation.core.print_batches import Batch, BatchJob
from packstation.core.status import BatchState, LabelSource, ParcelState, PrintOutcome, Reason
from packstation.errors import PackStationError
from packstation.store import numbers
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.label_reads import is_void
from packstation.store.order_rows import read_order

CLOSED: dict[ParcelState, Reason] = {
    ParcelState.SEALED: Reason.SEALED_NOT_BAGGED,
    ParcelState.RECALLED: Reason.SEALED_NOT_BAGGED,
    ParcelState.BAGGED: Reason.IN_A_BAG,
    ParcelState.HANDED_OVER: Reason.HANDED_OVER,
}
"""Why a parcel that is closed gets no further label."""
_BATCH = (
    "SELECT batch, shop, printer, state, why, stopped_job, started_us, refused FROM print_batches"
)
_JOBS = (
    "SELECT j.job, j.key, j.tracking_number, j.carrier, j.copy, j.outcome, j.detail, j.spoiled,"
    " j.sending_us, j.coded, NOT EXISTS (SELECT 1 FROM print_jobs AS n WHERE n.kind = 'label'"
    " AND n.key = j.key AND n.id > j.id), p.state, p.tracking_number"
    " FROM print_jobs AS j LEFT JOIN parcels AS p ON p.order_key = j.key"
    " WHERE j.batch = ? AND j.batch <> '' ORDER BY j.id"
)


def batch_of(db: Database, batch: str) -> Batch:
    """Return one batch with its labels.

    Raises:
        PackStationError: ``batch.unknown``.
    """
    row = db.row(f"{_BATCH} WHERE batch = ?", (batch,))
    if row is None:
        raise PackStationError(
            "batch.unknown",
            f"There is no print batch {batch}.",
            fix="Look at the list: packstation print-batch list",
            batch=batch,
        )
    return _batch(db, *row)


def batches(db: Database, limit: int) -> tuple[Batch, ...]:
    """Return the newest batches with their labels, newest first."""
    rows = db.rows(f"{_BATCH} ORDER BY rowid DESC LIMIT ?", (limit,))
    return tuple(_batch(db, *row) for row in rows)


def _batch(
    db: Database,
    batch: str,
    shop: str,
    printer: str,
    state: str,
    why: str,
    stopped_job: str,
    started_us: int,
    refused: str,
) -> Batch:
    return Batch(
        batch=batch,
        shop=ShopKey(shop),
        printer=printer,
        state=BatchState(state),
        why=why,
        stopped_job=stopped_job,
        started_at=at_of(started_us),
        jobs=jobs_of(db, batch),
        refused=tuple((OrderKey(key), Reason(reason)) for key, reason in json.loads(refused)),
    )


def jobs_of(db: Database, batch: str) -> tuple[BatchJob, ...]:
    """Return the labels of a batch in the order in which they are printed."""
    places: dict[str, int] = {}
    found: list[BatchJob] = []
    for job, key, number, carrier, copy, outcome, detail, spoiled, *rest in db.rows(
        _JOBS, (batch,)
    ):
        sent, coded, newest, state, on_parcel = rest
        found.append(
            BatchJob(
                job=job,
                order=OrderKey(key),
                tracking_number=TrackingNumber(number),
                carrier=CarrierCode(carrier),
                copy=copy,
                outcome=PrintOutcome(outcome),
                place=places.setdefault(key, len(places)),
                detail=detail,
                spoiled=spoiled,
                sent=sent,
                coded=bool(coded),
                newest=bool(newest),
                sealed=bool(newest) and state in CLOSED and on_parcel == number,
            )
        )
    return tuple(sorted(found, key=lambda one: one.place))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One label of a batch of which nothing was sent."""

    job: str
    order: OrderKey


def queued_of(db: Database, batch: str, most: int = -1) -> tuple[Waiting, ...]:
    """Return the labels of a batch that wait, the next one first; all of them below 0."""
    rows = db.rows(
        "SELECT j.job, j.key FROM print_jobs AS j WHERE j.batch = ?1 AND j.batch <> ''"
        " AND j.outcome = 'QUEUED' ORDER BY (SELECT min(f.id) FROM print_jobs AS f"
        " WHERE f.kind = 'label' AND f.key = j.key AND f.batch = ?1), j.id LIMIT ?2",
        (batch, most),
    )
    return tuple(Waiting(job, OrderKey(key)) for job, key in rows)


def open_batches(db: Database, printer: str | None = None) -> tuple[tuple[str, str, str], ...]:
    """Return id, printer and state of the batches that have not ended, the oldest first."""
    rows = db.rows(
        "SELECT batch, printer, state FROM print_batches WHERE state IN ('running', 'stopped')"
        " AND (?1 IS NULL OR printer = ?1) ORDER BY rowid",
        (printer,),
    )
    return tuple((batch, key, state) for batch, key, state in rows)


def roll_left(db: Database, printer: str) -> int | None:
    """Return how many labels a roll has for further batches; None where they are not counted.

    What waits in batches of the printer is taken off.
    """
    row = db.row(
        "SELECT loaded - used FROM printer_rolls WHERE printer = ? AND loaded > 0", (printer,)
    )
    if row is None:
        return None
    waiting = db.row(
        "SELECT count(*) FROM print_batches AS b JOIN print_jobs AS j ON j.batch = b.batch"
        " WHERE b.printer = ? AND b.state IN ('running', 'stopped')"
        " AND j.outcome IN ('QUEUED', 'SENDING', 'BLOCKED') AND j.batch <> ''",
        (printer,),
    )
    assert waiting is not None
    return max(0, int(row[0]) - int(waiting[0]))


def why_no_label(
    db: Database, rules: Rules, order: Order, now: datetime, on_the_table: OrderKey | None
) -> Reason | None:
    """Return why an order's label cannot be printed ahead now, or None.

    The stock of numbers and the pages of label files are looked at where the label is made.
    """
    if order.key == on_the_table:
        return Reason.ORDER_IS_OPEN
    state = _state(db, order.key)
    if state in CLOSED:
        return CLOSED[state]
    problem = obstacle(order, rules, numbers_left=1, now=now)
    if problem is not None:
        return problem[1]
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
        return Reason.NOTHING_TO_PRINT
    return _live_label(db, order)


def _live_label(db: Database, order: Order) -> Reason | None:
    row = db.row(
        "SELECT outcome, version, tracking_number, carrier, spoiled FROM print_jobs"
        " WHERE kind = 'label' AND key = ? ORDER BY id DESC LIMIT 1",
        (order.key,),
    )
    if row is None or row[1] != order.version or row[4] or is_void(db, row[2], row[3]):
        return None
    match PrintOutcome(row[0]):
        case PrintOutcome.FAILED | PrintOutcome.CANCELLED:
            return None
        case PrintOutcome.SENT | PrintOutcome.CONFIRMED:
            return Reason.LABEL_PRINTED
        case PrintOutcome.UNKNOWN:
            return Reason.LABEL_UNKNOWN
        case _:
            return Reason.STILL_PRINTING


def why_not_sent(db: Database, rules: Rules, job: str, now: datetime) -> Reason | None:
    """Return why a queued label must not be printed any more, or None; asked right before it."""
    row = db.row(
        "SELECT key, version, tracking_number, carrier, EXISTS (SELECT 1 FROM print_jobs AS n"
        " WHERE n.kind = 'label' AND n.key = j.key AND n.id > j.id) FROM print_jobs AS j"
        " WHERE job = ?",
        (job,),
    )
    assert row is not None, "a batch has its jobs"
    key, version, number, carrier, followed = row
    order, state = read_order(db, OrderKey(key)), _state(db, OrderKey(key))
    if order is None:
        return Reason.NOT_KNOWN
    if state in CLOSED:
        return CLOSED[state]
    problem = obstacle(order, rules, numbers_left=1, now=now)
    if problem is not None:
        return problem[1]
    if order.version != version or state is ParcelState.VOIDED:
        return Reason.ORDER_CHANGED
    if is_void(db, number, carrier) or not numbers.may_travel(db, carrier, number):
        return Reason.LABEL_VOIDED
    return Reason.OLD_COPY if followed else None


def _state(db: Database, order: OrderKey) -> ParcelState | None:
    row = db.row("SELECT state FROM parcels WHERE order_key = ?", (order,))
    return ParcelState(row[0]) if row else None


def is_new_parcel(db: Database, order: OrderKey) -> bool:
    """Tell whether an order's last parcel is void, so that it is packed anew."""
    return _state(db, order) is ParcelState.VOIDED


def is_known(db: Database, fact: object) -> bool:
    """Tell whether the journal has the end of a label already.

    Its batch wrote it down first, or it was given up while it waited in the journal alone.
    """
    if not isinstance(fact, LabelEnded):
        return False
    sql = "SELECT 1 FROM print_jobs WHERE job = ? AND outcome = ? AND detail = ?"
    return db.row(sql, (fact.job, fact.outcome.value, fact.detail)) is not None
