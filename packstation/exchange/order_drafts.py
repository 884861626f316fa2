"""Orders while their rows come in, not yet judged: lines, standings and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packstation.core.orders import LineKey, OrderLine, RefusedRow, Sku
from packstation.exchange.cells import (
    Damage,
    identifier,
    normalised,
    quantity,
    says_yes,
    text,
)
from packstation.exchange.profiles import ORDER_FIELDS, Match, Part, Profile, Standing
from packstation.exchange.standings import StandingReader
from packstation.exchange.steps import Record
from packstation.exchange.table_rows import EXTRA_CELLS, SHORT_AND_CUT, Cell


@dataclass(slots=True)
class DraftLine:
    """One line with its row's place and standings."""

    line: OrderLine
    row: int
    file: str
    standings: frozenset[Standing]


@dataclass(slots=True)
class Draft:
    """One order as its rows have told it so far."""

    shop: str
    order_id: str
    values: dict[str, Cell] = field(default_factory=dict)
    """Order fields; the first row that has a value counts."""
    standings: set[Standing] = field(default_factory=set)
    """Of the rows that speak for the whole order."""
    lines: list[DraftLine] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """Line keys seen, to know the same row again."""
    refused: bool = False
    """Whether a row of it was refused, so that it would be packed short."""
    listed: bool = False
    """Whether the order itself was listed, where orders and lines are two files."""
    alone: set[Standing] = field(default_factory=set)
    """Of rows that are no line; they count where the order has no line at all."""


class DraftTable:
    """All orders of one import, filled row by row."""

    def __init__(self, profile: Profile, default_shop: str) -> None:
        """Start empty.

        Args:
            profile: Says what makes a line unique and which lines count as closed.
            default_shop: For rows that name no shop.
        """
        self.drafts: dict[tuple[str, str], Draft] = {}
        self.refused: list[RefusedRow] = []
        self.family = profile.family
        self.has_status = False
        """Whether a file had a status column; without one everything is to ship."""
        self._default_shop = default_shop

    def refuse(
        self, file: str, row: int, reason: str, detail: str, draft: Draft | None = None
    ) -> None:
        """Note a row that is not taken; its order, where known, will not be packed."""
        order_id = draft.order_id if draft else None
        self.refused.append(RefusedRow(row, reason, file, detail, order_id))

    def draft(self, values: Mapping[str, Cell], order_id: str) -> Draft:
        """Return the draft of an order, made on its first row."""
        shop = self._default_shop
        named = values.get("shop")
        if named:
            shop = (text(named) or shop).replace("/", "-")
        found = self.drafts.get((shop, order_id))
        if found is None:
            found = self.drafts[shop, order_id] = Draft(shop, order_id)
        return found


class RowTaker:
    """Takes the records of one file into the drafts."""

    def __init__(
        self, table: DraftTable, match: Match, present: frozenset[str], file: str,
        standings: StandingReader,
    ) -> None:  # fmt: skip
        """Bind one file to the drafts.

        Args:
            table: The drafts of the import.
            match: The profile's form that the file fits.
            present: Fields that the file has a column for.
            file: File name for the row report.
            standings: Reader of the status words.
        """
        self._table = table
        self._form = match.form
        self._key = match.profile.line_key
        self._closes = bool(match.profile.closed_lines) or match.form.part is Part.LINES
        self._file = file
        self._standings = standings
        told = present | {"zip_code", "total_quantity"}  # a step may find them elsewhere
        told |= {str(rule.options["into"]) for rule in match.form.steps if "into" in rule.options}
        self._order_fields = tuple(name for name in ORDER_FIELDS if name in told)
        self._id_headings = frozenset(map(normalised, match.form.columns["order_id"].headings))
        names = {heading: n for n, heading in enumerate(match.headings) if heading}
        self._needed_cells = _needed_cells(match, names)

    def take(self, record: Record) -> None:
        """Take one record: into its order, or into the row report with a reason."""
        values = record.values
        order_id = identifier(values.get("order_id", ""))
        broken = self._broken_row(record)
        if isinstance(order_id, Damage):
            reason = broken or order_id.value
            self._table.refuse(self._file, record.row, reason, self._shown(values, "order_id"))
            return
        if order_id[0] not in "0123456789" and normalised(order_id) in self._id_headings:
            return  # the headings again, as where exports were pasted under each other
        draft = self._table.draft(values, order_id)
        if broken:
            self._refuse(record, draft, broken, "the row's cells do not fit the headings")
            return
        if self._form.part is Part.ORDERS:
            self._take_order(record, draft)
        else:
            self._take_line(record, draft)

    def _take_order(self, record: Record, draft: Draft) -> None:
        if draft.listed:
            detail = f"order {draft.order_id} is listed twice"
            self._table.refuse(self._file, record.row, "duplicate_row", detail, draft)
            return
        draft.listed = True
        draft.standings |= self._standings.read(record.values)
        self._gather(draft, record.values)

    def _take_line(self, record: Record, draft: Draft) -> None:
        values = record.values
        if record.order_only:
            if record.alone is not None:
                draft.alone.add(record.alone)
            draft.standings |= self._standings.read(values)
            self._gather(draft, values)
            return
        key = identifier(values.get(self._key, "")) if self._key else Damage.EMPTY
        if isinstance(key, str) and key in draft.keys:
            detail = f"line {key} of this order came before"
            self._table.refuse(self._file, record.row, "duplicate_row", detail, draft)
            return
        sku = identifier(values.get("sku", ""), sku=True)
        printed, number = values.get("barcode"), values.get("tracking_number")
        barcode = identifier(printed) if printed else Damage.EMPTY
        tracking = identifier(number) if number else Damage.EMPTY
        found = (key, sku, barcode, tracking)
        if Damage.DAMAGED in found:
            names = (self._key or "", "sku", "barcode", "tracking_number")
            name = names[found.index(Damage.DAMAGED)]
            self._refuse(record, draft, Damage.DAMAGED.value, self._shown(values, name))
            return
        count = quantity(values.get("quantity", ""))
        if count is None:
            self._refuse(record, draft, "bad_quantity", self._shown(values, "quantity"))
            return
        title = text(values.get("title", "")) or ""
        if not title and sku is Damage.EMPTY and barcode is Damage.EMPTY:
            self._refuse(record, draft, "missing_id", "neither product code nor title is given")
            return
        if isinstance(key, str):
            draft.keys.add(key)
        line_key = key if isinstance(key, str) else str(len(draft.lines) + 1)
        bundle, place = values.get("bundle_info"), values.get("bin")
        line = OrderLine(
            line_key=LineKey(line_key),
            sku=Sku(sku if isinstance(sku, str) else ""),
            title=title,
            quantity=count,
            spec=text(values.get("spec", "")),
            barcode=barcode if isinstance(barcode, str) else None,
            bin=text(place) if place else None,
            gift=record.gift or says_yes(values.get("gift", "")),
            bundle_info=text(bundle) if bundle else None,
        )
        standings = self._standings.read(values)
        if not self._closes:
            draft.standings |= standings
        draft.lines.append(DraftLine(line, record.row, self._file, standings))
        self._gather(draft, values)

    def _gather(self, draft: Draft, values: Mapping[str, Cell]) -> None:
        known = draft.values
        for name in self._order_fields:
            if name not in known:
                cell = values.get(name)
                if cell:
                    known[name] = cell

    def _refuse(self, record: Record, draft: Draft, reason: str, detail: str) -> None:
        draft.refused = True
        self._gather(draft, record.values)
        if not self._closes:
            draft.standings |= self._standings.read(record.values)
        self._table.refuse(self._file, record.row, reason, detail, draft)

    def _broken_row(self, record: Record) -> str | None:
        if record.refusal is not None:
            return record.refusal
        if record.missing == 0:
            return None
        if record.missing == EXTRA_CELLS:
            return "extra_cells"
        if record.missing == SHORT_AND_CUT or record.missing > self._needed_cells:
            return "truncated_row"
        return None

    def _shown(self, values: Mapping[str, Cell], name: str) -> str:
        """Return column and value for the row report: identifiers and counts, never people."""
        column = self._form.columns.get(name)
        heading = column.headings[0].strip() if column and column.headings else name
        value = values.get(name, "")
        if isinstance(value, float):
            value = repr(value)
        if isinstance(value, Mapping):
            what = "a date" if "at" in value else "a formula or an error without a value"
            return f"{heading}: {what}"
        return f"{heading}: {str(value).strip()[:60]!r}"


def _needed_cells(match: Match, names: Mapping[str, int]) -> int:
    """Return how many cells may be missing at a row's end before a required one is."""
    last = 0
    for entry in match.form.required:
        for name in entry:
            for heading in match.form.columns[name].headings:
                last = max(last, names.get(normalised(heading), 0))
    width = max((n + 1 for n, heading in enumerate(match.headings) if heading), default=0)
    return width - last - 1
