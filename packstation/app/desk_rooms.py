"""The rooms that the window's desk works in, and the way of its answers back to the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from packstation.errors import PackStationError
from packstation.runtime.rooms import Room
from packstation.ui.backend import Reply

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.opening import OpenStore

log = logging.getLogger(__name__)

T = TypeVar("T")


class DeskRooms:
    """What every part of the desk stands on."""

    def __init__(self, house: House, deliver: Callable[[Callable[[], None]], None]) -> None:
        """Open the desk's own reading connection.

        Args:
            house: Started.
            deliver: Runs a job on the GUI thread soon, from any thread.
        """
        from packstation.store.opening import open_reader

        self._house = house
        self._deliver = deliver
        self._room = Room("desk")
        self._imports = Room("import")
        try:
            self._reader: OpenStore = self._room.call(
                lambda: open_reader(house.data, house.rules), timeout_s=30.0
            )
        except BaseException:
            self._room.close()
            self._imports.close()
            raise

    def close(self) -> None:
        """End the rooms, after what they were asked so far."""
        self._imports.close()
        self._room.submit(self._reader.close)
        self._room.close()

    def _ask(self, question: Callable[[OpenStore], T], reply: Reply[T]) -> None:
        self._do(self._room, lambda: question(self._reader), reply)

    def _do(self, room: Room, job: Callable[[], T], reply: Reply[T]) -> None:
        def run() -> None:
            answer: T | PackStationError
            try:
                answer = job()
            except PackStationError as error:
                answer = error
            except Exception as error:  # a worker's door: the page is told, the room goes on
                log.exception("a question of the window failed")
                answer = PackStationError(
                    "app.unexpected",
                    f"That did not work ({type(error).__name__}).",
                    fix="Try again; the log has more.",
                )
            told = answer
            self._deliver(lambda: reply(told))

        room.submit(run)
