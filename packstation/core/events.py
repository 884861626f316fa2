"""Events: what happened. Facts in the past tense; the only input that ``decide`` knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.core.catalog import ProductCode
from packstation.core.difference import Difference
from packstation.core.orders import (
    Order,
    OrderId,
    OrderKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.parcels import Bag, CopyFound, Label, Parcel
from packstation.core.status import PrintOutcome, Reason, Verdict
from packstation.core.verification import ScanStep


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A scanner, the camera or the command line gave a text."""

    text: str
    at: datetime
    """Aware, UTC."""
    number: int = 0
    """Running number of the scan in this process; its answers carry it."""
    source: str = "wedge"
    """``recall`` = the parcel with this number is to come out of its bag."""


@dataclass(frozen=True, slots=True)
class CodeFound:
    """The store has said what a code belongs to, anywhere in the house."""

    scan: CodeScanned
    orders: tuple[OrderKey, ...] = ()
    """Orders whose number, or whose number from the file, is the code."""
    parcel: Parcel | None = None
    """The live parcel with this tracking number, letters in any case, or of the one order found."""
    bag: Bag | None = None
    skus: tuple[Sku, ...] = ()
    """Products of any shop that carry the code."""
    in_number_block: bool = False
    """The code is a prepaid number that no parcel has yet."""
    voided: OrderKey | None = None
    """The code is the number of a void label, once made for this order; nobody else has it.

    Where it is void because the order was cancelled, ``orders`` names that order too.
    """
    copy: CopyFound | None = None
    """What the code is the copy code of. ``parcel`` and ``orders`` are then its order's, as if the
    tracking number of that copy had been scanned."""


@dataclass(frozen=True, slots=True)
class OrderLoaded:
    """An order is here with everything its verification needs."""

    scan: CodeScanned
    order: Order
    """Where it names no carrier and a page of a label file is bound to it, it has the page's."""
    codes: tuple[ProductCode, ...]
    history: tuple[ScanStep, ...]
    """What an earlier, paused session had counted of this very version; empty after a change."""
    parcel: Parcel | None
    """Where its parcel stands; None = never opened."""
    messages: tuple[str, ...]
    """Buyer message and seller memo, to be acknowledged; people's words, memory only."""
    numbers_left: int
    """Free numbers of its carrier."""
    label: Label | None = None
    """The newest print job of its label, as the print journal has it."""


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An import or a person changed an order, perhaps the open one."""

    order: OrderKey
    order_id: OrderId
    version: int
    why_not: WhyNot | None
    difference: Difference | None = None
    """What changed of goods and label, where a file said so."""


@dataclass(frozen=True, slots=True)
class LabelQueued:
    """A print job is durable; nothing has been sent."""

    order: OrderKey
    job: str
    tracking_number: TrackingNumber
    copy: int
    coded: bool = False
    """The copy will carry its copy code."""


@dataclass(frozen=True, slots=True)
class LabelRefused:
    """No label can be made; no number was used and nothing was queued."""

    order: OrderKey
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class LabelFinished:
    """A label's print job ended: CONFIRMED, SENT, FAILED, CANCELLED or UNKNOWN.

    Posted for the labels of a print batch too: their orders may be open.
    """

    order: OrderKey
    job: str
    outcome: PrintOutcome
    detail: str = ""
    """Stable word of the device, for example ``paper_out``."""


@dataclass(frozen=True, slots=True)
class LabelStalled:
    """The printer takes nothing of a label's job: paper, cover, head.

    It goes on by itself with the very same bytes; LabelFinished says how it ends.
    """

    order: OrderKey
    job: str
    detail: str
    """Error code such as ``printer.no_paper``; empty once it goes on."""


@dataclass(frozen=True, slots=True)
class HandoverChecked:
    """The store has looked once more at every bag of the open handover."""

    scan: CodeScanned
    manifest: str
    stopped: tuple[OrderKey, WhyNot] | None
    parcels: int
    """Parcels inside the counted bags as the store has them now."""
    stopped_bag: str | None = None
    """The bag of ``stopped``."""
    stopped_by: OrderKey | None = None
    """The order inside the parcel of ``stopped``, where it shares it with others."""


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """The journal could not be written: nothing after the last answered scan is safe."""

    detail: str
    """Stable word: ``disk_full``, ``io_error`` …"""


@dataclass(frozen=True, slots=True)
class WaitTimedOut:
    """A scan came while the station waited for an answer of its own, and that took too long."""

    scan: CodeScanned


Event = (
    CodeScanned
    | CodeFound
    | OrderLoaded
    | OrderChanged
    | LabelQueued
    | LabelRefused
    | LabelFinished
    | LabelStalled
    | HandoverChecked
    | SaveFailed
    | WaitTimedOut
)
"""Everything that can happen to a station."""
