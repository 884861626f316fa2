"""The form of the database by version: each step in one transaction with its version number."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.form_2 import VERSION_2
from packstation.store.form_3 import VERSION_3
from packstation.store.schema import VERSION_1

log = logging.getLogger(__name__)

APPLICATION_ID = 0x50_53_54_4E
"""``PSTN``: tells a PackStation database from any other SQLite file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from the version before to this one; append-only."""

    version: int
    name: str
    statements: Sequence[str]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "first", VERSION_1),
    Migration(2, "orders", VERSION_2),
    Migration(3, "paper", VERSION_3),
)
"""Every step there is, in order."""


def version_of(db: Database) -> int:
    """Return the version that a database says it has; 0 = empty."""
    found = db.row("PRAGMA user_version")
    assert found is not None
    return int(found[0])


def newest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the version that this program writes."""
    return migrations[-1].version


def check(db: Database, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the database's version, refusing what this program does not understand.

    Raises:
        StoreError: ``store.newer_version`` or ``store.corrupt`` (not ours).
    """
    version = version_of(db)
    if version > newest(migrations):
        raise StoreError(
            "store.newer_version",
            f"The database {db.path} was made by a newer version (form {version};"
            f" this program knows {newest(migrations)}).",
            fix="Start the newer program; nothing was changed.",
            path=str(db.path),
            version=version,
        )
    found = db.row("PRAGMA application_id")
    if version and found != (APPLICATION_ID,):
        raise StoreError(
            "store.corrupt",
            f"The file {db.path} is not a PackStation database.",
            fix="Choose the right data folder; nothing was changed.",
            path=str(db.path),
        )
    return version


def migrate(
    db: Database, backups: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> tuple[str, ...]:
    """Bring a database to the newest version; return the names of the steps taken.

    Two programs may try at once: the version is read again inside each transaction.

    Args:
        db: Open for writing.
        backups: Where a copy goes before an existing database is changed.
        migrations: Every step there is.
    """
    version = check(db, migrations)
    todo = [step for step in migrations if step.version > version]
    if version and todo:
        back_up(db, backups, f"before-form-{todo[-1].version}")
    taken: list[str] = []
    for step in todo:
        with db.tx():
            if version_of(db) >= step.version:
                continue
            for statement in step.statements:
                db.run(statement)
            if step.version == 1:
                db.run(f"PRAGMA application_id={APPLICATION_ID}")
                db.run(
                    "INSERT INTO meta VALUES ('station_id', ?), ('station_epoch', '1')",
                    (secrets.token_hex(8),),
                )
            db.run(f"PRAGMA user_version={step.version}")
        log.info("migrated", extra={"step": step.name, "form": step.version})
        taken.append(step.name)
    return tuple(taken)


def back_up(db: Database, folder: Path, name: str) -> Path:
    """Copy the database as it stands now into a folder, in one step; return the copy's path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.db"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.db"
    db.rows("VACUUM INTO ?", (str(path),))
    path.chmod(0o600)
    return path
