"""The desk's answers about print batches; satisfies that part of ``ui.backend_printing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from packstation.app import print_batches
from packstation.app.desk_rooms import DeskRooms
from packstation.core.orders import OrderKey
from packstation.core.print_batches import Batch, BatchJob
from packstation.core.status import Reason
from packstation.ui.backend import Reply
from packstation.ui.backend_printing import BatchJobRow, BatchOffer, BatchRow

if TYPE_CHECKING:
    from packstation.store.opening import OpenStore


class BatchDesk(DeskRooms):
    """Labels printed ahead, for the window."""

    def offer_batch(self, orders: Sequence[OrderKey], reply: Reply[BatchOffer]) -> None:
        """Say what printing the labels of these orders together would be."""
        house, chosen = self._house, tuple(orders)

        def work() -> BatchOffer:
            found = print_batches.offer(house, chosen)
            names = (house.settings.printer(key).name or key for key in found.printers)
            return BatchOffer(
                orders=found.orders,
                limit=found.limit,
                ready=len(found.ready),
                refused=_refused(found.refused),
                roll_left=found.roll_left,
                printer=", ".join(names),
                printed_before=found.printed_before,
            )

        self._do(self._room, work, reply)

    def start_batch(
        self, orders: Sequence[OrderKey], badge: str, reply: Reply[tuple[str, ...]]
    ) -> None:
        """Print labels ahead, in batches of the platform's limit; answers the batches' ids."""
        house, chosen = self._house, tuple(orders)
        self._do(self._room, lambda: print_batches.start(house, chosen, badge).batches, reply)

    def batches(self, limit: int, reply: Reply[tuple[BatchRow, ...]]) -> None:
        """List batches with their labels, newest first."""

        def read(store: OpenStore) -> tuple[BatchRow, ...]:
            from packstation.store.print_batch_reads import batches

            return tuple(row_of(one) for one in batches(store.db, limit))

        self._ask(read, reply)

    def stop_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        """Stop after the label that is being printed."""
        house = self._house
        self._do(self._room, lambda: print_batches.stop(house, batch, badge), reply)

    def resume_batch(
        self, batch: str, last_good: str, reply: Reply[BatchRow], badge: str = ""
    ) -> None:
        """Go on after the last good label; an empty text = none came out."""
        house = self._house
        self._do(
            self._room,
            lambda: row_of(print_batches.resume(house, batch, last_good, badge)),
            reply,
        )

    def cancel_batch(self, batch: str, reply: Reply[None], badge: str = "") -> None:
        """Print no more of it; what is printed stays."""
        house = self._house
        self._do(self._room, lambda: print_batches.cancel(house, batch, badge), reply)


def row_of(batch: Batch) -> BatchRow:
    """Return a batch as the window shows it."""
    return BatchRow(
        batch=batch.batch,
        shop=batch.shop,
        printer=batch.printer,
        state=batch.state,
        why=batch.why,
        started_at=batch.started_at,
        jobs=tuple(_job_row(one) for one in batch.jobs),
        refused=_refused(batch.refused),
    )


def _job_row(job: BatchJob) -> BatchJobRow:
    return BatchJobRow(
        job=job.job,
        order=job.order,
        order_id=job.order.partition("/")[2],
        tracking_number=job.tracking_number,
        copy=job.copy,
        outcome=job.outcome,
        detail=job.detail,
        spoiled=job.spoiled,
    )


def _refused(found: Sequence[tuple[OrderKey, Reason]]) -> tuple[tuple[str, Reason], ...]:
    return tuple((key.partition("/")[2], why) for key, why in found)
