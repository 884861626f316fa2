"""Facts of files that go out: shipments to a platform, orders to a carrier, waves to pick.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber


class SheetFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ShipmentsWritten(SheetFact):
    """A file for a platform's bulk shipping is to be written; its bytes are kept beside the fact.

    The fact comes before the file: what was promised to the platform is never forgotten, and a
    file that was lost is written again from the kept bytes.
    """

    batch: str
    shop: ShopKey
    orders: tuple[OrderKey, ...]
    """As the platform knows them; of an order in several parcels, the key of the part."""
    numbers: tuple[TrackingNumber, ...]
    """One for each order, in the same order."""
    carriers: tuple[CarrierCode, ...] = ()
    """One for each order, in the same order."""
    layout: str = ""
    """File in resources/sheets that says how it was written."""
    file: str = ""
    """Name of the file without its folder."""
    digest: str = ""
    """SHA-256 of the bytes, hex."""


@dataclass(frozen=True, slots=True)
class ShipmentResultsTaken(SheetFact):
    """What the platform said of each order of a batch; the rest stays as it was."""

    batch: str
    done: tuple[OrderKey, ...]
    failed: tuple[tuple[OrderKey, str], ...]
    """Order and the platform's words, without people's data."""


@dataclass(frozen=True, slots=True)
class CarrierSheetWritten(SheetFact):
    """Orders were written out for a carrier that gives back the numbers."""

    sheet: str
    carrier: CarrierCode
    orders: tuple[OrderKey, ...]
    file: str = ""
    """Name of the file without its folder."""
    digest: str = ""
    """SHA-256 of the bytes, hex."""


@dataclass(frozen=True, slots=True)
class CarrierNumbersTaken(SheetFact):
    """A carrier's numbers came back for a sheet."""

    sheet: str
    carrier: CarrierCode
    pairs: tuple[tuple[OrderKey, TrackingNumber], ...]


@dataclass(frozen=True, slots=True)
class OrdersExported(SheetFact):
    """Orders were exported to files; they are not new any more."""

    export: str
    upto_us: int
    """Newest import time among them, microseconds since 1970."""
    orders: int
    files: int
    scope: str = ""
    """Keyed digest of the filters; new is told for each choice of filters alone."""


@dataclass(frozen=True, slots=True)
class WaveMade(SheetFact):
    """Orders were put together to be picked in one round."""

    wave: str
    orders: tuple[OrderKey, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class WaveEnded(SheetFact):
    """A wave is no longer used; its orders may go into another one."""

    wave: str


@dataclass(frozen=True, slots=True)
class CarrierSheetEnded(SheetFact):
    """No more numbers are awaited for a sheet; its other orders may go into another one."""

    sheet: str


AnySheetFact = (
    ShipmentsWritten
    | ShipmentResultsTaken
    | CarrierSheetWritten
    | CarrierNumbersTaken
    | OrdersExported
    | WaveMade
    | WaveEnded
    | CarrierSheetEnded
)
"""Every fact of this module."""
