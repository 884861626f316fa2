"""Files that went out, their results, and waves."""

from __future__ import annotations

SHEETS: tuple[str, ...] = (
    """CREATE TABLE shipment_batches (
        batch TEXT PRIMARY KEY,
        shop TEXT NOT NULL,
        layout TEXT NOT NULL,
        file TEXT NOT NULL,
        digest TEXT NOT NULL,
        orders INTEGER NOT NULL CHECK (orders > 0),
        written_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shipment_rows (
        batch TEXT NOT NULL REFERENCES shipment_batches (batch),
        position INTEGER NOT NULL CHECK (position >= 0),
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        tracking_number TEXT NOT NULL,
        carrier TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('written', 'done', 'failed')),
        said TEXT NOT NULL DEFAULT '',
        changed_us INTEGER NOT NULL,
        PRIMARY KEY (batch, position)
    ) STRICT, WITHOUT ROWID""",
    # The platform is told once: never in two open batches, never again when it is done.
    """CREATE UNIQUE INDEX shipment_rows_told ON shipment_rows (order_key)
        WHERE state IN ('written', 'done')""",
    "CREATE INDEX shipment_rows_by_order ON shipment_rows (order_key, changed_us)",
    """CREATE TABLE carrier_sheets (
        sheet TEXT PRIMARY KEY,
        carrier TEXT NOT NULL,
        file TEXT NOT NULL,
        digest TEXT NOT NULL,
        orders INTEGER NOT NULL CHECK (orders > 0),
        written_us INTEGER NOT NULL,
        ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE carrier_sheet_rows (
        sheet TEXT NOT NULL REFERENCES carrier_sheets (sheet),
        position INTEGER NOT NULL CHECK (position >= 0),
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
        PRIMARY KEY (sheet, position)
    ) STRICT, WITHOUT ROWID""",
    # Two carriers' numbers for one parcel would be one too many.
    "CREATE UNIQUE INDEX carrier_sheet_rows_open ON carrier_sheet_rows (order_key) WHERE open = 1",
    """CREATE TABLE carrier_numbers (
        order_key TEXT PRIMARY KEY REFERENCES orders (order_key),
        carrier TEXT NOT NULL,
        number TEXT NOT NULL,
        sheet TEXT NOT NULL REFERENCES carrier_sheets (sheet)
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX carrier_numbers_by_number ON carrier_numbers (number, carrier)",
    """CREATE TABLE order_exports (
        export TEXT PRIMARY KEY,
        scope TEXT NOT NULL,
        upto_us INTEGER NOT NULL,
        orders INTEGER NOT NULL,
        files INTEGER NOT NULL,
        at_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX order_exports_by_scope ON order_exports (scope, upto_us)",
    """CREATE TABLE waves (
        wave TEXT PRIMARY KEY,
        orders INTEGER NOT NULL CHECK (orders > 0),
        made_us INTEGER NOT NULL,
        ended_us INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE wave_orders (
        wave TEXT NOT NULL REFERENCES waves (wave),
        position INTEGER NOT NULL CHECK (position >= 0),
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
        PRIMARY KEY (wave, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX wave_orders_open ON wave_orders (order_key) WHERE open = 1",
    "CREATE INDEX wave_orders_by_order ON wave_orders (order_key)",
)
"""Every statement of the section, in order."""
