"""What must be true, judged by the promise of the command line alone.

The model knows nothing of the program's code: from a state and a scan it says what must be
answered, and which state follows.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.campaign.shop import Order, Shop

ACCEPTED = {
    *("READY", "MATCH", "LINE_COMPLETE", "ORDER_COMPLETE", "ORDER_OPENED", "SEALED", "BAG_OPENED"),
    *("BAGGED", "BAG_SEALED", "BAG_COUNTED", "HANDOVER_OPENED", "HANDED_OVER", "UNDONE", "PAUSED"),
    *("HELD", "ACKNOWLEDGED", "SET_ASIDE", "REPRINTED"),
}
TABLE_FREE = {"IDLE", "PAUSED"}
COMPLETE = {"LABELLING", "CONFIRMING"}

Answer = dict[str, Any]


@dataclass
class Bag:
    """A bag by what was answered about it."""

    code: str | None
    """None while the answer that named it was cut off."""
    carrier: str | None = None
    orders: list[str] = field(default_factory=list)
    state: str = "open"


@dataclass
class Packing:
    """What is known of one order."""

    history: list[tuple[str, int]] = field(default_factory=list)
    """SKU and units of each accepted scan."""
    stage: str = "open"
    """open, complete, sealed, bagged, handed_over."""
    number: str | None = None
    copy: int = 1
    """Newest copy of its label; from the second on the label's own code proves it."""
    events: list[str] = field(default_factory=list)
    """Status events that must leave the house, in order."""

    def scanned(self, sku: str) -> int:
        return sum(units for done, units in self.history if done == sku)


@dataclass(frozen=True)
class Expected:
    """What an answer must say; None = not looked at."""

    verdict: str
    reason: str | None = None
    phases: frozenset[str] | None = None
    missing: int | None = None
    needed: int | None = None
    scanned: int | None = None
    order: str | None = None
    bag: str | None = None

    def differs(self, answer: Answer) -> str | None:
        """Return what an answer says otherwise, or None."""
        for name in ("verdict", "reason", "missing", "needed", "scanned", "order", "bag"):
            wanted = getattr(self, name)
            if wanted is not None and answer.get(name) != wanted:
                return f"{name} {answer.get(name)!r} instead of {wanted!r}"
        if self.phases is not None and answer.get("phase") not in self.phases:
            return f"phase {answer.get('phase')!r} instead of {sorted(self.phases)}"
        if (answer.get("reason") is None) != (answer["verdict"] in ACCEPTED):
            return f"{answer['verdict']} with reason {answer.get('reason')!r}"
        return None


@dataclass
class State:
    """One state the station may be in."""

    shop: Shop
    packing: dict[str, Packing]
    phase: str = "IDLE"
    current: str | None = None
    doubtful: set[str] = field(default_factory=set)
    """Orders whose label was being made when the process died: it may have come out or not."""
    codes: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Order and copy of each copy code that is printed on a label."""
    message_pending: bool = False
    stop_pending: bool = False
    bags: list[Bag] = field(default_factory=list)
    bag: Bag | None = None
    steps: list[str] = field(default_factory=list)
    """Orders put into the bag since it was taken up, which an undo takes out again."""
    handover: list[Bag] | None = None
    manifests: list[list[Bag]] = field(default_factory=list)

    def missing(self, order: Order) -> int:
        return order.units - sum(units for _, units in self.packing[order.order_id].history)

    def open_order(self) -> Order:
        assert self.current is not None
        order = self.shop.order(self.current)
        assert order is not None
        return order

    def order_of_number(self, number: str) -> str | None:
        return next((key for key, it in self.packing.items() if it.number == number), None)

    def label_of(self, order_id: str) -> str | None:
        """Return what proves an order's label: its number, or the code of its newest copy."""
        packing = self.packing[order_id]
        if packing.copy == 1:
            return packing.number
        mine = (order_id, packing.copy)
        return next((code for code, told in self.codes.items() if told == mine), None)

    def bag_of_code(self, code: str) -> Bag | None:
        return next((bag for bag in self.bags if bag.code == code), None)


def beginning(shop: Shop) -> State:
    """Return a station on which nothing has been packed."""
    return State(shop, {order.order_id: Packing() for order in shop.orders})


def follow(state: State, scan: str) -> tuple[Expected, State]:
    """Return what must be answered to a scan, and the state that follows."""
    after = copy.deepcopy(state)
    if after.phase in TABLE_FREE:
        return _table_free(after, scan), after
    if after.phase == "HANDOVER":
        return _at_handover(after, scan), after
    return _with_order(after, scan), after


def _stop(after: State, verdict: str, reason: str, **more: Any) -> Expected:
    return Expected(verdict, reason, _here(after), **more)


def _here(after: State) -> frozenset[str]:
    return frozenset(COMPLETE if after.current in after.doubtful else {after.phase})


def _table_free(after: State, scan: str) -> Expected:
    if scan == "PSCMDBAG":
        after.bag = Bag(None)
        after.bags.append(after.bag)
        after.steps = []
        return Expected("BAG_OPENED", phases=frozenset({after.phase}))
    if scan == "PSCMDSEAL":
        return _seal_bag(after)
    if scan == "PSCMDHANDOVER":
        after.phase = "HANDOVER"
        after.handover = after.handover or []
        after.steps = []
        return Expected("HANDOVER_OPENED", phases=frozenset({"HANDOVER"}))
    if scan == "PSCMDCLOSE":
        return _stop(after, "OUT_OF_PLACE", "no_handover_open")
    if scan == "PSCMDUNDO":
        return _unbag(after)
    if scan == "PSCMDOK":
        return _stop(after, "OUT_OF_PLACE", "nothing_to_acknowledge")
    order = after.shop.order(scan)
    if order is not None:
        return _open(after, order)
    owner = after.order_of_number(scan)
    if scan in after.codes:
        owner, copy = after.codes[scan]
        if copy != after.packing[owner].copy:
            return _stop(after, "OLD_LABEL", "old_copy", order=owner)
    if owner is not None:
        return _into_bag(after, owner)
    bag = after.bag_of_code(scan)
    if bag is not None:
        verdicts = {
            "sealed": ("BAG_IS_SEALED", "bag_sealed"),
            "handed_over": ("ALREADY_HANDED_OVER", "handed_over"),
            "open": ("REPEATED_SCAN", None),
        }
        verdict, reason = verdicts[bag.state]
        return Expected(verdict, reason, frozenset({after.phase}))
    if after.shop.product(scan):
        return _stop(after, "OUT_OF_PLACE", "no_order_open")
    return _stop(after, "ORDER_NOT_FOUND", "not_known")


def _open(after: State, order: Order) -> Expected:
    packing = after.packing[order.order_id]
    closed = {
        "sealed": ("ALREADY_SEALED", "sealed_not_bagged"),
        "bagged": ("ALREADY_BAGGED", "in_a_bag"),
        "handed_over": ("ALREADY_HANDED_OVER", "handed_over"),
    }.get(packing.stage)
    if closed:
        return _stop(after, *closed, order=order.order_id)
    after.current = order.order_id
    missing = after.missing(order)
    after.message_pending = bool(order.message) and not packing.history
    after.phase = "SCANNING" if missing else "CONFIRMING"
    after.steps = []
    return Expected("ORDER_OPENED", None, _here(after), missing=missing, order=order.order_id)


def _into_bag(after: State, owner: str) -> Expected:
    packing, order = after.packing[owner], after.shop.order(owner)
    assert order is not None
    if packing.stage == "handed_over":
        return _stop(after, "ALREADY_HANDED_OVER", "handed_over")
    if packing.stage == "bagged":
        return _stop(after, "ALREADY_BAGGED", "in_a_bag")
    if after.bag is None and packing.stage == "sealed":
        return _stop(after, "ALREADY_SEALED", "sealed_not_bagged")
    if after.bag is None:
        return _open(after, order)
    if packing.stage != "sealed":
        return _stop(after, "NOT_SEALED", "label_not_proved")
    if after.bag.carrier not in (None, order.carrier):
        return _stop(after, "WRONG_CARRIER", "bag_of_another_carrier")
    after.bag.carrier = order.carrier
    after.bag.orders.append(owner)
    after.steps.append(owner)
    packing.stage = "bagged"
    packing.events.append("parcel.bagged")
    return Expected(
        "BAGGED", None, frozenset({after.phase}), order=owner, bag=after.bag.code or None
    )


def _unbag(after: State) -> Expected:
    if not after.steps or after.bag is None:
        return _stop(after, "OUT_OF_PLACE", "nothing_to_undo")
    owner = after.steps.pop()
    after.bag.orders.remove(owner)
    if not after.bag.orders:
        after.bag.carrier = None
    after.packing[owner].stage = "sealed"
    after.packing[owner].events.append("parcel.unbagged")
    return Expected("UNDONE", None, frozenset({after.phase}), order=owner)


def _seal_bag(after: State) -> Expected:
    if after.bag is None:
        return _stop(after, "OUT_OF_PLACE", "no_bag_open")
    if not after.bag.orders:
        return _stop(after, "OUT_OF_PLACE", "bag_empty")
    sealed, after.bag, after.steps = after.bag, None, []
    sealed.state = "sealed"
    return Expected("BAG_SEALED", None, frozenset({after.phase}), bag=sealed.code or None)


def _with_order(after: State, scan: str) -> Expected:
    order = after.open_order()
    packing, missing = after.packing[order.order_id], after.missing(order)
    told: dict[str, Any] = {"missing": missing, "order": order.order_id}
    if scan == "PSCMDOK":
        if after.stop_pending:
            after.stop_pending = False
            return Expected("ACKNOWLEDGED", None, **told)
        if after.message_pending:
            after.message_pending = False
            return Expected("ACKNOWLEDGED", None, **told)
        return _stop(after, "OUT_OF_PLACE", "nothing_to_acknowledge", **told)
    if after.stop_pending:
        return _stop(after, "NOT_NOW", "acknowledge_stop", **told)
    if scan == "PSCMDPAUSE":
        after.phase, after.current, after.message_pending = "PAUSED", None, False
        return Expected("PAUSED", None, frozenset({"PAUSED"}), order=order.order_id)
    if after.phase in COMPLETE:
        return _complete(after, order, packing, scan)
    if scan == "PSCMDCLOSE":
        return _stop(after, "OUT_OF_PLACE", "no_handover_open", **told)
    if scan == "PSCMDUNDO":
        return _undo(after, packing, told)
    if after.message_pending:
        return _stop(after, "NOT_NOW", "acknowledge_message", **told)
    if scan == order.order_id:
        return _stop(after, "REPEATED_SCAN", "order_is_open", **told)
    return _item(after, order, packing, scan)


def _undo(after: State, packing: Packing, told: dict[str, Any]) -> Expected:
    if not packing.history:
        return _stop(after, "OUT_OF_PLACE", "nothing_to_undo", **told)
    _, units = packing.history.pop()
    told["missing"] += units
    return Expected("UNDONE", None, frozenset({"SCANNING"}), **told)


def _item(after: State, order: Order, packing: Packing, scan: str) -> Expected:
    missing = after.missing(order)
    told: dict[str, Any] = {"missing": missing, "order": order.order_id}
    found = after.shop.product(scan)
    if after.order_of_number(scan) or scan in after.codes:
        return _stop(after, "IS_A_WAYBILL", "belongs_to_a_parcel", **told)
    if found is None:
        return _stop(after, "UNKNOWN_CODE", "not_known", **told)
    product, units = found
    needed = sum(quantity for it, quantity in order.lines if it == product)
    if not needed:
        return _stop(after, "WRONG_ITEM", "not_in_order", **told)
    done = packing.scanned(product.sku)
    told |= {"needed": needed, "scanned": done}
    if done == needed:
        return _stop(after, "OVER_QUANTITY", "line_full", **told)
    if done + units > needed:
        return _stop(after, "OVER_QUANTITY", "pack_too_large", **told)
    packing.history.append((product.sku, units))
    told |= {"missing": missing - units, "scanned": done + units}
    if missing > units:
        verdict = "LINE_COMPLETE" if done + units == needed else "MATCH"
        return Expected(verdict, None, frozenset({"SCANNING"}), **told)
    after.phase, packing.stage = "CONFIRMING", "complete"
    packing.events += ["order.verified", "label.assigned"]
    return Expected("ORDER_COMPLETE", None, frozenset({"CONFIRMING"}), **told)


def _complete(after: State, order: Order, packing: Packing, scan: str) -> Expected:
    told: dict[str, Any] = {"missing": 0, "order": order.order_id}
    if scan == packing.number and packing.copy > 1:
        return _stop(after, "OLD_LABEL", "scan_copy_code", **told)
    owner, copy = after.codes.get(scan, (None, 0))
    if owner == order.order_id and copy != packing.copy:
        return _stop(after, "OLD_LABEL", "old_copy", **told)
    if scan == packing.number or owner == order.order_id:
        after.phase, after.current = "IDLE", None
        packing.stage = "sealed"
        packing.events.append("parcel.sealed")
        return Expected("SEALED", None, frozenset({"IDLE"}), **told)
    if scan == "PSCMDREPRINT":
        after.doubtful.discard(order.order_id)
        after.phase = "CONFIRMING"
        packing.copy += 1
        return Expected("REPRINTED", None, frozenset({"CONFIRMING"}), **told)
    if scan == "PSCMDUNDO":
        return _stop(after, "OUT_OF_PLACE", "label_printed", **told)
    if scan == "PSCMDCLOSE":
        return _stop(after, "OUT_OF_PLACE", "no_handover_open", **told)
    if scan == order.order_id:
        return _stop(after, "REPEATED_SCAN", "order_is_open", **told)
    if after.order_of_number(scan) or owner:
        after.stop_pending = True
        return _stop(after, "WRONG_LABEL", "other_parcel_has_it", **told)
    found = after.shop.product(scan)
    if found and any(product == found[0] for product, _ in order.lines):
        return _stop(after, "OVER_QUANTITY", "line_full", **told)
    if found:
        return _stop(after, "WRONG_ITEM", "not_in_order", **told)
    after.stop_pending = True
    return _stop(after, "WRONG_LABEL", "not_this_parcel", **told)


def _at_handover(after: State, scan: str) -> Expected:
    counted = after.handover
    assert counted is not None
    here = frozenset({"HANDOVER"})
    if scan == "PSCMDHANDOVER":
        return Expected("OUT_OF_PLACE", "handover_is_open", here)
    if scan == "PSCMDPAUSE":
        after.phase = "IDLE"
        return Expected("PAUSED", None, frozenset({"IDLE"}))
    if scan == "PSCMDCLOSE":
        if not counted:
            return Expected("OUT_OF_PLACE", "nothing_counted", here)
        return _close(after, counted)
    bag = after.bag_of_code(scan)
    if bag is None:
        return Expected("OUT_OF_PLACE", "bags_only", here)
    if bag.state == "handed_over":
        return Expected("ALREADY_HANDED_OVER", "handed_over", here)
    if bag in counted:
        return Expected("REPEATED_SCAN", "bag_counted_already", here)
    if bag.state == "open":
        return Expected("NOT_SEALED", "bag_not_sealed", here)
    if counted and counted[0].carrier != bag.carrier:
        return Expected("WRONG_CARRIER", "bag_of_another_carrier", here)
    counted.append(bag)
    return Expected("BAG_COUNTED", None, here, bag=bag.code)


def _close(after: State, counted: list[Bag]) -> Expected:
    for bag in counted:
        bag.state = "handed_over"
        for owner in bag.orders:
            after.packing[owner].stage = "handed_over"
            after.packing[owner].events.append("parcel.handed_over")
    after.manifests.append(counted)
    after.handover, after.phase = None, "IDLE"
    return Expected("HANDED_OVER", None, frozenset({"IDLE"}))
