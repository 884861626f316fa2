"""What a print job needs to be put on paper, read from the tables and the people's vault."""

from __future__ import annotations

from packstation.core.orders import CarrierCode, OrderKey
from packstation.core.parcels import copy_code
from packstation.core.reports import PrintJob
from packstation.core.status import LabelSource, PaperKind
from packstation.errors import StoreError
from packstation.ports import BagJob, LabelJob, PaperJob, ReceiptJob, SlipJob
from packstation.store import dock_reads, label_pages
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.order_rows import read_order
from packstation.store.people import PeopleVault


def driver_subject(manifest: str) -> str:
    """Return under which name the vault keeps a manifest's driver."""
    return f"driver:{manifest}"


def paper_of(db: Database, people: PeopleVault, found: PrintJob) -> PaperJob:
    """Return what a job needs to be composed.

    Raises:
        StoreError: ``store.people_purged``, or ``store.no_such_page`` once its file was removed.
    """
    match found.kind:
        case PaperKind.LABEL:
            return _label(db, people, found)
        case PaperKind.BAG:
            return _bag(db, found)
        case PaperKind.RECEIPT:
            return _receipt(db, people, found)
        case _:
            return _slip(db, people, found)


def _label(db: Database, people: PeopleVault, found: PrintJob) -> LabelJob:
    order = read_order(db, OrderKey(found.key))
    assert order is not None, "a label has its order"
    assert found.tracking_number is not None, "a label has a number"
    assert found.carrier is not None, "a label has a carrier"
    from_page = found.source in (LabelSource.FILE, LabelSource.COMPONENT)
    return LabelJob(
        job=found.job,
        order=order,
        person=people.person(order.key),
        tracking_number=found.tracking_number,
        carrier=found.carrier,
        copy=found.copy,
        requested_at=found.requested_at,
        source=found.source,
        page=label_pages.read_content(db, people, found.page) if from_page else None,
        copy_code=copy_code(found.job) if found.coded else "",
        reason=found.reason,
        operator=_asked_by(db, found.job),
    )


def _asked_by(db: Database, job: str) -> str:
    row = db.row("SELECT operator FROM print_jobs WHERE job = ?", (job,))
    return str(row[0]) if row else ""


def _bag(db: Database, found: PrintJob) -> BagJob:
    row = db.row("SELECT carrier, parcels, sealed_us FROM bags WHERE code = ?", (found.key,))
    if row is None or row[2] is None:  # taken out of: it gets a new label when it is sealed again
        raise StoreError(
            "store.bag_is_open",
            f"The bag {found.key} is open again: its label is made when it is sealed.",
            fix="Seal the bag.",
            bag=found.key,
        )
    return BagJob(found.job, found.key, CarrierCode(row[0]), row[1], at_of(row[2]))


def _receipt(db: Database, people: PeopleVault, found: PrintJob) -> ReceiptJob:
    manifest = dock_reads.manifest(db, found.key)
    driver = people.text(driver_subject(found.key))
    sql = "SELECT place FROM handover_places WHERE manifest = ?"
    place = db.row(sql, (manifest.manifest,))
    return ReceiptJob(
        job=found.job,
        manifest=manifest.manifest,
        carrier=manifest.carrier,
        bags=manifest.bags,
        opened_at=manifest.opened_at,
        closed_at=manifest.closed_at,
        driver=driver.decode() if driver else "",
        chain_head=manifest.chain_head,
        digest=manifest.digest,
        copy=found.copy,
        drop_off=place[0] if place else "",
    )


def _slip(db: Database, people: PeopleVault, found: PrintJob) -> SlipJob:
    kind, order = PaperKind(found.kind), None
    if kind is PaperKind.PACKING_SLIP:
        order = read_order(db, OrderKey(found.key))
        if order is None:
            raise StoreError(
                "store.order_missing",
                f"Order {found.key} is not in the store.",
                fix="Import it, then print its packing slip.",
                order=found.key,
            )
    return SlipJob(
        job=found.job,
        kind=kind,
        key=found.key,
        copy=found.copy,
        requested_at=found.requested_at,
        terms=found.terms,
        order=order,
        person=people.person(order.key) if order is not None else None,
        printer=found.printer,
    )
