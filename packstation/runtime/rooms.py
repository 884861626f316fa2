"""Rooms: one named thread per device, asserted; jobs run one at a time, in order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

Job = Callable[[], None]
"""What a room runs; its result goes back as an event."""


class Room:
    """A named thread that owns one device and runs its jobs in the order they came."""

    def __init__(self, name: str) -> None:
        """Start the thread.

        Args:
            name: Thread name, for example ``store``.
        """
        self.name = name
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._open = True
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> bool:
        """Queue a job; returns at once, from any thread. False when the room is closed."""
        with self._lock:
            if not self._open:
                return False
            self._jobs.put(job)
            return True

    def call(self, job: Callable[[], T], *, timeout_s: float) -> T:
        """Run a job in the room and wait for its result; never from the GUI thread.

        Raises:
            TimeoutError: The room did not come to it in time; the job may still run.
            Exception: Whatever the job raised.
        """
        assert threading.current_thread() is not self._thread, "a room cannot wait for itself"
        done = threading.Event()
        results: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(job())
            except BaseException as error:  # noqa: BLE001 - handed over to the caller
                errors.append(error)
            finally:
                done.set()

        if not self.submit(run) or not done.wait(timeout_s):
            raise TimeoutError(f"room {self.name} did not answer within {timeout_s} s")
        if errors:
            raise errors[0]
        return results[0]

    def close(self, *, timeout_s: float = 10.0) -> bool:
        """Finish the queued jobs and end the thread; True when it ended in time."""
        with self._lock:
            if self._open:
                self._open = False
                self._jobs.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def assert_here(self) -> None:
        """State that the caller runs in this room."""
        here = threading.current_thread()
        assert here is self._thread, f"{self.name} was touched from {here.name}"

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            try:
                job()
            except Exception:  # the door of every worker: a job must not end its room
                log.exception("job failed", extra={"room": self.name})
