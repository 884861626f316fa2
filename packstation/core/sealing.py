"""The label of an open order: asked for, printed, and proved by the scan that seals the parcel."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts
from packstation.core.carriers import Carrier, looks_like_a_waybill
from packstation.core.codes import Code, folded, is_gtin
from packstation.core.effects import LookUp, PrintLabel, Record
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    LabelFinished,
    LabelQueued,
    LabelRefused,
    LabelStalled,
)
from packstation.core.merging import goes_by
from packstation.core.orders import TrackingNumber
from packstation.core.parcels import Label
from packstation.core.policy import Rules
from packstation.core.station import (
    Decision,
    Station,
    Waiting,
    accept,
    answer_of,
    open_session,
    refuse,
    refuse_item,
)
from packstation.core.status import LabelSource, Phase, PrintOutcome, Reason, Verdict
from packstation.core.verification import read_in_order

NOTHING_OUT = frozenset({PrintOutcome.QUEUED, PrintOutcome.FAILED, PrintOutcome.CANCELLED})
"""Outcomes of a job of which no byte was sent: the same copy may be asked for again."""

UNDER_WAY = frozenset({PrintOutcome.QUEUED, PrintOutcome.SENDING, PrintOutcome.BLOCKED})
"""Outcomes of a job whose end is still to come."""


def made_elsewhere(station: Station, rules: Rules) -> bool:
    """Tell whether the label on the box is not ours; a label that we have printed always is."""
    source, label = rules.shop(open_session(station).order.shop).label_source, station.label
    none_of_ours = label is None or label.outcome in NOTHING_OUT
    return none_of_ours and source is LabelSource.EXTERNAL


def _next_copy(label: Label | None) -> int:
    """Return the copy to ask for: there is never a second original on paper."""
    if label is None:
        return 1
    return label.copy if label.outcome in NOTHING_OUT else label.copy + 1


def verified(
    station: Station,
    scan: CodeScanned,
    rules: Rules,
    before: tuple[facts.Fact, ...],
    verdict: Verdict,
) -> Decision:
    """Every unit is there: ask for the label, or for its scan where it was made elsewhere."""
    order = open_session(station).order
    proved = facts.OrderVerified(order.key, order.version)
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
        confirming = replace(station, phase=Phase.CONFIRMING, label=None)
        return accept(confirming, scan, verdict, (*before, proved))
    carrier, labelling = rules.carrier_of(order), replace(station, phase=Phase.LABELLING)
    if carrier is None:  # the setting went while the order was open; PSCMDREPRINT says so
        return accept(labelling, scan, verdict, (*before, proved))
    copy = _next_copy(station.label)
    why = "verified" if copy == 1 else "verified_again"
    asked = facts.LabelRequested(order.key, order.version, copy, why, carrier)
    labelling = replace(labelling, waiting=Waiting.LABEL)
    return accept(labelling, scan, verdict, (*before, proved, asked))


def scan_label(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Answer a plain code while the label should be on the box."""
    session = open_session(station)
    order, label = session.order, station.label
    if made_elsewhere(station, rules):
        expected, ours = order.tracking_number, False
    elif label is None or label.outcome in NOTHING_OUT:
        return refuse(station, scan, Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT)
    else:
        expected, ours = label.tracking_number, True
    if expected is None or not proves(code, expected, rules.carrier(rules.carrier_of(order))):
        reading = read_in_order(session, code)
        if reading is not None:
            return refuse_item(station, scan, reading)
        if goes_by(order, code.text):
            return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN)
    elif ours:
        return _seal(station, scan, code, expected, rules)
    # A number from a file may already be on another parcel: the house is asked first.
    return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))


def proves(code: Code, expected: TrackingNumber, carrier: Carrier | None) -> bool:
    """Tell whether a scan is an expected number, or a longer barcode of its carrier that holds it.

    A barcode may carry more than the number: a postcode before it (USPS), a scan string around it
    (FedEx). What the carrier's file cuts off leaves one parcel only; else the texts must be equal.
    """
    if folded(code.text) == folded(expected):
        return True
    if carrier is None or not code.text.isascii():
        return False
    return carrier.canonical(code.text) == carrier.canonical(expected)


def _seal(
    station: Station, scan: CodeScanned, code: Code, number: TrackingNumber, rules: Rules
) -> Decision:
    order = open_session(station).order
    carrier = rules.carrier_of(order)
    if carrier is None:
        return refuse(station, scan, Verdict.NOT_ELIGIBLE, Reason.NO_CARRIER)
    external = made_elsewhere(station, rules)
    source = LabelSource.EXTERNAL if external else LabelSource.COMPOSED
    fact = facts.ParcelSealed(order.key, number, carrier, source)
    cleared = replace(station.without_order(Phase.IDLE), sealed_last=(scan.text, scan.at))
    decision = accept(cleared, scan, Verdict.SEALED, (fact,), order=order.key, detail=number)
    assert decision.answer is not None
    repaired = code.text != number and folded(code.text) == folded(number)
    return replace(decision, answer=replace(decision.answer, missing=0, repaired=repaired))


def found_while_confirming(
    station: Station, event: CodeFound, code: Code, rules: Rules
) -> Decision:
    """Bind a number that was printed elsewhere, or say whose label this is."""
    order = open_session(station).order
    external, expected = made_elsewhere(station, rules), order.tracking_number
    carrier = rules.carrier(rules.carrier_of(order))
    verdict, reason = Verdict.WRONG_LABEL, Reason.NOT_THIS_PARCEL
    others = {*event.orders, *((event.parcel.order,) if event.parcel else ())} - {order.key}
    if external and expected is not None and proves(code, expected, carrier):
        if event.parcel is None or event.parcel.order == order.key:
            return _seal(station, event.scan, code, expected, rules)
        reason = Reason.OTHER_PARCEL_HAS_IT
    elif event.voided is not None:
        reason = Reason.LABEL_VOIDED
    elif others or event.in_number_block:
        reason = Reason.OTHER_PARCEL_HAS_IT
    elif event.skus:
        verdict, reason = Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER
    elif external and expected is None:
        if carrier is None or not code.text.isascii() or not carrier.fits(code.text):
            reason = Reason.DOES_NOT_FIT_CARRIER
        elif _may_be_goods(code, rules):
            reason = Reason.PRODUCT_NOT_LABEL
        else:
            number = TrackingNumber(carrier.canonical(code.text))
            return _seal(station, event.scan, code, number, rules)
    return refuse(station, event.scan, verdict, reason)


def _may_be_goods(code: Code, rules: Rules) -> bool:
    """Tell whether a number without carrier letters could as well be a product's EAN-13.

    Prefixes 690-699 are mainland China's, 20-29 are in-store (GS1 prefix list); a wrong yes
    here would bind goods as a label, a wrong no costs one scan.
    """
    if looks_like_a_waybill(rules.carriers, code.text):
        return False
    return len(code.text) == 13 and is_gtin(code.text) and code.text.startswith(("69", "2"))


def label_queued(station: Station, event: LabelQueued) -> Decision:
    """The job is durable: now, and only now, paper may follow, unless the order has ended."""
    awaited = station.phase is Phase.LABELLING and station.waiting is Waiting.LABEL
    known = station.label is not None and station.label.job == event.job
    if event.order != station.order_key or not awaited or known:
        return Decision(station)
    label = Label(event.job, event.tracking_number, event.copy, coded=event.coded)
    if station.stop is not None and station.stop.ends_order:
        return Decision(replace(station, label=label, waiting=None))
    effect = PrintLabel(event.order, event.job, event.tracking_number, event.copy)
    return Decision(replace(station, label=label, waiting=Waiting.LABEL), None, (effect,))


def label_refused(station: Station, event: LabelRefused) -> Decision:
    """No label can be made: the order waits here until the cause is gone."""
    if event.order != station.order_key or station.phase is not Phase.LABELLING:
        return Decision(station)
    return refuse(replace(station, waiting=None), None, event.verdict, event.reason)


def label_finished(station: Station, event: LabelFinished) -> Decision:
    """A print job ended; the journal keeps how, whatever the station is doing now."""
    ended = facts.LabelEnded(event.order, event.job, event.outcome, event.detail)
    label = station.label
    ours = label is not None and label.job == event.job and event.order == station.order_key
    awaited = station.waiting is Waiting.LABEL and station.phase is Phase.LABELLING
    if label is None or not ours or not awaited or label.outcome not in UNDER_WAY:
        return Decision(station, None, (Record((ended,)),))
    after = replace(station, label=replace(label, outcome=event.outcome), waiting=None)
    if event.outcome in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
        return Decision(replace(after, phase=Phase.CONFIRMING), None, (Record((ended,)),))
    unknown = event.outcome is PrintOutcome.UNKNOWN
    reason = Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_NOT_OUT
    after = replace(after, phase=Phase.LABELLING, shown=Verdict.LABEL_FAILED)
    answer = answer_of(after, None, Verdict.LABEL_FAILED, reason=reason, detail=event.detail)
    return Decision(after, answer, (Record((ended,)),))


def label_stalled(station: Station, event: LabelStalled) -> Decision:
    """The printer takes nothing of the label: tell the packer once, and go on waiting."""
    label = station.label
    ours = label is not None and label.job == event.job and event.order == station.order_key
    awaited = station.waiting is Waiting.LABEL and station.phase is Phase.LABELLING
    if label is None or not ours or not awaited or label.outcome not in UNDER_WAY:
        return Decision(station)
    if not event.detail:
        return Decision(replace(station, label=replace(label, outcome=PrintOutcome.QUEUED)))
    if label.outcome is PrintOutcome.BLOCKED:
        return Decision(station)
    after = replace(station, label=replace(label, outcome=PrintOutcome.BLOCKED))
    answer = answer_of(
        after, None, Verdict.LABEL_FAILED, reason=Reason.LABEL_BLOCKED, detail=event.detail
    )
    return Decision(after, answer)


def reprint(station: Station, scan: CodeScanned, rules: Rules) -> Decision:
    """Print copy n+1, or the same copy again where no byte had left."""
    if station.session is None:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NO_ORDER_OPEN)
    order, label = station.session.order, station.label
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_PRINT)
    if station.phase not in (Phase.LABELLING, Phase.CONFIRMING):
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOT_COMPLETE)
    carrier = rules.carrier_of(order)
    if carrier is None:
        return refuse(station, scan, Verdict.NOT_ELIGIBLE, Reason.NO_CARRIER)
    why = "no_label_yet"
    if label is not None:
        why = {
            PrintOutcome.FAILED: "nothing_came_out",
            PrintOutcome.UNKNOWN: "operator_found_no_label",
        }.get(label.outcome, "operator_asked")
    fact = facts.LabelRequested(order.key, order.version, _next_copy(label), why, carrier)
    after = replace(station, phase=Phase.LABELLING, waiting=Waiting.LABEL)
    return accept(after, scan, Verdict.REPRINTED, (fact,))
