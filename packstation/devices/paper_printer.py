"""A printer of the station: composes any paper for its language and stock, sends it, gives up.

Lives in a room of its own; only ``give_up`` and ``busy_with`` may be called from elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from packstation.core.orders import CarrierCode
from packstation.core.status import LabelSource, PaperKind, PrintOutcome
from packstation.devices.job_sender import Patience, send
from packstation.devices.label_papers import bag_of, receipt_of, waybill_of
from packstation.devices.letterhead import Letterhead
from packstation.devices.slip_papers import slip_of
from packstation.devices.transports import Transport
from packstation.errors import ComposeError
from packstation.ports import (
    BagJob,
    LabelJob,
    PageContent,
    PaperBytes,
    PaperJob,
    PrinterStatus,
    ReceiptJob,
    SlipJob,
)
from packstation.printing import bag_label, waybill_label
from packstation.printing.bitmap import Bitmap
from packstation.printing.document import Document
from packstation.printing.escpos import drawer_of, knife_of
from packstation.printing.handover_receipt import render_receipt
from packstation.printing.label_template import LabelSetup, LabelTemplate
from packstation.printing.languages import encode
from packstation.printing.media import Language, Media, PrinterProfile, Tuning
from packstation.printing.page_marks import mark_copy, mark_zpl
from packstation.printing.slips import Slip, draw_slip
from packstation.printing.test_label import (
    Trial,
    calibration_command,
    compose_calibration,
    compose_trial,
    unshifted,
)


@dataclass(frozen=True, slots=True)
class Layouts:
    """The label layouts that fit one printer's stock."""

    waybill: LabelTemplate | None = None
    """Of carriers that have none of their own; None = no layout is made for this stock."""
    by_carrier: Mapping[CarrierCode, LabelTemplate | None] = field(default_factory=dict)
    """Of carriers for which the settings name one; None = that one is too large."""
    bag: LabelTemplate | None = None
    """Of bag labels."""


WIDE_ROLL_MM = 76.0
"""Rolls from here on carry the receipt as text in the printer's own font; others as dots."""
MEASURED = 3
"""Labels that a printer feeds about while it measures its paper."""

DrawPage = Callable[[PageContent, int, int, int], Bitmap]
"""Draws a page of a label file as it comes on paper: page, dots per mm, width and height in dots.

Raises ComposeError where it would be squeezed or cut."""


class StationPrinter:
    """One printer behind a transport; satisfies the port ``PaperPrinter``."""

    def __init__(
        self,
        transport: Transport,
        *,
        profile: PrinterProfile,
        stock: Media,
        name: str = "",
        letterhead: Callable[[], Letterhead],
        layouts: Layouts | None = None,
        draw_page: DrawPage | None = None,
        tuning: Tuning | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Keep what paper is made of.

        Args:
            transport: The printer's line.
            profile: Its model.
            stock: The paper in it.
            name: As people call it; on test labels.
            letterhead: Asked at each paper, so that a change of language shows at once.
            layouts: Label layouts for its stock.
            draw_page: Draws pages of label files; None = it prints none.
            tuning: What was set for this very printer.
            patience: How long and how often to try.
        """
        self.transport = transport
        self.profile = profile
        self.stock = stock
        self.name = name or profile.name
        self.patience = patience
        self._letterhead = letterhead
        self._layouts = layouts or Layouts()
        self._draw_page = draw_page
        self._tuning = tuning or Tuning()
        self._given_up: set[str] = set()
        self._job = ""
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Load fonts and libraries before the first label; some 300 ms."""
        layout = self._layouts.waybill
        if layout is not None:
            waybill_label.warm_up(LabelSetup(self.profile, layout))

    def compose(self, paper: PaperJob) -> PaperBytes:
        """Return the bytes of a paper.

        Raises:
            ComposeError: It cannot be put on this printer's paper.
        """
        match paper:
            case LabelJob():
                return self._label(paper)
            case BagJob():
                return self._bag(paper)
            case ReceiptJob():
                return self._receipt(paper)
            case SlipJob():
                return self._slip(paper)

    def _label(self, job: LabelJob) -> PaperBytes:
        if self.stock.height_mm is None:
            raise self._wrong_printer("A label")
        match job.source:
            case LabelSource.COMPOSED:
                layout = self._layouts.by_carrier.get(job.carrier, self._layouts.waybill)
                if layout is None:
                    raise self._no_layout("shipping label")
                letterhead = self._letterhead()
                waybill = waybill_of(job, letterhead)
                return self._encoded(waybill_label.compose(waybill, layout, letterhead.words))
            case LabelSource.FILE if job.page is not None:
                return self._page(job, job.page)
            case _:
                raise self._wrong_printer("A label of a print component")

    def _page(self, job: LabelJob, page: PageContent) -> PaperBytes:
        if page.format == "zpl":
            return self._raw_page(job, page)
        if self._draw_page is None:
            raise self._wrong_printer("A page of a label file")
        assert self.stock.height_mm is not None, "labels go on labels"
        profile, stock = self.profile, self.stock
        size = profile.dots(stock.width_mm), profile.dots(stock.height_mm or 0)
        bitmap = mark_copy(
            self._draw_page(page, profile.dots_per_mm, *size),
            page.mark,
            job.copy,
            job.copy_code,
            self._letterhead().words,
            profile.dots_per_mm,
        )
        return PaperBytes(encode(bitmap, stock, profile, replace(self._tuning, drawer=False)))

    def _raw_page(self, job: LabelJob, page: PageContent) -> PaperBytes:
        """Return a label that its platform wrote for a printer like this one, as it is."""
        made_for = page.dots_key.partition(":")[0]
        known = made_for.isdecimal() and int(made_for)
        fits = self.stock.width_mm + 2 >= page.width_mm
        same = not known or known == self.profile.dots_per_mm
        if self.profile.language is not Language.ZPL or not (fits and same):
            raise ComposeError(
                "print.page_needs_zpl",
                f"This label is written for a ZPL printer with {known or 'any'} dots per mm and"
                f" paper {page.width_mm:g} mm wide.",
                fix="Choose such a printer for the shop, or download the labels as PDF.",
                printer=self.profile.name,
            )
        width, height = (
            round(side * self.profile.dots_per_mm) for side in (page.width_mm, page.height_mm)
        )
        words = self._letterhead().words
        return PaperBytes(
            mark_zpl(page.content, job.copy, words, self.profile.dots_per_mm, width, height)
        )

    def _bag(self, job: BagJob) -> PaperBytes:
        letterhead, layout = self._letterhead(), self._layouts.bag
        if layout is None:
            return self._pages(slip_of(job, letterhead))
        return self._encoded(bag_label.compose(bag_of(job, letterhead), layout, letterhead.words))

    def _receipt(self, job: ReceiptJob) -> PaperBytes:
        letterhead = self._letterhead()
        wide = self.stock.height_mm is None and self.stock.width_mm >= WIDE_ROLL_MM
        if self.profile.language is not Language.ESCPOS or not wide:
            return self._pages(slip_of(job, letterhead), drawer=True)
        made = render_receipt(
            receipt_of(job, letterhead),
            self.profile,
            letterhead.words,
            knife=knife_of(self.profile, self._tuning),
            drawer=drawer_of(self._tuning),
        )
        return PaperBytes(made.payload)

    def _slip(self, job: SlipJob) -> PaperBytes:
        match job.kind:
            case PaperKind.TEST:
                return self._encoded(compose_trial(self._trial(job.key)))
            case PaperKind.CALIBRATION:
                return self._calibration()
            case _:
                return self._pages(slip_of(job, self._letterhead()))

    def _trial(self, code: str) -> Trial:
        return Trial(code, self.name, self.profile, self.stock, self._tuning)

    def _calibration(self) -> PaperBytes:
        """Return the sheet of rulers; before it the printer measures its paper, where it can."""
        tuning = unshifted(self._tuning)
        measure = calibration_command(self.profile, self.stock.sensing)
        sheet = self._encoded(compose_calibration(self._trial("")), tuning)
        return PaperBytes(measure + sheet.payload, 1 + (MEASURED if measure else 0))

    def _pages(self, slip: Slip, *, drawer: bool = False) -> PaperBytes:
        tuning = self._tuning if drawer else replace(self._tuning, drawer=False)
        pages = draw_slip(slip, self.stock, self.profile)
        payload = b"".join(encode(page, self.stock, self.profile, tuning) for page in pages)
        return PaperBytes(payload, len(pages))

    def _encoded(self, document: Document, tuning: Tuning | None = None) -> PaperBytes:
        from packstation.printing.raster import rasterize

        bitmap = rasterize(document, self.profile.dots_per_mm)
        tuning = tuning or replace(self._tuning, drawer=False)
        return PaperBytes(encode(bitmap, self.stock, self.profile, tuning))

    def send(
        self, job: str, payload: bytes, stalled: Callable[[str], None]
    ) -> tuple[PrintOutcome, str]:
        """Send a job's bytes; return what became of them and a word why."""
        with self._lock:
            self._job = job
        try:
            report = send(
                self.transport,
                payload,
                on_first_byte=lambda: None,
                stalled=stalled,
                given_up=lambda: job in self._given_up,
                patience=self.patience,
            )
            return report.outcome, report.detail
        finally:
            with self._lock:
                self._job = ""
                self._given_up.discard(job)

    def give_up(self, job: str) -> bool:
        """End a job that stalls or waits, or is about to be sent; from any thread."""
        with self._lock:
            self._given_up.add(job)
            return self._job == job

    def status(self) -> PrinterStatus:
        """Look at the printer, between two jobs."""
        return self.transport.status()

    def _wrong_printer(self, what: str) -> ComposeError:
        kind = "label" if self.stock.height_mm is not None else "receipt"
        return ComposeError(
            "print.wrong_printer",
            f"{what} was sent to the {kind} printer.",
            fix="Choose another printer for it in the settings.",
        )

    def _no_layout(self, what: str) -> ComposeError:
        return ComposeError(
            "print.no_layout",
            f"There is no layout of a {what} for {self.stock.name}.",
            fix="Put other paper in, or choose a printer with other paper.",
            stock=self.stock.key,
        )
