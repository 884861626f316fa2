"""A parcel that must not leave comes out of its bag, and every count stays right."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts, life_facts
from packstation.core.events import CodeScanned
from packstation.core.orders import WhyNot
from packstation.core.parcels import Parcel
from packstation.core.station import (
    Decision,
    DockStep,
    OpenBag,
    OpenHandover,
    Station,
    StepKind,
    accept,
)
from packstation.core.status import Phase, Verdict


def recall(station: Station, scan: CodeScanned, parcel: Parcel) -> Decision:
    """Take a parcel that must not leave out of its bag.

    The bag is open from now on and counts one less; it is sealed again before it may go, so
    that the count on its label is right. A handover that had counted it counts it no more.
    """
    code, number = parcel.bag, parcel.tracking_number
    assert code is not None, "a parcel in a bag"
    assert number is not None, "a parcel in a bag has its number"
    handover, steps = _uncounted(station.handover, code), station.steps
    if station.phase is Phase.HANDOVER and handover is not None:
        steps = tuple(DockStep(StepKind.COUNTED) for _ in handover.bags)
    steps = tuple(s for s in steps if s.kind is not StepKind.BAGGED or s.order != parcel.order)
    out: tuple[facts.Fact, ...] = (life_facts.ParcelRecalled(parcel.order, code, number),)
    if parcel.why_not in (WhyNot.CANCELLED, WhyNot.REFUNDED) and parcel.carrier is not None:
        void = life_facts.LabelVoided(parcel.order, number, parcel.carrier, "cancelled")
        out = (*out, void)
    bag = _one_less(station.bag, code)
    after = replace(station, bag=bag, handover=handover, steps=steps)
    return accept(after, scan, Verdict.RECALLED, out, bag=code, order=parcel.order)


def _one_less(bag: OpenBag | None, code: str) -> OpenBag | None:
    if bag is None or bag.code != code:
        return bag
    left = bag.parcels - 1
    return replace(bag, parcels=left, carrier=bag.carrier if left else None)


def _uncounted(handover: OpenHandover | None, code: str) -> OpenHandover | None:
    if handover is None:
        return None
    bags = tuple(counted for counted in handover.bags if counted.code != code)
    return replace(handover, bags=bags, carrier=handover.carrier if bags else None)
