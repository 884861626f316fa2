"""Decisions while an order is opened and scanned: items, and the commands of the bench."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from packstation.core import facts, label_news, life_facts, sealing
from packstation.core.carriers import looks_like_a_waybill
from packstation.core.codes import Code, CodeKind, folded
from packstation.core.effects import LookUp, Record
from packstation.core.eligibility import obstacle, why_not_at
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    OrderChanged,
    OrderLoaded,
)
from packstation.core.merging import goes_by, reason_of
from packstation.core.orders import HoldReason, Order, OrderKey, WhyNot
from packstation.core.parcels import Parcel
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
    open_session,
    refuse,
    refuse_item,
    with_label,
    with_line,
)
from packstation.core.status import (
    ParcelState,
    Phase,
    PrintOutcome,
    Reason,
    Verdict,
)
from packstation.core.verification import Reading, VerificationSession, read_in_order

_CLOSED_HERE = frozenset({ParcelState.SEALED, ParcelState.RECALLED})
"""States of a closed box that stands in no bag."""


def order_loaded(station: Station, event: OrderLoaded, rules: Rules) -> Decision:
    """Open an order, or say why not."""
    order, parcel = event.order, event.parcel
    back = replace(station, phase=station.before, waiting=None, ended=())
    label = event.label
    if label is not None:
        label = replace(label, outcome=dict(station.ended).get(label.job, label.outcome))
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
    why_not = why_not_at(order, rules, event.scan.at)
    if why_not is not None and not (
        why_not is WhyNot.SHIPPED and state in (*_CLOSED_HERE, ParcelState.BAGGED)
    ):
        return no(rules.verdict_of(why_not), Reason(why_not.value))
    if parcel is not None and state is ParcelState.BAGGED:
        return no(Verdict.ALREADY_BAGGED, Reason.IN_A_BAG, parcel.bag or "")
    if state is ParcelState.HELD:
        return no(Verdict.ON_HOLD, Reason.HELD)
    if parcel is not None and state in _CLOSED_HERE:
        if not parcel.stale:
            number = parcel.tracking_number or ""
            return no(Verdict.ALREADY_SEALED, Reason.SEALED_NOT_BAGGED, number)
        if not parcel.told:
            return _tell_the_change(back, event.scan, parcel, rules)
    anew = state in (*_CLOSED_HERE, ParcelState.VOIDED)
    numbered = parcel is not None and parcel.tracking_number is not None and not anew
    left = 1 if numbered else event.numbers_left
    problem = obstacle(order, rules, numbers_left=left, now=event.scan.at)
    if problem is not None:
        return no(*problem)
    session = VerificationSession(order, event.codes, () if anew else event.history)
    dropped: tuple[facts.Fact, ...] = (life_facts.ParcelReopened(order.key),) if anew else ()
    if not session.sound:
        session, dropped = replace(session, history=()), (facts.CountsDropped(order.key),)
    opened = replace(
        back.without_order(Phase.SCANNING),
        session=session,
        messages=event.messages,
        message_pending=bool(event.messages) and not session.history,
        label=None if anew else label,
        steps=(),
    )
    fact = facts.OrderOpened(order.key, order.version)
    if not session.complete:
        decision = accept(opened, event.scan, Verdict.ORDER_OPENED, (*dropped, fact))
        assert decision.answer is not None
        told = replace(
            decision.answer,
            detail=f"{order.part}/{order.parts}" if order.part else "",
            messages=event.messages,
            difference=parcel.difference if parcel else None,
        )
        return replace(decision, answer=told)
    if numbered and label is not None:
        resumed = with_label(opened, label)
        news = sealing.news_of(label)
        return accept(
            resumed.station,
            event.scan,
            Verdict.ORDER_OPENED,
            (fact,),
            *resumed.effects,
            detail=news,
        )
    return sealing.verified(opened, event.scan, rules, (fact,), Verdict.ORDER_OPENED)


def _tell_the_change(station: Station, scan: CodeScanned, parcel: Parcel, rules: Rules) -> Decision:
    """Stop at a packed parcel whose order was changed; the scan after this one opens it."""
    verdict, reason = rules.verdict_of(WhyNot.ORDER_CHANGED), Reason.ORDER_CHANGED
    told = answer_of(station, scan, verdict, reason=reason, difference=parcel.difference)
    decision = refuse(station, scan, verdict, reason, order=parcel.order, answer=told)
    known = Record((life_facts.ChangeTold(parcel.order),))
    return replace(decision, effects=(*decision.effects, known))


def scan_item(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    """Answer a plain code while units are being scanned."""
    session = open_session(station)
    if station.message_pending:
        return refuse(station, scan, Verdict.NOT_NOW, Reason.ACKNOWLEDGE_MESSAGE)
    if code.kind is CodeKind.COPY:
        return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))
    reading = read_in_order(session, code)
    if reading is None and goes_by(session.order, code.text):
        return refuse(station, scan, Verdict.REPEATED_SCAN, Reason.ORDER_IS_OPEN)
    if reading is None or reading.repaired:
        # A repaired code counts only when nothing else in the house has that very text.
        return Decision(replace(station, waiting=Waiting.LOOK_UP), None, (LookUp(scan, code),))
    return _count(station, scan, reading, rules)


def _count(station: Station, scan: CodeScanned, reading: Reading, rules: Rules) -> Decision:
    session = open_session(station)
    if reading.step is None:
        return refuse_item(station, scan, reading)
    after = replace(station, session=session.with_step(reading.step))
    counted = facts.UnitsScanned(session.order.key, reading.step.units, journal_text(scan.text))
    if reading.verdict is Verdict.ORDER_COMPLETE:
        decision = sealing.verified(after, scan, rules, (counted,), Verdict.ORDER_COMPLETE)
    else:
        decision = accept(after, scan, reading.verdict, (counted,))
    return with_line(decision, reading)


def found_while_scanning(station: Station, event: CodeFound, code: Code, rules: Rules) -> Decision:
    """Say what a code is that no line of the open order has as it was read."""
    session = open_session(station)
    order, reading = session.order, read_in_order(session, code)
    if code.kind is CodeKind.COPY:
        reading = None
    if reading is not None:
        elsewhere = event.parcel or event.bag or event.orders or event.in_number_block
        if not elsewhere and set(event.skus) <= {reading.line.sku}:
            return _count(station, event.scan, reading, rules)
    verdict, reason = Verdict.UNKNOWN_CODE, Reason.NOT_KNOWN
    named = [key for key in event.orders if folded(key).endswith(f"/{folded(code.text)}")]
    if event.copy is not None:
        verdict, reason = Verdict.IS_A_WAYBILL, Reason.BELONGS_TO_A_PARCEL
    elif event.voided is not None:
        verdict, reason = Verdict.IS_A_WAYBILL, Reason.LABEL_VOIDED
    elif event.parcel is not None or event.in_number_block or (event.orders and not named):
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


def undo(station: Station, scan: CodeScanned) -> Decision:
    """Take the last accepted scan of the open order back, while no label can be on the box."""
    session, label = open_session(station), station.label
    if not session.history:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_UNDO)
    never_out = label is None or (label.copy == 1 and label.outcome in sealing.NOTHING_OUT)
    if label is not None and not never_out and station.phase is not Phase.SCANNING:
        unknown = label.outcome is PrintOutcome.UNKNOWN
        reason = Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_PRINTED
        return refuse(station, scan, Verdict.OUT_OF_PLACE, reason)
    last = session.history[-1]
    after = replace(station, phase=Phase.SCANNING, session=session.without_last())
    decision = accept(
        after, scan, Verdict.UNDONE, (facts.ScanUndone(session.order.key, last.units),)
    )
    line = next(x for x in session.order.lines if x.line_key == last.units[-1][0])
    return with_line(decision, Reading(Verdict.UNDONE, line))


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
    return accept(_held(station, key), scan, Verdict.HELD, (facts.OrderHeld(key),), order=key)


def _held(station: Station, key: OrderKey) -> Station:
    after = station.without_order(Phase.IDLE)
    return replace(after, steps=(*after.steps, DockStep(StepKind.HELD, order=key)))


def short(station: Station, scan: CodeScanned, rules: Rules) -> Decision:
    """Units are not there: the order is held with what is missing, and the table is free."""
    session = open_session(station)
    if session.complete:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_MISSING)
    order = session.order
    counts = ((x.line_key, x.quantity - session.scanned(x.line_key)) for x in order.lines)
    missing = tuple((line, units) for line, units in counts if units)
    both = (
        life_facts.ShortPicked(order.key, missing, "bench"),
        facts.OrderHeld(order.key, HoldReason.SHORT_PICK),
    )
    decision = accept(_held(station, order.key), scan, Verdict.HELD, both, order=order.key)
    assert decision.answer is not None
    told = replace(
        decision.answer, missing=session.missing, detail=hours_left(order, rules, scan.at)
    )
    return replace(decision, answer=told)


def hours_left(order: Order, rules: Rules, now: datetime) -> str:
    """Return the whole hours until an order must be ready, below 0 when late; empty = no rule."""
    by = rules.ship_by(order)
    return "" if by is None else str((by - now) // timedelta(hours=1))


def order_changed(station: Station, event: OrderChanged, rules: Rules) -> Decision:
    """The open order changed elsewhere: stop at once and durably, before a scan can say yes.

    Of any other order it only ends what PSCMDUNDO could take back: a hold that somebody else has
    decided about since is not the table's any more.
    """
    ours = tuple(s for s in station.steps if s.kind is not StepKind.HELD or s.order != event.order)
    station, session = replace(station, steps=ours), station.session
    if session is None or event.order not in (session.order.key, *(session.order.members or ())):
        return Decision(station)
    inside = event.order != session.order.key
    same = event.version == session.order.version and event.why_not == session.order.why_not
    if event.why_not in (WhyNot.MERGED, WhyNot.SPLIT) if inside else same:
        return Decision(station)  # nothing that matters: it still travels in here
    if event.why_not is not None:
        verdict, reason = rules.verdict_of(event.why_not), reason_of(event.why_not, inside=inside)
    else:
        verdict, reason = Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED
    stop = Stop(
        verdict,
        reason,
        told=False,
        ends_order=True,
        difference=None if inside else event.difference,
        detail=event.order_id if inside else "",
    )
    after, effects = label_news.without_paper(replace(station, stop=stop))
    fact = facts.ScanRefused(verdict, reason, event.order, "")
    told = answer_of(
        after, None, verdict, reason=reason, difference=stop.difference, detail=stop.detail
    )
    return Decision(after, told, (Record((fact,)), *effects))
