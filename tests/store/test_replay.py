from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.orders import LineKey, OrderKey, TrackingNumber, WhyNot
from packstation.core.status import LabelSource, PrintOutcome, Reason, Verdict
from packstation.errors import StoreError
from packstation.store.anchor import read_anchor
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.store.builders import (
    YTO,
    ZTO,
    add_numbers,
    bag,
    hand_over,
    key,
    line,
    order,
    parsed,
    record,
)

ORDERS = 6
UNIT = ((LineKey("1"), 1),)
REFUSALS = {"store.conflict", "store.illegal_move", "store.already_sent"}


class RandomShift:
    """Does at random what a shift may do and what it may not; the store refuses the latter."""

    def __init__(self, store: OpenStore, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.refused = 0
        self.done = 0
        self.files = 0
        self.bags = 0
        self.manifests = 0

    def order(self) -> OrderKey:
        return key(self.chance.randint(1, ORDERS))

    def version(self, order: OrderKey) -> int:
        row = self.store.db.row("SELECT version FROM orders WHERE order_key = ?", (order,))
        return row[0] if row and self.chance.random() < 0.95 else 1

    def number(self, order: OrderKey) -> TrackingNumber:
        row = self.store.db.row("SELECT tracking_number FROM parcels WHERE order_key = ?", (order,))
        return TrackingNumber(row[0] if row and row[0] else "NONE")

    def one_of(self, sql: str, default: str = "none") -> str:
        rows = self.store.db.rows(sql)
        return str(self.chance.choice(rows)[0]) if rows else default

    def import_file(self) -> None:
        self.files += 1
        orders = [
            order(
                n,
                lines=[line(self.chance.choice("ABC"), self.chance.randint(1, 3))],
                why_not=self.chance.choice([None] * 9 + [WhyNot.CANCELLED, WhyNot.SHIPPED]),
                carrier=self.chance.choice([None, None, ZTO]),
            )
            for n in self.chance.sample(range(1, ORDERS + 1), 2)
        ]
        self.store.imports.stage(parsed(orders, digest=f"file {self.files}"))

    def pack(self) -> None:
        one = self.order()
        version = self.version(one)
        record(self.store, facts.OrderOpened(one, version))
        steps: list[facts.Fact] = [facts.UnitsScanned(one, UNIT, "A")]
        if self.chance.random() < 0.2:
            steps += [facts.ScanUndone(one, UNIT), facts.UnitsScanned(one, UNIT, "A")]
        if self.chance.random() < 0.1:
            record(self.store, *steps, facts.OrderPaused(one))
            return
        carrier = self.chance.choice([YTO, YTO, ZTO])
        asked = facts.LabelRequested(one, version, self.chance.randint(1, 2), "verified", carrier)
        record(self.store, *steps, facts.OrderVerified(one, version), asked)

    def label(self) -> None:
        job = self.one_of("SELECT job FROM print_jobs WHERE kind = 'label'")
        row = self.store.db.row("SELECT key FROM print_jobs WHERE job = ?", (job,))
        if row is None:
            return
        if self.chance.random() < 0.8:
            self.store.ledger.sending(job, b"label")
        outcome = self.chance.choice(list(PrintOutcome)[2:6])
        record(self.store, facts.LabelEnded(OrderKey(row[0]), job, outcome, "told"))

    def seal(self) -> None:
        one = self.order()
        carrier = self.chance.choice([YTO, YTO, YTO, ZTO])
        source = self.chance.choice(list(LabelSource))
        record(self.store, facts.ParcelSealed(one, self.number(one), carrier, source))

    def hold(self) -> None:
        held: list[facts.Fact] = [facts.OrderHeld(self.order()), facts.OrderReleased(self.order())]
        record(self.store, self.chance.choice(held))

    def drop(self) -> None:
        record(self.store, facts.CountsDropped(self.order()))

    def open_bag(self) -> None:
        self.bags += 1
        record(self.store, facts.BagOpened(f"PSBAG{self.bags:03d}"))

    def use_bag(self) -> None:
        code = self.one_of("SELECT code FROM bags")
        one = self.order()
        carrier = self.chance.choice([YTO, YTO, ZTO])
        record(self.store, facts.ParcelBagged(code, one, self.number(one), carrier))

    def take_out(self) -> None:
        one = self.order()
        code = self.one_of("SELECT code FROM bags")
        record(self.store, facts.ParcelUnbagged(code, one, self.number(one)))

    def seal_bag(self) -> None:
        code = self.one_of("SELECT code FROM bags WHERE state = 'OPEN'")
        row = self.store.db.row("SELECT carrier, parcels FROM bags WHERE code = ?", (code,))
        record(
            self.store,
            facts.BagSealed(code, row[0] or YTO, row[1]) if row else facts.OrderPaused(key(1)),
        )

    def leave(self) -> None:
        self.manifests += 1
        manifest = f"PSM{self.manifests:03d}"
        bags = self.store.db.rows("SELECT code, carrier, parcels FROM bags WHERE state = 'SEALED'")
        record(self.store, facts.HandoverOpened(manifest))
        for code, carrier, parcels in bags:
            record(self.store, facts.BagCounted(manifest, code, carrier, parcels))
        if bags and self.chance.random() < 0.3:
            record(self.store, facts.BagUncounted(manifest, bags[-1][0]))
            bags = bags[:-1]
        closed = facts.HandoverClosed(
            manifest, YTO, tuple(b[0] for b in bags), sum(b[2] for b in bags)
        )
        record(self.store, facts.HandoverPaused(manifest), facts.HandoverOpened(manifest), closed)

    def refuse(self) -> None:
        record(
            self.store,
            facts.ScanRefused(Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER, None, "x"),
            facts.StopAcknowledged(Verdict.WRONG_ITEM, "ok"),
            facts.MessageAcknowledged(self.order()),
            facts.OrderClosed(self.order(), Reason.CANCELLED),
        )

    def run(self, steps: int) -> None:
        doings: list[tuple[Callable[[], None], int]] = [
            (self.import_file, 2),
            (self.pack, 6),
            (self.label, 6),
            (self.seal, 6),
            (self.hold, 1),
            (self.drop, 1),
            (self.open_bag, 1),
            (self.use_bag, 8),
            (self.take_out, 1),
            (self.seal_bag, 2),
            (self.leave, 1),
            (self.refuse, 1),
        ]
        for _ in range(steps):
            (doing,) = self.chance.choices([d for d, _ in doings], [w for _, w in doings])
            try:
                doing()
                self.done += 1
            except StoreError as error:
                if error.code not in REFUSALS:
                    raise
                self.refused += 1


def keeps_its_promises(store: OpenStore) -> None:
    """What must be true of the tables after whatever happened."""
    db = store.db
    assert db.rows("PRAGMA foreign_key_check") == []
    assert store.journal.verify(read_anchor(store.data_dir)).clean
    assert (
        db.rows(
            "SELECT code FROM bags AS b WHERE parcels <>"
            " (SELECT count(*) FROM parcels WHERE bag = b.code)"
        )
        == []
    )
    assert (
        db.rows(
            "SELECT id FROM number_blocks AS b WHERE used <> (SELECT count(*) FROM numbers"
            " WHERE block = b.id AND state = 'USED')"
        )
        == []
    )
    assert (
        db.rows("SELECT subject FROM outbox GROUP BY subject HAVING max(sequence) <> count(*)")
        == []
    )
    assert (
        db.rows(
            "SELECT key FROM print_jobs WHERE outcome NOT IN ('FAILED', 'CANCELLED')"
            " AND kind = 'label' AND copy = 1 GROUP BY key HAVING count(*) > 1"
        )
        == []
    )
    assert db.rows("SELECT order_key FROM parcels WHERE state = 'HANDED_OVER'") == db.rows(
        "SELECT order_key FROM manifest_parcels ORDER BY order_key"
    )
    handed = "SELECT count(*) FROM outbox WHERE type = 'parcel.handed_over'"
    assert db.rows(handed) == db.rows("SELECT count(*) FROM manifest_parcels")


@pytest.mark.parametrize("seed", range(8))
def test_a_random_shift_can_be_rebuilt_from_its_journal(store: OpenStore, seed: int) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, ORDERS + 1)]))
    add_numbers(store, 12)
    add_numbers(store, 3, ZTO)
    shift = RandomShift(store, seed)
    shift.run(150)
    assert shift.done > 50
    assert shift.refused > 10
    keeps_its_promises(store)
    rebuilt = rebuild(store.db, store.journal, store.data_dir / "rebuilt.db")
    assert differences(store.db, rebuilt) == []
    rebuilt.close()


def test_a_plain_shift_hands_over_and_can_be_rebuilt(store: OpenStore, tmp_path: Path) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, ORDERS + 1)]))
    add_numbers(store, 12)
    bag(store, "PSBAG1", [1, 2, 3])
    bag(store, "PSBAG2", [4])
    hand_over(store, "PSM1", {"PSBAG1": 3, "PSBAG2": 1})
    keeps_its_promises(store)
    rebuilt = rebuild(store.db, store.journal, tmp_path / "rebuilt.db")
    assert differences(store.db, rebuilt) == []
    rebuilt.close()


def test_a_table_that_was_changed_by_hand_differs(store: OpenStore, tmp_path: Path) -> None:
    store.imports.stage(parsed([order(1)]))
    with store.db.tx():
        store.db.run("UPDATE order_lines SET quantity = 9")
    rebuilt = rebuild(store.db, store.journal, tmp_path / "rebuilt.db")
    assert [(d.table, d.side) for d in differences(store.db, rebuilt)] == [
        ("order_lines", "stored"),
        ("order_lines", "rebuilt"),
    ]
    rebuilt.close()
