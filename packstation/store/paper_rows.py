"""Label files, print batches, rolls and proofs in tables: each fact to the rows that it changes."""

from __future__ import annotations

from typing import assert_never

from packstation.core import paper_facts as paper
from packstation.store import label_page_rows, print_batch_rows, print_job_rows
from packstation.store.database import Database
from packstation.store.journal import Entry


def apply(db: Database, entry: Entry, fact: paper.AnyPaperFact) -> None:
    """Fold one fact into the tables.

    Raises:
        StoreError: ``store.conflict``: it contradicts what is there.
    """
    match fact:
        case (
            paper.LabelFileTaken()
            | paper.PageBound()
            | paper.LabelFileRemoved()
            | paper.LabelFileFitted()
        ):
            label_page_rows.apply(db, entry, fact)
        case (
            paper.BatchStarted() | paper.BatchStopped() | paper.BatchResumed() | paper.BatchEnded()
        ):
            print_batch_rows.apply(db, entry, fact)
        case paper.PaperStalled():
            print_job_rows.stalled(db, fact)
        case paper.LabelSpoiled():
            print_job_rows.spoiled(db, entry, fact)
        case paper.RollLoaded():
            print_job_rows.roll_loaded(db, entry, fact)
        case paper.PrinterProved():
            print_job_rows.proved(db, entry, fact)
        case paper.HandoverPlaced():
            db.run(
                "INSERT INTO handover_places VALUES (?, ?)"
                " ON CONFLICT (manifest) DO UPDATE SET place = excluded.place",
                (fact.manifest, fact.place),
            )
        case _:
            assert_never(fact)
