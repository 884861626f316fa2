"""One station, put together: settings, store, printers, engine, and the rooms they live in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from packstation.app.clocks import deadline_book
from packstation.app.order_life import Minutes
from packstation.core.carriers import Carrier
from packstation.core.events import OrderChanged
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.policy import Rules
from packstation.core.station import restore
from packstation.core.status import PrintOutcome
from packstation.exchange.carrier_files import load_carriers
from packstation.exchange.platform_rules import load_platform_rules
from packstation.i18n import language_of, system_language
from packstation.paths import resources
from packstation.runtime.effect_runner import EffectRunner
from packstation.runtime.engine import Engine, Listener, Runner
from packstation.runtime.notices import Notices
from packstation.runtime.paper_runner import PaperRunner
from packstation.runtime.rooms import Room
from packstation.settings import Settings, load_settings, rules

if TYPE_CHECKING:
    from packstation.app.outlets import StationOutlets
    from packstation.app.print_batches import BatchRunner
    from packstation.devices.discovery import FoundLine
    from packstation.devices.hotplug import PrinterWatch
    from packstation.devices.letterhead import Letterhead
    from packstation.store.opening import OpenStore

log = logging.getLogger(__name__)

T = TypeVar("T")

SETTINGS = "settings.toml"
CLOSE_S = 30.0
"""Longest wait for printers at the end."""
_TICK_S = 0.01
STORE_PATIENCE_S = 120.0
"""Longest wait for the store's room outside the window; an import of 200,000 rows fits."""


class Quiet:
    """Notices that nobody reads: paper and commits of a station without a window."""

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        """Say what did not come out, in the log."""
        if outcome not in (PrintOutcome.CONFIRMED, PrintOutcome.SENT):
            log.warning("paper", extra={"kind": kind, "outcome": outcome.value, "detail": detail})

    def stalled(self, job: str, detail: str) -> None:
        """Say it in the log."""
        log.warning("paper waits", extra={"job": job, "detail": detail})

    def wrote(self) -> None:
        """Nothing is shown, so nothing changes."""


class House:
    """Everything of one data folder, opened to change things; by one program at a time."""

    def __init__(self, data: Path, *, name: str, language: str | None = None) -> None:
        """Read settings and carriers, take the folder, open the store in its room.

        Args:
            data: The data folder; made where there is none.
            name: What takes it, told to whoever comes second.
            language: Overrides the settings.

        Raises:
            DataFileError: Settings or a carrier file are wrong.
            StoreError: Another program holds the folder, or the database cannot be used.
        """
        from packstation.store.opening import open_store

        self.data = data
        self.settings: Settings = load_settings(data / SETTINGS)
        self.carriers: tuple[Carrier, ...] = load_carriers(resources() / "carriers")
        self.language = chosen_language(self.settings, language)
        self.deadlines = deadline_book(self.settings)
        self.rules: Rules = rules(
            self.settings,
            self.carriers,
            self.deadlines,
            load_platform_rules(resources() / "shops"),
        )
        self.store_room = Room("store")
        self.outlets: StationOutlets | None = None
        self.batches: BatchRunner | None = None
        self._runner: EffectRunner | None = None
        self._engine: Engine | None = None
        self._minutes: Minutes | None = None
        self._watch: PrinterWatch | None = None
        self._closing = threading.Lock()
        self._closed = False
        try:
            self.store: OpenStore = self.call(lambda: open_store(data, self.rules, holder=name))
        except BaseException:
            self.store_room.close()
            raise

    def call(self, job: Callable[[], T]) -> T:
        """Run a job in the store's room and wait for it; never from the GUI thread."""
        return self.store_room.call(job, timeout_s=STORE_PATIENCE_S)

    def letterhead(self) -> Letterhead:
        """Return what paper says about the house today; asked in the printers' rooms."""
        from packstation.app.paper import letterhead

        return letterhead(self.settings, self.carriers, self.language)

    def start(
        self,
        listener: Listener,
        *,
        wake: Callable[[], None],
        notices: Notices | None = None,
        watch: Callable[[Runner], Runner] | None = None,
    ) -> Engine:
        """Start printers and engine; the station is back where it was at its last commit.

        To be called on the thread that will drain the engine.

        Args:
            listener: Told of every answer.
            wake: See Engine.
            notices: Told of paper and commits, from any room.
            watch: Wraps the runner, for whoever wants to see effects.
        """
        from packstation.app.outlets import StationOutlets
        from packstation.app.print_batches import BatchRunner
        from packstation.printing.raster import ensure_gui_application

        # Qt's application object must be made, and go, on the thread that ends the program.
        ensure_gui_application()
        self.outlets = StationOutlets(
            self.settings, data=self.data, resources=resources(), letterhead=self.letterhead
        )
        engine = Engine(self.rules, listener, wake=wake)
        self._runner = EffectRunner(
            post=engine.post,
            store_room=self.store_room,
            store=self.store.station,
            ledger=self.store.ledger,
            outlets=self.outlets,
            notices=notices or Quiet(),
        )
        self.call(self.look_at_clocks)
        self.store.ledger.old_before = self._day_start()
        saved, loaded = self.call(self.store.station.resume)
        restored = restore(saved, loaded, rules=self.rules)
        self._engine = engine
        engine.start(restored, watch(self._runner) if watch else self._runner)
        self._runner.paper.print_queued()
        self.batches = BatchRunner(
            store_room=self.store_room,
            batches=self.store.batches,
            sender=self._runner.paper,
            post=engine.post,
            changed=(notices or Quiet()).wrote,
        )
        self._runner.paper.print_labels(self._left)
        self._minutes = Minutes(lambda: self.store_room.submit(self.look_at_clocks))
        self.store_room.submit(self._forget_due)
        self.store_room.submit(self.list_what_waits)
        return engine

    def _left(self) -> tuple[tuple[OrderKey, str], ...]:
        """Return copies that were asked for and not begun when the program ended; store's room."""
        from packstation.errors import StoreError
        from packstation.store.reprints import left_queued

        try:
            return left_queued(self.store, self.store.clock())
        except StoreError as error:
            log.error("labels that were left are not printed", extra={"code": error.code})
            return ()

    @property
    def paper(self) -> PaperRunner | None:
        """What brings jobs to paper; None before the start."""
        return self._runner.paper if self._runner is not None else None

    def watch_printers(self, told: Callable[[tuple[FoundLine, ...]], None]) -> None:
        """Have it told, at once and in a room of its own, which printers come and go.

        For ``printers.find``, which need not look again then. Costs a glance each second.
        """
        from packstation.devices.hotplug import PrinterWatch

        assert self._watch is None, "one watch is enough"
        self._watch = PrinterWatch(told)

    def _day_start(self) -> datetime:
        """Return when the house's day began: paper of an earlier one waits for a person's yes."""
        shop = next(iter(self.settings.shops.values()), self.settings.shop(MAIN_SHOP))
        now = datetime.now(UTC).astimezone(shop.zone)
        return now.replace(hour=0, minute=0, second=0, microsecond=0)

    def list_what_waits(self) -> None:
        """Bring lists up to date with what bulk writing left, some orders at a time.

        In the store's room; scans that came meanwhile go first.
        """
        from packstation.errors import StoreError

        try:
            left = self.store.index.work_off()
        except StoreError as error:
            log.error("lists are behind", extra={"code": error.code})
            return
        if left and not self._closed:
            self.store_room.submit(self.list_what_waits)

    def look_at_clocks(self) -> None:
        """Write what only time has done to orders and urge tasks; in the store's room."""
        from packstation.app import urges
        from packstation.errors import StoreError

        self.expire_due()
        try:
            urges.sweep(self.store, datetime.now(UTC))
        except StoreError as error:
            log.error("urge tasks are not looked at", extra={"code": error.code})

    def expire_due(self) -> None:
        """Cancel what nobody answered in time, network or not; in the store's room."""
        from packstation.errors import StoreError
        from packstation.store.order_life import expire_due

        store = self.store
        try:
            changes = expire_due(store.recorder, self.rules, store.clock())
        except StoreError as error:
            log.error("wishes to cancel are not looked at", extra={"code": error.code})
            return
        for change in changes:
            self.changed(change)

    def changed(self, change: OrderChanged) -> None:
        """Tell a running station of an order that changed elsewhere; from any thread."""
        if self._engine is not None:
            self._engine.post(change)

    def _forget_due(self) -> None:
        """Delete people's data that is older than it may be; in the store's room."""
        from packstation.errors import StoreError
        from packstation.store.retention import forget_due

        try:
            gone = forget_due(self.store, datetime.now(UTC).date())
        except StoreError as error:
            log.error("people's data is still kept", extra={"code": error.code})
            return
        for day, records in gone.items():
            log.info("people's data deleted", extra={"day": day, "records": records})

    def speak(self, language: str) -> None:
        """Change the language of paper, and of the settings that may be saved."""
        self.language = language
        self.settings = replace(self.settings, language=language)

    def reprint(self, kind: str, key: str) -> str:
        """Queue copy n+1 of a bag label or receipt, durable on return, and have it printed.

        Returns:
            Its job, for whoever wants to know how it ended.

        Raises:
            StoreError: There is no such bag or manifest.
        """
        job = self.call(lambda: self.store.ledger.print_again(kind, key, "operator_asked"))
        if self._runner is not None:
            self._runner.paper.print_queued()
        return job

    def paper_done(self, *, timeout_s: float = 30.0) -> bool:
        """Wait until every queued label and receipt has ended one way or another."""
        return self._runner is None or self._runner.wait_for_paper(timeout_s)

    def close(self) -> None:
        """Let the printers finish what they were given, close the store, end the rooms."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        if self._minutes is not None:
            self._minutes.close()
        if self._watch is not None:
            self._watch.close()
        if self.batches is not None:
            self.batches.close()
        if self._runner is not None:
            self._runner.paper.close()
        self._settle()
        if self.outlets is not None:
            self.outlets.close()
        self.store_room.submit(self.store.close)
        self.store_room.close(timeout_s=STORE_PATIENCE_S)

    def _settle(self) -> None:
        """Let printers finish and write down how, or the next start would call it unknown.

        Scans that were queued are answered too. Where nothing can be saved, or a printer is
        stuck for ``CLOSE_S``, what is open is left to the next start.
        """
        give_up_at = time.monotonic() + CLOSE_S
        engine = self._engine
        if engine is not None and engine.owner != threading.get_ident():
            engine = None
        while time.monotonic() < give_up_at:
            ended = self.paper_done(timeout_s=_TICK_S)
            if engine is not None:
                engine.drain()
                settled = engine.idle or engine.station.failed is not None
                # What was drained just now may have ordered paper.
                ended = ended and settled and self.paper_done(timeout_s=0)
                if not settled:
                    time.sleep(_TICK_S)
            if ended:
                return

    def __enter__(self) -> House:
        """Return the house itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def shops(self) -> tuple[ShopKey, ...]:
        """Return the shops that are set up."""
        return tuple(self.settings.shops)


def chosen_language(settings: Settings, given: str | None) -> str:
    """Return the language to speak: the given one, else the settings', else the system's."""
    if given:
        return given
    return system_language() if settings.language == "auto" else language_of(settings.language)
