"""The desk's answers to the orders page: lists, details, and what is done with orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.app.desk_rooms import DeskRooms
from packstation.core.events import CodeScanned
from packstation.core.order_query import GroupBy, OrderGroups, OrderQuery, OrderRows
from packstation.core.orders import HoldReason, OrderKey, ShopKey
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError
from packstation.runtime.engine import Engine
from packstation.ui.backend import Reply
from packstation.ui.backend_orders import ActionReport, MergeGroup, OrderDetails

if TYPE_CHECKING:
    from packstation.store.opening import OpenStore

MOST_SUGGESTED = 200
"""Groups of orders that may travel together, told at once."""


class OrderDesk(DeskRooms):
    """Satisfies ``OrderLists`` and ``OrderActions`` of ``ui.backend_orders``."""

    _engine: Engine | None

    # Lists

    def find(self, query: OrderQuery, reply: Reply[OrderRows]) -> None:
        """Find one page of orders."""
        from packstation.app.desk_rows import house_zone, order_rows

        zone = house_zone(self._house.settings)
        self._ask(lambda store: order_rows(store, zone, query), reply)

    def groups(self, query: OrderQuery, by: GroupBy, reply: Reply[OrderGroups]) -> None:
        """Put the orders of a query together."""
        from packstation.app.desk_rows import house_zone, order_groups

        zone = house_zone(self._house.settings)
        self._ask(lambda store: order_groups(store, zone, query, by), reply)

    def work_counts(self, reply: Reply[WorkCounts]) -> None:
        """Count the lists."""
        from packstation.app.desk_rows import house_zone, work_counts

        zone = house_zone(self._house.settings)
        self._ask(lambda store: work_counts(store, zone), reply)

    def details(self, order: OrderKey, reply: Reply[OrderDetails]) -> None:
        """Look at one order closely."""
        rules = self._house.rules

        def read(store: OpenStore) -> OrderDetails:
            from packstation.store.order_rows import read_order
            from packstation.store.order_steps import order_steps

            found = read_order(store.db, order)
            if found is None:
                raise _missing(order)
            labels = store.db.rows(
                "SELECT tracking_number, outcome FROM print_jobs WHERE kind = 'label' AND key = ?"
                " ORDER BY id DESC LIMIT 10",
                (order,),
            )
            platform = rules.platform(found.platform)
            return OrderDetails(
                order=order,
                lines=found.lines,
                labels=tuple(labels),
                members=found.members or _parts(store, order),
                cancel_consequence=platform.consequence.value if platform.consequence else "",
                cancel_instead=tuple(one.value for one in platform.instead),
                steps=order_steps(store.db, order),
            )

        self._ask(read, reply)

    # Several orders

    def _each(
        self,
        orders: Sequence[OrderKey],
        job: Callable[[OrderKey], None],
        reply: Reply[ActionReport],
    ) -> None:
        """Do something with each order; what one refuses does not keep the others from it."""

        def work() -> ActionReport:
            done: list[OrderKey] = []
            refused: list[tuple[OrderKey, PackStationError]] = []
            for key in orders:
                try:
                    job(key)
                except PackStationError as error:
                    refused.append((key, error))
                else:
                    done.append(key)
            return ActionReport(tuple(done), tuple(refused))

        self._do(self._room, work, reply)

    def hold_orders(
        self, orders: Sequence[OrderKey], reason: HoldReason, badge: str, reply: Reply[ActionReport]
    ) -> None:
        """Hold orders for a reason."""
        from packstation.app import order_life

        house = self._house
        self._each(orders, lambda key: order_life.hold(house, key, reason, badge), reply)

    def release_orders(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[ActionReport]
    ) -> None:
        """Release held orders."""
        from packstation.app import order_life

        house = self._house
        self._each(orders, lambda key: order_life.release(house, key, badge), reply)

    # One order

    def answer_cancellation(
        self, order: OrderKey, accept: bool, badge: str, reply: Reply[None]
    ) -> None:
        """Accept or turn down a buyer's wish to cancel."""
        from packstation.app import order_life

        house = self._house
        self._do(
            self._room,
            lambda: order_life.answer_cancellation(house, order, badge, accepted=accept),
            reply,
        )

    def cancel_order(self, order: OrderKey, reason: str, badge: str, reply: Reply[None]) -> None:
        """Cancel an order as the seller."""
        from packstation.app import order_life

        house = self._house
        self._do(self._room, lambda: order_life.cancel(house, order, reason, badge), reply)

    def short_pick(self, order: OrderKey, sku: str, units: int, reply: Reply[None]) -> None:
        """Say that units of an order are not there."""
        from packstation.app import order_life

        house = self._house
        self._do(self._room, lambda: order_life.short(house, order, sku, units), reply)

    def recall(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        """Ask the station to take a parcel out of its bag; the verdict is its own."""
        from packstation.app import order_life
        from packstation.core.decide import RECALL

        house, engine = self._house, self._engine

        def work() -> None:
            number = order_life.number_in_a_bag(house, order)
            if engine is not None:
                engine.post(CodeScanned(number, datetime.now(UTC), source=RECALL))

        self._do(self._room, work, reply)

    # Orders that share a parcel, or need several

    def merge_suggestions(self, shop: ShopKey | None, reply: Reply[tuple[MergeGroup, ...]]) -> None:
        """List orders of equal recipients that may travel together."""
        rules = self._house.rules

        def read(store: OpenStore) -> tuple[MergeGroup, ...]:
            from packstation.store.shipment_reads import suggestions

            return tuple(
                MergeGroup(
                    tuple(one.key for one in group.members), sum(o.units for o in group.members)
                )
                for group in suggestions(store.db, rules, shop, MOST_SUGGESTED)
            )

        self._ask(read, reply)

    def merge(self, orders: Sequence[OrderKey], badge: str, reply: Reply[OrderKey]) -> None:
        """Put orders into one parcel."""
        from packstation.app import shipments

        house = self._house

        def work() -> OrderKey:
            (merged,) = shipments.merge(house, orders, badge).shipments
            return merged.key

        self._do(self._room, work, reply)

    def take_apart(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        """Undo a merge or a split."""
        from packstation.app import shipments

        house = self._house

        def is_split(store: OpenStore) -> bool:
            row = store.db.row("SELECT split, part FROM orders WHERE order_key = ?", (order,))
            return row is not None and row != (None, None)

        def work() -> None:
            if is_split(self._reader):
                shipments.join(house, order, badge)
            else:
                shipments.unmerge(house, order, badge)

        self._do(self._room, work, reply)

    def split_off(
        self, order: OrderKey, units: Sequence[tuple[str, int]], badge: str, reply: Reply[None]
    ) -> None:
        """Split an order into two parcels; the rest goes into the second."""
        from packstation.app import shipments

        house = self._house
        first = ",".join(f"{line}={count}" for line, count in units)

        def work() -> None:
            shipments.split(house, order, [first], badge)

        self._do(self._room, work, reply)


def _parts(store: OpenStore, order: OrderKey) -> tuple[OrderKey, ...]:
    """Return the parts of a split order, or the merged order that an order travels in."""
    rows = store.db.rows(
        "SELECT m.shipment FROM shipment_members AS m JOIN orders AS o ON o.order_key = m.member"
        " WHERE m.member = ? AND (o.split IS NOT NULL OR o.merged_into = m.shipment)"
        " ORDER BY m.shipment",
        (order,),
    )
    return tuple(OrderKey(key) for (key,) in rows)


def _missing(order: OrderKey) -> PackStationError:
    number = order.partition("/")[2]
    return PackStationError(
        "store.order_missing",
        f"Order {number} is not in the store.",
        fix="Import it, then look again.",
        order=number,
    )
