"""Deadlines, urge tasks and the score of collection on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.cli import output
from packstation.core.deadline_rules import Deadline, Exempt
from packstation.core.orders import CarrierCode, ShopKey
from packstation.core.urge_tasks import UrgeCause
from packstation.errors import PackStationError
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.app.urges import UrgeOutcome
    from packstation.core.deadlines import DeadlineBook
    from packstation.core.scorecard import Scorecard
    from packstation.store.database import Database
    from packstation.store.opening import OpenStore

Command = Callable[[argparse.Namespace, Path, Translator], int]


def _moment(text: str | None, shop_zone: Any) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise PackStationError(
            "orders.bad_time",
            f"{text} is no time.",
            fix="Write it as 2026-08-03T18:00, with +08:00 behind it where needed.",
            text=text,
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=shop_zone)


def _local(at: datetime, zone: str) -> str:
    from packstation.settings import zone_of

    return at.astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M:%S %z")


def deadline(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Show the clocks of an order and how each came about."""
    from packstation.app.clocks import deadline_book
    from packstation.app.house import SETTINGS
    from packstation.core.deadline_steps import explain
    from packstation.core.policy import Rules
    from packstation.settings import load_settings
    from packstation.store.opening import open_reader
    from packstation.store.order_life import named
    from packstation.store.order_rows import read_order
    from packstation.store.score_reads import progress_of

    settings = load_settings(data / SETTINGS)
    book = deadline_book(settings)
    store = open_reader(data, Rules())
    try:
        key = named(store.db, arguments.order)
        order = read_order(store.db, key)
        assert order is not None, "its key was just found"
        zone = settings.shop(order.shop).zone
        progress = progress_of(store.db, key)
    finally:
        store.close()
    found = book.what_if(
        order,
        progress,
        paid_at=_moment(arguments.what_if, zone),
        rules_at=_moment(arguments.rules_of, zone),
    )
    if arguments.json:
        for one in found:
            output.answer_json({**output.plain(one), "steps": explain(book, one)})
        return 0
    if not found:
        output.message(translator.text("No clock runs for this order."))
    for one in found:
        _tell(book, one, translator)
    return 0


def _tell(book: DeadlineBook, one: Deadline, translator: Translator) -> None:
    from packstation.core.deadline_steps import explain
    from packstation.ui.board_texts import CLOCKS
    from packstation.ui.deadline_texts import step_words

    done = translator.text("done") if one.met else ""
    name = translator.text(CLOCKS[one.clock])
    output.answer(f"{name}  {_local(one.at, one.zone)}  {done}".rstrip())
    for step in explain(book, one):
        output.answer(f"    {step_words(step, translator)}")


def urge(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Enter an urge, take a list of tasks, move a task, or list what is open."""
    from packstation.app import urges
    from packstation.app.house import House

    with House(data, name="urge", language=translator.language) as house:
        store, book = house.store, house.deadlines
        now = datetime.now(UTC)
        house.call(lambda: urges.sweep(store, now))
        if arguments.file is not None:
            shop = ShopKey(arguments.shop or next(iter(house.settings.shops), "main"))
            rows = urges.read_list(arguments.file, house.settings, shop)
            found = house.call(lambda: urges.take_list(store, book, shop, rows))
        elif arguments.order is not None:
            found = (house.call(lambda: _enter(arguments, store, book, now)),)
        else:
            return house.call(lambda: _list(arguments, store, book, now, translator))
    for one in found:
        _outcome(one, arguments.json)
    return 0 if all(one.word in _TAKEN for one in found) else 1


_TAKEN = frozenset({"flagged", "opened", "exempt", "moved", "known"})


def _enter(
    arguments: argparse.Namespace, store: OpenStore, book: DeadlineBook, now: datetime
) -> UrgeOutcome:
    from packstation.app import urges
    from packstation.store.order_life import named
    from packstation.store.urge_reads import tasks_of

    key = named(store.db, arguments.order)
    if arguments.tell is not None:
        known = [t.task for t in tasks_of(store.db, key) if t.state.value != "closed"]
        shop = key.partition("/")[0]
        task = f"{shop}/{arguments.task}" if arguments.task else (known or [""])[0]
        return urges.move(store, task, UrgeCause(arguments.tell))
    return urges.enter(
        store,
        book,
        key,
        at=_moment(arguments.at, now.astimezone().tzinfo) or now,
        task=arguments.task,
        flags=frozenset({Exempt(arguments.exempt)}) if arguments.exempt else frozenset(),
    )


def _outcome(one: UrgeOutcome, as_json: bool) -> None:
    if as_json:
        output.answer_json(one)
        return
    due = f"{one.due_at.astimezone():%Y-%m-%d %H:%M}" if one.due_at else ""
    where = f"{one.row}  " if one.row else ""
    told = (one.order.partition("/")[2], one.word, one.task, one.state, due, one.exempt)
    output.answer(where + "  ".join(str(word) for word in told if word))


def _list(
    arguments: argparse.Namespace,
    store: OpenStore,
    book: DeadlineBook,
    now: datetime,
    translator: Translator,
) -> int:
    from packstation.app.urges import risk_of
    from packstation.store.urge_reads import open_tasks
    from packstation.ui.board_texts import URGE_STATES

    tasks = open_tasks(store.db)
    for task in tasks:
        risk = risk_of(book, task, now)
        if arguments.json:
            output.answer_json({**output.plain(task), "left_s": task.left_s(now), "risk": risk})
            continue
        due = f"{task.due_at.astimezone():%Y-%m-%d %H:%M}"
        state = translator.text(URGE_STATES[task.state])
        output.answer(
            f"{due}  {task.task}  {task.order.partition('/')[2]}  {state}  {risk}".rstrip()
        )
    if not tasks and not arguments.json:
        output.message(translator.text("Nobody urges."))
    return 0


def score(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Show the score of collection, and what one pick-up would save."""
    from packstation.app import scores
    from packstation.app.house import SETTINGS
    from packstation.core.policy import Rules
    from packstation.settings import load_settings
    from packstation.store.opening import open_reader

    settings, now = load_settings(data / SETTINGS), datetime.now(UTC)
    carrier = CarrierCode(arguments.carrier.upper()) if arguments.carrier else None
    shop = ShopKey(arguments.shop) if arguments.shop else None
    asked = scores.Asked(shop, carrier, arguments.day)
    store = open_reader(data, Rules())
    try:
        rows = [("", scores.score(store.db, settings, asked, now))]
        if arguments.by:
            rows += scores.scores_by(store.db, settings, asked, now, arguments.by)
        pickup = arguments.pickup and scores.next_time(settings, asked, arguments.pickup, now)
        ahead = scores.outlook(store.db, settings, asked, now, pickup) if pickup else None
        hours = _hours(store.db, settings, asked, now) if arguments.hours else None
    finally:
        store.close()
    for label, card in rows:
        _score_line(label, card, arguments.json, translator)
    if ahead is not None:
        _ahead(ahead, arguments.json, translator)
    if hours is not None and arguments.json:
        output.answer_json({"hours": hours})
    elif hours:
        output.table(hours.items())
    return 0


def _hours(db: Database, settings: Any, asked: Any, now: datetime) -> dict[int, int]:
    from packstation.app import scores
    from packstation.store.score_reads import hours_taken

    return hours_taken(db, scores.window_of(settings, asked, now), shop=asked.shop)


def _score_line(label: str, card: Scorecard, as_json: bool, translator: Translator) -> None:
    from packstation.core.scorecard import percent

    if as_json:
        share = [card.score.numerator, card.score.denominator] if card.score is not None else None
        told = {**output.plain(card), "score": share, "percent": percent(card.score)}
        output.answer_json({"of": label, **told})
        return
    output.answer(
        translator.text(
            "{label} {percent} %: {bands} in the bands, {late} later, {unknown} without a time of"
            " payment, {excluded} left out, {estimates} by our own handover",
            label=label,
            percent=percent(card.score),
            bands=" + ".join(map(str, card.bands)),
            late=card.late,
            unknown=card.unknown,
            excluded=card.excluded,
            estimates=card.estimates,
        ).strip()
    )


def _ahead(ahead: Any, as_json: bool, translator: Translator) -> None:
    from packstation.core.scorecard import percent

    for one in ahead.leaving:
        if as_json:
            output.answer_json(one)
            continue
        told = {
            "hours": one.until_h,
            "at": f"{one.at.astimezone(ahead.pickup.tzinfo):%m-%d %H:%M}",
            "pickup": f"{ahead.pickup:%H:%M}",
            "saved": one.saved,
            "more": one.savable,
        }
        output.answer(
            translator.plural(
                "{count} parcel leaves the {hours} h band at {at}; the {pickup} pickup saves"
                " {saved}, and {more} more if packed by then.",
                "{count} parcels leave the {hours} h band at {at}; the {pickup} pickup saves"
                " {saved}, and {more} more if packed by then.",
                one.orders,
                **told,
            )
        )
    if as_json:
        output.answer_json({"pickup": ahead.pickup, "after": percent(ahead.after)})
    else:
        output.answer(
            translator.text("After this pickup: {percent} %", percent=percent(ahead.after))
        )


TIME_COMMANDS: dict[str, Command] = {"deadline": deadline, "urge": urge, "score": score}
"""Every command of this file by its word."""
