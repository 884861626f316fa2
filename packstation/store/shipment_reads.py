"""What is to be known before orders are merged, split or taken apart; reads only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from packstation.core.catalog import ProductCode
from packstation.core.eligibility import obstacle
from packstation.core.merging import (
    Candidate,
    SentTo,
    check_merge,
    check_untouched,
    check_whole,
    member_line,
    no,
)
from packstation.core.orders import LineKey, Order, OrderId, OrderKey, ShopKey, WhyNot, order_key
from packstation.core.policy import Rules
from packstation.core.station import SavedStation
from packstation.core.status import ParcelState
from packstation.errors import PackStationError, StoreError
from packstation.ports import Stamp
from packstation.store import merge_keys
from packstation.store.database import Database
from packstation.store.order_rows import codes_of, read_order
from packstation.store.people import PeopleVault
from packstation.store.record_codec import from_text
from packstation.store.shipment_rows import CLOSED

MERGED, PART = "M", "P"
"""Letters in the numbers of merged orders and of parts."""
Goods = Mapping[str, Mapping[str, frozenset[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Orders that could go into one parcel."""

    members: tuple[Order, ...]
    because: str
    """``recipient``, ``hash`` or ``package``: what they share."""


def order_of(db: Database, key: OrderKey) -> Order:
    """Return an order that is known to be here."""
    order = read_order(db, key)
    if order is None:
        raise StoreError("store.conflict", f"Order {key} is not known.", order=key)
    return order


def is_shared(db: Database, key: OrderKey) -> bool:
    """Tell whether an order travels in a parcel that is not its own."""
    row = db.row("SELECT merged_into, split FROM orders WHERE order_key = ?", (key,))
    return row is not None and row != (None, None)


def carried_by(db: Database, keys: Sequence[OrderKey]) -> tuple[OrderKey, ...]:
    """Return what is packed when orders are scanned: the parcels that they travel in.

    Of several parts it is the first one that is not closed.
    """
    found: dict[OrderKey, bool] = {}
    for key in keys:
        row = db.row("SELECT merged_into, split, why_not FROM orders WHERE order_key = ?", (key,))
        merged_into, split, why_not = row or (None, None, None)
        part = _next_part(db, key) if split is not None else None
        found[OrderKey(merged_into or part or key)] = why_not == WhyNot.TAKEN_APART
    live = tuple(key for key, gone in found.items() if not gone)
    return live or tuple(found)


def _next_part(db: Database, order: OrderKey) -> str | None:
    row = db.row(
        "SELECT o.order_key FROM shipment_members AS m JOIN orders AS o ON o.order_key = m.shipment"
        " LEFT JOIN parcels AS p ON p.order_key = m.shipment"
        " WHERE m.member = ? AND o.why_not IS NOT ? ORDER BY o.why_not IS NOT NULL,"
        " coalesce(p.state, 'OPEN') IN ('SEALED', 'BAGGED', 'RECALLED', 'HANDED_OVER'),"
        " o.held, o.part LIMIT 1",
        (order, WhyNot.TAKEN_APART.value),
    )
    return row[0] if row else None


def codes_for(db: Database, order: Order) -> tuple[ProductCode, ...]:
    """Return the product codes of an order's goods, each line by those of its own shop."""
    shops = {key.partition("/")[0] for key in order.members or (order.key,)}
    if shops == {order.shop}:
        return codes_of(db, order)
    return tuple(
        code
        for shop in sorted(shops)
        for code in codes_of(
            db,
            replace(
                order,
                shop=ShopKey(shop),
                lines=tuple(
                    line
                    for line in order.lines
                    if member_line(order, line.line_key)[0].startswith(f"{shop}/")
                ),
            ),
        )
    )


def at_bench(db: Database) -> OrderKey | None:
    """Return the order that lies open at the station, by the last commit."""
    row = db.row("SELECT saved FROM station WHERE id = 1")
    saved: SavedStation | None = from_text(SavedStation, row[0]) if row else None
    return saved.order if saved else None


def candidate(
    db: Database, rules: Rules, key: OrderKey, to: SentTo, stamp: Stamp | None = None
) -> Candidate:
    """Return an order with what decides whether it may share a parcel."""
    order = order_of(db, key)
    row = db.row(
        "SELECT state, tracking_number IS NOT NULL FROM parcels WHERE order_key = ?", (key,)
    )
    now = stamp.at if stamp else None
    return Candidate(
        order=order,
        to=to,
        eligible=obstacle(order, rules, numbers_left=1, now=now) is None,
        carrier=rules.carrier_of(order),
        parcel=ParcelState(row[0]) if row else None,
        numbered=bool(row and row[1]),
        at_bench=at_bench(db) == key,
    )


def sent_to(db: Database, people: PeopleVault, key: OrderKey) -> SentTo:
    """Return to whom an order goes, worked out from the person itself."""
    order = order_of(db, key)
    return merge_keys.sent_to(merge_keys.keys_of(order, people.person(key), people))


def goods_of(db: Database, orders: Sequence[Order]) -> Goods:
    """Return the product codes of orders by shop and SKU."""
    goods: dict[str, dict[str, frozenset[tuple[str, int]]]] = {}
    for order in orders:
        codes = codes_of(db, order)
        for line in order.lines:
            mine = frozenset((c.code, c.units) for c in codes if c.sku == line.sku)
            goods.setdefault(order.shop, {})[line.sku] = mine
    return goods


def free_number(db: Database, order: Order, letter: str) -> OrderId:
    """Return the first number for a shipment of an order that nobody ever had.

    No platform's order number ends like it, and Code 128 prints it.
    """
    for serial in itertools.count(1):
        number = OrderId(f"{order.order_id}+{letter}{serial}")
        first = OrderId(f"{number}-1") if letter == PART else number
        if read_order(db, order_key(order.shop, first)) is None:
            return number
    raise AssertionError("numbers do not end")


def merged_order(db: Database, key: OrderKey) -> Order:
    """Return the merged order that a key names: its own, or a member's.

    Raises:
        PackStationError: ``shipments.not_merged``.
    """
    order = order_of(db, key)
    row = db.row("SELECT merged_into FROM orders WHERE order_key = ?", (key,))
    if row and row[0]:
        return order_of(db, OrderKey(row[0]))
    if order.members is None or order.part or order.why_not is WhyNot.TAKEN_APART:
        raise no(
            "shipments.not_merged",
            f"Order {order.order_id} shares no parcel with others.",
            "Look at the list of orders.",
            order=order.order_id,
        )
    return order


def split_order(db: Database, key: OrderKey) -> OrderKey:
    """Return the split order that a key names: its own, or a part's.

    Raises:
        PackStationError: ``shipments.not_split``.
    """
    order = order_of(db, key)
    whole = order.members[0] if order.part and order.members else key
    row = db.row("SELECT split FROM orders WHERE order_key = ?", (whole,))
    if row in (None, (None,)) or order.why_not is WhyNot.TAKEN_APART:
        raise no(
            "shipments.not_split",
            f"Order {order.order_id} was not split into parcels.",
            "Look at the list of orders.",
            order=order.order_id,
        )
    return whole


def check_open(db: Database, shipment: Order, *, supervisor: bool) -> None:
    """Refuse to take a parcel apart that has gone too far, or that somebody is packing.

    Raises:
        PackStationError: ``shipments.at_bench``, ``shipments.left``, ``shipments.in_a_bag``,
            ``shipments.sealed``.
    """
    number = shipment.order_id
    if at_bench(db) == shipment.key:
        raise no(
            "shipments.at_bench",
            f"Order {number} is open at the station.",
            "Scan PAUSE first.",
            order=number,
        )
    row = db.row("SELECT state, bag FROM parcels WHERE order_key = ?", (shipment.key,))
    state = ParcelState(row[0]) if row else ParcelState.OPEN
    if state is ParcelState.HANDED_OVER:
        raise no(
            "shipments.left",
            f"The courier has the parcel of order {number} already.",
            "Nothing can be taken apart any more.",
            order=number,
        )
    if state is ParcelState.BAGGED:
        assert row is not None, "a bagged parcel has a row"
        raise no(
            "shipments.in_a_bag",
            f"The parcel of order {number} is in bag {row[1]}.",
            "Take it out of the bag first: scan its label at the station.",
            order=number,
            bag=row[1],
        )
    if state in CLOSED and not supervisor:
        raise no(
            "shipments.sealed",
            f"The parcel of order {number} is closed already.",
            "A supervisor may take it apart after it came out of its bag.",
            order=number,
        )


def splittable(db: Database, key: OrderKey, *, short: bool) -> Order:
    """Return an order that may be split as it is.

    Args:
        db: The store.
        key: The order.
        short: It may be held for what is missing.

    Raises:
        PackStationError: ``shipments.already``, ``shipments.begun``, ``shipments.not_eligible``.
    """
    order = order_of(db, key)
    check_whole(order, shared=is_shared(db, key))
    if order.why_not is not None and not (short and order.why_not is WhyNot.SHORT_PICK):
        raise no(
            "shipments.not_eligible",
            f"Order {order.order_id} may not be packed now.",
            "Look at the reason in the list of orders.",
            order=order.order_id,
        )
    row = db.row(
        "SELECT state, tracking_number IS NOT NULL FROM parcels WHERE order_key = ?", (key,)
    )
    state, numbered = (ParcelState(row[0]), bool(row[1])) if row else (None, False)
    check_untouched(Candidate(order, SentTo(), True, None, state, numbered, at_bench(db) == key))
    return order


def missing_of(db: Database, key: OrderKey) -> dict[LineKey, int]:
    """Return the units that were not there when somebody looked for them."""
    rows = db.rows(
        "SELECT line_key, units FROM short_picks WHERE order_key = ? ORDER BY line_key", (key,)
    )
    return {LineKey(line): units for line, units in rows}


def suggestions(db: Database, rules: Rules, shop: ShopKey | None, limit: int) -> list[Suggestion]:
    """Return groups that may be merged, the newest first.

    Args:
        db: The store.
        rules: Of the shops.
        shop: Only orders of this shop; None = of any, each group of one shop.
        limit: Most groups.
    """
    found: list[Suggestion] = []
    taken: set[OrderKey] = set()
    for keys in merge_keys.twins(db, shop):
        for group in _groups(db, rules, [key for key in keys if key not in taken]):
            taken.update(one.order.key for one in group)
            first, second = group[0].to, group[1].to
            because = "recipient" if first.recipient and second.recipient else "package"
            if because == "package" and first.hash and first.hash == second.hash:
                because = "hash"
            found.append(Suggestion(tuple(one.order for one in group), because))
            if len(found) >= limit:
                return found
    return found


def _groups(db: Database, rules: Rules, keys: Sequence[OrderKey]) -> Iterator[list[Candidate]]:
    """Yield groups in the order of import; each is good to merge as it stands."""
    waiting = []
    for key in keys:
        one = candidate(db, rules, key, merge_keys.sent_to(merge_keys.read(db, key)))
        if one.eligible:
            waiting.append(one)
    while len(waiting) > 1:
        group, rest = waiting[:1], list[Candidate]()
        for one in waiting[1:]:
            fits = one.order.shop == group[0].order.shop and _fits([*group, one])
            (group if fits else rest).append(one)
        waiting = rest
        if len(group) > 1:
            yield group


def _fits(group: Sequence[Candidate]) -> bool:
    try:
        check_merge(group, shared=(), across_shops=False)
    except PackStationError:
        return False
    return True
