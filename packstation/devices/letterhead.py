"""What paper says about the house: shop, sender, carriers' names, language and zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from packstation.core.orders import CarrierCode, ShopKey
from packstation.printing.waybill_label import Party
from packstation.printing.words import PaperWords


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Everything on paper that is not in the order; made from settings, never changed."""

    words: PaperWords
    """In the language of the shop."""
    zone: tzinfo
    """Times on paper are in this zone."""
    zone_name: str
    """As printed beside a time, for example ``Asia/Shanghai``."""
    senders: Mapping[ShopKey, Party] = field(repr=False)
    """Who sends, by shop."""
    shop_names: Mapping[ShopKey, str]
    """As buyers know the shop."""
    carrier_names: Mapping[CarrierCode, str]
    """As people call the carrier, in the language of the words."""
    house: str
    """Who hands over to the courier; on bags and receipts."""
    station: str = ""
    """Name of the packing table."""
    operator: str = ""
    """Who is logged on."""
    masked: frozenset[ShopKey] = frozenset()
    """Shops whose labels star out parts of the recipient's name and phone."""

    def carrier(self, code: CarrierCode) -> str:
        """Return a carrier's name; its code where it has none."""
        return self.carrier_names.get(code, str(code))
