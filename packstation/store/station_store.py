"""The station's memory: facts in, answers out. Implements the port ``StationStore``."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from packstation.core import facts
from packstation.core.carriers import shortened
from packstation.core.codes import CodeKind, folded
from packstation.core.effects import CheckHandover, LoadOrder, LookUp
from packstation.core.eligibility import why_not_at
from packstation.core.events import (
    CodeFound,
    CodeScanned,
    Event,
    HandoverChecked,
    LabelQueued,
    LabelRefused,
    OrderLoaded,
)
from packstation.core.life import PACKER, RELEASED_BY
from packstation.core.merging import number_in
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    Order,
    OrderKey,
    ShopKey,
    Sku,
    WhyNot,
)
from packstation.core.parcels import Parcel
from packstation.core.policy import Rules
from packstation.core.station import SavedStation, StepKind
from packstation.core.verification import ScanStep
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import (
    dock_rows,
    labels,
    numbers,
    parcel_rows,
    print_batch_reads,
    sheet_reads,
)
from packstation.store.label_reads import newest_label
from packstation.store.order_rows import read_order
from packstation.store.people import PeopleVault
from packstation.store.record_codec import from_text, to_text
from packstation.store.recorder import Recorder
from packstation.store.shipment_reads import carried_by, codes_for
from packstation.store.shipment_rows import members_of

_MOST = 20
"""More orders or products under one code than this are not told apart any further."""


def _forms(text: str) -> tuple[str, ...]:
    """Return the forms in which a number may be stored, the scanned one first."""
    plain = unicodedata.normalize("NFKC", text)
    forms = (text, plain, plain.upper(), plain.lower(), plain.swapcase())
    return tuple(dict.fromkeys(forms))


class SqliteStationStore:
    """What the station knows, in one SQLite file; lives in the room ``store``."""

    def __init__(self, recorder: Recorder, people: PeopleVault, rules: Rules) -> None:
        """Keep the way to write, the people's vault and the shop's rules."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._rules = rules
        self._saved: SavedStation | None = None
        self.arrivals: Callable[[Iterable[str]], bool] | None = None
        """Asked before a number is looked up: an import may have its order, or a change of it, and
        writes it now; true where it did."""

    @property
    def rules(self) -> Rules:
        """What the shops have set."""
        return self._rules

    def use_rules(self, rules: Rules) -> None:
        """Take new rules after the settings changed; between two calls."""
        self._rules = rules

    def record(
        self, facts_: Sequence[facts.Fact], saved: SavedStation, stamp: Stamp
    ) -> tuple[Event, ...]:
        """Write facts, projections, status events and the station in one transaction.

        Raises:
            StoreError: Nothing was written.
        """
        events: list[Event] = []
        self._arrived([one.order for one in facts_ if isinstance(one, facts.LabelRequested)])
        with self._recorder.tx():
            for fact in facts_:
                if print_batch_reads.is_known(self._db, fact):
                    continue
                self._recorder.write((fact,), stamp)
                if isinstance(fact, facts.LabelRequested):
                    events.append(self.assign_label(fact, stamp))
            if saved != self._saved:
                self._db.run(
                    "INSERT INTO station VALUES (1, ?)"
                    " ON CONFLICT (id) DO UPDATE SET saved = excluded.saved",
                    (to_text(saved),),
                )
        self._saved = saved
        return tuple(events)

    def assign_label(
        self, asked: facts.LabelRequested, stamp: Stamp, batch: str = ""
    ) -> LabelQueued | LabelRefused:
        """Give an order its number and a print job, or say why not; inside the open transaction.

        The copy is raised where it was made before. A batch's label is printed ahead of packing.
        """
        return labels.assign(self._recorder, self._rules, asked, stamp, batch)

    def find(self, effect: LookUp) -> CodeFound:
        """Say what a code belongs to."""
        code = effect.code
        if code.kind is CodeKind.BAG:
            return CodeFound(effect.scan, bag=dock_rows.read_bag(self._db, code.text))
        if code.kind is CodeKind.COPY:
            return self._copy(effect)
        forms = _forms(code.text)
        self._take_in(forms)
        orders, parcel = self._meant(code.text, forms)
        # A label of ours has a number that no file knows: what waits, waits under its orders.
        if self._arrived((*orders, *((parcel.order,) if parcel else ()))):
            orders, parcel = self._meant(code.text, forms)
        voided, cancelled = None, False
        if parcel is None and not orders:
            voided, cancelled = self._voided_for(code.text, forms)
            orders = (voided,) if voided is not None and cancelled else ()
        return CodeFound(
            scan=effect.scan,
            orders=orders,
            parcel=self._at(parcel, effect.scan.at) if parcel else None,
            skus=self._skus_with({folded(code.key), folded(code.text)}),
            in_number_block=numbers.is_free(self._db, forms),
            voided=voided,
        )

    def _copy(self, effect: LookUp) -> CodeFound:
        """Say which printed copy a copy code stands for, and where its parcel is."""
        found = labels.copy_found(self._db, effect.code.text)
        if found is None:
            return CodeFound(effect.scan)
        if self._arrived(carried_by(self._db, (found.order,))):
            found = labels.copy_found(self._db, effect.code.text) or found
        orders = carried_by(self._db, (found.order,))
        parcel = parcel_rows.read_parcel(self._db, orders[0]) if len(orders) == 1 else None
        return CodeFound(
            scan=effect.scan,
            orders=orders,
            parcel=self._at(parcel, effect.scan.at) if parcel else None,
            copy=found,
        )

    def take_in_orders(self, keys: Sequence[OrderKey]) -> None:
        """Write what a running import has of some orders, so that nothing old is decided on."""
        self._arrived(keys)

    def _take_in(self, numbers: Iterable[str]) -> bool:
        return self.arrivals is not None and self.arrivals(numbers)

    def _arrived(self, keys: Sequence[str]) -> bool:
        """Write what an import has of orders, and of those in their parcels; true where it did."""
        inside = (members_of(self._db, OrderKey(key)) for key in keys)
        known = dict.fromkeys((*keys, *(member for members in inside for member in members)))
        return self._take_in([number_in(OrderKey(key)) for key in known])

    def _meant(
        self, text: str, forms: tuple[str, ...]
    ) -> tuple[tuple[OrderKey, ...], Parcel | None]:
        """Return the orders and the parcel behind a code."""
        orders = self._orders_with(forms)
        parcel = parcel_rows.parcel_with_number(self._db, forms)
        if parcel is None and not orders:
            orders, parcel = self._behind(text)
        orders = carried_by(self._db, orders)
        if parcel is None and len(orders) == 1:
            parcel = parcel_rows.read_parcel(self._db, orders[0])
        return orders, parcel

    def _at(self, parcel: Parcel, now: datetime) -> Parcel:
        """Return a parcel with what its order says at a time: a wish to cancel runs out."""
        if parcel.why_not is not WhyNot.CANCEL_REQUESTED:
            return parcel
        order = read_order(self._db, parcel.order)
        why_not = why_not_at(order, self._rules, now) if order else parcel.why_not
        return replace(parcel, why_not=why_not)

    def _voided_for(self, text: str, forms: tuple[str, ...]) -> tuple[OrderKey | None, bool]:
        """Return whose void label a code is, and whether it is void for a cancellation."""
        inside = (number for _, number in shortened(self._rules.carriers, text))
        for form in (*forms, *inside):
            row = self._db.row(
                "SELECT order_key, reason FROM voided_labels WHERE tracking_number = ?", (form,)
            )
            if row is not None:
                return OrderKey(row[0]), row[1] == "cancelled"
        return None, False

    def _behind(self, text: str) -> tuple[tuple[OrderKey, ...], Parcel | None]:
        """Return what a long barcode belongs to whose carrier finds its own number in it.

        Carriers' numbers look alike: one counts only with the very carrier that read it. Whoever
        else has it is told too: a number that is on a parcel must not get onto another one.
        """
        keys: dict[OrderKey, None] = {}
        parcels: list[OrderKey] = []
        for code, number in shortened(self._rules.carriers, text):
            rows = self._db.rows(
                "SELECT order_key, shop, carrier FROM orders WHERE tracking_number = ?", (number,)
            )
            for key, shop, carrier in rows:
                if code == (carrier or self._rules.shop(ShopKey(shop)).carrier):
                    keys[OrderKey(key)] = None
            rows = self._db.rows(
                "SELECT order_key FROM parcels WHERE tracking_number = ? AND carrier = ?"
                " AND state <> 'VOIDED'",
                (number, code),
            )
            parcels.extend(OrderKey(key) for (key,) in rows)
        if len(set(parcels)) > 1:
            return tuple(dict.fromkeys((*keys, *parcels))), None
        parcel = parcel_rows.read_parcel(self._db, parcels[0]) if parcels else None
        return tuple(keys), parcel

    def _orders_with(self, forms: tuple[str, ...]) -> tuple[OrderKey, ...]:
        for form in forms:
            rows = self._db.rows(
                "SELECT order_key FROM orders WHERE order_id = ?1 UNION"
                " SELECT order_key FROM orders WHERE tracking_number = ?1 LIMIT ?2",
                (form, _MOST),
            )
            if rows:
                return tuple(OrderKey(key) for (key,) in rows)
        return ()

    def _skus_with(self, texts: set[str]) -> tuple[Sku, ...]:
        found: dict[Sku, None] = {}
        for text in sorted(texts):
            rows = self._db.rows(
                "SELECT sku FROM product_codes WHERE folded = ?1 UNION"
                " SELECT sku FROM skus WHERE folded = ?1 ORDER BY sku LIMIT ?2",
                (text, _MOST),
            )
            found.update((Sku(sku), None) for (sku,) in rows if sku)
        return tuple(found)

    def load_order(self, effect: LoadOrder) -> OrderLoaded:
        """Read an order with everything its verification needs.

        Raises:
            StoreError: ``store.order_missing``.
        """
        self._arrived([effect.order])
        loaded = self._load(effect.scan, effect.order)
        if loaded is None:
            raise StoreError(
                "store.order_missing",
                f"Order {effect.order} is not in the store.",
                fix="Import it, then scan it again.",
                order=effect.order,
            )
        return loaded

    def _load(self, scan: CodeScanned, key: OrderKey) -> OrderLoaded | None:
        order = read_order(self._db, key)
        if order is None:
            return None
        carrier = self._rules.carrier_of(order)
        return OrderLoaded(
            scan=scan,
            order=order,
            codes=codes_for(self._db, order),
            history=self._history(order),
            parcel=parcel_rows.read_parcel(self._db, key),
            messages=self._messages(order),
            numbers_left=self._numbers_left(order, carrier),
            label=newest_label(self._db, order),
        )

    def _numbers_left(self, order: Order, carrier: CarrierCode | None) -> int:
        """Return how many numbers an order could get; one of its own is one."""
        if carrier is None:
            return 0
        left = numbers.left(self._db, carrier, self._rules.shop(order.shop).number_pool)
        return left or int(sheet_reads.carrier_number(self._db, order.key, carrier) is not None)

    def _history(self, order: Order) -> tuple[ScanStep, ...]:
        rows = self._db.rows(
            "SELECT t.units FROM sessions AS s JOIN session_steps AS t"
            " ON t.order_key = s.order_key WHERE s.order_key = ? AND s.version = ?"
            " ORDER BY t.position",
            (order.key, order.version),
        )
        return tuple(
            ScanStep(tuple((LineKey(line), units) for line, units in json.loads(text)))
            for (text,) in rows
        )

    def _messages(self, order: Order) -> tuple[str, ...]:
        if not (order.has_buyer_message or order.has_seller_memo):
            return ()
        people = [self._people.person(key) for key in order.members or (order.key,)]
        texts = (text for one in people for text in (one.buyer_message, one.seller_memo) if text)
        return tuple(dict.fromkeys(texts))

    def check_handover(self, effect: CheckHandover) -> HandoverChecked:
        """Look at every bag of a handover once more."""
        stopped, where, inside, parcels = None, None, None, 0
        listed = "SELECT order_key FROM parcels WHERE bag IN (SELECT value FROM json_each(?))"
        self._arrived([key for (key,) in self._db.rows(listed, (json.dumps(effect.bags),))])
        for code in effect.bags:
            bag = dock_rows.read_bag(self._db, code)
            if bag is None:
                raise StoreError("store.conflict", f"Bag {code} is not known.", bag=code)
            parcels += bag.parcels
            if stopped is None and bag.stopped is not None:
                stopped, where, inside = bag.stopped, code, bag.stopped_by
        return HandoverChecked(effect.scan, effect.manifest, stopped, parcels, where, inside)

    def resume(self) -> tuple[SavedStation, OrderLoaded | None]:
        """Return the station at its last commit, and its open order as it is today."""
        row = self._db.row("SELECT saved FROM station WHERE id = 1")
        saved: SavedStation = from_text(SavedStation, row[0]) if row else SavedStation()
        self._saved = saved
        # Somebody may have decided about a held order since: that is not the table's to undo.
        held = (step for step in saved.steps if step.kind is StepKind.HELD)
        gone = {step.order for step in held if not self._any_may_release(step.order)}
        saved = replace(saved, steps=tuple(s for s in saved.steps if s.order not in gone))
        if saved.order is None:
            return saved, None
        at = datetime.now(UTC)
        scan = CodeScanned(saved.order, at, source="resume")
        return saved, self._load(scan, saved.order)

    def _any_may_release(self, order: OrderKey | None) -> bool:
        sql = "SELECT hold_reason FROM orders WHERE order_key = ? AND held = 1"
        row = self._db.row(sql, (order,))
        return row is not None and RELEASED_BY[HoldReason(row[0] or "operator")] == PACKER

    def release(self, order: OrderKey, stamp: Stamp) -> bool:
        """Take a station's hold back; False where the order was not held."""
        row = self._db.row("SELECT held FROM orders WHERE order_key = ?", (order,))
        if row != (1,):
            return False
        with self._recorder.tx():
            self._recorder.write((facts.OrderReleased(order),), stamp)
        return True

    def carrier_of(self, order: Order) -> CarrierCode | None:
        """Return the carrier that an order would get today."""
        return self._rules.carrier_of(order)
