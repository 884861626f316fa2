"""Paper in the window's tests: two printers, one found, a batch, label files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import (
    BatchState,
    PageState,
    PaperKind,
    PrintOutcome,
    Reason,
)
from packstation.errors import DeviceError, PackStationError
from packstation.ports import PrinterState, PrinterStatus
from packstation.ui.backend import Cancel, Reply
from packstation.ui.backend_labels import FittedLabels
from packstation.ui.backend_printing import (
    BatchJobRow,
    BatchOffer,
    BatchRow,
    FoundPrinter,
    LabelFileRow,
    ModelChoice,
    PageRow,
    PrinterForm,
    PrinterRow,
    PrinterUse,
    QueueRow,
    StockChoice,
    TestPrint,
)
from tests.builders import NOW

CODE = "PSTEST20260302"
RULE = (
    "Write this line into /etc/udev/rules.d/70-packstation.rules and plug the printer in again: "
    'SUBSYSTEM=="usb", ATTR{idVendor}=="0a5f", ATTR{idProduct}=="0084", TAG+="uaccess"'
)


class _Nothing:
    def cancel(self) -> None:
        pass


def a_printer(
    key: str,
    *uses: PrinterUse,
    state: PrinterState = PrinterState.READY,
    address: str = "usb://0a5f:0084/52J1",
    model: str = "zebra-zpl-203",
    **more: object,
) -> PrinterRow:
    form = PrinterForm(key.replace("-", " "), address, model, "100x150")
    row = PrinterRow(key, form, uses, PrinterStatus(state), NOW, 0, 412)
    return replace(row, **more)  # type: ignore[arg-type]


def a_job(job: str, outcome: PrintOutcome, **more: object) -> QueueRow:
    row = QueueRow(
        job, PaperKind.LABEL, "577100001234", 1, outcome, "", NOW, "zebra-table-1",
        tracking_number="YT7700000000001",
    )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


class FakePaper:
    """Implements ui.backend_printing.PaperDesk; answers at once, keeps what it was asked."""

    def __init__(self) -> None:
        self.set_up: tuple[PrinterRow, ...] = ()
        self.found: tuple[FoundPrinter, ...] = (
            FoundPrinter(
                "usb://0a5f:0084/52J1",
                "Zebra ZTC GK420d",
                "zebra-zpl-203",
                PrinterStatus(PrinterState.READY),
            ),
            FoundPrinter(
                "usb-port://1-2.3",
                "Unknown maker, label printer",
                "",
                PrinterStatus(PrinterState.NO_ACCESS, "printer.access_denied", RULE),
            ),
            FoundPrinter(
                "/dev/usb/lp1", "POS-80", "escpos-80", PrinterStatus(PrinterState.UNKNOWN)
            ),
        )
        self.jobs_of_paper: tuple[QueueRow, ...] = ()
        self.files: tuple[LabelFileRow, ...] = ()
        self.pages: tuple[PageRow, ...] = ()
        self.batch_rows: tuple[BatchRow, ...] = ()
        self.offer = BatchOffer(3, 50, 3, (), 412, "zebra-table-1")
        self.fitting = FittedLabels(100, 0, 0)
        self.paper_calls: list[tuple[object, ...]] = []
        self.test_outcome = PrintOutcome.SENT
        self.paper_error: PackStationError | None = None
        self.tell_printers: Callable[[], None] = lambda: None

    def _did(self, *call: object) -> None:
        self.paper_calls.append(call)

    def printers(self, reply: Reply[tuple[PrinterRow, ...]]) -> None:
        reply(self.set_up)

    def on_printers(self, tell: Callable[[], None]) -> None:
        self.tell_printers = tell

    def find_printers(self, reply: Reply[tuple[FoundPrinter, ...]]) -> None:
        self._did("find")
        reply(self.found)

    def models(self, reply: Reply[tuple[ModelChoice, ...]]) -> None:
        reply(
            (
                ModelChoice("zebra-zpl-203", "ZPL label printer, 203 dpi", receipt=False),
                ModelChoice("generic-tspl-203", "TSPL label printer, 203 dpi", receipt=False),
                ModelChoice("escpos-80", "Receipt printer, 80 mm", receipt=True, cutter=True),
            )
        )

    def stocks(self, reply: Reply[tuple[StockChoice, ...]]) -> None:
        reply(
            (
                StockChoice("100x150", "100 x 150 mm labels", 100, 150, 500),
                StockChoice("76x130", "76 x 130 mm labels", 76, 130, 500),
                StockChoice("receipt-80", "80 mm receipt roll", 72, None, 0),
            )
        )

    def save_printer(self, key: str, form: PrinterForm, reply: Reply[str]) -> None:
        self._did("save", key, form)
        if self.paper_error is not None:
            reply(self.paper_error)
            return
        key = key or f"printer-{len(self.set_up) + 1}"
        kept = tuple(row for row in self.set_up if row.key != key)
        status = PrinterStatus(PrinterState.READY)
        self.set_up = (*kept, PrinterRow(key, form, (), status, None, 0, None))
        reply(key)

    def remove_printer(self, key: str, reply: Reply[None]) -> None:
        self._did("remove", key)
        self.set_up = tuple(row for row in self.set_up if row.key != key)
        reply(None)

    def use_printer(self, use: PrinterUse, key: str, reply: Reply[None]) -> None:
        self._did("use", use, key)
        self.set_up = tuple(
            replace(
                row, uses=tuple(dict.fromkeys((*(u for u in row.uses if u != use), *(
                    (use,) if row.key == key else ()
                ))))
            )
            for row in self.set_up
        )  # fmt: skip
        reply(None)

    def test_print(self, key: str, reply: Reply[TestPrint]) -> None:
        self._did("test", key)
        reply(self.paper_error or TestPrint("job-t", CODE, self.test_outcome, ""))

    def calibrate(self, key: str, reply: Reply[TestPrint]) -> None:
        self._did("calibrate", key)
        reply(TestPrint("job-c", "", self.test_outcome, ""))

    def prove_printer(self, code: str, reply: Reply[str]) -> None:
        self._did("prove", code)
        if code.upper() != CODE or not self.set_up:
            reply(DeviceError("printer.unknown_test", "No test label has this code."))
            return
        last = replace(self.set_up[-1], proved_at=NOW)
        self.set_up = (*self.set_up[:-1], last)
        reply(last.key)

    def load_roll(self, key: str, labels: int, reply: Reply[None]) -> None:
        self._did("roll", key, labels)
        reply(None)

    def queue(self, printer: str, limit: int, reply: Reply[tuple[QueueRow, ...]]) -> None:
        reply(tuple(row for row in self.jobs_of_paper if not printer or row.printer == printer))

    def give_up(self, job: str, reply: Reply[None]) -> None:
        self._did("give_up", job)
        reply(None)

    def release_old(self, jobs: Sequence[str], yes: bool, reply: Reply[int]) -> None:
        self._did("old", tuple(jobs), yes)
        self.jobs_of_paper = tuple(row for row in self.jobs_of_paper if row.job not in jobs)
        reply(len(jobs))

    def settle(self, job: str, came_out: bool, reply: Reply[None]) -> None:
        self._did("settle", job, came_out)
        reply(None)

    def reprint_label(self, order: OrderKey, reason: str, badge: str, reply: Reply[str]) -> None:
        self._did("reprint", order, reason, badge)
        reply(self.paper_error or "job-2")

    def print_slip(self, kind: PaperKind, key: str, terms: str, reply: Reply[str]) -> None:
        self._did("slip", kind, key, terms)
        reply(self.paper_error or "job-s")

    def manifest_bags(self, manifest: str, reply: Reply[tuple[tuple[str, int], ...]]) -> None:
        reply(self.paper_error or (("PSBAG01000001", 2), ("PSBAG01000002", 31)))

    def label_preview(self, order: OrderKey, reply: Reply[bytes]) -> None:
        from tests.ui.fakes import a_picture

        reply(self.paper_error or a_picture(800, 1200, f"圆通速递\nPREVIEW\n{order}"))

    def import_labels(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[tuple[LabelFileRow, ...]],
    ) -> Cancel:
        self._did("labels", tuple(paths), shop)
        progress(10, 100)
        reply(self.paper_error or self.files)
        return _Nothing()

    def label_files(self, limit: int, reply: Reply[tuple[LabelFileRow, ...]]) -> None:
        reply(self.files)

    def label_pages(self, file: str, reply: Reply[tuple[PageRow, ...]]) -> None:
        reply(self.pages)

    def page_preview(self, page: str, reply: Reply[bytes]) -> None:
        from tests.ui.fakes import a_picture

        reply(a_picture(800, 1200, f"TikTok Shop\n{page}"))

    def fit_labels(self, file: str, reply: Reply[FittedLabels]) -> None:
        self._did("fit_labels", file)
        self.files = tuple(replace(row, fitted=True) if row.file == file else row
                           for row in self.files)  # fmt: skip
        reply(self.paper_error or self.fitting)

    def remove_labels(self, file: str, reply: Reply[None]) -> None:
        self._did("remove_labels", file)
        self.files = tuple(row for row in self.files if row.file != file)
        reply(None)

    def offer_batch(self, orders: Sequence[OrderKey], reply: Reply[BatchOffer]) -> None:
        self._did("offer", tuple(orders))
        reply(self.offer)

    def start_batch(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[tuple[str, ...]]
    ) -> None:
        self._did("start", tuple(orders), badge)
        self.batch_rows = (a_batch(orders=tuple(orders)),)
        reply(self.paper_error or ("batch-1",))

    def batches(self, limit: int, reply: Reply[tuple[BatchRow, ...]]) -> None:
        reply(self.batch_rows)

    def stop_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        self._did("stop", batch)
        self.batch_rows = tuple(replace(b, state=BatchState.STOPPED, why="operator")
                                for b in self.batch_rows)  # fmt: skip
        reply(None)

    def resume_batch(
        self, batch: str, last_good: str, reply: Reply[BatchRow], badge: str = ""
    ) -> None:
        self._did("resume", batch, last_good, badge)
        reply(self.paper_error or replace(self.batch_rows[0], state=BatchState.RUNNING, why=""))

    def cancel_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        self._did("cancel", batch)
        self.batch_rows = tuple(replace(b, state=BatchState.CANCELLED) for b in self.batch_rows)
        reply(None)


def a_batch(
    *outcomes: PrintOutcome,
    state: BatchState = BatchState.RUNNING,
    why: str = "",
    orders: tuple[OrderKey, ...] = (),
    refused: tuple[tuple[str, Reason], ...] = (),
) -> BatchRow:
    outcomes = outcomes or (PrintOutcome.CONFIRMED,) * len(orders)
    jobs = tuple(
        BatchJobRow(
            f"job-{n}", OrderKey(f"main/80{n:02d}"), f"80{n:02d}", f"YT77000000000{n:02d}", 1,
            outcome, "",
        )
        for n, outcome in enumerate(outcomes)
    )  # fmt: skip
    return BatchRow("batch-1", ShopKey("main"), "zebra-table-1", state, why, NOW, jobs, refused)


def some_pages() -> tuple[PageRow, ...]:
    return (
        PageRow("p1", 1, PageState.BOUND, ("YT7700000000001",), "YT7700000000001", "577100001234"),
        PageRow("p2", 2, PageState.UNMATCHED, ("YT7700000000002",), "YT7700000000002", None),
        PageRow("p3", 3, PageState.DUPLICATE, ("YT7700000000001",), "YT7700000000001", None),
        PageRow("p4", 4, PageState.UNREADABLE, (), None, None, "no_code"),
    )
