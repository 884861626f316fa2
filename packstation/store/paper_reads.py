"""What is known of paper: printers by use, queues, proofs, labels that are not to be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.reports import PrinterProof, PrinterUse, PrintJob, SpoiledLabel
from packstation.core.status import PaperKind
from packstation.store.database import Database
from packstation.store.journal import at_of
from packstation.store.print_ledger import COLUMNS, print_job

WORN_DAYS = 7
"""Days, today included and in UTC, whose labels say how a print head is: a week has every shift
in it, and a head that was cleaned is soon not blamed any more."""
WORN_LEAST = 20
"""Fewer labels say nothing: one crumpled label among ten would be 10 %."""
WORN_PERCENT = 2
"""From this share of unreadable labels on the head is called worn: with a sound head nearly each
label is read, and at one in fifty the packers lose more time than cleaning it takes."""


def printer_use(db: Database, printer: str, now: datetime) -> PrinterUse:
    """Return what is known of a printer by use.

    Args:
        db: The station's database.
        printer: Its key.
        now: Aware; ends the days that are counted.
    """
    (found,) = printer_uses(db, (printer,), now)
    return found


def printer_uses(db: Database, printers: Sequence[str], now: datetime) -> tuple[PrinterUse, ...]:
    """Return what is known of printers by use, in their order."""
    wanted = json.dumps(list(printers))
    rolls = {
        printer: (loaded, used)
        for printer, loaded, used in db.rows(
            "SELECT printer, loaded, used FROM printer_rolls"
            " WHERE loaded > 0 AND printer IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
    }
    first = (now.astimezone(UTC).date() - timedelta(days=WORN_DAYS - 1)).isoformat()
    days = {
        printer: counted
        for printer, *counted in db.rows(
            "SELECT printer, sum(printed), sum(scanned_back), sum(unreadable) FROM printer_days"
            " WHERE day >= ? AND printer IN (SELECT value FROM json_each(?)) GROUP BY printer",
            (first, wanted),
        )
    }
    return tuple(_use(one, rolls.get(one), *days.get(one, (0, 0, 0))) for one in printers)


def _use(
    printer: str, roll: tuple[int, int] | None, printed: int, scanned_back: int, unreadable: int
) -> PrinterUse:
    return PrinterUse(
        printer=printer,
        roll_left=max(0, roll[0] - roll[1]) if roll else None,
        roll_loaded=roll[0] if roll else None,
        printed=printed,
        scanned_back=scanned_back,
        unreadable=unreadable,
        worn=is_worn(printed, unreadable),
    )


def is_worn(printed: int, unreadable: int) -> bool:
    """Tell whether a printer's head should be cleaned, by the labels of the last days.

    >>> is_worn(19, 10), is_worn(20, 0), is_worn(50, 1), is_worn(100, 1)
    (False, False, True, False)
    """
    return printed >= WORN_LEAST and unreadable * 100 >= WORN_PERCENT * printed


def _of(printer: str) -> str:
    """Return the SQL condition for jobs of the printer ``?1``, so worded that its index is used."""
    return "printer = ?1 AND printer <> ''" if printer else "?1 = ''"


def queue(db: Database, printer: str, limit: int) -> tuple[PrintJob, ...]:
    """Return the newest jobs of a printer, newest first; empty printer = of all of them.

    A job that no printer has begun has the printer that was asked for, or none.
    """
    rows = db.rows(
        f"SELECT {COLUMNS} FROM print_jobs WHERE ?1 = '' OR printer = ?1 ORDER BY id DESC LIMIT ?2",
        (printer, limit),
    )
    return tuple(print_job(row) for row in rows)


def unfinished(db: Database, printer: str = "") -> tuple[PrintJob, ...]:
    """Return jobs that are queued or under way, oldest first; empty printer = of all of them."""
    rows = db.rows(
        f"SELECT {COLUMNS} FROM print_jobs WHERE outcome IN ('QUEUED', 'SENDING', 'BLOCKED')"
        f" AND {_of(printer)} ORDER BY id",
        (printer,),
    )
    return tuple(print_job(row) for row in rows)


def proofs(db: Database) -> dict[str, PrinterProof]:
    """Return the last proof of each printer, by its key.

    It holds for the set-up it was made with: the caller compares the digest.
    """
    rows = db.rows("SELECT printer, code, setup, proved_us FROM printer_proofs")
    return {one: PrinterProof(one, code, setup, at_of(us)) for one, code, setup, us in rows}


def tested_printer(db: Database, code: str) -> str | None:
    """Return which printer a test label's code was sent to; None where there is no such label."""
    row = db.row(
        "SELECT printer FROM print_jobs WHERE kind = ? AND key = ? AND outcome IN"
        " ('SENDING', 'BLOCKED', 'SENT', 'CONFIRMED', 'UNKNOWN') ORDER BY id DESC LIMIT 1",
        (PaperKind.TEST.value, code),
    )
    return row[0] or None if row else None


def spoiled_labels(db: Database, limit: int = 1000) -> tuple[SpoiledLabel, ...]:
    """Return labels on paper that must not travel, newest first: torn off, or void numbers."""
    copies = [
        SpoiledLabel(
            OrderKey(key),
            TrackingNumber(number),
            CarrierCode(carrier),
            reason,
            at_of(us),
            void=False,
            job=job,
            copy=copy,
        )
        for job, key, copy, number, carrier, reason, us in db.rows(
            "SELECT job, key, copy, tracking_number, carrier, spoiled,"
            " coalesce(sending_us, requested_us) FROM print_jobs"
            " WHERE spoiled <> '' AND kind = 'label' ORDER BY id DESC LIMIT ?",
            (limit,),
        )
    ]
    void = [
        SpoiledLabel(
            OrderKey(key),
            TrackingNumber(number),
            CarrierCode(carrier),
            reason,
            at_of(us),
            void=True,
        )
        for key, number, carrier, reason, us in db.rows(
            "SELECT order_key, tracking_number, carrier, reason, voided_us FROM voided_labels"
            " ORDER BY voided_us DESC LIMIT ?",
            (limit,),
        )
    ]
    return tuple(sorted((*copies, *void), key=lambda one: one.at, reverse=True)[:limit])
