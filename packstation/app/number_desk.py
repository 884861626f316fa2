"""Questions and orders about tracking numbers, the same for command line and window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import packstation.ui.backend as asked
from packstation.app.desk_reads import add_block, carrier_of
from packstation.core.carriers import Carrier, plain
from packstation.core.number_invoice import InvoiceReport, match_invoice
from packstation.core.number_runs import run_of
from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.core.reports import Finding
from packstation.core.status import LabelSource, NumberState
from packstation.errors import PackStationError
from packstation.ui.backend import Reply

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.number_stock import PoolStock, RunCheck
    from packstation.exchange.number_files import NumberList, RefusedNumber
    from packstation.runtime.rooms import Room
    from packstation.settings import Settings
    from packstation.store.opening import OpenStore

T = TypeVar("T")


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


def pool_stock(store: OpenStore, settings: Settings) -> tuple[PoolStock, ...]:
    """Return the stock of every pool, those included that a shop draws from and nobody filled."""
    from packstation.core.number_stock import PoolStock
    from packstation.store.number_reads import stock

    found = stock(store.db, datetime.now(UTC), settings.low_numbers)
    there = {(one.pool, one.carrier) for one in found}
    for shop in settings.shops.values():
        wanted = (shop.number_pool, shop.carrier)
        if shop.label_source is LabelSource.COMPOSED and shop.carrier and wanted not in there:
            there.add((shop.number_pool, shop.carrier))
            found.append(
                PoolStock(shop.number_pool, shop.carrier, 0, 0, 0, 0, 0, None, None, low=True)
            )
    return tuple(sorted(found, key=lambda one: (one.pool, one.carrier)))


def stock_finding(store: OpenStore, settings: Settings) -> Finding:
    """Return for the doctor whether numbers are low somewhere."""
    low = [one for one in pool_stock(store, settings) if one.low]
    if not low:
        return Finding("numbers", "ok", "There are enough tracking numbers.")
    told = ", ".join(f"{one.carrier} {one.pool or 'common pool'}: {one.free}" for one in low)
    return Finding(
        "numbers",
        "warning",
        f"Tracking numbers are low: {told}.",
        "Buy numbers from the carrier and add them: packstation numbers add.",
    )


class NumberDoor:
    """The window's door to tracking numbers; a part of the desk."""

    _house: House
    _room: Room
    _reader: OpenStore

    if TYPE_CHECKING:  # the desk has them

        def _ask(self, question: Callable[[OpenStore], T], reply: Reply[T]) -> None: ...

        def _do(self, room: Room, job: Callable[[], T], reply: Reply[T]) -> None: ...

    def number_stock(self, reply: Reply[tuple[PoolStock, ...]]) -> None:
        """Count the numbers of every pool and carrier."""
        settings = self._house.settings
        self._ask(lambda store: pool_stock(store, settings), reply)

    def preview_numbers(
        self, carrier: CarrierCode, first: str, count: int, reply: Reply[RunCheck]
    ) -> None:
        """Show what adding a block would do."""
        carriers = self._house.carriers
        self._ask(
            lambda store: look_at_run(store, carrier_of(carriers, carrier), first, count), reply
        )

    def add_numbers(
        self,
        carrier: CarrierCode,
        first: str,
        count: int,
        pool: str,
        reply: Reply[asked.NumberBlock],
    ) -> None:
        """Add a block."""
        house = self._house

        def work() -> asked.NumberBlock:
            added = house.call(lambda: add_block(house, carrier, first, count, pool))
            return asked.NumberBlock(carrier, added[0], added[-1], 0, len(added))

        self._do(self._room, work, reply)

    def import_numbers(
        self,
        carrier: CarrierCode,
        path: Path,
        pool: str,
        skip_refused: bool,
        reply: Reply[asked.NumberListReport],
    ) -> None:
        """Add a carrier's list; nothing while a row is refused, unless those are skipped."""
        house = self._house

        def work() -> asked.NumberListReport:
            one = carrier_of(house.carriers, carrier)
            found, refused = read_list(self._reader, one, path)
            added = 0
            if found.numbers and (skip_refused or not refused):
                added = house.call(lambda: add_list(house, one, found, pool))
            rows = tuple(asked.NumberRow(r.row, r.reason, r.value) for r in refused)
            return asked.NumberListReport(added, len(found.numbers), rows)

        self._do(self._room, work, reply)

    def mark_numbers(
        self,
        carrier: CarrierCode,
        numbers: tuple[str, ...],
        state: NumberState,
        reason: str,
        reply: Reply[None],
    ) -> None:
        """Take numbers out of use for good."""
        house = self._house

        def work() -> None:
            one = carrier_of(house.carriers, carrier)
            house.call(lambda: mark(house, one, list(numbers), state, reason))

        self._do(self._room, work, reply)
