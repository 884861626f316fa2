"""Puts a parsed import into the store: everything becomes visible in one commit, or nothing.

Orders are compared by a keyed digest of all that was read of them, people's data included, so
that neither a second reading of the same file nor an overlapping export doubles anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from packstation.core import store_facts
from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.imports import ImportReport, ParsedFiles
from packstation.core.orders import ImportedOrder, Order, OrderKey
from packstation.core.status import ParcelState
from packstation.ports import Stamp
from packstation.store import order_rows
from packstation.store.journal import at_of, new_id
from packstation.store.order_rows import standing
from packstation.store.people import KEEP_DAYS, PeopleVault
from packstation.store.record_codec import encoder
from packstation.store.recorder import Recorder

_PACKED = frozenset(
    {ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER, ParcelState.RECALLED}
)
"""What is in the box already is not changed by a file any more, only what the platform says."""
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    content: str
    why_not: str | None
    held: int
    parcel: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed import with its digests; made outside the room ``store``."""

    parsed: ParsedFiles
    persons: tuple[bytes, ...]
    contents: tuple[str, ...]
    whole: str
    """Digest of everything the import says, files included."""


class Imports:
    """The way of shop files into the store."""

    def __init__(
        self,
        recorder: Recorder,
        people: PeopleVault,
        clock: Callable[[], Stamp],
        *,
        keep_days: int = KEEP_DAYS,
    ) -> None:
        """Keep the way to write, the vault, the clock, and how long people's data stays."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._clock = clock
        self._keep_days = keep_days

    def prepare(self, parsed: ParsedFiles) -> Prepared:
        """Work out the digests; touches no database and may run in any thread."""
        encode = encoder(Order)
        assert encode is not None
        persons = tuple(self._people.text_of(imported.person) for imported in parsed.orders)
        contents = tuple(
            self._people.digest(_text(encode(imported.order)), person)
            for imported, person in zip(parsed.orders, persons, strict=True)
        )
        rest = _text(
            [
                parsed.shop,
                parsed.profile,
                [list(pair) for pair in parsed.digests],
                [[r.file, r.row, r.reason] for r in parsed.refused],
                [[c.shop, c.code, c.sku, c.units] for c in parsed.codes],
            ]
        )
        whole = self._people.digest(rest, "".join(contents).encode())
        return Prepared(parsed, persons, contents, whole)

    def stage(self, parsed: ParsedFiles) -> ImportReport:
        """Prepare and publish in one go."""
        return self.publish(self.prepare(parsed))

    def publish(self, prepared: Prepared) -> ImportReport:
        """Write an import, durable and visible on return.

        Raises:
            StoreError: Nothing of it was written.
        """
        parsed, stamp = prepared.parsed, self._clock()
        before = self._imported_before(parsed)
        seen = self._db.row("SELECT 1 FROM imports WHERE content = ?", (prepared.whole,))
        if seen is not None:
            same = tuple(imported.order.key for imported in parsed.orders)
            return _report(parsed, "", same=same, already_imported_at=before)
        with self._recorder.tx():
            return self._write(prepared, stamp, before)

    def _imported_before(self, parsed: ParsedFiles) -> datetime | None:
        row = self._db.row(
            "SELECT max(i.at_us) FROM import_files AS f JOIN imports AS i"
            " ON i.import_id = f.import_id WHERE f.digest IN (SELECT value FROM json_each(?))",
            (json.dumps([digest for _, digest in parsed.digests]),),
        )
        return at_of(row[0]) if row and row[0] is not None else None

    def _write(self, prepared: Prepared, stamp: Stamp, before: datetime | None) -> ImportReport:
        parsed = prepared.parsed
        known = self._known([imported.order.key for imported in parsed.orders])
        accepted: list[OrderKey] = []
        changed: list[OrderKey] = []
        same: list[OrderKey] = []
        changes: list[OrderChanged] = []
        written: list[store_facts.OrderImported] = []
        moved: list[store_facts.OrderStandingChanged] = []
        persons: list[tuple[str, bytes]] = []
        for imported, person, content in zip(
            parsed.orders, prepared.persons, prepared.contents, strict=True
        ):
            order, old = imported.order, known.get(imported.order.key)
            if old is None:
                accepted.append(order.key)
                written.append(store_facts.OrderImported(replace(order, version=1), content))
                persons.append((order.key, person))
                continue
            if old.content == content:
                same.append(order.key)
                continue
            if old.parcel in _PACKED:
                if old.why_not == order.why_not:
                    same.append(order.key)
                    continue
                version = old.version
                moved.append(
                    store_facts.OrderStandingChanged(order.key, version, order.why_not, content)
                )
            else:
                version = old.version + 1
                written.append(store_facts.OrderImported(replace(order, version=version), content))
                persons.append((order.key, person))
            changed.append(order.key)
            today = standing(order.why_not, old.held)
            changes.append(OrderChanged(order.key, order.order_id, version, today))
        codes = self._new_codes(parsed.codes)
        import_id = new_id()
        self._journal(parsed, import_id, stamp, (written, moved, codes), len(accepted), len(same))
        if persons:
            self._people.put(persons, stamp.at.date(), self._keep_days)
        report = _report(
            parsed,
            import_id,
            accepted=tuple(accepted),
            changed=tuple(changed),
            same=tuple(same),
            codes=len(codes),
            changes=tuple(changes),
            already_imported_at=before,
        )
        self._write_report(report, parsed, prepared.whole, stamp)
        return report

    def _journal(
        self,
        parsed: ParsedFiles,
        import_id: str,
        stamp: Stamp,
        what: tuple[
            list[store_facts.OrderImported],
            list[store_facts.OrderStandingChanged],
            tuple[ProductCode, ...],
        ],
        accepted: int,
        same: int,
    ) -> None:
        written, moved, codes = what
        if written:
            entries = self._recorder.journal_only(written, stamp)
            us = entries[-1].utc_us
            order_rows.write_orders(self._db, [(f.order, f.content, us) for f in written])
        self._recorder.write(moved, stamp)
        if codes:
            self._recorder.write((store_facts.CodesImported(codes),), stamp)
        published = store_facts.ImportPublished(
            import_id=import_id,
            shop=parsed.shop,
            platform=parsed.platform,
            profile=parsed.profile,
            rows=parsed.rows,
            accepted=accepted,
            changed=len(written) + len(moved) - accepted,
            same=same,
            refused=len(parsed.refused),
            digests=tuple(digest for _, digest in parsed.digests),
        )
        self._recorder.write((published,), stamp)

    def _known(self, keys: Sequence[OrderKey]) -> dict[str, _Known]:
        found: dict[str, _Known] = {}
        for start in range(0, len(keys), _CHUNK):
            rows = self._db.rows(
                "SELECT o.order_key, o.version, o.content, o.why_not, o.held, p.state"
                " FROM json_each(?) AS k JOIN orders AS o ON o.order_key = k.value"
                " LEFT JOIN parcels AS p ON p.order_key = o.order_key",
                (json.dumps(keys[start : start + _CHUNK]),),
            )
            found.update((row[0], _Known(*row[1:])) for row in rows)
        return found

    def _new_codes(self, codes: Sequence[ProductCode]) -> tuple[ProductCode, ...]:
        """Return the codes that the store has not got, or with another number of units."""
        wanted = [code for code in codes if code.sku]
        shops = sorted({code.shop for code in wanted})
        rows = self._db.rows(
            "SELECT shop, code, sku, units FROM product_codes"
            " WHERE shop IN (SELECT value FROM json_each(?1))"
            " AND code IN (SELECT value FROM json_each(?2))",
            (json.dumps(shops), json.dumps(sorted({code.code for code in wanted}))),
        )
        there = set(rows)
        return tuple(c for c in wanted if (c.shop, c.code, c.sku, c.units) not in there)

    def _write_report(
        self, report: ImportReport, parsed: ParsedFiles, whole: str, stamp: Stamp
    ) -> None:
        self._db.run(
            "INSERT INTO imports (import_id, at_us, shop, platform, profile, rows, accepted,"
            " changed, same, content) VALUES (?, (SELECT utc_us FROM journal ORDER BY seq DESC"
            " LIMIT 1), ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                report.import_id,
                parsed.shop,
                parsed.platform,
                parsed.profile,
                parsed.rows,
                len(report.accepted),
                len(report.changed),
                len(report.same),
                whole,
            ),
        )
        self._db.run_many(
            "INSERT INTO import_files VALUES (?, ?, ?)",
            ((report.import_id, *pair) for pair in parsed.digests),
        )
        self._db.run_many(
            "INSERT INTO refused_rows VALUES (?, ?, ?, ?, ?, ?)",
            (
                (report.import_id, r.file, r.row, r.reason, r.detail, r.order_id)
                for r in parsed.refused
            ),
        )

    def seed(self, orders: Sequence[ImportedOrder], *, chunk: int = 5000) -> int:
        """Put invented orders in for a measurement, through the tables and journal of an import.

        The journal says so in an entry of its own.
        """
        encode = encoder(Order)
        assert encode is not None
        for start in range(0, len(orders), chunk):
            part, stamp = orders[start : start + chunk], self._clock()
            texts = [self._people.text_of(imported.person) for imported in part]
            facts = [
                store_facts.OrderImported(
                    imported.order, self._people.digest(_text(encode(imported.order)), text)
                )
                for imported, text in zip(part, texts, strict=True)
            ]
            with self._recorder.tx():
                us = self._recorder.journal_only(facts, stamp)[-1].utc_us
                order_rows.write_orders(self._db, [(f.order, f.content, us) for f in facts])
                persons = zip((f.order.key for f in facts), texts, strict=True)
                self._people.put(persons, stamp.at.date(), self._keep_days)
        with self._recorder.tx():
            self._recorder.write((store_facts.OrdersSeeded(len(orders)),), self._clock())
        return len(orders)


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _report(
    parsed: ParsedFiles,
    import_id: str,
    *,
    accepted: tuple[OrderKey, ...] = (),
    changed: tuple[OrderKey, ...] = (),
    same: tuple[OrderKey, ...] = (),
    codes: int = 0,
    changes: tuple[OrderChanged, ...] = (),
    already_imported_at: datetime | None = None,
) -> ImportReport:
    return ImportReport(
        import_id=import_id,
        platform=parsed.platform,
        profile=parsed.profile,
        shop=parsed.shop,
        rows=parsed.rows,
        accepted=accepted,
        changed=changed,
        same=same,
        refused=parsed.refused,
        codes=codes,
        changes=changes,
        already_imported_at=already_imported_at,
    )
