"""A backup counts once it was opened and compared; people's data goes when its time is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite3

from packstation.store import people
from packstation.store.people import PeopleVault
from tests.app.shop import Station
from tests.cli.conftest import Run


def test_a_backup_is_a_database_with_the_whole_journal(run: Run, tmp_path: Path) -> None:
    made = run("backup", "--out", tmp_path / "copies", "--json")
    (told,) = made.rows()
    copy = sqlite3.connect(told["path"])
    assert copy.execute("SELECT count(*) FROM journal").fetchone() == (told["entries"],)
    copy.close()
    assert run("backup", "--out", tmp_path / "copies").code == 0


def test_a_backup_never_holds_the_keys(run: Run, data: Path, tmp_path: Path) -> None:
    assert run("backup", "--out", tmp_path / "copies").code == 0
    secrets = [path.read_bytes().strip() for path in data.glob("*.key")]
    (copy,) = (tmp_path / "copies").iterdir()
    assert secrets
    assert not any(secret in copy.read_bytes() for secret in secrets)


def test_peoples_data_past_its_time_is_deleted_at_the_next_start(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []
    due = PeopleVault.due

    def later(vault: PeopleVault, today: date) -> list[str]:
        asked.append(today)
        return due(vault, today + timedelta(days=people.KEEP_DAYS + 1))

    monkeypatch.setattr(PeopleVault, "due", later)
    station = Station(data)
    left = station.house.call(lambda: station.house.store.db.rows("SELECT count(*) FROM people"))
    station.close()
    assert left == [(0,)]
    assert asked[0] == datetime.now(UTC).date()
