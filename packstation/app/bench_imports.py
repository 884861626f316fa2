"""Imports measured: alone, and in a window that is being packed in, beside other readers."""

from __future__ import annotations

import csv
import importlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from packstation.app import bench_shop, intake
from packstation.app.bench_display import Display
from packstation.app.bench_driver import Packer, failed
from packstation.app.bench_figures import percentile
from packstation.app.bench_runs import Shop
from packstation.app.house import House
from packstation.app.import_run import catch_up, take_in
from packstation.core.imports import MAIN_SHOP

LONGEST_S = 170.0
_LOOK_S = 0.05
_PAUSE_S = 0.1
"""Between an answer and the next scan while a file is imported."""


@dataclass(slots=True)
class Imported:
    """How long imports of one kind of file took, and what stands beside them."""

    published: list[float] = field(default_factory=list)
    """Seconds from the file to every scan finding its order, durable."""
    beside: dict[str, float] = field(default_factory=dict)


def imports(shop: Shop, folder: Path, suffix: str, *, rows: int, count: int) -> Imported:
    """Import files of so many rows, every order new: child, understanding, publishing, tables."""
    path, done = folder / f"orders.{suffix}", Imported()
    written: list[float] = []
    listed: list[float] = []
    beside: dict[str, list[float]] = {}
    with House(shop.data, name="bench") as house:
        chosen = intake.import_settings(house.settings, shop=MAIN_SHOP)
        for number in range(count):
            _write(path, rows, series=100 + 2 * number + (suffix == "xlsx"))
            at: list[float] = []
            begun = time.monotonic()
            taken = take_in(
                house,
                [path],
                chosen,
                progress=lambda some, total, at=at: _note(at, some, total),  # type: ignore[misc]
            )
            written.append(time.monotonic() - begun)
            catch_up(house)
            listed.append(time.monotonic() - begun)
            done.published.append(at[0] - begun)
            report = taken.report
            if report.rows != rows or report.refused or report.changed or report.same:
                raise failed(f"{path.name} was not imported whole")
            for name, seconds in read_by_others(path, rows).items():
                beside.setdefault(name, []).append(seconds)
    done.beside["all in the tables"] = median(written)
    done.beside["all in the lists"] = median(listed)
    done.beside |= {name: median(seconds) for name, seconds in beside.items()}
    return done


def _note(at: list[float], some: int, total: int) -> None:
    if total and some == total:
        at.append(time.monotonic())


def _write(path: Path, rows: int, *, series: int) -> None:
    body = bench_shop.rows(rows, series=series)
    (bench_shop.write_xlsx if path.suffix == ".xlsx" else bench_shop.write_csv)(path, body)


@dataclass(slots=True)
class Beside:
    """One import in a window under way."""

    published_s: float = 0.0
    tables_s: float = 0.0
    gap_ms: float = 0.0
    """Longest time between two turns of the window's event loop."""
    scans_ms: list[float] = field(default_factory=list)
    """Of scans meanwhile, from Enter to the painted answer."""
    window_mb: float = 0.0
    """Most resident memory of the window's process."""
    child_mb: float = 0.0
    """Most resident memory of the process that reads the file."""
    together_mb: float = 0.0
    """Most resident memory of both at one moment."""
    beside: dict[str, float] = field(default_factory=dict)


def import_in_window(shop: Shop, folder: Path, display: Display, *, rows: int) -> Beside:
    """Import a file in a real window while somebody scans there."""
    path, seen = folder / "orders.csv", Beside()
    _write(path, rows, series=300 + rows % 97)
    order = shop.orders[-1].order_id
    with Packer(shop.data, display) as packer:
        packer.scan(order)
        packer.begin_import(path)
        give_up_at = time.monotonic() + LONGEST_S
        texts = ["PSCMDPAUSE", order]
        next_at = 0.0
        while packer.imported is None:
            window, child = packer.resident_mb()
            seen.window_mb, seen.child_mb = max(seen.window_mb, window), max(seen.child_mb, child)
            seen.together_mb = max(seen.together_mb, window + child)
            if time.monotonic() >= next_at:
                scan = packer.scan(texts[len(seen.scans_ms) % 2])
                seen.scans_ms.append(scan.painted_ms)
                next_at = time.monotonic() + _PAUSE_S
            packer.listen(_LOOK_S)
            if time.monotonic() > give_up_at:
                raise failed("the window's import did not end")
        told = packer.imported
        if told["error"] or told["rows"] != rows:
            raise failed(f"the window's import ended with {told}")
        packer.settled()
    seen.published_s, seen.tables_s, seen.gap_ms = told["published"], told["done"], told["gap_ms"]
    seen.beside = {
        "all in the tables": seen.tables_s,
        "scans meanwhile, n": float(len(seen.scans_ms)),
        "scans meanwhile, median ms": median(seen.scans_ms),
        "scans meanwhile, p99 ms": percentile(seen.scans_ms, 99),
        **read_by_others(path, rows),
    }
    return seen


def read_by_others(path: Path, rows: int) -> dict[str, float]:
    """Return reader → seconds for reading such a file, no more; -1 = it is not installed."""
    readers = {"csv": [("csv", _csv)], "xlsx": [("openpyxl", _openpyxl)]}[path.suffix[1:]]
    found: dict[str, float] = {}
    for name, reader in [*readers, ("pandas", _pandas)]:
        label = f"{name} alone, reading only"
        begun = time.monotonic()
        try:
            count = reader(path)
        except ImportError:
            found[f"{name} is not installed"] = -1.0
            continue
        found[label] = time.monotonic() - begun
        if count != rows + 1:
            raise failed(f"{name} did not read {path.name}")
    return found


def _csv(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream))


def _openpyxl(path: Path) -> int:
    book = importlib.import_module("openpyxl").load_workbook(path, read_only=True)
    try:
        return sum(1 for _ in book.active.iter_rows(values_only=True))
    finally:
        book.close()


def _pandas(path: Path) -> int:
    pandas = importlib.import_module("pandas")
    if path.suffix == ".csv":
        return len(pandas.read_csv(path, dtype=str, header=None))
    return len(pandas.read_excel(path, dtype=str, header=None, engine="openpyxl"))
