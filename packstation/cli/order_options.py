"""The options of ``packstation orders``."""

from __future__ import annotations

import argparse

from packstation.core.order_query import Group, GroupBy, SortBy
from packstation.core.orders import OrderKind

GROUPS = {group.value: group for group in Group}
"""Groups by the words that are typed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse the filters; several of them must all hold."""

    def add(name: str, help_text: str, metavar: str = "TEXT", *, many: bool = False) -> None:
        action = "append" if many else "store"
        parser.add_argument(name, metavar=metavar, action=action, default=None, help=help_text)

    parser.add_argument("--group", choices=list(GROUPS), default=None, help="one of the lists")
    add("--status", "a status word; or a group", "S")
    add("--search", "number or its last characters, account name, SKU, words of a title")
    add("--carrier", "by carrier; may be given again", "CODE", many=True)
    add("--shop", "by shop; may be given again", "KEY", many=True)
    add("--sku", "with exactly this SKU", "SKU")
    add("--single-sku", "with nothing but this SKU", "SKU")
    add("--bin", "with goods in this bin", "BIN")
    for name, text in (
        ("--printed", "with a label that came out"),
        ("--message", "with a message of the buyer or a memo"),
        ("--urged", "urged by the buyer"),
    ):
        parser.add_argument(name, action=argparse.BooleanOptionalAction, default=None, help=text)
    for name in ("due", "paid", "imported"):
        add(f"--{name}-from", f"{name} at this time or later", "TIME")
        add(f"--{name}-before", f"{name} before this time", "TIME")
    kinds = [kind.value for kind in OrderKind]
    parser.add_argument("--kind", choices=kinds, default=None, help="kind of sale")
    add("--wave", "of this wave", "WAVE")
    parser.add_argument("--new", action="store_true", help="imported since the last export")
    sorts = [sort.value for sort in SortBy]
    parser.add_argument("--sort", choices=sorts, default=SortBy.DUE.value)
    ways = [by.value for by in GroupBy]
    parser.add_argument("--by", choices=ways, default=None, help="count orders put together")
