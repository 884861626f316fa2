"""The desk's imports: files that somebody gives, one after the other in a room of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import packstation.ui.backend as asked
from packstation.app import intake
from packstation.app.desk_rooms import DeskRooms
from packstation.app.import_run import Taken, catch_up, take_in
from packstation.app.watch_folder import Watched, WatchFolder
from packstation.core.events import OrderChanged
from packstation.core.orders import ShopKey
from packstation.errors import StoreError
from packstation.runtime.engine import Engine
from packstation.ui.backend import Reply

log = logging.getLogger(__name__)


class ImportDesk(DeskRooms):
    """Takes files in; an import that is not published yet ends with the desk."""

    _engine: Engine | None
    _running: set[intake.ImportHandle]
    _closing = False
    _watcher: WatchFolder | None = None
    _watched: Callable[[asked.WatchedFiles], None] | None = None

    def import_files(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[asked.ImportReport],
    ) -> intake.ImportHandle:
        """Read files in a limited child, publish at once, stop an open order that changed."""
        handle = intake.ImportHandle()

        def run() -> asked.ImportReport:
            try:
                told = self.take_in(
                    paths,
                    shop,
                    handle,
                    lambda rows, total: self._deliver(lambda: progress(rows, total)),
                )
            finally:
                self._running.discard(handle)
            return report_of(paths, told)

        self._running.add(handle)
        self._do(self._imports, run, reply)
        self._imports.submit(self._list)
        return handle

    def take_in(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        handle: intake.ImportHandle,
        progress: Callable[[int, int], None],
    ) -> Taken:
        """Take one export in; blocks, outside of the GUI thread and the room ``store``.

        Raises:
            PackStationError: See ``import_run.take_in``.
        """
        house = self._house
        return take_in(
            house,
            paths,
            intake.import_settings(house.settings, shop=shop),
            progress=progress,
            cancelled=handle.cancelled.is_set,
            changed=self._changed,
        )

    def on_watched(self, tell: Callable[[asked.WatchedFiles], None]) -> None:
        """Have files told that come by themselves."""
        self._watched = tell

    def watch(self) -> None:
        """Begin to import what comes into the shops' folders by itself."""
        shops = self._house.settings.shops
        folders = {ShopKey(key): one.watch_folder for key, one in shops.items()}
        self._watcher = WatchFolder(
            {key: Path(folder) for key, folder in folders.items() if folder},
            take=self._take_watched,
            known=self._known,
            tell=self._tell_watched,
        )
        self._watcher.start()

    def _take_watched(self, paths: Sequence[Path], shop: ShopKey) -> Taken:
        handle = intake.ImportHandle()
        self._running.add(handle)
        try:
            if self._closing:
                handle.cancel()
            return self.take_in(paths, shop, handle, lambda _rows, _all: None)
        finally:
            self._running.discard(handle)
            self._imports.submit(self._list)

    def _known(self, digest: str) -> bool:
        store = self._house.store
        return self._house.call(lambda: store.imports.imported_before([digest])) is not None

    def _tell_watched(self, told: Watched) -> None:
        facts = {"shop": told.shop, "files": len(told.files)}
        if told.error is None:
            log.info("imported by itself", extra=facts)
        else:
            log.warning("not imported by itself", extra={**facts, "code": told.error.code})
        tell = self._watched
        if tell is None:
            return
        folder = Path(self._house.settings.shop(told.shop).watch_folder)
        paths = tuple(folder / name for name in told.files)
        if told.taken is not None:
            news = asked.WatchedFiles(told.shop, paths, report_of(paths, told.taken))
        elif told.error is not None:
            news = asked.WatchedFiles(told.shop, paths, told.error)
        else:
            return
        self._deliver(lambda: tell(news))

    def _list(self) -> None:
        """Bring lists up to date; the report was told before."""
        try:
            catch_up(self._house, lambda: self._closing)
        except StoreError as error:
            log.warning("lists are behind", extra={"code": error.code})

    def _changed(self, change: OrderChanged) -> None:
        if self._engine is not None:
            self._engine.post(change)

    def _cancel_imports(self) -> None:
        """Cancel what is not published yet, before the rooms are closed."""
        self._closing = True
        for handle in tuple(self._running):
            handle.cancel()
        if self._watcher is not None:
            self._watcher.close()


def report_of(paths: Sequence[Path], told: Taken) -> asked.ImportReport:
    """Return what the window is told of an import."""
    report = told.report
    return asked.ImportReport(
        files=tuple(path.name for path in paths),
        shop=report.shop,
        rows=report.rows,
        accepted=len(report.accepted),
        changed=len(report.changed),
        same=len(report.same),
        refused=report.refused,
        codes=report.codes,
        held=told.held,
    )
