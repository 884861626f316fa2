"""The words of ``packstation print``."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_parsers(
    command: Callable[..., argparse.ArgumentParser],
    late: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
    count: Callable[[str], int],
) -> None:
    """Add the parsers.

    Args:
        command: Makes one, from its name, its help and its parents.
        late: Options that every action takes, too.
        as_json: The option ``--json``.
        count: Reads a number, 1 or more.
    """
    actions = command("print", "print a slip now, with the station's printers").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )

    def action(name: str, help_text: str) -> argparse.ArgumentParser:
        return actions.add_parser(
            name, help=help_text, description=help_text, parents=[late, as_json]
        )

    action("command-sheet", "the sheet of command codes")
    action("scanner-card", "the card that shows whether a scanner is set up well")
    slip = action("packing-slip", "the paper that goes into a parcel")
    slip.add_argument("order", metavar="ORDER")
    picks = action("pick-list", "a pick list; without ORDER and --wave of all that may be packed")
    picks.add_argument("orders", nargs="*", metavar="ORDER")
    picks.add_argument("--wave", metavar="WAVE", default=None)
    picks.add_argument("--total", action="store_true", help="only the sum of each SKU")
    picks.add_argument("--cart", metavar="N", type=count, help="orders of one cart")
    differ = action("discrepancy", "the slip of two counts that differ, for both to sign")
    differ.add_argument("manifest", metavar="MANIFEST")
    differ.add_argument("counts", nargs="+", metavar="BAG=COUNT", help="what the courier counted")
    differ.add_argument("--reason", metavar="TEXT", default="")
