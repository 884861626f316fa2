"""The words of ``packstation print-batch``."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_parsers(
    command: Callable[..., argparse.ArgumentParser],
    late: argparse.ArgumentParser,
    badge: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
    count: Callable[[str], int],
) -> None:
    """Add the parsers.

    Args:
        command: Makes one, from its name, its help and its parents.
        late: Options that every action takes, too.
        badge: The option ``--as``.
        as_json: The option ``--json``.
        count: Reads a number, 1 or more.
    """
    actions = command("print-batch", "labels of several orders, ahead of packing").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )

    def action(name: str, help_text: str) -> argparse.ArgumentParser:
        return actions.add_parser(
            name, help=help_text, description=help_text, parents=[late, badge, as_json]
        )

    start = action("start", "print labels of orders, one after the other")
    start.add_argument("orders", nargs="*", metavar="ORDER", help="in the order of printing")
    start.add_argument("--all", action="store_true", help="every order to pack without a label")
    start.add_argument("--shop", metavar="KEY", default=None, help="with --all: of this shop")
    start.add_argument("--yes", action="store_true", help="with --all: print without being asked")

    listed = action("list", "list batches with their labels, newest first")
    listed.add_argument("--limit", metavar="N", type=count, default=20)

    resume = action("resume", "go on behind the last good label")
    resume.add_argument("batch", metavar="BATCH")
    resume.add_argument(
        "scan", metavar="SCAN", nargs="?", default="", help="what the last good label says"
    )
    resume.add_argument("--none-good", action="store_true", help="not one label is good")

    for name, help_text in (
        ("stop", "stop a batch after the label that is being printed"),
        ("cancel", "print no more of a batch"),
    ):
        action(name, help_text).add_argument("batch", metavar="BATCH")
