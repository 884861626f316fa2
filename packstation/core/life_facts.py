"""Facts of an order's life: cancellations, short picks, labels that are void.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import CarrierCode, LineKey, OrderKey, TrackingNumber


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


AnyLifeFact = (
    CancellationDecided | CancellationExpired | SellerCancelled | ShortPicked | LabelVoided
)
"""Every fact of this module."""
