"""Ports: what the shell needs from stores and devices. Each answer comes back as an event.

Every method is called in the room (thread) named in its class; none is called on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from packstation.core.effects import CheckHandover, LoadOrder, LookUp
from packstation.core.events import CodeFound, Event, HandoverChecked, OrderLoaded
from packstation.core.facts import Fact
from packstation.core.orders import CarrierCode, Order, OrderKey, Person, TrackingNumber
from packstation.core.outbox import OutboxEvent
from packstation.core.station import SavedStation
from packstation.core.status import PrintOutcome


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and under whom a record is made."""

    at: datetime
    """Aware, UTC."""
    monotonic_us: int
    """Microseconds of the machine's monotonic clock, to see wall-clock jumps."""
    operator: str = ""


class StationStore(Protocol):
    """The station's memory, in the room ``store``; a call blocks for one disk write at most."""

    def record(self, facts: Sequence[Fact], saved: SavedStation, stamp: Stamp) -> tuple[Event, ...]:
        """Write facts, projections, status events and the station in one transaction.

        Durable on return. A LabelRequested is answered by LabelQueued or LabelRefused (a refusal
        uses no number and queues nothing, but the other facts are written).

        Raises:
            StoreError: Nothing was written (``store.disk_full``, ``store.io_error`` …).
        """
        ...

    def find(self, effect: LookUp) -> CodeFound:
        """Say what a code belongs to."""
        ...

    def load_order(self, effect: LoadOrder) -> OrderLoaded:
        """Read an order with everything its verification needs."""
        ...

    def check_handover(self, effect: CheckHandover) -> HandoverChecked:
        """Look at every bag of a handover once more."""
        ...

    def resume(self) -> tuple[SavedStation, OrderLoaded | None]:
        """Return the station at its last commit, and its open order."""
        ...


@dataclass(frozen=True, slots=True)
class LabelJob:
    """What a queued label needs to be composed; holds people's data, memory only."""

    job: str
    order: Order
    person: Person = field(repr=False)
    tracking_number: TrackingNumber
    carrier: CarrierCode
    copy: int
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class BagJob:
    """What a queued bag label needs."""

    job: str
    bag: str
    carrier: CarrierCode
    parcels: int
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptJob:
    """What a queued handover receipt needs."""

    job: str
    manifest: str
    carrier: CarrierCode
    bags: tuple[tuple[str, int], ...]
    """Bag code and inner parcels, in the order of counting."""
    opened_at: datetime
    closed_at: datetime
    driver: str = field(repr=False)
    """Name of the courier's driver as written at the handover; may be empty."""
    chain_head: str
    """Hash of the journal entry that closed the handover, hex."""
    digest: str
    """SHA-256 in hex of the manifest's canonical text."""
    copy: int


PaperJob = LabelJob | BagJob | ReceiptJob
"""Every kind of paper the print journal knows."""


class PrintLedger(Protocol):
    """The print journal; lives in the room ``store``."""

    def queued(self) -> tuple[str, ...]:
        """Return ids of bag and receipt jobs of which no byte was sent, oldest first."""
        ...

    def paper(self, job: str) -> PaperJob:
        """Return what a job needs to be composed."""
        ...

    def sending(self, job: str, payload: bytes) -> None:
        """Write, durable on return, that bytes may leave from now on; keeps them encrypted."""
        ...

    def ended(self, job: str, outcome: PrintOutcome, detail: str) -> None:
        """Write how a job ended, durable on return. Of label jobs LabelEnded does it."""
        ...

    def kind(self, job: str) -> str:
        """Return ``label``, ``bag`` or ``receipt``."""
        ...

    def job_of(self, kind: str, key: OrderKey | str) -> str | None:
        """Return the newest job of a bag label (kind ``bag``) or a receipt (kind ``receipt``)."""
        ...


class PaperPrinter(Protocol):
    """A printer with what composes for it; lives in a room of its own."""

    def compose(self, paper: PaperJob) -> bytes:
        """Return the bytes for a job; pure, some milliseconds.

        Raises:
            ComposeError: The job cannot be put on paper (a missing glyph, a text too long).
        """
        ...

    def send(self, job: str, payload: bytes) -> tuple[PrintOutcome, str]:
        """Send bytes; return CONFIRMED, SENT, FAILED (no byte left) or UNKNOWN, and a word why."""
        ...


class Outbox(Protocol):
    """Status events until they are acknowledged; called by the sender, never during a request.

    No method keeps anything locked after its return, and each change is durable on return.
    """

    def claim(self, now: datetime, limit: int) -> Sequence[OutboxEvent]:
        """Return the next due events, those of a stream in its order, no parked stream's.

        Changes nothing: an event comes again until it is delivered. Empty while paused.
        """
        ...

    def delivered(self, ids: Sequence[str], now: datetime) -> int:
        """Note that the receiver has these events; return how many were news."""
        ...

    def postpone(self, ids: Sequence[str], until: datetime, error: str) -> None:
        """Count a try of each event and let its stream wait."""
        ...

    def park(self, ids: Sequence[str], reason: str) -> None:
        """Stop the streams of these events until somebody sends them again by hand."""
        ...

    def pause_all(self, reason: str) -> None:
        """Stop all sending until somebody lets it go on."""
        ...
