"""What the desk's lists are made of: rows of the store in the words of the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import packstation.ui.backend as asked
from packstation.app.paper_pictures import picture_of
from packstation.core.eligibility import obstacle
from packstation.core.imports import MAIN_SHOP
from packstation.core.order_query import (
    GroupBy,
    Moment,
    OrderGroups,
    OrderQuery,
    OrderRows,
)
from packstation.core.orders import Order, OrderKey
from packstation.core.policy import Rules
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.devices.letterhead import Letterhead
    from packstation.settings import Settings
    from packstation.store.opening import OpenStore

MOST_PICKED = 2000
"""Orders on one pick list at most; some 300 pages."""


def house_zone(settings: Settings) -> tzinfo:
    """Return the zone that the house's days are counted in: the first shop's."""
    return next(iter(settings.shops.values()), settings.shop(MAIN_SHOP)).zone


def order_rows(store: OpenStore, zone: tzinfo, query: OrderQuery) -> OrderRows:
    """Return one page of orders; costs the same with millions of them.

    Why one may not be packed is told by the rule of the bench.
    """
    from packstation.store.order_list import search

    moment = Moment(datetime.now(UTC).astimezone(zone))
    return search(store.db, query, moment=moment, people=store.people)


def order_groups(store: OpenStore, zone: tzinfo, query: OrderQuery, by: GroupBy) -> OrderGroups:
    """Return the orders of a query put together."""
    from packstation.store.order_groups import groups

    moment = Moment(datetime.now(UTC).astimezone(zone))
    return groups(store.db, query, by, moment=moment, people=store.people)


def work_counts(store: OpenStore, zone: tzinfo) -> WorkCounts:
    """Return how much waits, due and late by the house's clock."""
    from packstation.store.window_reads import work_counts as counted

    return counted(store.db, Moment(datetime.now(UTC).astimezone(zone)))


def picked_orders(store: OpenStore, rules: Rules, keys: Sequence[OrderKey] | None) -> list[Order]:
    """Return the orders of a pick list: those of the named ones, or of all, that may be packed.

    The same rule as at the bench decides; only the stock of numbers is left out of it, since
    numbers may be added while the picker walks.
    """
    from packstation.store.order_list import keys_to_pack
    from packstation.store.order_rows import read_order

    if keys is not None:
        from packstation.app.waves import pickable

        return list(pickable(store, rules, keys).orders)
    found = (read_order(store.db, key) for key in keys_to_pack(store.db, MOST_PICKED))
    return [
        order
        for order in found
        if order is not None and obstacle(order, rules, numbers_left=1) is None
    ]


def write_pick_list(
    head: Letterhead,
    rules: Rules,
    store: OpenStore,
    keys: Sequence[OrderKey] | None,
    path: Path,
) -> int:
    """Write a pick list as PDF; return how many orders are on it.

    Raises:
        ComposeError: There is nothing to pick.
        OSError: The file cannot be written.
    """
    from packstation.printing.pick_list import render_pick_list

    orders = picked_orders(store, rules, keys)
    now = datetime.now(UTC).astimezone(head.zone)
    pdf = render_pick_list(orders, words=head.words, printed_at=now, shop=head.house)
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise PackStationError(
            "app.cannot_write",
            f"The file {path.name} cannot be written: {error.strerror}.",
            fix="Choose another folder.",
            file=path.name,
        ) from error
    return len(orders)


def manifest_rows(store: OpenStore, limit: int) -> tuple[asked.ManifestRow, ...]:
    """Return closed handovers, newest first."""
    from packstation.store.dock_reads import manifests
    from packstation.store.window_reads import receipt_of

    rows = []
    for one in reversed(manifests(store.db, limit)):
        job, outcome = receipt_of(store.db, one.manifest) or (None, None)
        rows.append(
            asked.ManifestRow(
                number=one.manifest,
                carrier=one.carrier,
                bags=len(one.bags),
                parcels=one.parcels,
                closed_at=one.closed_at,
                receipt_job=job,
                receipt_outcome=outcome,
            )
        )
    return tuple(rows)


def receipt_picture(house: House, store: OpenStore, manifest: str, language: str) -> bytes:
    """Return a receipt's picture as PNG, drawn anew in a language."""
    from packstation.devices.label_papers import receipt_of
    from packstation.ports import ReceiptJob
    from packstation.printing.handover_receipt import render_receipt
    from packstation.printing.media import load_printer
    from packstation.printing.words import words_for

    job = store.ledger.job_of("receipt", manifest)
    paper = store.ledger.paper(job) if job else None
    if not isinstance(paper, ReceiptJob):
        raise PackStationError(
            "store.no_such_manifest", f"There is no manifest {manifest}.", manifest=manifest
        )
    head = replace(house.letterhead(), words=words_for(language))
    printer = load_printer(resources() / "printers", "virtual-escpos")
    return render_receipt(receipt_of(paper, head), printer, head.words).png()


def print_rows(store: OpenStore, limit: int) -> tuple[asked.PrintRow, ...]:
    """Return print jobs, newest first."""
    return tuple(
        asked.PrintRow(
            job=job.job,
            kind=job.kind,
            subject=job.key.partition("/")[2] if job.kind == "label" else job.key,
            copy=job.copy,
            outcome=job.outcome,
            detail=job.detail,
            requested_at=job.requested_at,
            tracking_number=job.tracking_number,
        )
        for job in reversed(store.ledger.jobs(limit))
    )


def job_picture(store: OpenStore, job: str, settings: Settings | None = None) -> bytes:
    """Return what a job's bytes put on paper, as PNG."""
    payload = store.ledger.payload(job)
    if payload is None:
        raise PackStationError(
            "print.not_sent", "Nothing was sent to the printer for this job yet.", job=job
        )
    found = store.ledger.job(job)
    return picture_of(found.kind, payload, found.printer, settings)


def parked_rows(store: OpenStore) -> tuple[asked.ParkedRow, ...]:
    """Return parked orders, each with the event that parked it."""
    from packstation.store.window_reads import parked_events

    return tuple(
        asked.ParkedRow(one.event, one.order, one.kind, one.reason, one.created_at, one.waiting)
        for one in parked_events(store.db)
    )


def subject_of(store: OpenStore, event_id: str) -> OrderKey:
    """Return the order that an outbox event is about.

    Raises:
        PackStationError: There is no such event.
    """
    from packstation.store.window_reads import subject_of

    subject = subject_of(store.db, event_id)
    if subject is None:
        raise PackStationError("sync.no_such_event", f"There is no event {event_id}.")
    return subject
