"""A bench for the window's tests: the real engine, a house in memory, a backend that answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from packstation.core.carriers import Carrier
from packstation.core.effects import (
    Answer,
    CheckHandover,
    Effect,
    GiveUpPrint,
    LoadOrder,
    LookUp,
    PrintLabel,
    Record,
)
from packstation.core.events import CodeScanned, HandoverChecked, LabelFinished, LabelStalled
from packstation.core.orders import RefusedRow, ShopKey
from packstation.core.station import Decision, SavedStation
from packstation.core.status import BagState, LabelSource, PrintOutcome
from packstation.errors import ImportFileError, PackStationError
from packstation.runtime.engine import Engine, Recorded
from packstation.ui.backend import (
    BagRow,
    Board,
    ImportReport,
    ManifestRow,
    ParkedRow,
    PrintRow,
    Reply,
    Shop,
    WatchedFiles,
)
from packstation.ui.bridge import Bridge
from packstation.ui.verdict_words import Kind
from tests.builders import NOW
from tests.core.house import House
from tests.ui.fakes_board import FakeBoard
from tests.ui.fakes_mapping import FakeMapping
from tests.ui.fakes_numbers import FakeNumbers
from tests.ui.fakes_orders import FakeOrders
from tests.ui.fakes_paper import FakePaper


class BenchRunner:
    """Carries effects out in the house; every answer goes back through the engine."""

    def __init__(self, house: House, engine: Engine) -> None:
        self.house = house
        self.engine = engine
        self.print_now = True

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        house, post = self.house, self.engine.post
        house.saved = saved
        for record in (e for e in effects if isinstance(e, Record)):
            for fact in record.facts:
                house.journal.append(fact)
                for event in house._write(fact):
                    post(event)
            post(Recorded(answer))
        for effect in effects:
            match effect:
                case LookUp(scan, code):
                    post(house._find(scan, code.text, code.key))
                case LoadOrder(scan, order):
                    loaded = house._loaded(scan, order)
                    assert loaded is not None
                    post(loaded)
                case CheckHandover(scan, manifest, bags):
                    stopped = next((s for s in map(house._stopped, bags) if s), None)
                    inside = [p for p in house.parcels.values() if p.bag in bags]
                    post(HandoverChecked(scan, manifest, stopped, len(inside)))
                case PrintLabel(order, job) if self.print_now:
                    outcome = house.printer(effect)
                    if outcome is PrintOutcome.BLOCKED:
                        post(LabelStalled(order, job, "printer.no_paper"))
                        continue
                    detail = "paper_out" if outcome is PrintOutcome.FAILED else ""
                    post(LabelFinished(order, job, outcome, detail))
                case GiveUpPrint(order, job):
                    post(LabelFinished(order, job, house.given_up(effect), "print.given_up"))
                case _:
                    pass


class Cancelled:
    """What import_files gives back."""

    def __init__(self) -> None:
        self.called = False

    def cancel(self) -> None:
        self.called = True


class Silence:
    """Keeps the sounds that would be heard."""

    def __init__(self) -> None:
        self.heard: list[Kind] = []

    def play(self, kind: Kind) -> None:
        self.heard.append(kind)


def a_picture(width: int, height: int, text: str) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(width // 18)
    painter.setFont(font)
    painter.setPen(QColor("black"))
    for index, line in enumerate(text.split("\n")):
        painter.drawText(
            QRect(20, 20 + index * width // 12, width - 40, width // 12),
            int(Qt.AlignmentFlag.AlignLeft),
            line,
        )
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes for the format
    return bytes(data.data())


class FakeBackend(FakeOrders, FakeBoard, FakeMapping, FakeNumbers, FakePaper):
    """Implements ui.backend.Backend over a house; answers at once, keeps what it was asked."""

    def __init__(self, house: House, bridge: Bridge) -> None:
        super().__init__()
        FakePaper.__init__(self)
        self.house = house
        self.bridge = bridge
        self.engine = Engine(house.rules, bridge, wake=bridge.wake)
        self.runner = BenchRunner(house, self.engine)
        self.scanned: list[str] = []
        self.number = 0
        self.counts = Board()
        self.report: ImportReport | PackStationError = ImportFileError("import.empty_file", "x")
        self.imported: list[tuple[tuple[Path, ...], ShopKey]] = []
        self.finish_import = True
        self.pending: Callable[[], None] = lambda: None
        self.last_cancel = Cancelled()
        self.driver = ""
        self.places: tuple[str, ...] = ()
        self.place = ""
        self.language = ""
        self.jobs: tuple[PrintRow, ...] = ()
        self.parked_rows: tuple[ParkedRow, ...] = ()
        self.retried: list[str] = []
        self.reprinted: list[str] = []
        self.synced = 0

    def start(self, restored: Decision | None = None) -> None:
        self.engine.start(restored or Decision(self.engine.station), self.runner)
        self.bridge.attach(self.engine)

    @property
    def carriers(self) -> Sequence[Carrier]:
        return self.house.rules.carriers

    @property
    def station_number(self) -> int:
        return 1

    @property
    def zone(self) -> tzinfo:
        return UTC

    def on_watched(self, tell: Callable[[WatchedFiles], None]) -> None:
        self.watched = tell

    def scan(self, text: str) -> None:
        self.number += 1
        self.scanned.append(text)
        self.engine.post(CodeScanned(text, datetime.now(UTC), self.number))

    def board(self, reply: Reply[Board]) -> None:
        reply(self.counts)

    def set_language(self, language: str) -> None:
        self.language = language

    def shops(self, reply: Reply[tuple[Shop, ...]]) -> None:
        reply((Shop(ShopKey("main"), "示例小店", LabelSource.COMPOSED),))

    def import_files(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[ImportReport],
    ) -> Cancelled:
        self.imported.append((tuple(paths), shop))
        progress(10, 100)
        self.last_cancel = Cancelled()
        self.pending = lambda: reply(self.report)
        if self.finish_import:
            self.bridge.call(self.pending)
        return self.last_cancel

    def bags(self, reply: Reply[tuple[BagRow, ...]]) -> None:
        parcels = self.house.parcels.values()
        reply(
            tuple(
                BagRow(
                    bag.code,
                    bag.state,
                    bag.carrier,
                    bag.parcels,
                    tuple(str(p.tracking_number) for p in parcels if p.bag == bag.code),
                )
                for bag in self.house.bags.values()
                if bag.state is not BagState.HANDED_OVER
            )
        )

    def set_driver(self, name: str) -> None:
        self.driver = name

    @property
    def drop_offs(self) -> Sequence[str]:
        return self.places

    def set_drop_off(self, place: str) -> None:
        self.place = place

    def manifests(self, limit: int, reply: Reply[tuple[ManifestRow, ...]]) -> None:
        reply(
            tuple(
                ManifestRow(m.manifest, m.carrier, len(m.bags), m.parcels, NOW, "", "job-r", None)
                for m in self.house.manifests.values()
            )
        )

    def receipt_preview(self, manifest: str, language: str, reply: Reply[bytes]) -> None:
        words = "快递交接单" if language == "zh" else "Handover receipt"
        lines = "\n".join(f"PSBAG0100000{n}    {n}" for n in range(1, 9))
        reply(a_picture(576, 1300, f"{words}\n{manifest}\n{lines}"))

    def reprint_receipt(self, manifest: str, reply: Reply[None]) -> None:
        self.reprinted.append(manifest)
        reply(None)

    def print_jobs(self, limit: int, reply: Reply[tuple[PrintRow, ...]]) -> None:
        reply(self.jobs[:limit])

    def preview(self, job: str, reply: Reply[bytes]) -> None:
        reply(a_picture(800, 1200, f"圆通速递\nYT7700000000001\n收 王小明\n{job}"))

    def parked(self, reply: Reply[tuple[ParkedRow, ...]]) -> None:
        reply(self.parked_rows)

    def retry_parked(self, event_id: str, reply: Reply[None]) -> None:
        self.retried.append(event_id)
        self.parked_rows = tuple(r for r in self.parked_rows if r.event_id != event_id)
        reply(None)

    def sync_now(self) -> None:
        self.synced += 1


def some_report() -> ImportReport:
    """An import with two refused rows."""
    return ImportReport(
        ("订单导出20260302.csv",),
        ShopKey("main"),
        132,
        118,
        3,
        9,
        (
            RefusedRow(15, "damaged_id", "订单导出20260302.csv", "order_id: '1.93068E+15'"),
            RefusedRow(77, "bad_quantity", "订单导出20260302.csv", "quantity: '1.5'", "5771"),
        ),
        held=4,
    )
