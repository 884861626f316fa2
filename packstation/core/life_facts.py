"""Facts of an order's life: cancellations, short picks, labels that are void.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.difference import Difference
from packstation.core.orders import CarrierCode, LineKey, Order, OrderKey, TrackingNumber


class LifeFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CancellationDecided(LifeFact):
    """The seller answered a buyer's wish to cancel; the platform is told."""

    order: OrderKey
    accepted: bool
    by: str
    """Id of the operator who decided; empty where nobody logs on."""


@dataclass(frozen=True, slots=True)
class CancellationExpired(LifeFact):
    """Nobody answered a buyer's wish to cancel in time: the platform has cancelled the order."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class SellerCancelled(LifeFact):
    """The seller cancels an order; the platform is told."""

    order: OrderKey
    reason: str
    """Stable word such as ``out_of_stock``."""
    by: str


@dataclass(frozen=True, slots=True)
class ShortPicked(LifeFact):
    """Units of an order are not there."""

    order: OrderKey
    missing: tuple[tuple[LineKey, int], ...]
    """Line and missing units."""
    where: str
    """``pick`` or ``bench``."""


@dataclass(frozen=True, slots=True)
class LabelVoided(LifeFact):
    """A label that was given out must not travel any more; its number is spoiled."""

    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode
    reason: str
    """Stable word: ``order_changed``, ``cancelled``, ``unmerged`` …"""


@dataclass(frozen=True, slots=True)
class OrderDetailsChanged(LifeFact):
    """A file changed what does not matter to packing: times, status, kind, titles, bins."""

    order: Order
    """Whole, at the version that it had."""
    content: str
    """Keyed digest of order and person, hex."""


@dataclass(frozen=True, slots=True)
class ParcelOutdated(LifeFact):
    """A file changed the order of a parcel that was begun, or packed and is still here."""

    order: OrderKey
    difference: Difference


@dataclass(frozen=True, slots=True)
class ChangeTold(LifeFact):
    """Somebody at the table was told what changed in a packed parcel; a scan may open it now."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class ParcelReopened(LifeFact):
    """A packed parcel was opened to be packed anew; what was counted for it counts no more."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class ParcelRecalled(LifeFact):
    """A parcel that must not leave was taken out of its bag; a sealed bag is open again."""

    order: OrderKey
    bag: str
    tracking_number: TrackingNumber


AnyLifeFact = (
    CancellationDecided
    | CancellationExpired
    | SellerCancelled
    | ShortPicked
    | LabelVoided
    | OrderDetailsChanged
    | ParcelOutdated
    | ChangeTold
    | ParcelReopened
    | ParcelRecalled
)
"""Every fact of this module."""
