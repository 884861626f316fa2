"""What people and clocks decide about orders, written as facts; lives in the room ``store``.

Every function writes one transaction and returns the change to post to a running station, so that
an order that is open at the table stops at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from packstation.core import facts
from packstation.core.events import OrderChanged
from packstation.core.life import WAIVABLE
from packstation.core.life_facts import (
    AnyLifeFact,
    CancellationDecided,
    CancellationExpired,
    LabelVoided,
    SellerCancelled,
    ShortPicked,
)
from packstation.core.merging import no
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    Order,
    OrderKey,
    ShopKey,
    WhyNot,
)
from packstation.core.parcels import Parcel
from packstation.core.policy import Rules
from packstation.core.status import ParcelState
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store.database import Database
from packstation.store.journal import utc_us
from packstation.store.order_rows import read_order
from packstation.store.parcel_rows import read_parcel
from packstation.store.recorder import Recorder
from packstation.store.shipment_rows import shipment_of

_PACKED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED})


def _order(db: Database, key: OrderKey) -> Order:
    order = read_order(db, key)
    if order is None:
        raise StoreError("store.conflict", f"Order {key} is not known.")
    return order


def _here(db: Database, key: OrderKey) -> tuple[Order, Parcel | None]:
    """Return an order that has not left the house.

    Raises:
        StoreError: ``orders.left_already``.
    """
    order, parcel = _order(db, key), read_parcel(db, key)
    shared = shipment_of(db, key)
    travels = read_parcel(db, shared) if shared else parcel
    if travels is not None and travels.state is ParcelState.HANDED_OVER:
        raise StoreError(
            "orders.left_already",
            f"Order {order.order_id} was handed over already.",
            fix="Ask the carrier to bring the parcel back.",
            order=order.order_id,
        )
    return order, parcel


def _written(
    recorder: Recorder, key: OrderKey, these: Iterable[facts.Fact], stamp: Stamp
) -> OrderChanged:
    with recorder.tx():
        recorder.write(tuple(these), stamp)
    order = _order(recorder.db, key)
    return OrderChanged(key, order.order_id, order.version, order.why_not)


def hold(recorder: Recorder, key: OrderKey, reason: HoldReason, stamp: Stamp) -> OrderChanged:
    """Hold an order until somebody releases it; a parcel of it stops at every gate.

    Raises:
        StoreError: ``orders.left_already``; or ``orders.held_already``.
    """
    order, _ = _here(recorder.db, key)
    if recorder.db.row("SELECT held FROM orders WHERE order_key = ?", (key,)) == (1,):
        raise StoreError(
            "orders.held_already",
            f"Order {order.order_id} is held already.",
            order=order.order_id,
        )
    return _written(recorder, key, (facts.OrderHeld(key, reason),), stamp)


def what_holds(db: Database, key: OrderKey) -> HoldReason | WhyNot | None:
    """Return what somebody here may release: a hold of this house, else a reason of the file."""
    row = db.row("SELECT held, hold_reason, why_not FROM orders WHERE order_key = ?", (key,))
    if row is None:
        return None
    if row[0]:
        return HoldReason(row[1]) if row[1] else HoldReason.OPERATOR
    return next((why for why in WAIVABLE if why.value == row[2]), None)


def release(recorder: Recorder, key: OrderKey, by: str, stamp: Stamp) -> OrderChanged | None:
    """Let an order go on; None where nothing here held it.

    A hold goes first: what the file says is cleared by another release.
    """
    found = what_holds(recorder.db, key)
    if found is None:
        return None
    waived = found if isinstance(found, WhyNot) else None
    return _written(recorder, key, (facts.OrderReleased(key, by or None, waived),), stamp)


def _void(order: Order, parcel: Parcel | None) -> tuple[AnyLifeFact, ...]:
    """Return the end of the label of an order that is cancelled for good."""
    if parcel is None or parcel.tracking_number is None or parcel.carrier is None:
        return ()
    carrier = CarrierCode(parcel.carrier)
    return (LabelVoided(order.key, parcel.tracking_number, carrier, "cancelled"),)


def decide_cancellation(
    recorder: Recorder, key: OrderKey, by: str, stamp: Stamp, *, accepted: bool
) -> OrderChanged:
    """Answer a buyer's wish to cancel; the shop is told.

    Raises:
        StoreError: ``orders.left_already``; or ``orders.no_wish_to_cancel``.
    """
    order, parcel = _here(recorder.db, key)
    row = recorder.db.row("SELECT why_not FROM orders WHERE order_key = ?", (key,))
    if row != (WhyNot.CANCEL_REQUESTED.value,):
        raise StoreError(
            "orders.no_wish_to_cancel",
            f"No wish to cancel order {order.order_id} waits for an answer.",
            fix="Import the shop's file of today, then look again.",
            order=order.order_id,
        )
    decided = CancellationDecided(key, accepted, by)
    void = _void(order, parcel) if accepted else ()
    return _written(recorder, key, (decided, *void), stamp)


def seller_cancel(
    recorder: Recorder, key: OrderKey, reason: str, by: str, stamp: Stamp
) -> OrderChanged:
    """Cancel an order for the seller; the shop is told.

    Raises:
        StoreError: ``orders.left_already``; or ``orders.cancelled_already``.
    """
    order, parcel = _here(recorder.db, key)
    if order.members is not None and order.part is None:
        raise no(
            "shipments.cancel_members",
            f"Parcel {order.order_id} holds several orders.",
            "Cancel the order that is meant; the parcel is taken apart.",
            order=order.order_id,
        )
    row = recorder.db.row("SELECT why_not FROM orders WHERE order_key = ?", (key,))
    if row == (WhyNot.CANCELLED.value,):
        raise StoreError(
            "orders.cancelled_already",
            f"Order {order.order_id} is cancelled already.",
            order=order.order_id,
        )
    cancelled = SellerCancelled(key, reason, by)
    return _written(recorder, key, (cancelled, *_void(order, parcel)), stamp)


def short(recorder: Recorder, key: OrderKey, sku: str, units: int, stamp: Stamp) -> OrderChanged:
    """Note at the pick list that units of an order are not there, and hold it for that.

    Args:
        recorder: The way to write.
        key: The order.
        sku: SKU or barcode as the order names it.
        units: How many are missing, 1 or more; more than there are in the order is refused.
        stamp: When and by whom.

    Raises:
        StoreError: ``orders.left_already``, ``orders.packed_already``, ``orders.no_such_line``.
    """
    order, parcel = _here(recorder.db, key)
    if parcel is not None and parcel.state in _PACKED:
        raise StoreError(
            "orders.packed_already",
            f"Order {order.order_id} is packed already: nothing of it is missing.",
            order=order.order_id,
        )
    missing: list[tuple[LineKey, int]] = []
    left = units
    for line in order.lines:
        taken = min(left, line.quantity) if sku in (line.sku, line.barcode) else 0
        if taken > 0:
            missing.append((line.line_key, taken))
            left -= taken
    if left or not missing:
        raise StoreError(
            "orders.no_such_line",
            f"Order {order.order_id} has not {units} × {sku}.",
            fix="Look at the lines of the order.",
            order=order.order_id,
            sku=sku,
            units=units,
        )
    both = (
        ShortPicked(key, tuple(missing), "pick"),
        facts.OrderHeld(key, HoldReason.SHORT_PICK),
    )
    return _written(recorder, key, both, stamp)


def expire_due(recorder: Recorder, rules: Rules, stamp: Stamp) -> tuple[OrderChanged, ...]:
    """Cancel every order whose buyer's wish to cancel nobody answered in time.

    Costs as much as there are such wishes, however many orders there are.
    """
    db = recorder.db
    rows = db.rows(
        "SELECT o.order_key, o.shop, o.platform, coalesce(o.cancel_requested_us,"
        " o.cancel_told_us) FROM orders AS o LEFT JOIN parcels AS p"
        " ON p.order_key = o.order_key WHERE o.why_not = 'cancel_requested'"
        " AND coalesce(p.state, '') <> 'HANDED_OVER' AND NOT EXISTS"
        " (SELECT 1 FROM shipment_members AS m JOIN parcels AS s ON s.order_key = m.shipment"
        " WHERE m.member = o.order_key AND s.state = 'HANDED_OVER')"
    )
    now = utc_us(stamp.at)
    due = [
        OrderKey(key)
        for key, shop, platform, since in rows
        if since is not None and since + _within_us(rules, platform, shop) <= now
    ]
    return tuple(_written(recorder, key, (CancellationExpired(key),), stamp) for key in due)


def _within_us(rules: Rules, platform: str, shop: str) -> int:
    region = rules.shop(ShopKey(shop)).region
    return int(rules.platform(platform).answer_within(region).total_seconds()) * 1_000_000


def named(db: Database, text: str) -> OrderKey:
    """Return the one order that a person means: its whole key, else a number of one shop only.

    Raises:
        StoreError: ``orders.not_found`` or ``orders.several_shops``.
    """
    rows = db.rows("SELECT order_key FROM orders WHERE order_key = ?", (text,)) or db.rows(
        "SELECT order_key FROM orders WHERE order_id = ? ORDER BY order_key LIMIT 9", (text,)
    )
    if len(rows) == 1:
        return OrderKey(rows[0][0])
    if not rows:
        raise StoreError(
            "orders.not_found",
            f"There is no order {text}.",
            fix="Look at the list: packstation orders",
            order=text,
        )
    keys = ", ".join(key for (key,) in rows)
    raise StoreError(
        "orders.several_shops",
        f"More than one shop has an order {text}: {keys}.",
        fix="Give the shop too, as shop/number.",
        order=text,
        keys=keys,
    )
