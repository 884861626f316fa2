"""One narrow row an order for lists, filters, search and the board."""

from __future__ import annotations

ORDER_INDEX: tuple[str, ...] = ()
