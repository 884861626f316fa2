"""The words of ``packstation deadline``, ``urge`` and ``score``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

TOLD = ("replied", "proposed", "buyer_rejected", "refunded", "refund_finished")
"""What a person may tell of a task; the rest the station sees for itself."""
EXEMPT = ("area", "reported", "no_complaint")
"""What is known of an order beside its own data; the kind of sale stands in its file."""


def add_time_words(
    command: Callable[..., argparse.ArgumentParser], as_json: argparse.ArgumentParser
) -> None:
    """Add the words of these commands."""
    deadline = command("deadline", "when an order is due, and why", as_json)
    deadline.add_argument("order", metavar="ORDER")
    deadline.add_argument(
        "--what-if", metavar="TIME", default=None, help="as if it had been paid then"
    )
    deadline.add_argument(
        "--rules-of", metavar="TIME", default=None, help="as if the rules of that time held"
    )
    urge = command("urge", "enter, list and move urge tasks", as_json)
    urge.add_argument("order", metavar="ORDER", nargs="?", default=None)
    urge.add_argument("--at", metavar="TIME", default=None, help="when the buyer urged")
    urge.add_argument("--task", metavar="ID", default=None, help="the platform's number")
    urge.add_argument("--exempt", choices=EXEMPT)
    urge.add_argument("--tell", choices=TOLD, help="what happened to the task")
    urge.add_argument("--file", metavar="FILE", type=Path, help="a list of tasks")
    urge.add_argument("--shop", metavar="KEY", default=None)
    score = command("score", "how timely parcels are collected", as_json)
    score.add_argument("--shop", metavar="KEY", default=None)
    score.add_argument("--carrier", metavar="CODE", default=None)
    score.add_argument("--day", metavar="YYYY-MM-DD", type=date.fromisoformat, default=None)
    score.add_argument("--by", choices=("shop", "carrier", "day"), default=None)
    score.add_argument("--pickup", metavar="HH:MM", type=time.fromisoformat, default=None)
    score.add_argument("--hours", action="store_true", help="hours from payment to collection")
