"""Words and options of the commands for shared parcels."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_parsers(
    command: Callable[..., argparse.ArgumentParser],
    badge: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
    count: Callable[[str], int],
) -> None:
    """Add the parsers.

    Args:
        command: Makes one, from its name, its help and its parents.
        badge: The option ``--as``.
        as_json: The option ``--json``.
        count: Reads a number, 1 or more.
    """
    merge = command("merge", "put orders of one recipient into one parcel", badge, as_json)
    merge.add_argument("orders", nargs="+", metavar="ORDER")
    merge.add_argument("--across-shops", action="store_true", help="orders of several shops")

    for name, help_text in (
        ("unmerge", "take a merged order apart"),
        ("join", "make one parcel of a split order again"),
    ):
        apart = command(name, help_text, badge, as_json)
        apart.add_argument("order", metavar="ORDER")
        apart.add_argument("--closed", action="store_true", help="also a closed box; supervisors")

    split = command("split", "let an order travel in several parcels", badge, as_json)
    split.add_argument("order", metavar="ORDER")
    how = split.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--part",
        action="append",
        metavar="LINE=N,LINE=N",
        help="units of one parcel; once for each, the rest makes one more",
    )
    how.add_argument("--missing", metavar="LINE=N,LINE=N", help="send all but these units now")
    how.add_argument("--short", action="store_true", help="send all but what was short-picked")
    split.add_argument(
        "--rest-cancelled", action="store_true", help="the buyer goes without the missing units"
    )
    split.add_argument("--yes", action="store_true", help="cancel the rest after the warning")

    found = command("merge-suggestions", "list orders that could go into one parcel", as_json)
    found.add_argument("--shop", metavar="KEY", default=None)
    found.add_argument("--limit", metavar="N", type=count, default=100)
