"""Shipments in a layout of our own, and what a platform's result file says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from packstation.core.carriers import Carrier
from packstation.core.orders import CarrierCode, OrderKey, OrderLine, Person
from packstation.core.sheets import Batch, BatchRow, LeftOut, RowState, Shipment
from packstation.errors import PackStationError
from packstation.exchange.cells import Damage, identifier, normalised, text
from packstation.exchange.safe_cells import Cell, Exact, looks_like_formula
from packstation.exchange.sheet_files import csv_bytes, tsv_bytes, xlsx_bytes
from packstation.exchange.sheet_layouts import FileKind, Layout, OwnLayout, SplitRule
from packstation.exchange.table_heads import columns_of, missing_columns, read_table

SPLIT_REFUSED = "split_refused"
"""The order travels in several parcels, which the platform's file cannot say."""
BAD_NUMBER = "looks_like_formula"
"""Order or tracking number would be a formula; it cannot be written unchanged."""

LONGEST_WORDS = 200
"""Characters of a platform's words that are kept."""


def tellable(layout: Layout, shipments: Sequence[Shipment]) -> tuple[list[Shipment], list[LeftOut]]:
    """Return the shipments that a layout can say, and the others with the reason."""
    found: list[Shipment] = []
    left: list[LeftOut] = []
    for one in shipments:
        if one.part is not None and layout.split is SplitRule.REFUSE:
            left.append(LeftOut(one.order, SPLIT_REFUSED))
        elif looks_like_formula(one.order_id) or looks_like_formula(one.number):
            left.append(LeftOut(one.order, BAD_NUMBER))
        else:
            found.append(one)
    return found, left


def own_file(
    layout: Layout,
    shipments: Sequence[Shipment],
    carriers: Mapping[CarrierCode, Carrier],
    zone: tzinfo,
) -> bytes:
    """Return the file of a layout of our own.

    Args:
        layout: With an own layout.
        shipments: At least one.
        carriers: Every carrier by code.
        zone: Of the shop, for the day of shipping.

    Raises:
        PackStationError: ``sheets.template_needed``, or a number cannot be written as it is.
    """
    own = layout.own
    if own is None:
        raise PackStationError(
            "sheets.template_needed",
            f"{layout.names[1]} takes only its own template.",
            fix="Download the template from the platform and give it with --template.",
            platform=layout.names[1],
        )
    rows = [
        *own.before,
        [heading for _, heading in own.columns],
        *(row for one in shipments for row in _rows(layout, own, one, carriers, zone)),
    ]
    match own.kind:
        case FileKind.XLSX:
            return xlsx_bytes(rows)
        case FileKind.CSV:
            return csv_bytes(rows)
        case FileKind.TSV:
            return tsv_bytes(rows, encoding=own.encoding)


def _rows(
    layout: Layout,
    own: OwnLayout,
    one: Shipment,
    carriers: Mapping[CarrierCode, Carrier],
    zone: tzinfo,
) -> Iterator[list[Cell]]:
    carrier = carriers.get(one.carrier)
    values: dict[str, Cell] = {
        "order_id": Exact(one.order_id),
        "ship_date": one.sealed_at.astimezone(zone).date().isoformat(),
        "carrier_code": layout.carrier_code(carrier) if carrier else str(one.carrier),
        "carrier_name": layout.carrier_name(carrier) if carrier else str(one.carrier),
        "tracking_number": Exact(one.number),
    }
    lines: Sequence[OrderLine | None] = one.lines or (None,)
    for line in lines:
        if line is not None:
            values |= {"item_id": Exact(line.line_key), "quantity": line.quantity}
        yield [values.get(name, "") for name, _ in own.columns]


# --- results -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Results:
    """What a result file says of the orders of one batch."""

    done: tuple[OrderKey, ...]
    failed: tuple[tuple[OrderKey, str], ...]
    """With the platform's words as they stand in the file."""
    unclear: tuple[tuple[str, str], ...]
    """Order number and the word that is understood neither as yes nor as no."""
    strangers: tuple[str, ...]
    """Order numbers that wait for no result in this batch."""


def read_results(path: Path, layout: Layout, batch: Batch) -> Results:
    """Read a platform's result file; it is opened in the limited child.

    A row without a word is no yes: it stays as it was. Contradicting rows of one order count as
    failed, since a failed order can be told again and a done one cannot.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: ``sheets.no_such_column`` names what is missing.
    """
    head, rows = read_table(path, layout.results, needed=("order_id",))
    place = columns_of(head, layout.results)
    if "result" not in place and "reason" not in place:
        raise missing_columns(path.name, ("result", "reason"), layout.results)
    waiting: dict[str, list[BatchRow]] = {}
    for row in batch.rows:
        if row.state is RowState.WRITTEN:
            waiting.setdefault(row.order_id, []).append(row)
    yes: dict[OrderKey, None] = {}
    no: dict[OrderKey, str] = {}
    unclear: list[tuple[str, str]] = []
    strangers: list[str] = []
    for _, cells in rows:
        order_id = identifier(cells[place["order_id"]])
        if isinstance(order_id, Damage):
            continue
        number = text(cells[place["tracking_number"]]) if "tracking_number" in place else None
        meant = [
            row
            for row in waiting.get(order_id, ())
            if number is None or number.upper() == row.number.upper()
        ]
        if not meant:
            strangers.append(order_id)
            continue
        word = (text(cells[place["result"]]) if "result" in place else None) or ""
        reason = (text(cells[place["reason"]]) if "reason" in place else None) or ""
        verdict = _verdict(layout, word, reason, has_result="result" in place)
        for row in meant:
            if verdict is RowState.DONE:
                yes[row.order] = None
            elif verdict is RowState.FAILED:
                no[row.order] = reason or word
            else:
                unclear.append((order_id, word))
    return Results(
        tuple(key for key in yes if key not in no),
        tuple(no.items()),
        tuple(unclear),
        tuple(strangers),
    )


def _verdict(layout: Layout, word: str, reason: str, *, has_result: bool) -> RowState:
    if has_result:
        said = normalised(word)
        if said in layout.done:
            return RowState.DONE
        return RowState.FAILED if said in layout.failed else RowState.WRITTEN
    said = normalised(reason)
    if said in layout.done:
        return RowState.DONE
    return RowState.FAILED if said else RowState.WRITTEN


_LONG_DIGITS = re.compile(r"\d[\d -]{5,}\d")


def without_people(words: str, row: BatchRow, person: Person) -> str:
    """Return a platform's words without people's data: names, phones and addresses are starred.

    >>> from packstation.core.orders import TrackingNumber
    >>> row = BatchRow(OrderKey("a/1"), "1", TrackingNumber("YT1"), CarrierCode("YTO"),
    ...     RowState.WRITTEN, "")
    >>> without_people("王小明 13800138000 拒收", row, Person(name="王小明"))
    '*** *** 拒收'
    """
    kept = "".join(c if c.isprintable() else " " for c in words)[: 4 * LONGEST_WORDS]
    for known in (person.name, person.phone, person.address, person.nick, person.zip_code):
        if known and len(known.strip()) > 1:
            kept = kept.replace(known.strip(), "***")
    for part in re.split(r"[\s,，;；]+", person.address or ""):
        if len(part) > 3:
            kept = kept.replace(part, "***")

    def masked(found: re.Match[str]) -> str:
        own = found[0] in row.order_id or found[0] in row.number
        return found[0] if own else "***"

    return _LONG_DIGITS.sub(masked, kept)[:LONGEST_WORDS]
