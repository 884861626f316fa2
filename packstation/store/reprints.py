"""Another copy of a packed order's label, asked for away from the table.

The copy that is there is spoiled at once, in the transaction that asks for the next one: from then
on its copy code is an old label's. The parcel stays where it is, sealed or in its bag. Its number
is what it was, so it may still be bagged by any barcode of that number: whoever asks for a copy
has the box in hand, and a label of the same number leads to the same door.
"""

from __future__ import annotations

from packstation.core import store_facts
from packstation.core.eligibility import why_not_at
from packstation.core.merging import number_in
from packstation.core.orders import OrderKey, Recipient, WhyNot
from packstation.core.paper_facts import LabelSpoiled
from packstation.core.parcels import Parcel
from packstation.core.reports import PrintJob
from packstation.core.status import LabelSource, ParcelState, PrintOutcome, Reason
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import label_pages, labels, numbers, parcel_rows
from packstation.store.journal import new_id
from packstation.store.label_reads import is_void
from packstation.store.opening import OpenStore
from packstation.store.order_rows import read_order
from packstation.store.print_job_rows import BYTES_OUT, NO_PAPER
from packstation.store.print_ledger import COLUMNS, print_job
from packstation.store.shipment_reads import at_bench

REASONS = frozenset({"damaged", "unreadable", "jam", "lost", "wrong_paper", "other"})
"""Why a label is not to be used, as ``LabelSpoiled``."""
_PACKED = frozenset({ParcelState.LABELLED, ParcelState.SEALED, ParcelState.BAGGED})
"""States of a parcel whose label is on it, or lies beside it."""


def reprint_label(store: OpenStore, order: OrderKey, reason: str, stamp: Stamp) -> str:
    """Spoil the newest label of a packed order and queue the next copy; return its job.

    Asked again while that copy waits, it is the same job.

    Args:
        store: Open for writing.
        order: Whose parcel has a label and has not left; the parcel's own order where it is shared.
        reason: One of ``REASONS``.
        stamp: When and by whom.

    Raises:
        StoreError: ``paper.order_open``, ``paper.nothing_to_reprint``, ``paper.still_printing``,
            ``paper.parcel_stopped`` with the reason; ``store.people_purged``. Nothing was written.
    """
    assert reason in REASONS, reason
    db = store.db
    store.station.take_in_orders((order,))
    if at_bench(db) == order:
        raise StoreError(
            "paper.order_open",
            f"Order {order} is open at the table.",
            fix="Scan REPRINT there.",
            order=number_in(order),
        )
    rows = db.rows(
        f"SELECT {COLUMNS} FROM print_jobs WHERE kind = 'label' AND key = ? ORDER BY id DESC",
        (order,),
    )
    jobs = [print_job(row) for row in rows]
    parcel = parcel_rows.read_parcel(db, order)
    newest = next((one for one in jobs if one.outcome not in NO_PAPER), None)
    if parcel is None or parcel.state not in _PACKED or newest is None:
        raise _nothing(order)
    _refuse_stopped(store, parcel, newest, stamp)
    if newest.outcome is PrintOutcome.QUEUED and newest.reason in REASONS:
        return newest.job
    if newest.outcome not in BYTES_OUT:
        raise StoreError(
            "paper.still_printing",
            f"A label of order {order} is being printed.",
            fix="Wait until it is there, or give its print job up.",
            order=number_in(order),
        )
    assigned = _next_copy(store, newest, reason)
    with store.recorder.tx():
        if not newest.spoiled:
            store.recorder.write((LabelSpoiled(newest.job, order, reason),), stamp)
        store.recorder.write((assigned,), stamp)
    return assigned.job


def left_queued(store: OpenStore, stamp: Stamp) -> tuple[tuple[OrderKey, str], ...]:
    """Return orders and jobs of copies that were asked for and not begun when the program ended.

    Only of the house's day, only what may still be printed, and not of the order at the table: for
    that one the station looks.
    """
    since, table = store.ledger.old_before, at_bench(store.db)
    # The first condition alone lets SQLite use the index of what is unfinished.
    rows = store.db.rows(
        f"SELECT {COLUMNS} FROM print_jobs AS j WHERE outcome IN ('QUEUED', 'SENDING', 'BLOCKED')"
        " AND outcome = 'QUEUED' AND kind = 'label' AND batch = '' AND NOT EXISTS (SELECT 1"
        " FROM print_jobs AS n WHERE n.kind = 'label' AND n.key = j.key AND n.id > j.id)"
        " ORDER BY id"
    )
    found = []
    for job in map(print_job, rows):
        order = OrderKey(job.key)
        late = since is not None and job.requested_at < since
        parcel = parcel_rows.read_parcel(store.db, order)
        if job.reason not in REASONS or late or order == table or parcel is None:
            continue
        try:
            _refuse_stopped(store, parcel, job, stamp)
        except StoreError:
            continue
        if parcel.state in _PACKED:
            found.append((order, job.job))
    return tuple(found)


def _nothing(order: OrderKey) -> StoreError:
    return StoreError(
        "paper.nothing_to_reprint",
        f"Order {order} has no packed parcel here whose label was printed.",
        fix="Look where its parcel is; what has left, or is void, gets no further label.",
        order=number_in(order),
    )


def _refuse_stopped(store: OpenStore, parcel: Parcel, newest: PrintJob, stamp: Stamp) -> None:
    """Refuse a label for what may not leave, or for what was changed since it was made."""
    db, order = store.db, read_order(store.db, parcel.order)
    assert order is not None, "a parcel has its order"
    assert newest.tracking_number is not None, "a label has its number"
    assert newest.carrier is not None, "a label has its carrier"
    if (parcel.tracking_number, parcel.carrier) != (newest.tracking_number, newest.carrier):
        raise _nothing(parcel.order)  # another label is on the box
    stop = parcel.why_not
    if stop is WhyNot.CANCEL_REQUESTED:
        stop = why_not_at(order, store.station.rules, stamp.at)
    why = Reason(stop.value) if stop is not None and stop is not WhyNot.SHIPPED else None
    if why is None and newest.version != order.version:
        why = Reason.ORDER_CHANGED
    if why is None and (
        is_void(db, newest.tracking_number, newest.carrier)
        or not numbers.may_travel(db, newest.carrier, newest.tracking_number)
    ):
        why = Reason.LABEL_VOIDED
    if why is None and newest.source is LabelSource.COMPOSED:
        if order.recipient is not Recipient.FULL:
            why = Reason.MASKED_RECIPIENT
        elif store.people.text(order.key) is None:
            raise StoreError(
                "store.people_purged",
                "The people's data of this order was deleted.",
                fix="Import the order again if its label is still needed.",
                order=order.order_id,
            )
    if why is None and newest.source in (LabelSource.FILE, LabelSource.COMPONENT):
        label_pages.read_content(db, store.people, newest.page)  # what is there stays good else
    if why is not None:
        raise StoreError(
            "paper.parcel_stopped",
            f"The parcel of order {order.key} may not leave: {why.value}.",
            fix="Open the order at the table; it says what is to be done.",
            order=order.order_id,
            reason=why.value,
        )


def _next_copy(store: OpenStore, newest: PrintJob, reason: str) -> store_facts.LabelAssigned:
    """Return the next copy of a label: the very same number, and the same page of its file."""
    assert newest.tracking_number is not None, "a label has its number"
    assert newest.carrier is not None, "a label has its carrier"
    assert newest.version is not None, "a label has its order's version"
    order = OrderKey(newest.key)
    return store_facts.LabelAssigned(
        order=order,
        job=new_id(),
        tracking_number=newest.tracking_number,
        carrier=newest.carrier,
        copy=labels.copies_of(store.db, order) + 1,
        version=newest.version,
        reason=reason,
        source=newest.source,
        page=newest.page,
        coded=labels.may_be_coded(store.db, newest.source, newest.page),
    )
