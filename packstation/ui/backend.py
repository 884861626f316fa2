"""What the window needs beyond the engine: asynchronous questions and orders, free of Qt.

Every method returns at once. An answer comes by callback on the GUI thread (``Bridge.call``
brings it there from any room); a page that has gone ignores it. No method blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Protocol, TypeVar

from packstation.core.carriers import Carrier
from packstation.core.number_stock import PoolStock, RunCheck
from packstation.core.orders import CarrierCode, OrderKey, RefusedRow, ShopKey
from packstation.core.status import BagState, LabelSource, NumberState, PrintOutcome
from packstation.errors import PackStationError
from packstation.ui.backend_board import BoardDesk
from packstation.ui.backend_mapping import MappingDesk
from packstation.ui.backend_orders import FilesOut, OrderActions, OrderLists
from packstation.ui.backend_printing import PaperDesk

T = TypeVar("T")


Reply = Callable[[T | PackStationError], None]
"""Called once, on the GUI thread, with the answer or with the error that says why there is none."""


class Cancel(Protocol):
    """A handle on something long."""

    def cancel(self) -> None:
        """Ask it to end; the reply then is the error ``import.cancelled``."""
        ...


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop of this station."""

    key: ShopKey
    name: str
    label_source: LabelSource
    color: str = ""
    """``#RRGGBB`` that marks its orders; empty = one of the window's own."""


UNTRIED = "untried"
"""Stable word of a printer to which nothing went since the program started."""


@dataclass(frozen=True, slots=True)
class Board:
    """The counts that the window shows all the time."""

    to_pack: int = 0
    """Orders that may be packed now."""
    sealed: int = 0
    """Parcels sealed and in no bag."""
    bagged: int = 0
    """Parcels in bags that have not left."""
    unsent: int = 0
    """Status events that wait in the outbox."""
    oldest_s: float | None = None
    """Age of the oldest unsent one in seconds."""
    parked: int = 0
    """Status events whose stream is parked until somebody sends them again."""
    paused: str | None = None
    """Why all sending pauses, as a stable word such as ``unauthorized``; None = it does not."""
    low_pools: int = 0
    """Pools in which a carrier's prepaid numbers are nearly used up."""
    label_printer: str | None = None
    """Stable word of what ails the label printer; None = its last paper went out without trouble.

    ``UNTRIED`` until a paper went to it: of many printers nothing else can be known.
    """
    receipt_printer: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did; counted in orders, but for the rows."""

    files: tuple[str, ...]
    shop: ShopKey
    rows: int
    accepted: int
    changed: int
    same: int
    refused: tuple[RefusedRow, ...] = ()
    held: int = 0
    """Orders taken that may not be packed now."""
    codes: int = 0
    """New product codes."""


@dataclass(frozen=True, slots=True)
class WatchedFiles:
    """What became of files that came into a watched folder."""

    shop: ShopKey
    files: tuple[Path, ...]
    """Empty where the folder itself is the matter."""
    became: ImportReport | PackStationError


@dataclass(frozen=True, slots=True)
class BagRow:
    """One bag of this station."""

    code: str
    state: BagState
    carrier: CarrierCode | None
    parcels: int
    last: tuple[str, ...] = ()
    """Tracking numbers put in last, newest first, at most 8."""
    manifest: str | None = None


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One closed handover."""

    number: str
    carrier: CarrierCode
    bags: int
    parcels: int
    closed_at: datetime
    driver: str = ""
    receipt_job: str | None = None
    """Newest print job of its receipt."""
    receipt_outcome: PrintOutcome | None = None


@dataclass(frozen=True, slots=True)
class PrintRow:
    """One print job of the print journal."""

    job: str
    kind: str
    """``label``, ``bag`` or ``receipt``."""
    subject: str
    """Order number, bag code or manifest number."""
    copy: int
    outcome: PrintOutcome
    detail: str
    """Stable word of the device; may be empty."""
    requested_at: datetime
    tracking_number: str | None = None


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One status event that the receiver refused."""

    event_id: str
    order: OrderKey
    kind: str
    reason: str
    parked_at: datetime
    waiting: int = 0
    """Further events of the same order that wait behind it."""


@dataclass(frozen=True, slots=True)
class NumberBlock:
    """One prepaid block of tracking numbers."""

    carrier: CarrierCode
    first: str
    last: str
    used: int
    free: int


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One refused row of a list of numbers."""

    row: int
    """As a spreadsheet shows it."""
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class NumberListReport:
    """What the import of a list did."""

    added: int
    could_add: int
    """Numbers in rows that are not refused."""
    refused: tuple[NumberRow, ...] = ()


class Bench(Protocol):
    """The station itself."""

    @property
    def carriers(self) -> Sequence[Carrier]:
        """Every known carrier, with its names."""
        ...

    @property
    def station_number(self) -> int:
        """Number of this station, 1 to 99."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The zone that the house's days are counted in."""
        ...

    def on_watched(self, tell: Callable[[WatchedFiles], None]) -> None:
        """Have every file told that comes by itself, on the GUI thread, once each."""
        ...

    def scan(self, text: str) -> None:
        """Post a scanned text, or a command code that was clicked, to the engine."""
        ...

    def board(self, reply: Reply[Board]) -> None:
        """Count what waits."""
        ...

    def set_language(self, language: str) -> None:
        """Keep the language for the next start and for paper."""
        ...


class OrderDesk(Protocol):
    """Orders in."""

    def shops(self, reply: Reply[tuple[Shop, ...]]) -> None:
        """List the shops of this station."""
        ...

    def import_files(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[ImportReport],
    ) -> Cancel:
        """Import files, a pair together.

        Args:
            paths: One file, or the two of a pair.
            shop: Whose orders they are.
            progress: Called on the GUI thread with rows done and rows known (0 = not known yet).
            reply: The report, or why the files are refused as a whole.
        """
        ...


class Numbers(Protocol):
    """Prepaid tracking numbers."""

    def number_stock(self, reply: Reply[tuple[PoolStock, ...]]) -> None:
        """Count the numbers of every pool and carrier."""
        ...

    def preview_numbers(
        self, carrier: CarrierCode, first: str, count: int, reply: Reply[RunCheck]
    ) -> None:
        """Show what adding a block would do, without doing it."""
        ...

    def add_numbers(
        self, carrier: CarrierCode, first: str, count: int, pool: str, reply: Reply[NumberBlock]
    ) -> None:
        """Add a block to a pool; empty = the common one."""
        ...

    def import_numbers(
        self,
        carrier: CarrierCode,
        path: Path,
        pool: str,
        skip_refused: bool,
        reply: Reply[NumberListReport],
    ) -> None:
        """Add a carrier's list; nothing while a row is refused, unless those are skipped."""
        ...

    def mark_numbers(
        self,
        carrier: CarrierCode,
        numbers: tuple[str, ...],
        state: NumberState,
        reason: str,
        reply: Reply[None],
    ) -> None:
        """Take numbers out of use for good."""
        ...


class Dock(Protocol):
    """Bags and handovers."""

    def bags(self, reply: Reply[tuple[BagRow, ...]]) -> None:
        """List bags that have not left: open ones, then sealed ones."""
        ...

    def set_driver(self, name: str) -> None:
        """Keep the name of the courier's driver for the handover that is open."""
        ...

    @property
    def drop_offs(self) -> Sequence[str]:
        """Places that parcels may be handed over at; empty where the house names none."""
        ...

    def set_drop_off(self, place: str) -> None:
        """Keep where the handover that is open takes place."""
        ...

    def manifests(self, limit: int, reply: Reply[tuple[ManifestRow, ...]]) -> None:
        """List closed handovers, newest first."""
        ...

    def receipt_preview(self, manifest: str, language: str, reply: Reply[bytes]) -> None:
        """Give the receipt's picture as PNG, in ``zh`` or ``en``."""
        ...

    def reprint_receipt(self, manifest: str, reply: Reply[None]) -> None:
        """Queue copy n+1 of the receipt."""
        ...


class Records(Protocol):
    """What has been printed and sent."""

    def print_jobs(self, limit: int, reply: Reply[tuple[PrintRow, ...]]) -> None:
        """List print jobs, newest first."""
        ...

    def preview(self, job: str, reply: Reply[bytes]) -> None:
        """Give a print job's picture as PNG; people's data, never written to disk."""
        ...

    def parked(self, reply: Reply[tuple[ParkedRow, ...]]) -> None:
        """List parked status events."""
        ...

    def retry_parked(self, event_id: str, reply: Reply[None]) -> None:
        """Send a parked status event, and those behind it, again."""
        ...

    def sync_now(self) -> None:
        """Send what waits in the outbox without waiting for its turn."""
        ...


class Backend(
    Bench,
    OrderDesk,
    OrderLists,
    OrderActions,
    FilesOut,
    Numbers,
    Dock,
    Records,
    MappingDesk,
    BoardDesk,
    PaperDesk,
    Protocol,
):
    """Everything that the pages ask for, one door for each topic."""
