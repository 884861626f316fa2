"""The window's desk: answers what pages ask, in rooms of their own, never on the GUI thread.

Reads go over a second, read-only connection in the room ``desk``; changes go to the room
``store``, like every scan. An answer comes back through ``deliver`` on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import packstation.ui.backend as asked
from packstation.app import intake
from packstation.app.desk_batches import BatchDesk
from packstation.app.desk_board import BoardDesk
from packstation.app.desk_files import FileDesk
from packstation.app.desk_imports import ImportDesk
from packstation.app.desk_labels import LabelDesk
from packstation.app.desk_mapping import MappingDesk
from packstation.app.desk_orders import OrderDesk
from packstation.app.desk_paper import PrinterDesk
from packstation.app.number_desk import NumberDoor
from packstation.core.carriers import Carrier
from packstation.core.events import CodeScanned
from packstation.core.imports import MAIN_SHOP
from packstation.core.status import PrintOutcome
from packstation.errors import DataFileError
from packstation.runtime.engine import Engine
from packstation.ui.backend import Reply

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.runtime.outbox_sender import OutboxSender
    from packstation.store.opening import OpenStore

log = logging.getLogger(__name__)


class Desk(
    ImportDesk,
    OrderDesk,
    FileDesk,
    BoardDesk,
    NumberDoor,
    MappingDesk,
    PrinterDesk,
    LabelDesk,
    BatchDesk,
):
    """Everything that the pages ask for; satisfies ``ui.backend.Backend``."""

    def __init__(self, house: House, deliver: Callable[[Callable[[], None]], None]) -> None:
        """Open the desk's own reading connection.

        Args:
            house: Started.
            deliver: Runs a job on the GUI thread soon, from any thread.
        """
        super().__init__(house, deliver)
        self._engine: Engine | None = None
        self._sender: OutboxSender | None = None
        self._scans = 0
        self._ails: dict[str, str | None] = {"label": asked.UNTRIED, "receipt": asked.UNTRIED}
        self._running: set[intake.ImportHandle] = set()

    def attach(self, engine: Engine, sender: OutboxSender | None) -> None:
        """Take the engine that scans go to, and the sender that may be woken."""
        self._engine, self._sender = engine, sender

    def close(self) -> None:
        """End the desk's rooms; an import that is not published yet is cancelled."""
        self._cancel_imports()
        super().close()

    def ails(self, kind: str, outcome: PrintOutcome, detail: str) -> None:
        """Remember what ails a printer, from the outcome of its last job."""
        well = outcome in (PrintOutcome.CONFIRMED, PrintOutcome.SENT)
        printer = "receipt" if kind == "receipt" else "label"
        self._ails[printer] = None if well else detail or outcome.value

    def stalls(self, job: str, detail: str) -> None:
        """Remember what a printer waits for; an empty detail: it goes on."""
        from packstation.app.outlets import receipt_key

        paper = self._house.paper
        key = paper.on_its_way(job) if paper is not None else None
        receipts = key == receipt_key(self._house.settings)
        self._ails["receipt" if receipts else "label"] = detail or None

    # Bench

    @property
    def carriers(self) -> Sequence[Carrier]:
        """Every known carrier."""
        return self._house.carriers

    @property
    def station_number(self) -> int:
        """Number of this station."""
        return self._house.settings.station_number

    @property
    def zone(self) -> tzinfo:
        """The zone that the house's days are counted in."""
        from packstation.app.desk_rows import house_zone

        return house_zone(self._house.settings)

    def scan(self, text: str) -> None:
        """Post a scan to the engine; GUI thread."""
        if self._engine is not None:
            self._scans += 1
            self._engine.post(CodeScanned(text, datetime.now(UTC), self._scans))

    def board(self, reply: Reply[asked.Board]) -> None:
        """Count what waits."""

        def read(store: OpenStore) -> asked.Board:
            from packstation.store.number_reads import low_pools
            from packstation.store.window_reads import work_counts

            now, least = datetime.now(UTC), self._house.settings.low_numbers
            work, outbox = work_counts(store.db), store.outbox.counts()
            oldest = None
            if outbox.oldest_at is not None:
                oldest = max(0.0, (now - outbox.oldest_at).total_seconds())
            return asked.Board(
                to_pack=work.to_pack,
                sealed=work.sealed,
                bagged=work.bagged,
                unsent=outbox.waiting,
                oldest_s=oldest,
                parked=outbox.parked,
                paused=outbox.paused,
                low_pools=low_pools(store.db, now, least),
                label_printer=self._ails["label"],
                receipt_printer=self._ails["receipt"],
            )

        self._ask(read, reply)

    def set_language(self, language: str) -> None:
        """Keep the language for the next start and for paper."""
        from packstation.app.house import SETTINGS
        from packstation.settings import load_settings, save_settings

        house = self._house
        house.speak(language)

        def save() -> None:
            # Read again: a person may have edited the file since the start.
            path = house.data / SETTINGS
            try:
                save_settings(replace(load_settings(path), language=language), path)
            except DataFileError as error:
                log.warning("language not saved", extra={"code": error.code})

        self._room.submit(save)

    # Orders

    def shops(self, reply: Reply[tuple[asked.Shop, ...]]) -> None:
        """List the shops of this station."""
        house = self._house
        keys = house.shops() or (MAIN_SHOP,)
        shops = tuple(
            asked.Shop(
                key,
                house.settings.shop_name(key, house.language),
                house.settings.shop(key).label_source,
                house.settings.shop(key).color,
            )
            for key in keys
        )
        self._deliver(lambda: reply(shops))

    # Dock

    def bags(self, reply: Reply[tuple[asked.BagRow, ...]]) -> None:
        """List bags that have not left."""

        def read(store: OpenStore) -> tuple[asked.BagRow, ...]:
            from packstation.store.window_reads import bags_here

            return tuple(
                asked.BagRow(b.code, b.state, b.carrier, b.parcels, b.last, b.manifest)
                for b in bags_here(store.db)
            )

        self._ask(read, reply)

    def set_driver(self, name: str) -> None:
        """Keep the driver's name for the open handover; people's data, so encrypted at once."""
        house, engine = self._house, self._engine
        handover = engine.station.handover if engine else None
        if handover is None:
            return
        from packstation.store.people import KEEP_DAYS

        manifest, ledger = handover.manifest, house.store.ledger
        house.store_room.submit(lambda: ledger.name_driver(manifest, name.strip(), KEEP_DAYS))

    @property
    def drop_offs(self) -> Sequence[str]:
        """Places that parcels may be handed over at."""
        return self._house.settings.drop_offs

    def set_drop_off(self, place: str) -> None:
        """Keep where the open handover takes place."""
        house, engine = self._house, self._engine
        handover = engine.station.handover if engine else None
        if handover is None:
            return
        manifest, ledger = handover.manifest, house.store.ledger
        house.store_room.submit(lambda: ledger.name_place(manifest, place))

    def manifests(self, limit: int, reply: Reply[tuple[asked.ManifestRow, ...]]) -> None:
        """List closed handovers, newest first."""
        from packstation.app.desk_rows import manifest_rows

        self._ask(lambda store: manifest_rows(store, limit), reply)

    def receipt_preview(self, manifest: str, language: str, reply: Reply[bytes]) -> None:
        """Draw a receipt as PNG, in ``zh`` or ``en``."""
        from packstation.app.desk_rows import receipt_picture

        house = self._house
        self._ask(lambda store: receipt_picture(house, store, manifest, language), reply)

    def reprint_receipt(self, manifest: str, reply: Reply[None]) -> None:
        """Queue copy n+1 of a receipt and print it."""

        def work() -> None:
            self._house.reprint("receipt", manifest)

        self._do(self._room, work, reply)

    # Records

    def print_jobs(self, limit: int, reply: Reply[tuple[asked.PrintRow, ...]]) -> None:
        """List print jobs, newest first."""
        from packstation.app.desk_rows import print_rows

        self._ask(lambda store: print_rows(store, limit), reply)

    def preview(self, job: str, reply: Reply[bytes]) -> None:
        """Draw what a print job put on paper."""
        from packstation.app.desk_rows import job_picture

        settings = self._house.settings
        self._ask(lambda store: job_picture(store, job, settings), reply)

    def parked(self, reply: Reply[tuple[asked.ParkedRow, ...]]) -> None:
        """List parked status events."""
        from packstation.app.desk_rows import parked_rows

        self._ask(parked_rows, reply)

    def retry_parked(self, event_id: str, reply: Reply[None]) -> None:
        """Send a parked order's events again; the id is that of the first one parked."""
        from packstation.app.desk_rows import subject_of

        house = self._house

        def work() -> None:
            subject = house.call(lambda: subject_of(house.store, event_id))
            now = datetime.now(UTC)
            house.call(lambda: house.store.outbox.retry_parked(subject, now))
            self.sync_now()

        self._do(self._room, work, reply)

    def sync_now(self) -> None:
        """Wake the sender; a pause because of a refused log-on is lifted by it."""
        house, sender = self._house, self._sender
        house.store_room.submit(house.store.outbox.resume_all)
        if sender is not None:
            house.store_room.submit(sender.send_now)
