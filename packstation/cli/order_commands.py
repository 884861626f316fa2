"""``packstation orders``: the lists of the orders page, with the same filters."""

from __future__ import annotations

import argparse
from datetime import datetime, tzinfo
from pathlib import Path

from packstation.app.desk_rows import house_zone
from packstation.app.house import SETTINGS
from packstation.cli import output
from packstation.cli.order_options import GROUPS
from packstation.cli.reports import reading
from packstation.core.order_query import GroupBy, Moment, OrderQuery, SortBy
from packstation.core.orders import CarrierCode, OrderKind, ShopKey, Sku
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.settings import load_settings

_ALL = 10**9
"""Rows of a list that is asked for as a whole."""


def query_of(arguments: argparse.Namespace, zone: tzinfo) -> OrderQuery:
    """Return what the options ask for; a time without a zone is one of the shop.

    Raises:
        PackStationError: ``orders.bad_time``.
    """
    status = arguments.status
    group = GROUPS.get(arguments.group or "") or GROUPS.get(status or "")
    kind = arguments.kind

    def at(name: str) -> datetime | None:
        text = getattr(arguments, name)
        return _moment(text, zone) if text is not None else None

    return OrderQuery(
        text=arguments.search or "",
        group=group,
        status=None if status in GROUPS else status,
        printed=arguments.printed,
        message=arguments.message,
        urged=arguments.urged,
        carriers=tuple(CarrierCode(one.upper()) for one in arguments.carrier or ()),
        shops=tuple(ShopKey(one) for one in arguments.shop or ()),
        sku=Sku(arguments.sku) if arguments.sku is not None else None,
        single_sku=Sku(arguments.single_sku) if arguments.single_sku is not None else None,
        bin=arguments.bin,
        paid_from=at("paid_from"),
        paid_to=at("paid_before"),
        imported_from=at("imported_from"),
        imported_to=at("imported_before"),
        due_from=at("due_from"),
        due_to=at("due_before"),
        kind=OrderKind(kind) if kind else None,
        wave=arguments.wave,
        only_new=arguments.new,
        sort=SortBy(arguments.sort),
        limit=arguments.limit if arguments.limit is not None else _ALL,
    )


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise PackStationError(
            "orders.bad_time",
            f"{text} is no time.",
            fix="Write it as 2026-08-03 or 2026-08-03T18:00, with +08:00 behind it where needed.",
            text=text,
        ) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _catch_up(data: Path, translator: Translator) -> None:
    """Bring the lists up to what the settings say today, where nobody has the folder open."""
    from packstation.app.house import House
    from packstation.errors import StoreError
    from packstation.store.order_index import behind, follows

    with reading(data) as store:
        if follows(store.db, store.station.rules) and not behind(store.db):
            return
    try:
        with House(data, name="orders", language=translator.language) as house:
            while house.call(house.store.index.work_off):
                pass
    except StoreError as error:
        if error.code != "store.held":
            raise
        output.message(
            translator.text("These lists follow the settings of before. Start the window again.")
        )


def orders(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List orders, one a line, or count them put together."""
    from packstation.store.order_groups import groups
    from packstation.store.order_list import every

    zone = house_zone(load_settings(data / SETTINGS))
    query, moment = query_of(arguments, zone), Moment(datetime.now(zone))
    _catch_up(data, translator)
    with reading(data) as store:
        if arguments.by is not None:
            by = GroupBy(arguments.by)
            told = groups(store.db, query, by, moment=moment, people=store.people)
            for group in told.groups:
                if arguments.json:
                    output.answer_json(group)
            if not arguments.json:
                output.table([one.key, one.label, one.orders, one.units] for one in told.groups)
            return 0
        found = list(every(store.db, query, moment=moment, people=store.people))
    if arguments.json:
        for one in found:
            output.answer_json({**output.plain(one), "order": one.order_id})
        return 0
    if not found:
        output.message(
            translator.text("No order fits. Import a file with: packstation import FILE")
        )
        return 0
    output.table(
        [one.order_id, one.shop, one.status, one.units, one.carrier, one.tracking_number]
        for one in found
    )
    return 0
