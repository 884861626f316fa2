"""Puts a parsed import into the store: everything becomes visible in one commit, or nothing.

Orders are compared by a keyed digest of all that was read of them, people's data included, so
that neither a second reading of the same file nor an overlapping export doubles anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from packstation.core import store_facts
from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.imports import ImportReport, ParsedFiles
from packstation.core.orders import ImportedOrder, OrderKey, RefusedRow
from packstation.ports import Stamp
from packstation.store import (
    import_changes,
    import_compare,
    life_rows,
    merge_keys,
    order_rows,
    shipment_upkeep,
)
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

    def publish(self, prepared: Prepared, same: tuple[OrderKey, ...] = ()) -> ImportReport:
        """Write an import in one transaction, durable and visible on return.

        The very same import, files and understanding alike, writes nothing at all, whatever
        came in between. For a few orders; ``import_staging`` takes any number.

        Args:
            prepared: The import.
            same: More orders of it, which were found to be here as they are.

        Raises:
            StoreError: Nothing of it was written.
        """
        parsed, stamp = prepared.parsed, self._clock()
        before = self.imported_before([digest for _, digest in parsed.digests])
        if self.seen(prepared.whole):
            found = [imported.order.key for imported in parsed.orders]
            return _report(parsed, "", Plan(same=[*same, *found]), 0, before)
        with self._db.bulk(), self._recorder.tx():
            plan = self._plan(prepared)
            plan.same.extend(same)
            codes = self.new_codes(parsed.codes)
            report = _report(parsed, new_id(), plan, len(codes), before)
            self._write(plan, stamp)
            if codes:
                self.write_codes(codes)
            today = import_changes.as_they_stand(self._db, plan.changes)
            report = replace(report, changes=today)
            self.write_report(report, parsed.rows, parsed.digests, prepared.whole)
            self.write_refused(report.import_id, parsed.refused)
            self._list_orders()
        return report

    def write_part(self, prepared: Prepared) -> tuple[OrderChanged, ...]:
        """Write some orders of an import that counts already, inside the open transaction.

        Lists are behind until ``OrderIndex.work_off`` has taken them up.

        Returns:
            What has changed of orders that were here.
        """
        plan = self._plan(prepared)
        self._write(plan, self._clock())
        return import_changes.as_they_stand(self._db, plan.changes)

    def today(self) -> date:
        """Return the day under whose key people's data is sealed now."""
        return self._clock().at.date()

    def seen(self, whole: str) -> bool:
        """Tell whether the very same import is here already."""
        return self._db.row("SELECT 1 FROM imports WHERE content = ?", (whole,)) is not None

    def imported_before(self, digests: Sequence[str]) -> datetime | None:
        """Return when one of these files was imported last; aware, UTC."""
        row = self._db.row(
            "SELECT max(i.at_us) FROM import_files AS f JOIN imports AS i"
            " ON i.import_id = f.import_id WHERE f.digest IN (SELECT value FROM json_each(?))",
            (json.dumps(digests),),
        )
        return at_of(row[0]) if row and row[0] is not None else None

    def shop_of(self, digests: Sequence[str]) -> str | None:
        """Return the shop that one of these very files was imported for; None = not yet."""
        row = self._db.row(
            "SELECT i.shop FROM import_files AS f JOIN imports AS i ON i.import_id = f.import_id"
            " WHERE f.digest IN (SELECT value FROM json_each(?)) ORDER BY i.id DESC LIMIT 1",
            (json.dumps(digests),),
        )
        return row[0] if row else None

    def _plan(self, prepared: Prepared) -> Plan:
        known = self._known([imported.order.key for imported in prepared.parsed.orders])
        return import_compare.plan(
            prepared,
            known,
            lambda key: import_changes.before_of(self._db, self._people, key),
        )

    def _write(self, plan: Plan, stamp: Stamp) -> None:
        self._write_orders(plan.written, plan.bodies, stamp)
        if plan.details:
            us = self._recorder.journal_only(plan.details, stamp)[-1].utc_us
            life_rows.details_changed(self._db, [(f.order, f.content, us) for f in plan.details])
        if plan.persons:
            self._people.put(plan.persons, stamp.at.date(), self._keep_days)
        merge_keys.write(self._db, plan.merge_keys, known=plan.changed)
        self._recorder.write(plan.after, stamp)
        self._recorder.write(shipment_upkeep.after_change(self._db, plan.changed), stamp)

    def write_codes(self, codes: tuple[ProductCode, ...]) -> None:
        """Write product codes, inside the open transaction."""
        self._recorder.write((store_facts.CodesImported(codes),), self._clock())

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

    def new_codes(self, codes: Sequence[ProductCode]) -> tuple[ProductCode, ...]:
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

    def write_report(
        self,
        report: ImportReport,
        rows: int,
        digests: Sequence[tuple[str, str]],
        whole: str,
    ) -> None:
        """Write that an import counts, inside the open transaction.

        Args:
            report: What it brings.
            rows: Records read.
            digests: File name and SHA-256 of each file.
            whole: Keyed digest of everything the import says.
        """
        counts = (len(report.accepted), len(report.changed), len(report.same))
        published = store_facts.ImportPublished(
            report.import_id,
            report.shop,
            report.platform,
            report.profile,
            rows,
            *counts,
            refused=len(report.refused),
            digests=tuple(digest for _, digest in digests),
        )
        entry = self._recorder.journal_only((published,), self._clock())[-1]
        head = (report.import_id, entry.utc_us, report.shop, report.platform, report.profile)
        self._db.run(
            "INSERT INTO imports (import_id, at_us, shop, platform, profile, rows, accepted,"
            " changed, same, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*head, rows, *counts, whole),
        )
        self._db.run_many(
            "INSERT INTO import_files VALUES (?, ?, ?)",
            ((report.import_id, *pair) for pair in digests),
        )

    def write_refused(self, import_id: str, refused: Sequence[RefusedRow]) -> None:
        """Write the report of rows that were not taken, inside the open transaction."""
        self._db.run_many(
            "INSERT INTO refused_rows VALUES (?, ?, ?, ?, ?, ?)",
            ((import_id, r.file, r.row, r.reason, r.detail, r.order_id) for r in refused),
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
