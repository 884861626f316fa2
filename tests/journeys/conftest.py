"""A prepared table: imported, with codes and numbers; every story works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.table import FIRST_YTO, FIRST_ZTO, Table


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = Table(tmp_path_factory.mktemp("prepared") / "data")
    table.bring("orders.csv")
    table.bring("codes.csv")
    for carrier, first in (("YTO", FIRST_YTO), ("ZTO", FIRST_ZTO)):
        done = table.run("numbers", "add", carrier, first, "--count", "20")
        assert done.code == 0, done.err
    return table.data


@pytest.fixture
def table(prepared: Path, tmp_path: Path) -> Iterator[Table]:
    """A table in the morning."""
    fresh = Table(Path(shutil.copytree(prepared, tmp_path / "data")))
    yield fresh
    fresh.close()


@pytest.fixture
def empty_table(tmp_path: Path) -> Iterator[Table]:
    """A table that was never used."""
    unused = Table(tmp_path / "data")
    yield unused
    unused.close()
