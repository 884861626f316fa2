from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from packstation.core import facts, store_facts
from packstation.core.events import LabelQueued
from packstation.core.status import PrintOutcome
from packstation.errors import StoreError
from packstation.store.anchor import ANCHOR_NAME, Head, read_anchor
from packstation.store.journal import ChainReport
from packstation.store.opening import OpenStore
from tests.store.builders import (
    SAVED,
    Clock,
    add_numbers,
    bag,
    hand_over,
    key,
    opened,
    order,
    parsed,
    print_label,
    record,
    verify,
)


def a_shift(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 6)]))
    add_numbers(store, 10)
    bag(store, "PSBAG01000001", [1, 2])
    hand_over(store, "PSM01000001", {"PSBAG01000001": 2})
    record(store, facts.OrderOpened(key(3), 1))


def tampered(store: OpenStore, *statements: str) -> ChainReport:
    """Change the file as someone with the database in hand could, triggers or not."""
    connection = store.db.connection
    triggers = store.db.rows(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'journal'"
    )
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    return store.journal.verify(read_anchor(store.data_dir))


def test_a_whole_shift_holds(store: OpenStore) -> None:
    a_shift(store)
    report = store.journal.verify(read_anchor(store.data_dir))
    assert report.clean
    assert report.head == store.journal.head() == read_anchor(store.data_dir)
    assert report.entries > 30


@pytest.mark.parametrize("statement", ["UPDATE journal SET body = '{}'", "DELETE FROM journal"])
def test_entries_cannot_be_changed_or_deleted(store: OpenStore, statement: str) -> None:
    a_shift(store)
    with pytest.raises(StoreError, match="append-only"), store.db.tx():
        store.db.run(f"{statement} WHERE seq = 3")
    assert store.journal.verify().clean


def test_an_entry_cannot_leave_a_gap(store: OpenStore) -> None:
    with pytest.raises(StoreError, match="no gaps"), store.db.tx():
        store.db.run(
            "INSERT INTO journal SELECT seq + 2, 'x', station_id, station_epoch, operator_id, role,"
            " kind, entity, entity_version, body, utc_us, mono_us, boot_id, tz, app_version,"
            " prev_hash, hash FROM journal WHERE seq = 1"
        )


@pytest.mark.parametrize(
    "column",
    [
        "event_id",
        "station_id",
        "operator_id",
        "role",
        "kind",
        "entity",
        "boot_id",
        "tz",
        "app_version",
    ],
)
def test_an_edit_is_found_where_it_is(store: OpenStore, column: str) -> None:
    a_shift(store)
    report = tampered(store, f"UPDATE journal SET {column} = {column} || 'x' WHERE seq = 7")
    assert [(b.seq, b.what) for b in report.breaks] == [(7, "edited")]


@pytest.mark.parametrize("column", ["station_epoch", "utc_us", "mono_us"])
def test_an_edited_number_is_found_where_it_is(store: OpenStore, column: str) -> None:
    a_shift(store)
    report = tampered(store, f"UPDATE journal SET {column} = {column} + 1 WHERE seq = 9")
    assert [(b.seq, b.what) for b in report.breaks] == [(9, "edited")]


def test_every_single_edit_of_a_body_is_found(store: OpenStore) -> None:
    a_shift(store)
    entries = store.journal.verify().entries
    chance = random.Random(7)
    for _ in range(60):
        seq = chance.randint(1, entries)
        ((body,),) = store.db.rows("SELECT body FROM journal WHERE seq = ?", (seq,))
        changed = json.dumps({**json.loads(body), "note": chance.random()})
        sql = f"UPDATE journal SET body = '{changed}' WHERE seq = {seq}"
        assert [(b.seq, b.what) for b in tampered(store, sql).breaks] == [(seq, "edited")]
        back = body.replace("'", "''")
        assert tampered(store, f"UPDATE journal SET body = '{back}' WHERE seq = {seq}").clean


def test_a_deleted_entry_is_found_where_it_was(store: OpenStore) -> None:
    a_shift(store)
    report = tampered(store, "DELETE FROM journal WHERE seq IN (8, 9)")
    assert [(b.seq, b.what, b.detail) for b in report.breaks] == [(8, "missing", "8 to 9")]


def test_a_deleted_entry_behind_which_the_rest_moved_up_is_found(store: OpenStore) -> None:
    a_shift(store)
    report = tampered(
        store,
        "DELETE FROM journal WHERE seq = 8",
        "UPDATE journal SET seq = seq - 1 WHERE seq = 9",
        "DELETE FROM journal WHERE seq > 8",
    )
    assert (8, "not_chained") in [(b.seq, b.what) for b in report.breaks]


def test_swapped_entries_are_found(store: OpenStore) -> None:
    a_shift(store)
    report = tampered(
        store,
        "UPDATE journal SET seq = 100000 WHERE seq = 5",
        "UPDATE journal SET seq = 5 WHERE seq = 6",
        "UPDATE journal SET seq = 6 WHERE seq = 100000",
    )
    assert {b.seq for b in report.breaks} >= {5, 6}


def test_a_cut_tail_is_found_by_the_head_kept_outside(store: OpenStore) -> None:
    a_shift(store)
    head = store.journal.head()
    assert head is not None
    report = tampered(store, f"DELETE FROM journal WHERE seq > {head.seq - 3}")
    assert [(b.seq, b.what) for b in report.breaks] == [(head.seq - 2, "cut")]
    assert store.journal.verify().clean, "without an anchor a cut tail cannot be seen"


def test_a_cut_tail_is_found_by_the_head_on_a_receipt(store: OpenStore) -> None:
    a_shift(store)
    ((head, seq),) = store.db.rows("SELECT chain_head, chain_seq FROM manifests")
    assert store.journal.verify(heads=[head]).clean
    tampered(store, f"DELETE FROM journal WHERE seq >= {seq}")
    (found,) = store.journal.verify(heads=[head]).breaks
    assert (found.what, found.detail) == ("unknown_head", head)


def test_a_chain_made_anew_with_another_key_is_found(store: OpenStore) -> None:
    a_shift(store)
    other = type(store.journal)(store.db, bytes(32), store.journal.station_id, 1)
    assert len(other.verify().breaks) == store.journal.verify().entries


def test_an_anchor_of_another_history_is_found(store: OpenStore) -> None:
    a_shift(store)
    report = store.journal.verify(Head(4, "ab" * 32))
    assert [(b.seq, b.what) for b in report.breaks] == [(4, "unknown_head")]


def test_an_unreadable_anchor_is_none(store: OpenStore) -> None:
    (store.data_dir / ANCHOR_NAME).write_text("torn", encoding="ascii")
    assert read_anchor(store.data_dir) is None


def test_a_record_that_fails_leaves_no_entry(store: OpenStore) -> None:
    a_shift(store)
    before = store.journal.head()
    with pytest.raises(StoreError):
        record(store, facts.OrderOpened(key(4), 1), facts.ParcelBagged("PSBAG9", key(4), "N", "Y"))  # type: ignore[arg-type]
    assert store.journal.head() == before == read_anchor(store.data_dir)
    assert store.journal.verify().clean
    record(store, facts.OrderOpened(key(4), 1))
    assert store.journal.verify(read_anchor(store.data_dir)).clean


def test_export_gives_every_entry_as_one_object(store: OpenStore) -> None:
    a_shift(store)
    rows = [json.loads(text) for text in store.journal.export()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["kind"] == "store_created"
    assert all(row["prev_hash"] == before["hash"] for before, row in pairwise(rows))
    assert len({row["event_id"] for row in rows}) == len(rows)


def test_entities_and_versions_are_columns_of_their_own(store: OpenStore) -> None:
    a_shift(store)
    found = store.db.rows("SELECT entity, entity_version FROM journal WHERE kind = 'order_opened'")
    assert found == [("main/1", 1), ("main/2", 1), ("main/3", 1)]


def test_a_jump_of_the_clock_is_an_entry(folder: Path) -> None:
    clock = Clock()
    store = opened(folder, clock=clock)
    store.imports.stage(parsed([order(1)]))
    later = clock()
    jumped = replace(later, at=later.at + timedelta(minutes=37))
    store.station.record((facts.OrderOpened(key(1), 1),), SAVED, jumped)
    (fact,) = [
        e.fact for e in store.journal.entries() if isinstance(e.fact, store_facts.ClockChanged)
    ]
    assert fact.jump_ms == 37 * 60 * 1000
    assert store.journal.verify().clean
    store.close()


def test_a_clock_that_goes_evenly_is_no_entry(store: OpenStore) -> None:
    a_shift(store)
    kinds = {kind for (kind,) in store.db.rows("SELECT kind FROM journal")}
    assert "clock_changed" not in kinds


def kill(store: OpenStore) -> None:
    """Let everything go as a dead process does."""
    store.db.close()
    assert store.hold is not None
    store.hold.release()


def test_a_program_that_died_is_told_at_the_next_start(folder: Path) -> None:
    kill(opened(folder))
    store = opened(folder)
    assert store.resumed
    kinds = [kind for (kind,) in store.db.rows("SELECT kind FROM journal ORDER BY seq")]
    assert kinds == ["store_created", "store_resumed"]
    store.close()
    store = opened(folder)
    assert not store.resumed
    store.close()


def test_a_label_being_sent_when_the_program_died_is_unknown(folder: Path) -> None:
    store = opened(folder)
    a_shift(store)
    (queued,) = verify(store, 4)
    assert isinstance(queued, LabelQueued)
    store.ledger.sending(queued.job, b"bytes")
    kill(store)
    store = opened(folder)
    (job,) = [j for j in store.ledger.jobs() if j.job == queued.job]
    assert (job.outcome, job.detail) == (PrintOutcome.UNKNOWN, "interrupted")
    assert store.journal.verify(read_anchor(folder)).clean
    store.close()


def test_a_label_that_was_sent_before_is_left_alone(folder: Path) -> None:
    store = opened(folder)
    a_shift(store)
    (queued,) = verify(store, 4)
    assert isinstance(queued, LabelQueued)
    print_label(store, queued, PrintOutcome.SENT)
    kill(store)
    store = opened(folder)
    (job,) = [j for j in store.ledger.jobs() if j.job == queued.job]
    assert job.outcome is PrintOutcome.SENT
    store.close()
