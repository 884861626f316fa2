"""One import on its way into the store: what is done outside of the room ``store``.

Digests, comparing and packing run beside the station's own work; see ``import_staging``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from packstation.core.events import OrderChanged
from packstation.core.imports import ImportHead, ImportReport, ImportTail, ParsedFiles, ReadOrder
from packstation.core.orders import ImportedOrder, OrderKey
from packstation.store.import_compare import prepared_of, whole_digest
from packstation.store.import_staging import Staging
from packstation.store.journal import new_id

AT_ONCE = 120
"""Orders that go in with the publishing itself, without being laid aside; some 40 ms."""
PART = 120
"""Orders of one part, so of one transaction: some 30 ms, then a scan may go first."""
_TOGETHER = 8
"""Parts laid aside in one transaction: that costs a few ms, and waiting for the disk as much."""

T = TypeVar("T")


class InRoom(Protocol):
    """Runs a job in the room ``store`` and returns its answer; other work goes between two jobs."""

    def __call__(self, job: Callable[[], T]) -> T:
        """Run it."""
        ...


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
