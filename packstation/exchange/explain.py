"""What an import would understand, as one JSON object; nothing is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from packstation.core.imports import ImportSettings, ParsedFiles
from packstation.core.orders import ImportedOrder, OrderLine, ShopKey
from packstation.errors import DataFileError, ImportFileError
from packstation.exchange.cells import zone
from packstation.exchange.order_import import read_files
from packstation.exchange.profiles import Profile

_DATE_ORDERS = ("DMY", "MDY")
_TIMES = ("placed_at", "paid_at", "cancel_requested_at", "arranged_at", "collected_at")
"""Told where a file has them."""
_SETTINGS_KEYS = ("timezone", "date_order", "status_words", "mapping", "encoding")


def explain(
    paths: Sequence[Path],
    settings: ImportSettings,
    *,
    profiles: Sequence[Profile],
    carriers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what would be imported, also where the answer is that the file is refused.

    Args:
        paths: The files of one export.
        settings: What the shop owner has set up.
        profiles: Of ``load_profiles``.
        carriers: Carrier name → code.

    Raises:
        DataFileError: The settings or a profile are wrong.
    """
    try:
        parsed = read_files(paths, settings, profiles=profiles, carriers=carriers)
    except ImportFileError as error:
        return {
            "platform": None,
            "outcome": "file_error",
            "error": f"{error.code}: {error}",
            "accepted": [],
            "rejected_rows": [],
            "merge_groups": [],
        }
    return _answer(parsed)


def _answer(parsed: ParsedFiles) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "platform": parsed.platform,
        "outcome": "ok",
        "error": None,
        "accepted": [_order(one) for one in parsed.orders],
        "rejected_rows": [
            {
                "row": refused.row,
                "reason": refused.reason,
                "file": refused.file,
                "detail": refused.detail,
            }
            for refused in parsed.refused
        ],
        "merge_groups": [list(group) for group in parsed.merge_groups],
    }
    if not parsed.orders and parsed.codes:
        answer["codes"] = [
            {"code": code.code, "sku": code.sku, "units": code.units} for code in parsed.codes
        ]
    return answer


def _order(one: ImportedOrder) -> dict[str, Any]:
    order, person = one.order, one.person
    promised = order.promised_ship_at
    answer: dict[str, Any] = {
        "order_id": order.order_id,
        "packable": order.why_not is None,
        "why_not": order.why_not.value if order.why_not else None,
        "promised_ship_at": promised.isoformat() if promised else None,
        "buyer_message": person.buyer_message,
        "seller_memo": person.seller_memo,
        "lines": [_line(line) for line in order.lines],
    }
    if order.kind is not None:
        answer["kind"] = order.kind.value
    if order.urged:
        answer["urged"] = True
    if order.sorting is not None:
        answer["sorting"] = order.sorting
    if order.bag_place is not None:
        answer["bag_place"] = order.bag_place
    for name in _TIMES:
        moment = getattr(order, name)
        if moment is not None:
            answer[name] = moment.isoformat()
    return answer


def _line(line: OrderLine) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "sku": line.sku,
        "title": line.title,
        "spec": line.spec,
        "quantity": line.quantity,
        "barcode": line.barcode,
        "gift": line.gift,
    }
    if line.bin is not None:
        answer["location"] = line.bin
    if line.bundle_info is not None:
        answer["bundle_info"] = line.bundle_info
    return answer


def settings_from_json(path: Path, *, shop: str = "main") -> ImportSettings:
    """Return the settings that stand in a JSON file, for one import.

    Args:
        path: An object with timezone, date_order, status_words, mapping, encoding; all optional.
        shop: The shop's key.

    Raises:
        DataFileError: The file is not such an object; the message names file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataFileError(
            "settings.unreadable",
            f"{path.name} cannot be read as JSON: {error}.",
            fix="Correct the settings file.",
            file=path.name,
        ) from error
    check = _SettingsCheck(path.name, text)
    if not isinstance(values, dict):
        raise check.fail("timezone", "one JSON object is needed")
    for key in values:
        if key not in _SETTINGS_KEYS:
            raise check.fail(key, f"unknown key; known are {', '.join(_SETTINGS_KEYS)}")
    settings = replace(ImportSettings(), shop=ShopKey(shop))
    if "timezone" in values:
        settings = replace(settings, timezone=check.word(values, "timezone"))
        try:
            zone(settings.timezone)
        except DataFileError as error:
            raise check.fail("timezone", f"{settings.timezone!r} is no time zone") from error
    if "date_order" in values:
        order = check.word(values, "date_order")
        if order not in _DATE_ORDERS:
            raise check.fail("date_order", f"one of {', '.join(_DATE_ORDERS)} is needed")
        settings = replace(settings, date_order=order)
    if "encoding" in values:
        settings = replace(settings, encoding=check.word(values, "encoding"))
    return replace(
        settings,
        status_words=check.word_lists(values, "status_words"),
        mapping=check.words(values, "mapping"),
    )


class _SettingsCheck:
    """Names file, line and key of a wrong value."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def fail(self, key: str, problem: str) -> DataFileError:
        found = re.search(rf'"{re.escape(key)}"\s*:', self._text)
        line = self._text.count("\n", 0, found.start()) + 1 if found else 1
        return DataFileError(
            "settings.bad_value",
            f"{self._name}, line {line}, key {key}: {problem}.",
            fix="Correct the settings file.",
            file=self._name,
            key=key,
            line=line,
        )

    def word(self, values: Mapping[str, Any], key: str) -> str:
        value = values[key]
        if not isinstance(value, str):
            raise self.fail(key, "a text is needed")
        return value

    def words(self, values: Mapping[str, Any], key: str) -> dict[str, str]:
        value = values.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.fail(key, "an object of texts is needed")
        return dict(value)

    def word_lists(self, values: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
        value = values.get(key) or {}
        if not isinstance(value, dict):
            raise self.fail(key, "an object is needed")
        lists: dict[str, tuple[str, ...]] = {}
        for name, words in value.items():
            listed = [words] if isinstance(words, str) else words
            if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
                raise self.fail(name, "a text or a list of texts is needed")
            lists[name] = tuple(listed)
        return lists
