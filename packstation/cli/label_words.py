"""The words of ``packstation labels``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


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
    actions = command("labels", "label files of platforms").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )

    def action(
        name: str, help_text: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        return actions.add_parser(
            name, help=help_text, description=help_text, parents=[late, *parents]
        )

    taken = action("import", "take label files in: PDF, PNG, JPEG, ZPL", as_json)
    taken.add_argument("files", nargs="+", metavar="FILE", type=Path)
    taken.add_argument("--shop", metavar="KEY", default=None)
    taken.add_argument(
        "--fit", action="store_true", help="make pages of another shape smaller to fit the paper"
    )

    fitted = action("fit", "make a label file's pages smaller to fit the label paper", as_json)
    fitted.add_argument("file", metavar="FILE", help="its name, or the beginning of its digest")

    listed = action("list", "list label files, newest first", as_json)
    listed.add_argument("--limit", metavar="N", type=count, default=50)

    pages = action("pages", "list the pages of a label file with their orders", as_json)
    pages.add_argument("file", metavar="FILE", help="its name, or the beginning of its digest")

    removed = action("remove", "take a label file back before any of it is printed")
    removed.add_argument("file", metavar="FILE", help="its name, or the beginning of its digest")
