"""Paper beside its peers: ``python -m tests.benchmarks.paper [--json]``.

Same picture, same run: our encoders beside python-escpos' ``.image()``; drawing and encoding a
label with fresh Chinese text beside CUPS' raster chain (``cupsfilter`` with its Zebra driver)
where that is installed. CPU is of the thread, or of the child processes; times are wall clock.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from packstation.app.bench_figures import Figure, at_least, at_most, heading, row
from packstation.paths import resources
from packstation.printing.bitmap import Bitmap
from packstation.printing.label_template import LabelSetup, layout_for, load_template
from packstation.printing.languages import encode
from packstation.printing.media import PrinterProfile, load_printer, stock_of
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.waybill_label import (
    WAYBILL_VALUES,
    GoodsLine,
    Party,
    Waybill,
    compose,
    warm_up,
)
from packstation.printing.words import words_for
from tests.benchmarks.paper_station import batch_pdf, first_bytes, idle

MODELS = ("generic-tspl-203", "zebra-zpl-203", "epl2-203", "cpcl-203", "escpos-80")
MOST_BYTES = {"generic-tspl-203": 70_000, "zebra-zpl-203": 20_000}
LABELS, PEER, CHAIN = 200, 30, 12
"""Repeats of ours, of python-escpos, of CUPS' chain."""
PREPARED = 500
PER_SECOND = 50.0


def fresh_text(draw: random.Random, length: int) -> str:
    """Return Chinese that was not drawn before: any of the 20,902 unified ideographs."""
    return "".join(chr(draw.randint(0x4E00, 0x9FA5)) for _ in range(length))


def a_waybill(draw: random.Random, number: int) -> Waybill:
    """Return a label with an address of its own."""
    address = f"广东省深圳市南山区{fresh_text(draw, 24)} {draw.randint(1, 999)} 号"
    return Waybill(
        tracking_number=f"JT{number:013d}",
        carrier_code="JT",
        carrier_name="极兔速递",
        recipient=Party(fresh_text(draw, 3), "13800000000", address, "518000"),
        sender=Party("示例小店", "13900000000", "浙江省义乌市北苑街道 1 号", "322000"),
        shop="示例小店",
        order_id=f"57710000{number:010d}",
        order_version=1,
        goods=(GoodsLine("TS-RED-M", 2), GoodsLine("CUP-350", 1)),
        printed_at=datetime(2026, 3, 2, 10, 14, tzinfo=UTC),
        sorting="342-081-00 052",
    )


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the CPU that a piece of work took in this thread, in ms."""
    begun = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - begun) / 1e6


def wall_ms(work: Callable[[], object]) -> float:
    """Return how long a piece of work took, in ms."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6


class Bench:
    """One run."""

    def __init__(self) -> None:
        """Load fonts, layouts and models, as a station does before its first label."""
        ensure_gui_application()
        here = resources()
        self.models = {key: load_printer(here / "printers", key) for key in MODELS}
        self.stock = stock_of(here / "media", "100x150")
        self.layout = load_template(here, layout_for(here, "waybill", self.stock), WAYBILL_VALUES)
        self.words = words_for("zh")
        self.draw = random.Random(4)
        warm_up(LabelSetup(self.models["generic-tspl-203"], self.layout))

    def label(self, number: int) -> Bitmap:
        """Draw a label with fresh Chinese."""
        document = compose(a_waybill(self.draw, number), self.layout, self.words)
        return rasterize(document, 8)

    def run(self) -> Iterator[Figure]:
        """Yield every figure."""
        picture = self.label(1)
        peer = self._escpos_image(picture)
        for key, model in self.models.items():
            yield from self._encoding(key, model, picture, peer)
        yield from self._chain()
        yield self._prepared()
        for part in (first_bytes, batch_pdf, idle):
            yield from part()

    def _escpos_image(self, picture: Bitmap) -> list[float]:
        from escpos.printer import Dummy
        from PIL import Image

        image = Image.open(io.BytesIO(picture.png()))
        image.load()

        def work() -> None:
            printer = Dummy()
            printer.image(image)

        # It prints a line about its centring for each picture.
        with contextlib.redirect_stdout(io.StringIO()):
            work()
            return [cpu_ms(work) for _ in range(PEER)]

    def _encoding(
        self, key: str, model: PrinterProfile, picture: Bitmap, peer: list[float]
    ) -> Iterator[Figure]:
        wide = model.head_dots
        # A receipt printer's head is narrower: it gets what fits, its peer the same picture whole.
        shown = Bitmap.from_dots(picture.dots()[:, :wide]) if picture.width > wide else picture
        payload = encode(shown, self.stock, model)
        times = [cpu_ms(lambda: encode(shown, self.stock, model)) for _ in range(LABELS)]
        beside = {"python-escpos .image(), CPU ms": median(peer), "bytes": float(len(payload))}
        yield at_most(f"encode_{key}", "ms CPU", times, median(peer) / 10, beside)
        if key in MOST_BYTES:
            yield at_most(f"bytes_{key}", "bytes", [float(len(payload))], MOST_BYTES[key])

    def _chain(self) -> Iterator[Figure]:
        model = self.models["zebra-zpl-203"]
        numbers = iter(range(1000, 1_000_000))

        def ours() -> None:
            encode(self.label(next(numbers)), self.stock, model)

        wall = [wall_ms(ours) for _ in range(LABELS)]
        cpu = [cpu_ms(ours) for _ in range(LABELS)]
        peers = cups_chain(self)
        if not peers:
            sys.stderr.write("cupsfilter is not installed: its chain is not measured\n")
            return
        beside = {"CUPS' raster chain, ms": median(w for w, _ in peers), "n of CUPS": len(peers)}
        yield at_most("draw_and_encode_fresh_chinese", "ms", wall, beside_tenth(peers, 0), beside)
        beside = {"CUPS' raster chain, CPU ms": median(c for _, c in peers)}
        yield at_most("draw_and_encode_cpu", "ms CPU", cpu, beside_tenth(peers, 1), beside)

    def _prepared(self) -> Figure:
        model = self.models["generic-tspl-203"]
        rates: list[float] = []
        for part in range(10):
            begun = time.perf_counter()
            for number in range(PREPARED // 10):
                encode(self.label(part * PREPARED + number), self.stock, model)
            rates.append(PREPARED / 10 / (time.perf_counter() - begun))
        return at_least("labels_prepared", "1/s", rates, PER_SECOND)


def beside_tenth(peers: list[tuple[float, float]], place: int) -> float:
    """Return a tenth of the median of wall times (0) or CPU (1)."""
    return float(median(one[place] for one in peers)) / 10


def cups_chain(bench: Bench) -> list[tuple[float, float]]:
    """Return wall and CPU in ms of CUPS' filters, label by label; empty where it is not here."""
    cupsfilter = shutil.which("cupsfilter", path="/usr/sbin:/usr/bin:" + os.environ.get("PATH", ""))
    drivers = Path("/usr/share/cups/drv/sample.drv")
    if cupsfilter is None or shutil.which("ppdc") is None or not drivers.exists():
        return []
    found: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        subprocess.run(["ppdc", "-d", folder, str(drivers)], check=True, capture_output=True)
        for number in range(CHAIN):
            pdf = here / "label.pdf"
            pdf.write_bytes(label_pdf(bench, number))
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter_ns()
            done = subprocess.run(
                [
                    cupsfilter, "-p", str(here / "zebra.ppd"), "-m", "printer/foo",
                    "-o", "PageSize=w288h432", str(pdf),
                ],
                check=True,
                capture_output=True,
            )  # fmt: skip
            wall = (time.perf_counter_ns() - begun) / 1e6
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert len(done.stdout) > 1000, "CUPS made a label"
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            found.append((wall, cpu * 1000))
    return found


def label_pdf(bench: Bench, number: int) -> bytes:
    """Return a label as a PDF with embedded fonts, as an office program gives it to CUPS."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
    from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(203)
    writer.setPageSize(QPageSize(QSizeF(100, 150), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    font = QFont("Noto Sans CJK SC")
    font.setPixelSize(32)
    painter.setFont(font)
    for line in range(12):
        painter.drawText(20, 60 + line * 60, f"{number} {fresh_text(bench.draw, 18)}")
    painter.end()
    buffer.close()
    return bytes(data.data())


def main(arguments: list[str]) -> int:
    """Measure and print; 0 also where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.paper")
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args(arguments).json
    if not as_json:
        sys.stdout.write(heading() + "\n")
    for figure in Bench().run():
        sys.stdout.write((figure.line() if as_json else row(figure)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
