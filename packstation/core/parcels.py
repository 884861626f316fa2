"""Parcels and bags as the dock sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from packstation.core.difference import Difference
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber, WhyNot
from packstation.core.status import BagState, ParcelState, PrintOutcome


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel as last written."""

    order: OrderKey
    state: ParcelState
    tracking_number: TrackingNumber | None
    carrier: CarrierCode | None
    bag: str | None = None
    """Code of the bag that holds it."""
    manifest: str | None = None
    """Number of the manifest it left with."""
    why_not: WhyNot | None = None
    """What its order says today: a cancelled order stops its parcel at every gate."""
    stale: bool = False
    """The order was changed since the box was closed: it must be opened and packed anew."""
    told: bool = False
    """Somebody was told so: the next scan may open it."""
    difference: Difference | None = None
    """What a file changed since the parcel was begun."""
    stopped_by: OrderKey | None = None
    """The order inside a shared parcel that ``why_not`` is about."""


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag as last written."""

    code: str
    state: BagState
    carrier: CarrierCode | None
    """Its first parcel's carrier; None while empty."""
    parcels: int
    """Parcels inside."""
    manifest: str | None = None
    stopped: tuple[OrderKey, WhyNot] | None = None
    """A parcel inside whose order may not leave any more, and why."""
    stopped_by: OrderKey | None = None
    """The order inside that parcel, where it shares it with others."""


@dataclass(frozen=True, slots=True)
class Label:
    """The live label of an order: its newest print job."""

    job: str
    """Id of the print job."""
    tracking_number: TrackingNumber
    copy: int
    """1 = original; n = reprint n."""
    outcome: PrintOutcome = PrintOutcome.QUEUED
    coded: bool = False
    """It carries its copy code: then that code, not the number alone, proves a reprint.

    A copy needs one where an older copy under the same number may be about; the first print under
    a new number may do without.
    """
    ahead: bool = False
    """It was printed before its order was verified, so the verification asks for no other one.

    The store sets it where no job of this order and this version of it was asked for at the table,
    that is for one of the reasons ``sealing.AT_THE_TABLE``. So a batch's labels are ahead, and the
    copies that a batch or somebody outside the table asked for after them; an order whose own
    verification has asked for its label, and that is verified again, gets a new copy.
    """
    spoiled: bool = False
    """Somebody said that it is not to be used (LabelSpoiled); only a new copy seals the parcel."""

    @property
    def after_restart(self) -> Label:
        """The label as a restart finds it: nobody works any more on what was being sent."""
        sending = self.outcome in (PrintOutcome.SENDING, PrintOutcome.BLOCKED)
        return replace(self, outcome=PrintOutcome.UNKNOWN) if sending else self


@dataclass(frozen=True, slots=True)
class CopyFound:
    """The printed copy of a label that a copy code stands for."""

    order: OrderKey
    copy: int
    live: bool
    """It is the newest copy of the order's label that may be on paper, made for the order as it is
    today, under the number of its parcel, neither void nor spoiled."""
    spoiled: bool = False


def copy_code(job: str) -> str:
    """Return the code that tells one printed copy from every other: ``PSP`` and ten digits.

    Drawn on reprints; made from the job's id alone, so that it never has to be kept. Two jobs of
    one order have equal codes once in 10^10.

    >>> copy_code("0197-job")
    'PSP1035052971'
    """
    number = int.from_bytes(sha256(job.encode()).digest()[:8], "big")
    return f"PSP{number % 10**10:010}"
