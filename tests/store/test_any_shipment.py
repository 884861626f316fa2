"""Whatever is merged, split, packed, cancelled and taken apart, in any order of events.

A model that knows nothing of facts and tables says what each step may do and what each order is
told; the store must agree, every unit must be in exactly one live parcel, and the journal alone
must give the same tables.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from packstation.core import facts
from packstation.core.events import LabelQueued
from packstation.core.orders import LineKey, Order, OrderKey, WhyNot
from packstation.core.status import LabelSource, PrintOutcome
from packstation.errors import PackStationError
from packstation.store.parcel_rows import read_parcel
from packstation.store.replay import differences, rebuild
from tests.store.builders import key, line, print_label, record
from tests.store.shipping import (
    YTO,
    a_store,
    an_order,
    bring,
    kinds,
    shipments,
    verify,
)

NUMBERS = ("1", "2", "3")
LINES = (("a", 2), ("b", 3))
Unit = tuple[str, str]
"""Order number and line."""


@dataclass
class Box:
    """A parcel as the model sees it."""

    units: Counter[Unit]
    state: str = "open"
    """``open``, ``labelled``, ``closed`` or ``gone``."""
    label: LabelQueued | None = None

    @property
    def orders(self) -> list[str]:
        return sorted({number for number, _ in self.units})


@dataclass
class Model:
    """Who travels where."""

    boxes: dict[OrderKey, Box] = field(default_factory=dict)
    """Live parcels by the key of what is packed."""
    cancelled: set[str] = field(default_factory=set)
    told: dict[str, list[str]] = field(default_factory=lambda: {n: [] for n in NUMBERS})

    def alone(self, number: str) -> Box | None:
        return self.boxes.get(key(number))

    def boxes_of(self, number: str) -> list[OrderKey]:
        return [one for one, box in self.boxes.items() if number in box.orders]

    def stopped(self, box: Box) -> bool:
        return bool(self.cancelled & set(box.orders))

    def tell(self, box: Box, *news: str) -> None:
        for number in box.orders:
            self.told[number] += news

    def apart(self, one: OrderKey, last: str) -> None:
        box = self.boxes.pop(one)
        self.tell(box, *["label.voided"] * (box.label is not None), last)
        for number in box.orders:
            self.boxes[key(number)] = Box(whole(number))

    def together(self, number: str) -> None:
        for one in self.boxes_of(number):
            box = self.boxes.pop(one)
            self.tell(box, *["label.voided"] * (box.label is not None))
        self.boxes[key(number)] = Box(whole(number))
        self.told[number].append("order.joined")


def whole(number: str) -> Counter[Unit]:
    return Counter({(number, name): units for name, units in LINES})


class AnyShipment(RuleBasedStateMachine):
    """Three orders of one recipient, and everything that can be done to their parcels."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = a_store(Path(self.folder.name) / "data")
        self.files = self.bags = 0
        bring(self.store, *(self.order(number) for number in NUMBERS))
        self.model = Model({key(n): Box(whole(n)) for n in NUMBERS})

    def teardown(self) -> None:
        rebuilt = rebuild(self.store.db, self.store.journal, Path(self.folder.name) / "rebuilt.db")
        found = differences(self.store.db, rebuilt)
        rebuilt.close()
        self.store.close()
        self.folder.cleanup()
        assert found == []

    @staticmethod
    def order(number: str, why_not: WhyNot | None = None) -> Order:
        lines = [line(name, units, n=at) for at, (name, units) in enumerate(LINES, 1)]
        return an_order(number, lines=lines, why_not=why_not)

    def does(self, job: object, *, allowed: bool) -> bool:
        """Do something; the store must allow it exactly where the model does."""
        assert callable(job)
        refused = None
        try:
            job()
        except PackStationError as error:
            refused = error
        assert (refused is None) is allowed, refused
        return allowed

    # What people do

    @rule(numbers=st.lists(st.sampled_from(NUMBERS), min_size=2, max_size=3, unique=True))
    def merge(self, numbers: list[str]) -> None:
        model = self.model
        found = [model.alone(number) for number in numbers]
        allowed = all(
            box is not None and box.state == "open" and not model.stopped(box) for box in found
        )
        keys = [key(number) for number in numbers]
        made: list[Order] = []
        job = lambda: made.extend(shipments(self.store).merge(keys, self.store.clock()).shipments)  # noqa: E731
        if self.does(job, allowed=allowed):
            box = Box(sum((model.boxes.pop(one).units for one in keys), Counter()))
            model.boxes[made[0].key] = box
            model.tell(box, "order.merged")

    @rule(number=st.sampled_from(NUMBERS), supervisor=st.booleans())
    def unmerge(self, number: str, supervisor: bool) -> None:
        shared = [one for one in self.model.boxes_of(number) if "+M" in one]
        state = self.model.boxes[shared[0]].state if shared else "none"
        may = {"open", "labelled", "closed"} if supervisor else {"open", "labelled"}
        job = lambda: shipments(self.store).unmerge(  # noqa: E731
            key(number), self.store.clock(), supervisor=supervisor
        )
        if self.does(job, allowed=state in may):
            self.model.apart(shared[0], "order.unmerged")

    @rule(
        number=st.sampled_from(NUMBERS),
        shares=st.lists(
            st.dictionaries(st.sampled_from(["1", "2"]), st.integers(0, 3), max_size=2),
            min_size=1,
            max_size=3,
        ),
    )
    def split(self, number: str, shares: list[dict[str, int]]) -> None:
        model, box = self.model, self.model.alone(number)
        left = {str(at): units for at, (_, units) in enumerate(LINES, 1)}
        for share in shares:
            for one, units in share.items():
                left[one] -= units
        rest = {one: units for one, units in left.items() if units}
        parts = [*shares, rest] if rest else shares
        fits = len(parts) > 1 and all(
            part and all(units > 0 for units in part.values()) for part in parts
        )
        alone = box is not None and box.state == "open" and not model.stopped(box)
        made: list[Order] = []
        wanted = [{LineKey(one): units for one, units in share.items()} for share in shares]
        job = lambda: made.extend(  # noqa: E731
            shipments(self.store).split(key(number), wanted, self.store.clock()).shipments
        )
        if self.does(job, allowed=fits and alone):
            del model.boxes[key(number)]
            for order, part in zip(made, parts, strict=True):
                names = {str(at): name for at, (name, _) in enumerate(LINES, 1)}
                model.boxes[order.key] = Box(
                    Counter({(number, names[one]): units for one, units in part.items()})
                )
            model.told[number].append("order.split")

    @rule(number=st.sampled_from(NUMBERS), supervisor=st.booleans())
    def join(self, number: str, supervisor: bool) -> None:
        parts = [self.model.boxes[one] for one in self.model.boxes_of(number) if "+P" in one]
        may = {"open", "labelled", "closed"} if supervisor else {"open", "labelled"}
        job = lambda: shipments(self.store).join(  # noqa: E731
            key(number), self.store.clock(), supervisor=supervisor
        )
        if self.does(job, allowed=bool(parts) and all(box.state in may for box in parts)):
            self.model.together(number)

    # What the bench and the dock do

    def parcel(self, data: st.DataObject, state: str) -> tuple[OrderKey, Box]:
        one = data.draw(st.sampled_from(sorted(o for o, b in self.at(state))))
        return one, self.model.boxes[one]

    def at(self, state: str) -> list[tuple[OrderKey, Box]]:
        return [
            (one, box)
            for one, box in self.model.boxes.items()
            if box.state == state and not self.model.stopped(box)
        ]

    @precondition(lambda self: self.at("open"))
    @rule(data=st.data(), on=st.booleans())
    def scan_all(self, data: st.DataObject, on: bool) -> None:
        one, box = self.parcel(data, "open")
        box.label, box.state = verify(self.store, one), "labelled"
        self.model.tell(box, "order.verified", "label.assigned")
        if on:
            self.close(one, box)

    @precondition(lambda self: self.at("labelled"))
    @rule(data=st.data())
    def seal(self, data: st.DataObject) -> None:
        self.close(*self.parcel(data, "labelled"))

    def close(self, one: OrderKey, box: Box) -> None:
        assert box.label is not None
        print_label(self.store, box.label, PrintOutcome.SENT)
        number = box.label.tracking_number
        record(self.store, facts.ParcelSealed(one, number, YTO, LabelSource.COMPOSED))
        box.state = "closed"
        self.model.tell(box, "parcel.sealed")

    @precondition(lambda self: self.at("closed"))
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        one, box = self.parcel(data, "closed")
        assert box.label is not None
        self.bags += 1
        bag, manifest = f"PSBAG{self.bags}", f"PSM{self.bags}"
        inside = facts.ParcelBagged(bag, one, box.label.tracking_number, YTO)
        record(self.store, facts.BagOpened(bag), inside, facts.BagSealed(bag, YTO, 1))
        counted = facts.BagCounted(manifest, bag, YTO, 1)
        closed = facts.HandoverClosed(manifest, YTO, (bag,), 1)
        record(self.store, facts.HandoverOpened(manifest), counted, closed)
        box.state = "gone"
        self.model.tell(box, "parcel.bagged", "parcel.handed_over")

    # What the buyer does

    @rule(number=st.sampled_from(NUMBERS), again=st.booleans())
    def cancel(self, number: str, again: bool) -> None:
        """Cancelled, or on again: a file says it."""
        if (number in self.model.cancelled) is not again:
            return
        self.files += 1
        why_not = None if again else WhyNot.CANCELLED
        bring(self.store, self.order(number, why_not), digest=f"file {self.files}")
        if again:
            self.model.cancelled.remove(number)
            return
        self.model.cancelled.add(number)
        boxes = [(one, self.model.boxes[one]) for one in self.model.boxes_of(number)]
        if all(box.state in ("open", "labelled") for _, box in boxes):
            if "+M" in boxes[0][0]:
                self.model.apart(boxes[0][0], "order.unmerged")
            elif "+P" in boxes[0][0]:
                self.model.together(number)

    # What must hold after each step

    @invariant()
    def every_unit_is_in_exactly_one_live_parcel(self) -> None:
        found: dict[str, Counter[Unit]] = {}
        for one, sku, units, position in self.store.db.rows(
            "SELECT o.order_key, l.sku, l.quantity, iif(o.part IS NULL,"
            " substr(l.line_key, 1, instr(l.line_key, ':') - 1), 1) FROM orders AS o"
            " JOIN order_lines AS l ON l.order_key = o.order_key WHERE o.merged_into IS NULL"
            " AND o.split IS NULL AND o.why_not IS NOT 'taken_apart'"
        ):
            member = self.store.db.row(
                "SELECT member FROM shipment_members WHERE shipment = ? AND position = ?",
                (one, int(position or 1) - 1),
            )
            number = (member[0] if member else one).partition("/")[2]
            found.setdefault(one, Counter())[number, sku] += units
        assert found == {one: box.units for one, box in self.model.boxes.items()}
        everything = sum(found.values(), Counter())
        assert everything == sum((whole(number) for number in NUMBERS), Counter())

    @invariant()
    def no_order_is_complete_twice(self) -> None:
        rows = self.store.db.rows(
            "SELECT order_key, state FROM parcels WHERE state IN ('SEALED', 'HANDED_OVER')"
        )
        names = {"closed": "SEALED", "gone": "HANDED_OVER"}
        wanted = {
            (one, names[box.state]) for one, box in self.model.boxes.items() if box.state in names
        }
        assert set(rows) == wanted

    @invariant()
    def each_order_is_told_everything_once(self) -> None:
        for number in NUMBERS:
            assert kinds(self.store, number) == self.model.told[number]

    @invariant()
    def a_stop_stands_on_each_parcel_with_a_cancelled_order(self) -> None:
        for one, box in self.model.boxes.items():
            row = self.store.db.row("SELECT 1 FROM parcels WHERE order_key = ?", (one,))
            if row is None or box.state == "gone":
                continue
            parcel = read_parcel(self.store.db, one)
            assert parcel is not None
            assert (parcel.why_not is WhyNot.CANCELLED) == self.model.stopped(box)


TestAnyShipment = AnyShipment.TestCase
TestAnyShipment.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
