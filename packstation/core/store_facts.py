"""Facts that the store itself adds to the journal: imports, numbers, print jobs, upkeep.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.catalog import ProductCode
from packstation.core.life_facts import AnyLifeFact
from packstation.core.number_facts import AnyNumberFact
from packstation.core.orders import CarrierCode, Order, OrderKey, ShopKey, TrackingNumber, WhyNot
from packstation.core.paper_facts import AnyPaperFact
from packstation.core.sheet_facts import AnySheetFact
from packstation.core.shipment_facts import AnyShipmentFact
from packstation.core.status import LabelSource, PrintOutcome, Reason, Verdict
from packstation.core.urge_facts import AnyUrgeFact


@dataclass(frozen=True, slots=True)
class StoreCreated:
    """The data folder was set up; the first entry of every journal."""

    station: str


@dataclass(frozen=True, slots=True)
class StoreResumed:
    """The program before this one did not end in order."""

    detail: str


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """The wall clock jumped against the monotonic clock between two entries."""

    jump_ms: int
    """Positive when it jumped forward."""


@dataclass(frozen=True, slots=True)
class OrderImported:
    """An import brought a new order, or a changed one with its version grown."""

    order: Order
    content: str
    """Keyed digest of order and person, hex; says nothing to who has not the key."""


@dataclass(frozen=True, slots=True)
class OrderStandingChanged:
    """An import changed only what the platform says of an order packed already."""

    order: OrderKey
    version: int
    why_not: WhyNot | None
    content: str


@dataclass(frozen=True, slots=True)
class CodesImported:
    """Product codes that are new, or that stand for another number of units now."""

    codes: tuple[ProductCode, ...]


@dataclass(frozen=True, slots=True)
class ImportPublished:
    """One import became visible as a whole."""

    import_id: str
    shop: ShopKey
    platform: str
    profile: str
    rows: int
    accepted: int
    changed: int
    same: int
    refused: int
    digests: tuple[str, ...]
    """SHA-256 of each file, hex."""


@dataclass(frozen=True, slots=True)
class OrdersSeeded:
    """Invented orders were put in for a measurement."""

    orders: int


@dataclass(frozen=True, slots=True)
class NumbersAdded:
    """A prepaid block of tracking numbers was added."""

    block: str
    carrier: CarrierCode
    numbers: tuple[TrackingNumber, ...]
    pool: str = ""
    """Pool that may use them; empty = the common pool."""


@dataclass(frozen=True, slots=True)
class LabelAssigned:
    """A label has its number and its print job; nothing was sent."""

    order: OrderKey
    job: str
    tracking_number: TrackingNumber
    carrier: CarrierCode
    copy: int
    version: int
    reason: str
    # Added with the printers; the defaults are what older entries meant.
    source: LabelSource = LabelSource.COMPOSED
    page: str = ""
    """Id of the label file's page it is printed from."""
    coded: bool = False
    """It carries its copy code."""
    batch: str = ""
    """Id of the print batch it belongs to."""


@dataclass(frozen=True, slots=True)
class LabelDenied:
    """No label can be made; no number was used."""

    order: OrderKey
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class PaperQueued:
    """A bag label or a receipt is to be printed."""

    job: str
    paper: str
    """A ``PaperKind``, never ``label``."""
    key: str
    """What it is about, see ``PaperKind``."""
    copy: int
    reason: str
    # Added with the printers.
    printer: str = ""
    """Key of the printer asked for; empty = the one for this kind of paper."""
    terms: str = ""
    """What the paper says beyond its key, as JSON; never people's data."""


@dataclass(frozen=True, slots=True)
class PaperStarted:
    """From here on bytes of a job may have left."""

    job: str
    digest: str
    """SHA-256 of the bytes, hex."""
    size: int
    printer: str = ""
    """Key of the printer that gets them."""
    sheets: int = 1
    """Labels that come off its roll."""


@dataclass(frozen=True, slots=True)
class PaperEnded:
    """The job of a bag label or a receipt ended."""

    job: str
    outcome: PrintOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class ManifestWritten:
    """The list of a handover is final; its digest stands on the receipt."""

    manifest: str
    digest: str
    """SHA-256 of the canonical text, hex."""


@dataclass(frozen=True, slots=True)
class PeoplePurged:
    """The key of one day's people's data was destroyed."""

    day: str
    """ISO date."""
    records: int


StoreFact = (
    StoreCreated
    | StoreResumed
    | ClockChanged
    | OrderImported
    | OrderStandingChanged
    | CodesImported
    | ImportPublished
    | OrdersSeeded
    | NumbersAdded
    | LabelAssigned
    | LabelDenied
    | PaperQueued
    | PaperStarted
    | PaperEnded
    | ManifestWritten
    | PeoplePurged
    | AnyLifeFact
    | AnyShipmentFact
    | AnyNumberFact
    | AnyUrgeFact
    | AnySheetFact
    | AnyPaperFact
)
"""Everything the store writes into the journal beside the facts of bench and dock."""
