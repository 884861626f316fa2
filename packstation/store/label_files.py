"""The way of label files into the store, and out of it again; lives in the room ``store``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from packstation.core.orders import OrderKey, ShopKey, TrackingNumber
from packstation.core.paper_facts import (
    LabelFileFitted,
    LabelFileRemoved,
    LabelFileTaken,
    PageBound,
    PageTaken,
)
from packstation.core.status import PageState
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store.journal import at_of, new_id
from packstation.store.label_binding import Binding, binding_of, numbers_among
from packstation.store.label_pages import dots_subject, page_subject
from packstation.store.people import PeopleVault
from packstation.store.recorder import Recorder
from packstation.store.station_store import SqliteStationStore

REBOUND_AT_ONCE = 200
"""Pages without an order that are given to new orders in one transaction."""
_WAITING = """SELECT p.page, f.shop,
        (SELECT json_group_array(code) FROM label_page_codes WHERE page = p.page)
    FROM label_pages AS p JOIN label_files AS f ON f.file = p.file
    WHERE p.state IN ('unmatched', 'duplicate')
    AND NOT EXISTS (SELECT 1 FROM label_pages AS b
        WHERE b.tracking_number = p.tracking_number AND b.state = 'bound')
    AND EXISTS (SELECT 1 FROM label_page_codes AS c JOIN orders AS o
        ON o.tracking_number IN (c.code, lower(c.code)) WHERE c.page = p.page AND o.shop = f.shop
        UNION ALL SELECT 1 FROM label_page_codes AS c JOIN orders AS o
        ON o.order_id IN (c.code, lower(c.code)) WHERE c.page = p.page AND o.shop = f.shop
        AND o.tracking_number IS NULL)
    ORDER BY f.taken_us, p.number LIMIT ?"""


@dataclass(frozen=True, slots=True)
class NewPage:
    """One label of a file that is coming in; holds people's data, memory only."""

    number: int
    """From 1, in the order of the file; a sheet of four labels has four."""
    kind: str
    """``pdf``, ``png``, ``zpl`` or ``component``."""
    content: bytes = field(repr=False)
    width_mm: float
    height_mm: float
    codes: tuple[str, ...] = field(repr=False)
    """All that its codes say, people's data maybe among it; only numbers are kept."""
    mark: tuple[float, ...] = ()
    blank: bool = False
    dots: bytes = field(default=b"", repr=False)
    dots_key: str = ""
    ink: tuple[float, ...] = ()
    """As ``PageTaken.ink``."""


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A label whose content is kept already; nothing of it counts yet."""

    page: str
    number: int
    width_mm: float
    height_mm: float
    codes: tuple[str, ...]
    mark: tuple[float, ...]
    blank: bool
    ink: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A label file that is here."""

    file: str
    name: str
    shop: ShopKey
    taken_at: datetime


class LabelFiles:
    """Takes label files in, binds their pages, takes files back."""

    def __init__(
        self,
        recorder: Recorder,
        people: PeopleVault,
        station: SqliteStationStore,
        clock: Callable[[], Stamp],
        *,
        keep_days: int,
    ) -> None:
        """Keep the way to write, the vault for contents, and who knows today's rules."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._station = station
        self._clock = clock
        self._keep_days = keep_days

    def known(self, file: str) -> KnownFile | None:
        """Return a file that is here, by its digest."""
        row = self._db.row(
            "SELECT file, name, shop, taken_us FROM label_files"
            " WHERE file = ? AND removed_us IS NULL",
            (file,),
        )
        return KnownFile(row[0], row[1], ShopKey(row[2]), at_of(row[3])) if row else None

    def refuse_known(self, file: str, name: str) -> None:
        """Refuse a file whose every label is here already.

        Raises:
            StoreError: ``labels.taken_already``.
        """
        known = self.known(file)
        if known is not None:
            raise StoreError(
                "labels.taken_already",
                f"{name} was taken already, as {known.name} for the shop {known.shop}.",
                fix="Nothing is to be done. To read it anew, remove it from the label files first.",
                file=name,
                known=known.name,
                shop=known.shop,
            )

    def seal(self, pages: Sequence[NewPage]) -> tuple[SealedPage, ...]:
        """Keep the contents of some pages, encrypted; they count once ``take`` is called."""
        rules, sealed, records = self._station.rules, [], []
        for page in pages:
            name = new_id()
            records.append((page_subject(name), page.kind.encode() + b"\n" + page.content))
            if page.dots_key:
                drawn = page.dots_key.encode() + b"\n" + page.dots
                records.append((dots_subject(name), drawn))
            sealed.append(
                SealedPage(
                    name,
                    page.number,
                    page.width_mm,
                    page.height_mm,
                    numbers_among(page.codes, rules),
                    page.mark,
                    page.blank,
                    page.ink,
                )
            )
        with self._db.tx():
            self._people.put(records, self._clock().at.date(), self._keep_days)
        return tuple(sealed)

    def drop(self, pages: Sequence[SealedPage]) -> None:
        """Delete contents that will not count, after a file was cancelled or refused."""
        with self._db.tx():
            self._forget(page.page for page in pages)

    def _forget(self, pages: Iterable[str]) -> None:
        names = (subject(page) for page in pages for subject in (page_subject, dots_subject))
        self._people.drop(names)

    def take(
        self, file: str, name: str, shop: ShopKey, kind: str, pages: Sequence[SealedPage]
    ) -> tuple[PageTaken, ...]:
        """Bind every page to its order, in one transaction; durable on return.

        Args:
            file: Digest of the file, hex.
            name: File name without its folder.
            shop: Whose orders the labels are for.
            kind: ``pdf``, ``png``, ``zpl`` or ``component``.
            pages: As sealed, in the order of the file.

        Raises:
            StoreError: ``labels.taken_already``; nothing of it counts.
        """
        if self._station.arrivals is not None:
            self._station.arrivals([code for page in pages for code in page.codes])
        self.refuse_known(file, name)
        with self._recorder.tx():
            taken = self._bound(shop, pages)
            fact = LabelFileTaken(file, name, shop, kind, taken)
            self._recorder.write((fact,), self._clock())
        return taken

    def _bound(self, shop: ShopKey, pages: Sequence[SealedPage]) -> tuple[PageTaken, ...]:
        rules, taken = self._station.rules, []
        numbers, orders = self._waiting(shop), set[OrderKey]()
        for page in pages:
            if page.blank:
                found = Binding(PageState.UNREADABLE, why="blank")
            else:
                found = binding_of(self._db, rules, shop, page.codes)
            if found.number in numbers or found.order in orders:
                found = replace(found, state=PageState.DUPLICATE, order=None)
            if found.number is not None and found.state is not PageState.DUPLICATE:
                numbers.add(found.number)
            if found.order is not None:
                orders.add(found.order)
            taken.append(
                PageTaken(
                    page=page.page,
                    number=page.number,
                    state=found.state,
                    codes=page.codes,
                    tracking_number=found.number,
                    carrier=found.carrier,
                    order=found.order,
                    width_mm=page.width_mm,
                    height_mm=page.height_mm,
                    mark=page.mark,
                    why=found.why,
                    ink=page.ink,
                )
            )
        return tuple(taken)

    def _waiting(self, shop: ShopKey) -> set[TrackingNumber]:
        """Return numbers of the shop's pages that still wait for their orders."""
        rows = self._db.rows(
            "SELECT p.tracking_number FROM label_pages AS p JOIN label_files AS f"
            " ON f.file = p.file WHERE p.state = 'unmatched' AND f.shop = ?"
            " AND p.tracking_number IS NOT NULL",
            (shop,),
        )
        return {TrackingNumber(number) for (number,) in rows}

    def rebind(self) -> int:
        """Give pages without an order to orders that came since; return how many found theirs.

        Call it again until it returns 0: it stops after some, so that a scan may go between.
        """
        rules, bound = self._station.rules, 0
        candidates = self._db.rows(_WAITING, (REBOUND_AT_ONCE,))
        if not candidates:
            return 0
        with self._recorder.tx():
            for page, shop, texts in candidates:
                codes = tuple(json.loads(texts))
                found = binding_of(self._db, rules, ShopKey(shop), codes)
                if found.order is None or found.number is None or found.carrier is None:
                    continue
                fact = PageBound(page, found.order, found.number, found.carrier)
                self._recorder.write((fact,), self._clock())
                bound += 1
        return bound

    def keep_drawn(self, pages: Sequence[tuple[str, bytes, str]]) -> None:
        """Keep pages as drawn for a paper, as long as their contents are kept.

        Args:
            pages: Id of each page, its dots, and their key as ``PageContent.dots_key``.
        """
        with self._db.tx():
            self._people.drop(dots_subject(page) for page, _, _ in pages)
            for page, dots, key in pages:
                drawn = key.encode() + b"\n" + dots
                self._people.put_beside(dots_subject(page), drawn, page_subject(page))

    def fit(self, file: str) -> None:
        """Note that a person agreed to a file's pages being made smaller for the paper.

        Said twice it is noted once.

        Raises:
            StoreError: ``labels.no_such_file``.
        """
        if self.known(file) is None:
            raise _no_such_file(file)
        row = self._db.row("SELECT fitted FROM label_files WHERE file = ?", (file,))
        if row is not None and not row[0]:
            with self._recorder.tx():
                self._recorder.write((LabelFileFitted(file),), self._clock())

    def remove(self, file: str) -> None:
        """Take a file back with all its pages.

        Raises:
            StoreError: ``labels.no_such_file``, or ``labels.printed`` once a page was used.
        """
        known = self.known(file)
        if known is None:
            raise _no_such_file(file)
        used = self._db.row(
            "SELECT count(*) FROM print_jobs WHERE outcome NOT IN ('FAILED', 'CANCELLED')"
            " AND page IN (SELECT page FROM label_pages WHERE file = ?)",
            (file,),
        )
        if used is not None and used[0]:
            raise StoreError(
                "labels.printed",
                f"{known.name} cannot be removed: {used[0]} of its labels were printed.",
                fix="Leave it; pages that nobody prints do no harm.",
                file=known.name,
                printed=used[0],
            )
        rows = self._db.rows("SELECT page FROM label_pages WHERE file = ?", (file,))
        with self._recorder.tx():
            self._recorder.write((LabelFileRemoved(file),), self._clock())
            self._forget([page for (page,) in rows])
        # Another file may have the same labels: now they count.
        while self.rebind():
            pass


def _no_such_file(file: str) -> StoreError:
    return StoreError(
        "labels.no_such_file",
        f"No label file is {file}, or several are.",
        fix="List the label files, and give the digest of one.",
        file=file,
    )
