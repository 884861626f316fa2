"""A platform's own template, filled in: by its headings, and nothing else of it is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packstation.core.carriers import Carrier
from packstation.core.orders import CarrierCode
from packstation.core.sheets import LeftOut, Shipment
from packstation.errors import ImportFileError, PackStationError
from packstation.exchange import template_text
from packstation.exchange.cells import Damage, identifier, normalised, text
from packstation.exchange.safe_cells import exact, neutral
from packstation.exchange.sheet_layouts import TEMPLATE_FIELDS, Layout
from packstation.exchange.shipment_export import SPLIT_REFUSED
from packstation.exchange.table_heads import (
    Head,
    Rows,
    best_head,
    columns_of,
    missing_columns,
    rows_below,
)
from packstation.exchange.table_limits import TEXT_FILE_BYTES, too_large_inside
from packstation.exchange.table_reader import Cell, TableReader
from packstation.exchange.template_workbook import TemplateWorkbook

NOT_IN_TEMPLATE = "not_in_template"
"""The template lists orders, and not this one."""
OTHER_NUMBER = "other_number"
"""The template names another tracking number for the order."""
OTHER_CARRIER = "other_carrier"
"""The template names another carrier for the order."""

_LARGEST = min(TEXT_FILE_BYTES, 32 << 20)
_OLE = b"\xd0\xcf\x11\xe0"
_SHOWN_CHOICES = 30


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with shipments in it."""

    content: bytes
    shipments: tuple[Shipment, ...]
    """Those in the file, in its order."""
    left: tuple[LeftOut, ...]
    """Those that could not be written, and why; what went over the limit is not among them."""


def fill_template(
    path: Path,
    layout: Layout,
    shipments: Sequence[Shipment],
    carriers: Mapping[CarrierCode, Carrier],
    limit: int,
) -> Filled:
    """Return a template with the rows of shipped orders filled in.

    Rows are added only where the template has no rows of orders. A cell that says something else
    is not written over: the order is left out.

    Args:
        path: The template; XLSX or a text table.
        layout: Whose headings and carrier names hold.
        shipments: Candidates, oldest first.
        carriers: Every carrier by code.
        limit: Most orders to write.

    Raises:
        ImportFileError: The template is refused as a whole.
        PackStationError: ``sheets.no_such_column`` names what it lacks,
            ``sheets.carrier_not_in_list`` what its list of carriers has instead.
    """
    content = _content(path)
    with TableReader(path) as reader:
        readings = reader.readings()
        if reader.sha256 != hashlib.sha256(content).hexdigest():
            raise ImportFileError(
                "import.unreadable",
                f"{path.name} changed while it was read.",
                fix="Close the program that writes it and try again.",
                file=path.name,
            )
        head, missing = best_head(readings, layout.headings)
        if head is None or missing:
            raise missing_columns(path.name, missing or TEMPLATE_FIELDS, layout.headings)
        rows = rows_below(reader, head)
        encoding = reader.encoding
    filling = _Filling(head, rows, layout, carriers)
    is_book = content.startswith(b"PK")
    book = TemplateWorkbook(content, path.name, head.reading) if is_book else None
    if book is not None:
        filling.choices = book.choices(filling.place["carrier_name"], filling.range(limit))
    chosen, left = filling.fill(shipments, limit)
    if book is not None:
        made = book.with_cells(filling.edits) if filling.edits else content
    else:
        made = template_text.with_cells(
            content, head.reading, encoding, filling.edits, width=len(head.names)
        )
    return Filled(made, tuple(chosen), tuple(left))


def _content(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise too_large_inside(path.name, f"more than {_LARGEST >> 20} MB")
    content = path.read_bytes()
    if content.startswith(_OLE):
        raise PackStationError(
            "sheets.old_workbook",
            f"{path.name} is an XLS workbook of the old kind, which cannot be filled in place.",
            fix="Save it as XLSX and give that file.",
            file=path.name,
        )
    return content


class _Filling:
    """Which cell gets which text."""

    def __init__(
        self,
        head: Head,
        rows: Rows,
        layout: Layout,
        carriers: Mapping[CarrierCode, Carrier],
    ) -> None:
        self.place = columns_of(head, layout.headings)
        self.edits: dict[tuple[int, int], str] = {}
        self.choices: list[str] | None = None
        self._layout = layout
        self._carriers = carriers
        self._named: dict[CarrierCode, str] = {}
        self._rows: dict[str, list[tuple[int, Sequence[Cell]]]] = {}
        self._next = head.row + 1
        for number, cells in rows:
            self._next = max(self._next, number + 1)
            order_id = identifier(cells[self.place["order_id"]])
            # A row that explains the headings has words where an order has digits.
            if not isinstance(order_id, Damage) and any(map(str.isdigit, order_id)):
                self._rows.setdefault(order_id, []).append((number, cells))

    def range(self, limit: int) -> range:
        """Return the rows that may be written."""
        numbers = [number for rows in self._rows.values() for number, _ in rows]
        if numbers:
            return range(min(numbers), max(numbers) + 1)
        return range(self._next, self._next + limit)

    def fill(
        self, shipments: Sequence[Shipment], limit: int
    ) -> tuple[list[Shipment], list[LeftOut]]:
        chosen: list[Shipment] = []
        left: list[LeftOut] = []
        for one in self._in_order(shipments):
            why = self._why_not(one)
            if why is not None:
                left.append(LeftOut(one.order, why))
            elif len(chosen) < limit:
                chosen.append(one)
                self._write(one)
        return chosen, left

    def _in_order(self, shipments: Sequence[Shipment]) -> list[Shipment]:
        """Return shipments as the template lists them; others keep their order behind."""
        places = {order_id: rows[0][0] for order_id, rows in self._rows.items()}
        last = max(places.values(), default=0) + 1
        return sorted(shipments, key=lambda one: places.get(one.order_id, last))

    def _why_not(self, one: Shipment) -> str | None:
        if one.part is not None:
            return SPLIT_REFUSED
        if not self._rows:
            return None
        if one.order_id not in self._rows:
            return NOT_IN_TEMPLATE
        for _, cells in self._rows[one.order_id]:
            number = text(cells[self.place["tracking_number"]])
            if number is not None and number.lstrip("'").upper() != one.number.upper():
                return OTHER_NUMBER
            carrier = text(cells[self.place["carrier_name"]])
            if carrier is not None and normalised(carrier) not in self._names(one.carrier):
                return OTHER_CARRIER
        return None

    def _write(self, one: Shipment) -> None:
        carrier = self._carrier_name(one.carrier)
        there = self._rows.get(one.order_id)
        if there is None:
            self._set(self._next, "order_id", exact(one.order_id))
            self._set(self._next, "tracking_number", exact(one.number))
            self._set(self._next, "carrier_name", carrier)
            self._next += 1
            return
        for number, cells in there:
            if text(cells[self.place["tracking_number"]]) is None:
                self._set(number, "tracking_number", exact(one.number))
            if text(cells[self.place["carrier_name"]]) is None:
                self._set(number, "carrier_name", carrier)

    def _set(self, row: int, field: str, words: str) -> None:
        self.edits[row, self.place[field]] = words

    def _spoken(self, code: CarrierCode) -> list[str]:
        carrier = self._carriers.get(code)
        if carrier is None:
            return [str(code)]
        return [self._layout.carrier_name(carrier), *carrier.names, carrier.code]

    def _names(self, code: CarrierCode) -> set[str]:
        return {normalised(name) for name in self._spoken(code)}

    def _carrier_name(self, code: CarrierCode) -> str:
        """Return the carrier's name as the template takes it.

        Raises:
            PackStationError: ``sheets.carrier_not_in_list``.
        """
        if code not in self._named:
            self._named[code] = self._chosen_name(code)
        return self._named[code]

    def _chosen_name(self, code: CarrierCode) -> str:
        names = self._spoken(code)
        if self.choices is None:
            return neutral(names[0])
        known = {normalised(choice): choice for choice in self.choices}
        for name in names:
            if normalised(name) in known:
                return known[normalised(name)]
        more = len(self.choices) - _SHOWN_CHOICES
        told = ", ".join(self.choices[:_SHOWN_CHOICES]) + (f" … (+{more})" if more > 0 else "")
        raise PackStationError(
            "sheets.carrier_not_in_list",
            f"The template's list of carriers has no {names[0]}. It has: {told}.",
            fix=f"Write the platform's name of {code} into resources/sheets/"
            f"{self._layout.key}.toml, table carriers.",
            carrier=names[0],
            choices=told,
        )
