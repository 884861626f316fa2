"""Rebuilds the bench's tables from the journal alone, and compares them with what is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packstation.store import migrations
from packstation.store.database import Database
from packstation.store.journal import COLUMNS, Journal
from packstation.store.projections import apply
from packstation.store.schema import BENCH_TABLES


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that stands in one place only."""

    table: str
    row: tuple[object, ...]
    side: str
    """``stored`` or ``rebuilt``."""


def rebuild(source: Database, journal: Journal, target: Path) -> Database:
    """Make a new database whose bench tables follow from the journal of another.

    People's data, the outbox's deliveries and import reports are no part of it: they cannot
    follow from a journal that holds no people's data and knows no receiver.

    Args:
        source: Where the journal is.
        journal: The journal of that database.
        target: A file that does not exist yet.
    """
    rebuilt = Database(target)
    migrations.migrate(rebuilt, target.parent)
    holes = ", ".join("?" * len(COLUMNS.split(",")))
    with rebuilt.tx():
        rebuilt.run_many(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            source.rows("SELECT name, value FROM meta"),
        )
        rebuilt.run_many(
            f"INSERT INTO journal ({COLUMNS}) VALUES ({holes})",
            source.stream(f"SELECT {COLUMNS} FROM journal ORDER BY seq"),
        )
        for entry in journal.entries():
            apply(rebuilt, entry)
    return rebuilt


def differences(stored: Database, rebuilt: Database, most: int = 20) -> list[Difference]:
    """Return rows of the bench's tables that only one of two databases has."""
    found: list[Difference] = []
    for table in BENCH_TABLES:
        here = set(stored.rows(f"SELECT * FROM {table}"))
        there = set(rebuilt.rows(f"SELECT * FROM {table}"))
        found.extend(Difference(table, row, "stored") for row in sorted(here - there, key=repr))
        found.extend(Difference(table, row, "rebuilt") for row in sorted(there - here, key=repr))
        if len(found) >= most:
            break
    return found[:most]
