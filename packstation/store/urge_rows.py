"""Urge tasks in tables: every move checked, and closed by what happens at the bench."""

from __future__ import annotations

from packstation.core import urge_facts
from packstation.core.orders import OrderKey
from packstation.core.status import ParcelState, StatusKind, UrgeState
from packstation.core.urge_tasks import UrgeCause, may_move, target_of
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry, utc_us
from packstation.store.status_events import StatusEvent, status_of

_LEFT = (ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER)


def apply(db: Database, entry: Entry, fact: urge_facts.AnyUrgeFact) -> tuple[StatusEvent, ...]:
    """Fold one fact into the tables; return the status events it means.

    Raises:
        StoreError: ``store.illegal_move`` for a move that the states do not allow.
    """
    match fact:
        case urge_facts.OrderUrged():
            db.run(
                "INSERT INTO urged_orders VALUES (?1, ?2, NULL) ON CONFLICT (order_key)"
                " DO UPDATE SET at_us = min(at_us, ?2), done_us = NULL",
                (fact.order, utc_us(fact.at)),
            )
        case urge_facts.UrgeTaskOpened():
            db.run(
                "INSERT INTO urge_tasks VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)",
                (
                    fact.task,
                    fact.order,
                    UrgeState.AWAITING_SELLER_REPLY.value,
                    utc_us(fact.at),
                    utc_us(fact.due_at),
                    fact.rule,
                    fact.exempt,
                    entry.utc_us,
                ),
            )
        case urge_facts.UrgeTaskMoved():
            return _moved(db, entry, fact)
    return ()


def _moved(db: Database, entry: Entry, fact: urge_facts.UrgeTaskMoved) -> tuple[StatusEvent, ...]:
    row = db.row("SELECT state, order_key FROM urge_tasks WHERE task = ?", (fact.task,))
    state = UrgeState(row[0]) if row else None
    if row is None or state is None or not may_move(state, fact.state, UrgeCause(fact.cause)):
        raise StoreError(
            "store.illegal_move",
            f"Urge task {fact.task} is {state or 'unknown'} and cannot become {fact.state}.",
            fix="Nothing was written; look at the task again.",
            order=fact.task,
            state=state.value if state else "",
            target=fact.state.value,
        )
    return _set(db, entry, fact.task, OrderKey(row[1]), fact.state, UrgeCause(fact.cause))


def _set(
    db: Database, entry: Entry, task: str, order: OrderKey, state: UrgeState, cause: UrgeCause
) -> tuple[StatusEvent, ...]:
    db.run(
        "UPDATE urge_tasks SET state = ?, cause = ?, changed_us = ? WHERE task = ?",
        (state.value, cause.value, entry.utc_us, task),
    )
    if state is not UrgeState.CLOSED:
        return ()
    return (status_of(db, StatusKind.URGE_CLOSED, order, task=task, cause=cause.value),)


def sealed(db: Database, entry: Entry, order: OrderKey) -> tuple[StatusEvent, ...]:
    """Close the tasks of what is inside a parcel that was sealed: the shop is told so.

    A split order is shipped with its last part.
    """
    events: list[StatusEvent] = []
    for inside in _inside(db, order):
        db.run(
            "UPDATE urged_orders SET done_us = ? WHERE order_key = ? AND done_us IS NULL",
            (entry.utc_us, inside),
        )
        for task, state in db.rows(
            "SELECT task, state FROM urge_tasks WHERE order_key = ? AND state <> 'closed'"
            " ORDER BY task",
            (inside,),
        ):
            target = target_of(UrgeState(state), UrgeCause.SHIPPED)
            assert target is not None, "shipping ends a task in every state"
            events += _set(db, entry, task, inside, target, UrgeCause.SHIPPED)
    return tuple(events)


def not_travelling(db: Database, entry: Entry, order: OrderKey) -> None:
    """Take up again the tasks that a parcel had closed: its label is void, it never left."""
    for inside in (order, *_members(db, order)):
        db.run(
            "UPDATE urged_orders SET done_us = NULL WHERE order_key = ? AND done_us IS NOT NULL",
            (inside,),
        )
        db.run(
            "UPDATE urge_tasks SET state = ?, cause = ?, changed_us = ?"
            " WHERE order_key = ? AND state = 'closed' AND cause = 'shipped'",
            (
                UrgeState.AWAITING_SELLER_ACTION.value,
                UrgeCause.PARCEL_VOIDED.value,
                entry.utc_us,
                inside,
            ),
        )


def _members(db: Database, order: OrderKey) -> list[OrderKey]:
    rows = db.rows(
        "SELECT member FROM shipment_members WHERE shipment = ? ORDER BY position", (order,)
    )
    return [OrderKey(member) for (member,) in rows]


def _inside(db: Database, order: OrderKey) -> list[OrderKey]:
    """Return the orders that are wholly on their way once this parcel is sealed."""
    row = db.row("SELECT part FROM orders WHERE order_key = ?", (order,))
    members = _members(db, order)
    if row is None or row[0] is None:
        return [order, *members]
    whole = [
        parent
        for parent in members
        if all(
            state in _LEFT
            for (state,) in db.rows(
                "SELECT coalesce(p.state, '') FROM shipment_members AS m"
                " JOIN orders AS o ON o.order_key = m.shipment AND o.part IS NOT NULL"
                " LEFT JOIN parcels AS p ON p.order_key = m.shipment WHERE m.member = ?",
                (parent,),
            )
        )
    ]
    return [order, *whole]
