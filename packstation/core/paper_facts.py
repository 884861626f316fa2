"""Facts of paper: label files and their pages, print batches, rolls, proofs of printers.

As in ``facts``: kinds and fields are append-only, and none of them holds people's data.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber
from packstation.core.status import BatchState, PageState, Reason


class PaperFact:
    """What the facts of this module have in common: the tables that follow them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PageTaken:
    """One page of a label file, or one document for a print component."""

    page: str
    """Id of the page; its content is kept encrypted under it."""
    number: int
    """As a viewer counts it: the first one is 1."""
    state: PageState
    codes: tuple[str, ...]
    """What its barcodes say, each text once; numbers, never people's data."""
    tracking_number: TrackingNumber | None = None
    carrier: CarrierCode | None = None
    order: OrderKey | None = None
    """Set where ``state`` is BOUND."""
    width_mm: float = 0.0
    height_mm: float = 0.0
    mark: tuple[float, ...] = ()
    """Place left free for the mark of a reprint: x, y, width, height in mm; empty = none."""
    why: str = ""
    """Of an UNREADABLE page: ``blank``, ``no_code``, ``no_number``, ``two_numbers`` or
    ``several`` (labels of several orders that could not be taken apart)."""
    ink: tuple[float, ...] = ()
    """Width and height in mm of all that is drawn on it; empty = not known, or it is blank."""


@dataclass(frozen=True, slots=True)
class LabelFileTaken(PaperFact):
    """A platform's label file came in, split into pages."""

    file: str
    """SHA-256 of the file, hex."""
    name: str
    """File name without its folder."""
    shop: ShopKey
    format: str
    """``pdf``, ``png``, ``zpl`` or ``component``."""
    pages: tuple[PageTaken, ...]


@dataclass(frozen=True, slots=True)
class PageBound(PaperFact):
    """A page found its order later than its file."""

    page: str
    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode


@dataclass(frozen=True, slots=True)
class LabelFileRemoved(PaperFact):
    """A label file was taken back, before any of its pages was printed."""

    file: str


@dataclass(frozen=True, slots=True)
class LabelFileFitted(PaperFact):
    """A person agreed that a file's pages are turned and made smaller to fit the label paper.

    Undone only by taking the file back, before any of it is printed.
    """

    file: str


@dataclass(frozen=True, slots=True)
class PaperStalled(PaperFact):
    """The printer takes nothing of a job; an empty detail says that it goes on."""

    job: str
    detail: str


@dataclass(frozen=True, slots=True)
class LabelSpoiled(PaperFact):
    """One printed copy of a label is not to be used: torn off, jammed, unreadable."""

    job: str
    order: OrderKey
    reason: str
    """``damaged``, ``unreadable``, ``jam``, ``lost``, ``wrong_paper`` or ``other``."""


@dataclass(frozen=True, slots=True)
class BatchStarted(PaperFact):
    """Labels of several orders are printed one after the other.

    Their jobs (LabelAssigned with this batch) stand before it in the same transaction.
    """

    batch: str
    shop: ShopKey
    printer: str
    orders: tuple[OrderKey, ...]
    refused: tuple[tuple[OrderKey, Reason], ...] = ()
    """Orders that were chosen and got no label."""


@dataclass(frozen=True, slots=True)
class BatchStopped(PaperFact):
    """A batch waits for a person: a job did not come out for certain."""

    batch: str
    job: str
    why: str
    """Error code of the device, or ``operator``."""


@dataclass(frozen=True, slots=True)
class BatchResumed(PaperFact):
    """A batch goes on after its last good label was scanned, or none was good."""

    batch: str
    last_good: str
    """Job of the last good label; empty = none came out."""
    spoiled: tuple[str, ...]
    """Jobs behind it whose labels are not to be used; each gets a new copy."""


@dataclass(frozen=True, slots=True)
class BatchEnded(PaperFact):
    """Nothing more of a batch will be printed."""

    batch: str
    state: BatchState
    """DONE or CANCELLED."""


@dataclass(frozen=True, slots=True)
class RollLoaded(PaperFact):
    """A roll with so many labels was put into a printer; 0 = do not count."""

    printer: str
    labels: int


@dataclass(frozen=True, slots=True)
class PrinterProved(PaperFact):
    """The test label of a printer was scanned back."""

    printer: str
    code: str
    setup: str
    """Digest of address, model, stock and tuning: another one needs another proof."""


@dataclass(frozen=True, slots=True)
class HandoverPlaced(PaperFact):
    """Where a handover takes place; stands on its receipt. The last one said counts."""

    manifest: str
    place: str
    """One of the house's places; empty = none."""


AnyPaperFact = (
    LabelFileTaken
    | PageBound
    | LabelFileRemoved
    | LabelFileFitted
    | PaperStalled
    | LabelSpoiled
    | BatchStarted
    | BatchStopped
    | BatchResumed
    | BatchEnded
    | RollLoaded
    | PrinterProved
    | HandoverPlaced
)
"""Every fact of this module."""
