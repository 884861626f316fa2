"""Printers of this station, built from settings and resources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packstation.core.carriers import Carrier
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import ShopKey
from packstation.devices.label_printer import LabelPrinter
from packstation.devices.letterhead import Letterhead
from packstation.devices.receipt_printer import ReceiptPrinter
from packstation.devices.simulated import VirtualTransport
from packstation.devices.transports import FileTransport, TcpTransport, Transport
from packstation.errors import DataFileError
from packstation.printing.bag_label import load_bag_setup
from packstation.printing.media import PrinterProfile, load_printer
from packstation.printing.waybill_label import Party, load_waybill_setup
from packstation.printing.words import words_for
from packstation.settings import VIRTUAL, Settings

LABEL_FOLDER = "virtual-label-printer"
RECEIPT_FOLDER = "virtual-receipt-printer"


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
    )


def check_name(name: str) -> None:
    """Look whether a setting can name a printer: ``virtual``, ``tcp://host:port``, device file.

    Raises:
        DataFileError: ``settings.unknown_printer``.
    """
    host, _, port = name.removeprefix("tcp://").rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() else 0
    network = name.startswith("tcp://") and bool(host) and 0 < number < 65536
    if name != VIRTUAL and not network and not name.startswith("/"):
        raise DataFileError(
            "settings.unknown_printer",
            f"settings.toml, table printers: {name!r} is no printer.",
            fix="Write virtual, tcp://address:9100 or a device file such as /dev/usb/lp0.",
            key="printers",
        )


def transport(name: str, folder: Path, profile: PrinterProfile) -> Transport:
    """Return the line to a printer.

    Raises:
        DataFileError: The setting names no printer.
    """
    check_name(name)
    if name == VIRTUAL:
        return VirtualTransport(folder, profile)
    if name.startswith("/"):
        return FileTransport(Path(name))
    host, _, port = name.removeprefix("tcp://").rpartition(":")
    return TcpTransport(host, int(port))


def label_printer(
    settings: Settings, data: Path, resources: Path, head: Callable[[], Letterhead]
) -> LabelPrinter:
    """Return the label printer; to be used in its own room."""
    setup = load_waybill_setup(resources)
    line = transport(settings.printers.label, data / LABEL_FOLDER, setup.printer)
    return LabelPrinter(line, waybills=setup, bags=load_bag_setup(resources), letterhead=head)


def receipt_printer(
    settings: Settings, data: Path, resources: Path, head: Callable[[], Letterhead]
) -> ReceiptPrinter:
    """Return the receipt printer; to be used in its own room."""
    profile = load_printer(resources / "printers", "virtual-escpos")
    line = transport(settings.printers.receipt, data / RECEIPT_FOLDER, profile)
    return ReceiptPrinter(line, printer=profile, letterhead=head)
