"""A store in a folder of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.store.opening import OpenStore
from tests.store.builders import add_numbers, opened, order, parsed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[OpenStore]:
    """An open store."""
    found = opened(folder)
    yield found
    found.close()


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """Five orders of one unit and ten numbers."""
    store.imports.stage(parsed([order(n) for n in range(1, 6)]))
    add_numbers(store, 10)
    return store
