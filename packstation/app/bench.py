"""``packstation bench``: every figure that the program promises, measured on this machine.

Keys go through the X server by XTEST to the real window, in a process of its own, while its
store and label rooms work. Times are of CLOCK_MONOTONIC, which all processes share: a scan begins
just before the driver writes the press of Enter to the X server, and ends when the verdict band's
paint event returns in the window's process.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from packstation.app import bench_imports, bench_runs
from packstation.app.bench_display import Display
from packstation.app.bench_driver import Packer, Printer, Seen
from packstation.app.bench_figures import Figure, at_least, at_most, heading, percentile, row
from packstation.app.bench_runs import BURST, Packed, Shift, Shop
from packstation.errors import PackStationError

FRAME_MS, LABEL_MS, MEMORY_MB, START_S = 16.7, 60.0, 150.0, 2.0
"""The goals; a frame is 1/60 s."""
IMPORT_S = {"csv": 1.0, "xlsx": 3.0}
LARGE_S, GAP_MS, LARGE_MB, SCAN_MS = 15.0, 50.0, 300.0, 150.0
"""Of a large import in a window: time, longest gap, memory together, scans meanwhile."""
FEW = 100
"""Orders in the store that a full one is compared with."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; tests use less."""

    packed: int = 125
    """Orders packed one by one: some 900 scans, a label each."""
    packed_of_few: int = 85
    """The same in the store with few orders."""
    bursts: int = 10
    rows: int = 15_000
    imports: int = 3
    large_rows: int = 200_000
    starts: int = 5


FULL, SHORT = (
    Sizes(),
    Sizes(packed=4, packed_of_few=3, bursts=2, rows=300, imports=1, large_rows=3000, starts=1),
)
SHORT_RUN = "PACKSTATION_BENCH_SHORT"
"""Set in the environment, it makes a run that only shows that everything works."""


def run_bench(*, orders: int, as_json: bool, sizes: Sizes | None = None) -> int:
    """Measure and print every figure; return 0 when all could be taken, met or not.

    Args:
        orders: In the store.
        as_json: One JSON object a line instead of a table.
        sizes: How much is measured.
    """
    chosen = sizes or (SHORT if os.environ.get(SHORT_RUN) else FULL)

    def show(figure: Figure) -> None:
        sys.stdout.write((figure.line() if as_json else row(figure)) + "\n")
        sys.stdout.flush()

    if not as_json:
        sys.stdout.write(heading() + "\n")
    with tempfile.TemporaryDirectory(prefix="packstation-bench-") as folder:
        return Bench(Path(folder), orders, chosen).run(show)


class Bench:
    """One run, in a folder of its own."""

    def __init__(self, folder: Path, orders: int, sizes: Sizes) -> None:
        """Prepare nothing yet."""
        self._folder = folder
        self._orders = orders
        self._sizes = sizes
        self._failed = False

    def run(self, show: Callable[[Figure], None]) -> int:
        """Measure; tell each figure as soon as it is there."""
        printer = Printer()
        try:
            with Display() as display:
                shop = self._shop("many", printer, self._orders, self._all_packed())
                if shop is not None:
                    self._take(show, lambda: self._window(shop, display, printer))
                few = self._shop("few", printer, FEW, self._sizes.packed_of_few)
                if few is not None:
                    self._take(show, lambda: self._few(few, display, printer))
                if shop is not None:
                    for suffix in ("csv", "xlsx"):
                        self._take(show, lambda it=suffix: self._import(shop, it))  # type: ignore[misc]
                    self._take(show, lambda: self._large(shop, display))
        except PackStationError as error:
            self._tell(error)
        finally:
            printer.close()
        return 1 if self._failed else 0

    def _all_packed(self) -> int:
        """Return how many orders are taken: to pack, for bursts (large ones skipped), to start."""
        return self._sizes.packed + 1 + self._sizes.bursts * 30

    def _take(
        self, show: Callable[[Figure], None], figures: Callable[[], Iterator[Figure]]
    ) -> None:
        try:
            for figure in figures():
                show(figure)
        except PackStationError as error:
            self._tell(error)

    def _tell(self, error: PackStationError) -> None:
        self._failed = True
        sys.stderr.write(f"{error} [{error.code}]\n")

    def _shop(self, name: str, printer: Printer, stored: int, packed: int) -> Shop | None:
        begun = time.monotonic()
        try:
            shop = bench_runs.set_up(self._folder / name, printer, stored=stored, packed=packed)
        except PackStationError as error:
            self._tell(error)
            return None
        took = time.monotonic() - begun
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        sys.stderr.write(
            f"{stored} orders stored in {took:.1f} s; load of the machine {load:.1f}\n"
        )
        return shop

    def _window(self, shop: Shop, display: Display, printer: Printer) -> Iterator[Figure]:
        sizes = self._sizes
        with Packer(shop.data, display) as packer:
            shift = Shift(shop, packer, printer)
            shift.pack(sizes.packed)
            for _ in range(sizes.bursts):
                shift.burst()
            resident, proportional = packer.memory_mb()
        done = shift.result
        answers = done.burst_answers
        yield at_least(
            "burst_of_20_scans_at_10_ms",
            "scans",
            [float(one) for one in answers],
            BURST,
            {"first Enter to last answer painted, ms": median(done.bursts_ms)},
        )
        yield _painted("scan_to_painted", done)
        yield at_most(
            "last_item_to_label_bytes",
            "ms",
            done.labels_ms,
            LABEL_MS,
            {
                "first byte at the printer, median ms": median(done.first_bytes_ms),
                "first byte at the printer, p99 ms": percentile(done.first_bytes_ms, 99),
            },
        )
        yield at_most(
            "window_memory", "MB", [resident], MEMORY_MB, {"proportional (PSS), MB": proportional}
        )
        seconds = bench_runs.starts(shop, display, shift, sizes.starts)
        yield at_most("second_start_to_answered_scan", "s", seconds, START_S)

    def _few(self, shop: Shop, display: Display, printer: Printer) -> Iterator[Figure]:
        with Packer(shop.data, display) as packer:
            shift = Shift(shop, packer, printer)
            shift.pack(self._sizes.packed_of_few)
        yield _painted(f"scan_to_painted_at_{FEW}_orders", shift.result)

    def _import(self, shop: Shop, suffix: str) -> Iterator[Figure]:
        sizes = self._sizes
        done = bench_imports.imports(
            shop, self._folder, suffix, rows=sizes.rows, count=sizes.imports
        )
        name = f"import_of_{sizes.rows}_rows_{suffix}"
        yield at_most(name, "s", done.published, IMPORT_S[suffix], done.beside)

    def _large(self, shop: Shop, display: Display) -> Iterator[Figure]:
        rows = self._sizes.large_rows
        seen = bench_imports.import_in_window(shop, self._folder, display, rows=rows)
        name = f"import_of_{rows}_rows_in_window"
        yield at_most(name, "s", [seen.published_s], LARGE_S, seen.beside)
        yield at_most("longest_gap_while_importing", "ms", [seen.gap_ms], GAP_MS)
        yield at_most("scan_to_painted_while_importing", "ms", seen.scans_ms, SCAN_MS)
        memory = {"window's process, MB": seen.window_mb, "reading process, MB": seen.child_mb}
        yield at_most("memory_while_importing", "MB", [seen.together_mb], LARGE_MB, memory)


def _painted(name: str, done: Packed) -> Figure:
    seen: list[Seen] = [one for one in done.scans if one.pixel_ns]
    pixels = [one.pixel_ms for one in seen]
    beside = {"pixel on the X server, n": float(len(pixels))}
    if pixels:
        beside["pixel on the X server, median ms"] = median(pixels)
        beside["pixel on the X server, p99 ms"] = percentile(pixels, 99)
    return at_most(name, "ms", [one.painted_ms for one in done.scans], FRAME_MS, beside)
