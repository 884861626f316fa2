"""The table of requirements names only tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def missing_tests(table: str, checkout: Path) -> list[str]:
    """Return tests that a table names and no file has."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(table)
        if not (checkout / file).is_file()
        or f"def {name}(" not in (checkout / file).read_text(encoding="utf-8")
    ]


def test_every_test_that_the_table_names_exists(checkout: Path) -> None:
    table = (checkout / "resources" / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert len(NAMED.findall(table)) > 50
    assert missing_tests(table, checkout) == []


def test_a_test_that_does_not_exist_is_found(checkout: Path) -> None:
    planted = "| F1 | `tests/test_coverage_table.py::test_that_nobody_wrote` |"
    assert missing_tests(planted, checkout) != []
