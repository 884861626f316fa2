"""What the orders page asks for: lists of any filter, what may be done with orders, files out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packstation.core.order_query import GroupBy, OrderGroups, OrderQuery, OrderRows
from packstation.core.order_steps import OrderSteps
from packstation.core.orders import CarrierCode, HoldReason, OrderKey, OrderLine, ShopKey
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.ui.backend import Cancel, Reply


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """One order, looked at closely; no people's data."""

    order: OrderKey
    lines: tuple[OrderLine, ...]
    labels: tuple[tuple[str, str], ...]
    """Tracking numbers of its labels with the outcome of each print job, newest first."""
    members: tuple[OrderKey, ...] = ()
    """Orders inside, where it is a merged one; its parts, where it was split."""
    cancel_consequence: str = ""
    """Stable word of what the platform does when the seller cancels; empty = nothing known."""
    cancel_instead: tuple[str, ...] = ()
    """Stable words of what may be done instead."""
    steps: OrderSteps = field(default_factory=OrderSteps)
    """How far it has come."""


@dataclass(frozen=True, slots=True)
class ActionReport:
    """What was done with several orders, and with which it was not."""

    done: tuple[OrderKey, ...]
    refused: tuple[tuple[OrderKey, PackStationError], ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that was written."""

    files: tuple[Path, ...]
    orders: int
    left: tuple[tuple[OrderKey, str], ...] = ()
    """Orders that are not in it, and why, as words of ``Reason`` or of the files out."""
    waiting: int = 0
    """Orders that go into the next file."""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """Orders that may travel in one parcel."""

    orders: tuple[OrderKey, ...]
    units: int


class OrderLists(Protocol):
    """Lists, groups and counts."""

    def find(self, query: OrderQuery, reply: Reply[OrderRows]) -> None:
        """Find one page of orders."""
        ...

    def groups(self, query: OrderQuery, by: GroupBy, reply: Reply[OrderGroups]) -> None:
        """Put the orders of a query together."""
        ...

    def work_counts(self, reply: Reply[WorkCounts]) -> None:
        """Count the lists."""
        ...

    def details(self, order: OrderKey, reply: Reply[OrderDetails]) -> None:
        """Look at one order closely."""
        ...


class OrderActions(Protocol):
    """What may be done with orders; each is durable when its reply comes.

    ``badge`` is the id of a supervisor's badge; empty where nobody has given one. What needs one
    is refused with ``people.not_entitled``.
    """

    def hold_orders(
        self,
        orders: Sequence[OrderKey],
        reason: HoldReason,
        badge: str,
        reply: Reply[ActionReport],
    ) -> None:
        """Hold orders for a reason."""
        ...

    def release_orders(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[ActionReport]
    ) -> None:
        """Release held orders."""
        ...

    def answer_cancellation(
        self, order: OrderKey, accept: bool, badge: str, reply: Reply[None]
    ) -> None:
        """Accept or turn down a buyer's wish to cancel."""
        ...

    def cancel_order(self, order: OrderKey, reason: str, badge: str, reply: Reply[None]) -> None:
        """Cancel an order as the seller."""
        ...

    def short_pick(self, order: OrderKey, sku: str, units: int, reply: Reply[None]) -> None:
        """Say that units of an order are not there."""
        ...

    def recall(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        """Take a parcel out of its bag because it must not go."""
        ...

    def merge_suggestions(self, shop: ShopKey | None, reply: Reply[tuple[MergeGroup, ...]]) -> None:
        """List orders of equal recipients that may travel together."""
        ...

    def merge(self, orders: Sequence[OrderKey], badge: str, reply: Reply[OrderKey]) -> None:
        """Put orders into one parcel; replies the merged order."""
        ...

    def take_apart(self, order: OrderKey, badge: str, reply: Reply[None]) -> None:
        """Undo a merge or a split."""
        ...

    def split_off(
        self, order: OrderKey, units: Sequence[tuple[str, int]], badge: str, reply: Reply[None]
    ) -> None:
        """Split an order into two parcels; ``units`` are line keys with units of the first."""
        ...


class FilesOut(Protocol):
    """Files for platforms, carriers and pickers. Long ones tell progress and can be cancelled."""

    def ship_file(
        self, shop: ShopKey, path: Path, template: Path | None, reply: Reply[FileReport]
    ) -> None:
        """Write a batch of proved shipments for the shop's platform."""
        ...

    def export_orders(
        self,
        query: OrderQuery,
        path: Path,
        rows: int | None,
        with_recipients: bool,
        progress: Callable[[int], None],
        reply: Reply[FileReport],
    ) -> Cancel:
        """Export what a query finds, split after ``rows`` rows."""
        ...

    def carrier_sheet(self, carrier: CarrierCode, path: Path, reply: Reply[FileReport]) -> None:
        """Write orders that need a number, with recipients in clear."""
        ...

    def carrier_numbers(self, sheet: str, path: Path, reply: Reply[FileReport]) -> None:
        """Take the numbers that came back for a sheet."""
        ...

    def shipment_results(self, batch: str, path: Path, reply: Reply[FileReport]) -> None:
        """Take what the platform said of a batch."""
        ...

    def make_wave(self, orders: Sequence[OrderKey], reply: Reply[FileReport]) -> None:
        """Put orders into a wave; ``batch`` of the reply is its name."""
        ...

    def pick_list_of(
        self, orders: Sequence[OrderKey], path: Path, total: bool, reply: Reply[FileReport]
    ) -> None:
        """Write a pick list as PDF, by order or as a total for each SKU."""
        ...
