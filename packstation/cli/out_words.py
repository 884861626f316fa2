"""What commands for files that go out say and ask in common."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from packstation.cli import output
from packstation.core.sheets import LeftOut
from packstation.errors import PackStationError
from packstation.i18n import Translator


def say_left(left: Iterable[LeftOut], translator: Translator) -> None:
    """Say which orders are not in a file or a wave, and why."""
    from packstation.ui.sheet_words import why_words

    for one in left:
        output.message(
            translator.text(
                "{order} was left out: {why}",
                order=one.order.partition("/")[2],
                why=why_words(one.why, translator),
            )
        )


def confirmed(given: bool, question: str) -> bool:
    """Ask before people's data leaves; nobody at the keyboard is a no."""
    if given:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    output.message(question)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def not_confirmed() -> PackStationError:
    """Return the error of a file with people's data that nobody has agreed to."""
    return PackStationError(
        "sheets.not_confirmed",
        "This file would hold names, phones and addresses in clear; nothing was written.",
        fix="Give --yes when that is meant.",
    )
