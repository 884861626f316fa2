"""Writes DATA/settings.toml: into a new file first, which then takes the old one's place."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from packstation.core.policy import Rules
from packstation.errors import DataFileError
from packstation.settings.reader import load_settings
from packstation.settings.values import PrinterSetup, Settings, ShopSettings


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings, durable on return; the old file stays whole until the new one is.

    Blocks for one disk write. Comments of the old file are not kept.

    Raises:
        DataFileError: A value is bad, or the file cannot be written; the old file is unchanged.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".settings-", suffix=".toml")
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(settings_text(settings))
            file.flush()
            os.fsync(file.fileno())
        # What cannot be read again must not take the place of what can.
        load_settings(Path(temporary), warn=_refuse)
        os.replace(temporary, path)
        temporary = None
        _sync_folder(path.parent)
    except (OSError, UnicodeEncodeError) as error:
        raise DataFileError(
            "settings.not_saved",
            f"{path.name} could not be written: {error}.",
            fix="The old settings still hold. Make room on the disk and save again.",
            file=path.name,
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def settings_text(settings: Settings) -> str:
    """Return the file's whole text; values that are the defaults are left out in shops."""
    lines = [
        f"language = {_quoted(settings.language)}",
        f"station_number = {settings.station_number}",
    ]
    if settings.sync_url is not None:
        lines.append(f"sync_url = {_quoted(settings.sync_url)}")
    policy = []
    if settings.acknowledge != Rules().acknowledge:
        words = ", ".join(_quoted(word) for word in sorted(settings.acknowledge))
        policy.append(f"acknowledge = [{words}]")
    if settings.reminders_per_day != Settings().reminders_per_day:
        policy.append(f"reminders_per_day = {settings.reminders_per_day}")
    if settings.low_numbers != Settings().low_numbers:
        policy.append(f"low_numbers = {settings.low_numbers}")
    if settings.prove_reprints != Settings().prove_reprints:
        policy.append(f"prove_reprints = {_flag(settings.prove_reprints)}")
    if settings.drop_offs:
        policy.append(f"drop_offs = [{', '.join(_quoted(place) for place in settings.drop_offs)}]")
    if policy:
        lines += ["", "[policy]", *policy]
    lines += _table(("printers",), asdict(settings.printers))
    for key, setup in settings.printer_setups.items():
        lines += _printer(key, setup)
    lines += _table(("templates",), {str(code): key for code, key in settings.templates.items()})
    for key, shop in settings.shops.items():
        lines += _shop(key, shop)
    for name, operator in settings.operators.items():
        values = {"name": operator.name, "role": str(operator.role)}
        lines += _table(("operators", name), values)
    return "\n".join(lines) + "\n"


def _printer(key: str, setup: PrinterSetup) -> Iterator[str]:
    path = ("printer", key)
    texts = {name: getattr(setup, name) for name in ("name", "address", "model", "stock")}
    yield from _table(path, texts)
    for name in ("darkness", "speed"):
        if (value := getattr(setup, name)) is not None:
            yield f"{name} = {value}"
    for name in ("offset_x_mm", "offset_y_mm"):
        if value := getattr(setup, name):
            yield f"{name} = {float(value)}"
    for name in ("cut", "drawer"):
        if getattr(setup, name):
            yield f"{name} = true"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _shop(key: str, shop: ShopSettings) -> Iterator[str]:
    path = ("shops", key)
    values = {
        "name": shop.name,
        "name_zh": shop.name_zh,
        "label_source": str(shop.label_source),
        "carrier": shop.carrier or "",
        "timezone": shop.timezone,
        "date_order": shop.date_order,
        "encoding": shop.encoding,
        "color": shop.color,
        "region": shop.region,
        "platform": shop.platform,
        "number_pool": shop.number_pool,
        "watch_folder": shop.watch_folder,
        "printer": shop.printer,
    }
    yield from _table(path, values) or ["", _header(path)]
    if shop.mask_recipient:
        yield "mask_recipient = true"
    if shop.ship_within_h:
        yield f"ship_within_h = {shop.ship_within_h}"
    sender = shop.sender
    yield from _table(
        (*path, "sender"),
        {
            "name": sender.name,
            "phone": sender.phone,
            "address": sender.address,
            "zip_code": sender.zip_code,
        },
    )
    yield from _table((*path, "mapping"), shop.mapping)
    if shop.status_words:
        yield from ("", _header((*path, "status_words")))
        for status, words in shop.status_words.items():
            yield f"{_quoted(status)} = [{', '.join(_quoted(word) for word in words)}]"


def _table(path: tuple[str, ...], values: Mapping[str, str]) -> list[str]:
    """Return the lines of a table of texts without its empty ones; none when all are empty."""
    filled = [f"{_key(key)} = {_quoted(value)}" for key, value in values.items() if value]
    return ["", _header(path), *filled] if filled else []


def _header(path: tuple[str, ...]) -> str:
    return f"[{'.'.join(_key(part) for part in path)}]"


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("_", "a").replace("-", "a").isalnum()
    return text if bare else _quoted(text)


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's but for DEL (TOML 1.0, String)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refuse(sentence: str) -> None:
    raise AssertionError(sentence)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows has no handle of a folder and does it by itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
