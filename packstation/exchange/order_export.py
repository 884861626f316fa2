"""Orders as CSV or XLSX: a row for each line, in several files if asked; whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from packstation.core.masking import mask_address, mask_name, mask_phone
from packstation.core.orders import Order, OrderLine, Person
from packstation.errors import PackStationError
from packstation.exchange.safe_cells import Cell
from packstation.exchange.sheet_files import (
    XLSX_ROWS,
    TableFile,
    cannot_write,
    refuse_existing,
    sync_folder,
    table_file,
)
from packstation.exchange.sheet_layouts import ListLayout

ORDER_FIELDS = (
    "new", "shop", "order_id", "status", "paid_at", "promised_ship_at", "carrier",
    "tracking_number", "sku", "title", "spec", "barcode", "bin", "quantity", "gift", "recipient",
    "phone", "address", "zip_code", "imported_at", "units",
)  # fmt: skip
"""What a column of the export may hold."""
PEOPLE_FIELDS = frozenset({"recipient", "phone", "address", "zip_code"})
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One order on its way into a file."""

    order: Order
    person: Person
    status: str
    """In words for people."""
    carrier: str
    number: str
    imported_at: datetime
    is_new: bool


class OrderFiles:
    """The files of one export. Nothing has its name before ``finish``; leaving removes the rest."""

    def __init__(
        self,
        out: Path,
        layout: ListLayout,
        *,
        chinese: bool,
        zone: tzinfo,
        rows: int | None,
        with_recipients: bool,
    ) -> None:
        """Open nothing yet.

        Args:
            out: Name of the file; several get numbers before the ending. XLSX by its ending.
            layout: The columns.
            chinese: Language of the headings.
            zone: Of the times.
            rows: Most rows of a file beside the headings; None = as many as the format holds.
            with_recipients: Whether people's data stands in clear; masked otherwise.

        Raises:
            PackStationError: ``sheets.file_exists``, ``sheets.bad_format`` or ``app.cannot_write``.
        """
        if out.suffix.lower() not in (".csv", ".xlsx"):
            raise PackStationError(
                "sheets.bad_format",
                f"{out.name} is neither a .csv nor a .xlsx file.",
                fix="Choose a name that ends in .csv or .xlsx.",
                file=out.name,
            )
        refuse_existing(out)
        self._out = out
        self._layout = layout
        self._chinese = chinese
        self._zone = zone
        self._book = out.suffix.lower() == ".xlsx"
        most = XLSX_ROWS - 1 if self._book else None
        self._most = min(rows, most) if rows and most else rows or most
        self._clear = with_recipients
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._open: TableFile | None = None
        self._rows = 0
        self._made: list[Path] = []

    def __enter__(self) -> OrderFiles:
        """Make the place for unfinished files, on the same disk as the result."""
        try:
            self._folder = tempfile.TemporaryDirectory(dir=self._out.parent, prefix=".packstation-")
        except OSError as error:
            raise cannot_write(self._out, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not finished."""
        if self._open is not None:
            with contextlib.suppress(OSError):
                self._open.close()
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, row: ExportRow) -> None:
        """Add an order; all of its lines stand in one file, however many they are."""
        lines: list[OrderLine | None] = [*row.order.lines] or [None]
        if self._open is None or (
            self._most is not None and self._rows and self._rows + len(lines) > self._most
        ):
            self._next()
        assert self._open is not None
        common = self._common(row)
        for line in lines:
            values = common if line is None else {**common, **_line(line)}
            cells = [values.get(name, "") for name in self._layout.fields]
            self._open.row(cells, marked=row.is_new)
        self._rows += len(lines)

    def _next(self) -> None:
        if self._open is not None:
            self._open.close()
        assert self._folder is not None, "used as a context"
        path = Path(self._folder.name) / f"{len(self._made)}{self._out.suffix}"
        self._made.append(path)
        self._open = table_file(path, as_workbook=self._book)
        self._open.row(self._layout.headings(chinese=self._chinese))
        self._rows = 0

    def _common(self, row: ExportRow) -> dict[str, Cell]:
        order, person = row.order, row.person
        name, phone = person.name or "", person.phone or ""
        address, zip_code = person.address or "", person.zip_code or ""
        if not self._clear:
            name, phone, address = mask_name(name), mask_phone(phone), mask_address(address)
            zip_code = "***" if zip_code else ""
        return {
            "new": "✓" if row.is_new else "",
            "shop": order.shop,
            "order_id": order.order_id,
            "status": row.status,
            "paid_at": self._at(order.paid_at),
            "promised_ship_at": self._at(order.promised_ship_at),
            "imported_at": self._at(row.imported_at),
            "carrier": row.carrier,
            "tracking_number": row.number,
            "units": order.units,
            "recipient": name,
            "phone": phone,
            "address": address,
            "zip_code": zip_code,
        }

    def _at(self, at: datetime | None) -> str:
        return "" if at is None else at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def finish(self) -> list[Path]:
        """Give every file its name; return them. Without an order there is one with headings."""
        if self._open is None:
            self._next()
        assert self._open is not None
        try:
            self._open.close()
            self._open = None
            names = [self._out]
            if len(self._made) > 1:
                stem, suffix = self._out.stem, self._out.suffix
                names = [
                    self._out.with_name(f"{stem}-{number}{suffix}")
                    for number in range(1, len(self._made) + 1)
                ]
                for name in names:
                    refuse_existing(name)
            for made, name in zip(self._made, names, strict=True):
                os.replace(made, name)
            sync_folder(self._out.parent)
        except OSError as error:
            raise cannot_write(self._out, error) from error
        return names


def _line(line: OrderLine) -> dict[str, Cell]:
    return {
        "sku": line.sku,
        "title": line.title,
        "spec": line.spec or "",
        "barcode": line.barcode or "",
        "bin": line.bin or "",
        "quantity": line.quantity,
        "gift": "✓" if line.gift else "",
    }


def write_orders(
    files: OrderFiles,
    rows: Iterable[ExportRow],
    *,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[int, list[Path]]:
    """Write every order; return how many, and the files.

    Args:
        files: Not entered yet.
        rows: Orders one after another.
        progress: Told the orders written so far, now and then.
        cancelled: Asked now and then whether to give up.

    Raises:
        PackStationError: ``sheets.cancelled``: no file is left.
    """
    count = 0
    with files:
        for row in rows:
            files.add(row)
            count += 1
            if count % _TOLD_EVERY == 0:
                if progress is not None:
                    progress(count)
                if cancelled is not None and cancelled():
                    raise PackStationError(
                        "sheets.cancelled",
                        "The export was cancelled; no file was written.",
                    )
        made = files.finish()
    if progress is not None:
        progress(count)
    return count, made
