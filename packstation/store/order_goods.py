"""The catalogue of everything that orders name: each SKU with each of its titles, once.

Titles are searched here and not in millions of orders. Chinese has no spaces between words, so
every single character and every pair of neighbours leads to its titles; what is typed is looked
up by them and compared as plain text. There is no query language that input could break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from packstation.core.codes import folded
from packstation.store.database import Database
from packstation.store.order_terms import parts_of

MOST_GOODS = 4000
"""More goods than these are not listed for a search but looked at order by order."""
_RARE = 500
"""A pair of characters with fewer titles than this is not compared with others."""


def grams_of(text: str) -> set[str]:
    """Return every character and every two neighbours of a folded text, blanks aside.

    >>> sorted(grams_of("保温杯"))
    ['保', '保温', '杯', '温', '温杯']
    """
    found: set[str] = set()
    for word in text.split():
        found.update(word)
        found.update(word[n : n + 2] for n in range(len(word) - 1))
    return found


def add_goods(db: Database, values: Mapping[str, int]) -> None:
    """Write goods into the catalogue, by the values and ids of their terms."""
    grams: list[tuple[str, int]] = []
    rows: list[tuple[object, ...]] = []
    for value, one in values.items():
        sku, title, spec = parts_of(value)
        text = folded(f"{title} {spec}")
        rows.append((one, sku, folded(sku), title, text))
        grams.extend((gram, one) for gram in grams_of(text))
    db.run_many("INSERT INTO order_goods VALUES (?, ?, ?, ?, ?)", rows)
    db.run_many("INSERT INTO order_grams VALUES (?, ?)", sorted(grams))


@dataclass(slots=True)
class GoodsFound:
    """Goods that a text means."""

    ids: frozenset[int]
    """All of them, where they are not too many."""
    words: tuple[str, ...] = ()
    """Folded words to compare titles with, where they are too many to be listed."""
    start: str | None = None
    """Folded beginning of a SKU, in the same case."""
    _seen: dict[int, bool] = field(default_factory=dict)

    @property
    def listed(self) -> bool:
        """True where ``ids`` are all there are."""
        return not self.words and self.start is None

    def means(self, db: Database, terms: Iterable[int]) -> bool:
        """Tell whether goods are among the terms of an order."""
        if not self.ids.isdisjoint(terms):
            return True
        return not self.listed and any(self._means(db, term) for term in terms)

    def _means(self, db: Database, term: int) -> bool:
        known = self._seen.get(term)
        if known is None:
            row = db.row("SELECT folded_sku, folded FROM order_goods WHERE id = ?", (term,))
            known = row is not None and (
                bool(self.words and all(word in row[1] for word in self.words))
                or bool(self.start and row[0].startswith(self.start))
            )
            self._seen[term] = known
        return known


def find_goods(db: Database, text: str) -> GoodsFound:
    """Return the goods whose SKU begins with a text, or whose title has all of its words."""
    plain = folded(text).strip()
    words = tuple(plain.split())
    if not words:
        return GoodsFound(frozenset())
    by_sku = db.rows(
        "SELECT id FROM order_goods WHERE folded_sku >= ? AND folded_sku < ? LIMIT ?",
        (plain, plain + "\U0010ffff", MOST_GOODS + 1),
    )
    by_title = _with_words(db, words)
    start = plain if len(by_sku) > MOST_GOODS else None
    ids = frozenset(one for (one,) in by_sku) if start is None else frozenset()
    if by_title is None:
        return GoodsFound(ids, words, start)
    return GoodsFound(ids | frozenset(by_title), (), start)


def _with_words(db: Database, words: tuple[str, ...]) -> list[int] | None:
    """Return the goods whose titles have every word; None where they may be too many."""
    grams = {gram for word in words for gram in grams_of(word) if len(gram) == min(len(word), 2)}
    rarest, fewest = "", MOST_GOODS + 1
    for gram in sorted(grams):
        row = db.row(
            "SELECT count(*) FROM (SELECT 1 FROM order_grams WHERE gram = ? LIMIT ?)",
            (gram, fewest),
        )
        if row is not None and row[0] < fewest:
            rarest, fewest = gram, row[0]
        if fewest < _RARE:
            break
    if not rarest:
        return None
    if len(words) == 1 and len(words[0]) == len(rarest):
        rows = db.rows("SELECT goods FROM order_grams WHERE gram = ?", (rarest,))
        return [one for (one,) in rows]
    rows = db.rows(
        "SELECT t.id, t.folded FROM order_grams AS g JOIN order_goods AS t ON t.id = g.goods"
        " WHERE g.gram = ?",
        (rarest,),
    )
    return [one for one, text in rows if all(word in text for word in words)]
