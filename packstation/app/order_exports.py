"""The export of orders: which ones, in which words, and what is noted of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.sheets import SHEETS
from packstation.core.imports import MAIN_SHOP
from packstation.core.order_query import Moment, OrderQuery
from packstation.core.sheet_facts import OrdersExported
from packstation.exchange.order_export import (
    ORDER_FIELDS,
    ExportRow,
    OrderFiles,
    write_orders,
)
from packstation.exchange.sheet_layouts import load_list
from packstation.paths import resources
from packstation.settings import Settings

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.export_reads import ExportedOrder
    from packstation.store.opening import OpenStore


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export has written."""

    orders: int
    new: int
    files: tuple[Path, ...]


def export_to_files(
    house: House,
    query: OrderQuery,
    out: Path,
    *,
    chinese: bool,
    rows: int | None = None,
    days: int | None = None,
    with_recipients: bool = False,
    status: Callable[[str], str] = str,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ExportReport:
    """Write the orders that a query finds into files, and note which are not new any more.

    Reads beside the station on a connection of its own; belongs into a thread beside a window.

    Args:
        house: Open to change things; the note is one small write in its room.
        query: Filters; ``only_new`` means since the last export with the same filters.
        out: The file; several get numbers.
        chinese: Language of the headings.
        rows: Most rows of a file.
        days: Only orders imported in the last so many days.
        with_recipients: Whether people's data stands in clear.
        status: Says a status word in the person's language.
        progress: Told the orders written so far.
        cancelled: Asked whether to give up.

    Raises:
        PackStationError: No file is left, and nothing is noted.
    """
    from packstation.store.export_reads import export_orders
    from packstation.store.journal import at_of
    from packstation.store.opening import open_reader

    layout = load_list(resources() / SHEETS / "lists" / "orders.toml", ORDER_FIELDS)
    zone = zone_of_house(house.settings)
    now = house.store.clock().at.astimezone(zone)
    scope, upto = house.call(lambda: _scope(house, query, days))
    bounds = [query.imported_from] if query.imported_from else []
    bounds += [now - timedelta(days=days)] if days else []
    bounds += [at_of(upto + 1)] if query.only_new else []
    asked = replace(query, only_new=False, imported_from=max(bounds, default=None))
    while house.call(house.store.index.work_off):  # what was just imported is in the lists too
        pass
    seen = _Seen()
    reader = open_reader(house.data, house.rules)
    files = OrderFiles(
        out, layout, chinese=chinese, zone=zone, rows=rows, with_recipients=with_recipients
    )
    try:
        walk = export_orders(reader.db, asked, Moment(now), reader.people)
        told = _rows(house, reader, walk, upto, seen, status, chinese=chinese)
        count, made = write_orders(files, told, progress=progress, cancelled=cancelled)
    finally:
        reader.close()
    if count:
        house.call(lambda: _note_export(house, scope, max(seen.upto_us, upto), count, len(made)))
    return ExportReport(count, seen.new, tuple(made))


def zone_of_house(settings: Settings) -> tzinfo:
    """Return the zone in which lists of several shops tell the time: that of the first shop."""
    return next(iter(settings.shops.values()), settings.shop(MAIN_SHOP)).zone


class _Seen:
    """What the walk has come across."""

    new = 0
    upto_us = 0


def _rows(
    house: House,
    reader: OpenStore,
    walk: Iterable[ExportedOrder],
    upto: int,
    seen: _Seen,
    status: Callable[[str], str],
    *,
    chinese: bool,
) -> Iterator[ExportRow]:
    names = {c.code: c.name_zh if chinese else c.name_en for c in house.carriers}
    for one in walk:
        is_new = one.imported_us > upto
        seen.new += is_new
        seen.upto_us = max(seen.upto_us, one.imported_us)
        code = one.found.carrier or house.rules.carrier_of(one.order)
        yield ExportRow(
            order=one.order,
            person=reader.people.person(one.order.key),
            status=status(one.found.status),
            carrier=names.get(code, code) if code else "",
            number=one.found.tracking_number or "",
            imported_at=one.found.imported_at or EPOCH,
            is_new=is_new,
        )


def _scope(house: House, query: OrderQuery, days: int | None) -> tuple[str, int]:
    """Return what tells one choice of filters from another, and what it has exported.

    Nothing stands for no filter at all. A text may be a buyer's name, so only a keyed digest of
    the filters is kept. In the store's room.
    """
    from packstation.store.sheet_reads import exported_upto

    plain = OrderQuery(sort=query.sort, limit=query.limit)
    scope = ""
    if days is not None or replace(query, only_new=False, after=None) != plain:
        told = replace(query, only_new=False, after=None, sort=plain.sort)
        scope = house.store.people.digest(b"export", repr((told, days)).encode())
    return scope, exported_upto(house.store.db, scope)


def _note_export(house: House, scope: str, upto_us: int, orders: int, files: int) -> None:
    from packstation.store.journal import new_id

    recorder = house.store.recorder
    fact = OrdersExported(new_id(), upto_us, orders, files, scope)
    with recorder.tx():
        recorder.write((fact,), house.store.clock())
