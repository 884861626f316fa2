"""A file of unknown headings becomes known: a look into it, a guess, a check, a profile. No Qt.

What ``write_profile`` writes is a profile like the program's own: from then on such files are told
by their headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packstation.exchange.cells import Damage, TimeReader, identifier, normalised, quantity, text
from packstation.exchange.file_preview import Preview, guess, preview, shown_cell, status_values
from packstation.exchange.own_profile import (
    CODES,
    Chosen,
    ProfileName,
    chosen_headings,
    own_profile,
    required,
    write_profile,
)
from packstation.exchange.profiles import FIELDS, Profile, best_match
from packstation.exchange.table_reader import Cell

__all__ = [
    "Chosen",
    "Preview",
    "Problem",
    "check",
    "guess",
    "preview",
    "required",
    "status_values",
    "write_profile",
]

_TIMES = ("paid_at", "placed_at", "promised_ship_at", "cancel_requested_at")
_ADDRESS_PARTS = ("city", "town", "state", "county", "province", "address 2", "address line 2")
_SLASHED = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a mapping would not work, or may surprise."""

    code: str
    """Stable word such as ``missing_field``."""
    sentence: str
    """The same in plain English."""
    field: str = ""
    detail: str = ""
    """Heading or value in question; never people's data."""
    blocks: bool = True
    """False for what is only worth a look."""


def check(
    mapping: Chosen,
    seen: Preview,
    *,
    name: str = "",
    profiles: Sequence[Profile] = (),
    date_order: str = "",
) -> list[Problem]:
    """Return what is wrong with a mapping, tried on the rows of a preview.

    Args:
        mapping: Field → heading, or several headings to be joined.
        seen: Of the file.
        name: Of the profile that is to be written; empty = not chosen yet.
        profiles: All known profiles.
        date_order: ``DMY`` or ``MDY`` where the shop has said so; dates are then no question.
    """
    problems = [*_field_problems(mapping, seen)]
    if name:
        problems += _name_problems(name, profiles)
    if not any(problem.blocks for problem in problems):
        problems += _value_problems(mapping, seen, date_order)
        problems += _address_problems(mapping, seen, profiles)
        problems += _match_problems(mapping, seen, profiles)
    return problems


def _field_problems(mapping: Chosen, seen: Preview) -> Iterator[Problem]:
    for name in mapping:
        if name not in FIELDS:
            yield Problem("no_such_field", f"There is no field {name}.", name)
    for name in required(mapping):
        if name not in mapping:
            yield Problem("missing_field", f"Say which column is {name}.", name)
    if "items" not in mapping and not any(name in mapping for name in CODES):
        yield Problem("no_code", "Say which column is the SKU, the barcode or the title.", "sku")
    present = set(map(normalised, seen.headings))
    counted = Counter(
        normalised(heading) for name in mapping for heading in chosen_headings(mapping, name)
    )
    for name in mapping:
        for heading in chosen_headings(mapping, name):
            if normalised(heading) not in present:
                yield Problem(
                    "no_such_heading", f"The file has no column {heading}.", name, heading
                )
            elif counted.pop(normalised(heading), 0) > 1:
                yield Problem("used_twice", f"The column {heading} is chosen twice.", name, heading)


def _name_problems(name: str, profiles: Sequence[Profile]) -> Iterator[Problem]:
    try:
        ProfileName(name)
    except ValueError:
        yield Problem("bad_name", "Give a short name: letters, digits and hyphens.", detail=name)
        return
    if any(name.casefold() == profile.name.casefold() for profile in profiles):
        yield Problem("name_taken", f"There is a format called {name} already.", detail=name)


def _column(seen: Preview, heading: str) -> list[Cell]:
    place = [normalised(word) for word in seen.headings].index(normalised(heading))
    return [row[place] for row in seen.tried if row[place] not in ("", None)]


def _value_problems(mapping: Chosen, seen: Preview, date_order: str) -> Iterator[Problem]:
    (heading,) = chosen_headings(mapping, "order_id")[:1]
    for cell in _column(seen, heading):
        if identifier(cell) is Damage.DAMAGED:
            shown = shown_cell(cell)[:40]
            yield Problem(
                "damaged_id",
                f"Order numbers look damaged by a spreadsheet ({shown}). Export again.",
                "order_id",
                shown,
            )
            break
    for heading in chosen_headings(mapping, "quantity"):
        cells = _column(seen, heading)
        wrong = sum(quantity(cell) is None for cell in cells)
        if wrong:
            yield Problem(
                "bad_quantity",
                f"{wrong} of {len(cells)} cells of {heading} are no whole numbers.",
                "quantity",
                heading,
                blocks=wrong * 2 > len(cells),
            )
    for name in _TIMES:
        for heading in chosen_headings(mapping, name):
            yield from _date_problems(name, heading, _column(seen, heading), date_order)


def _date_problems(
    name: str, heading: str, cells: Sequence[Cell], date_order: str
) -> Iterator[Problem]:
    told = [cell for cell in cells if text(cell) is not None]
    times = TimeReader(timezone_name="UTC", date_order=date_order or "DMY")
    other = TimeReader(timezone_name="UTC", date_order="MDY")
    unread = [c for c in told if times.read(c) is None and (date_order or other.read(c) is None)]
    if unread:
        yield Problem("bad_date", f"The column {heading} does not hold times.", name, heading)
        return
    slashed = [found for cell in told if (found := _SLASHED.match(text(cell) or ""))]
    sure = any(max(int(found[1]), int(found[2])) > 12 for found in slashed)
    mixed = any(int(one[1]) > 12 for one in slashed) and any(int(one[2]) > 12 for one in slashed)
    if slashed and not date_order and (not sure or mixed):
        shown = slashed[0][0]
        yield Problem(
            "unclear_date",
            f"Dates such as {shown} can be read in two ways; set the order of day and month.",
            name,
            shown,
            blocks=False,
        )


def _address_problems(
    mapping: Chosen, seen: Preview, profiles: Sequence[Profile]
) -> Iterator[Problem]:
    """An address of one column beside a column of cities would make half an address."""
    if len(chosen_headings(mapping, "address")) != 1:
        return
    used = {normalised(word) for name in mapping for word in chosen_headings(mapping, name)}
    parts = {normalised(word) for word in _ADDRESS_PARTS}
    for profile in profiles:
        for form in profile.forms:
            column = form.columns.get("address")
            if column is not None and column.joined_with is not None:
                parts.update(map(normalised, column.headings))
    for heading in seen.headings:
        if normalised(heading) in parts - used:
            yield Problem(
                "address_parts",
                f"The address may be in several columns, such as {heading}.",
                "address",
                heading,
                blocks=False,
            )
            return


def _match_problems(
    mapping: Chosen, seen: Preview, profiles: Sequence[Profile]
) -> Iterator[Problem]:
    mine = own_profile("preview", mapping)
    match = best_match(seen.readings, [mine, *profiles])
    if match is not None and match.profile is not mine:
        other = match.profile.name
        yield Problem(
            "not_told_apart",
            f"These columns cannot be told from {other}; choose more columns.",
            detail=other,
        )
    elif seen.profile is not None:
        yield Problem(
            "known_already",
            f"Files like this are known already, as {seen.profile}.",
            detail=seen.profile,
            blocks=False,
        )
