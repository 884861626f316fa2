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
    """A file for a platform's bulk shipping was written."""

    batch: str
    shop: ShopKey
    orders: tuple[OrderKey, ...]
    numbers: tuple[TrackingNumber, ...]
    """One for each order, in the same order."""


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


AnySheetFact = (
    ShipmentsWritten
    | ShipmentResultsTaken
    | CarrierSheetWritten
    | CarrierNumbersTaken
    | OrdersExported
    | WaveMade
    | WaveEnded
)
"""Every fact of this module."""
