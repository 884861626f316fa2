"""One program holds a data folder; others may look."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign.process import run
from tests.journeys.table import FILES, MUG, TWO_MUGS_AND_A_SPOON, Table, said


@pytest.fixture(scope="module")
def table(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """A table with an open order, the same for all that come second."""
    folder = tmp_path_factory.mktemp("held") / "data"
    busy = Table(Path(shutil.copytree(prepared, folder)))
    assert said(busy.scan(TWO_MUGS_AND_A_SPOON, MUG)) == ["ORDER_OPENED", "MATCH"]
    yield busy
    busy.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "-", "--json"),
        ("import", str(FILES / "orders.csv")),
        ("numbers", "add", "YTO", "YT7711111111111", "--count", "1"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_second_program_is_refused_and_told_who_holds_the_folder(
    table: Table, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, "--data", table.data, stdin=f"{MUG}\n")
    assert done.code == 1
    assert done.out == ""
    assert "scan" in done.err
    assert str(table.station.pid) in done.err
    assert "Traceback" not in done.err
    assert table.scan(TWO_MUGS_AND_A_SPOON)[0]["missing"] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders", "--json"),
        ("print-jobs", "--json"),
        ("manifests", "--json"),
        ("numbers", "list", "--json"),
        ("journal", "verify"),
        ("doctor",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_that_only_read_work_beside_it(table: Table, arguments: tuple[str, ...]) -> None:
    done = table.run(*arguments)
    assert done.code == 0, done.err + done.out
    assert table.scan(TWO_MUGS_AND_A_SPOON)[0]["missing"] == 2
