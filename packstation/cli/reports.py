"""Commands that look: orders, manifests, print jobs, journal, self-check; and two small changes.

Looking works beside the program that holds the data folder.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import desk_reads
from packstation.app.clocks import deadline_book
from packstation.app.house import SETTINGS, House
from packstation.app.paper_pictures import picture_of
from packstation.cli import output
from packstation.core.orders import OrderKey
from packstation.core.status import PrintOutcome
from packstation.errors import DeviceError, PackStationError
from packstation.exchange.carrier_files import load_carriers
from packstation.exchange.platform_rules import load_platform_rules
from packstation.i18n import Translator
from packstation.paths import resources
from packstation.settings import Settings, load_settings, rules

if TYPE_CHECKING:
    from packstation.core.reports import PrintJob
    from packstation.store.opening import OpenStore


_ALL = 1_000_000_000
"""Rows of a list that is asked for as a whole."""


@contextmanager
def reading(data: Path) -> Iterator[OpenStore]:
    """Open a data folder to look, beside the program that holds it."""
    from packstation.store.opening import open_reader

    settings = load_settings(data / SETTINGS)
    carriers = load_carriers(resources() / "carriers")
    platforms = load_platform_rules(resources() / "shops")
    chosen = rules(settings, carriers, deadline_book(settings), platforms)
    store = open_reader(data, chosen)
    try:
        yield store
    finally:
        store.close()


def key_named(store: OpenStore, text: str) -> OrderKey:
    """Return the order that a text names.

    Raises:
        PackStationError: ``orders.not_found``.
    """
    from packstation.store.order_list import key_of

    key = key_of(store.db, text)
    if key is None:
        raise PackStationError(
            "orders.not_found",
            f"There is no order {text}.",
            fix="Look at the list: packstation orders",
            order=text,
        )
    return key


def numbers(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List the prepaid blocks."""
    from packstation.store.numbers import blocks

    with reading(data) as store:
        found = blocks(store.db)
    for one in found:
        if arguments.json:
            output.answer_json({**output.plain(one), "free": one.free})
        else:
            told = translator.text("{free} of {total} free", free=one.free, total=one.total)
            output.answer(f"{one.carrier}  {one.first}–{one.last}  {told}")
    if not found:
        output.message(translator.text("No block of numbers was added yet."))
    return 0


def manifests(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List closed handovers."""
    from packstation.store.dock_reads import manifest_parcels
    from packstation.store.dock_reads import manifests as closed

    with reading(data) as store:
        for one in closed(store.db, _ALL):
            if arguments.json:
                parcels = manifest_parcels(store.db, one.manifest)
                told = output.plain(one)
                bags = [{"bag": code, "parcels": count} for code, count in one.bags]
                output.answer_json(
                    {**told, "bags": bags, "inner": output.plain(parcels), "count": one.parcels}
                )
                continue
            moment = one.closed_at.astimezone().strftime("%Y-%m-%d %H:%M")
            told = translator.text(
                "{bags} bags, {parcels} parcels", bags=len(one.bags), parcels=one.parcels
            )
            output.answer(f"{one.manifest}  {one.carrier}  {moment}  {told}")
    return 0


def verify_receipt(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Compare a receipt (its bytes, its picture's text or its QR) with the journal."""
    from packstation.app.receipts import claims_of
    from packstation.store.dock_reads import manifest

    claims = claims_of(arguments.file)
    with reading(data) as store:
        for claim in claims:
            known = manifest(store.db, claim.manifest)
            if known.digest == claim.digest:
                told = translator.text(
                    "Receipt {manifest} is right: {bags} bags, {parcels} parcels.",
                    manifest=claim.manifest,
                    bags=len(known.bags),
                    parcels=known.parcels,
                )
                output.answer(told)
                continue
            raise PackStationError(
                "receipt.differs",
                f"Receipt {claim.manifest} is not the one that the journal knows.",
                fix="Do not accept it; compare the parcels of the manifest one by one.",
                manifest=claim.manifest,
            )
    return 0


def reprint_receipt(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print a receipt again, marked as copy n+1."""
    from packstation.app.scan_feed import ScanFeed

    feed = ScanFeed()
    with House(data, name="receipt", language=translator.language) as house:
        house.start(feed, wake=feed.awake.set)
        job = house.reprint("receipt", arguments.manifest)
        house.paper_done()
        told = {one.job: one.outcome for one in house.call(house.store.ledger.jobs)}
    if told.get(job) not in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
        output.message(
            translator.text(
                "The receipt of {key} did not come out. Reprint it.", key=arguments.manifest
            )
        )
        return 1
    output.answer(
        translator.text("Receipt {manifest} was printed again.", manifest=arguments.manifest)
    )
    return 0


def print_jobs(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List the print journal; with --save write each job's bytes and picture."""
    folder: Path | None = arguments.save
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings(data / SETTINGS) if folder is not None else None
    with reading(data) as store:
        for job in store.ledger.jobs(_ALL):
            files: dict[str, str] = {}
            if folder is not None:
                files = _saved(store, job, folder, settings)
            if arguments.json:
                order = job.key.partition("/")[2] if job.kind == "label" else None
                output.answer_json({**output.plain(job), "order": order, **files})
                continue
            moment = job.requested_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
            cells = [moment, job.kind, job.key, f"#{job.copy}", job.outcome, job.detail]
            cells += [job.printer, job.batch, job.spoiled]
            output.answer("  ".join(str(cell) for cell in cells if cell) + _files_told(files))
    return 0


def _files_told(files: dict[str, str]) -> str:
    return "".join(f"  {path}" for path in files.values())


def _saved(
    store: OpenStore, job: PrintJob, folder: Path, settings: Settings | None
) -> dict[str, str]:
    payload = store.ledger.payload(job.job)
    if payload is None:
        return {}
    # A name is made of data, so it is cut down to what can be no path.
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", f"{job.kind}-{job.key}-{job.copy}")[:100]
    paper, picture = (folder / f"{safe}-{job.job[-6:]}{kind}" for kind in (".bin", ".png"))
    paper.write_bytes(payload)
    try:
        picture.write_bytes(picture_of(job.kind, payload, job.printer, settings))
    except DeviceError:  # a document for a print component has no picture
        return {"file": str(paper)}
    return {"file": str(paper), "picture": str(picture)}


def verify_journal(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Check the chain and say where it breaks."""
    with reading(data) as store:
        report = desk_reads.checked_chain(store)
    if arguments.json:
        output.answer_json({**output.plain(report), "clean": report.clean})
    elif report.clean:
        output.answer(
            translator.text("Journal: {count} entries, the chain is whole.", count=report.entries)
        )
    else:
        for one in report.breaks:
            output.answer(
                translator.text(
                    "Entry {entry}: {what} ({detail})",
                    entry=one.seq,
                    what=one.what,
                    detail=one.detail,
                )
            )
    return 0 if report.clean else 1


def export_journal(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print every entry as one JSON object."""
    with reading(data) as store:
        for line in store.journal.export():
            output.answer(line)
    return 0


def backup(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Copy the database; the copy counts once it was opened and compared. Keys are not in it."""
    from packstation.store.backup import back_up

    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder: Path | None = arguments.out
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with House(data, name="backup", language=translator.language) as house:
        made = house.call(lambda: back_up(house.store, name, folder))
    if arguments.json:
        output.answer_json(made)
    else:
        output.answer(
            translator.text(
                "Backup of {count} journal entries, opened and compared: {file}",
                count=made.entries,
                file=made.path,
            )
        )
    return 0


def doctor(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Check the machine, the store and the settings; one line each."""
    from packstation.app.self_check import findings

    worst = 0
    for one in findings(data, translator.language):
        if arguments.json:
            output.answer_json(one)
        else:
            sign = {"ok": "✓", "warning": "!", "error": "✗"}.get(one.level, "?")
            output.answer(f"{sign} {one.name}: {one.message} {one.fix}".rstrip())
        worst = max(worst, 1 if one.level == "error" else 0)
    return worst


def command_sheet(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Write the sheet of command codes as PDF."""
    now = datetime.now(UTC).astimezone()
    arguments.out.write_bytes(desk_reads.command_sheet(translator, now))
    output.answer(str(arguments.out))
    return 0
