"""``decide``: from a station and an event to the next station, an answer and effects.

The only door to the rules. Pure: no clock, no chance, no input or output; the same station and
event always give the same decision. An event out of place changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from packstation.core import bench, dock, facts, label_news, sealing
from packstation.core.codes import Code, CodeKind, Command, read
from packstation.core.effects import LoadOrder, LookUp
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    Event,
    HandoverChecked,
    LabelFinished,
    LabelQueued,
    LabelRefused,
    LabelStalled,
    OrderChanged,
    OrderLoaded,
    SaveFailed,
    WaitTimedOut,
)
from packstation.core.policy import Rules
from packstation.core.station import (
    LABEL_WAITS,
    Decision,
    Station,
    Stop,
    Waiting,
    accept,
    answer_of,
    refuse,
)
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict

BETWEEN_ORDERS = frozenset({Phase.IDLE, Phase.PAUSED})
"""Phases in which a scan may open something."""
WITH_ORDER = frozenset({Phase.SCANNING, Phase.LABELLING, Phase.CONFIRMING})
"""Phases in which an order is open."""

NOT_YET = frozenset({Command.NEWBOX, Command.VOID, Command.DONE})
"""Commands that are promised and not available in this release; they are answered by a stop."""

TABLE: dict[Phase, dict[str, frozenset[Phase]]] = {
    Phase.IDLE: {
        "scan of an order": frozenset({Phase.LOADING}),
        "PSCMDHANDOVER": frozenset({Phase.HANDOVER}),
    },
    Phase.LOADING: {
        "order opened": frozenset({Phase.SCANNING}),
        "complete already": frozenset({Phase.LABELLING, Phase.CONFIRMING}),
        "not found, not eligible": frozenset({Phase.IDLE, Phase.PAUSED}),
    },
    Phase.SCANNING: {
        "last unit": frozenset({Phase.LABELLING}),
        "last unit, label is there": frozenset({Phase.CONFIRMING}),
        "PSCMDPAUSE": frozenset({Phase.PAUSED}),
        "PSCMDHOLD, cancelled": frozenset({Phase.IDLE}),
        "order changed": frozenset({Phase.LOADING}),
    },
    Phase.LABELLING: {
        "printed": frozenset({Phase.CONFIRMING}),
        "scan of the label after unknown": frozenset({Phase.IDLE}),
        "PSCMDUNDO": frozenset({Phase.SCANNING}),
        "PSCMDPAUSE": frozenset({Phase.PAUSED}),
        "PSCMDHOLD, cancelled": frozenset({Phase.IDLE}),
        "order changed": frozenset({Phase.LOADING}),
    },
    Phase.CONFIRMING: {
        "scan of the label": frozenset({Phase.IDLE}),
        "PSCMDREPRINT": frozenset({Phase.LABELLING}),
        "PSCMDUNDO, label from elsewhere": frozenset({Phase.SCANNING}),
        "PSCMDPAUSE": frozenset({Phase.PAUSED}),
        "PSCMDHOLD, cancelled": frozenset({Phase.IDLE}),
        "order changed": frozenset({Phase.LOADING}),
    },
    Phase.PAUSED: {
        "scan of an order": frozenset({Phase.LOADING}),
        "PSCMDHANDOVER": frozenset({Phase.HANDOVER}),
    },
    Phase.HANDOVER: {
        "PSCMDCLOSE, PSCMDPAUSE": frozenset({Phase.IDLE}),
    },
}
"""Every change of phase there is, by its cause; the README's picture is drawn from it."""


def legal(before: Phase, after: Phase) -> bool:
    """Tell whether one decision may lead from a phase to another."""
    return before is after or any(after in targets for targets in TABLE[before].values())


def decide(station: Station, event: Event, rules: Rules) -> Decision:
    """Return what follows from an event.

    Args:
        station: As the last decision left it.
        event: What happened.
        rules: What the shop has set.
    """
    decision = _decide(station, event, rules)
    answer = decision.answer
    if answer is None or answer.reason is None or answer.verdict not in rules.acknowledge:
        return decision
    if decision.station.stop is not None:
        return decision
    stop = Stop(answer.verdict, answer.reason)
    return replace(decision, station=replace(decision.station, stop=stop))


def _decide(station: Station, event: Event, rules: Rules) -> Decision:
    if station.failed is not None:
        return _nothing_is_saved(station, event, station.failed)
    match event:
        case CodeScanned():
            return _scanned(station, event, rules)
        case CodeFound():
            return _found(station, event, rules)
        case OrderLoaded():
            if station.waiting is not Waiting.ORDER:
                return Decision(station)
            return bench.order_loaded(station, event, rules)
        case OrderChanged():
            return bench.order_changed(station, event, rules)
        case LabelQueued():
            return label_news.label_queued(station, event)
        case LabelRefused():
            return label_news.label_refused(station, event)
        case LabelFinished():
            return label_news.label_finished(station, event)
        case LabelStalled():
            return label_news.label_stalled(station, event)
        case HandoverChecked():
            if station.waiting is not Waiting.CLOSE:
                return Decision(station)
            return dock.handover_checked(replace(station, waiting=None), event, rules)
        case SaveFailed():
            after = replace(station, failed=event.detail)
            return Decision(
                after,
                answer_of(
                    after, None, Verdict.NOT_SAVED, reason=Reason.CANNOT_SAVE, detail=event.detail
                ),
            )
        case WaitTimedOut():
            return _not_yet(station, event.scan)
        case _:
            assert_never(event)


def _nothing_is_saved(station: Station, event: Event, detail: str) -> Decision:
    """After a failed commit nothing says yes and nothing is printed; every scan is told so."""
    match event:
        case CodeScanned():
            scan = event
        case CodeFound() | OrderLoaded() | HandoverChecked() | WaitTimedOut():
            scan = event.scan
        case _:
            return Decision(station)
    answer = answer_of(station, scan, Verdict.NOT_SAVED, reason=Reason.CANNOT_SAVE, detail=detail)
    return Decision(replace(station, waiting=None), answer)


def _not_yet(station: Station, scan: CodeScanned) -> Decision:
    printing, label = station.waiting in LABEL_WAITS, station.label
    if station.stalled or station.waiting is Waiting.GIVE_UP:
        code = read(scan.text)
        if code.kind is CodeKind.COMMAND and code.argument == Command.REPRINT.value:
            return label_news.give_up(station, scan)
    reason = Reason.STILL_PRINTING if printing else Reason.STILL_LOADING
    if printing and label is not None and label.outcome is PrintOutcome.BLOCKED:
        reason = Reason.LABEL_BLOCKED
    return Decision(station, answer_of(station, scan, Verdict.NOT_NOW, reason=reason))


RECALL = "recall"
"""Source of a scan that nobody made: somebody asked for a parcel to come out of its bag."""


def _scanned(station: Station, scan: CodeScanned, rules: Rules) -> Decision:
    if station.waiting is not None:
        return _not_yet(station, scan)
    if scan.source == RECALL:
        asking = replace(station, waiting=Waiting.LOOK_UP)
        return Decision(asking, None, (LookUp(scan, read(scan.text)),))
    stop = station.stop
    if stop is not None and not stop.told:
        return _tell(station, scan, stop)
    code = read(scan.text)
    if code.kind is CodeKind.UNREADABLE:
        return refuse(station, scan, Verdict.UNKNOWN_CODE, Reason.UNREADABLE)
    acknowledges = code.kind is CodeKind.TRAY or (
        code.kind is CodeKind.COMMAND and code.argument == Command.OK.value
    )
    if stop is not None and not acknowledges:
        return refuse(station, scan, Verdict.NOT_NOW, Reason.ACKNOWLEDGE_STOP)
    match code.kind:
        case CodeKind.COMMAND:
            return _command(station, scan, code, rules)
        case CodeKind.TRAY:
            return _set_aside(station, scan)
        case CodeKind.OPERATOR | CodeKind.TOTE | CodeKind.BIN:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOT_AVAILABLE)
        case CodeKind.TEST:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.TEST_LABEL)
        case CodeKind.BAG if station.phase in WITH_ORDER:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.ORDER_IS_OPEN)
        case CodeKind.BAG | CodeKind.COPY | CodeKind.PLAIN:
            return _plain(station, scan, code, rules)
        case _:
            assert_never(code.kind)


def _tell(station: Station, scan: CodeScanned, stop: Stop) -> Decision:
    """Answer a scan with a stop that came from elsewhere, whatever the scan was."""
    told = replace(station, stop=replace(stop, told=True))
    answer = answer_of(
        told,
        scan,
        stop.verdict,
        reason=stop.reason,
        difference=stop.difference,
        detail=stop.detail,
    )
    return refuse(told, scan, stop.verdict, stop.reason, answer=answer)


def _plain(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    match station.phase:
        case Phase.IDLE | Phase.PAUSED | Phase.HANDOVER:
            return Decision(
                replace(station, waiting=Waiting.LOOK_UP, before=station.phase),
                None,
                (LookUp(scan, code),),
            )
        case Phase.SCANNING:
            return bench.scan_item(station, scan, code, rules)
        case Phase.LABELLING | Phase.CONFIRMING:
            return sealing.scan_label(station, scan, code, rules)
        case Phase.LOADING:
            return _not_yet(station, scan)
        case _:
            assert_never(station.phase)


def _found(station: Station, event: CodeFound, rules: Rules) -> Decision:
    if station.waiting is not Waiting.LOOK_UP:
        return Decision(station)
    ready, code = replace(station, waiting=None), read(event.scan.text)
    if event.scan.source == RECALL:
        return dock.found_to_recall(ready, event, rules)
    if ready.stop is not None and not ready.stop.told:
        return _tell(ready, event.scan, ready.stop)
    if code.kind is CodeKind.BAG and event.bag is None:
        return refuse(ready, event.scan, Verdict.UNKNOWN_CODE, Reason.BAG_NOT_KNOWN)
    copy = event.copy
    if copy is not None and not copy.live and station.phase not in WITH_ORDER:
        return refuse(ready, event.scan, Verdict.OLD_LABEL, Reason.OLD_COPY, order=copy.order)
    match station.phase:
        case Phase.IDLE | Phase.PAUSED:
            return dock.found_between_orders(ready, event, code, rules)
        case Phase.HANDOVER:
            return dock.found_at_handover(ready, event, rules)
        case Phase.SCANNING:
            return bench.found_while_scanning(ready, event, code, rules)
        case Phase.LABELLING | Phase.CONFIRMING:
            return sealing.found_while_confirming(ready, event, code, rules)
        case Phase.LOADING:
            return Decision(station)
        case _:
            assert_never(station.phase)


def _command(station: Station, scan: CodeScanned, code: Code, rules: Rules) -> Decision:
    try:
        command = Command(code.argument)
    except ValueError:
        return refuse(station, scan, Verdict.UNKNOWN_CODE, Reason.UNKNOWN_COMMAND)
    at_bench = station.phase in WITH_ORDER
    match command:
        case Command.OK:
            return _acknowledge(station, scan, by="ok")
        case Command.UNDO:
            return bench.undo(station, scan) if at_bench else dock.undo(station, scan)
        case Command.REPRINT:
            return sealing.reprint(station, scan, rules)
        case Command.HOLD if at_bench:
            return bench.hold(station, scan)
        case Command.SHORT if at_bench:
            return bench.short(station, scan, rules)
        case Command.PAUSE if at_bench:
            return bench.put_aside(station, scan)
        case Command.PAUSE if station.phase is Phase.HANDOVER:
            return dock.pause_handover(station, scan)
        case Command.HOLD | Command.PAUSE | Command.SHORT:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NO_ORDER_OPEN)
        case Command.BAG | Command.SEAL | Command.HANDOVER if at_bench:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.ORDER_IS_OPEN)
        case Command.CLOSE if station.phase is Phase.HANDOVER:
            return dock.ask_to_close(station, scan)
        case Command.CLOSE:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NO_HANDOVER_OPEN)
        case Command.BAG | Command.SEAL | Command.HANDOVER if station.phase is Phase.HANDOVER:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.HANDOVER_IS_OPEN)
        case Command.BAG:
            return dock.open_bag(station, scan, rules)
        case Command.SEAL:
            return dock.seal_bag(station, scan)
        case Command.HANDOVER:
            return dock.open_handover(station, scan, rules)
        case Command.NEWBOX | Command.VOID | Command.DONE:
            return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOT_AVAILABLE)
        case _:
            assert_never(command)


def _acknowledge(station: Station, scan: CodeScanned, *, by: str) -> Decision:
    stop, session = station.stop, station.session
    verdict = Verdict.SET_ASIDE if by == "tray" else Verdict.ACKNOWLEDGED
    if by == "ok" and stop is None and station.message_pending and session is not None:
        after = replace(station, message_pending=False)
        read_fact = facts.MessageAcknowledged(session.order.key)
        return accept(after, scan, Verdict.ACKNOWLEDGED, (read_fact,))
    shown = stop.verdict if stop else station.shown
    if shown is None:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_ACKNOWLEDGE)
    fact = facts.StopAcknowledged(shown, by)
    after = replace(station, stop=None, shown=None)
    if stop is None or session is None or not stop.ends_order:
        return accept(after, scan, verdict, (fact,))
    key = session.order.key
    if stop.reason is Reason.ORDER_CHANGED:
        loading = replace(
            after.without_order(Phase.LOADING), before=Phase.IDLE, waiting=Waiting.ORDER
        )
        decision = accept(
            loading, scan, verdict, (fact, facts.CountsDropped(key)), LoadOrder(scan, key)
        )
        return replace(decision, answer=None)
    closed = facts.OrderClosed(key, stop.reason)
    return accept(after.without_order(Phase.IDLE), scan, verdict, (fact, closed), order=key)


def _set_aside(station: Station, scan: CodeScanned) -> Decision:
    if station.stop is None and station.shown is None:
        return refuse(station, scan, Verdict.OUT_OF_PLACE, Reason.NOTHING_TO_SET_ASIDE)
    return _acknowledge(station, scan, by="tray")
