"""Facts of orders that share a parcel, or need several: merged, split, taken apart again.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import Order, OrderKey


class ShipmentFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OrdersMerged(ShipmentFact):
    """Several orders of one recipient travel in one parcel."""

    order: Order
    """The merged order: the union of the lines, its members named."""
    by: str


@dataclass(frozen=True, slots=True)
class OrdersUnmerged(ShipmentFact):
    """A merged order was taken apart; its members stand alone again."""

    order: OrderKey
    members: tuple[OrderKey, ...]
    reason: str
    """Stable word: ``operator``, ``member_cancelled``, ``member_changed``."""


@dataclass(frozen=True, slots=True)
class OrderSplit(ShipmentFact):
    """One order travels in several parcels."""

    order: OrderKey
    parts: tuple[Order, ...]
    by: str


@dataclass(frozen=True, slots=True)
class OrderJoined(ShipmentFact):
    """A split order was put together again; no part of it had left."""

    order: OrderKey
    parts: tuple[OrderKey, ...]
    reason: str
    """As of a merged order."""


AnyShipmentFact = OrdersMerged | OrdersUnmerged | OrderSplit | OrderJoined
"""Every fact of this module."""
