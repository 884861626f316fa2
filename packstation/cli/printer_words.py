"""The words of ``packstation printers`` and ``packstation reprint``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

USES = ("label", "bag", "receipt", "slip", "pick_list")
"""Kinds of paper that a printer can be the usual one for; see ``ui.backend_printing``."""
REASONS = ("damaged", "unreadable", "jam", "lost", "wrong_paper", "other")
"""Why a label is not to be used; see ``core.print_rules``."""


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
    actions = command("printers", "printers: find, set up, try, and their queues").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )

    def action(
        name: str, help_text: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        return actions.add_parser(
            name, help=help_text, description=help_text, parents=[late, *parents]
        )

    action("list", "list the printers that are set up, with how they are", as_json)
    action("find", "look for printers at this computer", as_json)
    action("models", "list the known models and papers", as_json)
    added = action("add", "add a printer, or change one")
    added.add_argument("key", metavar="KEY")
    added.add_argument("--address", required=True, help="usb://…, tcp://host:9100, virtual …")
    added.add_argument("--model", default="", help="one of: packstation printers models")
    added.add_argument("--stock", default="", help="one of: packstation printers models, or WxH")
    added.add_argument("--name", default="", help="as people call it")
    added.add_argument("--darkness", type=int, choices=range(101), metavar="0..100")
    added.add_argument("--speed", type=count, metavar="MM/S")
    added.add_argument("--offset-x", type=float, default=0.0, metavar="MM")
    added.add_argument("--offset-y", type=float, default=0.0, metavar="MM")
    added.add_argument("--cut", action="store_true", help="cut after each paper")
    added.add_argument("--drawer", action="store_true", help="open a drawer after a receipt")
    action("remove", "take a printer out").add_argument("key", metavar="KEY")
    use = action("use", "make a printer the usual one for a kind of paper")
    use.add_argument("use", choices=USES)
    use.add_argument("key", metavar="KEY")
    for name, help_text in (
        ("test", "print a test label with a code to scan back"),
        ("calibrate", "print rulers, and have the printer measure its paper"),
    ):
        action(name, help_text, as_json).add_argument("key", metavar="KEY")
    proved = action("prove", "give the scan of a test label")
    proved.add_argument("code", metavar="CODE")
    roll = action("roll", "say how many labels a new roll has; 0 = do not count")
    roll.add_argument("key", metavar="KEY")
    roll.add_argument("labels", metavar="LABELS", type=int)
    queue = action("queue", "list print jobs, newest first", as_json)
    queue.add_argument("key", metavar="KEY", nargs="?", default="")
    queue.add_argument("--limit", metavar="N", type=count, default=50)
    action("give-up", "end a job that waits").add_argument("job", metavar="JOB")
    settled = action("settle", "say whether the paper of an unknown job is there")
    settled.add_argument("job", metavar="JOB")
    settled.add_argument("came_out", choices=("yes", "no"))
    released = action("release", "print jobs of an earlier day after all")
    released.add_argument("jobs", metavar="JOB", nargs="+")
    released.add_argument("--cancel", action="store_true", help="do not print them any more")

    again = command("reprint", "print the label of a packed order again").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )
    label = again.add_parser("label", help="copy n+1 of a label", parents=[late, badge])
    label.add_argument("order", metavar="ORDER")
    label.add_argument("--reason", choices=REASONS, required=True)
