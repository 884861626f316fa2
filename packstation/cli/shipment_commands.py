"""Commands for shared parcels: merge, take apart, split, put together, what could be merged."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import order_life, shipments
from packstation.app.house import House
from packstation.cli import output
from packstation.cli.reports import reading
from packstation.core.merging import number_in
from packstation.core.orders import Order, OrderKey, ShopKey
from packstation.errors import PackStationError
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.store.shipments import Done


def _key(house: House, text: str) -> OrderKey:
    from packstation.store.order_life import named

    return house.call(lambda: named(house.store.db, text))


def _contents(order: Order) -> list[dict[str, object]]:
    return [
        {"line": line.line_key, "sku": line.sku, "units": line.quantity} for line in order.lines
    ]


def _told(done: Done) -> dict[str, object]:
    return {
        "orders": list(done.members),
        "shipments": [
            {
                "shipment": one.key,
                "order_id": one.order_id,
                "part": one.part,
                "parts": one.parts,
                "lines": _contents(one),
            }
            for one in done.shipments
        ],
    }


def merge(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Put orders of one recipient into one parcel."""
    with House(data, name="merge", language=translator.language) as house:
        keys = [_key(house, text) for text in arguments.orders]
        done = shipments.merge(
            house, keys, arguments.badge or "", across_shops=arguments.across_shops
        )
    if arguments.json:
        output.answer_json(_told(done))
        return 0
    (one,) = done.shipments
    output.answer(
        translator.text(
            "{count} orders travel in one parcel: scan {shipment}, or any of them.",
            count=len(done.members),
            shipment=one.order_id,
        )
    )
    return 0


def unmerge(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take a merged order apart."""
    with House(data, name="unmerge", language=translator.language) as house:
        key = _key(house, arguments.order)
        done = shipments.unmerge(house, key, arguments.badge or "", closed=arguments.closed)
    if arguments.json:
        output.answer_json(_told(done))
        return 0
    for member in done.members:
        output.answer(
            translator.text("Order {order} travels alone again.", order=number_in(member))
        )
    return 0


def join(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Make one parcel of a split order again."""
    with House(data, name="join", language=translator.language) as house:
        key = _key(house, arguments.order)
        done = shipments.join(house, key, arguments.badge or "", closed=arguments.closed)
    if arguments.json:
        output.answer_json(_told(done))
        return 0
    output.answer(
        translator.text(
            "Order {order} travels in one parcel again.", order=number_in(done.members[0])
        )
    )
    return 0


def split(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Let one order travel in several parcels, or send what is there of a short one."""
    badge = arguments.badge or ""
    with House(data, name="split", language=translator.language) as house:
        key = _key(house, arguments.order)
        if arguments.part:
            done = shipments.split(house, key, arguments.part, badge)
        else:
            if arguments.rest_cancelled:
                _warn(house, key, arguments, translator)
            done = shipments.ship_what_is_here(
                house,
                key,
                arguments.missing or "",
                badge,
                rest_cancelled=arguments.rest_cancelled,
            )
    if arguments.json:
        output.answer_json(_told(done))
        return 0
    for one in done.shipments:
        inside = ", ".join(f"{line.sku or line.line_key} × {line.quantity}" for line in one.lines)
        output.answer(
            translator.text(
                "Parcel {part} of {parts}, {shipment}: {inside}",
                part=one.part,
                parts=one.parts,
                shipment=one.order_id,
                inside=inside,
            )
        )
    return 0


def _warn(
    house: House, key: OrderKey, arguments: argparse.Namespace, translator: Translator
) -> None:
    """Say what a seller's cancel brings, as for a whole order, and ask for a clear yes."""
    from packstation.ui.life_texts import cancel_warning

    notice = order_life.cancel_notice(house, key)
    platform, number = notice.platform, number_in(key)
    lines = cancel_warning(
        platform.consequence, platform.instead, notice.hours_left, number, translator
    )
    for line in lines:
        output.message(line)
    order_life.entitled(house.settings, arguments.badge or "", platform.cancel_needs)
    if not arguments.yes:
        raise PackStationError(
            "orders.cancel_not_confirmed",
            f"Order {number} was not cancelled: that needs a clear yes.",
            fix="Give --yes to cancel it all the same.",
            order=number,
        )


def merge_suggestions(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List orders that could go into one parcel, one group a line."""
    from packstation.store.shipment_reads import suggestions

    shop = ShopKey(arguments.shop) if arguments.shop else None
    with reading(data) as store:
        found = suggestions(store.db, store.station.rules, shop, arguments.limit)
    for one in found:
        numbers = [order.order_id for order in one.members]
        if arguments.json:
            output.answer_json(
                {"shop": one.members[0].shop, "orders": numbers, "because": one.because}
            )
        else:
            output.answer("  ".join(numbers))
    if not found and not arguments.json:
        output.message(translator.text("No orders wait that surely have one recipient."))
    return 0
