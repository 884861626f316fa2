"""The words of ``packstation numbers``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def add_number_words(
    numbers: argparse.ArgumentParser,
    late: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
    count: Callable[[str], int],
) -> None:
    """Add every action of ``numbers``.

    Args:
        numbers: The command.
        late: Options that every action takes, too.
        as_json: The option ``--json``.
        count: Reads a number of things.
    """
    actions = numbers.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, help_text: str, *, json: bool = False) -> argparse.ArgumentParser:
        parents = [late, as_json] if json else [late]
        return actions.add_parser(name, help=help_text, description=help_text, parents=parents)

    def pool(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--pool", metavar="NAME", default="", help="empty = the common pool")

    add = action("add", "add a block of numbers")
    add.add_argument("carrier", metavar="CARRIER")
    add.add_argument("first", metavar="FIRST")
    add.add_argument("--count", type=int, required=True, metavar="N")
    pool(add)

    preview = action("preview", "show what add would add, and what is in its way", json=True)
    preview.add_argument("carrier", metavar="CARRIER")
    preview.add_argument("first", metavar="FIRST")
    preview.add_argument("--count", type=int, required=True, metavar="N")

    imported = action("import", "add the carrier's list of numbers", json=True)
    imported.add_argument("carrier", metavar="CARRIER")
    imported.add_argument("file", metavar="FILE", type=Path)
    imported.add_argument(
        "--skip-refused", action="store_true", help="add the rest where rows are refused"
    )
    pool(imported)

    listed = action("list", "list the blocks, or single numbers", json=True)
    listed.add_argument("--state", metavar="STATE", default=None, help="FREE, USED, VOID …")
    listed.add_argument("--carrier", metavar="CODE", default=None)
    listed.add_argument("--pool", metavar="NAME", default=None)
    listed.add_argument("--limit", metavar="N", type=count, default=1000)

    action("stock", "stock and forecast of every pool", json=True)
    action("gaps", "what is missing between blocks", json=True)

    marked = action("mark", "take numbers out of use for good")
    marked.add_argument("carrier", metavar="CARRIER")
    marked.add_argument("state", metavar="STATE", choices=("VOID", "SPOILED", "RETURNED"))
    marked.add_argument("numbers", nargs="+", metavar="NUMBER")
    marked.add_argument("--reason", metavar="TEXT", required=True)

    for name, help_text in (
        ("next", "print the numbers after one"),
        ("previous", "print the numbers before one"),
    ):
        following = action(name, help_text)
        following.add_argument("carrier", metavar="CARRIER")
        following.add_argument("number", metavar="NUMBER")
        following.add_argument("--count", type=count, default=1, metavar="N")

    check = action("check", "whose number could this be", json=True)
    check.add_argument("numbers", nargs="+", metavar="NUMBER")
    check.add_argument("--carrier", metavar="CODE", default=None)

    invoice = action("invoice", "hold a carrier's invoice against ours", json=True)
    invoice.add_argument("carrier", metavar="CARRIER")
    invoice.add_argument("file", metavar="FILE", type=Path)
    invoice.add_argument("--month", metavar="YYYY-MM", default=None)
