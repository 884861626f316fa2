"""An orders desk that answers from a list of invented orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packstation.core.order_query import (
    GroupBy,
    OrderFound,
    OrderGroup,
    OrderGroups,
    OrderQuery,
    OrderRows,
)
from packstation.core.order_steps import steps_of
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    OrderKey,
    OrderLine,
    ShopKey,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.reports import WorkCounts
from packstation.core.status import ParcelState
from packstation.errors import PackStationError
from packstation.ui.backend import Reply
from packstation.ui.backend_orders import ActionReport, FileReport, MergeGroup, OrderDetails

YTO = CarrierCode("YTO")
NOT_ENTITLED = PackStationError("people.not_entitled", "Only a supervisor may do this.")


def a_row(number: int, **more: Any) -> OrderFound:
    """One order of a list."""
    plain = OrderFound(
        key=OrderKey(f"main/57710000{number:08d}"),
        shop=ShopKey("main"),
        order_id=f"57710000{number:08d}",
        status="waiting",
        why_not=None,
        parcel=None,
        carrier=YTO,
        tracking_number=None,
        units=1 + number % 4,
        lines=1,
        promised_ship_at=None,
        bag=None,
        manifest=None,
        version=1,
    )
    return replace(plain, **more)


def some_rows(count: int = 12) -> tuple[OrderFound, ...]:
    """Orders with every kind of state."""
    now = datetime.now(UTC)
    kinds: tuple[dict[str, Any], ...] = (
        {"due_at": now - timedelta(hours=2), "urged": True},
        {"due_at": now + timedelta(hours=3, minutes=5), "has_message": True, "shop": "second"},
        {"due_at": now + timedelta(hours=30), "wave": "W01-3", "printed": True},
        {"reason": "masked_recipient"},
        {"why_not": WhyNot.CANCEL_REQUESTED, "reason": "cancel_requested"},
        {"held": True, "why_not": WhyNot.HELD, "hold_reason": "buyer_asks"},
        {"members": 3, "order_id": "5771000000000006+2"},
        {"part": 1, "parts": 2, "members": 1},
        {"parcel": ParcelState.SEALED, "tracking_number": TrackingNumber("YT7700000000001")},
        {"parcel": ParcelState.BAGGED, "tracking_number": TrackingNumber("YT7700000000002")},
    )
    return tuple(a_row(n, **kinds[n % len(kinds)]) for n in range(count))


class Running:
    """What a long export gives back."""

    def __init__(self) -> None:
        self.called = False

    def cancel(self) -> None:
        self.called = True


class FakeOrders:
    """Keeps what it was asked; answers at once."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[OrderFound, ...] = ()
        self.total: int | None = None
        self.searched_to: datetime | None = None
        self.find_error: PackStationError | None = None
        self.queries: list[OrderQuery] = []
        self.grouped: list[GroupBy] = []
        self.work = WorkCounts(3, 1, 0, overdue=2, held=1, stopped=2)
        self.done: list[tuple[Any, ...]] = []
        self.badge = ""
        """Set: nothing is done without this badge."""
        self.refused: tuple[tuple[OrderKey, PackStationError], ...] = ()
        self.suggestions: tuple[MergeGroup, ...] = ()
        self.file = FileReport((Path("orders.xlsx"),), 12)
        self.file_error: PackStationError | None = None
        self.running = Running()
        self.consequence = ("", ())  # type: tuple[str, tuple[str, ...]]

    def find(self, query: OrderQuery, reply: Reply[OrderRows]) -> None:
        self.queries.append(query)
        if self.find_error is not None:
            reply(self.find_error)
            return
        rows = [row for row in self.rows if query.text in row.order_id]
        first = int(query.after or 0)
        shown = tuple(rows[first : first + query.limit])
        end = first + len(shown)
        cursor = str(end) if end < len(rows) or self.searched_to else None
        whole = self.total if self.total is not None else len(rows)
        total = None if self.searched_to else whole
        reply(OrderRows(shown, cursor, total, end, self.searched_to))

    def groups(self, query: OrderQuery, by: GroupBy, reply: Reply[OrderGroups]) -> None:
        self.grouped.append(by)
        keys = {GroupBy.CARRIER: "YTO", GroupBy.BIN: "A-01", GroupBy.DUE_DAY: "2026-11-22"}
        key = keys.get(by, "main")
        reply(OrderGroups(by, (OrderGroup(key, key, 7, 9), OrderGroup("", "", 2, 4)), 9))

    def work_counts(self, reply: Reply[WorkCounts]) -> None:
        reply(self.work)

    def details(self, order: OrderKey, reply: Reply[OrderDetails]) -> None:
        lines = (
            OrderLine(
                LineKey("1"), Sku("TS-RED-M"), "纯棉圆领短袖T恤", 2, "红色 / M", None, "A-03-2"
            ),
            OrderLine(LineKey("2"), Sku("CUP-350"), "不锈钢保温杯 350 ml", 1, "墨绿", None, None),
        )
        labels = (("YT7700000000001", "CONFIRMED"),)
        row = next((row for row in self.rows if row.key == order), None)
        state = row.parcel if row else None
        steps = steps_of(state, paid=True, picked=True, label=False, place="集货仓 3 号门")
        reply(OrderDetails(order, lines, labels, (), *self.consequence, steps))

    def _many(
        self,
        word: str,
        orders: Sequence[OrderKey],
        badge: str,
        reply: Reply[ActionReport],
        *more: Any,
    ) -> None:
        if badge != self.badge:
            reply(ActionReport((), tuple((key, NOT_ENTITLED) for key in orders)))
            return
        self.done.append((word, tuple(orders), *more))
        bad = {key for key, _ in self.refused}
        reply(ActionReport(tuple(k for k in orders if k not in bad), self.refused))

    def _one(
        self, badge: str, reply: Callable[[Any], None], *told: Any, answer: Any = None
    ) -> None:
        if badge != self.badge:
            reply(NOT_ENTITLED)
            return
        self.done.append(told)
        reply(answer)

    def hold_orders(
        self, orders: Sequence[OrderKey], reason: HoldReason, badge: str, reply: Reply[ActionReport]
    ) -> None:
        self._many("hold", orders, badge, reply, reason)

    def release_orders(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[ActionReport]
    ) -> None:
        self._many("release", orders, badge, reply)

    def answer_cancellation(
        self, order: OrderKey, accept: bool, badge: str, reply: Reply[None]
    ) -> None:
        self._one(badge, reply, "accept" if accept else "reject", order)

    def cancel_order(self, order: OrderKey, reason: str, badge: str, reply: Reply[None]) -> None:
        self._one(badge, reply, "cancel", order, reason)

    def short_pick(self, order: OrderKey, sku: str, units: int, reply: Reply[None]) -> None:
        self._one(self.badge, reply, "short", order, sku, units)

    def recall(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        self._one(badge, reply, "recall", order)

    def merge_suggestions(self, shop: ShopKey | None, reply: Reply[tuple[MergeGroup, ...]]) -> None:
        reply(self.suggestions)

    def merge(self, orders: Sequence[OrderKey], badge: str, reply: Reply[OrderKey]) -> None:
        merged = OrderKey(f"{orders[0]}+{len(orders) - 1}")
        self._one(badge, reply, "merge", tuple(orders), answer=merged)

    def take_apart(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        self._one(badge, reply, "apart", order)

    def split_off(
        self, order: OrderKey, units: Sequence[tuple[str, int]], badge: str, reply: Reply[None]
    ) -> None:
        self._one(badge, reply, "split", order, tuple(units))

    def _file(self, reply: Reply[FileReport], *told: Any) -> None:
        self.done.append(told)
        reply(self.file_error or self.file)

    def ship_file(
        self, shop: ShopKey, path: Path, template: Path | None, reply: Reply[FileReport]
    ) -> None:
        self._file(reply, "ship", shop, path, template)

    def export_orders(
        self,
        query: OrderQuery,
        path: Path,
        rows: int | None,
        with_recipients: bool,
        progress: Callable[[int], None],
        reply: Reply[FileReport],
    ) -> Running:
        progress(100)
        self._file(reply, "export", path, rows, with_recipients)
        return self.running

    def carrier_sheet(self, carrier: CarrierCode, path: Path, reply: Reply[FileReport]) -> None:
        self._file(reply, "sheet", carrier, path)

    def carrier_numbers(self, sheet: str, path: Path, reply: Reply[FileReport]) -> None:
        self._file(reply, "returned", sheet, path)

    def shipment_results(self, batch: str, path: Path, reply: Reply[FileReport]) -> None:
        self._file(reply, "results", batch, path)

    def make_wave(self, orders: Sequence[OrderKey], reply: Reply[FileReport]) -> None:
        self._file(reply, "wave", tuple(orders))

    def pick_list_of(
        self, orders: Sequence[OrderKey], path: Path, total: bool, reply: Reply[FileReport]
    ) -> None:
        self._file(reply, "pick", tuple(orders), path, total)
