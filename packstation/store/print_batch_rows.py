"""Print batches in tables; their labels are jobs as any other, with the batch's id."""

from __future__ import annotations

import json
from typing import assert_never

from packstation.core.paper_facts import BatchEnded, BatchResumed, BatchStarted, BatchStopped
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.journal import Entry

BatchFact = BatchStarted | BatchStopped | BatchResumed | BatchEnded
"""Every fact that is folded in here."""


def apply(db: Database, entry: Entry, fact: BatchFact) -> None:
    """Fold one fact into the tables.

    Raises:
        StoreError: ``store.conflict``: the batch is not where the fact takes it from.
    """
    match fact:
        case BatchStarted():
            _started(db, entry, fact)
        case BatchStopped():
            done = db.run(
                "UPDATE print_batches SET state = 'stopped', stopped_job = ?, why = ?"
                " WHERE batch = ? AND state = 'running'",
                (fact.job, fact.why, fact.batch),
            )
            _moved(done, fact.batch, "stopped")
        case BatchResumed():
            done = db.run(
                "UPDATE print_batches SET state = 'running', stopped_job = '', why = ''"
                " WHERE batch = ? AND state = 'stopped'",
                (fact.batch,),
            )
            _moved(done, fact.batch, "resumed")
        case BatchEnded():
            done = db.run(
                "UPDATE print_batches SET state = ?, ended_us = ?"
                " WHERE batch = ? AND state IN ('running', 'stopped')",
                (fact.state.value, entry.utc_us, fact.batch),
            )
            _moved(done, fact.batch, "ended")
        case _:
            assert_never(fact)


def _started(db: Database, entry: Entry, fact: BatchStarted) -> None:
    refused = [[order, reason.value] for order, reason in fact.refused]
    db.run(
        "INSERT INTO print_batches (batch, shop, printer, state, size, refused, operator,"
        " started_us) VALUES (?, ?, ?, 'running', ?, ?, ?, ?)",
        (
            fact.batch,
            fact.shop,
            fact.printer,
            len(fact.orders),
            json.dumps(refused, separators=(",", ":")),
            entry.operator,
            entry.utc_us,
        ),
    )


def _moved(rows: int, batch: str, how: str) -> None:
    if rows != 1:
        raise StoreError(
            "store.conflict", f"Print batch {batch} cannot be {how} from where it is.", batch=batch
        )
