"""Which product codes stand for which SKU, and for how many units."""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import ShopKey, Sku


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A printed code that stands for n units of a SKU in one shop."""

    shop: ShopKey
    code: str
    """Comparable text, see ``codes.comparable``: GTINs as 14 digits, other text as printed."""
    sku: Sku
    units: int = 1
    """1 for a single piece, n for a pack barcode."""
