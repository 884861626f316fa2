"""What the shop owner sets up, as one frozen value, and the rules that follow from it.

Secrets never stand here: they come from the operating system's keyring or the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone, tzinfo
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from packstation.core.carriers import Carrier
from packstation.core.deadline_rules import ShopFacts
from packstation.core.deadlines import DeadlineBook
from packstation.core.imports import ImportSettings
from packstation.core.life import PlatformRules
from packstation.core.number_stock import LOW
from packstation.core.orders import CarrierCode, ShopKey
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource, Verdict
from packstation.errors import DataFileError

LANGUAGES = ("auto", "zh_CN", "en")
"""``auto`` follows the operating system."""
DATE_ORDERS = ("DMY", "MDY")
VIRTUAL = "virtual"
"""The printer that keeps its bytes; stands in where none is set up."""
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that may be spoken to without TLS."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends the shop's parcels, as printed on labels; never logged."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    zip_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """One shop: how its files are read and its labels made."""

    name: str = ""
    """As buyers know the shop, in English or any language; empty = its key is shown."""
    name_zh: str = ""
    """In Chinese; empty = ``name``."""
    label_source: LabelSource = LabelSource.COMPOSED
    carrier: CarrierCode | None = None
    """Stands in where an order names none."""
    timezone: str = "Asia/Shanghai"
    """IANA name or offset such as ``+08:00``, for times without an offset."""
    date_order: str = "DMY"
    """``DMY`` or ``MDY``, for dates such as 01/08/2026."""
    status_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Status such as ``to_ship`` → the words for it in the shop's files."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field such as ``order_id`` → the heading in the shop's own files."""
    encoding: str = ""
    """Of the shop's text files, where it is known; empty = found out."""
    sender: Sender = field(default_factory=Sender)
    color: str = ""
    """``#RRGGBB`` that marks the shop's orders; empty = one of the program's own."""
    region: str = ""
    """Where the shop sells, two letters such as ``VN``; decides which deadlines hold."""
    platform: str = ""
    """Profile family whose deadlines hold, where the files do not tell; also ``tmall``."""
    ship_within_h: int = 0
    """Hours that the shop itself has promised from payment to shipping; 0 = the platform's rule."""
    number_pool: str = ""
    """Pool of prepaid numbers; shops of one name share it. Empty = the common pool."""
    watch_folder: str = ""
    """Folder whose new files are imported by themselves; empty = none."""
    printer: str = ""
    """Key of the printer for this shop's labels; empty = the label printer."""
    mask_recipient: bool = False
    """Whether composed labels star out parts of name and phone; the address is never masked."""

    @property
    def zone(self) -> tzinfo:
        """The shop's time zone."""
        return zone_of(self.timezone)


class Role(StrEnum):
    """What a person at the station may decide."""

    PACKER = "packer"
    SUPERVISOR = "supervisor"
    PRINT_ONLY = "print_only"
    """A carrier's clerk at our table: prints labels of chosen orders, and nothing else."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One person with a badge."""

    name: str = field(default="", repr=False)
    role: Role = Role.PACKER


@dataclass(frozen=True, slots=True)
class Printers:
    """Which printer does what."""

    label: str = VIRTUAL
    """Key of a ``[printer.KEY]`` table, or an address. The same for the others."""
    receipt: str = VIRTUAL
    bag: str = ""
    """Empty = the label printer."""
    slip: str = ""
    """Packing slips, discrepancy slips, command sheets, cards; empty = the receipt printer."""
    pick_list: str = ""
    """Empty = the label printer."""


@dataclass(frozen=True, slots=True)
class PrinterSetup:
    """One printer as it was set up."""

    name: str = ""
    """As people call it; empty = its key."""
    address: str = VIRTUAL
    """As ``devices.addresses`` says: ``usb://…``, ``tcp://host:9100``, ``virtual`` …"""
    model: str = ""
    """File in resources/printers; empty = the virtual one of its use."""
    stock: str = ""
    """File in resources/media, or ``WxH`` in mm such as ``70x100``; empty = the model's."""
    darkness: int | None = None
    """0 to 100 percent of what the model can; None = the model's."""
    speed: int | None = None
    """Millimetres a second; None = the model's."""
    offset_x_mm: float = 0.0
    """To the right."""
    offset_y_mm: float = 0.0
    """Down."""
    cut: bool = False
    """Cut after each paper, where it has a cutter."""
    drawer: bool = False
    """Open a cash drawer after a receipt."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the shop owner has set, checked."""

    language: str = "auto"
    station_number: int = 1
    """1 to 99; no two stations of a house may have the same."""
    sync_url: str | None = None
    """Where status events go; None = they wait."""
    acknowledge: frozenset[Verdict] = field(default_factory=lambda: Rules().acknowledge)
    """Stops after which only PSCMDOK or the tray lets work go on."""
    printers: Printers = field(default_factory=Printers)
    printer_setups: Mapping[str, PrinterSetup] = field(default_factory=dict)
    """By key, the tables ``[printer.KEY]``."""
    templates: Mapping[CarrierCode, str] = field(default_factory=dict)
    """Layout of resources/labels by carrier; others take the one that fits the stock."""
    prove_reprints: bool = True
    """Whether a reprint is proved by its copy code; else the tracking number is enough."""
    drop_offs: tuple[str, ...] = ()
    """Places that parcels may be handed over at (sorting centres, collecting stores)."""
    shops: Mapping[ShopKey, ShopSettings] = field(default_factory=dict)
    reminders_per_day: int = 10
    """Most pop-up reminders for one person on one day; stop sounds are never counted."""
    low_numbers: int = LOW
    """Fewer free tracking numbers than this in a pool are low, however slowly they go."""
    operators: Mapping[str, Operator] = field(default_factory=dict)
    """By the id on the badge (``PSOPR`` + id). While there is none, nobody is asked for a badge."""

    def shop(self, key: ShopKey) -> ShopSettings:
        """Return the settings of a shop; defaults where it has none."""
        return self.shops.get(key, ShopSettings())

    def import_settings(self, key: ShopKey) -> ImportSettings:
        """Return how files of a shop are read."""
        shop = self.shop(key)
        return ImportSettings(
            shop=key,
            timezone=shop.timezone,
            date_order=shop.date_order,
            status_words=shop.status_words,
            mapping=shop.mapping,
            encoding=shop.encoding,
        )

    def printer(self, name: str) -> PrinterSetup:
        """Return a printer by its key, or by an address that stands for itself."""
        found = self.printer_setups.get(name)
        return found if found is not None else PrinterSetup(address=name)

    def shop_name(self, key: ShopKey, language: str) -> str:
        """Return a shop's name for a language such as ``zh_CN``; its key where it has none."""
        shop = self.shop(key)
        first, second = shop.name, shop.name_zh
        if language.startswith("zh"):
            first, second = second, first
        return first or second or key


def zone_of(text: str) -> tzinfo:
    """Return a time zone by IANA name or offset.

    >>> zone_of("+07:00").utcoffset(None)
    datetime.timedelta(seconds=25200)

    Raises:
        ValueError: There is no such zone.
    """
    if len(text) == 6 and text[0] in "+-" and text[3] == ":":
        hours, minutes = int(text[1:3]), int(text[4:6])
        if hours > 14 or minutes > 59:
            raise ValueError(text)
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if text[0] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (OSError, LookupError, ValueError) as error:
        raise ValueError(text) from error


def url_problem(url: str) -> str | None:
    """Say why events may not be sent to an address; None when they may.

    >>> url_problem("https://example.org/events")
    >>> url_problem("http://example.org/events")
    'https is needed; http is allowed to this machine only'
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "it is no address"
    if any(c.isspace() or not c.isprintable() for c in url) or not host or port == 0:
        return "it is no address"
    if parts.username is not None or parts.password is not None:
        return "a password does not belong into an address"
    if parts.scheme == "https" or (parts.scheme == "http" and host in THIS_MACHINE):
        return None
    return "https is needed; http is allowed to this machine only"


def shop_facts(settings: Settings) -> dict[ShopKey, ShopFacts]:
    """Return what deadlines need to know of each shop."""
    return {
        key: ShopFacts(shop.platform, shop.region, shop.ship_within_h)
        for key, shop in settings.shops.items()
    }


def rules(
    settings: Settings,
    carriers: tuple[Carrier, ...],
    deadlines: DeadlineBook | None = None,
    platforms: Mapping[str, PlatformRules] | None = None,
) -> Rules:
    """Return what ``decide`` needs of the settings.

    Args:
        settings: The house's.
        carriers: Every carrier there is.
        deadlines: Says when orders are due; None = only where their file names a time.
        platforms: What each platform says about cancelling.

    Raises:
        DataFileError: A shop's default carrier has no data file.
    """
    known = {carrier.code for carrier in carriers}
    for key, shop in settings.shops.items():
        if shop.carrier is not None and shop.carrier not in known:
            raise DataFileError(
                "settings.unknown_carrier",
                f"settings.toml, key shops.{key}.carrier: there is no carrier {shop.carrier}.",
                fix=f"Known are {', '.join(sorted(known))}.",
                key=f"shops.{key}.carrier",
                carrier=shop.carrier,
            )
    found = Rules(
        acknowledge=settings.acknowledge,
        carriers=carriers,
        shops={
            key: ShopRules(shop.label_source, shop.carrier, shop.number_pool, shop.region)
            for key, shop in settings.shops.items()
        },
        platforms=platforms or {},
        station_number=settings.station_number,
        prove_reprints=settings.prove_reprints,
    )
    if deadlines is None:
        return found
    return replace(found, ship_by=deadlines.ship_by, ship_by_version=deadlines.version)
