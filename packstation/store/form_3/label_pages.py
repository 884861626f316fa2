"""Platforms' label files and the orders their pages belong to; contents are sealed in people."""

from __future__ import annotations

LABEL_PAGES = (
    """CREATE TABLE label_files (
        file TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        shop TEXT NOT NULL,
        format TEXT NOT NULL CHECK (format IN ('pdf', 'png', 'zpl', 'component')),
        pages INTEGER NOT NULL CHECK (pages > 0),
        taken_us INTEGER NOT NULL,
        operator TEXT NOT NULL,
        removed_us INTEGER,
        -- A person agreed that its pages are made smaller to fit the paper.
        fitted INTEGER NOT NULL DEFAULT 0 CHECK (fitted IN (0, 1))
    ) STRICT""",
    "CREATE INDEX label_files_taken ON label_files (taken_us)",
    """CREATE TABLE label_pages (
        page TEXT PRIMARY KEY,
        file TEXT NOT NULL REFERENCES label_files (file),
        number INTEGER NOT NULL CHECK (number > 0),
        state TEXT NOT NULL CHECK (state IN ('bound', 'unmatched', 'duplicate', 'unreadable')),
        tracking_number TEXT,
        carrier TEXT,
        order_key TEXT,
        width_mm REAL NOT NULL,
        height_mm REAL NOT NULL,
        mark TEXT NOT NULL CHECK (json_valid(mark)),
        why TEXT NOT NULL DEFAULT '',
        -- Of all that is drawn on it, in mm; 0 = not known.
        ink_width REAL NOT NULL DEFAULT 0,
        ink_height REAL NOT NULL DEFAULT 0,
        CHECK ((state = 'bound') = (order_key IS NOT NULL)),
        UNIQUE (file, number)
    ) STRICT""",
    "CREATE UNIQUE INDEX label_pages_bound ON label_pages (order_key) WHERE state = 'bound'",
    """CREATE UNIQUE INDEX label_pages_number ON label_pages (tracking_number)
        WHERE state = 'bound'""",
    """CREATE TABLE label_page_codes (
        code TEXT NOT NULL,
        page TEXT NOT NULL REFERENCES label_pages (page),
        PRIMARY KEY (code, page)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX label_page_codes_by_page ON label_page_codes (page)",
)
