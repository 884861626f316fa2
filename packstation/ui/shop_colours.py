"""A colour for each shop, so that orders of several shops are told apart at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor

from packstation.core.orders import ShopKey
from packstation.ui.backend import Shop

# Okabe and Ito's colours, told apart by people who see few colours (jfly.uni-koeln.de/color).
_OWN = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#555555")


class ShopLook:
    """Names and colours of the shops."""

    def __init__(self, shops: Sequence[Shop] = ()) -> None:
        """Give each shop its own colour, else the next of the program's."""
        self._names = {shop.key: shop.name for shop in shops}
        self._colours = {
            shop.key: QColor(shop.color or _OWN[place % len(_OWN)])
            for place, shop in enumerate(shops)
        }
        self.several = len(shops) > 1

    def name(self, key: ShopKey) -> str:
        """Return a shop's name; its key where it has none."""
        return self._names.get(key, key)

    def colour(self, key: ShopKey) -> QColor | None:
        """Return a shop's colour; None where there is only one shop."""
        return self._colours.get(key) if self.several else None
