"""Large imports killed at any write: after the next start all of one is there, or nothing."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.campaign.audit import say
from tests.campaign.ledger import Finding
from tests.campaign.process import PROGRAM, Injection, run
from tests.campaign.shop import invent, write_orders
from tests.campaign.storm import Tally, order_ids

ORDERS = 900
"""Of one file: it goes in in four parts."""


def kill_large_imports(
    prepared: Path,
    folder: Path,
    tally: Tally,
    injections: Sequence[Injection],
    *,
    start: Sequence[str] = PROGRAM,
) -> list[int]:
    """Kill an import at each of these writes; return how many orders were there after each start.

    Args:
        prepared: A data folder to begin with; left as it is.
        folder: Where to work.
        tally: Takes kills and findings.
        injections: Where the program dies.
        start: The program that is started after the kill.
    """
    there_after = []
    for place, injection in enumerate(injections):
        data = folder / f"large-{tally.seed}-{place}"
        shutil.copytree(prepared, data)
        known = order_ids(data)
        rng = random.Random(tally.seed + place)
        shop = invent(rng.randint(1, 9999), orders=ORDERS, first=70_000)
        new = {order.order_id for order in shop.orders}
        path = write_orders(shop, folder / f"large-{place}.csv")
        done = run("import", path, "--json", "--data", data, injection=injection)
        if done.killed:
            tally.kills[f"{injection.calls.partition(',')[0]} of a large import"] += 1

        def found(kind: str, text: str, where: Injection = injection) -> None:
            tally.findings.append(Finding(kind, f"large import: {text} after {where}"))

        begun = run("scan", "-", "--json", "--data", data, program=start)
        if begun.code:
            found("wrong", f"the next start ended with {begun.code}")
        there = order_ids(data)
        there_after.append(len(there - known))
        if there not in (known, known | new) or (done.code == 0 and not new <= there):
            found("lost", f"{len(there - known)} of {len(new)} orders")
        again = run("import", path, "--json", "--data", data)
        told = again.rows()[0] if again.code == 0 else {}
        expected = (len(new - there), 0, len(new & there))
        if (told.get("accepted"), told.get("changed"), told.get("same")) != expected:
            found("wrong", f"the same file again told {told or again.err[-200:]}, not {expected}")
        if order_ids(data) != known | new:
            found("lost", "a second try")
        if say(data, "journal", "verify").code:
            found("wrong", "the journal")
        shutil.rmtree(data)
    return there_after
