"""Merged and split orders, with their members."""

from __future__ import annotations

SHIPMENTS = (
    "ALTER TABLE orders ADD COLUMN part INTEGER",
    "ALTER TABLE orders ADD COLUMN parts INTEGER",
    # The merged order that an order travels in now; its own row stays as imported.
    "ALTER TABLE orders ADD COLUMN merged_into TEXT",
    # How many parts an order was split into; NULL = travels as one.
    "ALTER TABLE orders ADD COLUMN split INTEGER",
    # How many members a merged order or a part has; NULL = an order as imported.
    "ALTER TABLE orders ADD COLUMN members INTEGER",
    "ALTER TABLE orders ADD COLUMN merge_key BLOB",
    "CREATE INDEX orders_by_merge_key ON orders (merge_key) WHERE merge_key IS NOT NULL",
    """CREATE TABLE shipment_members (
        shipment TEXT NOT NULL REFERENCES orders (order_key),
        position INTEGER NOT NULL CHECK (position >= 0),
        member TEXT NOT NULL REFERENCES orders (order_key),
        PRIMARY KEY (shipment, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX shipment_members_by_member ON shipment_members (member)",
)
