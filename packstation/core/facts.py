"""Facts: what the journal keeps. Append-only, without people's data; every table follows them.

A fact names its kind by its class name in snake case; kinds and fields are append-only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packstation.core.life_facts import AnyLifeFact
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    OrderKey,
    TrackingNumber,
    WhyNot,
)
from packstation.core.status import LabelSource, PrintOutcome, Reason, Verdict


@dataclass(frozen=True, slots=True)
class OrderOpened:
    """An order was opened for verification, anew or again."""

    order: OrderKey
    version: int


@dataclass(frozen=True, slots=True)
class MessageAcknowledged:
    """The operator has read the messages of the open order."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class UnitsScanned:
    """One accepted scan counted units."""

    order: OrderKey
    units: tuple[tuple[LineKey, int], ...]
    """Line and units."""
    code: str


@dataclass(frozen=True, slots=True)
class ScanUndone:
    """The last accepted scan of the open order was taken back."""

    order: OrderKey
    units: tuple[tuple[LineKey, int], ...]


@dataclass(frozen=True, slots=True)
class CountsDropped:
    """The order changed under the operator's hands: verification starts anew."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class OrderVerified:
    """Every unit of the order was scanned."""

    order: OrderKey
    version: int


@dataclass(frozen=True, slots=True)
class LabelRequested:
    """A label is to be printed: the store gives number and job, or says why not."""

    order: OrderKey
    version: int
    copy: int
    """1 = original; n = reprint n."""
    reason: str
    """``verified`` for the original; why a copy was asked for."""
    carrier: CarrierCode


@dataclass(frozen=True, slots=True)
class LabelEnded:
    """A label's print job ended."""

    order: OrderKey
    job: str
    outcome: PrintOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class ParcelSealed:
    """The label on the box was scanned back and is right; the parcel is closed."""

    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode
    source: LabelSource


@dataclass(frozen=True, slots=True)
class OrderPaused:
    """The open order was put aside with its counts."""

    order: OrderKey


@dataclass(frozen=True, slots=True)
class OrderHeld:
    """The order was held; it must not go on until released."""

    order: OrderKey
    reason: HoldReason | None = None
    """None = held at the table without a further reason."""


@dataclass(frozen=True, slots=True)
class OrderReleased:
    """A hold of the station was taken back, or somebody entitled cleared the file's reason."""

    order: OrderKey
    by: str | None = None
    """Id of the operator who released it; None at the table and where nobody logs on."""
    waived: WhyNot | None = None
    """What the file gives and somebody cleared; None = only a hold of this house."""


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """The open order left the table without a seal: it may not be packed any more."""

    order: OrderKey
    reason: Reason


@dataclass(frozen=True, slots=True)
class BagOpened:
    """A bag is the current one: a new one, or an open one taken up again."""

    bag: str


@dataclass(frozen=True, slots=True)
class ParcelBagged:
    """A sealed parcel went into a bag."""

    bag: str
    order: OrderKey
    tracking_number: TrackingNumber
    carrier: CarrierCode


@dataclass(frozen=True, slots=True)
class ParcelUnbagged:
    """A parcel was taken out of an open bag again."""

    bag: str
    order: OrderKey
    tracking_number: TrackingNumber


@dataclass(frozen=True, slots=True)
class BagSealed:
    """A bag was closed; nothing may be added."""

    bag: str
    carrier: CarrierCode
    parcels: int


@dataclass(frozen=True, slots=True)
class HandoverOpened:
    """Counting for a courier began, or went on after a pause."""

    manifest: str


@dataclass(frozen=True, slots=True)
class BagCounted:
    """A sealed bag was scanned for the courier."""

    manifest: str
    bag: str
    carrier: CarrierCode
    parcels: int


@dataclass(frozen=True, slots=True)
class BagUncounted:
    """The last counted bag was taken back."""

    manifest: str
    bag: str


@dataclass(frozen=True, slots=True)
class HandoverPaused:
    """The handover stays open; the station packs on."""

    manifest: str


@dataclass(frozen=True, slots=True)
class HandoverClosed:
    """The parcels passed to the courier: the manifest is final."""

    manifest: str
    carrier: CarrierCode
    bags: tuple[str, ...]
    parcels: int


@dataclass(frozen=True, slots=True)
class ScanRefused:
    """A scan was answered with a stop."""

    verdict: Verdict
    reason: Reason
    order: OrderKey | None
    code: str


@dataclass(frozen=True, slots=True)
class StopAcknowledged:
    """The operator has answered a stop, by command or by putting the item into the tray."""

    verdict: Verdict
    by: str
    """``ok`` or ``tray``."""


Fact = (
    OrderOpened
    | MessageAcknowledged
    | UnitsScanned
    | ScanUndone
    | CountsDropped
    | OrderVerified
    | LabelRequested
    | LabelEnded
    | ParcelSealed
    | OrderPaused
    | OrderHeld
    | OrderReleased
    | OrderClosed
    | BagOpened
    | ParcelBagged
    | ParcelUnbagged
    | BagSealed
    | HandoverOpened
    | BagCounted
    | BagUncounted
    | HandoverPaused
    | HandoverClosed
    | ScanRefused
    | StopAcknowledged
    | AnyLifeFact
)
"""Everything the bench and the dock write into the journal."""


def kind(fact: object) -> str:
    """Return the journal's name of a fact's kind.

    >>> kind(OrderPaused(OrderKey("main/1")))
    'order_paused'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(fact).__name__).lower()
