"""``packstation doctor``: machine, settings, data folder, printers, one line each."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from packstation import __version__
from packstation.app.house import SETTINGS
from packstation.core.reports import Finding
from packstation.errors import PackStationError
from packstation.exchange.carrier_files import load_carriers
from packstation.paths import resources
from packstation.settings import Settings, load_settings, rules


def findings(data: Path, language: str) -> Iterator[Finding]:
    """Yield everything that was looked at; never raises what it can report."""
    yield Finding(
        "program",
        "ok",
        f"PackStation {__version__}, Python {platform.python_version()}, {sys.platform}.",
    )
    warnings: list[str] = []
    try:
        settings = load_settings(data / SETTINGS, warn=warnings.append)
        carriers = load_carriers(resources() / "carriers")
        chosen = rules(settings, carriers)
    except PackStationError as error:
        yield Finding("settings", "error", error.message, error.fix)
        return
    for text in warnings:
        yield Finding("settings", "warning", text)
    shops = ", ".join(settings.shops) or "none set up, defaults are used"
    yield Finding("settings", "ok", f"Shops: {shops}. Language {language}.")
    unsigned = [key for key in settings.shops if not settings.shop(key).sender.address]
    if unsigned:
        yield Finding(
            "sender",
            "warning",
            f"No sender address is set for {', '.join(unsigned)}.",
            "Write it into settings.toml; labels show the shop's name only.",
        )
    yield from _printers(settings)
    yield _label_layouts()
    from packstation.app.number_desk import stock_finding
    from packstation.store.opening import open_reader
    from packstation.store.self_check import self_check

    try:
        store = open_reader(data, chosen)
    except PackStationError as error:
        level = "warning" if error.code == "store.no_data" else "error"
        yield Finding("data_folder", level, error.message, error.fix)
        return
    try:
        yield from self_check(store, datetime.now(UTC))
        yield stock_finding(store, settings)
    except PackStationError as error:
        yield Finding("data_folder", "error", error.message, error.fix)
    finally:
        store.close()


def _printers(settings: Settings) -> Iterator[Finding]:
    from packstation.app.outlets import check, keys_in_use, label_key, receipt_key

    chosen = [("label_printer", label_key(settings)), ("receipt_printer", receipt_key(settings))]
    others = dict.fromkeys((*settings.printer_setups, *keys_in_use(settings)))
    chosen += [("printer", key) for key in others if key not in dict(chosen).values()]
    for name, key in chosen:
        try:
            address = check(settings, key, resources())
        except PackStationError as error:
            yield Finding(name, "error", error.message, error.fix)
        else:
            told = address if name != "printer" else f"{key}: {address}"
            yield Finding(name, "ok", told)
    for carrier, layout in settings.templates.items():
        if not (resources() / "labels" / f"{layout}.toml").is_file():
            yield Finding(
                "labels",
                "error",
                f"settings.toml, key templates.{carrier}: there is no layout {layout}.",
                "Write the name of a file in resources/labels.",
            )


def _label_layouts() -> Finding:
    from packstation.printing.bag_label import load_bag_setup
    from packstation.printing.waybill_label import load_waybill_setup

    try:
        waybill, bag = load_waybill_setup(resources()), load_bag_setup(resources())
    except PackStationError as error:
        return Finding("labels", "error", error.message, error.fix)
    return Finding(
        "labels",
        "ok",
        f"Label layouts {waybill.template.key} version {waybill.template.version},"
        f" {bag.template.key} version {bag.template.version}.",
    )
