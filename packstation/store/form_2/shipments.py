"""Merged and split orders, with their members, and what says which orders could share a parcel."""

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
    """CREATE TABLE shipment_members (
        shipment TEXT NOT NULL REFERENCES orders (order_key),
        position INTEGER NOT NULL CHECK (position >= 0),
        member TEXT NOT NULL REFERENCES orders (order_key),
        -- Of the member when it was put in: another one today means that it was changed since.
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (shipment, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX shipment_members_by_member ON shipment_members (member)",
    # What happens to an order inside may stop its parcel: lists must show it (order_index).
    """CREATE TRIGGER shipment_members_changed AFTER UPDATE OF why_not, held, version ON orders
        WHEN NEW.merged_into IS NOT NULL OR NEW.split IS NOT NULL
        BEGIN INSERT INTO order_index_due
            SELECT DISTINCT o.id FROM shipment_members AS m
            JOIN orders AS o ON o.order_key = m.shipment WHERE m.member = NEW.order_key
            AND NOT EXISTS (SELECT 1 FROM order_index_due AS d WHERE d.id = o.id); END""",
    # Keyed digests of recipients. They go with the people's data, so they stand outside the
    # tables that follow from the journal, and only for orders that may still be merged.
    """CREATE TABLE merge_keys (
        digest BLOB NOT NULL,
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        kind TEXT NOT NULL CHECK (kind IN ('recipient', 'hash', 'package')),
        PRIMARY KEY (digest, order_key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX merge_keys_by_order ON merge_keys (order_key)",
    # Digests that more than one order has: a suggestion costs the same among a million orders.
    """CREATE TABLE merge_twins (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TRIGGER merge_keys_meet AFTER INSERT ON merge_keys
        WHEN EXISTS (SELECT 1 FROM merge_keys
                     WHERE digest = NEW.digest AND order_key <> NEW.order_key)
        BEGIN INSERT INTO merge_twins (digest) SELECT NEW.digest
            WHERE NOT EXISTS (SELECT 1 FROM merge_twins WHERE digest = NEW.digest); END""",
    """CREATE TRIGGER merge_keys_part AFTER DELETE ON merge_keys
        WHEN NOT EXISTS (SELECT 1 FROM merge_keys WHERE digest = OLD.digest LIMIT 1 OFFSET 1)
        BEGIN DELETE FROM merge_twins WHERE digest = OLD.digest; END""",
    """CREATE TRIGGER merge_keys_sealed AFTER UPDATE OF state ON parcels WHEN NEW.state = 'SEALED'
        BEGIN
            DELETE FROM merge_keys WHERE order_key = NEW.order_key;
            DELETE FROM merge_keys WHERE order_key IN
                (SELECT member FROM shipment_members WHERE shipment = NEW.order_key);
        END""",
    """CREATE TRIGGER merge_keys_forgotten AFTER DELETE ON people
        BEGIN DELETE FROM merge_keys WHERE order_key = OLD.subject; END""",
)
