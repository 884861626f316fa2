"""A damaged file is noticed: by SQLite, by the chain, or by the journal told again."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.errors import StoreError
from packstation.store import self_check
from packstation.store.anchor import ANCHOR_NAME
from packstation.store.database import DATABASE_NAME
from packstation.store.opening import MARKER_NAME, OpenStore
from packstation.store.replay import differences, rebuild
from packstation.store.schema import BENCH_TABLES
from tests.store.builders import (
    START,
    add_numbers,
    bag,
    hand_over,
    key,
    opened,
    order,
    parsed,
    record,
)


def what_counts(store: OpenStore) -> dict[str, list[tuple[object, ...]]]:
    tables = (*BENCH_TABLES, "journal")
    return {table: store.db.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def noticed(folder: Path, truth: dict[str, list[tuple[object, ...]]], spare: Path) -> str:
    """Return who noticed that the file is not what it was; empty = nobody."""
    try:
        store = opened(folder)
    except StoreError as error:
        return error.code
    try:
        if what_counts(store).items() >= {k: v for k, v in truth.items() if k != "journal"}.items():
            return "nothing is wrong"
        if not store.journal.verify().clean:
            return "chain"
        rebuilt = rebuild(store.db, store.journal, spare)
        found = differences(store.db, rebuilt)
        rebuilt.close()
        return "replay" if found else ""
    except (StoreError, ValueError, KeyError, TypeError) as error:
        return type(error).__name__
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(24))
def test_damage_is_noticed_and_the_file_is_not_replaced(
    folder: Path, tmp_path: Path, seed: int
) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(n) for n in range(1, 9)]))
    add_numbers(store, 9)
    bag(store, "PSBAG1", [1, 2])
    hand_over(store, "PSM1", {"PSBAG1": 2})
    truth = what_counts(store)
    store.close()
    path, chance = folder / DATABASE_NAME, random.Random(seed)
    data = bytearray(path.read_bytes())
    match seed % 3:
        case 0:
            at = chance.randrange(0, len(data) - 512, 512)
            data[at : at + 512] = bytes(512)
        case 1:
            for _ in range(8):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case _:
            del data[chance.randrange(512, len(data)) :]
    path.write_bytes(data)
    (folder / MARKER_NAME).touch()
    shutil.copy(path, tmp_path / "evidence.db")
    assert noticed(folder, truth, tmp_path / "rebuilt.db")
    assert path.stat().st_size >= min(len(data), 4096), "nothing is deleted"


def test_a_sound_file_is_not_called_damaged(folder: Path, tmp_path: Path) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    truth = what_counts(store)
    store.close()
    assert noticed(folder, truth, tmp_path / "rebuilt.db") == "nothing is wrong"


def test_an_old_copy_put_in_place_is_noticed(folder: Path, tmp_path: Path) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    store.close()
    shutil.copy(folder / DATABASE_NAME, tmp_path / "old.db")
    store = opened(folder)
    record(store, facts.OrderOpened(key(1), 1))
    assert self_check._tail(store).level == "ok"
    store.close()
    shutil.copy(tmp_path / "old.db", folder / DATABASE_NAME)
    store = opened(folder)
    assert self_check._tail(store).level == "error"
    (found,) = [f for f in self_check.self_check(store, START) if f.name == "journal"]
    assert "cut off" in found.fix
    record(store, facts.OrderOpened(key(1), 1), facts.OrderPaused(key(1)))
    store.close()
    store = opened(folder)
    assert self_check._tail(store).level == "error", "further entries do not cover it"
    store.close()


def test_a_missing_head_outside_is_said(store: OpenStore) -> None:
    (store.data_dir / ANCHOR_NAME).write_bytes(b"")
    assert self_check._tail(store).level == "warning"
