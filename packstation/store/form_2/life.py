"""What an order remembers of its life: asked to cancel, held why, urged."""

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
)
