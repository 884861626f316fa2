"""What the carrier says of an order's way: its sorting code and where its bags go."""

from __future__ import annotations

ORDERS = (
    # As the newest file has them; NULL = it says nothing.
    "ALTER TABLE orders ADD COLUMN sorting TEXT",
    "ALTER TABLE orders ADD COLUMN bag_place TEXT",
)
