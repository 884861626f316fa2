"""The sample shop: a folder of its own, virtual printers, a local receiver, a whole shift."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import desk_reads, intake
from packstation.app.desk_rows import write_pick_list
from packstation.app.house import SETTINGS, House
from packstation.app.import_run import take_in
from packstation.app.paper_pictures import picture_of
from packstation.app.scan_feed import ScanFeed, describe
from packstation.app.start import has_display
from packstation.app.sync import send_once
from packstation.core.status import Verdict
from packstation.errors import PackStationError
from packstation.exchange.sample_receiver import SampleReceiver
from packstation.i18n import Translator
from packstation.paths import resources

if TYPE_CHECKING:
    from packstation.store.opening import OpenStore

LAST_SCAN = "PSCMDCLOSE"
"""Ends each handover of the shift."""
ORDERS, CODES, NUMBERS, SHIFT = "orders.csv", "codes.csv", "numbers.csv", "shift.txt"


def samples() -> Path:
    """Return the folder of the sample shop's files."""
    return resources() / "samples"


def shift() -> Iterator[str]:
    """Yield the scans of the sample shift; notes and blank lines are left out."""
    for line in (samples() / SHIFT).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def blocks() -> Iterator[tuple[str, str, int]]:
    """Yield carrier, first number and count of the sample shop's prepaid blocks."""
    for line in (samples() / NUMBERS).read_text(encoding="utf-8").splitlines()[1:]:
        carrier, first, count = line.split(",")
        yield carrier, first, int(count)


def set_up(data: Path) -> None:
    """Make the sample shop's folder, as far as it is not there yet: settings, orders, numbers.

    Raises:
        PackStationError: ``demo.not_a_sample``: another shop works in this folder.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (data / SETTINGS).exists():
        with House(data, name="demo") as house:
            house.call(lambda: _refuse_others(house.store, data))
        return
    with House(data, name="demo") as house:
        house.call(lambda: _refuse_others(house.store, data))
        chosen = intake.import_settings(house.settings, shop="main")
        for name in (ORDERS, CODES):
            take_in(house, [samples() / name], chosen)
        house.call(lambda: _add_blocks(house))
    # The settings come last: a folder that has them is complete.
    draft = data / f".{SETTINGS}.new"
    shutil.copyfile(samples() / SETTINGS, draft)
    draft.replace(data / SETTINGS)


def _refuse_others(store: OpenStore, data: Path) -> None:
    """Keep invented scans out of a folder where people work."""
    from packstation.core.order_query import OrderQuery
    from packstation.store.order_list import key_of, search

    used = (data / SETTINGS).exists() or search(store.db, OrderQuery(limit=1)).rows
    if used and key_of(store.db, next(shift())) is None:
        raise PackStationError(
            "demo.not_a_sample",
            f"Another shop works in the folder {data}; the sample shop needs one of its own.",
            fix="Choose an empty folder with --data, or leave it out.",
            folder=str(data),
        )


def _add_blocks(house: House) -> None:
    """Add what is missing; an earlier set-up may have been cut off."""
    from packstation.store.numbers import blocks as there

    known = {(block.carrier, block.first) for block in there(house.store.db)}
    for carrier, first, count in blocks():
        if (carrier, first) not in known:
            desk_reads.add_block(house, carrier, first, count)


def _played(house: House) -> bool:
    """Tell whether the sample shift was played to its end: every handover in it is closed."""
    from packstation.store.dock_reads import manifests

    return len(manifests(house.store.db)) >= sum(scan == LAST_SCAN for scan in shift())


def run_demo(given: Path | None, *, headless: bool, translator: Translator) -> int:
    """Open the window on the sample shop, or play its shift without one; return the exit code.

    Args:
        given: The folder to use; None = a folder of its own.
        headless: Without a window, as where there is no display.
        translator: Says what was done.
    """
    if headless or not has_display():
        data = given or Path(tempfile.mkdtemp(prefix="packstation-demo-"))
        return _play(data, translator)
    from packstation.app.window import open_window

    data = given or _own_folder()
    set_up(data)
    receiver = SampleReceiver(data / "sample-receiver.jsonl")
    with receiver:
        return open_window(data, None, sync_url=receiver.url)


def _own_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("packstation-demo", appauthor=False)


def _play(data: Path, translator: Translator) -> int:
    from packstation.printing.raster import ensure_gui_application

    say = sys.stdout.write
    set_up(data)
    say(translator.text("The sample shop lies in {folder}.", folder=data) + "\n\n")
    ensure_gui_application()  # before any other thread draws: here the pick list is first
    feed = ScanFeed()
    receiver = SampleReceiver(data / "sample-receiver.jsonl")
    with receiver, House(data, name="demo", language=translator.language) as house:
        saved = _shift(house, feed, data, translator)
        house.paper_done()
        _show_paper(house, data, translator)
        report = send_once(house, receiver.url)
        say(
            translator.text(
                "Status events acknowledged by the shop: {count}", count=report.delivered
            )
            + "\n"
        )
        chain = house.call(lambda: desk_reads.checked_chain(house.store))
        if chain.clean:
            say(
                translator.text(
                    "Journal: {count} entries, the chain is whole.", count=chain.entries
                )
                + "\n"
            )
    return 0 if saved and chain.clean and not report.error and not report.paused else 1


def _shift(house: House, feed: ScanFeed, data: Path, translator: Translator) -> bool:
    """Play the sample shift, once in a folder; False when something could not be saved."""
    say = sys.stdout.write
    engine = house.start(feed, wake=feed.awake.set, watch=feed.watch)
    feed.settle(engine)
    if house.call(lambda: _played(house)):
        again = translator.text("The sample shift was played here before; nothing is packed twice.")
        say(again + "\n\n")
        return True
    pick_list = data / "pick-list.pdf"
    count = house.call(
        lambda: write_pick_list(house.letterhead(), house.rules, house.store, None, pick_list)
    )
    say(
        translator.text("Pick list of {count} orders: {file}", count=count, file=pick_list) + "\n\n"
    )
    for number, scan in enumerate(shift(), 1):
        answer = feed.ask(engine, scan, number)
        say(f"{scan:<18}{describe(number, answer, translator)}\n")
        if answer.verdict is Verdict.NOT_SAVED:
            return False
    say("\n")
    return True


def _show_paper(house: House, data: Path, translator: Translator) -> None:
    folder = data / "paper"
    folder.mkdir(exist_ok=True)
    for job in house.call(house.store.ledger.jobs):
        payload = house.call(lambda job=job: house.store.ledger.payload(job.job))  # type: ignore[misc]
        if payload is None:
            continue
        name = f"{job.kind}-{job.key.replace('/', '-')}-{job.copy}"
        (folder / f"{name}.bin").write_bytes(payload)
        picture = folder / f"{name}.png"
        picture.write_bytes(picture_of(job.kind, payload, job.printer, house.settings))
        sys.stdout.write(f"{job.kind:<8} {job.outcome.value:<10} {picture}\n")
