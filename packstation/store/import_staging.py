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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, TypeVar

from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.imports import ImportHead, ImportReport, ImportTail, ParsedFiles, ReadOrder
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
from packstation.store.import_compare import Prepared, prepared_of, whole_digest
from packstation.store.import_publish import Imports
from packstation.store.journal import new_id
from packstation.store.people import PeopleVault
from packstation.store.recorder import Recorder

log = logging.getLogger(__name__)

AT_ONCE = 120
"""Orders that go in with the publishing itself, without being laid aside; some 40 ms."""
PART = 120
"""Orders of one part, so of one transaction: some 30 ms, then a scan may go first."""
_TOGETHER = 8
"""Parts laid aside in one transaction: that costs a few ms, and waiting for the disk as much."""
_FEW = 1000
"""Codes and refused rows that are written with the publishing itself."""
_DROPPED = 40
"""Parts thrown away in one transaction."""
_RANKS = {"codes": 0, "changed": 1, "new": 2, "refused": 3}
_BELONGS = "staged"

T = TypeVar("T")


class InRoom(Protocol):
    """Runs a job in the room ``store`` and returns its answer; other work goes between two jobs."""

    def __call__(self, job: Callable[[], T]) -> T:
        """Run it."""
        ...


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that the program before did not bring to its end."""

    names: tuple[str, ...]
    """Of its files."""
    finished: bool
    """True = it was published and is whole now; False = nothing of it is left."""


@dataclass(slots=True)
class _Laid:
    """Orders that wait to be laid aside."""

    texts: list[str] = field(default_factory=list)
    persons: list[bytes] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    orders: list[ReadOrder] = field(default_factory=list)

    def add(self, order: ReadOrder, person: bytes, content: str) -> None:
        self.texts.append(order.text)
        self.persons.append(person)
        self.contents.append(content)
        self.orders.append(order)

    def cut(self, count: int) -> _Laid:
        """Take the first ones off."""
        first = _Laid(
            self.texts[:count], self.persons[:count], self.contents[:count], self.orders[:count]
        )
        del self.texts[:count], self.persons[:count], self.contents[:count], self.orders[:count]
        return first

    def packed(self) -> bytes:
        """Return everything in three lines an order; JSON text has no line breaks of its own."""
        lines = (
            part
            for text, person, content in zip(self.texts, self.persons, self.contents, strict=True)
            for part in (text.encode(), person, content.encode())
        )
        return zlib.compress(b"\n".join(lines), 1)


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

    def begin(self, head: ImportHead, in_room: InRoom) -> Incoming:
        """Begin an import; waits for the end of another one.

        Args:
            head: What is known of it.
            in_room: Runs what touches the database.
        """
        return Incoming(self, head, in_room)

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


class Incoming:
    """One import on its way in; everything here runs outside of the room ``store``."""

    def __init__(self, staging: Staging, head: ImportHead, in_room: InRoom) -> None:
        """Wait for the end of another import, and bring one that failed to its end."""
        self._staging = staging
        self._head = head
        self._in_room = in_room
        self._day = staging.imports.today()
        self._import_id = new_id()
        self._number: int | None = None
        self._waiting = {"new": _Laid(), "changed": _Laid()}
        self._kinds: dict[str, list[OrderKey]] = {"new": [], "changed": [], "same": []}
        self._contents = bytearray()
        self._parts: list[tuple[tuple[str, int, bytes], list[str]]] = []
        """Packed already: kind, entries, bytes; and the numbers by which they are looked for."""
        self._where: dict[str, int] = {}
        self._over = False
        staging.one_at_a_time.acquire()
        try:
            in_room(staging.take_up)
        except BaseException:
            staging.one_at_a_time.release()
            raise

    def take(self, orders: Sequence[ReadOrder]) -> None:
        """Take some orders; they are laid aside, and nobody sees them.

        Raises:
            StoreError: The import must be dropped.
        """
        people = self._staging.people
        persons = [people.text_of(one.person) for one in orders]
        contents = [
            people.digest(one.text.encode(), person)
            for one, person in zip(orders, persons, strict=True)
        ]
        keys = [one.order.key for one in orders]
        known = self._in_room(lambda: self._staging.contents(keys))
        for one, key, person, content in zip(orders, keys, persons, contents, strict=True):
            self._contents += content.encode()
            old = known.get(key)
            kind = "new" if old is None else "same" if old == content else "changed"
            self._kinds[kind].append(key)
            if kind != "same":
                self._waiting[kind].add(one, person, content)
        if self._number is not None or self._count() > AT_ONCE:
            self._lay(PART)

    def _count(self) -> int:
        return sum(len(laid.texts) for laid in self._waiting.values())

    def _lay(self, least: int) -> None:
        """Lay aside what waits, in parts of the full size while there are as many."""
        staging, day = self._staging, self._day
        if self._number is None:
            names = [name for name, _ in self._head.digests]
            self._number = self._in_room(lambda: staging.open(self._import_id, names, day))
        number, parts = self._number, self._parts
        for kind, laid in self._waiting.items():
            while len(laid.texts) >= least:
                one = laid.cut(PART)
                codes: list[str] = [order.order.order_id for order in one.orders]
                numbers = [order.order.tracking_number for order in one.orders]
                parts.append(((kind, len(codes), one.packed()), [*codes, *filter(None, numbers)]))
        if len(parts) >= _TOGETHER or least == 1:
            places = self._in_room(lambda: staging.lay(number, [part for part, _ in parts], day))
            for place, (_, codes) in zip(places, parts, strict=True):
                self._where.update(dict.fromkeys(codes, place))
            parts.clear()

    def publish(
        self,
        tail: ImportTail,
        changed: Callable[[OrderChanged], None] = lambda _: None,
        published: Callable[[], None] = lambda: None,
    ) -> ImportReport:
        """Make the import count; returns when all of it is in the tables.

        Args:
            tail: What is known of it now.
            changed: Told each order that was here and is another now, as soon as it is.
            published: Told when it counts: it is durable, and every scan finds its orders.

        Raises:
            StoreError: Nothing of it counts; or it counts and the next import or start goes on.
        """
        try:
            report = self._publish(tail)
            published()
            for one in report.changes:
                changed(one)
            if self._number is not None:
                self._follow(self._number, changed)
            return report
        finally:
            self._end()

    def _publish(self, tail: ImportTail) -> ImportReport:
        staging, imports, head = self._staging, self._staging.imports, self._head
        contents = self._contents.decode()
        whole = whole_digest(
            head.shop, head.profile, head.digests, tail.refused, tail.codes, contents,
            staging.people,
        )  # fmt: skip
        if self._in_room(lambda: imports.seen(whole)):
            self._drop()
            everything = tuple(key for kind in self._kinds.values() for key in kind)
            return self._report(tail, "", (), (), everything)
        if self._number is None:
            return self._at_once(tail, whole)
        self._lay(1)
        number, where = self._number, self._where
        kinds = (tuple(self._kinds[kind]) for kind in ("new", "changed", "same"))
        report = self._report(tail, self._import_id, *kinds)

        def flip() -> ImportReport:
            told = staging.publish(number, report, tail, head, whole)
            staging.published(where)
            return told

        return self._in_room(flip)

    def _at_once(self, tail: ImportTail, whole: str) -> ImportReport:
        """Write a small import in one transaction."""
        head, orders, texts = self._head, list[ImportedOrder](), list[str]()
        persons, contents = list[bytes](), list[str]()
        for laid in self._waiting.values():
            orders += [ImportedOrder(one.order, one.person) for one in laid.orders]
            texts += laid.texts
            persons += laid.persons
            contents += laid.contents
        parsed = ParsedFiles(
            head.platform, head.profile, head.shop, tuple(orders), tail.refused,
            tail.merge_groups, tail.codes, head.rows, head.digests, head.encodings,
        )  # fmt: skip
        known = (tuple(texts), tuple(persons), tuple(contents))
        prepared = prepared_of(parsed, known, whole, self._staging.people)
        same = tuple(self._kinds["same"])
        return self._in_room(lambda: self._staging.imports.publish(prepared, same))

    def _follow(self, number: int, changed: Callable[[OrderChanged], None]) -> None:
        staging, more = self._staging, True
        while more:
            more = self._in_room(lambda: staging.apply_next(number))
            for one in self._in_room(staging.changes):
                changed(one)

    def _report(
        self,
        tail: ImportTail,
        import_id: str,
        new: tuple[OrderKey, ...],
        changed: tuple[OrderKey, ...],
        same: tuple[OrderKey, ...],
    ) -> ImportReport:
        head = self._head
        before = self._in_room(
            lambda: self._staging.imports.imported_before([digest for _, digest in head.digests])
        )
        return ImportReport(
            import_id=import_id,
            platform=head.platform,
            profile=head.profile,
            shop=head.shop,
            rows=head.rows,
            accepted=new,
            changed=changed,
            same=same,
            refused=tail.refused,
            codes=0,
            already_imported_at=before,
        )

    def drop(self) -> None:
        """Give the import up: nothing of it is left; does nothing after it was published."""
        if self._over:
            return
        try:
            self._drop()
        finally:
            self._end()

    def _drop(self) -> None:
        if self._number is not None:
            number = self._number
            while self._in_room(lambda: self._staging.drop_some(number)):
                pass
            self._number = None

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._staging.one_at_a_time.release()
