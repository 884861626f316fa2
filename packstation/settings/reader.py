"""Reads DATA/settings.toml: unknown keys warn, bad values name key and line."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packstation.core.number_stock import LOW
from packstation.core.orders import CarrierCode, ShopKey
from packstation.core.policy import Rules
from packstation.core.status import ACCEPTED, LabelSource, Verdict
from packstation.errors import DataFileError
from packstation.settings.values import (
    DATE_ORDERS,
    LANGUAGES,
    VIRTUAL,
    Operator,
    Printers,
    PrinterSetup,
    Role,
    Sender,
    Settings,
    ShopSettings,
    url_problem,
    zone_of,
)

log = logging.getLogger(__name__)


def load_settings(path: Path, *, warn: Callable[[str], None] | None = None) -> Settings:
    """Return the settings of a file; defaults where there is no file.

    Args:
        path: ``DATA/settings.toml``.
        warn: Called with one sentence for each unknown key; None = the log.

    Raises:
        DataFileError: The file cannot be read or a value is bad; names key and line.
    """
    if not path.exists():
        return Settings()
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(
            "settings.unreadable",
            f"{path.name} is not readable as TOML: {error}.",
            fix="Correct the file, or put it aside to start with the defaults.",
            file=path.name,
        ) from error
    top = _Table(path.name, text.splitlines(), values, (), warn or (lambda m: log.warning("%s", m)))
    printers, policy = top.table("printers"), top.table("policy")
    settings = Settings(
        language=top.one_of("language", LANGUAGES, "auto"),
        station_number=top.whole("station_number", low=1, high=99, default=1),
        sync_url=_sync_url(top),
        acknowledge=_acknowledge(policy),
        reminders_per_day=policy.whole("reminders_per_day", low=0, high=1000, default=10),
        low_numbers=policy.whole("low_numbers", low=0, high=1_000_000, default=LOW),
        printers=_printers(printers),
        printer_setups={key: _printer(table) for key, table in top.table("printer").tables()},
        templates={
            CarrierCode(code.upper()): template
            for code, template in top.table("templates").all_words().items()
        },
        prove_reprints=policy.flag("prove_reprints", default=True),
        drop_offs=policy.words("drop_offs") or (),
        shops={ShopKey(key): _shop(table) for key, table in top.table("shops").tables()},
        operators={key: _operator(table) for key, table in top.table("operators").tables()},
    )
    printers.finish()
    policy.finish()
    top.finish()
    return settings


def _sync_url(top: _Table) -> str | None:
    url = top.word("sync_url", "")
    problem = url_problem(url) if url else None
    if problem is not None:
        raise top.fail("sync_url", problem)
    return url or None


def _acknowledge(policy: _Table) -> frozenset[Verdict]:
    words = policy.words("acknowledge")
    if words is None:
        return Rules().acknowledge
    stops = {str(verdict): verdict for verdict in Verdict if verdict not in ACCEPTED}
    for word in words:
        if word not in stops:
            raise policy.fail("acknowledge", f"{word!r} is no stop")
    return frozenset(stops[word] for word in words)


def _printers(table: _Table) -> Printers:
    label, receipt = table.word("label", VIRTUAL), table.word("receipt", VIRTUAL)
    bag, slip, pick_list = (table.word(key, "") for key in ("bag", "slip", "pick_list"))
    return Printers(label, receipt, bag, slip, pick_list)


def _printer(table: _Table) -> PrinterSetup:
    setup = PrinterSetup(
        name=table.word("name", ""),
        address=table.word("address", VIRTUAL),
        model=table.word("model", ""),
        stock=table.word("stock", ""),
        darkness=table.whole_or_none("darkness", low=0, high=100),
        speed=table.whole_or_none("speed", low=20, high=400),
        offset_x_mm=table.number("offset_x_mm", low=-20, high=20, default=0.0),
        offset_y_mm=table.number("offset_y_mm", low=-20, high=20, default=0.0),
        cut=table.flag("cut", default=False),
        drawer=table.flag("drawer", default=False),
    )
    table.finish()
    return setup


def _operator(table: _Table) -> Operator:
    role = Role(table.one_of("role", tuple(Role), Role.PACKER))
    operator = Operator(table.word("name", ""), role)
    table.finish()
    return operator


def _color(table: _Table) -> str:
    color = table.word("color", "").upper()
    if color and re.fullmatch(r"#[0-9A-F]{6}", color) is None:
        raise table.fail("color", f"{color!r} is no colour such as #2F6FDE")
    return color


def _shop(table: _Table) -> ShopSettings:
    sender = table.table("sender")
    carrier = table.word("carrier", "")
    zone = table.word("timezone", "Asia/Shanghai")
    try:
        zone_of(zone)
    except ValueError as error:
        raise table.fail("timezone", f"{zone!r} is no time zone such as Asia/Shanghai") from error
    statuses = table.table("status_words")
    shop = ShopSettings(
        name=table.word("name", ""),
        name_zh=table.word("name_zh", ""),
        label_source=LabelSource(
            table.one_of("label_source", tuple(LabelSource), LabelSource.COMPOSED)
        ),
        carrier=CarrierCode(carrier.upper()) if carrier else None,
        timezone=zone,
        date_order=table.one_of("date_order", DATE_ORDERS, "DMY"),
        status_words={key: statuses.words(key) or () for key in statuses},
        mapping=table.table("mapping").all_words(),
        encoding=table.word("encoding", ""),
        sender=Sender(*(sender.word(key, "") for key in ("name", "phone", "address", "zip_code"))),
        color=_color(table),
        region=table.word("region", "").upper(),
        platform=table.word("platform", ""),
        ship_within_h=table.whole("ship_within_h", low=0, high=24 * 90, default=0),
        number_pool=table.word("number_pool", ""),
        watch_folder=table.word("watch_folder", ""),
        printer=table.word("printer", ""),
        mask_recipient=table.flag("mask_recipient", default=False),
    )
    sender.finish()
    table.finish()
    return shop


class _Table:
    """One table of the file; every key asked for is checked, the others warn."""

    def __init__(
        self,
        file: str,
        lines: list[str],
        values: Mapping[str, Any],
        path: tuple[str, ...],
        warn: Callable[[str], None],
    ) -> None:
        self._file, self._lines, self._values = file, lines, values
        self._path, self._warn = path, warn
        self._asked: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def where(self, key: str) -> tuple[str, int]:
        """Return the whole key and its line, 1 where it cannot be told."""
        here: tuple[str, ...] = ()
        best = 1
        for number, text in enumerate(self._lines, start=1):
            line = text.strip()
            if line.startswith("["):
                here = _header(line)
                if here == self._path:
                    best = number
                if here == (*self._path, key):
                    return ".".join(here), number
            elif here == self._path and line.split("=", 1)[0].strip().strip("\"'") == key:
                return ".".join((*self._path, key)), number
        return ".".join((*self._path, key)), best

    def fail(self, key: str, problem: str) -> DataFileError:
        """Return the error that names key and line."""
        name, line = self.where(key)
        return DataFileError(
            "settings.bad_value",
            f"{self._file}, line {line}, key {name}: {problem}.",
            fix="Correct this line or take it out.",
            file=self._file,
            key=name,
            line=line,
        )

    def word(self, key: str, default: str) -> str:
        """Return a text of one line without surrounding space."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if not isinstance(value, str) or any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise self.fail(key, "a text of one line is needed")
        return value.strip()

    def all_words(self) -> dict[str, str]:
        """Return every key with its text."""
        return {key: self.word(key, "") for key in self._values}

    def words(self, key: str) -> tuple[str, ...] | None:
        """Return a text or a list of texts; None where the key is missing."""
        self._asked.add(key)
        value = self._values.get(key)
        value = [value] if isinstance(value, str) else value
        if value is not None and (
            not isinstance(value, list) or not all(isinstance(w, str) and w for w in value)
        ):
            raise self.fail(key, "a list of texts is needed")
        return None if value is None else tuple(value)

    def whole(self, key: str, *, low: int, high: int, default: int) -> int:
        """Return a whole number within its bounds."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.fail(key, f"a whole number from {low} to {high} is needed")
        return value

    def whole_or_none(self, key: str, *, low: int, high: int) -> int | None:
        """Return a whole number within its bounds; None where the key is missing."""
        self._asked.add(key)
        return self.whole(key, low=low, high=high, default=low) if key in self._values else None

    def number(self, key: str, *, low: float, high: float, default: float) -> float:
        """Return a number within its bounds."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise self.fail(key, f"a number from {low:g} to {high:g} is needed")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        self._asked.add(key)
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is needed")
        return value

    def one_of(self, key: str, known: tuple[str, ...], default: str) -> str:
        """Return one of a closed set of words."""
        value = self.word(key, default)
        if value not in known:
            raise self.fail(key, f"{value!r} is none of {', '.join(known)}")
        return value

    def table(self, key: str) -> _Table:
        """Return a table; an empty one where the key is missing."""
        self._asked.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "a table is needed")
        return _Table(self._file, self._lines, value, (*self._path, key), self._warn)

    def tables(self) -> list[tuple[str, _Table]]:
        """Return every key of this table with its own table; keys are names of shops."""
        for key in self._values:
            if not key.strip() or len(key) > 64 or "/" in key or not key.isprintable():
                raise self.fail(key, "a name of 1 to 64 characters without / is needed")
        return [(key, self.table(key)) for key in self._values]

    def finish(self) -> None:
        """Warn of every key that nothing asked for."""
        for key in self._values:
            if key not in self._asked:
                name, line = self.where(key)
                self._warn(f"{self._file}, line {line}: the key {name} is not known and ignored.")


def _header(line: str) -> tuple[str, ...]:
    """Return the keys of a ``[table]`` line; () when it is none."""
    try:
        found: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path = []
    while isinstance(found, dict) and found:
        key, found = next(iter(found.items()))
        path.append(key)
    return tuple(path)
