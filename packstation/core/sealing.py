"""The label of an open order: asked for, printed, and proved by the scan that seals the parcel."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts
from packstation.core.carriers import Carrier, looks_like_a_waybill
from packstation.core.codes import Code, CodeKind, folded, is_gtin
from packstation.core.effects import LookUp
from packstation.core.events import (
    CodeFound,
    CodeScanned,
)
from packstation.core.merging import goes_by
from packstation.core.orders import OrderKey, TrackingNumber
from packstation.core.parcels import Label, copy_code
from packstation.core.policy import Rules
from packstation.core.station import (
    Decision,
    Station,
    Waiting,
    accept,
    open_session,
    refuse,
    refuse_item,
    with_label,
)
from packstation.core.status import LabelSource, Phase, PrintOutcome, Reason, Verdict
from packstation.core.verification import read_in_order

NOTHING_OUT = frozenset({PrintOutcome.QUEUED, PrintOutcome.FAILED, PrintOutcome.CANCELLED})
"""Outcomes of a job of which no byte was sent: the same copy may be asked for again."""

AT_THE_TABLE = frozenset(
    {
        "verified",
        "verified_again",
        "no_label_yet",
        "nothing_came_out",
        "operator_found_no_label",
        "operator_asked",
    }
)
"""Reasons of LabelRequested: why the table asks for a label; every other one is from elsewhere."""


def made_elsewhere(station: Station, rules: Rules) -> bool:
    """Tell whether the label on the box is not ours; a label that we have printed always is."""
    source, label = rules.shop(open_session(station).order.shop).label_source, station.label
    none_of_ours = label is None or label.outcome in NOTHING_OUT
    return none_of_ours and source is LabelSource.EXTERNAL


def _source(station: Station, rules: Rules) -> LabelSource:
    """Return where the label that was just proved came from."""
    source = rules.shop(open_session(station).order.shop).label_source
    if source is not LabelSource.EXTERNAL or made_elsewhere(station, rules):
        return source
    return LabelSource.COMPOSED  # printed here before the setting changed


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
    label = station.label
    if label is not None and label.ahead and _counts(label):
        return _ahead(station, scan, label, (*before, proved), verdict)
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
        confirming = replace(station, phase=Phase.CONFIRMING, label=None)
        return accept(confirming, scan, verdict, (*before, proved))
    carrier, labelling = rules.carrier_of(order), replace(station, phase=Phase.LABELLING)
    if carrier is None:  # the setting went while the order was open; PSCMDREPRINT says so
        return accept(labelling, scan, verdict, (*before, proved))
    copy = _next_copy(label)
    why = "verified" if copy == 1 else "verified_again"
    asked = facts.LabelRequested(order.key, order.version, copy, why, carrier)
    labelling = replace(labelling, waiting=Waiting.LABEL)
    return accept(labelling, scan, verdict, (*before, proved, asked))


def _counts(label: Label) -> bool:
    """Tell whether a label is on paper, may be, or is about to be."""
    nothing = (PrintOutcome.FAILED, PrintOutcome.CANCELLED)
    return not label.spoiled and label.outcome not in nothing


def _ahead(
    station: Station,
    scan: CodeScanned,
    label: Label,
    proved: tuple[facts.Fact, ...],
    verdict: Verdict,
) -> Decision:
    """Every unit is there, and so is the label, or it is on its way in a batch: print no other."""
    after = with_label(station, label).station
    decision = accept(after, scan, verdict, proved, detail=news_of(label))
    if label.outcome is not PrintOutcome.UNKNOWN:
        return decision
    # Counted, and yet something is to be settled: PSCMDOK may answer it as after any such news.
    shown = replace(decision.station, shown=Verdict.LABEL_FAILED)
    return replace(decision, station=shown)


def news_of(label: Label | None) -> str:
    """Return the reason word of what a packer must know of a label at once; else empty."""
    outcome = label.outcome if label is not None else None
    if outcome is PrintOutcome.UNKNOWN:
        return Reason.LABEL_UNKNOWN.value
    return Reason.LABEL_BLOCKED.value if outcome is PrintOutcome.BLOCKED else ""


def scan_label(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Answer a plain code, or a copy code, while the label should be on the box."""
    session = open_session(station)
    order, label = session.order, station.label
    if code.kind is CodeKind.COPY:
        return _scan_copy(station, scan, code, rules)
    if made_elsewhere(station, rules):
        expected, ours = order.tracking_number, False
    elif label is None or not _usable(label):
        return refuse(station, scan, Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT)
    else:
        expected, ours = label.tracking_number, True
    if expected is None or not proves(code, expected, rules.carrier(rules.carrier_of(order))):
        reading = read_in_order(session, code)
        if reading is not None:
            return refuse_item(station, scan, reading)
        if goes_by(order, code.text):
            return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN)
    elif ours and label is not None and _needs_its_code(label, rules):
        return refuse(station, scan, Verdict.OLD_LABEL, Reason.SCAN_COPY_CODE)
    elif ours:
        return _seal(station, scan, code, expected, rules)
    # A number from a file may already be on another parcel: the house is asked first.
    return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))


def _usable(label: Label) -> bool:
    """Tell whether a label may be on paper and may seal its parcel."""
    return label.outcome not in NOTHING_OUT and not label.spoiled


def _needs_its_code(label: Label, rules: Rules) -> bool:
    """Tell whether the number alone proves nothing: every older copy on the table has it too."""
    return label.copy > 1 and label.coded and rules.prove_reprints


def _scan_copy(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Seal by the code of the live copy; the store says what any other copy code is."""
    label = station.label
    ours = label is not None and code.text == copy_code(label.job)
    if label is not None and ours and not made_elsewhere(station, rules):
        if _usable(label):
            return _seal(station, scan, code, label.tracking_number, rules)
        return refuse(station, scan, Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT)
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
    fact = facts.ParcelSealed(order.key, number, carrier, _source(station, rules))
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
    if code.kind is CodeKind.COPY:
        return _found_copy(station, event)
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
    owner = event.parcel.order if event.parcel and event.parcel.order in others else None
    if owner is None and len(others) == 1:
        owner = next(iter(others))
    if reason is Reason.LABEL_VOIDED and event.voided != order.key:
        owner = event.voided
    return _whose(refuse(station, event.scan, verdict, reason), verdict, owner)


def _whose(decision: Decision, verdict: Verdict, owner: OrderKey | None) -> Decision:
    """Return a refused label with the order that it belongs to."""
    assert decision.answer is not None
    if verdict is not Verdict.WRONG_LABEL or owner is None:
        return decision
    return replace(decision, answer=replace(decision.answer, other=owner))


def _found_copy(station: Station, event: CodeFound) -> Decision:
    """Say which copy a code is of that is not the live one of the open order."""
    found, order = event.copy, open_session(station).order.key
    if found is None:
        return refuse(station, event.scan, Verdict.WRONG_LABEL, Reason.NOT_THIS_PARCEL)
    if found.order != order:
        told = refuse(station, event.scan, Verdict.WRONG_LABEL, Reason.OTHER_PARCEL_HAS_IT)
        return _whose(told, Verdict.WRONG_LABEL, found.order)
    if found.live and (station.label is None or not _usable(station.label)):
        return refuse(station, event.scan, Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT)
    if found.live:  # printed from elsewhere while the order lies here: it is not what we wait for
        return refuse(station, event.scan, Verdict.WRONG_LABEL, Reason.NOT_THIS_PARCEL)
    return refuse(station, event.scan, Verdict.OLD_LABEL, Reason.OLD_COPY)


def _may_be_goods(code: Code, rules: Rules) -> bool:
    """Tell whether a number without carrier letters could as well be a product's EAN-13.

    Prefixes 690-699 are mainland China's, 20-29 are in-store (GS1 prefix list); a wrong yes
    here would bind goods as a label, a wrong no costs one scan.
    """
    if looks_like_a_waybill(rules.carriers, code.text):
        return False
    return len(code.text) == 13 and is_gtin(code.text) and code.text.startswith(("69", "2"))


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
            PrintOutcome.CANCELLED: "nothing_came_out",
            PrintOutcome.UNKNOWN: "operator_found_no_label",
        }.get(label.outcome, "operator_asked")
    fact = facts.LabelRequested(order.key, order.version, _next_copy(label), why, carrier)
    after = replace(station, phase=Phase.LABELLING, waiting=Waiting.LABEL)
    return accept(after, scan, Verdict.REPRINTED, (fact,))
