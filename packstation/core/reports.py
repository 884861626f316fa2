"""What the store shows to windows and the command line; no people's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber, WhyNot
from packstation.core.outbox import OutboxCounts
from packstation.core.status import BagState, LabelSource, ParcelState, PrintOutcome


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One order in a list."""

    key: OrderKey
    shop: ShopKey
    order_id: str
    status: str
    """The word of ``WhyNot`` where it may not go on, else the parcel's state in lower case;
    ``waiting`` when nobody has opened it."""
    why_not: WhyNot | None
    parcel: ParcelState | None
    carrier: CarrierCode | None
    """The parcel's, else the file's."""
    tracking_number: TrackingNumber | None
    units: int
    lines: int
    promised_ship_at: datetime | None
    bag: str | None
    manifest: str | None
    version: int
    held: bool = False
    """Held at a station, so that it can be released."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The first orders of a search, and how many there are."""

    rows: tuple[OrderSummary, ...]
    total: int


@dataclass(frozen=True, slots=True)
class NumberBlock:
    """One prepaid block of tracking numbers."""

    carrier: CarrierCode
    first: TrackingNumber
    last: TrackingNumber
    following: TrackingNumber | None
    """The number that is given out next; None = used up."""
    total: int
    used: int
    added_at: datetime
    pool: str = ""
    """Empty = the common pool."""
    out_of_use: int = 0
    """Void, spoiled or returned: no parcel gets them any more."""

    @property
    def free(self) -> int:
        """Numbers that no parcel has yet."""
        return self.total - self.used - self.out_of_use


@dataclass(frozen=True, slots=True)
class ManifestSummary:
    """One closed handover."""

    manifest: str
    carrier: CarrierCode
    bags: tuple[tuple[str, int], ...]
    """Bag code and inner parcels."""
    parcels: int
    opened_at: datetime
    closed_at: datetime
    operator: str
    chain_head: str
    digest: str


@dataclass(frozen=True, slots=True)
class ManifestParcel:
    """One parcel of a manifest."""

    bag: str
    order: OrderKey
    tracking_number: TrackingNumber


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One line of the print journal."""

    job: str
    kind: str
    """A ``PaperKind``."""
    key: str
    """What it is about, see ``PaperKind``."""
    copy: int
    reason: str
    version: int | None
    """Order version that a label was made for."""
    tracking_number: TrackingNumber | None
    carrier: CarrierCode | None
    outcome: PrintOutcome
    detail: str
    digest: str | None
    """SHA-256 of the bytes; None while nothing was sent."""
    size: int | None
    requested_at: datetime
    sending_at: datetime | None
    ended_at: datetime | None
    printer: str = ""
    """Key of the printer that got it, else the one asked for; empty = not known yet."""
    batch: str = ""
    source: LabelSource = LabelSource.COMPOSED
    """Of a label: where it comes from."""
    page: str = ""
    """Id of the page of a label file it is printed from."""
    coded: bool = False
    """It carries its copy code."""
    terms: str = ""
    """What the paper says beyond its key, as JSON."""
    spoiled: str = ""
    """Why this copy is not to be used, as ``LabelSpoiled``; empty = it may be."""


@dataclass(frozen=True, slots=True)
class PrinterUse:
    """What is known of a printer by use."""

    printer: str
    """Its key."""
    roll_left: int | None = None
    """Labels left on its roll, never below 0; None = not counted."""
    roll_loaded: int | None = None
    """Labels on the roll when it was put in; None = not counted."""
    printed: int = 0
    """Labels of the last days, as ``paper_reads.WORN_DAYS``."""
    scanned_back: int = 0
    """Of those days, labels whose scan has proved them."""
    unreadable: int = 0
    """Of those days, labels that could not be read."""
    worn: bool = False
    """So many could not be read that its head should be cleaned or changed."""


@dataclass(frozen=True, slots=True)
class PrinterProof:
    """The last test label of a printer that was scanned back."""

    printer: str
    code: str
    setup: str
    """Digest of the set-up that was proved; another one needs another proof."""
    proved_at: datetime


@dataclass(frozen=True, slots=True)
class SpoiledLabel:
    """A label on paper that must not travel: one copy of it, or its number with all copies."""

    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode
    reason: str
    """As ``LabelSpoiled`` or ``LabelVoided``."""
    at: datetime
    void: bool
    """True = the number is void, and every copy with it."""
    job: str = ""
    """The copy's print job; empty where ``void``."""
    copy: int = 0
    """Which copy; 0 where ``void``."""


@dataclass(frozen=True, slots=True)
class Board:
    """Cheap figures for the window's edge."""

    outbox: OutboxCounts
    journal_entries: int
    orders: int
    """Orders that were ever imported."""
    open_bags: int
    last_import_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-check."""

    name: str
    """Stable word such as ``sqlite_version``."""
    level: str
    """``ok``, ``warning`` or ``error``."""
    message: str
    """One English sentence."""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits at bench and dock."""

    to_pack: int
    """Orders that no reason stops and nobody has sealed."""
    sealed: int
    """Sealed parcels in no bag."""
    bagged: int
    """Parcels in bags that have not left."""
    due_today: int = 0
    """Orders still to be sealed whose deadline is before the end of the day, late ones aside."""
    overdue: int = 0
    at_risk: int = 0
    """Of those that are not late, the ones due within the next hours."""
    urged: int = 0
    held: int = 0
    stopped: int = 0
    unsynced: int = 0
    """Orders with status events that have not reached the shop."""
    new: int = 0
    """Orders imported since the last export of orders."""
    behind: int = 0
    """Orders that were written and are not counted as they are yet; soon 0."""
    as_of: datetime | None = None
    """Aware; when these were counted."""

    @property
    def packed_not_handed_over(self) -> int:
        """Parcels that are packed and still here."""
        return self.sealed + self.bagged


@dataclass(frozen=True, slots=True)
class BagSummary:
    """One bag that has not left."""

    code: str
    state: BagState
    carrier: CarrierCode | None
    parcels: int
    last: tuple[str, ...]
    """Tracking numbers put in last, newest first."""
    manifest: str | None


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """The first unsent event of an order whose events the receiver refused."""

    event: str
    """Id of the event."""
    order: OrderKey
    kind: str
    reason: str
    created_at: datetime
    waiting: int
    """Further events of the order behind it."""
