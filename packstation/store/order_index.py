"""Keeps the index of orders: written in the transaction that changes an order, or soon after it.

Triggers note every order whose row must be written anew, in the same transaction and whoever
changes it. ``Recorder.tx`` works off what one scan or one click left. After bulk writing call
``settle`` once for each of its transactions, inside it; or leave the notes lying: they are
durable, ``work_off`` takes them in short transactions between two scans, and the next start goes
on where this one ended. Until then lists say how many orders they are behind.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packstation.core.orders import OrderKey
from packstation.core.policy import Rules
from packstation.core.status import ParcelState
from packstation.store import order_bits, parcel_rows
from packstation.store.database import Database
from packstation.store.order_goods import add_goods
from packstation.store.order_rows import read_orders
from packstation.store.order_terms import Attr, IndexRow, Surroundings, Term, index_row

FORM = 1
"""Grows whenever rows are worked out in another way: all are written anew then."""
AT_ONCE = 200
"""Most orders whose rows are written in the transaction that changed them."""
CHUNK = 250
"""Orders in one transaction of ``work_off``: some 20 ms, then a scan may go first."""
_BULK = 4000
_META = "order_index"
_INSERT = (
    "INSERT INTO order_index VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms, live = excluded.live,"
    " owed = excluded.owed, due_us = excluded.due_us, walk = excluded.walk,"
    " units = excluded.units, reason = excluded.reason, carrier = excluded.carrier,"
    " bin = excluded.bin, sku = excluded.sku, pool = excluded.pool,"
    " id_tail = excluded.id_tail, number_tail = excluded.number_tail"
)
URGED = (
    "EXISTS (SELECT 1 FROM urge_tasks AS t WHERE t.order_key = o.order_key"
    " AND t.state <> 'closed' AND t.exempt IS NULL) OR EXISTS (SELECT 1 FROM urged_orders AS u"
    " WHERE u.order_key = o.order_key AND u.done_us IS NULL)"
)
"""SQL: the buyer of the order ``o`` urges, as far as this house knows beside its file."""
_AROUND = (
    "SELECT o.id, o.order_key, o.imported_us, o.held, p.state, p.carrier,"
    " coalesce(p.tracking_number, c.number), w.wave, EXISTS (SELECT 1 FROM print_jobs AS j"
    " WHERE j.kind = 'label' AND j.key = o.order_key AND j.outcome IN ('SENT', 'CONFIRMED',"
    f" 'UNKNOWN')), {URGED}"
    " FROM orders AS o LEFT JOIN parcels AS p ON p.order_key = o.order_key"
    " LEFT JOIN carrier_numbers AS c ON c.order_key = o.order_key"
    " LEFT JOIN wave_orders AS w ON w.order_key = o.order_key AND w.open = 1"
    " WHERE o.id IN (SELECT value FROM json_each(?))"
)
_PACKED = frozenset({"SEALED", "BAGGED", "HANDED_OVER"})


def rules_digest(rules: Rules) -> str:
    """Return a digest of everything in the rules that a row is worked out from."""
    told = {
        "form": FORM,
        "shops": [
            [key, shop.label_source.value, shop.carrier, shop.number_pool]
            for key, shop in sorted(rules.shops.items())
        ],
        "carriers": sorted(carrier.code for carrier in rules.carriers),
        "ship_by": rules.ship_by_version,
    }
    return f"{FORM}:{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"


class OrderIndex:
    """Writes the index; lives in the room ``store``."""

    def __init__(self, db: Database, rules: Rules) -> None:
        """Keep where to write, and the rules that decide."""
        self._db = db
        self._rules = rules

    def use_rules(self, rules: Rules) -> None:
        """Take new rules; where they matter, note every order that they can touch.

        What has ended keeps the deadline that it had.
        """
        self._rules = rules
        told = rules_digest(rules)
        row = self._db.row("SELECT value FROM meta WHERE name = ?", (_META,))
        if row == (told,):
            return
        same_form = row is not None and str(row[0]).startswith(f"{FORM}:")
        which = (
            "SELECT id FROM order_index WHERE live = 1" if same_form else "SELECT id FROM orders"
        )
        with self._db.tx():
            self._db.run(f"INSERT OR IGNORE INTO order_index_due {which}")
            self._db.run(
                "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                (_META, told),
            )

    def settle_few(self) -> None:
        """Write the rows that a scan or a click left, inside its transaction, unless very many."""
        ids = self._waiting(AT_ONCE + 1)
        if ids and len(ids) <= AT_ONCE:
            self.refresh(ids)

    def settle(self) -> int:
        """Write every row that waits, inside the open transaction; return how many.

        The way of bulk writing: call it at the end of each transaction that wrote up to some
        thousands of orders. It costs some 30 µs an order.
        """
        count = 0
        while ids := self._waiting(_BULK):
            self.refresh(ids)
            count += len(ids)
        return count

    def work_off(self, most: int = CHUNK) -> bool:
        """Write some rows that wait, in a transaction of their own; False when none is left."""
        ids = self._waiting(most)
        if ids:
            with self._db.tx():
                self.refresh(ids)
        return len(ids) == most

    def _waiting(self, most: int) -> list[int]:
        # The newest first: they are looked at first.
        rows = self._db.rows("SELECT id FROM order_index_due ORDER BY id DESC LIMIT ?", (most,))
        return [one for (one,) in rows]

    def refresh(self, ids: Sequence[int]) -> None:
        """Write the rows of some orders anew, inside the open transaction."""
        if not ids:
            return
        db, wanted = self._db, json.dumps(list(ids))
        before = {
            one: (_unpacked(terms), terms, rest)
            for one, terms, *rest in db.rows(
                "SELECT * FROM order_index WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
            )
        }
        rows = dict(rows_of(db, self._rules, ids))
        terms = _Terms(db)
        known = terms.of_all(rows.values())
        added: dict[int, list[int]] = defaultdict(list)
        taken: dict[int, list[int]] = defaultdict(list)
        written: list[tuple[object, ...]] = []
        for one, row in rows.items():
            now = array("I", sorted(known[term] for term in row.terms))
            blob, rest = now.tobytes(), _rest(row)
            old, old_blob, old_rest = before.get(one, (array("I"), None, None))
            if blob == old_blob and rest == old_rest:
                continue
            written.append((one, blob, *rest))
            if blob != old_blob:
                new, former = set(now), set(old)
                for term in new - former if old else now:
                    added[term].append(one)
                for term in former - new:
                    taken[term].append(one)
        db.run_many(_INSERT, written)
        order_bits.change(db, added, taken)
        db.run(
            "DELETE FROM order_index_due WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )


def follows(db: Database, rules: Rules) -> bool:
    """Return whether the rows were worked out from these rules."""
    row = db.row("SELECT value FROM meta WHERE name = ?", (_META,))
    return row == (rules_digest(rules),)


def behind(db: Database) -> int:
    """Return how many orders wait for their row, counted up to 100,000."""
    row = db.row("SELECT count(*) FROM (SELECT 1 FROM order_index_due LIMIT 100000)")
    return int(row[0]) if row else 0


def _rest(row: IndexRow) -> list[object]:
    return [
        int(row.live),
        int(row.owed),
        row.due_us,
        row.walk,
        row.units,
        row.reason,
        row.carrier,
        row.bin,
        row.sku,
        row.pool,
        row.id_tail,
        row.number_tail,
    ]


def _unpacked(blob: bytes) -> array[int]:
    return array("I", blob)


def terms_in(blob: bytes) -> array[int]:
    """Return the ids of the terms that a row has."""
    return array("I", blob)


def rows_of(db: Database, rules: Rules, ids: Sequence[int]) -> Iterator[tuple[int, IndexRow]]:
    """Yield what the rows of some orders must be today."""
    orders = read_orders(db, ids)
    for one, key, imported_us, held, state, carrier, number, wave, printed, urged in db.rows(
        _AROUND, (json.dumps(list(ids)),)
    ):
        parcel = parcel_rows.read_parcel(db, OrderKey(key)) if state in _PACKED else None
        around = Surroundings(
            imported_us=imported_us,
            parcel=ParcelState(state) if state else None,
            stopped=parcel.why_not if parcel else None,
            held=bool(held),
            carrier=carrier,
            number=number,
            printed=bool(printed),
            wave=wave,
            urged=bool(urged),
        )
        yield one, index_row(orders[one], around, rules)


class _Terms:
    """Ids of terms for one batch, so that nothing outlives a transaction that is undone."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[Term, int] = {}

    def of_all(self, rows: Iterable[IndexRow]) -> dict[Term, int]:
        """Return the id of every term of some rows, making those that are new."""
        wanted = {term for row in rows for term in row.terms}
        self._look_up(wanted)
        new = sorted(wanted - self._known.keys())
        if new:
            self._db.run_many("INSERT INTO order_terms (attr, value) VALUES (?, ?)", _plain(new))
            self._look_up(set(new))
            add_goods(self._db, {v: self._known[a, v] for a, v in new if a is Attr.GOODS})
        return self._known

    def _look_up(self, wanted: set[Term]) -> None:
        by_attr: dict[Attr, list[str]] = {}
        for attr, value in wanted:
            by_attr.setdefault(attr, []).append(value)
        for attr, values in by_attr.items():
            for one, value in self._db.rows(
                "SELECT t.id, t.value FROM json_each(?) AS j CROSS JOIN order_terms AS t"
                " ON t.attr = ? AND t.value = j.value",
                (json.dumps(values), int(attr)),
            ):
                self._known[attr, value] = one


def _plain(terms: Iterable[Term]) -> Iterator[tuple[int, str]]:
    return ((int(attr), value) for attr, value in terms)


@dataclass(frozen=True, slots=True)
class Stale:
    """One order whose row, or whose place in the sets of orders, is not what it must be."""

    id: int
    what: str
    """``row`` or ``bits``."""


def check(db: Database, rules: Rules, *, chunk: int = 2000) -> Iterator[Stale]:
    """Yield what in the index does not follow from the other tables; reads everything.

    Orders that are noted to be written anew are left out.
    """
    names = {one: (Attr(attr), value) for one, attr, value in db.rows("SELECT * FROM order_terms")}
    waiting = {one for (one,) in db.rows("SELECT id FROM order_index_due")}
    ids = [one for (one,) in db.rows("SELECT id FROM orders ORDER BY id") if one not in waiting]
    placed: dict[int, set[int]] = {}
    for term in names:
        for one in order_bits.newest(order_bits.read(db, [term])):
            placed.setdefault(one, set()).add(term)
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        stored = {
            one: (terms_in(terms), rest)
            for one, terms, *rest in db.rows(
                "SELECT * FROM order_index WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(part),),
            )
        }
        for one, row in rows_of(db, rules, part):
            terms, rest = stored.get(one, (array("I"), None))
            if rest != _rest(row) or {names[term] for term in terms} != set(row.terms):
                yield Stale(one, "row")
            if placed.get(one, set()) != set(terms):
                yield Stale(one, "bits")
    for one in placed.keys() - set(ids) - waiting:
        yield Stale(one, "bits")
