"""A whole house in memory: it carries out every effect at once, as store and printer would.

Written apart from the real store, so that the two can disagree. Every decision that passes
through is held to the rules that hold always: legal moves of phase and of parcels, a reason on
every stop and on no yes, one answer for each scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from packstation.core import facts, life_facts
from packstation.core.catalog import ProductCode
from packstation.core.decide import RECALL, decide, legal
from packstation.core.difference import difference
from packstation.core.effects import (
    Answer,
    CheckHandover,
    Effect,
    GiveUpPrint,
    LoadOrder,
    LookUp,
    PrintBagLabel,
    PrintLabel,
    PrintReceipt,
    Record,
)
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
)
from packstation.core.orders import (
    HoldReason,
    ImportedOrder,
    Order,
    OrderKey,
    Person,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.parcels import Bag, CopyFound, Label, Parcel, copy_code
from packstation.core.policy import Rules
from packstation.core.sealing import AT_THE_TABLE
from packstation.core.station import SavedStation, Station, restore
from packstation.core.status import (
    ACCEPTED,
    PARCEL_MOVES,
    BagState,
    LabelSource,
    ParcelState,
    PrintOutcome,
    Reason,
    Verdict,
)
from packstation.core.verification import ScanStep
from tests.builders import NOW, some_rules, yt

NOTHING_OUT = (PrintOutcome.QUEUED, PrintOutcome.FAILED, PrintOutcome.CANCELLED)
"""Outcomes of jobs of which no byte left."""


class House:
    """Orders, parcels, bags, numbers and one station."""

    def __init__(
        self,
        *orders: Order,
        codes: Iterable[ProductCode] = (),
        rules: Rules | None = None,
        numbers: int = 20,
    ) -> None:
        self.rules = rules or some_rules()
        self.orders = {order.key: order for order in orders}
        self.codes = tuple(codes)
        self.messages: dict[OrderKey, tuple[str, ...]] = {}
        self.history: dict[OrderKey, tuple[ScanStep, ...]] = {}
        self.counted_version: dict[OrderKey, int] = {}
        self.parcels: dict[OrderKey, Parcel] = {}
        self.held_from: dict[OrderKey, ParcelState] = {}
        self.labels: dict[OrderKey, list[Label]] = {}
        self.bags: dict[str, Bag] = {}
        self.manifests: dict[str, facts.HandoverClosed] = {}
        self.voided: dict[TrackingNumber, OrderKey] = {}
        self.short: dict[OrderKey, tuple[tuple[str, int], ...]] = {}
        self.numbers = [yt(n) for n in range(1, numbers + 1)]
        self.printer: Callable[[PrintLabel], PrintOutcome] = lambda _: PrintOutcome.CONFIRMED
        self.given_up: Callable[[GiveUpPrint], PrintOutcome] = lambda _: PrintOutcome.CANCELLED
        self.coded = True
        """Whether reprints carry their copy code."""
        self.reasons: dict[str, str] = {}
        """Why each label job was asked for."""
        self.stuck: dict[str, OrderKey] = {}
        """Jobs that a printer holds and takes nothing of."""
        self.before_found: Callable[[], None] = lambda: None
        """Called between a look-up and its answer: what else happens just then."""
        self.station = Station()
        self.saved = SavedStation()
        self.journal: list[facts.Fact] = []
        self.paper: list[Effect] = []
        self.told: list[Answer] = []
        """What nobody scanned for: a printer or an import has spoken."""
        self.events: list[Event] = []
        self.now = NOW
        self._answers: list[Answer] = []
        self._scans = 0

    # What a packer does.

    def scan(self, text: str, after_ms: int = 1000, source: str = "wedge") -> Answer:
        """Scan a code and wait for its answer."""
        self._scans += 1
        self.now += timedelta(milliseconds=after_ms)
        self._answers = []
        self.feed(CodeScanned(text, self.now, self._scans, source))
        assert len(self._answers) == 1, f"{len(self._answers)} answers to {text!r}"
        waits = self.station.waiting is not None and not self.station.stalled
        assert not waits, f"{text!r} left the station waiting"
        return self._answers[0]

    def scans(self, *texts: str) -> list[Answer]:
        return [self.scan(text) for text in texts]

    def verdicts(self, *texts: str) -> list[str]:
        return [answer.verdict.value for answer in self.scans(*texts)]

    # What happens elsewhere.

    def recall(self, number: str) -> Answer:
        """Ask by name for a parcel to come out of its bag."""
        return self.scan(number, source=RECALL)

    def change(self, order: Order) -> None:
        """Import a changed order; counts of another version are dropped, as the store must."""
        before, nobody = self.orders[order.key], Person()
        found = difference(ImportedOrder(before, nobody), ImportedOrder(order, nobody))
        self.orders[order.key] = order
        if self.counted_version.get(order.key) not in (None, order.version):
            self.history.pop(order.key, None)
        parcel = self.parcels.get(order.key)
        if parcel is not None:
            parcel = replace(parcel, why_not=order.why_not)
            if found.on_paper:
                parcel = self._outdated(replace(parcel, told=False, difference=found))
            self.parcels[order.key] = parcel
        told = found if found.to_pack else None
        self.feed(OrderChanged(order.key, order.order_id, order.version, order.why_not, told))

    def _outdated(self, parcel: Parcel) -> Parcel:
        """The label is void; a closed box stays closed until somebody opens it."""
        if parcel.tracking_number is not None:
            self.voided[parcel.tracking_number] = parcel.order
        if parcel.state in (ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED):
            return replace(parcel, stale=True)
        back = ParcelState.VERIFIED if parcel.state is ParcelState.LABELLED else parcel.state
        return replace(parcel, state=back, tracking_number=None, carrier=None)

    def batch(self, key: OrderKey, outcome: PrintOutcome = PrintOutcome.SENT) -> bool:
        """Print an order's label ahead, as far as that comes; False where a batch may not."""
        parcel, labels = self.parcels.get(key), self.labels.get(key, [])
        fresh = parcel is None or (parcel.state is ParcelState.OPEN and not self.history.get(key))
        if not fresh or labels or self.station.order_key == key or not self.numbers:
            return False
        if self.orders[key].why_not is not None:
            return False
        if self.rules.shop(self.orders[key].shop).label_source is LabelSource.EXTERNAL:
            return False
        self.copy_again(key, "batch", outcome)
        return True

    def copy_again(self, key: OrderKey, reason: str, outcome: PrintOutcome) -> None:
        """Print another copy for a reason from outside the table."""
        number = self._number_of_label(key)
        carrier = self.rules.carrier_of(self.orders[key])
        self._move(key, self._state(key), tracking_number=number, carrier=carrier)
        job = self._queue(key, number, 1, reason)
        if outcome is not PrintOutcome.QUEUED:
            self._sent(key, job, outcome)

    def spoil(self, key: OrderKey) -> None:
        """Say that the newest copy is not to be used."""
        *older, newest = self.labels[key]
        self.labels[key] = [*older, replace(newest, spoiled=True)]

    def go_on(self) -> None:
        """The printer takes paper again, and the batches go on: whatever waits is printed."""
        for job, key in list(self.stuck.items()):
            self.feed(LabelStalled(key, job, ""))
            self._sent(key, job, PrintOutcome.SENT)
        waiting = [(k, x.job) for k, labels in self.labels.items() for x in labels]
        for key, job in waiting:
            if self._label(key, job).outcome is PrintOutcome.QUEUED and not self._is_at_table(job):
                self._sent(key, job, PrintOutcome.SENT)

    def power_cut(self) -> None:
        """Lose everything that was not written, and start again."""
        self.stuck.clear()
        self.labels = {k: [x.after_restart for x in v] for k, v in self.labels.items()}
        loaded = self._loaded(CodeScanned("", self.now), self.saved.order)
        decision = restore(self.saved, loaded, self.rules)
        self.station = decision.station
        self._carry_out(decision.effects)

    def feed(self, event: Event) -> None:
        """Decide an event and carry out what follows, until nothing is left to do."""
        self.events.append(event)
        before = self.station
        decision = decide(before, event, self.rules)
        assert legal(before.phase, decision.station.phase), (before.phase, decision.station.phase)
        self.station = decision.station
        answer = decision.answer
        if answer is not None:
            yes = answer.verdict in ACCEPTED
            assert yes is (answer.reason is None), answer
            (self._answers if answer.scan is not None else self.told).append(answer)
        self._carry_out(decision.effects)

    # The effects.

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        for effect in sorted(effects, key=lambda e: not isinstance(e, Record)):
            match effect:
                case Record(new):
                    self.saved = self.station.saved
                    self.journal.extend(new)
                    for event in [e for fact in new for e in self._write(fact)]:
                        self.feed(event)
                case LookUp(scan, code):
                    found = self._find(scan, code.text, code.key)
                    self.before_found()
                    self.feed(found)
                case LoadOrder(scan, order):
                    loaded = self._loaded(scan, order)
                    assert loaded is not None
                    self.feed(loaded)
                case CheckHandover(scan, manifest, bags):
                    inside = [p for p in self.parcels.values() if p.bag in bags]
                    stopped = next((s for s in map(self._stopped, bags) if s), None)
                    where = self.parcels[stopped[0]].bag if stopped else None
                    self.feed(HandoverChecked(scan, manifest, stopped, len(inside), where))
                case PrintLabel(order, job):
                    assert self.orders[order].why_not is None, "a label for a stopped order"
                    self.paper.append(effect)
                    self._sent(order, job, self.printer(effect))
                case GiveUpPrint(order, job):
                    assert self._label(order, job).outcome is not PrintOutcome.SENT
                    outcome = self.given_up(effect)
                    if self.stuck.pop(job, None) is None:
                        now = self._label(order, job).outcome
                        queued = now is PrintOutcome.QUEUED
                        outcome = PrintOutcome.CANCELLED if queued else now
                    self.feed(LabelFinished(order, job, outcome, "print.given_up"))
                case PrintBagLabel() | PrintReceipt():
                    self.paper.append(effect)

    def _sent(self, key: OrderKey, job: str, outcome: PrintOutcome) -> None:
        """A printer got a job: it ends, or stalls until somebody sees to it."""
        if outcome is not PrintOutcome.BLOCKED:
            self.stuck.pop(job, None)
            self.feed(LabelFinished(key, job, outcome, ""))
            return
        self.stuck[job] = key
        self._put(key, replace(self._label(key, job), outcome=outcome))
        self.feed(LabelStalled(key, job, "printer.no_paper"))

    def _label(self, key: OrderKey, job: str) -> Label:
        return next(x for x in self.labels[key] if x.job == job)

    def _put(self, key: OrderKey, label: Label) -> None:
        self.labels[key] = [label if x.job == label.job else x for x in self.labels[key]]

    def _is_at_table(self, job: str) -> bool:
        return self.reasons[job] in AT_THE_TABLE

    def _copy_with(self, text: str) -> tuple[OrderKey, Label] | None:
        all_ = ((key, x) for key, labels in self.labels.items() for x in labels)
        return next(((key, x) for key, x in all_ if copy_code(x.job) == text), None)

    def live(self, key: OrderKey) -> Label | None:
        """The copy that is the label of an order; None where none can be on paper."""
        out = [x for x in self.labels.get(key, []) if x.outcome not in NOTHING_OUT]
        newest, parcel = (out[-1], self.parcels[key]) if out else (None, None)
        if newest is None or parcel is None or newest.spoiled:
            return None
        void = newest.tracking_number in self.voided
        return None if void or newest.tracking_number != parcel.tracking_number else newest

    def _find(self, scan: CodeScanned, text: str, key: str) -> CodeFound:
        found = self._copy_with(text.upper())
        if found is not None:
            order, label = found
            copy = CopyFound(order, label.copy, label == self.live(order), label.spoiled)
            number = label.tracking_number
            return replace(self._find(scan, number, number), orders=(order,), copy=copy)
        orders = tuple(k for k, o in self.orders.items() if text in (o.order_id, o.tracking_number))
        live = [p for p in self.parcels.values() if p.tracking_number == text.upper()]
        if not live and len(orders) == 1 and orders[0] in self.parcels:
            live = [self.parcels[orders[0]]]
        assert len(live) < 2, "one number on two parcels"
        own = {line.sku for o in self.orders.values() for line in o.lines if line.sku == text}
        bag = self.bags.get(text.upper())
        void = self.voided.get(TrackingNumber(text.upper()))
        return CodeFound(
            scan,
            orders,
            self._today(live[0]) if live else None,
            replace(bag, stopped=self._stopped(bag.code)) if bag else None,
            tuple(sorted({c.sku for c in self.codes if c.code in (key, text)} | own)),
            text in self.numbers,
            void if not live and not orders else None,
        )

    def _today(self, parcel: Parcel) -> Parcel:
        """A parcel with what its order says now."""
        if parcel.stale and parcel.why_not in (None, WhyNot.SHIPPED):
            return replace(parcel, why_not=WhyNot.ORDER_CHANGED)
        return parcel

    def _loaded(self, scan: CodeScanned, key: OrderKey | None) -> OrderLoaded | None:
        if key is None:
            return None
        order, labels = self.orders[key], self.labels.get(key)
        if labels and labels[-1].tracking_number in self.voided:
            labels = None
        label = labels[-1] if labels else None
        if label is not None and not any(self._is_at_table(x.job) for x in self.labels[key]):
            label = replace(label, ahead=True)
        mine = {c.code for c in self.codes if c.sku in {line.sku for line in order.lines}}
        return OrderLoaded(
            scan,
            order,
            tuple(c for c in self.codes if c.code in mine),
            self.history.get(key, ()),
            self.parcels.get(key),
            self.messages.get(key, ()),
            len(self.numbers),
            label,
        )

    def _stopped(self, bag: str) -> tuple[OrderKey, WhyNot] | None:
        for key, parcel in self.parcels.items():
            why_not = self.orders[key].why_not
            if parcel.stale and why_not in (None, WhyNot.SHIPPED):
                why_not = WhyNot.ORDER_CHANGED
            if parcel.bag == bag and why_not not in (None, WhyNot.SHIPPED):
                assert why_not is not None
                return key, why_not
        return None

    # The store.

    def _move(self, key: OrderKey, state: ParcelState, **more: object) -> None:
        parcel = self.parcels.get(key) or Parcel(key, ParcelState.OPEN, None, None)
        moves = {parcel.state, *PARCEL_MOVES[parcel.state]}
        assert state in moves, f"{parcel.state} → {state}"
        self.parcels[key] = replace(parcel, state=state, **more)  # type: ignore[arg-type] # fields of Parcel

    def _write(self, fact: facts.Fact) -> list[Event]:
        match fact:
            case facts.OrderOpened(key, version):
                self.counted_version[key] = version
                if key not in self.parcels:
                    self._move(key, ParcelState.OPEN)
            case facts.UnitsScanned(key, units):
                self.history[key] = (*self.history.get(key, ()), ScanStep(units))
            case facts.ScanUndone(key, units):
                assert self.history[key][-1].units == units
                self.history[key] = self.history[key][:-1]
                self._back_to_open(key)
            case facts.CountsDropped(key):
                self.history.pop(key, None)
                self._back_to_open(key)
            case facts.OrderVerified(key):
                if self.parcels[key].state is ParcelState.OPEN:
                    self._move(key, ParcelState.VERIFIED)
            case facts.LabelRequested():
                return [self._request(fact)]
            case facts.LabelEnded(key, job, outcome):
                self._put(key, replace(self._label(key, job), outcome=outcome))
            case facts.ParcelSealed(key, number, carrier):
                others = (p for k, p in self.parcels.items() if k != key)
                assert all(p.tracking_number != number for p in others), "one number, two parcels"
                assert self.orders[key].why_not is None, "a stopped order was sealed"
                self._move(key, ParcelState.SEALED, tracking_number=number, carrier=carrier)
            case facts.OrderHeld(key, reason):
                why = WhyNot.SHORT_PICK if reason is HoldReason.SHORT_PICK else WhyNot.HELD
                self.held_from[key] = self.parcels[key].state
                self._move(key, ParcelState.HELD, why_not=why)
                self.orders[key] = replace(self.orders[key], why_not=why)
            case facts.OrderReleased(key):
                self._move(key, self.held_from.pop(key), why_not=None)
                self.orders[key] = replace(self.orders[key], why_not=None)
            case life_facts.ShortPicked(key, missing):
                self.short[key] = missing
            case life_facts.ChangeTold(key):
                self.parcels[key] = replace(self.parcels[key], told=True)
            case life_facts.ParcelReopened(key):
                self.history.pop(key, None)
                self._move(
                    key,
                    ParcelState.OPEN,
                    tracking_number=None,
                    carrier=None,
                    stale=False,
                    told=False,
                )
            case _:
                self._write_dock(fact)
        return []

    def _back_to_open(self, key: OrderKey) -> None:
        parcel = self.parcels.get(key)
        if parcel is not None and parcel.state is ParcelState.LABELLED:
            self._move(key, ParcelState.VERIFIED)
        if parcel is not None and parcel.state is not ParcelState.OPEN:
            self._move(key, ParcelState.OPEN)

    def _write_dock(self, fact: facts.Fact) -> None:
        match fact:
            case facts.BagOpened(code):
                self.bags.setdefault(code, Bag(code, BagState.OPEN, None, 0))
            case facts.ParcelBagged(code, key, _, carrier):
                bag = self.bags[code]
                assert bag.state is BagState.OPEN, "a sealed bag grew"
                assert bag.carrier in (None, carrier), "two carriers in one bag"
                assert self.parcels[key].bag is None, "one parcel in two bags"
                assert not self.parcels[key].stale, "a changed parcel went into a bag"
                self.bags[code] = replace(bag, carrier=carrier, parcels=bag.parcels + 1)
                if self.parcels[key].state is ParcelState.RECALLED:
                    self._move(key, ParcelState.SEALED)
                self._move(key, ParcelState.BAGGED, bag=code)
            case facts.ParcelUnbagged(code, key):
                bag = self.bags[code]
                assert bag.state is BagState.OPEN
                left = bag.parcels - 1
                self.bags[code] = replace(bag, carrier=bag.carrier if left else None, parcels=left)
                self._move(key, ParcelState.SEALED, bag=None)
            case facts.BagSealed(code, carrier, parcels):
                bag = self.bags[code]
                assert (bag.carrier, bag.parcels) == (carrier, parcels)
                assert sum(p.bag == code for p in self.parcels.values()) == parcels
                self.bags[code] = replace(bag, state=BagState.SEALED)
            case facts.HandoverClosed():
                self._close(fact)
            case life_facts.ParcelRecalled(key, code, number):
                bag, parcel = self.bags[code], self.parcels[key]
                assert bag.state is not BagState.HANDED_OVER
                assert (parcel.bag, parcel.tracking_number) == (code, number)
                left = bag.parcels - 1
                carrier_left = bag.carrier if left else None
                self.bags[code] = replace(
                    bag, state=BagState.OPEN, carrier=carrier_left, parcels=left
                )
                self._move(key, ParcelState.RECALLED, bag=None)
            case life_facts.LabelVoided(key, number):
                self.voided[number] = key
                self._move(key, ParcelState.VOIDED)
            case _:
                pass

    def _close(self, fact: facts.HandoverClosed) -> None:
        assert fact.manifest not in self.manifests, "a manifest is final"
        assert sum(self.bags[code].parcels for code in fact.bags) == fact.parcels
        self.manifests[fact.manifest] = fact
        for code in fact.bags:
            bag = self.bags[code]
            assert bag.state is BagState.SEALED
            assert bag.carrier == fact.carrier
            assert self._stopped(code) is None, "a stopped parcel left"
            self.bags[code] = replace(bag, state=BagState.HANDED_OVER, manifest=fact.manifest)
        for key in [k for k, p in self.parcels.items() if p.bag in fact.bags]:
            self._move(key, ParcelState.HANDED_OVER, manifest=fact.manifest)

    def _request(self, fact: facts.LabelRequested) -> LabelQueued | LabelRefused:
        parcel = self.parcels[fact.order]
        why_not = self.orders[fact.order].why_not
        if why_not is not None:
            verdict = self.rules.verdict_of(why_not)
            return LabelRefused(fact.order, verdict, Reason(why_not.value))
        if parcel.tracking_number is None and not self.numbers:
            return LabelRefused(fact.order, Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT)
        number = self._number_of_label(fact.order)
        self._move(fact.order, ParcelState.LABELLED, tracking_number=number, carrier=fact.carrier)
        job = self._queue(fact.order, number, fact.copy, fact.reason)
        label = self._label(fact.order, job)
        return LabelQueued(fact.order, job, number, label.copy, label.coded)

    def _number_of_label(self, key: OrderKey) -> TrackingNumber:
        parcel = self.parcels.get(key)
        return (parcel and parcel.tracking_number) or self.numbers.pop(0)

    def _queue(self, key: OrderKey, number: TrackingNumber, asked: int, reason: str) -> str:
        """The store gives the copy: none that may be on paper is made a second time."""
        queue = self.labels.setdefault(key, [])
        copy = max([asked, *(x.copy + 1 for x in queue if x.outcome not in NOTHING_OUT)])
        job = f"job-{sum(map(len, self.labels.values())) + 1}"
        older = any(x.tracking_number == number and x.outcome not in NOTHING_OUT for x in queue)
        queue.append(Label(job, number, copy, coded=self.coded and older))
        self.reasons[job] = reason
        return job

    def _state(self, key: OrderKey) -> ParcelState:
        return self.parcels[key].state if key in self.parcels else ParcelState.OPEN

    # What tests ask.

    def state(self, key: OrderKey) -> ParcelState:
        return self.parcels[key].state

    def labels_on_paper(self, key: OrderKey, number: TrackingNumber | None = None) -> list[int]:
        """Copy numbers of the label jobs of an order of which a byte may have left."""
        return [
            x.copy
            for x in self.labels.get(key, [])
            if x.outcome not in NOTHING_OUT and number in (None, x.tracking_number)
        ]

    def units_of(self, key: OrderKey) -> dict[Sku, int]:
        """What the journal counted of an order, SKU by SKU."""
        lines = {line.line_key: line.sku for line in self.orders[key].lines}
        total: dict[Sku, int] = {}
        for step in self.history.get(key, ()):
            for line, units in step.units:
                total[lines[line]] = total.get(lines[line], 0) + units
        return total

    def number_of(self, key: OrderKey) -> TrackingNumber:
        number = self.parcels[key].tracking_number
        assert number is not None
        return number
