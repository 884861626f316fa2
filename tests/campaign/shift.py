"""The operator of a shift: chooses the next scan, mostly right, sometimes not."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.campaign.model import COMPLETE, TABLE_FREE, Bag, State
from tests.campaign.shop import Order

BAG_SIZE = 3


class Operator:
    """Packs every order, gathers the parcels into bags and hands them over."""

    def __init__(
        self, rng: random.Random, label_is_out: Callable[[str], bool], *, mistakes: float = 0.2
    ) -> None:
        self._rng = rng
        self._label_is_out = label_is_out
        self._mistakes = mistakes

    def next_scan(self, state: State) -> str | None:
        """Return what is scanned next; None when the shift is over."""
        if state.phase in TABLE_FREE:
            return self._between_orders(state)
        if state.phase == "HANDOVER":
            return self._at_handover(state)
        return self._with_order(state, state.open_order())

    def _slips(self) -> bool:
        return self._rng.random() < self._mistakes

    def _between_orders(self, state: State) -> str | None:
        rng, packing = self._rng, state.packing
        if self._slips():
            barcode = rng.choice(state.shop.products).barcode
            done = [key for key, it in packing.items() if it.stage not in ("open", "complete")]
            return rng.choice(["NO-SUCH-CODE", barcode, *done[:1]])
        waiting = [
            order
            for order in state.shop.orders
            if packing[order.order_id].stage == "sealed"
            and (state.bag is None or state.bag.carrier in (None, order.carrier))
        ]
        unpacked = [key for key, it in packing.items() if it.stage in ("open", "complete")]
        if state.bag is not None:
            full = len(state.bag.orders) >= BAG_SIZE
            if state.bag.orders and (full or not (waiting or unpacked)):
                return "PSCMDSEAL"
            if state.steps and rng.random() < 0.1:
                return "PSCMDUNDO"
            if waiting and (rng.random() < 0.7 or not unpacked):
                return packing[waiting[0].order_id].number
            if not waiting and not unpacked:
                return "PSCMDSEAL" if state.bag.orders else None
        elif waiting and (len(waiting) >= BAG_SIZE or not unpacked):
            return "PSCMDBAG"
        if unpacked:
            return rng.choice(unpacked[:3])
        if any(bag.state == "sealed" for bag in state.bags):
            return "PSCMDHANDOVER"
        return "PSCMDSEAL" if state.bag is not None and state.bag.orders else None

    def _with_order(self, state: State, order: Order) -> str:
        rng = self._rng
        if state.stop_pending:
            return rng.choice(("PSCMDOK", "PSCMDOK", order.order_id))
        if state.message_pending:
            return rng.choice(("PSCMDOK", "PSCMDOK", order.lines[0][0].barcode))
        if state.phase in COMPLETE:
            return self._label(state, order)
        packing = state.packing[order.order_id]
        if self._slips():
            full = [it.barcode for it, n in order.lines if packing.scanned(it.sku) == n]
            mine = {it.sku for it, _ in order.lines}
            wrong = [it.barcode for it in state.shop.products if it.sku not in mine]
            undo = ["PSCMDUNDO"] if packing.history else []
            return rng.choice(["NO-SUCH-CODE", "PSCMDPAUSE", *undo, *full, *wrong[:2]])
        left = [(it, n - packing.scanned(it.sku)) for it, n in order.lines]
        product, missing = rng.choice([(it, n) for it, n in left if n])
        if product.pack and product.pack_units <= missing and rng.random() < 0.5:
            return product.pack
        return product.barcode if rng.random() < 0.8 else product.sku

    def _label(self, state: State, order: Order) -> str:
        number = state.packing[order.order_id].number
        assert number is not None, "a complete order has a label"
        if order.order_id in state.doubtful and not self._label_is_out(order.order_id):
            return "PSCMDREPRINT"
        if self._slips():
            others = [
                it.number for key, it in state.packing.items() if it.number and key != state.current
            ]
            slips = [order.lines[0][0].barcode, "PSCMDPAUSE", order.order_id, *others[:2]]
            older = [
                code
                for code, (owner, copy) in state.codes.items()
                # An original bears no code that anybody could scan.
                if owner == order.order_id and 1 < copy < state.packing[owner].copy
            ]
            number_too = [number] if state.packing[order.order_id].copy > 1 else []
            return self._rng.choice([*slips, *older[:1], *number_too, "PSCMDREPRINT"])
        return state.label_of(order.order_id) or number

    def _at_handover(self, state: State) -> str:
        counted = state.handover or []
        carrier = counted[0].carrier if counted else None
        left = [bag for bag in state.bags if bag.state == "sealed" and bag not in counted]
        mine: list[Bag] = [bag for bag in left if carrier in (None, bag.carrier)]
        if self._slips():
            codes = [bag.code for bag in [*counted, *left] if bag.code and bag not in mine]
            return self._rng.choice(["NO-SUCH-CODE", *codes])
        return (mine[0].code or "") if mine else "PSCMDCLOSE"
