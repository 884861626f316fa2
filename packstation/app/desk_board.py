"""The desk's answers to the board: what is due, the score of collection, urge tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import reminders
from packstation.app.desk_rooms import DeskRooms
from packstation.core.deadline_rules import Deadline, Step
from packstation.core.orders import OrderKey, ShopKey
from packstation.i18n import Translator
from packstation.ui.backend import Reply
from packstation.ui.backend_board import BoardView, Reminder, UrgeRow

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.deadlines import DeadlineBook
    from packstation.store.opening import OpenStore


class BoardDesk(DeskRooms):
    """Satisfies ``ui.backend_board.BoardDesk``."""

    def __init__(self, house: House, deliver: Callable[[Callable[[], None]], None]) -> None:
        """See ``DeskRooms``."""
        super().__init__(house, deliver)
        self._reminded: set[tuple[str, str]] = set()

    def _book(self) -> DeadlineBook:
        from packstation.app.clocks import deadline_book

        return deadline_book(self._house.settings)

    def board_view(
        self, by: str, pickup: time | None, daily: bool, reply: Reply[BoardView]
    ) -> None:
        """Read everything at once."""
        settings = self._house.settings

        def read(store: OpenStore) -> BoardView:
            from packstation.app.board import board_view

            now = datetime.now(UTC)
            return board_view(store.db, settings, now, by=by, pickup=pickup, daily=daily)

        self._ask(read, reply)

    def deadlines(
        self, order: OrderKey, paid_at: datetime | None, reply: Reply[tuple[Deadline, ...]]
    ) -> None:
        """List an order's clocks."""

        def read(store: OpenStore) -> tuple[Deadline, ...]:
            from packstation.app.board import deadlines

            return deadlines(store.db, self._book(), order, paid_at)

        self._ask(read, reply)

    def deadline_steps(self, deadline: Deadline, reply: Reply[tuple[Step, ...]]) -> None:
        """Say how a deadline came about."""

        def read(_store: OpenStore) -> tuple[Step, ...]:
            from packstation.app.board import deadline_steps

            return deadline_steps(self._book(), deadline)

        self._ask(read, reply)

    def urge_tasks(self, reply: Reply[tuple[UrgeRow, ...]]) -> None:
        """List open urge tasks."""

        def read(store: OpenStore) -> tuple[UrgeRow, ...]:
            from packstation.app.board import urge_rows

            return urge_rows(store.db, self._book(), datetime.now(UTC))

        self._ask(read, reply)

    def urge(self, order: str, task: str, reply: Reply[str]) -> None:
        """Enter an urge for an order by its number."""
        house = self._house

        def work() -> str:
            from packstation.app.board import urge

            book = self._book()
            return house.call(lambda: urge(house.store, book, order, task, datetime.now(UTC)))

        self._do(self._room, work, reply)

    def move_urge(self, task: str, cause: str, reply: Reply[None]) -> None:
        """Tell what happened to a task."""
        house = self._house

        def work() -> None:
            from packstation.app.board import move_urge

            house.call(lambda: move_urge(house.store, task, cause))

        self._do(self._room, work, reply)

    def reminder(self, reply: Reply[Reminder | None]) -> None:
        """Look for tasks to be reminded of; counted in the store's room before it is shown."""
        house = self._house

        def work() -> Reminder | None:
            return reminders.next_one(house, self._reader, self._reminded, datetime.now(UTC))

        self._do(self._room, work, reply)

    def import_urges(
        self, path: Path, shop: ShopKey, reply: Reply[tuple[int, Sequence[str]]]
    ) -> None:
        """Take a list of tasks of a shop."""
        house = self._house

        def work() -> tuple[int, Sequence[str]]:
            from packstation.app import board, urges

            book, translator = self._book(), Translator(house.language)
            rows = urges.read_list(path, house.settings, shop)
            found = house.call(lambda: urges.take_list(house.store, book, shop, rows))
            return board.refusals(found, translator)

        self._do(self._imports, work, reply)
