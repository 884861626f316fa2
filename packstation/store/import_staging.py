"""Imports of any size, in short transactions: a scan is never kept waiting by a file.

What is read is laid aside in sealed parts that nobody looks at. Once all of it is there, one
transaction publishes it: from then on every scan finds every order of it, because the part with
that order goes into the tables first. The other parts follow by themselves, changes before new
orders, each in a transaction of its own. A program that dies before the publishing leaves nothing
but parts, which the next start throws away; one that dies after it is carried on by the next
start. Journal and tables know only orders that count.
"""

from __future__ import annotations

import json
import logging
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.imports import ImportHead, ImportReport, ImportTail, ParsedFiles
from packstation.core.json_codec import from_text, json_text
from packstation.core.orders import (
    ImportedOrder,
    Order,
    OrderKey,
    RefusedRow,
    ShopKey,
    Sku,
)
from packstation.store.database import Database
from packstation.store.import_compare import Prepared, prepared_of
from packstation.store.import_publish import Imports
from packstation.store.people import PeopleVault
from packstation.store.recorder import Recorder

log = logging.getLogger(__name__)

_FEW = 1000
"""Codes and refused rows that are written with the publishing itself."""
_DROPPED = 40
"""Parts thrown away in one transaction."""
_RANKS = {"codes": 0, "changed": 1, "new": 2, "refused": 3}
_BELONGS = "staged"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that the program before did not bring to its end."""

    names: tuple[str, ...]
    """Of its files."""
    finished: bool
    """True = it was published and is whole now; False = nothing of it is left."""


class Staging:
    """The way of large imports into the store; one at a time."""

    def __init__(self, recorder: Recorder, people: PeopleVault, imports: Imports) -> None:
        """Keep the way to write, the vault, and what writes orders."""
        self.recorder = recorder
        self.db: Database = recorder.db
        self.people = people
        self.imports = imports
        self.one_at_a_time = threading.Lock()
        self._where: dict[str, int] = {}
        """Order or tracking number → part with the order; only between publishing and end."""
        self._changes: list[OrderChanged] = []

    # In the room ``store``

    def take_up(self) -> tuple[Unfinished, ...]:
        """Bring imports of before to their end: throw away what was not whole, finish the others.

        Raises:
            StoreError: It stays as it is; the next start tries again.
        """
        found = []
        for number, names, published in self.db.rows(
            "SELECT id, names, published FROM staged_imports ORDER BY id"
        ):
            told = Unfinished(tuple(json.loads(names)), bool(published))
            if published:
                while self.apply_next(number):
                    pass
            else:
                while self.drop_some(number):
                    pass
            log.warning("import taken up", extra={"finished": told.finished})
            found.append(told)
        self._changes.clear()
        self._where.clear()
        return tuple(found)

    def open(self, import_id: str, names: Sequence[str], day: date) -> int:
        """Make room for an import; returns its number."""
        with self.recorder.tx():
            self.db.run(
                "INSERT INTO staged_imports (import_id, names, day) VALUES (?, ?, ?)",
                (import_id, json_text(list(names)), day.isoformat()),
            )
            row = self.db.row("SELECT last_insert_rowid()")
        assert row is not None, "a row was inserted just now"
        return int(row[0])

    def lay(self, number: int, parts: Sequence[tuple[str, int, bytes]], day: date) -> list[int]:
        """Lay parts aside, each with kind, entries and packed bytes; returns their ids."""
        with self.recorder.tx():
            return [self._lay(number, *part, day) for part in parts]

    def _lay(self, number: int, kind: str, entries: int, packed: bytes, day: date) -> int:
        sealed = self.people.seal(packed, day, _BELONGS)
        self.db.run(
            "INSERT INTO staged_parts (import, rank, kind, entries, sealed) VALUES (?, ?, ?, ?, ?)",
            (number, _RANKS[kind], kind, entries, sealed),
        )
        row = self.db.row("SELECT last_insert_rowid()")
        assert row is not None, "a row was inserted just now"
        return int(row[0])

    def contents(self, keys: Sequence[OrderKey]) -> dict[str, str]:
        """Return what the store knows the content of, by key."""
        rows = self.db.rows(
            "SELECT order_key, content FROM json_each(?) JOIN orders ON order_key = value",
            (json.dumps(keys),),
        )
        return dict(rows)

    def publish(
        self, number: int, report: ImportReport, tail: ImportTail, head: ImportHead, whole: str
    ) -> ImportReport:
        """Make an import count, in one transaction; its parts follow."""
        day = self._day(number)
        codes = self.imports.new_codes(tail.codes)
        few_refused = len(tail.refused) <= _FEW
        with self.recorder.tx():
            for start in range(0, 0 if len(codes) <= _FEW else len(codes), _FEW):
                some = [[c.shop, c.code, c.sku, c.units] for c in codes[start : start + _FEW]]
                self._lay(number, "codes", len(some), _packed(some), day)
            for start in range(0, 0 if few_refused else len(tail.refused), _FEW):
                rows = [_row(one) for one in tail.refused[start : start + _FEW]]
                self._lay(number, "refused", len(rows), _packed([report.import_id, rows]), day)
            if codes and len(codes) <= _FEW:
                self.imports.write_codes(codes)
            self.imports.write_report(report, head.rows, head.digests, whole)
            if few_refused:
                self.imports.write_refused(report.import_id, tail.refused)
            self.db.run("UPDATE staged_imports SET published = 1 WHERE id = ?", (number,))
        return replace(report, codes=len(codes))

    def published(self, where: dict[str, int]) -> None:
        """Know where each order waits, so that a scan can have it at once."""
        self._where = where

    def pull(self, forms: Iterable[str]) -> bool:
        """Write what waits under an order's number before that is looked up; true where it did."""
        wrote = False
        if not self._where:
            return wrote
        for form in forms:
            part = self._where.get(form)
            if part is not None:
                row = self.db.row("SELECT import FROM staged_parts WHERE id = ?", (part,))
                if row is not None:
                    while (codes := self._next(row[0], "codes")) is not None:
                        self._apply(codes)
                    self._apply(part)
                    wrote = True
        return wrote

    def apply_next(self, number: int) -> bool:
        """Write the next part of a published import; False when it was the last."""
        part = self._next(number)
        if part is not None:
            self._apply(part)
            return True
        with self.recorder.tx():
            self.db.run("DELETE FROM staged_imports WHERE id = ?", (number,))
        self._where = {}
        return False

    def changes(self) -> tuple[OrderChanged, ...]:
        """Return, once, what was changed since it was asked last."""
        told = tuple(self._changes)
        self._changes.clear()
        return told

    def drop_some(self, number: int) -> bool:
        """Throw some parts away; False when nothing is left of the import."""
        with self.recorder.tx():
            gone = self.db.run(
                "DELETE FROM staged_parts WHERE id IN"
                " (SELECT id FROM staged_parts WHERE import = ? LIMIT ?)",
                (number, _DROPPED),
            )
            if not gone:
                self.db.run("DELETE FROM staged_imports WHERE id = ?", (number,))
        return bool(gone)

    def _next(self, number: int, kind: str | None = None) -> int | None:
        row = self.db.row(
            "SELECT id FROM staged_parts WHERE import = ?1 AND (?2 IS NULL OR kind = ?2)"
            " ORDER BY rank, id LIMIT 1",
            (number, kind),
        )
        return None if row is None else int(row[0])

    def _day(self, number: int) -> date:
        row = self.db.row("SELECT day FROM staged_imports WHERE id = ?", (number,))
        assert row is not None, "it was opened"
        return date.fromisoformat(row[0])

    def _apply(self, part: int) -> None:
        row = self.db.row(
            "SELECT p.kind, p.sealed, i.day FROM staged_parts AS p"
            " JOIN staged_imports AS i ON i.id = p.import WHERE p.id = ?",
            (part,),
        )
        if row is None:
            return  # a scan has pulled it
        kind, sealed, day = row
        packed = zlib.decompress(self.people.unseal(sealed, date.fromisoformat(day), _BELONGS))
        with self.recorder.tx(listed=False):
            if kind == "codes":
                found = [ProductCode(ShopKey(s), c, Sku(k), n) for s, c, k, n in json.loads(packed)]
                self.imports.write_codes(tuple(found))
            elif kind == "refused":
                import_id, rows = json.loads(packed)
                self.imports.write_refused(import_id, [RefusedRow(*one) for one in rows])
            else:
                self._changes += self.imports.write_part(_prepared(packed, self.people))
            self.db.run("DELETE FROM staged_parts WHERE id = ?", (part,))


def _packed(values: object) -> bytes:
    return zlib.compress(json_text(values).encode(), 1)


def _row(one: RefusedRow) -> list[object]:
    return [one.row, one.reason, one.file, one.detail, one.order_id]


def _prepared(packed: bytes, people: PeopleVault) -> Prepared:
    """Return the orders of a part as they are compared and written."""
    lines = packed.split(b"\n")
    texts = tuple([line.decode() for line in lines[0::3]])
    persons = tuple(lines[1::3])
    contents = tuple([line.decode() for line in lines[2::3]])
    orders = tuple(
        ImportedOrder(from_text(Order, text), PeopleVault.person_of(person))
        for text, person in zip(texts, persons, strict=True)
    )
    return prepared_of(_parsed(orders), (texts, persons, contents), "", people)


def _parsed(orders: tuple[ImportedOrder, ...]) -> ParsedFiles:
    return ParsedFiles("", "", ShopKey(""), orders, (), (), (), 0, ())
