"""What is heard of the open order's label: queued, refused, stalled, ended; and giving it up."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts
from packstation.core.effects import GiveUpPrint, PrintLabel, Record
from packstation.core.events import (
    CodeScanned,
    LabelFinished,
    LabelQueued,
    LabelRefused,
    LabelStalled,
)
from packstation.core.orders import OrderKey
from packstation.core.parcels import Label
from packstation.core.station import (
    LABEL_WAITS,
    Decision,
    Station,
    Waiting,
    answer_of,
    open_session,
    refuse,
)
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict

UNDER_WAY = frozenset({PrintOutcome.QUEUED, PrintOutcome.SENDING, PrintOutcome.BLOCKED})
"""Outcomes of a job whose end is still to come."""
GIVING_UP = "giving_up"
"""Detail of the answer to PSCMDREPRINT while a label stalls."""


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
    if station.phase is Phase.LOADING:  # what is being loaded was perhaps read before this
        known = replace(station, ended=(*station.ended, (event.job, event.outcome)))
        return Decision(known, None, (Record((ended,)),))
    label = _under_way(station, event.order, event.job)
    if label is None:
        return Decision(station, None, (Record((ended,)),))
    after = replace(station, label=replace(label, outcome=event.outcome))
    if station.phase is not Phase.LABELLING or station.waiting not in LABEL_WAITS:
        return Decision(after, None, (Record((ended,)),))
    after = replace(after, waiting=None)
    if event.outcome in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
        return Decision(replace(after, phase=Phase.CONFIRMING), None, (Record((ended,)),))
    unknown = event.outcome is PrintOutcome.UNKNOWN
    reason = Reason.LABEL_UNKNOWN if unknown else Reason.LABEL_NOT_OUT
    after = replace(after, phase=Phase.LABELLING, shown=Verdict.LABEL_FAILED)
    answer = answer_of(after, None, Verdict.LABEL_FAILED, reason=reason, detail=event.detail)
    return Decision(after, answer, (Record((ended,)),))


def _under_way(station: Station, order: OrderKey, job: str) -> Label | None:
    """Return the label of the open order, if a job is its own and has not ended."""
    label = station.label
    if label is None or label.job != job or order != station.order_key:
        return None
    return label if label.outcome in UNDER_WAY else None


def label_stalled(station: Station, event: LabelStalled) -> Decision:
    """The printer takes nothing of the label: tell the packer once, and go on waiting."""
    label = _under_way(station, event.order, event.job)
    if label is None:
        return Decision(station)
    outcome = PrintOutcome.BLOCKED if event.detail else PrintOutcome.QUEUED
    after = replace(station, label=replace(label, outcome=outcome))
    awaited = station.waiting is Waiting.LABEL and station.phase is Phase.LABELLING
    if not event.detail or label.outcome is outcome or not awaited:
        return Decision(after)
    if station.stop is not None and station.stop.ends_order:
        return Decision(*_give_up(after, label))
    return Decision(
        after,
        answer_of(
            after, None, Verdict.LABEL_FAILED, reason=Reason.LABEL_BLOCKED, detail=event.detail
        ),
    )


def give_up(station: Station, scan: CodeScanned) -> Decision:
    """End a job that stalls or waits; nothing else is printed before it is known how it ended."""
    assert station.label is not None, "nothing stalls without a label"
    after, _, effects = _give_up(station, station.label)
    return Decision(after, answer_of(after, scan, Verdict.ACKNOWLEDGED, detail=GIVING_UP), effects)


def _give_up(station: Station, label: Label) -> tuple[Station, None, tuple[GiveUpPrint, ...]]:
    effect = GiveUpPrint(open_session(station).order.key, label.job)
    return replace(station, waiting=Waiting.GIVE_UP), None, (effect,)


def without_paper(station: Station) -> tuple[Station, tuple[GiveUpPrint, ...]]:
    """Return the station of an order that may not go on: what stalls for it never comes out."""
    if not station.stalled or station.label is None:
        return station, ()
    after, _, effects = _give_up(station, station.label)
    return after, effects
