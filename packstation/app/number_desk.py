"""Questions and orders about tracking numbers, the same for command line and window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.app.desk_reads import carrier_of
from packstation.core.carriers import Carrier, plain
from packstation.core.number_invoice import InvoiceReport, match_invoice
from packstation.core.number_runs import run_of
from packstation.core.orders import TrackingNumber
from packstation.core.status import NumberState
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.number_stock import RunCheck
    from packstation.exchange.number_files import NumberList, RefusedNumber
    from packstation.store.opening import OpenStore


def look_at_run(store: OpenStore, carrier: Carrier, first: str, count: int) -> RunCheck:
    """Return what adding a run would do, without doing it.

    Raises:
        PackStationError: As ``run_of``.
    """
    from packstation.store.number_reads import check_run

    return check_run(store.db, run_of(carrier, first, count))


def read_list(
    store: OpenStore, carrier: Carrier, path: Path, cancelled: Callable[[], bool] | None = None
) -> tuple[NumberList, tuple[RefusedNumber, ...]]:
    """Return what a list file holds, and every row that cannot be added, by row.

    Raises:
        ImportFileError: The file is refused as a whole.
    """
    from packstation.exchange.number_files import NumberList, RefusedNumber, read_number_list
    from packstation.store.numbers import known

    found = read_number_list(path, carrier, cancelled=cancelled)
    there = {number for number, _ in known(store.db, carrier.code, found.numbers)}
    refused = [
        RefusedNumber(row, "known", number)
        for number, row in zip(found.numbers, found.rows, strict=True)
        if number in there
    ]
    kept = [(n, r) for n, r in zip(found.numbers, found.rows, strict=True) if n not in there]
    taken = NumberList(
        tuple(number for number, _ in kept), tuple(row for _, row in kept), (), found.doubtful
    )
    return taken, tuple(sorted((*found.refused, *refused), key=lambda one: one.row))


def add_list(house: House, carrier: Carrier, found: NumberList, pool: str = "") -> int:
    """Add the numbers of a list; in the store's room, durable on return. Return how many.

    Raises:
        StoreError: A number came in meanwhile, or there is none; nothing was added.
    """
    from packstation.store.numbers import add_list as add

    add(house.store.recorder, carrier.code, found.numbers, house.store.clock(), pool.strip())
    return len(found.numbers)


def mark(
    house: House, carrier: Carrier, numbers: list[str], state: NumberState, reason: str
) -> None:
    """Take numbers out of use for good; in the store's room, durable on return.

    Raises:
        StoreError: As ``numbers.mark``; nothing was changed.
    """
    from packstation.store.numbers import mark as write

    stamp = house.store.clock()
    these = [TrackingNumber(carrier.canonical(number)) for number in numbers]
    write(house.store.recorder, carrier.code, these, state, reason, stamp.operator, stamp)


def match(
    store: OpenStore, carrier: Carrier, path: Path, month: tuple[datetime, datetime] | None
) -> tuple[InvoiceReport, tuple[RefusedNumber, ...]]:
    """Hold an invoice file against ours.

    Args:
        store: Ours.
        carrier: Whose invoice it is.
        path: The file.
        month: From and before when parcels that left must be on it, aware; None = from the first
            to the last parcel of the invoice.

    Raises:
        ImportFileError: The file is refused as a whole.
    """
    from packstation.exchange.number_files import read_invoice
    from packstation.store.number_reads import handed_over, span, standings

    invoice = read_invoice(path, carrier)
    numbers = tuple(dict.fromkeys(line.number for line in invoice.lines))
    left: tuple[str, ...] = ()
    if month is not None:
        left = handed_over(store.db, carrier.code, *month)
    elif (told := span(store.db, numbers)) is not None:
        first, last = told
        left = handed_over(store.db, carrier.code, first, last + timedelta(microseconds=1))
    # Ours may be stored in a longer dress than the carrier prints on its bill.
    ours = {carrier.canonical(number): number for number in left}
    standing = standings(store.db, carrier.code, numbers)
    standing.update(dict.fromkeys(ours, "HANDED_OVER"))
    report = match_invoice(carrier.code, invoice.lines, standing, tuple(ours))
    return report, invoice.refused


def month_of(text: str) -> tuple[datetime, datetime]:
    """Return begin and end of a month such as ``2026-08``, in this machine's time.

    Raises:
        PackStationError: ``numbers.bad_month``.
    """
    try:
        first = datetime.strptime(text, "%Y-%m")  # noqa: DTZ007  made aware in the next line
    except ValueError as error:
        raise PackStationError(
            "numbers.bad_month",
            f"{text} is no month such as 2026-08.",
            fix="Write the month as year and month: 2026-08.",
            month=text,
        ) from error
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first.astimezone(), after.astimezone()


def checked_number(carriers: tuple[Carrier, ...], number: str, code: str | None) -> dict[str, Any]:
    """Say whose number this could be, and how sure that is; a failed check digit is not valid."""
    text = plain(number)
    if code is not None:
        carriers = (carrier_of(carriers, code),)
    fits = {carrier.code: fit for carrier in carriers if (fit := carrier.fit(text)) is not None}
    certain = [code for code, fit in fits.items() if fit.certain]
    told: dict[str, Any] = {
        "number": text,
        "valid": bool(fits),
        "certain": bool(certain),
        "carriers": list(fits),
        "reason": None if certain else "could_be" if fits else "does_not_fit",
        "proved_by_check_digit": certain,
        "check_digit_doubtful": [code for code, fit in fits.items() if fit.doubtful],
    }
    shorter = {fit.number for fit in fits.values() if fit.certain and fit.number != text}
    if len(shorter) == 1:
        told["parcel_number"] = shorter.pop()
    return told
