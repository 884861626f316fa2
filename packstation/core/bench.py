"""Decisions while an order is open: items, label, and the commands of the bench."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts
from packstation.core.carriers import looks_like_a_waybill
from packstation.core.codes import Code, folded, is_gtin
from packstation.core.effects import LookUp, PrintLabel, Record
from packstation.core.eligibility import obstacle
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    LabelFinished,
    LabelQueued,
    LabelRefused,
    OrderChanged,
    OrderLoaded,
)
from packstation.core.orders import TrackingNumber, WhyNot
from packstation.core.parcels import Label
from packstation.core.policy import Rules
from packstation.core.station import (
    Decision,
    DockStep,
    Station,
    StepKind,
    Stop,
    Waiting,
    accept,
    answer_of,
    journal_text,
    refuse,
    with_label,
)
from packstation.core.status import (
    LabelSource,
    ParcelState,
    Phase,
    PrintOutcome,
    Reason,
    Verdict,
)
from packstation.core.verification import Reading, VerificationSession, read_in_order


def open_session(station: Station) -> VerificationSession:
    """Return the open session of a phase that has one."""
    assert station.session is not None, f"{station.phase} without an order"
    return station.session


def order_loaded(station: Station, event: OrderLoaded, rules: Rules) -> Decision:
    """Open an order, or say why not."""
    order, parcel = event.order, event.parcel
    back = replace(station, phase=station.before, waiting=None)
    state = parcel.state if parcel else ParcelState.OPEN

    def no(verdict: Verdict, reason: Reason, detail: str = "") -> Decision:
        told = answer_of(back, event.scan, verdict, reason=reason, detail=detail)
        return refuse(
            back,
            event.scan,
            verdict,
            reason,
            order=order.key,
            answer=told,
        )

    if parcel is not None and state is ParcelState.HANDED_OVER:
        return no(Verdict.ALREADY_HANDED_OVER, Reason.HANDED_OVER, parcel.manifest or "")
    if order.why_not is not None and not (
        order.why_not is WhyNot.SHIPPED and state in (ParcelState.SEALED, ParcelState.BAGGED)
    ):
        return no(rules.verdict_of(order.why_not), Reason(order.why_not.value))
    if parcel is not None and state is ParcelState.BAGGED:
        return no(Verdict.ALREADY_BAGGED, Reason.IN_A_BAG, parcel.bag or "")
    if parcel is not None and state is ParcelState.SEALED:
        number = parcel.tracking_number or ""
        return no(Verdict.ALREADY_SEALED, Reason.SEALED_NOT_BAGGED, number)
    numbered = parcel is not None and parcel.tracking_number is not None
    problem = obstacle(order, rules, numbers_left=1 if numbered else event.numbers_left)
    if problem is not None:
        return no(*problem)
    session = VerificationSession(order, event.codes, event.history)
    opened = replace(
        back.without_order(Phase.SCANNING),
        session=session,
        messages=event.messages,
        message_pending=bool(event.messages) and not event.history,
        steps=(),
    )
    fact = facts.OrderOpened(order.key, order.version)
    if not session.complete:
        decision = accept(opened, event.scan, Verdict.ORDER_OPENED, (fact,))
        assert decision.answer is not None
        return replace(decision, answer=replace(decision.answer, messages=event.messages))
    if numbered and event.label is not None:
        resumed = with_label(opened, event.label)
        return accept(resumed.station, event.scan, Verdict.ORDER_OPENED, (fact,), *resumed.effects)
    return _complete(opened, event.scan, rules, (fact,), Verdict.ORDER_OPENED)


def _complete(
    station: Station,
    scan: CodeScanned,
    rules: Rules,
    before: tuple[facts.Fact, ...],
    verdict: Verdict,
) -> Decision:
    """Every unit is there: ask for the label, or for its scan where it was made elsewhere."""
    order = open_session(station).order
    verified = facts.OrderVerified(order.key, order.version)
    if rules.shop(order.shop).label_source is LabelSource.EXTERNAL:
        return accept(replace(station, phase=Phase.CONFIRMING), scan, verdict, (*before, verified))
    carrier = rules.carrier_of(order)
    if carrier is None:
        return refuse(station, scan, Verdict.NOT_ELIGIBLE, Reason.NO_CARRIER)
    asked = facts.LabelRequested(order.key, order.version, 1, "verified", carrier)
    labelling = replace(station, phase=Phase.LABELLING, waiting=Waiting.LABEL)
    return accept(labelling, scan, verdict, (*before, verified, asked))


def scan_item(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Answer a plain code while units are being scanned."""
    session = open_session(station)
    if station.message_pending:
        return refuse(station, scan, Verdict.NOT_NOW, Reason.ACKNOWLEDGE_MESSAGE)
    reading = read_in_order(session, code)
    if reading is None:
        if folded(code.text) == folded(session.order.order_id):
            return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN)
        return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))
    if reading.step is None:
        return _refuse_item(station, scan, reading)
    after = replace(station, session=session.with_step(reading.step))
    counted = facts.UnitsScanned(session.order.key, reading.step.units, journal_text(scan.text))
    if reading.verdict is Verdict.ORDER_COMPLETE:
        decision = _complete(after, scan, rules, (counted,), Verdict.ORDER_COMPLETE)
    else:
        decision = accept(after, scan, reading.verdict, (counted,))
    return _with_line(decision, reading)


def _refuse_item(station: Station, scan: CodeScanned, reading: Reading) -> Decision:
    assert reading.reason is not None
    return _with_line(refuse(station, scan, reading.verdict, reading.reason), reading)


def _with_line(decision: Decision, reading: Reading) -> Decision:
    session, line = decision.station.session, reading.line
    if decision.answer is None or session is None or line is None:
        return decision
    answer = replace(
        decision.answer,
        sku=line.sku or line.barcode,
        needed=line.quantity,
        scanned=session.scanned(line.line_key),
        repaired=reading.repaired,
    )
    return replace(decision, answer=answer)


def found_while_scanning(station: Station, event: CodeFound, code: Code, rules: Rules) -> Decision:
    """Say what a code is that no line of the open order has."""
    order = open_session(station).order
    verdict, reason = Verdict.UNKNOWN_CODE, Reason.NOT_KNOWN
    named = [key for key in event.orders if folded(key).endswith(f"/{folded(code.text)}")]
    if event.parcel is not None or event.in_number_block or (event.orders and not named):
        verdict, reason = Verdict.IS_A_WAYBILL, Reason.BELONGS_TO_A_PARCEL
    elif named:
        verdict, reason = Verdict.OUT_OF_PLACE, Reason.ANOTHER_ORDER_OPEN
    elif event.bag is not None:
        verdict, reason = Verdict.OUT_OF_PLACE, Reason.ORDER_IS_OPEN
    elif event.skus:
        verdict, reason = Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER
    elif looks_like_a_waybill(rules.carriers, code.text):
        verdict, reason = Verdict.IS_A_WAYBILL, Reason.FITS_A_CARRIER
    decision = refuse(station, event.scan, verdict, reason, order=order.key)
    if verdict is Verdict.WRONG_ITEM and decision.answer is not None:
        return replace(decision, answer=replace(decision.answer, sku=event.skus[0]))
    return decision


def scan_label(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Answer a plain code while the label should be on the box."""
    session = open_session(station)
    order, label = session.order, station.label
    external = rules.shop(order.shop).label_source is LabelSource.EXTERNAL
    if not external and (label is None or label.outcome is PrintOutcome.FAILED):
        return refuse(station, scan, Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT)
    expected = order.tracking_number if external else label.tracking_number if label else None
    if expected is not None and folded(code.text) == folded(expected):
        return _seal(station, scan, expected, rules)
    reading = read_in_order(session, code)
    if reading is not None:
        return _refuse_item(station, scan, reading)
    if folded(code.text) == folded(order.order_id):
        return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN)
    return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))


def _seal(station: Station, scan: CodeScanned, number: TrackingNumber, rules: Rules) -> Decision:
    order = open_session(station).order
    carrier = rules.carrier_of(order)
    assert carrier is not None, "an order without a carrier was opened"
    fact = facts.ParcelSealed(order.key, number, carrier, rules.shop(order.shop).label_source)
    cleared = replace(station.without_order(Phase.IDLE), sealed_last=(scan.text, scan.at))
    decision = accept(cleared, scan, Verdict.SEALED, (fact,), order=order.key, detail=number)
    assert decision.answer is not None
    return replace(decision, answer=replace(decision.answer, missing=0))


def found_while_confirming(
    station: Station, event: CodeFound, code: Code, rules: Rules
) -> Decision:
    """Bind a number that was printed elsewhere, or say whose label this is."""
    order = open_session(station).order
    external = rules.shop(order.shop).label_source is LabelSource.EXTERNAL
    carrier = rules.carrier(rules.carrier_of(order))
    verdict, reason = Verdict.WRONG_LABEL, Reason.NOT_THIS_PARCEL
    if event.parcel is not None or event.in_number_block or event.orders:
        reason = Reason.OTHER_PARCEL_HAS_IT
    elif event.skus:
        verdict, reason = Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER
    elif external and order.tracking_number is None:
        if carrier is None or not carrier.fits(code.text):
            reason = Reason.DOES_NOT_FIT_CARRIER
        elif _may_be_goods(code, rules):
            reason = Reason.PRODUCT_NOT_LABEL
        else:
            return _seal(station, event.scan, TrackingNumber(code.text.upper()), rules)
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
    """The job is durable: now, and only now, paper may follow."""
    if event.order != station.order_key or station.phase is not Phase.LABELLING:
        return Decision(station)
    label = Label(event.job, event.tracking_number, event.copy)
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
    if label is None or label.job != event.job or event.order != station.order_key:
        return Decision(station, None, (Record((ended,)),))
    after = replace(station, label=replace(label, outcome=event.outcome), waiting=None)
    if event.outcome in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
        return Decision(replace(after, phase=Phase.CONFIRMING), None, (Record((ended,)),))
    unknown = event.outcome is PrintOutcome.UNKNOWN
    reason = Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_NOT_OUT
    after = replace(after, phase=Phase.LABELLING, shown=Verdict.LABEL_FAILED)
    answer = answer_of(after, None, Verdict.LABEL_FAILED, reason=reason, detail=event.detail)
    return Decision(after, answer, (Record((ended,)),))


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
    copy, why = 1, "no_label_yet"
    if label is not None:
        failed = label.outcome is PrintOutcome.FAILED
        copy = label.copy if failed else label.copy + 1
        why = {
            PrintOutcome.FAILED: "nothing_came_out",
            PrintOutcome.UNKNOWN: "operator_found_no_label",
        }.get(label.outcome, "operator_asked")
    fact = facts.LabelRequested(order.key, order.version, copy, why, carrier)
    after = replace(station, phase=Phase.LABELLING, waiting=Waiting.LABEL)
    return accept(after, scan, Verdict.REPRINTED, (fact,))


def undo(station: Station, scan: CodeScanned) -> Decision:
    """Take the last accepted scan of the open order back."""
    session = open_session(station)
    if not session.history:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_UNDO)
    if station.label is not None and station.label.outcome is not PrintOutcome.FAILED:
        unknown = station.label.outcome is PrintOutcome.UNKNOWN
        reason = Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_PRINTED
        return refuse(station, scan, Verdict.OUT_OF_PLACE, reason)
    last = session.history[-1]
    after = replace(station, phase=Phase.SCANNING, session=session.without_last(), label=None)
    decision = accept(
        after, scan, Verdict.UNDONE, (facts.ScanUndone(session.order.key, last.units),)
    )
    line = next(x for x in session.order.lines if x.line_key == last.units[-1][0])
    return _with_line(decision, Reading(Verdict.UNDONE, line=line))


def put_aside(station: Station, scan: CodeScanned) -> Decision:
    """Pause: the order leaves the table with its counts."""
    key = open_session(station).order.key
    return accept(
        station.without_order(Phase.PAUSED),
        scan,
        Verdict.PAUSED,
        (facts.OrderPaused(key),),
        order=key,
    )


def hold(station: Station, scan: CodeScanned) -> Decision:
    """Hold: the order must not go on until somebody releases it."""
    key = open_session(station).order.key
    after = station.without_order(Phase.IDLE)
    after = replace(after, steps=(*after.steps, DockStep(StepKind.HELD, order=key)))
    return accept(after, scan, Verdict.HELD, (facts.OrderHeld(key),), order=key)


def order_changed(station: Station, event: OrderChanged, rules: Rules) -> Decision:
    """The open order changed elsewhere: stop at once, before the next scan can say yes."""
    session = station.session
    if session is None or session.order.key != event.order:
        return Decision(station)
    if event.version == session.order.version and event.why_not == session.order.why_not:
        return Decision(station)
    if event.why_not is not None:
        verdict, reason = rules.verdict_of(event.why_not), Reason(event.why_not.value)
    else:
        verdict, reason = Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED
    after = replace(station, stop=Stop(verdict, reason, told=False, ends_order=True))
    return Decision(after, answer_of(after, None, verdict, reason=reason))
