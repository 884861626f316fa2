"""Urge tasks, urged orders, and how often somebody was reminded."""

from __future__ import annotations

from packstation.core.status import UrgeState

_STATES = ", ".join(f"'{state.value}'" for state in UrgeState)
_NOTE = "INSERT INTO order_index_due SELECT id FROM orders WHERE order_key = NEW.order_key"

URGES: tuple[str, ...] = (
    f"""CREATE TABLE urge_tasks (
        task TEXT PRIMARY KEY,
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        state TEXT NOT NULL CHECK (state IN ({_STATES})),
        opened_us INTEGER NOT NULL,
        due_us INTEGER NOT NULL,
        rule TEXT NOT NULL,
        exempt TEXT,
        cause TEXT,
        changed_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX urge_tasks_open ON urge_tasks (due_us, task, order_key)
        WHERE state <> 'closed' AND exempt IS NULL""",
    "CREATE INDEX urge_tasks_by_order ON urge_tasks (order_key)",
    # Urged before the deadline: no task, only this.
    """CREATE TABLE urged_orders (
        order_key TEXT PRIMARY KEY REFERENCES orders (order_key),
        at_us INTEGER NOT NULL,
        done_us INTEGER
    ) STRICT, WITHOUT ROWID""",
    # Whoever lists orders hears of it: ON CONFLICT, since OR IGNORE would give way to the caller's.
    *(
        f"""CREATE TRIGGER {table}_{verb.lower()} AFTER {verb} ON {table}
            BEGIN {_NOTE} ON CONFLICT DO NOTHING; END"""
        for table in ("urge_tasks", "urged_orders")
        for verb in ("INSERT", "UPDATE")
    ),
    # Of no importance to the journal: how many pop-ups a person has had on a day.
    """CREATE TABLE reminders (
        operator TEXT NOT NULL,
        day TEXT NOT NULL CHECK (length(day) = 10),
        shown INTEGER NOT NULL CHECK (shown > 0),
        PRIMARY KEY (operator, day)
    ) STRICT, WITHOUT ROWID""",
)
