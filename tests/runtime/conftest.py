"""Fixtures of the sender's tests: each test of an outbox runs with both implementations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.outboxes import Bench, Clock, MemoryOutbox, StoreBench


@pytest.fixture(params=["memory", "store"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "memory":
        yield MemoryOutbox()
        return
    made = StoreBench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
