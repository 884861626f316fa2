"""Print jobs as a person handles them: test prints and their proof, queues, given up, settled.

For the command line and the window alike; nothing here is for the GUI thread.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.app.order_life import entitled
from packstation.app.paper_pictures import picture_as
from packstation.app.printers import full_setup, known_printer, setup_digest
from packstation.core.codes import CodeKind, read
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.paper_facts import PrinterProved, RollLoaded
from packstation.core.parcels import copy_code
from packstation.core.print_rules import PrintAction, may_print, reprint_action
from packstation.core.status import LabelSource, PaperKind, ParcelState, PrintOutcome
from packstation.devices.paper_printer import StationPrinter
from packstation.errors import PackStationError
from packstation.ports import LabelJob, Stamp
from packstation.ui.backend_printing import QueueRow, TestPrint

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.reports import PrintJob

TEST_S = 15.0
"""Longest wait for the end of a test print; a printer that waits for paper is told before."""
NO_NUMBER = TrackingNumber("PREVIEW")
"""Stands on a preview where no tracking number is left."""


def test_print(house: House, key: str) -> TestPrint:
    """Print a test label whose code proves the printer once it is scanned back.

    Blocks until the job has ended, ``TEST_S`` at most.

    Raises:
        PackStationError: ``printer.unknown``, ``printer.not_started``; or what is wrong with it.
    """
    digest = setup_digest(full_setup(house.settings, known_printer(house.settings, key)))
    ledger = house.store.ledger

    def queue() -> tuple[str, str]:
        code = _fresh_code(house)
        terms = json.dumps({"setup": digest})
        return ledger.queue_slip(PaperKind.TEST, code, terms, "test", key), code

    job, code = house.call(queue)
    outcome, detail = _printed(house, job, PaperKind.TEST, code)
    return TestPrint(job, code, outcome, detail)


def calibrate(house: House, key: str) -> TestPrint:
    """Have a printer measure its stock where it can, and print rulers; otherwise as a test."""
    known_printer(house.settings, key)
    ledger = house.store.ledger
    job = house.call(lambda: ledger.queue_slip(PaperKind.CALIBRATION, key, "", "test", key))
    return TestPrint(job, "", *_printed(house, job, PaperKind.CALIBRATION, key))


def _fresh_code(house: House) -> str:
    while True:
        code = f"PSTEST{secrets.randbelow(10**8):08}"
        if house.store.ledger.job_of(PaperKind.TEST, code) is None:
            return code


def _printed(house: House, job: str, kind: PaperKind, key: str) -> tuple[PrintOutcome, str]:
    """Print a job and wait for its end; how it stands when time runs out."""
    paper = house.paper
    if paper is None:
        raise PackStationError(
            "printer.not_started", "No printer is running here.", fix="Open the station first."
        )
    over = threading.Event()
    paper.print_paper(job, kind, key, lambda *_: over.set())
    over.wait(TEST_S)
    found = house.call(lambda: house.store.ledger.job(job))
    return found.outcome, found.detail


def prove(house: House, text: str) -> str:
    """Take the scan of a test label; returns the printer's key.

    Proved is the set-up that the label was printed with, whatever was changed since.

    Raises:
        PackStationError: ``printer.unknown_test``: no test label of ours says this.
    """
    code = read(text)

    def take() -> str:
        ledger = house.store.ledger
        job = ledger.job_of(PaperKind.TEST, code.text) if code.kind is CodeKind.TEST else None
        found = ledger.job(job) if job is not None else None
        if found is None or found.sending_at is None or not found.printer:
            raise PackStationError(
                "printer.unknown_test",
                "This is not the code of a test label that was printed here.",
                fix="Print a test label and scan its code.",
                scanned=code.text[:20],
            )
        setup = str(json.loads(found.terms or "{}").get("setup", ""))
        recorder = house.store.recorder
        with recorder.tx():
            fact = PrinterProved(found.printer, code.text, setup)
            recorder.write((fact,), house.store.clock())
        return found.printer

    return house.call(take)


def load_roll(house: House, key: str, labels: int) -> None:
    """Say that a roll with so many labels was put in; 0 = do not count.

    Raises:
        PackStationError: ``printer.unknown``, ``printer.bad_roll``.
    """
    known_printer(house.settings, key)
    if not 0 <= labels <= 100_000:
        raise PackStationError(
            "printer.bad_roll",
            f"A roll has 1 to 100,000 labels, not {labels}; 0 = do not count.",
            fix="Write the number of labels on the new roll.",
            labels=labels,
        )

    def write() -> None:
        recorder = house.store.recorder
        with recorder.tx():
            recorder.write((RollLoaded(key, labels),), house.store.clock())

    house.call(write)


def queue(house: House, printer: str, limit: int) -> tuple[QueueRow, ...]:
    """Return print jobs, newest first; empty printer = of all of them."""
    from packstation.store import paper_reads

    def look() -> tuple[tuple[PrintJob, ...], frozenset[str]]:
        store = house.store
        old = frozenset(one.job for one in store.ledger.old_queued())
        return paper_reads.queue(store.db, printer, limit), old

    jobs, old = house.call(look)
    paper = house.paper
    return tuple(
        queue_row(
            one, (paper.on_its_way(one.job) if paper else None) or one.printer, one.job in old
        )
        for one in jobs
    )


def queue_row(job: PrintJob, printer: str, old: bool) -> QueueRow:
    """Return a line of the print journal as the window shows it."""
    label = job.kind == PaperKind.LABEL
    return QueueRow(
        job=job.job,
        kind=PaperKind(job.kind),
        subject=job.key.partition("/")[2] if label else job.key,
        copy=job.copy,
        outcome=job.outcome,
        detail=job.detail,
        requested_at=job.requested_at,
        printer=printer,
        batch=job.batch,
        reason=job.reason,
        spoiled=job.spoiled,
        tracking_number=job.tracking_number,
        old=old,
    )


def give_up(house: House, job: str) -> None:
    """End a job that waits or stalls: CANCELLED where no byte left, else UNKNOWN.

    Raises:
        PackStationError: ``store.no_such_job``, ``paper.over``: it has ended already.
    """
    if house.paper is not None and house.paper.give_up(job):
        return
    ledger = house.store.ledger
    found = house.call(lambda: ledger.job(job))
    if found.kind == PaperKind.LABEL and house.paper is not None:
        if found.outcome is PrintOutcome.QUEUED:
            house.paper.give_up_label(OrderKey(found.key), job)
            return
    elif house.call(lambda: ledger.cancel(job)):
        return
    raise PackStationError(
        "paper.over",
        "This print job has ended already.",
        fix="Look at how it ended.",
        job=job,
    )


def settle(house: House, job: str, *, came_out: bool) -> None:
    """Say of an UNKNOWN job that is no label whether its paper is there.

    Raises:
        StoreError: ``store.no_such_job``, ``store.not_unknown``, ``store.label_is_scanned``.
    """
    house.call(lambda: house.store.ledger.settle(job, came_out=came_out))


def release_old(house: House, jobs: Sequence[str], *, yes: bool) -> int:
    """Print jobs of an earlier day after all, or cancel them; returns how many."""
    ledger = house.store.ledger
    if not yes:
        return house.call(lambda: sum(ledger.cancel(job) for job in jobs))
    released = house.call(lambda: ledger.release(jobs))
    if house.paper is not None:
        house.paper.print_queued()
    return len(released)


def reprint_label(house: House, order: OrderKey, reason: str, badge: str = "") -> str:
    """Print copy n+1 of a packed order's label; returns its job.

    Raises:
        PackStationError: ``paper.unknown_reason``, ``people.not_entitled``; or why there is none.
    """
    from packstation.store import parcel_rows
    from packstation.store.reprints import REASONS
    from packstation.store.reprints import reprint_label as again

    if reason not in REASONS:
        raise PackStationError(
            "paper.unknown_reason",
            f"{reason!r} is no reason for another label.",
            fix=f"Known are {', '.join(sorted(REASONS))}.",
            reason=reason[:40],
        )

    def ask() -> str:
        parcel = parcel_rows.read_parcel(house.store.db, order)
        state = parcel.state if parcel is not None else ParcelState.OPEN
        by = _who_reprints(house, badge, reprint_action(state))
        stamp = house.store.clock()
        return again(house.store, order, reason, Stamp(stamp.at, stamp.monotonic_us, by))

    job = house.call(ask)
    if house.paper is not None:
        house.paper.print_label(order, job)
    return job


def _who_reprints(house: House, badge: str, action: PrintAction) -> str:
    """Return the id of the person who asks for a label, once it is sure they may."""
    settings = house.settings
    person = entitled(settings, badge, "")
    operator = settings.operators.get(person)
    role = operator.role.value if operator is not None else ""
    if settings.operators and (not role or not may_print(role, action)):
        raise PackStationError(
            "paper.not_entitled",
            "A label of a packed parcel is printed again by somebody with a badge that allows it.",
            fix="Scan the supervisor's badge.",
        )
    return person


def label_preview(house: House, order: OrderKey) -> bytes:
    """Return the label that an order would get now as PNG, drawn from the very bytes.

    Nothing is given out: the number shown may be another order's in the end.

    Raises:
        PackStationError: There is no such order; or why its label cannot be made.
    """
    paper = house.call(lambda: _label_of(house, order))
    if house.outlets is None:
        raise PackStationError(
            "printer.not_started", "No printer is running here.", fix="Open the station first."
        )
    printer = house.outlets.for_paper(paper).printer
    if not isinstance(printer, StationPrinter):
        raise PackStationError(
            "print.no_picture",
            "The platform's print component draws this label itself.",
            fix="Look at it in the component's own preview.",
        )
    return picture_as(printer.compose(paper).payload, printer.profile)


def _label_of(house: House, key: OrderKey) -> LabelJob:
    from packstation.store import label_pages, labels, numbers, parcel_rows
    from packstation.store.order_rows import read_order

    store, rules = house.store, house.rules
    order = read_order(store.db, key)
    if order is None:
        raise PackStationError(
            "orders.not_found",
            f"There is no order {key}.",
            fix="Look at the list: packstation orders",
            order=str(key),
        )
    source = rules.shop(order.shop).label_source
    carrier = rules.carrier_of(order) or CarrierCode("")
    page = None
    parcel = parcel_rows.read_parcel(store.db, key)
    number = parcel.tracking_number if parcel is not None else None
    if source in (LabelSource.FILE, LabelSource.COMPONENT):
        bound = label_pages.page_for(store.db, order, rules)
        if bound is None:
            raise PackStationError(
                "print.no_label_page",
                f"There is no page of a label file for order {order.order_id}.",
                fix="Bring the platform's label file in.",
                order=str(order.order_id),
            )
        number = bound.tracking_number
        page = label_pages.read_content(store.db, store.people, bound.page)
    elif number is None:
        pool = rules.shop(order.shop).number_pool
        number = numbers.lowest_free(store.db, carrier, pool)
    copy = labels.copies_of(store.db, key) + 1
    return LabelJob(
        job="preview",
        order=order,
        person=store.people.person(order.key),
        tracking_number=number or NO_NUMBER,
        carrier=carrier,
        copy=copy,
        requested_at=datetime.now(UTC),
        source=source if source is not LabelSource.EXTERNAL else LabelSource.COMPOSED,
        page=page,
        copy_code=copy_code("preview") if copy > 1 else "",
    )
