"""Which profiles a file is offered to, and why it is refused where none of them takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.profiles import Match, Nearest, Part, Profile, best_match, nearest
from packstation.exchange.table_reader import Reading

_SHOWN_HEADINGS = 20
_LONG_NUMBER = re.compile(r"\d{5,}")
"""A file without headings has people's numbers where they should be; they are not shown."""
NOT_TOLD = frozenset({"import.bad_encoding", "import.encoding_not_chosen", "import.nul_bytes"})
"""Refusals after which the encodings that profiles name are tried."""


def offered(profiles: Sequence[Profile], name: str) -> Sequence[Profile]:
    """Return all profiles, or the one that was chosen by its name.

    Raises:
        DataFileError: There is none of that name.
    """
    if not name:
        return profiles
    chosen = [profile for profile in profiles if profile.name == name]
    if not chosen:
        known = ", ".join(sorted({profile.name for profile in profiles}))
        raise DataFileError(
            "import.unknown_profile",
            f"There is no file format {name!r}.",
            fix=f"Use one of: {known}.",
            profile=name,
            known=known,
        )
    return chosen


def encodings_to_try(profiles: Iterable[Profile]) -> tuple[str, ...]:
    """Return the encodings that profiles name, each once."""
    return tuple(dict.fromkeys(name for profile in profiles for name in profile.encodings))


def other_half(readings: Sequence[Reading], match: Match) -> Match | None:
    """Return the sheet with the other half of a pair, where both are in one workbook."""
    if match.form.part not in {Part.ORDERS, Part.LINES}:
        return None
    wanted = Part.LINES if match.form.part is Part.ORDERS else Part.ORDERS
    forms = tuple(form for form in match.profile.forms if form.part is wanted)
    others = [reading for reading in readings if reading.name != match.reading.name]
    found = best_match(others, [replace(match.profile, forms=forms)])
    return None if found is None else replace(found, profile=match.profile)


def _is_utf7(heading: str) -> bool:
    """Whether a heading is a word beyond ASCII, written in UTF-7.

    >>> _is_utf7("+i6JTVVP3-"), _is_utf7("+66 phone")
    (True, False)
    """
    try:
        return heading.startswith("+") and not heading.encode("ascii").decode("utf-7").isascii()
    except UnicodeError:
        return False


def _shown(close: Nearest) -> str:
    masked = [_LONG_NUMBER.sub("…", heading)[:40] for heading in close.headings]
    shown = ", ".join(masked[:_SHOWN_HEADINGS]) or "none"
    if len(close.headings) > _SHOWN_HEADINGS:
        shown += f" and {len(close.headings) - _SHOWN_HEADINGS} more"
    return shown


def unknown(
    path: Path, readings: Sequence[Reading], profiles: Sequence[Profile], *, chosen: bool
) -> ImportFileError:
    """Return the refusal of a file whose headings fit no profile.

    Args:
        path: The file.
        readings: Its first rows.
        profiles: What it was offered to.
        chosen: Whether the one profile was chosen by name.
    """
    close = nearest(readings, profiles)
    shown, missing = _shown(close), ", ".join(close.missing)
    if chosen:
        return ImportFileError(
            "import.wrong_profile",
            f"{path.name} is no {profiles[0].name} file: it lacks {missing or 'headings'}. "
            f"Found: {shown}.",
            fix="Choose the format that the file was exported in, or let it be found out.",
            file=path.name,
            found=shown,
            profile=profiles[0].name,
            missing=missing or "-",
        )
    hint = ""
    if any(map(_is_utf7, close.headings)):
        hint = " They look like UTF-7, which is not guessed."
    return ImportFileError(
        "import.unknown_columns",
        f"{path.name}: no known headings in its first rows. Found: {shown}.{hint} "
        f"Nearest is {close.profile}, which also needs: {missing or 'nothing'}.",
        fix="Give the shop's own export, or set up which heading stands for what.",
        file=path.name,
        found=shown,
        profile=close.profile,
        missing=missing or "-",
    )
