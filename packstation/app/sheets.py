"""Shipments for a platform: batches written, written again, and what the platform said of them.

The fact comes first, with the digest of the bytes, and the bytes are kept beside it, sealed as
people's data is, since a platform's template may hold some. A file that was lost between fact and
disk is written again, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.core.carriers import Carrier
from packstation.core.orders import CarrierCode, OrderKey, ShopKey
from packstation.core.sheet_facts import ShipmentResultsTaken, ShipmentsWritten
from packstation.core.sheets import Batch, BatchRow, LeftOut, RowState, Shipment
from packstation.errors import PackStationError
from packstation.exchange.sheet_files import refuse_existing, write_whole
from packstation.exchange.sheet_layouts import Layout, layout_for, load_layouts
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.sheet_facts import CarrierSheetWritten

SHEETS = "sheets"
"""Folder of the layouts in resources."""


@dataclass(frozen=True, slots=True)
class ShipmentFile:
    """One file that was written for a platform."""

    batch: Batch
    left: tuple[LeftOut, ...]
    """Orders that are not in it, and why."""
    waiting: int
    """Orders that go into the next batch."""


@dataclass(frozen=True, slots=True)
class ResultReport:
    """What was taken of a platform's results."""

    batch: Batch
    unclear: tuple[tuple[str, str], ...]
    """Order number and word of rows that say neither yes nor no."""
    strangers: tuple[str, ...]
    """Order numbers of the file that wait for no result in this batch."""


def export_shipments(
    house: House,
    shop: ShopKey,
    out: Path,
    *,
    template: Path | None = None,
    layout: str | None = None,
    limit: int | None = None,
) -> ShipmentFile:
    """Write one batch of a shop's proved shipments; to be called outside the store's room.

    Args:
        house: Open to change things.
        shop: Whose orders.
        out: The new file; nothing is written over.
        template: The platform's own template to fill; None = a layout of our own.
        layout: Name of a file in resources/sheets; None = the platform's.
        limit: Most orders; the platform's own limit holds as well.

    Raises:
        PackStationError: ``sheets.nothing_to_tell``, or why the file cannot be made; nothing is
            noted then. ``sheets.file_not_written``: the batch is noted, its file is missing.
    """
    from packstation.exchange.shipment_export import own_file, tellable
    from packstation.exchange.template_fill import fill_template
    from packstation.store import sheet_reads

    refuse_existing(out)
    found, stopped = house.call(lambda: sheet_reads.shipments(house.store.db, shop))
    chosen = _layout(house, shop, found, layout)
    found, left = tellable(chosen, found)
    left = [*stopped, *left]
    most = min(chosen.batch, limit or chosen.batch)
    carriers = _carriers(house)
    if not found:
        raise _nothing(shop, left)
    if template is not None:
        filled = fill_template(template, chosen, found, carriers, most)
        told, content = filled.shipments, filled.content
        left += filled.left
    else:
        told = tuple(found[:most])
        content = own_file(chosen, told, carriers, house.settings.shop(shop).zone)
    if not told:
        raise _nothing(shop, left)
    name = house.call(lambda: _note(house, shop, chosen.key, told, out.name, content))
    save(name, out, content)
    batch = house.call(lambda: sheet_reads.batch(house.store.db, name))
    out_of_it = {one.order for one in told} | {one.order for one in left}
    return ShipmentFile(batch, tuple(left), sum(one.order not in out_of_it for one in found))


def _carriers(house: House) -> dict[CarrierCode, Carrier]:
    return {carrier.code: carrier for carrier in house.carriers}


def _layout(house: House, shop: ShopKey, found: Sequence[Shipment], chosen: str | None) -> Layout:
    layouts = load_layouts(resources() / SHEETS)
    platform = house.settings.shop(shop).platform
    platforms = sorted({one.platform for one in found})
    if not platform and chosen is None and len(platforms) > 1:
        raise PackStationError(
            "sheets.several_platforms",
            f"The shop {shop} has orders of several platforms: {', '.join(platforms)}.",
            fix="Give --layout, or set the platform in the shop's settings.",
            shop=shop,
            platforms=", ".join(platforms),
        )
    return layout_for(layouts, platform or (platforms[0] if platforms else ""), chosen)


def _nothing(shop: ShopKey, left: Sequence[LeftOut]) -> PackStationError:
    return PackStationError(
        "sheets.nothing_to_tell",
        f"The shop {shop} has no sealed order that its platform does not know yet"
        f" ({len(left)} were left out).",
        fix="Seal parcels first; orders in a batch without a result are not written again.",
        shop=shop,
        count=len(left),
    )


def _note(
    house: House,
    shop: ShopKey,
    layout: str,
    told: Sequence[Shipment],
    file: str,
    content: bytes,
) -> str:
    """Write down a batch with its bytes; in the store's room, durable on return."""
    from packstation.store import sheet_reads

    store = house.store
    if not sheet_reads.still_to_tell(store.db, shop, told):
        raise PackStationError(
            "sheets.orders_changed",
            "An order changed while the file was made; nothing was written.",
            fix="Write it again.",
        )
    name = sheet_reads.next_name(store.db, "S", house.settings.station_number)
    fact = ShipmentsWritten(
        batch=name,
        shop=shop,
        orders=tuple(one.order for one in told),
        numbers=tuple(one.number for one in told),
        carriers=tuple(one.carrier for one in told),
        layout=layout,
        file=file,
        digest=hashlib.sha256(content).hexdigest(),
    )
    keep(house, fact, name, content)
    return name


def keep(
    house: House, fact: ShipmentsWritten | CarrierSheetWritten, name: str, content: bytes
) -> None:
    """Write a fact and the bytes of its file in one transaction; in the store's room."""
    store = house.store
    stamp = store.clock()
    with store.recorder.tx():
        store.recorder.write((fact,), stamp)
        store.people.put_payload(name, content, stamp.at.date())


def save(name: str, out: Path, content: bytes) -> None:
    """Write the file of a fact that is noted.

    Raises:
        PackStationError: ``sheets.file_not_written`` says how to write it again.
    """
    try:
        write_whole(out, content)
    except PackStationError as error:
        raise PackStationError(
            "sheets.file_not_written",
            f"{name} is noted, but its file {out.name} could not be written: {error.message}",
            fix=f"Write the same file again with --again {name}.",
            batch=name,
            file=out.name,
        ) from error


def write_again(house: House, name: str, out: Path) -> None:
    """Write the file of a batch or a carrier sheet again, byte for byte.

    Raises:
        PackStationError: There is no such batch, its bytes are not kept any more, or another file
            has the name.
    """
    digest, content = house.call(lambda: _kept(house, name))
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise PackStationError(
            "sheets.bytes_gone",
            f"The bytes of {name} are not kept any more.",
            fix="Mark its orders as failed to write them into a new file.",
            batch=name,
        )
    if out.exists() and out.read_bytes() == content:
        return
    refuse_existing(out)
    write_whole(out, content)


def _kept(house: House, name: str) -> tuple[str, bytes | None]:
    from packstation.store import sheet_reads

    name = name.upper()
    db = house.store.db
    if name.startswith("C"):
        digest = sheet_reads.carrier_sheet(db, name).digest
    else:
        digest = sheet_reads.batch(db, name).digest
    return digest, house.store.people.payload(name)


def take_results(
    house: House,
    name: str,
    file: Path | None = None,
    *,
    done: Sequence[str] = (),
    failed: Sequence[str] = (),
    rest: RowState | None = None,
) -> ResultReport:
    """Take what a platform said of a batch, from its file or by hand.

    Args:
        house: Open to change things.
        name: The batch.
        file: The platform's result file; None = by hand alone.
        done: Order numbers that the platform took.
        failed: Order numbers that it refused.
        rest: What became of every order that nothing was said of; None = they go on waiting.

    Raises:
        PackStationError: No such batch, a file without the needed columns, or an order that does
            not wait in this batch; nothing was taken.
    """
    from packstation.exchange.shipment_export import Results, read_results
    from packstation.store import sheet_reads

    batch = house.call(lambda: sheet_reads.batch(house.store.db, name))
    layouts = load_layouts(resources() / SHEETS)
    found = Results((), (), (), ())
    if file is not None:
        found = read_results(file, layout_for(layouts, "", _known(layouts, batch.layout)), batch)
    waiting = {row.order: row for row in batch.rows if row.state is RowState.WRITTEN}
    yes = {*found.done, *(row.order for row in _rows(batch, done))}
    no = dict(found.failed) | {row.order: "" for row in _rows(batch, failed)}
    for key in waiting:
        if rest is RowState.DONE and key not in no:
            yes.add(key)
        elif rest is RowState.FAILED and key not in yes:
            no[key] = ""
    house.call(lambda: _take(house, batch, [key for key in waiting if key in yes - no.keys()], no))
    return ResultReport(
        house.call(lambda: sheet_reads.batch(house.store.db, batch.batch)),
        found.unclear,
        found.strangers,
    )


def _known(layouts: dict[str, Layout], name: str) -> str:
    return name if name in layouts else "any"


def _rows(batch: Batch, order_ids: Sequence[str]) -> list[BatchRow]:
    found: list[BatchRow] = []
    for order_id in order_ids:
        rows = [
            row
            for row in batch.rows
            if order_id in (row.order_id, row.order) and row.state is RowState.WRITTEN
        ]
        if not rows:
            raise PackStationError(
                "sheets.not_waiting",
                f"Order {order_id} does not wait for a result in batch {batch.batch}.",
                fix="Look at the batch; nothing was taken.",
                order=order_id,
                batch=batch.batch,
            )
        found += rows
    return found


def _take(house: House, batch: Batch, yes: Sequence[OrderKey], no: dict[OrderKey, str]) -> None:
    from packstation.exchange.shipment_export import without_people

    if not yes and not no:
        return
    store = house.store
    rows = {row.order: row for row in batch.rows}
    failed = tuple(
        (key, without_people(words, rows[key], store.people.person(key)) if words else "")
        for key, words in no.items()
    )
    with store.recorder.tx():
        store.recorder.write(
            (ShipmentResultsTaken(batch.batch, tuple(yes), failed),), store.clock()
        )
