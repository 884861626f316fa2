"""Print batches: labels of several orders ahead of packing, and how a batch goes on after a jam.

The person scans the last good label: what lies behind it in the order of sending is spoiled and
comes again as a marked copy, so that there is never a second original of one parcel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from packstation.core.carriers import Carrier
from packstation.core.codes import CodeKind, read
from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber
from packstation.core.parcels import copy_code
from packstation.core.sealing import proves
from packstation.core.status import BatchState, PrintOutcome, Reason
from packstation.errors import PackStationError

OUT = frozenset({PrintOutcome.SENT, PrintOutcome.CONFIRMED, PrintOutcome.UNKNOWN})
"""Outcomes of a job whose label is on paper, or may be."""
UNDER_WAY = frozenset({PrintOutcome.SENDING, PrintOutcome.BLOCKED})
"""Outcomes of a job that the printer is at."""
GOES_ON = frozenset({PrintOutcome.SENT, PrintOutcome.CONFIRMED})
"""Outcomes after which the next label follows by itself."""
OPERATOR = "operator"
"""Why a batch was stopped, where a person did it."""
INTERRUPTED = "interrupted"
"""Why a batch was stopped, where the program ended."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One label of a batch, as the print journal has it."""

    job: str
    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode
    copy: int
    outcome: PrintOutcome
    place: int
    """Of its order in the batch, from 0; a further copy has the place of the first one."""
    detail: str = ""
    spoiled: str = ""
    """Why this copy is not to be used; empty = it may be."""
    sent: int | None = None
    """Microseconds since 1970 at which its bytes began to leave; None = none left."""
    coded: bool = False
    """It carries its copy code."""
    newest: bool = True
    """No label of the order was asked for after it, in whatever batch or at the bench."""
    sealed: bool = False
    """Its parcel was closed with this copy on it."""

    @property
    def out(self) -> bool:
        """True where it is on paper, or may be."""
        return self.outcome in OUT


@dataclass(frozen=True, slots=True)
class Batch:
    """One print batch as it stands."""

    batch: str
    shop: ShopKey
    printer: str
    state: BatchState
    why: str
    """Why it stopped: error code of the device, ``operator`` or ``interrupted``."""
    stopped_job: str
    started_at: datetime
    """Aware, UTC."""
    jobs: tuple[BatchJob, ...]
    """In the order in which they are printed: see ``in_order``."""
    refused: tuple[tuple[OrderKey, Reason], ...] = ()
    """Orders that were chosen and got no label."""

    @property
    def ended(self) -> bool:
        """True when nothing more of it will be printed."""
        return self.state in (BatchState.DONE, BatchState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from the scan of the last good label."""

    confirmed: tuple[BatchJob, ...]
    """Labels up to and including it, in the order of sending."""
    spoiled: tuple[BatchJob, ...]
    """Labels behind it that are on paper or may be: none of them is to be used."""
    again: tuple[BatchJob, ...]
    """Jobs that get a new one, in the order of the batch: spoiled, or of which nothing left."""
    waiting: tuple[BatchJob, ...]
    """Jobs that still wait, in the order of the batch."""


def chunks(items: Sequence[T], limit: int) -> Iterator[tuple[T, ...]]:
    """Yield items in groups of a platform's limit.

    >>> list(chunks("abcde", 2))
    [('a', 'b'), ('c', 'd'), ('e',)]
    """
    for start in range(0, len(items), limit):
        yield tuple(items[start : start + limit])


def in_order(jobs: Iterable[BatchJob]) -> tuple[BatchJob, ...]:
    """Return jobs as they are printed: by the place of their order, copies of one by their number.

    Jobs of which nothing came out stand before the one that took their place.
    """
    return tuple(sorted(jobs, key=lambda one: one.place))


def sent_last(jobs: Iterable[BatchJob]) -> tuple[BatchJob, ...]:
    """Return the jobs on paper that are still to be used, in the order in which they were sent."""
    out = [one for one in jobs if one.out and not one.spoiled]
    return tuple(sorted(out, key=lambda one: (one.sent or 0, one.place)))


def last_good(
    jobs: Sequence[BatchJob], text: str, carrier_of: Callable[[CarrierCode], Carrier | None]
) -> BatchJob | None:
    """Return the label that a scan is of.

    Args:
        jobs: All of the batch.
        text: As scanned; nothing but blanks = none came out.
        carrier_of: Knows how the barcodes of a carrier hold its numbers.

    Returns:
        None where none came out.

    Raises:
        PackStationError: ``batch.not_in_batch``; ``batch.old_copy``: another copy counts;
            ``batch.scan_copy_code``: the number alone does not tell the copies apart.
    """
    if not text.strip():
        return None
    code = read(text)
    coded = code.kind is CodeKind.COPY
    found = [one for one in jobs if one.out and coded and copy_code(one.job) == code.text]
    if code.kind is CodeKind.PLAIN:
        fitting = (
            one for one in jobs if proves(code, one.tracking_number, carrier_of(one.carrier))
        )
        found = [one for one in fitting if one.out]
    if not found:
        raise PackStationError(
            "batch.not_in_batch",
            "No label of this print batch says that.",
            fix="Scan the last good label that came out of the printer.",
        )
    good = next((one for one in found if not one.spoiled), None)
    if good is None:
        raise PackStationError(
            "batch.old_copy",
            "This label is not to be used any more.",
            fix="Tear it up. Scan the last good label that came out of the printer.",
        )
    if good.coded and not coded:
        raise PackStationError(
            "batch.scan_copy_code",
            "There are several copies of this label, and its number does not tell them apart.",
            fix="Scan the code beside the mark of the copy.",
        )
    return good


def plan(jobs: Sequence[BatchJob], good: BatchJob | None) -> Plan:
    """Return what follows when a label is the last good one.

    Args:
        jobs: All of the batch, in any order.
        good: As ``last_good`` found it; None = none came out.

    Raises:
        PackStationError: ``batch.still_printing``; ``batch.label_in_use``: a label behind it is
            on a closed parcel, so that it was good.
    """
    if any(one.outcome in UNDER_WAY for one in jobs):
        raise PackStationError(
            "batch.still_printing",
            "A label of this batch is still being printed.",
            fix="Wait until it is out, or give it up, then scan the last good label.",
        )
    printed = sent_last(jobs)
    upto = 0 if good is None else 1 + [one.job for one in printed].index(good.job)
    confirmed, spoiled = printed[:upto], printed[upto:]
    closed = next((one for one in reversed(spoiled) if one.sealed), None)
    if closed is not None:
        order_id = closed.order.partition("/")[2]
        raise PackStationError(
            "batch.label_in_use",
            f"The label of order {order_id} came out later, and its parcel is packed with it.",
            fix="Scan the last good label; that one, where none after it is good.",
            order=order_id,
        )
    ordered = in_order(jobs)
    behind = {one.job for one in spoiled}
    return Plan(
        confirmed=confirmed,
        spoiled=spoiled,
        again=tuple(
            one
            for one in ordered
            if one.newest and (one.job in behind or _worth_another_try(one, ordered))
        ),
        waiting=tuple(one for one in ordered if one.outcome is PrintOutcome.QUEUED),
    )


def _worth_another_try(job: BatchJob, jobs: Sequence[BatchJob]) -> bool:
    """Tell whether a job of which nothing left is asked for again.

    What cannot be composed fails in the same way each time: a second try is the last one, or it
    would stop the others for ever.
    """
    if job.outcome is not PrintOutcome.FAILED:
        return False
    if not job.detail.startswith("print.") or job.detail == "print.no_printer":
        return True
    before = (x for x in jobs if x.order == job.order and x.job != job.job)
    return not any(x.outcome is PrintOutcome.FAILED and x.detail == job.detail for x in before)
