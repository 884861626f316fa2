"""The command line: a promise that scripts and tests build on.

Standard output carries answers only; messages go to standard error. Exit 0 done, 1 refused or
failed with a sentence, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

from packstation import __version__
from packstation.cli import (
    batch_words,
    label_words,
    order_options,
    printer_words,
    sheet_parsers,
    shipment_words,
    slip_words,
)
from packstation.cli.number_words import add_number_words
from packstation.cli.time_words import add_time_words


def data_folder(given: str | None) -> Path:
    """Return the folder that holds everything the program keeps; not created here."""
    chosen = given or os.environ.get("PACKSTATION_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("packstation", appauthor=False)


def _count(text: str) -> int:
    """Read a number of things, 1 or more; argparse tells the rest."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


_count.__name__ = "count"


def add_order_commands(
    command: Callable[..., argparse.ArgumentParser], badge: argparse.ArgumentParser
) -> None:
    """Add the commands that decide about orders."""
    from packstation.cli.life_words import CANCEL_REASONS, HOLD_REASONS

    hold = command("hold", "hold orders until somebody releases them", badge)
    hold.add_argument("orders", nargs="+", metavar="ORDER")
    hold.add_argument("--reason", choices=HOLD_REASONS, default=HOLD_REASONS[0])
    release = command("release", "let orders go on that were held", badge)
    release.add_argument("orders", nargs="+", metavar="ORDER")
    short = command("short", "say that items of an order are missing", badge)
    short.add_argument("order", metavar="ORDER")
    short.add_argument("sku", metavar="SKU")
    short.add_argument("--units", type=_count, default=1, metavar="N")
    cancel = command("cancel", "cancel an order for the seller", badge)
    cancel.add_argument("order", metavar="ORDER")
    cancel.add_argument("--reason", choices=CANCEL_REASONS, required=True)
    cancel.add_argument("--yes", action="store_true", help="cancel after the warning")
    for name, help_text in (
        ("accept-cancel", "accept a buyer's wish to cancel"),
        ("reject-cancel", "turn a buyer's wish to cancel down"),
        ("recall", "take the parcel of a stopped order out of its bag"),
    ):
        command(name, help_text, badge).add_argument("order", metavar="ORDER")


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", metavar="DIR", help="folder with everything the program keeps")
    common.add_argument("--language", choices=("zh_CN", "en", "en_XA"), help="language of texts")
    common.set_defaults(data=None)
    top = argparse.ArgumentParser(
        prog="packstation",
        description="The packing station. Without a command: the window.",
        parents=[common],
    )
    top.add_argument("--version", action="version", version=f"packstation {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    late = argparse.ArgumentParser(add_help=False)
    late.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
    late.add_argument("--language", choices=("zh_CN", "en", "en_XA"), default=argparse.SUPPRESS)
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="one JSON object a line")

    def command(
        name: str, help_text: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=help_text, description=help_text, parents=[late, *parents]
        )

    demo = command("demo", "the sample shift with virtual printers, in a folder of its own")
    demo.add_argument("--headless", action="store_true", help="without a window")

    imports = command("import", "import shop files; a pair of files is given together", as_json)
    imports.add_argument("files", nargs="+", metavar="FILE", type=Path)
    imports.add_argument("--shop", metavar="KEY", default=None)
    imports.add_argument("--zone", metavar="IANA|OFFSET", default=None)
    imports.add_argument("--settings", metavar="FILE.json", type=Path, default=None)
    imports.add_argument("--profile", metavar="NAME", default=None)
    imports.add_argument(
        "--explain", action="store_true", help="print what would be understood; store nothing"
    )

    orders = command("orders", "list orders", as_json)
    order_options.add_arguments(orders)
    orders.add_argument("--limit", metavar="N", type=_count, default=None)

    badge = argparse.ArgumentParser(add_help=False)
    badge.add_argument("--as", dest="badge", metavar="BADGE", help="who decides this")
    add_order_commands(command, badge)
    shipment_words.add_parsers(command, badge, as_json, _count)
    batch_words.add_parsers(command, late, badge, as_json, _count)
    label_words.add_parsers(command, late, as_json, _count)

    numbers = command("numbers", "prepaid tracking numbers")
    add_number_words(numbers, late, as_json, _count)

    sheet_parsers.add_parsers(command, late, as_json)
    add_time_words(command, as_json)

    printer_words.add_parsers(command, late, badge, as_json, _count)
    slip_words.add_parsers(command, late, as_json, _count)

    scan = command("scan", "feed scans to the station without a window", as_json)
    scan.add_argument("file", metavar="FILE|-")

    command("manifests", "list the closed handovers", as_json)
    receipt = command("receipt", "handover receipts", as_json)
    receipts = receipt.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = receipts.add_parser(
        "verify", help="compare a receipt with the journal", parents=[late]
    )
    verify.add_argument("file", metavar="FILE", type=Path)
    again = receipts.add_parser("reprint", help="print a receipt again", parents=[late])
    again.add_argument("manifest", metavar="MANIFEST")

    jobs = command("print-jobs", "the print journal", as_json)
    jobs.add_argument("--save", metavar="DIR", type=Path, default=None)

    sheet = command("command-sheet", "write the sheet of command codes as PDF")
    sheet.add_argument("--out", metavar="FILE.pdf", type=Path, required=True)

    sync = command("sync", "send what waits in the outbox")
    sync.add_argument("--once", action="store_true", help="send what is due, then end")
    sync.add_argument("--url", metavar="URL", default=None)
    sync.add_argument("--retry-parked", action="store_true", help="send parked events again")

    journal = command("journal", "the journal")
    journals = journal.add_subparsers(dest="action", metavar="ACTION", required=True)
    journals.add_parser("verify", help="check the chain", parents=[late, as_json])
    journals.add_parser("export", help="print every entry as JSON", parents=[late])

    backup = command("backup", "copy the database, open the copy and compare it", as_json)
    backup.add_argument("--out", metavar="DIR", type=Path, default=None)

    command("doctor", "self-check, one line each", as_json)
    bench = command("bench", "measure the figures the program promises", as_json)
    bench.add_argument("--orders", type=_count, default=100_000, metavar="N")
    bench.add_argument("--lists", action="store_true", help="only lists and searches of N orders")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code. Wrong usage ends the process with 2."""
    arguments = _parser().parse_args(argv)
    # What a terminal's code page lacks is spelled out; it must not end a shift.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from packstation.cli.commands import run

    try:
        return run(arguments, data_folder(arguments.data))
    except BrokenPipeError:
        # The reader went away (a pipe to head): nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
