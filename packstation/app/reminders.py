"""Pop-ups that remind of urge tasks: when a task comes, when its time gets short, when it is over.

Stop sounds and verdicts never come here; they are not counted and never left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from packstation.core.urge_tasks import UrgeTask
from packstation.ui.backend_board import Reminder

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.opening import OpenStore

SHORT = timedelta(hours=4)
"""A task with less time left is told once more."""


def stage_of(task: UrgeTask, now: datetime) -> str:
    """Return how pressing a task is: ``open``, ``short`` or ``late``."""
    if task.late(now):
        return "late"
    return "short" if task.due_at - now <= SHORT else "open"


def next_one(
    house: House, reader: OpenStore, told: set[tuple[str, str]], now: datetime
) -> Reminder | None:
    """Return what to remind of now, counted as shown; None where there is nothing new.

    What was new and over the day's share is not told later: the board shows it all the time.

    Args:
        house: Open to change things; its stamp says whose day it is.
        reader: Beside the station.
        told: Tasks with their stage that were told since the start; new ones are added.
        now: Aware.
    """
    from packstation.app.order_exports import zone_of_house
    from packstation.store.urge_reads import open_tasks, remind

    tasks = [task for task in open_tasks(reader.db) if task.exempt is None]
    new = [task for task in tasks if (task.task, stage_of(task, now)) not in told]
    if not new:
        return None
    told.update((task.task, stage_of(task, now)) for task in new)
    store = house.store
    day = now.astimezone(zone_of_house(house.settings)).date()
    most = house.settings.reminders_per_day
    if not house.call(lambda: remind(store.db, store.clock().operator or "", day, most)):
        return None
    first = min(new, key=lambda task: task.due_at)
    return Reminder(len(new), first.order, first.due_at)
