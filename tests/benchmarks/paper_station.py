"""Paper through a whole station: first byte after an order is complete, a batch PDF, idle watching.

Part of ``python -m tests.benchmarks.paper``. The order is complete when its count is committed;
from there to the first byte that a transport is given, the second commit ("bytes may leave now")
is told apart.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from packstation.app import import_run, intake
from packstation.app.bench_figures import Figure, at_most, percentile
from packstation.app.label_intake import take_labels
from packstation.core.effects import Answer, Effect, PrintLabel
from packstation.core.orders import CarrierCode, ShopKey, TrackingNumber
from packstation.core.station import SavedStation
from packstation.core.status import Verdict
from packstation.devices.hotplug import PrinterWatch
from packstation.devices.simulated import VirtualTransport
from packstation.devices.transports import Ending
from packstation.ports import PrinterStatus
from packstation.runtime.engine import Runner
from packstation.store.numbers import add_numbers
from tests.app.shop import Station

FIRST_BYTE_MS, BOUND_S, IDLE_PERCENT = 20.0, 60.0, 0.5
PACKED, PAGES, IDLE_S = 120, 500, 60.0
HEAD = "订单号,订单状态,收件人,电话,地址,商品编码,商品名称,商品条码,数量,快递公司,运单号"
ITEM = "2000000001012"
SETTINGS = '[shops.main]\ncarrier = "YTO"\nlabel_source = "{source}"\n[shops.main.sender]\n' \
    'name = "示例小店"\nphone = "13900000000"\naddress = "浙江省义乌市北苑街道 1 号"\n'  # fmt: skip


class _Stamped:
    """A virtual printer that notes when it is given its first byte."""

    def __init__(self, line: VirtualTransport) -> None:
        self._line = line
        self.first: list[int] = []
        self._begun = False

    def preflight(self) -> None:
        self._line.preflight()

    def open(self) -> None:
        self._begun = False
        self._line.open()

    def write(self, data: bytes) -> int:
        if not self._begun:
            self._begun = True
            self.first.append(time.perf_counter_ns())
        return self._line.write(data)

    def finish(self) -> Ending:
        return self._line.finish()

    def close(self) -> None:
        self._line.close()

    def waiting(self) -> int:
        return self._line.waiting()

    def status(self) -> PrinterStatus:
        return self._line.status()


class _Watched:
    """Notes when a label is asked for: its count and its job are committed then."""

    def __init__(self, runner: Runner, asked: list[int]) -> None:
        self._runner, self._asked = runner, asked

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        if any(isinstance(effect, PrintLabel) for effect in effects):
            self._asked.append(time.perf_counter_ns())
        self._runner.run(effects, saved, answer)


def orders_file(folder: Path, count: int, *, numbered: bool) -> Path:
    """Write orders with addresses that were not drawn before."""
    draw = random.Random(7)
    lines = [HEAD]
    for number in range(count):
        fresh = "".join(chr(draw.randint(0x4E00, 0x9FA5)) for _ in range(24))
        tracking = f"YT{8800000000000 + number}" if numbered else ""
        lines.append(
            f"EX{number:08d},待发货,{fresh[:3]},13900000001,浙江省杭州市{fresh} {number} 号,A-01,"
            f"蓝色马克杯,{ITEM},1,YTO,{tracking}"
        )
    path = folder / "orders.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@contextmanager
def a_station(source: str, count: int) -> Iterator[tuple[Station, Path]]:
    """Open a station with orders to pack."""
    with tempfile.TemporaryDirectory(prefix="packstation-paper-") as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir(mode=0o700)
        (data / "settings.toml").write_text(SETTINGS.format(source=source), encoding="utf-8")
        station = Station(data, start=False)
        try:
            house = station.house
            chosen = intake.import_settings(house.settings, shop="main")
            path = orders_file(folder, count, numbered=source == "file")
            import_run.take_in(house, [path], chosen)
            import_run.catch_up(house)
            yield station, folder
        finally:
            station.close()


def packed(station: Station, count: int) -> tuple[list[float], list[float]]:
    """Pack orders; return ms to the first byte with and without the second commit."""
    asked: list[int] = []
    commits: list[float] = []
    ledger: Any = station.house.store.ledger
    sending = ledger.sending

    def timed(*arguments: object, **more: object) -> None:
        begun = time.perf_counter_ns()
        sending(*arguments, **more)
        commits.append((time.perf_counter_ns() - begun) / 1e6)

    ledger.sending = timed
    feed = station.feed
    station.engine = station.house.start(
        feed, wake=feed.awake.set, watch=lambda runner: feed.watch(_Watched(runner, asked))
    )
    station.settle()
    printer: Any = station.printer()
    line = _Stamped(printer.transport)
    printer.transport = line
    time.sleep(1.0)  # fonts are warm in a station that has run for a second
    for number in range(count):
        verdicts = station.scan(f"EX{number:08d}", ITEM)
        assert verdicts[-1] is Verdict.ORDER_COMPLETE, verdicts
        station.scan(str(station.jobs("label")[-1].tracking_number))
    whole = [(end - begin) / 1e6 for begin, end in zip(asked, line.first, strict=True)]
    return whole, [all_ - commit for all_, commit in zip(whole, commits, strict=True)]


def first_bytes() -> Iterator[Figure]:
    """Yield how soon a composed and a bound label reach their printer."""
    with a_station("composed", PACKED) as (station, _folder):
        house = station.house
        numbers = [TrackingNumber(f"YT{7700000000001 + n}") for n in range(PACKED)]
        store = house.store
        house.call(lambda: add_numbers(store.recorder, CarrierCode("YTO"), numbers, store.clock()))
        yield _first("composed", *packed(station, PACKED))
    with a_station("file", PACKED) as (station, folder):
        take_labels(station.house, [pdf_of(folder, PACKED)], ShopKey("main"))
        yield _first("bound", *packed(station, PACKED))


def _first(name: str, whole: list[float], without: list[float]) -> Figure:
    beside = {
        "with the commit, median ms": median(whole),
        "with the commit, p99 ms": percentile(whole, 99),
    }
    return at_most(f"first_byte_of_a_{name}_label", "ms", without, FIRST_BYTE_MS, beside)


def pdf_of(folder: Path, pages: int) -> Path:
    """Write a batch PDF of labels for the orders of ``orders_file``."""
    from tests.exchange.made_labels import label, pdf

    path = folder / "labels.pdf"
    path.write_bytes(pdf([label(f"YT{8800000000000 + n}") for n in range(pages)]))
    return path


def batch_pdf() -> Iterator[Figure]:
    """Yield how long a batch PDF takes until every page has its order."""
    with a_station("file", PAGES) as (station, folder):
        path = pdf_of(folder, PAGES)
        house, waits, over = station.house, list[float](), threading.Event()

        def look() -> None:
            while not over.wait(0.01):
                begun = time.perf_counter_ns()
                house.call(lambda: None)
                waits.append((time.perf_counter_ns() - begun) / 1e6)

        looker = threading.Thread(target=look)
        looker.start()
        begun = time.perf_counter()
        (line,) = take_labels(house, [path], ShopKey("main"))
        took = time.perf_counter() - begun
        over.set()
        looker.join()
        assert (line.pages, line.bound) == (PAGES, PAGES)
        beside = {
            "ms a page": took * 1000 / PAGES,
            "wait for the store meanwhile, median ms": median(waits),
            "wait for the store meanwhile, p99 ms": percentile(waits, 99),
        }
        yield at_most(f"batch_pdf_of_{PAGES}_pages_bound", "s", [took], BOUND_S, beside)


def idle() -> Iterator[Figure]:
    """Yield the share of a core that watching for printers takes while nothing happens."""
    watch = PrinterWatch(lambda _lines: None)
    try:
        time.sleep(3)
        begun, cpu = time.perf_counter(), time.process_time()
        time.sleep(IDLE_S)
        share = 100 * (time.process_time() - cpu) / (time.perf_counter() - begun)
    finally:
        watch.close()
    yield at_most("idle_hot_plug", "% of a core", [share], IDLE_PERCENT)
