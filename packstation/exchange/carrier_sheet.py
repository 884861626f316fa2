"""The sheet for a carrier that gives back tracking numbers, and the numbers as they come back.

People's data leaves the station in this file, as it does on labels; nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from packstation.core.carriers import Carrier
from packstation.core.number_runs import next_number
from packstation.core.orders import Order, OrderId, OrderKey, Person, TrackingNumber
from packstation.errors import PackStationError
from packstation.exchange.cells import Damage, identifier, text
from packstation.exchange.safe_cells import Cell, Exact
from packstation.exchange.sheet_files import csv_bytes, xlsx_bytes
from packstation.exchange.sheet_layouts import ListLayout
from packstation.exchange.table_heads import columns_of, missing_columns, read_table

CARRIER_FIELDS = (
    "order_id", "recipient", "phone", "address", "zip_code", "units", "goods", "tracking_number",
)  # fmt: skip
"""What a column of the sheet may hold."""


def carrier_file(
    layout: ListLayout,
    orders: Sequence[tuple[Order, Person]],
    *,
    chinese: bool,
    as_workbook: bool,
) -> bytes:
    """Return the sheet for a carrier.

    Args:
        layout: Its columns (resources/sheets/lists/carrier.toml).
        orders: With recipients in clear.
        chinese: Language of the headings.
        as_workbook: XLSX, else CSV.

    Raises:
        PackStationError: An order number looks like a formula.
    """
    rows: list[Sequence[Cell]] = [layout.headings(chinese=chinese)]
    for order, person in orders:
        values: dict[str, Cell] = {
            "order_id": Exact(order.order_id),
            "recipient": person.name or "",
            "phone": person.phone or "",
            "address": person.address or "",
            "zip_code": person.zip_code or "",
            "units": order.units,
            "goods": "; ".join(f"{line.title} x{line.quantity}" for line in order.lines),
        }
        rows.append([values.get(name, "") for name in layout.fields])
    return xlsx_bytes(rows) if as_workbook else csv_bytes(rows)


class RowWord(StrEnum):
    """What one row of a carrier's answer is good for; stable words."""

    MATCHED = "matched"
    UNKNOWN_ORDER = "unknown_order"
    """No order of the sheet waits under this number."""
    ORDER_TWICE = "order_twice"
    """The order stands in the file twice with different numbers."""
    NUMBER_TWICE = "number_twice"
    """The tracking number stands in the file twice."""
    NUMBER_KNOWN = "number_known"
    """The tracking number was given out, bought or imported before."""
    NO_NUMBER = "no_number"
    """The cell of the tracking number is empty or damaged."""
    DOES_NOT_FIT = "does_not_fit"
    """It is no number of this carrier."""
    HAS_NUMBER = "has_number"
    """The order has its number already."""
    NOT_TO_PACK = "not_to_pack"
    """The order may not be packed any more; a number for it would be lost."""


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One row of the carrier's file."""

    row: int
    """As a spreadsheet shows it."""
    order_id: str
    number: str
    word: RowWord
    order: OrderKey | None = None


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What the rows of a carrier's file are good for."""

    rows: tuple[MatchRow, ...]
    gaps: tuple[tuple[TrackingNumber, TrackingNumber], ...]
    """Numbers that follow each other in the file and not by the carrier's rule."""
    missing: tuple[OrderId, ...]
    """Orders of the sheet that got no number."""

    @property
    def pairs(self) -> tuple[tuple[OrderKey, TrackingNumber], ...]:
        """Order and number of the rows that match."""
        return tuple(
            (one.order, TrackingNumber(one.number))
            for one in self.rows
            if one.word is RowWord.MATCHED and one.order is not None
        )

    @property
    def refused(self) -> tuple[MatchRow, ...]:
        """The other rows."""
        return tuple(one for one in self.rows if one.word is not RowWord.MATCHED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of the orders of a sheet."""

    orders: Sequence[tuple[OrderKey, OrderId]]
    """Every order, in the order of the sheet."""
    open: frozenset[OrderKey]
    """Those that wait for a number."""
    packable: Callable[[OrderKey], bool]
    number_known: Callable[[str], bool]


def match_numbers(
    path: Path,
    layout: ListLayout,
    carrier: Carrier,
    waiting: Waiting,
    *,
    by_row: bool = False,
) -> MatchReport:
    """Match a carrier's numbers with the orders of a sheet; the file is opened in the child.

    Args:
        path: The carrier's file.
        layout: Whose headings are understood.
        carrier: Whose numbers they are.
        waiting: The sheet's orders.
        by_row: Without a column of order numbers, match by the order of rows.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: ``sheets.no_such_column``; ``sheets.count_differs`` where rows are to be
            matched by their order and are not as many as orders.
    """
    head, rows = read_table(path, layout.aliases, needed=("tracking_number",))
    place = columns_of(head, layout.aliases)
    given = [(row, _number(cells[place["tracking_number"]])) for row, cells in rows]
    if "order_id" in place:
        named = [_order_id(cells[place["order_id"]]) for _, cells in rows]
    elif not by_row:
        raise missing_columns(path.name, ("order_id",), layout.aliases)
    else:
        still = [order_id for key, order_id in waiting.orders if key in waiting.open]
        if len(still) != len(rows):
            raise PackStationError(
                "sheets.count_differs",
                f"{path.name} has {len(rows)} rows, and {len(still)} orders wait for a number.",
                fix="Ask the carrier for a file with order numbers; nothing was taken.",
                file=path.name,
                rows=len(rows),
                orders=len(still),
            )
        named = [str(order_id) for order_id in still]
    table = [(row, name, number) for (row, number), name in zip(given, named, strict=True)]
    matched = _judged(table, carrier, waiting)
    got = {one.order for one in matched if one.word is RowWord.MATCHED}
    return MatchReport(
        tuple(matched),
        _gaps(carrier, [one.number for one in matched if one.word is RowWord.MATCHED]),
        tuple(name for key, name in waiting.orders if key in waiting.open and key not in got),
    )


def _number(cell: object) -> str:
    found = identifier(cell) if isinstance(cell, str | int | float) else Damage.DAMAGED
    return "" if isinstance(found, Damage) else found.upper()


def _order_id(cell: object) -> str:
    found = identifier(cell) if isinstance(cell, str | int | float) else Damage.DAMAGED
    if isinstance(found, Damage):
        return (text(cell) if isinstance(cell, str) else None) or ""
    return found


def _judged(
    table: Sequence[tuple[int, str, str]], carrier: Carrier, waiting: Waiting
) -> list[MatchRow]:
    keys: dict[str, list[OrderKey]] = {}
    for known, order_id in waiting.orders:
        keys.setdefault(order_id, []).append(known)
    numbers = Counter(number for _, _, number in table)
    names = Counter(name for _, name, _ in table)
    found: list[MatchRow] = []
    for row, name, number in table:
        meant = keys.get(name, [])
        key: OrderKey | None = meant[0] if len(meant) == 1 else None
        if key is None:
            word = RowWord.UNKNOWN_ORDER
        elif key not in waiting.open:
            word = RowWord.HAS_NUMBER
        elif not number:
            word = RowWord.NO_NUMBER
        elif names[name] > 1:
            word = RowWord.ORDER_TWICE
        elif numbers[number] > 1:
            word = RowWord.NUMBER_TWICE
        elif not carrier.fits(number):
            word = RowWord.DOES_NOT_FIT
        elif waiting.number_known(number):
            word = RowWord.NUMBER_KNOWN
        else:
            word = RowWord.MATCHED if waiting.packable(key) else RowWord.NOT_TO_PACK
        found.append(MatchRow(row, name, number, word, key))
    return found


def _gaps(
    carrier: Carrier, numbers: Sequence[str]
) -> tuple[tuple[TrackingNumber, TrackingNumber], ...]:
    """Return neighbours that do not follow each other; none where no rule is known."""
    gaps: list[tuple[TrackingNumber, TrackingNumber]] = []
    for one, other in pairwise(numbers):
        try:
            following = next_number(carrier, one)
        except PackStationError:
            return ()
        if following != other:
            gaps.append((TrackingNumber(one), TrackingNumber(other)))
    return tuple(gaps)
