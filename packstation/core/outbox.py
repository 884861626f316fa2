"""Status events on their way to the shop: what the sender takes, and how the queue stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import OrderKey
from packstation.core.status import StatusKind


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """One status event, durable before it is sent for the first time."""

    id: str
    """UUIDv7, the same at every attempt."""
    subject: OrderKey
    sequence: int
    """Grows by one per order."""
    kind: StatusKind
    data: str
    """JSON object: shop, order_id and what is known of the parcel; no people's data."""
    created_at: datetime
    """Aware, UTC."""
    attempts: int
    """Attempts that failed so far."""
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How the queue stands."""

    waiting: int
    """Events that will be sent."""
    parked: int
    """Events of orders whose stream waits for a person."""
    oldest_at: datetime | None
    """When the oldest unsent event was made; None = nothing unsent."""
    paused: str | None
    """Why all sending rests, or None."""


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """An order whose events the receiver refused."""

    subject: OrderKey
    events: int
    """Unsent events of this order."""
    kind: StatusKind
    """The first of them."""
    reason: str
