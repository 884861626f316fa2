"""The terms of slips: what a queued paper says beyond its key, as JSON in the print journal.

A pick list's terms hold its rows, not its orders alone: the paper says what was asked for, also
when it is printed a second time or an order has changed since. No terms hold people's data.

- discrepancy slip: ``{"counted": [[bag, ours, theirs], …], "reason": "", "drop_off": "",
  "carrier": ""}``, all but ``counted`` may be missing;
- pick list: ``{"name": "", "keys": ["shop/order", …], "orders": 2, "skus": 3, "units": 6,
  "sections": [{"view": "order", "cart": 0, "orders": ["…"], "rows": [[bin, sku, title, spec,
  barcode, units, gift, [[place, units], …]], …]}]}``, views as ``goods_slips.PickView``, all but
  ``keys`` needed; ``pick_terms`` makes them;
- every other slip has none: an empty text or ``{}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packstation.core.orders import OrderKey
from packstation.core.pick_rows import PickRow
from packstation.core.status import PaperKind
from packstation.errors import ComposeError
from packstation.printing.goods_slips import PickSection, PickSheet, PickView
from packstation.printing.handover_slips import CountedBag

MOST_ROWS = 2000
"""Bags of a handover or rows of a pick list; more make no paper that anybody reads."""
MOST_CHARACTERS = 2000
MOST_UNITS = 10_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Terms of a discrepancy slip."""

    bags: tuple[CountedBag, ...]
    reason: str
    drop_off: str
    carrier: str


def pick_terms(sheet: PickSheet) -> str:
    """Return the terms of a pick list; at most some 200 bytes a row.

    Raises:
        ComposeError: ``print.too_long``: it has more rows than a paper may have.
    """
    if max(sum(len(part.rows) for part in sheet.sections), len(sheet.keys)) > MOST_ROWS:
        raise ComposeError(
            "print.too_long",
            f"This pick list has more than {MOST_ROWS} lines.",
            fix="Choose fewer orders, or only the sum of each product.",
            most=MOST_ROWS,
        )
    told = {
        "name": sheet.name,
        "keys": sheet.keys,
        "orders": sheet.orders,
        "skus": sheet.skus,
        "units": sheet.units,
        "sections": [
            {
                "view": section.view.value,
                "cart": section.cart,
                "orders": list(section.orders),
                "rows": [
                    [r.bin, r.sku, r.title, r.spec, r.barcode, r.quantity, r.gift, r.totes]
                    for r in section.rows
                ],
            }
            for section in sheet.sections
        ],
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Half a character, as damaged files have them, is no UTF-8; as an escape it is still JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read_pick_terms(terms: str) -> PickSheet:
    """Return a pick list of its terms.

    Raises:
        ComposeError: ``print.bad_terms``.
    """
    reader = _Reader(PaperKind.PICK_LIST)
    told = reader.parsed(terms)
    if isinstance(told, Mapping):
        told = {"keys": [], **told}
    top = reader.mapping(told, "terms", ("name", "keys", "orders", "skus", "units", "sections"))
    sections = tuple(_section(reader, item) for item in reader.listing(top["sections"], "sections"))
    if sum(len(section.rows) for section in sections) > MOST_ROWS:
        raise reader.fail(f"more than {MOST_ROWS} rows")
    if not any(section.rows for section in sections):
        raise reader.fail("no rows")
    return PickSheet(
        name=reader.text(top["name"], "name"),
        orders=reader.whole(top["orders"], "orders"),
        skus=reader.whole(top["skus"], "skus"),
        units=reader.whole(top["units"], "units"),
        sections=sections,
        keys=tuple(
            OrderKey(reader.text(key, "key")) for key in reader.listing(top["keys"], "keys")
        ),
    )


def read_counted(terms: str) -> Counted:
    """Return the two counts of a discrepancy slip's terms.

    Raises:
        ComposeError: ``print.bad_terms``.
    """
    reader = _Reader(PaperKind.DISCREPANCY_SLIP)
    told = reader.parsed(terms)
    if isinstance(told, Mapping):
        told = {"reason": "", "drop_off": "", "carrier": "", **told}
    top = reader.mapping(told, "terms", ("counted", "reason", "drop_off", "carrier"))
    bags = []
    for item in reader.listing(top["counted"], "counted"):
        bag, ours, theirs = reader.row(item, "counted", 3)
        bags.append(
            CountedBag(
                reader.text(bag, "bag"), reader.whole(ours, "ours"), reader.whole(theirs, "theirs")
            )
        )
    if not bags:
        raise reader.fail("no bags")
    return Counted(
        tuple(bags),
        *(reader.text(top[key], key) for key in ("reason", "drop_off", "carrier")),
    )


def no_terms(kind: PaperKind, terms: str) -> None:
    """Hold that a slip without terms has none.

    Raises:
        ComposeError: ``print.bad_terms``.
    """
    reader = _Reader(kind)
    if terms.strip():
        reader.mapping(reader.parsed(terms), "terms", ())


def bad_terms(kind: PaperKind, problem: str) -> ComposeError:
    """Return the error of terms from which no paper can be made."""
    return ComposeError(
        "print.bad_terms",
        f"The paper {kind.value} cannot be made from what was asked for: {problem}.",
        fix="Ask for it again.",
        kind=kind.value,
        problem=problem,
    )


def _section(reader: _Reader, item: object) -> PickSection:
    told = reader.mapping(item, "section", ("view", "cart", "orders", "rows"))
    try:
        view = PickView(reader.text(told["view"], "view"))
    except ValueError:
        raise reader.fail("a view that is not known") from None
    orders = tuple(reader.text(one, "order") for one in reader.listing(told["orders"], "orders"))
    if view is PickView.ORDER and len(orders) != 1:
        raise reader.fail("the section of an order needs its one number")
    rows = tuple(_row(reader, one) for one in reader.listing(told["rows"], "rows"))
    return PickSection(view, rows, reader.whole(told["cart"], "cart"), orders)


def _row(reader: _Reader, item: object) -> PickRow:
    place, sku, title, spec, barcode, units, gift, totes = reader.row(item, "row", 8)
    if not isinstance(gift, bool):
        raise reader.fail("gift is not true or false")
    pairs = []
    for pair in reader.listing(totes, "totes"):
        number, count = reader.row(pair, "tote", 2)
        pairs.append((reader.whole(number, "place"), reader.whole(count, "units")))
    return PickRow(
        reader.text(place, "bin"),
        reader.text(sku, "sku"),
        reader.text(title, "title"),
        reader.text(spec, "spec"),
        reader.text(barcode, "barcode"),
        reader.whole(units, "units"),
        gift,
        tuple(pairs),
    )


class _Reader:
    """Checks what JSON says; every refusal is one sentence."""

    def __init__(self, kind: PaperKind) -> None:
        self._kind = kind

    def fail(self, problem: str) -> ComposeError:
        return bad_terms(self._kind, problem)

    def parsed(self, terms: str) -> object:
        try:
            found: object = json.loads(terms)
        except (ValueError, RecursionError):
            raise self.fail("it is not JSON") from None
        return found

    def mapping(self, value: object, name: str, keys: Sequence[str]) -> Mapping[str, object]:
        if not isinstance(value, dict):
            raise self.fail(f"{name} is no object")
        if set(value) != set(keys):
            raise self.fail(f"{name} does not have exactly the keys {', '.join(keys) or 'none'}")
        return value

    def listing(self, value: object, name: str) -> list[object]:
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            raise self.fail(f"{name} is no list of {MOST_ROWS} at most")
        return value

    def row(self, value: object, name: str, length: int) -> list[object]:
        if not isinstance(value, list) or len(value) != length:
            raise self.fail(f"{name} does not have {length} items")
        return value

    def text(self, value: object, name: str) -> str:
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            raise self.fail(f"{name} is no text of {MOST_CHARACTERS} characters at most")
        return value

    def whole(self, value: object, name: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_UNITS:
            raise self.fail(f"{name} is no whole number from 0 to {MOST_UNITS}")
        return value
