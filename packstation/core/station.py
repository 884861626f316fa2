"""The station: everything that the next decision may depend on, and nothing else.

``SavedStation`` is the part that is written with every commit; the order itself, its codes and
the people's words are read again from the store when the station comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from packstation.core.difference import Difference
from packstation.core.effects import Answer, Effect, PrintLabel, Record
from packstation.core.events import CodeScanned, OrderLoaded
from packstation.core.facts import Fact, ScanRefused
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.parcels import Label
from packstation.core.policy import DEFAULT_RULES, Rules
from packstation.core.status import Phase, PrintOutcome, Reason, Verdict
from packstation.core.verification import Reading, VerificationSession

REPEAT_WINDOW = timedelta(milliseconds=500)
"""The label that just sealed a parcel does not also bag it within this time: double trigger."""


class Waiting(Enum):
    """What the station waits for from inside the house; scans queue up meanwhile."""

    LOOK_UP = "look_up"
    ORDER = "order"
    LABEL = "label"
    CLOSE = "close"
    GIVE_UP = "give_up"


LABEL_WAITS = frozenset({Waiting.LABEL, Waiting.GIVE_UP})
"""Waits that the end of the label's job ends."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that must be acknowledged before work goes on."""

    verdict: Verdict
    reason: Reason
    told: bool = True
    """False when it came from elsewhere and no scan has been answered with it yet."""
    ends_order: bool = False
    """True when the open order itself may not go on: acknowledging it clears the table."""
    difference: Difference | None = None
    """What changed, where the order was changed."""
    detail: str = ""
    """Number of the order inside a shared parcel that the stop is about."""


class StepKind(StrEnum):
    """What PSCMDUNDO can take back outside an order."""

    BAGGED = "bagged"
    COUNTED = "counted"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class DockStep:
    """One accepted scan outside an order that can be taken back."""

    kind: StepKind
    order: OrderKey | None = None
    tracking_number: TrackingNumber | None = None


@dataclass(frozen=True, slots=True)
class OpenBag:
    """The current bag."""

    code: str
    carrier: CarrierCode | None = None
    """Its first parcel's carrier."""
    parcels: int = 0


@dataclass(frozen=True, slots=True)
class CountedBag:
    """A bag counted in the open handover."""

    code: str
    parcels: int


@dataclass(frozen=True, slots=True)
class OpenHandover:
    """The handover being counted, or paused."""

    manifest: str
    carrier: CarrierCode | None = None
    """Its first bag's carrier."""
    bags: tuple[CountedBag, ...] = ()

    @property
    def parcels(self) -> int:
        """Inner parcels of all counted bags."""
        return sum(bag.parcels for bag in self.bags)


@dataclass(frozen=True, slots=True)
class SavedStation:
    """The part of a station that survives a power cut."""

    phase: Phase = Phase.IDLE
    order: OrderKey | None = None
    message_pending: bool = False
    stop: Stop | None = None
    bag: OpenBag | None = None
    handover: OpenHandover | None = None
    steps: tuple[DockStep, ...] = ()
    bag_serial: int = 0
    manifest_serial: int = 0
    version: int = 0
    """Of the open order, to see after a restart that it has changed; 0 = not known."""
    recall_bag: str | None = None
    """As the station's."""


@dataclass(frozen=True, slots=True)
class Station:
    """A packing station between two events."""

    phase: Phase = Phase.IDLE
    session: VerificationSession | None = None
    messages: tuple[str, ...] = ()
    """Of the open order; people's words, memory only."""
    message_pending: bool = False
    stop: Stop | None = None
    shown: Verdict | None = None
    """The last stop that was only shown; PSCMDOK or the tray answers it."""
    label: Label | None = None
    waiting: Waiting | None = None
    before: Phase = Phase.IDLE
    """Where to go back to when a look-up finds nothing."""
    bag: OpenBag | None = None
    handover: OpenHandover | None = None
    steps: tuple[DockStep, ...] = ()
    recall_bag: str | None = None
    """The bag whose stop was told: a scan of the parcel that causes it takes it out."""
    sealed_last: tuple[str, datetime] | None = None
    """The label scan that just sealed a parcel, for the double trigger."""
    ended: tuple[tuple[str, PrintOutcome], ...] = ()
    """The label jobs that ended while an order was being loaded, and how."""
    bag_serial: int = 0
    manifest_serial: int = 0
    failed: str | None = None
    """Set when nothing can be saved any more."""

    @property
    def stalled(self) -> bool:
        """True while the label may be long in coming: it is blocked, or prints in a batch.

        Scans are answered at once meanwhile, and PSCMDREPRINT gives the job up.
        """
        label = self.label
        if self.waiting is not Waiting.LABEL or label is None:
            return False
        return label.outcome in (PrintOutcome.BLOCKED, PrintOutcome.SENDING) or label.ahead

    @property
    def order_key(self) -> OrderKey | None:
        """Key of the open order."""
        return self.session.order.key if self.session else None

    @property
    def saved(self) -> SavedStation:
        """What is written with every commit."""
        return SavedStation(
            phase=self.before if self.phase is Phase.LOADING else self.phase,
            order=self.order_key,
            message_pending=self.message_pending,
            stop=self.stop,
            bag=self.bag,
            handover=self.handover,
            steps=self.steps,
            bag_serial=self.bag_serial,
            manifest_serial=self.manifest_serial,
            version=self.session.order.version if self.session else 0,
            recall_bag=self.recall_bag,
        )

    def without_order(self, phase: Phase) -> Station:
        """Return the station with the table cleared."""
        return replace(
            self,
            phase=phase,
            session=None,
            messages=(),
            message_pending=False,
            label=None,
            waiting=None,
            stop=None,
            shown=None,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one event."""

    station: Station
    answer: Answer | None = None
    effects: tuple[Effect, ...] = ()


def with_label(station: Station, label: Label | None) -> Decision:
    """Return a station whose order is complete, with the label as the print journal has it.

    A job of which no byte was sent is sent now, unless its batch sends it; one that a printer works
    on is waited for. Whether paper came out of any other unfinished one is for the operator's eyes.
    """
    if label is None:
        return Decision(replace(station, phase=Phase.LABELLING, label=None, waiting=None))
    after = replace(station, label=label)
    match label.outcome:
        case PrintOutcome.CONFIRMED | PrintOutcome.SENT if label.spoiled:
            return Decision(replace(after, phase=Phase.LABELLING, waiting=None))
        case PrintOutcome.SENDING | PrintOutcome.BLOCKED:
            return Decision(replace(after, phase=Phase.LABELLING, waiting=Waiting.LABEL))
        case PrintOutcome.QUEUED if label.ahead:
            return Decision(replace(after, phase=Phase.LABELLING, waiting=Waiting.LABEL))
        case PrintOutcome.CONFIRMED | PrintOutcome.SENT:
            return Decision(replace(after, phase=Phase.CONFIRMING, waiting=None))
        case PrintOutcome.QUEUED:
            assert after.session is not None, "a label without an order"
            effect = PrintLabel(
                after.session.order.key, label.job, label.tracking_number, label.copy
            )
            waiting = replace(after, phase=Phase.LABELLING, waiting=Waiting.LABEL)
            return Decision(waiting, None, (effect,))
        case _:
            return Decision(replace(after, phase=Phase.LABELLING, waiting=None))


def _changed_meanwhile(
    saved: SavedStation, session: VerificationSession, loaded: OrderLoaded, rules: Rules
) -> Stop | None:
    """Return the stop that an open order needs which the last commit did not know yet."""
    order, difference = session.order, loaded.parcel.difference if loaded.parcel else None
    if saved.stop is not None and saved.stop.ends_order:
        return saved.stop
    if order.why_not is not None:
        verdict, reason = rules.verdict_of(order.why_not), Reason(order.why_not.value)
    elif saved.version not in (0, order.version) or not session.sound:
        verdict, reason = Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED
    else:
        return None
    return Stop(verdict, reason, told=False, ends_order=True, difference=difference)


def restore(
    saved: SavedStation, loaded: OrderLoaded | None, rules: Rules = DEFAULT_RULES
) -> Decision:
    """Return the station as it was at its last commit, and what is left to do.

    Args:
        saved: As read from the store.
        loaded: The open order with its counts and label, read again; None when none was open.
        rules: As for ``decide``; an order that was cancelled or changed since stops at once.
    """
    station = Station(
        phase=saved.phase,
        message_pending=saved.message_pending,
        stop=saved.stop,
        bag=saved.bag,
        handover=saved.handover,
        steps=saved.steps,
        bag_serial=saved.bag_serial,
        manifest_serial=saved.manifest_serial,
        recall_bag=saved.recall_bag,
    )
    if saved.order is None or loaded is None:
        between = saved.phase in (Phase.PAUSED, Phase.HANDOVER)
        dock = saved.phase if between else Phase.IDLE
        return Decision(replace(station.without_order(dock), stop=saved.stop))
    session = VerificationSession(loaded.order, loaded.codes, loaded.history)
    label = loaded.label.after_restart if loaded.label else None
    station = replace(station, session=session, messages=loaded.messages, label=label)
    stop = _changed_meanwhile(saved, session, loaded, rules)
    if stop is not None:  # no paper for it
        return Decision(replace(station, stop=stop))
    if saved.phase is Phase.LABELLING or (saved.phase is Phase.CONFIRMING and label):
        return with_label(station, label)
    return Decision(station)


_NOT_SHOWN = frozenset({Reason.NOTHING_TO_ACKNOWLEDGE, Reason.NOTHING_TO_SET_ASIDE})
"""Refusals that leave nothing to acknowledge, or every second PSCMDOK would be a yes."""


def journal_text(text: str) -> str:
    """Return a scanned text as the journal may keep it: short plain codes only.

    A QR code may hold anything, people's data too.

    >>> journal_text("A-01"), journal_text("Li Lei, 3 Main Street")
    ('A-01', '(21 characters)')
    """
    plain = len(text) <= 48 and text.isascii() and text.isprintable() and " " not in text
    return text if plain else f"({len(text)} characters)"


def refuse(
    station: Station,
    scan: CodeScanned | None,
    verdict: Verdict,
    reason: Reason,
    *,
    order: OrderKey | None = None,
    answer: Answer | None = None,
) -> Decision:
    """Return a decision that says no, counts nothing and keeps the refusal on record."""
    key = order or station.order_key
    told = answer or answer_of(station, scan, verdict, reason=reason)
    after = replace(
        station,
        waiting=None,
        shown=station.shown if verdict is Verdict.NOT_NOW or reason in _NOT_SHOWN else verdict,
    )
    fact = ScanRefused(verdict, reason, key, journal_text(scan.text) if scan else "")
    return Decision(after, replace(told, order=key, phase=after.phase), (Record((fact,)),))


def answer_of(
    station: Station,
    scan: CodeScanned | None,
    verdict: Verdict,
    *,
    reason: Reason | None = None,
    bag: str | None = None,
    manifest: str | None = None,
    detail: str = "",
    difference: Difference | None = None,
) -> Answer:
    """Return an answer with what the station knows of its open order."""
    session = station.session
    return Answer(
        scan=scan,
        verdict=verdict,
        phase=station.phase,
        reason=reason,
        order=station.order_key,
        missing=session.missing if session else None,
        bag=bag,
        manifest=manifest,
        detail=detail,
        difference=difference,
    )


def accept(
    station: Station,
    scan: CodeScanned | None,
    verdict: Verdict,
    facts: tuple[Fact, ...],
    *effects: Effect,
    bag: str | None = None,
    manifest: str | None = None,
    order: OrderKey | None = None,
    detail: str = "",
) -> Decision:
    """Return a decision that says yes, records facts, and does more only after the commit."""
    after = replace(station, shown=None)
    answer = answer_of(after, scan, verdict, bag=bag, manifest=manifest, detail=detail)
    if order is not None:
        answer = replace(answer, order=order)
    return Decision(after, answer, (Record(facts), *effects))


def open_session(station: Station) -> VerificationSession:
    """Return the open session of a phase that has one."""
    assert station.session is not None, f"{station.phase} without an order"
    return station.session


def refuse_item(station: Station, scan: CodeScanned, reading: Reading) -> Decision:
    """Return a decision that says no to an item, with the line that it is about."""
    assert reading.reason is not None
    return with_line(refuse(station, scan, reading.verdict, reading.reason), reading)


def with_line(decision: Decision, reading: Reading) -> Decision:
    """Return the decision with the line just touched in its answer."""
    assert decision.answer is not None
    session, line = open_session(decision.station), reading.line
    answer = replace(
        decision.answer,
        sku=line.sku or line.barcode,
        needed=line.quantity,
        scanned=session.scanned(line.line_key),
        repaired=reading.repaired,
    )
    return replace(decision, answer=answer)
