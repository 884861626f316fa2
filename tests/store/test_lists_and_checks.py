from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.order_query import Group, OrderQuery, SortBy
from packstation.core.orders import WhyNot
from packstation.errors import StoreError
from packstation.store import backup, self_check
from packstation.store.backup import back_up
from packstation.store.database import DATABASE_NAME
from packstation.store.opening import OpenStore, open_reader
from packstation.store.order_list import board, key_of, keys_to_pack, search
from packstation.store.self_check import BUILT_AT
from tests.store.builders import (
    RULES,
    START,
    add_numbers,
    bag,
    hand_over,
    key,
    line,
    opened,
    order,
    parsed,
    record,
    seal,
)


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """One order in each state that a list tells apart."""
    orders = [order(n, lines=[line("A-1", 2), line("毛衣", n=2)]) for n in range(1, 7)]
    orders.append(order(7, why_not=WhyNot.UNPAID))
    store.imports.stage(parsed(orders))
    add_numbers(store, 10)
    bag(store, "PSBAG1", [1])
    hand_over(store, "PSM1", {"PSBAG1": 1})
    seal(store, 2)
    record(store, facts.OrderOpened(key(3), 1), facts.OrderHeld(key(3)))
    record(store, facts.OrderOpened(key(4), 1))
    cancelled = order(2, lines=orders[1].lines, why_not=WhyNot.CANCELLED)
    store.imports.stage(parsed([cancelled], digest="d2"))
    return store


def test_every_order_is_listed_with_its_status(shop: OpenStore) -> None:
    found = search(shop.db, OrderQuery(sort=SortBy.NEWEST)).rows[::-1]
    assert [(o.order_id, o.status) for o in found] == [
        ("1", "handed_over"),
        ("2", "cancelled"),
        ("3", "held"),
        ("4", "open"),
        ("5", "waiting"),
        ("6", "waiting"),
        ("7", "unpaid"),
    ]
    first = found[0]
    assert (first.units, first.lines, first.tracking_number) == (3, 2, "YTO00000001")
    assert (first.bag, first.manifest) == ("PSBAG1", "PSM1")


@pytest.mark.parametrize(
    ("status", "numbers"),
    [
        ("waiting", "56"),
        ("held", "3"),
        ("unpaid", "7"),
        ("to_pack", "456"),
        ("stopped", "237"),
        ("done", "1"),
        ("no_such_status", ""),
    ],
)
def test_a_list_can_be_narrowed(shop: OpenStore, status: str, numbers: str) -> None:
    groups = {group.value: group for group in Group}
    word = None if status in groups else status
    found = search(shop.db, OrderQuery(group=groups.get(status), status=word, limit=2))
    assert found.total == found.at_least == len(numbers)
    assert "".join(o.order_id for o in found.rows) == numbers[:2]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("4", "4"), ("YTO0000000", "12"), ("毛衣", "123456"), ("title of a-1", "1234567"), ("*", "")],
)
def test_orders_are_found_by_what_a_person_types(shop: OpenStore, text: str, numbers: str) -> None:
    found = search(shop.db, OrderQuery(text=text, sort=SortBy.NEWEST)).rows
    assert "".join(o.order_id for o in found[::-1]) == numbers


def test_only_what_may_be_packed_is_picked(shop: OpenStore) -> None:
    assert keys_to_pack(shop.db) == (key(4), key(5), key(6))
    assert key_of(shop.db, "4") == key_of(shop.db, "main/4") == key(4)
    assert key_of(shop.db, "99") is None


def test_the_board_counts_without_counting(shop: OpenStore) -> None:
    figures = board(shop.db)
    assert (figures.orders, figures.open_bags) == (7, 0)
    head = shop.journal.head()
    assert head is not None
    assert figures.journal_entries == head.seq
    assert figures.outbox == shop.outbox.counts()
    assert figures.last_import_at is not None


# Backups


def test_a_backup_was_opened_and_compared(shop: OpenStore) -> None:
    made = back_up(shop, "nightly")
    head = shop.journal.head()
    assert head is not None
    assert (made.entries, made.head) == (head.seq, head.digest)
    assert back_up(shop, "nightly").path != made.path
    record(shop, facts.OrderOpened(key(5), 1))
    assert backup.check(shop, made.path).entries == made.entries, "an older one is one still"


def test_a_backup_that_is_of_no_use_is_said(shop: OpenStore, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    strange = back_up(other, "strange").path
    with pytest.raises(StoreError) as caught:
        backup.check(shop, strange)
    assert caught.value.code == "store.backup_bad"
    other.close()
    made = back_up(shop, "nightly").path
    data = bytearray(made.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = bytes(4096)
    made.write_bytes(data)
    with pytest.raises(StoreError):
        backup.check(shop, made)


def test_a_backup_of_another_history_of_this_store_is_of_no_use(
    folder: Path, tmp_path: Path
) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    store.close()
    shutil.copy(folder / DATABASE_NAME, tmp_path / "old.db")
    store = opened(folder)
    record(store, facts.OrderOpened(key(1), 1))
    made = back_up(store, "nightly").path
    store.close()
    shutil.copy(tmp_path / "old.db", folder / DATABASE_NAME)
    store = opened(folder)
    record(store, facts.OrderOpened(key(1), 1))
    with pytest.raises(StoreError, match="another one"):
        backup.check(store, made)
    store.close()


# The self-check


def levels(store: OpenStore, now: datetime) -> dict[str, str]:
    return {finding.name: finding.level for finding in self_check.self_check(store, now)}


def test_a_sound_store_is_called_sound(shop: OpenStore) -> None:
    found = levels(shop, START + timedelta(hours=1))
    assert found.pop("keys") == "warning", "key files are said"
    assert found.pop("free_space") in ("ok", "warning", "error")
    assert set(found.values()) == {"ok"}
    reader = open_reader(shop.data_dir, RULES)
    assert levels(reader, START + timedelta(hours=1))["database"] == "ok"
    (holder,) = [f for f in self_check.self_check(reader, START) if f.name == "holder"]
    assert "test" in holder.message
    reader.close()


@pytest.mark.parametrize("now", [BUILT_AT - timedelta(days=1), START - timedelta(hours=1)])
def test_a_clock_that_cannot_be_right_is_an_error(shop: OpenStore, now: datetime) -> None:
    assert levels(shop, now)["clock"] == "error"


@pytest.mark.parametrize(("free", "level"), [(10**8, "error"), (10**9, "warning"), (10**11, "ok")])
def test_a_disk_that_runs_full_is_said_early(
    shop: OpenStore, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    usage = type("usage", (), {"free": free})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert levels(shop, START + timedelta(hours=1))["free_space"] == level


def test_rights_that_are_too_wide_are_said(shop: OpenStore) -> None:
    (shop.data_dir / "people.key").chmod(0o644)
    assert levels(shop, START + timedelta(hours=1))["rights"] == "warning"


def test_people_data_that_is_due_is_said(shop: OpenStore) -> None:
    assert levels(shop, START + timedelta(days=400))["people"] == "warning"


def test_an_interruption_is_said(folder: Path) -> None:
    store = opened(folder)
    store.db.close()
    assert store.hold is not None
    store.hold.release()
    store = opened(folder)
    assert levels(store, START + timedelta(hours=1))["resumed"] == "warning"
    store.close()
