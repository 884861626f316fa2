"""The program's own diary: JSON lines in DATA/logs, bounded in size, without people's data.

Tracebacks have places but no values; a message of a library's error may quote its input, so only
the class of such an error is kept.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from packstation.errors import PackStationError

FILE_NAME = "packstation.jsonl"
LARGEST_FILE = 2_000_000
"""Bytes."""
OLD_FILES = 4
"""Kept beside the newest: at most 10 MB in all."""
LONGEST_LINE = 8_000
"""Characters of one text in a line."""
HIDDEN = "***"

_MOST_FRAMES = 40
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PEOPLES = frozenset(
    {"person", "recipient", "phone", "mobile", "address", "nick", "buyer_message", "seller_memo"}
    | {"sender", "driver", "secret", "password", "token", "authorization"}
)
"""Keys of ``extra`` whose values are never written, whatever they are."""
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])")
"""A mainland mobile number that stands alone: the last net under rule 42."""

T = TypeVar("T")


class Pii(Generic[T]):
    """A value about a person: it says ``***`` wherever it is shown or formatted."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value; for the label and the screen, never for a log."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pii) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a person's data is not written down by accident")


class JsonLines(logging.Formatter):
    """One JSON object a record: at, level, room, place, message, extras, error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without its end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "place": record.name,
            "thread": record.threadName,
            "message": _text(_message(record)),
        }
        for key, value in vars(record).items():
            if key not in _OWN:
                line[key] = HIDDEN if key.casefold() in _PEOPLES else _plain(value)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (its values do not fit)"


def _text(text: str) -> str:
    short = text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"
    # Half a surrogate pair is no UTF-8 and would cost the whole line.
    return _MOBILE.sub(HIDDEN, short).encode("utf-8", "replace").decode("utf-8")


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _text(value)
    try:
        return _text(repr(value))
    except Exception:  # noqa: BLE001 - a broken repr of anything must not end the program
        return f"<{type(value).__name__}>"


def _error(error: BaseException) -> dict[str, object]:
    """Return class and places of an error; words only of our own errors, which name no people."""
    frames = traceback.extract_tb(error.__traceback__, limit=-_MOST_FRAMES)
    told: dict[str, object] = {
        "class": type(error).__name__,
        "trace": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, PackStationError):
        told["code"], told["message"] = error.code, _text(error.message)
    elif isinstance(error, OSError):
        told["errno"] = error.errno
    cause = error.__cause__ or error.__context__
    if cause is not None:
        told["cause"] = type(cause).__name__
    return told


def _short(file: str) -> str:
    """Return the last three parts of a path: enough to find it, no user's name."""
    return "/".join(Path(file).parts[-3:])


class _BoundedFile(logging.handlers.RotatingFileHandler):
    """Rotates by size; a full or broken disk costs lines, never work and never an error box."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Drop the line."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(open(descriptor, "ab"), encoding="utf-8", errors="replace")


class LogFiles:
    """The diary while it is open; closing it gives the root logger back as it was."""

    def __init__(self, folder: Path, *, level: int = logging.INFO) -> None:
        """Write every record of the program from now on.

        Args:
            folder: ``DATA/logs``; made where there is none.
            level: The lowest level that is kept.

        Raises:
            OSError: The folder or the file cannot be made; nothing is changed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._handler = _BoundedFile(
            folder / FILE_NAME, maxBytes=LARGEST_FILE, backupCount=OLD_FILES, encoding="utf-8"
        )
        self._handler.setFormatter(JsonLines())
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self._handler)
        root.setLevel(level)
        # They would write a line for each request, with the address.
        for library in ("httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)

    def close(self) -> None:
        """Write what is left and stop."""
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._level)
        self._handler.close()

    def __enter__(self) -> LogFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
