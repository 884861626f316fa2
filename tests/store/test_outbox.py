from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from packstation.core import facts
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.outbox import OutboxEvent
from packstation.core.status import StatusKind
from packstation.errors import StoreError
from packstation.store import migrations, outbox
from packstation.store.database import Database
from packstation.store.journal import utc_us
from packstation.store.opening import OpenStore
from packstation.store.outbox import Outbox
from packstation.store.status_events import StatusEvent
from tests.store.builders import (
    START,
    add_numbers,
    bag,
    hand_over,
    key,
    order,
    parsed,
    record,
    seal,
)

LATER = START + timedelta(days=1)


def kinds_of(store: OpenStore, number: int) -> list[tuple[int, str]]:
    return store.db.rows(
        "SELECT sequence, type FROM outbox WHERE subject = ? ORDER BY sequence", (key(number),)
    )


def a_shift(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 5)]))
    add_numbers(store, 9)
    bag(store, "PSBAG1", [1, 2])
    hand_over(store, "PSM1", {"PSBAG1": 2})


def test_the_facts_of_an_order_become_its_events_in_order(store: OpenStore) -> None:
    a_shift(store)
    assert kinds_of(store, 1) == [
        (1, "order.verified"),
        (2, "label.assigned"),
        (3, "parcel.sealed"),
        (4, "parcel.bagged"),
        (5, "parcel.handed_over"),
    ]
    ((data,),) = store.db.rows(
        "SELECT data FROM outbox WHERE subject = ? AND sequence = 5", (key(1),)
    )
    assert json.loads(data) == {
        "shop": "main",
        "order_id": "1",
        "tracking_number": "YTO00000001",
        "carrier": "YTO",
        "bag": "PSBAG1",
        "manifest": "PSM1",
    }


def test_hold_and_release_are_told_once_each(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    record(store, facts.OrderOpened(key(1), 1))
    for _ in range(2):
        record(store, facts.OrderHeld(key(1)))
    for _ in range(2):
        record(store, facts.OrderReleased(key(1)))
    assert kinds_of(store, 1) == [(1, "order.held"), (2, "order.released")]


def test_taking_a_parcel_out_says_of_which_bag(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    add_numbers(store, 1)
    number = seal(store, 1)
    from tests.store.builders import YTO

    record(store, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", key(1), number, YTO))
    record(store, facts.ParcelUnbagged("PSBAG1", key(1), number))
    ((data,),) = store.db.rows("SELECT data FROM outbox WHERE type = 'parcel.unbagged'")
    assert json.loads(data)["bag"] == "PSBAG1"


def test_a_record_that_fails_queues_nothing(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    record(store, facts.OrderOpened(key(1), 1))
    with pytest.raises(StoreError):
        record(store, facts.OrderVerified(key(1), 1), facts.OrderVerified(key(2), 1))
    assert store.outbox.counts().waiting == 0
    assert store.db.rows("SELECT * FROM streams") == []


def test_an_import_tells_the_receiver_nothing(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    store.imports.stage(parsed([order(1, why_not=WhyNot.CANCELLED)], digest="d2"))
    assert store.outbox.counts().waiting == 0


def test_a_claim_takes_one_event_of_an_order_and_marks_nothing(store: OpenStore) -> None:
    a_shift(store)
    first = store.outbox.claim(LATER, 20)
    assert [(e.subject, e.sequence) for e in first] == [(key(1), 1), (key(2), 1)]
    assert store.outbox.claim(LATER, 20) == first
    assert store.outbox.claim(LATER, 1) == first[:1]
    assert store.outbox.delivered([e.id for e in first], LATER) == 2
    assert store.outbox.delivered([e.id for e in first], LATER) == 0
    second = store.outbox.claim(LATER, 20)
    assert [(e.subject, e.sequence) for e in second] == [(key(1), 2), (key(2), 2)]
    assert store.outbox.counts().waiting == 8


def test_nothing_is_sent_before_its_time(store: OpenStore) -> None:
    a_shift(store)
    first, second = store.outbox.claim(LATER, 20)
    store.outbox.postpone([first.id], LATER + timedelta(minutes=5), "503")
    assert store.outbox.claim(LATER, 20) == [second]
    (_, again) = store.outbox.claim(LATER + timedelta(minutes=5), 20)
    assert (again.id, again.attempts, again.last_error) == (first.id, 1, "503")
    assert store.outbox.next_due() is not None


def test_a_parked_order_waits_alone_until_somebody_acts(store: OpenStore) -> None:
    a_shift(store)
    first, second = store.outbox.claim(LATER, 20)
    store.outbox.park([first.id], "422")
    assert store.outbox.claim(LATER, 20) == [second]
    counts = store.outbox.counts()
    assert (counts.waiting, counts.parked) == (5, 5)
    (parked,) = store.outbox.parked()
    assert (parked.subject, parked.events, parked.reason) == (key(1), 5, "422")
    assert store.outbox.retry_parked(OrderKey(key(1)), LATER)
    assert not store.outbox.retry_parked(OrderKey(key(1)), LATER)
    counts = store.outbox.counts()
    assert (counts.waiting, counts.parked) == (10, 0)
    assert {e.id for e in store.outbox.claim(LATER, 20)} == {first.id, second.id}


def test_while_paused_nothing_is_claimed_and_everything_is_kept(store: OpenStore) -> None:
    a_shift(store)
    store.outbox.pause_all("log-on expired")
    assert store.outbox.claim(LATER, 20) == []
    assert store.outbox.counts().paused == "log-on expired"
    store.outbox.resume_all()
    assert len(store.outbox.claim(LATER, 20)) == 2


def test_an_unsent_event_cannot_be_deleted(store: OpenStore) -> None:
    a_shift(store)
    with pytest.raises(StoreError, match="stays"), store.db.tx():
        store.db.run("DELETE FROM outbox")


def test_the_oldest_is_the_oldest_unsent_one(store: OpenStore) -> None:
    a_shift(store)
    oldest = store.outbox.counts().oldest_at
    assert oldest == store.outbox.unsent()[0].created_at
    while claimed := store.outbox.claim(LATER, 20):
        store.outbox.delivered([e.id for e in claimed], LATER)
    assert store.outbox.counts().oldest_at is None
    assert store.outbox.unsent() == []
    record(store, facts.OrderOpened(key(3), 1), facts.OrderVerified(key(3), 1))
    assert store.outbox.counts().waiting == 1


def test_the_cost_of_a_claim_does_not_grow_with_the_queue(store: OpenStore) -> None:
    plan = store.db.rows(
        "EXPLAIN QUERY PLAN SELECT o.id FROM streams AS s JOIN outbox AS o"
        " ON o.subject = s.subject AND o.sequence = s.next_sequence"
        " WHERE s.pending > 0 AND s.parked = 0 AND s.due_us <= 1 ORDER BY s.due_us, s.subject"
        " LIMIT 20"
    )
    told = " / ".join(str(row[3]) for row in plan)
    assert "streams_due" in told
    assert "SCAN" not in told
    assert "TEMP B-TREE" not in told


class Receiver(RuleBasedStateMachine):
    """A queue and a receiver that loses, refuses and repeats, against a plain model of both."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.temporary = tempfile.TemporaryDirectory()
        folder = Path(self.temporary.name)
        self.db = Database(folder / "a.db")
        migrations.migrate(self.db, folder)
        self.outbox = Outbox(self.db)
        self.now = START
        self.made: dict[str, int] = defaultdict(int)
        self.received: dict[str, list[int]] = defaultdict(list)
        self.parked: set[str] = set()
        self.paused = False

    def teardown(self) -> None:
        self.db.close()
        self.temporary.cleanup()

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @rule(orders=st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4))
    def happen(self, orders: list[str]) -> None:
        with self.db.tx():
            events = [StatusEvent(StatusKind.ORDER_HELD, OrderKey(o), {}) for o in orders]
            outbox.add(self.db, events, utc_us(self.tick()))
        for one in orders:
            self.made[one] += 1

    def claim(self, limit: int) -> list[OutboxEvent]:
        claimed = self.outbox.claim(self.tick(), limit)
        assert len(claimed) <= limit
        assert len({e.subject for e in claimed}) == len(claimed)
        assert not {e.subject for e in claimed} & self.parked
        if self.paused:
            assert claimed == []
        for event in claimed:
            done = self.received[event.subject]
            assert event.sequence == len(set(done)) + 1, "out of order or lost"
        return claimed

    @rule(limit=st.integers(1, 5), fate=st.lists(st.sampled_from("askp"), min_size=5, max_size=5))
    def send(self, limit: int, fate: list[str]) -> None:
        """a: acknowledged, s: postponed, k: the acknowledgement was lost, p: parked."""
        for event, what in zip(self.claim(limit), fate, strict=False):
            if what in "ak":
                self.received[event.subject].append(event.sequence)
            if what == "a":
                assert self.outbox.delivered([event.id], self.now) == 1
            elif what == "k":
                assert self.outbox.delivered([event.id], self.now) == 1
                assert self.outbox.delivered([event.id], self.now) == 0
            elif what == "s":
                self.outbox.postpone([event.id], self.now + timedelta(seconds=3), "503")
            else:
                self.outbox.park([event.id], "422")
                self.parked.add(event.subject)

    @rule(one=st.sampled_from("ABCD"))
    def retry(self, one: str) -> None:
        assert self.outbox.retry_parked(OrderKey(one), self.tick()) == (one in self.parked)
        self.parked.discard(one)

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        self.paused = paused
        if paused:
            self.outbox.pause_all("401")
        else:
            self.outbox.resume_all()

    @invariant()
    def counts_agree(self) -> None:
        unsent = {o: n - len(set(self.received[o])) for o, n in self.made.items()}
        counts = self.outbox.counts()
        assert counts.parked == sum(n for o, n in unsent.items() if o in self.parked)
        assert counts.waiting == sum(n for o, n in unsent.items() if o not in self.parked)
        assert (counts.oldest_at is None) == (sum(unsent.values()) == 0)


Receiver.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestReceiver: Any = Receiver.TestCase
