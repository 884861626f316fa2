"""What is measured: series of scans, bursts, labels, imports and starts."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packstation.app import bench_shop, desk_reads
from packstation.app.bench_display import Display
from packstation.app.bench_driver import Packer, Printer, Seen, failed
from packstation.app.demo import samples
from packstation.app.house import SETTINGS, House
from packstation.core.orders import Order, TrackingNumber

CHUNK = 5000
STORED, PACKED = 0, 1
"""Series of orders: those that only lie in the store, and those that are packed."""
BURST = 20
BURST_GAP_S = 0.010
BURST_UNITS = 5
"""Largest order of a burst, so that twenty scans see labels and seals too."""
PAUSE_S = (0.02, 0.12)
"""Between an answer and the next scan; drawn anew each time."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A data folder with a stock of orders, and what is packed of it."""

    data: Path
    orders: list[Order]
    """To be packed, each once."""
    numbers: list[TrackingNumber]
    """Tracking numbers in the order in which labels get them."""


def set_up(data: Path, printer: Printer, *, stored: int, packed: int) -> Shop:
    """Make a shop with so many orders through the store's bulk path; ``packed`` are among them."""
    data.mkdir(mode=0o700, parents=True)
    text = (samples() / SETTINGS).read_text(encoding="utf-8")
    text = text.replace('label = "virtual"', f'label = "{printer.name}"')
    (data / SETTINGS).write_text(text, encoding="utf-8")
    packed = min(packed, stored)
    ours = list(bench_shop.orders(packed, series=PACKED))
    with House(data, name="bench") as house:
        imports, rest = house.store.imports, bench_shop.orders(stored - packed, series=STORED)
        chunk = ours
        while chunk:
            house.call(lambda chunk=chunk: imports.seed(chunk))  # type: ignore[misc]
            chunk = [item for item, _ in zip(rest, range(CHUNK), strict=False)]
        numbers = house.call(
            lambda: desk_reads.add_block(
                house, bench_shop.CARRIER, bench_shop.FIRST_NUMBER, packed + 100
            )
        )
    if hasattr(os, "sync"):  # no scan waits for what the set-up left to write
        os.sync()
    return Shop(data, [item.order for item in ours], list(numbers))


def expected(order: Order, number: str) -> Iterator[tuple[str, str]]:
    """Yield the scans of a whole order with the verdicts that they must get."""
    yield order.order_id, "ORDER_OPENED"
    missing = order.units
    for line in order.lines:
        for unit in range(1, line.quantity + 1):
            missing -= 1
            done = "LINE_COMPLETE" if unit == line.quantity else "MATCH"
            yield line.barcode or line.sku, done if missing else "ORDER_COMPLETE"
    yield number, "SEALED"


@dataclass(slots=True)
class Packed:
    """What a shift has shown."""

    scans: list[Seen] = field(default_factory=list)
    labels_ms: list[float] = field(default_factory=list)
    """From the Enter of the last item to the last byte at the printer."""
    first_bytes_ms: list[float] = field(default_factory=list)
    burst_answers: list[int] = field(default_factory=list)
    """Of each burst, how many scans were answered in their place as they must be."""
    bursts_ms: list[float] = field(default_factory=list)
    """From the first Enter of a burst to the last answer's paint event."""


class Shift:
    """Packs orders of a shop in its window."""

    def __init__(self, shop: Shop, packer: Packer, printer: Printer) -> None:
        """Begin with the first order."""
        self._shop = shop
        self._packer = packer
        self._printer = printer
        self._next = 0
        self._labels = 0
        self._chance = random.Random(7)
        self.result = Packed()

    @property
    def left(self) -> int:
        """Orders that can still be packed."""
        return len(self._shop.orders) - self._next

    def _take(self, *, most_units: int | None = None) -> Order:
        while self._next < len(self._shop.orders):
            order = self._shop.orders[self._next]
            self._next += 1
            if most_units is None or order.units <= most_units:
                return order
        raise failed("there are not enough orders to pack")

    def skip(self) -> str:
        """Return the number of an order that is not packed."""
        return self._take().order_id

    def pack(self, orders: int, *, rest: bool = True) -> None:
        """Pack orders one by one, waiting for each answer, as a packer does."""
        for _ in range(orders):
            order = self._take()
            number = self._shop.numbers[self._labels]
            for text, verdict in expected(order, number):
                if rest:
                    time.sleep(self._chance.uniform(*PAUSE_S))
                self._hear_all()
                printed = len(self._printer.jobs)
                seen = self._packer.watched_scan(text) if rest else self._packer.scan(text)
                self._check(seen, verdict)
                self.result.scans.append(seen)
                if verdict == "ORDER_COMPLETE":
                    self._label(seen, printed)

    def _hear_all(self) -> None:
        while self._packer.listen(0):
            pass

    def _check(self, seen: Seen, verdict: str) -> None:
        if (seen.verdict, seen.answered_as) != (verdict, seen.text):
            raise failed(
                f"{seen.text} was answered {seen.verdict} for {seen.answered_as}, not {verdict}"
            )

    def _label(self, seen: Seen, printed: int) -> None:
        self._packer.wait(lambda: len(self._printer.jobs) > printed, "no label was printed")
        self._packer.wait(lambda: self._packer.phase == "CONFIRMING", "the label has not ended")
        first, end, _ = self._printer.jobs[-1]
        self.result.first_bytes_ms.append((first - seen.entered_ns) / 1e6)
        self.result.labels_ms.append((end - seen.entered_ns) / 1e6)
        self._labels += 1

    def burst(self) -> None:
        """Send twenty scans at 10 ms spacing without waiting, over several orders."""
        plan: list[tuple[str, str]] = []
        while len(plan) < BURST:
            order = self._take(most_units=BURST_UNITS)
            plan += expected(order, self._shop.numbers[self._labels])
            self._labels += 1
        self._hear_all()
        sent: list[Seen] = []
        begun = time.monotonic()
        for place, (text, _) in enumerate(plan[:BURST]):
            time.sleep(max(0.0, begun + place * BURST_GAP_S - time.monotonic()))
            sent.append(self._packer.send(text, key_gap_ms=0))
        for seen in sent:
            self._packer.answered(seen)
        got = [(seen.answered_as, seen.verdict) for seen in sent]
        right = sum(one == other for one, other in zip(got, plan[:BURST], strict=True))
        self.result.burst_answers.append(right)
        last = max(seen.painted_ns for seen in sent)
        self.result.bursts_ms.append((last - sent[0].entered_ns) / 1e6)
        for text, verdict in plan[BURST:]:
            self._check(self._packer.scan(text), verdict)
        self._packer.wait(lambda: self._packer.phase == "IDLE", "the burst did not end")


def starts(shop: Shop, display: Display, shift: Shift, count: int) -> list[float]:
    """Return the seconds from process start to the first scan's painted answer, a window each."""
    seconds: list[float] = []
    order = shift.skip()
    for _ in range(count):
        with Packer(shop.data, display) as packer:
            seen = packer.scan(order)
            if seen.verdict != "ORDER_OPENED":
                raise failed(f"the first scan was answered {seen.verdict}")
            seconds.append((seen.painted_ns - packer.started_ns) / 1e9)
            packer.settled()
            packer.scan("PSCMDPAUSE")
            packer.settled()
    return seconds
