"""What is known of printers by use: rolls, proofs, labels that could not be read."""

from __future__ import annotations

PRINTERS = (
    """CREATE TABLE printer_rolls (
        printer TEXT PRIMARY KEY,
        loaded INTEGER NOT NULL CHECK (loaded >= 0),
        used INTEGER NOT NULL CHECK (used >= 0),
        loaded_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE printer_proofs (
        printer TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        setup TEXT NOT NULL,
        proved_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE printer_days (
        printer TEXT NOT NULL,
        day TEXT NOT NULL CHECK (length(day) = 10),
        printed INTEGER NOT NULL DEFAULT 0,
        scanned_back INTEGER NOT NULL DEFAULT 0,
        unreadable INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (printer, day)
    ) STRICT, WITHOUT ROWID""",
)
