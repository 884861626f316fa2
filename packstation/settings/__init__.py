"""Settings of the house: handed down as a value, never reached for."""

from packstation.settings.reader import load_settings
from packstation.settings.values import (
    VIRTUAL,
    Operator,
    Printers,
    PrinterSetup,
    Role,
    Sender,
    Settings,
    ShopSettings,
    rules,
    shop_facts,
    url_problem,
    zone_of,
)
from packstation.settings.writer import save_settings

__all__ = [
    "VIRTUAL",
    "Operator",
    "PrinterSetup",
    "Printers",
    "Role",
    "Sender",
    "Settings",
    "ShopSettings",
    "load_settings",
    "rules",
    "save_settings",
    "shop_facts",
    "url_problem",
    "zone_of",
]
