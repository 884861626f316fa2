"""What reading shop files gives, and what storing it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.orders import (
    ImportedOrder,
    Order,
    OrderId,
    OrderKey,
    Person,
    RefusedRow,
    ShopKey,
)

MAIN_SHOP = ShopKey("main")
"""The shop of a station that has only one."""


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What the shop owner has set up for reading files."""

    shop: ShopKey = MAIN_SHOP
    timezone: str = "Asia/Shanghai"
    """IANA name or offset such as ``+07:00``; used where the file's times carry no offset."""
    date_order: str = "DMY"
    """``DMY`` or ``MDY`` for slashed dates; ISO dates need none."""
    status_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Canonical status (``to_ship``, ``unpaid`` …) → the platform's localised words."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → heading for a plain file with headings of its own."""
    encoding: str = ""
    """Encoding of text files where the shop chose one; empty = found out, UTF-16 refused."""
    profile: str = ""
    """Name of the one profile that is to be used; empty = found out by the headings."""


@dataclass(frozen=True, slots=True)
class ImportHead:
    """What is known of an import once every row was read."""

    platform: str
    """Profile family, for example ``taobao``."""
    profile: str
    """Name of the profile file that matched."""
    shop: ShopKey
    rows: int
    """Records read, headers and blank lines not counted."""
    orders: int
    """Orders that follow."""
    digests: tuple[tuple[str, str], ...]
    """File name and SHA-256 in hex of each file."""
    encodings: tuple[tuple[str, str], ...] = ()
    """File name and text encoding of each file; the encoding of a workbook is empty."""


@dataclass(frozen=True, slots=True)
class ImportTail:
    """What is known of an import once every order was judged."""

    refused: tuple[RefusedRow, ...]
    merge_groups: tuple[tuple[OrderId, ...], ...]
    codes: tuple[ProductCode, ...]
    """Product codes from barcode columns (units 1) or a codes file (units n)."""


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """One order as it came out of the child."""

    order: Order
    person: Person
    text: str = field(repr=False)
    """The order as JSON at version 1, by which two readings are compared."""


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """Everything one import understood; nothing of it is visible to the bench yet."""

    platform: str
    """Profile family, for example ``taobao``."""
    profile: str
    """Name of the profile file that matched."""
    shop: ShopKey
    orders: tuple[ImportedOrder, ...]
    refused: tuple[RefusedRow, ...]
    merge_groups: tuple[tuple[OrderId, ...], ...]
    codes: tuple[ProductCode, ...]
    """Product codes from barcode columns (units 1) or a codes file (units n)."""
    rows: int
    """Records read, headers and blank lines not counted."""
    digests: tuple[tuple[str, str], ...]
    """File name and SHA-256 in hex of each file."""
    encodings: tuple[tuple[str, str], ...] = ()
    """File name and text encoding of each file; the encoding of a workbook is empty."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import has changed; everything of it is visible, or nothing."""

    import_id: str
    """Empty when nothing was written because the very same import is there already."""
    platform: str
    profile: str
    shop: ShopKey
    rows: int
    """Records read."""
    accepted: tuple[OrderKey, ...]
    """New orders."""
    changed: tuple[OrderKey, ...]
    same: tuple[OrderKey, ...]
    """Orders that were there already, and those packed already whose standing is the same."""
    refused: tuple[RefusedRow, ...]
    codes: int
    """Product codes that are new or changed."""
    changes: tuple[OrderChanged, ...] = ()
    """For the engine: an open order among them must stop."""
    already_imported_at: datetime | None = None
    """When a file of this import was imported before; aware, UTC."""
