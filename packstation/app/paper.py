"""What paper says about the house, from settings and carrier files."""

from __future__ import annotations

from packstation.core.carriers import Carrier
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import ShopKey
from packstation.devices.letterhead import Letterhead
from packstation.printing.waybill_label import Party
from packstation.printing.words import words_for
from packstation.settings import Settings


class _Senders(dict[ShopKey, Party]):
    """Sender by shop; a shop without one signs with its name alone."""

    def __init__(self, settings: Settings, language: str) -> None:
        super().__init__()
        self._settings = settings
        self._language = language

    def __missing__(self, key: ShopKey) -> Party:
        sender = self._settings.shop(key).sender
        name = sender.name or self._settings.shop_name(key, self._language)
        party = Party(name, sender.phone, sender.address, sender.zip_code)
        self[key] = party
        return party

    def get(self, key: ShopKey, default: object = None) -> Party:
        """Return the sender of any shop."""
        return self[key]


def letterhead(
    settings: Settings,
    carriers: tuple[Carrier, ...],
    language: str,
    shops: tuple[ShopKey, ...] = (),
) -> Letterhead:
    """Return what paper says about the house, in one language.

    Args:
        settings: As set up.
        carriers: With their names.
        language: ``zh_CN`` or ``en``.
        shops: Every shop that has orders here.
    """
    chinese = language.startswith("zh")
    keys = tuple(settings.shops) or shops or (MAIN_SHOP,)
    shop = settings.shop(keys[0])
    return Letterhead(
        words=words_for("zh" if chinese else "en"),
        zone=shop.zone,
        zone_name=shop.timezone,
        senders=_Senders(settings, language),
        shop_names={key: settings.shop_name(key, language) for key in {*keys, *shops}},
        carrier_names={c.code: c.name_zh if chinese else c.name_en for c in carriers},
        house=settings.shop_name(keys[0], language),
        station=f"{settings.station_number:02d}",
        masked=frozenset(key for key, shop in settings.shops.items() if shop.mask_recipient),
    )
