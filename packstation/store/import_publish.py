"""Puts a parsed import into the store: everything becomes visible in one commit, or nothing.

Orders are compared by a keyed digest of all that was read of them, people's data included, so
that neither a second reading of the same file nor an overlapping export doubles anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from packstation.core import store_facts
from packstation.core.catalog import ProductCode
from packstation.core.imports import ImportReport, ParsedFiles
from packstation.core.orders import ImportedOrder, OrderKey
from packstation.ports import Stamp
from packstation.store import import_changes, import_compare, life_rows, order_rows
from packstation.store.import_compare import KnownOrder, Plan, Prepared
from packstation.store.journal import at_of, new_id
from packstation.store.people import KEEP_DAYS, PeopleVault
from packstation.store.record_codec import order_imported_body
from packstation.store.recorder import Recorder

_CHUNK = 2000


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
        """Work out texts and digests; touches no database and may run in any thread."""
        return import_compare.prepare(parsed, self._people)

    def stage(self, parsed: ParsedFiles) -> ImportReport:
        """Prepare and publish in one go."""
        return self.publish(self.prepare(parsed))

    def publish(self, prepared: Prepared) -> ImportReport:
        """Write an import, durable and visible on return.

        The very same import, files and understanding alike, writes nothing at all, whatever
        came in between.

        Raises:
            StoreError: Nothing of it was written.
        """
        parsed, stamp = prepared.parsed, self._clock()
        before = self._imported_before(parsed)
        seen = self._db.row("SELECT 1 FROM imports WHERE content = ?", (prepared.whole,))
        if seen is not None:
            same = [imported.order.key for imported in parsed.orders]
            return _report(parsed, "", Plan(same=same), 0, before)
        with self._db.bulk(), self._recorder.tx():
            known = self._known([imported.order.key for imported in parsed.orders])
            plan = import_compare.plan(
                prepared,
                known,
                lambda key: import_changes.before_of(self._db, self._people, key),
            )
            codes = self._new_codes(parsed.codes)
            report = _report(parsed, new_id(), plan, len(codes), before)
            self._write(report, plan, codes, stamp)
            today = import_changes.as_they_stand(self._db, plan.changes)
            report = replace(report, changes=today)
            self._write_report(report, parsed, prepared.whole)
            self._list_orders()
        return report

    def _imported_before(self, parsed: ParsedFiles) -> datetime | None:
        row = self._db.row(
            "SELECT max(i.at_us) FROM import_files AS f JOIN imports AS i"
            " ON i.import_id = f.import_id WHERE f.digest IN (SELECT value FROM json_each(?))",
            (json.dumps([digest for _, digest in parsed.digests]),),
        )
        return at_of(row[0]) if row and row[0] is not None else None

    def _write(
        self, report: ImportReport, plan: Plan, codes: tuple[ProductCode, ...], stamp: Stamp
    ) -> None:
        self._write_orders(plan.written, plan.bodies, stamp)
        if plan.details:
            us = self._recorder.journal_only(plan.details, stamp)[-1].utc_us
            life_rows.details_changed(self._db, [(f.order, f.content, us) for f in plan.details])
        if plan.persons:
            self._people.put(plan.persons, stamp.at.date(), self._keep_days)
        self._recorder.write(plan.after, stamp)
        if codes:
            self._recorder.write((store_facts.CodesImported(codes),), stamp)

    def _write_orders(
        self,
        written: Sequence[store_facts.OrderImported],
        bodies: Sequence[str],
        stamp: Stamp,
    ) -> None:
        if not written:
            return
        us = self._recorder.journal_only(written, stamp, bodies)[-1].utc_us
        order_rows.write_orders(self._db, [(f.order, f.content, us) for f in written])

    def _list_orders(self) -> None:
        """Write what lists show of the orders, inside the transaction that wrote them."""
        if self._recorder.index is not None:
            self._recorder.index.settle()

    def _known(self, keys: Sequence[OrderKey]) -> dict[str, KnownOrder]:
        found: dict[str, KnownOrder] = {}
        for start in range(0, len(keys), _CHUNK):
            rows = self._db.rows(
                "SELECT o.order_key, o.version, o.content, o.why_not, o.held, p.state"
                " FROM json_each(?) AS k JOIN orders AS o ON o.order_key = k.value"
                " LEFT JOIN parcels AS p ON p.order_key = o.order_key",
                (json.dumps(keys[start : start + _CHUNK]),),
            )
            found.update((row[0], KnownOrder(*row[1:])) for row in rows)
        return found

    def _new_codes(self, codes: Sequence[ProductCode]) -> tuple[ProductCode, ...]:
        """Return the codes that the store has not got, or with another number of units."""
        wanted = [code for code in codes if code.sku]
        rows = self._db.rows(
            "SELECT shop, code, sku, units FROM product_codes"
            " WHERE shop IN (SELECT value FROM json_each(?1))"
            " AND code IN (SELECT value FROM json_each(?2))",
            (
                json.dumps(sorted({code.shop for code in wanted})),
                json.dumps(sorted({code.code for code in wanted})),
            ),
        )
        there = set(rows)
        return tuple(c for c in wanted if (c.shop, c.code, c.sku, c.units) not in there)

    def _write_report(self, report: ImportReport, parsed: ParsedFiles, whole: str) -> None:
        counts = (len(report.accepted), len(report.changed), len(report.same))
        stamp = self._clock()
        published = store_facts.ImportPublished(
            report.import_id,
            parsed.shop,
            parsed.platform,
            parsed.profile,
            parsed.rows,
            *counts,
            refused=len(parsed.refused),
            digests=tuple(digest for _, digest in parsed.digests),
        )
        entry = self._recorder.journal_only((published,), stamp)[-1]
        head = (report.import_id, entry.utc_us, parsed.shop, parsed.platform, parsed.profile)
        self._db.run(
            "INSERT INTO imports (import_id, at_us, shop, platform, profile, rows, accepted,"
            " changed, same, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*head, parsed.rows, *counts, whole),
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

        Every order must be new. The journal says so in an entry of its own; return their number.
        """
        for start in range(0, len(orders), chunk):
            part = orders[start : start + chunk]
            texts, persons, contents = import_compare.texts_of(part, self._people)
            stamp = self._clock()
            with self._db.bulk(), self._recorder.tx():
                self._write_orders(
                    [
                        store_facts.OrderImported(item.order, content)
                        for item, content in zip(part, contents, strict=True)
                    ],
                    [order_imported_body(*pair) for pair in zip(texts, contents, strict=True)],
                    stamp,
                )
                self._people.put(
                    [(i.order.key, text) for i, text in zip(part, persons, strict=True)],
                    stamp.at.date(),
                    self._keep_days,
                )
                self._list_orders()
        with self._recorder.tx():
            self._recorder.write((store_facts.OrdersSeeded(len(orders)),), self._clock())
        return len(orders)


def _report(
    parsed: ParsedFiles, import_id: str, plan: Plan, codes: int, before: datetime | None
) -> ImportReport:
    return ImportReport(
        import_id=import_id,
        platform=parsed.platform,
        profile=parsed.profile,
        shop=parsed.shop,
        rows=parsed.rows,
        accepted=tuple(plan.accepted),
        changed=tuple(plan.changed),
        same=tuple(plan.same),
        refused=parsed.refused,
        codes=codes,
        changes=tuple(plan.changes),
        already_imported_at=before,
    )
