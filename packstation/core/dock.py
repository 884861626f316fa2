"""Decisions between orders: what a scan opens, bags, and the handover to the courier."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from packstation.core import facts
from packstation.core.codes import Code
from packstation.core.effects import (
    CheckHandover,
    LoadOrder,
    PrintBagLabel,
    PrintReceipt,
)
from packstation.core.events import CodeFound, CodeScanned, HandoverChecked
from packstation.core.merging import ENDED, number_in, reason_of
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.parcels import Bag, Parcel
from packstation.core.policy import Rules
from packstation.core.recall import recall
from packstation.core.sealing import proves
from packstation.core.station import (
    REPEAT_WINDOW,
    CountedBag,
    Decision,
    DockStep,
    OpenBag,
    OpenHandover,
    Station,
    StepKind,
    Waiting,
    accept,
    answer_of,
    refuse,
)
from packstation.core.status import BagState, ParcelState, Phase, Reason, Verdict


def _number(prefix: str, rules: Rules, serial: int) -> str:
    return f"{prefix}{rules.station_number:02d}{serial:06d}"


def found_between_orders(station: Station, event: CodeFound, code: Code, rules: Rules) -> Decision:
    """Open an order, put a parcel into the bag, take up a bag, or say what the code is."""
    if event.bag is not None:
        return _take_up_bag(station, event.scan, event.bag)
    parcel = event.parcel
    if event.voided is not None and not event.orders:
        return refuse(
            station, event.scan, Verdict.WRONG_LABEL, Reason.LABEL_VOIDED, order=event.voided
        )
    if parcel is not None and parcel.state is not ParcelState.OPEN:
        by_number = not _just_opens(event, code, rules)
        if by_number and _to_recall(station, parcel, rules):
            return recall(station, event.scan, parcel)
        if by_number and station.bag is not None:
            return _into_bag(station, event.scan, parcel, station.bag, rules)
        if parcel.state in _PLACED and not parcel.stale:
            return _where_it_is(station, event.scan, parcel, rules)
        if parcel.state is ParcelState.BAGGED:  # changed in there: it comes out first
            return _where_it_is(station, event.scan, parcel, rules)
    orders = event.orders or ((parcel.order,) if parcel is not None else ())
    if len(orders) > 1:
        return refuse(station, event.scan, Verdict.AMBIGUOUS_CODE, Reason.SEVERAL_ORDERS)
    if orders:
        loading = replace(station, phase=Phase.LOADING, before=station.phase, waiting=Waiting.ORDER)
        return Decision(loading, None, (LoadOrder(event.scan, orders[0]),))
    if event.skus:
        return refuse(station, event.scan, Verdict.OUT_OF_PLACE, Reason.NO_ORDER_OPEN)
    return refuse(station, event.scan, Verdict.ORDER_NOT_FOUND, Reason.NOT_KNOWN)


_PLACED = frozenset(
    {
        ParcelState.SEALED,
        ParcelState.BAGGED,
        ParcelState.RECALLED,
        ParcelState.HANDED_OVER,
    }
)
"""States of a closed box."""


def _just_opens(event: CodeFound, code: Code, rules: Rules) -> bool:
    """Tell whether the code is an order number rather than a barcode of the parcel's number."""
    parcel = event.parcel
    if event.copy is not None:  # the live copy stands for the number that is on it
        return False
    if parcel is None or parcel.tracking_number is None:
        return bool(event.orders)
    proved = proves(code, parcel.tracking_number, rules.carrier(parcel.carrier))
    return bool(event.orders) and not proved


def _parcel_stop(parcel: Parcel, rules: Rules) -> tuple[Verdict, Reason] | None:
    """Return why a parcel may not go on to the courier, or None."""
    if parcel.state is ParcelState.HANDED_OVER:
        return Verdict.ALREADY_HANDED_OVER, Reason.HANDED_OVER
    if parcel.why_not is not None and parcel.why_not.value != Reason.SHIPPED.value:
        inside = parcel.stopped_by is not None
        return rules.verdict_of(parcel.why_not), reason_of(parcel.why_not, inside=inside)
    if parcel.state is ParcelState.HELD:
        return Verdict.ON_HOLD, Reason.HELD
    if parcel.state is ParcelState.BAGGED:
        return Verdict.ALREADY_BAGGED, Reason.IN_A_BAG
    if parcel.state in (ParcelState.SEALED, ParcelState.RECALLED):
        return None
    labelled = parcel.state in (ParcelState.LABELLED, ParcelState.VERIFIED)
    return Verdict.NOT_SEALED, Reason.LABEL_NOT_PROVED if labelled else Reason.NOT_PACKED


def _refuse_parcel(
    station: Station,
    scan: CodeScanned,
    parcel: Parcel,
    stop: tuple[Verdict, Reason],
    rules: Rules,
) -> Decision:
    verdict, reason = stop
    told = answer_of(
        station,
        scan,
        verdict,
        reason=reason,
        bag=parcel.bag,
        detail=number_in(parcel.stopped_by) or parcel.manifest or parcel.bag or "",
        difference=parcel.difference if reason is Reason.ORDER_CHANGED else None,
    )
    if parcel.state is ParcelState.BAGGED and reason is not Reason.IN_A_BAG:
        station = replace(station, recall_bag=parcel.bag)
    return refuse(station, scan, verdict, reason, order=parcel.order, answer=told)


def _where_it_is(station: Station, scan: CodeScanned, parcel: Parcel, rules: Rules) -> Decision:
    stop = _parcel_stop(parcel, rules) or (Verdict.ALREADY_SEALED, Reason.SEALED_NOT_BAGGED)
    return _refuse_parcel(station, scan, parcel, stop, rules)


def _to_recall(station: Station, parcel: Parcel, rules: Rules) -> bool:
    """Tell whether a parcel must come out of a bag whose stop was told already."""
    known = station.recall_bag is not None and parcel.bag == station.recall_bag
    if parcel.state is not ParcelState.BAGGED or not known:
        return False
    stop = _parcel_stop(parcel, rules)
    return stop is not None and stop[1] is not Reason.IN_A_BAG


def found_to_recall(station: Station, event: CodeFound, rules: Rules) -> Decision:
    """Recall a parcel that somebody asked for by name, whatever the table is doing."""
    parcel = event.parcel
    if parcel is None:
        return refuse(station, event.scan, Verdict.ORDER_NOT_FOUND, Reason.NOT_KNOWN)
    if _to_recall(replace(station, recall_bag=parcel.bag), parcel, rules):
        return recall(station, event.scan, parcel)
    return _where_it_is(station, event.scan, parcel, rules)


def _into_bag(
    station: Station, scan: CodeScanned, parcel: Parcel, bag: OpenBag, rules: Rules
) -> Decision:
    stop = _parcel_stop(parcel, rules)
    if stop is not None:
        return _refuse_parcel(station, scan, parcel, stop, rules)
    if station.sealed_last is not None:
        text, at = station.sealed_last
        # abs: a clock set back must not make a parcel unbaggable.
        if text == scan.text and abs(scan.at - at) < REPEAT_WINDOW:
            return refuse(
                station, scan, Verdict.REPEATED_SCAN, Reason.SEALED_NOT_BAGGED, order=parcel.order
            )
    carrier, number = parcel.carrier, parcel.tracking_number
    if carrier is None or number is None:
        return refuse(station, scan, Verdict.NOT_SEALED, Reason.LABEL_NOT_PROVED)
    if bag.carrier is not None and bag.carrier != carrier:
        return refuse(
            station, scan, Verdict.WRONG_CARRIER, Reason.BAG_OF_ANOTHER_CARRIER, order=parcel.order
        )
    after = replace(
        station,
        bag=replace(bag, carrier=carrier, parcels=bag.parcels + 1),
        steps=(*station.steps, DockStep(StepKind.BAGGED, parcel.order, number)),
        sealed_last=None,
    )
    fact = facts.ParcelBagged(bag.code, parcel.order, number, carrier)
    return accept(after, scan, Verdict.BAGGED, (fact,), bag=bag.code, order=parcel.order)


def _take_up_bag(station: Station, scan: CodeScanned, bag: Bag) -> Decision:
    if bag.state is BagState.HANDED_OVER:
        return refuse(station, scan, Verdict.ALREADY_HANDED_OVER, Reason.HANDED_OVER)
    if bag.state is BagState.SEALED:
        return refuse(station, scan, Verdict.BAG_IS_SEALED, Reason.BAG_SEALED)
    if station.bag is not None and station.bag.code == bag.code:
        return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.BAG_IS_OPEN)
    taken_up = OpenBag(bag.code, bag.carrier, bag.parcels)
    after = replace(station, bag=taken_up, steps=(), recall_bag=None)
    return accept(after, scan, Verdict.BAG_OPENED, (facts.BagOpened(bag.code),), bag=bag.code)


def open_bag(station: Station, scan: CodeScanned, rules: Rules) -> Decision:
    """Open a new bag and make it the current one."""
    serial = station.bag_serial + 1
    code = _number("PSBAG", rules, serial)
    after = replace(station, bag=OpenBag(code), bag_serial=serial, steps=(), recall_bag=None)
    return accept(after, scan, Verdict.BAG_OPENED, (facts.BagOpened(code),), bag=code)


def seal_bag(station: Station, scan: CodeScanned) -> Decision:
    """Seal the current bag; its label follows the commit."""
    bag = station.bag
    if bag is None:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NO_BAG_OPEN)
    if bag.carrier is None or bag.parcels == 0:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.BAG_EMPTY)
    fact = facts.BagSealed(bag.code, bag.carrier, bag.parcels)
    return accept(
        replace(station, bag=None, steps=()),
        scan,
        Verdict.BAG_SEALED,
        (fact,),
        PrintBagLabel(bag.code),
        bag=bag.code,
        detail=str(bag.parcels),
    )


def open_handover(station: Station, scan: CodeScanned, rules: Rules) -> Decision:
    """Begin to count bags for a courier, or go on with the paused count."""
    handover, serial = station.handover, station.manifest_serial
    if handover is None:
        serial += 1
        handover = OpenHandover(_number("PSM", rules, serial))
    after = replace(
        station,
        phase=Phase.HANDOVER,
        handover=handover,
        manifest_serial=serial,
        recall_bag=None,
        steps=tuple(DockStep(StepKind.COUNTED) for _ in handover.bags),
    )
    return accept(after, scan, Verdict.HANDOVER_OPENED, (facts.HandoverOpened(handover.manifest),))


def _open_handover(station: Station) -> OpenHandover:
    assert station.handover is not None, "HANDOVER without a handover"
    return station.handover


def found_at_handover(station: Station, event: CodeFound, rules: Rules) -> Decision:
    """Count a sealed bag; everything else is refused by name."""
    if event.bag is not None:
        return _count_bag(station, event.scan, event.bag, rules)
    if event.voided is not None:
        return refuse(
            station, event.scan, Verdict.WRONG_LABEL, Reason.LABEL_VOIDED, order=event.voided
        )
    if event.parcel is not None:
        if _to_recall(station, event.parcel, rules):
            return recall(station, event.scan, event.parcel)
        stop = _parcel_stop(event.parcel, rules) or (Verdict.OUT_OF_PLACE, Reason.BAGS_ONLY)
        return _refuse_parcel(station, event.scan, event.parcel, stop, rules)
    return refuse(station, event.scan, Verdict.OUT_OF_PLACE, Reason.BAGS_ONLY)


def _count_bag(station: Station, scan: CodeScanned, bag: Bag, rules: Rules) -> Decision:
    handover = _open_handover(station)
    if bag.state is BagState.HANDED_OVER:
        return refuse(station, scan, Verdict.ALREADY_HANDED_OVER, Reason.HANDED_OVER)
    if any(counted.code == bag.code for counted in handover.bags):
        return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.BAG_COUNTED_ALREADY)
    if bag.state is not BagState.SEALED or bag.carrier is None:
        return refuse(station, scan, Verdict.NOT_SEALED, Reason.BAG_NOT_SEALED)
    if handover.carrier is not None and handover.carrier != bag.carrier:
        return refuse(station, scan, Verdict.WRONG_CARRIER, Reason.BAG_OF_ANOTHER_CARRIER)
    if bag.stopped is not None:
        stopped = replace(station, recall_bag=bag.code)
        return _refuse_bag(stopped, scan, bag.stopped, bag.stopped_by, rules)
    after = replace(
        station,
        handover=replace(
            handover,
            carrier=bag.carrier,
            bags=(*handover.bags, CountedBag(bag.code, bag.parcels)),
        ),
        steps=(*station.steps, DockStep(StepKind.COUNTED)),
    )
    fact = facts.BagCounted(handover.manifest, bag.code, bag.carrier, bag.parcels)
    return accept(after, scan, Verdict.BAG_COUNTED, (fact,), bag=bag.code, detail=str(bag.parcels))


def _refuse_bag(
    station: Station,
    scan: CodeScanned,
    stopped: tuple[OrderKey, WhyNot],
    inside: OrderKey | None,
    rules: Rules,
) -> Decision:
    order, why_not = stopped
    verdict = rules.verdict_of(why_not)
    cancelled = verdict is Verdict.CANCELLED
    reason = Reason.PARCEL_CANCELLED_IN_BAG if cancelled else Reason.PARCEL_HELD_IN_BAG
    if inside is not None and why_not in ENDED:
        reason = Reason.CANCELLED_IN_PARCEL
    told = answer_of(station, scan, verdict, reason=reason, detail=number_in(inside))
    return refuse(station, scan, verdict, reason, order=order, answer=told)


def ask_to_close(station: Station, scan: CodeScanned) -> Decision:
    """Before the handover closes, every bag is looked at once more."""
    handover = _open_handover(station)
    if not handover.bags:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_COUNTED)
    effect = CheckHandover(scan, handover.manifest, tuple(bag.code for bag in handover.bags))
    return Decision(replace(station, waiting=Waiting.CLOSE), None, (effect,))


def handover_checked(station: Station, event: HandoverChecked, rules: Rules) -> Decision:
    """Close the handover: manifest, status events, receipt. Only after the commit comes paper."""
    handover = station.handover
    if handover is None or handover.manifest != event.manifest:
        return Decision(station)
    if event.stopped is not None:
        stopped = replace(station, recall_bag=event.stopped_bag)
        return _refuse_bag(stopped, event.scan, event.stopped, event.stopped_by, rules)
    if event.parcels != handover.parcels:
        return refuse(station, event.scan, Verdict.NOT_ELIGIBLE, Reason.COUNT_DIFFERS)
    assert handover.carrier is not None, "a counted bag has a carrier"
    fact = facts.HandoverClosed(
        handover.manifest,
        handover.carrier,
        tuple(bag.code for bag in handover.bags),
        handover.parcels,
    )
    after = replace(
        station, phase=Phase.IDLE, handover=None, waiting=None, steps=(), recall_bag=None
    )
    return accept(
        after,
        event.scan,
        Verdict.HANDED_OVER,
        (fact,),
        PrintReceipt(handover.manifest),
        manifest=handover.manifest,
        detail=f"{len(handover.bags)}/{handover.parcels}",
    )


def pause_handover(station: Station, scan: CodeScanned) -> Decision:
    """Leave the handover open and pack on."""
    fact = facts.HandoverPaused(_open_handover(station).manifest)
    return accept(replace(station, phase=Phase.IDLE, steps=()), scan, Verdict.PAUSED, (fact,))


def undo(station: Station, scan: CodeScanned) -> Decision:
    """Take the last accepted scan outside an order back."""
    if not station.steps:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_UNDO)
    step, rest = station.steps[-1], station.steps[:-1]
    match step.kind:
        case StepKind.BAGGED:
            bag = station.bag
            assert bag is not None, "steps of a bag end with the bag"
            assert step.order is not None
            assert step.tracking_number is not None
            left = bag.parcels - 1
            emptied = replace(bag, parcels=left, carrier=bag.carrier if left else None)
            out = facts.ParcelUnbagged(bag.code, step.order, step.tracking_number)
            return accept(
                replace(station, bag=emptied, steps=rest),
                scan,
                Verdict.UNDONE,
                (out,),
                bag=bag.code,
                order=step.order,
            )
        case StepKind.COUNTED:
            handover = _open_handover(station)
            last, bags = handover.bags[-1], handover.bags[:-1]
            fewer = replace(handover, bags=bags, carrier=handover.carrier if bags else None)
            return accept(
                replace(station, handover=fewer, steps=rest),
                scan,
                Verdict.UNDONE,
                (facts.BagUncounted(handover.manifest, last.code),),
                bag=last.code,
            )
        case StepKind.HELD:
            assert step.order is not None
            return accept(
                replace(station, steps=rest),
                scan,
                Verdict.UNDONE,
                (facts.OrderReleased(step.order),),
                order=step.order,
            )
        case _:
            assert_never(step.kind)
