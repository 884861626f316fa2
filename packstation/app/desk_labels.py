"""The desk's answers about platforms' label files: taken in, listed, looked at, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import intake
from packstation.app.desk_rooms import DeskRooms
from packstation.core.orders import ShopKey
from packstation.settings import Settings
from packstation.ui.backend import Reply
from packstation.ui.backend_labels import FittedLabels
from packstation.ui.backend_printing import LabelFileRow, PageRow

if TYPE_CHECKING:
    from packstation.store.label_file_reads import FileLine, PageLine
    from packstation.store.opening import OpenStore


class LabelDesk(DeskRooms):
    """Satisfies the part of ``ui.backend_printing.PaperDesk`` that is about label files."""

    _running: set[intake.ImportHandle]

    def import_labels(
        self,
        paths: Sequence[Path],
        shop: ShopKey,
        progress: Callable[[int, int], None],
        reply: Reply[tuple[LabelFileRow, ...]],
    ) -> intake.ImportHandle:
        """Read label files in a limited child, one after the other with other imports."""
        handle, house = intake.ImportHandle(), self._house

        def run() -> tuple[LabelFileRow, ...]:
            from packstation.app.label_intake import take_labels

            try:
                taken = take_labels(
                    house,
                    paths,
                    shop,
                    progress=lambda done, known: self._deliver(lambda: progress(done, known)),
                    cancelled=handle.cancelled.is_set,
                )
            finally:
                self._running.discard(handle)
            return house.call(
                lambda: tuple(file_row(house.store, one, house.settings) for one in taken)
            )

        self._running.add(handle)
        self._do(self._imports, run, reply)
        return handle

    def label_files(self, limit: int, reply: Reply[tuple[LabelFileRow, ...]]) -> None:
        """List label files, newest first."""
        settings = self._house.settings

        def read(store: OpenStore) -> tuple[LabelFileRow, ...]:
            from packstation.store.label_file_reads import label_files

            lines = label_files(store.db, limit)
            return tuple(file_row(store, line, settings) for line in lines)

        self._ask(read, reply)

    def label_pages(self, file: str, reply: Reply[tuple[PageRow, ...]]) -> None:
        """List the pages of a file."""

        def read(store: OpenStore) -> tuple[PageRow, ...]:
            from packstation.store.label_file_reads import label_pages

            return tuple(map(page_row, label_pages(store.db, file)))

        self._ask(read, reply)

    def page_preview(self, page: str, reply: Reply[bytes]) -> None:
        """Draw a page as it is printed, else in its own size; in the room of imports."""

        def work() -> bytes:
            from packstation.app.label_intake import page_picture

            return page_picture(self._house, page)

        self._do(self._imports, work, reply)

    def fit_labels(self, file: str, reply: Reply[FittedLabels]) -> None:
        """Fit a file's pages to the paper of its shop, in the room of imports."""
        house = self._house

        def work() -> FittedLabels:
            from packstation.app.label_fitting import fit_labels

            done = fit_labels(house, file)
            return FittedLabels(done.pages, done.at_risk, done.lost)

        self._do(self._imports, work, reply)

    def remove_labels(self, file: str, reply: Reply[None]) -> None:
        """Take a label file back."""
        house = self._house
        self._do(
            self._room, lambda: house.call(lambda: house.store.label_files.remove(file)), reply
        )


def file_row(store: OpenStore, line: FileLine, settings: Settings) -> LabelFileRow:
    """Return a label file as the window lists it; in the store's room."""
    from packstation.app.label_fitting import other_shape

    shape = other_shape(store.db, line, settings)
    return LabelFileRow(
        file=line.file,
        name=line.name,
        shop=line.shop,
        format=line.format,
        taken_at=line.taken_at,
        pages=line.pages,
        bound=line.bound,
        unmatched=line.unmatched,
        duplicate=line.duplicate,
        unreadable=line.unreadable,
        printed=line.printed,
        fitted=line.fitted,
        other_shape=shape.page if shape else None,
        paper=shape.paper if shape else None,
    )


def page_row(line: PageLine) -> PageRow:
    """Return a page as the window lists it."""
    return PageRow(
        page=line.page,
        number=line.number,
        state=line.state,
        codes=line.codes,
        tracking_number=line.tracking_number,
        order_id=line.order.partition("/")[2] if line.order else None,
        why=line.why,
    )
