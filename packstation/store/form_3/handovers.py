"""Where handovers took place, where the house names such places."""

from __future__ import annotations

HANDOVERS = (
    """CREATE TABLE handover_places (
        manifest TEXT PRIMARY KEY,
        place TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
