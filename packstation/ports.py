"""Ports: what the shell needs from stores and devices. Each answer comes back as an event.

Every method is called in the room (thread) named in its class; none is called on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from packstation.core.effects import CheckHandover, LoadOrder, LookUp
from packstation.core.events import CodeFound, Event, HandoverChecked, OrderLoaded
from packstation.core.facts import Fact
from packstation.core.orders import CarrierCode, Order, OrderKey, Person, TrackingNumber
from packstation.core.outbox import OutboxEvent
from packstation.core.station import SavedStation
from packstation.core.status import LabelSource, PaperKind, PrintOutcome


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
    source: LabelSource = LabelSource.COMPOSED
    page: PageContent | None = field(default=None, repr=False)
    """What to print where ``source`` is FILE or COMPONENT."""
    copy_code: str = ""
    """Drawn beside the mark of a reprint; empty = none is drawn."""
    reason: str = ""
    """Why this copy was asked for, as ``PrintJob``; empty = not known."""
    operator: str = ""
    """Badge of who asked for it, never a name; empty = nobody was logged on."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page of a label file, as it was split off; holds people's data, memory only."""

    page: str
    format: str
    """``pdf`` (one page), ``png``, ``zpl`` (one label) or ``component`` (JSON of one document)."""
    content: bytes = field(repr=False)
    width_mm: float
    height_mm: float
    mark: tuple[float, ...] = ()
    """Free place for a reprint's mark: x, y, width, height in mm; empty = none was found."""
    dots: bytes = field(default=b"", repr=False)
    """The page drawn ahead for one printer: see ``dots_key``; empty = draw it now."""
    dots_key: str = ""
    """Dots per mm and size the page was drawn for, for example ``8:800x1200``; with ``:fitted``
    behind it where the page was made smaller for it."""
    fitted: bool = False
    """A person agreed that the file's pages are turned and made smaller to fit the paper."""
    number: str = field(default="", repr=False)
    """Tracking number that its codes must still say once it was fitted; empty = not known."""


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
    drop_off: str = ""
    """Where it took place, in the house's words; empty = not said."""


@dataclass(frozen=True, slots=True)
class SlipJob:
    """What every other queued paper needs; holds people's data, memory only."""

    job: str
    kind: PaperKind
    """Any but LABEL, BAG and RECEIPT."""
    key: str
    copy: int
    requested_at: datetime
    terms: str = ""
    """JSON of what the paper says beyond its key; see ``printing.slips`` for each kind."""
    order: Order | None = None
    """Of a packing slip."""
    person: Person | None = field(default=None, repr=False)
    """Of a packing slip."""
    printer: str = ""
    """Key of the printer asked for; empty = the one for this kind of paper."""


PaperJob = LabelJob | BagJob | ReceiptJob | SlipJob
"""Every kind of paper the print journal knows."""


class PrinterState(Enum):
    """What a printer says of itself; UNKNOWN where it cannot say."""

    READY = "ready"
    NOT_FOUND = "not_found"
    NO_ACCESS = "no_access"
    BUSY = "busy"
    """Another program holds it."""
    NO_PAPER = "no_paper"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    HEAD_HOT = "head_hot"
    RIBBON_OUT = "ribbon_out"
    PAUSED = "paused"
    ERROR = "error"
    """It says that something is wrong, and not what."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at a printer."""

    state: PrinterState
    detail: str = ""
    """Error code such as ``printer.access_denied``, or the printer's own word."""
    fix: str = ""
    """What to do, where the cause is known on this machine (a udev rule with its ids)."""


class PrintLedger(Protocol):
    """The print journal; lives in the room ``store``."""

    def queued(self) -> tuple[str, ...]:
        """Return ids of bag and receipt jobs of which no byte was sent, oldest first."""
        ...

    def paper(self, job: str) -> PaperJob:
        """Return what a job needs to be composed."""
        ...

    def sending(self, job: str, payload: bytes, printer: str = "", sheets: int = 1) -> None:
        """Write, durable on return, that bytes may leave from now on; keeps them encrypted."""
        ...

    def stalled(self, job: str, detail: str) -> None:
        """Write that a printer takes nothing of a job; an empty detail: it goes on."""
        ...

    def ended(self, job: str, outcome: PrintOutcome, detail: str) -> None:
        """Write how a job ended, durable on return. Of label jobs LabelEnded does it."""
        ...

    def kind(self, job: str) -> str:
        """Return the job's ``PaperKind``."""
        ...

    def outcome(self, job: str) -> PrintOutcome:
        """Return how a job stands."""
        ...

    def job_of(self, kind: str, key: OrderKey | str) -> str | None:
        """Return the newest job of a kind of paper about a key."""
        ...


class PaperPrinter(Protocol):
    """A printer with what composes for it; lives in a room of its own."""

    def compose(self, paper: PaperJob) -> PaperBytes:
        """Return the bytes for a job; pure, some milliseconds.

        Raises:
            ComposeError: The job cannot be put on paper (a missing glyph, a text too long).
        """
        ...

    def send(
        self, job: str, payload: bytes, stalled: Callable[[str], None]
    ) -> tuple[PrintOutcome, str]:
        """Send bytes; return how it ended and a word why.

        CONFIRMED, SENT, FAILED (no byte left), CANCELLED (given up before a byte left) or UNKNOWN.

        Args:
            job: Id of the print job.
            payload: All its bytes.
            stalled: Called with an error code each time the printer stops taking bytes, and with
                an empty text once it goes on.
        """
        ...

    def give_up(self, job: str) -> bool:
        """End a job that stalls or waits; from any thread. False where it is not under way."""
        ...

    def status(self) -> PrinterStatus:
        """Look at the printer, between two jobs; blocks for a second at most."""
        ...


@dataclass(frozen=True, slots=True)
class PaperBytes:
    """What a printer gets for one job."""

    payload: bytes = field(repr=False)
    sheets: int = 1
    """Labels that come off its roll; 1 for a roll of paper."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One printer of the station with the room it lives in."""

    key: str
    """As in the settings; ``virtual`` and ``virtual-receipt`` where none is set up."""
    room: RoomLike
    printer: PaperPrinter


class RoomLike(Protocol):
    """What a room must do for a printer: run jobs one after the other on a thread of its own."""

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue a job; False when the room is closing."""
        ...


class Outlets(Protocol):
    """Which printer prints what; from any thread."""

    def for_paper(self, paper: PaperJob) -> Outlet:
        """Return the printer for a job.

        Raises:
            ComposeError: ``print.no_printer``: none is set up for it.
        """
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
