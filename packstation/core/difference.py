"""What changed between two imports of one order, in the words of a packer: take out, put in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from packstation.core.orders import (
    CarrierCode,
    ImportedOrder,
    OrderLine,
    Person,
    Recipient,
    TrackingNumber,
)

Units = tuple[tuple[str, int], ...]
"""Product and units, in the order of the lines."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file changed of an order that was here already; holds no people's data."""

    take_out: Units = ()
    """Products, by SKU or else barcode or title, of which there is less now."""
    add: Units = ()
    """Products of which there is more now."""
    lines: bool = False
    """The lines are told apart otherwise than before, even where the goods are the same."""
    recipient: bool = False
    carrier: bool = False
    number: bool = False
    notes: bool = False
    """Only a buyer's or seller's words."""

    @property
    def on_paper(self) -> bool:
        """True where a label made before must not travel, and a closed box must be opened."""
        return bool(self.take_out or self.add or self.recipient or self.carrier or self.number)

    @property
    def to_pack(self) -> bool:
        """True where an order that is not packed yet must be verified anew."""
        return self.on_paper or self.lines or self.notes


def difference(
    old: ImportedOrder,
    new: ImportedOrder,
    *,
    number: TrackingNumber | None = None,
    carrier: CarrierCode | None = None,
) -> Difference:
    """Compare two readings of one order by what matters to packing.

    The carrier's sorting code is a detail: another one stands on the next label that is made, and
    a label with the old one still arrives by its number.

    A file that is silent about carrier or number, or hides the recipient, says nothing new.

    Args:
        old: As known.
        new: As read now.
        number: On the parcel's label, where it has one: a file that names it is no change.
        carrier: Of that label.
    """
    before, after = old.order, new.order
    take_out, add = _units(before.lines, after.lines)
    return Difference(
        take_out=take_out,
        add=add,
        lines=_told_apart(before.lines) != _told_apart(after.lines),
        recipient=_moved(old, new),
        carrier=after.carrier not in (None, carrier or before.carrier),
        number=after.tracking_number not in (None, before.tracking_number, number),
        notes=(old.person.buyer_message, old.person.seller_memo)
        != (new.person.buyer_message, new.person.seller_memo),
    )


def _name(line: OrderLine) -> str:
    return line.sku or line.barcode or line.title


def _told_apart(lines: Iterable[OrderLine]) -> list[tuple[object, ...]]:
    return [(x.line_key, x.sku, x.quantity, x.barcode, x.sku or x.spec) for x in lines]


def _units(before: tuple[OrderLine, ...], after: tuple[OrderLine, ...]) -> tuple[Units, Units]:
    had, has = Counter[str](), Counter[str]()
    for count, lines in ((had, before), (has, after)):
        for line in lines:
            count[_name(line)] += line.quantity
    names = tuple(dict.fromkeys(_name(line) for line in (*before, *after)))
    less = tuple((name, had[name] - has[name]) for name in names if had[name] > has[name])
    more = tuple((name, has[name] - had[name]) for name in names if has[name] > had[name])
    return less, more


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def _where(person: Person) -> tuple[str, ...]:
    parts = (person.name, person.phone, person.address, person.zip_code)
    return tuple(_plain(part) for part in parts)


def _moved(old: ImportedOrder, new: ImportedOrder) -> bool:
    """Tell whether the parcel goes to somebody else; starred or encrypted text proves nothing."""
    hashes = old.person.platform_hash, new.person.platform_hash
    if hashes[0] is not None and hashes[1] is not None and hashes[0] != hashes[1]:
        return True
    full = old.order.recipient is Recipient.FULL and new.order.recipient is Recipient.FULL
    return full and _where(old.person) != _where(new.person)
