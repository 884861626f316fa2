"""Rows of a codes file: which printed code stands for which SKU, and for how many units."""

from __future__ import annotations

import unicodedata

from packstation.core.catalog import ProductCode
from packstation.core.codes import comparable
from packstation.core.orders import RefusedRow, ShopKey, Sku
from packstation.exchange.cells import Damage, identifier, quantity
from packstation.exchange.steps import Record


class CodeTable:
    """All product codes of one import."""

    def __init__(self, shop: ShopKey, file: str, *, with_units: bool) -> None:
        """Start empty.

        Args:
            shop: The shop whose goods they are.
            file: File name for the row report.
            with_units: Whether the file says how many units a code stands for; else each is one.
        """
        self.codes: dict[tuple[str, str], ProductCode] = {}
        self.refused: list[RefusedRow] = []
        self._shop = shop
        self._file = file
        self._with_units = with_units

    def take(self, record: Record) -> None:
        """Take one record, or note why not."""
        sku = identifier(record.values.get("sku", ""), sku=True)
        code = identifier(record.values.get("code", ""))
        units = quantity(record.values.get("units", "")) if self._with_units else 1
        for name, found in (("sku", sku), ("code", code)):
            if isinstance(found, Damage):
                self._refuse(record, found.value, name)
                return
        if units is None:
            self._refuse(record, "bad_quantity", "units")
            return
        key = unicodedata.normalize("NFKC", str(sku)), comparable(str(code))
        known = self.codes.get(key)
        if known is not None:
            self._refuse(
                record, "duplicate_row" if known.units == units else "ambiguous_quantity", "code"
            )
            return
        self.codes[key] = ProductCode(self._shop, key[1], Sku(key[0]), units)

    def _refuse(self, record: Record, reason: str, name: str) -> None:
        value = str(record.values.get(name, "")).strip()[:60]
        self.refused.append(RefusedRow(record.row, reason, self._file, f"{name}: {value!r}"))
