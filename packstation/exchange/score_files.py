"""Reads resources/scores/*.toml: how a platform scores what its sellers do."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from packstation.core.orders import OrderKind
from packstation.core.scorecard import STEP_H, Band, ScoreRule
from packstation.exchange.data_files import DataSource

_KEYS = ("id", "version", "source", "window_days", "cut", "exclude", "note", "band")
_MOST_DAYS, _MOST_H = 400, 240


def load_score(path: Path) -> ScoreRule:
    """Return the score of one file.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = DataSource(path)
    top = source.values
    source.only(top, _KEYS)
    bands: list[Band] = []
    for number, table in enumerate(source.tables(top, "band"), 1):
        within = ("band", number)
        source.only(table, ("until_h", "weight"), within)
        until = source.whole(table, "until_h", within=within)
        weight = source.whole(table, "weight", within=within)
        if until % STEP_H or not 0 < until <= _MOST_H:
            told = f"a multiple of {STEP_H} up to {_MOST_H} is needed"
            raise source.fail("until_h", told, within=within)
        if bands and until <= bands[-1].until_h:
            raise source.fail("until_h", "bands follow each other", within=within)
        if not 0 <= weight <= 100:
            raise source.fail("weight", "0 to 100 is needed", within=within)
        bands.append(Band(until, weight))
    if not bands:
        raise source.fail("band", "at least one [[band]] is needed")
    days = source.whole(top, "window_days")
    if not 1 <= days <= _MOST_DAYS:
        raise source.fail("window_days", f"1 to {_MOST_DAYS} is needed")
    try:
        cut = time.fromisoformat(source.word(top, "cut"))
    except ValueError:
        raise source.fail("cut", "a time such as 12:00 is needed") from None
    if cut.minute % 15 or cut.second or cut.tzinfo is not None:
        raise source.fail("cut", "a whole quarter of an hour is needed")
    exclude = source.words(top, "exclude")
    for word in exclude:
        if word not in tuple(OrderKind):
            raise source.fail("exclude", f"{word!r} is none of {', '.join(OrderKind)}", word)
    return ScoreRule(
        id=source.word(top, "id"),
        version=source.whole(top, "version"),
        source=source.word(top, "source"),
        bands=tuple(bands),
        window_days=days,
        cut=cut,
        exclude=frozenset(map(OrderKind, exclude)),
        note=str(top.get("note", "")),
    )
