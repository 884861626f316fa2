"""What the window needs of paper: printers, test prints, queues, label files, batches, reprints.

As in ``backend``: every method returns at once, answers come by callback on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import BatchState, PageState, PaperKind, PrintOutcome, Reason

if TYPE_CHECKING:
    from packstation.ports import PrinterStatus
    from packstation.ui.backend import Cancel, Reply
from packstation.ui.backend_labels import FittedLabels


class PrinterUse(StrEnum):
    """Kinds of paper that a printer can be the usual one for, as in the settings."""

    LABEL = "label"
    BAG = "bag"
    RECEIPT = "receipt"
    SLIP = "slip"
    PICK_LIST = "pick_list"


@dataclass(frozen=True, slots=True)
class PrinterForm:
    """What a person sets for one printer; the fields of ``settings.PrinterSetup``."""

    name: str
    address: str
    model: str
    stock: str
    darkness: int | None = None
    speed: int | None = None
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    cut: bool = False
    drawer: bool = False


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """One printer that is set up."""

    key: str
    form: PrinterForm
    uses: tuple[PrinterUse, ...]
    """What it is the usual printer for."""
    status: PrinterStatus
    """As last looked at."""
    proved_at: datetime | None
    """When a test label of this very set-up was scanned back; None = never."""
    waiting: int
    """Jobs that wait for it or are under way."""
    roll_left: int | None
    """Labels left on its roll; None = not counted."""
    worn: bool = False
    """So many of its labels could not be read lately that its head should be cleaned."""
    unreadable: tuple[int, int] = (0, 0)
    """Labels of the last days that could not be read, and all labels printed then."""


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """A printer that this computer sees."""

    address: str
    name: str
    """Maker and model as the printer says, or the queue's name."""
    model: str
    """Best guess, a file of resources/printers; empty = none."""
    status: PrinterStatus
    """Its ``fix`` holds the udev rule where access is denied."""
    known: str = ""
    """Key, where it is set up already."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One printer model that can be chosen."""

    key: str
    name: str
    receipt: bool
    """True for receipt printers."""
    cutter: bool = False


@dataclass(frozen=True, slots=True)
class StockChoice:
    """One paper stock that can be chosen."""

    key: str
    name: str
    width_mm: float
    height_mm: float | None
    roll: int


@dataclass(frozen=True, slots=True)
class TestPrint:
    """A test label that was sent."""

    job: str
    code: str
    """Text of its code, to be scanned back."""
    outcome: PrintOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One job that is under way, waits, or ended lately."""

    job: str
    kind: PaperKind
    subject: str
    """Order number, bag code or manifest number."""
    copy: int
    outcome: PrintOutcome
    detail: str
    requested_at: datetime
    printer: str
    batch: str = ""
    reason: str = ""
    spoiled: str = ""
    """Why this copy is not to be used; empty = it may be."""
    tracking_number: str | None = None
    old: bool = False
    """It was asked for before this start of the program, and waits for a person's yes."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page of a label file."""

    page: str
    number: int
    state: PageState
    codes: tuple[str, ...]
    tracking_number: str | None
    order_id: str | None
    why: str = ""
    """Of an unreadable page, as ``paper_facts.PageTaken.why``."""


@dataclass(frozen=True, slots=True)
class LabelFileRow:
    """One label file."""

    file: str
    name: str
    shop: ShopKey
    format: str
    taken_at: datetime
    pages: int
    bound: int
    unmatched: int
    duplicate: int
    unreadable: int
    printed: int
    """Pages of which a label was printed: then the file cannot be taken back."""
    fitted: bool = False
    """A person agreed that its pages are turned and made smaller to fit the paper."""
    other_shape: tuple[float, float] | None = None
    """Width and height in mm of a page that does not fit the shop's label paper; None = all do."""
    paper: tuple[float, float] | None = None
    """Width and height in mm of that paper."""


@dataclass(frozen=True, slots=True)
class BatchJobRow:
    """One label of a batch."""

    job: str
    order: OrderKey
    order_id: str
    tracking_number: str
    copy: int
    outcome: PrintOutcome
    detail: str
    spoiled: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One print batch."""

    batch: str
    shop: ShopKey
    printer: str
    state: BatchState
    why: str
    """Error code of the device, or ``operator``; empty while it runs."""
    started_at: datetime
    jobs: tuple[BatchJobRow, ...] = ()
    refused: tuple[tuple[str, Reason], ...] = ()
    """Order numbers that got no label, and why."""

    @property
    def out(self) -> int:
        """Labels that came out, as far as is known."""
        good = (PrintOutcome.SENT, PrintOutcome.CONFIRMED)
        return sum(job.outcome in good and not job.spoiled for job in self.jobs)


@dataclass(frozen=True, slots=True)
class BatchOffer:
    """What a batch of chosen orders would be, before it is started."""

    orders: int
    limit: int
    """Most orders in one batch on this platform."""
    ready: int
    refused: tuple[tuple[str, Reason], ...]
    roll_left: int | None
    """Labels left on the roll; fewer than ``ready`` = it is not started. None = not counted."""
    printer: str
    printed_before: int = 0
    """Orders that have a label already; they get none here."""


class PaperDesk(Protocol):
    """Printers and what they print."""

    def printers(self, reply: Reply[tuple[PrinterRow, ...]]) -> None:
        """List the printers that are set up, with how they are; looks at each, in its room."""
        ...

    def on_printers(self, tell: Callable[[], None]) -> None:
        """Have it told on the GUI thread when printers came, went, stalled or went on."""
        ...

    def find_printers(self, reply: Reply[tuple[FoundPrinter, ...]]) -> None:
        """Look for printers at this computer; a second at most, tests of the network none."""
        ...

    def models(self, reply: Reply[tuple[ModelChoice, ...]]) -> None:
        """List known printer models."""
        ...

    def stocks(self, reply: Reply[tuple[StockChoice, ...]]) -> None:
        """List known paper stocks."""
        ...

    def save_printer(self, key: str, form: PrinterForm, reply: Reply[str]) -> None:
        """Add a printer (empty key) or change one; answers its key."""
        ...

    def remove_printer(self, key: str, reply: Reply[None]) -> None:
        """Take a printer out; refused while it is the usual one for something or has jobs."""
        ...

    def use_printer(self, use: PrinterUse, key: str, reply: Reply[None]) -> None:
        """Make a printer the usual one for a kind of paper."""
        ...

    def test_print(self, key: str, reply: Reply[TestPrint]) -> None:
        """Print a test label with a code to scan back."""
        ...

    def calibrate(self, key: str, reply: Reply[TestPrint]) -> None:
        """Print rulers and edges, and have the printer measure its stock where it can."""
        ...

    def prove_printer(self, code: str, reply: Reply[str]) -> None:
        """Take the scan of a test label's code; answers the printer's key.

        The error is ``printer.unknown_test`` where no test label has the code.
        """
        ...

    def load_roll(self, key: str, labels: int, reply: Reply[None]) -> None:
        """Say that a new roll is in; 0 = do not count."""
        ...

    def queue(self, printer: str, limit: int, reply: Reply[tuple[QueueRow, ...]]) -> None:
        """List jobs, newest first; empty printer = all of them."""
        ...

    def give_up(self, job: str, reply: Reply[None]) -> None:
        """End a job that waits or stalls: CANCELLED where no byte left, else UNKNOWN."""
        ...

    def release_old(self, jobs: Sequence[str], yes: bool, reply: Reply[int]) -> None:
        """Print jobs of an earlier day after all, or cancel them."""
        ...

    def settle(self, job: str, came_out: bool, reply: Reply[None]) -> None:
        """Say of an UNKNOWN job of a bag label, receipt or slip whether its paper is there."""
        ...

    def reprint_label(self, order: OrderKey, reason: str, badge: str, reply: Reply[str]) -> None:
        """Print copy n+1 of a packed order's label; answers the job.

        Args:
            order: Whose parcel has a label and has not left.
            reason: As ``paper_facts.LabelSpoiled``.
            badge: Id of who may decide it; empty where nobody has a badge.
            reply: The job, or ``paper.not_entitled``, ``paper.nothing_to_reprint`` …
        """
        ...

    def print_slip(self, kind: PaperKind, key: str, terms: str, reply: Reply[str]) -> None:
        """Print a packing slip, discrepancy slip, command sheet, scanner card or pick list.

        Args:
            kind: Of these five.
            key: As ``PaperKind``; of a pick list its orders, one a line, none = all to pack.
            terms: As ``devices.slip_terms``; of a discrepancy slip ``{"theirs": {bag: count},
                "reason": ""}``; of a pick list ``total`` for the sum of each SKU, else empty.
            reply: Its job, or why nothing is printed.
        """
        ...

    def manifest_bags(self, manifest: str, reply: Reply[tuple[tuple[str, int], ...]]) -> None:
        """List the bags of a closed handover, each with the parcels that we counted."""
        ...

    def label_preview(self, order: OrderKey, reply: Reply[bytes]) -> None:
        """Draw the label that an order would get now, from the very bytes; as PNG, not kept."""
        ...

    def import_labels(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[tuple[LabelFileRow, ...]],
    ) -> Cancel:
        """Read label files; progress in pages done and known."""
        ...

    def label_files(self, limit: int, reply: Reply[tuple[LabelFileRow, ...]]) -> None:
        """List label files, newest first."""
        ...

    def label_pages(self, file: str, reply: Reply[tuple[PageRow, ...]]) -> None:
        """List the pages of a file."""
        ...

    def page_preview(self, page: str, reply: Reply[bytes]) -> None:
        """Draw a page of a label file as PNG; not kept."""
        ...

    def fit_labels(self, file: str, reply: Reply[FittedLabels]) -> None:
        """Turn and shrink a file's pages to fit its shop's paper; a person agreed to that.

        Refused where no page would be readable. Undone by taking the file back.
        """
        ...

    def remove_labels(self, file: str, reply: Reply[None]) -> None:
        """Take a label file back; refused once a page of it was printed."""
        ...

    def offer_batch(self, orders: Sequence[OrderKey], reply: Reply[BatchOffer]) -> None:
        """Say what printing the labels of these orders together would be."""
        ...

    def start_batch(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[tuple[str, ...]]
    ) -> None:
        """Print labels ahead, in batches of the platform's limit; answers the batches' ids."""
        ...

    def batches(self, limit: int, reply: Reply[tuple[BatchRow, ...]]) -> None:
        """List batches with their labels, newest first."""
        ...

    def stop_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        """Stop after the label that is being printed."""
        ...

    def resume_batch(
        self, batch: str, last_good: str, reply: Reply[BatchRow], badge: str = ""
    ) -> None:
        """Go on after the last good label.

        Args:
            batch: Which one.
            last_good: What the scan of the last good label said; empty = none came out.
            reply: How it stands, or ``batch.not_in_batch`` where no label of it says that.
            badge: Id of who may decide it; empty where nobody has a badge.
        """
        ...

    def cancel_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        """Print no more of it; what is printed stays."""
        ...
