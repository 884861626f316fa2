"""How the command line speaks: answers to standard output, messages to standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui.texts import explain_code, explain_error


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: times as ISO 8601, choices by value, tuples as lists."""
    match value:
        case Enum():
            return value.value
        case Path():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [f.name for f in dataclasses.fields(value)]
            return {name: plain(getattr(value, name)) for name in names}
        case _:
            return value


def answer(text: str) -> None:
    """Print one line of answer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answer_json(value: Any) -> None:
    """Print one JSON object on one line."""
    answer(json.dumps(plain(value), ensure_ascii=False))


def message(text: str) -> None:
    """Say something to the person; scripts do not read it."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def not_sure(outcome: PrintOutcome, detail: str, translator: Translator) -> None:
    """Say of a paper that did not surely come out why, and whether there may be one.

    Args:
        outcome: Any that is neither SENT nor CONFIRMED.
        detail: The code of what was wrong; empty if nothing is known.
        translator: The language.
    """
    if detail:
        message(explain_code(detail, translator) + " [" + detail + "]")
    if outcome in (PrintOutcome.FAILED, PrintOutcome.CANCELLED):
        message(translator.text("Nothing was printed."))
    else:
        message(translator.text("It is not known to be on paper: look at the printer."))


def unexpected(error: Exception) -> PackStationError:
    """Return the error to tell of one that nobody foresaw; its words may hold anything."""
    return PackStationError(
        "app.unexpected",
        f"That did not work ({type(error).__name__}).",
        fix="Try again; the log has more.",
    )


def failure(error: PackStationError, translator: Translator) -> None:
    """Say what could not be done and what to do now."""
    words = explain_error(error, translator)
    blank = "" if words.sentence.endswith("。") else " "
    message(f"{words.sentence}{blank}{words.fix}".strip() + f" [{error.code}]")


def table(rows: Iterable[Iterable[object]]) -> None:
    """Print rows with columns apart by two blanks."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        answer(line.rstrip())
