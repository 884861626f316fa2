"""What an order remembers of its life: asked to cancel, held why, urged, changed when packed."""

from __future__ import annotations

LIFE = (
    "ALTER TABLE orders ADD COLUMN kind TEXT",
    "ALTER TABLE orders ADD COLUMN placed_us INTEGER",
    "ALTER TABLE orders ADD COLUMN placed_offset_s INTEGER",
    "ALTER TABLE orders ADD COLUMN cancel_requested_us INTEGER",
    "ALTER TABLE orders ADD COLUMN arranged_us INTEGER",
    "ALTER TABLE orders ADD COLUMN collected_us INTEGER",
    "ALTER TABLE orders ADD COLUMN urged INTEGER CHECK (urged IN (0, 1))",
    "ALTER TABLE orders ADD COLUMN hold_reason TEXT",
    # When an import first told of the wish to cancel that stands now; NULL = there is none.
    "ALTER TABLE orders ADD COLUMN cancel_told_us INTEGER",
    # Of wishes that stand already: when the first file of the present ones told of it.
    """WITH told AS MATERIALIZED (
        SELECT entity, seq, utc_us, coalesce(json_extract(body, '$.order.why_not'),
            json_extract(body, '$.why_not'), '') AS why_not FROM journal
        WHERE kind IN ('order_imported', 'order_standing_changed')
            AND entity IN (SELECT order_key FROM orders WHERE why_not = 'cancel_requested'))
    UPDATE orders SET cancel_told_us = (SELECT min(t.utc_us) FROM told AS t
        WHERE t.entity = orders.order_key AND t.seq > coalesce((SELECT max(u.seq) FROM told AS u
            WHERE u.entity = t.entity AND u.why_not <> 'cancel_requested'), 0))
    WHERE why_not = 'cancel_requested'""",
    # How this house ended the order, whatever a file says: accepted, seller, expired.
    "ALTER TABLE orders ADD COLUMN ended TEXT CHECK (ended IN ('accepted', 'seller', 'expired'))",
    # The file's reason that somebody here cleared; holds while files give that very reason.
    "ALTER TABLE orders ADD COLUMN waived TEXT",
    # The cancel_requested_us that was answered: another one is another wish.
    "ALTER TABLE orders ADD COLUMN answered_us INTEGER",
    "CREATE INDEX orders_to_cancel ON orders (order_key) WHERE why_not = 'cancel_requested'",
    # 1 = its order was changed since the box was closed: it must be opened before it may leave.
    "ALTER TABLE parcels ADD COLUMN stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1))",
    "ALTER TABLE parcels ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))",
    # What a file changed since the parcel was begun, as JSON.
    "ALTER TABLE parcels ADD COLUMN change TEXT CHECK (json_valid(change))",
    """CREATE TABLE voided_labels (
        tracking_number TEXT NOT NULL,
        carrier TEXT NOT NULL,
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        reason TEXT NOT NULL,
        voided_us INTEGER NOT NULL,
        PRIMARY KEY (tracking_number, carrier)
    ) STRICT, WITHOUT ROWID""",
    # Units that were not there, of orders that still wait for them.
    """CREATE TABLE short_picks (
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        line_key TEXT NOT NULL,
        units INTEGER NOT NULL CHECK (units > 0),
        place TEXT NOT NULL,
        PRIMARY KEY (order_key, line_key)
    ) STRICT, WITHOUT ROWID""",
)
