"""The print journal: every paper with how it ended and what was sent.

Implements the port ``PrintLedger``. Bytes are kept encrypted under the key of the day. Which
outcome may follow which, ``print_job_rows`` decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from packstation.core import facts, store_facts
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.paper_facts import HandoverPlaced, PaperStalled
from packstation.core.reports import PrintJob
from packstation.core.status import LabelSource, PaperKind, PrintOutcome
from packstation.errors import StoreError
from packstation.ports import PaperJob, Stamp
from packstation.store import print_job_rows
from packstation.store.journal import at_of, new_id, utc_us
from packstation.store.paper_content import driver_subject, paper_of
from packstation.store.people import PeopleVault
from packstation.store.recorder import Recorder

COLUMNS = (
    "job, kind, key, copy, reason, version, tracking_number, carrier, outcome, detail, digest,"
    " size, requested_us, sending_us, ended_us, printer, batch, source, page, coded, terms, spoiled"
)
"""SQL: what ``print_job`` reads."""
_UNFINISHED = "outcome IN ('QUEUED', 'SENDING', 'BLOCKED')"
_OF_THEIR_OWN = frozenset({PaperKind.LABEL, PaperKind.BAG, PaperKind.RECEIPT})
"""Kinds that follow from parcels, bags and handovers, and are never asked for alone."""


class SqlitePrintLedger:
    """Print jobs in the station's database; lives in the room ``store``."""

    def __init__(self, recorder: Recorder, people: PeopleVault, clock: Callable[[], Stamp]) -> None:
        """Keep the way to write, the vault for bytes, and the clock for entries of its own."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._clock = clock
        self.old_before: datetime | None = None
        """Start of the house's day, aware: jobs asked for earlier wait for a person's yes, so that
        yesterday's paper does not come out today. None = there are no old jobs."""
        self._released: set[str] = set()

    def queued(self, before: datetime | None = None) -> tuple[str, ...]:
        """Return ids of jobs to be sent by themselves, labels apart, oldest first.

        Args:
            before: Jobs asked for earlier are left out, unless released; None = ``old_before``.
        """
        us = self._old_us(before)
        return tuple(job for job, at in self._waiting() if at >= us or job in self._released)

    def old_queued(self, before: datetime | None = None) -> tuple[PrintJob, ...]:
        """Return jobs asked for before a time that wait for a person's yes, labels apart."""
        us = self._old_us(before)
        return tuple(
            self.job(job) for job, at in self._waiting() if at < us and job not in self._released
        )

    def _old_us(self, before: datetime | None) -> int:
        start = before or self.old_before
        return utc_us(start) if start is not None else 0

    def _waiting(self) -> list[tuple[str, int]]:
        rows = self._db.rows(
            f"SELECT job, requested_us FROM print_jobs WHERE {_UNFINISHED}"
            " AND outcome = 'QUEUED' AND kind <> 'label' ORDER BY id"
        )
        return [(job, at) for job, at in rows]

    def release(self, jobs: Iterable[str]) -> tuple[str, ...]:
        """Let old jobs be sent after all; return those of which that is still to be done.

        It is forgotten at the end of the program: then somebody is asked again.
        """
        wanted = set(jobs)
        told = tuple(job for job, _ in self._waiting() if job in wanted)
        self._released.update(told)
        return told

    def cancel(self, job: str) -> bool:
        """Write that a job is given up before a byte left; False where it is not queued any more.

        Raises:
            StoreError: ``store.no_such_job``.
        """
        found = self.job(job)
        if found.outcome is not PrintOutcome.QUEUED:
            return False
        with self._recorder.tx():
            ended = _ended(found, PrintOutcome.CANCELLED, "operator")
            self._recorder.write((ended,), self._clock())
        return True

    def job(self, job: str) -> PrintJob:
        """Return one line of the print journal.

        Raises:
            StoreError: ``store.no_such_job``.
        """
        return print_job(self._row(job))

    def _row(self, job: str) -> tuple[Any, ...]:
        row = self._db.row(f"SELECT {COLUMNS} FROM print_jobs WHERE job = ?", (job,))
        if row is None:
            raise StoreError("store.no_such_job", f"There is no print job {job}.", job=job)
        return row

    def kind(self, job: str) -> str:
        """Return what a job prints, a ``PaperKind``."""
        return str(self._row(job)[1])

    def outcome(self, job: str) -> PrintOutcome:
        """Return how a job stands.

        Raises:
            StoreError: ``store.no_such_job``.
        """
        return self.job(job).outcome

    def paper(self, job: str) -> PaperJob:
        """Return what a job needs to be composed.

        Raises:
            StoreError: ``store.no_such_job``, ``store.people_purged``, ``store.no_such_page``,
                ``store.bag_is_open``: it was opened again since.
        """
        return paper_of(self._db, self._people, self.job(job))

    def name_driver(self, manifest: str, driver: str, keep_days: int) -> None:
        """Keep the name of the courier's driver for a handover's receipt, encrypted."""
        with self._db.tx():
            record = (driver_subject(manifest), driver.encode())
            self._people.put([record], self._clock().at.date(), keep_days)

    def name_place(self, manifest: str, place: str) -> None:
        """Keep where a handover takes place, durable on return."""
        with self._recorder.tx():
            self._recorder.write((HandoverPlaced(manifest, place),), self._clock())

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
        """Write how a job ended, durable on return; nothing where that is no news any more.

        Of a label that is open at the table the station's LabelEnded does it.
        """
        found = self.job(job)
        if found.spoiled or outcome not in print_job_rows.MOVES[found.outcome]:
            return
        with self._recorder.tx():
            self._recorder.write((_ended(found, outcome, detail),), self._clock())

    def settle(self, job: str, *, came_out: bool) -> None:
        """Write what a person saw of an UNKNOWN job that is no label.

        Where nothing came out it stays UNKNOWN, since bytes have left, and its paper is lost; the
        next copy is asked for with ``print_again``.

        Raises:
            StoreError: ``store.no_such_job``; ``store.not_unknown``: it is known how it ended;
                ``store.label_is_scanned``: of a label its scan tells it.
        """
        found = self.job(job)
        if found.kind == PaperKind.LABEL:
            raise StoreError(
                "store.label_is_scanned",
                "Whether a label came out is told by scanning it.",
                fix="Scan the label, or open its order and ask for a reprint.",
                job=job,
            )
        if found.outcome is not PrintOutcome.UNKNOWN or found.spoiled:
            raise StoreError(
                "store.not_unknown", f"It is known how print job {job} ended.", job=job
            )
        ended = (
            store_facts.PaperEnded(job, PrintOutcome.CONFIRMED, "operator")
            if came_out
            else store_facts.PaperEnded(job, PrintOutcome.UNKNOWN, print_job_rows.NOTHING_CAME_OUT)
        )
        with self._recorder.tx():
            self._recorder.write((ended,), self._clock())

    def job_of(self, kind: str, key: OrderKey | str) -> str | None:
        """Return the newest job of a kind of paper about a key."""
        row = self._db.row(
            "SELECT job FROM print_jobs WHERE kind = ? AND key = ? ORDER BY id DESC LIMIT 1",
            (kind, key),
        )
        return row[0] if row else None

    def print_again(self, kind: str, key: str, reason: str) -> str:
        """Queue the next copy of any paper but a label; return its job.

        Raises:
            StoreError: ``store.no_such_job``: it was never printed.
        """
        newest = self._db.row(
            "SELECT printer, terms FROM print_jobs WHERE kind = ? AND key = ?"
            " ORDER BY id DESC LIMIT 1",
            (kind, key),
        )
        if kind == PaperKind.LABEL or newest is None:
            raise StoreError("store.no_such_job", f"There is no {kind} of {key}.", key=key)
        # Other paper comes from whatever printer is the one for it today.
        asked = newest[0] if kind in (PaperKind.TEST, PaperKind.CALIBRATION) else ""
        return self._queue(kind, key, reason, asked, newest[1])

    def queue_slip(
        self, kind: PaperKind, key: str, terms: str, reason: str, printer: str = ""
    ) -> str:
        """Queue a paper that people ask for: a slip, a sheet, a card, a test; return its job.

        Args:
            kind: Any but LABEL, BAG and RECEIPT: those come by themselves, or again.
            key: What it is about, see ``PaperKind``.
            terms: JSON of what it says beyond its key; never people's data. May be empty.
            reason: Stable word, such as ``first``.
            printer: Key of the printer it must come from; empty = the one for this paper.
        """
        assert kind not in _OF_THEIR_OWN, "labels, bag labels and receipts are not asked for alone"
        assert not terms or json.loads(terms) is not None
        return self._queue(kind, key, reason, printer, terms)

    def _queue(self, kind: str, key: str, reason: str, printer: str, terms: str) -> str:
        row = self._db.row(
            "SELECT coalesce(max(copy), 0) FROM print_jobs WHERE kind = ? AND key = ?", (kind, key)
        )
        assert row is not None
        job = new_id()
        queued = store_facts.PaperQueued(job, str(kind), key, row[0] + 1, reason, printer, terms)
        with self._recorder.tx():
            self._recorder.write((queued,), self._clock())
        return job

    def jobs(self, limit: int = 1000) -> list[PrintJob]:
        """Return the newest jobs, oldest of them first."""
        rows = self._db.rows(
            f"SELECT {COLUMNS} FROM (SELECT id, {COLUMNS} FROM print_jobs ORDER BY id DESC"
            " LIMIT ?) ORDER BY id",
            (limit,),
        )
        return [print_job(row) for row in rows]

    def payload(self, job: str) -> bytes | None:
        """Return the bytes that a job sent, decrypted; None where none are kept."""
        return self._people.payload(job)

    def settle_interrupted(self) -> int:
        """Call every job unknown that was being sent when the program ended; return how many."""
        rows = self._db.rows(
            f"SELECT {COLUMNS} FROM print_jobs WHERE {_UNFINISHED} AND outcome <> 'QUEUED'"
            " ORDER BY id"
        )
        if not rows:
            return 0
        with self._recorder.tx():
            for row in rows:
                fact = _ended(print_job(row), PrintOutcome.UNKNOWN, "interrupted")
                self._recorder.write((fact,), self._clock())
        return len(rows)


def _ended(
    found: PrintJob, outcome: PrintOutcome, detail: str
) -> facts.LabelEnded | store_facts.PaperEnded:
    if found.kind == PaperKind.LABEL:
        return facts.LabelEnded(OrderKey(found.key), found.job, outcome, detail)
    return store_facts.PaperEnded(found.job, outcome, detail)


def print_job(row: tuple[Any, ...]) -> PrintJob:
    """Return a row of ``COLUMNS`` as a line of the print journal."""
    job, kind, key, copy, reason, version, number, carrier, outcome, detail, digest, size = row[:12]
    requested, sending, ended, printer, batch, source, page, coded, terms, spoiled = row[12:]
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
        printer=printer,
        batch=batch,
        source=LabelSource(source),
        page=page,
        coded=bool(coded),
        terms=terms,
        spoiled=spoiled,
    )
