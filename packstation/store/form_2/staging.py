"""Imports that are on their way in: nobody sees anything of one before it is whole."""

from __future__ import annotations

STAGING: tuple[str, ...] = (
    """CREATE TABLE staged_imports (
        id INTEGER PRIMARY KEY,
        import_id TEXT NOT NULL UNIQUE,
        names TEXT NOT NULL CHECK (json_valid(names)),
        day TEXT NOT NULL CHECK (length(day) = 10),
        published INTEGER NOT NULL DEFAULT 0 CHECK (published IN (0, 1))
    ) STRICT""",
    # Orders with their people, sealed under the key of the import's day; ranks go in ascending.
    """CREATE TABLE staged_parts (
        id INTEGER PRIMARY KEY,
        import INTEGER NOT NULL REFERENCES staged_imports (id),
        rank INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('codes', 'changed', 'new', 'refused')),
        entries INTEGER NOT NULL CHECK (entries > 0),
        sealed BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX staged_parts_by_import ON staged_parts (import, rank, id)",
)
