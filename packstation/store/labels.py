"""Labels: which number or page an order gets, which copy is the live one, what a copy code means.

A label is never made twice as an original: the copy is raised by whatever was made before, and
from the second on it carries its copy code where that can be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core import facts, store_facts
from packstation.core.eligibility import obstacle
from packstation.core.events import LabelQueued, LabelRefused
from packstation.core.orders import CarrierCode, Order, OrderKey, TrackingNumber
from packstation.core.parcels import CopyFound
from packstation.core.policy import Rules
from packstation.core.status import LabelSource, Reason, Verdict
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import label_pages, numbers, parcel_rows, sheet_reads
from packstation.store.database import Database
from packstation.store.journal import new_id
from packstation.store.label_reads import is_void
from packstation.store.order_rows import read_order
from packstation.store.recorder import Recorder


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a label is printed with."""

    number: TrackingNumber
    source: LabelSource = LabelSource.COMPOSED
    page: label_pages.BoundPage | None = None


def may_be_coded(db: Database, source: LabelSource, page: str) -> bool:
    """Tell whether a copy code can be drawn on a label.

    The platform's component draws its documents itself, and a page must have a place left free.
    """
    if source is LabelSource.FILE:
        return db.row("SELECT 1 FROM label_pages WHERE page = ? AND mark <> '[]'", (page,)) == (1,)
    return source is LabelSource.COMPOSED


def assign(
    recorder: Recorder,
    rules: Rules,
    asked: facts.LabelRequested,
    stamp: Stamp,
    batch: str = "",
) -> LabelQueued | LabelRefused:
    """Give an order its label and a print job, or say why not; inside the open transaction.

    The copy is raised where it was made before. A batch's label is printed ahead of packing.
    """
    db = recorder.db
    order = read_order(db, asked.order)
    if order is None:
        raise StoreError("store.conflict", f"Order {asked.order} is not known.")
    # The stock of numbers is looked at below, where one is taken.
    problem = obstacle(order, rules, numbers_left=1, now=stamp.at)
    if problem is None and order.version != asked.version:
        problem = Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED
    if problem is not None:
        return _denied(recorder, asked, *problem, stamp)
    from_pages = rules.shop(order.shop).label_source in (LabelSource.FILE, LabelSource.COMPONENT)
    taken = _of_page(db, rules, order, asked) if from_pages else _of_pool(db, rules, order, asked)
    if isinstance(taken, Reason):
        return _denied(recorder, asked, Verdict.NOT_ELIGIBLE, taken, stamp)
    if taken.page is not None and not taken.page.bound:
        bound = label_pages.late_binding(order, taken.page, asked.carrier)
        recorder.write((bound,), stamp)
    copy = max(asked.copy, copies_of(db, asked.order) + 1)
    page = taken.page.page if taken.page else ""
    assigned = store_facts.LabelAssigned(
        order=asked.order,
        job=new_id(),
        tracking_number=taken.number,
        carrier=asked.carrier,
        copy=copy,
        version=asked.version,
        reason=asked.reason,
        source=taken.source,
        page=page,
        coded=copy > 1 and may_be_coded(db, taken.source, page),
        batch=batch,
    )
    recorder.write((assigned,), stamp)
    return LabelQueued(asked.order, assigned.job, taken.number, copy, assigned.coded)


def _of_pool(
    db: Database, rules: Rules, order: Order, asked: facts.LabelRequested
) -> _Taken | Reason:
    """Return the number of a composed label: the parcel's own, its carrier's, or a prepaid one."""
    carrier = asked.carrier
    parcel = parcel_rows.read_parcel(db, asked.order)
    number = parcel.tracking_number if parcel and parcel.carrier == carrier else None
    if number is not None and is_void(db, number, carrier):
        number = None
    given = sheet_reads.carrier_number(db, asked.order, carrier)
    if given is not None and not is_void(db, given, carrier):
        number = number or given
    if number is not None and not numbers.may_travel(db, carrier, number):
        number = None
    number = number or numbers.lowest_free(db, carrier, rules.shop(order.shop).number_pool)
    return _Taken(number) if number is not None else Reason.NO_NUMBER_LEFT


def _of_page(
    db: Database, rules: Rules, order: Order, asked: facts.LabelRequested
) -> _Taken | Reason:
    """Return the page of a label file that is the order's label, or why there is none to print."""
    page = label_pages.page_for(db, order, rules)
    if page is None:
        return Reason.NO_LABEL_PAGE
    carrier = asked.carrier
    if page.carrier not in (None, carrier):
        known = rules.carrier(carrier)
        if known is None or not known.fits(page.tracking_number):
            return Reason.DOES_NOT_FIT_CARRIER
    if is_void(db, page.tracking_number, carrier) or not numbers.may_travel(
        db, carrier, page.tracking_number
    ):
        return Reason.LABEL_VOIDED
    other = db.row(
        "SELECT 1 FROM parcels WHERE tracking_number = ? AND state <> 'VOIDED' AND order_key <> ?",
        (page.tracking_number, asked.order),
    )
    if other is not None:
        return Reason.OTHER_PARCEL_HAS_IT
    component = page.format == LabelSource.COMPONENT
    source = LabelSource.COMPONENT if component else LabelSource.FILE
    return _Taken(page.tracking_number, source, page)


def why_no_page(db: Database, rules: Rules, order: Order, carrier: CarrierCode) -> Reason | None:
    """Return why no page of a label file is an order's label, or None where one is."""
    asked = facts.LabelRequested(order.key, order.version, 1, "", carrier)
    found = _of_page(db, rules, order, asked)
    return found if isinstance(found, Reason) else None


def _denied(
    recorder: Recorder,
    asked: facts.LabelRequested,
    verdict: Verdict,
    reason: Reason,
    stamp: Stamp,
) -> LabelRefused:
    recorder.write((store_facts.LabelDenied(asked.order, verdict, reason),), stamp)
    return LabelRefused(asked.order, verdict, reason)


def copies_of(db: Database, order: OrderKey) -> int:
    """Return the highest copy of an order's label that is queued, or may be on paper; 0 = none."""
    row = db.row(
        "SELECT max(copy) FROM print_jobs WHERE kind = 'label' AND key = ?"
        " AND outcome NOT IN ('FAILED', 'CANCELLED')",
        (order,),
    )
    return int(row[0] or 0) if row else 0


def copy_found(db: Database, code: str) -> CopyFound | None:
    """Return which printed copy a copy code stands for; of several, the live or the newest one."""
    rows = db.rows(
        "SELECT job, key, copy, version, tracking_number, carrier, spoiled FROM print_jobs"
        " WHERE copy_code = ? ORDER BY id DESC",
        (code,),
    )
    found = [
        CopyFound(OrderKey(row[1]), row[2], live=_is_live(db, *row), spoiled=bool(row[6]))
        for row in rows
    ]
    return next((one for one in found if one.live), found[0] if found else None)


def _is_live(
    db: Database,
    job: str,
    order: str,
    _copy: int,
    version: int,
    number: str,
    carrier: str,
    spoiled: str,
) -> bool:
    on_paper = db.row(
        "SELECT job FROM print_jobs WHERE kind = 'label' AND key = ? AND outcome IN"
        " ('SENDING', 'BLOCKED', 'SENT', 'CONFIRMED', 'UNKNOWN') ORDER BY id DESC LIMIT 1",
        (order,),
    )
    if spoiled or on_paper != (job,) or is_void(db, number, carrier):
        return False
    row = db.row(
        "SELECT o.version, p.tracking_number, p.carrier FROM orders AS o"
        " JOIN parcels AS p ON p.order_key = o.order_key"
        " WHERE o.order_key = ? AND p.state <> 'VOIDED'",
        (order,),
    )
    return row == (version, number, carrier)
