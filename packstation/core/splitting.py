"""Orders that need several parcels: each unit goes into exactly one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packstation.core.merging import no
from packstation.core.orders import LineKey, Order, OrderId, OrderLine

MOST_PARTS = 99
"""Parcels of one order at most."""

Share = Mapping[LineKey, int]
"""Units of each line that go into one parcel."""


def check_shares(order: Order, shares: Sequence[Share]) -> None:
    """Refuse shares that are not the whole order, each unit once.

    Raises:
        PackStationError: ``shipments.parts``, ``shipments.units``.
    """
    if not 2 <= len(shares) <= MOST_PARTS or not all(shares):
        raise no(
            "shipments.parts",
            f"Order {order.order_id} can be split into 2 to {MOST_PARTS} parcels, each with"
            " something inside.",
            "Name the units of each parcel.",
            order=order.order_id,
            most=MOST_PARTS,
        )
    lines = {line.line_key: line.quantity for line in order.lines}
    for key in (*lines, *(key for share in shares for key in share)):
        units = [share[key] for share in shares if key in share]
        if sum(units) != lines.get(key, 0) or any(n < 1 for n in units):
            raise no(
                "shipments.units",
                f"The parcels of order {order.order_id} do not have the units of line {key}.",
                "Each unit goes into exactly one parcel.",
                order=order.order_id,
                line=key,
            )


def remainder(order: Order, shares: Sequence[Share]) -> dict[LineKey, int]:
    """Return the units that no share has; less than none where shares have too many."""
    taken: dict[LineKey, int] = {}
    for share in shares:
        for key, units in share.items():
            taken[key] = taken.get(key, 0) + units
    left = {line.line_key: line.quantity - taken.get(line.line_key, 0) for line in order.lines}
    return {key: units for key, units in left.items() if units}


def parts_of(order: Order, shares: Sequence[Share], ids: Sequence[OrderId]) -> tuple[Order, ...]:
    """Return the orders that pack one order in several parcels.

    Only the first keeps a number that the file names: two parcels never share one.

    Raises:
        PackStationError: As ``check_shares``.
    """
    check_shares(order, shares)
    return tuple(
        replace(
            order,
            order_id=order_id,
            lines=tuple(
                replace(line, quantity=share[line.line_key])
                for line in order.lines
                if line.line_key in share
            ),
            why_not=None,
            tracking_number=order.tracking_number if number == 1 else None,
            members=(order.key,),
            part=number,
            parts=len(shares),
            version=1,
        )
        for number, (share, order_id) in enumerate(zip(shares, ids, strict=True), 1)
    )


def line_named(order: Order, name: str) -> OrderLine:
    """Return the line that a person names: by its key, else by a SKU or barcode of one line only.

    Raises:
        PackStationError: ``shipments.no_line``.
    """
    for line in order.lines:
        if line.line_key == name:
            return line
    found = [line for line in order.lines if name in (line.sku, line.barcode)]
    if len(found) != 1:
        raise no(
            "shipments.no_line",
            f"Order {order.order_id} has no single line {name}.",
            "Name the line by its number: "
            + ", ".join(f"{x.line_key} = {x.sku or x.barcode}" for x in order.lines),
            order=order.order_id,
            line=name,
        )
    return found[0]
