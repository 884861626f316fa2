"""What a person types to find an order: numbers, a part of one, an account name, goods.

Everything is looked up by equality or by its beginning; nothing that is typed is a pattern.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packstation.core.codes import folded
from packstation.store import order_bits
from packstation.store.database import Database
from packstation.store.order_bits import Orders
from packstation.store.order_goods import GoodsFound, find_goods
from packstation.store.order_index import terms_in
from packstation.store.order_terms import TAIL, tails_of
from packstation.store.people import PeopleVault

MOST_NUMBERS = 10_000
"""More orders than these under one beginning are looked at one by one, the newest first."""
MOST_COMPARED = 1000
"""The same for what takes a second look: numbers of parcels, last characters, account names."""
_END = "\U0010ffff"
_BEGINNINGS = (
    ("SELECT id FROM orders WHERE order_id >= ?1 AND order_id < ?2 LIMIT ?3", MOST_NUMBERS),
    (
        "SELECT id FROM orders INDEXED BY orders_by_number"
        " WHERE tracking_number >= ?1 AND tracking_number < ?2 LIMIT ?3",
        MOST_NUMBERS,
    ),
    (
        "SELECT o.id FROM parcels AS p CROSS JOIN orders AS o ON o.order_key = p.order_key"
        " WHERE p.tracking_number >= ?1 AND p.tracking_number < ?2 AND p.state <> 'VOIDED'"
        " LIMIT ?3",
        MOST_COMPARED,
    ),
    (
        "SELECT o.id FROM carrier_numbers AS c CROSS JOIN orders AS o ON o.order_key = c.order_key"
        " WHERE c.number >= ?1 AND c.number < ?2 LIMIT ?3",
        MOST_COMPARED,
    ),
)
_ENDS = (
    "SELECT id FROM order_index WHERE id_tail BETWEEN ?1 AND ?2 LIMIT ?3",
    "SELECT id FROM order_index WHERE number_tail BETWEEN ?1 AND ?2 LIMIT ?3",
)
_NUMBERS = (
    "SELECT o.id, o.order_id, o.tracking_number, p.tracking_number, c.number"
    " FROM json_each(?) AS k CROSS JOIN orders AS o ON o.id = k.value"
    " LEFT JOIN parcels AS p ON p.order_key = o.order_key"
    " LEFT JOIN carrier_numbers AS c ON c.order_key = o.order_key"
)


@dataclass(slots=True)
class TextFound:
    """Orders that a text means: some by name, some by their goods, the rest to be looked at."""

    ids: Orders
    """By number or account name; all of them unless ``numbers`` is set."""
    goods: GoodsFound
    numbers: tuple[str, ...] = ()
    """Forms of a number that too many orders begin or end with."""
    _named: Callable[[int], bool] | None = field(default=None, repr=False)

    @property
    def listed(self) -> bool:
        """True where ``ids`` and the orders of ``goods.ids`` are all there are."""
        return not self.numbers and self.goods.listed

    def meant(self, db: Database, rows: Mapping[int, bytes]) -> set[int]:
        """Return which of some orders are meant, by their row ids and terms."""
        if self._named is None:
            self._named = order_bits.holder(self.ids)
        found = {
            one
            for one, terms in rows.items()
            if self._named(one) or self.goods.means(db, terms_in(terms))
        }
        if self.numbers:
            found |= _with_numbers(db, [one for one in rows if one not in found], self.numbers)
        return found


def _with_numbers(db: Database, ids: Sequence[int], forms: tuple[str, ...]) -> set[int]:
    """Return which orders have a number that begins or ends like this."""
    return {
        one
        for one, *numbers in db.rows(_NUMBERS, (json.dumps(ids),))
        if any(number and _fits(number, forms) for number in numbers)
    }


def _fits(number: str, forms: tuple[str, ...]) -> bool:
    return any(
        number.startswith(form) or (len(form) >= TAIL and folded(number).endswith(folded(form)))
        for form in forms
    )


def find_text(db: Database, people: PeopleVault | None, text: str) -> TextFound:
    """Return the orders that a text means.

    Args:
        db: The store.
        people: Knows the key that account names are digested with; None = they are not looked up.
        text: As typed.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    forms = tuple(dict.fromkeys((text.strip(), plain, plain.upper(), plain.lower())))
    ids: set[int] = set()
    many = False
    for sql, most in _BEGINNINGS:
        for form in forms:
            rows = db.rows(sql, (form, form + _END, most + 1))
            if len(rows) > most:
                many = True  # each is compared, so none need be listed
            else:
                ids.update(one for (one,) in rows)
    first, last, sure = tails_of(plain) or (1, 0, True)
    for sql in _ENDS:
        rows = db.rows(sql, (first, last, MOST_COMPARED + 1))
        if len(rows) > MOST_COMPARED:
            many = True
        else:
            ends = [one for (one,) in rows]
            ids.update(ends if sure else _with_numbers(db, ends, forms))
    if people is not None:
        for subject in people.subjects_of(plain, MOST_COMPARED):
            row = db.row("SELECT id FROM orders WHERE order_key = ?", (subject,))
            ids.update(row or ())
    found = order_bits.of_ids(ids)
    return TextFound(found, find_goods(db, plain), forms if many else ())
