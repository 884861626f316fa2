"""The print journal in a table: each job, how it ended, and what it took off a printer's roll.

Which outcome may follow which is decided here and nowhere else. A report that comes too late
changes nothing: what was known of a job's paper is never made less certain.
"""

from __future__ import annotations

import json

from packstation.core import facts, store_facts
from packstation.core.paper_facts import LabelSpoiled, PaperStalled, PrinterProved, RollLoaded
from packstation.core.parcels import copy_code
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry, at_of

NOTHING_CAME_OUT = "nothing_came_out"
"""Detail of an UNKNOWN job of which a person said that there is no paper."""

MOVES: dict[PrintOutcome, frozenset[PrintOutcome]] = {
    PrintOutcome.QUEUED: frozenset(
        {
            PrintOutcome.SENDING,
            PrintOutcome.FAILED,
            PrintOutcome.CANCELLED,
            # Only where a report says that bytes left although nobody wrote that they would: the
            # paper may be there, so the job must not be sent (again).
            PrintOutcome.SENT,
            PrintOutcome.CONFIRMED,
            PrintOutcome.UNKNOWN,
        }
    ),
    PrintOutcome.SENDING: frozenset(
        {
            PrintOutcome.BLOCKED,
            PrintOutcome.SENT,
            PrintOutcome.CONFIRMED,
            PrintOutcome.FAILED,
            PrintOutcome.UNKNOWN,
            PrintOutcome.CANCELLED,
        }
    ),
    PrintOutcome.BLOCKED: frozenset(
        {
            PrintOutcome.SENDING,
            PrintOutcome.BLOCKED,
            PrintOutcome.SENT,
            PrintOutcome.CONFIRMED,
            PrintOutcome.FAILED,
            PrintOutcome.UNKNOWN,
            PrintOutcome.CANCELLED,
        }
    ),
    PrintOutcome.SENT: frozenset({PrintOutcome.CONFIRMED}),
    PrintOutcome.UNKNOWN: frozenset({PrintOutcome.CONFIRMED}),
    PrintOutcome.CONFIRMED: frozenset(),
    PrintOutcome.FAILED: frozenset(),
    PrintOutcome.CANCELLED: frozenset(),
}
"""Which outcome may follow which."""

BYTES_OUT = frozenset({PrintOutcome.SENT, PrintOutcome.CONFIRMED, PrintOutcome.UNKNOWN})
"""Outcomes after which there may be paper."""
NO_PAPER = frozenset({PrintOutcome.FAILED, PrintOutcome.CANCELLED})
"""Outcomes of a job of which no byte left: its copy counts for nothing."""


def may_follow(target: PrintOutcome) -> str:
    """Return as JSON the outcomes that a job may have before it gets this one."""
    return json.dumps(sorted(before.value for before, after in MOVES.items() if target in after))


def queued(db: Database, entry: Entry, fact: store_facts.PaperQueued) -> None:
    """Write a job of any paper but a label."""
    db.run(
        "INSERT INTO print_jobs (job, kind, key, copy, reason, outcome, operator, requested_us,"
        " printer, terms) VALUES (?, ?, ?, ?, ?, 'QUEUED', ?, ?, ?, ?)",
        (
            fact.job,
            fact.paper,
            fact.key,
            fact.copy,
            fact.reason,
            entry.operator,
            entry.utc_us,
            fact.printer,
            fact.terms,
        ),
    )


def assigned(db: Database, entry: Entry, fact: store_facts.LabelAssigned) -> None:
    """Write a label's job."""
    db.run(
        "INSERT INTO print_jobs (job, kind, key, copy, reason, version, tracking_number, carrier,"
        " outcome, operator, requested_us, source, page, coded, copy_code, batch)"
        " VALUES (?, 'label', ?, ?, ?, ?, ?, ?, 'QUEUED', ?, ?, ?, ?, ?, ?, ?)",
        (
            fact.job,
            fact.order,
            fact.copy,
            fact.reason,
            fact.version,
            fact.tracking_number,
            fact.carrier,
            entry.operator,
            entry.utc_us,
            fact.source.value,
            fact.page,
            int(fact.coded),
            copy_code(fact.job) if fact.coded else None,
            fact.batch,
        ),
    )


def started(db: Database, entry: Entry, fact: store_facts.PaperStarted) -> None:
    """Note that bytes may leave from now on.

    Raises:
        StoreError: ``store.already_sent``.
    """
    done = db.run(
        "UPDATE print_jobs SET outcome = 'SENDING', digest = ?, size = ?, sending_us = ?,"
        " printer = iif(?4 = '', printer, ?4), sheets = ?5"
        " WHERE job = ?6 AND outcome = 'QUEUED'",
        (fact.digest, fact.size, entry.utc_us, fact.printer, fact.sheets, fact.job),
    )
    if done != 1:
        raise StoreError(
            "store.already_sent",
            f"The bytes of print job {fact.job} may have left already.",
            fix="Look at the printer; ask for a reprint if nothing came out.",
            job=fact.job,
        )


def stalled(db: Database, fact: PaperStalled) -> None:
    """Note that the printer takes nothing of a job, or goes on with it.

    Raises:
        StoreError: ``store.conflict``: the job is not under way.
    """
    before = ("SENDING", "BLOCKED") if fact.detail else ("BLOCKED", "BLOCKED")
    done = db.run(
        "UPDATE print_jobs SET outcome = iif(?1 = '', 'SENDING', 'BLOCKED'), detail = ?1"
        " WHERE job = ?2 AND outcome IN (?3, ?4)",
        (fact.detail, fact.job, *before),
    )
    if done != 1:
        raise StoreError("store.conflict", f"Print job {fact.job} is not under way.", job=fact.job)


def ended(db: Database, entry: Entry, job: str, outcome: PrintOutcome, detail: str) -> bool:
    """Note how a job ended; False, and nothing is changed, where that is no news any more.

    An UNKNOWN job of which a person says that nothing came out stays UNKNOWN, as bytes of it left,
    and its paper is lost. Of a label the next copy says so.
    """
    if outcome is PrintOutcome.UNKNOWN and detail == NOTHING_CAME_OUT:
        done = db.run(
            "UPDATE print_jobs SET detail = ?, spoiled = 'lost' WHERE job = ? AND spoiled = ''"
            " AND outcome = 'UNKNOWN' AND kind <> 'label'",
            (detail, job),
        )
        return done == 1
    taken = db.row(
        "SELECT printer, sheets FROM print_jobs WHERE job = ? AND outcome IN"
        " ('QUEUED', 'SENDING', 'BLOCKED')",
        (job,),
    )
    done = db.run(
        "UPDATE print_jobs SET outcome = ?, detail = ?, ended_us = ?"
        " WHERE job = ? AND outcome IN (SELECT value FROM json_each(?)) AND spoiled = ''",
        (outcome.value, detail, entry.utc_us, job, may_follow(outcome)),
    )
    if done == 1 and taken is not None and outcome in BYTES_OUT:
        _came_out(db, entry, *taken)
    return done == 1


def scanned_back(db: Database, entry: Entry, fact: facts.ParcelSealed) -> None:
    """Note that the scan of the live label proves that it is on paper, whatever its printer said.

    An older copy is not what was scanned: the station takes none for its order's label.
    """
    row = db.row(
        "SELECT job, tracking_number, outcome, printer, sheets, ended_us, spoiled FROM print_jobs"
        " WHERE kind = 'label' AND key = ? AND outcome NOT IN ('FAILED', 'CANCELLED')"
        " ORDER BY id DESC LIMIT 1",
        (fact.order,),
    )
    if row is None or row[1] != fact.tracking_number or row[6]:
        return
    job, _, outcome, printer, sheets, ended_us, _ = row
    if outcome == PrintOutcome.QUEUED:
        return
    db.run(
        "UPDATE print_jobs SET outcome = 'CONFIRMED', detail = 'scanned_back',"
        " ended_us = coalesce(ended_us, ?) WHERE job = ? AND outcome <> 'CONFIRMED'",
        (entry.utc_us, job),
    )
    if ended_us is None:
        _came_out(db, entry, printer, sheets)
    _count(db, entry, printer, scanned_back=1)


def spoiled(db: Database, entry: Entry, fact: LabelSpoiled) -> None:
    """Note that one copy of a label is not to be used.

    Raises:
        StoreError: ``store.conflict``: there is no such paper, or it was spoiled before.
    """
    row = db.row(
        "SELECT printer FROM print_jobs WHERE job = ? AND kind = 'label' AND key = ?"
        " AND spoiled = '' AND outcome NOT IN ('QUEUED', 'FAILED', 'CANCELLED')",
        (fact.job, fact.order),
    )
    if row is None:
        raise StoreError(
            "store.conflict",
            f"Print job {fact.job} has no label that could be spoiled.",
            job=fact.job,
            order=fact.order,
        )
    db.run("UPDATE print_jobs SET spoiled = ? WHERE job = ?", (fact.reason, fact.job))
    if fact.reason == "unreadable":
        _count(db, entry, row[0], unreadable=1)


def roll_loaded(db: Database, entry: Entry, fact: RollLoaded) -> None:
    """Count from a new roll on."""
    db.run(
        "INSERT INTO printer_rolls VALUES (?, ?, 0, ?) ON CONFLICT (printer) DO UPDATE SET"
        " loaded = excluded.loaded, used = 0, loaded_us = excluded.loaded_us",
        (fact.printer, fact.labels, entry.utc_us),
    )


def proved(db: Database, entry: Entry, fact: PrinterProved) -> None:
    """Note which set-up of a printer was proved last; its test label is on paper."""
    db.run(
        "INSERT INTO printer_proofs VALUES (?, ?, ?, ?) ON CONFLICT (printer) DO UPDATE SET"
        " code = excluded.code, setup = excluded.setup, proved_us = excluded.proved_us",
        (fact.printer, fact.code, fact.setup, entry.utc_us),
    )
    row = db.row(
        "SELECT job FROM print_jobs WHERE kind = ? AND key = ? ORDER BY id DESC LIMIT 1",
        (PaperKind.TEST.value, fact.code),
    )
    if row is not None:
        ended(db, entry, row[0], PrintOutcome.CONFIRMED, "scanned_back")


def _came_out(db: Database, entry: Entry, printer: str, sheets: int) -> None:
    """Count what left a printer; UNKNOWN counts too, since a roll rather ends than lasts."""
    if not printer:  # a job of a program that did not say which printer
        return
    db.run("UPDATE printer_rolls SET used = used + ? WHERE printer = ?", (sheets, printer))
    _count(db, entry, printer, printed=sheets)


def _count(
    db: Database,
    entry: Entry,
    printer: str,
    *,
    printed: int = 0,
    scanned_back: int = 0,
    unreadable: int = 0,
) -> None:
    """Add to a printer's day, in UTC: what is read of it is a week's sum."""
    if not printer:
        return
    db.run(
        "INSERT INTO printer_days VALUES (?, ?, ?, ?, ?) ON CONFLICT (printer, day) DO UPDATE SET"
        " printed = printed + excluded.printed,"
        " scanned_back = scanned_back + excluded.scanned_back,"
        " unreadable = unreadable + excluded.unreadable",
        (
            printer,
            at_of(entry.utc_us).date().isoformat(),
            printed,
            scanned_back,
            unreadable,
        ),
    )
