"""What is asked of urge tasks: which are due first, which orders are urged, who was reminded."""

from __future__ import annotations

from datetime import date
from typing import Any

from packstation.core.orders import OrderKey
from packstation.core.status import UrgeState
from packstation.core.urge_tasks import ReminderBudget, UrgeTask
from packstation.store.database import Database
from packstation.store.journal import at_of

_SELECT = "SELECT task, order_key, state, opened_us, due_us, rule, exempt, cause FROM urge_tasks"
OPEN = "state <> 'closed' AND exempt IS NULL"
"""Tasks that count, in SQL."""
URGED_KEYS = (
    f"SELECT order_key FROM urge_tasks INDEXED BY urge_tasks_open WHERE {OPEN}"
    " UNION SELECT order_key FROM urged_orders WHERE done_us IS NULL"
)
"""Keys of the orders that somebody urges, in SQL; beside the file's own word in ``orders``."""


def open_tasks(db: Database, limit: int = 500) -> list[UrgeTask]:
    """Return the tasks that count and are not finished, the first due first."""
    sql = f"{_SELECT} INDEXED BY urge_tasks_open WHERE {OPEN} ORDER BY due_us, task LIMIT ?"
    return [_task(*row) for row in db.rows(sql, (limit,))]


def open_count(db: Database) -> int:
    """Return how many tasks count and are not finished."""
    row = db.row(f"SELECT count(*) FROM urge_tasks INDEXED BY urge_tasks_open WHERE {OPEN}")
    return int(row[0]) if row else 0


def exempt_tasks(db: Database, limit: int = 500) -> list[UrgeTask]:
    """Return the tasks that do not count, newest first."""
    sql = f"{_SELECT} WHERE exempt IS NOT NULL ORDER BY opened_us DESC LIMIT ?"
    return [_task(*row) for row in db.rows(sql, (limit,))]


def tasks_of(db: Database, order: OrderKey) -> list[UrgeTask]:
    """Return every task of an order, oldest first."""
    sql = f"{_SELECT} WHERE order_key = ? ORDER BY opened_us, task"
    return [_task(*row) for row in db.rows(sql, (order,))]


def read_task(db: Database, task: str) -> UrgeTask | None:
    """Return a task by its number."""
    row = db.row(f"{_SELECT} WHERE task = ?", (task,))
    return _task(*row) if row else None


_SETTLED = f"""SELECT * FROM (
    SELECT t.task, t.order_key, t.state, t.opened_us, t.due_us, t.rule, t.exempt, t.cause,
        CASE WHEN o.why_not IN ('refunded', 'cancelled', 'shipped') THEN o.why_not
             WHEN p.state IN ('SEALED', 'BAGGED', 'HANDED_OVER')
                AND coalesce(t.cause, '') <> 'parcel_voided' THEN 'shipped' END AS word
    FROM urge_tasks AS t INDEXED BY urge_tasks_open JOIN orders AS o ON o.order_key = t.order_key
        LEFT JOIN parcels AS p ON p.order_key = coalesce(o.merged_into, o.order_key)
    WHERE t.{OPEN.replace("AND ", "AND t.")} ORDER BY t.due_us, t.task) WHERE word IS NOT NULL"""


def settled_elsewhere(db: Database) -> list[tuple[UrgeTask, str]]:
    """Return open tasks whose order is shipped, refunded or cancelled already, with that word."""
    return [(_task(*row[:8]), row[8]) for row in db.rows(_SETTLED)]


def urged_orders(db: Database) -> frozenset[OrderKey]:
    """Return the orders that somebody urges, by a task or before the deadline."""
    return frozenset(OrderKey(key) for (key,) in db.rows(URGED_KEYS))


def budget(db: Database, operator: str, day: date, cap: int) -> ReminderBudget:
    """Return how many pop-ups a person may still get on a day of the station's own zone."""
    row = db.row(
        "SELECT shown FROM reminders WHERE operator = ? AND day = ?", (operator, day.isoformat())
    )
    return ReminderBudget(cap, row[0] if row else 0)


def remind(db: Database, operator: str, day: date, cap: int) -> bool:
    """Count one pop-up, durable on return; False where it must not be shown.

    Older days are forgotten. Stop sounds never ask here.
    """
    with db.tx():
        after = budget(db, operator, day, cap).spend()
        if after is None:
            return False
        db.run("DELETE FROM reminders WHERE day < ?", (day.isoformat(),))
        db.run(
            "INSERT INTO reminders VALUES (?1, ?2, ?3)"
            " ON CONFLICT (operator, day) DO UPDATE SET shown = ?3",
            (operator, day.isoformat(), after.shown),
        )
    return True


def _task(
    task: str, order: str, state: str, opened_us: int, due_us: int, rule: str, *rest: Any
) -> UrgeTask:
    exempt, cause = rest
    return UrgeTask(
        task=task,
        order=OrderKey(order),
        state=UrgeState(state),
        opened_at=at_of(opened_us),
        due_at=at_of(due_us),
        rule=rule,
        exempt=exempt,
        cause=cause,
    )
