"""What the board shows and does, answered at once; whoever calls knows in which room.

Reading functions take the database of a reader; writing ones belong into the store's room.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import scores, urges
from packstation.app.scores import Asked
from packstation.core.deadline_rules import Deadline, Step
from packstation.core.deadline_steps import explain
from packstation.core.deadlines import DeadlineBook
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.scorecard import Scorecard
from packstation.core.status import UrgeState
from packstation.core.urge_tasks import UrgeCause
from packstation.i18n import Translator, _
from packstation.ui.backend_board import BandDrop, BoardView, DueHour, ScoreRow, UrgeRow

if TYPE_CHECKING:
    from packstation.settings import Settings
    from packstation.store.database import Database
    from packstation.store.opening import OpenStore

_HOUR_US = 3_600_000_000
_HOURS = 24
_NOT_TAKEN: dict[str, str] = {
    "unknown_order": _("Row {row}: there is no order {order}."),
    "missing_id": _("Row {row}: the order number is missing."),
    "damaged_id": _("Row {row}: the order number was damaged by a spreadsheet."),
    "bad_time": _("Row {row}: the time is not readable."),
    "unknown_status": _("Row {row}: the status is not known."),
}


def board_view(
    db: Database,
    settings: Settings,
    now: datetime,
    *,
    by: str = "shop",
    pickup: time | None = None,
    daily: bool = False,
) -> BoardView:
    """Read everything that the board shows at one time.

    Args:
        db: The store, beside the station.
        settings: The house's.
        now: Aware.
        by: ``shop``, ``carrier`` or ``day``.
        pickup: Time of day of the next pick-up on the shop's clock.
        daily: The score ends at the last noon, as the platform counts.
    """
    from packstation.core.order_query import Moment
    from packstation.store.order_list import board
    from packstation.store.window_reads import work_counts

    zone = settings.shop(next(iter(settings.shops), ShopKey("main"))).zone
    local = now.astimezone(zone)
    asked = Asked(day=scores.last_day(settings, Asked(), now) if daily else None)
    rows = [("", scores.score(db, settings, asked, now))]
    rows += scores.scores_by(db, settings, asked, now, by)
    taken_at = scores.next_time(settings, asked, pickup, now) if pickup else None
    ahead = scores.outlook(db, settings, asked, now, taken_at)
    return BoardView(
        counts=work_counts(db, Moment(local)),
        hours=_due_hours(db, local),
        scores=tuple(_score_row(label, card) for label, card in rows),
        drops=tuple(
            BandDrop(one.until_h, one.at.astimezone(zone), one.orders, one.saved)
            for one in ahead.leaving
        ),
        pickup=taken_at,
        score_ends=scores.window_of(settings, asked, now).end if daily else None,
        last_import=board(db).last_import_at,
    )


def _score_row(label: str, card: Scorecard) -> ScoreRow:
    first, second, third = (*card.bands, 0, 0, 0)[:3]
    return ScoreRow(
        label, card.score, first, second, third, card.late, card.unknown, card.estimates
    )


def _due_hours(db: Database, local: datetime) -> tuple[DueHour, ...]:
    from packstation.store.journal import at_of, utc_us

    start = utc_us(local)
    rows = db.rows(
        "SELECT due_us / ?1, count(*) FROM order_index INDEXED BY order_index_owed"
        " WHERE owed = 1 AND due_us >= ?2 AND due_us < ?3 GROUP BY 1 ORDER BY 1",
        (_HOUR_US, start, start + _HOURS * _HOUR_US),
    )
    return tuple(
        DueHour(at_of(hour * _HOUR_US).astimezone(local.tzinfo), orders) for hour, orders in rows
    )


def deadlines(
    db: Database, book: DeadlineBook, key: OrderKey, paid_at: datetime | None = None
) -> tuple[Deadline, ...]:
    """Return an order's clocks, as if it had been paid at another time where one is given."""
    from packstation.store.order_rows import read_order
    from packstation.store.score_reads import progress_of

    order = read_order(db, key)
    if order is None:
        return ()
    return book.what_if(order, progress_of(db, key), paid_at=paid_at)


def deadline_steps(book: DeadlineBook, deadline: Deadline) -> tuple[Step, ...]:
    """Return how a deadline came about."""
    return explain(book, deadline)


def urge_rows(db: Database, book: DeadlineBook, now: datetime) -> tuple[UrgeRow, ...]:
    """Return the tasks that count and are open, the most pressing first, then the exempt ones."""
    from packstation.store.urge_reads import exempt_tasks, open_tasks

    return tuple(
        UrgeRow(
            task.task,
            task.order,
            task.state,
            task.opened_at,
            task.due_at,
            task.exempt,
            urges.risk_of(book, task, now),
        )
        for task in (*open_tasks(db), *exempt_tasks(db))
        if task.exempt is None or task.due_at > now - timedelta(days=7)
    )


def urge(store: OpenStore, book: DeadlineBook, order: str, task: str, now: datetime) -> str:
    """Enter an urge for an order by its number; return ``task`` or ``flag``.

    Raises:
        StoreError: There is no such order, or several shops have one.
        PackStationError: A task of a platform that has no rule for it.
    """
    from packstation.store.order_life import named

    found = urges.enter(store, book, named(store.db, order), at=now, task=task or None)
    return "flag" if found.word == "flagged" else "task"


def move_urge(store: OpenStore, task: str, cause: str) -> None:
    """Tell what happened to a task; money ends one only once the complaint is finished.

    Raises:
        PackStationError: There is no such task, or the cause leads nowhere from its state.
    """
    from packstation.store.urge_reads import read_task

    told, found = UrgeCause(cause), read_task(store.db, task)
    stepped_in = found is not None and found.state is UrgeState.PLATFORM_STEPPED_IN
    if told is UrgeCause.REFUNDED and stepped_in:
        told = UrgeCause.REFUND_FINISHED
    urges.move(store, task, told)


def import_urges(
    store: OpenStore,
    book: DeadlineBook,
    settings: Settings,
    path: Path,
    shop: ShopKey,
    translator: Translator,
) -> tuple[int, Sequence[str]]:
    """Take a list of tasks; return how many rows were taken, and a sentence for each other one.

    The file is read in the limited child, so this takes seconds: not the store's room in a shift.
    Use ``urges.read_list`` and ``urges.take_list`` one after the other where that matters.

    Raises:
        ImportFileError: The file is refused as a whole.
        PackStationError: A column is missing.
    """
    found = urges.take_list(store, book, shop, urges.read_list(path, settings, shop))
    return refusals(found, translator)


def refusals(
    found: Sequence[urges.UrgeOutcome], translator: Translator
) -> tuple[int, Sequence[str]]:
    """Return how many rows of a list were taken, and a sentence for each other one."""
    sentences = [
        translator.text(_NOT_TAKEN[one.word], row=one.row, order=one.order.partition("/")[2])
        for one in found
        if one.word in _NOT_TAKEN
    ]
    return len(found) - len(sentences), sentences
