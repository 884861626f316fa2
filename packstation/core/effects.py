"""Effects: orders to the shell. ``decide`` gives them, the effect runner carries them out."""

from __future__ import annotations

from dataclasses import dataclass

from packstation.core.codes import Code
from packstation.core.difference import Difference
from packstation.core.events import CodeScanned
from packstation.core.facts import Fact
from packstation.core.orders import OrderKey, TrackingNumber
from packstation.core.status import Phase, Reason, Verdict


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the store what a code belongs to; answered by CodeFound."""

    scan: CodeScanned
    code: Code


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """Fetch an order with its codes and counts; answered by OrderLoaded."""

    scan: CodeScanned
    order: OrderKey


@dataclass(frozen=True, slots=True)
class CheckHandover:
    """Look once more at every bag of the handover; answered by HandoverChecked."""

    scan: CodeScanned
    manifest: str
    bags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Write facts, their projections, their status events and the station, in one transaction.

    A LabelRequested among them is answered by LabelQueued or LabelRefused.
    """

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PrintLabel:
    """Send a queued label job to the label printer; answered by LabelFinished."""

    order: OrderKey
    job: str
    tracking_number: TrackingNumber
    copy: int


@dataclass(frozen=True, slots=True)
class GiveUpPrint:
    """End a label's job that stalls or waits; answered by LabelFinished, whatever comes of it.

    CANCELLED where no byte had left, also where no printer holds the job and it is still QUEUED;
    else UNKNOWN, or how the job had ended by itself. May come more than once for one job.
    """

    order: OrderKey
    job: str


@dataclass(frozen=True, slots=True)
class PrintBagLabel:
    """Print the label of a sealed bag, after the commit."""

    bag: str


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Print the handover receipt of a closed manifest, after the commit."""

    manifest: str


Effect = (
    LookUp
    | LoadOrder
    | CheckHandover
    | Record
    | PrintLabel
    | GiveUpPrint
    | PrintBagLabel
    | PrintReceipt
)
"""Everything the shell may be told to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the operator is told about one scan."""

    scan: CodeScanned | None
    """None when nobody scanned: a printer or an import has spoken."""
    verdict: Verdict
    phase: Phase
    """Phase after the decision."""
    reason: Reason | None = None
    """Set on every stop, None on every yes."""
    order: OrderKey | None = None
    sku: str | None = None
    needed: int | None = None
    """Units of the line just touched."""
    scanned: int | None = None
    """Units of that line scanned so far."""
    missing: int | None = None
    """Units still missing in the order."""
    bag: str | None = None
    """Code of the bag just touched."""
    manifest: str | None = None
    """Number of the manifest just closed."""
    messages: tuple[str, ...] = ()
    repaired: bool = False
    """The code was found only after putting case or width of letters right: say so."""
    detail: str = ""
    """A further fact for the sentence, such as the bag a parcel is in; never people's data."""
    difference: Difference | None = None
    """What to take out of the box and to put in, where an order was changed."""
    other: OrderKey | None = None
    """The order that a scanned label belongs to, where that is not ``order``."""
