"""Lists of tracking numbers and carriers' invoices: CSV, XLSX or plain text, read in the child."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from packstation.core.carriers import Carrier
from packstation.core.number_invoice import InvoiceLine
from packstation.core.orders import TrackingNumber
from packstation.errors import ImportFileError
from packstation.exchange.cells import Damage, identifier, normalised
from packstation.exchange.table_reader import Cancelled, Cell, Reading, TableReader

NUMBER_HEADINGS = frozenset(
    normalised(name)
    for name in (
        *("运单号", "运单号码", "运单编号", "快递单号", "快递编号", "物流单号", "面单号", "单号"),
        *(
            "邮件号",
            "邮件号码",
            "母单号",
            "货运单号",
            "tracking number",
            "tracking no",
            "tracking no.",
        ),
        *("tracking id", "waybill", "waybill number", "waybill no", "waybill no.", "awb", "mailno"),
        *("mail no", "shipment number", "airwaybill number", "parcel number", "number"),
    )
)
AMOUNT_HEADINGS = frozenset(
    normalised(name)
    for name in (
        *(
            "应付金额",
            "应收金额",
            "结算金额",
            "运费",
            "费用",
            "快递费",
            "总费用",
            "金额",
            "合计",
            "总金额",
        ),
        *(
            "amount",
            "net charge",
            "net amount",
            "charge",
            "total charge",
            "total",
            "freight",
            "cost",
        ),
    )
)
_HAS_DIGIT = re.compile(r"\d")
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """One row that gives no number, and why."""

    row: int
    """As a spreadsheet shows it."""
    reason: str
    """``damaged_id``, ``missing_id``, ``does_not_fit``, ``duplicate_row`` or ``known``."""
    value: str


@dataclass(frozen=True, slots=True)
class NumberList:
    """What a file of numbers holds."""

    numbers: tuple[TrackingNumber, ...]
    rows: tuple[int, ...]
    """The row of each number."""
    refused: tuple[RefusedNumber, ...]
    doubtful: int = 0
    """Numbers whose inferred check digit says otherwise: taken, and worth a look."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invoice file holds."""

    lines: tuple[InvoiceLine, ...]
    refused: tuple[RefusedNumber, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    reading: Reading
    after: int
    width: int
    number: int
    amount: int | None


def read_number_list(
    path: Path, carrier: Carrier, *, cancelled: Cancelled | None = None
) -> NumberList:
    """Read a carrier's list: one number a row, or a column with a known heading.

    Raises:
        ImportFileError: The file is refused as a whole.
    """
    numbers: dict[TrackingNumber, int] = {}
    refused: list[RefusedNumber] = []
    doubtful = 0
    for row, cell, _ in _cells(path, cancelled):
        found = identifier(cell)
        shown = str(cell)[:_LONGEST_SHOWN]
        if isinstance(found, Damage):
            refused.append(RefusedNumber(row, found.value, shown))
            continue
        fit = carrier.fit(found)
        if fit is None:
            refused.append(RefusedNumber(row, "does_not_fit", shown))
        elif fit.number in numbers:
            refused.append(RefusedNumber(row, "duplicate_row", shown))
        else:
            numbers[fit.number] = row
            doubtful += fit.doubtful
    return NumberList(tuple(numbers), tuple(numbers.values()), tuple(refused), doubtful)


def read_invoice(path: Path, carrier: Carrier, *, cancelled: Cancelled | None = None) -> Invoice:
    """Read a carrier's invoice; rows without a number (sums, notes) are told, never counted.

    Raises:
        ImportFileError: The file is refused as a whole.
    """
    lines: list[InvoiceLine] = []
    refused: list[RefusedNumber] = []
    for row, cell, amount in _cells(path, cancelled):
        found = identifier(cell)
        if isinstance(found, Damage):
            refused.append(RefusedNumber(row, found.value, str(cell)[:_LONGEST_SHOWN]))
        else:
            lines.append(InvoiceLine(row, carrier.canonical(found), minor_units(amount)))
    return Invoice(tuple(lines), tuple(refused))


def minor_units(cell: Cell | None) -> int | None:
    """Return an amount in minor units (hundredths), or None where the cell is no amount.

    >>> minor_units("¥1,234.50"), minor_units(8.1), minor_units("n/a"), minor_units("-3.005")
    (123450, 810, None, -301)
    """
    if cell is None or isinstance(cell, bool):
        return None
    text = re.sub(r"[^\d.\-]", "", str(cell)) if isinstance(cell, str | int | float) else ""
    try:
        return int((Decimal(text) * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
    except InvalidOperation:
        return None


def _cells(path: Path, cancelled: Cancelled | None) -> Iterator[tuple[int, Cell, Cell | None]]:
    with TableReader(path, cancelled=cancelled) as reader:
        place = _place(path, reader.readings())
        columns = [place.number, *([] if place.amount is None else [place.amount])]
        for row, _, cells in reader.rows(
            place.reading.name, after=place.after, width=place.width, columns=columns
        ):
            number = cells[0] if cells else ""
            yield row, number, cells[1] if len(cells) > 1 else None


def _place(path: Path, readings: Sequence[Reading]) -> _Place:
    """Find the column of numbers: by its heading, else it must be the only column."""
    for reading in readings:
        for row, cells in reading.rows:
            headings = [normalised(cell) if isinstance(cell, str) else "" for cell in cells]
            number = _first(headings, NUMBER_HEADINGS)
            if number is not None:
                return _Place(reading, row, len(cells), number, _first(headings, AMOUNT_HEADINGS))
    # Cells are parted only under one delimiter: one wide reading makes it a table.
    narrow = all(
        sum(bool(str(cell).strip()) for cell in cells) <= 1
        for reading in readings
        for _, cells in reading.rows
    )
    for reading in readings if narrow else ():
        if reading.rows:
            row, cells = reading.rows[0]
            # A first row without a digit is a heading in words that are not known.
            heading = bool(cells) and not _HAS_DIGIT.search(str(cells[0]))
            return _Place(reading, row if heading else row - 1, 1, 0, None)
    raise ImportFileError(
        "numbers.no_column",
        f"{path.name} has several columns, and none of them is called a tracking number.",
        fix="Name the column 运单号 or Tracking number, or leave only that column in the file.",
        file=path.name,
    )


def _first(headings: Sequence[str], known: frozenset[str]) -> int | None:
    return next((n for n, heading in enumerate(headings) if heading in known), None)
