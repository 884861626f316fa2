"""Orders to a carrier that gives back tracking numbers, and the numbers as they come back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.desk_reads import carrier_of
from packstation.app.sheets import SHEETS, keep, save
from packstation.core.carriers import Carrier
from packstation.core.eligibility import obstacle
from packstation.core.orders import (
    CarrierCode,
    Order,
    OrderId,
    OrderKey,
    Person,
    Recipient,
    ShopKey,
)
from packstation.core.sheet_facts import (
    CarrierNumbersTaken,
    CarrierSheetEnded,
    CarrierSheetWritten,
)
from packstation.core.sheets import CarrierSheet, LeftOut
from packstation.errors import PackStationError
from packstation.exchange.carrier_sheet import (
    CARRIER_FIELDS,
    MatchReport,
    Waiting,
    carrier_file,
    match_numbers,
)
from packstation.exchange.sheet_files import refuse_existing
from packstation.exchange.sheet_layouts import ListLayout, load_list
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.app.house import House

MOST = 20_000
"""Orders of one sheet at most."""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One sheet that was written for a carrier."""

    sheet: CarrierSheet
    left: tuple[LeftOut, ...]
    """Orders of this carrier that are not in it, and why."""


def _columns() -> ListLayout:
    return load_list(resources() / SHEETS / "lists" / "carrier.toml", CARRIER_FIELDS)


def write_carrier_sheet(
    house: House,
    carrier: str,
    out: Path,
    *,
    chinese: bool,
    shop: ShopKey | None = None,
    limit: int = MOST,
) -> SheetReport:
    """Write the orders that need a number of a carrier, with recipients in clear.

    Whoever calls it has asked the person: people's data leaves the station in this file. To be
    called outside the store's room.

    Raises:
        PackStationError: ``sheets.nothing_to_number``, or why the file cannot be made; nothing is
            noted then. ``sheets.file_not_written``: the sheet is noted, its file is missing.
    """
    from packstation.store import sheet_reads

    refuse_existing(out)
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise PackStationError(
            "sheets.bad_format",
            f"{out.name} is neither a .csv nor a .xlsx file.",
            fix="Choose a name that ends in .csv or .xlsx.",
            file=out.name,
        )
    code = carrier_of(house.carriers, carrier).code
    found, left = house.call(lambda: _without_number(house, code, shop, min(limit, MOST)))
    if not found:
        raise PackStationError(
            "sheets.nothing_to_number",
            f"No order to pack needs a number of {code} ({len(left)} were left out).",
            fix="Orders of a sheet that waits for numbers are not written again.",
            carrier=code,
            count=len(left),
        )
    content = carrier_file(
        _columns(), found, chinese=chinese, as_workbook=out.suffix.lower() == ".xlsx"
    )
    keys = tuple(order.key for order, _ in found)
    name = house.call(lambda: _note(house, code, keys, out.name, content))
    save(name, out, content)
    sheet = house.call(lambda: sheet_reads.carrier_sheet(house.store.db, name))
    return SheetReport(sheet, tuple(left))


def _without_number(
    house: House, carrier: CarrierCode, shop: ShopKey | None, limit: int
) -> tuple[list[tuple[Order, Person]], list[LeftOut]]:
    from packstation.store import sheet_reads
    from packstation.store.order_rows import read_order

    found: list[tuple[Order, Person]] = []
    left: list[LeftOut] = []
    for key in list(sheet_reads.keys_without_number(house.store.db, shop)):
        order = read_order(house.store.db, key)
        if order is None or house.rules.carrier_of(order) != carrier:
            continue
        why = _why_not(house, order)
        if why is not None:
            left.append(LeftOut(key, why))
        elif len(found) < limit:
            found.append((order, house.store.people.person(key)))
    return found, left


def _why_not(house: House, order: Order) -> str | None:
    stopped = obstacle(order, house.rules, numbers_left=1)
    if stopped is not None:
        return stopped[1].value
    # Where labels are made elsewhere, the rule of the bench does not ask for the recipient.
    match order.recipient:
        case Recipient.MASKED:
            return "masked_recipient"
        case Recipient.MISSING:
            return "missing_recipient"
        case Recipient.FULL:
            return None


def _note(
    house: House, carrier: CarrierCode, orders: tuple[OrderKey, ...], file: str, content: bytes
) -> str:
    from packstation.store import sheet_reads

    name = sheet_reads.next_name(house.store.db, "C", house.settings.station_number)
    digest = hashlib.sha256(content).hexdigest()
    keep(house, CarrierSheetWritten(name, carrier, orders, file, digest), name, content)
    return name


@dataclass(frozen=True, slots=True)
class NumberReport:
    """What came of a carrier's file."""

    match: MatchReport
    taken: int
    """Numbers that are the orders' now; 0 where a row was refused and nothing was skipped."""


def take_carrier_numbers(
    house: House,
    name: str,
    file: Path,
    *,
    by_row: bool = False,
    skip_refused: bool = False,
) -> NumberReport:
    """Take the numbers that a carrier gave for a sheet; all of them, or none.

    Args:
        house: Open to change things.
        name: The sheet.
        file: As the carrier gave it back.
        by_row: Match by the order of rows where no order number is in the file.
        skip_refused: Take the rows that match although others do not.

    Raises:
        PackStationError: There is no such sheet, it has ended, or the file cannot be matched.
    """
    from packstation.store import sheet_reads

    sheet = house.call(lambda: sheet_reads.carrier_sheet(house.store.db, name))
    if sheet.ended:
        raise _ended(sheet)
    carrier = carrier_of(house.carriers, sheet.carrier)
    waiting = _waiting(house, sheet, carrier)
    match = match_numbers(file, _columns(), carrier, waiting, by_row=by_row)
    if not match.pairs or (match.refused and not skip_refused):
        return NumberReport(match, 0)
    fact = CarrierNumbersTaken(sheet.sheet, sheet.carrier, match.pairs)
    house.call(lambda: _write(house, fact))
    return NumberReport(match, len(match.pairs))


def _waiting(house: House, sheet: CarrierSheet, carrier: Carrier) -> Waiting:
    from packstation.store import sheet_reads
    from packstation.store.order_rows import read_order

    db = house.store.db

    def packable(key: OrderKey) -> bool:
        order = read_order(db, key)
        return order is not None and obstacle(order, house.rules, numbers_left=1) is None

    return Waiting(
        orders=[(key, OrderId(key.partition("/")[2])) for key in sheet.orders],
        open=sheet.waiting,
        packable=lambda key: house.call(lambda: packable(key)),
        number_known=lambda number: house.call(
            lambda: sheet_reads.number_is_known(db, number, carrier.code)
        ),
    )


def end_carrier_sheet(house: House, name: str) -> CarrierSheet:
    """Wait for no more numbers of a sheet; in the store's room.

    Raises:
        PackStationError: There is no such sheet, or it has ended.
    """
    from packstation.store import sheet_reads

    sheet = sheet_reads.carrier_sheet(house.store.db, name)
    if sheet.ended:
        raise _ended(sheet)
    _write(house, CarrierSheetEnded(sheet.sheet))
    return sheet_reads.carrier_sheet(house.store.db, name)


def _ended(sheet: CarrierSheet) -> PackStationError:
    return PackStationError(
        "sheets.sheet_ended",
        f"Carrier sheet {sheet.sheet} waits for no number any more.",
        fix="Write a new sheet for orders without a number.",
        sheet=sheet.sheet,
    )


def _write(house: House, fact: CarrierNumbersTaken | CarrierSheetEnded) -> None:
    recorder = house.store.recorder
    with recorder.tx():
        recorder.write((fact,), house.store.clock())
