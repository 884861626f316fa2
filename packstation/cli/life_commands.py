"""Commands that decide about orders: hold, release, short, cancel, answer a buyer, recall.

Each goes through the rooms of the window, so the folder must not be open elsewhere.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from packstation.app import order_life
from packstation.app.house import House
from packstation.cli import output
from packstation.core.bench import hours_left
from packstation.core.decide import RECALL
from packstation.core.orders import HoldReason, OrderKey
from packstation.core.status import Verdict
from packstation.errors import PackStationError
from packstation.i18n import Translator


def _named(house: House, text: str) -> OrderKey:
    from packstation.store.order_life import named

    return house.call(lambda: named(house.store.db, text))


def _badge(arguments: argparse.Namespace) -> str:
    return str(arguments.badge or "")


def hold(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Hold orders until somebody releases them."""
    with House(data, name="hold", language=translator.language) as house:
        for text in arguments.orders:
            key = _named(house, text)
            order_life.hold(house, key, HoldReason(arguments.reason), _badge(arguments))
            output.answer(translator.text("Order {order} is on hold.", order=text))
    return 0


def release(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Let orders go on that were held here, or that wait as pre-sale or for their address."""
    with House(data, name="release", language=translator.language) as house:
        for text in arguments.orders:
            order_life.release(house, _named(house, text), _badge(arguments))
            output.answer(translator.text("Order {order} may be packed again.", order=text))
    return 0


def short(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Say that items of an order were not there when they were picked."""
    from packstation.store.order_rows import read_order
    from packstation.ui.difference_texts import risk_text

    with House(data, name="short", language=translator.language) as house:
        key = _named(house, arguments.order)
        order_life.short(house, key, arguments.sku, arguments.units, _badge(arguments))
        output.answer(
            translator.text(
                "Order {order} is on hold: {units} × {sku} missing. The shop is told at once.",
                order=arguments.order,
                units=arguments.units,
                sku=arguments.sku,
            )
        )
        order = house.call(lambda: read_order(house.store.db, key))
        assert order is not None, "it was held just now"
        risk = risk_text(hours_left(order, house.rules, datetime.now(UTC)), translator)
    if risk:
        output.message(risk)
    return 0


def cancel(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Cancel an order for the seller, after a warning; supervisors only."""
    from packstation.ui.life_texts import cancel_warning

    with House(data, name="cancel", language=translator.language) as house:
        key = _named(house, arguments.order)
        notice = order_life.cancel_notice(house, key)
        platform, order_id = notice.platform, key.partition("/")[2]
        warning = cancel_warning(
            platform.consequence, platform.instead, notice.hours_left, order_id, translator
        )
        for line in warning:
            output.message(line)
        order_life.entitled(house.settings, _badge(arguments), platform.cancel_needs)
        if not arguments.yes:
            raise PackStationError(
                "orders.cancel_not_confirmed",
                f"Order {order_id} was not cancelled: that needs a clear yes.",
                fix="Give --yes to cancel it all the same.",
                order=order_id,
            )
        order_life.cancel(house, key, arguments.reason, _badge(arguments))
    output.answer(
        translator.text("Order {order} is cancelled. The shop is told.", order=arguments.order)
    )
    return 0


def accept_cancel(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Accept a buyer's wish to cancel."""
    return _answer(arguments, data, translator, accepted=True)


def reject_cancel(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Turn a buyer's wish to cancel down."""
    return _answer(arguments, data, translator, accepted=False)


def _answer(
    arguments: argparse.Namespace, data: Path, translator: Translator, *, accepted: bool
) -> int:
    with House(data, name="cancellation", language=translator.language) as house:
        key = _named(house, arguments.order)
        order_life.answer_cancellation(house, key, _badge(arguments), accepted=accepted)
    told = (
        translator.text("Order {order} is cancelled. The shop is told.", order=arguments.order)
        if accepted
        else translator.text("Order {order} may be packed again.", order=arguments.order)
    )
    output.answer(told)
    return 0


def recall(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take the parcel of a stopped order out of its bag; the bag is to be sealed again."""
    from packstation.app.scan_feed import ScanFeed
    from packstation.ui.texts import explain

    feed = ScanFeed()
    with House(data, name="recall", language=translator.language) as house:
        number = order_life.number_in_a_bag(house, _named(house, arguments.order))
        engine = house.start(feed, wake=feed.awake.set)
        feed.settle(engine)
        answer = feed.ask(engine, number, 1, RECALL)
    said = explain(answer, translator)
    if answer.verdict is not Verdict.RECALLED:
        output.message(f"{said.word} {said.sentence}")
        return 1
    output.answer(f"{said.sentence} {said.todo}")
    return 0
