"""The desk's answers about printers and their jobs; satisfies that part of ``ui.backend_printing``.

Whatever waits for a printer has a room of its own, so that no list waits behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from packstation.app.desk_rooms import DeskRooms
from packstation.core.orders import OrderKey
from packstation.core.status import PaperKind
from packstation.runtime.rooms import Room
from packstation.ui.backend import Reply
from packstation.ui.backend_printing import (
    FoundPrinter,
    ModelChoice,
    PrinterForm,
    PrinterRow,
    PrinterUse,
    QueueRow,
    StockChoice,
    TestPrint,
)

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.devices.discovery import FoundLine
    from packstation.store.opening import OpenStore


class PrinterDesk(DeskRooms):
    """Printers, their queues and single papers, for the window."""

    def __init__(self, house: House, deliver: Callable[[Callable[[], None]], None]) -> None:
        """Open the room that waits for printers."""
        super().__init__(house, deliver)
        self._paper_room = Room("printer_desk")
        self._watching = False
        self._seen: tuple[FoundLine, ...] | None = None
        self._tell: Callable[[], None] = lambda: None

    def close(self) -> None:
        """End the room."""
        self._paper_room.close()
        super().close()

    def printers(self, reply: Reply[tuple[PrinterRow, ...]]) -> None:
        """List the printers that are set up, with how they are."""
        from packstation.app.printers import list_printers

        self._begin_to_watch()
        self._do(self._paper_room, lambda: list_printers(self._house), reply)

    def on_printers(self, tell: Callable[[], None]) -> None:
        """Have it told when printers come or go; they are watched from the first look on."""
        self._tell = tell

    def _begin_to_watch(self) -> None:
        """Watch for printers: not before somebody looks, since that loads the USB libraries."""

        def told(lines: tuple[FoundLine, ...]) -> None:
            news = self._seen is not None and lines != self._seen
            self._seen = lines
            if news:
                self._deliver(self._tell)

        if not self._watching:
            self._watching = True
            self._house.watch_printers(told)

    def find_printers(self, reply: Reply[tuple[FoundPrinter, ...]]) -> None:
        """Look for printers at this computer."""
        from packstation.app import printers

        self._do(self._paper_room, lambda: printers.find(self._house), reply)

    def models(self, reply: Reply[tuple[ModelChoice, ...]]) -> None:
        """List known printer models."""
        from packstation.app import printers

        self._do(self._room, printers.models, reply)

    def stocks(self, reply: Reply[tuple[StockChoice, ...]]) -> None:
        """List known paper stocks."""
        from packstation.app import printers

        self._do(self._room, printers.stocks, reply)

    def save_printer(self, key: str, form: PrinterForm, reply: Reply[str]) -> None:
        """Add a printer (empty key) or change one."""
        from packstation.app import printers

        self._do(self._paper_room, lambda: printers.save_printer(self._house, key, form), reply)

    def remove_printer(self, key: str, reply: Reply[None]) -> None:
        """Take a printer out."""
        from packstation.app import printers

        self._do(self._paper_room, lambda: printers.remove_printer(self._house, key), reply)

    def use_printer(self, use: PrinterUse, key: str, reply: Reply[None]) -> None:
        """Make a printer the usual one for a kind of paper."""
        from packstation.app import printers

        self._do(self._paper_room, lambda: printers.use_printer(self._house, use, key), reply)

    def test_print(self, key: str, reply: Reply[TestPrint]) -> None:
        """Print a test label with a code to scan back."""
        from packstation.app import printing

        self._do(self._paper_room, lambda: printing.test_print(self._house, key), reply)

    def calibrate(self, key: str, reply: Reply[TestPrint]) -> None:
        """Print rulers and edges."""
        from packstation.app import printing

        self._do(self._paper_room, lambda: printing.calibrate(self._house, key), reply)

    def prove_printer(self, code: str, reply: Reply[str]) -> None:
        """Take the scan of a test label's code."""
        from packstation.app import printing

        self._do(self._paper_room, lambda: printing.prove(self._house, code), reply)

    def load_roll(self, key: str, labels: int, reply: Reply[None]) -> None:
        """Say that a new roll is in."""
        from packstation.app import printing

        self._do(self._paper_room, lambda: printing.load_roll(self._house, key, labels), reply)

    def queue(self, printer: str, limit: int, reply: Reply[tuple[QueueRow, ...]]) -> None:
        """List jobs, newest first."""
        from packstation.app import printing

        self._do(self._room, lambda: printing.queue(self._house, printer, limit), reply)

    def give_up(self, job: str, reply: Reply[None]) -> None:
        """End a job that waits or stalls."""
        from packstation.app import printing

        # Not in the paper room: that one may be waiting for this very job.
        self._do(self._room, lambda: printing.give_up(self._house, job), reply)

    def release_old(self, jobs: Sequence[str], yes: bool, reply: Reply[int]) -> None:
        """Print jobs of an earlier day after all, or cancel them."""
        from packstation.app import printing

        chosen = tuple(jobs)
        self._do(self._room, lambda: printing.release_old(self._house, chosen, yes=yes), reply)

    def settle(self, job: str, came_out: bool, reply: Reply[None]) -> None:
        """Say of an UNKNOWN job whether its paper is there."""
        from packstation.app import printing

        self._do(self._room, lambda: printing.settle(self._house, job, came_out=came_out), reply)

    def reprint_label(self, order: OrderKey, reason: str, badge: str, reply: Reply[str]) -> None:
        """Print copy n+1 of a packed order's label."""
        from packstation.app import printing

        self._do(
            self._room, lambda: printing.reprint_label(self._house, order, reason, badge), reply
        )

    def print_slip(self, kind: PaperKind, key: str, terms: str, reply: Reply[str]) -> None:
        """Print a slip; a pick list's key holds its orders, one a line."""
        from packstation.app import slips

        def work() -> str:
            if kind is PaperKind.PICK_LIST:
                keys = tuple(OrderKey(one) for one in key.splitlines())
                return slips.print_pick_list(self._house, keys, total=terms == "total")
            return slips.print_slip(self._house, kind, key, terms)

        self._do(self._room, work, reply)

    def manifest_bags(self, manifest: str, reply: Reply[tuple[tuple[str, int], ...]]) -> None:
        """List the bags of a closed handover with our counts."""

        def read(store: OpenStore) -> tuple[tuple[str, int], ...]:
            from packstation.store import dock_reads

            return dock_reads.manifest(store.db, manifest).bags

        self._ask(read, reply)

    def label_preview(self, order: OrderKey, reply: Reply[bytes]) -> None:
        """Draw the label that an order would get now."""
        from packstation.app import printing

        self._do(self._paper_room, lambda: printing.label_preview(self._house, order), reply)
