"""``packstation print``: slips that come out of the station's printers at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli import output
from packstation.cli.reports import key_named, reading
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.app.house import House

CAME_OUT = (PrintOutcome.CONFIRMED, PrintOutcome.SENT)


def command_sheet(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the sheet of command codes."""
    return _print(arguments, data, translator, _slip(PaperKind.COMMAND_SHEET))


def scanner_card(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the card that shows whether a scanner is set up well."""
    return _print(arguments, data, translator, _slip(PaperKind.SCANNER_CARD))


def packing_slip(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the paper that goes into a parcel."""

    def queue(house: House) -> str:
        from packstation.app.slips import print_slip

        order = house.call(lambda: key_named(house.store, arguments.order))
        return print_slip(house, PaperKind.PACKING_SLIP, order)

    return _print(arguments, data, translator, queue)


def pick_list(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print a pick list: of named orders, of a wave, or of all that may be packed."""

    def queue(house: House) -> str:
        from packstation.app.slips import print_pick_list

        keys = house.call(lambda: [key_named(house.store, text) for text in arguments.orders])
        return print_pick_list(
            house, keys, wave=arguments.wave, total=arguments.total, cart=arguments.cart
        )

    return _print(arguments, data, translator, queue)


def discrepancy(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the slip of two counts that differ."""
    theirs = dict(_counted(text) for text in arguments.counts)
    terms = json.dumps({"theirs": theirs, "reason": arguments.reason}, ensure_ascii=False)
    return _print(
        arguments,
        data,
        translator,
        _slip(PaperKind.DISCREPANCY_SLIP, arguments.manifest.upper(), terms),
    )


def _counted(text: str) -> tuple[str, int]:
    bag, _, count = text.rpartition("=")
    if not bag or not (count.isascii() and count.isdecimal()):
        raise PackStationError(
            "print.bad_count",
            f"{text} says no bag and count.",
            fix="Write the bag's code, = and the courier's count, such as PSBAG01000001=12.",
            text=text,
        )
    return bag.upper(), int(count)


def _slip(kind: PaperKind, key: str = "", terms: str = "") -> Callable[[House], str]:
    def queue(house: House) -> str:
        from packstation.app.slips import print_slip

        return print_slip(house, kind, key, terms)

    return queue


def _print(
    arguments: argparse.Namespace,
    data: Path,
    translator: Translator,
    queue: Callable[[House], str],
) -> int:
    """Queue a slip, have it printed, and tell how it stands once the station is closed again."""
    from packstation.app.house import House
    from packstation.app.scan_feed import ScanFeed

    feed = ScanFeed()
    with House(data, name="print", language=translator.language) as house:
        house.start(feed, wake=feed.awake.set)
        job = queue(house)
        house.paper_done()
    # Closing gives up what waits for a hand: only now is the end known.
    with reading(data) as store:
        found = store.ledger.job(job)
    if arguments.json:
        output.answer_json({"job": job, "outcome": found.outcome, "detail": found.detail})
    else:
        output.answer(f"{job}  {found.outcome.value}  {found.detail}".rstrip())
    if found.outcome in CAME_OUT:
        return 0
    output.not_sure(found.outcome, found.detail, translator)
    return 1
