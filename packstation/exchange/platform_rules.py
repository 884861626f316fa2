"""What a platform says about cancelling and printing: small tables in its profile, checked on load.

``[cancellation]`` has ``answer_within_h``, the hours to answer a buyer's wish to cancel (48 where
nothing is said), and ``answer_within_h_in``, the same by region of the shop. ``[seller_cancel]``
has ``consequence``, ``needs`` and ``instead``. ``[printing]`` has ``batch_limit``, the most orders
whose labels are printed in one batch (50). All hold for every order of the file's family.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packstation.core.life import (
    ANSWER_WITHIN_H,
    DEFAULT_PLATFORM,
    PACKER,
    PRINT_BATCH,
    SUPERVISOR,
    Consequence,
    Instead,
    PlatformRules,
)
from packstation.exchange.data_files import DataSource

TABLES = frozenset({"cancellation", "seller_cancel", "printing"})
"""Tables of a profile file that are read here."""
_MOST_H = 24 * 60
_MOST_IN_A_BATCH = 500


def rules_in(source: DataSource) -> PlatformRules | None:
    """Return what a profile file says about cancelling and printing; None where it says nothing.

    Raises:
        DataFileError: A key or word is wrong; the message names file, line and key.
    """
    if not TABLES & source.values.keys():
        return None
    clock = source.table(source.values, "cancellation")
    source.only(clock, {"answer_within_h", "answer_within_h_in"})
    regions = source.table(clock, "answer_within_h_in")
    seller = source.table(source.values, "seller_cancel")
    source.only(seller, {"consequence", "needs", "instead"})
    needs = source.word(seller, "needs", SUPERVISOR)
    if needs not in (PACKER, SUPERVISOR):
        raise source.fail("needs", f"{PACKER} or {SUPERVISOR} is needed", needs)
    instead = source.words(seller, "instead")
    printing = source.table(source.values, "printing")
    source.only(printing, {"batch_limit"})
    limit = source.whole(printing, "batch_limit", PRINT_BATCH)
    if not 1 <= limit <= _MOST_IN_A_BATCH:
        raise source.fail("batch_limit", f"orders from 1 to {_MOST_IN_A_BATCH} are needed")
    consequence = None
    if "consequence" in seller:
        consequence = source.choice(seller, "consequence", Consequence)
    return PlatformRules(
        answer_within_h=_hours(source, clock, "answer_within_h"),
        answer_within_h_in={name: _hours(source, regions, name) for name in regions},
        consequence=consequence,
        cancel_needs=needs,
        instead=tuple(source.choice({"instead": word}, "instead", Instead) for word in instead)
        or DEFAULT_PLATFORM.instead,
        print_batch_limit=limit,
    )


def _hours(source: DataSource, table: dict[str, Any], key: str) -> int:
    hours = source.whole(table, key, ANSWER_WITHIN_H)
    if not 1 <= hours <= _MOST_H:
        raise source.fail(key, f"hours from 1 to {_MOST_H} are needed")
    return hours


def load_platform_rules(folder: Path) -> dict[str, PlatformRules]:
    """Return what platforms say about cancelling and printing, by profile family.

    Only files that say something are read as TOML: the program starts with this.

    Args:
        folder: ``resources/shops``.

    Raises:
        DataFileError: A file is wrong, or two of one family say something.
    """
    found: dict[str, PlatformRules] = {}
    for path in sorted(folder.glob("*.toml")):
        text = path.read_bytes()
        if not any(f"[{table}".encode() in text for table in TABLES):
            continue
        source = DataSource(path)
        rules = rules_in(source)
        family = source.word(source.values, "family")
        if rules is None:
            continue
        if family in found:
            raise source.fail("family", f"another file has the rules of {family}", family)
        found[family] = rules
    return found
