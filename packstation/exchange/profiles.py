"""What a shop's file looks like, and which profile a file's headings fit.

A profile is one TOML file; no code names a platform. It is told by the set of its headings, never
by their position or by the file's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from packstation.core.orders import OrderKind
from packstation.errors import DataFileError
from packstation.exchange.cells import normalised
from packstation.exchange.table_rows import Reading

ORDER_FIELDS = (
    "shop", "status", "status_detail", "after_sale", "cancel_type", "cancelled_at",
    "closing_reason", "sale_kind", "paid_at", "promised_ship_at", "recipient", "phone", "address",
    "zip_code", "nick", "carrier", "tracking_number", "package_id", "buyer_message",
    "seller_memo", "total_quantity", "placed_at", "cancel_requested_at", "arranged_at",
    "collected_at", "urged", "platform_hash", "review", "custom_made", "virtual_goods",
    "sorting", "bag_place",
)  # fmt: skip
"""What a file can say about a whole order; the first row that says it counts."""
LINE_FIELDS = (
    "line_key", "sku", "title", "spec", "quantity", "barcode", "bin", "bundle_info",
    "gift_title", "gift_spec", "gift_quantity", "item_number", "gift", "line_status", "items",
    "ships",
)  # fmt: skip
"""What a file can say about one line; ``items`` are all lines of an order in one cell."""
FIELDS = frozenset(("order_id", *ORDER_FIELDS, *LINE_FIELDS, "code", "units"))
"""Every field that a profile may give headings to."""
FIELD_ALIASES = {"location": "bin", "name": "recipient", "memo": "seller_memo", "zip": "zip_code"}
"""Other words that a shop's mapping may use."""


class Part(StrEnum):
    """What the rows of one file are."""

    LINES_WITH_ORDER = "lines_with_order"
    """Each row is a line and carries its order's columns."""
    ORDERS = "orders"
    """Each row is an order without its lines; a second file has them."""
    LINES = "lines"
    """Each row is a line; a second file has the orders."""
    CODES = "codes"
    """Each row is a product code of a SKU."""


class Standing(StrEnum):
    """What a status word means; ``nothing`` marks a word as known and harmless."""

    TO_SHIP = "to_ship"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    CANCEL_REQUESTED = "cancel_requested"
    REFUND_REQUESTED = "refund_requested"
    REFUNDED = "refunded"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    PRESALE = "presale"
    UNKNOWN = "unknown_status"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field is found: the first heading with a value, or several joined."""

    headings: tuple[str, ...]
    """As the profile writes them."""
    joined_with: str | None = None
    """Set: all headings that are there are joined by this text."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """One declared step: its kind and its checked options, see ``steps``."""

    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileForm:
    """One file of a profile: its columns and the steps its rows go through."""

    part: Part
    columns: Mapping[str, Column]
    required: tuple[tuple[str, ...], ...]
    """Each entry is a field, or several of which one must be there."""
    steps: tuple[StepRule, ...] = ()
    sheet: str | None = None
    """Sheet that stands for the whole workbook where it is present."""
    quoted: bool = True
    """Whether quotation marks enclose cells."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A column that can stop an order beside its status."""

    field: str
    words: Mapping[str, Standing]
    """Normalised word → standing."""
    otherwise: Standing | None = None
    """For any other word; None = no effect."""
    empty: Standing | None = None
    """For an empty cell; None = no effect."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """A column that tells what sort of sale an order is."""

    field: str
    words: Mapping[str, OrderKind]
    """Normalised word → kind."""
    otherwise: OrderKind | None = None
    """For any other word; None = no effect."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything one TOML file says about a shop's export."""

    name: str
    family: str
    forms: tuple[FileForm, ...]
    status_fields: tuple[str, ...] = ()
    status_words: Mapping[str, Standing] = field(default_factory=dict)
    """Normalised word → standing."""
    flags: tuple[Flag, ...] = ()
    line_key: str | None = None
    """Field that is unique inside an order; the same again is a duplicate row."""
    closed_lines: frozenset[Standing] = frozenset()
    """Standings of a line that leave it out of an order that is still open."""
    takes_mapping: bool = False
    """Whether the shop's own mapping of headings applies."""
    kinds: tuple[KindRule, ...] = ()
    """The first that knows the order's word decides."""
    encodings: tuple[str, ...] = ()
    """Encodings of its text files that are never guessed: tried where nothing else fits."""
    own: bool = False
    """Whether the shop made it; it wins where the program's fits equally well."""


@dataclass(frozen=True, slots=True)
class Match:
    """One way in which a file's headings fit a profile."""

    profile: Profile
    form: FileForm
    reading: Reading
    header_row: int
    """Number of the headings' row."""
    headings: tuple[str, ...]
    """Normalised, by position."""
    score: tuple[int, int, bool]
    """Required entries found, columns found, whether the profile is the shop's own."""


def with_mapping(profile: Profile, mapping: Mapping[str, str]) -> Profile:
    """Return a profile whose fields are looked for under the shop's own headings first.

    Raises:
        DataFileError: The mapping names a field that does not exist.
    """
    if not profile.takes_mapping or not mapping:
        return profile
    forms = []
    for form in profile.forms:
        columns = dict(form.columns)
        for name, heading in mapping.items():
            key = FIELD_ALIASES.get(name, name)
            if key not in FIELDS:
                raise DataFileError(
                    "settings.bad_value",
                    f"The mapping (key mapping) names a field {name!r} that does not exist.",
                    fix="Use one of: " + ", ".join(sorted(FIELDS)) + ".",
                    key="mapping",
                )
            known = columns.get(key, Column(()))
            columns[key] = replace(known, headings=(heading, *known.headings))
        forms.append(replace(form, columns=columns))
    return replace(profile, forms=tuple(forms))


def _found(form: FileForm, headings: frozenset[str]) -> set[str]:
    return {
        name
        for name, column in form.columns.items()
        if any(normalised(heading) in headings for heading in column.headings)
    }


def best_match(readings: Sequence[Reading], profiles: Iterable[Profile]) -> Match | None:
    """Return the profile whose headings fit a file best, or None where none has all it requires."""
    best: Match | None = None
    forms = [(profile, form) for profile in profiles for form in profile.forms]
    for reading in readings:
        for number, cells in reading.rows:
            headings = tuple(normalised(c) if isinstance(c, str) else "" for c in cells)
            present = frozenset(headings) - {""}
            for profile, form in forms:
                found = _found(form, present)
                if any(found.isdisjoint(entry) for entry in form.required):
                    continue
                score = (len(form.required), len(found), profile.own)
                if best is None or score > best.score:
                    best = Match(profile, form, reading, number, headings, score)
    return best


@dataclass(frozen=True, slots=True)
class Nearest:
    """What a refused file has, and what the closest profile still asks for."""

    headings: tuple[str, ...]
    """As the file writes them."""
    profile: str
    missing: tuple[str, ...]
    """One accepted heading for each required column that is not there."""


def nearest(readings: Sequence[Reading], profiles: Iterable[Profile]) -> Nearest:
    """Return the closest profile of a file that fits none."""
    best: tuple[float, Nearest] | None = None
    forms = [(profile, form) for profile in profiles for form in profile.forms]
    for reading in readings:
        for _, cells in reading.rows:
            words = tuple(c.strip() for c in cells if isinstance(c, str) and c.strip())
            if not words:
                continue
            present = frozenset(map(normalised, words))
            for profile, form in forms:
                found = _found(form, present)
                missing = tuple(
                    form.columns[entry[0]].headings[0]
                    for entry in form.required
                    if found.isdisjoint(entry)
                )
                share = 1 - len(missing) / len(form.required)
                rank = share + len(words) / 1000
                if best is None or rank > best[0]:
                    best = (rank, Nearest(words, profile.name, missing))
    return best[1] if best else Nearest((), "", ())
