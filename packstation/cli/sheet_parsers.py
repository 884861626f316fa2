"""Words and options of the commands for files that go out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from packstation.cli import order_options

Parser = argparse.ArgumentParser
Maker = Callable[..., Parser]


def count(text: str) -> int:
    """Read a number of things, 1 or more; argparse tells the rest."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def add_parsers(command: Maker, late: Parser, as_json: Parser) -> None:
    """Add the parsers of this module's commands.

    Args:
        command: Makes one, from its name, its help and its parents.
        late: Options that may stand behind a command.
        as_json: The option ``--json``.
    """
    ships = command("export-shipments", "write a batch of shipments for a platform", as_json)
    ships.add_argument("--shop", metavar="KEY", default=None)
    ships.add_argument("--out", metavar="FILE", type=Path, required=True)
    ships.add_argument("--template", metavar="FILE", type=Path, help="the platform's own, filled")
    ships.add_argument("--layout", metavar="NAME", help="a file of resources/sheets")
    ships.add_argument("--limit", metavar="N", type=count, help="most orders")
    ships.add_argument("--again", metavar="BATCH", help="write a lost file again, byte for byte")

    results = command("shipment-results", "take what a platform said of a batch", as_json)
    results.add_argument("batch", nargs="?", metavar="BATCH", help="none: list the batches")
    results.add_argument("file", nargs="?", metavar="FILE", type=Path)
    results.add_argument("--done", nargs="+", metavar="ORDER", default=[])
    results.add_argument("--failed", nargs="+", metavar="ORDER", default=[])
    results.add_argument("--rest", choices=("done", "failed"), help="what all others are")

    sheet = command("carrier-sheet", "write orders that need numbers of a carrier", as_json)
    sheet.add_argument("--carrier", metavar="CODE", default=None)
    sheet.add_argument("--shop", metavar="KEY", default=None)
    sheet.add_argument("--out", metavar="FILE", type=Path, required=True)
    sheet.add_argument("--limit", metavar="N", type=count, help="most orders")
    sheet.add_argument("--again", metavar="SHEET", help="write a lost file again, byte for byte")
    sheet.add_argument("--yes", action="store_true", help="people's data may leave in this file")

    numbers = command("carrier-numbers", "take the numbers that a carrier gave back", as_json)
    numbers.add_argument("sheet", nargs="?", metavar="SHEET", help="none: list what waits")
    numbers.add_argument("file", nargs="?", metavar="FILE", type=Path)
    numbers.add_argument("--by-row", action="store_true", help="match by the order of rows")
    numbers.add_argument("--skip-refused", action="store_true", help="take the rows that match")
    numbers.add_argument("--end", action="store_true", help="wait for no more numbers")

    export = command("export-orders", "write orders to a file", as_json)
    export.add_argument("--out", metavar="FILE", type=Path, required=True)
    _add_filters(export)
    # The shops' own exports have these limits; without the options there is none.
    export.add_argument(
        "--days", metavar="N", type=count, nargs="?", const=90, help="imported in the last days"
    )
    export.add_argument(
        "--rows", metavar="N", type=count, nargs="?", const=15_000, help="most rows of one file"
    )
    export.add_argument("--with-recipients", action="store_true", help="recipients in clear")
    export.add_argument("--yes", action="store_true", help="people's data may leave in this file")

    picks = command("pick-list", "write a pick list as PDF", as_json)
    picks.add_argument("orders", nargs="*", metavar="ORDER")
    picks.add_argument("--wave", metavar="WAVE", default=None)
    picks.add_argument("--cart", metavar="N", type=count, help="orders of one cart")
    picks.add_argument("--total", action="store_true", help="only the sum of each SKU")
    picks.add_argument("--size", choices=("a4", "100x150"), default="a4")
    picks.add_argument("--out", metavar="FILE.pdf", type=Path, required=True)

    waves = command("wave", "orders that are picked in one round")
    actions = waves.add_subparsers(dest="action", metavar="ACTION", required=True)
    make = actions.add_parser("make", help="make a wave", parents=[late, as_json])
    make.add_argument("orders", nargs="*", metavar="ORDER")
    make.add_argument("--size", metavar="N", type=count, default=None, help="most orders")
    _add_filters(make)
    listed = actions.add_parser("list", help="list the open waves", parents=[late, as_json])
    listed.add_argument("--all", action="store_true", help="those that have ended too")
    for name, text in (("show", "list the orders of a wave"), ("end", "end a wave")):
        one = actions.add_parser(name, help=text, parents=[late, as_json])
        one.add_argument("wave", metavar="WAVE")


def _add_filters(parser: Parser) -> None:
    order_options.add_arguments(parser)
    parser.set_defaults(limit=None)
