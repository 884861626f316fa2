"""The sender of status events, built for a house."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.runtime.outbox_sender import OutboxSender, RoomOutbox, SendReport
from packstation.runtime.receiver_client import HttpReceiver, Receiver
from packstation.runtime.signing import secret_from_environment

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.opening import OpenStore


log = logging.getLogger(__name__)

END_S = 1.0
"""How long closing waits for the sender: its request is cut, only a connect may take longer."""


def receiver_for(house: House, url: str) -> HttpReceiver:
    """Return the receiver at an address; nothing is sent yet.

    Raises:
        SyncError: The address is not https, nor http to this machine; the secret is none.
    """
    return HttpReceiver(
        url,
        source=f"packstation/{house.settings.station_number:02d}",
        secret=secret_from_environment(),
    )


def sender_for(
    house: House, receiver: Receiver, *, told: Callable[[SendReport], None] | None = None
) -> OutboxSender:
    """Return a sender of what waits in a house; nothing is sent yet."""
    return OutboxSender(RoomOutbox(house.store.outbox, house.store_room), receiver, told=told)


def send_once(house: House, url: str) -> SendReport:
    """Send what waits, also for its next try, then return.

    A person asks, so a pause because of a refused log-on is lifted; refused again, it is back.
    """
    with closing(receiver_for(house, url)) as receiver:
        house.call(house.store.outbox.resume_all)
        return sender_for(house, receiver).send_waiting()


def send_until_stopped(house: House, url: str) -> SendReport:
    """Send until the process is told to stop (Ctrl-C or a polite end)."""
    receiver = receiver_for(house, url)
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

    sender = sender_for(house, receiver, told=told)

    def end(number: int, frame: object) -> None:
        stop.set()
        sender.nudge()
        receiver.abort()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    thread = threading.Thread(target=sender.run, args=(stop,), name="outbox_sender")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        receiver.close()
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
        self._receiver = receiver_for(house, url)
        self.sender = sender_for(house, self._receiver, told=told)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self.sender.run, args=(self._stop,), name="outbox_sender", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread within about a second, however long the receiver would hang.

        A request that is cut off was perhaps delivered; its events are sent again, with the same
        ids, at the next start.
        """
        self._stop.set()
        self.sender.nudge()
        self._receiver.abort()
        self._thread.join(END_S)
        if self._thread.is_alive():
            log.warning("the sender is still connecting and ends by itself")
            return
        self._receiver.close()
