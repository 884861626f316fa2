"""What goes out in files and waves, as values; without people's data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from packstation.core.orders import CarrierCode, OrderKey, OrderLine, ShopKey, TrackingNumber


class RowState(StrEnum):
    """Where one order of a batch stands; stored values, append-only."""

    WRITTEN = "written"
    """In the file; the platform has not answered yet."""
    DONE = "done"
    """The platform took it; it is never told again."""
    FAILED = "failed"
    """The platform refused it; it goes into the next batch."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One order that did not go into a file or a wave, and why."""

    order: OrderKey
    why: str
    """A word of ``Reason`` or of ``ui.sheet_words``."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One order whose parcel was proved by scan, for the platform to be told."""

    order: OrderKey
    """What a batch counts: the platform's order, or the key of a part."""
    order_id: str
    """As the platform knows it."""
    number: TrackingNumber
    carrier: CarrierCode
    platform: str
    sealed_at: datetime
    """Aware; when the parcel last moved, so never before it was sealed."""
    part: int | None = None
    """Of an order in several parcels: which one, from 1."""
    lines: tuple[OrderLine, ...] = ()
    """Of a part: what is in it; empty where the whole order travels."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One order of a batch."""

    order: OrderKey
    order_id: str
    number: TrackingNumber
    carrier: CarrierCode
    state: RowState
    said: str
    """The platform's words where it refused; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One file for a platform, with what became of it."""

    batch: str
    shop: ShopKey
    layout: str
    file: str
    digest: str
    """SHA-256 of the bytes, hex."""
    written_at: datetime
    rows: tuple[BatchRow, ...] = field(default=())

    def count(self, state: RowState) -> int:
        """Return how many orders stand so."""
        return sum(row.state is state for row in self.rows)


@dataclass(frozen=True, slots=True)
class CarrierSheet:
    """Orders that wait for a carrier's numbers."""

    sheet: str
    carrier: CarrierCode
    file: str
    digest: str
    orders: tuple[OrderKey, ...]
    """In the order of the file."""
    waiting: frozenset[OrderKey]
    """Those without a number yet."""
    ended: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """Orders that are picked in one round."""

    wave: str
    orders: tuple[OrderKey, ...]
    made_at: datetime
    ended_at: datetime | None = None
    """None = open."""
