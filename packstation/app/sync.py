"""The sender of status events, built for a house."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.runtime.outbox_sender import OutboxSender, RoomOutbox, SendReport
from packstation.runtime.receiver_client import HttpReceiver
from packstation.runtime.signing import secret_from_environment

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.opening import OpenStore


def sender_for(
    house: House, url: str, *, told: Callable[[SendReport], None] | None = None
) -> OutboxSender:
    """Return a sender to an address; nothing is sent yet.

    Raises:
        SyncError: The address is not https, nor http to this machine.
    """
    receiver = HttpReceiver(
        url,
        source=f"packstation/{house.settings.station_number:02d}",
        secret=secret_from_environment(),
    )
    return OutboxSender(RoomOutbox(house.store.outbox, house.store_room), receiver, told=told)


def send_once(house: House, url: str) -> SendReport:
    """Send what waits, also for its next try, then return."""
    house.call(house.store.outbox.resume_all)
    return sender_for(house, url).send_waiting()


def send_until_stopped(house: House, url: str) -> SendReport:
    """Send until the process is told to stop (Ctrl-C or a polite end)."""
    house.call(house.store.outbox.resume_all)
    stop, total = threading.Event(), [SendReport()]

    def told(report: SendReport) -> None:
        total[0] = SendReport(
            claimed=total[0].claimed + report.claimed,
            delivered=total[0].delivered + report.delivered,
            postponed=total[0].postponed + report.postponed,
            parked=total[0].parked + report.parked,
            paused=report.paused,
            error=report.error,
        )

    sender = sender_for(house, url, told=told)

    def end(number: int, frame: object) -> None:
        stop.set()
        sender.nudge()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    thread = threading.Thread(target=sender.run, args=(stop,), name="outbox_sender")
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
    return total[0]


def retry_all(store: OpenStore) -> int:
    """Let every parked order's events be sent again; return how many orders."""
    parked = store.outbox.parked(limit=1_000_000)
    for one in parked:
        store.outbox.retry_parked(one.subject, datetime.now(UTC))
    return len(parked)


class BackgroundSender:
    """A sender in its own thread, beside the window."""

    def __init__(self, house: House, url: str, told: Callable[[SendReport], None]) -> None:
        """Start the thread."""
        self.sender = sender_for(house, url, told=told)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self.sender.run, args=(self._stop,), name="outbox_sender", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread; a request under way is given its time limit."""
        self._stop.set()
        self.sender.nudge()
        self._thread.join(15.0)
