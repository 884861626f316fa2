"""The print journal: every label, bag label and receipt with how it ended and what was sent.

Implements the port ``PrintLedger``. Bytes are kept encrypted under the key of the day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from packstation.core import facts, store_facts
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.paper_facts import PaperStalled
from packstation.core.reports import PrintJob
from packstation.core.status import PrintOutcome
from packstation.errors import StoreError
from packstation.ports import BagJob, LabelJob, PaperJob, ReceiptJob, Stamp
from packstation.store import dock_reads
from packstation.store.journal import at_of, new_id
from packstation.store.order_rows import read_order
from packstation.store.people import PeopleVault
from packstation.store.recorder import Recorder

_COLUMNS = (
    "job, kind, key, copy, reason, version, tracking_number, carrier, outcome, detail, digest,"
    " size, requested_us, sending_us, ended_us"
)


def driver_subject(manifest: str) -> str:
    """Return under which name the vault keeps a manifest's driver."""
    return f"driver:{manifest}"


class SqlitePrintLedger:
    """Print jobs in the station's database; lives in the room ``store``."""

    def __init__(self, recorder: Recorder, people: PeopleVault, clock: Callable[[], Stamp]) -> None:
        """Keep the way to write, the vault for bytes, and the clock for entries of its own."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._clock = clock

    def queued(self) -> tuple[str, ...]:
        """Return ids of bag and receipt jobs of which no byte was sent, oldest first."""
        rows = self._db.rows(
            "SELECT job FROM print_jobs WHERE outcome IN ('QUEUED', 'SENDING', 'BLOCKED')"
            " AND outcome = 'QUEUED' AND kind <> 'label' ORDER BY id"
        )
        return tuple(job for (job,) in rows)

    def _row(self, job: str) -> tuple[Any, ...]:
        row = self._db.row(f"SELECT {_COLUMNS} FROM print_jobs WHERE job = ?", (job,))
        if row is None:
            raise StoreError("store.no_such_job", f"There is no print job {job}.", job=job)
        return row

    def kind(self, job: str) -> str:
        """Return what a job prints: ``label``, ``bag`` or ``receipt``."""
        return str(self._row(job)[1])

    def outcome(self, job: str) -> PrintOutcome:
        """Return how a job stands.

        Raises:
            StoreError: ``store.no_such_job``.
        """
        return _print_job(self._row(job)).outcome

    def paper(self, job: str) -> PaperJob:
        """Return what a job needs to be composed.

        Raises:
            StoreError: ``store.no_such_job``, ``store.people_purged``.
        """
        found = _print_job(self._row(job))
        match found.kind:
            case "label":
                return self._label(found)
            case "bag":
                row = self._db.row(
                    "SELECT carrier, parcels, sealed_us FROM bags WHERE code = ?", (found.key,)
                )
                assert row is not None, "a bag label has its bag"
                return BagJob(job, found.key, CarrierCode(row[0]), row[1], at_of(row[2]))
            case _:
                return self._receipt(found)

    def _label(self, found: PrintJob) -> LabelJob:
        order = read_order(self._db, OrderKey(found.key))
        assert order is not None, "a label has its order"
        assert found.tracking_number is not None, "a label has a number"
        assert found.carrier is not None, "a label has a carrier"
        return LabelJob(
            job=found.job,
            order=order,
            person=self._people.person(order.key),
            tracking_number=found.tracking_number,
            carrier=found.carrier,
            copy=found.copy,
            requested_at=found.requested_at,
        )

    def _receipt(self, found: PrintJob) -> ReceiptJob:
        manifest = dock_reads.manifest(self._db, found.key)
        driver = self._people.text(driver_subject(found.key))
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
        )

    def name_driver(self, manifest: str, driver: str, keep_days: int) -> None:
        """Keep the name of the courier's driver for a handover's receipt, encrypted."""
        with self._db.tx():
            record = (driver_subject(manifest), driver.encode())
            self._people.put([record], self._clock().at.date(), keep_days)

    def sending(self, job: str, payload: bytes, printer: str = "", sheets: int = 1) -> None:
        """Write, durable on return, that bytes may leave from now on; keeps them encrypted.

        Args:
            job: Id of the print job.
            payload: All its bytes.
            printer: Key of the printer that gets them; empty = nobody counts its roll.
            sheets: Labels that come off its roll, at least 1.

        Raises:
            StoreError: ``store.already_sent``: this job's bytes may have left before.
        """
        stamp = self._clock()
        digest = hashlib.sha256(payload).hexdigest()
        with self._recorder.tx():
            started = store_facts.PaperStarted(job, digest, len(payload), printer, sheets)
            self._recorder.write((started,), stamp)
            self._people.put_payload(job, payload, stamp.at.date())

    def stalled(self, job: str, detail: str) -> None:
        """Write that a printer takes nothing of a job, durable on return; empty: it goes on.

        Nothing happens where that is no news: the job has ended meanwhile, or was not stalled.
        """
        before, known = self._db.row(
            "SELECT outcome, detail FROM print_jobs WHERE job = ?", (job,)
        ) or ("", "")
        under_way = before == PrintOutcome.BLOCKED or (before == PrintOutcome.SENDING and detail)
        if not under_way or (before == PrintOutcome.BLOCKED and known == detail):
            return
        with self._recorder.tx():
            self._recorder.write((PaperStalled(job, detail),), self._clock())

    def ended(self, job: str, outcome: PrintOutcome, detail: str) -> None:
        """Write how the job of a bag label or a receipt ended, durable on return."""
        with self._recorder.tx():
            ended = store_facts.PaperEnded(job, outcome, detail)
            self._recorder.write((ended,), self._clock())

    def job_of(self, kind: str, key: OrderKey | str) -> str | None:
        """Return the newest job of a label, bag label or receipt."""
        row = self._db.row(
            "SELECT job FROM print_jobs WHERE kind = ? AND key = ? ORDER BY id DESC LIMIT 1",
            (kind, key),
        )
        return row[0] if row else None

    def print_again(self, kind: str, key: str, reason: str) -> str:
        """Queue the next copy of a bag label or a receipt; return its job.

        Raises:
            StoreError: ``store.no_such_job``: it was never printed.
        """
        row = self._db.row(
            "SELECT max(copy) FROM print_jobs WHERE kind = ? AND key = ?", (kind, key)
        )
        if kind == "label" or row is None or row[0] is None:
            raise StoreError("store.no_such_job", f"There is no {kind} of {key}.", key=key)
        job = new_id()
        with self._recorder.tx():
            again = store_facts.PaperQueued(job, kind, key, row[0] + 1, reason)
            self._recorder.write((again,), self._clock())
        return job

    def jobs(self, limit: int = 1000) -> list[PrintJob]:
        """Return the newest jobs, oldest of them first."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM (SELECT id, {_COLUMNS} FROM print_jobs ORDER BY id DESC"
            " LIMIT ?) ORDER BY id",
            (limit,),
        )
        return [_print_job(row) for row in rows]

    def payload(self, job: str) -> bytes | None:
        """Return the bytes that a job sent, decrypted; None where none are kept."""
        return self._people.payload(job)

    def settle_interrupted(self) -> int:
        """Call every job unknown that was being sent when the program ended; return how many."""
        rows = self._db.rows(
            "SELECT job, kind, key FROM print_jobs WHERE outcome IN ('QUEUED', 'SENDING',"
            " 'BLOCKED') AND outcome <> 'QUEUED' ORDER BY id"
        )
        if not rows:
            return 0
        unknown, why = PrintOutcome.UNKNOWN, "interrupted"
        with self._recorder.tx():
            for job, kind, key in rows:
                fact = (
                    facts.LabelEnded(OrderKey(key), job, unknown, why)
                    if kind == "label"
                    else store_facts.PaperEnded(job, unknown, why)
                )
                self._recorder.write((fact,), self._clock())
        return len(rows)


def _print_job(row: tuple[Any, ...]) -> PrintJob:
    job, kind, key, copy, reason, version, number, carrier, outcome, detail, digest, size = row[:12]
    requested, sending, ended = row[12:]
    return PrintJob(
        job=job,
        kind=kind,
        key=key,
        copy=copy,
        reason=reason,
        version=version,
        tracking_number=TrackingNumber(number) if number else None,
        carrier=CarrierCode(carrier) if carrier else None,
        outcome=PrintOutcome(outcome),
        detail=detail,
        digest=digest,
        size=size,
        requested_at=at_of(requested),
        sending_at=at_of(sending) if sending is not None else None,
        ended_at=at_of(ended) if ended is not None else None,
    )
